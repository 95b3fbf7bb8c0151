"""Time stamps of an authority that the operator named (RFC 3161): when a clip was signed, by somebody else's clock.

c2pa asks an authority by itself, but waits for as long as it is silent, follows it elsewhere and reads whatever it
sends. So c2pa is given an address of this machine, and what it asks there is passed on within bounds of ours.
"""

import http.client
import os
import secrets
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from typing import Any, Final

PATIENCE: Final = 10.0  # seconds for a whole answer
_LONGEST_ANSWER: Final = 64 * 1024  # an answer with a chain of certificates takes some 6 KB
_LONGEST_QUESTION: Final = 4 * 1024
_TYPE: Final = "application/timestamp-query"
_POLL: Final = 0.02


class Relay:
    """Where c2pa asks for a time stamp. `trouble` is why it got none, for the operator's log."""

    def __init__(self, authority: str) -> None:
        self.trouble: str | None = None
        self.url = ""
        self._authority = authority

    def answer_to(self, question: bytes) -> bytes | None:
        """What the authority says; None where it says nothing usable in time."""
        answers: SimpleQueue[bytes | Exception] = SimpleQueue()
        # A thread that is left behind: a server that sends a byte now and then outlasts every limit on one read.
        threading.Thread(target=_ask, args=(self._authority, question, answers), daemon=True).start()
        try:
            answer = answers.get(timeout=PATIENCE)
        except Empty:
            self.trouble = f"no answer in {PATIENCE:g} s"
            return None
        if isinstance(answer, bytes):
            return answer
        self.trouble = f"{type(answer).__name__}: {answer}"
        return None


@contextmanager
def asking(authority: str) -> Iterator[Relay]:
    """A relay to this authority, open while something is signed."""
    relay = Relay(authority)
    # Nobody else on this machine can guess it: the authority may charge for what it is asked.
    path = f"/{secrets.token_urlsafe(16)}"

    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            if self.path != path or not 0 < length <= _LONGEST_QUESTION:
                self.send_error(404)
                return
            answer = relay.answer_to(self.rfile.read(length))
            if answer is None:
                self.send_error(502)
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *arguments: Any) -> None:
            """Nothing: `trouble` says what counts."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, _past_proxies():
        server.daemon_threads, server.block_on_close = True, False
        relay.url = f"http://127.0.0.1:{server.server_address[1]}{path}"
        threading.Thread(target=server.serve_forever, args=(_POLL,), daemon=True).start()
        try:
            yield relay
        finally:
            server.shutdown()


@contextmanager
def _past_proxies() -> Iterator[None]:
    """c2pa asks a proxy for this machine's own address, too, unless it is told not to."""
    before = {name: os.environ.get(name) for name in ("NO_PROXY", "no_proxy")}
    for name, others in before.items():
        os.environ[name] = f"{others},127.0.0.1" if others else "127.0.0.1"
    try:
        yield
    finally:
        for name, others in before.items():
            if others is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = others


class _NowhereElse(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """The operator named one address; an answer that leads to another one is an error like any other."""


def _ask(authority: str, question: bytes, answers: "SimpleQueue[bytes | Exception]") -> None:
    request = urllib.request.Request(authority, data=question, headers={"Content-Type": _TYPE})  # noqa: S310
    try:
        # Settings let only http and https pass.
        with urllib.request.build_opener(_NowhereElse).open(request, timeout=PATIENCE) as response:
            answer = response.read(_LONGEST_ANSWER + 1)
    except (OSError, http.client.HTTPException, ValueError) as cause:
        answers.put(cause)
        return
    answers.put(answer if len(answer) <= _LONGEST_ANSWER else ValueError("an answer that is too long"))

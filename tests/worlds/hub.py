"""A model hub on a real socket: lists files with their hashes, hands them out whole or from a byte on, and misbehaves
in the ways that hubs and networks do."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

COMMIT = "5d0f2e8a7b6c4d3e2f1a0b9c8d7e6f5a4b3c2d1e"


@dataclass
class Hub:
    """`files` by path; those of `lfs` have their SHA-256 stated, the others git's SHA-1, as on the real one."""

    source: str
    files: dict[str, bytes]
    lfs: frozenset[str]
    breaks_off_after: int | None = None  # bytes of each answer, the first times
    breaks: int = 0
    ignores_ranges: bool = False
    token: str | None = None
    sends_elsewhere: str | None = None  # base of another server that has the files
    answers_list_with: bytes | None = None
    status: int | None = None
    asked: list[tuple[str, str | None, str | None]] = field(default_factory=list)  # path, range, authorization
    base: str = ""

    def listing(self) -> bytes:
        siblings = []
        for path, content in self.files.items():
            entry: dict[str, object] = {"rfilename": path, "size": len(content)}
            header = f"blob {len(content)}\0".encode()
            entry["blobId"] = hashlib.sha1(header + content).hexdigest()
            if path in self.lfs:
                entry["lfs"] = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
            siblings.append(entry)
        return json.dumps({"sha": COMMIT, "siblings": siblings, "cardData": {"license": "apache-2.0"}}).encode()


@contextmanager
def hub(files: dict[str, bytes], *, source: str = "somebody/small", lfs: tuple[str, ...] = ()) -> Iterator[Hub]:
    world = Hub(source, files, frozenset(lfs))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            wanted, authorization = self.headers.get("Range"), self.headers.get("Authorization")
            world.asked.append((path, wanted, authorization))
            if world.status is not None:
                return self._answer(world.status, b"")
            if world.token is not None and authorization != f"Bearer {world.token}":
                return self._answer(401, b"")
            if path.startswith("/api/models/"):
                known = path.startswith(f"/api/models/{world.source}/revision/")
                told = world.answers_list_with if world.answers_list_with is not None else world.listing()
                return self._answer(200 if known else 404, told)
            name = path.split("/", 5)[-1] if path.startswith(f"/{world.source}/resolve/") else path.lstrip("/")
            content = world.files.get(name)
            if content is None:
                return self._answer(404, b"")
            if world.sends_elsewhere is not None:
                self.send_response(302)
                self.send_header("Location", f"{world.sends_elsewhere}/{name}")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return None
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and not world.ignores_ranges else 0
            if start >= len(content) > 0:
                return self._answer(416, b"")
            return self._send(content, start)

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _send(self, content: bytes, start: int) -> None:
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            body = content[start:]
            if world.breaks_off_after is not None and world.breaks > 0 and len(body) > world.breaks_off_after:
                world.breaks -= 1
                self.wfile.write(body[: world.breaks_off_after])
                self.wfile.flush()
                self.close_connection = True
                self.connection.close()
                return
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    world.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

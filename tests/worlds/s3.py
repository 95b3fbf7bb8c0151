"""An S3-compatible store on a socket: moto's server, and before it a door that checks what moto lets pass and can fail.

The door turns away whom Amazon turns away (a wrong key or signature, a clock that is off, a link that has ended, a body
that is not the one that was signed), and does on demand what happens to stores: refuses, is slow, cuts a connection in
the middle, changes a byte.
"""

import asyncio
import hashlib
import hmac
import io
import os
import re
import secrets
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import parse_qsl, quote

from aiohttp import ClientSession, web
from yarl import URL

from storage.store import Store, StoreAddress

KEY_ID: Final = "AKIAKINORATESTS00000"
SECRET: Final = "no-secret-at-all-only-for-tests"
_LARGEST: Final = 128 * 1024 * 1024
_BAD_BODY: Final = {"XAmzContentSHA256Mismatch"}
_UPLOAD_ID: Final = re.compile(rb"<UploadId>([^<]*)</UploadId>")
_SKEW: Final = timedelta(minutes=15)


@dataclass
class Faults:
    """What goes wrong for the next so many requests; -1: for all of them until it is set back."""

    refuse: int = 0  # 503 SlowDown
    cut_upload: int = 0  # the connection ends in the middle of what is sent
    cut_download: int = 0
    change_upload: int = 0  # one byte is another one on its way
    change_download: int = 0
    slow: float = 0.0  # seconds before each answer
    denies: frozenset[str] = frozenset()  # methods that the key has no right to
    is_public: bool = False
    clock_ahead: timedelta = timedelta()
    seen: list[str] = field(default_factory=list)  # method and path of what was asked

    def end(self) -> None:
        """Everything goes well again, and nothing was asked yet."""
        vars(self).update(vars(Faults()))

    def happens(self, name: str) -> bool:
        left = int(getattr(self, name))
        if left > 0:
            setattr(self, name, left - 1)
        return left != 0


class S3World:
    def __init__(self, moto: str, door: str, faults: Faults) -> None:
        self.moto = moto
        self.door = door
        self.faults = faults

    def new_bucket(self) -> str:
        """The URL of a place that nobody else uses."""
        name = f"kinora-{secrets.token_hex(6)}"
        request = urllib.request.Request(f"{self.moto}/{name}", method="PUT")
        with urllib.request.urlopen(request):
            return self.url(name)

    def url(self, bucket: str, more: str = "") -> str:
        return f"s3://{bucket}/studio?endpoint={self.door}&region=us-east-1{more}"

    def looking(self, url: str) -> Store:
        """The same place without the door before it."""
        address = StoreAddress.parsed(url)
        return Store(StoreAddress(address.bucket, address.prefix, self.moto, "us-east-1"))

    def keys(self, url: str, folder: str = "") -> list[str]:
        return [one.key for one in self.looking(url).listed(folder)]


@contextmanager
def s3_world() -> Iterator[S3World]:
    before = {name: os.environ.get(name) for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    os.environ |= {"AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET}
    moto = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        address = _address_said(moto)
        with _door(address) as (door, faults):
            yield S3World(address, door, faults)
    finally:
        moto.kill()
        moto.wait()
        assert moto.stderr is not None
        moto.stderr.close()
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _address_said(moto: subprocess.Popen[str]) -> str:
    assert moto.stderr is not None
    for line in moto.stderr:
        if "Running on http://" in line:
            address = "http://" + line.split("http://")[1].split()[0]
            threading.Thread(target=moto.stderr.read, daemon=True).start()  # so that it never waits for a reader
            return address
    raise RuntimeError("moto did not start")


@contextmanager
def _door(moto: str) -> Iterator[tuple[str, Faults]]:
    loop, faults = asyncio.new_event_loop(), Faults()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    door = Door(moto, faults)
    port = asyncio.run_coroutine_threadsafe(door.open(), loop).result(10)
    try:
        yield f"http://127.0.0.1:{port}", faults
    finally:
        asyncio.run_coroutine_threadsafe(door.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


class Door:
    def __init__(self, moto: str, faults: Faults) -> None:
        self._moto = moto
        self._faults = faults
        self._begun: dict[bytes, bytes] = {}

    async def open(self) -> int:
        self._session = ClientSession(auto_decompress=False)
        app = web.Application(client_max_size=_LARGEST)
        app.router.add_route("*", "/{path:.*}", self._pass)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def close(self) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        faults = self._faults
        faults.seen.append(f"{request.method} {request.path}")
        if faults.slow:
            await asyncio.sleep(faults.slow)
        if faults.happens("refuse"):
            return _refusal(503, "SlowDown")
        if request.method in ("PUT", "POST") and faults.happens("cut_upload"):
            await request.content.read(1024)
            return _cut(request)
        try:
            body = await request.read()
        except OSError:  # whoever sent it was killed, or gave up
            return _cut(request)
        if body and request.method == "PUT" and faults.happens("change_upload"):
            body = _changed(body)
        if why := self._why_not(request, body):
            return _refusal(400 if why in _BAD_BODY else 403, why)
        passed = {k: v for k, v in request.headers.items() if k.lower() not in ("host", "content-length")}
        passed.setdefault("Authorization", f"AWS4-HMAC-SHA256 Credential={KEY_ID}/x/us-east-1/s3/aws4_request")
        address = URL(self._moto + request.raw_path, encoded=True)
        async with self._session.request(
            request.method, address, data=io.BytesIO(body) if body else None, headers=passed
        ) as answer:
            content = self._with_times(request, await answer.read())
            if content and request.method == "GET" and faults.happens("change_download"):
                content = _changed(content)
            dropped = ("transfer-encoding", "connection", "content-length", "date", "server")
            headers = {k: v for k, v in answer.headers.items() if k.lower() not in dropped}
            if request.method == "HEAD" and "Content-Length" in answer.headers:
                headers["Content-Length"] = answer.headers["Content-Length"]
            if len(content) > 1 and request.method == "GET" and faults.happens("cut_download"):
                response = web.StreamResponse(status=answer.status, headers=headers)
                response.content_length = len(content)
                await response.prepare(request)
                await response.write(content[: len(content) // 2])
                return _cut(request)
            return web.Response(status=answer.status, body=content, headers=headers)

    def _with_times(self, request: web.Request, content: bytes) -> bytes:
        """moto says of every unfinished upload that it was begun in 2010."""
        if "uploads" in request.query and request.method == "POST":
            self._begun |= dict.fromkeys(_UPLOAD_ID.findall(content), datetime.now(UTC).isoformat().encode())
        if "uploads" in request.query and request.method == "GET":
            for number, at in self._begun.items():
                told = rb"(<UploadId>%b</UploadId>.*?<Initiated>)[^<]*" % re.escape(number)
                content = re.sub(told, rb"\g<1>" + at, content, count=1, flags=re.DOTALL)
        return content

    def _why_not(self, request: web.Request, body: bytes) -> str | None:
        """The code with which S3 turns this request away."""
        if request.method in self._faults.denies:
            return "AccessDenied"
        given = dict(parse_qsl(request.query_string, keep_blank_values=True))
        authorization = request.headers.get("Authorization", "")
        if authorization:
            parts = dict(one.strip().split("=", 1) for one in authorization.partition(" ")[2].split(","))
            said, key, signed = parts["Signature"], parts["Credential"], parts["SignedHeaders"]
            at, query, payload = request.headers["x-amz-date"], given, request.headers["x-amz-content-sha256"]
            if payload != "UNSIGNED-PAYLOAD" and payload != hashlib.sha256(body).hexdigest():
                return "XAmzContentSHA256Mismatch"
        elif "X-Amz-Signature" in given:
            said, key, signed = given["X-Amz-Signature"], given["X-Amz-Credential"], given["X-Amz-SignedHeaders"]
            at, payload = given["X-Amz-Date"], "UNSIGNED-PAYLOAD"
            query = {name: value for name, value in given.items() if name != "X-Amz-Signature"}
        else:
            return None if self._faults.is_public and request.method == "GET" else "AccessDenied"
        moment, current = _moment(at), datetime.now(UTC) + self._faults.clock_ahead
        if not authorization and current > moment + timedelta(seconds=int(given["X-Amz-Expires"])):
            return "AccessDenied"
        if authorization and abs(current - moment) > _SKEW:
            return "RequestTimeTooSkewed"
        if not key.startswith(KEY_ID + "/"):
            return "InvalidAccessKeyId"
        headers = "".join(f"{name}:{request.headers[name].strip()}\n" for name in signed.split(";"))
        asked = "&".join(f"{quote(k, safe='~')}={quote(v, safe='~')}" for k, v in sorted(query.items()))
        path = request.raw_path.partition("?")[0]
        canonical = "\n".join((request.method, path, asked, headers, signed, payload))
        return None if hmac.compare_digest(said, _signature(key, at, canonical)) else "SignatureDoesNotMatch"


def _signature(key: str, at: str, canonical: str) -> str:
    scope = key.split("/")[1:]
    secret = b"AWS4" + SECRET.encode()
    for part in scope:
        secret = hmac.digest(secret, part.encode(), "sha256")
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    return hmac.new(secret, "\n".join(("AWS4-HMAC-SHA256", at, "/".join(scope), hashed)).encode(), "sha256").hexdigest()


def _moment(at: str) -> datetime:
    return datetime.strptime(at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _changed(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def _refusal(status: int, code: str) -> web.Response:
    text = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>no</Message></Error>'
    return web.Response(status=status, text=text, content_type="application/xml")


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()

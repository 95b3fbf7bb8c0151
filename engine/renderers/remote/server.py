"""One clip from the server: asked for, waited for, fetched, and cleared away there however it ends."""

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import aiohttp
from yarl import URL

from engine.errors import StudioError
from engine.renderers.base import CalledOff
from engine.renderers.means import RemoteMeans
from engine.renderers.remote.asking import Wanted

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")

LARGEST: Final = 512 * 2**20  # bytes of a clip
_LARGEST_ANSWER: Final = 2**20
_ONE_ANSWER: Final = aiohttp.ClientTimeout(total=60.0, connect=10.0)
_CONTENT: Final = aiohttp.ClientTimeout(total=600.0, connect=10.0, sock_read=60.0)
_FIRST_PAUSE, _LONGEST_PAUSE, _GROWS = 0.5, 10.0, 1.5
_LOOK_EVERY: Final = 0.25  # seconds between two looks whether the take was called off
_PATIENCE: Final = 6  # failed looks in a row: a server that starts again is waited for a minute or so
_BUSY: Final = frozenset({429, 502, 503, 504})
_UNDER_WAY: Final = frozenset({"queued", "in_progress", "pending", "processing", "running"})
_REDIRECTS: Final = 3


@dataclass
class Server:
    means: RemoteMeans
    tell: Callable[[int, int], None]
    stopped: Callable[[], bool]

    async def fetch(self, wanted: Wanted, picture: bytes | None, destination: Path) -> None:
        """The clip as a file at `destination`; StudioError in words when there is none, CalledOff when called off."""
        deadline = time.monotonic() + self.means.wait_seconds
        headers = {"Authorization": f"Bearer {self.means.key.get_secret_value()}"} if self.means.key else {}
        async with aiohttp.ClientSession(headers=headers, auto_decompress=True) as session:
            identity = await self._insist(lambda: self._ask(session, wanted, picture), deadline, asked_for=False)
            try:
                await self._wait(session, identity, deadline)
                await self._insist(lambda: self._download(session, identity, destination), deadline)
            finally:
                await self._clear_away(session, identity)

    def _url(self, *path: str) -> URL:
        assert self.means.url is not None
        return URL(self.means.url) / "videos" / "/".join(path) if path else URL(self.means.url) / "videos"

    # -- the requests --------------------------------------------------------------------------------------------------

    async def _ask(self, session: aiohttp.ClientSession, wanted: Wanted, picture: bytes | None) -> str:
        form = aiohttp.FormData()
        for name, value in wanted.fields.items():
            form.add_field(name, value)
        if picture is not None:
            form.add_field("input_reference", picture, filename="first.png", content_type="image/png")
        async with session.post(self._url(), data=form, timeout=_ONE_ANSWER, allow_redirects=False) as answer:
            told = await _read(answer)
        identity = told.get("id")
        if not isinstance(identity, str) or not identity or len(identity) > 200 or "/" in identity or ".." in identity:
            raise StudioError("remote.nonsense", cause="no id")
        return identity

    async def _look(self, session: aiohttp.ClientSession, identity: str) -> dict[str, Any]:
        async with session.get(self._url(identity), timeout=_ONE_ANSWER, allow_redirects=False) as answer:
            if answer.status == 404:
                raise StudioError("remote.forgot")
            return await _read(answer)

    async def _wait(self, session: aiohttp.ClientSession, identity: str, deadline: float) -> None:
        pause = _FIRST_PAUSE
        while True:
            told = await self._insist(lambda: self._look(session, identity), deadline)
            progress = told.get("progress")
            if isinstance(progress, int | float) and 0 <= progress <= 100:
                self.tell(int(progress), 100)
            match told.get("status"):
                case "completed":
                    return
                case "failed" | "cancelled" | "error" | "expired":
                    raise StudioError("remote.failed", cause=_complaint(told) or str(told.get("status")))
                case str() as status if status in _UNDER_WAY:
                    await self._pause(pause, deadline)
                    pause = min(pause * _GROWS, _LONGEST_PAUSE)
                case status:
                    raise StudioError("remote.nonsense", cause=f"status {str(status)[:40]}")

    async def _download(self, session: aiohttp.ClientSession, identity: str, destination: Path) -> None:
        url = self._url(identity, "content")
        for _ in range(_REDIRECTS + 1):
            async with session.get(url, timeout=_CONTENT, allow_redirects=False) as answer:
                if answer.status in (301, 302, 303, 307, 308):
                    url = self._followed(url, answer.headers.get("Location", ""))
                    continue
                if answer.status == 404:
                    raise StudioError("remote.forgot")
                if not answer.ok:
                    await _read(answer)
                await self._save(answer, destination)
                return
        raise StudioError("remote.nonsense", cause="redirects")

    def _followed(self, url: URL, location: str) -> URL:
        """Only to the server that the operator named: a redirect must not lead into the network around it."""
        to = url.join(URL(location))
        if to.origin() != url.origin():
            raise StudioError("remote.nonsense", cause="a redirect to another server")
        return to

    async def _save(self, answer: aiohttp.ClientResponse, destination: Path) -> None:
        size = 0
        with destination.open("wb") as file:
            async for chunk in answer.content.iter_chunked(2**16):
                if self.stopped():
                    raise CalledOff
                size += len(chunk)
                if size > LARGEST:
                    raise StudioError("remote.too_large", megabytes=LARGEST // 2**20)
                file.write(chunk)
        if not size:
            raise StudioError("remote.nonsense", cause="an empty file")

    async def _clear_away(self, session: aiohttp.ClientSession, identity: str) -> None:
        """A courtesy: what the server keeps is its own affair, and some cannot delete."""
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, ValueError):
            short = aiohttp.ClientTimeout(total=5.0)
            async with session.delete(self._url(identity), timeout=short, allow_redirects=False):
                pass

    # -- patience ------------------------------------------------------------------------------------------------------

    async def _insist(
        self, request: Callable[[], Awaitable[Answer]], deadline: float, *, asked_for: bool = True
    ) -> Answer:
        """The answer; asked again when the server is busy, or away for a moment.

        `asked_for`: False for the request that makes a clip, which is only sent again where it cannot have arrived.
        """
        pause, failed = _FIRST_PAUSE, 0
        while True:
            if self.stopped():
                raise CalledOff
            try:
                return await request()
            except (aiohttp.ClientError, TimeoutError, _Busy) as error:
                failed += 1
                again = asked_for or isinstance(error, aiohttp.ClientConnectorError | _Busy)
                if failed >= _PATIENCE or not again:
                    raise StudioError("remote.unreachable", cause=_cause(error)) from error
                log.info("the server of the remote renderer: %s; asking again", _cause(error))
            await self._pause(pause, deadline)
            pause = min(pause * _GROWS, _LONGEST_PAUSE)

    async def _pause(self, seconds: float, deadline: float) -> None:
        until = time.monotonic() + seconds
        while (now := time.monotonic()) < until:
            if self.stopped():
                raise CalledOff
            if now >= deadline:
                raise StudioError("remote.slow", seconds=f"{self.means.wait_seconds:g}")
            await asyncio.sleep(min(_LOOK_EVERY, until - now))


class _Busy(Exception):
    """The server asks for patience."""


async def _read(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    """The JSON object of an answer; StudioError for a refusal, or for what is none."""
    body = await answer.content.read(_LARGEST_ANSWER)
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    if answer.status in _BUSY:
        raise _Busy(f"HTTP {answer.status}")
    if not answer.ok:
        cause = _complaint(told) or answer.reason or ""
        raise StudioError("remote.refused", status=answer.status, cause=cause)
    if not isinstance(told, dict):
        raise StudioError("remote.nonsense", cause="no JSON object")
    return told


def _complaint(told: object) -> str:
    """What the server says is wrong, in one line: each says it in another place."""
    if not isinstance(told, dict):
        return ""
    error = told.get("error") or told.get("detail") or told.get("message") or ""
    if isinstance(error, dict):
        error = error.get("message") or error.get("code") or ""
    line: str = str(error).splitlines()[0] if str(error) else ""
    return line[:300]


def _cause(error: BaseException) -> str:
    return str(error) or type(error).__name__

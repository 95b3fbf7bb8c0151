"""Reading a form: bounded in every direction, slow senders cut off, files set down in a folder of our own."""

import asyncio
import contextlib
import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web
from aiohttp.multipart import MultipartReader

from engine.errors import StudioError
from safety.uploads import LIMITS

WORDS_LIMIT: Final = 200_000  # bytes of all fields together: twenty cards of 4,000 characters and more
FIELDS_LIMIT: Final = 400
FILES_LIMIT: Final = 20
SILENCE: Final = 15.0  # seconds in which nothing comes
FIELDS_IN: Final = 30.0  # seconds for a form without files
FILES_IN: Final = 600.0
_BLOCK: Final = 2**18
Next = TypeVar("Next")


@dataclass(frozen=True)
class Form:
    """What was sent. A field that was not sent is empty."""

    fields: tuple[tuple[str, str], ...] = ()
    files: dict[str, Path] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return next((value for key, value in self.fields if key == name), "")

    def every(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key == name]

    def has(self, name: str) -> bool:
        return any(key == name for key, _ in self.fields)

    def number(self, name: str) -> float | None:
        """The number that was typed, None for none; StudioError when it is no number."""
        typed = self[name].strip()
        if not typed:
            return None
        try:
            number = float(typed)
        except ValueError:
            number = float("nan")
        if not -1e12 < number < 1e12:
            raise StudioError("web.number", field=name, typed=typed[:20])
        return number

    def whole(self, name: str) -> int | None:
        number = self.number(name)
        if number is not None and number != int(number):
            raise StudioError("web.number", field=name, typed=self[name][:20])
        return None if number is None else int(number)


NO_FORM: Final = Form()


@asynccontextmanager
async def reading_form(request: web.Request, folder: Path, *, takes_files: bool) -> AsyncIterator[Form]:
    """The form that comes with the request; its files are gone when the answer is."""
    limit = LIMITS.size + WORDS_LIMIT if takes_files else WORDS_LIMIT
    if (request.content_length or 0) > limit:
        raise StudioError("upload.large", limit=LIMITS.size // 2**20)
    kept: list[Path] = []
    try:
        async with _in_time(FILES_IN if takes_files else FIELDS_IN):
            if request.content_type == "application/json":
                yielded = Form(fields=tuple(_named(await _body(request)).items()))
            elif request.content_type == "multipart/form-data":
                yielded = await _multipart(request, folder, kept, takes_files=takes_files)
            else:
                yielded = Form(fields=tuple(_pairs(await _body(request))))
        yield yielded
    finally:
        for file in kept:
            await asyncio.to_thread(file.unlink, missing_ok=True)


@asynccontextmanager
async def _in_time(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise web.HTTPRequestTimeout from None


async def _next(waiting: Awaitable[Next]) -> Next:
    """The next bytes, or the next part, unless the sender has gone quiet."""
    try:
        async with asyncio.timeout(SILENCE):
            return await waiting
    except TimeoutError:
        raise web.HTTPRequestTimeout from None


async def _body(request: web.Request) -> bytes:
    body = bytearray()
    while block := await _next(request.content.readany()):
        body += block
        if len(body) > WORDS_LIMIT:
            raise StudioError("web.form_large")
    return bytes(body)


def _pairs(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=FIELDS_LIMIT, errors="strict")
    except ValueError:
        raise StudioError("web.form_malformed") from None


def _named(body: bytes) -> dict[str, str]:
    """The texts of a flat JSON object, as programs send what browsers send as a form."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise StudioError("web.form_malformed") from None
    if not isinstance(told, dict) or len(told) > FIELDS_LIMIT:
        raise StudioError("web.form_malformed")
    return {name: value for name, value in told.items() if isinstance(value, str)}


async def _multipart(request: web.Request, folder: Path, kept: list[Path], *, takes_files: bool) -> Form:
    fields: list[tuple[str, str]] = []
    files: dict[str, Path] = {}
    left = WORDS_LIMIT
    try:
        reader = await request.multipart()
        while (part := await _next(reader.next())) is not None:
            if isinstance(part, MultipartReader) or part.name is None or len(fields) >= FIELDS_LIMIT:
                raise StudioError("web.form_malformed")
            if part.filename is None:
                value = await _value(part, left)
                left -= len(value)
                fields.append((part.name, value.decode("utf-8")))
                continue
            if not takes_files or len(files) >= FILES_LIMIT:
                raise StudioError("web.form_malformed")
            file = folder / secrets.token_hex(16)  # what the file calls itself is never used
            kept.append(file)
            if await _set_down(part, file):
                files[part.name] = file
    except (ValueError, AssertionError) as error:
        raise StudioError("web.form_malformed") from error
    return Form(tuple(fields), files)


async def _value(part: BodyPartReader, left: int) -> bytes:
    value = bytearray()
    while block := await _next(part.read_chunk(_BLOCK)):
        value += block
        if len(value) > left:
            raise StudioError("web.form_large")
    return bytes(value)


async def _set_down(part: BodyPartReader, file: Path) -> int:
    """Write the file down as it comes; answers with its size: an empty field of a form is no file."""
    size = 0
    opened = await asyncio.to_thread(file.open, "xb")
    try:
        while block := await _next(part.read_chunk(_BLOCK)):
            size += len(block)
            if size > LIMITS.size:
                raise StudioError("upload.large", limit=LIMITS.size // 2**20)
            await asyncio.to_thread(opened.write, block)
    finally:
        await asyncio.to_thread(opened.close)
    return size


class Buckets:
    """So much at once, and so much a second afterwards, for each who asks. Forgets whoever has been away for long."""

    def __init__(self, most: float, a_second: float) -> None:
        self._most, self._pace = most, a_second
        self._level: dict[str, tuple[float, float]] = {}

    def take(self, who: str, amount: float = 1.0) -> float:
        """0 when it may be; else in how many seconds it may."""
        at = time.monotonic()
        level, since = self._level.pop(who, (self._most, at))
        level = min(self._most, level + (at - since) * self._pace)
        allowed = level >= amount
        self._level[who] = (level - amount if allowed else level, at)
        while len(self._level) > 10_000:  # the longest away: a dictionary keeps the order of its keys
            with contextlib.suppress(StopIteration):
                del self._level[next(iter(self._level))]
        return 0.0 if allowed else (amount - level) / self._pace

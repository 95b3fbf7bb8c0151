"""Clips as Telegram takes them: with a small picture, or by the id of a file that it has already."""

import asyncio
import contextlib
import logging
import secrets
import struct
import zlib
from pathlib import Path
from typing import Final

from bots.telegram.address import PLATFORM
from bots.telegram.cards import Size
from bots.telegram.line import Film
from engine.delivery import PlatformAway
from engine.errors import StudioError
from engine.fleet.base import TaskFailed, WorkerLost
from engine.handed import Clip
from engine.studio import Studio
from storage import posted
from storage.files import make_folder

log = logging.getLogger(__name__)

THUMBNAIL_SIDE: Final = 320
COPIED_WITHIN: Final = 5.0  # seconds that others wait for a smaller copy at most
CLIP: Final = "clip"


class Films:
    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._copies: dict[str, asyncio.Task[Clip]] = {}  # smaller ones, that are being made

    async def film(self, clip: Clip, limit: int, *, waits: bool = False) -> Film | None:
        """The clip to be sent, or a smaller copy of it; None when there can be none.

        `waits`: until a copy is made, for who asked for it just now; else PlatformAway while it is made.
        """
        is_copy = (await self._studio.at_hand(clip.file)).stat().st_size > limit
        known = await self.known_file(clip.id)
        if known is not None:
            return Film(clip.id, known, None, clip.width, clip.height, clip.seconds, is_copy)
        shown: Clip | None = clip
        if is_copy:
            shown = await self._copy(clip, limit, None if waits else COPIED_WITHIN)
        if shown is None:
            return None
        thumbnail = await self._thumbnail(clip)
        return Film(clip.id, shown.file, thumbnail, clip.width, clip.height, clip.seconds, is_copy)

    async def _copy(self, clip: Clip, limit: int, within: float | None) -> Clip | None:
        """Encoded again to fit, and sealed again."""
        making = self._copies.get(clip.id)
        if making is None:
            making = self._copies[clip.id] = asyncio.create_task(self._studio.copy_that_fits(clip, limit))
        with contextlib.suppress(TimeoutError, StudioError, TaskFailed, WorkerLost):
            await asyncio.wait_for(asyncio.shield(making), within)
        if not making.done():
            raise PlatformAway(f"a smaller copy of {clip.id} is being made")
        self._copies.pop(clip.id, None)
        try:
            return making.result()
        except (StudioError, TaskFailed, WorkerLost) as error:
            log.info("there is no smaller copy of %s: %s", clip.id, error)
            return None

    async def known_file(self, clip_id: str) -> str | None:
        """The id by which Telegram knows the clip's file, once it has had it."""
        async with self._studio.database.reading() as tx:
            shown = await posted.about(tx, PLATFORM, CLIP, clip_id)
        return next((str(one.content["file"]) for one in shown if "file" in one.content), None)

    async def still(self, clip: Clip) -> bytes:
        return await asyncio.to_thread((await self._studio.at_hand(clip.preview.file)).read_bytes)

    async def _thumbnail(self, clip: Clip) -> Path:
        """In the data folder, where a Bot API server of one's own finds the clip, too."""
        folder = self._studio.places.copies
        make_folder(folder)
        file = folder / f"{clip.id}.{secrets.token_hex(4)}.jpg"
        return await self._studio.thumbnail(clip, file, side=THUMBNAIL_SIDE)


def size_of(film: Film | None) -> Size:
    if film is None:
        return Size.PICTURE
    return Size.SMALLER if film.is_copy else Size.WHOLE


def _grey(side: int) -> bytes:
    """A grey square, as a PNG: too little to load a library of pictures for."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = (b"\0" + b"\x40" * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


# What stands in place of a clip that was taken down.
BLANK: Final = _grey(160)

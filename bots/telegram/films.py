"""Clips as Telegram takes them: with a small picture, or by the id of a file that it has already."""

import asyncio
import struct
import tempfile
import zlib
from pathlib import Path
from typing import Final

from bots.telegram.address import PLATFORM
from bots.telegram.line import Film
from engine.handed import Clip
from engine.studio import Studio
from storage import posted

THUMBNAIL_SIDE: Final = 320
CLIP: Final = "clip"


class Films:
    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    async def film(self, clip: Clip, limit: int) -> Film | None:
        """The clip to be sent; None when it is larger than can be."""
        known = await self.known_file(clip.id)
        if known is not None:
            return Film(clip.id, known, None, clip.width, clip.height, clip.seconds)
        if clip.file.stat().st_size > limit:
            return None
        return Film(clip.id, clip.file, await self._thumbnail(clip), clip.width, clip.height, clip.seconds)

    async def known_file(self, clip_id: str) -> str | None:
        """The id by which Telegram knows the clip's file, once it has had it."""
        async with self._studio.database.reading() as tx:
            shown = await posted.about(tx, PLATFORM, CLIP, clip_id)
        return next((str(one.content["file"]) for one in shown if "file" in one.content), None)

    async def still(self, clip: Clip) -> bytes:
        return await asyncio.to_thread(clip.preview.file.read_bytes)

    async def _thumbnail(self, clip: Clip) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "thumbnail.jpg"
            await self._studio.thumbnail(clip, file, side=THUMBNAIL_SIDE)
            return await asyncio.to_thread(file.read_bytes)


def _grey(side: int) -> bytes:
    """A grey square, as a PNG: too little to load a library of pictures for."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = (b"\0" + b"\x40" * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


# What stands in place of a clip that was taken down.
BLANK: Final = _grey(160)

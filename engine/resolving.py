"""Which manifest belongs to a mark, for other tools that read one in a copy that lost its credentials.

Only of clips that their makers showed to everybody and that nobody took down: what somebody without a name may see on
the pages anyway, with the same manifest in it.
"""

import asyncio
from typing import Final

from engine.errors import StudioError
from engine.explore import Explore
from engine.names import read_letters
from provenance.manifest import MARK_ALGORITHM
from storage import clips, recognition
from storage.blobs import Blobs
from storage.database import Database

ALGORITHMS: Final = (MARK_ALGORITHM,)
_SUFFIX: Final = ".c2pa"


class Resolving:
    def __init__(self, database: Database, blobs: Blobs, explore: Explore) -> None:
        self._database = database
        self._blobs = blobs
        self._explore = explore

    async def manifests_with(self, algorithm: str, value: str) -> list[str]:
        """Labels of the manifests that this mark was written into; none for a clip that is not everybody's to see."""
        if algorithm not in ALGORITHMS:
            raise StudioError("resolution.algorithm", known=", ".join(ALGORITHMS))
        clip_id = read_letters(value)
        if clip_id is None or await self._store_of(clip_id) is None:
            return []
        async with self._database.reading() as tx:
            manifest = await clips.manifest_of(tx, clip_id)
        return [manifest.label] if manifest else []

    async def store(self, label: str, *, alone: bool = False) -> bytes:
        """The manifest with those of its ancestors, as it was signed into the clip; `alone`: without them."""
        async with self._database.reading() as tx:
            known = await clips.with_manifest(tx, label)
        for clip_id in known:
            if (kept := await self._store_of(clip_id)) is not None:
                return await asyncio.to_thread(self._read, kept, label if alone else None)
        raise StudioError("resolution.unknown")

    async def _store_of(self, clip_id: str) -> str | None:
        """The hash of the file with the clip's manifest, where everybody may have it."""
        try:
            await self._explore.in_public(clip_id)
        except StudioError:
            return None
        async with self._database.reading() as tx:
            return await recognition.store_of(tx, clip_id)

    def _read(self, kept: str, label: str | None) -> bytes:
        from provenance.containers import OddFileError
        from provenance.jumbf import alone

        try:
            store = self._blobs.here(kept, _SUFFIX).read_bytes()
            return store if label is None else alone(store, label)
        except (FileNotFoundError, OddFileError):
            raise StudioError("resolution.unknown") from None

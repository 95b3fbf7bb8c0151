"""What the studio remembers of its clips, as `provenance.trace` asks for it: from the database, in a worker."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from engine.places import Places
from provenance.fingerprint import HASH_BYTES, Hashes
from provenance.keys import Keyring
from provenance.reader import Issued
from provenance.trace import Alike
from storage import clips, recognition
from storage.alike import alike
from storage.database import Database
from storage.issued import issued_marks


@contextmanager
def studio_memory(database_url: str, places: Places, keyring: Keyring) -> Iterator["StudioMemory"]:
    with asyncio.Runner() as runner:
        database = runner.run(Database.connect(database_url))
        try:
            yield StudioMemory(runner, database, places, keyring)
        finally:
            runner.run(database.close())


class StudioMemory:
    def __init__(self, runner: asyncio.Runner, database: Database, places: Places, keyring: Keyring) -> None:
        self._runner, self._database = runner, database
        self._places, self._keyring = places, keyring

    def clip_with(self, sha256: str) -> str | None:
        async def ask() -> str | None:
            async with self._database.reading() as tx:
                clip = await clips.with_bytes(tx, sha256)
            return clip.id if clip else None

        return self._runner.run(ask())

    def bytes_of(self, clip_id: str) -> str | None:
        async def ask() -> str | None:
            async with self._database.reading() as tx:
                clip = await clips.get(tx, clip_id)
            return clip.sha256 if clip else None

        return self._runner.run(ask())

    def issued(self) -> Sequence[Issued]:
        async def ask() -> Sequence[Issued]:
            async with self._database.reading() as tx:
                rows = await issued_marks(tx, self._places.index / "marks")
            return [
                Issued(key.name, key.secret, rows["message"][rows["key"] == key.name.encode()])
                for key in self._keyring.mark_keys()
            ]

        return self._runner.run(ask())

    def anchors(self) -> Sequence[str]:
        """Every root this studio signed with: they are known also where the keys are not."""

        async def ask() -> Sequence[str]:
            async with self._database.reading() as tx:
                return await recognition.known_anchors(tx)

        return self._runner.run(ask())

    def fingerprint_of(self, clip_id: str) -> Hashes | None:
        async def ask() -> bytes | None:
            async with self._database.reading() as tx:
                return await recognition.fingerprint_of(tx, clip_id)

        hashes = self._runner.run(ask())
        return None if hashes is None else np.frombuffer(hashes, np.uint8).reshape(-1, HASH_BYTES)

    def alike(self, asked: Hashes) -> Sequence[Alike]:
        async def ask() -> Sequence[Alike]:
            async with self._database.reading() as tx:
                found = await alike(tx, self._places.index / "fingerprints", asked)
            return [Alike(**vars(one)) for one in found]

        return self._runner.run(ask())

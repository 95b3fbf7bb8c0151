"""Banks of known-bad media as workers meet them: asked about pictures, and hashing what is to be kept."""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict

from engine.errors import StudioError
from engine.fleet.base import Bench, Lane, Task
from engine.reports import Report
from safety.verdict import Decision

if TYPE_CHECKING:  # numpy, and the database
    from safety.banks import Bank, Match
    from storage.banks import BankRow
    from storage.database import Transaction

_PAGE: Final = 1_000


class AskedBanks(BaseModel):
    """Which banks a task is to ask. Crosses to the worker, which reads them from the database."""

    model_config = ConfigDict(frozen=True)

    database: str
    community_id: str

    def matches(self, looks: Sequence[tuple[float, str]]) -> "list[Match]":
        from safety.banks import matches
        from safety.frames.base import Look

        if not looks:
            return []
        with ThreadPoolExecutor(1) as thread:  # the caller may be in a loop of its own
            asked = thread.submit(asyncio.run, self._loaded()).result()
        return matches([Look(*look) for look in looks], asked)

    async def _loaded(self) -> "list[Bank]":
        # Imported here: a worker that has no banks to ask, as most have not, needs no database.
        from storage import banks
        from storage.database import Database

        database = await Database.connect(self.database)
        try:
            async with database.reading() as tx:
                return [await _loaded(tx, self.database, bank) for bank in await banks.asked_in(tx, self.community_id)]
        finally:
            await database.close()


_kept: "dict[str, tuple[object, Bank]]" = {}  # by database and id: what it was made of, and the bank


async def _loaded(tx: "Transaction", database: str, row: "BankRow") -> "Bank":
    from safety.banks import Bank
    from storage import banks

    key = f"{database} {row.id}"
    made_of = (row, await banks.contents(tx, row.id))
    kept = _kept.get(key)
    if kept is not None and kept[0] == made_of:
        return kept[1]
    found: list[tuple[int, bytes]] = []
    after = 0
    while page := await banks.entries(tx, row.id, after=after, limit=_PAGE):
        found += [(entry.serial, entry.hashes) for entry in page]
        after = page[-1].serial
    bank = Bank.of(
        found,
        name=row.name,
        category=row.category,
        action=Decision[row.action.upper()],
        sure_within=row.sure_within,
        like_within=row.like_within,
        least_moments=row.least_moments,
        closed=row.closed,
    )
    _kept[key] = (made_of, bank)
    return bank


class Hashed(Report):
    hashes: str  # hexadecimal, 32 bytes each
    pictures: int


class HashFile(Task[Hashed]):
    """The hashes by which the pictures of a file, and pieces of them, will be known again."""

    lane: ClassVar[Lane] = Lane.HEAVY

    file: Path

    def do(self, bench: Bench) -> Hashed:
        from provenance.pictures import pictures_in
        from safety.frames.looks import banked

        if not self.file.is_file():
            raise StudioError("file.missing", file=str(self.file))
        pictures = pictures_in(self.file)
        if pictures is None:
            raise StudioError("bank.no_picture", file=str(self.file))

        def seen() -> "Iterator[Any]":
            for done, frame in enumerate(pictures.frames):
                bench.report(done=done, of=len(pictures.frames))
                yield frame

        hashes = banked(seen())
        if not len(hashes):
            raise StudioError("bank.too_plain", file=str(self.file))
        return Hashed(hashes=hashes.tobytes().hex(), pictures=len(pictures.frames))


class Found(Report):
    bank: str
    entry: int
    distance: int
    seconds: float
    moments: int
    decision: str


class Asked(Report):
    found: tuple[Found, ...]


class AskAbout(Task[Asked]):
    """What the banks say of a file."""

    file: Path
    banks: AskedBanks | None

    def do(self, bench: Bench) -> Asked:
        from provenance.pictures import pictures_in
        from safety.frames.looks import asked

        pictures = pictures_in(self.file)
        if pictures is None:
            raise StudioError("bank.no_picture", file=str(self.file))
        looks = [(float(at), asked(frame, turned=True).tobytes().hex()) for at, frame in enumerate(pictures.frames)]
        matches = self.banks.matches([look for look in looks if look[1]]) if self.banks else []
        return Asked(
            found=tuple(
                Found(
                    bank=match.bank.name,
                    entry=match.entry,
                    distance=match.distance,
                    seconds=match.seconds,
                    moments=match.moments,
                    decision=match.decision.word,
                )
                for match in matches
            )
        )

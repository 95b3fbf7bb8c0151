"""Carrying a studio that has stopped into another database, or its files into a store: `kinora move`.

The old place is read and never changed. What was carried is compared with it, row by row and byte by byte, before the
new place is declared whole; killed in between, the next try goes on where this one was.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL, make_url

from engine import ownership, shift
from engine.errors import StudioError
from engine.holder import this_process
from engine.jobs import UNRELEASED
from engine.pipeline import LEASE_MS, RENEW_EVERY
from engine.places import Places
from engine.settings import Settings
from safety.desk.people import Queue, Subject
from storage import cases, clips, jobs, leases
from storage.blobs import Blobs
from storage.carrying import carry, finish, prepare, summed
from storage.database import Database, parsed
from storage.errors import StorageError
from storage.files import sha256_of
from storage.leases import Lease
from storage.quarantine import Quarantine
from storage.store import KEPT, QUARANTINE, SEALED, Store, StoreAddress

AT_ONCE: Final = 4  # files on their way


class Step(StrEnum):
    ROWS = "rows"
    COMPARING = "comparing"
    FILES = "files"


Progress = Callable[[Step, int, int], None]  # rows, or bytes: done, of how many


def untold(step: Step, done: int, of: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class MoveReport:
    lines: tuple[str, ...]  # for kinora.toml
    has_password: bool  # that the lines do not repeat
    tables: dict[str, int]  # rows, by table; none where the database was not moved
    files: int  # that the store holds now
    bytes: int
    missing: tuple[str, ...]  # what the database refers to, but is lost or damaged in the data folder


@dataclass(frozen=True)
class _Sent:
    """A file and the key that it has in the store."""

    file: Path
    key: str
    size: int
    sha256: str | None  # as its name says; of a take it is only known once it is read
    name: str | None = None  # for whoever downloads it


async def move(
    settings: Settings, *, database: str | None, files: str | None, progress: Progress = untold
) -> MoveReport:
    """Carry what is asked for; StudioError or StorageError says why not, and then the studio is where it was."""
    if database is None and files is None:
        raise StudioError("move.nothing_asked")
    if files is not None and settings.files is not None:
        raise StudioError("move.files_from_store", store=str(StoreAddress.parsed(settings.files)))
    where = make_url(settings.database_url)
    if database is not None and parsed(database) == where:
        raise StudioError("move.same")
    if not _is_there(where):
        raise StudioError("move.nothing", folder=str(settings.data.resolve()))
    store = await asyncio.to_thread(Store.at, files) if files is not None else None
    places = Places(settings.data.resolve())
    async with await Database.open(settings.database_url) as source, _standing_still(source):
        studio = await ownership.studio_id(source)
        sent: list[_Sent] = []
        missing: tuple[str, ...] = ()
        if store is not None:
            sent, missing = await _move_files(source, places, store, studio, progress)
        rows = await _move_rows(source, database, studio, progress) if database is not None else {}
    return MoveReport(
        lines=tuple(_lines(database, files)),
        has_password=database is not None and make_url(database).password is not None,
        tables=rows,
        files=len(sent),
        bytes=sum(one.size for one in sent),
        missing=missing,
    )


def _is_there(where: URL) -> bool:
    return where.get_backend_name() != "sqlite" or bool(where.database and Path(where.database).is_file())


def _lines(database: str | None, files: str | None) -> Iterator[str]:
    if database is not None:
        shown = _without_password(database)
        yield f"database = {json.dumps(shown)}"
    if files is not None:
        yield f"files = {json.dumps(files)}"


def _without_password(url: str) -> str:
    where = make_url(url)
    if where.password is None:
        return url
    bare = URL.create(where.drivername, where.username, None, where.host, where.port, where.database, where.query)
    return bare.render_as_string(hide_password=False)


@asynccontextmanager
async def _standing_still(source: Database) -> AsyncIterator[None]:
    """Nobody draws meanwhile. Whoever else still writes is noticed at the end, when both sides are compared."""
    lease = await shift.take_the_shift(source, this_process())
    if lease is None:
        async with source.reading() as tx:
            holder = await shift.holder_of_the_shift(tx)
        raise StudioError("move.running", holder=holder or "")
    keeping = asyncio.create_task(_keep(source, lease))
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        with contextlib.suppress(StorageError):  # it runs out by itself
            async with source.writing() as tx:
                await leases.drop(tx, lease)


async def _keep(source: Database, lease: Lease) -> None:
    while True:
        await asyncio.sleep(RENEW_EVERY)
        async with source.writing() as tx:
            await leases.renew(tx, lease, LEASE_MS)


# -- rows ----------------------------------------------------------------------------------------------------------


async def _move_rows(source: Database, url: str, studio: str, progress: Progress) -> dict[str, int]:
    is_new = await asyncio.to_thread(prepare, url, studio)
    async with await Database.connect(url) as target:
        if is_new:
            await carry(source, target, lambda done, of: progress(Step.ROWS, done, of))
        there = await summed(target, lambda done, of: progress(Step.COMPARING, done, of * 2))
        rows = sum(one.rows for one in there.values())
        here = await summed(source, lambda done, of: progress(Step.COMPARING, rows + done, rows + of))
        for table, one in here.items():
            if there[table] != one:
                raise StorageError("move.differs", table=table, here=one.rows, there=there[table].rows)
        if is_new:
            await finish(target)
    return {table: one.rows for table, one in here.items()}


# -- files ---------------------------------------------------------------------------------------------------------


async def _move_files(
    source: Database, places: Places, store: Store, studio: str, progress: Progress
) -> tuple[list[_Sent], tuple[str, ...]]:
    async with source.reading() as tx:
        wanted = await clips.referenced_files(tx)
        sealed = await clips.sealed_files(tx)
        takes = await jobs.takes_in(tx, UNRELEASED)
        takes |= await cases.subjects_in(tx, Queue.CHILD_SAFETY, Subject.TAKE)
    found = await asyncio.to_thread(lambda: list(_found(places, wanted, sealed, takes)))
    absent = wanted - {one.sha256 for one in found}
    carrier = _Carrier(store, studio, places.root / f"moving-{studio}.txt", found, progress)
    damaged = await asyncio.to_thread(carrier.carry)
    whole = [one for one in found if one.key not in damaged]
    return whole, tuple(sorted({*absent, *damaged}))


def _found(places: Places, wanted: set[str], sealed: dict[str, str], takes: set[str]) -> Iterator[_Sent]:
    for path in Blobs(places.files).lying():
        sha256 = path.name[:64]
        if sha256 in wanted:
            name = f"kinora-{sealed[sha256]}{path.suffix}" if sha256 in sealed else None
            key = f"{SEALED if name else KEPT}{sha256[:2]}/{path.name}"
            yield _Sent(path, key, path.stat().st_size, sha256, name)
    quarantine = Quarantine(places.quarantine)
    for take_id in sorted(takes):
        for file in (quarantine.take(take_id), quarantine.report(take_id)):
            if file.is_file():
                yield _Sent(file, QUARANTINE + file.name, file.stat().st_size, None)


class _Carrier:
    """Puts the files into the store, several at once, and notes which of them are there and were read back."""

    def __init__(self, store: Store, studio: str, notes: Path, found: list[_Sent], progress: Progress) -> None:
        self._store = store
        self._studio = studio
        self._notes = notes
        self._found = found
        self._progress = progress
        self._done = 0
        self._of = sum(one.size for one in found)

    def carry(self) -> set[str]:
        """Answers with the keys of those that are not what their names say."""
        self._begin()
        known = self._known()
        damaged: set[str] = set()
        with self._notes.open("a") as notes, ThreadPoolExecutor(AT_ONCE) as pool:
            putting = [(one, pool.submit(self._put, one, known)) for one in self._found]
            try:
                for one, put in putting:
                    if put.result():
                        notes.write(f"{one.key}\n")
                        notes.flush()
                    else:
                        damaged.add(one.key)
                    self._done += one.size
                    self._progress(Step.FILES, self._done, self._of)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        self._compare(damaged)
        self._store.put_note(ownership.NOTE, ownership.note_of(self._studio))
        self._notes.unlink(missing_ok=True)
        return damaged

    def _begin(self) -> None:
        written = self._store.note(ownership.NOTE)
        if written is None:
            if next(self._store.listed(""), None) is not None:
                raise StorageError("move.not_empty", place=str(self._store.address))
            self._store.put_note(ownership.NOTE, ownership.note_of(self._studio, moving=True))
        elif ownership.whose(written) != self._studio:
            raise StorageError("store.of_others", store=str(self._store.address))

    def _known(self) -> set[str]:
        """What an earlier try put there, and read back."""
        if not self._notes.is_file():
            return set()
        noted = set(self._notes.read_text().splitlines())
        return {one.key for one in self._store.listed("") if one.key in noted}

    def _put(self, one: _Sent, known: set[str]) -> bool:
        if one.key in known:
            return True
        sha256 = sha256_of(one.file)
        if one.sha256 not in (None, sha256):
            return False
        self._store.put(one.key, one.file, sha256, name=one.name)
        return True

    def _compare(self, damaged: set[str]) -> None:
        """Every file was hashed on its way; now each has to be there, and as large as here."""
        there = {one.key: one.size for one in self._store.listed("")}
        for one in self._found:
            if one.key not in damaged and there.get(one.key) != one.size:
                raise StorageError("store.unreliable", store=str(self._store.address))

"""The database: opening it, bringing its tables up to date, and transactions.

Writing transactions follow one another, over all processes: who looks and then writes finds what it saw. SQLite, the
default, has one write lock, taken at the start (BEGIN IMMEDIATE): a transaction that reads first and writes later would
otherwise fail at once, without waiting, when another process wrote in between. PostgreSQL: see `storage/postgresql.py`.
"""

import asyncio
import contextlib
import errno
import os
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import create_engine, event, inspect, text
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage import one_hop, postgresql
from storage.bell import Bell
from storage.clock import now
from storage.errors import StorageError
from storage.files import DiskFull, says_full
from storage.listening import ListeningBell
from storage.queueing import WriterQueue, alone

BUSY_TIMEOUT_MS: Final = 30_000
MIGRATING_AT_MOST: Final = 600.0  # seconds that another process is waited for
GIVES_WAY: Final = 0.5  # seconds, at most
_MIGRATIONS = Path(__file__).parent / "migrations"

Transaction = AsyncConnection


class Database:
    """One open database. `reading()` and `writing()` are the two kinds of transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._on_server = postgresql.is_postgresql(engine.url)
        self._name = postgresql.shown(engine.url) if self._on_server else str(engine.url.database)
        # One writer at a time within this process, in order; then one over all processes.
        self._writer = asyncio.Lock()
        self._urgent = 0
        self._nothing_urgent = asyncio.Event()
        self._nothing_urgent.set()
        file = engine.url.database if not self._on_server else None
        self._queue = WriterQueue(Path(file), BUSY_TIMEOUT_MS / 1000) if file else None
        self.bell = ListeningBell(engine.url) if self._on_server else Bell(Path(file) if file else None)

    @classmethod
    async def open(cls, url: str) -> "Database":
        """Open the database at `url`, making or migrating its tables first (with a copy of the file kept)."""
        await asyncio.to_thread(migrate, parsed(url))
        return await cls.connect(url)

    @classmethod
    async def connect(cls, url: str) -> "Database":
        """Open a database whose tables are known to be up to date."""
        where = parsed(url)
        await asyncio.to_thread(_check_there, where)
        if postgresql.is_postgresql(where):
            return cls(postgresql.make_engine(where, BUSY_TIMEOUT_MS))
        options = {"timeout": BUSY_TIMEOUT_MS / 1000, "factory": _ClosedWithNothingLeft}
        engine = create_async_engine(where, module=one_hop.module(), connect_args=options)
        _prepare_sqlite(engine)
        return cls(engine)

    async def close(self) -> None:
        await self.bell.close()
        await self._engine.dispose()

    async def __aenter__(self) -> "Database":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def tidy(self) -> None:
        """Leave nothing of what was deleted in SQLite's journal, as far as no reader needs it still."""
        if self._engine.url.get_backend_name() == "sqlite":
            with explained(self._name):
                async with self._engine.connect() as connection:
                    await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def giving_way(self) -> Iterator[None]:
        """While this is open, transactions that have not begun wait for a moment.

        Every statement goes to a thread of SQLite's and back, and each time the loop waits for Python's lock: 216 times
        for one job that was asked for on Discord. On a busy machine that was half of the loop's time in a profile.
        """
        self._urgent += 1
        self._nothing_urgent.clear()
        try:
            yield
        finally:
            self._urgent -= 1
            if not self._urgent:
                self._nothing_urgent.set()

    async def _give_way(self) -> None:
        if self._urgent:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nothing_urgent.wait(), GIVES_WAY)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """A transaction that sees one consistent state and changes nothing."""
        await self._give_way()
        with explained(self._name):
            async with self._engine.connect() as connection:
                if self._on_server:
                    await postgresql.read_only(connection)
                try:
                    yield connection
                finally:
                    await connection.rollback()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Transaction]:
        """A transaction that is committed when the block ends well, and leaves no trace when it does not."""
        await self._give_way()
        with explained(self._name):
            async with self._writer, self._turn(), self._engine.connect() as connection:
                await connection.execution_options(writing=True)
                async with connection.begin():
                    if self._on_server:
                        await postgresql.stand_in_line(connection)
                    yield connection
                    if self._on_server:
                        await postgresql.ring(connection)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._queue is None:
            yield
            return
        async with contextlib.AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self._queue.turn())
            except TimeoutError as error:
                raise StorageError("database.locked", file=self._name, cause="others write") from error
            yield


def parsed(url: str) -> URL:
    """The address of a database of a kind that Kinora knows. It may hold a password: no error repeats it."""
    with suppress(ArgumentError, ValueError):
        where = make_url(url)
        if where.get_backend_name() == "sqlite" or postgresql.is_postgresql(where):
            return where
    raise StorageError("database.url")


class _ClosedWithNothingLeft(sqlite3.Connection):
    """Whoever waits for a statement may be called off; its connection is then closed. SQLite keeps a closed connection
    while a cursor of it is still known somewhere, and with it the write lock: nobody could write for as long.
    """

    def close(self) -> None:
        with suppress(sqlite3.Error):
            if self.in_transaction:
                self.rollback()
        super().close()


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turns the database's own trouble (no room, locked, damaged) into errors with a code; mistakes of ours pass by."""
    try:
        yield
    except IntegrityError:
        raise
    except (DatabaseError, sqlite3.DatabaseError) as error:
        origin = getattr(error, "orig", None) or error
        if not isinstance(origin, sqlite3.Error):
            if trouble := postgresql.explained(name, error):
                raise trouble from error
            raise
        said = str(origin)
        if "is full" in said:
            raise DiskFull(path=name) from error
        if "locked" in said:
            raise StorageError("database.locked", file=name, cause=said) from error
        if "readonly" in said or "read-only" in said or "unable to open" in said:
            raise StorageError("folder.unusable", folder=str(Path(name).parent), cause=said) from error
        if "malformed" in said or "not a database" in said or "I/O error" in said:
            raise StorageError("database.unreadable", file=name, cause=said) from error
        raise


def _prepare_sqlite(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def configure(connection: Any, _: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "synchronous = FULL",  # a job that was acknowledged survives a power cut
            "foreign_keys = ON",
            "secure_delete = ON",  # what somebody had deleted is not left readable in the file's free space
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


# -- migrations ----------------------------------------------------------------------------------------------------


def newest_version() -> str:
    """The version that this release of Kinora writes."""
    return max(known_versions())


def known_versions() -> set[str]:
    """The numbers that the migrations' files begin with, which are their versions."""
    return {file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py")}


def stored_version(url: URL) -> str | None:
    """The version that the database has; None for one that is empty."""
    engine = create_engine(synchronous(url))
    try:
        with engine.connect() as connection:
            if postgresql.is_postgresql(url):
                postgresql.check_encoding(connection, postgresql.shown(url))
            if not inspect(connection).has_table("alembic_version"):
                return None
            version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            return version
    finally:
        engine.dispose()


def synchronous(url: URL) -> URL:
    """For those who do without a loop."""
    return postgresql.with_driver(url) if postgresql.is_postgresql(url) else url.set(drivername="sqlite")


def migrate(url: URL) -> None:
    """Bring the tables up to date: a newer Kinora's database is refused, an older one is copied first."""
    file = Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
    name = str(file or postgresql.shown(url))
    try:
        with explained(name):
            if file is not None:
                _make_file(file)
                _write_ahead(file)
            if stored_version(url) == newest_version():
                return
            with alone(file, MIGRATING_AT_MOST) if file is not None else contextlib.nullcontext():
                current = stored_version(url)  # again: somebody else may have been at it
                if current == newest_version():
                    return
                if current is not None and current not in known_versions():
                    raise StorageError("database.newer", file=name, version=current)
                if current is not None and file is not None:
                    copy_database(file, file.with_name(f"{file.name}.before-{newest_version()}"))
                upgrade(url)
    except OSError as error:
        if says_full(error):
            raise DiskFull(path=name) from error
        raise StorageError("folder.unusable", folder=str(file and file.parent), cause=error.strerror) from error


def upgrade(url: URL, version: str = "head") -> None:
    """Run the migrations up to this version, without a copy first."""
    # Imported here: it takes a quarter of a second, and nearly every start finds its tables up to date.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["url"] = synchronous(url)
    command.upgrade(config, version)


def _check_there(url: URL) -> None:
    """SQLite would make an empty file of what is not there."""
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).is_file():
        raise StorageError("database.unreadable", file=url.database, cause=os.strerror(errno.ENOENT))


def _make_file(file: Path) -> None:
    """Make the data folder and the database file readable by their owner alone, before anything is written to them."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def _write_ahead(file: Path) -> None:
    """Switch the journal to WAL, which the file remembers: readers and the one writer then do not wait for each other.

    SQLite does not wait for a lock here, whatever the busy timeout, so this is done once and not at every connection.
    """
    patience = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    connection = sqlite3.connect(file, timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        while connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError:
                if time.monotonic() > patience:
                    raise
                time.sleep(0.05)
    finally:
        connection.close()


def copy_database(source: Path, destination: Path) -> None:
    """A consistent copy, also while others write, through SQLite's own backup; whole or not there at all."""
    partial = destination.with_name(f"{destination.name}.{now()}.part")
    os.close(os.open(partial, os.O_CREAT | os.O_RDWR, 0o600))
    try:
        with sqlite3.connect(source) as original, sqlite3.connect(partial) as copy:
            original.backup(copy)
        original.close()
        copy.close()
        shutil.move(partial, destination)
    finally:
        partial.unlink(missing_ok=True)

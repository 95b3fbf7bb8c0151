"""Whoever waits is told of what is written: here, in another process, and not of what is only read."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.bell import Bell
from storage.database import Database
from storage.listening import ListeningBell
from tests.databases import on_both, on_sqlite, url
from tests.engine.small_studio import opened

ROOT = Path(__file__).parents[2]
LONG = 20.0
WRITES = """
import asyncio, sys
from sqlalchemy import text
from storage.database import Database
from storage.listening import ListeningBell
async def main():
    async with await Database.connect(sys.argv[1]) as database, database.writing() as tx:
        await tx.execute(text("INSERT INTO notes VALUES ('b')"))
asyncio.run(main())
"""


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await opened(tmp_path) as database:
        async with database.writing() as tx:
            await tx.execute(text("CREATE TABLE notes (word TEXT)"))
        database.bell.heard()
        await asyncio.sleep(0.3)  # where it has to begin to listen first, it has by now
        yield database


async def write(database: Database, word: str = "a") -> None:
    async with database.writing() as tx:
        await tx.execute(text("INSERT INTO notes VALUES (:word)"), {"word": word})


async def waited(bell: Bell | ListeningBell, heard: object, *, at_least: float = 0.0, at_most: float = LONG) -> float:
    before = time.monotonic()
    await asyncio.wait_for(bell.after(heard, at_least=at_least, at_most=at_most), LONG * 2)
    return time.monotonic() - before


@on_both
async def test_it_rings_for_whoever_waits(database: Database) -> None:
    heard = database.bell.heard()
    waiting = [asyncio.create_task(waited(database.bell, heard)) for _ in range(50)]
    await asyncio.sleep(0.2)
    assert not any(one.done() for one in waiting)
    await write(database)
    assert max(await asyncio.gather(*waiting)) < LONG


@on_both
async def test_what_was_written_before_the_wait_is_not_missed(database: Database) -> None:
    heard = database.bell.heard()
    await write(database)
    assert await waited(database.bell, heard) < LONG


@on_both
async def test_reading_and_writing_nothing_ring_nothing(database: Database) -> None:
    heard = database.bell.heard()
    async with database.reading() as tx:
        await tx.execute(text("SELECT * FROM notes"))
    async with database.writing() as tx:
        await tx.execute(text("DELETE FROM notes WHERE word = 'nobody wrote this'"))
    with pytest.raises(ZeroDivisionError):
        async with database.writing() as tx:
            await tx.execute(text("INSERT INTO notes VALUES ('taken back')"))
            raise ZeroDivisionError
    assert database.bell.heard() == heard
    assert await waited(database.bell, heard, at_most=0.3) >= 0.3


@on_both
async def test_it_rings_across_processes(database: Database, tmp_path: Path) -> None:
    heard = database.bell.heard()
    writer = subprocess.Popen([sys.executable, "-c", WRITES, url(tmp_path)], cwd=ROOT)
    assert await waited(database.bell, heard) < LONG
    assert writer.wait(LONG) == 0


@on_both
async def test_nobody_is_woken_too_soon(database: Database) -> None:
    heard = database.bell.heard()
    await write(database)
    assert await waited(database.bell, heard, at_least=0.4) >= 0.4


@on_sqlite
async def test_where_it_cannot_listen_every_look_may_find_something(tmp_path: Path) -> None:
    for bell in (Bell(None), Bell(tmp_path / "nowhere.db")):
        heard = bell.heard()
        assert await waited(bell, heard, at_least=0.1) < LONG
        await bell.close()
    assert not (tmp_path / "nowhere.db").exists(), "listening makes no file"

"""SQLite's statements by one way to its thread: the same answers as ever, and no more than one way each."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from storage import one_hop


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'x.db'}", module=one_hop.module())
    async with engine.begin() as made:
        await made.execute(text("CREATE TABLE clips (id INTEGER PRIMARY KEY, name TEXT UNIQUE, length REAL)"))
        yield made
    await engine.dispose()


async def test_what_is_written_is_counted_and_read_back(connection: AsyncConnection) -> None:
    insert = text("INSERT INTO clips (name, length) VALUES (:name, :length)")
    many = await connection.execute(insert, [{"name": "狼", "length": 1.5}, {"name": "🐺", "length": None}])
    assert many.rowcount == 2
    one = await connection.execute(insert, {"name": "wolf", "length": 2})
    assert (one.rowcount, one.lastrowid) == (1, 3)
    asked = await connection.execute(text("SELECT name, length FROM clips ORDER BY id"))
    assert list(asked.keys()) == ["name", "length"]
    assert asked.fetchmany(2) == [("狼", 1.5), ("🐺", None)]
    assert asked.all() == [("wolf", 2.0)]
    changed = await connection.execute(text("UPDATE clips SET length = 1 WHERE length IS NOT NULL RETURNING id"))
    assert changed.scalars().all() == [1, 3]
    gone = await connection.execute(text("DELETE FROM clips"))
    assert (gone.rowcount, gone.returns_rows) == (3, False)
    assert (await connection.execute(text("SELECT * FROM clips"))).all() == []


async def test_what_goes_wrong_is_told_as_ever_and_the_connection_goes_on(connection: AsyncConnection) -> None:
    await connection.execute(text("INSERT INTO clips (name) VALUES ('wolf')"))
    with pytest.raises(IntegrityError) as told:
        await connection.execute(text("INSERT INTO clips (name) VALUES ('wolf')"))
    assert isinstance(told.value.orig, sqlite3.IntegrityError)
    with pytest.raises(OperationalError):
        await connection.execute(text("SELECT nothing FROM nowhere"))
    assert (await connection.execute(text("SELECT count(*) FROM clips"))).scalar_one() == 1


async def test_a_statement_goes_to_the_thread_once(
    connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = 0
    usual = aiosqlite.Connection._execute

    async def counted(self: aiosqlite.Connection, *arguments: Any, **options: Any) -> Any:
        nonlocal ways
        ways += 1
        return await usual(self, *arguments, **options)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    for _ in range(10):
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
    assert ways == 10

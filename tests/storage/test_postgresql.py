"""A database on a PostgreSQL server: the same rules as on a file, and its own trouble told by name."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, insert, text
from sqlalchemy.engine import make_url

from storage import members, postgresql
from storage.database import Database, migrate, newest_version, stored_version
from storage.errors import StorageError
from storage.tables import metadata
from tests import databases
from tests.databases import on_postgresql

pytestmark = on_postgresql
ROOT = Path(__file__).parents[2]
_HOLDER = """
import asyncio, sys
from storage.database import Database
async def main():
    async with await Database.connect(sys.argv[1]) as database, database.writing() as tx:
        await tx.exec_driver_sql("INSERT INTO leases VALUES ('half', 'done', 1, 1)")
        print("held", flush=True)
        await asyncio.sleep(600)
asyncio.run(main())
"""


@pytest.fixture
def url(database_kind: str) -> str:
    return databases.new_on_server()


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    async with await Database.connect(url) as opened:
        yield opened


async def communities_in(database: Database) -> int:
    async with database.reading() as tx:
        return int((await tx.execute(text("SELECT count(*) FROM communities"))).scalar_one())


# -- tables --------------------------------------------------------------------------------------------------------


async def test_a_new_database_has_every_table_also_when_two_processes_make_it() -> None:
    url = databases.new_on_server(empty=True)
    program = "import sys; from storage.database import migrate, parsed; migrate(parsed(sys.argv[1]))"
    runs = [await asyncio.create_subprocess_exec(sys.executable, "-c", program, url, cwd=ROOT) for _ in range(2)]
    assert [await run.wait() for run in runs] == [0, 0]
    engine = create_engine(postgresql.with_driver(make_url(url)))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()
    assert stored_version(make_url(url)) == newest_version()


async def test_a_newer_database_is_refused(url: str) -> None:
    with databases.at(url) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    try:
        with pytest.raises(StorageError, match=r"database\.newer"):
            await Database.open(url)
    finally:
        with databases.at(url) as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{newest_version()}'")


def test_whole_numbers_json_and_letters_come_back_as_they_were(url: str) -> None:
    engine = create_engine(postgresql.with_driver(make_url(url)))
    table = metadata.tables["posted"]
    said = {"words": "雪 🎬 ' \\ \u0000 \ud83d", "none": None, "big": 2**62}
    row = {"platform": "p", "place": "x" * 40, "message": 2**63 - 1, "kind": "k", "about": "a", "content": said}
    with engine.begin() as connection:
        connection.execute(insert(table).values(**row, posted_at=2**53))
        found = connection.execute(table.select()).one()
    engine.dispose()
    assert (found.message, found.posted_at, found.content) == (2**63 - 1, 2**53, said)


# -- the line of writers -------------------------------------------------------------------------------------------


async def test_many_connections_look_and_then_write_and_nobody_is_overtaken(url: str) -> None:
    """As processes do: each `Database` has its own lock. Without the line most of these would overwrite another."""
    opened = [await Database.connect(url) for _ in range(6)]
    async with opened[0].writing() as tx:
        await members.add_community(tx, "c", "test", "c")

    async def count_up(database: Database) -> None:
        for _ in range(10):
            async with database.writing() as tx:
                row = await members.community(tx, "c")
                assert row is not None
                await members.change_community(tx, "c", {"count": row.settings.get("count", 0) + 1})

    await asyncio.gather(*map(count_up, opened))
    async with opened[0].reading() as tx:
        row = await members.community(tx, "c")
    assert row is not None and row.settings == {"count": 60}
    for database in opened:
        await database.close()


async def test_what_a_killed_writer_held_is_free_at_once_and_its_half_is_gone(database: Database, url: str) -> None:
    holder = subprocess.Popen([sys.executable, "-c", _HOLDER, url], stdout=subprocess.PIPE, cwd=ROOT)
    with holder:
        assert holder.stdout is not None
        assert await asyncio.to_thread(holder.stdout.readline) == b"held\n"

        async def write() -> None:
            async with database.writing() as tx:
                assert (await tx.execute(text("SELECT count(*) FROM leases"))).scalar() == 0

        waiting = asyncio.create_task(write())
        await asyncio.sleep(0.3)
        assert not waiting.done()
        holder.send_signal(signal.SIGKILL)
        await asyncio.wait_for(waiting, 10)


async def test_who_sits_on_the_line_loses_it_and_who_waits_too_long_is_told(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.BUSY_TIMEOUT_MS", 1_500)  # who sits has two thirds of it
    async with await Database.connect(url) as slow, await Database.connect(url) as patient:
        with pytest.raises(StorageError, match=r"database\.(locked|away)"):
            async with slow.writing() as tx:
                await members.add_community(tx, "c", "test", "c")
                writing = asyncio.create_task(_write(patient))
                await asyncio.sleep(1.4)
                await members.add_community(tx, "d", "test", "d")
        await writing
        assert await communities_in(patient) == 1

        async with slow.writing() as tx:
            waiting = asyncio.create_task(_write(patient))
            for _ in range(20):
                await asyncio.sleep(0.1)
                await tx.execute(text("SELECT 1"))
            with pytest.raises(StorageError, match=r"database\.locked"):
                await waiting


async def _write(database: Database) -> None:
    async with database.writing() as tx:
        await members.add_community(tx, "w", "test", "w")


async def test_a_reader_sees_one_state_and_changes_nothing(database: Database) -> None:
    async with database.reading() as tx:
        assert (await tx.execute(text("SELECT count(*) FROM communities"))).scalar() == 0
        await _write(database)
        assert (await tx.execute(text("SELECT count(*) FROM communities"))).scalar() == 0
    assert await communities_in(database) == 1
    with pytest.raises(Exception, match="read-only"):
        async with database.reading() as tx:
            await members.add_community(tx, "r", "test", "r")


async def test_who_is_called_off_while_writing_keeps_nobody_from_it(database: Database) -> None:
    async def write(name: str) -> None:
        async with database.writing() as tx:
            await members.add_community(tx, name, "test", name)
            await tx.execute(text("SELECT pg_sleep(0.002)"))

    for number in range(60):
        called_off = asyncio.create_task(write(f"off{number}"))
        await asyncio.sleep(number % 20 / 2_000)
        called_off.cancel()
        await asyncio.gather(called_off, return_exceptions=True)
        await asyncio.wait_for(write(f"kept{number}"), 10)
    async with database.reading() as tx:
        kept = await tx.execute(text("SELECT count(*) FROM communities WHERE id LIKE 'kept%'"))
        assert kept.scalar() == 60


# -- a server that goes away ---------------------------------------------------------------------------------------


async def test_a_server_that_was_restarted_costs_those_in_the_middle_their_transaction_and_nobody_else(
    database: Database, url: str
) -> None:
    heard = database.bell.heard()
    await database.bell.after(heard, at_least=0.0, at_most=10)  # it listens now
    name = str(make_url(url).database)
    with pytest.raises(StorageError, match=r"database\.away"):
        async with database.writing() as tx:
            await members.add_community(tx, "c", "test", "c")
            await asyncio.to_thread(databases.end_connections, name)
            await members.add_community(tx, "d", "test", "d")
    assert await communities_in(database) == 0
    await _write(database)
    assert await communities_in(database) == 1

    for _ in range(100):  # the bell rings again as soon as its connection is back
        heard = database.bell.heard()
        if isinstance(heard, int) and heard > 0:
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.05)
    heard = database.bell.heard()
    waiting = asyncio.create_task(database.bell.after(heard, at_least=0.0, at_most=30))
    async with database.writing() as tx:
        await members.add_community(tx, "later", "test", "later")
    await asyncio.wait_for(waiting, 10)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("postgresql://kinora:secret@127.0.0.1:1/kinora", "database.away"),
        ("postgresql://postgres@/nowhere?host={socket}", "database.refused"),
        ("postgresql://nobody@/postgres?host={socket}", "database.refused"),
        ("mysql://kinora:secret@127.0.0.1/kinora", "database.url"),
        ("kinora:secret", "database.url"),
        ("postgresql://kinora:secret@127.0.0.1:port/kinora", "database.url"),
    ],
)
async def test_a_database_that_cannot_be_opened_is_told_by_name_and_no_password_is_repeated(
    wrong: str, code: str
) -> None:
    socket = make_url(databases.server()).query["host"]
    with pytest.raises(StorageError) as refused:
        await Database.open(wrong.format(socket=socket))
    assert refused.value.code == code
    assert "secret" not in str(refused.value)


async def test_texts_that_are_not_kept_as_utf8_are_refused() -> None:
    name = "kinora_latin"
    with databases.at(databases.server().format("postgres")) as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    try:
        with pytest.raises(StorageError, match=r"database\.encoding"):
            migrate(make_url(databases.server().format(name)))
    finally:
        with databases.at(databases.server().format("postgres")) as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("statement", ["UPDATE ledger SET reason = ''", "DELETE FROM audit"])
async def test_the_database_keeps_our_own_mistakes_out(database: Database, statement: str) -> None:
    async with database.writing() as tx:
        await members.add_member(tx, "m", "free", "test", "m")
        for row in (
            "INSERT INTO ledger (key, member_id, kind, available, reserved, reason, created_at)"
            " VALUES ('k', 'm', 'grant', 1, 0, '', 0)",
            "INSERT INTO audit VALUES (1, 0, NULL, 'a', 'c', NULL, '{}', '', '')",
        ):
            await tx.exec_driver_sql(row)
    with pytest.raises(Exception, match="only added to|append-only"):
        async with database.writing() as tx:
            await tx.exec_driver_sql(statement)

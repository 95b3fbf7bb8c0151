"""The database file: made, migrated, refused or reported, and never harmed."""

import asyncio
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from storage import members
from storage.database import Database, copy_database, newest_version
from storage.errors import StorageError
from storage.tables import metadata

REPOSITORY = Path(__file__).parents[2]


def url(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


async def test_a_new_database_has_every_table_and_is_private(tmp_path: Path) -> None:
    file = tmp_path / "data" / "kinora.db"
    async with await Database.open(url(file)):
        pass
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    engine = create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == newest_version()
    engine.dispose()


def test_the_migrations_files_are_named_by_their_versions() -> None:
    config = Config()
    config.set_main_option("script_location", str(REPOSITORY / "storage" / "migrations"))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [newest_version()]
    for script in scripts.walk_revisions():
        assert Path(script.path).name.startswith(f"{script.revision}_")


async def test_foreign_keys_hold_and_the_journal_is_ahead(tmp_path: Path) -> None:
    async with await Database.open(url(tmp_path / "kinora.db")) as database:
        async with database.reading() as tx:
            assert (await tx.exec_driver_sql("PRAGMA foreign_keys")).scalar() == 1
            assert (await tx.exec_driver_sql("PRAGMA journal_mode")).scalar() == "wal"
        with pytest.raises(Exception, match="FOREIGN KEY"):
            async with database.writing() as tx:
                await members.add_role(tx, "nobody", "nowhere", "member")


async def test_a_transaction_that_fails_leaves_no_trace(tmp_path: Path) -> None:
    async with await Database.open(url(tmp_path / "kinora.db")) as database:
        with pytest.raises(RuntimeError):
            async with database.writing() as tx:
                await members.add_community(tx, "c", "local", "local")
                raise RuntimeError
        async with database.reading() as tx:
            assert await members.community_known_as(tx, "local", "local") is None


async def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "kinora.db"
    async with await Database.open(url(file)):
        pass
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(StorageError) as refused:
        await Database.open(url(file))
    assert refused.value.code == "database.newer"
    assert refused.value.params["version"] == "9999"
    assert file.read_bytes() == before


async def test_a_database_that_is_not_there_is_reported_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"database\.unreadable"):
        await Database.connect(f"sqlite+aiosqlite:///{tmp_path / 'nowhere.db'}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", ["garbage", "truncated"])
async def test_a_damaged_database_is_reported_and_left_alone(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "kinora.db"
    async with await Database.open(url(file)) as database, database.writing() as tx:
        await members.add_community(tx, "c", "local", "local")
    whole = file.read_bytes()
    broken = b"not a database at all " * 400 if damage == "garbage" else whole[: 4096 * 3 + 100]
    file.write_bytes(broken)
    for beside in tmp_path.glob("kinora.db-*"):
        beside.unlink()
    with pytest.raises(StorageError) as refused:
        async with await Database.open(url(file)) as database, database.reading() as tx:
            await members.community_known_as(tx, "local", "local")
    assert refused.value.code == "database.unreadable"
    assert file.read_bytes() == broken


async def test_an_older_database_is_copied_before_it_is_changed(tmp_path: Path) -> None:
    file = tmp_path / "kinora.db"
    with sqlite3.connect(file) as connection:  # what Alembic leaves before its first migration
        connection.execute("CREATE TABLE keepsake (word TEXT)")
        connection.execute("INSERT INTO keepsake VALUES ('舊')")
    connection.close()
    copy = tmp_path / "copy.db"
    copy_database(file, copy)
    with sqlite3.connect(copy) as copied:
        assert copied.execute("SELECT word FROM keepsake").fetchall() == [("舊",)]
    copied.close()
    assert not list(tmp_path.glob("*.part"))
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


_HOLD_THE_LOCK = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("COMMIT")
"""


async def test_a_writer_waits_for_another_process(tmp_path: Path) -> None:
    file = tmp_path / "kinora.db"
    async with await Database.open(url(file)) as database:
        other = subprocess.Popen(
            [sys.executable, "-c", _HOLD_THE_LOCK, str(file), "1.0"], stdout=subprocess.PIPE, text=True
        )
        with other:
            assert other.stdout is not None
            assert await asyncio.to_thread(other.stdout.readline) == "locked\n"
            async with database.writing() as tx:
                await members.add_community(tx, "c", "local", "local")
        assert other.returncode == 0


async def test_many_tasks_write_at_once(tmp_path: Path) -> None:
    async with await Database.open(url(tmp_path / "kinora.db")) as database:

        async def write(number: int) -> None:
            async with database.writing() as tx:
                await members.add_community(tx, f"c{number}", "local", str(number))

        await asyncio.gather(*(write(number) for number in range(100)))
        async with database.reading() as tx:
            assert (await tx.execute(text("SELECT count(*) FROM communities"))).scalar() == 100


async def test_transactions_give_way_to_what_is_urgent_and_not_for_long(tmp_path: Path) -> None:
    order: list[str] = []

    async def look(database: Database) -> None:
        async with database.reading():
            order.append("read")

    async with await Database.open(url(tmp_path / "kinora.db")) as database:
        with database.giving_way():
            looking = asyncio.create_task(look(database))
            await asyncio.sleep(0.05)
            order.append("said")
        await looking
        with database.giving_way():  # something that never ends keeps nobody waiting for ever
            await asyncio.wait_for(look(database), 30)
    assert order == ["said", "read", "read"]


async def test_two_processes_make_one_database_at_once(tmp_path: Path) -> None:
    program = "import asyncio, sys; from storage.database import Database\n"
    program += "async def main():\n    async with await Database.open(sys.argv[1]): pass\nasyncio.run(main())"
    runs = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, url(tmp_path / "kinora.db"))
        for _ in range(4)
    ]
    assert [await run.wait() for run in runs] == [0, 0, 0, 0]


async def test_who_is_called_off_while_writing_keeps_nobody_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.BUSY_TIMEOUT_MS", 1_000)
    async with await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'kinora.db'}") as database:
        async with database.writing() as tx:
            await tx.execute(text("CREATE TABLE notes (word TEXT)"))

        async def write(word: str) -> None:
            async with database.writing() as tx:
                await tx.execute(text("INSERT INTO notes VALUES (:word)"), {"word": word})
                await tx.execute(text("SELECT count(*) FROM notes"))

        for tenths in range(300):
            called_off = asyncio.create_task(write("called off"))
            await asyncio.sleep(tenths % 100 / 10_000)
            called_off.cancel()
            await asyncio.gather(called_off, return_exceptions=True)
            await write("kept")
        async with database.reading() as tx:
            kept = await tx.execute(text("SELECT count(*) FROM notes WHERE word = 'kept'"))
            assert kept.scalar() == 300

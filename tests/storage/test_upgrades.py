"""Every migration goes forward on a database that the version before it filled, and every row is still there.

The tables are read from the old database itself, so a new migration is held to this without a new test.
"""

import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, create_engine, event, insert, select
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import JSON, Boolean, Float, Integer, LargeBinary, String

from engine.brief import Brief
from storage.database import known_versions, migrate, newest_version, stored_version, upgrade
from storage.postgresql import with_driver
from tests import databases

ROWS = 4
WORDS = ("wolf", "雪地裡的狼", "🎬 émoji", "''; --")
# What a column really holds, where a migration may want to read it.
MEANT: dict[tuple[str, str], tuple[Any, ...]] = {
    ("jobs", "brief"): tuple(Brief(prompt=word + " runs").model_dump(mode="json") for word in WORDS),
    ("jobs", "state"): ("delivered", "queued", "held", "failed"),
    ("jobs", "lane"): ("priority", "relaxed", "priority", "priority"),
    ("takes", "state"): ("released", "waiting", "held", "failed"),
    ("ledger", "kind"): ("grant", "reserve", "spend", "return"),
    ("communities", "platform"): ("local", "discord", "telegram", "discord"),
    ("identities", "platform"): ("local", "discord", "telegram", "discord"),
    ("memberships", "role"): ("operator", "member", "moderator", "member"),
}
VERSIONS = sorted(known_versions())


@pytest.fixture
def engine(tmp_path: Path, database_kind: str) -> Iterator[Engine]:
    if database_kind == databases.POSTGRESQL:
        on_server = create_engine(with_driver(make_url(databases.new_on_server(empty=True))))
        yield on_server
        on_server.dispose()
        return
    made = create_engine(f"sqlite:///{tmp_path / 'kinora.db'}")

    @event.listens_for(made, "connect")
    def hold_foreign_keys(connection: Any, _: object) -> None:
        connection.execute("PRAGMA foreign_keys = ON")

    yield made
    made.dispose()


def tables_of(connection: Connection) -> MetaData:
    found = MetaData()
    found.reflect(connection)
    found.remove(found.tables["alembic_version"])
    return found


def fill(connection: Connection) -> None:
    dice = random.Random("a full database")
    for table in tables_of(connection).sorted_tables:
        for number in range(ROWS):
            _add_row(connection, table, number, dice)


def _add_row(connection: Connection, table: Table, number: int, dice: random.Random) -> None:
    """A row that the table's own constraints take: some columns may be empty together, others may not."""
    row = {column.name: _value(connection, column, number) for column in table.columns}
    optional = [column.name for column in table.columns if column.nullable]
    for _ in range(60):
        try:
            with connection.begin_nested():
                connection.execute(insert(table).values(row))
        except IntegrityError as error:
            if "CHECK" not in str(error).upper():
                raise
            emptied = dice.sample(optional, dice.randint(0, len(optional)))
            row = {
                column.name: None if column.name in emptied else _value(connection, column, number)
                for column in table.columns
            }
        else:
            return
    raise AssertionError(f"no row fits {table.name}")


def _value(connection: Connection, column: Column[Any], number: int) -> Any:
    table = column.table.name
    for key in column.foreign_keys:
        others = connection.execute(select(key.column).order_by(key.column)).scalars().all()
        return others[number % len(others)] if others else None
    if meant := MEANT.get((table, column.name)):
        return meant[number % len(meant)]
    match column.type:
        case JSON():
            return {"word": WORDS[number % len(WORDS)], "number": number}
        case Boolean():
            return number % 2 == 0
        case Float():
            return number + 0.5
        case Integer():
            return 1_700_000_000_000 + number if column.name.endswith("_at") else number + 1
        case LargeBinary():
            return WORDS[number % len(WORDS)].encode()
        case String():
            return f"{number} {WORDS[number % len(WORDS)]} {column.name}"[: column.type.length]
    raise AssertionError(f"{table}.{column.name}: what to put into {column.type}?")


def rows_of(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table).order_by(*table.primary_key)).mappings()]


def everything(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    with engine.connect() as connection:
        return {table.name: rows_of(connection, table) for table in tables_of(connection).sorted_tables}


def check_kept(before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]) -> None:
    """Tables and columns may come; none goes, and no value changes."""
    for table, rows in before.items():
        assert table in after
        assert len(after[table]) >= len(rows)
        kept = [{name: row[name] for name in rows[0]} for row in after[table]]
        assert all(row in kept for row in rows), table


def test_the_check_notices_a_lost_row_and_a_changed_value() -> None:
    before = {"members": [{"id": "a", "plan": "plus"}, {"id": "b", "plan": "pro"}]}
    check_kept(before, {"members": [*({**row, "new": 1} for row in before["members"])], "more": []})
    for broken in ([before["members"][0]], [before["members"][0], {"id": "b", "plan": "plus"}]):
        with pytest.raises(AssertionError):
            check_kept(before, {"members": broken})


@pytest.mark.parametrize("version", VERSIONS)
def test_every_table_of_every_version_can_be_filled(engine: Engine, version: str) -> None:
    upgrade(engine.url, version)
    with engine.begin() as connection:
        fill(connection)
    assert all(len(rows) == ROWS for rows in everything(engine).values())


STEPS = [*pairwise(VERSIONS), (VERSIONS[0], newest_version())]


@pytest.mark.parametrize(
    ("database_kind", "old", "new"),
    [
        *((databases.SQLITE, *step) for step in STEPS),
        *(pytest.param(databases.POSTGRESQL, *step, marks=pytest.mark.soak) for step in STEPS[:-1]),
        (databases.POSTGRESQL, *STEPS[-1]),
    ],
    indirect=["database_kind"],
)
def test_a_full_database_goes_forward_with_all_its_rows(engine: Engine, old: str, new: str) -> None:
    upgrade(engine.url, old)
    with engine.begin() as connection:
        fill(connection)
    before = everything(engine)
    upgrade(engine.url, new)
    assert stored_version(engine.url) == new
    check_kept(before, everything(engine))
    if engine.dialect.name != "sqlite":
        return  # it holds foreign keys by itself
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


@databases.on_sqlite
def test_an_upgrade_leaves_a_copy_of_what_was_there_before(tmp_path: Path, engine: Engine) -> None:
    upgrade(engine.url, VERSIONS[0])
    with engine.begin() as connection:
        fill(connection)
    before = everything(engine)
    migrate(make_url(f"sqlite+aiosqlite:///{tmp_path / 'kinora.db'}"))
    check_kept(before, everything(engine))
    copies = list(tmp_path.glob("kinora.db.before-*"))
    assert len(copies) == (VERSIONS[0] != newest_version())
    for copy in copies:
        old = create_engine(f"sqlite:///{copy}")
        assert everything(old) == before
        old.dispose()

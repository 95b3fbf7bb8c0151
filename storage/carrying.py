"""Carrying every row of one database into another, empty one; killed at any moment, it goes on where it was.

While it lasts the new database has a version that no Kinora knows, so that nothing starts on half of a studio; a table
beside the others says how far it is. At the end both sides are read once more and compared, table by table.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    func,
    insert,
    inspect,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import DataError

from storage import postgresql
from storage.database import (
    Database,
    Transaction,
    explained,
    migrate,
    newest_version,
    parsed,
    stored_version,
    synchronous,
)
from storage.errors import StorageError
from storage.tables import metadata

UNDER_WAY: Final = "moving"  # the version of a database that is not whole yet
AT_ONCE: Final = 500  # rows: also of those that hold a film
# Who holds a lease is a process of the old database.
LEFT_BEHIND: Final = frozenset({"leases"})

_progress = Table(
    "moving",
    MetaData(),
    Column("name", String(64), primary_key=True),
    Column("studio", String(64), nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("after", Text),  # the key of the last row, as JSON; none before the first
)

Told = Callable[[int, int], None]  # rows done, of how many


@dataclass(frozen=True)
class Summed:
    """What a table holds, whatever the order of its rows."""

    rows: int
    digest: str


def tables() -> list[Table]:
    """In an order in which each stands on those before it alone."""
    return [table for table in metadata.sorted_tables if table.name not in LEFT_BEHIND]


def prepare(url: str, studio: str) -> bool:
    """Make the new database ready for the rows of this studio; False where they are all there already.

    StorageError where something else is in it. Nothing of what is there is touched then.
    """
    where = parsed(url)
    with explained(_shown(where)):
        return _prepare(where, studio)


def _prepare(where: URL, studio: str) -> bool:
    version, name = stored_version(where), _shown(where)
    if version is not None and version != UNDER_WAY:
        with _connected(where) as connection:
            found = _studio_in(connection) if version == newest_version() else None
            if found == studio:
                return False
            if found is not None or version != newest_version() or _has_rows(connection):
                raise StorageError("move.not_empty", place=name)
    elif version is None:
        with _connected(where) as connection:
            if inspect(connection).get_table_names():
                raise StorageError("move.not_empty", place=name)
        migrate(where)
    with _connected(where) as connection:
        if version != UNDER_WAY:
            _progress.create(connection, checkfirst=True)
            rows = [{"name": table.name, "studio": studio, "rows": 0} for table in tables()]
            connection.execute(insert(_progress), rows)
            connection.execute(text("UPDATE alembic_version SET version_num = :one"), {"one": UNDER_WAY})
        begun_for = set(connection.execute(select(_progress.c.studio)).scalars())
        if begun_for != {studio}:
            raise StorageError("move.of_others", place=name)
        if {*connection.execute(select(_progress.c.name)).scalars()} != {table.name for table in tables()}:
            raise StorageError("move.other_version", place=name)
    return True


async def carry(source: Database, target: Database, told: Told) -> None:
    """Copy what is not there yet, some rows at a time, each lot with the note of how far it went."""
    async with source.reading() as tx:
        sizes = {table.name: await _count(tx, table) for table in tables()}
    async with target.reading() as tx:
        begun = {row.name: row for row in await tx.execute(select(_progress))}
    done, of = sum(int(row.rows) for row in begun.values()), sum(sizes.values())
    for table in tables():
        rows, after = int(begun[table.name].rows), begun[table.name].after
        while lot := await _lot(source, table, json.loads(after) if after else None):
            after, rows = json.dumps(_key(table, lot[-1])), rows + len(lot)
            own = _to_itself(table)
            async with target.writing() as tx:
                try:
                    await tx.execute(insert(table), [{**row, **dict.fromkeys(own)} for row in lot])
                except DataError as error:  # a text with a zero byte, which SQLite takes and PostgreSQL does not
                    raise StorageError("move.unsuitable", table=table.name) from error
                here = _progress.c.name == table.name
                await tx.execute(update(_progress).where(here).values(rows=rows, after=after))
            done += len(lot)
            told(done, of)
    for table in tables():
        if own := _to_itself(table):
            await _point_to_itself(source, target, table, own)


async def summed(database: Database, told: Told) -> dict[str, Summed]:
    """What each table holds."""
    async with database.reading() as tx:
        of = sum([await _count(tx, table) for table in tables()])
    found, done = {}, 0
    for table in tables():
        rows, total, after = 0, 0, None
        while lot := await _lot(database, table, after):
            total += sum(int.from_bytes(_hashed(row)) for row in lot)
            rows, after = rows + len(lot), _key(table, lot[-1])
            done += len(lot)
            told(done, of)
        found[table.name] = Summed(rows, f"{total % 2**256:064x}")
    return found


async def finish(target: Database) -> None:
    """Let Kinora start on it."""
    async with target.writing() as tx:
        if (await tx.run_sync(lambda connection: connection.dialect.name)) == "postgresql":
            for table in tables():
                await _count_on(tx, table)
        await tx.run_sync(lambda connection: _progress.drop(connection))
        await tx.execute(text("UPDATE alembic_version SET version_num = :one"), {"one": newest_version()})


# -- rows ----------------------------------------------------------------------------------------------------------


async def _lot(database: Database, table: Table, after: Sequence[Any] | None) -> list[dict[str, Any]]:
    keys = list(table.primary_key.columns)
    query = select(table).order_by(*keys).limit(AT_ONCE)
    if after is not None:
        query = query.where(tuple_(*keys) > tuple_(*after) if len(keys) > 1 else keys[0] > after[0])
    async with database.reading() as tx:
        return [dict(row._mapping) for row in await tx.execute(query)]


def _key(table: Table, row: Mapping[str, Any]) -> list[Any]:
    return [row[column.name] for column in table.primary_key.columns]


def _to_itself(table: Table) -> list[str]:
    """Columns that refer to rows of the same table, which may come later."""
    return [one.parent.name for one in table.foreign_keys if one.column.table is table]


async def _point_to_itself(source: Database, target: Database, table: Table, own: Iterable[str]) -> None:
    for name in own:
        after = None
        while lot := await _lot(source, table, after):
            after = _key(table, lot[-1])
            async with target.writing() as tx:
                for row in (row for row in lot if row[name] is not None):
                    same = [column == row[column.name] for column in table.primary_key.columns]
                    await tx.execute(update(table).where(*same).values({name: row[name]}))


async def _count(tx: Transaction, table: Table) -> int:
    return int((await tx.execute(select(func.count()).select_from(table))).scalar_one())


async def _count_on(tx: Transaction, table: Table) -> None:
    """Numbers that the server gives out go on after the last one that was carried over."""
    column = table.autoincrement_column
    if column is None:
        return
    sequence = text("SELECT pg_get_serial_sequence(:table, :column)")
    name = (await tx.execute(sequence, {"table": table.name, "column": column.name})).scalar()
    last = (await tx.execute(select(func.max(column)))).scalar()
    if name is not None and last is not None:
        await tx.execute(text("SELECT setval(CAST(:name AS regclass), :last)"), {"name": name, "last": last})


def _hashed(row: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(json.dumps(row, sort_keys=True, default=_plain, ensure_ascii=True).encode()).digest()


def _plain(value: Any) -> str:
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    raise TypeError(type(value).__name__)


# -- the new database ----------------------------------------------------------------------------------------------


def _shown(where: URL) -> str:
    return postgresql.shown(where) if postgresql.is_postgresql(where) else str(where.database)


@contextmanager
def _connected(where: URL) -> Iterator[Connection]:
    """One transaction of the bare driver."""
    engine = create_engine(synchronous(where))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _studio_in(connection: Connection) -> str | None:
    communities = metadata.tables["communities"]
    home = select(communities.c.id).where(communities.c.platform == "local", communities.c.external_id == "local")
    return connection.execute(home).scalar()


def _has_rows(connection: Connection) -> bool:
    return any(connection.execute(select(1).select_from(table).limit(1)).scalar() for table in tables())

"""Making two members one: every row that names the one comes to name the other.

What names a member is read from the tables themselves, so that a table that comes later is not forgotten. Where both
have a row and there may be one only, the other one's stands and this one's goes.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Column, Table, UniqueConstraint, and_, delete, exists, select, update

from storage.database import Transaction
from storage.tables import cases, ledger, link_codes, members, memberships, metadata, purchases, restrictions

# What stays with the name under which it happened: the ledger is only added to, and who decided is on record.
_STAYS: Final = frozenset(
    {ledger.c.member_id, ledger.c.by_id, cases.c.decided_by, restrictions.c.set_by, purchases.c.refunded_by}
)
# What is settled row by row elsewhere.
_SETTLED: Final = frozenset({members.c.merged_into, memberships.c.member_id, link_codes.c.member_id})


async def move_rows(tx: Transaction, source: str, target: str) -> None:
    """Have all that names `source` name `target`, but for what stays on record. The caller settles the rest."""
    for column in columns_to_move():
        await _move(tx, column, source, target)
    await tx.execute(delete(link_codes).where(link_codes.c.member_id == source))
    # Who had turned out to be the source is the target now, so that one look is enough.
    await tx.execute(update(members).where(members.c.merged_into == source).values(merged_into=target))
    await tx.execute(update(members).where(members.c.id == source).values(merged_into=target))


def columns_to_move() -> list[Column[str]]:
    """Every column that names a member, but for those that stay or are settled elsewhere."""
    return [
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if any(key.column is members.c.id for key in column.foreign_keys) and column not in _STAYS | _SETTLED
    ]


async def _move(tx: Transaction, column: Column[str], source: str, target: str) -> None:
    table = column.table
    assert isinstance(table, Table)
    for key in _keys_with(column, table):
        other = table.alias()
        same = and_(*(other.c[one.name] == one for one in key if one is not column), other.c[column.name] == target)
        await tx.execute(delete(table).where(column == source, exists(select(1).select_from(other).where(same))))
    await tx.execute(update(table).where(column == source).values({column.name: target}))


def _keys_with(column: Column[str], table: Table) -> Iterator[list[Column[str]]]:
    """The keys of the table of which this column is a part."""
    for key in (table.primary_key, *(one for one in table.constraints if isinstance(one, UniqueConstraint))):
        if column.name in key.columns:
            yield list(key.columns)


async def memberships_of(tx: Transaction, member_id: str) -> dict[str, str]:
    """What a member is in which community."""
    query = select(memberships.c.community_id, memberships.c.role).where(memberships.c.member_id == member_id)
    return {str(community): str(role) for community, role in await tx.execute(query)}


async def drop_memberships(tx: Transaction, member_id: str) -> None:
    await tx.execute(delete(memberships).where(memberships.c.member_id == member_id))

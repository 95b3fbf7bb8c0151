"""What a member or a community chose, each under its key in their settings."""

from typing import Any

from sqlalchemy import Table, select, update

from storage.database import Transaction
from storage.tables import communities, members


async def of_member(tx: Transaction, member_id: str, key: str) -> Any:
    return (await _settings(tx, members, member_id)).get(key)


async def of_community(tx: Transaction, community_id: str, key: str) -> Any:
    return (await _settings(tx, communities, community_id)).get(key)


async def set_for_member(tx: Transaction, member_id: str, key: str, value: object) -> None:
    await _set(tx, members, member_id, key, value)


async def set_for_community(tx: Transaction, community_id: str, key: str, value: object) -> None:
    await _set(tx, communities, community_id, key, value)


async def _settings(tx: Transaction, table: Table, key: str, *, locked: bool = False) -> dict[str, Any]:
    query = select(table.c.settings).where(table.c.id == key)
    # Locked where the database locks rows: two choices made at once must not undo each other.
    found = (await tx.execute(query.with_for_update() if locked else query)).scalar_one_or_none()
    return dict(found or {})


async def _set(tx: Transaction, table: Table, whose: str, key: str, value: object) -> None:
    settings = await _settings(tx, table, whose, locked=True)
    if value is None:
        settings.pop(key, None)
    else:
        settings[key] = value
    await tx.execute(update(table).where(table.c.id == whose).values(settings=settings))

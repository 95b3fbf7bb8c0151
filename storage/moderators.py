"""What moderators have settled for their own desks, and which closed queues they are named for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from storage.database import Transaction
from storage.rows import changed, every, one
from storage.tables import moderators


@dataclass(frozen=True)
class ModeratorRow:
    community_id: str
    member_id: str
    queues: Collection[str]
    settings: Mapping[str, Any]


async def get(tx: Transaction, community_id: str, member_id: str) -> ModeratorRow:
    mine = (moderators.c.community_id == community_id) & (moderators.c.member_id == member_id)
    found = await one(tx, ModeratorRow, select(moderators).where(mine))
    return found or ModeratorRow(community_id, member_id, (), {})


async def named_for(tx: Transaction, community_id: str, queue: str) -> list[str]:
    """Who is named for this closed queue."""
    rows = await every(tx, ModeratorRow, select(moderators).where(moderators.c.community_id == community_id))
    return [row.member_id for row in rows if queue in row.queues]


async def put(tx: Transaction, row: ModeratorRow) -> None:
    values = {"queues": sorted(row.queues), "settings": dict(row.settings)}
    mine = (moderators.c.community_id == row.community_id) & (moderators.c.member_id == row.member_id)
    if not await changed(tx, update(moderators).where(mine).values(values)):
        await tx.execute(insert(moderators).values(community_id=row.community_id, member_id=row.member_id, **values))

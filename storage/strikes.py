"""Strikes against members: each has an end, and can be lifted."""

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import every
from storage.tables import strikes


@dataclass(frozen=True)
class StrikeRow:
    decision_id: int
    member_id: str
    community_id: str
    reason: str
    at: int
    expires_at: int
    lifted_at: int | None


async def add(
    tx: Transaction, *, decision_id: int, member_id: str, community_id: str, reason: str, last_ms: int
) -> None:
    at = now()
    values = {"decision_id": decision_id, "member_id": member_id, "community_id": community_id, "reason": reason}
    await tx.execute(insert(strikes).values(**values, at=at, expires_at=at + last_ms))


async def active(tx: Transaction, member_id: str, community_id: str) -> list[StrikeRow]:
    """Those that count now, the oldest first."""
    query = select(strikes).where(
        strikes.c.member_id == member_id,
        strikes.c.community_id == community_id,
        strikes.c.expires_at > now(),
        strikes.c.lifted_at.is_(None),
    )
    return await every(tx, StrikeRow, query.order_by(strikes.c.at, strikes.c.decision_id))


async def lift(tx: Transaction, decision_id: int) -> None:
    mine = (strikes.c.decision_id == decision_id) & strikes.c.lifted_at.is_(None)
    await tx.execute(update(strikes).where(mine).values(lifted_at=now()))

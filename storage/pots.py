"""Pots: credits with which a community sponsors its members' clips. What is in one stands in the ledger."""

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import changed, every, one
from storage.tables import pots


@dataclass(frozen=True)
class PotRow:
    id: str
    community_id: str
    name: str
    most_each: int | None
    opened_by: str
    created_at: int
    closed_at: int | None


async def get(tx: Transaction, pot_id: str) -> PotRow | None:
    return await one(tx, PotRow, select(pots).where(pots.c.id == pot_id))


async def open_ones(tx: Transaction, community_id: str) -> list[PotRow]:
    """The pots of a community that are not closed, the oldest first."""
    query = select(pots).where(pots.c.community_id == community_id, pots.c.closed_at.is_(None))
    return await every(tx, PotRow, query.order_by(pots.c.created_at, pots.c.id))


async def add(tx: Transaction, **values: object) -> None:
    await tx.execute(insert(pots).values(created_at=now(), **values))


async def close(tx: Transaction, pot_id: str) -> bool:
    """False when it was closed before."""
    return bool(
        await changed(tx, update(pots).where(pots.c.id == pot_id, pots.c.closed_at.is_(None)).values(closed_at=now()))
    )

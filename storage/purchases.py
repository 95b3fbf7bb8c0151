"""Payments that credits came of: each is here once, by what the platform calls it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import insert, select, update

from storage.database import Transaction
from storage.rows import changed, every, one
from storage.tables import purchases

_AT_ONCE: Final = 500  # values in one statement: databases bound them


@dataclass(frozen=True)
class PurchaseRow:
    id: str
    offer: str
    member_id: str
    platform: str
    charge: str
    payer: str | None
    language: str
    credits: int
    price: int
    currency: str
    state: str
    reason: str
    bought_at: int
    refunded_at: int | None
    refunded_by: str | None


async def add(tx: Transaction, **values: object) -> None:
    await tx.execute(insert(purchases).values(reason="", **values))


async def get(tx: Transaction, purchase_id: str) -> PurchaseRow | None:
    return await one(tx, PurchaseRow, select(purchases).where(purchases.c.id == purchase_id))


async def of_charge(tx: Transaction, platform: str, charge: str) -> PurchaseRow | None:
    theirs = (purchases.c.platform == platform) & (purchases.c.charge == charge)
    return await one(tx, PurchaseRow, select(purchases).where(theirs))


async def known_charges(tx: Transaction, platform: str, charges: Collection[str]) -> set[str]:
    """Those of them that are here."""
    asked, found = list(charges), set[str]()
    for at in range(0, len(asked), _AT_ONCE):
        theirs = (purchases.c.platform == platform) & purchases.c.charge.in_(asked[at : at + _AT_ONCE])
        found |= {str(charge) for (charge,) in await tx.execute(select(purchases.c.charge).where(theirs))}
    return found


async def has_any(tx: Transaction, platform: str) -> bool:
    query = select(purchases.c.id).where(purchases.c.platform == platform).limit(1)
    return (await tx.execute(query)).first() is not None


async def of_offer(tx: Transaction, offer: str) -> list[PurchaseRow]:
    return await every(tx, PurchaseRow, select(purchases).where(purchases.c.offer == offer))


async def of_member(tx: Transaction, member_id: str, *, limit: int) -> list[PurchaseRow]:
    """The newest first."""
    query = select(purchases).where(purchases.c.member_id == member_id)
    return await every(tx, PurchaseRow, query.order_by(purchases.c.bought_at.desc(), purchases.c.id).limit(limit))


async def in_state(tx: Transaction, platform: str, state: str) -> list[PurchaseRow]:
    """The oldest first."""
    query = select(purchases).where(purchases.c.platform == platform, purchases.c.state == state)
    return await every(tx, PurchaseRow, query.order_by(purchases.c.bought_at, purchases.c.id))


async def change(tx: Transaction, purchase_id: str, before: Collection[str], **values: object) -> bool:
    """False when it is in none of these states, any more."""
    theirs = (purchases.c.id == purchase_id) & purchases.c.state.in_(before)
    return bool(await changed(tx, update(purchases).where(theirs).values(**values)))

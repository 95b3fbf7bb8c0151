"""What keeps a member from asking: here or everywhere, for a while or until it is lifted."""

from dataclasses import dataclass

from sqlalchemy import insert, or_, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import changed, every, one
from storage.tables import restrictions


@dataclass(frozen=True)
class RestrictionRow:
    id: int
    member_id: str
    community_id: str | None
    until: int | None
    reason: str
    set_by: str
    created_at: int
    lifted_at: int | None


async def add(tx: Transaction, **values: object) -> int:
    made = await tx.execute(insert(restrictions).values(created_at=now(), **values).returning(restrictions.c.id))
    return int(made.scalar_one())


async def in_force(tx: Transaction, member_id: str, community_id: str) -> RestrictionRow | None:
    """What keeps this member from asking here; of several, the one that lasts longest."""
    query = select(restrictions).where(
        restrictions.c.member_id == member_id,
        or_(restrictions.c.community_id.is_(None), restrictions.c.community_id == community_id),
        restrictions.c.lifted_at.is_(None),
        or_(restrictions.c.until.is_(None), restrictions.c.until > now()),
    )
    return await one(tx, RestrictionRow, query.order_by(restrictions.c.until.is_not(None), restrictions.c.until.desc()))


async def any_in_force(tx: Transaction, member_id: str) -> bool:
    """Whether anything keeps this member from asking anywhere."""
    found = await of_member(tx, member_id)
    return any(one.lifted_at is None and (one.until is None or one.until > now()) for one in found)


async def of_member(tx: Transaction, member_id: str) -> list[RestrictionRow]:
    query = select(restrictions).where(restrictions.c.member_id == member_id)
    return await every(tx, RestrictionRow, query.order_by(restrictions.c.id))


async def lift_one(tx: Transaction, restriction_id: int) -> None:
    mine = (restrictions.c.id == restriction_id) & restrictions.c.lifted_at.is_(None)
    await tx.execute(update(restrictions).where(mine).values(lifted_at=now()))


async def lift(tx: Transaction, member_id: str, community_id: str | None) -> int:
    """End this member's restrictions in a community; None: everywhere. Answers how many were in force."""
    statement = update(restrictions).where(
        restrictions.c.member_id == member_id,
        restrictions.c.lifted_at.is_(None),
        or_(restrictions.c.until.is_(None), restrictions.c.until > now()),
    )
    if community_id is not None:
        statement = statement.where(restrictions.c.community_id == community_id)
    return await changed(tx, statement.values(lifted_at=now()))

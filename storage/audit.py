"""The rows of the audit, and its head. What they must say of each other is safety/audit's business."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, text, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import every, one
from storage.tables import audit, audit_heads

HEAD = "audit"
NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True)
class AuditRow:
    number: int
    at: int
    actor: str | None
    action: str
    community_id: str
    case_id: str | None
    data: Mapping[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True)
class Head:
    number: int
    hash: str


async def head(tx: Transaction) -> Head | None:
    query = select(audit_heads.c.number, audit_heads.c.hash).where(audit_heads.c.name == HEAD)
    return await one(tx, Head, query)


async def locked_head(tx: Transaction) -> Head:
    """The head, held until the transaction ends: writers follow one another. Made on first use."""
    await tx.execute(
        text("INSERT INTO audit_heads (name, number, hash) VALUES (:name, 0, :hash) ON CONFLICT DO NOTHING"),
        {"name": HEAD, "hash": NOTHING_BEFORE},
    )
    query = select(audit_heads.c.number, audit_heads.c.hash).where(audit_heads.c.name == HEAD).with_for_update()
    found = await one(tx, Head, query)
    assert found is not None
    return found


async def add(tx: Transaction, row: AuditRow) -> None:
    """Add the row and move the head to it."""
    await tx.execute(insert(audit).values(**vars(row)))
    await tx.execute(update(audit_heads).where(audit_heads.c.name == HEAD).values(number=row.number, hash=row.hash))


async def after(tx: Transaction, number: int, *, limit: int) -> list[AuditRow]:
    query = select(audit).where(audit.c.number > number).order_by(audit.c.number).limit(limit)
    return await every(tx, AuditRow, query)


async def between(tx: Transaction, start: int, end: int, after_number: int, *, limit: int) -> list[AuditRow]:
    """Rows of a period, page by page."""
    query = select(audit).where(audit.c.number > after_number, audit.c.at >= start, audit.c.at < end)
    return await every(tx, AuditRow, query.order_by(audit.c.number).limit(limit))


async def of_case(tx: Transaction, case_id: str) -> list[AuditRow]:
    return await every(tx, AuditRow, select(audit).where(audit.c.case_id == case_id).order_by(audit.c.number))


async def search(
    tx: Transaction,
    community_id: str,
    *,
    case_id: str | None,
    actor: str | None,
    action: str | None,
    start: int | None,
    end: int | None,
    before: int | None,
    limit: int,
) -> list[AuditRow]:
    """What happened at this community's desk, the newest first; None asks for everything."""
    query = select(audit).where(audit.c.community_id == community_id).order_by(audit.c.number.desc()).limit(limit)
    for column, wanted in ((audit.c.case_id, case_id), (audit.c.actor, actor), (audit.c.action, action)):
        if wanted is not None:
            query = query.where(column == wanted)
    for bound in (
        audit.c.at >= start if start is not None else None,
        audit.c.at < end if end is not None else None,
        audit.c.number < before if before is not None else None,
    ):
        if bound is not None:
            query = query.where(bound)
    return await every(tx, AuditRow, query)


async def actions(tx: Transaction, community_id: str) -> list[str]:
    query = select(audit.c.action).where(audit.c.community_id == community_id).distinct().order_by(audit.c.action)
    return [str(action) for (action,) in await tx.execute(query)]


async def count(tx: Transaction, actor: str, action: str, *, within_ms: int) -> int:
    """How often somebody did this lately."""
    query = select(func.count()).select_from(audit)
    query = query.where(audit.c.actor == actor, audit.c.action == action, audit.c.at > now() - within_ms)
    return int((await tx.execute(query)).scalar_one())

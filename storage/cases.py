"""Cases: what waits at the review desk, and what was decided. One case a subject."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import changed, every, one
from storage.tables import cases


@dataclass(frozen=True)
class CaseRow:
    id: str
    subject: str
    subject_id: str
    job_id: str
    community_id: str
    verdict: Mapping[str, Any]
    opened_at: int
    decision: str | None
    decided_by: str | None
    decided_at: int | None
    note: str


async def open_case(tx: Transaction, **values: object) -> None:
    await tx.execute(insert(cases).values(opened_at=now(), note="", **values))


async def get(tx: Transaction, case_id: str) -> CaseRow | None:
    return await one(tx, CaseRow, select(cases).where(cases.c.id == case_id))


async def about(tx: Transaction, subject: str, subject_id: str) -> CaseRow | None:
    return await one(tx, CaseRow, select(cases).where(cases.c.subject == subject, cases.c.subject_id == subject_id))


async def undecided(tx: Transaction, *, job_id: str | None = None) -> list[CaseRow]:
    """Open cases, the oldest first."""
    query = select(cases).where(cases.c.decision.is_(None)).order_by(cases.c.opened_at, cases.c.id)
    return await every(tx, CaseRow, query if job_id is None else query.where(cases.c.job_id == job_id))


async def decide(tx: Transaction, case_id: str, decision: str, decided_by: str | None, note: str) -> bool:
    """Write the decision; False when somebody decided before."""
    met = await changed(
        tx,
        update(cases)
        .where(cases.c.id == case_id, cases.c.decision.is_(None))
        .values(decision=decision, decided_by=decided_by, decided_at=now(), note=note),
    )
    return bool(met)

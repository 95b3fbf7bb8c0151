"""Appeals: one a decision, and what became of it."""

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import changed, every, one
from storage.tables import appeals, cases


@dataclass(frozen=True)
class AppealRow:
    decision_id: int
    case_id: str
    member_id: str
    text: str
    filed_at: int
    outcome: str | None
    judged_at: int | None


async def file(tx: Transaction, *, decision_id: int, case_id: str, member_id: str, text: str) -> None:
    values = {"decision_id": decision_id, "case_id": case_id, "member_id": member_id, "text": text, "filed_at": now()}
    await tx.execute(insert(appeals).values(values))


async def against(tx: Transaction, decision_id: int) -> AppealRow | None:
    return await one(tx, AppealRow, select(appeals).where(appeals.c.decision_id == decision_id))


async def of_case(tx: Transaction, case_id: str) -> AppealRow | None:
    return await one(tx, AppealRow, select(appeals).where(appeals.c.case_id == case_id))


async def judge(tx: Transaction, decision_id: int, outcome: str | None) -> bool:
    """Write the outcome; None takes it back."""
    statement = update(appeals).where(appeals.c.decision_id == decision_id)
    return bool(await changed(tx, statement.values(outcome=outcome, judged_at=now() if outcome else None)))


async def in_period(tx: Transaction, community_id: str, start: int, end: int) -> list[AppealRow]:
    query = select(appeals).join(cases, cases.c.id == appeals.c.case_id).where(cases.c.community_id == community_id)
    return await every(tx, AppealRow, query.where(appeals.c.filed_at >= start, appeals.c.filed_at < end))

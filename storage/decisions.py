"""Decisions: added, never changed, but for the moment at which one was undone or overturned."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import every, one
from storage.tables import cases, decisions, jobs

FINAL = "final"
OPINION = "opinion"
_STAND = (decisions.c.stage == FINAL, decisions.c.undone_at.is_(None), decisions.c.overturned_at.is_(None))


@dataclass(frozen=True)
class DecisionRow:
    id: int
    case_id: str | None
    round: int
    subject: str
    subject_id: str
    job_id: str
    community_id: str
    stage: str
    action: str
    reason: str
    policy_version: str
    note: str
    word: str
    strike: bool
    bank: bool
    restricted_until: int | None
    by_id: str | None
    automated: bool
    own: bool
    effects: Mapping[str, Any]
    at: int
    undone_at: int | None
    overturned_at: int | None

    @property
    def stands(self) -> bool:
        return self.stage == FINAL and self.undone_at is None and self.overturned_at is None


async def add(tx: Transaction, **values: object) -> DecisionRow:
    made = await tx.execute(
        insert(decisions).values(**({"at": now(), "effects": {}} | values)).returning(decisions.c.id)
    )
    row = await get(tx, made.scalar_one())
    assert row is not None
    return row


async def get(tx: Transaction, decision_id: int) -> DecisionRow | None:
    return await one(tx, DecisionRow, select(decisions).where(decisions.c.id == decision_id))


async def of_case(tx: Transaction, case_id: str) -> list[DecisionRow]:
    """Opinions and decisions, undone ones too, in the order in which they were given."""
    return await every(
        tx, DecisionRow, select(decisions).where(decisions.c.case_id == case_id).order_by(decisions.c.id)
    )


async def of_job(tx: Transaction, job_id: str) -> list[DecisionRow]:
    return await of_jobs(tx, [job_id])


async def of_jobs(tx: Transaction, job_ids: Collection[str]) -> list[DecisionRow]:
    query = select(decisions).where(decisions.c.job_id.in_(job_ids)).order_by(decisions.c.id)
    return await every(tx, DecisionRow, query)


async def about(tx: Transaction, subject: str, subject_id: str) -> list[DecisionRow]:
    """Final decisions about this thing, the oldest first."""
    query = select(decisions).where(
        decisions.c.subject == subject, decisions.c.subject_id == subject_id, decisions.c.stage == FINAL
    )
    return await every(tx, DecisionRow, query.order_by(decisions.c.id))


async def of_member(
    tx: Transaction, member_id: str, community_id: str, *, limit: int | None = None
) -> list[DecisionRow]:
    """Final decisions about a member's requests here, the newest first."""
    query = (
        select(decisions)
        .join(jobs, jobs.c.id == decisions.c.job_id)
        .where(jobs.c.member_id == member_id, decisions.c.community_id == community_id, decisions.c.stage == FINAL)
        .order_by(decisions.c.id.desc())
        .limit(limit)
    )
    return await every(tx, DecisionRow, query)


async def change(tx: Transaction, decision_id: int, **values: object) -> None:
    """Only for what becomes of a decision: undone, overturned, and what its effects were."""
    assert values.keys() <= {"undone_at", "overturned_at", "effects"}
    await tx.execute(update(decisions).where(decisions.c.id == decision_id).values(**values))


async def banked_briefs(tx: Transaction, community_id: str, *, limit: int) -> list[tuple[str, Mapping[str, Any]]]:
    """Reason and brief of what moderators here want to be known again, the newest first."""
    query = (
        select(decisions.c.reason, jobs.c.brief)
        .join(jobs, jobs.c.id == decisions.c.job_id)
        .where(decisions.c.community_id == community_id, decisions.c.bank, *_STAND)
        .order_by(decisions.c.id.desc())
        .limit(limit)
    )
    return [(str(reason), brief) for reason, brief in await tx.execute(query)]


async def refused_briefs(
    tx: Transaction, community_id: str, *, since: int, limit: int
) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Member, reason and brief of what people refused here and stand by, the newest first."""
    query = (
        select(jobs.c.member_id, decisions.c.reason, jobs.c.brief)
        .join(jobs, jobs.c.id == decisions.c.job_id)
        .where(decisions.c.community_id == community_id, decisions.c.subject == "brief", *_STAND)
        .where(decisions.c.action == "refuse", decisions.c.automated.is_(False), decisions.c.at >= since)
        .order_by(decisions.c.id.desc())
        .limit(limit)
    )
    return [(str(member), str(reason), brief) for member, reason, brief in await tx.execute(query)]


async def of_briefs(tx: Transaction, community_id: str, closed_queue: str) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Action, reason and brief of what people decided here about prompts, and stand by; not of the closed queue."""
    query = (
        select(decisions.c.action, decisions.c.reason, jobs.c.brief)
        .join(jobs, jobs.c.id == decisions.c.job_id)
        .where(decisions.c.community_id == community_id, decisions.c.subject == "brief", *_STAND)
        .join(cases, cases.c.id == decisions.c.case_id)
        .where(cases.c.queue != closed_queue)
        .order_by(decisions.c.id)
    )
    return [(str(action), str(reason), brief) for action, reason, brief in await tx.execute(query)]


@dataclass(frozen=True)
class Timed:
    """A final decision together with when its case was opened."""

    action: str
    reason: str
    automated: bool
    strike: bool
    restricted_until: int | None
    opened_at: int | None
    at: int
    undone_at: int | None
    overturned_at: int | None


async def in_period(tx: Transaction, community_id: str, start: int, end: int) -> list[Timed]:
    names = [name for name in Timed.__dataclass_fields__ if name != "opened_at"]
    query = (
        select(*[decisions.c[name] for name in names], cases.c.opened_at)
        .outerjoin(cases, cases.c.id == decisions.c.case_id)
        .where(decisions.c.community_id == community_id, decisions.c.stage == FINAL)
        .where(decisions.c.at >= start, decisions.c.at < end, decisions.c.subject != "decision")
    )
    return await every(tx, Timed, query.order_by(decisions.c.id))

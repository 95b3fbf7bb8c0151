"""Doubts: which refusals their members call wrong."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from storage.clock import now
from storage.database import Transaction
from storage.rows import every
from storage.tables import decisions, doubts, jobs


@dataclass(frozen=True)
class DoubtRow:
    """A doubt, with the decision that it is about and the brief that was decided about."""

    decision_id: int
    at: int
    job_id: str
    subject: str
    subject_id: str
    action: str
    reason: str
    automated: bool
    stands: bool
    brief: Mapping[str, Any]


async def add(tx: Transaction, decision_id: int, member_id: str) -> None:
    await tx.execute(insert(doubts).values(decision_id=decision_id, member_id=member_id, at=now()))


async def among(tx: Transaction, decision_ids: Collection[int]) -> set[int]:
    """Which of these decisions are doubted."""
    query = select(doubts.c.decision_id).where(doubts.c.decision_id.in_(decision_ids))
    return set((await tx.execute(query)).scalars())


async def in_period(tx: Transaction, community_id: str, start: int, end: int) -> list[DoubtRow]:
    """The newest first."""
    d = decisions.c
    query = (
        select(doubts.c.decision_id, doubts.c.at, d.job_id, d.subject, d.subject_id, d.action, d.reason, d.automated)
        .add_columns((d.undone_at.is_(None) & d.overturned_at.is_(None)).label("stands"), jobs.c.brief)
        .join(decisions, d.id == doubts.c.decision_id)
        .join(jobs, jobs.c.id == d.job_id)
        .where(d.community_id == community_id, doubts.c.at >= start, doubts.c.at < end)
        .order_by(doubts.c.at.desc(), doubts.c.decision_id.desc())
    )
    return await every(tx, DoubtRow, query)

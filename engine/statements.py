"""The statement of reasons that a member is owed: what, which rule, automated or not, and what to do next."""

from collections.abc import Collection
from dataclasses import dataclass

from engine import review
from safety.desk import appeals as desk_appeals
from safety.desk.people import ADVERSE, DeskError, Subject
from storage import appeals, decisions, doubts
from storage.database import Transaction
from storage.decisions import DecisionRow


@dataclass(frozen=True)
class Statement:
    """Codes, not sentences: bots/stories puts them in the member's language."""

    decision_id: int
    subject: str
    subject_id: str
    job_id: str
    action: str
    reason: str
    policy_version: str
    automated: bool
    strike: bool
    restricted_until: int | None
    word: str  # from the moderator to the member
    at: int
    appeal: str | None  # filed, upheld, overturned
    can_appeal: bool
    doubted: bool = False  # the member has called it wrong

    @property
    def can_doubt(self) -> bool:
        return self.can_appeal and not self.doubted


async def of_jobs(tx: Transaction, job_ids: Collection[str], member_id: str) -> list[Statement]:
    """What was decided against these requests of this member's, the oldest first."""
    found = await review.decisions_of(tx, *job_ids)
    return [await _of(tx, one, member_id) for one in found if one.action in ADVERSE and one.subject != Subject.DECISION]


async def of_decision(tx: Transaction, decision_id: int, member_id: str) -> Statement | None:
    """One of them, or how an appeal was judged."""
    found = await decisions.get(tx, decision_id)
    return await _of(tx, found, member_id) if found is not None else None


async def _of(tx: Transaction, decision: DecisionRow, member_id: str) -> Statement:
    appeal = await appeals.against(tx, decision.id)
    try:
        await desk_appeals.check(tx, decision, member_id)
        can_appeal = True
    except DeskError:
        can_appeal = False
    return Statement(
        decision_id=decision.id,
        subject=decision.subject,
        subject_id=decision.subject_id,
        job_id=decision.job_id,
        action=decision.action,
        reason=decision.reason,
        policy_version=decision.policy_version,
        automated=decision.automated,
        strike=decision.strike,
        restricted_until=decision.restricted_until,
        word=decision.word,
        at=decision.at,
        appeal=(appeal.outcome or "filed") if appeal else None,
        can_appeal=can_appeal,
        doubted=bool(await doubts.among(tx, [decision.id])),
    )

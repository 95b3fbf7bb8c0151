"""Appeals: one a decision, by whom it is about, judged by somebody who had no part in it."""

from typing import Final

from safety import audit
from safety.desk import cases as at_desk
from safety.desk.cases import About
from safety.desk.people import ADVERSE, DeskError, Kind, Subject
from safety.verdict import Verdict
from storage import appeals, decisions, jobs, strikes
from storage.appeals import AppealRow
from storage.cases import CaseRow
from storage.clock import now
from storage.database import Transaction
from storage.decisions import DecisionRow

UPHELD: Final = "upheld"
OVERTURNED: Final = "overturned"
LONGEST: Final = 2_000  # characters


async def file(
    tx: Transaction, case_id: str, decision: DecisionRow, verdict: Verdict, *, member_id: str, text: str
) -> CaseRow:
    """Open a case against this decision under this id; DeskError when there can be none."""
    await check(tx, decision, member_id)
    if not any(map(str.isalnum, text)):
        raise DeskError("appeal.empty")
    if len(text) > LONGEST:
        raise DeskError("appeal.long", limit=LONGEST)
    case = await at_desk.open_or_join(
        tx,
        case_id,
        About(
            kind=Kind.APPEAL,
            subject=Subject.DECISION,
            subject_id=str(decision.id),
            job_id=decision.job_id,
            community_id=decision.community_id,
            verdict=verdict,
            opened_by=member_id,
        ),
    )
    await appeals.file(tx, decision_id=decision.id, case_id=case.id, member_id=member_id, text=text)
    await audit.append(
        tx, "appealed", actor=member_id, community_id=case.community_id, case_id=case.id, decision=decision.id
    )
    return case


async def check(tx: Transaction, decision: DecisionRow, member_id: str) -> None:
    """DeskError unless this member may appeal against this decision."""
    job = await jobs.get(tx, decision.job_id)
    if job is None or job.member_id != member_id:
        raise DeskError("appeal.not_yours")
    if decision.action not in ADVERSE or not decision.stands or decision.subject == Subject.DECISION:
        raise DeskError("appeal.nothing_to_appeal")
    if decision.by_id == member_id:
        raise DeskError("appeal.own_decision")
    if await appeals.against(tx, decision.id) is not None:
        raise DeskError("appeal.once")


async def judge(tx: Transaction, appeal: AppealRow, *, overturned: bool) -> DecisionRow:
    """Write the outcome. An overturned decision stands no more, and its strike with it."""
    await appeals.judge(tx, appeal.decision_id, OVERTURNED if overturned else UPHELD)
    if overturned:
        await decisions.change(tx, appeal.decision_id, overturned_at=now())
        await strikes.lift(tx, appeal.decision_id)
    decision = await decisions.get(tx, appeal.decision_id)
    assert decision is not None
    return decision

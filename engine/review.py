"""What a moderator's decision does to the job it is about: case, job, credits and outbox in one transaction."""

from engine import jobs, releases
from engine.errors import StudioError
from engine.jobs import JobState, Subject, TakeState
from engine.members import Asker
from safety.verdict import Decision, Verdict
from storage import cases, clips, events, policies
from storage import jobs as ledger
from storage.cases import CaseRow
from storage.database import Transaction
from storage.jobs import JobRow

MODERATORS = frozenset({"moderator", "lead", "operator"})


async def decide(tx: Transaction, case_id: str, decision: Decision, by: Asker, note: str = "") -> CaseRow:
    """Allow or refuse what the case is about. Whoever comes second is told that it was decided already."""
    case = await cases.get(tx, case_id)
    if case is None:
        raise StudioError("case.unknown", case=case_id)
    if case.decision is not None:
        raise StudioError("case.decided", case=case_id, decision=case.decision)
    job = await ledger.get(tx, case.job_id)
    assert job is not None
    own = await _check_right(tx, case, job, by)
    if not await cases.decide(tx, case.id, decision.word, by.member_id, note):
        raise StudioError("case.decided", case=case_id, decision="")
    await events.add(tx, job.id, "decided", case=case.id, decision=decision.word, own=own)
    match Subject(case.subject):
        case Subject.BRIEF:
            await _decide_brief(tx, case, job, decision)
        case Subject.TAKE:
            await _decide_take(tx, job, case.subject_id, decision)
        case Subject.CLIP:
            await _decide_clip(tx, case.subject_id, decision)
    decided = await cases.get(tx, case_id)
    assert decided is not None
    return decided


async def _check_right(tx: Transaction, case: CaseRow, job: JobRow, by: Asker) -> bool:
    """StudioError unless this person may decide this case; True when it is about a request of their own.

    Alone is a community too: there the operator decides on their own requests, unless the policy locks the category.
    """
    if by.community_id != case.community_id or by.role not in MODERATORS:
        raise StudioError("case.not_yours", case=case.id)
    if job.member_id != by.member_id:
        return False
    if not by.is_alone:
        raise StudioError("case.own_request", case=case.id)
    if locked := await _locked_category(tx, Verdict.model_validate(case.verdict)):
        raise StudioError("case.locked", case=case.id, category=locked)
    return True


async def _locked_category(tx: Transaction, verdict: Verdict) -> str | None:
    """A category of the verdict that the policy behind it locks."""
    policy = await policies.get(tx, verdict.policy_version) or {}
    rules = policy.get("categories", {})
    return next((name for name in verdict.categories if rules.get(name, {}).get("locked")), None)


async def _decide_brief(tx: Transaction, case: CaseRow, job: JobRow, decision: Decision) -> None:
    """An allowed brief goes back to the door with its verdict, and from there into the queue."""
    state = JobState.ASKED if decision is Decision.ALLOW else JobState.HELD
    if not await ledger.seize(tx, job.id, {JobState.HELD}, state=state, verdict=_decided(job, decision)):
        raise StudioError("case.busy", case=case.id)
    if decision is Decision.ALLOW:
        await events.add(tx, job.id, JobState.ASKED)
    else:
        await jobs.end_takes(tx, job, TakeState.REFUSED)


async def _decide_take(tx: Transaction, job: JobRow, take_id: str, decision: Decision) -> None:
    take = await ledger.take(tx, take_id)
    assert take is not None
    if decision is Decision.ALLOW:
        await ledger.write_take(tx, take_id, {TakeState.HELD}, state=TakeState.ALLOWED)
    else:
        await jobs.end_take(tx, job, take, TakeState.REFUSED)
    await jobs.settle(tx, job.id)


async def _decide_clip(tx: Transaction, clip_id: str, decision: Decision) -> None:
    """A reported clip stays, or is gone everywhere at once."""
    clip = await clips.get(tx, clip_id)
    if decision is Decision.REFUSE and clip is not None and clip.withdrawn_at is None:
        await releases.take_down(tx, clip)


def _decided(job: JobRow, decision: Decision) -> dict[str, object]:
    """The brief's verdict with the moderator's decision in place of the classifiers'; their signals stay."""
    verdict = Verdict.model_validate(job.verdict)
    return verdict.model_copy(update={"decision": decision}).model_dump(mode="json")

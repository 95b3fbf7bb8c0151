"""What a decision does to the job and the clip it is about: case, job, credits and outbox in one transaction.

`safety.desk` says who may decide what; here it takes effect, and is taken back.
"""

from dataclasses import replace
from typing import Any

from engine import banks, credits, jobs, takedown
from engine import members as people
from engine.brief import Brief
from engine.errors import StudioError
from engine.jobs import ENDED_JOBS, JobState, Subject, TakeState
from engine.members import Asker
from engine.origin import Origin
from safety.desk import appeals as desk_appeals
from safety.desk import decisions as desk
from safety.desk import rules
from safety.desk.decisions import Decided
from safety.desk.people import ADVERSE, Action, Choice, Moderator
from safety.verdict import Decision, Verdict
from storage import appeals, cases, clips, decisions, events, members, moderators, outbox, restrictions, sources
from storage import jobs as ledger
from storage.cases import CaseRow
from storage.clock import now
from storage.database import Transaction
from storage.decisions import DecisionRow
from storage.jobs import JobRow

MODERATORS = frozenset({"moderator", "lead", "operator"})


async def at_desk(tx: Transaction, asker: Asker) -> Moderator:
    """The moderator that somebody is, with the closed queues they are named for."""
    known = await moderators.get(tx, asker.community_id, asker.member_id)
    return Moderator(asker.member_id, asker.community_id, asker.role, asker.is_alone, frozenset(known.queues))


async def decide(tx: Transaction, case_id: str, decision: Decision, by: Asker, note: str = "") -> CaseRow:
    """Allow or refuse, for the gravest reason of the case's own verdict."""
    case = await cases.get(tx, case_id)
    if case is None:
        raise StudioError("case.unknown", case=case_id)
    action = Action.ALLOW if decision is Decision.ALLOW else Action.REFUSE
    choice = Choice(action, await default_reason(tx, case, action), note)
    return (await carry_out(tx, case_id, choice, by)).case


async def default_reason(tx: Transaction, case: CaseRow, action: Action) -> str:
    """What a decision is for when nobody says it: what the classifiers saw, or nothing at all."""
    verdict = Verdict.model_validate(case.verdict)
    if action not in ADVERSE:
        return "no_violation"
    known = await desk.reasons_for(tx, verdict.policy_version)
    return next((signal.category for signal in verdict.signals if signal.category in known), "other")


async def carry_out(tx: Transaction, case_id: str, choice: Choice, by: Asker) -> Decided:
    """Decide a case and do what follows from it. What the member is told waits until it cannot be undone any more."""
    decided = await desk.decide(tx, case_id, choice, await at_desk(tx, by))
    if not decided.is_final:
        await desk.record(tx, decided, {})
        return decided
    case, decision = decided.case, decided.decision
    job = await ledger.get(tx, case.job_id)
    assert job is not None
    written = await outbox.newest(tx)
    await events.add(tx, job.id, "decided", case=case.id, decision=choice.action, own=decision.own)
    effects = await _take_effect(tx, case, decision, job)
    await _state_reasons(tx, decision, job)
    if choice.bank and decision.subject in (Subject.TAKE, Subject.CLIP):
        effects |= {"bank_entry": await _remember_pictures(tx, decision)}
    if choice.restricted_until is not None:
        effects |= {"restriction": await _restrict(tx, job, choice.restricted_until, decision, by)}
    if choice.action is not Action.ALLOW:  # an allowed clip is not kept waiting
        await outbox.hold_back(tx, job.id, written, now() + rules.shipped().undo_ms)
    effects |= {"messages": await outbox.keys_after(tx, job.id, written)}
    await desk.record(tx, decided, effects)
    return decided


async def _restrict(tx: Transaction, job: JobRow, until: int, decision: DecisionRow, by: Asker) -> int:
    """Keep the member from asking here until then; answers with the restriction."""
    member_id = await members.current_id(tx, job.member_id)
    await events.add(tx, job.id, "restricted", until=until, decision=decision.id)
    reason = decision.word or decision.reason
    return await people.restrict(tx, member_id, job.community_id, until=until, reason=reason, by=by)


async def _remember_pictures(tx: Transaction, decision: DecisionRow) -> int | None:
    """A clip has the id of the take it was: how it looked was kept with that."""
    take = await ledger.take(tx, decision.subject_id)
    assert take is not None and decision.by_id is not None
    label = f"{decision.subject} {decision.subject_id}"
    where = (decision.community_id, decision.id, decision.by_id)
    return await banks.remember(tx, *where, label, decision.reason, take.report)


async def _lift_restriction(tx: Transaction, decision: DecisionRow) -> None:
    if (restriction := decision.effects.get("restriction")) is not None:
        await restrictions.lift_one(tx, restriction)


async def _take_effect(tx: Transaction, case: CaseRow, decision: DecisionRow, job: JobRow) -> dict[str, Any]:
    allowed = decision.action == Action.ALLOW
    match Subject(case.subject):
        case Subject.BRIEF:
            await _decide_brief(tx, case, job, allowed=allowed)
            return {}
        case Subject.TAKE:
            await _decide_take(tx, job, case.subject_id, allowed=allowed)
            return await _hash_of_take(tx, case.subject_id)
        case Subject.CLIP:
            clip = await clips.get(tx, case.subject_id)
            assert clip is not None
            if decision.action == Action.TAKE_DOWN:
                return await takedown.take_down(tx, clip, decision)
            return {"sha256": clip.sha256}
        case Subject.DECISION:
            return await _judge_appeal(tx, case, overturned=allowed)


async def _hash_of_take(tx: Transaction, take_id: str) -> dict[str, Any]:
    take = await ledger.take(tx, take_id)
    return {"sha256": (take.report or {}).get("sha256") if take else None}


async def _decide_brief(tx: Transaction, case: CaseRow, job: JobRow, *, allowed: bool) -> None:
    """An allowed brief goes back to the door with its verdict, and from there into the queue."""
    state = JobState.ASKED if allowed else JobState.HELD
    verdict = _decided(job.verdict or case.verdict, allowed=allowed)
    if not await ledger.seize(tx, job.id, {JobState.HELD}, state=state, verdict=verdict):
        raise StudioError("case.busy", case=case.id)
    if allowed:
        await events.add(tx, job.id, JobState.ASKED)
    else:
        await jobs.end_takes(tx, job, TakeState.REFUSED)


async def _decide_take(tx: Transaction, job: JobRow, take_id: str, *, allowed: bool) -> None:
    take = await ledger.take(tx, take_id)
    assert take is not None
    if allowed:
        await ledger.write_take(tx, take_id, {TakeState.HELD}, state=TakeState.ALLOWED)
    else:
        await jobs.end_take(tx, job, take, TakeState.REFUSED)
    await jobs.settle(tx, job.id)


def _decided(verdict: object, *, allowed: bool) -> dict[str, object]:
    """The verdict with the moderator's decision in place of the classifiers'; their signals stay."""
    decision = Decision.ALLOW if allowed else Decision.REFUSE
    return Verdict.model_validate(verdict).model_copy(update={"decision": decision}).model_dump(mode="json")


async def _state_reasons(tx: Transaction, decision: DecisionRow, job: JobRow) -> None:
    """Tell the member, with the decision's number: the reasons are put in words where they are read.

    A refused job tells of itself, and the outcome of an appeal is always told.
    """
    current = await ledger.get(tx, job.id)
    assert current is not None
    of_a_whole_job = decision.subject in (Subject.BRIEF, Subject.TAKE) and current.state in ENDED_JOBS
    tells = decision.action in ADVERSE or decision.subject == Subject.DECISION
    if tells and not (of_a_whole_job and current.state == JobState.REFUSED and not decision.strike):
        await tell(tx, job, f"statement:{decision.id}", {"notice": "statement", "decision": decision.id})


async def tell(tx: Transaction, job: JobRow, key: str, content: dict[str, Any]) -> None:
    """A notice to the member where they asked."""
    origin = Origin.model_validate(job.origin)
    await outbox.add(
        tx,
        key=key,
        job_id=job.id,
        take_id=None,
        kind="notice",
        platform=origin.platform,
        address=origin.address,
        content=content,
    )


# -- appeals -------------------------------------------------------------------------------------------------------


async def _judge_appeal(tx: Transaction, case: CaseRow, *, overturned: bool) -> dict[str, Any]:
    """What was decided stands, or is made good: a refused brief is asked again as decided, a clip comes back."""
    appeal = await appeals.of_case(tx, case.id)
    assert appeal is not None
    decision = await desk_appeals.judge(tx, appeal, overturned=overturned)
    if not overturned:
        return {"appeal": desk_appeals.UPHELD}
    await _lift_restriction(tx, decision)
    effects: dict[str, Any] = {"appeal": desk_appeals.OVERTURNED}
    if decision.subject == Subject.CLIP:
        clip = await clips.get(tx, decision.subject_id)
        assert clip is not None
        await takedown.restore(tx, clip, decision)
        return effects | {"restored": clip.id}
    return effects | {"job": await _ask_again(tx, decision)}


async def _ask_again(tx: Transaction, decision: DecisionRow) -> str:
    """A new job of the same brief. The words are allowed by a person; the new frames are inspected like any others."""
    old = await ledger.get(tx, decision.job_id)
    assert old is not None
    refused = [take for take in await ledger.takes_of(tx, old.id) if take.state == TakeState.REFUSED]
    if decision.subject == Subject.TAKE:
        refused = [take for take in refused if take.id == decision.subject_id]
    brief = Brief.model_validate(old.brief)
    if brief.views is None:
        brief = brief.model_copy(update={"variations": len(refused)})
    job_id = await jobs.ask(
        tx,
        brief,
        member_id=old.member_id,
        community_id=old.community_id,
        origin=Origin.model_validate(old.origin),
        seeds=[take.seed for take in refused],
        numbers=[take.number for take in refused] if brief.views is not None else None,  # each is a camera
        price_of_take=refused[0].price,
        lane=old.lane,
        pot_id=old.pot_id,
        visible_mark=old.visible_mark,
    )
    await sources.add(tx, [replace(row, job_id=job_id) for row in await sources.of_job(tx, old.id)])
    verdict = old.verdict or {"decision": Decision.ALLOW, "policy_version": decision.policy_version}
    await ledger.set_state(tx, job_id, verdict=_decided(verdict, allowed=True))
    await events.add(tx, job_id, "appealed", of=old.id)
    return job_id


# -- taking back ---------------------------------------------------------------------------------------------------


async def undo(tx: Transaction, case_id: str, by: Asker) -> CaseRow:
    """Take one's own fresh decision back, as long as nothing of it has left the house."""
    moderator = await at_desk(tx, by)
    decision = await desk.undo(tx, case_id, moderator)
    job = await ledger.get(tx, decision.job_id)
    assert job is not None
    if not await outbox.take_back(tx, decision.effects.get("messages", ())):
        raise StudioError("case.delivered", case=case_id)
    match Subject(decision.subject):
        case Subject.BRIEF:
            done = await _undo_brief(tx, job, allowed=decision.action == Action.ALLOW)
        case Subject.TAKE:
            done = await _undo_take(tx, job, decision.subject_id, allowed=decision.action == Action.ALLOW)
        case Subject.CLIP:
            done = decision.action == Action.NOTHING or await takedown.undo(tx, decision)
        case Subject.DECISION:
            done = await _undo_appeal(tx, case_id, decision)
    if not done:
        raise StudioError("case.delivered", case=case_id)
    await _lift_restriction(tx, decision)
    await events.add(tx, job.id, "undone", case=case_id, decision=decision.id)
    await desk.record_undone(tx, decision, moderator)
    case = await cases.get(tx, case_id)
    assert case is not None
    return case


async def _undo_brief(tx: Transaction, job: JobRow, *, allowed: bool) -> bool:
    """Held again, if nobody has taken the job up since."""
    if allowed:
        return await ledger.seize(tx, job.id, {JobState.ASKED}, state=JobState.HELD)
    if job.state != JobState.REFUSED:
        return False
    for take in await ledger.takes_of(tx, job.id):
        await ledger.write_take(tx, take.id, {TakeState.REFUSED}, state=TakeState.WAITING)
    await ledger.set_state(tx, job.id, state=JobState.HELD, ended_at=None)
    return True


async def _undo_take(tx: Transaction, job: JobRow, take_id: str, *, allowed: bool) -> bool:
    take = await ledger.take(tx, take_id)
    assert take is not None
    state = TakeState.ALLOWED if allowed else TakeState.REFUSED
    if not allowed and not await credits.set_aside_again(tx, job, take):
        return False
    if allowed and not await ledger.seize(tx, job.id, {job.state}):
        return False  # somebody is sealing it
    if not await ledger.write_take(tx, take_id, {state}, state=TakeState.HELD):
        return False
    await ledger.set_state(tx, job.id, ended_at=None)
    await jobs.settle(tx, job.id)
    return True


async def _undo_appeal(tx: Transaction, case_id: str, decision: DecisionRow) -> bool:
    """Only an upheld appeal can be judged again: what an allowed one set off is under way."""
    appeal = await appeals.of_case(tx, case_id)
    if appeal is None or decision.effects.get("appeal") != desk_appeals.UPHELD:
        return False
    return await appeals.judge(tx, appeal.decision_id, None)


async def decisions_of(tx: Transaction, *job_ids: str) -> list[DecisionRow]:
    """The decisions about these jobs that their members may hear of."""
    return [one for one in await decisions.of_jobs(tx, job_ids) if one.stage == decisions.FINAL and not one.undone_at]

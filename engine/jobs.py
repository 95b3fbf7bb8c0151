"""The states of a job and of its takes, and every way from one to the next.

Each function here is called inside one transaction and does all that belongs to its step: the states, the credits, the
event that followers see, and the message in the outbox. A job's state after rendering has begun follows from its takes.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any

from engine import credits
from engine.brief import Brief
from engine.holder import is_dead
from engine.names import new_id
from engine.origin import Origin
from safety.desk import cases as at_desk
from safety.desk import decisions as desk_decisions
from safety.desk.cases import About
from safety.desk.people import Kind
from safety.desk.people import Subject as Subject  # what a case is about
from safety.known import is_known
from safety.verdict import Decision, Verdict
from storage import cases, events, jobs, members, outbox, previews, turns
from storage.clock import now
from storage.database import Transaction
from storage.errors import CodedError
from storage.jobs import JobRow, TakeRow


class JobState(StrEnum):
    ASKED = "asked"
    HELD = "held"
    QUEUED = "queued"
    RENDERING = "rendering"
    INSPECTING = "inspecting"
    SEALING = "sealing"
    DELIVERED = "delivered"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"


class TakeState(StrEnum):
    WAITING = "waiting"  # to be rendered
    RENDERED = "rendered"  # lies in quarantine, not yet judged
    HELD = "held"  # waits for a moderator
    ALLOWED = "allowed"  # to be sealed
    SEALED = "sealed"  # a clip, waiting to be delivered
    DELIVERED = "delivered"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED_JOBS = frozenset({JobState.DELIVERED, JobState.REFUSED, JobState.FAILED, JobState.CANCELLED})
ENDED_TAKES = frozenset({TakeState.DELIVERED, TakeState.REFUSED, TakeState.FAILED, TakeState.CANCELLED})
STORE_AWAY = "store_away"  # an event: the job waits until the store of files can be reached again
# A take of these states can still be called off: nobody has seen anything of it.
UNRELEASED = frozenset({TakeState.WAITING, TakeState.RENDERED, TakeState.HELD, TakeState.ALLOWED})
# A take of these states wants work done by the fleet.
WORKABLE = frozenset({TakeState.WAITING, TakeState.RENDERED, TakeState.ALLOWED})
IN_THE_MAKING = frozenset({JobState.QUEUED, JobState.RENDERING, JobState.INSPECTING, JobState.SEALING})


def brief_of(job: JobRow) -> Brief:
    return Brief.model_validate(job.brief)


def failure_of(error: CodedError) -> dict[str, Any]:
    return {"code": error.code, "params": {name: str(value) for name, value in error.params.items()}}


# -- before rendering ----------------------------------------------------------------------------------------------


async def ask(
    tx: Transaction,
    brief: Brief,
    *,
    member_id: str,
    community_id: str,
    origin: Origin,
    seeds: Sequence[int],
    numbers: Sequence[int] | None = None,
    price_of_take: int,
    lane: str = "priority",
    pot_id: str | None = None,
    visible_mark: bool = True,
) -> str:
    """Write the brief down as a job, with a take for each variation. From here on it is not lost.

    `numbers`: of the takes, where these are only some of what was asked for once.
    """
    at = now()
    job_id = new_id("job")
    job = {
        "id": job_id,
        "community_id": community_id,
        "member_id": member_id,
        "brief": brief.model_dump(mode="json"),
        "state": JobState.ASKED,
        "lane": lane,
        "price": price_of_take * len(seeds),
        "pot_id": pot_id,
        "visible_mark": visible_mark,
        "origin": origin.model_dump(mode="json"),
        "not_before": 0,
        "fence": 0,
        "created_at": at,
        "updated_at": at,
    }
    takes = [
        {
            "id": new_id(),
            "job_id": job_id,
            "number": number,
            "seed": seed,
            "state": TakeState.WAITING,
            "price": price_of_take,
            "attempts": 0,
            "updated_at": at,
        }
        for number, seed in zip(numbers or range(1, len(seeds) + 1), seeds, strict=True)
    ]
    await jobs.add(tx, job, takes)
    await events.add(tx, job_id, JobState.ASKED)
    return job_id


async def queue(tx: Transaction, job: JobRow, verdict: Verdict) -> None:
    """The brief is allowed: set its price aside and let it wait for its turn."""
    await credits.reserve(tx, job)
    round_ = await turns.join(tx, job, await members.current_id(tx, job.member_id), JobState.QUEUED)
    await jobs.write(
        tx, job.id, job.fence, state=JobState.QUEUED, round=round_, verdict=verdict.model_dump(mode="json")
    )
    await events.add(tx, job.id, JobState.QUEUED)


async def hold(tx: Transaction, job: JobRow, verdict: Verdict, *, kind: Kind = Kind.HELD) -> None:
    """The brief waits for a moderator."""
    await jobs.write(tx, job.id, job.fence, state=JobState.HELD, verdict=verdict.model_dump(mode="json"))
    await jobs.let_go(tx, job.id, job.fence)  # with the state: a moderator must not find it in anybody's hands
    if await _is_called_off(tx, job):
        await finish_cancel(tx, job)
        return
    await _open_case(tx, job, Subject.BRIEF, job.id, verdict, kind)
    await events.add(tx, job.id, JobState.HELD)
    await _notify(tx, job, "held")


async def refuse(tx: Transaction, job: JobRow, verdict: Verdict) -> None:
    """The brief is refused, and with it every take."""
    await jobs.write(tx, job.id, job.fence, verdict=verdict.model_dump(mode="json"))
    await end_takes(tx, job, TakeState.REFUSED)
    await _record_refusal(tx, job, Subject.BRIEF, job.id, verdict)


async def fail(tx: Transaction, job: JobRow, failure: Mapping[str, Any]) -> None:
    """The job cannot be done, for a reason that is not the member's."""
    await jobs.write(tx, job.id, job.fence, failure=dict(failure))
    await _close_cases(tx, job)
    await end_takes(tx, job, TakeState.FAILED, failure)


# -- takes ---------------------------------------------------------------------------------------------------------


async def end_takes(tx: Transaction, job: JobRow, state: TakeState, failure: Mapping[str, Any] | None = None) -> None:
    """End every take that nobody has seen yet, and pay it back."""
    for take in await jobs.takes_of(tx, job.id):
        if take.state in UNRELEASED:
            await end_take(tx, job, take, state, failure)
    await settle(tx, job.id)


async def end_take(
    tx: Transaction, job: JobRow, take: TakeRow, state: TakeState, failure: Mapping[str, Any] | None = None
) -> None:
    """End one take and pay it back. The caller settles the job."""
    if await jobs.write_take(tx, take.id, UNRELEASED, state=state, failure=dict(failure) if failure else None):
        await previews.forget_take(tx, take.id)
        await credits.give_back(tx, job, take)
        await events.add(tx, job.id, "take", take_id=take.id, state=state, number=take.number)


async def begin_rendering(tx: Transaction, job: JobRow) -> None:
    await jobs.write(tx, job.id, job.fence)
    await settle(tx, job.id, begun=True)


async def keep_take(tx: Transaction, job: JobRow, take: TakeRow, report: Mapping[str, Any]) -> None:
    """The take is rendered and lies in quarantine: it is never rendered again."""
    await jobs.write(tx, job.id, job.fence)
    await jobs.write_take(tx, take.id, {TakeState.WAITING}, state=TakeState.RENDERED, report=dict(report))
    await events.add(tx, job.id, "take", take_id=take.id, state=TakeState.RENDERED, number=take.number)
    await settle(tx, job.id)


async def show_first_look(tx: Transaction, job: JobRow, take: TakeRow, sha256: str) -> None:
    """A frame of the take, which the gates have allowed, for whoever waits for the rest."""
    await jobs.write(tx, job.id, job.fence)
    await previews.forget_take(tx, take.id)
    await previews.add(
        tx,
        new_id(),
        await members.current_id(tx, job.member_id),
        job.community_id,
        recipe="",
        sha256=sha256,
        content={},
        take_id=take.id,
    )
    await events.add(tx, job.id, "still", take_id=take.id, number=take.number)


async def wait_for_store(tx: Transaction, job: JobRow, take: TakeRow | None, code: str) -> None:
    """Where the files are cannot be reached: no fault of the take's, and tried again for as long as it lasts."""
    await jobs.write(tx, job.id, job.fence)
    await events.add(tx, job.id, STORE_AWAY, take_id=take.id if take else None, code=code)


async def store_is_back(tx: Transaction, job: JobRow, take: TakeRow | None) -> None:
    await jobs.write(tx, job.id, job.fence)
    await events.add(tx, job.id, "store_back", take_id=take.id if take else None)


async def count_lost_attempt(tx: Transaction, job: JobRow, take: TakeRow) -> int:
    """A worker was lost over this take: how often now?"""
    await jobs.write(tx, job.id, job.fence)
    current = await jobs.take(tx, take.id)
    assert current is not None
    await jobs.write_take(tx, take.id, {take.state}, attempts=current.attempts + 1)
    await events.add(tx, job.id, "retry", take_id=take.id, attempts=current.attempts + 1)
    return current.attempts + 1


async def judge_take(tx: Transaction, job: JobRow, take: TakeRow, verdict: Verdict) -> None:
    """The take's own verdict: allowed, held for a moderator, or refused and paid back."""
    await jobs.write(tx, job.id, job.fence)
    stored = verdict.model_dump(mode="json")
    match verdict.decision:
        case Decision.ALLOW:
            await jobs.write_take(tx, take.id, {TakeState.RENDERED}, state=TakeState.ALLOWED, verdict=stored)
        case Decision.HOLD:
            await jobs.write_take(tx, take.id, {TakeState.RENDERED}, state=TakeState.HELD, verdict=stored)
            await previews.forget_take(tx, take.id)
            kind = Kind.HASH if is_known(verdict) else Kind.HELD
            await _open_case(tx, job, Subject.TAKE, take.id, verdict, kind)
            await events.add(tx, job.id, "take", take_id=take.id, state=TakeState.HELD, number=take.number)
            await _notify(tx, job, f"held:{take.id}")
        case Decision.REFUSE:
            await jobs.write_take(tx, take.id, {TakeState.RENDERED}, verdict=stored)
            await end_take(tx, job, take, TakeState.REFUSED)
    await settle(tx, job.id)
    if verdict.decision is Decision.REFUSE:
        await _record_refusal(tx, job, Subject.TAKE, take.id, verdict)


async def fail_take(tx: Transaction, job: JobRow, take: TakeRow, failure: Mapping[str, Any]) -> None:
    await jobs.write(tx, job.id, job.fence, failure=dict(failure))
    await end_take(tx, job, take, TakeState.FAILED, failure)
    await settle(tx, job.id)


async def release_take(tx: Transaction, job: JobRow, take: TakeRow) -> None:
    """The take became a clip (its row was written in this transaction): charge for it, and post it."""
    await jobs.write(tx, job.id, job.fence)
    await jobs.write_take(tx, take.id, {TakeState.ALLOWED}, state=TakeState.SEALED)
    await previews.forget_take(tx, take.id)  # its clip has a still of its own
    await credits.spend(tx, job, take)
    await events.add(tx, job.id, "take", take_id=take.id, state=TakeState.SEALED, number=take.number)
    origin = Origin.model_validate(job.origin)
    await outbox.add(
        tx,
        key=f"clip:{take.id}",
        job_id=job.id,
        take_id=take.id,
        kind="post",
        platform=origin.platform,
        address=origin.address,
        content={"clip": take.id, "number": take.number, "of": brief_of(job).takes},
    )
    await settle(tx, job.id)


async def delivered(tx: Transaction, job_id: str, take_id: str) -> None:
    if await jobs.write_take(tx, take_id, {TakeState.SEALED}, state=TakeState.DELIVERED):
        await events.add(tx, job_id, "take", take_id=take_id, state=TakeState.DELIVERED)
        await settle(tx, job_id)


async def undeliverable(tx: Transaction, job_id: str, take_id: str, failure: Mapping[str, Any]) -> None:
    """The clip exists and stays in the library, but could not be brought to where it was asked for."""
    if await jobs.write_take(tx, take_id, {TakeState.SEALED}, state=TakeState.FAILED, failure=dict(failure)):
        await events.add(tx, job_id, "take", take_id=take_id, state=TakeState.FAILED)
        await jobs.set_state(tx, job_id, failure=dict(failure))
        await settle(tx, job_id)


# -- the job as the sum of its takes -------------------------------------------------------------------------------


def state_from(takes: Collection[str], *, begun: bool) -> JobState:
    """What a job is when its takes are these. It has ended when every take has."""
    if TakeState.WAITING in takes:
        return JobState.RENDERING if begun else JobState.QUEUED
    if TakeState.RENDERED in takes:
        return JobState.INSPECTING
    if TakeState.ALLOWED in takes or TakeState.SEALED in takes:
        return JobState.SEALING
    if TakeState.HELD in takes:
        return JobState.HELD
    for take, job in (
        (TakeState.DELIVERED, JobState.DELIVERED),
        (TakeState.CANCELLED, JobState.CANCELLED),
        (TakeState.REFUSED, JobState.REFUSED),
    ):
        if take in takes:
            return job
    return JobState.FAILED


async def settle(tx: Transaction, job_id: str, *, begun: bool = False) -> None:
    """Bring the job's state in line with its takes, and say so when it changed."""
    job = await jobs.get(tx, job_id)
    assert job is not None
    takes = [take.state for take in await jobs.takes_of(tx, job_id)]
    state = state_from(takes, begun=begun or job.state in (JobState.RENDERING, JobState.INSPECTING, JobState.SEALING))
    if state in (job.state, JobState.QUEUED):
        return  # a brief is queued by its verdict, with its price set aside, and never because of its takes
    ended = state in ENDED_JOBS
    if ended and job.state == JobState.QUEUED:
        await turns.leave(tx, job, JobState.QUEUED)
    await jobs.set_state(tx, job_id, state=state, ended_at=now() if ended else None)
    if ended or state is JobState.HELD:
        await jobs.let_go(tx, job_id, job.fence)  # nothing is left to do for whoever has it in hand
    await events.add(tx, job_id, state)
    if ended and state is not JobState.DELIVERED:
        await _notify(tx, job, state)
    if state is JobState.HELD and job.cancel_requested_at is not None:
        await finish_cancel(tx, job)  # nobody has it in hand any more who could be asked to


# -- calling off ---------------------------------------------------------------------------------------------------


async def cancel(tx: Transaction, job: JobRow) -> None:
    """Call the job off: at once where nobody works on it, else whoever does is asked to. What is released stays."""
    if job.state in ENDED_JOBS:
        return
    if job.lease_holder and is_dead(job.lease_holder):
        await jobs.free_all_of(tx, job.lease_holder)
    idle = frozenset(JobState) - ENDED_JOBS
    if await jobs.seize(tx, job.id, idle, cancel_requested_at=now()):
        await finish_cancel(tx, job)
    else:
        await jobs.request_cancel(tx, job.id)


async def finish_cancel(tx: Transaction, job: JobRow) -> None:
    await _close_cases(tx, job)
    await end_takes(tx, job, TakeState.CANCELLED)


async def _is_called_off(tx: Transaction, job: JobRow) -> bool:
    """Whether a cancel was asked for, also since the job was taken in hand."""
    current = await jobs.get(tx, job.id)
    return current is not None and current.cancel_requested_at is not None


async def _close_cases(tx: Transaction, job: JobRow) -> None:
    """Nothing is left to decide: what the cases are about ends without the moderators."""
    for case in await cases.undecided(tx, job_id=job.id):
        if case.subject in (Subject.BRIEF, Subject.TAKE):  # what was released stays, and so does a report about it
            await cases.decide(tx, case.id, "cancelled", None, "", forced=True)


# -- helpers -------------------------------------------------------------------------------------------------------


async def _open_case(
    tx: Transaction, job: JobRow, subject: Subject, subject_id: str, verdict: Verdict, kind: Kind = Kind.HELD
) -> None:
    await at_desk.open_or_join(tx, new_id("case"), About(kind, subject, subject_id, job.id, job.community_id, verdict))


async def _record_refusal(tx: Transaction, job: JobRow, subject: Subject, subject_id: str, verdict: Verdict) -> None:
    """Nobody was asked: a decision all the same, which the member is told of and may appeal against."""
    await desk_decisions.record_automated(
        tx,
        subject=subject,
        subject_id=subject_id,
        job_id=job.id,
        community_id=job.community_id,
        verdict=verdict,
    )


async def _notify(tx: Transaction, job: JobRow, what: str) -> None:
    """Tell the member how the job stands, where they asked for it."""
    origin = Origin.model_validate(job.origin)
    await outbox.add(
        tx,
        key=f"notice:{job.id}:{what}",
        job_id=job.id,
        take_id=None,
        kind="notice",
        platform=origin.platform,
        address=origin.address,
        content={"notice": what.partition(":")[0]},
    )

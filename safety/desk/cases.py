"""Cases: opened, joined, and laid on one desk at a time.

The order of the queue is severity and age. A claim is a lease: a moderator who walks away loses it, and whoever comes
second is told so.
"""

import itertools
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import IntegrityError

from safety import audit
from safety.categories import Category
from safety.desk import rules
from safety.desk.people import ROLES, DeskError, Kind, Moderator, Queue, Subject
from safety.desk.rules import grave_signals, locked_category
from safety.known import is_closed
from safety.verdict import Verdict
from storage import cases, decisions, jobs, members, moderators, policies
from storage.cases import CaseRow, Waiting
from storage.clock import now
from storage.database import Transaction

_PAGE: Final = 30


@dataclass(frozen=True)
class About:
    """What a case is to be opened about."""

    kind: Kind
    subject: Subject
    subject_id: str
    job_id: str
    community_id: str
    verdict: Verdict
    opened_by: str | None = None


async def open_or_join(tx: Transaction, case_id: str, about: About) -> CaseRow:
    """Open a case under this id, or join the one about the same thing. One that was decided is opened again."""
    known = await cases.about(tx, about.subject, about.subject_id, lock=True)
    if known is None:
        try:
            async with tx.begin_nested():
                return await _open(tx, case_id, about)
        except IntegrityError:  # somebody opened one at the same moment
            known = await cases.about(tx, about.subject, about.subject_id, lock=True)
            if known is None:
                raise
    return await _join(tx, known, about)


async def _open(tx: Transaction, case_id: str, about: About) -> CaseRow:
    severity, queue = await weigh(tx, about.verdict, about.kind)
    at = now()
    await cases.open_case(
        tx,
        id=case_id,
        subject=about.subject,
        subject_id=about.subject_id,
        job_id=about.job_id,
        community_id=about.community_id,
        kind=about.kind,
        queue=queue,
        severity=severity,
        escalations=0,
        due_at=at + rules.shipped().clock_ms(severity),
        least_role=ROLES[0],
        opened_by=about.opened_by,
        round=0,
        verdict=about.verdict.model_dump(mode="json"),
        opened_at=at,
    )
    return await _row(tx, case_id)


async def _join(tx: Transaction, known: CaseRow, about: About) -> CaseRow:
    """What joins makes a case graver, never lighter, and never takes it out of a closed queue."""
    verdict = _joined(Verdict.model_validate(known.verdict), about.verdict)
    severity, queue = await weigh(tx, verdict, about.kind)
    severity = max(severity, known.severity)
    if Queue.CHILD_SAFETY in (queue, known.queue):
        queue = Queue.CHILD_SAFETY
    clock = now() + rules.shipped().clock_ms(severity)
    changed: dict[str, object] = {"verdict": verdict.model_dump(mode="json"), "severity": severity, "queue": queue}
    if known.decision is None:
        await cases.change(tx, known.id, **changed, due_at=min(known.due_at, clock))
    else:
        # Its age counts from now on: it has not been waiting since it was first decided.
        changed |= {"kind": about.kind, "opened_at": now(), "due_at": clock, "escalations": 0}
        await cases.reopen(tx, known.id, **changed, least_role=ROLES[0], opened_by=about.opened_by)
    return await _row(tx, known.id)


def _joined(known: Verdict, more: Verdict) -> Verdict:
    signals = tuple(dict.fromkeys((*known.signals, *more.signals)))
    return known.model_copy(update={"decision": max(known.decision, more.decision), "signals": signals})


async def weigh(tx: Transaction, verdict: Verdict, kind: Kind) -> tuple[int, Queue]:
    """How severe a case with this verdict is, and which queue it belongs to."""
    categories = await grave_categories(tx, verdict)
    severity = rules.shipped().severity_of(categories)
    if Category.MINORS in categories or is_closed(verdict):
        return severity, Queue.CHILD_SAFETY
    return severity, Queue.APPEALS if kind is Kind.APPEAL else Queue.GENERAL


async def grave_categories(tx: Transaction, verdict: Verdict) -> tuple[str, ...]:
    """The categories that stood in the way, the strictest first."""
    policy = await policies.get(tx, verdict.policy_version)
    return tuple(dict.fromkeys(signal.category for signal in grave_signals(verdict, policy)))


async def needs_second(tx: Transaction, case: CaseRow, by: Moderator) -> bool:
    """Whether one person alone does not decide this. Where there is only one, only unlocked cases reach them."""
    if by.is_alone:
        return False
    return rules.shipped().needs_second(await grave_categories(tx, Verdict.model_validate(case.verdict)))


# -- who may take what ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Circumstances:
    opinions: Mapping[str, Collection[str]]  # who has given one, by case
    judged: Mapping[str, Collection[str]]  # who made the decision that is appealed against, by case
    locked: Mapping[str, str]  # a locked category, by case of one's own
    exhausted: Collection[str]  # cases on which everybody who may has given an opinion


async def queue(tx: Transaction, by: Moderator, *, only: Queue | None = None) -> list[Waiting]:
    """What waits for this moderator, in its order: cases that they may not take are left out."""
    _check_rank(by, ROLES[0], "")
    queues = by.queues if only is None else tuple(name for name in by.queues if name is only)
    found = await cases.waiting(tx, by.community_id, queues)
    known = await _circumstances(tx, found, by)
    return [case for case in found if _why_not(case, by, known) is None]


async def check_may_take(tx: Transaction, case: CaseRow, by: Moderator) -> bool:
    """DeskError unless this moderator may take the case; True when it is about a request of their own."""
    if case.community_id != by.community_id:
        raise DeskError("case.not_yours", case=case.id)
    _check_rank(by, ROLES[0], case.id)
    if case.queue not in by.queues:
        raise DeskError("case.named_only", case=case.id)
    (waiting,) = await cases.waiting(tx, by.community_id, [case.queue], case_id=case.id)
    if (why_not := _why_not(waiting, by, await _circumstances(tx, [waiting], by))) is not None:
        raise why_not
    return waiting.member_id == by.member_id


def _check_rank(by: Moderator, least: str, case_id: str) -> None:
    if not by.ranks(least):
        raise DeskError("case.not_yours", case=case_id)


def _why_not(case: Waiting, by: Moderator, known: _Circumstances) -> DeskError | None:
    if not by.ranks(case.least_role):
        return DeskError("case.needs_lead", case=case.id)
    if case.passed_to is not None and case.passed_to != by.member_id:
        return DeskError("case.passed_on", case=case.id)
    if case.member_id == by.member_id:
        if not by.is_alone:
            return DeskError("case.own_request", case=case.id)
        if case.id in known.locked:
            return DeskError("case.locked", case=case.id, category=known.locked[case.id])
    elif case.opened_by == by.member_id and case.kind != Kind.FOUND:
        return DeskError("case.own_report", case=case.id)
    if by.member_id in known.judged.get(case.id, ()):
        return DeskError("case.own_decision", case=case.id)
    if by.member_id in known.opinions.get(case.id, ()) and case.id not in known.exhausted:
        return DeskError("case.second_person", case=case.id)
    return None


async def _circumstances(tx: Transaction, found: Collection[Waiting], by: Moderator) -> _Circumstances:
    judged: dict[str, Collection[str]] = {}
    for case in found:
        if case.subject == Subject.DECISION:
            judged[case.id] = await _deciders(tx, int(case.subject_id))
    locked: dict[str, str] = {}
    if by.is_alone:
        for case in found:
            row = await _row(tx, case.id)
            verdict = Verdict.model_validate(row.verdict)
            policy = await policies.get(tx, verdict.policy_version)
            if name := locked_category(await grave_categories(tx, verdict), policy):
                locked[case.id] = name
    opinions = await cases.opinions(tx, [case.id for case in found])
    mine = [case for case in found if by.member_id in opinions.get(case.id, ())]
    ranking: dict[tuple[str, str], set[str]] = {}  # asked once: a long queue is looked through under the write lock
    for case in mine:
        if (case.queue, case.least_role) not in ranking:
            ranking[case.queue, case.least_role] = await _ranking(tx, case.community_id, case.queue, case.least_role)
    exhausted = [
        case.id for case in mine if not ranking[case.queue, case.least_role] - set(opinions[case.id]) - {case.member_id}
    ]
    return _Circumstances(opinions, judged, locked, exhausted)


async def _others(tx: Transaction, case: CaseRow, least: str, without: Collection[str]) -> set[str]:
    """Who of this rank could take the case, besides these and whoever it is about."""
    job = await jobs.get(tx, case.job_id)
    ranking = await _ranking(tx, case.community_id, case.queue, least)
    return ranking - set(without) - ({job.member_id} if job is not None else set())


async def _ranking(tx: Transaction, community_id: str, queue: str, least: str) -> set[str]:
    """Who of this rank may look into this queue."""
    found = await members.with_roles(tx, community_id, ROLES[ROLES.index(least) :])
    if queue == Queue.CHILD_SAFETY:
        found &= set(await moderators.named_for(tx, community_id, queue))
    return found


async def _deciders(tx: Transaction, decision_id: int) -> set[str]:
    """Everybody who had a part in this decision."""
    decision = await decisions.get(tx, decision_id)
    if decision is None or decision.case_id is None:
        return set()
    same = [one for one in await decisions.of_case(tx, decision.case_id) if one.round == decision.round]
    return {one.by_id for one in same if one.by_id is not None}


# -- one desk at a time --------------------------------------------------------------------------------------------


async def claim(tx: Transaction, case_id: str, by: Moderator, *, lease_ms: int | None = None) -> CaseRow:
    """Lay the case on this moderator's desk, or keep it there longer."""
    case = await open_row(tx, case_id)
    await check_may_take(tx, case, by)
    await _take(tx, case, by, lease_ms)
    return await _row(tx, case_id)


async def claim_next(
    tx: Transaction, by: Moderator, *, only: Queue | None = None, lease_ms: int | None = None
) -> CaseRow | None:
    """The gravest and oldest case that is free, on this moderator's desk; None when there is none for them."""
    until = now() + (lease_ms or rules.shipped().claim_ms)
    async for case in _free(tx, by, only):
        if await cases.claim(tx, case.id, by.member_id, until):
            await _audit(tx, "claimed", by, case.id)
            return await _row(tx, case.id)
    return None


async def is_next(tx: Transaction, by: Moderator, *, only: Queue | None = None) -> bool:
    """Whether `claim_next` would find something now: a look that takes no lock. Idle desks must not slow busy ones."""
    async for _ in _free(tx, by, only):
        return True
    return False


async def _free(tx: Transaction, by: Moderator, only: Queue | None) -> AsyncIterator[Waiting]:
    """What this moderator may take and nobody else has on their desk, in order."""
    _check_rank(by, ROLES[0], "")
    queues = by.queues if only is None else tuple(name for name in by.queues if name is only)
    skipped = await cases.skipped_by(tx, by.member_id)
    for start in itertools.count(0, _PAGE):
        # In pages: a long queue must not be read while the database's write lock is held.
        found = await cases.waiting(tx, by.community_id, queues, free_for=by.member_id, page=(_PAGE, start))
        known = await _circumstances(tx, found, by)
        for case in found:
            if case.id not in skipped and _why_not(case, by, known) is None:
                yield case
        if len(found) < _PAGE:
            return


async def _take(tx: Transaction, case: CaseRow, by: Moderator, lease_ms: int | None) -> None:
    at = now()
    if not await cases.claim(tx, case.id, by.member_id, at + (lease_ms or rules.shipped().claim_ms)):
        raise DeskError("case.claimed", case=case.id)
    if case.claimed_by != by.member_id or not case.is_claimed(at):
        await _audit(tx, "claimed", by, case.id)


async def release(tx: Transaction, case_id: str, by: Moderator) -> None:
    """Put the case back for others."""
    await open_row(tx, case_id)
    if await cases.release(tx, case_id, by.member_id):
        await _audit(tx, "released", by, case_id)


async def skip(tx: Transaction, case_id: str, by: Moderator) -> None:
    """Put the case back, and do not be offered it again for a while. It stays where it is for everybody else."""
    case = await open_row(tx, case_id)
    await check_may_take(tx, case, by)
    await cases.release(tx, case_id, by.member_id)
    await cases.skip(tx, case_id, by.member_id, now() + rules.shipped().skip_ms)
    await _audit(tx, "skipped", by, case_id)


async def pass_on(
    tx: Transaction, case_id: str, by: Moderator, *, to: Moderator | None, queue: Queue | None
) -> CaseRow:
    """Give the case to another moderator, or to another queue. What is in the closed queue stays there."""
    case = await _held(tx, case_id, by)
    if queue is not None and queue is not Queue.CHILD_SAFETY and case.queue == Queue.CHILD_SAFETY:
        raise DeskError("case.stays_closed", case=case_id)
    changed: dict[str, object] = {"claimed_by": None, "claimed_until": None}
    changed["queue"] = queue or case.queue
    changed["passed_to"] = None
    if to is not None:
        in_its_queue = case if queue is None else await _moved(tx, case, queue)
        await check_may_take(tx, in_its_queue, to)
        changed["passed_to"] = to.member_id
    await cases.change(tx, case_id, **changed)
    await _audit(tx, "passed", by, case_id, to=to.member_id if to else None, queue=str(changed["queue"]))
    return await _row(tx, case_id)


async def _moved(tx: Transaction, case: CaseRow, queue: Queue) -> CaseRow:
    await cases.change(tx, case.id, queue=queue)
    return await _row(tx, case.id)


async def escalate(tx: Transaction, case_id: str, by: Moderator) -> CaseRow:
    """Make the case more urgent, and a lead's."""
    case = await _held(tx, case_id, by)
    await raise_to_lead(tx, case)
    await _audit(tx, "escalated", by, case_id)
    return await _row(tx, case_id)


async def raise_to_lead(tx: Transaction, case: CaseRow, *, but: Collection[str] = ()) -> None:
    """More urgent, and for leads alone, if there is one besides these: what nobody may take would wait for ever."""
    least = ROLES[1] if await _others(tx, case, ROLES[1], but) else ROLES[0]
    await cases.change(
        tx,
        case.id,
        escalations=case.escalations + 1,
        least_role=max(case.least_role, least, key=ROLES.index),
        claimed_by=None,
        claimed_until=None,
        passed_to=None,
    )


async def _held(tx: Transaction, case_id: str, by: Moderator) -> CaseRow:
    """The case, which this moderator may take and nobody else has on their desk."""
    case = await open_row(tx, case_id)
    await check_may_take(tx, case, by)
    check_desk(case, by)
    return case


def check_desk(case: CaseRow, by: Moderator) -> None:
    if case.is_claimed(now()) and case.claimed_by != by.member_id:
        raise DeskError("case.claimed", case=case.id)


async def open_row(tx: Transaction, case_id: str) -> CaseRow:
    """The undecided case, held until the transaction ends; DeskError when there is none."""
    case = await cases.get(tx, case_id, lock=True)
    if case is None:
        raise DeskError("case.unknown", case=case_id)
    if case.decision is not None:
        raise DeskError("case.decided", case=case_id, decision=case.decision)
    return case


# -- clocks --------------------------------------------------------------------------------------------------------


async def ring(tx: Transaction) -> list[CaseRow]:
    """Make every overdue case more urgent and start its clock anew. Nothing is decided by waiting.

    A case that was passed to somebody is everybody's again: they may be away.
    """
    at = now()
    rung = await cases.overdue(tx, at)
    for case in rung:
        await cases.change(
            tx,
            case.id,
            escalations=case.escalations + 1,
            due_at=at + rules.shipped().clock_ms(case.rank + 1),
            passed_to=None,
        )
        await audit.append(
            tx, "overdue", actor=None, community_id=case.community_id, case_id=case.id, escalations=case.escalations + 1
        )
    return rung


async def _row(tx: Transaction, case_id: str) -> CaseRow:
    case = await cases.get(tx, case_id)
    assert case is not None
    return case


async def _audit(tx: Transaction, action: str, by: Moderator, case_id: str, **data: object) -> None:
    await audit.append(tx, action, actor=by.member_id, community_id=by.community_id, case_id=case_id, **data)


async def member_of(tx: Transaction, case: CaseRow) -> str:
    """Whose request the case is about."""
    job = await jobs.get(tx, case.job_id)
    assert job is not None
    return job.member_id

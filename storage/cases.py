"""Cases: what waits at the review desk, and what was decided. One case a subject: what comes later joins it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import changed, every, one
from storage.tables import case_skips, cases, clips, decisions, jobs, takes


@dataclass(frozen=True)
class CaseRow:
    id: str
    subject: str
    subject_id: str
    job_id: str
    community_id: str
    kind: str
    queue: str
    severity: int
    escalations: int
    due_at: int
    least_role: str
    opened_by: str | None
    claimed_by: str | None
    claimed_until: int | None
    passed_to: str | None
    round: int
    verdict: Mapping[str, Any]
    opened_at: int
    decision: str | None
    decided_by: str | None
    decided_at: int | None
    note: str

    @property
    def rank(self) -> int:
        """How soon it should be looked at, the higher the sooner."""
        return self.severity + self.escalations

    def is_claimed(self, at: int) -> bool:
        return self.claimed_by is not None and self.claimed_until is not None and self.claimed_until >= at


@dataclass(frozen=True)
class Waiting:
    """What decides whether a moderator may take an open case, without the verdict it carries."""

    id: str
    subject: str
    subject_id: str
    job_id: str
    member_id: str  # whose request it is about
    community_id: str
    kind: str
    queue: str
    severity: int
    escalations: int
    least_role: str
    opened_by: str | None
    claimed_by: str | None
    claimed_until: int | None
    passed_to: str | None
    round: int
    opened_at: int


@dataclass(frozen=True)
class Matter:
    """What a case is about, as far as others may be alike: what was asked for, and the bytes."""

    id: str
    brief: Mapping[str, Any]
    report: Mapping[str, Any] | None  # of the take
    clip_sha256: str | None


_AT_ONCE: Final = 400  # ids in one question: SQLite's bound on parameters is 999 where it is old


async def open_case(tx: Transaction, **values: object) -> None:
    await tx.execute(insert(cases).values(**({"opened_at": now(), "note": ""} | values)))


async def get(tx: Transaction, case_id: str, *, lock: bool = False) -> CaseRow | None:
    """The case; locked, nobody else changes it until the transaction ends (SQLite's write lock does that by itself)."""
    query = select(cases).where(cases.c.id == case_id)
    return await one(tx, CaseRow, query.with_for_update() if lock else query)


async def some(tx: Transaction, case_ids: Sequence[str]) -> list[CaseRow]:
    """These cases, in this order."""
    found: dict[str, CaseRow] = {}
    for start in range(0, len(case_ids), _AT_ONCE):
        query = select(cases).where(cases.c.id.in_(case_ids[start : start + _AT_ONCE]))
        found |= {case.id: case for case in await every(tx, CaseRow, query)}
    return [found[case_id] for case_id in case_ids if case_id in found]


async def about(tx: Transaction, subject: str, subject_id: str, *, lock: bool = False) -> CaseRow | None:
    query = select(cases).where(cases.c.subject == subject, cases.c.subject_id == subject_id)
    return await one(tx, CaseRow, query.with_for_update() if lock else query)


async def matters(tx: Transaction, case_ids: Sequence[str]) -> list[Matter]:
    """What these cases are about, in no order."""
    query = (
        select(cases.c.id, jobs.c.brief, takes.c.report, clips.c.sha256.label("clip_sha256"))
        .join(jobs, jobs.c.id == cases.c.job_id)
        .outerjoin(takes, (cases.c.subject == "take") & (takes.c.id == cases.c.subject_id))
        .outerjoin(clips, (cases.c.subject == "clip") & (clips.c.id == cases.c.subject_id))
    )
    found: list[Matter] = []
    for start in range(0, len(case_ids), _AT_ONCE):
        found += await every(tx, Matter, query.where(cases.c.id.in_(case_ids[start : start + _AT_ONCE])))
    return found


async def of_job(tx: Transaction, job_id: str) -> list[CaseRow]:
    return await every(
        tx, CaseRow, select(cases).where(cases.c.job_id == job_id).order_by(cases.c.opened_at, cases.c.id)
    )


async def undecided(tx: Transaction, *, job_id: str | None = None) -> list[CaseRow]:
    """Open cases, the oldest first."""
    query = select(cases).where(cases.c.decision.is_(None)).order_by(cases.c.opened_at, cases.c.id)
    return await every(tx, CaseRow, query if job_id is None else query.where(cases.c.job_id == job_id))


async def undecided_of(tx: Transaction, job_ids: Collection[str]) -> list[CaseRow]:
    """Open cases of several jobs, the oldest first."""
    query = select(cases).where(cases.c.decision.is_(None), cases.c.job_id.in_(job_ids))
    return await every(tx, CaseRow, query.order_by(cases.c.opened_at, cases.c.id))


async def waiting(
    tx: Transaction,
    community_id: str,
    queues: Collection[str],
    *,
    case_id: str | None = None,
    free_for: str | None = None,
    page: tuple[int, int] | None = None,
) -> list[Waiting]:
    """The open cases of these queues: the most severe first, and among equals the oldest.

    `free_for`: only what nobody else has on their desk; `page`: how many, after how many.
    """
    rank = cases.c.severity + cases.c.escalations
    columns = [jobs.c.member_id if name == "member_id" else cases.c[name] for name in Waiting.__dataclass_fields__]
    query = (
        select(*columns)
        .join(jobs, jobs.c.id == cases.c.job_id)
        .where(cases.c.community_id == community_id, cases.c.decision.is_(None), cases.c.queue.in_(queues))
        .order_by(rank.desc(), cases.c.opened_at, cases.c.id)
    )
    if case_id is not None:
        query = query.where(cases.c.id == case_id)
    if free_for is not None:
        query = query.where(_free_for(free_for, now()))
    if page is not None:
        query = query.limit(page[0]).offset(page[1])
    return await every(tx, Waiting, query)


async def count_waiting(tx: Transaction, community_id: str, queue: str) -> int:
    here = (cases.c.community_id == community_id, cases.c.queue == queue, cases.c.decision.is_(None))
    return int((await tx.execute(select(func.count()).select_from(cases).where(*here))).scalar_one())


async def counts_by_community(tx: Transaction, community_ids: Collection[str]) -> dict[str, tuple[int, int]]:
    """How many cases are open in each of these communities, and when the newest of them was opened."""
    query = select(cases.c.community_id, func.count(), func.max(cases.c.opened_at))
    query = query.where(cases.c.community_id.in_(community_ids), cases.c.decision.is_(None))
    rows = await tx.execute(query.group_by(cases.c.community_id))
    return {str(community): (int(count), int(newest)) for community, count, newest in rows}


async def overdue(tx: Transaction, at: int) -> list[CaseRow]:
    """Open cases whose clock has run out."""
    query = select(cases).where(cases.c.decision.is_(None), cases.c.due_at < at)
    return await every(tx, CaseRow, query.order_by(cases.c.due_at, cases.c.id))


async def change(tx: Transaction, case_id: str, **values: object) -> None:
    await tx.execute(update(cases).where(cases.c.id == case_id).values(**values))


# -- claims --------------------------------------------------------------------------------------------------------


def _free_for(member_id: str | None, at: int) -> ColumnElement[bool]:
    """Nobody else has the case on their desk."""
    return or_(cases.c.claimed_by.is_(None), cases.c.claimed_until < at, cases.c.claimed_by == member_id)


async def claim(tx: Transaction, case_id: str, member_id: str, until: int) -> bool:
    """Put the open case on somebody's desk until then; False when somebody else has it, or it was decided."""
    at = now()
    statement = update(cases).where(cases.c.id == case_id, cases.c.decision.is_(None), _free_for(member_id, at))
    return bool(await changed(tx, statement.values(claimed_by=member_id, claimed_until=until)))


async def release(tx: Transaction, case_id: str, member_id: str) -> bool:
    statement = update(cases).where(cases.c.id == case_id, cases.c.claimed_by == member_id)
    return bool(await changed(tx, statement.values(claimed_by=None, claimed_until=None)))


async def decide(
    tx: Transaction, case_id: str, decision: str, decided_by: str | None, note: str, *, forced: bool = False
) -> bool:
    """Write the decision; False when somebody decided before, or has it on their desk. Forced: whoever has it."""
    at = now()
    statement = update(cases).where(cases.c.id == case_id, cases.c.decision.is_(None))
    if not forced:
        statement = statement.where(_free_for(decided_by, at))
    met = await changed(
        tx,
        statement.values(
            decision=decision, decided_by=decided_by, decided_at=at, note=note, claimed_by=None, claimed_until=None
        ),
    )
    return bool(met)


async def reopen(tx: Transaction, case_id: str, **values: object) -> None:
    """Take the decision away: the case waits again, in its next round."""
    cleared: dict[str, object] = {"decision": None, "decided_by": None, "decided_at": None, "note": ""}
    cleared |= {"claimed_by": None, "claimed_until": None, "passed_to": None, "round": cases.c.round + 1}
    await tx.execute(update(cases).where(cases.c.id == case_id).values(**(cleared | values)))


# -- skips ---------------------------------------------------------------------------------------------------------


async def skip(tx: Transaction, case_id: str, member_id: str, until: int) -> None:
    mine = (case_skips.c.case_id == case_id) & (case_skips.c.member_id == member_id)
    await tx.execute(delete(case_skips).where(mine))
    await tx.execute(insert(case_skips).values(case_id=case_id, member_id=member_id, until=until))


async def skipped_by(tx: Transaction, member_id: str) -> set[str]:
    query = select(case_skips.c.case_id).where(case_skips.c.member_id == member_id, case_skips.c.until > now())
    return {str(case_id) for (case_id,) in await tx.execute(query)}


# -- what must be kept ---------------------------------------------------------------------------------------------


async def subjects_in(tx: Transaction, queue: str, subject: str) -> set[str]:
    """What the cases of this queue are about, decided or not."""
    query = select(cases.c.subject_id).where(cases.c.queue == queue, cases.c.subject == subject)
    return {str(subject_id) for (subject_id,) in await tx.execute(query)}


async def opinions(tx: Transaction, case_ids: Collection[str]) -> dict[str, set[str]]:
    """Who has given an opinion in the present round of these cases."""
    query = (
        select(decisions.c.case_id, decisions.c.by_id)
        .join(cases, (cases.c.id == decisions.c.case_id) & (cases.c.round == decisions.c.round))
        .where(decisions.c.case_id.in_(case_ids), decisions.c.stage == "opinion")
    )
    given: dict[str, set[str]] = {}
    for case_id, by in await tx.execute(query):
        given.setdefault(case_id, set()).add(by)
    return given

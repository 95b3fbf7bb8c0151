"""Jobs and their takes. Whoever carries a job names its fencing token at every write: a lost lease writes nothing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, insert, or_, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import changed, every, one
from storage.tables import jobs, takes

Json = Mapping[str, Any]


class LostLease(Exception):
    """Somebody else took this job over, or it ended meanwhile: the caller's work on it is void."""


@dataclass(frozen=True)
class JobRow:
    id: str
    community_id: str
    member_id: str
    brief: Json
    state: str
    lane: str
    round: int
    price: int
    pot_id: str | None
    visible_mark: bool
    origin: Json
    verdict: Json | None
    failure: Json | None
    not_before: int
    lease_holder: str | None
    lease_until: int | None
    fence: int
    cancel_requested_at: int | None
    created_at: int
    updated_at: int
    ended_at: int | None


@dataclass(frozen=True)
class TakeRow:
    id: str
    job_id: str
    number: int
    seed: int
    state: str
    price: int
    attempts: int
    report: Json | None
    verdict: Json | None
    failure: Json | None
    updated_at: int


async def add(tx: Transaction, job: Mapping[str, object], its_takes: Sequence[Mapping[str, object]]) -> None:
    await tx.execute(insert(jobs).values(**job))
    await tx.execute(insert(takes), [dict(take) for take in its_takes])


async def add_take(tx: Transaction, take: Mapping[str, object]) -> None:
    await tx.execute(insert(takes).values(**take))


async def get(tx: Transaction, job_id: str) -> JobRow | None:
    return await one(tx, JobRow, select(jobs).where(jobs.c.id == job_id))


async def some(tx: Transaction, job_ids: Collection[str]) -> dict[str, JobRow]:
    """Those of these that there are."""
    return {row.id: row for row in await every(tx, JobRow, select(jobs).where(jobs.c.id.in_(job_ids)))}


async def takes_of(tx: Transaction, job_id: str) -> list[TakeRow]:
    return await every(tx, TakeRow, select(takes).where(takes.c.job_id == job_id).order_by(takes.c.number))


async def takes_of_each(tx: Transaction, job_ids: Collection[str]) -> list[TakeRow]:
    """Of several jobs, each one's in their order."""
    return await every(tx, TakeRow, select(takes).where(takes.c.job_id.in_(job_ids)).order_by(takes.c.number))


async def take(tx: Transaction, take_id: str) -> TakeRow | None:
    return await one(tx, TakeRow, select(takes).where(takes.c.id == take_id))


async def latest(
    tx: Transaction,
    *,
    member_id: str | None = None,
    community_id: str | None = None,
    states: Collection[str] = (),
    limit: int = 20,
) -> list[JobRow]:
    """The newest jobs first."""
    query = select(jobs).order_by(jobs.c.created_at.desc(), jobs.c.id).limit(limit)
    if member_id is not None:
        query = query.where(jobs.c.member_id == member_id)
    if community_id is not None:
        query = query.where(jobs.c.community_id == community_id)
    if states:
        query = query.where(jobs.c.state.in_(states))
    return await every(tx, JobRow, query)


async def of_platform(tx: Transaction, platform: str, states: Collection[str]) -> list[JobRow]:
    """Jobs of these states that were asked for on a platform, the oldest first."""
    query = select(jobs).where(jobs.c.state.in_(states), jobs.c.origin["platform"].as_string() == platform)
    return await every(tx, JobRow, query.order_by(jobs.c.created_at, jobs.c.id))


async def count_of(tx: Transaction, member_id: str, states: Collection[str]) -> int:
    """How many jobs of these states a member has."""
    query = select(func.count()).select_from(jobs).where(jobs.c.member_id == member_id, jobs.c.state.in_(states))
    return int((await tx.execute(query)).scalar_one())


async def promised(tx: Transaction, state: str, member_id: str, pot_id: str | None) -> int:
    """What the jobs of this state will cost the member, or the pot."""
    query = select(func.coalesce(func.sum(jobs.c.price), 0)).where(jobs.c.state == state)
    owner = (jobs.c.member_id == member_id) & jobs.c.pot_id.is_(None) if pot_id is None else jobs.c.pot_id == pot_id
    return int((await tx.execute(query.where(owner))).scalar_one())


# -- leases --------------------------------------------------------------------------------------------------------


def unleased(at: int) -> ColumnElement[bool]:
    """Nobody has the job in hand, or not any more."""
    return or_(jobs.c.lease_holder.is_(None), jobs.c.lease_until < at)


async def waiting(
    tx: Transaction, states: Collection[str], take_states: Collection[str], *, only: str | None = None, limit: int = 50
) -> list[JobRow]:
    """Jobs of these states, with a take of these states, that nobody holds and whose time has come: by turn."""
    at = now()
    with_work = select(takes.c.id).where(takes.c.job_id == jobs.c.id, takes.c.state.in_(take_states)).exists()
    query = (
        select(jobs)
        .where(jobs.c.state.in_(states), jobs.c.not_before <= at, unleased(at), with_work)
        .order_by(jobs.c.lane, jobs.c.created_at, jobs.c.id)
        .limit(limit)
    )
    return await every(tx, JobRow, query if only is None else query.where(jobs.c.id == only))


async def claim(tx: Transaction, seen: JobRow, holder: str, lease_ms: int) -> JobRow | None:
    """Take the job as it was seen; None if somebody was quicker. The fence rises: earlier holders are shut out."""
    at = now()
    met = await changed(
        tx,
        update(jobs)
        .where(jobs.c.id == seen.id, jobs.c.state == seen.state, jobs.c.fence == seen.fence, unleased(at))
        .values(lease_holder=holder, lease_until=at + lease_ms, fence=jobs.c.fence + 1, updated_at=at),
    )
    return await get(tx, seen.id) if met else None


async def renew(tx: Transaction, job_id: str, fence: int, lease_ms: int) -> JobRow:
    """The heartbeat: prolong the lease, and see what changed meanwhile (a cancel, say)."""
    await write(tx, job_id, fence, lease_until=now() + lease_ms)
    row = await get(tx, job_id)
    assert row is not None
    return row


async def let_go(tx: Transaction, job_id: str, fence: int) -> None:
    """Give the job back; nothing happens when it was lost already."""
    await changed(
        tx, update(jobs).where(jobs.c.id == job_id, jobs.c.fence == fence).values(lease_holder=None, lease_until=None)
    )


async def free_all_of(tx: Transaction, holder: str) -> int:
    """Let go of every job of a holder that is known to be dead."""
    return await changed(
        tx, update(jobs).where(jobs.c.lease_holder == holder).values(lease_holder=None, lease_until=None)
    )


# -- changes -------------------------------------------------------------------------------------------------------


async def write(tx: Transaction, job_id: str, fence: int, **values: object) -> None:
    """Change a job as the holder of `fence`."""
    met = await changed(
        tx, update(jobs).where(jobs.c.id == job_id, jobs.c.fence == fence).values(updated_at=now(), **values)
    )
    if not met:
        raise LostLease(job_id)


async def set_state(tx: Transaction, job_id: str, **values: object) -> None:
    """Write what follows from the job's takes, whoever changed them."""
    await tx.execute(update(jobs).where(jobs.c.id == job_id).values(updated_at=now(), **values))


async def seize(tx: Transaction, job_id: str, states: Collection[str], **values: object) -> bool:
    """Change a job from outside (a cancel, a decision) if it is in one of these states and nobody is working on it."""
    at = now()
    met = await changed(
        tx,
        update(jobs)
        .where(jobs.c.id == job_id, jobs.c.state.in_(states), unleased(at))
        .values(fence=jobs.c.fence + 1, lease_holder=None, lease_until=None, updated_at=at, **values),
    )
    return bool(met)


async def request_cancel(tx: Transaction, job_id: str) -> None:
    """Ask whoever works on the job to stop; they see it at their next heartbeat."""
    at = now()
    await tx.execute(
        update(jobs).where(jobs.c.id == job_id, jobs.c.cancel_requested_at.is_(None)).values(cancel_requested_at=at)
    )


async def write_take(tx: Transaction, take_id: str, from_states: Collection[str], **values: object) -> bool:
    """Change a take if it is in one of these states. The caller checks the job's fence in the same transaction."""
    met = await changed(
        tx,
        update(takes).where(takes.c.id == take_id, takes.c.state.in_(from_states)).values(updated_at=now(), **values),
    )
    return bool(met)


async def set_report(tx: Transaction, take_id: str, report: Json | None) -> None:
    """Replace what is known of how the take was drawn, whatever its state."""
    await tx.execute(update(takes).where(takes.c.id == take_id).values(report=report))


async def takes_in(tx: Transaction, states: Collection[str]) -> set[str]:
    """The ids of all takes of these states."""
    return {str(take_id) for (take_id,) in await tx.execute(select(takes.c.id).where(takes.c.state.in_(states)))}

"""Whose turn it is, as rows: how far each lane has come, and each community within it.

Turns are counted. A lane, or a community in a lane, comes next when its `turn` is the lowest; a turn taken makes it
higher. Within a community a job waits in a `round`, and each member has one job a round. Who joins after a pause starts
where the others are: nobody saves turns up, and nobody is overtaken without end.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from storage.database import Transaction
from storage.jobs import JobRow, unleased
from storage.rows import changed, every
from storage.tables import jobs, members, turns

# What a turn costs a lane: while both wait, the relaxed lane has one turn to the other one's five.
STRIDE: Final[Mapping[str, int]] = {"priority": 1, "relaxed": 5}
LANES: Final = tuple(STRIDE)
_THE_LANE: Final = ""  # in place of a community's id


@dataclass(frozen=True)
class Line:
    """A community's waiting jobs in one lane."""

    community_id: str
    waiting: int
    turn: int


@dataclass(frozen=True)
class Standing:
    turn: int
    round: int


async def standing(tx: Transaction, lane: str, community_id: str = _THE_LANE) -> Standing:
    query = select(turns.c.turn, turns.c.round).where(turns.c.lane == lane, turns.c.community_id == community_id)
    row = (await tx.execute(query)).first()
    return Standing(row.turn, row.round) if row is not None else Standing(0, 0)


async def _locked(tx: Transaction, lane: str) -> Standing:
    """The lane, held until the transaction ends: whoever joins it or has a turn comes one after the other."""
    row = select(turns.c.turn).where(turns.c.lane == lane, turns.c.community_id == _THE_LANE).with_for_update()
    if (await tx.execute(row)).first() is None:
        # Two transactions may both find nothing to hold on to, where writers do not wait for each other.
        with suppress(IntegrityError):
            async with tx.begin_nested():
                await tx.execute(insert(turns).values(lane=lane, community_id=_THE_LANE, turn=0, round=0))
        await tx.execute(row)
    return await standing(tx, lane)


async def _put(tx: Transaction, lane: str, community_id: str, turn: int, round_: int) -> None:
    mine = (turns.c.lane == lane) & (turns.c.community_id == community_id)
    if not await changed(tx, update(turns).where(mine).values(turn=turn, round=round_)):
        await tx.execute(insert(turns).values(lane=lane, community_id=community_id, turn=turn, round=round_))


async def join(tx: Transaction, job: JobRow, member_id: str, queued: str) -> int:
    """The round in which this job's turn comes. `queued` is the state of what waits; the job has it not yet."""
    lane = await _locked(tx, job.lane)
    ours = await standing(tx, job.lane, job.community_id)
    if not await _waits(tx, queued, job.lane):
        reached = [(await standing(tx, other)).turn - STRIDE[other] for other in LANES if other != job.lane]
        lane = Standing(max(lane.turn, *reached), lane.round)
        await _put(tx, job.lane, _THE_LANE, lane.turn, lane.round)
    if not await _waits(tx, queued, job.lane, job.community_id):
        await _put(tx, job.lane, job.community_id, max(ours.turn, lane.round), ours.round)
    last = select(func.max(jobs.c.round)).where(
        jobs.c.community_id == job.community_id, jobs.c.member_id == member_id, jobs.c.lane == job.lane
    )
    return max(ours.round, ((await tx.execute(last)).scalar_one() or 0) + 1)


async def leave(tx: Transaction, job: JobRow, queued: str) -> None:
    """The job waits no more, without having had its turn: its member's later jobs move up."""
    await tx.execute(update(jobs).where(jobs.c.id == job.id).values(round=0))
    await tx.execute(
        update(jobs)
        .where(
            jobs.c.state == queued,
            jobs.c.lane == job.lane,
            jobs.c.community_id == job.community_id,
            jobs.c.member_id == job.member_id,
            jobs.c.round > job.round,
        )
        .values(round=jobs.c.round - 1)
    )


async def give(tx: Transaction, job: JobRow) -> None:
    """Count the turn that this job has."""
    lane = await _locked(tx, job.lane)
    ours = await standing(tx, job.lane, job.community_id)
    await _put(tx, job.lane, _THE_LANE, lane.turn + STRIDE.get(job.lane, 1), max(lane.round, ours.turn))
    await _put(tx, job.lane, job.community_id, ours.turn + 1, max(ours.round, job.round))


async def _waits(tx: Transaction, queued: str, lane: str, community_id: str | None = None) -> bool:
    query = select(jobs.c.id).where(jobs.c.state == queued, jobs.c.lane == lane).limit(1)
    if community_id is not None:
        query = query.where(jobs.c.community_id == community_id)
    return (await tx.execute(query)).first() is not None


# -- looking -------------------------------------------------------------------------------------------------------


async def next_in_lanes(tx: Transaction, queued: str) -> dict[str, tuple[int, list[tuple[int, str]]]]:
    """Of each lane its turn, and the communities in it with waiting jobs: their turns and ids, the next one first.

    Only whether jobs wait is looked up, one index entry a community: counting 100,000 of them took 50 ms on SQLite and
    110 ms on PostgreSQL, at every choice.
    """
    waits = (
        select(jobs.c.id)
        .where(jobs.c.state == queued, jobs.c.lane == turns.c.lane, jobs.c.community_id == turns.c.community_id)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(turns.c.lane, turns.c.community_id, turns.c.turn)
        .where(turns.c.lane.in_(LANES), or_(turns.c.community_id == _THE_LANE, waits.is_not(None)))
        .order_by(turns.c.turn, turns.c.community_id)
    )
    lanes: dict[str, tuple[int, list[tuple[int, str]]]] = {lane: (0, []) for lane in LANES}
    for lane, community_id, turn in await tx.execute(query):
        if community_id == _THE_LANE:
            lanes[lane] = turn, lanes[lane][1]
        else:
            lanes[lane][1].append((turn, community_id))
    return lanes


async def lines(tx: Transaction, queued: str, lane: str) -> list[Line]:
    """The communities with waiting jobs, and how many, in the order of their turns."""
    waiting = (
        select(jobs.c.community_id, func.count().label("waiting"))
        .where(jobs.c.state == queued, jobs.c.lane == lane)
        .group_by(jobs.c.community_id)
        .subquery()
    )
    turn = func.coalesce(turns.c.turn, 0)
    query = (
        select(waiting.c.community_id, waiting.c.waiting, turn.label("turn"))
        .select_from(waiting)
        .outerjoin(turns, and_(turns.c.lane == lane, turns.c.community_id == waiting.c.community_id))
        .order_by(turn, waiting.c.community_id)
    )
    return await every(tx, Line, query)


async def count_before(tx: Transaction, queued: str, job: JobRow) -> int:
    """How many jobs of the same community and lane have their turn before this one."""
    mine = (jobs.c.round, jobs.c.created_at, jobs.c.id)
    round_, created_at, id_ = mine
    earlier = or_(
        round_ < job.round,
        and_(round_ == job.round, created_at < job.created_at),
        and_(round_ == job.round, created_at == job.created_at, id_ < job.id),
    )
    query = (
        select(func.count())
        .select_from(jobs)
        .where(
            jobs.c.state == queued,
            jobs.c.lane == job.lane,
            jobs.c.community_id == job.community_id,
            round_ <= job.round,
            earlier,
        )
    )
    return int((await tx.execute(query)).scalar_one())


async def next_of(
    tx: Transaction, queued: str, lane: str, community_id: str, *, at: int, busy: Collection[str], limit: int
) -> list[tuple[JobRow, str]]:
    """The next jobs of a community, with their members' plans, without those of members who are busy."""
    query = (
        select(jobs, members.c.plan)
        .join(members, members.c.id == jobs.c.member_id)
        .where(
            jobs.c.state == queued,
            jobs.c.lane == lane,
            jobs.c.community_id == community_id,
            jobs.c.not_before <= at,
            unleased(at),
        )
        .order_by(jobs.c.round, jobs.c.created_at, jobs.c.id)
        .limit(limit)
    )
    if busy:
        query = query.where(jobs.c.member_id.not_in(busy))
    return [(JobRow(*row[:-1]), str(row[-1])) for row in await tx.execute(query)]


async def in_the_making(tx: Transaction, states: Collection[str]) -> dict[str, tuple[str, int]]:
    """For each member with jobs of these states: their plan, and how many."""
    query = (
        select(jobs.c.member_id, members.c.plan, func.count())
        .join(members, members.c.id == jobs.c.member_id)
        .where(jobs.c.state.in_(states))
        .group_by(jobs.c.member_id, members.c.plan)
    )
    return {str(member): (str(plan), int(count)) for member, plan, count in await tx.execute(query)}

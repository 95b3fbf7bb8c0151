"""Whose turn it is: the order in which jobs are taken up.

Checking comes first, since it is quick. Then what somebody has begun and lost goes on. Then the lanes take turns, five
of the priority lane to one of the relaxed; within a lane the communities; within a community its members, and each
member's jobs in the order in which they were queued. A member who has as many jobs in the making as their plan allows
is passed over, and comes first when one of them is done.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from engine import jobs as making
from engine.jobs import IN_THE_MAKING, WORKABLE, JobState
from engine.plans import Plans, shipped
from storage import jobs, turns
from storage.clock import now
from storage.database import Transaction
from storage.jobs import JobRow

QUEUED = JobState.QUEUED
BEGUN = IN_THE_MAKING - {QUEUED}
MOST_AT_ONCE = 50


class Lane(StrEnum):
    PRIORITY = "priority"
    RELAXED = "relaxed"  # free, and waits


async def next_to_admit(tx: Transaction, *, only: str | None = None) -> list[JobRow]:
    """Briefs that wait to be checked. Checking is quick and comes before all making."""
    return await jobs.waiting(tx, {JobState.ASKED}, WORKABLE, only=only)


async def next_to_make(
    tx: Transaction, plans: Plans | None = None, *, only: str | None = None, limit: int = MOST_AT_ONCE
) -> list[JobRow]:
    """Jobs with takes that want work, those that somebody has begun already first, then by their turns."""
    if only is not None:
        return await jobs.waiting(tx, IN_THE_MAKING, WORKABLE, only=only)
    begun = await jobs.waiting(tx, BEGUN, WORKABLE, limit=limit)
    return begun + await _by_turns(tx, plans or shipped(), limit - len(begun))


async def take_up(tx: Transaction, job: JobRow, holder: str, lease_ms: int) -> JobRow | None:
    """Take the job in hand as it was seen; None if somebody was quicker. One that waited has its turn now."""
    claimed = await jobs.claim(tx, job, holder, lease_ms)
    if claimed is None or claimed.state != QUEUED:
        return claimed
    await turns.give(tx, claimed)
    await making.begin_rendering(tx, claimed)
    return await jobs.get(tx, job.id)


async def _by_turns(tx: Transaction, plans: Plans, limit: int) -> list[JobRow]:
    """The next jobs in the order in which they would be taken up, one after the other."""
    if limit <= 0:
        return []
    crew = _Crew(plans, await turns.in_the_making(tx, BEGUN))
    lanes = [_Lane(name, turn, lines) for name, (turn, lines) in (await turns.next_in_lanes(tx, QUEUED)).items()]
    chosen: list[JobRow] = []
    while len(chosen) < limit:
        for lane in sorted(lanes, key=lambda lane: lane.turn):  # sorted keeps the priority lane first at equal turns
            job = await lane.next_job(tx, crew, limit)
            if job is not None:
                chosen.append(job)
                break
        else:
            return chosen
    return chosen


@dataclass
class _Crew:
    """Who has how many jobs in the making, and who may have no more."""

    plans: Plans
    making: dict[str, tuple[str, int]]

    @property
    def busy(self) -> list[str]:
        return [member for member, (plan, count) in self.making.items() if self._is_full(plan, count)]

    def _is_full(self, plan: str, count: int) -> bool:
        most = self.plans[plan].at_once
        return most is not None and count >= most

    def add(self, member_id: str, plan: str) -> None:
        _, count = self.making.get(member_id, (plan, 0))
        self.making[member_id] = plan, count + 1


@dataclass
class _Lane:
    name: str
    turn: int
    lines: list[tuple[int, str]]  # a community's turn and its id, the next one first
    given: set[str] = field(default_factory=set)

    async def next_job(self, tx: Transaction, crew: _Crew, limit: int) -> JobRow | None:
        """Give this lane's next turn away; None when nobody in it can have one now."""
        for number, (turn, community_id) in enumerate(self.lines):
            found = await turns.next_of(
                tx, QUEUED, self.name, community_id, at=now(), busy=crew.busy, limit=limit + len(self.given)
            )
            job, plan = next(self._not_given(found), (None, ""))
            if job is None:
                continue
            self.given.add(job.id)
            self.lines[number] = turn + 1, community_id
            self.lines.sort()
            self.turn += turns.STRIDE[self.name]
            crew.add(job.member_id, plan)
            return job
        return None

    def _not_given(self, found: list[tuple[JobRow, str]]) -> Iterator[tuple[JobRow, str]]:
        return (one for one in found if one[0].id not in self.given)


# -- place in the queue --------------------------------------------------------------------------------------------


async def place(tx: Transaction, job: JobRow) -> int | None:
    """How many jobs have their turn before this one; None when it is not waiting for its turn."""
    return (await places(tx, [job])).get(job.id)


async def places(tx: Transaction, jobs: Sequence[JobRow]) -> dict[str, int]:
    """How many jobs have their turn before each of these, of those that wait for their turn.

    As things stand now: who asks later may come between, once for each turn of their own, and who has too many jobs in
    the making is passed over. The lines are counted once, however many jobs are asked about.
    """
    waiting = [job for job in jobs if job.state == QUEUED]
    if not waiting:
        return {}
    lines = {lane: await turns.lines(tx, QUEUED, lane) for lane in turns.LANES}
    starts = {lane: (await turns.standing(tx, lane)).turn for lane in turns.LANES}
    return {job.id: _place(job, await turns.count_before(tx, QUEUED, job), lines, starts) for job in waiting}


def _place(job: JobRow, before: int, lines: Mapping[str, Sequence[turns.Line]], starts: Mapping[str, int]) -> int:
    ours = lines[job.lane]
    our_turn = next((line.turn for line in ours if line.community_id == job.community_id), 0) + before
    in_lane = before + sum(
        _turns_until(our_turn, line.turn, 1, comes_first=line.community_id < job.community_id, waiting=line.waiting)
        for line in ours
        if line.community_id != job.community_id
    )
    reached = starts[job.lane] + in_lane * turns.STRIDE[job.lane]
    in_others = sum(
        _turns_until(
            reached,
            starts[other],
            turns.STRIDE[other],
            comes_first=turns.LANES.index(other) < turns.LANES.index(job.lane),
            waiting=sum(line.waiting for line in lines[other]),
        )
        for other in turns.LANES
        if other != job.lane
    )
    return in_lane + in_others


def _turns_until(turn: int, starts: int, stride: int, *, comes_first: bool, waiting: int) -> int:
    """How many of `starts`, `starts + stride`, ... lie before `turn`, at most as many as wait."""
    until = turn - starts + (1 if comes_first else 0)
    return min(waiting, max(0, -(-until // stride)))

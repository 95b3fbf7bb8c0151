"""Turns are fair among members and communities, nobody waits without end, and a place in the queue is what it says."""

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from engine import communities, jobs, members
from engine.brief import Brief
from engine.jobs import JobState
from engine.members import Asker
from engine.origin import Origin
from engine.plans import BY_OPERATOR, PlanChange, Plans
from engine.turns import Lane, next_to_make, place, take_up
from safety.verdict import Decision
from storage import jobs as job_rows
from storage.database import Database, Transaction
from storage.jobs import JobRow
from storage.turns import STRIDE
from tests.databases import give_back, lay_out, on_both, url
from tests.engine.small_studio import HOUR_MS, claimed, small_studio, verdict

# No limit on jobs at once, unless a test sets one.
PLANS = Plans.of({}, default="metered", discord_roles={}, telegram_groups={})


@dataclass
class Crowd:
    """Members by name, in communities by letter: "a1" is somebody in community a."""

    database: Database
    askers: dict[str, Asker]

    async def queue(self, tx: Transaction, who: str, lane: str = "priority") -> str:
        if who not in self.askers:
            community = await communities.known_as(tx, "test", who[0])
            self.askers[who] = await members.known_as(tx, "test", who, community.id, PLANS)
        asker = self.askers[who]
        job_id = await jobs.ask(
            tx,
            Brief(prompt="x"),
            member_id=asker.member_id,
            community_id=asker.community_id,
            origin=Origin(platform="test"),
            seeds=[1],
            price_of_take=0,
            lane=lane,
        )
        await jobs.queue(tx, job := await claimed(tx, job_id), verdict(Decision.ALLOW))
        await job_rows.let_go(tx, job.id, job.fence)
        return job_id

    def names(self, rows: Sequence[JobRow]) -> list[str]:
        return [next(name for name, asker in self.askers.items() if asker.member_id == row.member_id) for row in rows]


async def drain(tx: Transaction, plans: Plans = PLANS, *, most: int = 10_000) -> list[JobRow]:
    """Every waiting job in the order in which it is taken up, one at a time, each done before the next."""
    taken = []
    while len(taken) < most and (found := await next_to_make(tx, plans, limit=1)):
        job = await take_up(tx, found[0], "me", HOUR_MS)
        assert job is not None and job.state == JobState.RENDERING
        taken.append(job)
        await jobs.finish_cancel(tx, job)
    return taken


async def _order(folder: Path, *queued: str, lane: str = "priority") -> str:
    async with small_studio(folder) as (database, _), database.writing() as tx:
        crowd = Crowd(database, {})
        for who in queued:
            await crowd.queue(tx, who, lane)
        return " ".join(crowd.names(await drain(tx)))


@pytest.mark.parametrize("lane", Lane)
async def test_members_of_a_community_take_turns(tmp_path: Path, lane: str) -> None:
    order = await _order(tmp_path, *["a1"] * 5, "a2", "a2", "a3", lane=lane)
    assert order == "a1 a2 a3 a1 a2 a1 a1 a1"


async def test_communities_take_turns_whatever_their_size(tmp_path: Path) -> None:
    order = (await _order(tmp_path, "a1", "a2", "a3", "a4", "a1", "b1", "b1", "b1")).split()
    assert [name[0] for name in order] == [*list("ababab"), "a", "a"] or order[0][0] == "b"
    assert [name for name in order if name[0] == "a"] == ["a1", "a2", "a3", "a4", "a1"]
    switches = sum(one[0] != two[0] for one, two in pairwise(order))
    assert switches >= 5


async def test_who_comes_later_is_not_put_behind_all_that_others_asked_for(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, _), database.writing() as tx:
        crowd = Crowd(database, {})
        for _ in range(20):
            await crowd.queue(tx, "a1")
        await drain(tx, most=5)
        await crowd.queue(tx, "a2")
        await crowd.queue(tx, "b1")
        names = crowd.names(await drain(tx))
        assert max(names.index("a2"), names.index("b1")) <= 3


async def test_who_was_away_has_saved_no_turns_up(tmp_path: Path) -> None:
    """A community and a member who were idle while others had many turns do not have the next many to themselves."""
    async with small_studio(tmp_path) as (database, _), database.writing() as tx:
        crowd = Crowd(database, {})
        for who in ["b1", *["a1"] * 12]:
            await crowd.queue(tx, who)
        await drain(tx, most=10)
        for who in ["b1"] * 6 + ["a2"] * 6:
            await crowd.queue(tx, who)
        names = crowd.names(await drain(tx))
        # Who joins begins with the turn that is under way: one turn ahead at the most, and the rest one by one.
        communities_in_turn = [name[0] for name in names[:9]]
        assert communities_in_turn in (list("bbabababa"), list("babababab"))
        in_a = [name for name in names if name[0] == "a"]
        assert in_a[:6] in (["a1", "a2"] * 3, ["a2", "a1"] * 3)


async def test_nobody_gets_ahead_by_asking_again_and_again(tmp_path: Path) -> None:
    """a1 asks for the next one whenever one is done; a2 asked for ten at once. Both have every second turn."""
    async with small_studio(tmp_path) as (database, _), database.writing() as tx:
        crowd = Crowd(database, {})
        for _ in range(10):
            await crowd.queue(tx, "a2")
        had = []
        for _ in range(12):
            await crowd.queue(tx, "a1")
            had += crowd.names(await drain(tx, most=1))
        assert abs(had.count("a1") - had.count("a2")) <= 1


async def test_the_relaxed_lane_has_one_turn_to_the_other_s_five(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, _), database.writing() as tx:
        crowd = Crowd(database, {})
        for _ in range(25):
            await crowd.queue(tx, "a1", "priority")
        for _ in range(8):
            await crowd.queue(tx, "a2", "relaxed")
        lanes = [job.lane for job in await drain(tx)]
        busy = lanes[:24]
        assert busy.count("relaxed") == 24 // (STRIDE["relaxed"] + 1)
        gaps = "".join(lane[0] for lane in busy).split("r")
        assert max(map(len, gaps)) <= STRIDE["relaxed"]


async def test_a_lane_that_was_empty_for_long_has_saved_no_turns_up(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, _), database.writing() as tx:
        crowd = Crowd(database, {})
        for _ in range(30):
            await crowd.queue(tx, "a1")
        await drain(tx, most=20)
        for _ in range(10):
            await crowd.queue(tx, "a2", "relaxed")
        lanes = [job.lane for job in await drain(tx, most=7)]
        assert lanes.count("relaxed") <= 2


# -- jobs at once --------------------------------------------------------------------------------------------------


async def test_nobody_has_more_in_the_making_than_their_plan_allows(tmp_path: Path) -> None:
    plans = Plans.of({"plus": PlanChange(at_once=2)}, default="metered", discord_roles={}, telegram_groups={})
    async with small_studio(tmp_path) as (database, _), database.writing() as tx:
        crowd = Crowd(database, {})
        for _ in range(4):
            await crowd.queue(tx, "a1")
        for _ in range(2):
            await crowd.queue(tx, "a2")
        await members.claim(tx, crowd.askers["a1"].member_id, BY_OPERATOR, "plus", plans)
        # Chosen together: no more than two of a1's among them, and a2's are not held up by that.
        found = await next_to_make(tx, plans)
        assert crowd.names(found) == ["a1", "a2", "a1", "a2"]
        held = [await take_up(tx, job, "me", HOUR_MS) for job in found if crowd.names([job]) == ["a1"]]
        assert crowd.names([job for job in await next_to_make(tx, plans) if job.state == "queued"]) == ["a2", "a2"]
        assert held[0] is not None
        await jobs.finish_cancel(tx, held[0])
        after = [job for job in await next_to_make(tx, plans) if job.state == "queued"]
        assert sorted(crowd.names(after)) == ["a1", "a2", "a2"]


async def test_what_was_begun_goes_on_before_anything_new(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, _), database.writing() as tx:
        crowd = Crowd(database, {})
        first, second = [await crowd.queue(tx, who) for who in ("a1", "a2")]
        for job in await next_to_make(tx, PLANS):
            if job.id == second:
                await take_up(tx, job, "dead", HOUR_MS)
        await job_rows.free_all_of(tx, "dead")
        assert [job.id for job in await next_to_make(tx, PLANS)] == [second, first]


@on_both
async def test_of_two_who_reach_for_a_job_one_has_it_and_one_turn_is_counted(tmp_path: Path) -> None:
    from storage.turns import standing

    async with small_studio(tmp_path) as (database, _), database.writing() as tx:
        crowd = Crowd(database, {})
        await crowd.queue(tx, "a1")
        (seen,) = await next_to_make(tx, PLANS)
        before = await standing(tx, "priority")
        assert await take_up(tx, seen, "one", HOUR_MS) is not None
        assert await take_up(tx, seen, "other", HOUR_MS) is None
        assert (await standing(tx, "priority")).turn == before.turn + 1


# -- place ---------------------------------------------------------------------------------------------------------


async def test_who_cancels_moves_their_later_jobs_up(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, _), database.writing() as tx:
        crowd = Crowd(database, {})
        mine = [await crowd.queue(tx, "a1") for _ in range(6)]
        for _ in range(3):
            await crowd.queue(tx, "a2")
        for job_id in mine[:5]:
            row = await job_rows.get(tx, job_id)
            assert row is not None
            await jobs.cancel(tx, row)
        await crowd.queue(tx, "a1")
        # In each round those who asked earlier come first.
        assert crowd.names(await drain(tx)) == ["a1", "a2", "a2", "a1", "a2"]


async def test_only_what_waits_has_a_place(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, _), database.writing() as tx:
        crowd = Crowd(database, {})
        job_id = await crowd.queue(tx, "a1")
        row = await job_rows.get(tx, job_id)
        assert row is not None and await place(tx, row) == 0
        taken = await take_up(tx, row, "me", HOUR_MS)
        assert taken is not None and await place(tx, taken) is None


WHO = st.sampled_from(["a1", "a2", "a3", "b1", "b2", "c1"])
MEMBERS = {"a": 3, "b": 2, "c": 1}


class QueueMachine(RuleBasedStateMachine):
    """A busy queue; of each job it is kept how many others had their turn since it joined, and how many might."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="kinora-queue-"))
        lay_out(self.folder)
        self.runner = asyncio.Runner()
        self.database = self.runner.run(Database.connect(url(self.folder)))
        self.crowd = Crowd(self.database, {})
        self.waiting: list[str] = []
        self.overtaken: dict[str, int] = {}

    def teardown(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()
        give_back(self.folder)
        shutil.rmtree(self.folder)

    @rule(who=WHO, lane=st.sampled_from(list(Lane)))
    def queue(self, who: str, lane: Lane) -> None:
        async def join() -> str:
            async with self.database.writing() as tx:
                return await self.crowd.queue(tx, who, lane)

        self.waiting.append(job_id := self.runner.run(join()))
        self.overtaken[job_id] = 0

    @precondition(lambda self: self.waiting)
    @rule(which=st.integers(0, 99))
    def cancel(self, which: int) -> None:
        async def call_off(job_id: str) -> None:
            async with self.database.writing() as tx:
                row = await job_rows.get(tx, job_id)
                assert row is not None
                await jobs.cancel(tx, row)

        self.runner.run(call_off(self.waiting.pop(which % len(self.waiting))))

    @rule(most=st.integers(1, 3))
    def take(self, most: int) -> None:
        async def have_turns() -> list[JobRow]:
            async with self.database.writing() as tx:
                return await drain(tx, most=most)

        had = self.runner.run(have_turns())
        assert len(had) == min(most, len(self.waiting))
        for job in had:
            self.waiting.remove(job.id)
            for other in self.waiting:
                self.overtaken[other] += 1
            (who,) = self.crowd.names([job])
            assert self.overtaken[job.id] <= _most_before(who, job.lane, job)

    @invariant()
    def places_are_true(self) -> None:
        self.runner.run(_check_places(self.database, set(self.waiting)))


test_places_are_true_and_nobody_is_overtaken_without_end = QueueMachine.TestCase
test_places_are_true_and_nobody_is_overtaken_without_end.settings = settings(
    max_examples=4, stateful_step_count=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@pytest.mark.soak
def test_places_are_true_for_long() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        QueueMachine, settings=settings(max_examples=300, stateful_step_count=100, deadline=None)
    )


def _most_before(who: str, lane: str, job: JobRow) -> int:
    """A bound on the turns that others have before a job, whatever they ask for meanwhile.

    Each member of the community has at most one job in each round, and the job's round is at most as many after the one
    under way as its member has jobs before it; each other community has at most one turn to each of this one's; then
    the lanes by their strides. Ten jobs of one's own before it are more than these runs ever hold.
    """
    in_community = MEMBERS[who[0]] * (job.round + 1)
    in_lane = (in_community + 1) * len(MEMBERS)
    return in_lane * (1 + STRIDE[lane]) + sum(STRIDE.values())


async def _check_places(database: Database, waiting: set[str]) -> None:
    """The places of all that wait are the order in which they are taken up when nobody asks for more."""
    async with database.writing() as tx:
        rows = [row for row in [await job_rows.get(tx, job_id) for job_id in waiting] if row is not None]
        places = {row.id: await place(tx, row) for row in rows}
        together = [row.id for row in await next_to_make(tx, PLANS)]
        trial = await tx.begin_nested()
        one_by_one = [row.id for row in await drain(tx)]
        await trial.rollback()
        assert together == one_by_one[:50]
        assert set(one_by_one) == waiting
        assert places == {job_id: number for number, job_id in enumerate(one_by_one)}

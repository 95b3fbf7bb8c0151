"""The pipeline when workers fail: what cannot be checked is held, what cannot be made is paid back, nothing is lost.

The fleet here is scripted, so that every fault can be had at will; `test_fleet` and `test_whole_way` use real workers.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from engine import delivery, jobs, review, shift
from engine.delivery import ATTEMPTS, Delivery, PlaceClosed
from engine.fleet.base import Answer, Progress, Task, TaskFailed, WorkerLost
from engine.holder import this_process
from engine.jobs import JobState, TakeState
from engine.members import Asker
from engine.pipeline import Pipeline
from engine.reports import Judged, SealedTake, TakeReport
from engine.seal_tasks import SealTake
from engine.take_tasks import DrawTake, JudgeTake
from engine.text_tasks import CheckText
from safety.verdict import Decision
from storage import cases, clips, clock, credits, leases, outbox
from storage import jobs as ledger
from storage.credits import Account
from storage.database import Database
from storage.errors import StorageError
from storage.outbox import Message
from tests.engine.small_studio import ask, small_studio, verdict

Script = Callable[[Task[Any]], Any]


@dataclass
class ScriptedFleet:
    """Answers as told, and keeps a list of what it was asked to do."""

    faults: dict[type[Task[Any]], list[Exception | Decision]] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    drawing: asyncio.Event = field(default_factory=asyncio.Event)
    draw_for_ever: bool = False

    async def do(self, task: Task[Answer], *, progress: Progress | None = None) -> Answer:
        self.done.append(type(task).__name__)
        decision = Decision.ALLOW
        if waiting := self.faults.get(type(task)):
            fault = waiting.pop(0)
            if isinstance(fault, Exception):
                raise fault
            decision = fault
        answer: Any
        match task:
            case CheckText() | JudgeTake():
                answer = Judged(verdict=verdict(decision), policy={"categories": {}})
            case DrawTake():
                self.drawing.set()
                if progress:
                    await progress({"done": 1, "of": 2})
                if self.draw_for_ever:
                    await asyncio.sleep(3600)
                answer = TakeReport(
                    order="o",
                    sha256="0" * 64,
                    size=1,
                    width=854,
                    height=480,
                    fps=24,
                    frames=24,
                    seconds=1.0,
                    renderer="animatic",
                    renderer_version="t",
                    is_draft=True,
                    trained=False,
                    not_drawn=("灵魂",),
                )
            case SealTake():
                answer = SealedTake(
                    sha256=task.take_id * 8,
                    size=1,
                    poster_sha256=task.take_id[::-1] * 8,
                    poster_size=1,
                    manifest_label="urn:test",
                    time_stamped=False,
                )
            case _:
                raise AssertionError(task)
        return answer  # type: ignore[no-any-return]

    async def close(self) -> None: ...


@dataclass
class ListCourier:
    platform: str = "test"
    brought: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    failures: int = 0
    failure: Exception = field(default_factory=lambda: StorageError("disk.full", path="/"))

    async def deliver(self, message: Message) -> dict[str, Any]:
        self.asked.append(message.key)
        if self.failures:
            self.failures -= 1
            raise self.failure
        self.brought.append(message.key)
        return {"message": len(self.brought)}


@asynccontextmanager
async def at_work(
    database: Database, fleet: ScriptedFleet, courier: ListCourier | None = None, *, attempts: int = 3
) -> AsyncIterator[asyncio.Task[None]]:
    lease = await shift.take_the_shift(database, this_process())
    assert lease is not None
    work = shift.Shift(
        database=database,
        pipeline=Pipeline(database, fleet, attempts, "0"),
        delivery=Delivery(database, {"test": courier or ListCourier()}, lease.holder),
        lease=lease,
        at_once=2,
    )
    running = asyncio.create_task(work.work())
    try:
        yield running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def until(database: Database, job_id: str, *states: str) -> ledger.JobRow:
    for _ in range(200):
        async with database.reading() as tx:
            job = await ledger.get(tx, job_id)
        assert job is not None
        if job.state in states:
            return job
        await asyncio.sleep(0.05)
    raise AssertionError(f"{job_id} is {job.state}, not {states}; failure {job.failure}")


async def asked(database: Database, asker: Asker, **kwargs: int) -> str:
    async with database.writing() as tx:
        return (await ask(tx, asker, **kwargs)).id


async def balance(database: Database, asker: Asker) -> tuple[int, int]:
    async with database.reading() as tx:
        found = await credits.balance(tx, Account(asker.member_id))
    return found.available, found.reserved


async def test_from_a_prompt_to_four_delivered_clips(tmp_path: Path) -> None:
    courier = ListCourier()
    async with small_studio(tmp_path) as (database, asker), at_work(database, ScriptedFleet(), courier):
        job_id = await asked(database, asker, variations=4)
        await until(database, job_id, JobState.DELIVERED)
        async with database.reading() as tx:
            made = await clips.of_job(tx, job_id)
            takes = await ledger.takes_of(tx, job_id)
        assert {clip.id for clip in made} == {take.id for take in takes}
        assert all(list(clip.not_drawn) == ["灵魂"] for clip in made)
        assert sorted(courier.brought) == sorted(f"clip:{take.id}" for take in takes)
        assert await balance(database, asker) == (900, 0)


LOST = WorkerLost("worker.died", how="SIGKILL")


@pytest.mark.parametrize(
    "fault",
    [[LOST] * 3, [TaskFailed("task.crashed")], [WorkerLost("worker.hung")] * 3],
    ids=["lost", "crashed", "hung"],
)
async def test_a_brief_that_nobody_could_check_is_held(tmp_path: Path, fault: list[Exception | Decision]) -> None:
    fleet = ScriptedFleet(faults={CheckText: fault})
    async with small_studio(tmp_path) as (database, asker), at_work(database, fleet):
        job_id = await asked(database, asker)
        await until(database, job_id, JobState.HELD)
        assert "DrawTake" not in fleet.done
        assert await balance(database, asker) == (1_000, 0)


@pytest.mark.parametrize("fault", [[LOST] * 3, [TaskFailed("task.crashed")]], ids=["lost", "crashed"])
async def test_a_take_that_nobody_could_judge_is_held(tmp_path: Path, fault: list[Exception | Decision]) -> None:
    fleet = ScriptedFleet(faults={JudgeTake: fault})
    async with small_studio(tmp_path) as (database, asker), at_work(database, fleet):
        job_id = await asked(database, asker)
        await until(database, job_id, JobState.HELD)
        assert "SealTake" not in fleet.done
        assert await balance(database, asker) == (975, 25)


async def test_a_held_take_allowed_by_a_moderator_is_sealed_without_being_rendered_again(tmp_path: Path) -> None:
    fleet = ScriptedFleet(faults={JudgeTake: [Decision.HOLD]})
    async with small_studio(tmp_path) as (database, asker), at_work(database, fleet):
        job_id = await asked(database, asker)
        await until(database, job_id, JobState.HELD)
        async with database.writing() as tx:
            (case,) = await cases.undecided(tx)
            await review.decide(tx, case.id, Decision.ALLOW, asker)
        await until(database, job_id, JobState.DELIVERED)
        assert fleet.done.count("DrawTake") == 1


async def test_a_held_brief_allowed_by_a_moderator_is_not_asked_about_again(tmp_path: Path) -> None:
    fleet = ScriptedFleet(faults={CheckText: [Decision.HOLD]})
    async with small_studio(tmp_path) as (database, asker), at_work(database, fleet):
        job_id = await asked(database, asker)
        await until(database, job_id, JobState.HELD)
        async with database.writing() as tx:
            (case,) = await cases.undecided(tx)
            await review.decide(tx, case.id, Decision.ALLOW, asker)
        await until(database, job_id, JobState.DELIVERED)
        assert fleet.done.count("CheckText") == 1


async def test_refused_briefs_and_refused_takes_end_refused_and_paid_back(tmp_path: Path) -> None:
    fleet = ScriptedFleet(faults={CheckText: [Decision.REFUSE], JudgeTake: [Decision.REFUSE]})
    async with small_studio(tmp_path) as (database, asker), at_work(database, fleet):
        first = await asked(database, asker)
        await until(database, first, JobState.REFUSED)
        second = await asked(database, asker)
        await until(database, second, JobState.REFUSED)
        assert fleet.done.count("DrawTake") == 1
        assert await balance(database, asker) == (1_000, 0)


async def test_a_render_is_tried_again_and_then_given_up_with_the_reason(tmp_path: Path) -> None:
    fleet = ScriptedFleet(faults={DrawTake: [LOST, LOST, LOST, LOST, LOST]})
    async with small_studio(tmp_path) as (database, asker), at_work(database, fleet):
        given_up = await asked(database, asker)
        job = await until(database, given_up, JobState.FAILED)
        assert job.failure == {"code": "worker.died", "params": {"how": "SIGKILL"}}
        assert fleet.done.count("DrawTake") == 3
        lucky = await asked(database, asker)  # two more losses, then it works
        await until(database, lucky, JobState.DELIVERED)
        assert await balance(database, asker) == (975, 0)


@pytest.mark.parametrize("task", [DrawTake, SealTake])
async def test_a_task_that_fails_by_itself_is_not_tried_again(tmp_path: Path, task: type[Task[Any]]) -> None:
    fleet = ScriptedFleet(faults={task: [TaskFailed("disk.full", path="/x")]})
    async with small_studio(tmp_path) as (database, asker), at_work(database, fleet):
        job_id = await asked(database, asker)
        job = await until(database, job_id, JobState.FAILED)
        assert job.failure == {"code": "disk.full", "params": {"path": "/x"}}
        assert fleet.done.count(task.__name__) == 1
        assert await balance(database, asker) == (1_000, 0)


async def test_an_error_of_our_own_fails_the_job_and_not_the_studio(tmp_path: Path) -> None:
    fleet = ScriptedFleet(faults={DrawTake: [ZeroDivisionError()]})
    async with small_studio(tmp_path) as (database, asker), at_work(database, fleet):
        job_id = await asked(database, asker)
        job = await until(database, job_id, JobState.FAILED)
        assert job.failure is not None and job.failure["code"] == "studio.crashed"
        await until(database, await asked(database, asker), JobState.DELIVERED)
        assert await balance(database, asker) == (975, 0)


async def test_a_job_is_cancelled_while_it_is_drawn(tmp_path: Path) -> None:
    fleet = ScriptedFleet(draw_for_ever=True)
    async with small_studio(tmp_path) as (database, asker), at_work(database, fleet):
        job_id = await asked(database, asker)
        await fleet.drawing.wait()
        async with database.writing() as tx:
            job = await ledger.get(tx, job_id)
            assert job is not None
            await jobs.cancel(tx, job)
        await until(database, job_id, JobState.CANCELLED)
        assert await balance(database, asker) == (1_000, 0)


async def test_a_studio_that_stops_lets_go_and_the_next_goes_on(tmp_path: Path) -> None:
    fleet = ScriptedFleet(draw_for_ever=True)
    async with small_studio(tmp_path) as (database, asker):
        async with at_work(database, fleet):
            job_id = await asked(database, asker)
            await fleet.drawing.wait()
            assert await shift.take_the_shift(database, "another") is None
        async with database.reading() as tx:
            job = await ledger.get(tx, job_id)
            assert job is not None
            assert (job.state, job.lease_holder) == (JobState.RENDERING, None)
        async with at_work(database, ScriptedFleet()):
            await until(database, job_id, JobState.DELIVERED)
        assert await balance(database, asker) == (975, 0)


async def test_a_dead_holders_shift_and_jobs_are_taken_over_at_once(tmp_path: Path) -> None:
    fleet = ScriptedFleet()
    dead = this_process().rsplit("/", 2)[0] + "/999999999/1.00"
    async with small_studio(tmp_path) as (database, asker):
        job_id = await asked(database, asker)
        async with database.writing() as tx:
            await leases.put(tx, shift.LEASE, dead, 3_600_000)
            job = await ledger.get(tx, job_id)
            assert job is not None
            await ledger.claim(tx, job, dead, 3_600_000)
        async with at_work(database, fleet):
            await until(database, job_id, JobState.DELIVERED)


async def test_a_living_strangers_shift_is_left_alone(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, _):
        async with database.writing() as tx:
            await leases.put(tx, shift.LEASE, "another-machine/boot/1/1.00", 3_600_000)
        assert await shift.take_the_shift(database, this_process()) is None
        async with database.writing() as tx:
            await leases.put(tx, shift.LEASE, "another-machine/boot/1/1.00", -1)
        assert await shift.take_the_shift(database, this_process()) is not None


async def test_a_job_taken_over_meanwhile_is_dropped_without_a_word(tmp_path: Path) -> None:
    fleet = ScriptedFleet(draw_for_ever=True)
    async with small_studio(tmp_path) as (database, asker), at_work(database, fleet):
        job_id = await asked(database, asker)
        await fleet.drawing.wait()
        async with database.writing() as tx:
            await ledger.free_all_of(tx, this_process())
            job = await ledger.get(tx, job_id)
            assert job is not None
            assert await ledger.claim(tx, job, "another-machine/boot/1/1.00", 3_600_000)
        await asyncio.sleep(1.0)
        async with database.reading() as tx:
            job = await ledger.get(tx, job_id)
        assert job is not None
        assert (job.state, job.lease_holder) == (JobState.RENDERING, "another-machine/boot/1/1.00")


async def test_a_delivery_is_tried_again_and_given_up_in_the_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.delivery.FIRST_PAUSE_MS", 1)
    courier = ListCourier(failures=2)
    async with small_studio(tmp_path) as (database, asker), at_work(database, ScriptedFleet(), courier):
        job_id = await asked(database, asker)
        await until(database, job_id, JobState.DELIVERED)
        assert len(courier.brought) == 1
        courier.failures = ATTEMPTS
        unlucky = await asked(database, asker)
        job = await until(database, unlucky, JobState.FAILED)
        assert job.failure is not None and job.failure["code"] == "disk.full"
        async with database.reading() as tx:
            assert len(await clips.of_job(tx, unlucky)) == 1  # it was made, and stays in the library
            (take,) = await ledger.takes_of(tx, unlucky)
        assert take.state == TakeState.FAILED


async def test_a_place_that_is_closed_is_not_knocked_at_again(tmp_path: Path) -> None:
    courier = ListCourier(failures=ATTEMPTS, failure=PlaceClosed("telegram.nowhere", cause="blocked"))
    async with small_studio(tmp_path) as (database, asker), at_work(database, ScriptedFleet(), courier):
        job = await until(database, await asked(database, asker), JobState.FAILED)
        assert job.failure is not None and job.failure["code"] == "telegram.nowhere"
        assert len(courier.asked) == len(set(courier.asked)) and courier.brought == []


async def test_a_message_in_hand_is_nobody_elses(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, asker), database.writing() as tx:
        job = await ask(tx, asker)
        await jobs.cancel(tx, job)
        first = await outbox.claim_next(tx, ["test"], "first", 3_600_000)
        assert first is not None
        assert await outbox.claim_next(tx, ["test"], "second", 3_600_000) is None
        await outbox.free_all_of(tx, "first")
        second = await outbox.claim_next(tx, ["test"], "second", 3_600_000)
        assert second is not None
        assert not await outbox.settle(tx, first, "sent")  # too late
        assert await outbox.settle(tx, second, "sent")


@pytest.mark.parametrize("jump", [86_400_000, -86_400_000], ids=["forth", "back"])
async def test_a_clock_that_jumps_by_a_day_costs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: int
) -> None:
    """The job in hand is not taken up twice, the one that waits is not forgotten, and messages are still due."""
    fleet = ScriptedFleet(draw_for_ever=True)
    courier = ListCourier(failures=1)
    async with small_studio(tmp_path) as (database, asker), at_work(database, fleet, courier):
        in_hand = await asked(database, asker)
        await fleet.drawing.wait()
        before = clock.now()
        for module in (ledger, leases, outbox, jobs, shift, delivery):
            monkeypatch.setattr(module, "now", lambda: clock.now() + jump)
        assert ledger.now() - before > jump - 1_000
        await asyncio.sleep(0.6)
        assert fleet.done.count("DrawTake") == 1
        async with database.writing() as tx:
            job = await ledger.get(tx, in_hand)
            assert job is not None
            await jobs.cancel(tx, job)
        await until(database, in_hand, JobState.CANCELLED)
        fleet.draw_for_ever = False
        await until(database, await asked(database, asker), JobState.DELIVERED)
        assert await balance(database, asker) == (975, 0)


async def being_delivered(database: Database) -> bool:
    """Whether a message is in somebody's hands just now."""
    async with database.reading() as tx:
        found = await tx.exec_driver_sql("SELECT 1 FROM outbox WHERE lease_holder IS NOT NULL")
        return found.first() is not None


async def test_what_waited_when_the_clock_jumped_back_still_has_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.delivery.FIRST_PAUSE_MS", 60_000)
    courier = ListCourier(failures=1)
    async with small_studio(tmp_path) as (database, asker):
        job_id = await asked(database, asker)
        async with at_work(database, ScriptedFleet(), courier):
            await until(database, job_id, JobState.SEALING)
            while courier.failures or await being_delivered(database):
                await asyncio.sleep(0.05)
            for module in (ledger, leases, outbox, jobs, shift, delivery):
                monkeypatch.setattr(module, "now", lambda: clock.now() - 86_400_000)
            await until(database, job_id, JobState.DELIVERED)

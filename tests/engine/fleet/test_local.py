"""The fleet of this machine: whatever a worker does, the caller gets an answer or a reason, and the next task works."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from engine.fleet.base import TaskFailed, WorkerLost
from engine.fleet.local import Bounds, LocalFleet, Setup
from tests.engine.nasty_tasks import Babble, Circle, Crash, Echo, Exit, Fail, Grow, Hang, Imports, Kill, Slow

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
async def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LocalFleet]:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv("KINORA_DATABASE", "secret")
    fleet = LocalFleet(Setup(tmp_path), Bounds(memory_mb=300, silence_seconds=20))
    yield fleet
    await fleet.close()


async def _still_works(fleet: LocalFleet) -> None:
    assert (await fleet.do(Echo(text="第一 🎬"))).text == "第一 🎬"


async def test_a_task_is_done_in_another_process(fleet: LocalFleet) -> None:
    said = await fleet.do(Echo(text="x" * 100_000))
    assert said.pid != os.getpid()
    assert len(said.text) == 100_000


async def test_one_worker_does_many_tasks(fleet: LocalFleet) -> None:
    answers = await asyncio.gather(*(fleet.do(Echo(text=str(number))) for number in range(20)))
    assert [said.text for said in answers] == [str(number) for number in range(20)]
    assert len({said.pid for said in answers}) == 1


@pytest.mark.parametrize(
    ("task", "code", "said"),
    [
        (Kill(signal=signal.SIGKILL), "worker.died", "SIGKILL"),
        (Kill(signal=signal.SIGSEGV), "worker.died", "SIGSEGV"),
        (Exit(), "worker.died", "exit code 7"),
        (Hang(), "worker.hung", "0.5"),
        (Circle(), "worker.too_slow", "1.0"),
        (Grow(), "worker.too_large", "300"),
        (Babble(), "worker.confused", "not json"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value,
)
async def test_a_lost_worker_is_told_apart_and_replaced(fleet: LocalFleet, task: Any, code: str, said: str) -> None:
    with pytest.raises(WorkerLost) as lost:
        await fleet.do(task)
    assert lost.value.code == code
    assert said in str(lost.value.params)
    await _still_works(fleet)


async def test_an_operator_may_give_a_slow_machine_more_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    fleet = LocalFleet(Setup(tmp_path), Bounds(memory_mb=300, silence_seconds=20, stretch=1.5))
    with pytest.raises(WorkerLost) as lost:
        await fleet.do(Circle())
    assert lost.value.params == {"seconds": 1.5}
    await fleet.close()


async def test_a_tasks_own_error_keeps_its_code_and_the_worker(fleet: LocalFleet) -> None:
    before = (await fleet.do(Echo(text=""))).pid
    with pytest.raises(TaskFailed) as failed:
        await fleet.do(Fail())
    assert not isinstance(failed.value, WorkerLost)
    assert (failed.value.code, failed.value.params) == ("test.failed", {"number": "3", "text": "值"})
    with pytest.raises(TaskFailed, match="ZeroDivisionError"):
        await fleet.do(Crash())
    assert (await fleet.do(Echo(text=""))).pid == before


async def test_progress_arrives_while_the_task_runs(fleet: LocalFleet) -> None:
    heard: list[int] = []

    async def hear(progress: dict[str, Any]) -> None:
        heard.append(progress["done"])

    await fleet.do(Slow(steps=20), progress=hear)
    assert len(heard) >= 2
    assert heard == sorted(heard)


@pytest.mark.parametrize("stubborn", [False, True], ids=["willing", "stubborn"])
async def test_a_cancelled_task_ends_soon_and_the_place_is_free_again(fleet: LocalFleet, stubborn: bool) -> None:
    running = asyncio.create_task(fleet.do(Slow(steps=400, stubborn=stubborn)))
    await asyncio.sleep(1.0)
    began = time.monotonic()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert time.monotonic() - began < 10  # generous: without the grace it would be 20 s
    await fleet.do(Slow(steps=1))


async def test_workers_end_with_the_studio(fleet: LocalFleet) -> None:
    await _still_works(fleet)
    (pid,) = fleet.pids
    await fleet.close()
    assert not psutil.pid_exists(pid)


async def test_workers_learn_nothing_from_the_environment(fleet: LocalFleet, tmp_path: Path) -> None:
    assert "KINORA_" not in (await fleet.do(Imports())).text


async def test_an_idle_worker_that_died_is_replaced(fleet: LocalFleet) -> None:
    await _still_works(fleet)
    (pid,) = fleet.pids
    os.kill(pid, signal.SIGKILL)
    await asyncio.sleep(0.2)
    await _still_works(fleet)

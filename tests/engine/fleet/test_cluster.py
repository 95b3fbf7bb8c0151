"""The fleet on a cluster: whatever dies, the caller gets an answer or a reason, and the next task works.

The machines are two `kinora worker` on this one, with all of Ray's own processes.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
import pytest
import pytest_asyncio

from engine.cluster_doctor import examine_cluster
from engine.doctor import Condition
from engine.errors import StudioError
from engine.fleet.base import Progress, TaskFailed, WorkerLost
from engine.fleet.cluster import Cluster, RayFleet
from engine.fleet.local import Bounds, Setup
from engine.settings import load
from tests.engine.crash_studio import GRANTED
from tests.engine.nasty_tasks import Echo, Roam, RoamAndFail, RoamAndHang, RoamAndKill
from tests.worlds.cluster import ClusterWorld, cluster

REPOSITORY = Path(__file__).parents[3]
pytest.importorskip("ray", reason="the extra “cluster” is not installed")
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClusterWorld]:
    with cluster(tmp_path_factory.mktemp("cluster"), (1, 1)) as world:
        yield world


def _fleet(world: ClusterWorld, *, token: Path | None = None, draws: int = 2) -> RayFleet:
    known = Cluster(world.address, token or world.data / "cluster" / "token", draws=draws, cards=1)
    return RayFleet(Setup(world.data), Bounds(memory_mb=300, silence_seconds=20), known)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fleet(world: ClusterWorld) -> AsyncIterator[RayFleet]:
    """Comes in before the second machine: both have one address here, and it is to stand on the first."""
    fleet = _fleet(world)
    await fleet.get_ready()
    await asyncio.to_thread(world.machine("--clips", "1", "--gpus", "0").wait_until_in)
    yield fleet
    await fleet.close()


async def _both_at_work(fleet: RayFleet, tell: Progress | None = None) -> set[int]:
    """Who does two tasks at the same time, once both seats are there."""
    async with asyncio.timeout(60):
        while True:
            said = await asyncio.gather(*(fleet.do(Roam(steps=20), progress=tell) for _ in range(2)))
            if len(doers := {one.pid for one in said}) == 2:
                return doers


async def test_tasks_spread_over_the_machines_and_tell_how_far_they_are(fleet: RayFleet, world: ClusterWorld) -> None:
    told: list[dict[str, Any]] = []

    async def tell(progress: dict[str, Any]) -> None:
        told.append(progress)

    doers = await _both_at_work(fleet, tell)
    homes = [{one.pid for one in machine.processes()} for machine in world.machines]
    assert {next(number for number, home in enumerate(homes) if pid in home) for pid in doers} == {0, 1}
    assert told and all(progress["of"] == 20 for progress in told)


async def test_what_does_not_travel_is_done_here(fleet: RayFleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    assert psutil.Process((await fleet.do(Echo(text=""))).pid).ppid() == os.getpid()


@pytest.mark.parametrize(
    ("task", "code", "said"),
    [(RoamAndKill(), "worker.died", "SIGKILL"), (RoamAndHang(), "worker.hung", "0.5")],
    ids=["killed", "hangs"],
)
async def test_a_lost_worker_is_told_apart_and_replaced(fleet: RayFleet, task: Any, code: str, said: str) -> None:
    with pytest.raises(WorkerLost) as lost:
        await fleet.do(task)
    assert lost.value.code == code
    assert said in str(lost.value.params)
    await fleet.do(Roam(steps=1))


async def test_a_tasks_own_error_keeps_its_code(fleet: RayFleet) -> None:
    with pytest.raises(TaskFailed) as failed:
        await fleet.do(RoamAndFail())
    assert (failed.value.code, failed.value.params) == ("test.failed", {"number": "3", "text": "值"})
    assert not isinstance(failed.value, WorkerLost)


@pytest.mark.parametrize("stubborn", [False, True])
async def test_a_cancelled_task_ends_soon_and_the_seat_is_free_again(fleet: RayFleet, stubborn: bool) -> None:
    begun = asyncio.Event()

    async def tell(_: dict[str, Any]) -> None:
        begun.set()

    doing = asyncio.create_task(fleet.do(Roam(steps=2_000, stubborn=stubborn), progress=tell))
    await begun.wait()
    doing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await doing
    await asyncio.wait_for(asyncio.gather(*(fleet.do(Roam(steps=1)) for _ in range(2))), 20)


async def test_a_seat_that_is_killed_takes_its_worker_along_and_another_one_does_the_next_task(
    fleet: RayFleet,
) -> None:
    pid = (await fleet.do(Roam(steps=1))).pid
    worker = psutil.Process(pid)
    seat = worker.parent()
    assert seat is not None
    doing = [asyncio.create_task(fleet.do(Roam(steps=100))) for _ in range(2)]
    await asyncio.sleep(0.5)
    seat.kill()
    with pytest.raises(WorkerLost) as lost:
        await asyncio.gather(*doing)
    assert lost.value.code == "worker.seat_lost"
    await asyncio.gather(*doing, return_exceptions=True)
    worker.wait(5)
    await fleet.do(Roam(steps=1))


async def _a_studio(world: ClusterWorld, *die_at: str) -> tuple[int, str]:
    """Sees one job of two takes through, drawn by the cluster; its data folder is the one that the machines see."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.engine.crash_studio", str(world.folder), "a wolf howls at the moon", *die_at),
        env=world.environment(KINORA_FLEET__KIND="ray", KINORA_FLEET__WORKERS="2", KINORA_FLEET__FIRST_LOOK="0"),
        cwd=REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 90)
    return process.returncode or 0, out.decode() + err.decode()


async def test_a_studio_that_is_killed_leaves_no_seat_behind_and_the_next_one_delivers_once(
    fleet: RayFleet, world: ClusterWorld
) -> None:
    await fleet.rest()
    (world.folder / "out").mkdir()
    assert (await _a_studio(world, "take-rendered", "before"))[0] == -signal.SIGKILL
    drawn = {file.stem for file in (world.data / "quarantine").glob("*.json")}
    code, said = await _a_studio(world)
    assert code == 0, said
    told = json.loads(said.splitlines()[0])
    assert (told["jobs"], told["state"], set(told["takes"].values())) == (1, "delivered", {"delivered"})
    assert (told["available"], told["reserved"]) == (GRANTED - told["price"], 0)
    assert {file.stem for file in (world.folder / "out").iterdir()} == {f"kinora-{clip}" for clip in told["clips"]}
    assert drawn and drawn <= set(told["clips"])


async def test_nobody_comes_in_without_the_token_and_the_doctor_tries(world: ClusterWorld, tmp_path: Path) -> None:
    wrong = tmp_path / "token"
    wrong.write_text("0" * 64)
    wrong.chmod(0o600)
    fleet = _fleet(world, token=wrong)
    with pytest.raises(StudioError, match=r"cluster\.token_refused"):
        await fleet.get_ready()
    await fleet.close()
    wrong.chmod(0o644)
    with pytest.raises(StudioError, match=r"cluster\.token_open"):
        await _fleet(world, token=wrong).get_ready()

    settings = load(data=world.data, fleet={"kind": "ray", "workers": 2, "ray": {"address": world.address}})
    findings = {finding.code: finding for finding in await examine_cluster(settings)}
    assert findings["cluster.token_asked"].condition is Condition.FINE
    assert findings["cluster.machine"].params["ray"]
    assert findings["cluster.seats"].params == {"offered": 2, "asked": 2, "cards": 1, "asked_cards": 1}


async def test_nothing_listens_but_on_this_machine_itself(world: ClusterWorld) -> None:
    heard = [
        connection.laddr.ip
        for machine in world.machines
        for process in machine.processes()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(heard) > 4
    assert set(heard) <= {"127.0.0.1", "::ffff:127.0.0.1", "::1"}


async def test_a_machine_of_another_version_is_refused(world: ClusterWorld) -> None:
    environment = world.environment(
        RAY_AUTH_MODE="token", RAY_AUTH_TOKEN_PATH=str(world.data / "cluster" / "token"), RAY_USAGE_STATS_ENABLED="0"
    )

    script = f"""
from ray._raylet import GcsClient
cluster = GcsClient(address={world.address!r})
before = cluster.internal_kv_get(b"kinora", b"kinora")
cluster.internal_kv_put(b"kinora", b"99.1", True, b"kinora")
print(flush=True)
input()
cluster.internal_kv_put(b"kinora", before, True, b"kinora")
"""
    command = [sys.executable, "-P", "-c", script]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as newer:
        assert newer.stdin is not None and newer.stdout is not None
        await asyncio.to_thread(newer.stdout.readline)
        stranger = world.machine("--clips", "1", "--gpus", "0")
        assert await asyncio.to_thread(stranger.process.wait, 60) == 1
        newer.communicate(b"\n", timeout=30)
    assert "The cluster runs Kinora 99.1" in stranger.said
    assert f"this machine Kinora {version('kinora')}" in stranger.said


async def test_a_machine_that_is_told_to_stop_finishes_first(fleet: RayFleet, world: ClusterWorld) -> None:
    leaving = world.machines[1]
    await _both_at_work(fleet)
    began = time.monotonic()
    doing = [asyncio.create_task(fleet.do(Roam(steps=60))) for _ in range(2)]
    await asyncio.sleep(1.0)
    code = await asyncio.to_thread(leaving.stop)
    assert code == 0, leaving.said
    assert "Still being made here: 1" in leaving.said
    assert time.monotonic() - began > 2.5
    await asyncio.gather(*doing)
    home = {one.pid for one in world.machines[0].processes()}
    assert {(await fleet.do(Roam(steps=1))).pid for _ in range(2)} <= home
    assert not [one for one in leaving.family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


async def test_a_driver_that_is_killed_takes_its_seats_along_and_another_one_comes_in(fleet: RayFleet) -> None:
    told = asyncio.Event()

    async def tell(_: dict[str, Any]) -> None:
        told.set()

    seat = psutil.Process((await fleet.do(Roam(steps=1))).pid)
    doing = asyncio.create_task(fleet.do(Roam(steps=2_000), progress=tell))
    await told.wait()
    os.kill(fleet.pids[-1], signal.SIGKILL)
    with pytest.raises(WorkerLost, match=r"worker\.driver_lost"):
        await doing
    await fleet.do(Roam(steps=1))
    await asyncio.to_thread(seat.wait, 15)  # nobody is left who could still write the take

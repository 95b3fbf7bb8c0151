"""How a Ray cluster's throughput grows with its seats, on takes that only sleep; and what its processes weigh."""

import asyncio
import tempfile
import time
from pathlib import Path

import psutil

from engine.fleet.cluster import Cluster, RayFleet
from engine.fleet.local import Bounds, Setup
from tests.engine.nasty_tasks import Roam
from tests.worlds.cluster import ClusterWorld, cluster

STEPS = 60  # of 0.05 s: a take of 480p takes about so long
TAKES = 24
SEATS = (1, 2, 4, 8)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, cluster(Path(folder), (4, 0), (4, 0)) as world:
        empty = _weight(world)
        for seats in SEATS:
            asyncio.run(_measure(world, seats))
        print(f"two machines without seats in use: {empty:.0f} MB", flush=True)


def _weight(world: ClusterWorld) -> float:
    return sum(process.memory_info().rss for machine in world.machines for process in machine.processes()) / 1e6


async def _measure(world: ClusterWorld, seats: int) -> None:
    known = Cluster(world.address, world.data / "cluster" / "token", draws=seats, cards=1)
    fleet = RayFleet(Setup(world.data), Bounds(memory_mb=None, silence_seconds=60), known)
    try:
        pids: set[int] = set()
        while len(pids) < seats:
            pids = {said.pid for said in await asyncio.gather(*(fleet.do(Roam(steps=20)) for _ in range(seats)))}
        alone = time.monotonic()
        await fleet.do(Roam(steps=STEPS))
        alone = time.monotonic() - alone
        began = time.monotonic()
        await asyncio.gather(*(fleet.do(Roam(steps=STEPS)) for _ in range(TAKES)))
        took = time.monotonic() - began
        worker = psutil.Process(next(iter(pids)))
        seat, driver = worker.parent(), psutil.Process(fleet.pids[-1])
        assert seat is not None
        sleeping = STEPS * 0.05 * TAKES / seats
        print(
            f"{seats} seats: {TAKES} takes of {STEPS * 0.05:.0f} s in {took:.1f} s;"
            f" {sleeping / took:.1%} of the sleep alone,"
            f" {alone * TAKES / seats / took:.1%} of one take by itself; one more {alone:.2f} s;"
            f" a seat weighs {seat.memory_info().rss / 1e6:.0f} MB, the driver {driver.memory_info().rss / 1e6:.0f} MB",
            flush=True,
        )
    finally:
        await fleet.close()

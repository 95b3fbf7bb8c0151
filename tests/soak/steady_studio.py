"""A studio that makes one clip after another, or so many at once, and writes down what its processes hold on to.

    python -m tests.soak.steady_studio FOLDER JOBS SECONDS RESOLUTION AT_ONCE

Prints one JSON object: what was held before the first job and after each round, and the peak of memory meanwhile.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

from bots.terminal.courier import Address, TerminalCourier
from engine import settings
from engine.brief import Aspect, Brief, Look, Resolution
from engine.fleet.local import LocalFleet
from engine.jobs import JobState
from engine.studio import Studio

SAMPLE_EVERY: Final = 0.2  # seconds
_MB: Final = 2**20


@dataclass(frozen=True)
class Held:
    """What the studio and its workers hold, the studio first."""

    memory_mb: list[float]
    open_files: list[int]
    temporary_files: int

    @classmethod
    def by(cls, studio: Studio, folder: Path) -> "Held":
        processes = _processes(studio)
        parts = [file for file in folder.rglob("*") if file.suffix in (".part", ".sealing")]
        temporary = [*parts, *(studio.places.files / "temporary").iterdir()]
        return cls(
            memory_mb=[round(process.memory_info().rss / _MB, 1) for process in processes],
            open_files=[process.num_fds() for process in processes],
            temporary_files=len(set(temporary)),
        )


def _processes(studio: Studio) -> list[psutil.Process]:
    assert isinstance(studio.fleet, LocalFleet)
    return [psutil.Process(), *map(psutil.Process, studio.fleet.pids)]


@asynccontextmanager
async def highest_memory(studio: Studio) -> AsyncIterator[list[float]]:
    """Samples of the memory of all our processes together, in MB, while the block runs."""
    samples: list[float] = []

    async def sample() -> None:
        while True:
            with suppress(psutil.NoSuchProcess):
                samples.append(sum(process.memory_info().rss for process in _processes(studio)) / _MB)
            await asyncio.sleep(SAMPLE_EVERY)

    sampling = asyncio.create_task(sample())
    try:
        yield samples
    finally:
        sampling.cancel()


async def _idle(studio: Studio) -> None:
    """Return when the workers are warm and have nothing to do."""
    assert isinstance(studio.fleet, LocalFleet)
    while len(studio.fleet.pids) < 1 + studio.settings.fleet.workers:
        await asyncio.sleep(0.1)
    used = -1.0
    while True:
        processes = _processes(studio)[1:]
        before, used = used, sum(sum(process.cpu_times()[:2]) for process in processes)
        if used == before:
            return
        await asyncio.sleep(1.0)


async def main(folder: Path, count: int, look: Look, at_once: int) -> dict[str, Any]:
    (folder / "out").mkdir(parents=True, exist_ok=True)
    configured = settings.load(data=folder / "data", fleet={"workers": at_once})
    async with Studio.open(configured) as studio:
        me = await studio.at_home()
        running = asyncio.create_task(studio.run([TerminalCourier(studio)]))
        await _idle(studio)
        held = [Held.by(studio, folder)]
        states: list[str] = []
        lost = 0  # workers that were stopped by a bound
        began = time.monotonic()
        async with highest_memory(studio) as samples:
            for first in range(0, count, at_once):
                numbers = range(first, min(first + at_once, count))
                briefs = [Brief(prompt=_PROMPTS[number % len(_PROMPTS)], look=look, seed=number) for number in numbers]
                asked = [
                    await studio.ask(brief, me, Address(folder=str(folder / "out")).as_origin()) for brief in briefs
                ]
                for job_id in asked:
                    async for _ in studio.follow(job_id):
                        pass
                    view = await studio.job(job_id)
                    states.append(view.state)
                    lost += sum(take.attempts for take in view.takes)
                held.append(Held.by(studio, folder))
        seconds = time.monotonic() - began
        await _idle(studio)
        held.append(Held.by(studio, folder))
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    return {
        "held": [vars(one) for one in held],
        "delivered": states.count(JobState.DELIVERED),
        "workers_lost": lost,
        "bound_mb": (1 + at_once) * configured.fleet.memory_mb,
        "peak_mb": round(max(samples), 1),
        "idle_mb": round(sum(held[0].memory_mb), 1),
        "seconds": round(seconds, 1),
    }


_PROMPTS: Final = (
    "a red fox in the rain at night",
    "three sailboats on a calm sea",
    "a wolf howls at the moon",
    "雨夜裡的一隻紅狐狸",
    "two people walk through a forest in autumn",
)

if __name__ == "__main__":
    look = Look(aspect=Aspect.SQUARE, resolution=Resolution.P480, seconds=float(sys.argv[3]))
    if sys.argv[4] != look.resolution:
        look = Look(aspect=Aspect.WIDE, resolution=Resolution(sys.argv[4]), seconds=float(sys.argv[3]))
    print(json.dumps(asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), look, int(sys.argv[5])))))

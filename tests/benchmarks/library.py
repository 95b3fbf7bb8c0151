"""What members look at, with 10,000 clips and with 1,000,000: Explore, libraries, searches, places in the queue."""

import asyncio
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final, cast

from engine import turns
from engine.explore import Explore
from engine.fleet.base import Fleet
from engine.library import Library
from engine.members import Asker
from storage import jobs
from storage.blobs import Blobs
from storage.database import Database
from storage.explore import Order
from storage.library import View
from tests.benchmarks import full_studio
from tests.benchmarks.full_studio import COLLECTOR, COMMUNITIES, community, member
from tests.benchmarks.measuring import Timings

SIZES: Final = tuple(int(size) for size in os.environ.get("KINORA_BENCH_CLIPS", "10000,1000000").split(","))
CALLS: Final = 200
Look = Callable[[], Awaitable[Any]]


class Doors:
    def __init__(self, database: Database, folder: Path, clips: int) -> None:
        self.database = database
        no_workers = cast(Fleet, None)
        self.library = Library(database, Blobs(folder / "files"), no_workers)
        self.explore = Explore(database, Blobs(folder / "files"), no_workers)
        self.members = clips // 10
        self.dice = random.Random(1)

    def anyone(self) -> Asker:
        return self._asker(self.dice.randrange(1, self.members))

    def collector(self) -> Asker:
        return self._asker(COLLECTOR)

    def _asker(self, number: int) -> Asker:
        return Asker(member(number), community(self.dice.randrange(COMMUNITIES)), "unlimited", "member")

    def looks(self) -> dict[str, Look]:
        library, explore, anyone, collector = self.library, self.explore, self.anyone, self.collector
        return {
            "Explore, newest": lambda: explore.page(anyone()),
            "Explore, rising": lambda: explore.page(anyone(), Order.RISING),
            "Explore, most remixed": lambda: explore.page(anyone(), Order.REMIXED),
            "Explore, picked": lambda: explore.page(anyone(), Order.PICKED),
            "Explore across, rising": lambda: explore.page(anyone(), Order.RISING, across=True),
            "Explore across, most remixed": lambda: explore.page(anyone(), Order.REMIXED, across=True),
            "Explore, from the middle": self._middle,
            "library": lambda: library.page(anyone()),
            "library of a twentieth of all": lambda: library.page(collector()),
            "its favourites": lambda: library.page(collector(), View.FAVOURITES),
            "its folder": lambda: library.page(collector(), View.FOLDER, folder="storyboards"),
            "its trash": lambda: library.page(collector(), View.TRASH),
            "its search, a common word": lambda: library.search(collector(), "wolf"),
            "its search, two common words": lambda: library.search(collector(), "wolf neon"),
            "place in the queue": self._place,
            "search Explore, a rare word": lambda: explore.search(anyone(), self._rare()),
            "search Explore, a common word": lambda: explore.search(anyone(), "wolf"),
            "search Explore, Chinese": lambda: explore.search(anyone(), "白鹤"),
            "search across, three common words": lambda: explore.search(anyone(), "dragon whale kite", across=True),
            "search across, common and rare": lambda: explore.search(anyone(), f"moon {self._rare()}", across=True),
            "search across, in vain": lambda: explore.search(anyone(), "wolf 小溪", across=True),
        }

    async def _place(self) -> int:
        """One of many waiting jobs, as `kinora queue` asks for each of a member's own."""
        async with self.database.reading() as tx:
            job = await jobs.get(tx, full_studio.waiting(self.dice.randrange(full_studio.WAITING)))
            assert job is not None
            found = await turns.place(tx, job)
        assert found is not None
        return found

    def _rare(self) -> str:
        return self.dice.choice(full_studio.RARE)

    def _middle(self) -> Awaitable[Any]:
        at = full_studio.BEGAN + self.members * 10 * 500
        return self.explore.page(self.anyone(), after=f"{at:x}.zzzzzzzz")


async def _measure(url: str, folder: Path, clips: int) -> dict[str, Timings]:
    timings: dict[str, Timings] = {}
    async with await Database.connect(url) as database:
        looks = Doors(database, folder, clips).looks()
        for name, look in looks.items():
            page = await look()
            timings[name] = Timings()
            assert isinstance(page, int) or page.items or "rare" in name or "in vain" in name, name
        for _ in range(CALLS):  # in turns: a busy moment falls on all
            for name, look in looks.items():
                cpu, began = time.process_time(), time.perf_counter()
                await look()
                timings[name].wall.append((time.perf_counter() - began) * 1_000)
                timings[name].cpu.append((time.process_time() - cpu) * 1_000)
    return timings


def main() -> None:
    found: dict[int, dict[str, Timings]] = {}
    for clips in SIZES:
        folder = Path(tempfile.mkdtemp(prefix="kinora-bench-"))
        try:
            began = time.perf_counter()
            url = full_studio.fill(folder, clips)
            size = (folder / "kinora.db").stat().st_size / 1e6
            print(f"{clips:,} clips: made in {time.perf_counter() - began:.0f} s, {size:,.0f} MB", flush=True)
            found[clips] = asyncio.run(_measure(url, folder, clips))
        finally:
            shutil.rmtree(folder)
    print(
        f"median and 95th percentile in ms, of {CALLS} calls each, on the clock and of CPU (a busy machine's clock says"
    )
    print("little), for each number of clips; the last two columns: 95th, most clips against fewest")
    for name in found[SIZES[0]]:
        cells = [figures for clips in SIZES for figures in _figures(found[clips][name])]
        row = "  ".join(f"{median:6.1f} {worst:6.1f}" for median, worst in cells)
        ratios = [cells[-2 + which][1] / cells[which][1] for which in (0, 1)]
        print(f"{name:36} {row}  {ratios[0]:5.2f} {ratios[1]:5.2f}")


def _figures(timings: Timings) -> list[tuple[float, float]]:
    return [(statistics.median(one), statistics.quantiles(one, n=20)[-1]) for one in (timings.wall, timings.cpu)]

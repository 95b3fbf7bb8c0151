"""Cuts the power of a busy studio again and again, and says which promises did not survive.

    python -m tests.soak.power_cuts FOLDER CUTS SEED

The cut comes before or after one operation on a file (a fsync, a rename, a link) or one commit, of the studio or of a
worker: which one follows from the seed. Then everything that was not forced to the device may be gone.
"""

import asyncio
import json
import os
import random
import shutil
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from storage.database import Database, Transaction
from tests.soak import nursery, promises
from tests.soak.busy_studio import ask_for_ever, see_all_through
from tests.soak.power import VARIABLE, Device, Layer, lose_power

REPOSITORY: Final = Path(__file__).parents[2]
# A start, and a job with one take after the other: some 80 operations each.
OPERATIONS: Final = 120
CUT_WITHIN: Final = 120.0
FINISHES_WITHIN: Final = 300.0


@dataclass
class Tally:
    cuts: Counter[str] = field(default_factory=Counter)  # what the cut came before or after, without the names
    too_late: int = 0
    taken: int = 0  # files and names that the cuts took or brought back
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)
    story: list[str] = field(default_factory=list)  # what happened, for whoever has to find out


def run(folder: Path, cuts: int, seed: int) -> Tally:
    nursery.adopt_orphans()
    roots = (folder / "data", folder / "out")
    for root in roots:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
    dice, tally, log, began = random.Random(f"power {seed}"), Tally(), folder / "studio.log", time.monotonic()
    for number in range(cuts):
        layer = _fresh_layer(folder, roots, dice.randint(1, OPERATIONS))
        device, stored = Device.before(roots), promises.StoredTakes()
        stored.look(folder)
        studio = nursery.start(lambda layer=layer: _under(layer, ask_for_ever(folder, seed)), log)  # type: ignore[misc]
        if nursery.exit_code(studio, CUT_WITHIN) is None:
            tally.too_late += 1
            os.killpg(studio, 9)
        nursery.wait_for_all()
        tally.broken += stored.look(folder)
        cut = device.follow(layer.log)
        tally.cuts[" ".join(cut.split(" ")[:2])] += 1
        taken = lose_power(device, layer, dice)
        tally.taken += len(taken)
        tally.story.append(f"{number}: operation {layer.cut_at}, {cut}; {taken}")
    if nursery.exit_code(nursery.start(lambda: see_all_through(folder, seed), log), FINISHES_WITHIN) != 0:
        tally.broken.append(f"what was left could not be finished, see {log}")
    nursery.wait_for_all()
    tally.broken += promises.broken(folder)
    tally.seconds = round(time.monotonic() - began, 1)
    return tally


def _fresh_layer(folder: Path, roots: tuple[Path, ...], cut_at: int) -> Layer:
    around = folder / "power"
    shutil.rmtree(around, ignore_errors=True)
    (around / "shadow").mkdir(parents=True)
    return Layer(roots, around / "log", around / "shadow", around / "count", cut_at)


async def _under(layer: Layer, program: Coroutine[Any, Any, None]) -> None:
    """Run the program, and its workers, on the layer."""
    layer.install()
    os.environ[VARIABLE] = layer.as_environment()
    os.environ["PYTHONPATH"] = str(REPOSITORY)
    start_worker = asyncio.create_subprocess_exec

    async def start_under_layer(*command: str, **kwargs: Any) -> asyncio.subprocess.Process:
        replaced = ["tests.soak.power" if part == "engine.fleet.worker" else part for part in command]
        assert replaced != list(command)
        return await start_worker(*replaced, **kwargs)

    asyncio.create_subprocess_exec = start_under_layer  # type: ignore[assignment]
    writing = Database.writing

    @asynccontextmanager
    async def counted(self: Database) -> AsyncIterator[Transaction]:
        async with writing(self) as tx:
            yield tx
            layer.step("before commit")
        layer.step("after commit")

    Database.writing = counted  # type: ignore[method-assign]
    await program


if __name__ == "__main__":
    print(json.dumps(vars(run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))))

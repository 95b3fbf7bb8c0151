"""Kills a busy studio again and again, at moments that follow from a seed, and says which promises it broke.

    python -m tests.soak.kills FOLDER KILLS SEED

SIGKILL hits the studio, one of its workers, or both. The studio is started again on what is left. Moments are parts of
the time that a start and a first job take on this machine: on a slow one, too, they fall on every step of a job.
"""

import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from tests.soak import nursery, promises
from tests.soak.busy_studio import ask_for_ever, see_all_through

LONGEST_WAIT = 1.2  # of a first job's time: the next job is well on its way by then
LONGEST_FIRST_JOB = 6.0  # seconds; a machine that was merely busy at first must not stretch all that follows
FIRST_JOB_WITHIN = 120.0
FINISHES_WITHIN = 300.0


class Target(StrEnum):
    STUDIO = "studio"
    WORKER = "worker"
    BOTH = "both"


@dataclass(frozen=True)
class Kill:
    after: float  # the start or the last kill, as a part of a first job's time
    target: Target
    pick: float  # which of the workers
    worker_first: bool


def moments(kills: int, seed: int) -> list[Kill]:
    dice = random.Random(f"kills {seed}")
    return [
        Kill(
            after=dice.uniform(0.0, LONGEST_WAIT),
            target=dice.choices(tuple(Target), weights=(2, 1, 1))[0],
            pick=dice.random(),
            worker_first=dice.random() < 0.5,
        )
        for _ in range(kills)
    ]


@dataclass
class Tally:
    """What was done, and what was found."""

    kills: Counter[str] = field(default_factory=Counter)
    starts: int = 0
    jobs: Counter[str] = field(default_factory=Counter)  # states that jobs were in when they were hit
    first_job_seconds: float = 0.0
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)


def run(folder: Path, kills: int, seed: int) -> Tally:
    nursery.adopt_orphans()
    (folder / "out").mkdir(parents=True, exist_ok=True)
    log = folder / "studio.log"
    began = time.monotonic()
    studio: int | None = nursery.start(lambda: ask_for_ever(folder, seed), log)
    tally, stored = Tally(starts=1), promises.StoredTakes()
    tally.first_job_seconds = first_job = min(_time_of_first_job(folder, began), LONGEST_FIRST_JOB)
    for kill in moments(kills, seed):
        if studio is None:
            studio = nursery.start(lambda: ask_for_ever(folder, seed), log)
            tally.starts += 1
        ended = nursery.exit_code(studio, kill.after * first_job)
        if ended is not None:
            tally.broken.append(f"the studio ended by itself with {ended}, see {log}")
            break
        tally.kills[_strike(studio, kill)] += 1
        if kill.target is not Target.WORKER:
            studio = None
            _look_at_the_remains(folder, tally, stored)
    if studio is not None:
        nursery.kill(studio)
        _look_at_the_remains(folder, tally, stored)
    if nursery.exit_code(nursery.start(lambda: see_all_through(folder, seed), log), FINISHES_WITHIN) != 0:
        tally.broken.append(f"what was left could not be finished, see {log}")
    tally.broken += promises.broken(folder)
    tally.seconds = round(time.monotonic() - began, 1)
    return tally


def _time_of_first_job(folder: Path, began: float) -> float:
    while not any((folder / "out").glob("kinora-*.mp4")):
        if time.monotonic() - began > FIRST_JOB_WITHIN:
            raise TimeoutError("no clip came of the first job")
        time.sleep(0.05)
    return round(time.monotonic() - began, 2)


def _strike(studio: int, kill: Kill) -> str:
    """Answers with what was really hit: there may be no worker yet."""
    workers = nursery.workers_of(studio)
    victim = workers[int(kill.pick * len(workers))] if workers and kill.target is not Target.STUDIO else None
    order = [studio] if kill.target is not Target.WORKER else []
    if victim is not None:
        order.insert(0 if kill.worker_first else len(order), victim)
    for pid in order:
        nursery.kill(pid)
    if victim is None and kill.target is not Target.STUDIO:
        return "nobody" if kill.target is Target.WORKER else Target.STUDIO
    return kill.target


def _look_at_the_remains(folder: Path, tally: Tally, stored: promises.StoredTakes) -> None:
    try:
        nursery.wait_for_all()
    except nursery.StillThere as there:
        tally.broken.append(str(there))
    tally.broken += stored.look(folder)
    tally.jobs += promises.states(folder)


if __name__ == "__main__":
    print(json.dumps(vars(run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))))

"""Kills what belongs to a studio that draws on a cluster of two machines, and says which promises it broke.

    python -m tests.soak.cluster_chaos FOLDER SECONDS SEED

SIGKILL hits a worker, a seat, the second machine's raylet, the studio's driver, the studio. What systemd would start
again is started again.
"""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import psutil

from tests.soak import promises
from tests.worlds.cluster import REPOSITORY, ClusterWorld, Machine, cluster

TARGETS = {"worker": 3, "seat": 3, "machine": 1, "driver": 2, "studio": 2}
FINISHES_WITHIN = 300.0
PAUSE = 4.0  # seconds, at most, between a seat's being at work and the next kill
AT_WORK_WITHIN = 60.0


class Studio:
    """The busy studio in a process of its own, started again whenever it was killed."""

    def __init__(self, world: ClusterWorld, seed: int) -> None:
        self._world, self._seed = world, seed
        self.process = self.start()

    def start(self, *more: str) -> "subprocess.Popen[bytes]":
        own = {"KINORA_FLEET__KIND": "ray", "KINORA_FLEET__WORKERS": "2", "KINORA_FLEET__ATTEMPTS": "10"}
        command = [sys.executable, "-m", "tests.soak.busy_studio", str(self._world.folder), str(self._seed), *more]
        with (self._world.folder / "studio.log").open("ab") as log:
            env = self._world.environment(**own)
            self.process = subprocess.Popen(command, env=env, cwd=REPOSITORY, stdout=log, stderr=log)
        return self.process


def run(folder: Path, seconds: float, seed: int) -> dict[str, Any]:
    dice = random.Random(f"cluster {seed}")
    folder.mkdir(parents=True, exist_ok=True)
    kills: Counter[str] = Counter()
    with cluster(folder, (1, 0), (1, 0)) as world:
        (folder / "out").mkdir()
        studio = Studio(world, seed)
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            _until_at_work(world)
            time.sleep(dice.uniform(0.0, PAUSE))
            kills[_strike(world, studio, dice)] += 1
            if studio.process.poll() is not None:
                studio.start()
            if world.machines[-1].process.poll() is not None:
                world.machine("--clips", "1", "--gpus", "0")
        studio.process.kill()
        studio.process.wait()
        began = time.monotonic()
        broken = []
        try:
            if studio.start("through").wait(FINISHES_WITHIN) != 0:
                broken.append("what was left could not be finished")
        except subprocess.TimeoutExpired:
            studio.process.kill()
            broken.append(f"what was left was not finished within {FINISHES_WITHIN:.0f} s")
        took = round(time.monotonic() - began, 1)
    with closing(promises.opened(folder)) as db:
        jobs = dict(db.execute("SELECT state, count(*) FROM jobs GROUP BY state").fetchall())
        lost = db.execute("SELECT coalesce(sum(attempts), 0) FROM takes").fetchone()[0]
    broken += promises.broken(folder)
    return {"kills": kills, "jobs": jobs, "lost_attempts": lost, "finished_in": took, "broken": broken}


def _strike(world: ClusterWorld, studio: Studio, dice: random.Random) -> str:
    """Answers with what was really hit: there may be none of it yet."""
    (target,) = dice.choices(tuple(TARGETS), weights=tuple(TARGETS.values()))
    with suppress(psutil.NoSuchProcess, IndexError):
        match target:
            case "worker":
                victims = [one for machine in world.machines for one in _named(machine, "engine.fleet.worker")]
            case "seat":
                victims = [one for machine in world.machines for one in _named(machine, "ray::Seat")]
            case "machine":
                victims = [one for one in world.machines[-1].processes() if one.name() == "raylet"]
            case "driver":
                below = psutil.Process(studio.process.pid).children()
                victims = [one for one in below if "engine.fleet.driver" in one.cmdline()]
            case _:
                victims = [psutil.Process(studio.process.pid)]
        dice.choice(victims).kill()
        return target
    return "nobody"


def _until_at_work(world: ClusterWorld) -> None:
    """Kills that hit nothing prove nothing."""
    until = time.monotonic() + AT_WORK_WITHIN
    while time.monotonic() < until:
        if any(_named(machine, "engine.fleet.worker") for machine in world.machines):
            return
        time.sleep(0.2)


def _named(machine: Machine, name: str) -> list[psutil.Process]:
    found: list[psutil.Process] = []
    if machine.process.poll() is None:
        with suppress(psutil.NoSuchProcess):
            for one in machine.processes():
                with suppress(psutil.NoSuchProcess):
                    if any(part.startswith(name) for part in one.cmdline()):
                        found.append(one)
    return found


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))))

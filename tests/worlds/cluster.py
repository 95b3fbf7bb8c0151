"""A cluster on this machine, as an operator makes it: `kinora worker --head`, and further `kinora worker`s beside it.

Everything listens on the loopback. Whatever is still there at the end is killed.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

REPOSITORY = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds for Ray to start where other tests take the processor


@dataclass
class Machine:
    """One `kinora worker` and what it printed."""

    process: "subprocess.Popen[str]"
    log: Path
    family: list[psutil.Process] = field(default_factory=list)

    @property
    def said(self) -> str:
        return self.log.read_text()

    def wait_until_in(self) -> "Machine":
        until = time.monotonic() + PATIENCE
        while "●" not in self.said:
            assert self.process.poll() is None and time.monotonic() < until, self.said
            time.sleep(0.05)
        self.note_family()
        return self

    def note_family(self) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            self.family = psutil.Process(self.process.pid).children(recursive=True)

    def raylet(self) -> psutil.Process:
        return next(one for one in self.processes() if one.name() == "raylet")

    def processes(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def stop(self) -> int:
        """As systemd stops it."""
        self.note_family()
        self.process.terminate()
        return self.process.wait(60)

    def kill(self) -> None:
        self.note_family()
        for one in [psutil.Process(self.process.pid) if self.process.poll() is None else None, *self.family]:
            with contextlib.suppress(psutil.NoSuchProcess):
                if one is not None:
                    one.kill()
        self.process.wait(10)


@dataclass
class ClusterWorld:
    folder: Path
    address: str
    machines: list[Machine] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def environment(self, **others: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("KINORA_", "RAY_"))}
        own = {"KINORA_DATA": str(self.data), "KINORA_FLEET__RAY__ADDRESS": self.address, "KINORA_LANGUAGE": "en"}
        return kept | own | {"PYTHONPATH": str(REPOSITORY)} | others

    def machine(self, *arguments: str, **environment: str) -> Machine:
        """Another machine; nobody waits for it yet."""
        log = self.folder / f"machine-{len(self.machines)}.log"
        with log.open("w") as written:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "bots.main", "worker", *arguments],
                env=self.environment(**environment),
                stdout=written,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        self.machines.append(Machine(process, log))
        return self.machines[-1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def cluster(folder: Path, *offers: tuple[int, int]) -> Iterator[ClusterWorld]:
    """A machine for each offer of seats and cards; the cluster begins on the first."""
    world = ClusterWorld(folder, f"127.0.0.1:{free_port()}")
    try:
        for number, (seats, cards) in enumerate(offers):
            head = ["--head"] if number == 0 else []
            machine = world.machine(*head, "--clips", str(seats), "--gpus", str(cards))
            if number == 0:
                machine.wait_until_in()
        for machine in world.machines:
            machine.wait_until_in()
        yield world
    finally:
        for machine in reversed(world.machines):
            machine.kill()


def end(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(10)

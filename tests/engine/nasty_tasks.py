"""Tasks that misbehave in every way a worker can, for tests of the fleet. They run in real worker processes."""

import os
import signal
import sys
import time
from typing import ClassVar

from pydantic import BaseModel

from engine.errors import StudioError
from engine.fleet.base import Bench, Lane, Task, TaskCancelled


class Said(BaseModel):
    pid: int
    text: str = ""


class Echo(Task[Said]):
    text: str

    def do(self, bench: Bench) -> Said:
        print("a library that prints to standard output")  # must not end up among the answers
        return Said(pid=os.getpid(), text=self.text)


class Kill(Task[Said]):
    """Die by a signal."""

    signal: int = signal.SIGKILL

    def do(self, bench: Bench) -> Said:
        os.kill(os.getpid(), self.signal)
        time.sleep(10)
        return Said(pid=os.getpid())


class Exit(Task[Said]):
    def do(self, bench: Bench) -> Said:
        os._exit(7)


class Hang(Task[Said]):
    patience: ClassVar[float | None] = 0.5

    def do(self, bench: Bench) -> Said:
        time.sleep(60)
        return Said(pid=os.getpid())


class Circle(Task[Said]):
    """Say for ever that it gets on."""

    def time_limit(self) -> float:
        return 1.0

    def do(self, bench: Bench) -> Said:
        while True:
            bench.report(done=1, of=2)
            time.sleep(0.05)


class Grow(Task[Said]):
    """Take memory for ever."""

    def do(self, bench: Bench) -> Said:
        taken = []
        while True:
            taken.append(bytearray(b"x" * 20_000_000))
            bench.report(taken=len(taken))
            time.sleep(0.02)


class Fail(Task[Said]):
    def do(self, bench: Bench) -> Said:
        raise StudioError("test.failed", number=3, text="值")


class Crash(Task[Said]):
    def do(self, bench: Bench) -> Said:
        raise ZeroDivisionError("on purpose")


class Babble(Task[Said]):
    """Write nonsense where the answers go."""

    def do(self, bench: Bench) -> Said:
        bench._out.write(b"\xff\xfe not json\n")  # type: ignore[attr-defined]
        bench._out.flush()  # type: ignore[attr-defined]
        return Said(pid=os.getpid())


class Slow(Task[Said]):
    """Work in small steps, with progress, until done or cancelled."""

    lane: ClassVar[Lane] = Lane.HEAVY
    steps: int
    stubborn: bool = False

    def do(self, bench: Bench) -> Said:
        for step in range(self.steps):
            bench.report(done=step, of=self.steps)
            time.sleep(0.05)
            if bench.cancelled() and not self.stubborn:
                raise TaskCancelled
        return Said(pid=os.getpid())


class Imports(Task[Said]):
    """Which environment a worker has."""

    def do(self, bench: Bench) -> Said:
        return Said(
            pid=os.getpid(), text=" ".join(name for name in os.environ if name.startswith("KINORA_")) + str(sys.path[0])
        )


class Roam(Slow):
    """The same, wherever there is room for it."""

    def travels(self) -> bool:
        return True


class RoamAndKill(Kill):
    lane: ClassVar[Lane] = Lane.HEAVY

    def travels(self) -> bool:
        return True


class RoamAndHang(Hang):
    lane: ClassVar[Lane] = Lane.HEAVY

    def travels(self) -> bool:
        return True


class RoamAndFail(Fail):
    lane: ClassVar[Lane] = Lane.HEAVY

    def travels(self) -> bool:
        return True

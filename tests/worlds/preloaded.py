"""Kinora started at once: forked out of a process that has loaded what `kinora run` loads.

Loading takes 3 s of a core, and the tests of the chats start Kinora some twenty times. What comes of it is a process
as any other, in a group of its own, with its own files, sockets and workers; the tests of `kinora run` itself start
it as people do. One such process serves all the tests of a run, and ends with them.
"""

import asyncio
import atexit
import contextlib
import json
import os
import runpy
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.soak.nursery import adopt_orphans

REPOSITORY = Path(__file__).parents[2]
LOOK_EVERY: Final = 0.02  # seconds
# The last of them would be loaded when they are first needed. `bots.main` itself is run, and must not have been loaded.
_LOADED: Final = (
    *(
        "bots.terminal.commands",
        "bots.terminal.running",
        "bots.terminal.usage",
        "bots.discord.app",
        "bots.telegram.app",
    ),
    *("alembic.command", "alembic.config", "httpcore", "anyio._backends._asyncio", "typer.rich_utils"),
)


@dataclass
class Forked:
    """What asyncio tells of a process that it started itself."""

    pid: int
    returncode: int | None = None

    async def wait(self) -> int:
        while self.returncode is None:
            await asyncio.sleep(LOOK_EVERY)
        return self.returncode


class _Door:
    """The loaded process, as seen from the tests."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.worlds.preloaded"],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._born: dict[int, Forked] = {}
        self._answered = threading.Condition()
        self._latest: Forked | None = None
        self._one_at_a_time = threading.Lock()
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()
        atexit.register(self._close)

    def _close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._listening.join()
        self._process.stdout.close()

    def fork(self, request: Mapping[str, Any]) -> Forked:
        assert self._process.stdin is not None
        with self._one_at_a_time, self._answered:
            self._latest = None
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            self._answered.wait_for(lambda: self._latest or self._process.poll() is not None)
            assert self._latest is not None, "the process that Kinora is forked from has died"
            return self._latest

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told = json.loads(line)
            with self._answered:
                if "born" in told:
                    self._latest = self._born[told["born"]] = Forked(told["born"])
                else:
                    self._born.pop(told["ended"]).returncode = told["code"]
                self._answered.notify_all()
        self._process.wait()
        with self._answered:
            self._answered.notify_all()


_door: _Door | None = None


async def start(program: Sequence[str], *, environment: Mapping[str, str], log: Path) -> Forked:
    """`python -m` what comes first in the program, with what comes after it; what it says goes to the log."""
    global _door
    if _door is None:
        _door = _Door()
    request = {"program": list(program), "environment": dict(environment), "log": str(log)}
    return await asyncio.to_thread(_door.fork, request)


# -- in the loaded process -----------------------------------------------------------------------------------------


def main() -> None:
    """Fork what is asked for on standard input, and tell on standard output what was born and what has ended."""
    if sys.platform == "linux":
        adopt_orphans()  # workers whose Kinora was killed end by themselves; somebody has to take note of it
    for name in _LOADED:
        __import__(name)
    assert threading.active_count() == 1, "a fork would take one thread along, and the locks of the others"
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for asked_to_end in (
        signal.SIGTERM,
        signal.SIGINT,
    ):  # it ends when whoever asks it is gone, and ends all of its own
        signal.signal(asked_to_end, signal.SIG_IGN)
    signal.set_wakeup_fd(wakes)
    ours: set[int] = set()
    while True:
        ready, _, _ = select.select([0, woken], [], [])
        if woken in ready:
            os.read(woken, 512)
            _tell_of_ended(ours)
        if 0 in ready:
            line = sys.stdin.buffer.readline()  # nobody asks twice before they were answered
            if not line:
                break
            request = json.loads(line)
            pid = os.fork()
            if not pid:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                signal.signal(signal.SIGINT, signal.default_int_handler)
                os.closerange(3, max(woken, wakes) + 1)
                return _become(request)
            _lead_a_group(pid)  # on both sides: whoever is told of it may kill it at once
            ours.add(pid)
            _tell(born=pid)
    for pid in ours:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def _tell_of_ended(ours: set[int]) -> None:
    while True:
        try:
            ended, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not ended:
            return
        if ended in ours:
            ours.discard(ended)
            _tell(ended=ended, code=os.waitstatus_to_exitcode(status))


def _lead_a_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
        os.setpgid(pid, pid)


def _tell(**what: int) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


def _become(request: dict[str, Any]) -> None:
    _lead_a_group(os.getpid())
    log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for ours, theirs in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(ours, theirs)
    os.close(log)
    os.close(nothing)
    os.environ.clear()
    os.environ.update(request["environment"])
    name, *arguments = request["program"]
    sys.argv[1:] = arguments
    runpy.run_module(name, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

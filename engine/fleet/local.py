"""The fleet of this machine: worker processes, each of which is replaced when it dies, hangs or grows too large."""

import asyncio
import contextlib
import json
import logging
import math
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Protocol

import psutil

from engine.fleet.base import Answer, Lane, Progress, Task, TaskCancelled, TaskFailed, WorkerLost
from engine.renderers.means import Means
from engine.settings import Settings

log = logging.getLogger(__name__)

LONGEST_LINE: Final = 4 * 1024 * 1024
WATCH_EVERY: Final = 0.25  # seconds between two looks at a worker's memory


@dataclass(frozen=True)
class Bounds:
    """What a worker may take before it is replaced."""

    memory_mb: int | None  # None: what there is
    silence_seconds: float
    stretch: float = 1.0  # of every task's time limit
    model_memory_mb: int | None = None  # of the worker with a trained model; None: it may take what there is


@dataclass(frozen=True)
class Setup:
    """What a worker has to know before its first task."""

    data: Path
    policy: Path | None = None
    certificate: tuple[Path, Path | None, tuple[str, ...]] | None = None
    means: Means = field(default_factory=Means)
    models: Path | None = None  # the operator's own list
    files: str | None = None  # the store; its keys are in the environment

    @classmethod
    def of(cls, settings: Settings) -> "Setup":
        data, pair = settings.data.resolve(), settings.certificate.pair()
        return cls(data, settings.safety.policy, pair, settings.renderers, settings.models.list, settings.files)

    def as_json(self) -> dict[str, Any]:
        return {
            "data": str(self.data.resolve()),
            "files": self.files,
            "policy": str(self.policy.resolve()) if self.policy else None,
            "certificate": self._certificate(),
            "means": self.means.with_secrets(),
            "models": str(self.models.resolve()) if self.models else None,
        }

    def _certificate(self) -> dict[str, Any] | None:
        if self.certificate is None:
            return None
        chain, key, command = self.certificate
        return {"chain": str(chain.resolve()), "key": str(key.resolve()) if key else None, "command": command}


class Told(Protocol):
    """What a worker is told before its first task: a setup, or one that came over a line."""

    def as_json(self) -> dict[str, Any]: ...


class LocalFleet:
    """Starts workers when they are first needed: for quick tasks, previews, models and guards, `heavy` that draw."""

    def __init__(self, setup: Setup, bounds: Bounds, *, heavy: int = 1) -> None:
        self._setup = setup
        self._bounds = bounds
        self._idle: dict[Lane, asyncio.Queue[Worker]] = {lane: asyncio.Queue() for lane in Lane}
        roomy = replace(bounds, memory_mb=bounds.model_memory_mb)
        self._workers = [Worker(setup, bounds, lane) for lane in (Lane.QUICK, Lane.SKETCH, *[Lane.HEAVY] * heavy)]
        self._workers += [Worker(setup, roomy, lane) for lane in (Lane.MODEL, Lane.GUARD)]
        for worker in self._workers:
            self._idle[worker.lane].put_nowait(worker)

    async def get_ready(self) -> None:
        """A worker starts with its first task."""

    async def rest(self) -> None:
        """Nobody else could use this process's workers."""

    async def do(self, task: Task[Answer], *, progress: Progress | None = None) -> Answer:
        async with self._borrowed(task.lane) as worker:
            answer = await worker.do(task, progress)
        return task.answer_type().model_validate(answer)

    @asynccontextmanager
    async def _borrowed(self, lane: Lane) -> AsyncIterator["Worker"]:
        worker = await self._idle[lane].get()
        try:
            yield worker
        finally:
            self._idle[lane].put_nowait(worker)

    async def close(self) -> None:
        await asyncio.gather(*(worker.stop() for worker in self._workers))

    @property
    def pids(self) -> list[int]:
        """The process ids of the workers that run now."""
        return [worker.process.pid for worker in self._workers if worker.process and worker.process.returncode is None]


@dataclass
class Worker:
    """One place in the fleet; the process in it comes and goes."""

    setup: Told
    bounds: Bounds
    lane: Lane
    process: asyncio.subprocess.Process | None = None
    patience: float = 60.0  # seconds of silence that mean the present task hangs
    _errors: "asyncio.Task[None] | None" = field(default=None, repr=False)

    async def do(self, task: Task[Any], progress: Progress | None) -> dict[str, Any]:
        name = type(task).__name__
        process = await self._running()
        self.patience = task.patience or self.bounds.silence_seconds
        await self._send({"task": task.address(), "args": task.model_dump(mode="json")})
        watch = asyncio.create_task(self._watch_memory(process))
        try:
            return await self._listen_until(task.time_limit() * self.bounds.stretch, process, progress, watch)
        except asyncio.CancelledError:
            await self._end_task(process, task.grace)
            raise
        except WorkerLost as lost:
            log.warning("worker %s lost while doing %s: %s", process.pid, name, lost)
            await self.stop()
            raise
        finally:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError, WorkerLost):
                await watch

    async def _running(self) -> asyncio.subprocess.Process:
        if self.process is not None and self.process.returncode is None:
            return self.process
        self.patience = self.bounds.silence_seconds  # starting is not the task that may be impatient
        # -P: a folder called "engine" where the operator stands must not be taken for ours.
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-m",
            "engine.fleet.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
            env=_bare_environment(),
        )
        self._errors = asyncio.create_task(log_errors(self.process))
        await self._send({"setup": self.setup.as_json()})
        ready = await self._hear(self.process)
        if "ready" not in ready:
            raise WorkerLost("worker.confused", said=str(ready)[:200])
        return self.process

    async def _send(self, message: dict[str, Any]) -> None:
        assert self.process is not None and self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # its death is noticed when we listen
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            await self.process.stdin.drain()

    async def _hear(self, process: asyncio.subprocess.Process) -> dict[str, Any]:
        """The worker's next message; WorkerLost when there is none in time, or it makes no sense."""
        assert process.stdout is not None
        try:
            line = await asyncio.wait_for(process.stdout.readline(), self.patience)
        except TimeoutError:
            raise WorkerLost("worker.hung", seconds=self.patience) from None
        except ValueError:
            raise WorkerLost("worker.confused", said="a line without end") from None
        if not line:
            code = await process.wait()
            raise WorkerLost("worker.died", how=_how_it_ended(code))
        try:
            message = json.loads(line)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            raise WorkerLost("worker.confused", said=line[:200].decode(errors="replace"))
        return message

    async def _listen_until(
        self,
        limit: float,
        process: asyncio.subprocess.Process,
        progress: Progress | None,
        watch: "asyncio.Task[None]",
    ) -> dict[str, Any]:
        deadline = asyncio.timeout(limit)
        try:
            async with deadline:
                return await self._listen(process, progress, watch)
        except TimeoutError:
            if not deadline.expired():
                raise
            raise WorkerLost("worker.too_slow", seconds=limit) from None

    async def _listen(
        self, process: asyncio.subprocess.Process, progress: Progress | None, watch: "asyncio.Task[None]"
    ) -> dict[str, Any]:
        while True:
            hearing = asyncio.create_task(self._hear(process))
            try:
                await asyncio.wait({hearing, watch}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                if not hearing.done():
                    hearing.cancel()
            if watch.done() and (error := watch.exception()):
                with contextlib.suppress(asyncio.CancelledError, WorkerLost):
                    await hearing
                raise error
            message = await hearing
            if "done" in message:
                return dict(message["done"])
            if "error" in message:
                code, params = message["error"]["code"], message["error"]["params"]
                if trace := message["error"].get("trace"):
                    log.error("worker %s: %s", process.pid, trace)
                raise TaskCancelled(code) if code == "task.cancelled" else TaskFailed(code, **params)
            if progress is not None and "progress" in message:
                await progress(message["progress"])

    async def _watch_memory(self, process: asyncio.subprocess.Process) -> None:
        """Ends with WorkerLost when the worker grows beyond its bound."""
        allowed = self.bounds.memory_mb if self.bounds.memory_mb is not None else math.inf
        with contextlib.suppress(psutil.NoSuchProcess):
            seen = psutil.Process(process.pid)
            while True:
                used = seen.memory_info().rss / 2**20
                if used > allowed:
                    raise WorkerLost("worker.too_large", used_mb=round(used), allowed_mb=self.bounds.memory_mb)
                await asyncio.sleep(WATCH_EVERY)
        await asyncio.sleep(self.patience)  # it died: whoever listens says how

    async def _end_task(self, process: asyncio.subprocess.Process, grace: float) -> None:
        """Ask the task to end; kill the worker when it does not listen."""
        await self._send({"cancel": True})
        until = time.monotonic() + grace
        with contextlib.suppress(WorkerLost, TimeoutError):
            while time.monotonic() < until:
                message = await asyncio.wait_for(self._hear(process), until - time.monotonic())
                if "done" in message or "error" in message:
                    return
        await self.stop()

    async def stop(self) -> None:
        """End the process, whatever it does."""
        process, self.process = self.process, None
        if process is None:
            return
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await process.wait()
        if self._errors is not None:
            await self._errors
        if process.stdin is not None:
            process.stdin.close()


def _bare_environment() -> dict[str, str]:
    """The environment without Kinora's own variables and the cluster's: a worker has no use for passwords."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("KINORA_", "RAY_"))}


async def log_errors(process: asyncio.subprocess.Process) -> None:
    assert process.stderr is not None
    with contextlib.suppress(ValueError):
        async for line in process.stderr:
            log.debug("worker %s: %s", process.pid, line.decode(errors="replace").rstrip())


def _how_it_ended(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"

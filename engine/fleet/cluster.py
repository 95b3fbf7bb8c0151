"""The fleet on a cluster: what travels is done wherever Ray has a seat for it, the rest by workers of this machine.

What members wait for by the second (reading a prompt, previews) and what needs the studio's own key (sealing) stays
here. All of Ray stands in a process of its own (`driver.py`). Where that is lost, its tasks are too, to be tried
again, and another one is started as soon as the cluster answers.
"""

import asyncio
import contextlib
import itertools
import json
import logging
import os
import secrets
import signal
import sys
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from engine.errors import StudioError
from engine.fleet.base import Answer, Progress, Task, TaskCancelled, TaskFailed, WorkerLost
from engine.fleet.joining_token import ensure_token
from engine.fleet.local import LONGEST_LINE, Bounds, LocalFleet, Setup, log_errors
from engine.places import Places
from storage.files import make_folder, write_once

log = logging.getLogger(__name__)

CONNECTING: Final = 90.0  # seconds for a driver to find its cluster; Ray itself gives up after less
PAUSES: Final = (1.0, 2.0, 5.0, 15.0)  # seconds until the cluster is tried again, once it had been there


@dataclass(frozen=True)
class Cluster:
    """Which cluster, and how much of it the studio may use at the same time."""

    address: str
    token: Path
    draws: int  # seats that draw
    cards: int  # seats with a graphics card


class RayFleet:
    def __init__(self, setup: Setup, bounds: Bounds, cluster: Cluster) -> None:
        self._setup = setup
        self._bounds = bounds
        self._cluster = cluster
        self._local = LocalFleet(setup, bounds)
        self._line: _Line | None = None
        self._starting = asyncio.Lock()
        self._was_there = False

    async def get_ready(self) -> None:
        await self._connected()

    async def rest(self) -> None:
        """Leave the cluster's seats to whoever takes jobs up now."""
        async with self._starting:
            if self._line is not None:
                await self._line.close()
                self._line = None

    async def do(self, task: Task[Answer], *, progress: Progress | None = None) -> Answer:
        if not task.travels():
            return await self._local.do(task, progress=progress)
        line = await self._patiently_connected()
        answer = await line.do(task, task.patience or self._bounds.silence_seconds, progress)
        return task.answer_type().model_validate(answer)

    async def look_around(self) -> list[dict[str, Any]]:
        """Each machine of the cluster, for the doctor."""
        return await (await self._connected()).look()

    async def close(self) -> None:
        await self._local.close()
        await self.rest()

    @property
    def pids(self) -> list[int]:
        """The process ids of this machine's workers, and of the driver."""
        line = self._line
        return self._local.pids + ([line.process.pid] if line is not None and not line.is_lost else [])

    async def _patiently_connected(self) -> "_Line":
        """A cluster that was there and is away is waited for: that is no fault of the job's."""
        for attempt in itertools.count():
            try:
                return await self._connected()
            except StudioError as error:
                if not self._was_there:
                    raise TaskFailed(error.code, **error.params) from error
                log.warning("the cluster is away: %s", error)
                await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
        raise AssertionError

    async def _connected(self) -> "_Line":
        async with self._starting:
            if self._line is None or self._line.is_lost:
                self._line = await _Line.open(self._cluster, self._driver_setup())
                self._was_there = True
            return self._line

    def _driver_setup(self) -> dict[str, Any]:
        return {
            "address": self._cluster.address,
            "worker": self._setup.as_json(),
            "bounds": asdict(self._bounds),
            "seats": {"heavy": self._cluster.draws, "model": self._cluster.cards},
            "folder_name": folder_name(Places(self._setup.data)),
        }


def folder_name(places: Places) -> str:
    """What is written in the data folder, for other machines to find there."""
    file = places.folder_name
    if not file.exists():
        make_folder(file.parent)
        write_once(file, secrets.token_hex(8))
    return file.read_text()


def check_installed() -> None:
    if find_spec("ray") is None:
        raise StudioError("cluster.not_installed")


def environment(token: Path) -> dict[str, str]:
    """For every process that speaks with the cluster: let in by the token, and telling nobody about it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KINORA_", "RAY_AUTH_"))}
    return kept | {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN_PATH": str(token.resolve()),
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # what is in CUDA_VISIBLE_DEVICES stays, where no card is asked for
    }


async def asks_for_a_token(address: str) -> bool:
    """Whether somebody without the token is turned away: tried, not believed."""
    env = {name: value for name, value in environment(Path()).items() if name != "RAY_AUTH_TOKEN_PATH"}
    process = await start_driver({"address": address, "node": None}, env | {"RAY_AUTH_MODE": "disabled"})
    try:
        await hear_ready(process, address)
    except StudioError as error:
        return error.code == "cluster.token_refused"
    finally:
        kill(process)
        await process.communicate()
    return False


@dataclass
class _Line:
    """A driver process, and what is being done through it."""

    process: asyncio.subprocess.Process
    _asked: "dict[int, _Asked]" = field(default_factory=dict)
    _looking: "list[asyncio.Future[list[dict[str, Any]]]]" = field(default_factory=list)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _duties: "list[asyncio.Task[None]]" = field(default_factory=list)
    is_lost: bool = False

    @classmethod
    async def open(cls, cluster: Cluster, setup: dict[str, Any]) -> "_Line":
        check_installed()
        ensure_token(cluster.token)
        line = cls(await start_driver(setup, environment(cluster.token)))
        line._duties.append(asyncio.create_task(log_errors(line.process)))
        try:
            await hear_ready(line.process, cluster.address)
        except BaseException:
            await line.close()
            raise
        line._duties.append(asyncio.create_task(line._listen()))
        return line

    async def do(self, task: Task[Any], patience: float, progress: Progress | None) -> dict[str, Any]:
        asked = _Asked(asyncio.Queue())
        number = next(self._numbers)
        self._asked[number] = asked
        try:
            await self._send(
                do=number,
                lane=task.lane.value,
                address=task.address(),
                args=task.model_dump(mode="json"),
                patience=patience,
                grace=task.grace,
            )
            return await asked.outcome(progress)
        except asyncio.CancelledError:
            await self._send(cancel=number)
            with contextlib.suppress(WorkerLost, TaskFailed, TaskCancelled, TimeoutError):
                await asyncio.wait_for(asked.outcome(None), task.grace)
            raise
        finally:
            del self._asked[number]

    async def look(self) -> list[dict[str, Any]]:
        looked: asyncio.Future[list[dict[str, Any]]] = asyncio.get_running_loop().create_future()
        self._looking.append(looked)
        await self._send(look=True)
        return await looked

    async def _send(self, **message: Any) -> None:
        assert self.process.stdin is not None
        if self.is_lost:
            raise WorkerLost("worker.driver_lost")
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # whoever listens notices
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            await self.process.stdin.drain()

    async def _listen(self) -> None:
        try:
            while message := await hear(self.process):
                if asked := self._asked.get(message.pop("number", -1)):
                    asked.said.put_nowait(message)
                elif notice := message.get("notice"):
                    log.warning("cluster: %s", StudioError(notice["code"], **notice["params"]))
                elif "looked" in message and self._looking:
                    self._looking.pop(0).set_result(message["looked"])
        finally:
            self.is_lost = True  # before anybody hears of it: whoever asks from here on asks another one
            for asked in self._asked.values():
                asked.said.put_nowait({"lost": {"code": "worker.driver_lost", "params": {}}})
            for looked in self._looking:
                if not looked.done():
                    looked.set_exception(StudioError("cluster.lost"))
            kill(self.process)
            await self.process.wait()

    async def close(self) -> None:
        kill(self.process)
        await self.process.wait()
        await asyncio.gather(*self._duties, return_exceptions=True)
        if self.process.stdin is not None:
            self.process.stdin.close()


@dataclass
class _Asked:
    """A task that was asked of the driver, and what came back so far."""

    said: "asyncio.Queue[dict[str, Any]]"

    async def outcome(self, progress: Progress | None) -> dict[str, Any]:
        while True:
            match await self.said.get():
                case {"done": answer}:
                    return dict(answer)
                case {"lost": lost}:
                    raise WorkerLost(lost["code"], **lost["params"])
                case {"error": {"code": "task.cancelled"}}:
                    raise TaskCancelled("task.cancelled")
                case {"error": error}:
                    raise TaskFailed(error["code"], **error["params"])
                case {"progress": told} if progress is not None:
                    await progress(told)


async def start_driver(setup: dict[str, Any], env: dict[str, str]) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # a folder called "engine" where the operator stands must not be taken for ours
        "-m",
        "engine.fleet.driver",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
        env=env,
    )
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(json.dumps({"setup": setup}).encode() + b"\n")
        await process.stdin.drain()
    return process


def kill(process: asyncio.subprocess.Process) -> None:
    """Its own `kill` buries a process that has just died, and asyncio then wonders aloud where it went."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


async def hear(process: asyncio.subprocess.Process) -> dict[str, Any]:
    """The driver's next message; an empty one when there will be none."""
    assert process.stdout is not None
    try:
        line = await process.stdout.readline()
        message = json.loads(line) if line else {}
    except ValueError:
        return {}
    return message if isinstance(message, dict) else {}


async def hear_ready(process: asyncio.subprocess.Process, address: str) -> None:
    """Returns when the driver is in the cluster; StudioError with the reason when it is not let in."""
    try:
        said = await asyncio.wait_for(hear(process), CONNECTING)
    except TimeoutError:
        raise StudioError("cluster.unreachable", address=address) from None
    if refused := said.get("refused"):
        raise StudioError(refused["code"], **refused["params"])
    if "ready" not in said:
        raise StudioError("cluster.lost")

"""A seat: one place in the cluster where tasks are done. It lives in an actor of Ray's, on whichever machine has room.

The actor itself does nothing heavy. It keeps a worker process beside it, the same as on the studio's own machine, with
the same watch over its memory, its silence and its time; so whatever a worker does, the actor lives to tell it. The
worker's standard input ends with the actor: where Ray ends one, because the studio or the machine is gone, both are.
"""

import asyncio
import contextlib
import os
import platform
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from engine.fleet.base import Lane, Task, TaskCancelled, TaskFailed, WorkerLost
from engine.fleet.local import Bounds, Worker
from engine.fleet.site import Site
from engine.places import Places

LOOK_EVERY: Final = 0.5  # seconds between two looks whether this machine is to leave


@dataclass(frozen=True)
class _Given:
    """The studio's setup, as it came."""

    json: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        return self.json


class Seat:
    """What Ray runs. What it says is plain data: nothing of ours has to be unpickled by another version of Kinora."""

    def __init__(self, setup: dict[str, Any], bounds: dict[str, Any], lane: str, folder_name: str) -> None:
        os.environ.pop("OMP_NUM_THREADS", None)  # Ray sets 1 where no processor was asked for; the worker has them all
        self._site = Site.here()
        self._setup = _as_it_lies_here(setup, self._site)
        self._folder_name = folder_name
        self._worker = Worker(_Given(self._setup), Bounds(**bounds), Lane(lane))
        self._under_way: dict[int, asyncio.Task[dict[str, Any]]] = {}
        self._leaving: asyncio.Task[None] | None = None

    async def introduce(self) -> dict[str, Any]:
        """Who is here, and whether the studio's files are."""
        if self._site is not None and self._leaving is None:
            self._leaving = asyncio.create_task(self._leave_when_told(self._site))
        return about_here() | {
            "draining": self._is_draining,
            "data": self._setup["data"],
            "sees_the_folder": sees_the_folder(Path(self._setup["data"]), self._folder_name),
        }

    async def do(self, number: int, address: str, args: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        """Do the task: its progress, and at the end what came of it."""
        if self._is_draining:
            yield {"draining": True}
            return
        said: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

        async def tell(progress: dict[str, Any]) -> None:
            said.put_nowait({"progress": progress})

        with self._site.at_work() if self._site else contextlib.nullcontext():
            task = Task.at(address).model_validate(args)
            work = asyncio.create_task(self._worker.do(task, tell))
            self._under_way[number] = work
            work.add_done_callback(lambda _: said.put_nowait(None))
            try:
                yield {"begun": True}
                while (message := await said.get()) is not None:
                    yield message
                yield _outcome(work)
            finally:
                self._under_way.pop(number, None)
                work.cancel()

    async def cancel(self, number: int) -> None:
        if work := self._under_way.get(number):
            work.cancel()

    async def _leave_when_told(self, site: Site) -> None:
        """Ray waits long for an actor when a machine leaves: one that has nothing to do goes by itself."""
        while self._under_way or not site.is_draining:  # noqa: ASYNC110  # another process makes the file
            await asyncio.sleep(LOOK_EVERY)
        await self._worker.stop()
        os._exit(0)

    @property
    def _is_draining(self) -> bool:
        return self._site is not None and self._site.is_draining


def about_here() -> dict[str, Any]:
    """Versions, names and the clock of this machine."""
    return {
        "kinora": version("kinora"),
        "python": platform.python_version(),
        "ray": version("ray"),
        "host": socket.gethostname(),
        "clock": time.time(),
        "pid": os.getpid(),
    }


def look_here(data: str, folder_name: str) -> dict[str, Any]:
    """What the doctor asks of each machine."""
    site = Site.here()
    where = site.data if site else Path(data)
    seen = {"data": str(where), "sees_the_folder": sees_the_folder(where, folder_name)}
    return about_here() | seen | {"draining": bool(site and site.is_draining)}


def sees_the_folder(data: Path, name: str) -> bool:
    try:
        return Places(data).folder_name.read_text() == name
    except OSError:
        return False


def _as_it_lies_here(setup: dict[str, Any], site: Site | None) -> dict[str, Any]:
    """The studio's setup, where its data folder has another path on this machine."""
    if site is None or str(site.data) == setup["data"]:
        return setup
    there, here = Path(setup["data"]), site.data

    def moved(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: moved(one) for name, one in value.items()}
        if isinstance(value, str) and value.startswith("/") and Path(value).is_relative_to(there):
            return str(here / Path(value).relative_to(there))
        return value

    found: dict[str, Any] = moved(setup)
    return found


def _outcome(work: "asyncio.Task[dict[str, Any]]") -> dict[str, Any]:
    try:
        return {"done": work.result()}
    except (asyncio.CancelledError, TaskCancelled):
        return {"error": {"code": "task.cancelled", "params": {}}}
    except WorkerLost as lost:
        return {"lost": {"code": lost.code, "params": lost.params}}
    except TaskFailed as failed:
        return {"error": {"code": failed.code, "params": failed.params}}
    except Exception as error:
        return {"lost": {"code": "worker.died", "params": {"how": f"{type(error).__name__}: {error}"}}}

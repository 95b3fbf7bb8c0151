"""This machine as a part of the cluster: it comes in, says what it offers, and leaves without breaking anything off."""

import asyncio
import contextlib
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from engine.errors import StudioError
from engine.fleet.cluster import check_installed, environment, hear_ready, kill, start_driver
from engine.fleet.joining_token import check_token, ensure_token
from engine.fleet.loopback import LOOPBACK, is_loopback
from engine.fleet.site import VARIABLE, Site

STARTED: Final = b"Ray runtime started"
STARTING: Final = 120.0  # seconds; Ray takes 5 to 20 of them
ENDING: Final = 10.0  # seconds for Ray to say goodbye
LOOK_EVERY: Final = 0.2  # seconds, for takes that are still being made
OBJECT_STORE: Final = 100_000_000  # bytes: what passes through Ray is words, not films
# Ray's socket names may have 107 letters together with this folder's.
SHORT: Final = Path("/tmp")  # noqa: S108  # a folder of a random name is made in it, for its owner alone


@dataclass(frozen=True)
class Joining:
    address: str  # of the cluster
    at: str | None  # of this machine, as the others reach it; None: Ray finds out
    is_head: bool  # whether the cluster begins here
    token: Path
    data: Path
    draws: int  # seats that draw
    cards: int  # seats with a graphics card


@dataclass(frozen=True)
class Node:
    joining: Joining
    site: Site
    name: str
    process: asyncio.subprocess.Process

    @classmethod
    @asynccontextmanager
    async def open(cls, joining: Joining) -> AsyncIterator["Node"]:
        """The machine in the cluster; StudioError with the reason when it is not let in."""
        check_installed()
        (ensure_token if joining.is_head else check_token)(joining.token)
        env = environment(joining.token)
        if not joining.is_head:
            await _errand(joining.address, None, env)
        with tempfile.TemporaryDirectory(prefix="kinora-", dir=SHORT if SHORT.is_dir() else None) as made:
            folder = Path(made)
            site = Site(folder)
            site.describe(joining.data.resolve())
            process = await _start(joining, folder, env | {VARIABLE: str(folder)})
            node = cls(joining, site, folder.name, process)
            try:
                await _until_started(process)
                if joining.is_head:  # from now on it is a cluster of this version of Kinora
                    await _errand(joining.address, None, env)
                yield node
            finally:
                await node._end()

    async def ended(self) -> None:
        """Returns when Ray has ended on this machine, by itself or because the cluster is gone."""
        await self._drain_output()
        await self.process.wait()

    async def drain(self, tell: Callable[[int], None]) -> None:
        """Begin nothing new here; returns when everything that is being made here is made."""
        self.site.drain()
        told = self.site.tasks_under_way()
        if told:
            tell(told)
        with contextlib.suppress(StudioError):  # the cluster may be gone already
            await _errand(self.joining.address, self.name, environment(self.joining.token))
        while (left := self.site.tasks_under_way()) and self.process.returncode is None:
            if left != told:
                tell(left)
                told = left
            await asyncio.sleep(LOOK_EVERY)

    async def _drain_output(self) -> None:
        assert self.process.stdout is not None
        while await self.process.stdout.read(65_536):
            pass

    async def _end(self) -> None:
        if self.process.returncode is not None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            family = psutil.Process(self.process.pid).children(recursive=True)
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.ended(), ENDING)
            for one in [psutil.Process(self.process.pid), *family] if self.process.returncode is None else family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.kill()
        await self.process.wait()


async def _start(joining: Joining, folder: Path, env: dict[str, str]) -> asyncio.subprocess.Process:
    host, _, port = joining.address.rpartition(":")
    at = joining.at or (LOOPBACK if is_loopback(joining.address) else None)
    options = [
        "--block",
        "--disable-usage-stats",
        "--include-log-monitor=false",
        "--num-cpus=0",  # seats are what is offered here
        f"--num-gpus={joining.cards}",
        f"--resources={json.dumps({'kinora_draw': joining.draws, 'kinora_gpu': joining.cards})}",
        f"--object-store-memory={OBJECT_STORE}",
        f"--temp-dir={folder}",
        f"--node-name={folder.name}",
    ]
    if joining.is_head:
        options += ["--head", f"--port={port}", "--include-dashboard=false", "--no-monitor"]
        at = at or host
    else:
        options += [f"--address={joining.address}"]
    if at is not None:
        options += [f"--node-ip-address={at}"]
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "engine.fleet.ray_start",
        "start",
        *options,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=env,
        start_new_session=True,  # Ctrl-C in a terminal reaches a whole group
    )


async def _until_started(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    said: list[str] = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(STARTING):
            while line := await process.stdout.readline():
                if STARTED in line:
                    return
                said.append(line.decode(errors="replace").strip())
    raise StudioError("cluster.not_started", cause=next((line for line in reversed(said) if line), ""))


async def _errand(address: str, leaving: str | None, env: dict[str, str]) -> None:
    """Have a short-lived driver look whether this machine may come in, or tell Ray that it leaves."""
    process = await start_driver({"address": address, "node": leaving}, env)
    try:
        await hear_ready(process, address)
    finally:
        kill(process)
        await process.communicate()

"""Kinora itself, told by its settings to talk to the local Telegram."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.worlds.telegram.people import PATIENCE, Place

REPOSITORY = Path(__file__).parents[3]


@asynccontextmanager
async def kinora_run(place: Place, folder: Path, **variables: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`kinora run` as a process of its own, connected; killed in the end if it is still there."""
    process = await start(place, folder, **variables)
    try:
        await connected(place, process, folder)
        yield process
    finally:
        await kill(process)


async def start(place: Place, folder: Path, **variables: str) -> asyncio.subprocess.Process:
    place.world.calls = [one for one in place.world.calls if one[1] != "getMe"]
    settings = {
        "telegram__token": place.world.token,
        "telegram__server": place.world.base,
        "language": "en",
        "web__enabled": "false",
    }
    with (folder / "log.txt").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *program_of(place),
            "--data",
            str(folder / "data"),
            "run",
            cwd=REPOSITORY,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**os.environ} | {f"KINORA_{name.upper()}": value for name, value in (settings | variables).items()},
        )


def program_of(place: Place) -> tuple[str, ...]:
    """`kinora`, as fast as the world that it is to speak in."""
    if place.world.hurry == 1.0:
        return "-m", "bots.main"
    return "-m", "tests.worlds.telegram.hurried", f"{place.world.hurry:g}"


async def connected(place: Place, process: asyncio.subprocess.Process, folder: Path) -> None:
    def is_there() -> bool:
        assert process.returncode is None, (folder / "log.txt").read_text()[-4000:]
        return any(method == "getMe" for _, method, _ in place.world.calls)

    await place.until(is_there, what="the bot", within=PATIENCE)


async def kill(process: asyncio.subprocess.Process) -> None:
    """With all its workers, as when the power fails."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()

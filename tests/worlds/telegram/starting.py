"""Kinora itself, told by its settings to talk to the local Telegram."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.worlds import preloaded
from tests.worlds.preloaded import Forked
from tests.worlds.telegram.people import PATIENCE, Place


@asynccontextmanager
async def kinora_run(place: Place, folder: Path, **variables: str) -> AsyncIterator[Forked]:
    """`kinora run` as a process of its own, connected; killed in the end if it is still there."""
    process = await start(place, folder, **variables)
    try:
        await connected(place, process, folder)
        yield process
    finally:
        await kill(process)


async def start(place: Place, folder: Path, **variables: str) -> Forked:
    place.world.calls = [one for one in place.world.calls if one[1] != "getMe"]
    settings = {
        "telegram__token": place.world.token,
        "telegram__server": place.world.base,
        "language": "en",
        "web__enabled": "false",
    }
    return await preloaded.start(
        (*program_of(place), "--data", str(folder / "data"), "run"),
        environment={**os.environ}
        | {f"KINORA_{name.upper()}": value for name, value in (settings | variables).items()},
        log=folder / "log.txt",
    )


def program_of(place: Place) -> tuple[str, ...]:
    """`kinora`, as fast as the world that it is to speak in."""
    if place.world.hurry == 1.0:
        return ("bots.main",)
    return "tests.worlds.telegram.hurried", f"{place.world.hurry:g}"


async def connected(place: Place, process: Forked, folder: Path) -> None:
    def is_there() -> bool:
        assert process.returncode is None, (folder / "log.txt").read_text()[-4000:]
        return any(method == "getMe" for _, method, _ in place.world.calls)

    await place.until(is_there, what="the bot", within=PATIENCE)


async def kill(process: Forked) -> None:
    """With all its workers, as when the power fails."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()

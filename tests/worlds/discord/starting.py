"""Kinora itself, with the local Discord where the real one would be.

    python -m tests.worlds.discord.starting http://127.0.0.1:PORT run

Everything else is what `kinora` does; only discord.py's addresses are others.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.worlds import preloaded
from tests.worlds.discord.people import PATIENCE, Place
from tests.worlds.preloaded import Forked


@asynccontextmanager
async def kinora_run(place: Place, folder: Path, **variables: Any) -> AsyncIterator[Forked]:
    """`kinora run` as a process of its own, connected; killed in the end if it is still there."""
    process = await start(place, folder, **variables)
    try:
        await connected(place, process, folder)
        yield process
    finally:
        await kill(process)


async def start(place: Place, folder: Path, *, telegram_hurry: float = 1.0, **variables: str) -> Forked:
    """`telegram_hurry`: where it speaks in a local Telegram as well, how fast that one's clock is."""
    place.gateway.is_connected.clear()
    told = {"KINORA_DISCORD__TOKEN": place.world.token, "KINORA_LANGUAGE": "en"}
    told |= {f"KINORA_{name.upper()}": value for name, value in variables.items()}
    program = ("tests.worlds.discord.starting", place.world.base, f"{telegram_hurry:g}")
    return await preloaded.start(
        (*program, "--data", str(folder / "data"), "run"), environment={**os.environ} | told, log=folder / "log.txt"
    )


async def connected(place: Place, process: Forked, folder: Path) -> None:
    waiting = asyncio.create_task(place.gateway.is_connected.wait())
    ended = asyncio.create_task(process.wait())
    done, _ = await asyncio.wait({waiting, ended}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    for task in (waiting, ended):
        task.cancel()
    assert waiting in done, (folder / "log.txt").read_text()[-4000:]


async def kill(process: Forked) -> None:
    """With all its workers, as when the power fails."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def main(base: str, telegram_hurry: float, arguments: list[str]) -> int:
    import discord
    import yarl

    discord.http.Route.BASE = f"{base}/api/v10"
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(base.replace("http", "ws") + "/gateway")
    discord.asset.Asset.BASE = base
    from bots.main import run
    from tests.worlds.telegram.hurried import hurry

    hurry(telegram_hurry)
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2]), sys.argv[3:]))

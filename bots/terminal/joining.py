"""`worker`: this machine draws for a studio, until it is told to stop; then it finishes what it has begun."""

import asyncio
import contextlib
import os
import platform
import signal
from pathlib import Path
from typing import Final

import typer

from bots.terminal import screen
from bots.terminal.session import settings_of
from bots.wording import say
from engine.errors import StudioError
from engine.fleet.choosing import cluster_of
from engine.fleet.node import Joining, Node
from engine.renderers.diffusion.machines import cards
from engine.settings import Settings
from engine.studio import VERSION

CORES_A_CLIP: Final = 2  # one draws while the other encodes


def worker(
    context: typer.Context,
    *,
    is_head: bool,
    address: str | None,
    at: str | None,
    draws: int | None,
    gpus: int | None,
    token: Path | None,
) -> int:
    settings = settings_of(context, is_service=True)
    joining = _joining(settings, is_head=is_head, address=address, at=at, draws=draws, gpus=gpus, token=token)
    return asyncio.run(_serve(joining))


def _joining(
    settings: Settings,
    *,
    is_head: bool,
    address: str | None,
    at: str | None,
    draws: int | None,
    gpus: int | None,
    token: Path | None,
) -> Joining:
    cluster = cluster_of(settings)
    address = address or cluster.address
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise StudioError("cluster.no_address", address=address)
    offered = Joining(
        address=address,
        at=at,
        is_head=is_head,
        token=token or cluster.token,
        data=settings.data,
        draws=max(1, (os.cpu_count() or 1) // CORES_A_CLIP) if draws is None else draws,
        cards=len(cards()) if gpus is None else gpus,
    )
    if not is_head and offered.draws + offered.cards == 0:
        raise StudioError("cluster.offers_nothing")
    return offered


async def _serve(joining: Joining) -> int:
    stop, now = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def told_to_stop() -> None:
        (now if stop.is_set() else stop).set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told_to_stop)
    screen.show(say("worker.head" if joining.is_head else "worker.joining", address=joining.address))
    opening = asyncio.create_task(_joined(joining, stop))
    giving_up = asyncio.create_task(now.wait())
    try:
        await asyncio.wait({opening, giving_up}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        giving_up.cancel()
        if not opening.done():
            opening.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await opening
    screen.show(say("worker.left"))
    return 0


async def _joined(joining: Joining, stop: asyncio.Event) -> None:
    async with Node.open(joining) as node:
        versions = {"kinora": VERSION, "python": platform.python_version()}
        screen.show(say("worker.here", draws=joining.draws, cards=joining.cards, **versions), mark="●")
        if joining.is_head:
            screen.show("  " + say("worker.others", address=joining.address, token=joining.token), "dim")
        ended, stopping = asyncio.create_task(node.ended()), asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                raise StudioError("cluster.node_ended", address=joining.address)
            await node.drain(lambda left: screen.show(say("worker.draining", count=left)))
        finally:
            for task in (ended, stopping):
                task.cancel()
            await asyncio.gather(ended, stopping, return_exceptions=True)

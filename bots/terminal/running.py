"""`run`: the studio at work, until it is told to stop."""

import asyncio
import logging
import shutil
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from bots import stories
from bots.terminal import creating, health, screen
from bots.terminal.courier import Address, TerminalCourier, written_files
from bots.terminal.progress import show_progress
from bots.terminal.session import settings_of
from bots.web.courier import WebCourier
from bots.wording import say
from engine.delivery import Courier
from engine.doctor import Condition, Finding, ask_workers, is_broken, look_around
from engine.jobs import JobState
from engine.members import Asker
from engine.settings import Platform, Settings
from engine.shift import ShiftLost
from engine.studio import VERSION, Studio

if TYPE_CHECKING:  # loads the pages
    from bots.web.site import Site

log = logging.getLogger(__name__)

STANDING_BY: Final = 2.0  # seconds between two looks whether the fleet's process is gone
_CAME_TO_NOTHING: Final = frozenset({JobState.FAILED, JobState.CANCELLED})


def run(context: typer.Context, *, first_clip: bool) -> int:
    settings = settings_of(context, is_service=True)
    screen.show(say("run.title", version=VERSION), "bold cyan")
    findings = look_around(settings)
    _tell_troubles(findings)
    if is_broken(findings):
        screen.show(say("doctor.broken"), "bold")
        return 1
    return asyncio.run(_serve(settings, findings, first_clip=first_clip))


def _tell_troubles(findings: list[Finding]) -> None:
    for finding in findings:
        if finding.condition in (Condition.ATTENTION, Condition.BROKEN):
            health.tell_finding(finding)


async def _serve(settings: Settings, findings: list[Finding], *, first_clip: bool) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with Studio.open(settings) as studio:
        asker = await studio.at_home()
        talking, couriers = _connect(studio)
        site, opening = _open_pages(studio)
        talking += opening
        working = asyncio.create_task(_work(studio, [TerminalCourier(studio), WebCourier(), *couriers]))
        stopping = asyncio.create_task(stop.wait())
        greeting = asyncio.create_task(_greet(studio, asker, findings, working, site, first_clip=first_clip))
        duties = (working, *talking)
        try:
            await asyncio.wait({*duties, stopping}, return_when=asyncio.FIRST_COMPLETED)
            for duty in duties:
                if duty.done():
                    duty.result()
            screen.show()
            screen.show(say("run.ended"))
        finally:
            for task in (greeting, *duties, stopping):
                task.cancel()
            await asyncio.gather(greeting, *duties, stopping, return_exceptions=True)
    return 0


def _connect(studio: Studio) -> tuple[list["asyncio.Task[None]"], list[Courier]]:
    """The bots of the platforms whose tokens are set, with the couriers that speak there."""
    talking: list[asyncio.Task[None]] = []
    couriers: list[Courier] = []
    if token := _set(studio.settings.discord):
        from bots.discord.app import KinoraBot

        on_discord = KinoraBot(studio)
        talking.append(asyncio.create_task(on_discord.talk(token)))
        couriers.append(on_discord.courier)
    if token := _set(studio.settings.telegram):
        from bots.telegram.app import KinoraTelegram

        on_telegram = KinoraTelegram(studio, token)
        talking.append(asyncio.create_task(on_telegram.talk()))
        couriers.append(on_telegram.courier)
    return talking, couriers


def _set(platform: Platform) -> str | None:
    """The token, where one is set."""
    return platform.token.get_secret_value() or None if platform.token is not None else None


def _open_pages(studio: Studio) -> tuple["Site | None", list["asyncio.Task[None]"]]:
    """The pages, opening; nothing where the operator wants none."""
    if not studio.settings.web.enabled:
        return None, []
    from bots.web.site import Site

    site = Site(studio)
    return site, [asyncio.create_task(site.serve())]


async def _work(studio: Studio, couriers: Sequence[Courier]) -> None:
    """Run the fleet; take it up again when the lease was lost, say because this machine slept.

    Where several processes share Discord's shards, one of them runs it, and the others stand by.
    """
    stands_by = bool(studio.settings.discord.shard_ids)
    while True:
        try:
            if not stands_by:
                await studio.run(couriers)
            elif not await studio.try_to_run(couriers):
                await asyncio.sleep(STANDING_BY)
        except* ShiftLost:
            log.warning("another process took the fleet over while this one was asleep or too slow")


async def _greet(
    studio: Studio,
    asker: Asker,
    findings: list[Finding],
    working: "asyncio.Task[None]",
    site: "Site | None",
    *,
    first_clip: bool,
) -> None:
    """Say where everything is and what to do next, after the first clip where one is to be made."""
    await asyncio.sleep(0.3)  # a second studio on the same folder ends here, with a sentence of its own
    if working.done():
        return
    screen.show("  " + say("run.data", folder=studio.places.root))
    _tell_troubles(await ask_workers(studio.fleet))
    if first_clip and not await _has_clips(studio, asker):
        await _make_first_clip(studio, asker)
    for key in ("run.more", "run.look", "run.desk"):
        screen.show("  " + say(key))
    if shutil.which("kinora") is None:
        screen.show("  " + say("run.path", path=_typed_path()))
    if not (_set(studio.settings.discord) or _set(studio.settings.telegram)):
        screen.show("  " + say("run.bots"), "dim")
    if any(finding.condition is Condition.MISSING for finding in findings):
        screen.show("  " + say("run.extras"), "dim")
    if site is not None:
        await site.is_open.wait()
        screen.show("  " + say("run.health", url=site.health_url), "dim")
        screen.show()
        screen.show(say("run.web", link=await site.link_for(asker)), "bold")
    screen.show()
    screen.show(say("run.waiting"), "bold", mark="●", mark_style="green")


def _typed_path() -> str:
    """How to type this program from the present folder."""
    program = Path(sys.argv[0]).absolute()
    here = Path.cwd()
    return str(program.relative_to(here)) if program.is_relative_to(here) else str(program)


async def _has_clips(studio: Studio, asker: Asker) -> bool:
    """Whether something was made here already, or is about to be."""
    return any(JobState(job.state) not in _CAME_TO_NOTHING for job in await studio.latest_jobs(asker))


async def _make_first_clip(studio: Studio, asker: Asker) -> None:
    prompt = say("run.first_prompt")
    screen.show("  " + say("run.first_clip", prompt=prompt))
    usual = studio.settings.defaults
    brief = stories.read_brief(prompt, aspect=usual.aspect, resolution=usual.resolution, seconds=usual.seconds, seed=1)
    job_id = await studio.ask(brief, asker, Address(folder=str(Path.cwd())).as_origin())
    await show_progress(studio, job_id)
    async for _ in studio.follow(job_id):
        pass
    creating.tell_result(await studio.job(job_id), await written_files(studio, job_id))
    screen.show()

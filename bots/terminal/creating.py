"""`create` and `cancel`: from a prompt to a file, and calling it off."""

import asyncio
import contextlib
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import typer

from bots import stories
from bots.terminal import accounts, answers, screen
from bots.terminal.courier import PLATFORM, Address, TerminalCourier, numbered, written_files
from bots.terminal.progress import show_progress
from bots.terminal.session import asker_of, settings_of, typed_id
from bots.wording import say
from engine.asking import USUAL_TERMS, Terms
from engine.brief import Brief, Quality
from engine.errors import StudioError
from engine.jobs import ENDED_JOBS, JobState, TakeState
from engine.members import Asker
from engine.origin import Origin
from engine.presets import content_of
from engine.settings import Settings
from engine.studio import Studio
from engine.turns import Lane
from engine.viewing import JobView

EXIT_CODES: Final = {JobState.DELIVERED: 0, JobState.REFUSED: 3, JobState.HELD: 4}
# A worker has 3 seconds to end a cancelled take by itself before it is killed.
CANCEL_PATIENCE: Final = 15.0


@dataclass(frozen=True)
class Wish:
    """What was typed after `kinora create`, as it was typed."""

    prompt: str
    aspect: str | None = None
    resolution: str | None = None
    seconds: float | None = None
    variations: int = 1
    style: str | None = None
    seed: int | None = None
    best: bool = False
    renderer: str | None = None
    preset: str | None = None  # empty: none, not even the one that is usual
    output: Path | None = None
    force: bool = False
    relaxed: bool = False
    pot: str | None = None
    only_price: bool = False

    def as_terms(self) -> Terms:
        return terms_of(relaxed=self.relaxed, pot=self.pot)

    def as_brief(self, settings: Settings) -> Brief:
        usual = settings.defaults
        return stories.read_brief(
            self.prompt,
            aspect=self.aspect if self.aspect is not None else usual.aspect,
            resolution=self.resolution if self.resolution is not None else usual.resolution,
            seconds=self.seconds if self.seconds is not None else usual.seconds,
            style=self.style,
            quality="best" if self.best else "turbo",
            variations=self.variations,
            seed=self.seed,
            renderer=self.renderer,
        )

    def as_address(self) -> Address:
        return address_of(self.output, of=self.variations, overwrite=self.force)


def create(context: typer.Context, wish: Wish, *, as_json: bool) -> int:
    settings = settings_of(context)
    wish.as_brief(settings)  # what makes no sense is said before anything is opened
    terms = wish.as_terms()
    address = wish.as_address()
    if not wish.only_price:
        check_address(address)

    async def work() -> int:
        async with Studio.open(settings) as studio:
            asker = await asker_of(context, studio)
            brief = (await filled(studio, asker, wish)).as_brief(settings)
            quote = await studio.quote(brief, asker, terms)
            if wish.only_price:
                accounts.answer_price(quote, as_json=as_json)
                return 0
            if not as_json:
                accounts.tell_price(quote, terms)
            view = await make(studio, asker, brief, address, announce=not as_json, terms=terms)
            files = await written_files(studio, view.id)
        if as_json:
            screen.answer(answers.of_job(view, files))
        else:
            tell_result(view, files)
        return EXIT_CODES.get(view.state, 1)

    return asyncio.run(work())


def terms_of(*, relaxed: bool, pot: str | None) -> Terms:
    pot_id = None if pot is None else typed_id(pot, prefix="pot")
    return Terms(Lane.RELAXED if relaxed else Lane.PRIORITY, pot_id)


def address_of(output: Path | None, *, of: int = 1, overwrite: bool = False) -> Address:
    file = os.path.abspath(output) if output else None  # noqa: PTH100 (a link stays a link)
    return Address(folder=str(Path.cwd()), file=file, of=of, overwrite=overwrite)


def check_address(address: Address) -> None:
    """StudioError when a clip could not be written there. Asked before anything is spent."""
    folder = Path(address.file).parent if address.file else Path(address.folder)
    if not folder.is_dir():
        raise StudioError("file.no_folder", folder=str(folder))
    try:
        # The only answer that counts: rights are one reason of many (a full disk, a folder that is read only).
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise StudioError("delivery.unwritable", file=str(folder), cause=error.strerror or str(error)) from None
    for number in range(1, address.of + 1) if address.file else ():
        file = numbered(Path(address.file or ""), number, address.of)
        if file.is_dir():
            raise StudioError("file.folder", file=str(file))
        if not address.overwrite and os.path.lexists(file):
            raise StudioError("file.exists", file=str(file))


async def filled(studio: Studio, asker: Asker, wish: Wish) -> Wish:
    """The wish with what a preset says where nothing was typed: the one that was named, else the usual one."""
    if wish.preset == "":
        return wish
    found = await studio.presets.find(asker, wish.preset) if wish.preset else await studio.presets.default(asker)
    if found is None:
        return wish
    preset = content_of(found)
    return replace(
        wish,
        prompt=preset.prompt(wish.prompt),
        aspect=wish.aspect if wish.aspect is not None else preset.aspect,
        resolution=wish.resolution if wish.resolution is not None else preset.resolution,
        seconds=wish.seconds if wish.seconds is not None else preset.seconds,
        style=wish.style if wish.style is not None else preset.style,
        best=wish.best or preset.quality is Quality.BEST,
    )


async def make(
    studio: Studio, asker: Asker, brief: Brief, address: Address, *, announce: bool, terms: Terms = USUAL_TERMS
) -> JobView:
    """Ask for the job and see it through; Ctrl-C calls it off."""
    job_id = await studio.ask(brief, asker, address.as_origin(), terms)
    if announce:
        screen.tell(say("create.asked", job=job_id), "dim")
    return await see_through(studio, asker, job_id)


async def see_through(studio: Studio, asker: Asker, job_id: str) -> JobView:
    async def call_off() -> None:
        screen.tell(say("create.cancelling"), mark="…")
        await studio.cancel(job_id, asker)

    finishing = asyncio.create_task(studio.finish(job_id, [TerminalCourier(studio)]))
    watching = asyncio.create_task(show_progress(studio, job_id))
    async with _heeding_signals(call_off):
        try:
            await finishing
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
    return await studio.job(job_id)


@contextlib.asynccontextmanager
async def _heeding_signals(call_off: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """The first Ctrl-C (or SIGTERM) calls the job off; a second one ends the command at once."""
    loop = asyncio.get_running_loop()
    command = asyncio.current_task()
    calling_off: list[asyncio.Future[None]] = []

    def heed() -> None:
        if calling_off and command is not None:
            command.cancel()
        else:
            calling_off.append(asyncio.ensure_future(call_off()))

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, heed)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        await asyncio.gather(*calling_off)


def cancel(context: typer.Context, typed: str, *, as_json: bool) -> int:
    job_id = typed_id(typed)

    async def work() -> int:
        async with Studio.open(settings_of(context)) as studio:
            asker = await asker_of(context, studio)
            before = await studio.job(job_id)
            view = await studio.cancel(job_id, asker)
            if not view.rests:
                # Somebody works on it, or did until they were killed: either way it ends now, here if need be.
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(studio.finish(job_id, [TerminalCourier(studio)]), CANCEL_PATIENCE)
                view = await studio.job(job_id)
            files = await written_files(studio, job_id)
        if as_json:
            screen.answer(answers.of_job(view, files))
        elif before.state in ENDED_JOBS:
            screen.show(say("cancel.too_late", job=view.id, state=stories.state_name(view.state)))
        elif view.state is JobState.CANCELLED:
            screen.show(say("cancel.done", job=view.id), mark="✓", mark_style="green")
            _tell_returned(view)
        else:
            screen.show(say("cancel.asked", job=view.id, state=stories.state_name(view.state)))
        return 0 if view.state is JobState.CANCELLED else 1

    return asyncio.run(work())


def is_from_terminal(view: JobView) -> bool:
    return Origin.model_validate(view.job.origin).platform == PLATFORM


# -- telling -------------------------------------------------------------------------------------------------------


def tell_result(view: JobView, files: answers.Files) -> None:
    """How the job ended: its clips first, then what is missing and why."""
    for clip in view.clips:
        kind = say("clip.draft") if clip.is_draft else say("clip.finished")
        size = say("clip.size", kind=kind, seconds=f"{clip.seconds:g}", width=clip.width, height=clip.height)
        screen.show(f"{clip.id}  {size}", "bold", mark="✓", mark_style="bold green")
        if clip.id in files:
            screen.show(f"  {files[clip.id]}")
    if view.clips and view.not_drawn:
        screen.show("  " + say("clip.not_drawn", words=screen.plain(stories.quoted(view.not_drawn))), "yellow")
    for note in view.notes if view.clips else ():
        screen.show("  " + stories.note(note), "dim")
    match view.state:
        case JobState.REFUSED:
            _tell_refusal(view)
        case JobState.HELD:
            _tell_hold(view)
        case JobState.FAILED:
            _tell_failure(view)
        case JobState.CANCELLED:
            screen.tell(say("cancel.done", job=view.id), mark="■")
            _tell_returned(view)
        case JobState.DELIVERED:
            _tell_missing(view)


def _tell_refusal(view: JobView) -> None:
    verdict = view.verdict
    screen.tell(say("refused.title"), "bold", mark="✗", mark_style="bold red")
    if verdict is not None:
        for reason in stories.reasons(verdict):
            screen.tell(f"  · {reason}")
        screen.tell("  " + stories.instead(verdict))
    _tell_returned(view)


def _tell_failure(view: JobView) -> None:
    why = screen.plain(stories.tell_failure(view.job.failure))
    if view.clips:  # made and paid for, only not brought
        screen.tell(say("create.undelivered", why=why, clip=view.clips[0].id), mark="✗", mark_style="bold red")
    else:
        screen.tell(say("create.failed", why=why), mark="✗", mark_style="bold red")
        _tell_returned(view)


def _tell_returned(view: JobView) -> None:
    if view.job.price:
        screen.tell("  " + say("credits.returned"))


def _tell_hold(view: JobView) -> None:
    screen.tell(say("held.title"), "bold", mark="⏸", mark_style="bold yellow")
    if view.verdict is not None:
        for reason in stories.reasons(view.verdict):
            screen.tell(f"  · {reason}")
    screen.tell("  " + say("held.later", job=view.id))
    screen.tell("  " + say("held.desk", cases=say("list.separator").join(view.case_ids)))


def _tell_missing(view: JobView) -> None:
    """Takes of a delivered job that did not become clips."""
    for take in view.takes:
        if take.state == TakeState.REFUSED:
            screen.tell("  " + say("take.refused_line", number=take.number), "yellow")
        elif take.state == TakeState.FAILED:
            why = screen.plain(stories.tell_failure(take.failure))
            screen.tell("  " + say("take.failed_line", number=take.number, why=why), "yellow")

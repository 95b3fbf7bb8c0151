"""What is kept of a member, in a terminal: in numbers, as a ZIP to take along, and deleted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bots.terminal import creating, screen
from bots.terminal.session import with_studio
from bots.wording import say
from engine.belongings import COUNTED, Forgotten, Held
from engine.errors import StudioError
from engine.exporting import ExportReport
from engine.fleet.base import Progress as Told
from engine.importing import ImportReport
from engine.members import Asker
from engine.studio import Studio

_MEGABYTE: Final = 1_000_000


def show(context: typer.Context, *, as_json: bool) -> None:
    held: Held = with_studio(context, lambda studio, asker: studio.belongings.held(asker))
    if as_json:
        screen.answer({"accounts": list(held.accounts), "rows": dict(held.rows)})
        return
    screen.show(say("privacy.title"), "bold")
    for account in held.accounts:
        screen.show("  " + say("privacy.account", account=screen.plain(account)))
    for table in COUNTED:
        if count := held.rows[table]:
            screen.show("  " + say(f"privacy.rows_{table}", count=count))
    screen.show()
    for key in ("who_sees", "take_along", "delete", "stays", "page"):
        screen.show(say(f"privacy.{key}"))


def name(context: typer.Context, chosen: str | None, *, as_json: bool) -> None:
    """`chosen`: None asks what it is now, nothing takes it away."""

    async def work(studio: Studio, asker: Asker) -> str | None:
        return await studio.naming.name(asker) if chosen is None else await studio.naming.set_name(asker, chosen)

    named = with_studio(context, work)
    if as_json:
        screen.answer({"name_in_credentials": named})
        return
    screen.show(say("naming.named", name=screen.plain(named)) if named else say("naming.anonymous"))
    screen.show(say("naming.how"), "dim")


def export(context: typer.Context, file: Path | None, *, force: bool, as_json: bool) -> None:
    file = file if file is not None else Path(f"kinora-library-{datetime.now(UTC):%Y-%m-%d}.zip")
    address = creating.address_of(file, overwrite=force)
    creating.check_address(address)

    async def work(studio: Studio, asker: Asker) -> ExportReport:
        with _progress(say("privacy.packing")) as told:
            return await studio.belongings.export(
                asker, Path(address.file or ""), readme=say("privacy.readme"), progress=told
            )

    report = with_studio(context, work)
    if as_json:
        screen.answer(report.model_dump(mode="json"))
        return
    screen.show(say("privacy.exported", file=report.file), "bold", mark="✓", mark_style="bold green")
    screen.show("  " + say("privacy.export_holds", clips=report.clips, size=f"{report.bytes / _MEGABYTE:.1f}"))
    if report.missing:
        clips = say("list.separator").join(report.missing)
        screen.show("  " + say("privacy.export_lacks", clips=clips), mark="!", mark_style="bold yellow")


def take_in(context: typer.Context, file: Path, *, as_json: bool) -> None:
    if file.is_dir():
        raise StudioError("file.folder", file=str(file))
    if not file.is_file():
        raise StudioError("file.missing", file=str(file))
    here = file.absolute()

    async def work(studio: Studio, asker: Asker) -> ImportReport:
        with _progress(say("privacy.unpacking")) as told:
            return await studio.belongings.take_in(asker, here, told)

    report = with_studio(context, work)
    if as_json:
        screen.answer(report.model_dump(mode="json"))
        return
    taken = say("privacy.imported", clips=len(report.clips), folders=report.folders, presets=report.presets)
    screen.show(taken, "bold", mark="✓", mark_style="bold green")
    if report.present:
        screen.show("  " + say("privacy.import_present", count=report.present))
    if report.left_out:
        screen.show("  " + say("privacy.import_left_out"), mark="!", mark_style="bold yellow")
    for one in report.left_out:
        screen.show("    " + say(f"privacy.why_{one.why}", clip=screen.plain(one.clip)))


def forget(context: typer.Context, *, sure: bool, as_json: bool) -> None:
    if not sure:
        raise StudioError("privacy.not_sure")
    ended: Forgotten = with_studio(context, lambda studio, asker: studio.belongings.forget(asker))
    if as_json:
        screen.answer(_answer(ended))
        return
    screen.show(say("privacy.deleted", clips=ended.clips, jobs=ended.jobs), mark="✓", mark_style="green")
    if ended.credits:
        screen.show("  " + say("privacy.credits_ended", credits=ended.credits))
    if ended.keeps_accounts:
        screen.show("  " + say("privacy.keeps_accounts"))
    screen.show("  " + say("privacy.stays"))


def _answer(ended: Forgotten) -> dict[str, Any]:
    return {
        "deleted": {"clips": ended.clips, "jobs": ended.jobs, "credits": ended.credits},
        "keeps_accounts": ended.keeps_accounts,
    }


@contextmanager
def _progress(title: str) -> Iterator[Told]:
    """How many clips are done, where somebody watches."""
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=32), MofNCompleteColumn())
    with Progress(*columns, console=screen.ERR, transient=True, disable=not screen.ERR.is_terminal) as bars:
        bar = bars.add_task(title, total=None)

        async def tell(progress: dict[str, Any]) -> None:
            bars.update(bar, completed=progress.get("done", 0), total=progress.get("of"))

        yield tell

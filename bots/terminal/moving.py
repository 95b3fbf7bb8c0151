"""`move`: a studio into another database, or its files into a store."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import typer
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bots.terminal import screen
from bots.terminal.session import settings_of
from bots.wording import say
from engine.moving import MoveReport, Step
from engine.moving import Progress as Told
from engine.moving import move as carry_over

_SHOWN: Final = 20  # files in a list; --json answers with all of them


def move(context: typer.Context, *, database: str | None, files: str | None, as_json: bool) -> int:
    settings = settings_of(context)
    with _progress() as told:
        report = asyncio.run(carry_over(settings, database=database, files=files, progress=told))
    if as_json:
        screen.answer(_answer(report))
    else:
        _tell(report)
    return 1 if report.missing else 0


@contextmanager
def _progress() -> Iterator[Told]:
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=32), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen.ERR, transient=True, disable=not screen.ERR.is_terminal) as bars:
        bar = bars.add_task(say("move.beginning"), total=None)
        names = {step: say(f"move.step_{step}") for step in Step}

        def tell(step: Step, done: int, of: int) -> None:
            bars.update(bar, description=names[step], completed=done, total=of or None)

        yield tell


def _tell(report: MoveReport) -> None:
    screen.show(say("move.done"), "bold", mark="✓", mark_style="bold green")
    if report.tables:
        screen.show("  " + say("move.rows", rows=sum(report.tables.values()), tables=len(report.tables)))
    if report.files:
        screen.show("  " + say("move.files", files=report.files, size=f"{report.bytes / 1_000_000:,.1f} MB"))
    if report.missing:
        screen.show(say("move.missing", count=len(report.missing)), mark="!", mark_style="bold yellow")
        for number, name in enumerate(report.missing[: _SHOWN + 1]):
            screen.tell("  · " + (screen.plain(name) if number < _SHOWN else "…"))
    screen.show(say("move.put_into"))
    for line in report.lines:
        screen.show("  " + screen.plain(line), "bold")
    if report.has_password:
        screen.show(say("move.password"))
    screen.show(say("move.old_place"))


def _answer(report: MoveReport) -> dict[str, Any]:
    return {
        "settings": list(report.lines),
        "tables": report.tables,
        "rows": sum(report.tables.values()),
        "files": report.files,
        "bytes": report.bytes,
        "missing": list(report.missing),
    }

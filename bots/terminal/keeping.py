"""`backup` and `restore`: a copy of everything that a studio is, and a studio out of such a copy."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from bots.terminal import answers, screen
from bots.terminal.session import settings_of
from bots.wording import say
from engine import backup as backing_up
from engine import restore as restoring
from engine.backup import BackupReport
from engine.errors import StudioError
from engine.inventory import Progress as Told
from engine.inventory import Step
from engine.restore import BackupBroken, Broken, RestoreReport
from engine.settings import Settings

_SHOWN: Final = 20  # files in a list; --json answers with all of them


def backup(context: typer.Context, folder: Path, *, with_keys: bool, without_keys: bool, as_json: bool) -> int:
    settings = settings_of(context)
    wanted = _decide_on_keys(settings, with_keys=with_keys, without_keys=without_keys, may_ask=not as_json)
    with _progress() as told:
        report = backing_up.back_up(settings, folder, with_keys=wanted, progress=told)
    if as_json:
        screen.answer(_backup_answer(report))
    else:
        _tell_backup(report)
    return 1 if report.missing else 0


def restore(context: typer.Context, folder: Path, *, keys_from: Path | None, force: bool, as_json: bool) -> int:
    settings = settings_of(context)
    try:
        with _progress() as told:
            report = restoring.restore(settings, folder, keys_from=keys_from, force=force, progress=told)
    except BackupBroken as error:
        if not as_json:
            _tell_files(_broken_line(one) for one in error.broken[: _SHOWN + 1])
            raise
        listed = [{"file": one.file, "fault": one.fault.value} for one in error.broken]
        screen.answer({**answers.of_error(error), "broken": listed})
        return 1
    if as_json:
        screen.answer(_restore_answer(report))
    else:
        _tell_restore(report)
    return 0


# -- the choice ----------------------------------------------------------------------------------------------------


def _decide_on_keys(settings: Settings, *, with_keys: bool, without_keys: bool, may_ask: bool) -> bool:
    """Whether the private keys go into the backup: nobody decides that but the operator."""
    if with_keys and without_keys:
        raise StudioError("backup.keys_both")
    if with_keys or without_keys or not backing_up.has_keys(settings):
        return with_keys
    if not may_ask or not (sys.stdin.isatty() and screen.ERR.is_terminal):
        raise StudioError("backup.keys_undecided")
    screen.tell(say("backup.about_keys"))
    return typer.confirm(say("backup.ask_keys"), default=False, err=True)


# -- while it lasts ------------------------------------------------------------------------------------------------


@contextmanager
def _progress() -> Iterator[Told]:
    """A bar for the step that is under way, where somebody watches."""
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=32), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen.ERR, transient=True, disable=not screen.ERR.is_terminal) as bars:
        bar = bars.add_task(say("backup.step_database"), total=None)
        names = {step: say(f"backup.step_{step}") for step in Step}

        def tell(step: Step, done: int, of: int) -> None:
            bars.update(bar, description=names[step], completed=done, total=of or None)

        yield tell


# -- how it ended --------------------------------------------------------------------------------------------------


def _tell_backup(report: BackupReport) -> None:
    screen.show(say("backup.done", folder=report.folder), "bold", mark="✓", mark_style="bold green")
    size, new = _megabytes(report.bytes), _megabytes(report.copied_bytes)
    screen.show("  " + say("backup.holds", files=report.files, size=size, copied=report.copied, new=new))
    screen.show("  " + say("backup.keys_in" if report.keys else "backup.keys_out"))
    for folder in report.other_keys:
        screen.show("  " + say("backup.other_keys", folder=folder))
    if report.missing:
        screen.show(say("backup.missing", count=len(report.missing)), mark="!", mark_style="bold yellow")
        _tell_files(report.missing[: _SHOWN + 1])


def _tell_restore(report: RestoreReport) -> None:
    screen.show(say("restore.done", folder=report.data), "bold", mark="✓", mark_style="bold green")
    made_at = screen.plain(report.made_at)
    screen.show("  " + say("restore.holds", files=report.files, size=_megabytes(report.bytes), made_at=made_at))
    if report.moved_aside is not None:
        screen.show("  " + say("restore.moved_aside", folder=report.moved_aside))
    screen.show("  " + say(f"restore.keys_{report.keys}"))
    if report.unfinished:
        screen.show("  " + say("restore.unfinished", count=report.unfinished))
    if report.missing:
        screen.show(say("restore.missing", count=len(report.missing)), mark="!", mark_style="bold yellow")
        _tell_files(report.missing[: _SHOWN + 1])


def _broken_line(one: Broken) -> str:
    return say(f"broken.{one.fault}", file=screen.plain(one.file))


def _tell_files(lines: Any) -> None:
    for number, line in enumerate(lines):
        screen.tell("  · " + (screen.plain(line) if number < _SHOWN else "…"))


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"


def _backup_answer(report: BackupReport) -> dict[str, Any]:
    return {
        "backup": str(report.folder),
        "made_at": report.made_at,
        "files": report.files,
        "bytes": report.bytes,
        "copied": report.copied,
        "copied_bytes": report.copied_bytes,
        "removed": report.removed,
        "keys": report.keys,
        "missing": list(report.missing),
        "other_keys": [str(folder) for folder in report.other_keys],
    }


def _restore_answer(report: RestoreReport) -> dict[str, Any]:
    return {
        "data": str(report.data),
        "made_at": report.made_at,
        "files": report.files,
        "bytes": report.bytes,
        "keys": report.keys.value,
        "unfinished": report.unfinished,
        "moved_aside": str(report.moved_aside) if report.moved_aside else None,
        "missing": list(report.missing),
    }

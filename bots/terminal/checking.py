"""`check` and `verify`: what the text gate says of a prompt, and whether a file was made here."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any, Final, TextIO

import typer
from pydantic import ValidationError
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from bots import stories
from bots.terminal import answers, screen
from bots.terminal.creating import address_of, check_address
from bots.terminal.session import settings_of, with_studio
from bots.wording import say
from engine.errors import StudioError
from engine.heritage import Source
from engine.members import Asker
from engine.reports import TraceReport
from engine.studio import Studio
from safety.verdict import Decision, Verdict
from storage.errors import CodedError

EXIT_CODES: Final = {Decision.ALLOW: 0, Decision.REFUSE: 3, Decision.HOLD: 4}
_STYLES: Final = {
    Decision.ALLOW: ("✓", "bold green"),
    Decision.HOLD: ("⏸", "bold yellow"),
    Decision.REFUSE: ("✗", "bold red"),
}


def check(context: typer.Context, prompt: str | None, file: Path | None, *, as_json: bool) -> int:
    if (prompt is None) == (file is None):
        raise StudioError("check.nothing")
    if file is not None:
        return _check_file(context, file)
    text = prompt or ""
    verdict = with_studio(context, lambda studio, _: _verdict_on(studio, text))
    if as_json:
        screen.answer(answers.of_check(text, verdict))
    else:
        _tell(verdict)
    return EXIT_CODES[verdict.decision]


async def _verdict_on(studio: Studio, text: str) -> Verdict:
    stories.check_prompt(text)
    if not text.strip():
        raise StudioError("prompt.empty")
    try:
        return await studio.check(text)
    except ValidationError:  # no text that any encoding could carry
        raise StudioError("prompt.unreadable", letter="") from None


def _tell(verdict: Verdict) -> None:
    mark, style = _STYLES[verdict.decision]
    screen.show(say(f"check.{verdict.decision.word}"), "bold", mark=mark, mark_style=style)
    if verdict.decision is Decision.ALLOW:
        return
    for reason in stories.reasons(verdict):
        screen.show(f"  · {reason}")
    rows = [
        (stories.category_names([category]), f"{score:.2f}")
        for category, score in sorted(verdict.categories.items(), key=lambda pair: -pair[1])
    ]
    screen.table((say("table.category"), say("table.score")), rows)


# -- many at once --------------------------------------------------------------------------------------------------


def _check_file(context: typer.Context, file: Path) -> int:
    """One JSON answer for each line; a line that cannot be answered says why, and the next one is read."""
    if str(file) == "-":
        return _check_lines(context, sys.stdin)
    check_file(file)
    with file.open(encoding="utf-8", errors="surrogateescape") as lines:
        return _check_lines(context, lines)


def _check_lines(context: typer.Context, lines: TextIO) -> int:
    async def work(studio: Studio, _: Asker) -> int:
        wrong = 0
        for line in lines:
            if not line.strip():
                continue
            try:
                text = _text_in(line)
                screen.answer(answers.of_check(text, await _verdict_on(studio, text)))
            except CodedError as error:
                wrong += 1
                screen.answer({"text": _shown(line), **answers.of_error(error)})
        return 1 if wrong else 0

    return with_studio(context, work)


def _text_in(line: str) -> str:
    """The prompt in a line: a JSON string, or an object with "text"."""
    try:
        value: Any = json.loads(line)
    except (ValueError, RecursionError):
        raise StudioError("check.line_no_json") from None
    text = value.get("text") if isinstance(value, dict) else value
    if not isinstance(text, str):
        raise StudioError("check.line_no_text")
    return text


def _shown(line: str) -> str | None:
    """The text that an error is about, where there is one."""
    try:
        return _text_in(line)
    except StudioError:
        return None


# -- verify --------------------------------------------------------------------------------------------------------


def verify(
    context: typer.Context, file: Path, restore: Path | None, picture: Path | None, *, force: bool, as_json: bool
) -> int:
    check_file(file)
    for output in filter(None, (restore, picture)):
        check_address(address_of(output, overwrite=force))
    settings = settings_of(context)

    async def work() -> tuple[TraceReport, Source | None]:
        async with Studio.open(settings) as studio:
            report = await studio.verify(file, restore)
            tree = await studio.heritage.tree(await studio.at_home(), report) if report.ancestors else None
            if tree is not None and picture is not None:
                await studio.heritage.picture(tree, picture)
            return report, tree

    report, tree = asyncio.run(work())
    drawn = picture if tree is not None else None
    if as_json:
        screen.answer(answers.of_trace(report) | {"tree": str(drawn) if drawn else None})
        return 0
    _tell_trace(report, tree)
    if drawn is not None:
        screen.show("  " + say("heritage.drawn", file=screen.plain(str(drawn))))
    elif picture is not None:
        screen.show("  " + say("heritage.none"))
    return 0


def check_file(file: Path) -> None:
    """StudioError when there is no file of that name to be read."""
    if file.is_dir():
        raise StudioError("file.folder", file=str(file))
    try:
        with file.open("rb"):
            pass
    except FileNotFoundError:
        raise StudioError("file.missing", file=str(file)) from None
    except (OSError, ValueError) as error:
        raise StudioError("file.unreadable", file=str(file), cause=getattr(error, "strerror", None) or error) from None


_MARKS: Final = {
    "sure": ("✓", "bold green"),
    "unsure": ("?", "bold yellow"),
    "bad": ("!", "bold red"),
    "none": ("–", "bold"),
}


def _grown(source: Source, tree: Tree) -> Tree:
    for one in source.sources:
        _grown(one, tree.add(Text(screen.plain(stories.source(one)))))
    if source.more:
        tree.add(Text(say("tree.more", count=source.more), "dim"))
    return tree


def _tell_trace(report: TraceReport, tree: Source | None) -> None:
    sentence, kind = stories.conclusion(report)
    mark, style = _MARKS[kind]
    screen.show(say(sentence), "bold", mark=mark, mark_style=style)
    for line in stories.trace(report, tree):
        screen.show("  " + screen.plain(line))
    if tree is not None:
        screen.OUT.print(Padding(_grown(tree, Tree(Text(report.clip or say("heritage.file"), "bold"))), (0, 0, 0, 2)))
    if report.stamped_at is None and (unstamped := stories.stamp_of(report)) is not None:
        screen.show("  " + unstamped)
    if report.restored:
        told = say("verify.restored", file=screen.plain(str(report.restored)))
        screen.show(told, "bold", mark="✓", mark_style="bold green")

"""`eval text`: how the text gate does on labelled files. Shows counts, never a row."""

from pathlib import Path
from typing import Any

import typer

from bots import stories
from bots.terminal import screen
from bots.terminal.checking import check_file
from bots.terminal.session import with_studio
from bots.wording import knows, say
from engine.members import Asker
from engine.studio import Studio
from safety.evaluation import ALL, Evaluation, Group


def text(context: typer.Context, files: list[Path], *, as_json: bool) -> int:
    for file in files:
        check_file(file)

    whole = [file.resolve() for file in files]

    async def work(studio: Studio, _: Asker) -> list[Evaluation]:
        return [await _evaluated(studio, file, quiet=as_json) for file in whole]

    evaluations = with_studio(context, work)
    if as_json:
        screen.answer({"files": [_of(evaluation) for evaluation in evaluations]})
    else:
        for evaluation in evaluations:
            _tell(evaluation)
    return 0


async def _evaluated(studio: Studio, file: Path, *, quiet: bool) -> Evaluation:
    async def tell(progress: dict[str, Any]) -> None:
        done = int(progress.get("done", 0))
        if not quiet and screen.ERR.is_terminal and done % 100 == 0:
            screen.ERR.print(say("eval.progress", file=file.name, done=done), end="\r")

    return await studio.evaluate_text(file, tell)


def _tell(evaluation: Evaluation) -> None:
    screen.show(evaluation.file, "bold")
    headings = ("label", "language", "category", "rows", "refused", "held", "allowed", "stopped", "interval", "means")
    screen.table([say(f"table.{name}") for name in headings], [_cells(group) for group in evaluation.groups], widest=2)
    if evaluation.stopped_harmless_by:
        causes = (f"{name} ({count})" for name, count in evaluation.stopped_harmless_by)
        screen.show(say("eval.stopped_by", causes=say("list.separator").join(causes)))
    screen.show(say("eval.times", median=evaluation.median_ms, p99=evaluation.p99_ms))
    for slow in evaluation.slowest:
        screen.show("  " + say("eval.slow", line=slow.line, characters=slow.characters, ms=slow.ms))
    screen.show()


def _cells(group: Group) -> list[str]:
    low, high = group.stopped.interval
    counts = (group.rows, group.refused, group.held, group.allowed)
    return [
        screen.plain(group.label, 20),
        screen.plain(group.language, 8),
        _kind_name(group.kind),
        *map(str, counts),
        f"{group.stopped.value:.1%}",
        f"{low:.0%}-{high:.0%}",
        say("eval.over_blocking") if group.harmless else say("eval.recall"),
    ]


def _kind_name(kind: str) -> str:
    if kind == ALL:
        return say("eval.all")
    return stories.category_names([kind]) if knows(f"category.{kind}") else screen.plain(kind, 40)


def _of(evaluation: Evaluation) -> dict[str, Any]:
    return {
        "file": evaluation.file,
        "groups": [
            {
                "label": group.label,
                "lang": group.language,
                "category": group.kind,
                "harmless": group.harmless,
                "rows": group.rows,
                "refused": group.refused,
                "held": group.held,
                "allowed": group.allowed,
                "stopped": round(group.stopped.value, 4),
                "interval": [round(bound, 4) for bound in group.stopped.interval],
            }
            for group in evaluation.groups
        ],
        "stopped_harmless_by": dict(evaluation.stopped_harmless_by),
        "median_ms": evaluation.median_ms,
        "p99_ms": evaluation.p99_ms,
        "slowest": [slow.model_dump() for slow in evaluation.slowest],
    }

"""`policy`: what holds here, whether a file can be used, what it would change, and why a job was decided as it was."""

import tomllib
from pathlib import Path
from typing import Any

import typer

from bots import stories
from bots.terminal import screen
from bots.terminal.checking import check_file
from bots.terminal.session import typed_id, with_studio
from bots.wording import say
from engine.errors import StudioError
from engine.explaining import Because, Difference, differences, read_overlay, read_policy
from engine.members import Asker
from engine.studio import Studio
from safety.policy import Policy, Thresholds
from safety.verdict import Surface


def show(context: typer.Context, *, as_json: bool) -> None:
    policy = with_studio(context, lambda studio, by: studio.explaining.policy(by))
    if as_json:
        screen.answer({"version": policy.version, **policy.model_dump(mode="json")})
        return
    screen.show(say("policy.version", version=policy.version, profile=policy.profile), "bold")
    for name in ("text", "guard", "frames", "uploads"):
        listed = say("list.separator").join(getattr(policy.required, name)) or "–"
        screen.show("  " + say(f"policy.asks_{name}", names=listed))
    if policy.words:
        screen.show("  " + say("policy.own_words", count=len(policy.words)))
    rows = [
        (stories.category_names([category]), *(_limits(rules.on(surface)) for surface in Surface), _lock(rules.locked))
        for category, rules in policy.categories.items()
    ]
    screen.table([say(f"table.{name}") for name in ("category", "words", "uploads", "frames", "locked")], rows)


def check(context: typer.Context, file: Path, *, as_json: bool) -> None:
    """A whole policy, or a community's changes to the one that holds: either can be used, or it is said why not."""
    policy = with_studio(context, lambda studio, by: _read(studio, by, file))[1]
    if as_json:
        screen.answer({"file": str(file), "version": policy.version})
    else:
        screen.show(say("policy.fine", version=policy.version), mark="✓", mark_style="bold green")


def diff(context: typer.Context, file: Path, *, as_json: bool) -> None:
    before, after = with_studio(context, lambda studio, by: _read(studio, by, file))
    found = differences(before, after)
    if as_json:
        screen.answer({"before": before.version, "after": after.version, "changes": [vars(one) for one in found]})
    elif not found:
        screen.show(say("policy.same"))
    else:
        screen.table([say(f"table.{name}") for name in ("what", "before", "after", "means")], map(_change, found))


def explain(context: typer.Context, job: str, *, as_json: bool) -> None:
    job_id = typed_id(job, prefix="job")
    found = with_studio(context, lambda studio, by: studio.explaining.explain(job_id, by))
    if as_json:
        screen.answer({"job": job_id, "because": [_of(one) for one in found]})
    elif not found:
        screen.show(say("policy.nothing_seen"))
    else:
        headings = ("about", "classifier", "category", "score", "limits", "decision", "rule")
        screen.table([say(f"table.{name}") for name in headings], map(_reason, found), widest=6)
        versions = say("list.separator").join(dict.fromkeys(one.version for one in found))
        screen.show(say("policy.under", versions=versions))


async def _read(studio: Studio, by: Asker, file: Path) -> tuple[Policy, Policy]:
    """What holds here, and what would hold with the file."""
    check_file(file)
    content = _content(file)
    now = await studio.explaining.policy(by)
    return now, read_policy(file) if "categories" in content else read_overlay(content, now)


def _content(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StudioError("policy.malformed", about=f"{file}: {error}") from None


def _limits(thresholds: Thresholds) -> str:
    return " / ".join("–" if value is None else f"{value:g}" for value in (thresholds.hold, thresholds.refuse))


def _lock(locked: bool) -> str:
    return "✓" if locked else ""


def _change(one: Difference) -> list[str]:
    meaning = {True: "policy.stricter", False: "policy.looser", None: "policy.other"}[one.stricter]
    return [one.what, one.before, one.after, say(meaning)]


def _reason(one: Because) -> list[str]:
    signal = one.signal
    limits = " / ".join("–" if value is None else f"{value:g}" for value in (one.hold, one.refuse))
    seen = signal.fault.value if signal.fault else stories.category_names([signal.category])
    score = f"{signal.score:.2f}" if not signal.fault else ""
    where = signal.rule or ("" if signal.seconds is None else f"{signal.seconds:.1f} s")
    return [one.about, signal.classifier, seen, score, limits, say(f"policy.{one.decision}"), screen.plain(where)]


def _of(one: Because) -> dict[str, Any]:
    return {
        "about": one.about,
        **one.signal.model_dump(mode="json"),
        "decision": one.decision,
        "hold": one.hold,
        "refuse": one.refuse,
        "policy": one.version,
    }

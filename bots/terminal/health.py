"""`doctor`: what was found, a line for each thing, with what to do."""

import asyncio
from typing import Any, Final

import typer

from bots.terminal import screen
from bots.terminal.session import settings_of
from bots.wording import knows, say, say_error
from engine.cluster_doctor import examine_cluster
from engine.doctor import Condition, Finding, examine, is_broken

_MARKS: Final = {
    Condition.FINE: ("✓", "bold green"),
    Condition.MISSING: ("–", "dim"),
    Condition.ATTENTION: ("!", "bold yellow"),
    Condition.BROKEN: ("✗", "bold red"),
}


def doctor(context: typer.Context, *, cluster: bool, as_json: bool) -> int:
    look = examine_cluster if cluster else examine
    findings = asyncio.run(look(settings_of(context)))
    if as_json:
        screen.answer({"ok": not is_broken(findings), "findings": [_as_json(finding) for finding in findings]})
    else:
        for finding in sorted(findings, key=lambda finding: finding.condition is Condition.MISSING):
            tell_finding(finding)
        screen.show()
        screen.show(say("doctor.broken" if is_broken(findings) else "doctor.well"), "bold")
    return 1 if is_broken(findings) else 0


def tell_finding(finding: Finding) -> None:
    mark, style = _MARKS[finding.condition]
    screen.show(screen.plain(_sentence(finding)), mark=mark, mark_style=style)


def _sentence(finding: Finding) -> str:
    params = dict(finding.params)
    problem = params.get("problem")
    if problem:
        params["problem"] = say_error(str(problem), {}) if knows(f"error.{problem}") else problem
    if not knows(f"doctor.{finding.code}"):  # what stops the studio, too, and has its sentence there
        return say_error(finding.code, params)
    return say(f"doctor.{finding.code}", **params)


def _as_json(finding: Finding) -> dict[str, Any]:
    return {
        "subject": finding.subject,
        "condition": finding.condition.value,
        "code": finding.code,
        "params": dict(finding.params),
        "message": _sentence(finding),
    }

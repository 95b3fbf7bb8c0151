"""The whole picture of a case, in a terminal and in JSON: words first, and no frame unless it is asked for."""

from typing import Any

from rich.text import Text

from bots import stories
from bots.terminal import answers, screen
from bots.wording import knows, say
from engine.dossier import Dossier
from engine.jobs import Subject
from safety.verdict import Signal
from storage.cases import CaseRow
from storage.clock import now
from storage.decisions import DecisionRow

_PROMPT_SHOWN = 400  # characters
_SIGNALS_SHOWN = 6
_REPORTS_SHOWN = 5
_HISTORY_SHOWN = 3


def has_frames(dossier: Dossier) -> bool:
    return dossier.may_look and dossier.case.subject in (Subject.TAKE, Subject.CLIP)


def tell(dossier: Dossier) -> None:
    case = dossier.case
    screen.show()
    title = f"{case.id}  {say(f'subject.{case.subject}')}  {say(f'kind.{case.kind}')}  {grave(case)}"
    screen.show(title, "bold")
    screen.show("  " + say("case.of_job", job=case.job_id, at=screen.moment(case.opened_at)))
    if case.decision is not None:
        screen.show("  " + say("case.is_decided", decision=say(f"decision.{case.decision}")), "bold")
    else:
        late = case.due_at < now()
        screen.show("  " + say("case.due", at=screen.moment(case.due_at)), "bold red" if late else "dim")
    _tell_prompt(dossier)
    if dossier.appeal is not None:
        screen.show("  " + say("case.appeal", text=screen.plain(dossier.appeal, _PROMPT_SHOWN)))
    if dossier.appealed is not None:
        screen.show("  " + say("case.appealed", decision=decision(dossier.appealed)))
    for report in dossier.reports[:_REPORTS_SHOWN]:
        note = screen.plain(report.note, _PROMPT_SHOWN)
        key = "case.report" if note else "case.report_without_note"
        screen.show("  " + say(key, category=_name(report.category), note=note))
    for signal in dossier.signals[:_SIGNALS_SHOWN]:
        screen.show("  · " + _signal(signal))
    for rule in dossier.rules:
        bounds = say("case.rule", hold=_bound(rule.hold), refuse=_bound(rule.refuse))
        locked = " " + say("case.locked_rule") if rule.locked else ""
        screen.show(f"    {_name(rule.category)} ({rule.surface}): {bounds}{locked}", "dim")
    _tell_past(dossier)
    if dossier.needs_second and case.decision is None:
        screen.show("  " + say("case.needs_second"), "yellow")


def _tell_past(dossier: Dossier) -> None:
    for sha256 in dossier.uploads:
        screen.show("  " + say("case.upload", sha256=sha256[:12]))
    for ancestor in dossier.lineage:
        screen.show("  " + say("case.ancestor", clip=ancestor.clip_id, prompt=screen.plain(ancestor.prompt, 80)))
        for earlier in ancestor.decisions:
            screen.show(f"    {decision(earlier)}", "dim")
    for earlier in dossier.earlier:
        screen.show("  " + say("case.earlier", decision=decision(earlier)))
    step = say(f"standing.{dossier.standing.step}")
    screen.show("  " + say("case.member", step=step, count=len(dossier.history)))
    for past in dossier.history[:_HISTORY_SHOWN]:
        screen.show(f"    {screen.moment(past.at)}  {decision(past)}", "dim")


def _tell_prompt(dossier: Dossier) -> None:
    """The words as they were typed, with the stretches that raised signals underlined, and then as they were read."""
    prompt = screen.plain(dossier.brief.prompt, _PROMPT_SHOWN)
    text = Text("  “" + prompt + "”")
    for signal in dossier.signals:
        if signal.span is not None and signal.span.text == 0:
            text.stylize("bold underline", signal.span.start + 3, min(signal.span.end, len(prompt)) + 3)
    screen.OUT.print(text, soft_wrap=True)
    for read in dossier.read_as.values():
        screen.show("  " + say("case.read_as", text=screen.plain(read, _PROMPT_SHOWN)), "dim")


def _signal(signal: Signal) -> str:
    where = f" {signal.seconds:.1f} s" if signal.seconds is not None else ""
    view = "" if signal.view == "raw" else f", {signal.view}"
    return f"{stories.signal_said(signal)}  ({signal.classifier}{view}){where}"


def grave(case: CaseRow) -> str:
    return "●" * case.severity + "!" * case.escalations


def _name(category: str) -> str:
    return stories.category_names([category])


def decision(row: DecisionRow) -> str:
    reason = _name(row.reason) if not knows(f"reason_code.{row.reason}") else say(f"reason_code.{row.reason}")
    undone = " " + say("case.taken_back") if row.undone_at is not None else ""
    return f"{say(f'decision.{row.action}')}: {reason}{undone}"


def _bound(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


# -- JSON ----------------------------------------------------------------------------------------------------------


def of_dossier(dossier: Dossier) -> dict[str, Any]:
    """All of it: nothing is shortened here."""
    case = dossier.case
    return answers.of_case(case, dossier.brief.prompt) | {
        "read_as": dict(dossier.read_as),
        "signals": [_of_signal(signal) for signal in dossier.signals],
        "rules": [vars(rule) for rule in dossier.rules],
        "uploads": list(dossier.uploads),
        "lineage": [
            {
                "clip": ancestor.clip_id,
                "relation": ancestor.relation,
                "prompt": ancestor.prompt,
                "withdrawn": ancestor.withdrawn,
                "decisions": [_of_decision(one) for one in ancestor.decisions],
            }
            for ancestor in dossier.lineage
        ],
        "reports": [{"category": one.category, "note": one.note} for one in dossier.reports],
        "appeal": dossier.appeal,
        "appealed": _of_decision(dossier.appealed) if dossier.appealed is not None else None,
        "earlier": [_of_decision(one) for one in dossier.earlier],
        "member": {
            "step": dossier.standing.step.value,
            "strikes": len(dossier.standing.strikes),
            "decisions": [_of_decision(one) for one in dossier.history],
        },
        "actions": list(dossier.fitting),
        "reason_codes": list(dossier.reasons),
        "needs_second": dossier.needs_second,
        "has_frames": has_frames(dossier),
    }


def _of_signal(signal: Signal) -> dict[str, Any]:
    return signal.model_dump(mode="json", exclude_none=True)


def _of_decision(row: DecisionRow) -> dict[str, Any]:
    return {
        "decision": row.action,
        "reason": row.reason,
        "note": row.note,
        "automated": row.automated,
        "at": screen.iso(row.at),
        "stands": row.stands,
    }

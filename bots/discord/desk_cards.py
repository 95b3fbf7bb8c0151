"""Cards of the review desk. Words come first; frames only blurred, grey and behind a spoiler. Nothing of a closed
queue is ever made into one."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import discord
from discord import ui

from bots import stories, transparency
from bots.discord.cards import CALM, DONE, STOPPED, WAITING, Part, card, quoted, row, small, told
from bots.discord.items import button, menu
from bots.wording import knows, say
from engine.dossier import Dossier
from engine.jobs import Subject
from safety.desk.people import Action
from safety.desk.standing import Standing
from safety.desk.transparency import Transparency
from safety.policy import Policy
from safety.verdict import Signal
from storage.cases import CaseRow
from storage.clock import now
from storage.decisions import DecisionRow

EXHIBIT: Final = "exhibit.png"
PROMPT_SHOWN: Final = 1_200
NOTE_SHOWN: Final = 400
SIGNALS_SHOWN: Final = 6
REPORTS_SHOWN: Final = 4
HISTORY_SHOWN: Final = 5
LISTED: Final = 20
_MS: Final = 1_000

Names = Mapping[str, str]  # how members are shown, by their ids


def people_in(sheet: Dossier) -> set[str]:
    """Everybody whom the card names."""
    case = sheet.case
    named = {case.claimed_by, case.decided_by, case.passed_to, *(one.by_id for one in sheet.earlier)}
    return {one for one in named if one is not None}


def case(
    sheet: Dossier, names: Names, *, maker: str, exhibit: bool, can_undo: bool = False, has_pages: bool = False
) -> ui.LayoutView:
    """One case, as it stands now. `has_pages`: it can be looked at unblurred on the studio's own pages."""
    row_ = sheet.case
    parts: list[Part | str] = [_title(row_), _words(sheet)]
    if seen := _seen(sheet):
        parts.append("\n".join(seen))
    if exhibit:
        frames: ui.MediaGallery[Any] = ui.MediaGallery()
        described = say("discord.desk.exhibit_alt", case=row_.id)
        frames.add_item(media=f"attachment://{EXHIBIT}", description=described, spoiler=True)
        parts.append(frames)
    parts.append(_status(sheet, names, maker))
    if row_.decision is None:
        parts += _rows(row_, has_pages=has_pages)
        return card(WAITING if row_.severity < _GRAVE else STOPPED, *parts)
    if can_undo:
        parts.append(row(button("caseundo", row_.id, say("discord.desk.undo"), emoji="↩️")))
    return card(DONE if row_.decision in (Action.ALLOW, Action.NOTHING) else CALM, *parts)


_GRAVE: Final = 4


def _title(case: CaseRow) -> str:
    marks = "●" * case.severity + "!" * case.escalations
    return f"### ⚖️ {case.id} {marks}\n{say(f'subject.{case.subject}')} · {say(f'kind.{case.kind}')}"


def _words(sheet: Dossier) -> str:
    """What was written, hidden until somebody wants to read it; and what the member or others say about it."""
    prompt = quoted(sheet.brief.prompt, PROMPT_SHOWN).replace("||", "‖")
    lines = [f"|| {prompt} ||" if prompt else say("discord.desk.no_words")]
    lines += [f"|| {quoted(one.text, 200)} ||" for one in sheet.brief.cards if one.text][:REPORTS_SHOWN]
    for report in sheet.reports[:REPORTS_SHOWN]:
        key = "case.report" if report.note else "case.report_without_note"
        told_ = {"note": quoted(report.note, NOTE_SHOWN)} if report.note else {}
        lines.append(say(key, category=stories.category_names([report.category]), **told_))
    if sheet.appeal is not None:
        lines.append(say("case.appeal", text=quoted(sheet.appeal, NOTE_SHOWN)))
    if sheet.appealed is not None:
        lines.append(say("case.appealed", decision=_decision(sheet.appealed)))
    return "\n".join(lines)


def _seen(sheet: Dossier) -> list[str]:
    """Scores, and what the policy says about them."""
    rules = {(rule.category, rule.surface): rule for rule in sheet.rules}
    lines = []
    for signal in sheet.signals[:SIGNALS_SHOWN]:
        lines.append(f"· {_signal(signal)}")
        if (rule := rules.pop((signal.category, signal.surface.value), None)) is not None:
            bounds = say("case.rule", hold=_bound(rule.hold), refuse=_bound(rule.refuse))
            lines.append(small(f"{bounds}{' ' + say('case.locked_rule') if rule.locked else ''}"))
    return lines


def _signal(signal: Signal) -> str:
    if signal.fault is not None:
        return f"{say(f'fault.{signal.fault}')} ({signal.classifier})"
    return f"**{stories.category_names([signal.category])}** {signal.score:.2f} ({signal.classifier})"


def _bound(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


def _status(sheet: Dossier, names: Names, maker: str) -> str:
    case = sheet.case
    lines = [say("discord.desk.about", job=case.job_id, maker=maker)]
    if case.decision is not None:
        lines.append(f"**{say('case.is_decided', decision=say(f'decision.{case.decision}'))}**")
        if case.decided_by is not None:
            lines.append(say("discord.desk.decided_by", moderator=names.get(case.decided_by, case.decided_by)))
        return "\n".join(lines)
    if case.claimed_by is not None and case.is_claimed(now()):
        who = names.get(case.claimed_by, case.claimed_by)
        lines.append(say("discord.desk.on_desk_of", moderator=who, until=f"<t:{(case.claimed_until or 0) // _MS}:t>"))
    elif case.passed_to is not None:
        lines.append(say("discord.desk.passed_to", moderator=names.get(case.passed_to, case.passed_to)))
    else:
        lines.append(say("discord.desk.free"))
    if case.escalations or case.least_role != "moderator":
        lines.append(say("discord.desk.for_leads"))
    if sheet.needs_second:
        lines.append(say("case.needs_second"))
    lines.append(say("case.due", at=f"<t:{case.due_at // _MS}:R>"))
    return "\n".join(lines)


def _rows(case: CaseRow, *, has_pages: bool) -> list[Part]:
    allow, refuse = ("nothing", "take_down") if case.subject == Subject.CLIP else ("allow", "refuse")
    deciding = row(
        button("caseclaim", case.id, say("discord.desk.claim"), emoji="🖐️", style=discord.ButtonStyle.primary),
        button("caseallow", case.id, say(f"discord.desk.{allow}"), emoji="✅"),
        button("caserefuse", case.id, say(f"discord.desk.{refuse}"), more=refuse, emoji="⛔"),
        button("casepass", case.id, say("discord.desk.pass"), emoji="➡️"),
        button("caseescalate", case.id, say("discord.desk.escalate"), emoji="⏫"),
    )
    more = row(
        button("casedetails", case.id, say("discord.desk.details"), emoji="📄"),
        button("caserelease", case.id, say("discord.desk.release")),
        *([button("casepage", case.id, say("discord.desk.page"), emoji="🖥️")] if has_pages else ()),
    )
    return [deciding, more]


def page(case_id: str, enter: str, desk: str) -> ui.LayoutView:
    """The way to the studio's own desk, for one moderator and once."""
    links = (
        ui.Button[Any](label=say("discord.desk.enter"), url=enter),
        ui.Button[Any](label=say("discord.desk.page"), url=desk),
    )
    return card(CALM, say("discord.desk.how_to_enter", case=case_id), row(*links))


def withdrawn(case_id: str) -> ui.LayoutView:
    """In place of a case that went to the closed queue: nothing of it stays here."""
    return card(CALM, say("discord.desk.withdrawn", case=case_id))


def again(case_id: str) -> ui.LayoutView:
    """In place of the card of a case that was opened again, and has a new one."""
    return card(CALM, say("discord.desk.again", case=case_id))


def escalated(case_id: str, role: str | None) -> ui.LayoutView:
    return card(STOPPED, say("discord.desk.escalated", case=case_id, role=role or say("discord.desk.leads")))


def details(sheet: Dossier, names: Names) -> ui.LayoutView:
    """What else there is to know, for whoever asked."""
    lines = [f"### {sheet.case.id}"]
    lines += [say("case.read_as", text=quoted(text, NOTE_SHOWN)) for text in sheet.read_as.values()]
    lines += [say("case.upload", sha256=sha256[:12]) for sha256 in sheet.uploads]
    for ancestor in sheet.lineage:
        lines.append(say("case.ancestor", clip=ancestor.clip_id, prompt=quoted(ancestor.prompt, 120)))
        lines += [f"- {_decision(one)}" for one in ancestor.decisions]
    lines += [say("case.earlier", decision=_named_decision(one, names)) for one in sheet.earlier]
    step = say(f"standing.{sheet.standing.step}")
    lines.append(say("case.member", step=step, count=len(sheet.history)))
    lines += [f"- <t:{one.at // _MS}:d> {_decision(one)}" for one in sheet.history[:HISTORY_SHOWN]]
    return card(CALM, "\n".join(lines))


def _decision(one: DecisionRow) -> str:
    reason = say(f"reason_code.{one.reason}") if knows(f"reason_code.{one.reason}") else None
    undone = f" {say('case.taken_back')}" if one.undone_at is not None else ""
    return f"{say(f'decision.{one.action}')}: {reason or stories.category_names([one.reason])}{undone}"


def _named_decision(one: DecisionRow, names: Names) -> str:
    by = f" · {names[one.by_id]}" if one.by_id is not None and one.by_id in names else ""
    return f"{_decision(one)}{by}" + (f" · {quoted(one.note, NOTE_SHOWN)}" if one.note else "")


# -- lists and reports ---------------------------------------------------------------------------------------------


def queue(found: Sequence[CaseRow], unwatched: int) -> ui.LayoutView:
    notes = [say("discord.desk.unwatched", count=unwatched)] if unwatched else []
    if not found:
        return told(say("desk.empty"), *notes)
    lines = [
        f"`{case.id}` {'●' * case.severity}{'!' * case.escalations} {say(f'subject.{case.subject}')} · "
        f"{say(f'kind.{case.kind}')} · <t:{case.due_at // _MS}:R>"
        for case in found[:LISTED]
    ]
    if len(found) > LISTED:
        lines.append(say("discord.tree.more", count=len(found) - LISTED))
    options = [
        discord.SelectOption(label=case.id, value=case.id, description=say(f"kind.{case.kind}")[:100])
        for case in found[:LISTED]
    ]
    return card(CALM, "\n".join([*lines, *notes]), row(menu("case", say("discord.menu.open"), options)))


def standing(found: Standing, who: str) -> ui.LayoutView:
    lines = [f"**{who}** · {say(f'standing.{found.step}')}"]
    if found.paused_until is not None:
        lines.append(say("standing.until", until=f"<t:{found.paused_until // _MS}:f>"))
    if found.restriction is not None:
        until = found.restriction.until
        shown = say("member.until_lifted") if until is None else f"<t:{until // _MS}:f>"
        reason = quoted(stories.rule(found.restriction.reason), NOTE_SHOWN)
        lines.append(say("member.restricted", until=shown, reason=reason))
    for one in found.strikes:
        reason = stories.category_names([one.reason])
        lines.append(f"· {say('standing.strike', reason=reason, expires=f'<t:{one.expires_at // _MS}:d>')}")
    return told(*lines)


def policy(shipped: Policy, here: Policy) -> ui.LayoutView:
    """What is held and refused here; what this server made stricter is marked."""
    lines = [say("discord.policy.version", version=here.version)]
    for category, rules in sorted(here.categories.items()):
        usual = shipped.categories[category]
        marks = (" 🔒" if rules.locked else "") + (" ▲" if rules != usual else "")
        text = say("case.rule", hold=_bound(rules.text.hold), refuse=_bound(rules.text.refuse))
        lines.append(f"· **{stories.category_names([category])}**{marks}: {text}")
    return card(CALM, "\n".join(lines), small(say("discord.policy.marks")))


def summary(report: Transparency, days: int) -> ui.LayoutView:
    lines = [f"### {say('discord.report_summary', days=days)}", *transparency.sentences(report)]
    lines += [f"· {reason}: {action} {count}" for reason, action, count in transparency.rows(report)[:LISTED]]
    return card(CALM, "\n".join([*lines, small(say("transparency.nobody"))]))

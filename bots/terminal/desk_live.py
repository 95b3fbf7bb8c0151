"""The desk worked by keys alone: one case after the other, text first, nothing shown that was not asked for."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

import typer
from rich.text import Text

from bots import stories
from bots.terminal import keys, screen
from bots.terminal.session import with_studio
from bots.wording import knows, say, say_error
from engine.dossier import Dossier
from engine.jobs import Subject
from engine.members import Asker
from engine.studio import Studio
from safety.desk.people import Action, Choice
from safety.verdict import Signal
from storage.cases import CaseRow
from storage.clock import now
from storage.decisions import DecisionRow
from storage.errors import CodedError

_PROMPT_WIDTH = 400
_SIGNALS_SHOWN = 6
_NOTHING_MORE = Choice(Action.REFUSE, "")
_OTHER_KEYS = ("strike", "bank", "reason", "note", "word", "look", "skip", "pass", "escalate", "undo", "help", "leave")
_DECISIONS = {"a": Action.ALLOW, "r": Action.REFUSE, "t": Action.TAKE_DOWN, "x": Action.NOTHING}


def is_at_keys() -> bool:
    return keys.is_terminal()


def sit(context: typer.Context) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        with keys.single_keys():
            await _Seat(studio, asker).work()

    with_studio(context, work)


@dataclass
class _Seat:
    studio: Studio
    asker: Asker
    extra: Choice = _NOTHING_MORE  # what the next decision takes along: reason, note, word, strike, bank
    last: str | None = None  # the case that was decided last

    async def work(self) -> None:
        while True:
            case = await self.studio.desk.next(self.asker)
            if case is None:
                screen.show(say("desk.empty"), mark="✓", mark_style="green")
                if not await self._wait_here():
                    return
                continue
            self.extra = _NOTHING_MORE
            if not await self._one(case):
                await self.studio.desk.release(case.id, self.asker)
                return

    async def _wait_here(self) -> bool:
        """Nothing waits: undo is still there, and so is leaving."""
        while True:
            screen.show(say("desk.live.idle"), "dim")
            match await _key():
                case "u":
                    await self._undo()
                    return True
                case "n":
                    return True
                case "q" | keys.END:
                    return False

    async def _one(self, case: CaseRow) -> bool:
        """Until this case has left the desk; False to get up."""
        dossier = await self.studio.desk.dossier(case.id, self.asker)
        await self._offer_pause()
        tell_dossier(dossier)
        while True:
            screen.show(_keys(dossier), "dim")
            key = await _key()
            try:
                match key:
                    case "q" | keys.END:
                        return False
                    case "k":
                        await self.studio.desk.skip(case.id, self.asker)
                        return True
                    case "p":
                        other = await _line(say("desk.live.pass_to"))
                        await self.studio.desk.pass_on(case.id, self.asker, to=other)
                        screen.show(say("desk.moved.pass", case=case.id), mark="✓", mark_style="green")
                        return True
                    case "e":
                        await self.studio.desk.escalate(case.id, self.asker)
                        screen.show(say("desk.moved.escalate", case=case.id), mark="✓", mark_style="green")
                        return True
                    case "a" | "r" | "t" | "x" if _DECISIONS[key] in dossier.fitting:
                        await self._decide(case, _DECISIONS[key])
                        return True
                    case "u":
                        await self._undo()
                    case "v":
                        await self._look(dossier)
                    case _:
                        await self._prepare(key, dossier)
            except CodedError as error:
                screen.show(say_error(error.code, error.params), mark="✗", mark_style="bold red")
                if error.code in ("case.decided", "case.claimed"):
                    return True

    async def _prepare(self, key: str, dossier: Dossier) -> None:
        """What the decision will take along."""
        match key:
            case "s":
                self.extra = replace(self.extra, strike=not self.extra.strike)
            case "b":
                self.extra = replace(self.extra, bank=not self.extra.bank)
            case "c":
                screen.show(say("desk.live.reasons", reasons=say("list.separator").join(dossier.reasons)), "dim")
                self.extra = replace(self.extra, reason=await _line(say("desk.live.reason")))
            case "n":
                self.extra = replace(self.extra, note=await _line(say("desk.live.note")))
            case "w":
                self.extra = replace(self.extra, word=await _line(say("desk.live.word")))
            case "?":
                screen.show(say("desk.live.help"))
                return
            case _:
                return
        shown = [say(f"desk.live.with_{name}") for name in ("strike", "bank") if getattr(self.extra, name)]
        shown += [value for value in (self.extra.reason, self.extra.note, self.extra.word) if value]
        screen.show("  + " + screen.plain(say("list.separator").join(shown)) if shown else "  –", "yellow")

    async def _decide(self, case: CaseRow, action: Action) -> None:
        choice = replace(self.extra, action=action)
        decided = await self.studio.desk.decide(case.id, choice, self.asker)
        self.last = case.id
        if decided.is_final:
            said = say("desk.decided", case=case.id, decision=say(f"decision.{action}"))
            screen.show(said, mark="✓", mark_style="green")
        else:
            screen.show(say("desk.first_opinion", case=case.id), mark="·", mark_style="yellow")

    async def _undo(self) -> None:
        if self.last is None:
            screen.show(say("desk.live.nothing_to_undo"), "dim")
            return
        try:
            await self.studio.desk.undo(self.last, self.asker)
        except CodedError as error:
            screen.show(say_error(error.code, error.params), mark="✗", mark_style="bold red")
        else:
            screen.show(say("desk.moved.undo", case=self.last), mark="✓", mark_style="green")
        self.last = None

    async def _look(self, dossier: Dossier) -> None:
        """The frames go into a file, blurred and grey; as they are after another key, and that is written down."""
        case = dossier.case
        if not _has_frames(dossier):
            screen.show(say("desk.live.no_picture"), "dim")
            return
        screen.show(say("desk.live.how_to_look"), "yellow")
        sheet = Path.cwd() / f"{case.id}.png"
        match await _key():
            case "g":
                await self.studio.exhibit(case.id, sheet, self.asker)
            case "v":
                await self.studio.unblurred_sheet(case.id, sheet, self.asker)
            case _:
                return
        screen.show("  " + say("case.sheet", file=str(sheet)))

    async def _offer_pause(self) -> None:
        seen = await self.studio.desk.wellbeing(self.asker)
        if seen.offers_pause:
            screen.show(say("desk.live.pause", seen=seen.heavy_seen), "bold yellow")


def _keys(dossier: Dossier) -> str:
    """What can be pressed now: decisions that do not fit this case are left out."""
    decisions = [say(f"desk.key.{action}") for action in _DECISIONS.values() if action in dossier.fitting]
    others = [name for name in _OTHER_KEYS if name != "look" or _has_frames(dossier)]
    return "  ".join(decisions + [say(f"desk.key.{name}") for name in others])


def _has_frames(dossier: Dossier) -> bool:
    return dossier.may_look and dossier.case.subject == Subject.TAKE


async def _key() -> str:
    return await asyncio.to_thread(keys.read_key)


async def _line(prompt: str) -> str:
    return await asyncio.to_thread(keys.read_line, prompt + " ")


# -- the picture of a case -----------------------------------------------------------------------------------------


def tell_dossier(dossier: Dossier) -> None:
    case = dossier.case
    screen.show()
    grave = "●" * case.severity + "!" * case.escalations
    title = f"{case.id}  {say(f'subject.{case.subject}')}  {say(f'kind.{case.kind}')}  {grave}"
    screen.show(title, "bold")
    screen.show("  " + say("case.of_job", job=case.job_id, at=screen.moment(case.opened_at)))
    late = case.due_at < now()
    screen.show("  " + say("case.due", at=screen.moment(case.due_at)), "bold red" if late else "dim")
    _tell_prompt(dossier)
    if dossier.appeal is not None:
        screen.show("  " + say("case.appeal", text=screen.plain(dossier.appeal, _PROMPT_WIDTH)))
    for signal in dossier.signals[:_SIGNALS_SHOWN]:
        screen.show("  · " + _signal(signal))
    for rule in dossier.rules:
        bounds = say("case.rule", hold=_bound(rule.hold), refuse=_bound(rule.refuse))
        locked = " " + say("case.locked_rule") if rule.locked else ""
        screen.show(f"    {_name(rule.category)} ({rule.surface}): {bounds}{locked}", "dim")
    for ancestor in dossier.lineage:
        screen.show("  " + say("case.ancestor", clip=ancestor.clip_id, prompt=screen.plain(ancestor.prompt, 80)))
    for earlier in dossier.earlier:
        screen.show("  " + say("case.earlier", decision=_decision(earlier)))
    step = say(f"standing.{dossier.standing.step}")
    screen.show("  " + say("case.member", step=step, count=len(dossier.history)))
    for past in dossier.history[:3]:
        screen.show(f"    {screen.moment(past.at)}  {_decision(past)}", "dim")
    if dossier.needs_second:
        screen.show("  " + say("case.needs_second"), "yellow")


def _tell_prompt(dossier: Dossier) -> None:
    """The words as they were typed, with the stretches that raised signals underlined."""
    prompt = screen.plain(dossier.brief.prompt, _PROMPT_WIDTH)
    text = Text("  “" + prompt + "”")
    for signal in dossier.signals:
        if signal.span is not None and signal.span.text == 0:
            text.stylize("bold underline", signal.span.start + 3, min(signal.span.end, len(prompt)) + 3)
    screen.OUT.print(text, soft_wrap=True)


def _signal(signal: Signal) -> str:
    where = f" {signal.seconds:.1f} s" if signal.seconds is not None else ""
    said = say(f"fault.{signal.fault}") if signal.fault is not None else _name(signal.category)
    view = "" if signal.view == "raw" else f", {signal.view}"
    return f"{said} {signal.score:.2f}  ({signal.classifier}{view}){where}"


def _name(category: str) -> str:
    return stories.category_names([category])


def _decision(row: DecisionRow) -> str:
    reason = _name(row.reason) if not knows(f"reason_code.{row.reason}") else say(f"reason_code.{row.reason}")
    undone = " " + say("case.taken_back") if row.undone_at is not None else ""
    return f"{say(f'decision.{row.action}')}: {reason}{undone}"


def _bound(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"

"""The desk worked by keys alone: one case after the other, text first, nothing shown that was not asked for."""

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path

import typer

from bots.terminal import dossiers, keypresses, screen
from bots.terminal.desk import tell_unwatched
from bots.terminal.session import with_studio
from bots.wording import say, say_error
from engine.dossier import Dossier
from engine.members import Asker
from engine.studio import Studio
from safety.desk.people import Action, Choice
from storage.cases import CaseRow
from storage.errors import CodedError

_NOTHING_MORE = Choice(Action.REFUSE, "")
_OTHER_KEYS = ("strike", "bank", "reason", "note", "word", "look", "skip", "pass", "escalate", "undo", "help", "leave")
_DECISIONS = {"a": Action.ALLOW, "r": Action.REFUSE, "t": Action.TAKE_DOWN, "x": Action.NOTHING}


def is_at_keys() -> bool:
    return keypresses.is_terminal()


def sit(context: typer.Context) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        with keypresses.single_keys():
            await _Seat(studio, asker).work()

    with_studio(context, work)


@dataclass
class _Seat:
    studio: Studio
    asker: Asker
    extra: Choice = _NOTHING_MORE  # what the next decision takes along: reason, note, word, strike, bank
    last: str | None = None  # the case that was decided last

    async def work(self) -> None:
        await tell_unwatched(self.studio, self.asker)
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
                case "q" | keypresses.END:
                    return False

    async def _one(self, case: CaseRow) -> bool:
        """Until this case has left the desk; False to get up."""
        dossier = await self.studio.dossier(case.id, self.asker)
        await self._offer_pause()
        dossiers.tell(dossier)
        if dossiers.has_frames(dossier) and not (await self.studio.desk.settings(self.asker)).text_first:
            await self._draw(case, hidden=True)
        while True:
            screen.show(_keys(dossier), "dim")
            key = await _key()
            try:
                match key:
                    case "q" | keypresses.END:
                        return False
                    case "k":
                        await self.studio.desk.skip(case.id, self.asker)
                        return True
                    case "p":
                        other = await _line(say("desk.live.pass_to"))
                        await self.studio.desk.pass_on(
                            case.id, self.asker, to=await self.studio.membership.find(other, self.asker)
                        )
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
        if not dossiers.has_frames(dossier):
            screen.show(say("desk.live.no_picture"), "dim")
            return
        screen.show(say("desk.live.how_to_look"), "yellow")
        match await _key():
            case "g":
                await self._draw(case, hidden=True)
            case "v":
                await self._draw(case, hidden=False)

    async def _draw(self, case: CaseRow, *, hidden: bool) -> None:
        sheet = Path.cwd() / f"{case.id}.png"
        draw = self.studio.exhibit if hidden else self.studio.unblurred_sheet
        await draw(case.id, sheet, self.asker)
        screen.show("  " + say("case.sheet", file=str(sheet)))

    async def _offer_pause(self) -> None:
        seen = await self.studio.desk.wellbeing(self.asker)
        if seen.offers_pause:
            screen.show(say("desk.live.pause", seen=seen.heavy_seen), "bold yellow")


def _keys(dossier: Dossier) -> str:
    """What can be pressed now: decisions that do not fit this case are left out."""
    decisions = [say(f"desk.key.{action}") for action in _DECISIONS.values() if action in dossier.fitting]
    others = [name for name in _OTHER_KEYS if name != "look" or dossiers.has_frames(dossier)]
    return "  ".join(decisions + [say(f"desk.key.{name}") for name in others])


async def _key() -> str:
    return await asyncio.to_thread(keypresses.read_key)


async def _line(prompt: str) -> str:
    return await asyncio.to_thread(keypresses.read_line, prompt + " ")

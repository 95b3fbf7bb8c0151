"""Moderators' cases in the chat that a community chose: a card each, with a blurred sheet under a spoiler, that follows
the case wherever it is decided. Who may decide is asked of Telegram and of the desk at every press.

Locked cases never get here.
"""

import asyncio
import logging
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from telegram.error import BadRequest, NetworkError, RetryAfter

from bots import stories
from bots.telegram.address import PLATFORM, Where
from bots.telegram.buttons import Button, Rows, Wish
from bots.telegram.line import Closed, MessageGone
from bots.telegram.pressing import Deed
from bots.telegram.room import Room, Talk
from bots.telegram.text import BOLD, Card, Styled, card, plain, quoted, small, told
from bots.wording import LANGUAGES, knows, say, speaking
from engine import communities
from engine.errors import StudioError
from engine.fleet.base import TaskFailed, WorkerLost
from engine.jobs import Subject
from engine.members import Asker
from safety.categories import Category
from safety.desk.decisions import Decided
from safety.desk.people import OPEN_QUEUES, Action, Choice
from safety.verdict import Verdict
from storage import cases, posted
from storage import members as people
from storage.cases import CaseRow
from storage.clock import now
from storage.posted import Posted

log = logging.getLogger(__name__)

CASE: Final = "case"
LOOK_EVERY: Final = 2.0  # seconds
LEFT_ALONE: Final = 60.0  # seconds
SHOWN_AT_ONCE: Final = 5  # cards a look: a group takes 20 messages a minute
WORD_LIMIT: Final = 300


class CaseWatch:
    def __init__(self, room: Room) -> None:
        self._room = room
        self._left_alone: dict[tuple[str, str], float] = {}  # cases that cannot be shown there, until when

    async def keep_watching(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self._look()
            except (NetworkError, RetryAfter, OSError) as error:
                log.warning("cases cannot be shown now: %s", error)
            except Exception:
                log.exception("a look at the cases failed")

    async def _look(self) -> None:
        room = self._room
        async with room.studio.database.reading() as tx:
            chosen = {one.id: communities.settings_of(one) for one in await people.communities_on(tx, PLATFORM)}
            chosen = {key: one for key, one in chosen.items() if one.case_channel}
            if not chosen:
                return
            shown = {one.about: one for one in await posted.of_kind(tx, PLATFORM, CASE)}
            wanted = [one.id for key in chosen for one in await cases.waiting(tx, key, OPEN_QUEUES)]
            wanted += [case_id for case_id, one in shown.items() if not one.content.get("is_final")]
            found = [await cases.get(tx, case_id) for case_id in dict.fromkeys(wanted)]
        at = time.monotonic()
        self._left_alone = {key: until for key, until in self._left_alone.items() if until > at}
        due = [one for one in found if one is not None and one.community_id in chosen]
        due = [one for one in due if _state(one) != (shown[one.id].content.get("state") if one.id in shown else "")]
        due = [one for one in due if (one.id, str(chosen[one.community_id].case_channel)) not in self._left_alone]
        for case in due[:SHOWN_AT_ONCE]:
            settings = chosen[case.community_id]
            with speaking(settings.language or LANGUAGES[0]):
                await self._try(case, shown.get(case.id), Where.read(str(settings.case_channel)))

    async def _try(self, case: CaseRow, there: Posted | None, where: Where) -> None:
        """What cannot be shown is left alone for a while: it would stand before the others at every look."""
        try:
            await self.show(case, there, where)
        except Closed as closed:
            log.warning("the chat for cases of %s is closed: %s", case.community_id, closed)
        except BadRequest as error:
            log.warning("the card of %s cannot be shown: %s", case.id, error)
        except (NetworkError, RetryAfter, OSError):
            raise  # Telegram cannot be reached: nothing is wrong with the case
        except Exception:
            log.exception("the card of %s cannot be shown", case.id)
        else:
            return
        self._left_alone[case.id, str(where)] = time.monotonic() + LEFT_ALONE

    async def show(self, case: CaseRow, there: Posted | None, where: Where) -> None:
        view = await case_card(self._room, case)
        if there is not None:
            try:
                change = self._room.line.edit_caption if there.content.get("has_sheet") else self._room.line.edit
                await change(Where.read(there.place), there.message, view)
            except MessageGone:
                there = None
        if there is None:
            where, message, has_sheet = await self._post(case, where, view)
        else:
            where, message, has_sheet = Where.read(there.place), there.message, bool(there.content.get("has_sheet"))
        content = {"state": _state(case), "has_sheet": has_sheet, "is_final": case.decision is not None}
        async with self._room.studio.database.writing() as tx:
            await posted.note(tx, PLATFORM, str(where), message, kind=CASE, about=case.id, content=content)

    async def _post(self, case: CaseRow, where: Where, view: Card) -> tuple[Where, int, bool]:
        line = self._room.line
        with tempfile.TemporaryDirectory() as folder:
            sheet = Path(folder) / "case.jpg"
            has_sheet = case.subject in (Subject.TAKE, Subject.CLIP) and case.decision is None
            if has_sheet:
                try:
                    await self._room.studio.exhibit_for_channel(case, sheet)
                except (StudioError, TaskFailed, WorkerLost) as error:
                    log.warning("no exhibit of %s: %s", case.id, error)
                    has_sheet = False
            if has_sheet:
                sent = await line.send_picture(where, sheet, view, spoiler=True)
            else:
                sent = await line.send(where, view)
        return Where(sent.chat_id, where.thread), sent.message_id, has_sheet


def _state(case: CaseRow) -> str:
    """What of a case its card depends on."""
    claimed = case.claimed_by if case.is_claimed(now()) else None
    return f"{case.round}:{case.decision}:{claimed}:{case.escalations}:{case.queue}:{case.passed_to}"


async def case_card(room: Room, case: CaseRow) -> Card:
    """Words first, scores, and what can be done."""
    view = await room.studio.job(case.job_id)
    brief, verdict = view.brief, Verdict.model_validate(case.verdict)
    words = brief.prompt or " / ".join(one.text for one in brief.cards if one.text)
    lines: list[str | Styled | None] = [
        Styled(f"{'●' * case.severity}{'!' * case.escalations} {case.id} · {say(f'kind.{case.kind}')}", BOLD),
        quoted(words) if words else say(f"telegram.operation.{brief.operation}"),
        *(f"· {_signal(signal)}" for signal in verdict.signals[:5]),
        *await _appeal(room, case),
    ]
    if case.decision is None and any(signal.category == Category.REAL_PEOPLE for signal in verdict.signals):
        lines.append("🪪 " + say("telegram.case.vouch"))
    if case.decision is not None:
        sign = "✅" if case.decision in (Action.ALLOW, Action.NOTHING) else "🚫"
        lines.append(f"{sign} {say('case.is_decided', decision=say(f'decision.{case.decision}'))}")
        return card(*lines, small(case.job_id))
    if case.claimed_by is not None and case.is_claimed(now()):
        lines.append("✋ " + say("telegram.case.claimed", name=await room.people.name_of(case.claimed_by)))
    return card(*lines, small(case.job_id), rows=case_rows(case))


async def _appeal(room: Room, case: CaseRow) -> list[str]:
    """What the member writes against a decision, and which that was."""
    if case.subject != Subject.DECISION or (sheet := await room.studio.desk.sheet(case.id)) is None:
        return []
    lines = [say("case.appeal", text=plain(sheet.appeal))] if sheet.appeal else []
    if sheet.appealed is not None:
        said = f"{say(f'decision.{sheet.appealed.action}')}: {_reason(sheet.appealed.reason)}"
        lines.append(say("case.appealed", decision=said))
    return lines


def _signal(signal: Any) -> str:
    where = f" {signal.seconds:.1f} s" if signal.seconds is not None else ""
    return f"{stories.signal_said(signal)} ({signal.classifier}){where}"


def case_rows(case: CaseRow) -> Rows:
    clears = "caseallow"
    is_clip = case.subject == Subject.CLIP
    allow = say("telegram.button.case_nothing" if is_clip else "telegram.button.case_allow")
    refuse = say("telegram.button.case_takedown" if is_clip else "telegram.button.case_refuse")
    is_claimed = case.claimed_by is not None and case.is_claimed(now())
    claim = Button("↩️ " + say("telegram.button.case_release"), "caserelease", case.id) if is_claimed else Button(
        "✋ " + say("telegram.button.case_claim"), "caseclaim", case.id
    )  # fmt: skip
    return (
        (Button("✅ " + allow, clears, case.id), Button("🚫 " + refuse, "caserefuse", case.id)),
        (claim, Button("⤴️ " + say("telegram.button.case_pass"), "casepass", case.id)),
    )


# -- presses -------------------------------------------------------------------------------------------------------


async def moderator_of(room: Room, talk: Talk, case_id: str) -> tuple[CaseRow, Asker]:
    """Whoever pressed as what they are in the case's own community, which need not be that of this chat."""
    case = await room.studio.case(case_id)
    async with room.studio.database.reading() as tx:
        community = await communities.get(tx, case.community_id)
    if community.platform != PLATFORM or not community.external_id.lstrip("-").isdigit():
        raise StudioError("case.not_yours", case=case_id)
    asker = await room.people.in_chat(talk.speaker.id, int(community.external_id), fresh=True)
    if asker.role not in ("moderator", "lead", "operator"):
        raise StudioError("desk.moderators_only")
    return case, asker


async def claim(room: Room, talk: Talk, wish: Wish) -> None:
    _, asker = await moderator_of(room, talk, wish.about)
    await room.studio.desk.claim(wish.about, asker)
    await _show_again(room, talk, wish.about, say("telegram.case.yours"))


async def release(room: Room, talk: Talk, wish: Wish) -> None:
    _, asker = await moderator_of(room, talk, wish.about)
    await room.studio.desk.release(wish.about, asker)
    await _show_again(room, talk, wish.about)


async def pass_on(room: Room, talk: Talk, wish: Wish) -> None:
    _, asker = await moderator_of(room, talk, wish.about)
    await room.studio.desk.escalate(wish.about, asker)
    await _show_again(room, talk, wish.about, say("telegram.case.passed"))


async def allow(room: Room, talk: Talk, wish: Wish) -> None:
    case, asker = await moderator_of(room, talk, wish.about)
    action = Action.NOTHING if case.subject == Subject.CLIP else Action.ALLOW
    await _decide(room, talk, case, Choice(action, ""), asker)


async def refuse(room: Room, talk: Talk, wish: Wish) -> None:
    """First for which reason: the codes of the case's policy, each a button."""
    case, asker = await moderator_of(room, talk, wish.about)
    dossier = await room.studio.desk.dossier(case.id, asker)
    reasons = list(dossier.reasons)
    if wish.more:
        if not (wish.more.isascii() and wish.more.isdigit() and int(wish.more) < len(reasons)):
            raise StudioError("discord.outdated")
        action = Action.TAKE_DOWN if case.subject == Subject.CLIP else Action.REFUSE
        await _decide(room, talk, case, Choice(action, reasons[int(wish.more)]), asker)
        return
    buttons = [Button(_reason(one), "caserefuse", case.id, str(number)) for number, one in enumerate(reasons)]
    rows = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    rows.append([Button("💬 " + say("telegram.button.case_word"), "caseword", case.id)])
    rows.append([Button("« " + say("telegram.button.back"), "caseback", case.id)])
    await room.toast(talk)
    if talk.message is not None:
        await room.line.edit_rows(talk.where, talk.message.message_id, rows)


def _reason(code: str) -> str:
    return say(f"reason_code.{code}") if knows(f"reason_code.{code}") else stories.category_names([code])


async def word(room: Room, talk: Talk, wish: Wish) -> None:
    """A sentence to the member goes with the refusal."""
    case, _ = await moderator_of(room, talk, wish.about)
    await room.ask(talk, told("💬 " + say("telegram.ask.refuse", case=case.id)), "refuse", case.id)


async def refused_with_word(room: Room, talk: Talk, question: Posted, text: str) -> None:
    case, asker = await moderator_of(room, talk, question.about)
    action = Action.TAKE_DOWN if case.subject == Subject.CLIP else Action.REFUSE
    if len(text) > WORD_LIMIT:
        raise StudioError("telegram.word_long", limit=WORD_LIMIT)
    stories.check_letters(text)
    await _decide(room, talk, case, Choice(action, "", word=text), asker)


async def back(room: Room, talk: Talk, wish: Wish) -> None:
    case, _ = await moderator_of(room, talk, wish.about)
    await room.toast(talk)
    if talk.message is not None:
        await room.line.edit_rows(talk.where, talk.message.message_id, case_rows(case))


async def _decide(room: Room, talk: Talk, case: CaseRow, choice: Choice, asker: Asker) -> None:
    decided: Decided = await room.studio.desk.decide(case.id, choice, asker)
    said = say(f"decision.{choice.action}") if decided.is_final else say("telegram.case.second")
    if talk.press is None:
        await room.say(talk, told(said))
    await _show_again(room, talk, case.id, said)


async def _show_again(room: Room, talk: Talk, case_id: str, said: str = "") -> None:
    """The card under which it was pressed, at once; the others follow with the next look."""
    await room.toast(talk, said)
    async with room.studio.database.reading() as tx:
        there = next(iter(await posted.about(tx, PLATFORM, CASE, case_id)), None)
    if there is None:
        return
    async with room.studio.database.reading() as tx:
        community = await communities.get(tx, (await room.studio.case(case_id)).community_id)
    with speaking(communities.settings_of(community).language or LANGUAGES[0]):
        await CaseWatch(room).show(await room.studio.case(case_id), there, Where.read(there.place))


DEEDS: Final[Mapping[str, Deed]] = {
    "caseclaim": claim,
    "caserelease": release,
    "casepass": pass_on,
    "caseallow": allow,
    "caserefuse": refuse,
    "caseword": word,
    "caseback": back,
}

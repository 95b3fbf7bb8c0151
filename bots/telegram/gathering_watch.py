"""Keeps one message for each chain and party in its chat, pinned where the bot may, as long as it goes on.

The studio says which of them do not show how things stand, over restarts, too; where each is, is kept there. Telegram
takes no key with a message: a bot that dies between sending a card and noting it leaves one that nobody changes again.
"""

import asyncio
import logging
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from telegram import Message
from telegram.error import TelegramError

from bots import together
from bots.telegram import gathering_cards
from bots.telegram.address import PLATFORM, Where
from bots.telegram.budget import Urgency
from bots.telegram.films import BLANK
from bots.telegram.line import Closed, Line, MessageGone
from bots.telegram.people import People
from bots.telegram.text import Card
from bots.wording import LANGUAGES, speaking
from engine import communities
from engine.errors import StudioError
from engine.fleet.base import TaskFailed, WorkerLost
from engine.gatherings import GatheringView
from engine.gatherings.room import Card as Due
from engine.gatherings.states import State
from engine.studio import Studio
from storage import gatherings, posted

log = logging.getLogger(__name__)

GATHERING: Final = "gathering"
EDIT_EVERY: Final = 3.0  # seconds between two edits of one card
# In a chat that has used up what is left over for progress, a card changes this often and no more.
EDIT_EVERY_IF_BUSY: Final = 15.0
LEFT_ALONE: Final = (60.0, 3_600.0)  # seconds after a first refusal; and at most, doubled each time
_SHEET: Final = "gathering.png"
_NO_WAIT: Final = 0.5  # seconds


@dataclass
class _Pace:
    shown_at: float = float("-inf")
    not_before: float = 0.0
    refused: float = 0.0  # how long it was left alone the last time
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class GatheringWatch:
    def __init__(self, studio: Studio, line: Line, people: People) -> None:
        self._studio = studio
        self._line = line
        self._people = people
        self._paces: dict[str, _Pace] = {}

    async def keep_watching(self) -> None:
        await together.keep_looking(self._studio.database.bell, self.look, (TelegramError, OSError))

    async def look(self) -> None:
        """Bring the cards up to date that are not, as far as their chats have room."""
        for due in await self._studio.gatherings.cards_due(PLATFORM):
            where, pace = Where.read(due.view.place), self._paces.setdefault(due.view.id, _Pace())
            if pace.lock.locked() or not self._has_turn(pace, self._line.now_at(where.chat)):
                continue
            try:
                await self._try(due, pace)
            except TelegramError as error:
                log.info("the card of %s cannot be shown: %s", due.view.id, error)
                pace.not_before = time.monotonic() + EDIT_EVERY_IF_BUSY

    def _has_turn(self, pace: _Pace, chat: int) -> bool:
        at, budget = time.monotonic(), self._line.budget
        if pace.not_before > at or at < pace.shown_at + EDIT_EVERY or budget.expected(chat) > _NO_WAIT:
            return False
        return budget.has_room_for_progress(chat) or at >= pace.shown_at + EDIT_EVERY_IF_BUSY

    async def _try(self, due: Due, pace: _Pace) -> None:
        try:
            await self.show(due)
        except Closed as closed:
            log.info("the card of %s cannot be shown: %s", due.view.id, closed)
            first, most = LEFT_ALONE
            pace.refused = min(most, 2 * pace.refused or first)
            pace.not_before = time.monotonic() + pace.refused
        else:
            pace.refused = 0.0

    async def bring_up(self, view: GatheringView) -> tuple[Where, int] | None:
        """Where its card stands, for somebody who asks; None where it was not there any more, and is there anew."""
        async with self._studio.database.reading() as tx:
            row = await gatherings.get(tx, view.id)
        before = row.card if row is not None else None
        now = await self.show(Due(view, before))
        if before is None or before["message"] != now["message"]:
            return None
        return Where.read(now["place"]), int(now["message"])

    async def show(self, due: Due) -> Mapping[str, Any]:
        """Bring a card up to date, or send it; answers with where it is. Closed where nothing can be said."""
        view, pace = due.view, self._paces.setdefault(due.view.id, _Pace())
        async with pace.lock:
            async with self._studio.database.reading() as tx:
                community = await communities.get(tx, view.community_id)
                row = await gatherings.get(tx, view.id)
            chat = Where.read(view.place).chat
            names = {one: await self._people.name_of(one, chat) for one in together.people_in(view)}
            begun_in = (row.origin.get("address") or {}).get("language") if row is not None else None
            with speaking(communities.settings_of(community).language or begun_in or LANGUAGES[0]):
                card = gathering_cards.gathering(view, names)
                where = await self._edit(view, card, due.where) if due.where is not None else None
                if where is None:
                    where = await self._post(view, card)
            pace.shown_at = time.monotonic()
            await self._studio.gatherings.card_shown(view, where)
            return where

    async def _post(self, view: GatheringView, card: Card) -> dict[str, Any]:
        place, sheet = Where.read(view.place), _sheet_of(view)
        with tempfile.TemporaryDirectory() as folder:
            picture = await self._drawn(view, Path(folder))
            if picture is not None:
                sent: Message = await self._line.send_picture(place, picture, card)
            else:
                sent = await self._line.send(place, card, urgency=Urgency.RESULT)
        where = Where(sent.chat_id, place.thread if sent.chat_id == place.chat else None)
        async with self._studio.database.writing() as tx:
            for old in await posted.about(tx, PLATFORM, GATHERING, view.id):
                await posted.forget(tx, PLATFORM, old.place, old.message)
            await posted.note(tx, PLATFORM, str(where), sent.message_id, kind=GATHERING, about=view.id)
        pinned = view.state is not State.OVER and await self._line.pin(where, sent.message_id, on=True)
        return _receipt(where, sent.message_id, sheet if picture is not None else "", pinned=pinned)

    async def _edit(self, view: GatheringView, card: Card, shown: Mapping[str, Any]) -> dict[str, Any] | None:
        """Where the card is now; None when it is no more."""
        where, message, sheet = Where.read(str(shown["place"])), int(shown["message"]), _sheet_of(view)
        had, urgency = str(shown.get("sheet") or ""), Urgency.RESULT
        try:
            if sheet == had:
                change = self._line.edit_caption if had else self._line.edit
                await change(where, message, card, urgency=urgency)
            else:
                had = await self._another_sheet(view, card, where, message, sheet, had)
        except MessageGone:
            return None
        pinned = bool(shown.get("pinned"))
        if pinned and view.state is State.OVER:
            pinned = not await self._line.pin(where, message, on=False)
        return _receipt(where, message, had, pinned=pinned)

    async def _another_sheet(
        self, view: GatheringView, card: Card, where: Where, message: int, sheet: str, had: str
    ) -> str:
        """What the picture shows from now on. A picture of a clip that is gone does not stay, whatever happens."""
        with tempfile.TemporaryDirectory() as folder:
            picture = await self._drawn(view, Path(folder))
            if picture is not None:
                content = await asyncio.to_thread(picture.read_bytes)
                await self._line.become_picture(where, message, content, card, urgency=Urgency.RESULT)
                return sheet
        if had:
            await self._line.become_picture(where, message, BLANK, card, urgency=Urgency.RESULT)
            return "-"
        await self._line.edit(where, message, card, urgency=Urgency.RESULT)
        return ""

    async def _drawn(self, view: GatheringView, folder: Path) -> Path | None:
        """The first pictures of the clips; the words alone will do where nothing can be drawn."""
        if not view.shown_on_sheet:
            return None
        try:
            return await self._studio.gatherings.sheet(view, folder / _SHEET)
        except (StudioError, TaskFailed, WorkerLost) as error:
            log.warning("no picture of %s: %s", view.id, error)
            return None


def _sheet_of(view: GatheringView) -> str:
    """What the picture shows."""
    return " ".join(one.clip_id or "" for one in view.shown_on_sheet)


def _receipt(where: Where, message: int, sheet: str, *, pinned: bool) -> dict[str, Any]:
    return {"place": str(where), "message": message, "sheet": sheet, "pinned": pinned}

"""What every answer needs: the studio, the line, who people are; and the ways to answer them."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from telegram import Message
from telegram.error import BadRequest, Forbidden, TelegramError

from bots.telegram import cards
from bots.telegram.address import PLATFORM, Address, Where
from bots.telegram.buttons import Button
from bots.telegram.films import Films
from bots.telegram.gathering_watch import GatheringWatch
from bots.telegram.line import Closed, Line
from bots.telegram.people import People, Rights, Speaker
from bots.telegram.text import Card, card, named, toast
from bots.telegram.watching import Watch
from bots.wording import say, speaking
from engine.members import Asker
from engine.studio import Studio
from storage import posted
from storage.errors import CodedError

log = logging.getLogger(__name__)

QUESTION: Final = "question"
TAKEN_DOWN_AT_ONCE: Final = 4
SETTLED_WITHIN: Final = 2.0  # seconds


@dataclass
class Talk:
    """Somebody who wrote or pressed, and how they are answered."""

    speaker: Speaker
    key: str  # of this request: asking twice under it makes one job
    message: Message | None = None  # what they wrote, or what the button stands under
    press: str | None = None
    is_answered: bool = False

    @property
    def where(self) -> Where:
        return self.speaker.where

    @property
    def is_private(self) -> bool:
        return self.where.is_private

    @property
    def answers(self) -> int | None:
        """The message that an answer belongs under."""
        return self.message.message_id if self.message is not None else None


class Asking:
    """Questions that were sent and are not on record yet: who answers one at once is heard a moment later."""

    def __init__(self) -> None:
        self._under_way = 0
        self._nothing = asyncio.Event()
        self._nothing.set()

    async def __aenter__(self) -> None:
        self._under_way += 1
        self._nothing.clear()

    async def __aexit__(self, *_: object) -> None:
        self._under_way -= 1
        if not self._under_way:
            self._nothing.set()

    async def settled(self) -> None:
        """Until all are on record, for a moment at most: others may be asked all the time."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._nothing.wait(), SETTLED_WITHIN)


@dataclass
class Room:
    studio: Studio
    line: Line
    rights: Rights
    people: People
    watch: Watch
    films: Films
    gatherings: GatheringWatch
    # Everybody is answered first; what follows takes turns, so that a crowd does not keep the next one waiting.
    acknowledging: int = 0
    asking: Asking = field(default_factory=Asking)
    taking_down: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(TAKEN_DOWN_AT_ONCE))

    async def asker(self, talk: Talk, *, fresh: bool = False) -> Asker:
        return await self.people.asker(talk.speaker, fresh=fresh)

    def address(self, talk: Talk) -> Address:
        return Address(
            chat=talk.where.chat,
            thread=talk.where.thread,
            user=talk.speaker.id,
            answers=talk.answers,
            language=talk.speaker.language,
        )

    # -- answering -------------------------------------------------------------------------------------------------

    async def say(self, talk: Talk, answer: Card, *, quietly: bool = False) -> Message:
        if talk.press is not None and not quietly:
            await self.toast(talk)
        return await self.line.send(talk.where, answer, to=talk.answers)

    async def toast(self, talk: Talk, text: str = "", *, alert: bool = False, url: str = "") -> None:
        """Words at the top of the screen, for whoever pressed alone. A press is answered once."""
        if talk.press is not None and not talk.is_answered:
            talk.is_answered = True
            await self.line.answer_press(talk.press, toast(text), alert=alert, url=url)

    async def say_briefly(self, talk: Talk, text: str) -> None:
        """A sentence for the one who pressed, or under what they wrote."""
        if talk.press is not None:
            await self.toast(talk, text)
        else:
            await self.say(talk, card(text))

    async def say_privately(self, talk: Talk, answer: Card, payload: str) -> None:
        """What is for the member alone: in a group it goes to the private chat, or waits behind a link there."""
        if talk.is_private:
            await self.say(talk, answer)
            return
        if talk.press is not None:
            await self.toast(talk, url=self.line.link(payload))
            return
        try:
            await self.line.send(Where(talk.speaker.id), answer)
        except Closed:
            link = Button(say("telegram.button.private"), url=self.line.link(payload))
            await self.say(talk, card(say("telegram.privately"), rows=((link,),)))

    async def ask(self, talk: Talk, question: Card, action: str, about: str) -> None:
        """A question whose answer is the member's next words: which it is, stands with the message."""
        await self.toast(talk)
        if not talk.is_private and talk.press is not None:  # it stands under our own message, which is nobody's
            question = card(named(talk.speaker.id, talk.speaker.name), *question.lines)
        async with self.asking:
            sent = await self.line.send(talk.where, question, to=talk.answers, wants_answer=True)
            content = {"action": action, "user": talk.speaker.id}
            where = Where(sent.chat_id, talk.where.thread)
            async with self.studio.database.writing() as tx:
                await posted.note(
                    tx, PLATFORM, str(where), sent.message_id, kind=QUESTION, about=about, content=content
                )  # fmt: skip

    # -- what goes wrong -------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def answering(self, talk: Talk) -> AsyncIterator[None]:
        """Speak the member's language; what fails is told to them, and what nobody expected is logged."""
        with speaking(talk.speaker.language):
            try:
                yield
                await self.toast(talk)  # every press is answered, whatever came of it
            except CodedError as problem:
                await self._tell(talk, cards.error(problem))
            except Closed as closed:
                log.info("nothing can be said in %s: %s", talk.where, closed)
            except (BadRequest, Forbidden, TelegramError) as error:
                log.warning("an answer did not reach %s: %s", talk.where, error)
            except Exception:
                log.exception("an answer failed")
                await self._tell(talk, card("⚠️ " + say("discord.failed")))

    async def _tell(self, talk: Talk, problem: Card) -> None:
        try:
            if talk.press is not None and not talk.is_answered:
                await self.toast(talk, str(problem), alert=True)
            else:
                await self.line.send(talk.where, problem, to=talk.answers)
        except (Closed, TelegramError) as error:
            log.warning("a member could not be told what went wrong: %s", error)


async def shown_at(room: Room, where: Where, message: int) -> Any:
    """What a message of ours shows. A topic's messages are known by their chat, too."""
    async with room.studio.database.reading() as tx:
        return await posted.at(tx, PLATFORM, str(where), message) or await posted.at(
            tx, PLATFORM, str(Where(where.chat)), message
        )

"""Keeps the progress messages of jobs under way up to date, as far as the budget of their chats allows, also across
restarts: each job's message is on record, and the result later takes its place."""

import asyncio
import logging
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from telegram.error import TelegramError

from bots.telegram import cards
from bots.telegram.address import PLATFORM, Address, Where
from bots.telegram.budget import Urgency
from bots.telegram.films import BLANK
from bots.telegram.line import Closed, KindChanged, Line, MessageGone
from bots.telegram.text import Card
from bots.wording import speaking
from engine.jobs import ENDED_JOBS, TakeState
from engine.studio import Studio
from engine.viewing import JobView
from storage import events, posted
from storage.posted import Posted

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 1.0  # seconds, while something is written
EDIT_EVERY: Final = 4.0  # seconds between two edits of one message in a private chat; in a group it takes its turn
SHOWN_AT_ONCE: Final = 24  # messages a look: the rest of the time is for answering
PROGRESS: Final = "progress"
NOTHING: Final = "nothing"  # a blank picture, in place of a first look


@dataclass
class _Shown:
    """What one progress message says."""

    looked_at: float = 0.0
    said: str = ""
    is_lost: bool = False
    last_event: int = 0
    progress: dict[int, float] = field(default_factory=dict)


class Watch:
    def __init__(self, studio: Studio, line: Line) -> None:
        self._studio = studio
        self._line = line
        self._shown: dict[str, _Shown] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    def lock_of(self, job_id: str) -> asyncio.Lock:
        """Held by whoever changes the message of this job: progress must not write over a result."""
        return self._locks.setdefault(job_id, asyncio.Lock())

    async def keep_watching(self) -> None:
        bell = self._studio.database.bell
        while True:
            heard = bell.heard()
            try:
                await self._look()
            except (TelegramError, OSError) as error:
                log.info("telegram cannot be reached: %s", error)
            await bell.after(heard, at_least=LOOK_EVERY, at_most=EDIT_EVERY)

    async def _look(self) -> None:
        under_way = await self._studio.under_way(PLATFORM)
        ids = {job.id for job in under_way}
        for gone in self._shown.keys() - ids:
            del self._shown[gone]
        for job_id in [job_id for job_id, lock in self._locks.items() if job_id not in ids and not lock.locked()]:
            del self._locks[job_id]
        at = time.monotonic()
        watched = {job.id: self._shown.setdefault(job.id, _Shown()) for job in under_way}
        chats = {job.id: Address.model_validate(job.origin["address"]).chat for job in under_way}
        due = [
            job_id
            for job_id, one in watched.items()
            if not one.is_lost
            and one.looked_at <= at - EDIT_EVERY
            and self._line.budget.has_room_for_progress(chats[job_id])
        ]
        for job_id in sorted(due, key=lambda job_id: watched[job_id].looked_at)[:SHOWN_AT_ONCE]:
            if self._line.budget.has_room_for_progress(chats[job_id]):
                await self._try(job_id)

    async def _try(self, job_id: str) -> None:
        try:
            await self.show(job_id)
        except Closed as closed:
            log.info("nothing can be said about %s: %s", job_id, closed)
            self._shown.setdefault(job_id, _Shown()).is_lost = True
        except TelegramError as error:
            log.info("the message of %s stays as it is: %s", job_id, error)

    async def show(self, job_id: str, urgency: Urgency = Urgency.PROGRESS) -> None:
        """Bring the message of a job up to date, unless it shows a result already."""
        shown = self._shown.setdefault(job_id, _Shown())
        shown.looked_at = time.monotonic()
        async with self.lock_of(job_id):
            view = await self._studio.job(job_id)
            if is_the_couriers(view):
                return
            address = Address.model_validate(view.job.origin["address"])
            await self._note_progress(shown, view)
            with speaking(address.language):
                card = cards.job(view, shown.progress)
            still = await self._studio.at_hand(view.first_look.file) if view.first_look is not None else None
            said = repr((card.lines, card.rows, still))
            if said == shown.said:
                return
            message = await self.message_of(job_id)
            if message is not None:
                try:
                    await self.write(message, card, urgency, still=still)
                except MessageGone:
                    await self.forget(message)
                    message = None
            if message is None:
                await self.begin(view, address, card, urgency)
            shown.said = said

    # -- the message of a job --------------------------------------------------------------------------------------

    async def message_of(self, job_id: str) -> Posted | None:
        async with self._studio.database.reading() as tx:
            return next(iter(await posted.about(tx, PLATFORM, PROGRESS, job_id)), None)

    async def begin(self, view: JobView, address: Address, card: Card, urgency: Urgency) -> Posted:
        """Send the message of a job, and put it on record: from then on it is only ever changed."""
        sent = await self._line.send(address.where, card, to=address.answers, urgency=urgency)
        where = Where(sent.chat_id, address.thread if sent.chat_id == address.chat else None)
        async with self._studio.database.writing() as tx:
            await posted.note(
                tx, PLATFORM, str(where), sent.message_id, kind=PROGRESS, about=view.id, member_id=view.job.member_id
            )
        found = await self.message_of(view.id)
        assert found is not None
        return found

    async def write(
        self, message: Posted, card: Card, urgency: Urgency, *, still: Path | None, keeps: bool = False
    ) -> None:
        """What the message of a job says from now on, over a first look at its clip where there is one.

        A message that showed one once cannot become a text again: what has no clip gets a blank picture instead, unless
        the look is one that it `keeps`. The look is noted after it is shown; a process killed in between finds out.
        """
        where, shown = Where.read(message.place), message.content.get("still")
        unseen = NOTHING if shown is not None else None
        wanted = still.name if still is not None else shown if keeps else unseen
        try:
            if wanted is None:
                return await self._line.edit(where, message.message, card, urgency=urgency)
            if wanted == shown:
                return await self._line.edit_caption(where, message.message, card, urgency=urgency)
        except KindChanged:
            log.info("message %s of %s had a first look that is on no record, or none", message.message, where)
        picture = BLANK if still is None else await asyncio.to_thread(still.read_bytes)
        await self._line.become_picture(where, message.message, picture, card, urgency=urgency)
        content = {**message.content, "still": wanted or NOTHING}
        async with self._studio.database.writing() as tx:
            await posted.change(tx, PLATFORM, message.place, message.message, content)

    async def forget(self, message: Posted) -> None:
        async with self._studio.database.writing() as tx:
            await posted.forget(tx, PLATFORM, message.place, message.message)

    async def _note_progress(self, shown: _Shown, view: JobView) -> None:
        async with self._studio.database.reading() as tx:
            news = await events.after(tx, view.id, shown.last_event)
        for event in news:
            shown.last_event = event.id
            number: Any = event.data.get("number")
            if event.kind == "progress" and isinstance(number, int) and event.data.get("of"):
                shown.progress[number] = int(event.data.get("done", 0)) / int(event.data["of"])


def is_the_couriers(view: JobView) -> bool:
    """From the first sealed clip on, and when the job has ended, only the courier changes the message."""
    sealed = (TakeState.SEALED, TakeState.DELIVERED)
    return view.state in ENDED_JOBS or any(take.state in sealed for take in view.takes)

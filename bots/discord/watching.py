"""Keeps the cards of jobs under way up to date, at a pace that Discord allows, also across restarts."""

import asyncio
import json
import logging
import time
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
import discord

from bots.discord import cards
from bots.discord.address import PLATFORM, Address
from bots.wording import speaking
from engine.jobs import ENDED_JOBS, TakeState
from engine.studio import Studio
from engine.viewing import JobView
from storage import events

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 1.0  # seconds, while something is written
EDIT_EVERY: Final = 3.0  # seconds between two edits of one card; Discord allows five in two
TAKEN_DOWN_AT_ONCE: Final = 4
LOOKED_AT_ONCE: Final = 10  # cards a look, whoever waits longest first: the rest of the time is for answering


@dataclass
class _Card:
    """What one card says."""

    looked_at: float = 0.0
    said: str = ""
    is_lost: bool = False
    last_event: int = 0
    progress: dict[int, float] = field(default_factory=dict)


class Watch:
    def __init__(self, studio: Studio, client: discord.Client) -> None:
        self._studio = studio
        self._client = client
        self._cards: dict[str, _Card] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        # Everybody is acknowledged first; what follows takes turns, so that a crowd does not keep the next one waiting.
        self.acknowledging = 0
        self.taking_down = asyncio.Semaphore(TAKEN_DOWN_AT_ONCE)

    def lock_of(self, job_id: str) -> asyncio.Lock:
        """Held by whoever edits the card of this job: progress must not write over a result."""
        return self._locks.setdefault(job_id, asyncio.Lock())

    async def let_others_be_acknowledged(self) -> None:
        """Stand back while somebody still waits for an acknowledgement, for a second at most."""
        for _ in range(50):
            if not self.acknowledging:
                return
            await asyncio.sleep(0.02)

    async def keep_watching(self) -> None:
        bell = self._studio.database.bell
        while True:
            heard = bell.heard()
            # Of several processes, the one that delivers keeps the cards: progress must not write over a result.
            if not await self._studio.is_running_elsewhere():
                await self._look()
            await bell.after(heard, at_least=LOOK_EVERY, at_most=EDIT_EVERY)

    async def _look(self) -> None:
        under_way = await self._studio.under_way(PLATFORM)
        ids = {job.id for job in under_way}
        for gone in self._cards.keys() - ids:
            del self._cards[gone]
        for job_id in [job_id for job_id, lock in self._locks.items() if job_id not in ids and not lock.locked()]:
            del self._locks[job_id]
        at = time.monotonic()
        watched = {job.id: self._card(job.id) for job in under_way}
        due = [job_id for job_id, card in watched.items() if not card.is_lost and card.looked_at <= at - EDIT_EVERY]
        for job_id in sorted(due, key=lambda job_id: watched[job_id].looked_at)[:LOOKED_AT_ONCE]:
            try:
                await self.show(job_id)
            except discord.HTTPException as error:
                log.info("the card of %s could not be edited: %s", job_id, error)
                # Asking again and again for what is refused would have the bot shut out for a while.
                self._card(job_id).is_lost = error.status in (401, 403, 404)
            except (aiohttp.ClientError, OSError) as error:
                log.info("discord cannot be reached: %s", error)

    def _card(self, job_id: str) -> _Card:
        return self._cards.setdefault(job_id, _Card())

    async def show(self, job_id: str) -> None:
        """Bring the card of a job up to date, unless it shows a result already."""
        card = self._card(job_id)
        card.looked_at = time.monotonic()
        async with self.lock_of(job_id):
            view = await self._studio.job(job_id)
            address = Address.model_validate(view.job.origin["address"])
            if not address.has_token or _is_the_couriers(view):
                return
            await self._note_progress(card, view)
            with speaking(address.language):
                shown = cards.job(view, card.progress, looks=view.first_look is not None)
            said = json.dumps(cards.components_of(shown), sort_keys=True)
            if said == card.said:
                return
            webhook = discord.Webhook.partial(address.application, address.token, client=self._client)
            still = await self._studio.at_hand(view.first_look.file) if view.first_look is not None else None
            await webhook.edit_message(
                address.message,
                view=shown,
                attachments=[discord.File(still, filename=cards.FIRST_LOOK)] if still is not None else [],
                allowed_mentions=discord.AllowedMentions.none(),
            )
            card.said = said

    async def _note_progress(self, card: _Card, view: JobView) -> None:
        async with self._studio.database.reading() as tx:
            news = await events.after(tx, view.id, card.last_event)
        for event in news:
            card.last_event = event.id
            number: Any = event.data.get("number")
            if event.kind == "progress" and isinstance(number, int) and event.data.get("of"):
                card.progress[number] = int(event.data.get("done", 0)) / int(event.data["of"])


def _is_the_couriers(view: JobView) -> bool:
    """From the first sealed clip on, and when the job has ended, only the courier writes on the card.

    Not only from its delivery on: that is noted a moment after the card shows the clip.
    """
    sealed = (TakeState.SEALED, TakeState.DELIVERED)
    return view.state in ENDED_JOBS or any(take.state in sealed for take in view.takes)

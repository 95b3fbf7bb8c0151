"""Keeps one pinned card for each chain and party in its channel, as long as it goes on.

The studio says which cards do not show how things stand, over restarts, too; where each card is, is kept there.
"""

import logging
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import aiohttp
import discord

from bots import together
from bots.discord import gathering_cards
from bots.discord.address import PLATFORM, nonce_of
from bots.discord.people import names_of
from bots.discord.posted import find_own
from bots.wording import LANGUAGES, speaking
from engine import communities
from engine.errors import StudioError
from engine.fleet.base import TaskFailed, WorkerLost
from engine.gatherings import GatheringView
from engine.gatherings.room import Card
from engine.gatherings.states import State
from engine.studio import Studio
from storage import members

log = logging.getLogger(__name__)

EDIT_EVERY: Final = 2.0  # seconds between two edits of one card
LEFT_ALONE: Final = (60.0, 3_600.0)  # seconds after a first refusal; and at most, doubled each time
_UNKNOWN_MESSAGE: Final = 10008
_CLOSED: Final = frozenset({10003, 50001, 50013})


@dataclass
class _Pace:
    not_before: float = 0.0
    refused: float = 0.0  # how long it was left alone the last time


class GatheringWatch:
    def __init__(self, studio: Studio, client: discord.Client, serves: Callable[[int], bool]) -> None:
        self._studio = studio
        self._client = client
        self._serves = serves
        self._paces: dict[str, _Pace] = {}

    async def keep_watching(self) -> None:
        await together.keep_looking(self._studio.database.bell, self.look, (aiohttp.ClientError, OSError))

    async def look(self) -> None:
        """Bring the cards up to date that are not."""
        for due in await self._studio.gatherings.cards_due(PLATFORM):
            pace = self._paces.setdefault(due.view.id, _Pace())
            if pace.not_before > time.monotonic():
                continue
            try:
                await self._show(due)
            except discord.HTTPException as error:
                log.info("the card of %s cannot be shown: %s", due.view.id, error)
                first, most = LEFT_ALONE
                pace.refused = min(most, 2 * pace.refused or first) if error.code in _CLOSED else EDIT_EVERY
                pace.not_before = time.monotonic() + pace.refused
            else:
                self._paces[due.view.id] = _Pace(time.monotonic() + EDIT_EVERY)

    async def _show(self, due: Card) -> None:
        view = due.view
        async with self._studio.database.reading() as tx:
            community = await members.community(tx, view.community_id)
        if community is None or not community.external_id.isdecimal() or not self._serves(int(community.external_id)):
            return
        channel = self._client.get_partial_messageable(int(view.place), guild_id=int(community.external_id))
        names = await names_of(self._studio, together.people_in(view))
        with speaking(communities.settings_of(community).language or LANGUAGES[0]):
            where = await self._edit(view, names, channel, due.where) if due.where is not None else None
            if where is None:
                where = await self._post(view, names, channel, gone=int(due.where["message"]) if due.where else 0)
        await self._studio.gatherings.card_shown(view, where)

    async def _post(
        self, view: GatheringView, names: Mapping[str, str], channel: discord.PartialMessageable, *, gone: int
    ) -> dict[str, Any]:
        """`gone`: the card before, which somebody deleted. With its nonce Discord would answer with it again."""
        mark = f"gatherrules:{view.id}"
        posted = await find_own(self._client, channel, mark, since=view.started_at)
        sheet = _sheet_of(view) if posted is None else ""
        if posted is None:
            with tempfile.TemporaryDirectory() as folder:
                files = await self._drawn(view, Path(folder))
                card = gathering_cards.gathering(view, names, has_sheet=bool(files))
                nonce = nonce_of(f"gathering:{view.id}:{gone}")
                posted = await channel.send(
                    view=card, files=files, nonce=nonce, allowed_mentions=discord.AllowedMentions.none()
                )
        pinned = view.state is not State.OVER and await self._pin(posted, on=True)
        return {"channel": posted.channel.id, "message": posted.id, "sheet": sheet, "pinned": pinned}

    async def _edit(
        self,
        view: GatheringView,
        names: Mapping[str, str],
        channel: discord.PartialMessageable,
        where: Mapping[str, Any],
    ) -> dict[str, Any] | None:
        """Where the card is now; None when somebody deleted it."""
        try:
            posted = await channel.fetch_message(int(where["message"]))
            sheet = _sheet_of(view)
            with tempfile.TemporaryDirectory() as folder:
                is_new = sheet != where.get("sheet")
                kept = [] if is_new else posted.attachments
                files = await self._drawn(view, Path(folder)) if is_new else []
                card = gathering_cards.gathering(view, names, has_sheet=bool(kept or files))
                await posted.edit(
                    view=card, attachments=[*kept, *files], allowed_mentions=discord.AllowedMentions.none()
                )
        except discord.HTTPException as error:
            if error.code == _UNKNOWN_MESSAGE:
                return None
            raise
        pinned = bool(where.get("pinned"))
        if pinned and view.state is State.OVER:
            pinned = not await self._pin(posted, on=False)
        return {"channel": posted.channel.id, "message": posted.id, "sheet": sheet, "pinned": pinned}

    async def _drawn(self, view: GatheringView, folder: Path) -> list[discord.File]:
        """The first pictures of the clips; the words alone will do where nothing can be drawn."""
        if not view.standing:
            return []
        try:
            sheet = await self._studio.gatherings.sheet(view, folder / gathering_cards.SHEET)
        except (StudioError, TaskFailed, WorkerLost) as error:
            log.warning("no picture of %s: %s", view.id, error)
            return []
        return [discord.File(sheet, filename=gathering_cards.SHEET)]

    async def _pin(self, posted: discord.Message, *, on: bool) -> bool:
        """Whether that went well. The card does without where the bot may not, or where 250 are pinned already."""
        try:
            await (posted.pin() if on else posted.unpin())
        except discord.HTTPException as error:
            log.info("message %s is not %s: %s", posted.id, "pinned" if on else "unpinned", error)
            return False
        return True


def _sheet_of(view: GatheringView) -> str:
    """What the picture shows."""
    return " ".join(one.clip_id or "" for one in view.shown_on_sheet)

"""Keeps one card for each case in its community's case channel, wherever the case is decided.

The cards follow the database: what is to be shown is compared with what was shown last, so that nothing is missed while
the bot was away, and nothing is told twice.
"""

import asyncio
import hashlib
import logging
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import aiohttp
import discord

from bots.discord import desk_cards
from bots.discord.address import PLATFORM, nonce_of
from bots.discord.people import name_of, names_of
from bots.discord.posted import find_own
from bots.wording import LANGUAGES, speaking
from engine import communities
from engine.communities import CommunitySettings
from engine.dossier import Dossier
from engine.errors import StudioError
from engine.fleet.base import TaskFailed, WorkerLost
from engine.studio import Studio
from safety.desk import rules
from safety.desk.people import Queue
from storage import case_cards, cases, members
from storage.case_cards import CardRow
from storage.cases import CaseRow
from storage.clock import now
from storage.members import CommunityRow

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 2.0  # seconds
HOMES_FOR: Final = 20.0  # seconds that a list of case channels is good for
SHOWN_AT_ONCE: Final = 3  # cards a look: a channel takes five messages in five seconds
CASES_LOOKED_AT: Final = 300
_GONE: Final = frozenset({10003, 10008, 50001, 50013})


class CaseWatch:
    def __init__(self, studio: Studio, client: discord.Client, serves: Callable[[int], bool]) -> None:
        self._studio = studio
        self._client = client
        self._serves = serves  # whether this process speaks for a server: several may share the work
        self._locks: dict[str, asyncio.Lock] = {}
        self._homes: dict[str, tuple[CommunityRow, CommunitySettings]] = {}
        self._homes_at = -HOMES_FOR
        self._trouble: dict[
            str, float
        ] = {}  # communities whose channel is closed to us, until when they are left alone

    def forget_homes(self) -> None:
        """Somebody changed where cases are shown."""
        self._homes_at = -HOMES_FOR
        self._trouble.clear()

    async def keep_watching(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                await self.look()
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                log.info("cases cannot be shown now: %s", error)
            except Exception:
                log.exception("a look at the cases failed")

    async def look(self) -> None:
        """Bring the cards up to date that are not."""
        homes = await self._where()
        if not homes:
            return
        async with self._studio.database.reading() as tx:
            found = await case_cards.to_show(tx, PLATFORM, list(homes), limit=CASES_LOOKED_AT)
        due = [case.id for case, card in found if _differs(case, card) and self._is_open(case.community_id)]
        for case_id in due[:SHOWN_AT_ONCE]:
            await self.show(case_id)

    def _is_open(self, community_id: str) -> bool:
        return self._trouble.get(community_id, 0.0) <= time.monotonic()

    async def _where(self) -> Mapping[str, tuple[CommunityRow, CommunitySettings]]:
        """The communities of this process that chose a channel for their cases."""
        if time.monotonic() - self._homes_at >= HOMES_FOR:
            async with self._studio.database.reading() as tx:
                known = await members.communities_on(tx, PLATFORM)
            chosen = {one.id: (one, communities.settings_of(one)) for one in known if one.external_id.isdecimal()}
            self._homes = {
                key: pair
                for key, pair in chosen.items()
                if pair[1].case_channel and self._serves(int(pair[0].external_id))
            }
            self._homes_at = time.monotonic()
        return self._homes

    async def show(self, case_id: str) -> None:
        """Bring the card of one case up to date; make it where there is none."""
        async with self._locks.setdefault(case_id, asyncio.Lock()):
            async with self._studio.database.reading() as tx:
                case = await cases.get(tx, case_id)
                card = await case_cards.get(tx, case_id, PLATFORM)
            home = (await self._where()).get(case.community_id) if case is not None else None
            if case is None or home is None or not _differs(case, card):
                return
            try:
                with speaking(home[1].language or LANGUAGES[0]):
                    await self._bring_up_to_date(case, card, home[1])
            except discord.HTTPException as error:
                if error.code not in _GONE:
                    raise
                log.warning("the case channel of %s is closed to the bot: %s", case.community_id, error)
                self._trouble[case.community_id] = time.monotonic() + 60.0

    async def _bring_up_to_date(self, case: CaseRow, card: CardRow | None, settings: CommunitySettings) -> None:
        assert settings.case_channel is not None
        channel = self._client.get_partial_messageable(int(settings.case_channel))
        sheet = await self._studio.desk.sheet(case.id)
        if sheet is None:
            await self._withdraw(case, card)
            return
        is_another = card is not None and card.is_final and card.round != case.round
        if card is not None and (is_another or card.address["channel"] != channel.id):
            await self._leave(card, desk_cards.again(case.id))
            card = None
        if card is None:
            message_id = await self._post(case, sheet, channel)
            card = CardRow(case.id, PLATFORM, {"channel": channel.id, "message": message_id}, case.round, "", 0, False)
        else:
            await self._edit(case, sheet, card)
        if case.decision is None and case.escalations > card.pinged:
            await self._ping(case, card, settings)
        await self._note(replace(card, shown=stamp(case), pinged=case.escalations, is_final=_is_final(case)))

    async def _note(self, card: CardRow) -> None:
        async with self._studio.database.writing() as tx:
            await case_cards.put(tx, card)

    async def _post(self, case: CaseRow, sheet: Dossier, channel: discord.PartialMessageable) -> int:
        known = await find_own(self._client, channel, f"caseclaim:{case.id}", since=case.opened_at)
        if known is not None:
            return known.id
        with tempfile.TemporaryDirectory() as folder:
            files = await self._exhibit(case, sheet, Path(folder))
            view = await self._card(case, sheet, exhibit=bool(files))
            nonce = nonce_of(f"case:{case.id}:{case.round}")
            posted = await channel.send(
                view=view, files=files, nonce=nonce, allowed_mentions=discord.AllowedMentions.none()
            )
        return posted.id

    async def _exhibit(self, case: CaseRow, sheet: Dossier, folder: Path) -> list[discord.File]:
        """What was decided need not be looked at any more; and the words alone will do where nothing can be drawn."""
        if not sheet.may_look or case.decision is not None:
            return []
        try:
            exhibit = await self._studio.exhibit_for_channel(case, folder / desk_cards.EXHIBIT)
        except (StudioError, TaskFailed, WorkerLost) as error:
            log.warning("no exhibit of %s: %s", case.id, error)
            return []
        return [discord.File(exhibit.file, filename=desk_cards.EXHIBIT)]

    async def _edit(self, case: CaseRow, sheet: Dossier, card: CardRow) -> None:
        posted = await self._posted(card).fetch_message(card.address["message"])
        kept = posted.attachments if case.decision is None else []
        with tempfile.TemporaryDirectory() as folder:
            files = [] if kept else await self._exhibit(case, sheet, Path(folder))
            view = await self._card(case, sheet, exhibit=bool(kept or files))
            await posted.edit(view=view, attachments=[*kept, *files], allowed_mentions=discord.AllowedMentions.none())

    async def _card(self, case: CaseRow, sheet: Dossier, *, exhibit: bool) -> discord.ui.LayoutView:
        names = await names_of(self._studio, desk_cards.people_in(sheet))
        maker = await name_of(self._studio, (await self._studio.job(case.job_id)).job.member_id)
        has_pages = self._studio.settings.web.public_url is not None
        can_undo = not _is_final(case)
        return desk_cards.case(sheet, names, maker=maker, exhibit=exhibit, can_undo=can_undo, has_pages=has_pages)

    async def _ping(self, case: CaseRow, card: CardRow, settings: CommunitySettings) -> None:
        """A message of its own: nobody hears of an edit."""
        role = int(settings.lead_role) if settings.lead_role else None
        view = desk_cards.escalated(case.id, f"<@&{role}>" if role else None)
        roles = [discord.Object(role)] if role else False
        await self._posted(card).send(
            view=view,
            nonce=nonce_of(f"escalated:{case.id}:{case.round}:{case.escalations}"),
            allowed_mentions=discord.AllowedMentions(everyone=False, users=False, roles=roles),
        )

    async def _withdraw(self, case: CaseRow, card: CardRow | None) -> None:
        if card is not None and not card.is_final:
            await self._leave(card, desk_cards.withdrawn(case.id))
        address = card.address if card is not None else {}
        await self._note(CardRow(case.id, PLATFORM, address, case.round, stamp(case), case.escalations, True))

    async def _leave(self, card: CardRow, view: discord.ui.LayoutView) -> None:
        try:
            await self._posted(card).get_partial_message(card.address["message"]).edit(view=view, attachments=[])
        except discord.HTTPException as error:
            if error.code not in _GONE:
                raise

    def _posted(self, card: CardRow) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(card.address["channel"])


def stamp(case: CaseRow) -> str:
    """What a card says, as a digest: when it differs, the card is made anew."""
    claimed = case.claimed_by if case.is_claimed(now()) else None
    said: tuple[Any, ...] = (case.round, case.decision, case.decided_by, claimed, case.passed_to, case.queue)
    said += (case.severity, case.escalations, case.least_role, case.due_at, case.kind, _is_final(case))
    said += (len(case.verdict.get("signals", ())),)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _differs(case: CaseRow, card: CardRow | None) -> bool:
    if card is None:
        return case.decision is None and case.queue != Queue.CHILD_SAFETY
    return card.shown != stamp(case)


def _is_final(case: CaseRow) -> bool:
    """Decided, and the minute is over in which whoever decided may think again."""
    return (
        case.decided_at is not None and case.decision is not None and now() > case.decided_at + rules.shipped().undo_ms
    )

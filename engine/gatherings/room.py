"""Gatherings as every platform uses them: each call is one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine import communities, jobs, members, review
from engine.asking import House, Quote
from engine.brief import Brief
from engine.errors import StudioError
from engine.fleet.base import Fleet
from engine.gatherings import closing, joining
from engine.gatherings.joining import Circle, Wish, circle
from engine.gatherings.rules import (
    DAY_MINUTES,
    MINUTE_MS,
    OPEN_AT_ONCE,
    PLACE_LIMIT,
    STARTED_A_DAY,
    THEME_LIMIT,
    ChainRules,
    PartyRules,
)
from engine.gatherings.states import Ending, Entry, EntryState, Kind, State, state_of
from engine.gatherings.view import GatheringView, view
from engine.library import check_name, tidy_name
from engine.members import Asker
from engine.names import new_id
from engine.origin import Origin
from engine.picturing import DrawGrid, GridCell
from engine.remixing import check_right
from safety import audit
from storage import gatherings, heard, pots
from storage import jobs as ledger
from storage import members as people
from storage.blobs import Blobs
from storage.clock import now
from storage.database import Database, Transaction
from storage.gatherings import GatheringRow

_SHOWN_FOR_MS: Final = DAY_MINUTES * MINUTE_MS  # how long a card of what is over is still brought up to date
_USUAL: Final = Brief(prompt="x")  # the look of a first clip for which nobody chose one


@dataclass(frozen=True)
class Card:
    """What a platform has to show anew: the gathering, and where its card is, if it has one."""

    view: GatheringView
    where: Mapping[str, Any] | None


@dataclass(frozen=True)
class TurnQuote:
    """What a clip in a gathering will cost, and who pays."""

    brief: Brief
    quote: Quote
    sponsored: bool


class Gatherings:
    def __init__(self, database: Database, blobs: Blobs, fleet: Fleet, house: House) -> None:
        self._database = database
        self._blobs = blobs
        self._fleet = fleet
        self._house = house

    # -- looking ---------------------------------------------------------------------------------------------------

    async def show(self, asker: Asker, gathering_id: str) -> GatheringView:
        async with self._database.reading() as tx:
            return await self._view(tx, asker, gathering_id)

    async def at(self, asker: Asker, place: str, kind: Kind) -> GatheringView | None:
        """What goes on at a place of the asker's community, if anything does."""
        async with self._database.reading() as tx:
            found = await gatherings.open_ones(tx, asker.community_id, channel=place, kind=kind)
            return await view(tx, self._blobs, await circle(tx, found[0])) if found else None

    async def latest(self, asker: Asker, kind: Kind, *, limit: int = 20) -> list[GatheringView]:
        """The community's chains or parties, the newest first."""
        async with self._database.reading() as tx:
            found = await gatherings.latest(tx, asker.community_id, kind, limit)
            return [await view(tx, self._blobs, await circle(tx, row)) for row in found]

    async def why_not(self, asker: Asker, gathering_id: str) -> StudioError | None:
        """Why the asker cannot make a clip there now; None when they can."""
        async with self._database.reading() as tx:
            there = await circle(tx, await _here(tx, asker, gathering_id))
            try:
                await joining.check_may_join(tx, asker, there)
            except StudioError as why:
                return why
        return None

    async def likes(self, asker: Asker, gathering_id: str) -> set[str]:
        """The clips there that the asker likes."""
        async with self._database.reading() as tx:
            await _here(tx, asker, gathering_id)
            return await gatherings.liked_by(tx, gathering_id, asker.member_id)

    async def _view(self, tx: Transaction, asker: Asker, gathering_id: str) -> GatheringView:
        return await view(tx, self._blobs, await circle(tx, await _here(tx, asker, gathering_id)))

    # -- starting --------------------------------------------------------------------------------------------------

    async def start_chain(
        self,
        asker: Asker,
        place: str,
        theme: str,
        origin: Origin,
        rules: ChainRules | None = None,
        *,
        opening: str | None = None,
        pot_id: str | None = None,
    ) -> GatheringView:
        """A chain at this place, from a clip that is there already or from nothing. `origin`: where its reel goes."""
        return await self._start(asker, Kind.CHAIN, place, theme, origin, rules or ChainRules(), opening, pot_id)

    async def start_party(
        self,
        asker: Asker,
        place: str,
        theme: str,
        origin: Origin,
        rules: PartyRules | None = None,
        *,
        pot_id: str | None = None,
    ) -> GatheringView:
        return await self._start(asker, Kind.PARTY, place, theme, origin, rules or PartyRules(), None, pot_id)

    async def _start(
        self,
        asker: Asker,
        kind: Kind,
        place: str,
        theme: str,
        origin: Origin,
        rules: ChainRules | PartyRules,
        opening: str | None,
        pot_id: str | None,
    ) -> GatheringView:
        theme = tidy_name(theme, THEME_LIMIT)
        if not place or len(place) > PLACE_LIMIT:
            raise StudioError("gathering.place", limit=PLACE_LIMIT)
        if rules.budget is not None and pot_id is None:
            raise StudioError("gathering.budget_of_nothing")
        await check_name(self._fleet, theme)
        async with self._database.writing() as tx:
            member_id = await people.current_id(tx, asker.member_id)
            await members.check_unrestricted(tx, member_id, asker.community_id)
            await _check_may_start(tx, asker, member_id, place, kind)
            if pot_id is not None:
                await _check_sponsor(tx, asker, pot_id)
            if opening is not None:
                await check_right(tx, asker, opening)
            at = now()
            row: dict[str, object] = {
                "id": (gathering_id := new_id(kind.value)),
                "kind": kind.value,
                "community_id": asker.community_id,
                "channel": place,
                "theme": theme,
                "pot_id": pot_id,
                "rules": rules.model_dump(mode="json"),
                "started_by": member_id,
                "started_at": at,
                "ends_at": at + rules.minutes * MINUTE_MS if isinstance(rules, PartyRules) else None,
                "origin": origin.model_dump(mode="json"),
                "opening_clip_id": opening,
            }
            await gatherings.add(tx, **row)
            return await self._view(tx, asker, gathering_id)

    # -- taking part -----------------------------------------------------------------------------------------------

    async def quote(self, asker: Asker, gathering_id: str, wish: Wish | Brief, *, own: bool = False) -> TurnQuote:
        """What the clip will be and cost, before anything is spent; StudioError when it cannot be made now."""
        async with self._database.writing() as tx:
            there = await circle(tx, await _here(tx, asker, gathering_id))
            await joining.check_may_join(tx, asker, there)
            brief = _brief(there, wish)
            joining.check_brief(there, brief)
            terms, quote = await joining.terms_in(tx, self._house, there, brief, asker, own=own)
        return TurnQuote(brief, quote, sponsored=terms.pot_id is not None and quote.price > 0)

    async def join(
        self,
        asker: Asker,
        gathering_id: str,
        wish: Wish | Brief,
        origin: Origin,
        *,
        own: bool = False,
        once: str | None = None,
    ) -> str:
        """Make a clip as an entry; answers with the job. `wish`: in a chain what to do with its last clip, whichever
        that is by now; a whole brief has to go on from the clip that is the last one.

        `own`: paid by the member, though there is a sponsor. `once`: as in `Studio.ask`.
        """
        async with self._database.writing() as tx:
            if once is not None and (known := await heard.job_asked_as(tx, once)):
                return known
            there = await circle(tx, await _here(tx, asker, gathering_id, lock=True))
            brief = _brief(there, wish)
            job_id = await joining.join(tx, self._house, there, brief, asker, origin, own=own)
            if once is not None:
                await heard.note_job(tx, once, job_id)
            return job_id

    async def like(self, asker: Asker, gathering_id: str, clip_id: str, *, on: bool = True) -> int:
        """Like a clip that stands there, or not any more; answers with how many do. Once each, and never one's own."""
        async with self._database.writing() as tx:
            row = await _here(tx, asker, gathering_id, lock=True)
            member_id = await people.current_id(tx, asker.member_id)
            await members.check_unrestricted(tx, member_id, asker.community_id)
            if row.ended_at is not None or (row.ends_at is not None and row.ends_at <= now()):
                raise StudioError("gathering.over")
            entry = _standing_clip(await circle(tx, row), clip_id)
            if await people.current_id(tx, entry.row.member_id) == member_id:
                raise StudioError("gathering.own_clip")
            change = gatherings.like if on else gatherings.unlike
            await change(tx, row.id, clip_id, member_id)
            return _standing_clip(await circle(tx, row), clip_id).row.likes

    # -- keeping order ---------------------------------------------------------------------------------------------

    async def pause(self, asker: Asker, gathering_id: str, *, on: bool = True) -> GatheringView:
        """Take nothing for a while. A party's clock goes on."""
        async with self._database.writing() as tx:
            row = await _here(tx, asker, gathering_id, lock=True)
            _check_moderator(asker)
            if row.ended_at is not None:
                raise StudioError("gathering.over")
            if on != (state_of(row) is State.PAUSED):
                await gatherings.change(tx, row.id, paused_at=now() if on else None)
                await _note(tx, row.id, asker, "gathering_paused" if on else "gathering_resumed")
            return await self._view(tx, asker, gathering_id)

    async def close(self, asker: Asker, gathering_id: str) -> GatheringView:
        """End it now. What is being made still comes in, and then the reel is made."""
        async with self._database.writing() as tx:
            row = await _here(tx, asker, gathering_id, lock=True)
            if await people.current_id(tx, row.started_by) != await people.current_id(tx, asker.member_id):
                _check_moderator(asker)
            if row.ended_at is None:
                await closing.end(tx, row, Ending.CLOSED, asker.member_id)
                await _note(tx, row.id, asker, "gathering_closed")
            return await self._view(tx, asker, gathering_id)

    async def remove(self, asker: Asker, gathering_id: str, clip_or_job: str) -> GatheringView:
        """Take an entry out of the gathering, for good; the clip stays its maker's. One in the making is called off."""
        async with self._database.writing() as tx:
            row = await _here(tx, asker, gathering_id, lock=True)
            there = await circle(tx, row)
            named = [one for one in there.entries if clip_or_job in (one.clip_id, one.row.job_id)]
            if not named:
                raise StudioError("gathering.no_entry", clip=clip_or_job)
            entry = named[0]
            if await people.current_id(tx, entry.row.member_id) != await people.current_id(tx, asker.member_id):
                _check_moderator(asker)
            if row.settled_at is not None:
                raise StudioError("gathering.over")
            if entry.row.removed_at is None:
                await gatherings.change_entry(
                    tx, row.id, entry.row.job_id, removed_at=now(), removed_by=asker.member_id
                )
                if entry.is_under_way and (job := await ledger.get(tx, entry.row.job_id)) is not None:
                    await jobs.cancel(tx, job)
                await _note(tx, row.id, asker, "gathering_entry_removed", job=entry.row.job_id)
            return await self._view(tx, asker, gathering_id)

    # -- by itself -------------------------------------------------------------------------------------------------

    async def ring(self) -> list[str]:
        """Bring everything as far as it can go now: ends, lengths and reels. Answers with what went on."""
        async with self._database.reading() as tx:
            due = []
            for row in await gatherings.unsettled(tx):
                there = await circle(tx, row)
                if closing.is_due(there, now(), reel_rests=await closing.reel_rests(tx, row)):
                    due.append(row.id)
        moved = []
        for gathering_id in due:
            while True:
                async with self._database.writing() as tx:
                    if not await closing.step(tx, gathering_id):
                        break
                moved.append(gathering_id)
        return list(dict.fromkeys(moved))

    # -- cards on platforms ----------------------------------------------------------------------------------------

    async def cards_due(self, platform: str) -> list[Card]:
        """Every gathering of this platform whose card does not show how it stands, or that has none yet."""
        async with self._database.reading() as tx:
            rows = await gatherings.shown_on(tx, platform, ended_since=now() - _SHOWN_FOR_MS)
            found = [(row, await view(tx, self._blobs, await circle(tx, row))) for row in rows]
        return [Card(seen, row.card) for row, seen in found if seen.digest != row.shown]

    async def sheet(self, seen: GatheringView, destination: Path) -> Path:
        """The first pictures of the latest clips that stand there, drawn by a worker."""
        cells = [
            GridCell(poster=one.preview.file, label=one.clip_id)
            for one in seen.shown_on_sheet
            if one.preview is not None and one.clip_id is not None
        ]
        if not cells:
            raise StudioError("library.nothing_to_draw")
        await self._fleet.do(DrawGrid(cells=tuple(cells), destination=destination))
        return destination

    async def card_shown(self, seen: GatheringView, where: Mapping[str, Any]) -> None:
        """The card is there and shows this."""
        async with self._database.writing() as tx:
            await gatherings.change(tx, seen.id, card=dict(where), shown=seen.digest)


# -- helpers -------------------------------------------------------------------------------------------------------


async def _here(tx: Transaction, asker: Asker, gathering_id: str, *, lock: bool = False) -> GatheringRow:
    """A gathering of the asker's community; to everybody else it is as if there were none."""
    row = await gatherings.get(tx, gathering_id, lock=lock)
    if row is None or row.community_id != asker.community_id:
        raise StudioError("gathering.unknown", gathering=gathering_id)
    return row


def _brief(there: Circle, wish: Wish | Brief) -> Brief:
    if isinstance(wish, Brief):
        return wish
    if there.row.kind != Kind.CHAIN:
        raise StudioError("gathering.no_chain", gathering=there.row.id)
    return joining.chain_brief(there, wish, _USUAL)


def _standing_clip(there: Circle, clip_id: str) -> Entry:
    for entry in there.entries:
        if entry.clip_id == clip_id and entry.state is EntryState.STANDING:
            return entry
    raise StudioError("gathering.no_entry", clip=clip_id)


def _check_moderator(asker: Asker) -> None:
    if asker.role not in review.MODERATORS:
        raise StudioError("gathering.moderators_only")


async def _check_may_start(tx: Transaction, asker: Asker, member_id: str, place: str, kind: Kind) -> None:
    await communities.check_may_start(tx, asker)
    # Locked where the database locks rows: two that are started at once must not both be the only one.
    community = await people.community(tx, asker.community_id, lock=True)
    assert community is not None
    there = await gatherings.open_ones(tx, asker.community_id)
    for row in there:
        if (row.channel, row.kind) == (place, kind):
            raise StudioError("gathering.exists", gathering=row.id)
    if len(there) >= OPEN_AT_ONCE:
        raise StudioError("gathering.too_many", limit=OPEN_AT_ONCE)
    if await gatherings.started_since(tx, member_id, now() - DAY_MINUTES * MINUTE_MS) >= STARTED_A_DAY:
        raise StudioError("gathering.started_many", limit=STARTED_A_DAY)


async def _check_sponsor(tx: Transaction, asker: Asker, pot_id: str) -> None:
    """What others put together is for moderators to give away, and for whoever opened the pot."""
    pot = await pots.get(tx, pot_id)
    if pot is None or pot.closed_at is not None or pot.community_id != asker.community_id:
        raise StudioError("pot.unknown", pot=pot_id)
    if await people.current_id(tx, pot.opened_by) != await people.current_id(tx, asker.member_id):
        _check_moderator(asker)


async def _note(tx: Transaction, gathering_id: str, asker: Asker, action: str, **data: object) -> None:
    told = {"gathering": gathering_id, **data}
    await audit.append(tx, action, actor=asker.member_id, community_id=asker.community_id, case_id=None, **told)

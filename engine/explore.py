"""Explore: what members shared on purpose, in their own community, and across communities where both sides allow it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from sqlalchemy.exc import IntegrityError

from engine import releases, takedown
from engine.communities import Openness, settings_of, show_across
from engine.communities import get as get_community
from engine.errors import StudioError
from engine.fleet.base import Fleet
from engine.library import PAGE, asked_words, check_limit, check_name, recount_bookmarks, tidy_name
from engine.members import Asker
from engine.picturing import DrawGrid, GridCell
from engine.review import MODERATORS
from safety.categories import Category
from storage import choices, clips, explore, jobs, library, words
from storage.blobs import Blobs
from storage.clips import ClipRow, Parent
from storage.clock import now
from storage.database import Database, Transaction
from storage.explore import ExploreItem, ExploreRow, Order
from storage.library import Kind
from storage.paging import Page, Place

NOTE_LIMIT: Final = 500
POLICY: Final = "explore"  # the key in a community's settings
# What a report can be about. "Could not be checked" is no reason of a person's, and flashing is measured.
REASONS: Final = tuple(category for category in Category if category is not Category.UNCHECKED)


@dataclass(frozen=True)
class HowMade:
    """A shared clip with all that Explore tells of it."""

    item: ExploreItem
    parents: tuple[Parent, ...]
    is_bookmarked: bool


class Explore:
    def __init__(self, database: Database, blobs: Blobs, fleet: Fleet) -> None:
        self._database = database
        self._blobs = blobs
        self._fleet = fleet

    # -- looking ---------------------------------------------------------------------------------------------------

    async def page(
        self,
        asker: Asker,
        order: Order = Order.NEWEST,
        *,
        across: bool = False,
        after: str | None = None,
        limit: int = PAGE,
    ) -> Page[ExploreItem]:
        place = Place.read(after)
        async with self._database.reading() as tx:
            where = await _seen_from(tx, asker, across=across)
            found = await explore.page(tx, order, community_id=where, after=place, limit=check_limit(limit))
        return replace(found, items=[_as_seen(item, asker) for item in found.items])

    async def search(
        self, asker: Asker, query: str, *, across: bool = False, after: str | None = None, limit: int = PAGE
    ) -> Page[ExploreItem]:
        """Shared clips that have all these words, the newest first. A hidden prompt finds nothing."""
        asked, place = asked_words(query), Place.read(after)
        async with self._database.reading() as tx:
            where = await _seen_from(tx, asker, across=across)
            scope = words.ACROSS if where is None else words.of_community(where)
            found = await words.search(tx, scope, asked, after=place, limit=check_limit(limit))
            items = await explore.items(tx, [place.clip_id for place in found.items], community_id=where)
        return Page([_as_seen(item, asker) for item in items], found.after)

    async def show(self, asker: Asker, clip_id: str) -> HowMade:
        """How a shared clip was made; what was not shared is not there."""
        async with self._database.reading() as tx:
            item = await _seen(tx, asker, clip_id)
            mark = await library.entry(tx, asker.member_id, clip_id)
            marked = mark is not None and mark.kind == Kind.BOOKMARK and mark.trashed_at is None
            return HowMade(_as_seen(item, asker), tuple(await clips.parents_of(tx, clip_id)), marked)

    async def in_public(self, clip_id: str) -> ExploreItem:
        """A clip that its maker shared across communities, as anybody may see it; to the world no other is there."""
        async with self._database.reading() as tx:
            found = await explore.items(tx, [clip_id], community_id=None)
        if not found:
            raise StudioError("explore.unknown", clip=clip_id)
        item = found[0]
        return replace(item, brief=releases.forgotten(item.brief) | {"prompt": ""}) if item.hides_prompt else item

    async def grid(self, items: Sequence[ExploreItem], destination: Path) -> Path:
        cells = tuple(GridCell(poster=self._blobs.path(one.poster_sha256, ".jpg"), label=one.clip_id) for one in items)
        if not cells:
            raise StudioError("library.nothing_to_draw")
        await self._fleet.do(DrawGrid(cells=cells, destination=destination))
        return destination

    # -- sharing ---------------------------------------------------------------------------------------------------

    async def share(self, asker: Asker, clip_id: str, *, across: bool = False, hides_prompt: bool = False) -> None:
        """Show the clip in the Explore of the community it was made in, and elsewhere if `across` and that is allowed.

        Sharing it again changes what is shown with it, and not its place.
        """
        async with self._database.reading() as tx:
            row = await library.entry(tx, asker.member_id, clip_id)
        title = row.title if row is not None else None
        await check_name(self._fleet, title or "")
        try:
            async with self._database.writing() as tx:
                await self._share(tx, asker, clip_id, title, across=across, hides_prompt=hides_prompt)
        except IntegrityError:  # the same picture came from elsewhere in this very moment
            raise StudioError("explore.duplicate", clip=clip_id, other="") from None

    async def _share(
        self,
        tx: Transaction,
        asker: Asker,
        clip_id: str,
        checked_title: str | None,
        *,
        across: bool,
        hides_prompt: bool,
    ) -> None:
        clip, title = await _own(tx, asker, clip_id)
        if title != checked_title:
            raise StudioError("library.busy", clip=clip_id)
        if not clip.sealed_here:
            raise StudioError("explore.imported", clip=clip_id)
        openness = await openness_of(tx, clip.community_id)
        if openness is Openness.OFF:
            raise StudioError("explore.closed")
        job = await jobs.get(tx, clip.job_id)
        take = await jobs.take(tx, clip_id)
        assert job is not None and take is not None
        before = await explore.get(tx, clip_id)
        recipe = recipe_of(job.brief, take.seed)
        twin = await explore.of_recipe(tx, clip.community_id, recipe)
        if twin is not None and twin.clip_id != clip_id:
            raise StudioError("explore.duplicate", clip=clip_id, other=twin.clip_id)
        at = before.shared_at if before else now()
        marks = [row for row in await library.entries_of_clip(tx, clip_id) if row.kind == Kind.BOOKMARK]
        row = ExploreRow(
            clip_id=clip_id,
            community_id=clip.community_id,
            member_id=asker.member_id,
            recipe=recipe,
            hides_prompt=hides_prompt,
            wants_across=across,
            across_at=now() if across and openness is Openness.ACROSS else None,
            shared_at=at,
            bookmarks=await explore.count_bookmarks(tx, clip_id),
            remixes=await clips.count_remixers(tx, clip_id, asker.member_id),
            rising=before.rising if before else at,
            picked_at=before.picked_at if before else None,
            picked_by=before.picked_by if before else None,
        )
        if before is not None:
            await releases.forget_in_explore(tx, before, title, job.brief)
            await explore.remove(tx, clip_id)
        await explore.share(tx, row)
        await releases.index_in_explore(tx, row, title, job.brief)
        for mark in marks if hides_prompt else ():  # nor can those find it by the prompt who marked it before
            await releases.forget_on_shelf(tx, mark, job.brief)
            if mark.trashed_at is None:
                await releases.index_on_shelf(tx, mark, job.brief, hides_prompt=True)

    async def unshare(self, asker: Asker, clip_id: str) -> None:
        async with self._database.writing() as tx:
            clip, _ = await _own(tx, asker, clip_id)
            if not await releases.unshare(tx, clip):
                raise StudioError("explore.not_shared", clip=clip_id)

    async def open_to(self, asker: Asker, openness: Openness) -> None:
        """Decide about the community's Explore; what its members share follows at once."""
        _check_moderator(asker, asker.community_id)
        async with self._database.writing() as tx:
            await choices.set_for_community(tx, asker.community_id, POLICY, openness.value)
            await show_across(tx, asker.community_id, openness)

    async def openness(self, asker: Asker) -> Openness:
        async with self._database.reading() as tx:
            return await openness_of(tx, asker.community_id)

    # -- what one does with it -------------------------------------------------------------------------------------

    async def bookmark(self, asker: Asker, clip_id: str, *, on: bool = True) -> None:
        """Keep somebody's shared clip in one's own library, or let go of it."""
        async with self._database.writing() as tx:
            row = await library.entry(tx, asker.member_id, clip_id)
            if row is not None and row.kind == Kind.MADE:
                raise StudioError("bookmark.own", clip=clip_id)
            if on:
                await self._add_bookmark(tx, asker, clip_id)
            elif row is not None:
                clip = await clips.get(tx, clip_id)
                assert clip is not None
                await releases.forget_on_shelf(tx, row, await releases.brief_of_clip(tx, clip))
                await library.remove(tx, asker.member_id, clip_id)
                back_from = row.added_at if row.trashed_at is None else None
                await recount_bookmarks(tx, clip_id, taken_back_from=back_from)

    async def _add_bookmark(self, tx: Transaction, asker: Asker, clip_id: str) -> None:
        item = await _seen(tx, asker, clip_id)
        row = await library.entry(tx, asker.member_id, clip_id)
        if row is not None and row.trashed_at is None:
            return
        if row is not None:
            await library.remove(tx, asker.member_id, clip_id)
        await library.add(tx, asker.member_id, clip_id, Kind.BOOKMARK, at := now())
        mark = await library.entry(tx, asker.member_id, clip_id)
        assert mark is not None
        await releases.index_on_shelf(tx, mark, item.brief, hides_prompt=item.hides_prompt)
        rising = releases.risen(item.rising, at, releases.BOOKMARK_WEIGHT)
        await explore.change(tx, clip_id, rising=rising, bookmarks=await explore.count_bookmarks(tx, clip_id))

    async def pick(self, asker: Asker, clip_id: str, *, on: bool = True) -> None:
        """A moderator's choice, shown in a list of its own. Of their own community alone."""
        async with self._database.writing() as tx:
            item = await _seen(tx, asker, clip_id)
            _check_moderator(asker, item.community_id)
            if on and item.picked_at is None:
                await explore.change(tx, clip_id, picked_at=now(), picked_by=asker.member_id)
            elif not on:
                await explore.change(tx, clip_id, picked_at=None, picked_by=None)

    async def report(self, asker: Asker, clip_id: str, category: str, note: str = "") -> str:
        """Ask the moderators of the clip's community to look at it; answers with the case.

        One case a clip: later reports join it, and open it again when it was decided. Reporting twice changes nothing.
        """
        if category not in REASONS:
            raise StudioError("report.reason", allowed=", ".join(REASONS))
        note = tidy_name(note, NOTE_LIMIT, empty_allowed=True)
        async with self._database.writing() as tx:
            clip = await _met(tx, asker, clip_id)
            return await takedown.report(tx, clip, asker, Category(category), note)


# -- for this room's neighbours ------------------------------------------------------------------------------------


async def openness_of(tx: Transaction, community_id: str) -> Openness:
    return settings_of(await get_community(tx, community_id)).explore


def recipe_of(brief: Mapping[str, Any], seed: int) -> str:
    """Digest of everything that decides how a clip looks: two clips of one recipe are the same picture."""
    deciding = {name: value for name, value in brief.items() if name not in ("variations", "seed")}
    return hashlib.sha256(json.dumps([deciding, seed], sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


# -- helpers -------------------------------------------------------------------------------------------------------


async def _seen_from(tx: Transaction, asker: Asker, *, across: bool) -> str | None:
    """The community whose Explore is looked at, None for all of them; StudioError when it is closed to the asker."""
    openness = await openness_of(tx, asker.community_id)
    if openness is Openness.OFF:
        raise StudioError("explore.closed")
    if across and openness is not Openness.ACROSS:
        raise StudioError("explore.at_home_only")
    return None if across else asker.community_id


async def _seen(tx: Transaction, asker: Asker, clip_id: str) -> ExploreItem:
    """A clip that the asker finds in Explore, at home or across; to them no other is there."""
    openness = await openness_of(tx, asker.community_id)
    found: list[ExploreItem] = []
    if openness is not Openness.OFF:
        found = await explore.items(tx, [clip_id], community_id=asker.community_id)
    if not found and openness is Openness.ACROSS:
        found = await explore.items(tx, [clip_id], community_id=None)
    if not found:
        raise StudioError("explore.unknown", clip=clip_id)
    return found[0]


async def _met(tx: Transaction, asker: Asker, clip_id: str) -> ClipRow:
    """A clip that was delivered in the asker's community, shared or not, or that they find in Explore."""
    clip = await clips.get(tx, clip_id)
    if clip is None or clip.withdrawn_at is not None or clip.community_id != asker.community_id:
        item = await _seen(tx, asker, clip_id)
        clip = await clips.get(tx, item.clip_id)
        assert clip is not None
    return clip


async def _own(tx: Transaction, asker: Asker, clip_id: str) -> tuple[ClipRow, str | None]:
    clip, row = await clips.get(tx, clip_id), await library.entry(tx, asker.member_id, clip_id)
    if clip is None or row is None or row.kind != Kind.MADE or clip.withdrawn_at is not None:
        raise StudioError("library.unknown", clip=clip_id)
    if row.trashed_at is not None:
        raise StudioError("trash.is_in", clip=clip_id)
    return clip, row.title


def _as_seen(item: ExploreItem, asker: Asker) -> ExploreItem:
    if item.hides_prompt and item.maker_id != asker.member_id:
        return replace(item, brief=releases.forgotten(item.brief) | {"prompt": ""})
    return item


def _check_moderator(asker: Asker, community_id: str) -> None:
    if asker.role not in MODERATORS or asker.community_id != community_id:
        raise StudioError("explore.moderators_only")

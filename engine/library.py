"""A member's library: what they made or bookmarked, in lists and folders, searched, thrown away and taken back."""

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from engine import releases
from engine.errors import StudioError
from engine.fleet.base import Fleet
from engine.members import Asker
from engine.names import new_id
from engine.picturing import DrawGrid, GridCell
from engine.remembering import Remembered
from engine.text_tasks import CheckText
from safety.submission import Submission, SubmittedText, TextRole
from safety.verdict import Decision
from storage import choices, clips, explore, library, words
from storage.blobs import Blobs
from storage.clips import ClipRow
from storage.clock import now
from storage.cutting import words_asked_for
from storage.database import Database, Transaction
from storage.library import FolderRow, Kind, ShelfItem, ShelfRow, Usage, View
from storage.paging import Page, Place

TITLE_LIMIT: Final = 100
FOLDER_LIMIT: Final = 80
FOLDERS_LIMIT: Final = 500
PAGE: Final = 24
PAGE_LIMIT: Final = 200
LARGE: Final = 2_000  # clips of a library whose sums are not made anew for each look
TRASH_DAYS: Final = 30
_DAY_MS: Final = 86_400_000
# Marks that turn the direction of writing: a name could say one thing and show another.
_TURNS: Final = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
_AT_ONCE: Final = 200  # clips erased in one transaction: others want to write, too


class Library:
    def __init__(self, database: Database, blobs: Blobs, fleet: Fleet) -> None:
        self._database = database
        self._blobs = blobs
        self._fleet = fleet
        self._usage: Remembered[Usage] = Remembered(lambda usage: usage.clips > LARGE)
        self._folders: Remembered[list[tuple[FolderRow, int]]] = Remembered(
            lambda folders: sum(inside for _, inside in folders) > LARGE
        )

    @asynccontextmanager
    async def _changing(self, asker: Asker) -> AsyncIterator[Transaction]:
        """A transaction that changes the member's own library: what was added up before no longer holds."""
        async with self._database.writing() as tx:
            yield tx
        self._usage.forget(asker.member_id)
        self._folders.forget(asker.member_id)

    # -- looking ---------------------------------------------------------------------------------------------------

    async def page(
        self,
        asker: Asker,
        view: View = View.MADE,
        *,
        folder: str | None = None,
        after: str | None = None,
        limit: int = PAGE,
    ) -> Page[ShelfItem]:
        """A page of one of the lists, the newest first; `folder` is the name for the view of that name."""
        place = Place.read(after)
        async with self._database.reading() as tx:
            folder_id = (await _folder(tx, asker, folder or "")).id if view is View.FOLDER else None
            found = await library.page(
                tx, asker.member_id, view, folder_id=folder_id, after=place, limit=check_limit(limit)
            )
        return replace(found, items=[_as_seen(item, asker) for item in found.items])

    async def search(self, asker: Asker, query: str, *, after: str | None = None, limit: int = PAGE) -> Page[ShelfItem]:
        """Clips of the member's own that have all these words in prompt, style or title; the newest first."""
        asked, place = asked_words(query), Place.read(after)
        async with self._database.reading() as tx:
            scope = words.of_library(asker.member_id)
            found = await words.search(tx, scope, asked, after=place, limit=check_limit(limit))
            items = await library.items(tx, asker.member_id, [place.clip_id for place in found.items])
        return Page([_as_seen(item, asker) for item in items], found.after)

    async def item(self, asker: Asker, clip_id: str) -> ShelfItem | None:
        """The clip as it lies in the member's library; None where it does not, or lies in the trash."""
        async with self._database.reading() as tx:
            found = await library.items(tx, asker.member_id, [clip_id])
        return _as_seen(found[0], asker) if found else None

    async def usage(self, asker: Asker) -> Usage:
        async def add_up() -> Usage:
            async with self._database.reading() as tx:
                return await library.usage(tx, asker.member_id)

        return await self._usage.get(asker.member_id, add_up)

    async def grid(self, items: Sequence[ShelfItem], destination: Path) -> Path:
        """A contact sheet of these clips' posters, drawn by a worker."""
        cells = [
            GridCell(
                poster=self._blobs.path(item.poster_sha256, ".jpg"),
                label=item.clip_id,
                is_favourite=item.favourite_at is not None,
            )
            for item in items
        ]
        if not cells:
            raise StudioError("library.nothing_to_draw")
        await self._fleet.do(DrawGrid(cells=tuple(cells), destination=destination))
        return destination

    # -- one clip --------------------------------------------------------------------------------------------------

    async def rename(self, asker: Asker, clip_id: str, title: str) -> None:
        """Give the clip a title, or with an empty one take it away. What others see is checked like a prompt."""
        title = tidy_name(title, TITLE_LIMIT, empty_allowed=True)
        async with self._database.reading() as tx:
            is_seen = await explore.get(tx, clip_id) is not None
        if is_seen:
            await check_name(self._fleet, title)
        async with self._changing(asker) as tx:
            row, clip = await _on_shelf(tx, asker, clip_id)
            shared = await explore.get(tx, clip_id) if row.kind == Kind.MADE else None
            if shared is not None and not is_seen:
                raise StudioError("library.busy", clip=clip_id)  # shared in this very moment, with nothing checked
            brief = await releases.brief_of_clip(tx, clip)
            await releases.forget_on_shelf(tx, row, brief)
            if shared is not None:
                await releases.forget_in_explore(tx, shared, row.title, brief)
            await library.change(tx, asker.member_id, clip_id, title=title or None)
            hides = await _hides_prompt(tx, row)
            await releases.index_on_shelf(tx, replace(row, title=title or None), brief, hides_prompt=hides)
            if shared is not None:
                await releases.index_in_explore(tx, shared, title or None, brief)

    async def favourite(self, asker: Asker, clip_id: str, *, on: bool = True) -> None:
        async with self._changing(asker) as tx:
            row, _ = await _on_shelf(tx, asker, clip_id)
            if on != (row.favourite_at is not None):
                await library.change(tx, asker.member_id, clip_id, favourite_at=now() if on else None)

    # -- folders ---------------------------------------------------------------------------------------------------

    async def folders(self, asker: Asker) -> list[tuple[FolderRow, int]]:
        """Each with how many clips lie in it."""

        async def count() -> list[tuple[FolderRow, int]]:
            async with self._database.reading() as tx:
                return await library.folders_of(tx, asker.member_id)

        return await self._folders.get(asker.member_id, count)

    async def make_folder(self, asker: Asker, name: str) -> None:
        name = tidy_name(name, FOLDER_LIMIT)
        async with self._changing(asker) as tx:
            await _check_free(tx, asker, name)
            if len(await library.folders_of(tx, asker.member_id)) >= FOLDERS_LIMIT:
                raise StudioError("folder.too_many", limit=FOLDERS_LIMIT)
            await library.add_folder(tx, new_id(), asker.member_id, name)

    async def rename_folder(self, asker: Asker, name: str, new_name: str) -> None:
        new_name = tidy_name(new_name, FOLDER_LIMIT)
        async with self._changing(asker) as tx:
            folder = await _folder(tx, asker, name)
            if new_name != folder.name:
                await _check_free(tx, asker, new_name)
                await library.rename_folder(tx, folder.id, new_name)

    async def remove_folder(self, asker: Asker, name: str) -> int:
        """Remove the folder, not what lies in it: how many clips are without a folder now?"""
        async with self._changing(asker) as tx:
            return await library.remove_folder(tx, (await _folder(tx, asker, name)).id)

    async def put(self, asker: Asker, clip_ids: Collection[str], folder: str | None) -> None:
        """Put clips into a folder, or with None out of the one they are in. All of them, or none."""
        async with self._changing(asker) as tx:
            folder_id = None if folder is None else (await _folder(tx, asker, folder)).id
            for clip_id in clip_ids:
                await _on_shelf(tx, asker, clip_id)
                await library.change(tx, asker.member_id, clip_id, folder_id=folder_id)

    # -- the trash -------------------------------------------------------------------------------------------------

    async def throw_away(self, asker: Asker, clip_ids: Collection[str]) -> None:
        """Into the trash; what was shared is in Explore no more, even when it is taken back. All of them, or none."""
        async with self._changing(asker) as tx:
            for clip_id in clip_ids:
                row, clip = await _on_shelf(tx, asker, clip_id)
                await releases.forget_on_shelf(tx, row, await releases.brief_of_clip(tx, clip))
                await library.change(tx, asker.member_id, clip_id, trashed_at=now())
                if row.kind == Kind.MADE:
                    await releases.unshare(tx, clip)
                else:
                    await recount_bookmarks(tx, clip_id, taken_back_from=row.added_at)

    async def take_back(self, asker: Asker, clip_ids: Collection[str]) -> None:
        """Out of the trash, with title, folder and star as they were. All of them, or none."""
        async with self._changing(asker) as tx:
            for clip_id in clip_ids:
                row, clip = await _on_shelf(tx, asker, clip_id, in_trash=True)
                await library.change(tx, asker.member_id, clip_id, trashed_at=None)
                hides = await _hides_prompt(tx, row)
                brief = await releases.brief_of_clip(tx, clip)
                await releases.index_on_shelf(tx, row, brief, hides_prompt=hides)
                if row.kind == Kind.BOOKMARK:
                    await recount_bookmarks(tx, clip_id)

    async def empty_trash(self, asker: Asker) -> int:
        """For good, now: how many clips? What a moderator still has to look at stays until that is done."""
        emptied = 0
        while True:
            async with self._changing(asker) as tx:
                rows = await library.trash_of(tx, asker.member_id, _AT_ONCE)
                gone = await discard(tx, rows)
            await remove_files(self._blobs, gone)
            emptied += len(rows)
            if not rows:
                return emptied

    async def kept_for_the_desk(self, asker: Asker) -> int:
        """How many of one's clips cannot be deleted yet, because a moderator still has to look at them?"""
        async with self._database.reading() as tx:
            return await library.count_evidence(tx, asker.member_id)

    async def purge(self) -> int:
        """Empty out of every trash what has lain there for too long: a chore of whoever runs the studio."""
        emptied = 0
        while True:
            async with self._database.writing() as tx:
                rows = await library.trashed_before(tx, now() - TRASH_DAYS * _DAY_MS, _AT_ONCE)
                gone = await discard(tx, rows)
            await remove_files(self._blobs, gone)
            emptied += len(rows)
            if not rows:
                return emptied


# -- for this room's neighbours ------------------------------------------------------------------------------------


async def discard(tx: Transaction, rows: Sequence[ShelfRow]) -> list[ClipRow]:
    """Take these off their shelves for good; answers with the clips that are gone with it, but for their files."""
    gone = []
    for row in rows:
        clip = await clips.get(tx, row.clip_id)
        assert clip is not None
        await releases.forget_on_shelf(tx, row, await releases.brief_of_clip(tx, clip))
        if row.kind == Kind.MADE:
            await releases.erase(tx, clip)
            gone.append(clip)
        else:
            await library.remove(tx, row.member_id, row.clip_id)
            await recount_bookmarks(tx, row.clip_id)
    return gone


async def remove_files(blobs: Blobs, gone: Sequence[ClipRow]) -> None:
    """The files of erased clips, at once. Each is signed for its clip alone, so that no other can refer to it."""
    for clip in gone:
        for sha256, suffix in ((clip.sha256, ".mp4"), (clip.poster_sha256, ".jpg")):
            await asyncio.to_thread(blobs.remove, sha256, suffix)


async def recount_bookmarks(tx: Transaction, clip_id: str, *, taken_back_from: int | None = None) -> None:
    shared = await explore.get(tx, clip_id)
    if shared is None:
        return
    rising = shared.rising
    if taken_back_from is not None:
        rising = max(shared.shared_at, releases.risen(rising, taken_back_from, -releases.BOOKMARK_WEIGHT))
    await explore.change(tx, clip_id, bookmarks=await explore.count_bookmarks(tx, clip_id), rising=rising)


async def merge(tx: Transaction, member_id: str, heir_id: str) -> None:
    """Two members turned out to be one person: all that this room keeps of the first is the heir's now.

    The clips' own rows are the caller's to move.
    """
    rows = [*await library.entries_of_member(tx, member_id), *await library.entries_of_member(tx, heir_id)]
    for row in rows:
        await releases.forget_on_shelf(tx, row, await _brief_of(tx, row))
    await library.give_all_to(tx, member_id, heir_id)
    for row in await library.entries_of_member(tx, heir_id):
        if row.trashed_at is None:
            hides = await _hides_prompt(tx, row)
            await releases.index_on_shelf(tx, row, await _brief_of(tx, row), hides_prompt=hides)
    for shared in await explore.of_member(tx, member_id):
        await explore.change(tx, shared.clip_id, member_id=heir_id)
    if await choices.of_member(tx, member_id, releases.TELL_OF_REMIXES):
        await choices.set_for_member(tx, heir_id, releases.TELL_OF_REMIXES, True)


def check_limit(limit: int) -> int:
    if not 1 <= limit <= PAGE_LIMIT:
        raise StudioError("page.limit", limit=PAGE_LIMIT)
    return limit


def asked_words(query: str) -> tuple[str, ...]:
    asked = words_asked_for(query)
    if not asked:
        raise StudioError("search.no_words")
    return asked


def tidy_name(typed: str, limit: int, *, empty_allowed: bool = False) -> str:
    """A name as it is kept: spaces made one, nothing in it that cannot be read; StudioError when it can be none."""
    if any(unicodedata.category(letter) in ("Cc", "Cs") and not letter.isspace() for letter in typed):
        raise StudioError("name.unreadable")
    name = " ".join(unicodedata.normalize("NFC", typed).translate(_TURNS).split())
    if not any(map(str.isprintable, name)):  # joiners hold emoji together, but alone they show nothing
        name = ""
    if not name and not empty_allowed:
        raise StudioError("name.empty")
    if len(name) > limit:
        raise StudioError("name.long", limit=limit)
    return name


async def check_name(fleet: Fleet, *names: str) -> str:
    """What others will see passes the text gate, or is not taken; answers with the policy's version."""
    texts = tuple(SubmittedText(text=name, role=TextRole.NAME) for name in names if name)
    if not texts:
        return "none"
    verdict = (await fleet.do(CheckText(submission=Submission(texts=texts)))).verdict
    if verdict.decision is not Decision.ALLOW:
        raise StudioError("name.refused", categories=", ".join(verdict.categories))
    return verdict.policy_version


# -- helpers -------------------------------------------------------------------------------------------------------


async def _on_shelf(tx: Transaction, asker: Asker, clip_id: str, *, in_trash: bool = False) -> tuple[ShelfRow, ClipRow]:
    """The clip in the member's library; to everybody else it is as if there were none."""
    row, clip = await library.entry(tx, asker.member_id, clip_id), await clips.get(tx, clip_id)
    if row is None or clip is None or clip.withdrawn_at is not None:
        raise StudioError("library.unknown", clip=clip_id)
    if (row.trashed_at is not None) != in_trash:
        raise StudioError("trash.not_in" if in_trash else "trash.is_in", clip=clip_id)
    return row, clip


async def _hides_prompt(tx: Transaction, row: ShelfRow) -> bool:
    if row.kind == Kind.MADE:
        return False
    shared = await explore.get(tx, row.clip_id)
    return shared is None or shared.hides_prompt


async def _brief_of(tx: Transaction, row: ShelfRow) -> Mapping[str, Any]:
    clip = await clips.get(tx, row.clip_id)
    assert clip is not None
    return await releases.brief_of_clip(tx, clip)


def _as_seen(item: ShelfItem, asker: Asker) -> ShelfItem:
    if item.hides_prompt and item.maker_id != asker.member_id:
        return replace(item, brief=releases.forgotten(item.brief) | {"prompt": ""})
    return item


async def _folder(tx: Transaction, asker: Asker, name: str) -> FolderRow:
    folder = await library.folder_named(tx, asker.member_id, tidy_name(name, FOLDER_LIMIT))
    if folder is None:
        raise StudioError("folder.unknown", name=name)
    return folder


async def _check_free(tx: Transaction, asker: Asker, name: str) -> None:
    if await library.folder_named(tx, asker.member_id, name) is not None:
        raise StudioError("folder.exists", name=name)

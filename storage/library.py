"""A member's shelf: the clips they made and those they bookmarked, their folders, and what lies in the trash."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, and_, delete, func, insert, not_, or_, select, update

from storage.clock import now
from storage.database import Transaction
from storage.paging import Page, Place, beyond
from storage.rows import changed, every, one
from storage.tables import cases, clips, explore, files, folders, jobs, shelf


class Kind(StrEnum):
    MADE = "made"
    BOOKMARK = "bookmark"


class View(StrEnum):
    """The lists of a library."""

    MADE = "made"
    BOOKMARKS = "bookmarks"
    FAVOURITES = "favourites"
    FOLDER = "folder"
    TRASH = "trash"


@dataclass(frozen=True)
class ShelfRow:
    member_id: str
    clip_id: str
    kind: str
    title: str | None
    folder_id: str | None
    favourite_at: int | None
    added_at: int
    trashed_at: int | None


@dataclass(frozen=True)
class ShelfItem:
    """A clip as its library shows it."""

    clip_id: str
    kind: str
    title: str | None
    folder: str | None
    favourite_at: int | None
    added_at: int
    trashed_at: int | None
    maker_id: str
    job_id: str
    brief: Mapping[str, Any]
    poster_sha256: str
    seconds: float
    width: int
    height: int
    is_draft: bool
    is_shared: bool
    hides_prompt: bool


@dataclass(frozen=True)
class FolderRow:
    id: str
    member_id: str
    name: str
    created_at: int


@dataclass(frozen=True)
class Usage:
    clips: int
    bytes: int
    in_trash: int


# -- rows of the shelf ---------------------------------------------------------------------------------------------


async def add(tx: Transaction, member_id: str, clip_id: str, kind: Kind, at: int) -> None:
    await tx.execute(insert(shelf).values(member_id=member_id, clip_id=clip_id, kind=kind, added_at=at))


async def entry(tx: Transaction, member_id: str, clip_id: str) -> ShelfRow | None:
    query = select(shelf).where(shelf.c.member_id == member_id, shelf.c.clip_id == clip_id)
    return await one(tx, ShelfRow, query)


async def entries_of_clip(tx: Transaction, clip_id: str) -> list[ShelfRow]:
    return await every(tx, ShelfRow, select(shelf).where(shelf.c.clip_id == clip_id))


async def entries_of_member(tx: Transaction, member_id: str, *, limit: int | None = None) -> list[ShelfRow]:
    return await every(tx, ShelfRow, select(shelf).where(shelf.c.member_id == member_id).limit(limit))


async def change(tx: Transaction, member_id: str, clip_id: str, **values: object) -> None:
    await tx.execute(update(shelf).where(shelf.c.member_id == member_id, shelf.c.clip_id == clip_id).values(**values))


async def remove(tx: Transaction, member_id: str, clip_id: str) -> None:
    await tx.execute(delete(shelf).where(shelf.c.member_id == member_id, shelf.c.clip_id == clip_id))


async def trashed_before(tx: Transaction, moment: int, limit: int) -> list[ShelfRow]:
    """What has lain in the trash since before then, the oldest first; not what a moderator still has to look at."""
    query = select(shelf).where(shelf.c.trashed_at.isnot(None), shelf.c.trashed_at < moment, not_(_is_evidence()))
    return await every(tx, ShelfRow, query.order_by(shelf.c.trashed_at, shelf.c.clip_id).limit(limit))


async def trash_of(tx: Transaction, member_id: str, limit: int) -> list[ShelfRow]:
    """What can be emptied out of the trash: not what a moderator still has to look at."""
    query = select(shelf).where(shelf.c.member_id == member_id, shelf.c.trashed_at.isnot(None), not_(_is_evidence()))
    return await every(tx, ShelfRow, query.order_by(shelf.c.trashed_at, shelf.c.clip_id).limit(limit))


async def count_evidence(tx: Transaction, member_id: str) -> int:
    """How many of the member's own clips does a moderator still have to look at?"""
    query = select(func.count()).select_from(shelf).where(shelf.c.member_id == member_id, _is_evidence())
    return int((await tx.execute(query)).scalar_one())


def _is_evidence() -> ColumnElement[bool]:
    waiting = select(cases.c.subject_id).where(cases.c.subject == "clip", cases.c.decision.is_(None))
    return and_(shelf.c.kind == Kind.MADE, shelf.c.clip_id.in_(waiting))


async def usage(tx: Transaction, member_id: str) -> Usage:
    """What a member's own clips take up, those in the trash included."""
    query = (
        select(func.count(), func.coalesce(func.sum(files.c.size), 0), func.count(shelf.c.trashed_at))
        .select_from(shelf)
        .join(clips, clips.c.id == shelf.c.clip_id)
        .join(files, or_(files.c.sha256 == clips.c.sha256, files.c.sha256 == clips.c.poster_sha256))
        .where(shelf.c.member_id == member_id, shelf.c.kind == Kind.MADE, clips.c.erased_at.is_(None))
    )
    count, size, trashed = (await tx.execute(query)).one()
    return Usage(clips=count // 2, bytes=int(size), in_trash=trashed // 2)  # each clip has two files


# -- pages ---------------------------------------------------------------------------------------------------------


async def page(
    tx: Transaction, member_id: str, view: View, *, folder_id: str | None = None, after: Place | None, limit: int
) -> Page[ShelfItem]:
    """The newest first."""
    order, which = _order_of(view, member_id, folder_id)
    query = _items().where(*which).order_by(order.desc(), shelf.c.clip_id.desc()).limit(limit + 1)
    further = beyond(order, shelf.c.clip_id, after)
    found = await every(tx, ShelfItem, query if further is None else query.where(further))
    items = found[:limit]
    if len(found) <= limit:
        return Page(items, None)
    last = items[-1]
    return Page(items, Place(last.added_at if view is not View.TRASH else last.trashed_at or 0, last.clip_id))


def _order_of(
    view: View, member_id: str, folder_id: str | None
) -> "tuple[Column[int], tuple[ColumnElement[bool], ...]]":
    """What the view is ordered by, and what is in it: each pair has its index."""
    mine, kept = shelf.c.member_id == member_id, shelf.c.trashed_at.is_(None)
    match view:
        case View.MADE:
            return shelf.c.added_at, (mine, kept, shelf.c.kind == Kind.MADE)
        case View.BOOKMARKS:
            return shelf.c.added_at, (mine, kept, shelf.c.kind == Kind.BOOKMARK)
        case View.FAVOURITES:
            return shelf.c.added_at, (mine, kept, shelf.c.favourite_at.isnot(None))
        case View.FOLDER:
            return shelf.c.added_at, (shelf.c.folder_id == folder_id, kept)
        case View.TRASH:
            return shelf.c.trashed_at, (mine, shelf.c.trashed_at.isnot(None))


async def items(tx: Transaction, member_id: str, clip_ids: Sequence[str]) -> list[ShelfItem]:
    """These clips as the member's library shows them, in this order; those that it does not show are left out."""
    which = and_(shelf.c.member_id == member_id, shelf.c.clip_id.in_(clip_ids), shelf.c.trashed_at.is_(None))
    found = {item.clip_id: item for item in await every(tx, ShelfItem, _items().where(which))}
    return [found[clip_id] for clip_id in clip_ids if clip_id in found]


def _items() -> Select[Any]:
    """What can be shown: nothing that was taken down, and of others' clips only what is still shared."""
    return (
        select(
            shelf.c.clip_id,
            shelf.c.kind,
            shelf.c.title,
            folders.c.name.label("folder"),
            shelf.c.favourite_at,
            shelf.c.added_at,
            shelf.c.trashed_at,
            clips.c.member_id.label("maker_id"),
            clips.c.job_id,
            jobs.c.brief,
            clips.c.poster_sha256,
            clips.c.seconds,
            clips.c.width,
            clips.c.height,
            clips.c.is_draft,
            explore.c.clip_id.isnot(None).label("is_shared"),
            func.coalesce(explore.c.hides_prompt, False).label("hides_prompt"),
        )
        .select_from(shelf)
        .join(clips, clips.c.id == shelf.c.clip_id)
        .join(jobs, jobs.c.id == clips.c.job_id)
        .outerjoin(folders, folders.c.id == shelf.c.folder_id)
        .outerjoin(explore, explore.c.clip_id == shelf.c.clip_id)
        .where(clips.c.withdrawn_at.is_(None), or_(shelf.c.kind == Kind.MADE, explore.c.clip_id.isnot(None)))
    )


# -- folders -------------------------------------------------------------------------------------------------------


async def add_folder(tx: Transaction, folder_id: str, member_id: str, name: str) -> None:
    await tx.execute(insert(folders).values(id=folder_id, member_id=member_id, name=name, created_at=now()))


async def folder_named(tx: Transaction, member_id: str, name: str) -> FolderRow | None:
    return await one(tx, FolderRow, select(folders).where(folders.c.member_id == member_id, folders.c.name == name))


async def folders_of(tx: Transaction, member_id: str) -> list[tuple[FolderRow, int]]:
    """A member's folders by name, each with how many clips lie in it."""
    inside = (
        select(func.count())
        .select_from(shelf)
        .join(clips, clips.c.id == shelf.c.clip_id)
        .outerjoin(explore, explore.c.clip_id == shelf.c.clip_id)
        .where(
            shelf.c.folder_id == folders.c.id,
            shelf.c.trashed_at.is_(None),
            clips.c.withdrawn_at.is_(None),
            or_(shelf.c.kind == Kind.MADE, explore.c.clip_id.isnot(None)),
        )
        .scalar_subquery()
    )
    query = select(folders, inside.label("inside")).where(folders.c.member_id == member_id).order_by(folders.c.name)
    return [(FolderRow(*row[:-1]), int(row[-1])) for row in await tx.execute(query)]


async def rename_folder(tx: Transaction, folder_id: str, name: str) -> None:
    await tx.execute(update(folders).where(folders.c.id == folder_id).values(name=name))


async def remove_folder(tx: Transaction, folder_id: str) -> int:
    """Remove the folder and leave what lay in it; answers how much that was."""
    left = await changed(tx, update(shelf).where(shelf.c.folder_id == folder_id).values(folder_id=None))
    await tx.execute(delete(folders).where(folders.c.id == folder_id))
    return left


async def give_all_to(tx: Transaction, member_id: str, heir_id: str) -> None:
    """Two members turned out to be one: the heir gets the folders and all that lies on the shelf."""
    for folder, _ in await folders_of(tx, member_id):
        same = await folder_named(tx, heir_id, folder.name)
        if same is None:
            await tx.execute(update(folders).where(folders.c.id == folder.id).values(member_id=heir_id))
        else:
            await tx.execute(update(shelf).where(shelf.c.folder_id == folder.id).values(folder_id=same.id))
            await tx.execute(delete(folders).where(folders.c.id == folder.id))
    for row in await entries_of_member(tx, member_id):
        twin = await entry(tx, heir_id, row.clip_id)
        if twin is not None and twin.kind == Kind.MADE:
            await remove(tx, member_id, row.clip_id)
            continue
        if twin is not None:  # what one of them made and the other bookmarked is the heir's own now
            await remove(tx, heir_id, row.clip_id)
        moved = update(shelf).where(shelf.c.member_id == member_id, shelf.c.clip_id == row.clip_id)
        await tx.execute(moved.values(member_id=heir_id))

"""What was shared in Explore: its rows, its pages, and the reports about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, delete, func, insert, literal, select, update

from storage.clock import now
from storage.database import Transaction
from storage.paging import Page, Place, beyond
from storage.rows import every, one
from storage.tables import clips, explore, jobs, reports, shelf, words
from storage.words import ACROSS, of_community


class Order(StrEnum):
    """In which order Explore is shown, and the column that says so."""

    NEWEST = "newest"
    RISING = "rising"
    REMIXED = "remixed"
    PICKED = "picked"


_COLUMNS = {
    Order.NEWEST: explore.c.shared_at,
    Order.RISING: explore.c.rising,
    Order.REMIXED: explore.c.remixes,
    Order.PICKED: explore.c.picked_at,
}


@dataclass(frozen=True)
class ExploreRow:
    clip_id: str
    community_id: str
    member_id: str
    recipe: str
    hides_prompt: bool
    wants_across: bool
    across_at: int | None
    shared_at: int
    bookmarks: int
    remixes: int
    rising: int
    picked_at: int | None
    picked_by: str | None


@dataclass(frozen=True)
class ExploreItem:
    """A shared clip as Explore shows it."""

    clip_id: str
    community_id: str
    maker_id: str
    title: str | None
    brief: Mapping[str, Any]
    hides_prompt: bool
    across_at: int | None
    shared_at: int
    bookmarks: int
    remixes: int
    rising: int
    picked_at: int | None
    job_id: str
    poster_sha256: str
    seconds: float
    width: int
    height: int
    is_draft: bool


async def share(tx: Transaction, row: ExploreRow) -> None:
    await tx.execute(insert(explore).values(**vars(row)))


async def get(tx: Transaction, clip_id: str) -> ExploreRow | None:
    return await one(tx, ExploreRow, select(explore).where(explore.c.clip_id == clip_id))


async def of_recipe(tx: Transaction, community_id: str, recipe: str) -> ExploreRow | None:
    query = select(explore).where(explore.c.community_id == community_id, explore.c.recipe == recipe)
    return await one(tx, ExploreRow, query)


async def of_member(tx: Transaction, member_id: str) -> list[ExploreRow]:
    return await every(tx, ExploreRow, select(explore).where(explore.c.member_id == member_id))


async def change(tx: Transaction, clip_id: str, **values: object) -> None:
    await tx.execute(update(explore).where(explore.c.clip_id == clip_id).values(**values))


async def remove(tx: Transaction, clip_id: str) -> None:
    await tx.execute(delete(explore).where(explore.c.clip_id == clip_id))


async def count_bookmarks(tx: Transaction, clip_id: str) -> int:
    query = select(func.count()).select_from(shelf)
    query = query.where(shelf.c.clip_id == clip_id, shelf.c.kind == "bookmark", shelf.c.trashed_at.is_(None))
    return int((await tx.execute(query)).scalar_one())


# -- pages ---------------------------------------------------------------------------------------------------------


async def page(
    tx: Transaction, order: Order, *, community_id: str | None, after: Place | None, limit: int
) -> Page[ExploreItem]:
    """The highest first; `community_id` None: across all communities that allow it."""
    column = _COLUMNS[order]
    query = _items().order_by(column.desc(), explore.c.clip_id.desc()).limit(limit + 1)
    if community_id is None:
        query = query.where(explore.c.across_at.isnot(None))
    else:
        query = query.where(explore.c.community_id == community_id)
    if order is Order.PICKED:
        query = query.where(explore.c.picked_at.isnot(None))
    further = beyond(column, explore.c.clip_id, after)
    found = await every(tx, ExploreItem, query if further is None else query.where(further))
    items = found[:limit]
    if len(found) <= limit:
        return Page(items, None)
    return Page(items, Place(_value(order, items[-1]), items[-1].clip_id))


def _value(order: Order, item: ExploreItem) -> int:
    match order:
        case Order.NEWEST:
            return item.shared_at
        case Order.RISING:
            return item.rising
        case Order.REMIXED:
            return item.remixes
        case Order.PICKED:
            return item.picked_at or 0


async def items(tx: Transaction, clip_ids: Sequence[str], *, community_id: str | None) -> list[ExploreItem]:
    """These clips as they are seen from the community (None: across), in this order; what is not seen is left out."""
    # What is seen from here is sorted out below: asked for the community, too, SQLite reads all of its clips for these.
    query = _items().where(explore.c.clip_id.in_(clip_ids))
    found = {
        item.clip_id: item
        for item in await every(tx, ExploreItem, query)
        if (item.across_at is not None if community_id is None else item.community_id == community_id)
    }
    return [found[clip_id] for clip_id in clip_ids if clip_id in found]


def _items() -> Select[Any]:
    return (
        select(
            explore.c.clip_id,
            explore.c.community_id,
            explore.c.member_id.label("maker_id"),
            shelf.c.title,
            jobs.c.brief,
            explore.c.hides_prompt,
            explore.c.across_at,
            explore.c.shared_at,
            explore.c.bookmarks,
            explore.c.remixes,
            explore.c.rising,
            explore.c.picked_at,
            clips.c.job_id,
            clips.c.poster_sha256,
            clips.c.seconds,
            clips.c.width,
            clips.c.height,
            clips.c.is_draft,
        )
        .select_from(explore)
        .join(clips, clips.c.id == explore.c.clip_id)
        .join(jobs, jobs.c.id == clips.c.job_id)
        .outerjoin(shelf, (shelf.c.member_id == explore.c.member_id) & (shelf.c.clip_id == explore.c.clip_id))
        .where(clips.c.withdrawn_at.is_(None))
    )


# -- across communities --------------------------------------------------------------------------------------------


async def open_across(tx: Transaction, community_id: str) -> None:
    """The community allows it now: show elsewhere what its makers wished to."""
    theirs = (explore.c.community_id == community_id, explore.c.wants_across, explore.c.across_at.is_(None))
    await tx.execute(update(explore).where(*theirs).values(across_at=now()))
    own, there = words.alias("own"), words.alias("there")
    known = select(1).where(
        there.c.scope == ACROSS, there.c.word == own.c.word, there.c.at == own.c.at, there.c.clip_id == own.c.clip_id
    )
    wished = select(explore.c.clip_id).where(explore.c.community_id == community_id, explore.c.across_at.isnot(None))
    missing = select(literal(ACROSS), own.c.word, own.c.at, own.c.clip_id)
    missing = missing.where(own.c.scope == of_community(community_id), own.c.clip_id.in_(wished), ~known.exists())
    await tx.execute(insert(words).from_select(["scope", "word", "at", "clip_id"], missing))


async def close_across(tx: Transaction, community_id: str) -> None:
    """Its clips are seen at home only. Their words across may stay: a search shows only what is still seen there."""
    theirs = (explore.c.community_id == community_id, explore.c.across_at.isnot(None))
    await tx.execute(update(explore).where(*theirs).values(across_at=None))


# -- reports -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReportRow:
    clip_id: str
    member_id: str
    case_id: str
    category: str
    note: str
    reported_at: int


async def report_by(tx: Transaction, clip_id: str, member_id: str) -> ReportRow | None:
    query = select(reports).where(reports.c.clip_id == clip_id, reports.c.member_id == member_id)
    return await one(tx, ReportRow, query)


async def add_report(tx: Transaction, row: ReportRow) -> None:
    await tx.execute(insert(reports).values(**vars(row)))


async def reports_of_case(tx: Transaction, case_id: str) -> list[ReportRow]:
    """The first report first."""
    return await every(
        tx, ReportRow, select(reports).where(reports.c.case_id == case_id).order_by(reports.c.reported_at)
    )

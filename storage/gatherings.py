"""Gatherings: remix chains and themed parties in a channel, the jobs asked for in them, and who likes what."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, func, insert, or_, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import changed, every, one
from storage.tables import cheers, clips, gathered, gatherings, jobs, shelf, takes

Json = Mapping[str, Any]


@dataclass(frozen=True)
class GatheringRow:
    id: str
    kind: str
    community_id: str
    channel: str
    theme: str
    pot_id: str | None
    rules: Json
    started_by: str
    started_at: int
    ends_at: int | None
    ended_at: int | None
    origin: Json
    opening_clip_id: str | None
    paused_at: int | None
    ending: str | None
    ended_by: str | None
    settled_at: int | None
    reel_job_id: str | None
    reels_tried: int
    card: Json | None
    shown: str | None


@dataclass(frozen=True)
class EntryRow:
    """One job of a gathering, with what became of it."""

    job_id: str
    member_id: str
    follows: str | None
    at: int
    lapsed_at: int | None
    removed_at: int | None
    state: str  # of the job
    brief: Json
    price: int
    pot_id: str | None
    clip_id: str | None
    withdrawn_at: int | None
    erased_at: int | None
    trashed_at: int | None
    poster_sha256: str | None
    width: int | None
    height: int | None
    seconds: float | None
    likes: int


async def add(tx: Transaction, **values: object) -> None:
    await tx.execute(insert(gatherings).values(**values))


async def get(tx: Transaction, gathering_id: str, *, lock: bool = False) -> GatheringRow | None:
    """The gathering; locked, nobody else joins or ends it until the transaction ends."""
    query = select(gatherings).where(gatherings.c.id == gathering_id)
    return await one(tx, GatheringRow, query.with_for_update() if lock else query)


async def change(tx: Transaction, gathering_id: str, **values: object) -> None:
    await tx.execute(update(gatherings).where(gatherings.c.id == gathering_id).values(**values))


async def move(tx: Transaction, community_id: str, old: str, new: str) -> None:
    """The platform calls a place of this community by another id now."""
    there = (gatherings.c.community_id == community_id) & (gatherings.c.channel == old)
    await tx.execute(update(gatherings).where(there).values(channel=new))


async def open_ones(
    tx: Transaction, community_id: str, *, channel: str | None = None, kind: str | None = None
) -> list[GatheringRow]:
    """What has not ended yet, the oldest first."""
    query = select(gatherings).where(gatherings.c.community_id == community_id, gatherings.c.ended_at.is_(None))
    if channel is not None:
        query = query.where(gatherings.c.channel == channel)
    if kind is not None:
        query = query.where(gatherings.c.kind == kind)
    return await every(tx, GatheringRow, query.order_by(gatherings.c.started_at, gatherings.c.id))


async def latest(tx: Transaction, community_id: str, kind: str, limit: int) -> list[GatheringRow]:
    query = select(gatherings).where(gatherings.c.community_id == community_id, gatherings.c.kind == kind)
    return await every(
        tx, GatheringRow, query.order_by(gatherings.c.started_at.desc(), gatherings.c.id.desc()).limit(limit)
    )


async def unsettled(tx: Transaction) -> list[GatheringRow]:
    """Everything that something is still to be done about, or may come to be."""
    query = select(gatherings).where(gatherings.c.settled_at.is_(None))
    return await every(tx, GatheringRow, query.order_by(gatherings.c.started_at, gatherings.c.id))


async def started_since(tx: Transaction, member_id: str, at: int) -> int:
    query = select(func.count()).select_from(gatherings)
    query = query.where(gatherings.c.started_by == member_id, gatherings.c.started_at >= at)
    return int((await tx.execute(query)).scalar_one())


# -- entries -------------------------------------------------------------------------------------------------------


async def add_entry(tx: Transaction, gathering_id: str, job_id: str, member_id: str, follows: str | None) -> None:
    row = {"gathering_id": gathering_id, "job_id": job_id, "member_id": member_id, "follows": follows, "at": now()}
    await tx.execute(insert(gathered).values(**row))


async def entries(tx: Transaction, gathering_id: str) -> list[EntryRow]:
    """In the order in which they were asked for, each with its clip where it has one.

    A like of who has turned out to be the maker counts for nothing: nobody likes their own.
    """
    liked = (
        select(func.count())
        .select_from(cheers)
        .where(
            cheers.c.gathering_id == gathered.c.gathering_id,
            cheers.c.clip_id == clips.c.id,
            cheers.c.member_id != clips.c.member_id,
        )
        .scalar_subquery()
    )
    query = (
        select(
            gathered.c.job_id,
            gathered.c.member_id,
            gathered.c.follows,
            gathered.c.at,
            gathered.c.lapsed_at,
            gathered.c.removed_at,
            jobs.c.state,
            jobs.c.brief,
            jobs.c.price,
            jobs.c.pot_id,
            clips.c.id.label("clip_id"),
            clips.c.withdrawn_at,
            clips.c.erased_at,
            shelf.c.trashed_at,
            clips.c.poster_sha256,
            clips.c.width,
            clips.c.height,
            clips.c.seconds,
            liked.label("likes"),
        )
        .join(jobs, jobs.c.id == gathered.c.job_id)
        .outerjoin(takes, and_(takes.c.job_id == gathered.c.job_id, takes.c.number == 1))
        .outerjoin(clips, clips.c.id == takes.c.id)
        .outerjoin(shelf, and_(shelf.c.member_id == clips.c.member_id, shelf.c.clip_id == clips.c.id))
        .where(gathered.c.gathering_id == gathering_id)
        .order_by(gathered.c.at, gathered.c.job_id)
    )
    return await every(tx, EntryRow, query)


async def change_entry(tx: Transaction, gathering_id: str, job_id: str, **values: object) -> None:
    its = and_(gathered.c.gathering_id == gathering_id, gathered.c.job_id == job_id)
    await tx.execute(update(gathered).where(its).values(**values))


async def under_way_of(tx: Transaction, member_id: str, community_id: str) -> list[str]:
    """The open gatherings of this community in which a clip of the member is being made."""
    query = (
        select(gathered.c.gathering_id)
        .join(jobs, jobs.c.id == gathered.c.job_id)
        .join(gatherings, gatherings.c.id == gathered.c.gathering_id)
        .where(gathered.c.member_id == member_id, gathered.c.lapsed_at.is_(None), gathered.c.removed_at.is_(None))
        .where(jobs.c.ended_at.is_(None), gatherings.c.community_id == community_id, gatherings.c.settled_at.is_(None))
    )
    return [str(found) for (found,) in await tx.execute(query)]


async def consented(tx: Transaction, job_id: str) -> set[str]:
    """Clips that this job may stand on because of a gathering: who joined one agreed to be gone on with there.

    An entry of a chain may stand on the clip that it follows, and a reel on every clip that was entered. A clip that a
    chain began with is agreed on by its maker alone.
    """
    follows = (
        select(gathered.c.follows)
        .join(gatherings, gatherings.c.id == gathered.c.gathering_id)
        .join(clips, clips.c.id == gathered.c.follows)
        .where(
            gathered.c.job_id == job_id,
            or_(gatherings.c.opening_clip_id != clips.c.id, gatherings.c.started_by == clips.c.member_id)
            | gatherings.c.opening_clip_id.is_(None),
        )
    )
    found = {str(clip) for (clip,) in await tx.execute(follows)}
    reel = await one(tx, GatheringRow, select(gatherings).where(gatherings.c.reel_job_id == job_id))
    if reel is not None:
        found |= {row.clip_id for row in await entries(tx, reel.id) if row.clip_id and row.removed_at is None}
    return found


# -- likes ---------------------------------------------------------------------------------------------------------


async def like(tx: Transaction, gathering_id: str, clip_id: str, member_id: str) -> bool:
    """False when they like it already."""
    its = _like_of(gathering_id, clip_id, member_id)
    if (await tx.execute(select(cheers.c.at).where(its))).first() is not None:
        return False
    row = {"gathering_id": gathering_id, "clip_id": clip_id, "member_id": member_id, "at": now()}
    await tx.execute(insert(cheers).values(**row))
    return True


async def unlike(tx: Transaction, gathering_id: str, clip_id: str, member_id: str) -> bool:
    return bool(await changed(tx, delete(cheers).where(_like_of(gathering_id, clip_id, member_id))))


async def liked_by(tx: Transaction, gathering_id: str, member_id: str) -> set[str]:
    query = select(cheers.c.clip_id).where(cheers.c.gathering_id == gathering_id, cheers.c.member_id == member_id)
    return {str(clip) for (clip,) in await tx.execute(query)}


def _like_of(gathering_id: str, clip_id: str, member_id: str) -> Any:
    return and_(cheers.c.gathering_id == gathering_id, cheers.c.clip_id == clip_id, cheers.c.member_id == member_id)


# -- cards and leaving ---------------------------------------------------------------------------------------------


async def shown_on(tx: Transaction, platform: str, *, ended_since: int) -> list[GatheringRow]:
    """What may need its card on this platform brought up to date: all that is not settled, or was just now."""
    fresh = or_(gatherings.c.settled_at.is_(None), gatherings.c.settled_at >= ended_since)
    query = select(gatherings).where(fresh).order_by(gatherings.c.started_at, gatherings.c.id)
    return [row for row in await every(tx, GatheringRow, query) if row.origin.get("platform") == platform]


async def forget_started_by(tx: Transaction, member_ids: Collection[str]) -> None:
    """Who leaves takes their theme along, and what they had started is over, without a reel: it would be theirs.

    The card stays known, so that its platform can empty it.
    """
    at = now()
    theirs = gatherings.c.started_by.in_(member_ids)
    for row in await every(tx, GatheringRow, select(gatherings).where(theirs)):
        over = {"ended_at": row.ended_at or at, "settled_at": row.settled_at or at, "ending": row.ending or "left"}
        origin = {"platform": row.origin.get("platform", "")}
        await change(tx, row.id, theme="", origin=origin, **over)

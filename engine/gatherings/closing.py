"""How gatherings end and their reels are made: one step at a time, each a transaction of its own.

Whoever has the shift calls `due` and `step` again and again. All that was done is in the rows, so that a process that
is killed between two steps, or twenty that take the same step at once, come to one ending and one reel.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engine import jobs, sources
from engine.brief import SECONDS_LIMIT, SHORTEST_WINDOW, Aspect, Brief, Card, ClipSource, Look, Operation, Resolution
from engine.gatherings.joining import OVERLAP, Circle, circle
from engine.gatherings.rules import LEAST_IN_REEL, MINUTE_MS, PartyRules
from engine.gatherings.states import Ending, Entry, ending_due, most_liked, rules_of, standing, under_way
from engine.jobs import ENDED_JOBS, JobState
from engine.looks import aspect_of, resolution_of
from engine.origin import Origin
from engine.sources import MP4, Standing
from storage import clips, gatherings, members
from storage import jobs as ledger
from storage import sources as stored_sources
from storage.clock import now
from storage.database import Transaction
from storage.gatherings import GatheringRow

GRACE_MS: Final = 15 * MINUTE_MS  # for what was asked for in time and is still being made
REELS_TRIED: Final = 3  # a clip may be taken down while the reel is drawn
_SECONDS_EACH: Final = 10.0  # of a clip in a reel, at most
_SEED: Final = 1  # two reels of the same clips are the same film


def is_due(there: Circle, at: int, *, reel_rests: bool) -> bool:
    """Whether `step` would do something now: a look that takes no lock."""
    row = there.row
    if row.settled_at is not None:
        return False
    if row.ended_at is None:
        return ending_due(row, there.entries, at) is not None
    if row.reel_job_id is not None:
        return reel_rests
    return not under_way(there.entries) or at >= row.ended_at + GRACE_MS


async def end(tx: Transaction, row: GatheringRow, ending: Ending, by: str | None = None) -> None:
    await gatherings.change(tx, row.id, ended_at=now(), ending=ending.value, ended_by=by, paused_at=None)


async def step(tx: Transaction, gathering_id: str) -> bool:
    """Take the gathering as far as it can go now; False when there was nothing to do."""
    row = await gatherings.get(tx, gathering_id, lock=True)
    if row is None or row.settled_at is not None:
        return False
    there, at = await circle(tx, row), now()
    if not is_due(there, at, reel_rests=await reel_rests(tx, row)):
        return False
    if row.ended_at is None:
        ending = ending_due(row, there.entries, at)
        assert ending is not None
        await end(tx, row, ending)
        return True
    for late in under_way(there.entries):
        await gatherings.change_entry(tx, row.id, late.row.job_id, lapsed_at=at)
    if not await _wants_a_reel(tx, row) or not await _make_reel(tx, await circle(tx, row)):
        await gatherings.change(tx, row.id, settled_at=at)
    return True


async def _wants_a_reel(tx: Transaction, row: GatheringRow) -> bool:
    """It has none, and the last one failed of itself: what somebody refused or called off is not tried again."""
    if row.reel_job_id is None:
        return True
    job = await ledger.get(tx, row.reel_job_id)
    has_failed = job is not None and job.state == JobState.FAILED and not await clips.of_job(tx, job.id)
    return has_failed and row.reels_tried < REELS_TRIED


async def reel_rests(tx: Transaction, row: GatheringRow) -> bool:
    """Whether the reel's job has ended, well or not. One that waits for a moderator has not."""
    job = await ledger.get(tx, row.reel_job_id) if row.reel_job_id is not None else None
    return job is not None and job.state in ENDED_JOBS


async def _make_reel(tx: Transaction, there: Circle) -> bool:
    """Ask for the reel; False when there is too little to show. It costs nobody anything."""
    row = there.row
    chosen = chosen_for_reel(there)
    if len(chosen) < LEAST_IN_REEL:
        return False
    found = [await _standing(tx, source) for source in reel_sources(chosen)]
    brief = reel_brief(found)
    member_id = await members.current_id(tx, row.started_by)
    job_id = await jobs.ask(
        tx,
        brief,
        member_id=member_id,
        community_id=row.community_id,
        origin=Origin.model_validate(row.origin),
        seeds=[_SEED],
        price_of_take=0,
    )
    await gatherings.change(tx, row.id, reel_job_id=job_id, reels_tried=row.reels_tried + 1)
    await stored_sources.add(tx, sources.rows_of(job_id, brief, found))
    return True


async def _standing(tx: Transaction, source: ClipSource) -> Standing:
    clip = await clips.get(tx, source.clip_id)
    assert clip is not None
    return Standing(source, clip.sha256, MP4, clip.width, clip.height, clip.seconds)


# -- the reel ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A clip in a reel."""

    clip_id: str
    seconds: float
    begins_like: str | None = None  # the clip whose end it begins with


def chosen_for_reel(there: Circle) -> list[Part]:
    """A party's most liked, the best last; a chain from its first clip to its last."""
    rules = rules_of(there.row)
    if isinstance(rules, PartyRules):
        return [_part(entry) for entry in most_liked(there.entries, rules.reel_of)]
    chain = [_part(entry) for entry in standing(there.entries)]
    opening = there.opening
    if opening is None or opening.member_id != there.row.started_by or len(chain) >= rules.most:
        return chain
    return [Part(opening.id, opening.seconds), *chain]


def _part(entry: Entry) -> Part:
    row = entry.row
    assert row.clip_id is not None and row.seconds is not None
    continues = row.brief.get("operation") == Operation.RECUT
    return Part(row.clip_id, row.seconds, row.follows if continues else None)


def reel_sources(chosen: Sequence[Part]) -> list[ClipSource]:
    """What the reel shows of each clip: what two clips of a chain share is shown once."""
    most = min(_SECONDS_EACH, SECONDS_LIMIT / len(chosen))
    found: list[ClipSource] = []
    for part in chosen:
        is_repeated = (
            bool(found) and found[-1].clip_id == part.begins_like and part.seconds >= OVERLAP + SHORTEST_WINDOW
        )
        start = OVERLAP if is_repeated else 0.0
        end = round(min(part.seconds, start + most), 3)
        found.append(ClipSource(clip_id=part.clip_id, start=start, end=end))
    return found


def reel_brief(found: Sequence[Standing]) -> Brief:
    """A storyboard of the clips, one after the other, in the shape of most of them."""
    shapes = Counter(aspect_of(one) for one in found)
    aspect: Aspect = max(shapes, key=lambda shape: shapes[shape])
    sharpest = max((resolution_of(one) for one in found), key=list(Resolution).index)
    resolution = min(sharpest, Resolution.P720, key=list(Resolution).index)
    cards, at = [], 0.0
    for one in found:
        source = one.source
        assert isinstance(source, ClipSource) and source.end is not None
        cards.append(Card(at=round(at, 3), source=source))
        at += source.end - source.start
    look = Look(aspect=aspect, resolution=resolution, seconds=min(SECONDS_LIMIT, round(at, 3)))
    return Brief(operation=Operation.STORYBOARD, cards=tuple(cards), look=look)

"""Joining a gathering: who may, when, with what, and who pays. Each function is part of its caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pydantic import ValidationError

from engine import asking, members
from engine.asking import House, Quote, Terms
from engine.brief import SHORTEST_SECONDS, Aspect, Brief, ClipSource, Operation
from engine.brief_problems import problem_of
from engine.errors import StudioError
from engine.gatherings.rules import MINUTE_MS
from engine.gatherings.states import Entry, Kind, State, Turn, entries_from, rules_of, spent, state_of, turn_of
from engine.gatherings.states import standing as stands
from engine.gatherings.states import under_way as making
from engine.jobs import JobState
from engine.looks import fitted
from engine.members import Asker
from engine.origin import Origin
from engine.sources import MP4, Standing
from engine.turns import Lane
from storage import clips, gatherings, library
from storage import members as people
from storage.clips import ClipRow
from storage.clock import now
from storage.database import Transaction
from storage.gatherings import EntryRow, GatheringRow

OVERLAP: Final = 1.0  # seconds of the clip before, which the next one begins with
STEP_SECONDS: Final = 4.0  # what a clip of a chain adds, when nobody says otherwise


@dataclass(frozen=True)
class Wish:
    """What a member wants to do with the last clip of a chain: go on with it, or, with a strength, change it."""

    prompt: str
    strength: float | None = None
    style: str | None = None
    seconds: float | None = None  # that it adds; of the first clip, that it lasts
    aspect: Aspect | None = None  # of the first clip
    seed: int | None = None


@dataclass(frozen=True)
class Circle:
    """A gathering as it is now, with all that decides what may be done in it."""

    row: GatheringRow
    entry_rows: Sequence[EntryRow]
    entries: Sequence[Entry]
    opening: ClipRow | None  # the clip that a chain began with, as long as it is there

    @property
    def turn(self) -> Turn:
        return turn_of(self.row, self.entries, self.opening)


async def circle(tx: Transaction, row: GatheringRow) -> Circle:
    rows = await gatherings.entries(tx, row.id)
    return Circle(row, rows, entries_from(rows), await _opening(tx, row))


async def _opening(tx: Transaction, row: GatheringRow) -> ClipRow | None:
    clip = await clips.get(tx, row.opening_clip_id) if row.opening_clip_id else None
    if clip is None or clip.withdrawn_at is not None:
        return None
    own = await library.entry(tx, clip.member_id, clip.id)
    return clip if own is not None and own.trashed_at is None else None


# -- who may -------------------------------------------------------------------------------------------------------


async def check_may_join(tx: Transaction, asker: Asker, there: Circle) -> None:
    """StudioError with the first reason for which the asker may not make a clip here now."""
    await members.check_unrestricted(tx, asker.member_id, there.row.community_id)
    _check_open(there.row)
    rules, member_id = rules_of(there.row), await people.current_id(tx, asker.member_id)
    if len(stands(there.entries)) + len(making(there.entries)) >= rules.most:
        raise StudioError("gathering.full", limit=rules.most)
    if there.row.kind == Kind.CHAIN:
        _check_turn(there, member_id)
    if await gatherings.under_way_of(tx, member_id, there.row.community_id):
        raise StudioError("gathering.one_at_a_time")
    own = [entry for entry in there.entries if entry.row.member_id == member_id]
    if rules.most_each is not None and len(own) >= rules.most_each:
        raise StudioError("gathering.most_each", limit=rules.most_each)
    _check_pace(there, member_id)


def _check_open(row: GatheringRow) -> None:
    if row.ended_at is not None or (row.ends_at is not None and row.ends_at <= now()):
        raise StudioError("gathering.over")
    if state_of(row) is State.PAUSED:
        raise StudioError("gathering.paused")


def _check_turn(there: Circle, member_id: str) -> None:
    turn = there.turn
    if turn.taken is not None and turn.until is not None and turn.until > now():
        if turn.taken.row.member_id == member_id:
            raise StudioError("gathering.one_at_a_time")
        raise StudioError("chain.taken", until=_time(turn.until))
    if turn.last_member == member_id:
        raise StudioError("chain.twice")


def _check_pace(there: Circle, member_id: str) -> None:
    """What failed through no fault of theirs does not count; what was refused does."""
    counted = [
        row.at
        for row in there.entry_rows
        if row.member_id == member_id and (row.clip_id or row.state != JobState.FAILED)
    ]
    free_at = max(counted, default=0) + rules_of(there.row).pace_minutes * MINUTE_MS
    if counted and free_at > now():
        raise StudioError("gathering.pace", until=_time(free_at))


def _time(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="seconds")


# -- with what -----------------------------------------------------------------------------------------------------


def chain_brief(there: Circle, wish: Wish, usual: Brief) -> Brief:
    """What the wish comes to, whatever the chain stands at: it goes on from the last clip, or changes it.

    `usual`: how the first clip looks, where nothing was there before.
    """
    try:
        return _chain_brief(there, wish, usual)
    except ValidationError as error:
        raise problem_of(error) from None


def _chain_brief(there: Circle, wish: Wish, usual: Brief) -> Brief:
    follows = there.turn.follows
    last = next((entry.row for entry in there.entries if entry.clip_id == follows), None) or there.opening
    if follows is None or last is None:
        look = {"style": wish.style, "seconds": wish.seconds, "aspect": wish.aspect}
        look = usual.look.model_dump() | {name: value for name, value in look.items() if value is not None}
        return Brief.model_validate({"prompt": wish.prompt, "seed": wish.seed, "look": look})
    assert last.width is not None and last.height is not None and last.seconds is not None
    fields: dict[str, object] = {"prompt": wish.prompt, "seed": wish.seed, "look": {"style": wish.style}}
    source = ClipSource(clip_id=follows)
    if wish.strength is not None:
        fields |= {"operation": Operation.REMIX, "strength": wish.strength}
    else:
        source = ClipSource(clip_id=follows, start=max(0.0, round(last.seconds - OVERLAP, 3)))
        added = wish.seconds if wish.seconds is not None else STEP_SECONDS
        fields |= {"operation": Operation.RECUT, "after": max(added, SHORTEST_SECONDS)}
    brief = Brief.model_validate(fields | {"sources": [source.model_dump()]})
    sha256 = ""  # a look is fitted to shape and length alone
    return fitted(brief, [Standing(source, sha256, MP4, last.width, last.height, last.seconds)])


def check_brief(there: Circle, brief: Brief) -> None:
    """StudioError unless the brief can be an entry: one clip, and in a chain one that goes on from the last."""
    if brief.takes != 1:
        raise StudioError("gathering.one_clip")
    if there.row.kind == Kind.CHAIN:
        named = [one.clip_id for one in brief.made_from if isinstance(one, ClipSource)]
        follows = there.turn.follows
        if named != ([follows] if follows is not None else []) or len(brief.made_from) != len(named):
            raise StudioError("chain.moved_on")


# -- who pays, and in it goes --------------------------------------------------------------------------------------


async def terms_in(
    tx: Transaction, house: House, there: Circle, brief: Brief, asker: Asker, *, own: bool
) -> tuple[Terms, Quote]:
    """Who pays: the sponsor's pot as far as it goes; `own`: the member, whatever is in it."""
    pot_id = None if own else there.row.pot_id
    terms = Terms(Lane.PRIORITY, pot_id)
    quote = await asking.quote(tx, house, brief, asker, terms)
    budget = rules_of(there.row).budget
    if pot_id is not None and quote.price and budget is not None:
        left = max(0, budget - spent(there.entry_rows))
        if quote.price > left:
            raise StudioError("gathering.budget", needed=quote.price, left=left)
    return terms, quote


async def join(
    tx: Transaction, house: House, there: Circle, brief: Brief, asker: Asker, origin: Origin, *, own: bool
) -> str:
    """Ask for the clip as an entry of the gathering; answers with the job."""
    await check_may_join(tx, asker, there)
    check_brief(there, brief)
    terms, _ = await terms_in(tx, house, there, brief, asker, own=own)
    turn = there.turn if there.row.kind == Kind.CHAIN else None
    consented = _agreed(there, turn)
    job_id = await asking.ask(tx, house, brief, asker, origin, terms, consented=consented)
    for late in making(there.entries) if turn is not None else ():
        await gatherings.change_entry(tx, there.row.id, late.row.job_id, lapsed_at=now())
    member_id = await people.current_id(tx, asker.member_id)
    await gatherings.add_entry(tx, there.row.id, job_id, member_id, turn.follows if turn else None)
    return job_id


def _agreed(there: Circle, turn: Turn | None) -> set[str]:
    """The same as `storage.gatherings.consented` says of the job once it is written."""
    if turn is None or turn.follows is None:
        return set()
    is_strangers = there.opening is not None and there.opening.member_id != there.row.started_by
    return set() if is_strangers and turn.follows == there.row.opening_clip_id else {turn.follows}


def left_in_budget(there: Circle) -> int | None:
    """How much of the pot this gathering may still use; None without a bound."""
    rules = rules_of(there.row)
    return None if rules.budget is None else max(0, rules.budget - spent(there.entry_rows))

"""A gathering as bots show it: enough for a card that is pinned in a channel and kept up to date."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from engine.gatherings.closing import GRACE_MS
from engine.gatherings.joining import Circle, left_in_budget
from engine.gatherings.rules import HOUR_MS, ChainRules, PartyRules
from engine.gatherings.states import (
    Ending,
    Entry,
    EntryState,
    Gap,
    Kind,
    State,
    idle_since,
    rules_of,
    standing,
    state_of,
    under_way,
)
from engine.handed import Preview
from engine.jobs import JobState
from storage import clips, members
from storage import credits as accounts
from storage import jobs as ledger
from storage.blobs import Blobs
from storage.clock import now
from storage.credits import Account
from storage.database import Transaction
from storage.gatherings import GatheringRow

ON_SHEET: Final = 12  # clips


@dataclass(frozen=True)
class EntryView:
    number: int
    job_id: str
    member_id: str
    at: int
    state: EntryState
    gap: Gap | None
    clip_id: str | None
    prompt: str  # empty where its clip is gone
    preview: Preview | None  # only of what stands
    likes: int
    follows: str | None  # in a chain: the clip that it goes on from


@dataclass(frozen=True)
class TurnView:
    """Whose turn it is in a chain."""

    follows: str | None  # None: the first clip is still to be made
    last_member: str | None  # who cannot go on just now
    taken_by: str | None  # whose clip is being made
    until: int | None  # when others may go on all the same


@dataclass(frozen=True)
class ReelView:
    job_id: str
    state: JobState
    clip_id: str | None


@dataclass(frozen=True)
class GatheringView:
    id: str
    kind: Kind
    community_id: str
    place: str
    theme: str
    rules: ChainRules | PartyRules
    started_by: str
    started_at: int
    ends_at: int | None
    state: State
    ending: Ending | None
    entries: tuple[EntryView, ...]
    turn: TurnView | None  # of a chain that goes on
    opening_clip_id: str | None
    pot_id: str | None
    left: int | None  # credits that the sponsor pays yet; None: nobody does
    reel: ReelView | None
    changes_at: int | None  # when it will next change by itself: look again then
    digest: str  # of all that a card shows: another one, and the card is out of date

    @property
    def standing(self) -> tuple[EntryView, ...]:
        return tuple(entry for entry in self.entries if entry.state is EntryState.STANDING)

    @property
    def shown_on_sheet(self) -> tuple[EntryView, ...]:
        """The latest that have a picture."""
        return tuple(entry for entry in self.standing if entry.preview is not None)[-ON_SHEET:]

    @property
    def makers(self) -> int:
        return len({entry.member_id for entry in self.standing})

    @property
    def best(self) -> tuple[EntryView, ...]:
        """What is liked, the most liked first."""
        liked = [entry for entry in self.standing if entry.likes]
        return tuple(sorted(liked, key=lambda entry: (-entry.likes, entry.number)))


async def view(tx: Transaction, blobs: Blobs, there: Circle) -> GatheringView:
    row = there.row
    is_open = state_of(row) in (State.OPEN, State.PAUSED)
    entries = tuple(
        [_entry(entry, blobs, await members.current_id(tx, entry.row.member_id)) for entry in there.entries]
    )
    turn = await _turn(tx, there) if row.kind == Kind.CHAIN and is_open else None
    reel, left = await _reel(tx, row), await _left(tx, there) if is_open else None
    shown: list[object] = [row.theme, state_of(row), row.ending, row.ends_at, left, _shown(entries)]
    shown += [vars(turn) if turn else None, vars(reel) if reel else None]
    return GatheringView(
        id=row.id,
        kind=Kind(row.kind),
        community_id=row.community_id,
        place=row.channel,
        theme=row.theme,
        rules=rules_of(row),
        started_by=await members.current_id(tx, row.started_by),
        started_at=row.started_at,
        ends_at=row.ends_at,
        state=state_of(row),
        ending=Ending(row.ending) if row.ending else None,
        entries=entries,
        turn=turn,
        opening_clip_id=there.opening.id if there.opening is not None else None,
        pot_id=row.pot_id,
        left=left,
        reel=reel,
        changes_at=changes_at(there),
        digest=hashlib.sha256(json.dumps(shown, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest(),
    )


def _entry(entry: Entry, blobs: Blobs, member_id: str) -> EntryView:
    row, stands = entry.row, entry.state is EntryState.STANDING
    preview = None
    if stands and row.clip_id is not None and row.poster_sha256 is not None:
        preview = Preview(row.clip_id, blobs.path(row.poster_sha256, ".jpg"))
    return EntryView(
        number=entry.number,
        job_id=row.job_id,
        member_id=member_id,
        at=row.at,
        state=entry.state,
        gap=entry.gap,
        clip_id=row.clip_id if stands else None,
        prompt=str(row.brief.get("prompt") or "") if stands else "",
        preview=preview,
        likes=row.likes if stands else 0,
        follows=row.follows,
    )


def _shown(entries: Sequence[EntryView]) -> list[list[object]]:
    return [[one.job_id, one.state, one.gap, one.clip_id, one.likes, one.member_id] for one in entries]


async def _turn(tx: Transaction, there: Circle) -> TurnView:
    turn = there.turn
    last = await members.current_id(tx, turn.last_member) if turn.last_member else None
    is_taken = turn.taken is not None and turn.until is not None and turn.until > now()
    taken_by = turn.taken.row.member_id if turn.taken is not None and is_taken else None
    return TurnView(turn.follows, last, taken_by, turn.until if is_taken else None)


async def _reel(tx: Transaction, row: GatheringRow) -> ReelView | None:
    job = await ledger.get(tx, row.reel_job_id) if row.reel_job_id is not None else None
    if job is None:
        return None
    made = [clip for clip in await clips.of_job(tx, job.id) if clip.withdrawn_at is None]
    return ReelView(job.id, JobState(job.state), made[0].id if made else None)


async def _left(tx: Transaction, there: Circle) -> int | None:
    """What the sponsor pays yet: what is in the pot, and no more than this gathering may use of it."""
    if there.row.pot_id is None:
        return None
    available = (await accounts.balance(tx, Account(pot_id=there.row.pot_id))).available
    bound = left_in_budget(there)
    return available if bound is None else min(bound, available)


def changes_at(there: Circle) -> int | None:
    """The next moment at which something happens though nobody does anything."""
    row, at = there.row, now()
    if row.settled_at is not None or row.reel_job_id is not None:
        return None
    if row.ended_at is not None:
        return row.ended_at + GRACE_MS if under_way(there.entries) else at
    moments = [row.ends_at] if row.ends_at is not None else []
    rules = rules_of(row)
    if isinstance(rules, ChainRules):
        moments.append(idle_since(row, there.entries) + rules.idle_hours * HOUR_MS)
        turn = there.turn
        if turn.until is not None and turn.until > at:
            moments.append(turn.until)
    if len(standing(there.entries)) >= rules.most and not under_way(there.entries):
        moments.append(at)
    return min(moments, default=None)

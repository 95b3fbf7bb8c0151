"""What a gathering's rows come to: which clips stand, where there are gaps, whose turn it is. None of it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.gatherings.rules import HOUR_MS, MINUTE_MS, ChainRules, PartyRules
from engine.jobs import ENDED_JOBS, JobState
from storage.clips import ClipRow
from storage.gatherings import EntryRow, GatheringRow


class Kind(StrEnum):
    CHAIN = "chain"
    PARTY = "party"


class State(StrEnum):
    OPEN = "open"
    PAUSED = "paused"  # by a moderator; a party's clock goes on
    CLOSING = "closing"  # nothing is taken any more; what is being made still comes in, and the reel is made
    OVER = "over"


class Ending(StrEnum):
    TIME = "time"
    FULL = "full"
    IDLE = "idle"
    CLOSED = "closed"  # by whoever started it, or by a moderator
    LEFT = "left"  # whoever started it has had all that they had deleted


class EntryState(StrEnum):
    MAKING = "making"
    HELD = "held"  # a moderator looks at it
    STANDING = "standing"
    GAP = "gap"


class Gap(StrEnum):
    """Why a clip that was entered is not to be seen."""

    TAKEN_DOWN = "taken_down"
    DELETED = "deleted"
    PUT_AWAY = "put_away"  # in its maker's trash
    REMOVED = "removed"  # from the gathering alone
    LATE = "late"  # it took too long, and others went on without it


@dataclass(frozen=True)
class Entry:
    number: int
    row: EntryRow
    state: EntryState
    gap: Gap | None = None

    @property
    def clip_id(self) -> str | None:
        return self.row.clip_id

    @property
    def is_under_way(self) -> bool:
        return self.state in (EntryState.MAKING, EntryState.HELD)


@dataclass(frozen=True)
class Turn:
    """In a chain: what is gone on with, who cannot, and whose clip is being made."""

    follows: str | None  # None: the next clip is the first
    last_member: str | None  # who made what is gone on with: not twice in a row
    taken: Entry | None = None
    until: int | None = None  # when others may go on without what is being made


def rules_of(row: GatheringRow) -> ChainRules | PartyRules:
    return (ChainRules if row.kind == Kind.CHAIN else PartyRules).model_validate(row.rules)


def state_of(row: GatheringRow) -> State:
    if row.settled_at is not None:
        return State.OVER
    if row.ended_at is not None:
        return State.CLOSING
    return State.PAUSED if row.paused_at is not None else State.OPEN


def entries_from(rows: Sequence[EntryRow]) -> tuple[Entry, ...]:
    """Every clip that was entered and all that may become one; what failed or was refused never was there."""
    kept = [row for row in rows if row.clip_id is not None or (row.state not in ENDED_JOBS and row.removed_at is None)]
    return tuple(_entry(number, row) for number, row in enumerate(kept, start=1))


def _entry(number: int, row: EntryRow) -> Entry:
    gap = _gap(row)
    if gap is not None:
        return Entry(number, row, EntryState.GAP, gap)
    if row.clip_id is not None:
        return Entry(number, row, EntryState.STANDING)
    return Entry(number, row, EntryState.HELD if row.state == JobState.HELD else EntryState.MAKING)


def _gap(row: EntryRow) -> Gap | None:
    if row.removed_at is not None:
        return Gap.REMOVED
    if row.lapsed_at is not None:
        return Gap.LATE
    if row.erased_at is not None:
        return Gap.DELETED
    if row.withdrawn_at is not None:
        return Gap.TAKEN_DOWN
    return Gap.PUT_AWAY if row.trashed_at is not None else None


def standing(entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.state is EntryState.STANDING]


def under_way(entries: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.is_under_way]


def turn_of(row: GatheringRow, entries: Sequence[Entry], opening: ClipRow | None) -> Turn:
    """`opening`: the clip that the chain began with, as long as it is there."""
    rules = rules_of(row)
    assert isinstance(rules, ChainRules)
    stands = standing(entries)
    if stands:
        follows, last = stands[-1].clip_id, stands[-1].row.member_id
    elif opening is not None:
        follows, last = opening.id, opening.member_id
    else:
        follows, last = None, None
    making = under_way(entries)
    if not making:
        return Turn(follows, last)
    return Turn(follows, last, making[-1], making[-1].row.at + rules.turn_minutes * MINUTE_MS)


def most_liked(entries: Sequence[Entry], count: int) -> list[Entry]:
    """What was liked most, the most liked last: a reel ends with its best. Among equals the earlier one."""
    ranked = sorted(standing(entries), key=lambda entry: (-entry.row.likes, entry.row.at, entry.row.job_id))
    return ranked[:count][::-1]


def spent(entries: Sequence[EntryRow]) -> int:
    """What of its pot the gathering costs, or may come to: what was paid back is not counted."""
    returned = {JobState.REFUSED, JobState.FAILED, JobState.CANCELLED}
    return sum(
        row.price for row in entries if row.pot_id is not None and not (row.state in returned and not row.clip_id)
    )


def idle_since(row: GatheringRow, entries: Sequence[Entry]) -> int:
    return max([row.started_at, *(entry.row.at for entry in entries)])


def ending_due(row: GatheringRow, entries: Sequence[Entry], at: int) -> Ending | None:
    """Why it is over by now, by itself."""
    rules = rules_of(row)
    if row.ends_at is not None and row.ends_at <= at:
        return Ending.TIME
    if len(standing(entries)) >= rules.most and not under_way(entries):
        return Ending.FULL
    if isinstance(rules, ChainRules):
        return Ending.IDLE if idle_since(row, entries) + rules.idle_hours * HOUR_MS <= at else None
    return None

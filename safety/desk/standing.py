"""A member's standing: the strikes that count now, and the step that follows from them."""

from dataclasses import dataclass
from enum import StrEnum

from safety.desk import rules
from storage import restrictions, strikes
from storage.clock import now
from storage.database import Transaction
from storage.restrictions import RestrictionRow
from storage.strikes import StrikeRow

_DAY_MS = 86_400_000
_MINUTE_MS = 60_000


class Step(StrEnum):
    """What strikes lead to, the mildest first. Each lasts until strikes have run out or were lifted."""

    GOOD = "good"
    NOTICE = "notice"
    SLOW = "slow"  # one request in a while
    REVIEW = "review"  # each request passes by a moderator
    PAUSE = "pause"  # no requests for some days after the last strike; then as REVIEW


@dataclass(frozen=True)
class Standing:
    step: Step
    strikes: tuple[StrikeRow, ...]
    paused_until: int | None  # because of the strikes, no requests until then
    restriction: RestrictionRow | None  # a moderator said so, whatever the strikes; it may have no end

    @property
    def next_expiry(self) -> int | None:
        """When the first of the strikes runs out."""
        return min((strike.expires_at for strike in self.strikes), default=None)

    @property
    def slow_ms(self) -> int:
        """How long to wait between two requests."""
        return rules.shipped().strikes.slow_mode_minutes * _MINUTE_MS if self.step is Step.SLOW else 0


async def of_member(tx: Transaction, member_id: str, community_id: str) -> Standing:
    found = tuple(await strikes.active(tx, member_id, community_id))
    step = step_after(len(found))
    paused_until = found[-1].at + rules.shipped().strikes.pause_days * _DAY_MS if step is Step.PAUSE else None
    if paused_until is not None and paused_until <= now():
        step, paused_until = Step.REVIEW, None
    return Standing(step, found, paused_until, await restrictions.in_force(tx, member_id, community_id))


def step_after(count: int) -> Step:
    steps = rules.shipped().strikes
    for least, step in (
        (steps.pause, Step.PAUSE),
        (steps.review, Step.REVIEW),
        (steps.slow, Step.SLOW),
        (steps.notice, Step.NOTICE),
    ):
        if count >= least:
            return step
    return Step.GOOD

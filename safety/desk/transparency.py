"""What a community can tell about its moderation in a period: counts and durations, and nobody's name."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Final

from storage import appeals, decisions, doubts
from storage.database import Transaction
from storage.decisions import Timed

_MINUTE_MS: Final = 60_000
_DAY_MS: Final = 86_400_000
LONGER: Final = "longer"
# Within which time a decision came, from the case's opening; the last is for what took longer.
WAITS: Final = {
    "5_minutes": 5 * _MINUTE_MS,
    "1_hour": 60 * _MINUTE_MS,
    "4_hours": 240 * _MINUTE_MS,
    "12_hours": 720 * _MINUTE_MS,
    "1_day": _DAY_MS,
    LONGER: 1 << 62,
}


@dataclass(frozen=True)
class Transparency:
    start: int
    end: int
    decisions: int
    automated: int
    undone: int
    by_category: dict[str, dict[str, int]]  # reason -> action -> count
    strikes: int
    restrictions: int
    appeals: int
    judged: int
    overturned: int
    doubts: int  # refusals that their members called wrong without an appeal
    median_ms: int | None  # from the case's opening to its decision, people's decisions alone
    slowest_5_percent_ms: int | None  # 95 of 100 were decided within this time
    by_day: dict[str, dict[str, int]]  # every day of the period (UTC) -> people, automated -> count
    waits: dict[str, int]  # how many of people's decisions came within which time: see WAITS

    @property
    def automated_share(self) -> float:
        return self.automated / self.decisions if self.decisions else 0.0

    @property
    def overturn_rate(self) -> float:
        return self.overturned / self.judged if self.judged else 0.0


async def report(tx: Transaction, community_id: str, start: int, end: int) -> Transparency:
    every = await decisions.in_period(tx, community_id, start, end)
    standing = [one for one in every if one.undone_at is None]
    counts: dict[str, Counter[str]] = {}
    for one in standing:
        counts.setdefault(one.reason, Counter())[one.action] += 1
    took = sorted(one.at - one.opened_at for one in standing if one.opened_at is not None and not one.automated)
    filed = await appeals.in_period(tx, community_id, start, end)
    outcomes = Counter(appeal.outcome for appeal in filed)
    return Transparency(
        start=start,
        end=end,
        decisions=len(standing),
        automated=sum(one.automated for one in standing),
        undone=len(every) - len(standing),
        by_category={reason: dict(sorted(actions.items())) for reason, actions in sorted(counts.items())},
        strikes=sum(one.strike for one in standing),
        restrictions=sum(one.restricted_until is not None for one in standing),
        appeals=len(filed),
        judged=outcomes["upheld"] + outcomes["overturned"],
        overturned=outcomes["overturned"],
        doubts=len(await doubts.in_period(tx, community_id, start, end)),
        median_ms=percentile(took, 50),
        slowest_5_percent_ms=percentile(took, 95),
        by_day=_by_day(standing, start, end),
        waits=dict(Counter(_within(ms) for ms in took)),
    )


def _by_day(every: list[Timed], start: int, end: int) -> dict[str, dict[str, int]]:
    """From the first day on which anything was decided: a period may begin before there was a studio."""
    if not every:
        return {}
    first = max(start, every[0].at) // _DAY_MS
    days = {_day(day): {"people": 0, "automated": 0} for day in range(first, (end - 1) // _DAY_MS + 1)}
    for one in every:
        days[_day(one.at // _DAY_MS)]["automated" if one.automated else "people"] += 1
    return days


def _day(number: int) -> str:
    return datetime.fromtimestamp(number * _DAY_MS / 1000, UTC).strftime("%Y-%m-%d")


def _within(took: int) -> str:
    return next((name for name, most in WAITS.items() if took <= most), LONGER)


def percentile(ordered: list[int], percent: int) -> int | None:
    """The nearest rank: the smallest value that so many percent of all do not exceed."""
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)] if ordered else None

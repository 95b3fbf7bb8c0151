"""What a community can tell about its moderation in a period: counts and durations, and nobody's name."""

from collections import Counter
from dataclasses import dataclass
from math import ceil

from storage import appeals, decisions
from storage.database import Transaction


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
    median_ms: int | None  # from the case's opening to its decision, people's decisions alone
    slowest_5_percent_ms: int | None  # 95 of 100 were decided within this time

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
        median_ms=percentile(took, 50),
        slowest_5_percent_ms=percentile(took, 95),
    )


def percentile(ordered: list[int], percent: int) -> int | None:
    """The nearest rank: the smallest value that so many percent of all do not exceed."""
    return ordered[max(0, ceil(len(ordered) * percent / 100) - 1)] if ordered else None

"""How long it will take, said only from what was measured: the latest finished takes of each kind on this studio.

The answer is a range, from the quicker to the slower of what was seen; without anything seen there is no answer.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, quantiles
from typing import Final

from engine.brief import Brief
from engine.turns import BEGUN, QUEUED
from storage import speeds
from storage.database import Transaction
from storage.speeds import Speed

_SAMPLED: Final = 40  # briefs that are looked at to know what waits
_FEWEST: Final = 3  # takes of one kind that say something about that kind


@dataclass(frozen=True)
class Estimate:
    """In how many seconds a job will be done, about: between these two."""

    soonest: float
    latest: float


def kind_of(brief: Brief, renderer: str) -> str:
    return f"{renderer} {brief.operation} {brief.look.resolution} {brief.quality}"


@dataclass(frozen=True)
class Paces:
    """Seconds of work for a second of clip: the quicker, the usual and the slower of what was seen."""

    quick: float
    usual: float
    slow: float

    @classmethod
    def of(cls, seen: Iterable[Speed], kind: str) -> "Paces | None":
        """Of this kind; of all kinds, where hardly any of this one were made."""
        seen = list(seen)
        alike = [speed.pace for speed in seen if speed.kind == kind]
        counted = sorted(alike if len(alike) >= _FEWEST else [speed.pace for speed in seen])
        if not counted:
            return None
        if len(counted) == 1:
            return cls(counted[0], counted[0], counted[0])
        tenths = quantiles(counted, n=10, method="inclusive")
        return cls(tenths[0], fmean(counted), tenths[-1])


async def estimate(tx: Transaction, brief: Brief, ahead: int | None, renderer: str, workers: int) -> Estimate | None:
    """When a waiting job with so many ahead of it will be done; None when nothing was measured yet."""
    if ahead is None:
        return None
    seen = await speeds.latest(tx)
    own = Paces.of(seen, kind_of(brief, renderer))
    if own is None:
        return None
    waiting = [Brief.model_validate(one) for one in await speeds.briefs(tx, QUEUED, _SAMPLED)]
    others = [(_clip_seconds(one), Paces.of(seen, kind_of(one, one.renderer or renderer)) or own) for one in waiting]
    begun = await speeds.how_many(tx, frozenset(BEGUN))
    mine = _clip_seconds(brief)
    at_once = min(workers, brief.takes)
    return Estimate(
        # What is in the making may be as good as done, or just begun.
        soonest=ahead * _mean([clip * pace.quick for clip, pace in others]) / workers + mine * own.quick / at_once,
        latest=(ahead + begun) * _mean([clip * pace.slow for clip, pace in others]) / workers
        + mine * own.slow / at_once,
    )


def _clip_seconds(brief: Brief) -> float:
    return brief.look.seconds * brief.takes


def _mean(values: Sequence[float]) -> float:
    return fmean(values) if values else 0.0

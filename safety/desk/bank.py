"""The bank of words: prompts that moderators want to be known again, and what is nearly the same as one of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from safety.categories import Category
from safety.desk.likeness import NEARLY_THE_SAME, likeness
from safety.known import WORDS
from safety.verdict import Decision, Signal, Surface, Verdict
from storage import decisions
from storage.database import Transaction

CLASSIFIER = WORDS
_NEWEST = 2_000


@dataclass(frozen=True)
class Known:
    prompt: str
    reason: str


async def of_community(tx: Transaction, community_id: str) -> list[Known]:
    """What its moderators want to be known again; the newest first, and no more than can be compared at once."""
    found = await decisions.banked_briefs(tx, community_id, limit=_NEWEST)
    return [Known(str(brief.get("prompt", "")), reason) for reason, brief in found]


def compare(prompt: str, bank: Iterable[Known], judged: Verdict) -> Verdict:
    """The verdict, made a hold at least when the prompt is nearly the same as one in the bank.

    It never refuses by itself: what is nearly the same may be the question of somebody who means well.
    """
    alike, nearest = max(((likeness(prompt, known.prompt), known) for known in bank), key=_first, default=(0.0, None))
    if nearest is None or alike < NEARLY_THE_SAME:
        return judged
    category = nearest.reason if nearest.reason in set(Category) else Category.UNCHECKED
    signal = Signal(category=category, score=round(alike, 2), classifier=CLASSIFIER, surface=Surface.TEXT)
    held = Verdict(decision=Decision.HOLD, signals=(signal,), policy_version=judged.policy_version)
    return judged.joined([held])


def _first(pair: tuple[float, Known]) -> float:
    return pair[0]

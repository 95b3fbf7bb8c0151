"""The bank of words: prompts that moderators want to be known again, and what is nearly the same as one of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from safety.categories import Category
from safety.desk.likeness import NEARLY_THE_SAME, likeness
from safety.known import WORDS
from safety.verdict import Decision, Signal, Surface, Verdict
from storage import decisions
from storage.clock import now
from storage.database import Transaction

CLASSIFIER = WORDS
_NEWEST = 2_000
REFUSED_DAYS = 30
_DAY_MS = 86_400_000


@dataclass(frozen=True)
class Known:
    prompt: str
    reason: str
    refused: bool = False  # to the very member who asks now


async def of_community(tx: Transaction, community_id: str, member_id: str) -> list[Known]:
    """What its moderators want to be known again, and what they refused lately: the newest."""
    banked = await decisions.banked_briefs(tx, community_id, limit=_NEWEST)
    since = now() - REFUSED_DAYS * _DAY_MS
    refused = await decisions.refused_briefs(tx, community_id, since=since, limit=_NEWEST)
    known = [Known(_words_of(brief), reason) for reason, brief in banked]
    return known + [Known(_words_of(brief), reason, refused=who == member_id) for who, reason, brief in refused]


def _words_of(brief: Mapping[str, Any]) -> str:
    cards = [str(card.get("text", "")) for card in brief.get("cards") or ()]
    return " ".join(filter(None, [str(brief.get("prompt", "")), *cards]))


def compare(prompt: str, bank: Iterable[Known], judged: Verdict) -> Verdict:
    """The verdict, made a hold at least when the prompt is nearly the same as one in the bank.

    Only what a person refused to the same member is refused again; of others, what is nearly the same may be the
    question of somebody who means well.
    """
    compared = ((likeness(prompt, known.prompt), known) for known in bank)
    alike, nearest = max(compared, key=_gravest, default=(0.0, None))
    if nearest is None or alike < NEARLY_THE_SAME:
        return judged
    category = nearest.reason if nearest.reason in set(Category) else Category.UNCHECKED
    signal = Signal(category=category, score=round(alike, 2), classifier=CLASSIFIER, surface=Surface.TEXT)
    decision = Decision.REFUSE if nearest.refused else Decision.HOLD
    return judged.joined([Verdict(decision=decision, signals=(signal,), policy_version=judged.policy_version)])


def _gravest(pair: tuple[float, Known]) -> tuple[bool, bool, float]:
    alike, known = pair
    enough = alike >= NEARLY_THE_SAME
    return enough, enough and known.refused, alike

"""Banks of known-bad media: what is surely in one of them is refused, or held where the bank says so; what is only
like something in it waits for a moderator.

A bank decides by itself: no threshold of the policy makes its refusal milder.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from safety.categories import KNOWN, Category
from safety.frames.base import Look
from safety.frames.looks import HASH_BYTES, NAME, apart, of_look
from safety.known import CLOSED_RULE, OPEN_RULE
from safety.verdict import Decision, Signal, Surface, Verdict
from storage.hashes import NEAR, HashIndex

SURE: Final = NEAR  # bits: what is this near is the same picture, says PDQ's own recommendation
LIKE: Final = 60  # bits: what pieces cut out of a picture differ by; no two different pictures were nearer than 86


@dataclass(frozen=True)
class Bank:
    """A bank with all that is in it, ready to be asked."""

    name: str
    category: str
    action: Decision
    sure_within: int
    like_within: int
    least_moments: int
    closed: bool
    index: HashIndex = field(repr=False)  # labels are serials of entries

    @classmethod
    def of(cls, entries: Iterable[tuple[int, bytes]], **about: object) -> "Bank":
        """From serials and their hashes."""
        kept = [(serial, np.frombuffer(hashes, np.uint8).reshape(-1, HASH_BYTES)) for serial, hashes in entries]
        index = HashIndex.empty()
        if kept:
            labels = np.concatenate([np.full(len(hashes), serial, np.int64) for serial, hashes in kept])
            index = index.with_more(np.concatenate([hashes for _, hashes in kept]), labels)
        return cls(index=index, **about)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Match:
    bank: Bank
    entry: int
    distance: int
    seconds: float  # when in the footage
    moments: int

    @property
    def decision(self) -> Decision:
        sure = self.distance <= self.bank.sure_within
        return self.bank.action if sure else Decision.HOLD


def matches(looks: Sequence[Look], banks: Iterable[Bank]) -> list[Match]:
    """For each entry that enough of the moments are like: the nearest of them."""
    found: list[Match] = []
    for bank in banks:
        if not len(bank.index):
            continue
        near: dict[int, dict[int, int]] = {}  # entry: moment: distance
        for moment, look in enumerate(looks):
            for entry, distance in _nearest(bank, look).items():
                near.setdefault(entry, {})[moment] = distance
        for entry, moments in near.items():
            surely = {moment: distance for moment, distance in moments.items() if distance <= bank.sure_within}
            enough = surely if len(surely) >= _least(bank, looks) else moments
            if len(enough) < _least(bank, looks):
                continue
            first = min(enough, key=lambda moment: (enough[moment], moment))
            distance = enough[first] if enough is surely else max(enough[first], bank.sure_within + 1)
            found.append(Match(bank, entry, distance, looks[first].seconds, len(enough)))
    return sorted(found, key=lambda match: (-match.decision, match.distance))


def _least(bank: Bank, looks: Sequence[Look]) -> int:
    """A still, and a film shorter than what the bank asks for, has to match with all it has."""
    return max(1, min(bank.least_moments, len(looks)))


def _nearest(bank: Bank, look: Look) -> dict[int, int]:
    asked = of_look(look)
    within = max(bank.sure_within, bank.like_within)
    if within <= NEAR:
        near = [(one.label, one.distance) for one in bank.index.search(asked, within)]
    else:  # beyond what the index is made for: one by one, a million in 30 ms
        near = []
        for one in asked:
            bits = apart(bank.index.hashes, one)
            near += [(int(bank.index.labels[at]), int(bits[at])) for at in np.flatnonzero(bits <= within)]
    nearest: dict[int, int] = {}
    for entry, distance in near:
        nearest[entry] = min(distance, nearest.get(entry, distance))
    return nearest


def with_banks(verdict: Verdict, found: Sequence[Match], surface: Surface) -> Verdict:
    """The verdict joined with what the banks say."""
    known = [
        Verdict(
            decision=match.decision,
            signals=(_signal(match, surface),),
            policy_version=verdict.policy_version,
        )
        for match in found[:10]
    ]
    if not known:
        return verdict
    joined = verdict.joined(known)
    ours = tuple(signal for one in known for signal in one.signals)
    return joined.model_copy(update={"signals": (*ours, *verdict.signals)})


def _signal(match: Match, surface: Surface) -> Signal:
    bank = match.bank
    return Signal(
        category=bank.category if bank.category in KNOWN else Category.UNCHECKED,
        score=round(1.0 - match.distance / 256, 3),
        classifier=NAME,
        surface=surface,
        seconds=match.seconds,
        rule=f"{CLOSED_RULE if bank.closed else OPEN_RULE}{bank.name}#{match.entry}",
    )

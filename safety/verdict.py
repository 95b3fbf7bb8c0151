"""What the safety floor answers: signals, and the verdict that follows from them.

A verdict is made only by `safety.policy.Policy.judge`; everybody else reads, stores or combines them.
"""

from collections.abc import Iterable
from enum import IntEnum, StrEnum
from typing import Self

from pydantic import BaseModel, ConfigDict, Field


class Decision(IntEnum):
    """allow < hold < refuse: the strictest one wins, so `max` combines them."""

    ALLOW = 0
    HOLD = 1
    REFUSE = 2

    @property
    def word(self) -> str:
        return self.name.lower()


class Surface(StrEnum):
    """Where a signal was seen; each surface has thresholds of its own."""

    TEXT = "text"
    UPLOAD = "upload"
    FRAME = "frame"


class Fault(StrEnum):
    """Why a classifier gave no usable answer. Every one of them holds (promise 1: fail closed)."""

    MISSING = "missing"
    DAMAGED = "damaged"  # its files are not what they should be
    SLOW = "slow"
    CRASHED = "crashed"
    NONSENSE = "nonsense"
    UNREAD = "unread"  # a language that the classifier does not know
    UNDECODABLE = "undecodable"
    TOO_LONG = "too_long"
    BLANK = "blank"  # footage in which there is nothing to see
    UNJUDGED = "unjudged"  # pictures of a trained renderer, and no classifier of pictures is required
    FOREIGN = "foreign"  # pixels from outside, which nothing here can judge


class Span(BaseModel):
    """A stretch of the raw text, so that a moderator sees what raised the signal."""

    model_config = ConfigDict(frozen=True)

    text: int = 0  # which of the submission's texts
    start: int
    end: int


class Signal(BaseModel):
    """One thing one classifier saw: a category with a score, or the fault that kept it from looking."""

    model_config = ConfigDict(frozen=True)

    category: str
    score: float = Field(ge=0.0, le=1.0)
    classifier: str
    surface: Surface
    view: str = "raw"  # which normalised view of the text it was seen in
    span: Span | None = None
    seconds: float | None = None  # when in the footage it was seen
    rule: str | None = None  # the rule's id, for the audit; never shown to members
    fault: Fault | None = None


class Verdict(BaseModel):
    """A decision, the signals that led to it (strictest first) and the version of the policy that was applied."""

    model_config = ConfigDict(frozen=True)

    decision: Decision
    signals: tuple[Signal, ...] = ()
    policy_version: str

    @property
    def categories(self) -> dict[str, float]:
        """The highest score seen for each category."""
        best: dict[str, float] = {}
        for signal in self.signals:
            best[signal.category] = max(best.get(signal.category, 0.0), signal.score)
        return best

    def joined(self, others: Iterable[Self]) -> "Verdict":
        """This verdict together with others: the strictest decides, every signal is kept."""
        verdicts = (self, *others)
        return Verdict(
            decision=max(verdict.decision for verdict in verdicts),
            signals=tuple(signal for verdict in verdicts for signal in verdict.signals),
            policy_version=self.policy_version,
        )

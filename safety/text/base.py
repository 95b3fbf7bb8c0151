"""The seam between the gate and the classifiers that read text."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from safety.verdict import Signal


class OutOfTimeError(Exception):
    """A classifier noticed that its time is up. The gate turns it into `Fault.SLOW`, which holds."""

    code = "safety.text.slow"


class UnusableAnswerError(Exception):
    """A model said something that no model of its kind says. The gate turns it into `Fault.NONSENSE`, which holds."""

    code = "safety.text.unusable"


@dataclass(frozen=True)
class Deadline:
    """Cooperative: Python cannot stop a running function, so classifiers ask between their steps."""

    seconds: float
    started: float = field(default_factory=time.monotonic)

    @property
    def passed(self) -> bool:
        return time.monotonic() - self.started > self.seconds

    def check(self) -> None:
        if self.passed:
            raise OutOfTimeError


class TextClassifier(Protocol):
    """Reads one text of at most `safety.gate.LONGEST` characters; spans in its signals are offsets into that text."""

    @property
    def name(self) -> str: ...

    def read(self, text: str, deadline: Deadline) -> Sequence[Signal]: ...

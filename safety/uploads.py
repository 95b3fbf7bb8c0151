"""Uploads: what is taken in at all, and who has to look at it.

The limits are asked before anything large is decoded. Whether what an upload shows may be shown is a question for
the classifiers that the policy's profile requires for uploads, and for whoever reads the letters in them; where it
requires none, a person looks at every take that shows pixels from outside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from safety.categories import Category
from safety.policy import Policy
from safety.verdict import Fault, Signal, Surface, Verdict


@dataclass(frozen=True)
class Limits:
    size: int = 64 * 2**20  # bytes
    pixels: int = 40_000_000  # of one picture: a telephone's best photograph has 50 million since 2024, most have 12
    side: int = 12_000  # pixels
    least_side: int = 48
    frames: int = 4_000
    seconds: float = 61.0  # a minute, and a little for clocks that count in thirds
    all_pixels: int = 12_000_000_000  # of all frames together: a minute of 4K at 24 frames


LIMITS: Final = Limits()


def with_foreign_pixels(verdict: Verdict, policy: Policy, uploads: Sequence[Verdict] = ()) -> Verdict:
    """The verdict on a take that shows pixels from outside, joined with those on the uploads themselves.

    Where no classifier of uploads is required, or nothing is known of the uploads, a person looks.
    """
    if policy.required.uploads and uploads:
        return verdict.joined(uploads)
    return verdict.joined([_fault("uploads", Fault.FOREIGN, policy)])


def unread(fault: Fault, policy: Policy) -> Verdict:
    """The verdict on an upload in which there may be letters that nobody read."""
    return _fault("letters", fault, policy)


def _fault(classifier: str, fault: Fault, policy: Policy) -> Verdict:
    signal = Signal(category=Category.UNCHECKED, score=0.0, classifier=classifier, surface=Surface.UPLOAD, fault=fault)
    return policy.judge([signal])

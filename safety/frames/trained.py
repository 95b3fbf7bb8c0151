"""Footage that a trained model made: it may show what no word asked for, so somebody has to have looked at it.

A classifier that recognises things does; one that only measures light does not. Without one, a person looks.
"""

from typing import Final

from safety.categories import Category
from safety.policy import Policy
from safety.verdict import Fault, Signal, Surface, Verdict

# Inspectors that know nothing of what is to be seen.
BLIND: Final = frozenset({"flashing"})


def with_trained_frames(verdict: Verdict, policy: Policy) -> Verdict:
    """The verdict on a take that a trained model made. `judge_frames` has held already if a required one did not see
    all of it."""
    if set(policy.required.frames) - BLIND:
        return verdict
    unseen = Signal(
        category=Category.UNCHECKED, score=0.0, classifier="frames", surface=Surface.FRAME, fault=Fault.TRAINED
    )
    return verdict.joined([policy.judge([unseen])])

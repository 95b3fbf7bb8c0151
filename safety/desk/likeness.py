"""Prompts that are nearly the same: one asked again with a word changed, a comma more, in capitals."""

import unicodedata
from collections.abc import Callable
from typing import Final

NEARLY_THE_SAME: Final = 0.8
_RUN: Final = 3  # characters that are compared as one
_WIDEST: Final = 18  # letters that NFKC makes of one at most


def likeness(one: str, other: str) -> float:
    """How much two texts share, from 0 to 1: runs of letters, whatever the case, the spaces and the signs."""
    mine, theirs = _runs(one), _runs(other)
    if not mine or not theirs:
        return 0.0
    return len(mine & theirs) / len(mine | theirs)


def near_to(one: str) -> Callable[[str], bool]:
    """Whether texts are nearly the same as this one: for a whole queue of them."""
    mine = _runs(one)

    def is_near(other: str) -> bool:
        # Fewer runs than that cannot share enough: nothing of a long text has to be cut up to know it.
        if not mine or len(other) * _WIDEST < NEARLY_THE_SAME * len(mine):
            return False
        theirs = _runs(other)
        return len(mine & theirs) / len(mine | theirs) >= NEARLY_THE_SAME

    return is_near


def _runs(text: str) -> frozenset[str]:
    letters = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
    if not letters:
        return frozenset()
    return frozenset(letters[at : at + _RUN] for at in range(max(1, len(letters) - _RUN + 1)))

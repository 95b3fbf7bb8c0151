"""Prompts that are nearly the same: one asked again with a word changed, a comma more, in capitals."""

import unicodedata
from typing import Final

NEARLY_THE_SAME: Final = 0.8
_RUN: Final = 3  # characters that are compared as one


def likeness(one: str, other: str) -> float:
    """How much two texts share, from 0 to 1: runs of letters, whatever the case, the spaces and the signs."""
    mine, theirs = _runs(one), _runs(other)
    if not mine or not theirs:
        return 0.0
    return len(mine & theirs) / len(mine | theirs)


def _runs(text: str) -> frozenset[str]:
    letters = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
    if not letters:
        return frozenset()
    return frozenset(letters[at : at + _RUN] for at in range(max(1, len(letters) - _RUN + 1)))

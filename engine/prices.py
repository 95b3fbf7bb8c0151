"""What a clip costs, in whole credits. No fraction is ever charged: a part of a credit counts as one."""

from fractions import Fraction
from math import ceil
from typing import Final

from engine.brief import Aspect, Brief, Look, Resolution

# Credits for 5, 10, 15 and 20 seconds.
_LENGTHS: Final = (5, 10, 15, 20)
_SQUARE: Final = {
    Resolution.P480: (20, 40, 60, 80),
    Resolution.P720: (30, 75, 150, 225),
    Resolution.P1080: (100, 300, 650, 1_000),
}
_OBLONG: Final = {
    Resolution.P480: (25, 50, 100, 150),
    Resolution.P720: (60, 180, 360, 540),
    Resolution.P1080: (200, 600, 1_000, 2_000),
}


def price_of_take(look: Look) -> int:
    """One variation: a row of the table, or its 20-second rate for every second of another length."""
    table = _SQUARE if look.aspect is Aspect.SQUARE else _OBLONG
    row = table[look.resolution]
    if look.seconds in _LENGTHS:
        return row[_LENGTHS.index(int(look.seconds))]
    return ceil(Fraction(row[-1], _LENGTHS[-1]) * Fraction(str(look.seconds)))


def price(brief: Brief) -> int:
    return price_of_take(brief.look) * brief.takes

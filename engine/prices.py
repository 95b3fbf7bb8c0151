"""What a clip costs, in whole credits. No fraction is ever charged: a part of a credit counts as one.

The price list is data (prices.toml), and an operator may bring another.
"""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from engine.brief import Aspect, Brief, Operation, Quality, Resolution
from engine.errors import StudioError

SHIPPED = Path(__file__).parent / "prices.toml"

Credits = Annotated[int, Field(ge=0)]
Factor = Annotated[Decimal, Field(ge=0, le=1_000)]
Rows = Mapping[Resolution, tuple[Credits, ...]]


class PriceList(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    lengths: tuple[Annotated[int, Field(ge=1)], ...] = Field(min_length=1)
    square: Rows
    oblong: Rows
    operation: Mapping[Operation, Factor]
    quality: Mapping[Quality, Factor]
    renderer: Mapping[str, Factor] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        for table, kinds in ((self.operation, Operation), (self.quality, Quality), (self.square, Resolution)):
            if absent := [kind for kind in kinds if kind not in table]:
                raise ValueError(f"no price for {', '.join(absent)}")
        for rows in (self.square, self.oblong):
            for resolution in Resolution:
                prices = rows.get(resolution, ())
                if len(prices) != len(self.lengths) or list(prices) != sorted(prices):
                    raise ValueError(f"{resolution} needs {len(self.lengths)} prices that never fall")
        if list(self.lengths) != sorted(set(self.lengths)):
            raise ValueError("lengths must rise")
        return self

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        path = path or SHIPPED
        try:
            return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal))
        except OSError as error:
            raise StudioError("prices.unreadable", file=str(path), cause=error.strerror or "") from error
        except (ValueError, ValidationError) as error:  # no TOML, or TOML that is no price list
            raise StudioError("prices.malformed", file=str(path), cause=_first_line(error)) from error

    def of_take(self, brief: Brief) -> int:
        """One variation."""
        look = brief.look
        row = (self.square if look.aspect is Aspect.SQUARE else self.oblong)[look.resolution]
        exact = _along(self.lengths, row, Fraction(str(look.seconds)))
        exact *= Fraction(self.operation[brief.operation]) * Fraction(self.quality[brief.quality])
        if brief.renderer is not None:
            exact *= Fraction(self.renderer.get(brief.renderer, Decimal(1)))
        return ceil(exact)

    def of(self, brief: Brief) -> int:
        return self.of_take(brief) * brief.takes


def _along(lengths: tuple[int, ...], row: tuple[int, ...], seconds: Fraction) -> Fraction:
    """The price of a length: a row of the table, or by the second from one row to the next."""
    if seconds <= lengths[0]:
        return Fraction(row[0], lengths[0]) * seconds
    for (shorter, less), (longer, more) in pairwise(zip(lengths, row, strict=True)):
        if seconds <= longer:
            return less + Fraction(more - less, longer - shorter) * (seconds - shorter)
    return Fraction(row[-1], lengths[-1]) * seconds


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_input=False)[0]
        return ": ".join([".".join(map(str, first["loc"])), first["msg"]]).removeprefix(": ")
    return str(error).partition("\n")[0]


@cache
def shipped() -> PriceList:
    return PriceList.load()


def price(brief: Brief) -> int:
    """What the brief costs by the list that Kinora ships."""
    return shipped().of(brief)

"""The rules that a gathering was started with. Nobody changes them under those who take part."""

from typing import Final

from pydantic import Field, ValidationError

from engine.brief import CARD_LIMIT, Strict
from engine.errors import StudioError

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MINUTES: Final = 24 * 60
THEME_LIMIT: Final = 200
PLACE_LIMIT: Final = 100
OPEN_AT_ONCE: Final = 10  # in one community
STARTED_A_DAY: Final = 20  # by one member
LEAST_IN_REEL: Final = 2  # a reel of one clip would be that clip


class Rules(Strict):
    pace_minutes: int = Field(default=2, ge=0, le=DAY_MINUTES)  # between two clips of one member
    most: int = Field(default=CARD_LIMIT, ge=2, le=200)  # clips in all
    most_each: int | None = Field(default=None, ge=1, le=200)  # clips of one member
    budget: int | None = Field(default=None, ge=1, le=1_000_000_000)  # of the sponsor's pot, for all of it


class ChainRules(Rules):
    most: int = Field(default=CARD_LIMIT, ge=2, le=CARD_LIMIT)  # the reel shows them all
    turn_minutes: int = Field(default=30, ge=1, le=DAY_MINUTES)  # then others may go on, whatever one's clip waits for
    idle_hours: int = Field(default=72, ge=1, le=30 * 24)  # without a new clip it is over


class PartyRules(Rules):
    most: int = Field(default=100, ge=2, le=200)
    most_each: int | None = Field(default=3, ge=1, le=200)
    minutes: int = Field(default=60, ge=1, le=14 * DAY_MINUTES)
    reel_of: int = Field(default=5, ge=2, le=10)


def read_rules(kind: type[ChainRules] | type[PartyRules], **typed: object) -> ChainRules | PartyRules:
    """The rules that somebody typed, what they left out being usual; StudioError for the first that cannot be."""
    try:
        return kind.model_validate({name: value for name, value in typed.items() if value is not None})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = str(first["loc"][0])
        bounds = kind.model_json_schema()["properties"].get(name, {})
        options = [bounds, *bounds.get("anyOf", ())]
        least = next((one["minimum"] for one in options if "minimum" in one), "")
        most = next((one["maximum"] for one in options if "maximum" in one), "")
        raise StudioError("gathering.rule", rule=name, least=least, most=most) from None

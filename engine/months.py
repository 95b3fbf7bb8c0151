"""A member's own month: it begins on the day of the month on which they came, at midnight where they live.

Who came on the 31st has a month that begins on the last day of a shorter one, and on the 31st again after that.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from engine.errors import StudioError


@dataclass(frozen=True)
class Month:
    name: str  # its first day, in ISO
    starts: int
    ends: int


def zone_called(name: str) -> tzinfo:
    """The time zone of this name. UTC needs no database of zones, which small systems lack."""
    if name.upper() == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # unknown, or no name at all: "../etc", an empty one, a folder
        raise StudioError("zone.unknown", zone=name[:60]) from None


def month_at(at: int, came: int, zone: tzinfo) -> Month:
    """The month that the moment `at` falls into, for somebody who came at `came`."""
    day = datetime.fromtimestamp(came / 1000, zone).day
    here = datetime.fromtimestamp(at / 1000, zone)
    first = _beginning(here.year, here.month, day)
    if at < _midnight(first, zone):
        first = _beginning(*_before(here.year, here.month), day)
    following = _beginning(*_after(first.year, first.month), day)
    return Month(first.isoformat(), _midnight(first, zone), _midnight(following, zone))


def _beginning(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _before(year: int, month: int) -> tuple[int, int]:
    return (year, month - 1) if month > 1 else (year - 1, 12)


def _after(year: int, month: int) -> tuple[int, int]:
    return (year, month + 1) if month < 12 else (year + 1, 1)


def _midnight(day: date, zone: tzinfo) -> int:
    """The day's first moment. Where clocks skip midnight that night, the moment they skip to."""
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() * 1000)

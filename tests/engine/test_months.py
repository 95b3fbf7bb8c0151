"""A member's own month, wherever they live and whenever they came."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import StudioError
from engine.months import month_at, zone_called

DAY_MS = 86_400_000


def ms(text: str, zone: str = "UTC") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def days(came: str, at: str, zone: str = "UTC") -> tuple[str, str]:
    """The first day of the month, and of the one after it, where the member lives."""
    month = month_at(ms(at, zone), ms(came, zone), ZoneInfo(zone))
    ends = datetime.fromtimestamp(month.ends / 1000, ZoneInfo(zone))
    return month.name, ends.date().isoformat()


@pytest.mark.parametrize(
    ("came", "at", "month"),
    [
        ("2026-01-15T10:00", "2026-01-15T10:00", ("2026-01-15", "2026-02-15")),
        ("2026-01-15T10:00", "2026-02-14T23:59", ("2026-01-15", "2026-02-15")),
        ("2026-01-15T10:00", "2026-02-15T00:00", ("2026-02-15", "2026-03-15")),
        ("2026-01-31T10:00", "2026-02-27T12:00", ("2026-01-31", "2026-02-28")),
        ("2026-01-31T10:00", "2026-02-28T00:00", ("2026-02-28", "2026-03-31")),
        ("2026-01-31T10:00", "2026-04-30T00:00", ("2026-04-30", "2026-05-31")),
        ("2027-12-31T10:00", "2028-02-29T00:00", ("2028-02-29", "2028-03-31")),
        ("2028-02-29T10:00", "2029-02-28T00:00", ("2029-02-28", "2029-03-29")),
        ("2026-12-20T10:00", "2027-01-19T00:00", ("2026-12-20", "2027-01-20")),
    ],
)
def test_a_month_begins_on_the_member_s_day(came: str, at: str, month: tuple[str, str]) -> None:
    assert days(came, at) == month


@pytest.mark.parametrize(
    ("zone", "day", "skipped_to"),
    [
        ("America/New_York", "2026-03-08", "00:00"),  # clocks change at two: midnight is there
        ("Asia/Beirut", "2026-03-29", "01:00"),  # clocks skip midnight itself
        ("Asia/Taipei", "2026-03-08", "00:00"),
    ],
)
def test_a_month_begins_with_the_first_moment_of_its_day(zone: str, day: str, skipped_to: str) -> None:
    came = ms(f"2026-01-{day[-2:]}T09:00", zone)
    first = int(datetime.fromisoformat(f"{day}T{skipped_to}").replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)
    assert month_at(first, came, ZoneInfo(zone)).name == day
    assert month_at(first, came, ZoneInfo(zone)).starts == first
    assert month_at(first - 1, came, ZoneInfo(zone)).ends == first


def test_the_same_moment_is_another_month_elsewhere() -> None:
    came, at = ms("2026-01-10T12:00"), ms("2026-03-09T18:00")
    assert month_at(at, came, ZoneInfo("Asia/Taipei")).name == "2026-03-10"
    assert month_at(at, came, UTC).name == "2026-02-10"


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1)).map(lambda at: int(at.timestamp() * 1000))
ZONES = st.sampled_from(
    ["UTC", "Asia/Taipei", "America/New_York", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo"]
)


@settings(derandomize=True, max_examples=400, deadline=None)
@given(came=MOMENTS, later=st.integers(0, 4_000), zone=ZONES)
def test_months_follow_each_other_without_gap_or_overlap(came: int, later: int, zone: str) -> None:
    here = ZoneInfo(zone)
    at = came + later * DAY_MS
    month = month_at(at, came, here)
    assert month.starts <= at < month.ends
    assert timedelta(days=27) <= timedelta(milliseconds=month.ends - month.starts) <= timedelta(days=32)
    assert month_at(month.starts, came, here) == month_at(month.ends - 1, came, here) == month
    assert month_at(month.ends, came, here).starts == month.ends
    assert month_at(month.starts - 1, came, here).ends == month.starts


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "Asia", "a" * 300, "Asia/Taipei\0"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(StudioError, match="zone.unknown"):
        zone_called(name)


def test_utc_needs_no_database_of_zones() -> None:
    assert zone_called("utc") is UTC

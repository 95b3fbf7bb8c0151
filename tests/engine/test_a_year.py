"""A year of credits on a clock that is set: a leap day, days of 23 and of 25 hours, and months of every length.

What is expected is found by looking at calendars, half an hour at a time, and not by the code under test.
"""

import calendar
import time
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine import credits, jobs, members
from engine.errors import StudioError
from engine.members import Asker
from engine.plans import BY_OPERATOR, shipped
from safety.verdict import Decision
from storage import credits as accounts
from storage import jobs as rows
from storage import members as people
from storage.credits import Account
from storage.database import Database, Transaction
from tests.engine.small_studio import ask, claimed, small_studio, verdict

PLANS = shipped()
HALF_AN_HOUR_MS = 30 * 60_000
A_YEAR = timedelta(days=380)
PRICE = 180


def month_beginnings(came: datetime, zone: ZoneInfo) -> list[int]:
    """The first half hour of each of a member's months, as a calendar on the wall shows it."""
    day = came.astimezone(zone).day
    found, moment, before = [], came - timedelta(days=40), None
    while moment < came + A_YEAR + timedelta(days=40):
        here = moment.astimezone(zone).date()
        last_of_month = calendar.monthrange(here.year, here.month)[1]
        if here != before and here.day == min(day, last_of_month):
            found.append(int(moment.timestamp() * 1000))
        moment, before = moment + timedelta(minutes=30), here
    return found[1:] if found[0] == int((came - timedelta(days=40)).timestamp() * 1000) else found


@dataclass
class Person:
    asker: Asker
    beginnings: list[int]
    left: int = 0
    month: int = -1
    aside: list[tuple[str, int]] = field(default_factory=list)  # jobs, each with the month that paid for it

    def wait_until(self, at: int) -> None:
        month = bisect_right(self.beginnings, at)
        if month != self.month:
            self.month, self.left = month, 1_000


PEOPLE = [
    ("2027-10-31T08:00+00:00", "Asia/Taipei"),  # on the last day of most months
    ("2028-02-29T12:00+00:00", "Europe/Berlin"),
    ("2027-10-12T12:00+00:00", "America/New_York"),  # in March this is the day on which clocks are changed
    ("2027-11-12T12:00+00:00", "America/Havana"),  # there that day has no midnight
]


@pytest.mark.parametrize(("came", "zone"), PEOPLE)
async def test_a_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, came: str, zone: str) -> None:
    clock = 0
    monkeypatch.setattr(time, "time_ns", lambda: clock * 1_000_000)
    at_first = datetime.fromisoformat(came)
    beginnings = month_beginnings(at_first, ZoneInfo(zone))
    clock = int(at_first.timestamp() * 1000)
    async with small_studio(tmp_path) as (database, home):
        async with database.writing() as tx:
            asker = await members.known_as(tx, "test", "1", home.community_id, PLANS)
            await people.change_settings(tx, asker.member_id, {"zone": zone})
            await members.claim(tx, asker.member_id, BY_OPERATOR, "plus", PLANS)
        person = Person(asker, beginnings)
        # The moments around the beginning of every month, and some in between: each asks, and settles what was before.
        inside = [
            one for one in beginnings if at_first.timestamp() * 1000 < one < (at_first + A_YEAR).timestamp() * 1000
        ]
        moments = sorted({clock, *(one + off for one in inside for off in (-1, 0, 9 * 86_400_000))})
        assert len(inside) in (12, 13)
        for number, clock in enumerate(moments):
            person.wait_until(clock)
            await _settle(database, person, is_released=number % 3 != 0)
            await _ask_for_one(database, person)
            async with database.writing() as tx:
                view = await credits.view(tx, asker.member_id, PLANS)
            assert (view.balance.available, view.balance.reserved) == (person.left, PRICE * len(person.aside)), clock
            assert view.month.starts <= clock < view.month.ends
            assert view.month.starts in beginnings and view.month.ends in beginnings
        async with database.reading() as tx:
            entries = await accounts.entries(tx, Account(asker.member_id))
            assert await accounts.mistakes(tx) == []
    granted = [entry for entry in entries if entry.kind == "grant"]
    assert [entry.available for entry in granted] == [1_000] * (len(inside) + 1)
    assert len({entry.lot for entry in granted}) == len(granted)
    settled = {kind: sum(entry.available for entry in entries if entry.kind == kind) for kind in ("expire", "return")}
    assert settled["expire"] < 0 < settled["return"]


async def _ask_for_one(database: Database, person: Person) -> None:
    async with database.writing() as tx:
        await credits.bring_up_to_date(tx, person.asker.member_id, PLANS)
        job = await claimed(tx, (await ask(tx, person.asker, price=PRICE)).id)
        if person.left < PRICE:
            with pytest.raises(StudioError, match=r"credits\.short"):
                await jobs.queue(tx, job, verdict(Decision.ALLOW))
            await jobs.finish_cancel(tx, job)
            return
        await jobs.queue(tx, job, verdict(Decision.ALLOW))
    person.left -= PRICE
    person.aside.append((job.id, person.month))


async def _settle(database: Database, person: Person, *, is_released: bool) -> None:
    """The oldest of two jobs that are under way: it may have been paid for in the month before."""
    if len(person.aside) < 2:
        return
    job_id, month = person.aside.pop(0)
    async with database.writing() as tx:
        if is_released:
            await _release(tx, job_id)
        else:
            job = await rows.get(tx, job_id)
            assert job is not None
            await jobs.finish_cancel(tx, job)
            person.left += PRICE if month == person.month else 0


async def _release(tx: Transaction, job_id: str) -> None:
    job = await rows.get(tx, job_id)
    assert job is not None
    (take,) = await rows.takes_of(tx, job_id)
    await jobs.begin_rendering(tx, job)
    await jobs.keep_take(tx, job, take, {"sha256": "0"})
    await jobs.judge_take(tx, job, take, verdict(Decision.ALLOW))
    await jobs.release_take(tx, job, take)

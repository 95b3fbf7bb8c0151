"""Many desks in several processes: no case decided twice, none lost, the audit's chain whole, whatever dies."""

from pathlib import Path

import pytest

from tests.soak import desk_month


async def test_a_short_day_at_the_desk(tmp_path: Path) -> None:
    await desk_month.run(tmp_path, cases_in_all=60, moderators=6, processes=3, kills=2)


@pytest.mark.soak
async def test_a_month_at_the_desk(tmp_path: Path) -> None:
    took = await desk_month.run(tmp_path, cases_in_all=2_000, moderators=12, processes=4, kills=30)
    print(f"2,000 cases, 12 moderators, 4 processes, 30 kills: {took:.0f} s")

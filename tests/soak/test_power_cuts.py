"""Power that goes between a write and its fsync, a rename and its folder's fsync, a file and its commit.

What a studio has told anybody is still true when the power comes back (promise 2).
"""

from pathlib import Path

import pytest

from tests.soak.running import how_many, run_program

IN_CI = 6


async def survive(folder: Path, cuts: int, seed: int) -> None:
    found = await run_program("power_cuts", folder, cuts, seed)
    print({name: value for name, value in found.items() if name not in ("broken", "story")})
    assert found["broken"] == [], "\n".join(found["story"])
    assert found["too_late"] < cuts
    assert found["taken"] > 0


async def test_a_power_cut_at_any_operation_loses_nothing(tmp_path: Path) -> None:
    await survive(tmp_path, IN_CI, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(20))
async def test_many_power_cuts_lose_nothing(tmp_path: Path, part: int) -> None:
    await survive(tmp_path, how_many("cuts", 400) // 20, seed=100 + part)

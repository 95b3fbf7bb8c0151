"""SIGKILL at random moments, of the studio, of a worker, of both: promise 2 holds after any number of them.

Every job ends as it should, no take is rendered again after it was stored, credits balance to the unit, each clip is
delivered once, and nothing is left over after a sweep.
"""

from pathlib import Path

import pytest

from tests.soak.running import how_many, run_program

IN_CI = 30  # a kill takes some 2 s of two cores: most of it is the start of the next studio's workers


async def survive(folder: Path, kills: int, seed: int) -> None:
    found = await run_program("kills", folder, kills, seed)
    print({name: value for name, value in found.items() if name != "broken"})
    assert found["broken"] == []
    assert sum(found["kills"].values()) == kills


async def test_kills_at_random_moments_lose_nothing_and_do_nothing_twice(tmp_path: Path) -> None:
    await survive(tmp_path, IN_CI, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(10))
async def test_a_thousand_kills_lose_nothing_and_do_nothing_twice(tmp_path: Path, part: int) -> None:
    await survive(tmp_path, how_many("kills", 1_000) // 10, seed=100 + part)

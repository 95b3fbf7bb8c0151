"""Two machines, a driver and a studio killed at random: no job is lost, none delivered twice, credits balance."""

from pathlib import Path

import pytest

from tests.soak.running import how_many, run_program


@pytest.mark.soak
async def test_a_cluster_whose_parts_are_killed_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="the extra “cluster” is not installed")
    found = await run_program("cluster_chaos", tmp_path / "c", how_many("cluster_seconds", 90), 1)
    print(found)
    assert found["broken"] == []
    assert sum(found["kills"].values()) > 5

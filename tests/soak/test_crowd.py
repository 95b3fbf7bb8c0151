"""Many processes on one SQLite file: nobody hears that it is locked, each job is in one hand, and ends once."""

from pathlib import Path

import pytest

from tests.soak.running import run_program


async def agree(folder: Path, processes: int, jobs_of_each: int) -> None:
    found = await run_program("crowd", folder, processes, jobs_of_each)
    print(found["seconds"], "s")
    assert found["codes"] == [0] * processes, found["said"]
    assert found["locked"] == 0, found["said"]
    assert found["broken"] == []


async def test_six_processes_share_one_ledger(tmp_path: Path) -> None:
    await agree(tmp_path, processes=6, jobs_of_each=6)


@pytest.mark.soak
@pytest.mark.parametrize(("processes", "jobs_of_each"), [(6, 60), (16, 100)])
async def test_a_crowd_shares_one_ledger(tmp_path: Path, processes: int, jobs_of_each: int) -> None:
    await agree(tmp_path, processes, jobs_of_each)

"""What stands on a small or a shared studio, all of it on a PostgreSQL server: ledger, queue, desk and more."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import databases

pytestmark = [pytest.mark.soak, databases.on_postgresql]
ROOT = Path(__file__).parents[2]
SUITES = (
    *("credits", "ledger_machine", "jobs", "job_machine", "turns", "desk", "linking", "plans", "months", "boards"),
    *("sources", "many_writers", "banks"),
)


@pytest.mark.parametrize("suite", [*(f"tests/engine/test_{one}.py" for one in SUITES), "tests/engine/library"])
def test_the_suite_passes(suite: str) -> None:
    environment = {**os.environ, "KINORA_TEST_DATABASES": databases.POSTGRESQL}
    program = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", suite]
    run = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1_800)
    assert run.returncode == 0, run.stdout[-4_000:]

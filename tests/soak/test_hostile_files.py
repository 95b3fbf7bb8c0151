"""Whatever bytes somebody brings, asking about them ends, in time, with an answer: no crash, no hang."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

MUTATIONS = 20_000
LONGEST = 5.0  # seconds for one small file, on a machine that does other things too


@pytest.mark.soak
def test_no_mutation_of_a_clip_or_a_picture_crashes_or_hangs_who_reads_it(tmp_path: Path) -> None:
    mutations = os.environ.get("KINORA_SOAK_MUTATIONS", str(MUTATIONS))
    command = [sys.executable, "-m", "tests.soak.hostile_files", str(tmp_path), mutations, str(LONGEST)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert f"{mutations} answered" in done.stdout

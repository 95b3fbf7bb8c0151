"""SIGKILL in every state of a job, and around every transaction: at the next start the job ends as it should.

Promise 2: nothing lost, nothing twice. A take that was stored is not rendered again, the credits balance to the unit,
and each clip is delivered once.
"""

import asyncio
import json
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.engine.crash_studio import GRANTED, VARIATIONS

REPOSITORY = Path(__file__).parents[2]
PROMPT = "a wolf howls at the moon"

# In the order of a job's life. Each is tried with the transaction still open and right behind its commit.
POINTS = (
    "put",  # the shift
    "claim",
    "remember",
    "queued",
    "rendering",
    "take-rendered",
    "inspecting",
    "sealing",
    "take-sealed",
    "claim_next",
    "settle",
    "take-delivered",
    "delivered",
    "let_go",
)


async def run_studio(folder: Path, prompt: str, *die_at: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.engine.crash_studio",
        str(folder),
        prompt,
        *die_at,
        cwd=REPOSITORY,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


@dataclass(frozen=True)
class Stored:
    """Takes that lie whole in quarantine, by name, with what tells whether they were written again."""

    takes: dict[str, tuple[int, int]]

    @classmethod
    def in_folder(cls, folder: Path) -> "Stored":
        reports = (folder / "data" / "quarantine").glob("*.json")
        files = [report.with_suffix(".mp4") for report in reports]
        return cls({file.name: (file.stat().st_ino, file.stat().st_mtime_ns) for file in files})


def check_end(folder: Path, ended: dict[str, Any]) -> None:
    """The job ended as it should: delivered, paid for once, delivered once."""
    assert ended["jobs"] == 1
    assert ended["state"] == "delivered"
    assert set(ended["takes"].values()) == {"delivered"}
    assert len(ended["takes"]) == VARIATIONS
    assert set(ended["clips"]) == set(ended["takes"])
    assert sorted(ended["kinds"]) == ["grant", "reserve", *["spend"] * VARIATIONS]
    assert ended["available"] == GRANTED - ended["price"]
    assert ended["reserved"] == 0
    delivered = sorted(file.name for file in (folder / "out").iterdir())
    assert delivered == sorted(f"kinora-{clip}.mp4" for clip in ended["clips"])


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("point", POINTS)
async def test_a_job_killed_here_goes_on_and_ends_once(tmp_path: Path, point: str, when: str) -> None:
    (tmp_path / "out").mkdir()
    code, out, err = await run_studio(tmp_path, PROMPT, point, when)
    assert code == -signal.SIGKILL, (code, out, err)
    stored = Stored.in_folder(tmp_path)

    code, out, err = await run_studio(tmp_path, PROMPT)
    assert code == 0, err
    check_end(tmp_path, json.loads(out))
    after = Stored.in_folder(tmp_path).takes
    assert {name: after[name] for name in stored.takes} == stored.takes  # not rendered again

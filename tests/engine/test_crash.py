"""SIGKILL in every state of a job, and around every transaction: at the next start the job ends as it should.

Promise 2: nothing lost, nothing twice. A take that was stored is not rendered again, the credits balance to the unit,
and each clip is delivered once.
"""

import json
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.engine.crash_studio import CALLED_OFF, GRANTED, UNSEALABLE, VARIATIONS
from tests.worlds import preloaded

PROMPT = "a wolf howls at the moon"

HELD_PROMPT = "a street fight"
REFUSED_PROMPT = "a naked woman"

# In the order of a job's life: what the transaction writes, and whether the process dies with it open or behind it.
EVERY_POINT = tuple(
    (point, when)
    for point in (
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
    for when in ("before", "after")
)
Point = tuple[str, str]
# Every state once, and the three moments at which a file is there and its row is not; each job dies several times.
IN_CI: tuple[tuple[Point, ...], ...] = (
    (
        ("claim", "after"),
        ("take-rendered", "before"),
        ("sealing", "after"),
    ),  # first: only asked
    (("queued", "after"), ("inspecting", "after"), ("settle", "before")),
    (("rendering", "after"), ("take-sealed", "before")),
)


async def run_studio(folder: Path, prompt: str, *die_at: str) -> tuple[int, str, str]:
    """How it ended, the last that it said, and everything."""
    log = folder / "log.txt"
    program = ("tests.engine.crash_studio", str(folder), prompt, *die_at)
    code = await (await preloaded.start(program, environment=os.environ, log=log)).wait()
    said = log.read_text()
    return code, said.splitlines()[-1] if said else "", said


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


async def killed_and_restarted(folder: Path, prompt: str, *points: Point) -> dict[str, Any]:
    """Kill the studio at each point in turn, start it again, and see that no take that was stored is rendered again."""
    (folder / "out").mkdir()
    stored: dict[str, tuple[int, int]] = {}
    for point in points:
        code, out, err = await run_studio(folder, prompt, *point)
        assert code == -signal.SIGKILL, (code, out, err)
        now = Stored.in_folder(folder).takes
        assert {name: now[name] for name in stored} == stored
        stored = now
    code, out, err = await run_studio(folder, prompt)
    assert code == 0, err
    after = Stored.in_folder(folder).takes
    assert {name: after[name] for name in stored} == stored
    ended: dict[str, Any] = json.loads(out)
    return ended


@pytest.mark.parametrize("points", IN_CI, ids=lambda points: "+".join(label for label, _ in points))
async def test_a_job_killed_in_any_state_goes_on_and_ends_once(tmp_path: Path, points: tuple[Point, ...]) -> None:
    check_end(tmp_path, await killed_and_restarted(tmp_path, PROMPT, *points))


@pytest.mark.soak
@pytest.mark.parametrize("point", EVERY_POINT, ids="-".join)
async def test_a_job_killed_around_any_transaction_goes_on_and_ends_once(tmp_path: Path, point: Point) -> None:
    check_end(tmp_path, await killed_and_restarted(tmp_path, PROMPT, point))


async def test_a_held_job_waits_for_its_moderator_across_kills(tmp_path: Path) -> None:
    points = (("held", "after"), ("decided", "before"))
    check_end(tmp_path, await killed_and_restarted(tmp_path, HELD_PROMPT, *points))


async def test_a_refused_job_stays_refused_and_costs_nothing(tmp_path: Path) -> None:
    ended = await killed_and_restarted(tmp_path, REFUSED_PROMPT, ("refused", "after"))
    assert (ended["state"], ended["jobs"], ended["clips"]) == ("refused", 1, {})
    assert (ended["available"], ended["reserved"], ended["kinds"]) == (GRANTED, 0, ["grant"])


def check_paid_back(folder: Path, ended: dict[str, Any], state: str) -> None:
    """The job ended without a clip: nothing was handed out, and every credit came back once."""
    assert (ended["state"], ended["jobs"], ended["clips"]) == (state, 1, {})
    assert set(ended["takes"].values()) == {state}
    assert sorted(ended["kinds"]) == ["grant", "reserve", *["return"] * VARIATIONS]
    assert (ended["available"], ended["reserved"]) == (GRANTED, 0)
    assert not list((folder / "out").iterdir())


@pytest.mark.parametrize(
    "when", [pytest.param("before", marks=pytest.mark.soak), pytest.param("after")], ids=["before", "after"]
)
@pytest.mark.parametrize(("prompt", "state"), [(UNSEALABLE, "failed"), (CALLED_OFF, "cancelled")])
async def test_a_job_that_failed_or_was_called_off_is_paid_back_once_across_a_kill(
    tmp_path: Path, prompt: str, state: str, when: str
) -> None:
    check_paid_back(tmp_path, await killed_and_restarted(tmp_path, prompt, (state, when)), state)

"""The invisible mark under attack, what it costs, and what is read where there is none.

KINORA_BENCH_HEIGHTS (480,720), KINORA_BENCH_FRAMES (120), KINORA_BENCH_CLIPS (24) and KINORA_BENCH_PHOTOGRAPHS (a
folder) choose what is measured. With KINORA_BENCH_RESULTS (a file) what was measured is kept, clip by clip: a run that
was cut short goes on, and runs at different heights may share a file. No clip is begun after KINORA_BENCH_MINUTES.
"""

import json
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from provenance import codes
from provenance.invisible import InvisibleMark
from provenance.reader import Issued, read_marks
from storage.media import Planes
from tests.benchmarks.mark_attacks import UNMARKED, asked, encoded, goal_of
from tests.benchmarks.mark_footage import SIZES, footage

KEY, CLIP = b"benchmark key of 32 bytes length", "7k3m9x2a"
IDS = 1_000_000
_PATCH = 32  # pixels
_FLAT = 1.6  # luma steps of deviation within a patch: a plain sky, and a plain wall with a camera's grain


@dataclass(frozen=True)
class Question:
    attack: str
    read: bool
    wrong: int
    seconds: float  # of CPU


@dataclass(frozen=True)
class Measured:
    """One clip."""

    height: int
    frames: int
    name: str
    psnr: float  # of the worst frame looked at
    flat: float | None  # luma steps of change in flat patches, as root mean square; None where there are none
    growth: float
    rate: float  # frames a second of CPU
    questions: list[Question]


def main() -> None:
    dice = np.random.default_rng(9)
    book = dice.integers(0, 256, (IDS, codes.MESSAGE_BYTES), dtype=np.uint8)
    book[IDS // 3] = np.frombuffer(codes.message(CLIP, KEY), np.uint8)
    issued = Issued("0001-00000000", KEY, book)
    frames = int(os.environ.get("KINORA_BENCH_FRAMES", "120"))
    heights = [int(height) for height in os.environ.get("KINORA_BENCH_HEIGHTS", "480,720").split(",")]
    results = os.environ.get("KINORA_BENCH_RESULTS")
    kept = _Kept(Path(results) if results else None)
    until = time.monotonic() + 60 * float(os.environ.get("KINORA_BENCH_MINUTES", "100000"))
    for height in heights:
        for name, draw in footage(height, frames):
            if kept.has(height, frames, name) or time.monotonic() > until:
                continue
            one = measure(name, height, draw(), issued)
            kept.add(one)
            missed = sorted({question.attack for question in one.questions if not question.read} - {UNMARKED})
            print(f"  {height}p {name}: not read: {', '.join(missed) or '-'}", flush=True)
    report([one for one in kept.clips if one.frames == frames], heights)


class _Kept:
    """What was measured so far, a line of JSON a clip."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        lines = file.read_text().splitlines() if file is not None and file.exists() else []
        self.clips = [_measured(json.loads(line)) for line in lines]

    def has(self, height: int, frames: int, name: str) -> bool:
        return any((one.height, one.frames, one.name) == (height, frames, name) for one in self.clips)

    def add(self, one: Measured) -> None:
        self.clips.append(one)
        if self._file is not None:
            with self._file.open("a") as file:
                file.write(json.dumps(asdict(one)) + "\n")


def _measured(told: dict[str, Any]) -> Measured:
    return Measured(**told | {"questions": [Question(**one) for one in told["questions"]]})


def measure(name: str, height: int, clip: list[Planes], issued: Issued) -> Measured:
    width = SIZES[height]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        plain = encoded(folder / "plain.mp4", [planes.frame for planes in clip], 20)
        looked_at = clip[:: max(1, len(clip) // 8)]
        before = np.stack([planes.luma.copy() for planes in looked_at]).astype(np.float32)
        mark = InvisibleMark(width, height, CLIP, KEY)
        start = time.process_time()
        for planes in clip:
            mark.stamp(planes.luma, planes.cb, planes.cr)
        rate = len(clip) / (time.process_time() - start)
        change = np.stack([planes.luma for planes in looked_at]) - before
        marked = encoded(folder / "marked.mp4", [planes.frame for planes in clip], 20)
        return Measured(
            height=height,
            frames=len(clip),
            name=name,
            psnr=float(10 * np.log10(255**2 / np.square(change).mean(axis=(1, 2)).max())),
            flat=_in_flat_patches(before, change),
            growth=marked.stat().st_size / plain.stat().st_size - 1,
            rate=rate,
            questions=list(_answered(marked, plain, (width, height), folder, issued)),
        )


def _answered(marked: Path, plain: Path, size: tuple[int, int], folder: Path, issued: Issued) -> Iterator[Question]:
    for attack, lumas in asked(marked, plain, size, folder):
        start = time.process_time()
        found = {mark.clip_id for mark in read_marks(lumas, [issued])}
        expected = set() if attack == UNMARKED else {CLIP}
        yield Question(attack, CLIP in found, len(found - expected), time.process_time() - start)


def _in_flat_patches(before: NDArray[np.float32], change: NDArray[np.float32]) -> float | None:
    count, height, width = before.shape
    rows, columns = height // _PATCH, width // _PATCH
    shape = (count, rows, _PATCH, columns, _PATCH)
    whole = (slice(None), slice(rows * _PATCH), slice(columns * _PATCH))
    flat = before[whole].reshape(shape).std(axis=(2, 4)) < _FLAT
    power = np.square(change[whole]).reshape(shape).mean(axis=(2, 4))
    return float(np.sqrt(power[flat].mean())) if flat.any() else None


# -- the tables ----------------------------------------------------------------------------------------------------


def report(clips: Sequence[Measured], heights: Sequence[int]) -> None:
    by_height = {height: [one for one in clips if one.height == height] for height in heights}
    counts = ", ".join(f"{len(some)} clips at {height}p" for height, some in by_height.items())
    print(f"\n{counts}; {IDS:,} issued ids\n")
    print(f"| attack | {' | '.join(f'{height}p | goal' for height in heights)} | CPU of one question |")
    print("|---|" + "---|---|" * len(heights) + "---|")
    read: dict[str, dict[int, list[Question]]] = defaultdict(lambda: defaultdict(list))
    for one in clips:
        for question in one.questions:
            read[question.attack][one.height].append(question)
    for attack, told in read.items():
        if attack != UNMARKED:
            goal = goal_of(attack)
            cells = (_cells(told[height], goal.at(height) if goal else None) for height in heights)
            print(f"| {attack} | {' | '.join(cells)} | {_seconds(told)} |")
    everything = [question for one in clips for question in one.questions]
    unmarked = [question for question in everything if question.attack == UNMARKED]
    cells = (f"{_wrong(by_height[height])} | 0" for height in heights)
    print(f"| a wrong id named, of {len(everything)} questions | {' | '.join(cells)} | |")
    cells = (f"{sum(question.wrong for question in read[UNMARKED][height])} | 0" for height in heights)
    print(f"| any id on the {len(unmarked)} without a mark | {' | '.join(cells)} | {_seconds(read[UNMARKED])} |")
    _tell_clips(clips)


def _cells(told: Sequence[Question], goal: int | None) -> str:
    """How many were read of how many, and the goal."""
    if not told:
        return "- | -"
    hits = sum(question.read for question in told)
    missed = goal is not None and 100 * hits < goal * len(told)
    share = f"{hits} of {len(told)}"
    return f"{f'**{share}**' if missed else share} | {'-' if goal is None else f'{goal} %'}"


def _seconds(told: dict[int, list[Question]]) -> str:
    spent = [question.seconds for questions in told.values() for question in questions]
    return f"median {np.median(spent):.1f} s, at most {max(spent):.1f} s" if spent else "-"


def _wrong(clips: Sequence[Measured]) -> int:
    return sum(question.wrong for one in clips for question in one.questions if question.attack != UNMARKED)


def _tell_clips(clips: Sequence[Measured]) -> None:
    print("\n| clip | size | PSNR-Y, worst frame | change in flat patches | growth | marked, frames/s of CPU |")
    print("|---|---|---|---|---|---|")
    for one in clips:
        flat = "none" if one.flat is None else f"{one.flat:.2f}"
        print(f"| {one.name} | {one.height}p | {one.psnr:.1f} dB | {flat} | {one.growth:+.0%} | {one.rate:.0f} |")

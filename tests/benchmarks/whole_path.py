"""From a prompt to a stored, sealed clip, against the encoder alone; and what safety and provenance add to it."""

import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from engine.brief import Aspect, Brief, Look, Resolution
from engine.darkroom import Developed, Mark, develop
from engine.footage import Footage, Pixels
from engine.names import new_id
from engine.renderers.animatic.renderer import AnimaticRenderer
from engine.renderers.base import RenderOrder
from provenance.facts import ClipFacts, Sealed
from provenance.keys import Keyring
from provenance.seal import seal
from provenance.visible import VisibleMark
from safety.frames.base import Inspection, Inspector, Plane, SeenFrame
from safety.gate import check_text, frame_inspectors, judge_frames
from safety.policy import Policy
from safety.submission import Submission, SubmittedText
from safety.verdict import Decision
from storage.blobs import Blobs
from storage.media import Converter, Mp4Writer, Planes
from tests.benchmarks.measuring import in_turns, ratio

PROMPT = "A red fox runs through a snowy forest at dusk, soft light, slow camera"
ROUNDS = 7

BRIEF = Brief(prompt=PROMPT, look=Look(aspect=Aspect.WIDE, resolution=Resolution.P720, seconds=5.0))
ORDER = RenderOrder(brief=BRIEF, seed=7)


class Studio:
    """The stages of the pipeline one after another, without its ledger."""

    def __init__(self, folder: Path) -> None:
        self.policy = Policy.load()
        self.renderer = AnimaticRenderer()
        self.keyring = Keyring.open(folder / "keys")
        self.blobs = Blobs(folder / "blobs")

    def draw(self) -> Footage:
        return self.renderer.draw(ORDER).footage

    def check(self) -> None:
        verdict = check_text(Submission(texts=(SubmittedText(text=PROMPT),)), self.policy)
        assert verdict.decision is Decision.ALLOW, verdict

    def inspectors(self) -> tuple[Inspector, ...]:
        width, height = ORDER.size
        return frame_inspectors(self.policy, width=width, height=height, fps=ORDER.fps)

    def marks(self) -> tuple[Mark, ...]:
        return (VisibleMark(*ORDER.size),)

    def develop(self, footage: Footage, inspectors: tuple[Inspector, ...], marks: tuple[Mark, ...]) -> Developed:
        return develop(
            footage,
            self.blobs.temporary(".mp4"),
            inspectors=inspectors,
            marks=marks,
            progress=lambda done, total: None,
            cancelled=lambda: False,
        )

    def judge(self, developed: Developed) -> None:
        verdict = judge_frames(developed.inspections, developed.frames, self.policy)
        assert verdict.decision is Decision.ALLOW, verdict

    def seal(self, developed: Developed) -> Sealed:
        facts = ClipFacts(
            clip_id=new_id(),
            job_id=new_id("job"),
            studio_version="benchmark",
            renderer=self.renderer.name,
            renderer_version=self.renderer.version,
            trained=self.renderer.trained,
            seed=ORDER.seed,
            policy_version=self.policy.version,
            brief_digest=secrets.token_hex(32),
            made_at=datetime.now(UTC),
        )
        return seal(developed.path, self.blobs.temporary(".mp4"), facts, self.keyring)

    def whole_path(self) -> None:
        self.check()
        developed = self.develop(self.draw(), self.inspectors(), self.marks())
        self.judge(developed)
        sealed = self.seal(developed)
        developed.path.unlink()
        self.blobs.adopt(sealed.path, sealed.sha256)

    def without_safety_and_provenance(self) -> None:
        developed = self.develop(self.draw(), (), ())
        self.blobs.adopt(developed.path, developed.sha256)


def encode_alone(frames: list[Planes], path: Path) -> None:
    width, height = ORDER.size
    with Mp4Writer(path, width, height, ORDER.fps) as writer:
        for planes in frames:
            writer.write(planes)


class Stopwatch:
    """How long each stage takes while all of them run together."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def running(self, stage: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - begun

    def frames(self, footage: Footage) -> Footage:
        def drawn() -> Iterator[Pixels]:
            while True:
                with self.running("draw"):
                    pixels = next(footage.frames, None)
                if pixels is None:
                    return
                yield pixels

        return replace(footage, frames=drawn())


class TimedInspector:
    def __init__(self, inspector: Inspector, watch: Stopwatch) -> None:
        self.name = inspector.name
        self._inspector, self._watch = inspector, watch

    def see(self, frame: SeenFrame) -> None:
        with self._watch.running(f"inspect: {self.name}"):
            self._inspector.see(frame)

    def conclude(self) -> Inspection:
        return self._inspector.conclude()


class TimedMark:
    def __init__(self, mark: Mark, watch: Stopwatch) -> None:
        self._mark, self._watch = mark, watch

    def stamp(self, luma: Plane, cb: Plane, cr: Plane) -> None:
        with self._watch.running(f"mark: {type(self._mark).__name__}"):
            self._mark.stamp(luma, cb, cr)


def stages(studio: Studio) -> dict[str, float]:
    """The whole path once more, with a stopwatch at every door."""
    watch = Stopwatch()
    with watch.running("check the text"):
        studio.check()
    with watch.running("prepare"):
        footage = studio.draw()
        inspectors = tuple(TimedInspector(inspector, watch) for inspector in studio.inspectors())
        marks = tuple(TimedMark(mark, watch) for mark in studio.marks())
    with watch.running("one pass"):
        developed = studio.develop(watch.frames(footage), inspectors, marks)
    with watch.running("judge"):
        studio.judge(developed)
    with watch.running("seal"):
        sealed = studio.seal(developed)
    with watch.running("store"):
        studio.blobs.adopt(sealed.path, sealed.sha256)
    seconds = watch.seconds
    within = sum(spent for stage, spent in seconds.items() if stage.startswith(("draw", "inspect", "mark")))
    seconds["convert, encode, hash"] = seconds.pop("one pass") - within
    return seconds


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        studio = Studio(folder)
        converter = Converter()
        footage = studio.draw()
        frames = [converter.planes(pixels, footage.layout) for pixels in footage.frames]
        timings = in_turns(
            {
                "encode": partial(encode_alone, frames, folder / "alone.mp4"),
                "whole": studio.whole_path,
                "bare": studio.without_safety_and_provenance,
            },
            ROUNDS,
        )
        print(f"5 s of 720p ({len(frames)} frames), {ROUNDS} rounds in turns, x264 veryfast CRF 20, 2 threads")
        print(f"  encoding the same frames alone:         {timings['encode']}")
        print(f"  whole path:                             {timings['whole']}")
        print(f"  path without safety and provenance:     {timings['bare']}")
        print(f"  whole path against the encoder alone:   {ratio(timings['whole'], timings['encode'])}")
        print(f"  with safety and provenance against not: {ratio(timings['whole'], timings['bare'])}")
        print("  one whole path by stages:")
        for stage, seconds in stages(studio).items():
            print(f"    {stage:26} {seconds * 1000:8.1f} ms")


if __name__ == "__main__":
    main()

"""One pass: every frame is inspected as it was drawn, marked, encoded; anything odd leaves an error and no file."""

import contextlib
import gc
import hashlib
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.darkroom import Cancelled, DarkroomError, Developed, Encoding, Mark, develop
from engine.footage import Footage, Pixels
from safety.frames.base import Inspection, Inspector, Plane, SeenFrame
from safety.verdict import Signal, Surface
from storage.media import MediaError, probe, read_frames
from tests.media_samples import BLACK, GREY, moving_footage, moving_frames, plain_footage

REPOSITORY = Path(__file__).parents[2]
FAST = Encoding(preset="ultrafast")


@dataclass
class Watcher:
    """An inspector that keeps the mean of each frame's planes."""

    name: str = "watcher"
    seen: list[tuple[int, float, float, float, float]] = field(default_factory=list)

    def see(self, frame: SeenFrame) -> None:
        planes = (float(plane.mean()) for plane in (frame.luma, frame.cb, frame.cr))
        self.seen.append((frame.index, frame.seconds, *planes))

    def conclude(self) -> Inspection:
        return Inspection(self.name, len(self.seen))


class Corner:
    """A mark: a bright square in the lower right corner of the luma."""

    def stamp(self, luma: Plane, cb: Plane, cr: Plane) -> None:
        luma[-16:, -16:] = 220
        cb[-8:, -8:] = 128
        cr[-8:, -8:] = 128


def run(
    footage: Footage,
    path: Path,
    *,
    inspectors: tuple[Inspector, ...] = (),
    marks: tuple[Mark, ...] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Developed:
    return develop(
        footage, path, inspectors=inspectors, marks=marks, progress=progress, cancelled=cancelled, encoding=FAST
    )


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return tmp_path / "take.mp4"


def nothing_left(clip: Path) -> bool:
    return not list(clip.parent.iterdir())


def test_what_is_developed_is_what_was_promised(clip: Path) -> None:
    developed = run(moving_footage(320, 180, 30), clip)
    assert (developed.path, developed.width, developed.height) == (clip, 320, 180)
    assert (developed.fps, developed.frames, developed.seconds) == (24, 30, 1.25)
    assert developed.size == clip.stat().st_size
    assert developed.sha256 == hashlib.sha256(clip.read_bytes()).hexdigest()
    facts = probe(clip)
    assert (facts.width, facts.height, facts.fps, facts.frames) == (320, 180, 24, 30)
    assert [path.name for path in clip.parent.iterdir()] == [clip.name]


@pytest.mark.parametrize("count", [1, 24, 25, 119, 120])
def test_every_frame_is_seen_once_in_order_with_its_time(clip: Path, count: int) -> None:
    watcher = Watcher()
    told: list[tuple[int, int]] = []
    developed = run(
        moving_footage(64, 48, count),
        clip,
        inspectors=(watcher,),
        progress=lambda done, total: told.append((done, total)),
    )
    assert [seen[0] for seen in watcher.seen] == list(range(count))
    assert [seen[1] for seen in watcher.seen] == [index / 24 for index in range(count)]
    assert told == [(done, count) for done in range(1, count + 1)]
    assert developed.inspections == (Inspection("watcher", count),)
    assert probe(clip).frames == count


def test_inspectors_see_the_frame_before_the_mark_and_viewers_after(clip: Path) -> None:
    watcher = Watcher()
    run(plain_footage(BLACK, 64, 48), clip, inspectors=(watcher,), marks=(Corner(),))
    assert {seen[2:] for seen in watcher.seen} == {(16.0, 128.0, 128.0)}
    for frame in read_frames(clip):
        assert abs(float(frame.planes.luma[-12:-4, -12:-4].mean()) - 220) < 4
        assert abs(float(frame.planes.luma[:24, :24].mean()) - 16) < 2


def test_marks_are_stamped_in_their_order(clip: Path) -> None:
    class Painter:
        def __init__(self, value: int) -> None:
            self.value = value

        def stamp(self, luma: Plane, cb: Plane, cr: Plane) -> None:
            luma[:] = self.value

    run(plain_footage(GREY), clip, marks=(Painter(60), Painter(200)))
    assert all(abs(float(frame.planes.luma.mean()) - 200) < 2 for frame in read_frames(clip))


def test_inspectors_see_planes_of_the_right_size_that_they_cannot_change(clip: Path) -> None:
    shapes = set()

    class Meddler(Watcher):
        def see(self, frame: SeenFrame) -> None:
            shapes.add((frame.luma.shape, frame.cb.shape, frame.cr.shape, frame.luma.dtype.name))
            for plane in (frame.luma, frame.cb, frame.cr):
                with pytest.raises(ValueError, match="read-only"):
                    plane[0, 0] = 0
            super().see(frame)

    run(moving_footage(854, 480, 2), clip, inspectors=(Meddler(),))
    assert shapes == {((480, 854), (240, 427), (240, 427), "uint8")}


def test_what_inspectors_see_is_what_a_decoder_finds(clip: Path) -> None:
    watcher = Watcher()
    run(moving_footage(320, 180, 12), clip, inspectors=(watcher,))
    for seen, frame in zip(watcher.seen, read_frames(clip), strict=True):
        found = [float(plane.mean()) for plane in (frame.planes.luma, frame.planes.cb, frame.planes.cr)]
        assert found == pytest.approx(seen[2:], abs=1.5)


def test_a_renderer_may_use_one_buffer_for_all_frames(clip: Path) -> None:
    """The footage's contract allows it: a frame is used up before the next is asked for."""
    buffer = np.empty((48, 64, 3), np.uint8)

    def frames() -> Iterator[Pixels]:
        for index in range(10):
            buffer[:] = index * 25
            yield buffer
            buffer[:] = 255

    run(Footage(64, 48, 24, 10, "rgb24", frames()), clip)
    shades = [float(frame.planes.luma.mean()) for frame in read_frames(clip)]
    assert shades == pytest.approx([16 + 219 * index * 25 / 255 for index in range(10)], abs=2)


@pytest.mark.parametrize("view", [lambda a: a[:, ::-1], lambda a: a[::-1], lambda a: a.transpose(1, 0, 2)[:, :]])
def test_frames_that_are_turned_views_come_out_right(clip: Path, view: Callable[[Pixels], Pixels]) -> None:
    square = next(moving_frames(64, 64, 1)).copy()
    turned = view(square)
    run(Footage(64, 64, 24, 1, "bgra", iter([turned])), clip)
    (frame,) = read_frames(clip)
    straight = clip.with_name("straight.mp4")
    run(Footage(64, 64, 24, 1, "bgra", iter([np.ascontiguousarray(turned)])), straight)
    (expected,) = read_frames(straight)
    assert (frame.planes.luma == expected.planes.luma).all()


def test_a_crop_of_a_wider_picture_is_taken_as_it_is(clip: Path) -> None:
    wide = next(moving_frames(200, 64, 1)).copy()
    run(Footage(64, 64, 24, 1, "bgra", iter([wide[:, 50:114]])), clip)
    assert probe(clip).width == 64


# --- footage that breaks its word --------------------------------------------------------------------------------


def plain(shape: tuple[int, ...], dtype: Any = np.uint8) -> Any:
    return np.zeros(shape, dtype)


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ([], "footage.short"),
        ([plain((48, 64, 4))] * 2, "footage.short"),
        ([plain((48, 64, 4))] * 4, "footage.long"),
        ([plain((48, 64, 4))] * 2 + [plain((48, 66, 4))], "footage.size"),
        ([plain((64, 48, 4))] * 3, "footage.size"),
        ([plain((48, 64, 3))] * 3, "footage.size"),
        ([plain((48, 64))] * 3, "footage.size"),
        ([plain((0, 0, 4))] * 3, "footage.size"),
        ([plain((48, 64, 4), np.float32)] * 3, "footage.type"),
        ([plain((48, 64, 4), np.int8)] * 3, "footage.type"),
        ([plain((48, 64, 4)), None, plain((48, 64, 4))], "footage.type"),
        (["a frame"] * 3, "footage.type"),
        ([b"\0" * 48 * 64 * 4] * 3, "footage.type"),
    ],
)
def test_footage_that_is_not_as_promised_is_a_typed_error_and_no_file(clip: Path, frames: list[Any], code: str) -> None:
    with pytest.raises(DarkroomError) as caught:
        run(Footage(64, 48, 24, 3, "bgra", iter(frames)), clip)
    assert caught.value.code == code
    assert nothing_left(clip)


def test_an_unknown_layout_is_a_typed_error(clip: Path) -> None:
    footage = replace(moving_footage(64, 48, 3), layout="yuyv")  # type: ignore[arg-type]
    with pytest.raises(DarkroomError) as caught:
        run(footage, clip)
    assert caught.value.code == "footage.layout"
    assert nothing_left(clip)


def test_odd_sizes_are_a_typed_error(clip: Path) -> None:
    with pytest.raises(MediaError):
        run(moving_footage(63, 48, 3), clip)
    assert nothing_left(clip)


@pytest.mark.parametrize("at", [0, 1, 13])
def test_a_renderer_that_fails_leaves_no_file_and_its_own_error(clip: Path, at: int) -> None:
    def frames() -> Iterator[Pixels]:
        yield from moving_frames(64, 48, at)
        raise OverflowError("out of memory on the GPU")

    with pytest.raises(OverflowError):
        run(Footage(64, 48, 24, 24, "bgra", frames()), clip)
    assert nothing_left(clip)


def test_a_mark_that_fails_leaves_no_unmarked_file(clip: Path) -> None:
    class Broken:
        def stamp(self, luma: Plane, cb: Plane, cr: Plane) -> None:
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        run(moving_footage(64, 48, 3), clip, marks=(Broken(),))
    assert nothing_left(clip)


@pytest.mark.parametrize("after", [0, 1, 12, 24])
def test_cancelling_between_any_two_frames_leaves_no_file(clip: Path, after: int) -> None:
    closed = []
    asked = 0

    def frames() -> Iterator[Pixels]:
        try:
            yield from moving_frames(64, 48, 24)
        finally:
            closed.append(True)

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > after

    footage = Footage(64, 48, 24, 24, "bgra", frames())  # held on to, so that nobody else clears up after it
    with pytest.raises(Cancelled):
        run(footage, clip, cancelled=cancelled)
    assert nothing_left(clip)
    assert closed or after == 0, "the renderer could not clear up"


@pytest.mark.parametrize("ending", ["whole", "cancelled", "short"])
def test_no_thread_outlives_the_pass(clip: Path, ending: str) -> None:
    footage = moving_footage(64, 48, 24)
    if ending == "short":
        footage = replace(footage, count=30)
    with contextlib.suppress(Cancelled, DarkroomError):
        run(footage, clip, cancelled=lambda: ending == "cancelled" and threading.active_count() > 1)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("encoder")]
    assert clip.exists() == (ending == "whole")


# --- inspectors that fail ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [0, 3, 23])
def test_an_inspector_that_fails_counts_as_not_having_seen_the_rest(clip: Path, at: int) -> None:
    """The clip goes on, and the gate holds it for want of a whole look; what was seen before is not lost."""
    warning = Signal(category="flashing", score=1.0, classifier="fragile", surface=Surface.FRAME)

    class Fragile(Watcher):
        def see(self, frame: SeenFrame) -> None:
            super().see(frame)
            if frame.index == at:
                raise RuntimeError("model crashed")

        def conclude(self) -> Inspection:
            return Inspection(self.name, len(self.seen), (warning,))

    watcher = Watcher()
    developed = run(moving_footage(64, 48, 24), clip, inspectors=(Fragile("fragile"), watcher))
    assert developed.inspections == (Inspection("fragile", at, (warning,)), Inspection("watcher", 24))


@pytest.mark.parametrize("answer", [None, "fine", RuntimeError()])
def test_an_inspector_without_a_conclusion_has_seen_nothing(clip: Path, answer: object) -> None:
    class Mute(Watcher):
        def conclude(self) -> Inspection:
            if isinstance(answer, Exception):
                raise answer
            return answer  # type: ignore[return-value]

    developed = run(moving_footage(64, 48, 4), clip, inspectors=(Mute("mute"),))
    assert developed.inspections == (Inspection("mute", 0),)


def test_an_inspector_cannot_claim_frames_that_it_was_not_shown(clip: Path) -> None:
    class Boaster(Watcher):
        def conclude(self) -> Inspection:
            return Inspection(self.name, 10**9)

    developed = run(moving_footage(64, 48, 4), clip, inspectors=(Boaster(),))
    assert developed.inspections == (Inspection("watcher", 4),)


# --- memory ------------------------------------------------------------------------------------------------------


PEAK = """
import resource, sys
from pathlib import Path
from tests.media_samples import developed, moving_footage
count = int(sys.argv[2])
developed(moving_footage(640, 360, count), Path(sys.argv[1]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_memory_does_not_grow_with_the_length(tmp_path: Path) -> None:
    """Beyond the encoder's look ahead a longer clip takes no more: 160 frames more would be 55,000 kB of planes."""
    peaks = []
    for count in (60, 220):
        done = subprocess.run(
            [sys.executable, "-c", PEAK, str(tmp_path / "clip.mp4"), str(count)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        )
        peaks.append(int(done.stdout) // (1024 if sys.platform == "darwin" else 1))
    assert peaks[1] - peaks[0] < 20_000


def test_frames_are_let_go_of(clip: Path) -> None:
    """Nothing on the way keeps a frame: not the converter, not the writer, not the look of an inspector."""
    import weakref

    alive: list[weakref.ref[Plane]] = []

    class Keeper(Watcher):
        def see(self, frame: SeenFrame) -> None:
            alive.append(weakref.ref(frame.luma))

    run(moving_footage(64, 48, 30), clip, inspectors=(Keeper(),))
    gc.collect()
    assert not [reference for reference in alive if reference() is not None]

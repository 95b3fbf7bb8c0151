"""A classifier of pictures is asked about the moments that matter; whatever becomes of it, what it missed is held."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from engine.darkroom import Stopped, develop
from engine.footage import Footage
from safety.categories import Category
from safety.frames.base import SeenFrame
from safety.frames.stillness import Stillness
from safety.frames.watching import LabelsUnknownError, Watching
from safety.gate import judge_frames
from safety.policy import Policy
from safety.verdict import Decision, Fault, Signal
from storage.models import ModelError

BASE = Policy.load()
POLICY = BASE.model_copy(
    update={"profiles": {"base": BASE.required.model_copy(update={"frames": ("eye",), "uploads": ("eye",)})}}
)
FPS = 24


def frame(index: int, light: int = 120) -> SeenFrame:
    luma = np.full((48, 64), light, np.uint8)
    luma[:, index % 64] ^= 8
    return SeenFrame(index, index / FPS, luma, luma[::2, ::2], luma[::2, ::2])


class Eye:
    """Answers what the test says, and remembers what it was shown."""

    def __init__(self, answer: Callable[[int], object]) -> None:
        self.answer, self.batches = answer, []  # type: ignore[var-annotated]

    def look(self, pictures: Sequence[np.ndarray]) -> list[object]:
        self.batches.append(len(pictures))
        assert all(one.shape == (48, 64, 3) and one.dtype == np.uint8 for one in pictures)
        return [self.answer(sum(self.batches[:-1]) + number) for number in range(len(pictures))]


def watching(eye: object, **about: object) -> Watching:
    return Watching(
        "eye",
        lambda: eye,  # type: ignore[arg-type, return-value]
        FPS,
        **{"seconds": 10.0, "refuses": lambda signal: POLICY.decide(signal) is Decision.REFUSE} | about,  # type: ignore[arg-type]
    )


def shown(watch: Watching, frames: int = 120) -> tuple[list[Signal], Decision]:
    for index in range(frames):
        watch.see(frame(index))
    inspection = watch.conclude()
    return list(inspection.signals), judge_frames([inspection], inspection.frames_seen, POLICY).decision


def test_two_a_second_are_shown_some_at_a_time_and_the_worst_counts() -> None:
    eye = Eye(lambda number: {"gore": 0.6 if number == 4 else 0.1, "sexual": 0.01})
    signals, decision = shown(watching(eye, at_once=4))
    assert eye.batches == [4, 4, 2]
    assert {one.category: (one.score, one.seconds) for one in signals} == {"gore": (0.6, 2.0), "sexual": (0.01, 0.0)}
    assert decision is Decision.HOLD
    assert shown(watching(Eye(lambda _: {"gore": 0.2})))[1] is Decision.ALLOW


def test_the_first_refusal_ends_the_looking_and_the_drawing(tmp_path: Path) -> None:
    eye = Eye(lambda number: {"gore": 0.95 if number == 1 else 0.0})
    drawn = 0

    def frames():  # type: ignore[no-untyped-def]
        nonlocal drawn
        for _ in range(240):
            drawn += 1
            yield np.full((48, 64, 3), 90, np.uint8)

    footage = Footage(width=64, height=48, fps=FPS, count=240, layout="rgb24", frames=frames())
    with pytest.raises(Stopped) as stopped:
        develop(
            footage,
            tmp_path / "take.mp4",
            inspectors=[watching(eye, at_once=2)],
            marks=[],
            progress=lambda *_: None,
            cancelled=lambda: False,
        )
    assert drawn == stopped.value.frames == 13
    assert judge_frames(stopped.value.inspections, 13, POLICY).decision is Decision.REFUSE
    assert list(tmp_path.iterdir()) == []


def raises(error: BaseException) -> Callable[[int], object]:
    def answer(_: int) -> object:
        raise error

    return answer


def slow(_: int) -> object:
    time.sleep(0.03)
    return {"gore": 0.0}


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (raises(MemoryError()), Fault.CRASHED),
        (raises(RuntimeError("CUDA out of memory")), Fault.CRASHED),
        (raises(ImportError("torch")), Fault.MISSING),
        (raises(LabelsUnknownError()), Fault.NONSENSE),
        (lambda _: {"gore": float("nan")}, Fault.NONSENSE),
        (lambda _: {"gore": float("inf")}, Fault.NONSENSE),
        (lambda _: {"gore": 1.5}, Fault.NONSENSE),
        (lambda _: {"gore": -0.2}, Fault.NONSENSE),
        (lambda _: {"gore": None}, Fault.NONSENSE),
        (lambda _: {"weather": 0.1}, Fault.NONSENSE),
        (lambda _: {}, Fault.NONSENSE),
        (lambda _: "fine", Fault.NONSENSE),
        (lambda _: None, Fault.NONSENSE),
    ],
)
def test_an_answer_that_is_none_holds(answer: Callable[[int], object], fault: Fault) -> None:
    signals, decision = shown(watching(Eye(answer)))
    assert [one.fault for one in signals if one.fault] == [fault]
    assert decision is Decision.HOLD


def test_one_answer_too_few_holds() -> None:
    class Short(Eye):
        def look(self, pictures: Sequence[np.ndarray]) -> list[object]:
            return super().look(pictures)[:-1]

    assert shown(watching(Short(lambda _: {"gore": 0.0})))[1] is Decision.HOLD


def test_what_was_seen_before_it_failed_still_counts() -> None:
    def answer(number: int) -> object:
        if number > 4:
            raise RuntimeError("later")
        return {"gore": 0.95}

    signals, decision = shown(watching(Eye(answer), at_once=2, refuses=lambda _: False))
    assert {one.fault for one in signals} == {None, Fault.CRASHED} and decision is Decision.REFUSE


def test_a_slow_one_is_not_waited_for() -> None:
    eye = Eye(slow)
    signals, decision = shown(watching(eye, at_once=1, seconds=0.05))
    assert [one.fault for one in signals if one.fault] == [Fault.SLOW] and decision is Decision.HOLD
    assert len(eye.batches) < 6


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (ModelError("model.missing", name="eye"), Fault.MISSING),
        (ModelError("model.damaged", name="eye"), Fault.DAMAGED),
        (ModelError("model.unknown", name="eye", known=""), Fault.MISSING),
        (ImportError("transformers"), Fault.MISSING),
        (OSError("no such file"), Fault.CRASHED),
        (LabelsUnknownError(), Fault.NONSENSE),
    ],
)
def test_one_that_cannot_be_loaded_holds_with_the_reason(error: Exception, fault: Fault) -> None:
    def load() -> Eye:
        raise error

    watch = Watching("eye", load, FPS, seconds=5.0)
    signals, decision = shown(watch)
    assert [one.fault for one in signals] == [fault] and decision is Decision.HOLD


def test_footage_of_nothing_is_no_footage_that_was_looked_at() -> None:
    assert shown(watching(Eye(lambda _: {"gore": 0.0})), frames=0)[1] is Decision.HOLD


def test_one_that_was_not_there_is_missed() -> None:
    assert judge_frames([], 10, POLICY).decision is Decision.HOLD


def test_a_trained_renderer_needs_a_classifier_of_pictures() -> None:
    watch = watching(Eye(lambda _: {"gore": 0.0}))
    for index in range(24):
        watch.see(frame(index))
    assert judge_frames([watch.conclude()], 24, POLICY, trained=True).decision is Decision.ALLOW
    stillness = Stillness(64, 48, FPS)
    only = POLICY.model_copy(
        update={"profiles": {"base": POLICY.required.model_copy(update={"frames": ("stillness",)})}}
    )
    for index in range(24):
        stillness.see(SeenFrame(index, index / FPS, _varied(index), _varied(index)[::2, ::2], _varied(index)[::2, ::2]))
    assert judge_frames([stillness.conclude()], 24, only).decision is Decision.ALLOW
    assert judge_frames([stillness.conclude()], 24, only, trained=True).signals[0].fault is Fault.UNJUDGED


# -- nothing to see ------------------------------------------------------------------------------------------------


def _varied(index: int) -> np.ndarray:
    return np.random.default_rng(index).integers(0, 255, (48, 64), dtype=np.uint8)


def _fault_of(lumas: Sequence[np.ndarray]) -> Fault | None:
    inspector = Stillness(64, 48, FPS)
    for index, luma in enumerate(lumas):
        inspector.see(SeenFrame(index, index / FPS, luma, luma[::2, ::2], luma[::2, ::2]))
    inspection = inspector.conclude()
    assert inspection.frames_seen == len(lumas)
    assert all(signal.category == Category.UNCHECKED for signal in inspection.signals)
    return inspection.signals[0].fault if inspection.signals else None


def test_blank_and_frozen_footage_is_held_and_a_quiet_scene_is_not() -> None:
    black, still = np.full((48, 64), 16, np.uint8), _varied(0)
    assert _fault_of([black] * 72) is Fault.BLANK
    assert _fault_of([still] * 72) is Fault.BLANK
    assert _fault_of([_varied(index) for index in range(72)]) is None
    assert _fault_of([black] * 30 + [_varied(index) for index in range(42)]) is None, "it begins in the dark"
    drifting = [np.roll(still, index // 8, axis=1) for index in range(72)]
    assert _fault_of(drifting) is None
    assert _fault_of([still] * 20) is None, "a still of a second is a still"

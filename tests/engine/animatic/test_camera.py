"""The camera goes where it was told, and cuts where a longer clip asks for it."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.renderers.animatic.camera import FRAMINGS, MOVES, path
from engine.renderers.animatic.graph import Scene, Subject
from engine.renderers.animatic.shots import ONE_SHOT, SHORTEST, plan
from tests.engine.animatic.screening import screened

Frame = NDArray[np.uint8]
WIDTH, HEIGHT = 320, 180
SOMEONE = (Subject("woman", action="stand"),)


def film(scene: Scene, moments: tuple[float, ...], seed: int = 3, seconds: float = 5.0) -> list[Frame]:
    return [frame.copy() for frame in screened(scene, moments, (WIDTH, HEIGHT), seconds, seed)]


def shifted(first: Frame, second: Frame) -> tuple[int, int]:
    """By how many pixels the picture moved right and down, from the peak of the phase correlation."""
    a, b = (np.fft.rfft2(frame[..., :3].mean(axis=2) - frame[..., :3].mean()) for frame in (first, second))
    cross = b * np.conj(a)
    peak = np.fft.irfft2(cross / (np.abs(cross) + 1e-3), s=(HEIGHT, WIDTH))
    down, right = np.unravel_index(int(np.argmax(peak)), peak.shape)
    return int((right + WIDTH // 2) % WIDTH - WIDTH // 2), int((down + HEIGHT // 2) % HEIGHT - HEIGHT // 2)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("camera", "right", "down"), [("pan left", 1, 0), ("pan right", -1, 0), ("tilt up", 0, 1), ("tilt down", 0, -1)]
)
def test_the_picture_goes_the_other_way_than_the_camera(camera: str, right: int, down: int, seed: int) -> None:
    first, second = film(Scene("castle", "noon", camera=camera), (2.3, 2.7), seed)
    moved_right, moved_down = shifted(first, second)
    assert (np.sign(moved_right), np.sign(moved_down)) == (right, down), (moved_right, moved_down)


@pytest.mark.parametrize("camera", sorted(MOVES))
def test_every_move_goes_somewhere_and_never_jumps(camera: str) -> None:
    going = path(camera, start=0.0, end=5.0, total=5.0, half=0.89, way=1.0)
    seen = [going(frame / 24) for frame in range(121)]
    parts = np.array([(v.x, v.y, v.zoom, v.yaw, v.pitch, v.lens) for v in seen])
    steps = np.abs(np.diff(parts, axis=0)).max(axis=1)
    # a whip pan crosses the frame in ten frames; everything else is never hurried
    assert steps.max() < (0.25 if camera == "whip" else 0.02)
    assert bool(steps.max() > 0) is (camera != "still")


@pytest.mark.parametrize("camera", sorted({*MOVES, *FRAMINGS}))
def test_every_move_and_framing_fills_the_frame_to_its_edges(camera: str) -> None:
    for shape in ((160, 90), (90, 160)):
        scene = Scene("village", "noon", subjects=SOMEONE, camera=camera)
        for frame in screened(scene, (0.0, 2.5, 4.95), shape, seed=5):
            edges = (frame[0], frame[-1], frame[:, 0], frame[:, -1])
            assert all((edge[..., :3].max(axis=1) > 8).mean() > 0.95 for edge in edges), "no black beyond the world"


def _tall(camera: str) -> float:
    """How much of the frame differs where somebody stands in it."""
    with_her, without = (
        film(Scene("meadow", "noon", subjects=subjects, camera=camera), (1.0,))[0].astype(int)
        for subjects in (SOMEONE, ())
    )
    rows = np.nonzero((np.abs(with_her - without).max(axis=2) > 24).sum(axis=1) > 1)[0]
    return float(np.ptp(rows)) / HEIGHT


def test_close_is_nearer_than_wide() -> None:
    wide, medium, close = (_tall(camera) for camera in ("wide", "medium", "close"))
    assert wide < medium * 0.85 and close > medium * 1.2


def test_zooming_in_makes_the_subject_larger_and_out_smaller() -> None:
    for camera, sign in (("zoom in", 1), ("push", 1), ("zoom out", -1), ("pull", -1)):
        with_her = film(Scene("meadow", "noon", subjects=SOMEONE, camera=camera), (0.0, 4.95))
        without = film(Scene("meadow", "noon", camera=camera), (0.0, 4.95))
        first, last = (
            int((np.abs(a.astype(int) - b).max(axis=2) > 24).sum()) for a, b in zip(with_her, without, strict=True)
        )
        assert np.sign(last - first) == sign, camera


@given(
    st.floats(1.0, 60.0),
    st.integers(0, 2**32),
    st.sampled_from(sorted({*MOVES, *FRAMINGS})),
    st.sampled_from([0.0, 0.3, 0.5]),
    st.sampled_from([24, 30]),
)
@settings(max_examples=150, deadline=None)
def test_shots_cover_the_clip_and_none_is_too_short(
    seconds: float, seed: int, camera: str, enters: float, fps: int
) -> None:
    scene = Scene("meadow", "noon", camera=camera, subjects=(Subject("wolf"), Subject("wolf", enters=enters)))
    spans = plan(scene, seconds, seed, fps)
    assert spans == plan(scene, seconds, seed, fps)
    assert spans[0].start == 0.0 and spans[-1].end == seconds
    assert all(a.end == b.start for a, b in pairwise(spans))
    assert (len(spans) == 1) if seconds <= ONE_SHOT else all(s.end - s.start >= SHORTEST - 1e-9 for s in spans)
    assert all(abs(s.start * fps - round(s.start * fps)) < 1e-6 for s in spans), "cuts fall on frames"
    assert {s.scene.subjects for s in spans} == {scene.subjects}, "a subject keeps its looks over cuts"
    assert {s.scene.setting for s in spans} == {scene.setting}
    if camera in MOVES and camera != "drift":
        assert {s.scene.camera for s in spans} == {camera}, "a camera that was told what to do does it in every shot"


def test_a_longer_clip_cuts_to_another_view_of_the_same_place() -> None:
    scene = Scene("village", "noon", subjects=(Subject("woman", colour="red", action="stand"),))
    spans = plan(scene, 24.0, 3)
    assert len(spans) >= 3
    assert len({s.scene.framing for s in spans}) >= 2, "near and far"
    cut = spans[1].start
    before, after = film(scene, (cut - 1 / 24, cut), seconds=24.0)
    assert np.mean(np.abs(before.astype(int) - after).max(axis=2) > 20) > 0.15, "a cut is seen"

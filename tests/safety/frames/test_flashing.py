"""Flashing by WCAG 2.3.1, on synthetic footage in the planes that the darkroom shows."""

import numpy as np
import pytest

from safety.frames.base import SeenFrame
from safety.frames.flashing import Flashing
from safety.gate import judge_frames
from safety.policy import Policy
from safety.verdict import Decision

WIDTH, HEIGHT = 320, 180
BLACK, WHITE = (16, 128, 128), (235, 128, 128)
RED, BLUE = (63, 102, 240), (32, 240, 118)  # BT.709, limited range
DARK_RED = (30, 120, 160)


def picture(colour, part=1.0, ground=BLACK, width=WIDTH, height=HEIGHT):
    """Planes of `ground` whose left `part` is of the colour."""
    planes = []
    for value, under, (h, w) in zip(colour, ground, ((height, width), *((height // 2, width // 2),) * 2), strict=True):
        plane = np.full((h, w), under, np.uint8)
        plane[:, : round(w * part)] = value
        planes.append(plane)
    return planes


def inspected(frames, fps, width=WIDTH, height=HEIGHT):
    inspector = Flashing(width, height, fps)
    for index, planes in enumerate(frames):
        inspector.see(SeenFrame(index, index / fps, *planes))
    return inspector.conclude()


def blinking(on, off, flashes, fps, seconds=3):
    """`flashes` flashes a second, as near as whole frames allow."""
    for index in range(fps * seconds):
        yield on if (index * flashes * 2 // fps) % 2 else off


def rules(inspection):
    return {signal.rule for signal in inspection.signals}


@pytest.mark.parametrize("fps", [12, 24, 25, 30, 60])
@pytest.mark.parametrize("flashes", [1, 2, 3])
def test_up_to_three_flashes_a_second_pass(fps, flashes):
    assert not rules(inspected(blinking(picture(WHITE), picture(BLACK), flashes, fps), fps))


@pytest.mark.parametrize(
    ("fps", "flashes"), [(12, 4), (24, 4), (30, 4), (60, 4), (24, 10), (30, 10), (24, 12), (30, 12), (60, 25)]
)
def test_more_than_three_flashes_a_second_are_seen(fps, flashes):
    inspection = inspected(blinking(picture(WHITE), picture(BLACK), flashes, fps), fps)
    assert "flashing.general" in rules(inspection)
    assert inspection.signals[0].seconds < 1.5


@pytest.mark.parametrize(("part", "seen"), [(0.2, False), (0.23, False), (0.26, True), (0.5, True)])
def test_a_quarter_of_the_picture_is_the_limit(part, seen):
    assert bool(rules(inspected(blinking(picture(WHITE, part), picture(BLACK), 8, 24), 24))) is seen


def test_four_corners_flashing_together_count_together():
    """The area adds up wherever it lies."""
    on = picture(BLACK)
    for plane, value in zip(on, WHITE, strict=True):
        h, w = plane.shape
        for rows in (slice(0, h // 3), slice(-(h // 3), None)):
            for columns in (slice(0, w // 3), slice(-(w // 3), None)):
                plane[rows, columns] = value
    assert rules(inspected(blinking(on, picture(BLACK), 6, 24), 24)) == {"flashing.general"}


def test_opposed_halves_flash_as_much_as_one_that_goes_dark():
    left = picture(WHITE, 0.5)
    right = [plane[:, ::-1].copy() for plane in left]
    assert "flashing.general" in rules(inspected(blinking(left, right, 5, 30), 30))


def test_changes_between_bright_states_are_no_flash():
    """Both states above 0.8 of relative luminance."""
    assert not rules(inspected(blinking(picture((235, 128, 128)), picture((218, 128, 128)), 8, 24), 24))


def test_changes_of_less_than_a_tenth_are_no_flash():
    assert not rules(inspected(blinking(picture((70, 128, 128)), picture((50, 128, 128)), 8, 24), 24))


def test_a_slow_fade_and_a_slow_pulse_pass():
    levels = [int(16 + 219 * (0.5 - 0.5 * np.cos(2 * np.pi * index / 48))) for index in range(144)]
    assert not rules(inspected((picture((level, 128, 128)) for level in levels), 24))


def test_a_fast_smooth_pulse_is_seen():
    """No jump from one frame to the next is needed: what counts is from trough to crest."""
    levels = [int(16 + 219 * (0.5 - 0.5 * np.cos(2 * np.pi * 5 * index / 30))) for index in range(90)]
    assert rules(inspected((picture((level, 128, 128)) for level in levels), 30)) == {"flashing.general"}


def test_scene_cuts_pass():
    """A cut twice a second between dark and bright scenes."""
    scenes = [picture(WHITE), picture(BLACK), picture((180, 128, 128)), picture((60, 110, 140))]
    assert not rules(inspected((scenes[index // 12 % 4] for index in range(120)), 24))


def test_gentle_lightning_passes():
    """Two double strokes, two seconds apart."""
    strokes = {10, 11, 14, 15, 60, 61, 64, 65}
    assert not rules(inspected((picture(WHITE if n in strokes else (40, 130, 120)) for n in range(96)), 24))


@pytest.mark.parametrize(("flashes", "seen"), [(3, False), (4, True), (10, True)])
def test_saturated_red_counts_though_its_luminance_hardly_changes(flashes, seen):
    grey = (125, 128, 128)  # of the same relative luminance as the red
    inspection = inspected(blinking(picture(RED), picture(grey), flashes, 24), 24)
    assert ("flashing.red" in rules(inspection)) is seen
    if seen:
        assert "flashing.general" not in rules(inspection)


def test_red_against_black_and_against_a_darker_red_is_seen():
    assert "flashing.red" in rules(inspected(blinking(picture(RED), picture(BLACK), 5, 24), 24))
    assert "flashing.red" in rules(inspected(blinking(picture(RED), picture(DARK_RED), 5, 24), 24))


def test_blue_against_black_is_too_dark_to_flash():
    assert not rules(inspected(blinking(picture(BLUE), picture(BLACK), 8, 24), 24))


def test_a_burst_in_a_long_quiet_clip_is_found_with_its_time():
    def frames():
        for index in range(24 * 20):
            yield picture(WHITE) if 240 <= index < 264 and index % 4 < 2 else picture(BLACK)

    (signal,) = inspected(frames(), 24).signals
    assert 10.0 < signal.seconds < 11.0


@pytest.mark.parametrize(("width", "height"), [(2, 2), (16, 2), (2, 64), (1920, 1080), (854, 480), (480, 854)])
def test_any_size_and_a_single_frame(width, height):
    inspection = inspected([picture(WHITE, width=width, height=height)], 24, width, height)
    assert inspection.frames_seen == 1
    assert not inspection.signals
    assert rules(
        inspected(
            blinking(picture(WHITE, width=width, height=height), picture(BLACK, width=width, height=height), 6, 24, 2),
            24, width, height,
        )
    )  # fmt: skip


def test_no_frames_at_all_are_not_a_pass():
    policy = Policy.load()
    assert judge_frames([Flashing(64, 64, 24).conclude()], 0, policy).decision is Decision.HOLD


def test_slow_footage_cannot_flash():
    """At six frames a second every frame may differ and there are still but three flashes."""
    assert not rules(inspected(blinking(picture(WHITE), picture(BLACK), 3, 6, 5), 6))


def test_memory_is_one_second_of_a_small_grid():
    inspector = Flashing(1920, 1080, 60)
    inspector.see(SeenFrame(0, 0.0, *picture(BLACK, width=1920, height=1080)))
    held = sum(
        getattr(part, "nbytes", 0)
        for changes in (inspector._luminance, inspector._red)
        for part in vars(changes).values()
    )
    assert held < 500_000

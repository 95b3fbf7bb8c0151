"""Between two frames: what moved is drawn on its way, and what has nothing to do with each other is dissolved."""

from itertools import islice

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.brief import Brief, Look, Resolution
from engine.footage import Pixels
from engine.renderers.animatic.renderer import AnimaticRenderer
from engine.renderers.base import RenderOrder
from engine.renderers.flow import alikeness, drawn_between


def rendered(prompt: str, count: int) -> list[Pixels]:
    brief = Brief(prompt=prompt, look=Look(resolution=Resolution.P480, seconds=5.0))
    frames = AnimaticRenderer().draw(RenderOrder(brief, 7)).footage.frames
    return [frame.copy() for frame in islice(frames, count)]


def noise(one: Pixels, other: Pixels) -> float:
    return float(np.square(one[..., :3].astype(np.float64) - other[..., :3]).mean())


def dissolved(one: Pixels, other: Pixels, share: float = 0.5) -> NDArray[np.float64]:
    return one * (1 - share) + other * share


@pytest.fixture(scope="module")
def bus() -> list[Pixels]:
    return rendered("a red bus drives through a city at noon", 5)


def test_a_frame_left_out_of_a_moving_shot_is_found_again_better_than_by_a_dissolve(bus: list[Pixels]) -> None:
    first, left_out, last = bus[0], bus[2], bus[4]
    plain = dissolved(first, last).astype(np.uint8)
    assert noise(drawn_between(first, last, 0.5), left_out) < noise(plain, left_out) / 2


def test_it_begins_as_the_one_and_ends_as_the_other(bus: list[Pixels]) -> None:
    first, last = bus[0], bus[4]
    assert noise(drawn_between(first, first, 0.5), first) < 1
    assert noise(drawn_between(first, last, 0.0), first) < 2
    assert noise(drawn_between(first, last, 1.0), last) < 2


def test_the_same_two_frames_give_the_same_bytes(bus: list[Pixels]) -> None:
    assert np.array_equal(drawn_between(bus[0], bus[4], 0.3), drawn_between(bus[0], bus[4], 0.3))


def test_two_scenes_that_have_nothing_to_do_with_each_other_are_known_as_such(bus: list[Pixels]) -> None:
    (fox,) = rendered("a red fox in the rain at night", 1)
    assert alikeness(bus[0], fox) < 0.4 < 0.9 < alikeness(bus[0], bus[2])


def test_what_only_one_of_them_shows_is_dissolved_and_not_torn() -> None:
    rng = np.random.default_rng(3)
    one, other = (rng.integers(0, 256, (90, 160, 4), dtype=np.uint8) for _ in range(2))
    between = drawn_between(one, other, 0.5)
    assert noise(between, dissolved(one, other).astype(np.uint8)) < noise(one, other) / 4


@pytest.mark.parametrize("size", [(2, 2), (3, 500), (177, 31), (854, 480)])
def test_any_size_will_do_and_no_edge_is_left_black(size: tuple[int, int]) -> None:
    width, height = size
    wide = Image.effect_noise((width + 12, height + 12), 60).resize((width + 12, height + 12))
    grey = np.asarray(wide).clip(80, 255)
    whole = np.dstack([grey] * 4)
    one, other = whole[:height, :width].copy(), whole[6 : height + 6, 9 : width + 9].copy()
    between = drawn_between(one, other, 0.5)
    assert between.shape == one.shape and between[..., :3].min() >= 75

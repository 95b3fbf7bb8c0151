"""Drawing: the frames asked for, the same every time, different where they should be, gentle to the eyes."""

import subprocess
import sys
from itertools import islice, pairwise

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from engine.brief import Aspect, Brief, Look, Resolution, frame_size
from engine.renderers.animatic.casting import cast
from engine.renderers.animatic.company import Placed
from engine.renderers.animatic.directing import set_stage
from engine.renderers.animatic.reading import read
from engine.renderers.animatic.renderer import AnimaticRenderer
from engine.renderers.animatic.settings.catalogue import SETTINGS
from engine.renderers.animatic.styles import STYLES
from engine.renderers.base import Renderer, Rendering, RenderOrder
from tests.engine.animatic.screening import screened

Frame = NDArray[np.uint8]


def draw(prompt: str, seed: int = 1, **look: object) -> Rendering:
    look.setdefault("seconds", 1.0)
    order = RenderOrder(Brief(prompt=prompt, look=Look.model_validate(look)), seed)
    return AnimaticRenderer().draw(order)


def frames(prompt: str, at: tuple[int, ...], seed: int = 1, **look: object) -> list[Frame]:
    wanted = set(at)
    return [
        f.copy() for i, f in enumerate(islice(draw(prompt, seed, **look).footage.frames, max(at) + 1)) if i in wanted
    ]


def test_it_is_a_renderer_that_calls_its_work_a_draft() -> None:
    renderer: Renderer = AnimaticRenderer()
    assert (renderer.name, renderer.is_draft, renderer.trained) == ("animatic", True, False)
    assert draw("a wolf").model is None


@pytest.mark.parametrize("aspect", list(Aspect))
@pytest.mark.parametrize("resolution", list(Resolution))
def test_every_size_of_a_brief_is_drawn(aspect: Aspect, resolution: Resolution) -> None:
    footage = draw("two horses run at dusk", aspect=aspect, resolution=resolution).footage
    width, height = frame_size(aspect, resolution)
    frame = next(footage.frames)
    assert (footage.width, footage.height, footage.layout) == (width, height, "bgra")
    assert frame.shape == (height, width, 4) and frame.dtype == np.uint8
    assert (frame[..., 3] == 255).all(), "opaque: nothing shines through to black"
    assert frame[..., :3].std() > 10, "a picture, not a flat field"


@pytest.mark.parametrize("seconds", [1.0, 1.02, 2.37])
def test_exactly_the_asked_frames_come(seconds: float) -> None:
    footage = draw("a boat on a lake", seconds=seconds).footage
    assert footage.count == round(seconds * 24) == sum(1 for _ in footage.frames)


def test_the_same_order_gives_the_same_bytes_in_another_process() -> None:
    script = (
        "import hashlib;from engine.brief import Brief,Look;from engine.renderers.base import RenderOrder;"
        "from engine.renderers.animatic.renderer import AnimaticRenderer;h=hashlib.sha256();"
        "o=RenderOrder(Brief(prompt='three wolves run in the rain at night',look=Look(seconds=1)),7);"
        "[h.update(f.tobytes()) for f in AnimaticRenderer().draw(o).footage.frames];print(h.hexdigest())"
    )
    runs = {
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert len(runs) == 1 and len(runs.pop().strip()) == 64


def test_another_seed_is_another_composition() -> None:
    (one,), (other,) = frames("a wolf in the forest", (4,), seed=1), frames("a wolf in the forest", (4,), seed=2)
    assert np.mean(np.abs(one.astype(int) - other) > 12) > 0.08


@pytest.mark.parametrize(
    "prompt", ["a wolf walks", "a sailboat on the sea", "a city street", "fish underwater", "a cake in a room", "space"]
)
def test_everything_lives(prompt: str) -> None:
    first, last = frames(prompt, (0, 23))
    assert np.mean(np.abs(first.astype(int) - last) > 4) > 0.005


def _placed(prompt: str, seed: int = 1, width: int = 854, height: int = 480) -> list[Placed]:
    scene = read(prompt)
    stage = set_stage(scene, width, height, 2.0, seed).stage
    try:
        return cast(scene, SETTINGS[scene.setting], stage, -1.0)
    finally:
        stage.canvas.close()


@pytest.mark.parametrize("count", [1, 2, 3, 7, 12])
def test_as_many_stand_on_the_stage_as_were_asked_for(count: int) -> None:
    placed = _placed(f"{count} wolves")
    assert len(placed) == count and len({p.x for p in placed}) == count


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("width", "height"), [(854, 480), (480, 480), (480, 854)])
def test_left_of_is_left_in_every_frame_shape(seed: int, width: int, height: int) -> None:
    cat, dog = sorted(_placed("a cat to the left of a dog", seed, width, height), key=lambda p: p.kind.name)
    assert cat.x < 0 < dog.x


def _reds(frame: Frame) -> NDArray[np.bool_]:
    b, g, r = (frame[..., c].astype(int) for c in range(3))
    return (r > 110) & (r > 2.4 * g) & (r > 2.4 * b)


@pytest.mark.parametrize("hour", ["at noon", "at night", "in the rain", "at dusk"])
def test_the_subjects_colour_is_in_the_picture_and_nowhere_without_it(hour: str) -> None:
    (red,) = frames(f"a red fox {hour} on a meadow", (6,))
    (blue,) = frames(f"a blue fox {hour} on a meadow", (6,))
    assert _reds(red).mean() > 0.004 > 0.0015 > _reds(blue).mean()


@pytest.mark.parametrize(("side", "low", "high"), [("left", 0.0, 0.5), ("right", 0.5, 1.0)])
def test_a_red_horse_on_a_side_is_on_that_side_of_the_pixels(side: str, low: float, high: float) -> None:
    (frame,) = frames(f"a red horse on the {side} at noon", (6,))
    xs = np.nonzero(_reds(frame))[1] / frame.shape[1]
    assert len(xs) > 500 and low <= float(np.median(xs)) <= high


@pytest.mark.parametrize(("word", "sign"), [("left", -1), ("right", 1)])
def test_who_goes_left_faces_left(word: str, sign: int) -> None:
    assert {np.sign(p.facing) for p in _placed(f"three wolves run to the {word}")} == {sign}


@pytest.mark.parametrize(
    "prompt", ["a thunderstorm over the city at night", "fireflies in the forest", "a kangaroo disco dances"]
)
def test_nothing_flashes(prompt: str) -> None:
    lumas = [float(f[::4, ::4, :3].mean()) / 255 for f in draw(prompt, seconds=2.0).footage.frames]
    # the limit on flashes counts changes of a tenth of full luminance; a drawn draft stays far below between neighbours
    assert max(abs(a - b) for a, b in pairwise(lumas)) < 0.02


@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_style_is_drawn_and_looks_its_own_way(style: str) -> None:
    (plain,) = frames("a woman walks through a village", (2,))
    rendering = draw("a woman walks through a village", style=style)
    frame = next(islice(rendering.footage.frames, 2, None))
    assert rendering.not_drawn == ()
    if style == "cutout":
        assert (frame == plain).all()
    else:
        assert np.mean(np.abs(frame.astype(int) - plain) > 6) > 0.05
    if style in ("film noir", "ink"):
        assert np.ptp(frame[..., :3].astype(int), axis=2).mean() < 22, "all but colourless"


def test_memory_does_not_grow_with_length() -> None:
    footage = draw("three wolves walk in the snow while it snows", seconds=60.0).footage
    for _ in islice(footage.frames, 24):
        pass
    before = psutil.Process().memory_info().rss
    for _ in islice(footage.frames, 120):
        pass
    grown = psutil.Process().memory_info().rss - before
    frame_bytes = footage.width * footage.height * 4
    assert grown < 6 * frame_bytes, f"{grown} bytes more after 120 frames of {frame_bytes}"


def test_frames_are_made_only_when_they_are_read_and_share_one_buffer() -> None:
    footage = draw("a wolf", seconds=60.0).footage
    first, second = next(footage.frames), next(footage.frames)
    assert first is second or first.base is second.base
    footage.frames.close()  # type: ignore[attr-defined]


def test_rain_stays_outside_a_room_and_runs_down_its_window() -> None:
    """Only the window differs between a dry room and a wet one."""
    dry, wet = (
        next(screened(read(f"a man reads in a library{rain}"), [2.0], (320, 180))).astype(int)
        for rain in (" at noon", " at noon, heavy rain")
    )
    differs = np.abs(dry - wet).max(axis=-1) > 24
    assert 0 < differs.mean() < 0.06

"""Every operation on both families with tiny models: exact lengths, and what was there is shown as it was."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engine.brief import FRAMES_PER_SECOND, Brief, Operation
from engine.footage import Pixels
from engine.renderers.base import Rendering, RenderOrder, SourceFile
from engine.renderers.diffusion.loading import Shelf
from engine.renderers.diffusion.renderer import DiffusionRenderer
from storage.media import Converter, Mp4Writer

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

# What is installed, the preferred one first: one model of LTX does everything, of Wan it takes several.
FAMILIES = {"ltx": ("ltx-video-2b",), "wan": ("wan-5b", "wan-1b", "wan-vace-1b")}
CLIP, OTHER, STILL = "c" * 64, "d" * 64, "e" * 64
SECONDS = 2.0


@pytest.fixture(scope="module", params=FAMILIES)
def renderer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> DiffusionRenderer:
    from tests.engine.diffusion import tiny

    models = tmp_path_factory.mktemp(request.param)
    for name in FAMILIES[request.param]:
        tiny.save(name, models)
    return DiffusionRenderer(tuple(tiny.profile(name) for name in FAMILIES[request.param]), models, Shelf())


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SourceFile]:
    """Two films, a bar that wanders and one that stands, and a red picture."""
    folder = tmp_path_factory.mktemp("files")
    found = {}
    for name, speed in ((CLIP, 8), (OTHER, 0)):
        path = folder / f"{name[0]}.mp4"
        converter = Converter()
        with Mp4Writer(path, 480, 480, FRAMES_PER_SECOND) as writer:
            for index in range(round(SECONDS * FRAMES_PER_SECOND)):
                frame = np.full((480, 480, 3), 60, np.uint8)
                left = 20 + index * speed
                frame[:, left : left + 60] = (200, 180, 40)
                writer.write(converter.planes(frame, "rgb24"))
        found[name] = SourceFile(path, name, "video/mp4", SECONDS, said="a bar of gold")
    path = folder / "e.png"
    Image.new("RGB", (400, 400), (220, 20, 20)).save(path)
    found[STILL] = SourceFile(path, STILL, "image/png", 0.0)
    return found


def source(name: str, **window: float) -> dict[str, Any]:
    if name == STILL:
        return {"kind": "upload", "sha256": name, "media_type": "image/png", **window}
    return {"kind": "clip", "clip_id": name[:8], **window}


def order(files: dict[str, SourceFile], seconds: float, *named: str, number: int = 1, **brief: Any) -> RenderOrder:
    brief["sources"] = [source(name) for name in named]
    made = Brief.model_validate({"look": {"seconds": seconds, "aspect": "1:1"}, **brief})
    used = [files[one.sha256 if one.kind == "upload" else one.clip_id[0] * 64] for one in made.made_from]
    return RenderOrder(brief=made, seed=3, number=number, sources=tuple(used))


def play(renderer: DiffusionRenderer, wanted: RenderOrder) -> tuple[Rendering, list[Pixels]]:
    rendering = renderer.draw(wanted)
    frames = [frame.copy() for frame in rendering.footage.frames]
    assert len(frames) == wanted.count == rendering.footage.count
    assert all(frame.shape == (480, 480, 3) for frame in frames)
    return rendering, frames


def shown(files: dict[str, SourceFile], name: str, seconds: float) -> Pixels:
    from engine.renderers.pixels import ReelReader

    with ReelReader(files[name].path, 480, 480) as reader:
        return np.ascontiguousarray(reader.at(seconds)[..., 2::-1])


def test_a_picture_comes_alive(renderer: DiffusionRenderer, files: dict[str, SourceFile]) -> None:
    play(renderer, order(files, 1.0, STILL, operation="animate", prompt="it melts"))


def test_a_storyboard_shows_its_clips_as_they_are_and_makes_what_lies_between(
    renderer: DiffusionRenderer, files: dict[str, SourceFile]
) -> None:
    cards = [
        {"at": 0.0, "text": "a wolf"},
        {"at": 0.5, "text": "", "source": source(STILL)},
        {"at": 1.0, "text": "gold", "source": source(CLIP, end=0.5)},
        {"at": 2.0, "text": "the sea"},
    ]
    _, frames = play(renderer, order(files, 2.5, operation="storyboard", cards=cards))
    for frame in (0, 6, 11):
        assert np.array_equal(frames[24 + frame], shown(files, CLIP, frame / 24))


def test_its_strength_decides_what_a_remix_looks_like(
    renderer: DiffusionRenderer, files: dict[str, SourceFile]
) -> None:
    _, weak = play(renderer, order(files, 1.0, CLIP, operation="remix", prompt="of silver", strength=0.0))
    _, strong = play(renderer, order(files, 1.0, CLIP, operation="remix", prompt="of silver", strength=1.0))
    assert not np.array_equal(weak[0], strong[0])


@pytest.mark.parametrize(
    ("before", "after"),
    [(0.5, 0.5), pytest.param(0.5, 0.0, marks=pytest.mark.soak), pytest.param(0.0, 0.75, marks=pytest.mark.soak)],
)
def test_a_clip_goes_on_in_both_directions_and_stays_as_it_was(
    renderer: DiffusionRenderer, files: dict[str, SourceFile], before: float, after: float
) -> None:
    wanted = order(files, before + SECONDS + after, CLIP, operation="recut", before=before, after=after)
    _, frames = play(renderer, wanted)
    start = round(before * 24)
    for frame in (0, 20, 47):
        assert np.array_equal(frames[start + frame], shown(files, CLIP, frame / 24))


def test_a_loop_shows_its_clip_and_makes_the_way_back(
    renderer: DiffusionRenderer, files: dict[str, SourceFile]
) -> None:
    _, frames = play(renderer, order(files, SECONDS, CLIP, operation="loop", join=1))
    assert np.array_equal(frames[0], shown(files, CLIP, 0.0))
    assert np.array_equal(frames[23], shown(files, CLIP, 23 / 24))
    assert not np.array_equal(frames[24], shown(files, CLIP, 1.0))


@pytest.mark.parametrize("mode", ["transition", "mix", pytest.param("sample", marks=pytest.mark.soak)])
def test_a_blend_of_two_clips(renderer: DiffusionRenderer, files: dict[str, SourceFile], mode: str) -> None:
    _, frames = play(renderer, order(files, SECONDS, CLIP, OTHER, operation="blend", blend={"mode": mode}))
    if mode == "transition":
        assert np.array_equal(frames[0], shown(files, CLIP, 0.0))
        assert np.array_equal(frames[-1], shown(files, OTHER, SECONDS - 1 / 24))


@pytest.mark.soak
def test_views_share_their_scene_and_say_how_they_are_made(
    renderer: DiffusionRenderer, files: dict[str, SourceFile]
) -> None:
    rendering, first = play(renderer, order(files, 1.0, CLIP, operation="views", views=3, number=1))
    _, second = play(renderer, order(files, 1.0, CLIP, operation="views", views=3, number=2))
    assert rendering.notes == ("views_move",)
    assert not np.array_equal(first[-1], second[-1])
    rendering, _ = play(renderer, order(files, 1.0, operation="views", views=3, prompt="a wolf", number=3))
    assert rendering.notes == ("views_apart",)


@pytest.mark.parametrize("operation", [Operation.CREATE, Operation.REMIX])
@pytest.mark.soak
def test_a_clip_longer_than_the_model_makes_is_made_in_segments(
    renderer: DiffusionRenderer, files: dict[str, SourceFile], operation: Operation
) -> None:
    named = () if operation is Operation.CREATE else (CLIP,)

    def steps(seconds: float) -> int:
        told: list[tuple[int, int]] = []
        wanted = order(files, seconds, *named, operation=operation, prompt="a river")
        play(replace(renderer, tell=lambda done, of: told.append((done, of))), wanted)
        assert [done for done, _ in told] == list(range(1, told[-1][1] + 1))
        return told[-1][1]

    whole, rest = divmod(steps(3.5), steps(1.0))
    assert whole >= 2 and rest == 0, "a remix takes fewer steps than a creation, and every segment as many"

"""An image becomes layers: what stands in front moves against what lies behind, and nothing breaks."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.brief import Brief
from engine.renderers.animatic.camera import MOVES
from engine.renderers.animatic.composing import compose
from engine.renderers.animatic.film import Picture
from engine.renderers.animatic.layers import LayeredPicture
from engine.renderers.base import RenderOrder, SourceFile

WIDTH, HEIGHT = 428, 240


def photograph(path: Path, *, subject: bool, size: tuple[int, int] = (860, 480)) -> Path:
    """A sky over a field with posts at its back, and a red ball on it."""
    width, height = size
    rows = np.linspace(0, 1, height)[:, None]
    sky = np.stack([90 + 60 * rows, 140 + 50 * rows, 220 - 40 * rows], -1)
    page = Image.fromarray(np.broadcast_to(sky, (height, width, 3)).astype(np.uint8))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, height * 0.7, width, height), fill=(70, 120, 60))
    for number in range(21):
        post = (number * number * 37) % width  # not evenly, so that a shift can be told
        draw.line((post, height * 0.5, post, height * 0.7), fill=(60, 80, 110), width=6)
    if subject:
        draw.ellipse((width * 0.42, height * 0.4, width * 0.58, height * 0.4 + width * 0.16), fill=(210, 40, 30))
    page.save(path)
    return path


def layered(path: Path, **picture: object) -> LayeredPicture:
    return LayeredPicture(Picture("a" * 64, 5.0, 1, **picture), path, WIDTH, HEIGHT)  # type: ignore[arg-type]


def shift_of(one: np.ndarray, other: np.ndarray) -> int:
    """By how many pixels the rows of one have to be moved to lie on the other's."""
    offsets = range(-30, 31)
    inner = slice(40, -40)
    return min(
        offsets,
        key=lambda by: float(np.abs(np.roll(one, by, axis=1)[:, inner].astype(int) - other[:, inner]).mean()),
    )


def test_what_stands_in_front_moves_farther_than_what_lies_behind(tmp_path: Path) -> None:
    picture = layered(photograph(tmp_path / "a.png", subject=True), camera="pan left")
    first, last = picture.draw(0.0).copy(), picture.draw(5.0).copy()
    ball = [frame[..., 2] > 180 for frame in (first, last)]
    assert all(300 < seen.sum() < 8_000 for seen in ball), "it is whole, and there once"
    across = [float(np.nonzero(seen)[1].mean()) for seen in ball]
    posts = shift_of(first[125:160, :150], last[125:160, :150])
    assert abs(across[1] - across[0]) > abs(posts) + 3 > 3
    assert np.sign(across[1] - across[0]) == np.sign(posts)


def test_a_picture_without_a_subject_leans_and_is_not_torn(tmp_path: Path) -> None:
    picture = layered(photograph(tmp_path / "a.png", subject=False))
    assert picture._split.before is None
    first, last = picture.draw(0.0).copy(), picture.draw(5.0).copy()
    assert np.abs(first.astype(int) - last).mean() > 1


@pytest.mark.parametrize(
    ("camera", "size"),
    [
        *((camera, (860, 480)) for camera in (*MOVES, "nobody's")),
        *(("drift", size) for size in ((300, 900), (1_000, 100), (48, 48))),
    ],
)
def test_every_camera_moves_and_none_shows_an_edge(tmp_path: Path, camera: str, size: tuple[int, int]) -> None:
    picture = layered(photograph(tmp_path / "a.png", subject=True, size=size), camera=camera)
    for seconds in (-3.0, 0.0, 2.5, 5.0, 9.0):
        frame = picture.draw(seconds)
        assert frame.shape == (HEIGHT, WIDTH, 4)
        border = np.concatenate([frame[0], frame[-1], frame[:, 0], frame[:, -1]])
        assert (border[:, :3].max(axis=1) > 20).all() and (border[:, 3] == 255).all()
    first, last = picture.draw(0.0).copy(), picture.draw(5.0)
    assert bool(np.abs(first.astype(int) - last).mean() > 0.3) is (camera != "still")


def test_words_bring_weather_and_light_and_what_they_cannot_move_is_said(tmp_path: Path) -> None:
    file = SourceFile(photograph(tmp_path / "a.png", subject=True), "a" * 64, "image/png", 0.0)
    source = {"kind": "upload", "sha256": "a" * 64, "media_type": "image/png"}
    brief = {"operation": "animate", "prompt": "snow at night, the ball dances", "sources": [source]}
    made = compose(RenderOrder(Brief.model_validate(brief), 1, 1, (file,)))
    picture = made.film.root
    assert isinstance(picture, Picture)
    assert picture.weather == ("snow",) and picture.tone is not None
    assert "dances" in made.not_drawn
    night = layered(file.path, tone=picture.tone).draw(1.0)[..., :3].mean()
    assert night < layered(file.path).draw(1.0)[..., :3].mean() * 0.7

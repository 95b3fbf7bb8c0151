"""Stills show the right frame at the right time; an exhibit shows a chat no more than the layout of a scene."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageFilter

from engine.darkroom import Encoding
from engine.footage import Footage, Pixels
from engine.stills import contact_sheet, exhibit, poster
from storage.media import MediaError
from tests.media_samples import BLUE, GREEN, RED, WHITE, developed, plain_footage, sample_clip


def shades(path: Path, count: int = 48, width: int = 160, height: int = 90) -> Path:
    """Frame n is grey at 5 n: which frame a still shows can be read off it."""

    def frames() -> "list[Pixels]":
        return [np.full((height, width, 3), index * 5, np.uint8) for index in range(count)]

    developed(Footage(width, height, 24, count, "rgb24", iter(frames())), path, Encoding(crf=8))
    return path


def shade(image: Image.Image, at: tuple[int, int]) -> float:
    pixel = image.convert("RGB").getpixel(at)
    assert isinstance(pixel, tuple)
    return sum(pixel) / 3


@pytest.mark.parametrize(
    ("at", "frame"),
    [(0.0, 0), (0.03, 0), (1 / 24 + 0.001, 1), (1.0, 24), (1.99, 47), (2.0, 47), (3600.0, 47), (-1.0, 0)],
)
def test_a_poster_is_the_frame_on_screen_at_that_time(tmp_path: Path, at: float, frame: int) -> None:
    picture = poster(shades(tmp_path / "clip.mp4"), at)
    assert picture.size == (160, 90)
    assert shade(picture, (80, 45)) == pytest.approx(frame * 5, abs=2.4)


@pytest.mark.parametrize("colour", [RED, GREEN, BLUE, WHITE])
def test_colours_of_a_poster(tmp_path: Path, colour: tuple[int, int, int]) -> None:
    clip = tmp_path / "clip.mp4"
    developed(plain_footage(colour), clip)
    assert poster(clip, 0.1).getpixel((30, 20)) == pytest.approx(colour, abs=5)


def cell(sheet: Image.Image, place: int, columns: int, width: int, height: int) -> tuple[int, int]:
    """The middle of one picture of a sheet."""
    row, column = divmod(place, columns)
    return 6 + column * (width + 6) + width // 2, 6 + row * (height + 6) + height // 2


def test_a_sheet_shows_frames_from_all_over_the_clip_in_order(tmp_path: Path) -> None:
    sheet = contact_sheet(shades(tmp_path / "clip.mp4"), frames=9, width=160)
    assert sheet.size == (3 * 160 + 4 * 6, 3 * 90 + 4 * 6)
    for place in range(9):
        expected = int((place + 0.5) * 2 / 9 * 24) * 5
        assert shade(sheet, cell(sheet, place, 3, 160, 90)) == pytest.approx(expected, abs=3)


@pytest.mark.parametrize(("frames", "columns", "rows"), [(1, 1, 1), (2, 2, 1), (4, 2, 2), (5, 3, 2), (12, 4, 3)])
def test_a_sheet_of_any_number(tmp_path: Path, frames: int, columns: int, rows: int) -> None:
    sheet = contact_sheet(shades(tmp_path / "clip.mp4"), frames=frames, width=100)
    assert sheet.size == (columns * 106 + 6, rows * (56 + 6) + 6)


def test_a_clip_of_fewer_frames_has_a_smaller_sheet(tmp_path: Path) -> None:
    assert contact_sheet(shades(tmp_path / "clip.mp4", count=1), frames=9, width=160).size == (172, 102)


def test_a_tall_clip_keeps_its_shape(tmp_path: Path) -> None:
    clip = sample_clip(tmp_path / "clip.mp4", 90, 160, count=4)
    assert contact_sheet(clip, frames=4, width=90).size == (2 * 96 + 6, 2 * 166 + 6)


def test_every_picture_of_a_sheet_carries_its_own_time(tmp_path: Path) -> None:
    """The corner is written on, without a font on the system, and no two corners read the same."""
    clip = tmp_path / "clip.mp4"
    developed(plain_footage((90, 90, 90), 320, 180, count=48), clip)
    sheet = contact_sheet(clip, frames=9, width=320)
    corners = []
    for place in range(9):
        row, column = divmod(place, 3)
        left, bottom = 6 + column * 326, 6 + row * 186 + 180
        corner = sheet.crop((left + 2, bottom - 24, left + 60, bottom))
        low, high = corner.convert("L").getextrema()
        assert (low, high) == (24, 255)
        corners.append(corner.tobytes())
    assert len(set(corners)) == 9


def chequered(path: Path) -> Path:
    """Coloured squares of 20 pixels: what a small face or a word takes up."""
    rows, columns = np.mgrid[0:180, 0:320] // 20
    pixels = np.zeros((180, 320, 3), np.uint8)
    pixels[(rows + columns) % 2 == 0] = (255, 40, 0)
    pixels[(rows + columns) % 2 == 1] = (0, 60, 255)
    developed(Footage(320, 180, 24, 6, "rgb24", iter([pixels] * 6)), path)
    return path


def test_an_exhibit_has_no_colour_and_no_detail(tmp_path: Path) -> None:
    clip = chequered(tmp_path / "clip.mp4")
    open_sheet, hidden = contact_sheet(clip, frames=1), exhibit(clip, frames=1)
    assert hidden.size == open_sheet.size
    inside = (6 + 70, 6, 6 + 320, 6 + 150)  # beside the time
    red, green, blue = hidden.crop(inside).split()
    assert ImageChops.difference(red, green).getbbox() is None
    assert ImageChops.difference(red, blue).getbbox() is None

    def detail(sheet: Image.Image) -> float:
        grey = sheet.crop(inside).convert("L")
        return float(np.asarray(ImageChops.difference(grey, grey.filter(ImageFilter.GaussianBlur(10)))).mean())

    assert detail(open_sheet) > 10
    assert detail(hidden) < 1


def test_an_exhibit_keeps_its_times_readable(tmp_path: Path) -> None:
    hidden = exhibit(chequered(tmp_path / "clip.mp4"), frames=1)
    low, high = hidden.crop((8, 160, 66, 186)).convert("L").getextrema()
    assert (low, high) == (24, 255)


def test_an_exhibit_gives_nothing_away_at_its_edges(tmp_path: Path) -> None:
    """Blurred before the pictures are laid side by side: nothing sharp is left along a border."""
    hidden = np.asarray(exhibit(chequered(tmp_path / "clip.mp4"), frames=1).convert("L")).astype(int)
    top_edge = hidden[6, 6:326]
    assert np.abs(np.diff(top_edge)).max() <= 3


@pytest.mark.parametrize("take", [poster, contact_sheet, exhibit])
def test_what_is_no_clip_is_a_typed_error(tmp_path: Path, take: object) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(MediaError):
        take(path)  # type: ignore[operator]

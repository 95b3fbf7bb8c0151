"""The visible mark: in its box and nowhere else, in the title-safe area, legible on anything, on every frame size."""

from pathlib import Path

import av
import numpy as np
import pytest

from provenance.visible import Corner, Plane, VisibleMark

SIZES = [
    (854, 480),
    (480, 480),
    (480, 854),
    (1280, 720),
    (720, 720),
    (720, 1280),
    (1920, 1080),
    (1080, 1080),
    (1080, 1920),
]
TINY = [(16, 16), (64, 64), (320, 180), (180, 320), (640, 16), (16, 640), (854, 120)]
BLACK, GREY, WHITE = 16, 126, 235


def planes(width: int, height: int, luma: int = GREY, cb: int = 90, cr: int = 170) -> tuple[Plane, Plane, Plane]:
    half = (height // 2, width // 2)
    return (
        np.full((height, width), luma, np.uint8),
        np.full(half, cb, np.uint8),
        np.full(half, cr, np.uint8),
    )


def noisy(width: int, height: int) -> tuple[Plane, Plane, Plane]:
    dice = np.random.default_rng(11)
    half = (height // 2, width // 2)
    return (
        dice.integers(16, 236, (height, width), dtype=np.uint8),
        dice.integers(16, 241, half, dtype=np.uint8),
        dice.integers(16, 241, half, dtype=np.uint8),
    )


PLACES = [(*size, Corner.BOTTOM_RIGHT) for size in SIZES + TINY] + [(854, 480, corner) for corner in Corner]


@pytest.mark.parametrize(("width", "height", "corner"), PLACES)
def test_the_box_changes_and_nothing_else_does(width: int, height: int, corner: Corner) -> None:
    mark = VisibleMark(width, height, corner)
    before = noisy(width, height)
    after = tuple(plane.copy() for plane in before)
    mark.stamp(*after)
    for plane, (old, new) in enumerate(zip(before, after, strict=True)):
        inside = mark.box.chroma if plane else mark.box.luma
        assert (old[inside] != new[inside]).any(), plane
        outside = old != new
        outside[inside] = False
        assert not outside.any(), plane


@pytest.mark.parametrize(("width", "height", "corner"), [place for place in PLACES if place[:2] in SIZES])
def test_the_strokes_stay_in_the_title_safe_area_and_are_small(width: int, height: int, corner: Corner) -> None:
    luma, cb, cr = planes(width, height, BLACK)
    VisibleMark(width, height, corner).stamp(luma, cb, cr)
    rows, columns = np.nonzero(luma > 60)
    assert rows.min() >= 0.05 * height - 2 and rows.max() <= 0.95 * height + 2
    assert columns.min() >= 0.05 * width - 2 and columns.max() <= 0.95 * width + 2
    inked_width, inked_height = np.ptp(columns) + 1, np.ptp(rows) + 1
    assert inked_height >= 17 and inked_width >= 80  # an x of 12 pixels at 480p
    assert inked_width <= 0.2 * width and inked_width * inked_height <= 0.01 * width * height
    assert ("top" in corner) == (rows.max() < height / 2) and ("left" in corner) == (columns.max() < width / 2)


def _light(luma: np.ndarray) -> np.ndarray:
    """Relative luminance, as contrast is defined on."""
    signal = np.clip((luma.astype(float) - 16) / 219, 0, 1)
    return np.where(signal <= 0.04045, signal / 12.92, ((signal + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_strokes_stand_out_from_what_surrounds_them(width: int, height: int) -> None:
    """Contrast as WCAG defines it, strokes against the halo beside them: 3 is its threshold for graphics."""
    mark = VisibleMark(width, height)

    def marked(background: int) -> np.ndarray:
        luma, cb, cr = planes(width, height, background)
        mark.stamp(luma, cb, cr)
        return luma[mark.box.luma]

    on_black = marked(BLACK)
    strokes = on_black > 195
    near = np.zeros_like(strokes)
    for down in range(-3, 4):
        for right in range(-3, 4):
            near |= np.roll(strokes, (down, right), (0, 1))
    beside = near & (on_black < 20)
    for background in (BLACK, 60, GREY, 180, WHITE):
        box = marked(background)
        contrast = (_light(box[strokes]).mean() + 0.05) / (_light(box[beside]).mean() + 0.05)
        assert contrast >= 3, (background, contrast)


def test_the_halo_fades_to_nothing_before_the_boxs_edge() -> None:
    luma, cb, cr = planes(1280, 720, WHITE)
    mark = VisibleMark(1280, 720)
    mark.stamp(luma, cb, cr)
    box = luma[mark.box.luma]
    for edge in (box[0], box[-1], box[:, 0], box[:, -1]):
        assert (edge >= WHITE - 2).all()


@pytest.mark.parametrize("value", [0, 16, 235, 255])
def test_extremes_neither_wrap_around_nor_leave_the_limited_range(value: int) -> None:
    luma, cb, cr = planes(320, 180, value, value, value)
    VisibleMark(320, 180).stamp(luma, cb, cr)
    low, high = min(value, 16), max(value, 235)
    assert luma.min() >= low and luma.max() <= high
    for chroma in (cb, cr):
        assert chroma.min() >= min(value, 128) and chroma.max() <= max(value, 128)


def test_every_frame_is_marked_alike_and_a_neutral_picture_stays_neutral() -> None:
    mark = VisibleMark(320, 180)
    first, second = planes(320, 180, 100, 128, 128), planes(320, 180, 100, 128, 128)
    mark.stamp(*first)
    mark.stamp(*second)
    assert all((a == b).all() for a, b in zip(first, second, strict=True))
    assert (first[1] == 128).all() and (first[2] == 128).all()


@pytest.mark.parametrize("size", [(0, 0), (15, 20), (14, 14), (321, 180), (320, 181), (-320, 180)])
def test_sizes_that_yuv420p_cannot_have_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="yuv420p"):
        VisibleMark(*size)


def test_rows_with_padding_are_marked_in_place() -> None:
    """A decoder's planes are wider in memory than the picture."""
    buffer = np.full((180, 384), 77, np.uint8)
    _, cb, cr = planes(320, 180)
    VisibleMark(320, 180).stamp(buffer[:, :320], cb, cr)
    assert (buffer[:, :320] != 77).any() and (buffer[:, 320:] == 77).all()


def test_the_mark_survives_the_encoder_that_clips_go_through(tmp_path: Path) -> None:
    width, height = 854, 480
    luma, cb, cr = planes(width, height, GREY)
    mark = VisibleMark(width, height)
    mark.stamp(luma, cb, cr)
    path = tmp_path / "marked.mp4"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=24, options={"crf": "28", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        flat = np.concatenate([plane.reshape(-1) for plane in (luma, cb, cr)]).reshape(height * 3 // 2, width)
        for _ in range(12):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(flat, format="yuv420p")))
        output.mux(stream.encode(None))
    with av.open(str(path)) as clip:
        *_, last = clip.decode(video=0)
        seen = last.to_ndarray()[:height]
    marked, shown = luma[mark.box.luma].astype(float), seen[mark.box.luma].astype(float)
    assert np.corrcoef(marked.ravel(), shown.ravel())[0, 1] > 0.97

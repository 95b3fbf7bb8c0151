"""Photosensitive flashing, by WCAG 2.3.1: not more than three general or red flashes within any one second.

- General flash: a pair of opposing changes of relative luminance by 0.1 or more, the darker state below 0.8.
- Red flash: a pair of opposing changes of (R - G - B) x 320 by more than 20, one state of each being a saturated red
  (R / (R + G + B) of 0.8 or more), linear components.
- Area: a quarter of any 10-degree field of view. How large that field is depends on the screen; the whole picture is
  taken for it, as in a chat, where a clip is some 10 degrees wide. Larger screens are the reason for the cautious half:
  the area counts wherever it lies, the flashes of two corners together.
- More than three flashes are counted as seven changes within a second: the seventh begins the fourth flash.

The picture is looked at as a grid of cells, each the mean of four samples, so that noise and fine texture are not taken
for flashes. Memory is one second of the grid, whatever the clip.
"""

import numpy as np
from numpy.typing import NDArray

from safety.categories import Category
from safety.frames.base import Inspection, Plane, SeenFrame
from safety.verdict import Signal, Surface

NAME = "flashing"
_CELLS = (27, 48)  # rows and columns at most
_CHANGES = 7
_AREA = 0.25
_LUMINANCE_STEP = 0.1
_DARK = 0.8
_RED_STEP = 20 / 320
_SATURATED = 0.8

Grid = NDArray[np.float32]
Mask = NDArray[np.bool_]

_STEPS = 1024
_code = np.linspace(0.0, 1.0, _STEPS + 1)
# WCAG's definition of relative luminance linearises sRGB.
_LINEAR: Grid = np.where(_code <= 0.04045, _code / 12.92, ((_code + 0.055) / 1.055) ** 2.4).astype(np.float32)


class _Changes:
    """Counts, for every cell, the opposing changes of one quantity within the last second."""

    def __init__(self, step: float, frames_a_second: int) -> None:
        self._step = np.float32(step - 1e-6)
        self._second = frames_a_second
        self._recent: NDArray[np.uint8] | None = None

    def see(self, index: int, now: Grid, counts_up: Mask | None, counts_down: Mask | None, dark: float) -> float:
        """The share of the picture that has changed too often, after this frame."""
        if self._recent is None:
            self._recent = np.zeros((self._second, *now.shape), np.uint8)
            self._count = np.zeros(now.shape, np.uint8)
            self._low, self._high = now.copy(), now.copy()
            self._direction = np.zeros(now.shape, np.int8)
            return 0.0
        up = (now - self._low >= self._step) & (self._low < dark) & (self._direction <= 0)
        down = (self._high - now >= self._step) & (now < dark) & (self._direction >= 0)
        np.maximum(self._high, now, out=self._high)
        np.minimum(self._low, now, out=self._low)
        self._high[up], self._low[down] = now[up], now[down]
        self._direction[up], self._direction[down] = 1, -1
        counted = (up if counts_up is None else up & counts_up) | (down if counts_down is None else down & counts_down)
        slot = self._recent[index % self._second]
        self._count += counted
        self._count -= slot
        slot[...] = counted
        return float(np.count_nonzero(self._count >= _CHANGES)) / now.size


class Flashing:
    name = NAME

    def __init__(self, width: int, height: int, fps: int) -> None:
        if min(width, height, fps) < 1:
            raise ValueError("flashing.no_picture")
        # Two samples a cell each way; a small picture has fewer cells.
        self._rows, self._columns = (
            min(most, max(1, size // 4)) for most, size in zip(_CELLS, (height, width), strict=True)
        )
        self._luminance = _Changes(_LUMINANCE_STEP, fps)
        self._red = _Changes(_RED_STEP, fps)
        self._was_saturated: Mask | None = None
        self._frames = 0
        self._samples: dict[tuple[int, ...], tuple[NDArray[np.intp], ...]] = {}  # by the shape of a plane
        self._worst: dict[str, tuple[float, float]] = {}  # kind: area, seconds when it first was too much

    def see(self, frame: SeenFrame) -> None:
        red, green, blue = self._linear(frame)
        luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
        area = self._luminance.see(self._frames, luminance, None, None, _DARK)
        self._note("general", area, frame.seconds)

        total = red + green + blue
        saturated = red >= _SATURATED * np.maximum(total, 1e-4)
        redness = np.maximum(red - green - blue, 0.0)
        # A state is an extreme, and extremes of redness pass: what was saturated within the change is remembered.
        either = saturated if self._was_saturated is None else saturated | self._was_saturated
        self._note("red", self._red.see(self._frames, redness, either, either, np.inf), frame.seconds)
        self._was_saturated = saturated | (either & (redness > _RED_STEP))
        self._frames += 1

    def conclude(self) -> Inspection:
        signals = tuple(
            Signal(
                category=Category.FLASHING,
                score=1.0,
                classifier=NAME,
                surface=Surface.FRAME,
                seconds=seconds,
                rule=f"flashing.{kind}",
            )
            for kind, (_, seconds) in self._worst.items()
        )
        return Inspection(NAME, self._frames, signals)

    def _note(self, kind: str, area: float, seconds: float) -> None:
        if area >= _AREA and kind not in self._worst:
            self._worst[kind] = (area, seconds)

    def _linear(self, frame: SeenFrame) -> tuple[Grid, Grid, Grid]:
        """Linear red, green and blue of every cell."""
        y = (self._cells(frame.luma) - 16.0) / 219.0
        cb = (self._cells(frame.cb) - 128.0) / 224.0
        cr = (self._cells(frame.cr) - 128.0) / 224.0
        return (
            _linear(y + 1.5748 * cr),
            _linear(y - 0.1873 * cb - 0.4681 * cr),
            _linear(y + 1.8556 * cb),
        )

    def _cells(self, plane: Plane) -> Grid:
        """The mean of four samples for each cell."""
        at = self._samples.get(plane.shape)
        if at is None:
            at = np.ix_(_spread(plane.shape[0], self._rows * 2), _spread(plane.shape[1], self._columns * 2))
            self._samples[plane.shape] = at
        samples = plane[at].astype(np.float32)
        # Three sums; numpy's mean over two axes takes three times as long, and this runs for every frame.
        rows = samples[0::2] + samples[1::2]
        cells: Grid = (rows[:, 0::2] + rows[:, 1::2]) * np.float32(0.25)
        return cells


def _spread(size: int, count: int) -> NDArray[np.intp]:
    """So many positions, evenly over the size."""
    return ((np.arange(count) + 0.5) * size / count).astype(np.intp)


def _linear(code: Grid) -> Grid:
    steps = (np.clip(code, 0.0, 1.0) * _STEPS + 0.5).astype(np.intp)
    linear: Grid = _LINEAR.take(steps)
    return linear

"""The visible mark: a small sign in a corner that says where a picture comes from, legible on any background.

White strokes in a soft dark halo: on a dark picture the strokes are seen, on a bright one the halo carries them.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import ceil

import numpy as np
from numpy.typing import NDArray

from provenance import lettering

Plane = NDArray[np.uint8]
_Weights = NDArray[np.uint16]

_WHITE, _BLACK, _NEUTRAL = 235, 16, 128  # BT.709, limited range
# Height of a small x in pixels, by the frame's short side: 12 at 480, 16 at 720, 22 at 1080. Letters of a fixed share
# of the frame would be a smudge at 480 or shout at 1080.
_X_HEIGHT_BASE = 5.2
_X_HEIGHT_SHARE = 1 / 66
_THINNEST = 2.0  # pixels: a thinner stroke never reaches full white and drowns
_WIDEST = 0.5  # of the frame's width, for frames in which even the smallest would not fit
_SAFE = 0.05  # of each side: the title-safe area
_INK = 0.88
_SHADE = 0.6  # gives strokes on plain white a contrast of 3 against the halo beside them
_SHADE_FULL = 0.1  # in x-heights: how far out the halo keeps its full strength
_SHADE_REACH = 0.34  # in x-heights: over which it then falls to about a third
_EDGE = 0.75  # in x-heights: how far the box reaches beyond the strokes
_SMALLEST_FRAME = 16


class Corner(StrEnum):
    TOP_LEFT = "top_left"
    TOP_RIGHT = "top_right"
    BOTTOM_LEFT = "bottom_left"
    BOTTOM_RIGHT = "bottom_right"


@dataclass(frozen=True)
class Box:
    """The only pixels that a mark changes. Even numbers, so that it covers whole chroma samples."""

    x: int
    y: int
    width: int
    height: int

    @property
    def luma(self) -> tuple[slice, slice]:
        return slice(self.y, self.y + self.height), slice(self.x, self.x + self.width)

    @property
    def chroma(self) -> tuple[slice, slice]:
        return (
            slice(self.y // 2, (self.y + self.height) // 2),
            slice(self.x // 2, (self.x + self.width) // 2),
        )


class VisibleMark:
    """Prepared once for a frame size; `stamp` then only blends a small box."""

    def __init__(self, width: int, height: int, corner: Corner = Corner.BOTTOM_RIGHT) -> None:
        if width % 2 or height % 2 or min(width, height) < _SMALLEST_FRAME:
            raise ValueError(f"yuv420p of even sides, {_SMALLEST_FRAME} or more, not {width}x{height}")
        self.width, self.height = width, height
        strokes = lettering.sign()
        left, top, right, bottom = lettering.extent(strokes)
        scale = _X_HEIGHT_BASE + min(width, height) * _X_HEIGHT_SHARE
        scale = min(scale, width * _WIDEST / (right - left), height * _WIDEST / (bottom - top))
        self.box = _place(width, height, corner, (right - left) * scale, (bottom - top) * scale, _EDGE * scale)
        middle_x, middle_y = self.box.width / 2, self.box.height / 2
        origin = (middle_x - (left + right) / 2 * scale, middle_y - (top + bottom) / 2 * scale)
        away = lettering.distances(strokes, self.box.width, self.box.height, scale, origin)
        away -= max(_THINNEST - lettering.STROKE_WIDTH * scale, 0) / 2
        ink = np.clip(0.5 - away, 0, 1) * _INK
        reach = _SHADE_REACH * scale
        # Nothing is left of the halo at the box's edge: a box that can be seen would be worse than no halo.
        fading = np.clip((_EDGE * scale - away) / (_EDGE * scale), 0, 1)
        shade = np.exp(-np.square(np.maximum(away - _SHADE_FULL * scale, 0) / reach)) * fading * _SHADE
        self._luma_keep, self._luma_add = _blend(ink, shade, _WHITE, _BLACK)
        halves = (self.box.height // 2, 2, self.box.width // 2, 2)
        ink, shade = (part.reshape(halves).mean(axis=(1, 3)) for part in (ink, shade))
        self._chroma_keep, self._chroma_add = _blend(ink, shade, _NEUTRAL, _NEUTRAL)

    def stamp(self, luma: Plane, cb: Plane, cr: Plane) -> None:
        """Mark one frame in place: planes of yuv420p, BT.709, limited range."""
        _apply(luma[self.box.luma], self._luma_keep, self._luma_add)
        _apply(cb[self.box.chroma], self._chroma_keep, self._chroma_add)
        _apply(cr[self.box.chroma], self._chroma_keep, self._chroma_add)


def _place(width: int, height: int, corner: Corner, ink_width: float, ink_height: float, edge: float) -> Box:
    """The strokes touch the title-safe area's corner; the halo may reach a little out of it, not out of the frame."""
    box_width, box_height = _even(ink_width + 2 * edge, width), _even(ink_height + 2 * edge, height)
    at_left, at_top = _SAFE * width - edge, _SAFE * height - edge
    x = at_left if corner in (Corner.TOP_LEFT, Corner.BOTTOM_LEFT) else width - at_left - box_width
    y = at_top if corner in (Corner.TOP_LEFT, Corner.TOP_RIGHT) else height - at_top - box_height
    x, y = min(max(x, 0), width - box_width), min(max(y, 0), height - box_height)
    return Box(int(x) // 2 * 2, int(y) // 2 * 2, box_width, box_height)


def _even(length: float, limit: int) -> int:
    return min(ceil(length / 2) * 2, limit)


def _blend(
    ink: NDArray[np.floating], shade: NDArray[np.floating], ink_value: int, shade_value: int
) -> tuple[_Weights, _Weights]:
    """What to keep of a pixel and what to add to it, in 256ths: first the halo, then the strokes over it."""
    keep = np.rint((1 - ink) * (1 - shade) * 256)
    add = ink * ink_value + (1 - ink) * shade * shade_value
    # Derived from the rounded `keep`, so that a pixel of the value that is laid on stays exactly what it is.
    weight = ink + (1 - ink) * shade
    exact = np.divide(add, weight, out=np.zeros_like(add), where=weight > 0)
    return keep.astype(np.uint16), np.rint((256 - keep) * exact + 128).astype(np.uint16)


def _apply(part: Plane, keep: _Weights, add: _Weights) -> None:
    # 255 * 256 + 128 fits 16 bits: no wider arithmetic is needed.
    part[...] = (part * keep + add) >> 8

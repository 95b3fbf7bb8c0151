"""The studio's sign: a reel of turning leaves and the word "kinora", drawn from strokes of our own.

A kinora was a hand-cranked viewer in which a wheel of pictures was flicked past a lens: hence the reel. Every shape is
a polyline of one width; a picture of it is the distance of each pixel to the nearest stroke, which gives both the
smooth edge and the soft halo without any font or drawing library.
"""

from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
Stroke = tuple[Point, ...]
Field = NDArray[np.float32]

# One unit is the height of a small x; y grows downwards, from the top of the x (0) to the baseline (1).
STROKE_WIDTH = 0.17
_HALF = STROKE_WIDTH / 2
_ASCENDER = -0.52
_BOWL = 0.5 - _HALF
_ARCH = 0.33
_GAP = 0.34  # between letters, from stroke's middle to stroke's middle
_ARC_STEPS = 20

_REEL_RADIUS = 0.74
_REEL_HUB = 0.26
_REEL_LEAVES = 8
_REEL_CURL = 0.85  # radians by which a leaf bends on its way out
_REEL_MIDDLE = (_REEL_RADIUS, 0.5 + _ASCENDER / 2 + _HALF)
_AFTER_REEL = 0.68


def sign() -> list[Stroke]:
    """All strokes, the leftmost middle of a stroke at x = 0."""
    strokes = _reel()
    x = 2 * _REEL_RADIUS + _AFTER_REEL
    for letter, width in (_k(), _i(), _n(), _o(), _r(), _a()):
        strokes += [tuple((x + px, py) for px, py in stroke) for stroke in letter]
        x += width + _GAP
    return strokes


def extent(strokes: list[Stroke]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the inked area."""
    points = np.array([point for stroke in strokes for point in stroke])
    left, top = points.min(axis=0) - _HALF
    right, bottom = points.max(axis=0) + _HALF
    return float(left), float(top), float(right), float(bottom)


def distances(strokes: list[Stroke], width: int, height: int, scale: float, origin: Point) -> Field:
    """For each pixel, how many pixels it lies outside the nearest stroke's edge; negative inside.

    `scale` is the number of pixels in a unit, `origin` the pixel at which the point (0, 0) lies.
    """
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) + np.float32(0.5)
    nearest = np.full((height, width), np.inf, dtype=np.float32)
    for stroke in strokes:
        points = [(px * scale + origin[0], py * scale + origin[1]) for px, py in stroke]
        # A stroke of one point is a dot.
        for (ax, ay), (bx, by) in zip(points, points[1:] or points, strict=False):
            dx, dy = bx - ax, by - ay
            length = dx * dx + dy * dy
            along = np.clip(((x - ax) * dx + (y - ay) * dy) / length, 0, 1) if length else np.float32(0)
            np.minimum(nearest, np.hypot(x - ax - along * dx, y - ay - along * dy), out=nearest)
    return nearest - np.float32(_HALF * scale)


def _arc(middle: Point, radius: float, start: float, end: float) -> Stroke:
    """Angles in turns, clockwise on the screen, 0 at the right."""
    angles = [2 * pi * (start + (end - start) * step / _ARC_STEPS) for step in range(_ARC_STEPS + 1)]
    return tuple((middle[0] + radius * cos(angle), middle[1] + radius * sin(angle)) for angle in angles)


def _reel() -> list[Stroke]:
    leaves = []
    for leaf in range(_REEL_LEAVES):
        start = 2 * pi * leaf / _REEL_LEAVES
        points = []
        for step in range(9):
            part = step / 8
            radius = _REEL_HUB + (_REEL_RADIUS - _REEL_HUB) * part
            angle = start + _REEL_CURL * part
            points.append((_REEL_MIDDLE[0] + radius * cos(angle), _REEL_MIDDLE[1] + radius * sin(angle)))
        leaves.append(tuple(points))
    return leaves


def _stem(x: float, top: float = _HALF) -> Stroke:
    return ((x, top), (x, 1 - _HALF))


Letter = tuple[list[Stroke], float]


def _k() -> Letter:
    return [_stem(0, _ASCENDER + _HALF), ((0, 0.60), (0.46, _HALF)), ((0.19, 0.40), (0.50, 1 - _HALF))], 0.50


def _i() -> Letter:
    return [_stem(0), ((0, -0.30),)], 0.0


def _n() -> Letter:
    arch = _arc((_ARCH, _HALF + _ARCH), _ARCH, 0.5, 1.0)
    return [_stem(0), (*arch, (2 * _ARCH, 1 - _HALF))], 2 * _ARCH


def _o() -> Letter:
    return [_arc((_BOWL, 0.5), _BOWL, 0, 1)], 2 * _BOWL


def _r() -> Letter:
    return [_stem(0), _arc((_ARCH, _HALF + _ARCH), _ARCH, 0.5, 0.79)], 0.42


def _a() -> Letter:
    return [_arc((_BOWL, 0.5), _BOWL, 0, 1), _stem(2 * _BOWL)], 2 * _BOWL

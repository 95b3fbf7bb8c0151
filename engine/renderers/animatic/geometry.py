"""Points, matrices and outlines: the geometry that figures and landscapes are cut from."""

import math
from array import array
from collections.abc import Iterable, Sequence
from itertools import pairwise

Point = tuple[float, float]
# x' = a x + c y + e, y' = b x + d y + f
Matrix = tuple[float, float, float, float, float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
CLOSE, MOVE, LINE, CUBIC = 0, 1, 2, 3
_MOVE, _CUBIC, _CLOSE = bytes([MOVE]), bytes([CUBIC]), bytes([CLOSE])
_SMALL = 0.12  # of a frame's height
_ROUND = 0.5522847498  # handle length of a quarter circle


def mul(m: Matrix, n: Matrix) -> Matrix:
    """First n, then m."""
    a, b, c, d, e, f = m
    g, h, i, j, k, o = n
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * o + e, b * k + d * o + f)


def shift(x: float, y: float) -> Matrix:
    return (1.0, 0.0, 0.0, 1.0, x, y)


def scale(x: float, y: float | None = None) -> Matrix:
    return (x, 0.0, 0.0, x if y is None else y, 0.0, 0.0)


def joint(x: float, y: float, degrees: float, sx: float = 1.0, sy: float = 1.0) -> Matrix:
    """Turn about the origin, then stand at (x, y). Positive degrees turn clockwise on screen."""
    radians = math.radians(degrees)
    cos, sin = math.cos(radians), math.sin(radians)
    return (cos * sx, sin * sx, -sin * sy, cos * sy, x, y)


def apply(m: Matrix, p: Point) -> Point:
    return (m[0] * p[0] + m[2] * p[1] + m[4], m[1] * p[0] + m[3] * p[1] + m[5])


def mix(a: float, b: float, t: float) -> float:
    return a + (b - a) * t


def clamp(value: float, low: float = 0.0, high: float = 1.0) -> float:
    return low if value < low else high if value > high else value


def ease(t: float) -> float:
    """Smooth step: slow in, slow out, held outside 0 to 1."""
    t = clamp(t)
    return t * t * (3.0 - 2.0 * t)


def wave(t: float) -> float:
    """A sine of period 1."""
    return math.sin(t * math.tau)


class Path:
    """An outline in commands and points, kept in the layout that ThorVG takes."""

    __slots__ = ("commands", "points")

    def __init__(self) -> None:
        self.commands = array("B")
        self.points = array("f")

    def move(self, x: float, y: float) -> "Path":
        self.commands.append(MOVE)
        self.points.extend((x, y))
        return self

    def line(self, x: float, y: float) -> "Path":
        self.commands.append(LINE)
        self.points.extend((x, y))
        return self

    def cubic(self, x1: float, y1: float, x2: float, y2: float, x: float, y: float) -> "Path":
        self.commands.append(CUBIC)
        self.points.extend((x1, y1, x2, y2, x, y))
        return self

    def close(self) -> "Path":
        self.commands.append(CLOSE)
        return self

    def join(self, other: "Path") -> "Path":
        self.commands.extend(other.commands)
        self.points.extend(other.points)
        return self

    def moved(self, m: Matrix) -> "Path":
        out = Path()
        out.commands = self.commands[:]
        a, b, c, d, e, f = m
        xs, ys = self.points[::2], self.points[1::2]
        out.points = array("f", bytes(4 * len(self.points)))
        out.points[::2] = array("f", [a * x + c * y + e for x, y in zip(xs, ys, strict=True)])
        out.points[1::2] = array("f", [b * x + d * y + f for x, y in zip(xs, ys, strict=True)])
        return out

    def leftward(self) -> "Path":
        """The same area, with its flat stretches drawn from right to left and its pieces from the rightmost on.

        ThorVG keeps the pixels that an outline touches on one line in a list that it searches from the left for every
        new one: a nearly level crest of 1,280 pixels took 0.72 ms from left to right and 0.11 ms from right to left.
        """
        if self.commands.count(CLOSE) == self.commands.count(MOVE) and self._is_small():
            return self  # there is little to search
        pieces = self._pieces()
        if sum(map(_search, pieces)) > sum(_search(_backwards(piece)) for piece in pieces):
            pieces = [_backwards(piece) for piece in pieces]
        pieces.sort(key=lambda piece: -max(x for _, points in piece for x in points[::2]))
        out = Path()
        for piece in pieces:
            for command, points in piece:
                out.commands.append(command)
                out.points.extend(points)
            out.close()
        return out

    def _is_small(self) -> bool:
        xs = self.points[::2]
        return not xs or max(xs) - min(xs) < _SMALL

    def _pieces(self) -> list["_Piece"]:
        """The closed outlines it consists of, without their closing."""
        pieces: list[_Piece] = []
        at = 0
        for command in self.commands:
            if command == MOVE:
                pieces.append([])
            if command != CLOSE:
                size = 6 if command == CUBIC else 2
                pieces[-1].append((command, tuple(self.points[at : at + size])))
                at += size
        return pieces


_Piece = list[tuple[int, tuple[float, ...]]]  # commands with their points; the first is a MOVE


def _backwards(piece: _Piece) -> _Piece:
    out: _Piece = [(MOVE, piece[-1][1][-2:])]
    for (_, before), (command, points) in zip(reversed(piece[:-1]), reversed(piece[1:]), strict=True):
        handles = (points[2], points[3], points[0], points[1]) if command == CUBIC else ()
        out.append((command, (*handles, *before[-2:])))
    return out


def _search(piece: _Piece) -> float:
    """How much of a piece runs flat from left to right: what `leftward` makes small."""
    cost = 0.0
    for (_, before), (_, points) in pairwise([*piece, (LINE, piece[0][1])]):
        across, down = points[-2] - before[-2], abs(points[-1] - before[-1])
        # what is exactly level touches no pixel of its own
        if across > 0.0 and down > 1e-6:
            cost += across * min(across / down, 1000.0)
    return cost


def polygon(points: Iterable[Point]) -> Path:
    path = Path()
    for index, (x, y) in enumerate(points):
        if index:
            path.line(x, y)
        else:
            path.move(x, y)
    return path.close()


def box(x: float, y: float, width: float, height: float) -> Path:
    return Path().move(x, y).line(x + width, y).line(x + width, y + height).line(x, y + height).close()


def rounded(x: float, y: float, w: float, h: float, r: float) -> Path:
    r = min(r, w / 2, h / 2)
    k = r * (1 - _ROUND)
    path = Path().move(x + r, y).line(x + w - r, y).cubic(x + w - k, y, x + w, y + k, x + w, y + r)
    path.line(x + w, y + h - r).cubic(x + w, y + h - k, x + w - k, y + h, x + w - r, y + h)
    path.line(x + r, y + h).cubic(x + k, y + h, x, y + h - k, x, y + h - r)
    return path.line(x, y + r).cubic(x, y + k, x + k, y, x + r, y).close()


def ellipse(x: float, y: float, rx: float, ry: float | None = None) -> Path:
    ry = rx if ry is None else ry
    kx, ky = rx * _ROUND, ry * _ROUND
    path = Path().move(x + rx, y)
    path.cubic(x + rx, y + ky, x + kx, y + ry, x, y + ry)
    path.cubic(x - kx, y + ry, x - rx, y + ky, x - rx, y)
    path.cubic(x - rx, y - ky, x - kx, y - ry, x, y - ry)
    return path.cubic(x + kx, y - ry, x + rx, y - ky, x + rx, y).close()


def smooth(points: Sequence[Point], *, closed: bool = True, tension: float = 0.5) -> Path:
    """A flowing outline through every point (Catmull-Rom as cubics)."""
    # every figure's every limb comes through here for every frame: no calls inside the loop
    k = tension / 3.0
    around = [points[-1], *points, points[0], points[1]] if closed else [points[0], *points, points[-1]]
    (ax, ay), (bx, by), (cx, cy) = around[:3]
    flat = [bx, by]
    for dx, dy in around[3:]:
        flat += (bx + (cx - ax) * k, by + (cy - ay) * k, cx - (dx - bx) * k, cy - (dy - by) * k, cx, cy)
        ax, ay, bx, by, cx, cy = bx, by, cx, cy, dx, dy
    path = Path()
    path.points.extend(flat)
    path.commands.frombytes(_MOVE + _CUBIC * (len(around) - 3) + (_CLOSE if closed else b""))
    return path


def ribbon(spine: Sequence[Point], widths: Sequence[float]) -> Path:
    """A tapering band along a spine: tails, trunks, necks, hair. Each width is the whole width there."""
    left: list[Point] = []
    right: list[Point] = []
    ax, ay = spine[0]
    for (x, y), (bx, by), width in zip(spine, [*spine[1:], spine[-1]], widths, strict=True):
        dx, dy = bx - ax, by - ay
        half = width / 2 / (math.hypot(dx, dy) or 1.0)
        nx, ny = -dy * half, dx * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
        ax, ay = x, y
    # a little past the tip, so that the end is round rather than cut off
    (ax, ay), (bx, by) = spine[-2], spine[-1]
    length = math.hypot(bx - ax, by - ay) or 1.0
    reach = widths[-1] / 2 / length
    tip = (bx + (bx - ax) * reach, by + (by - ay) * reach)
    right.reverse()
    return smooth([*left, tip, *right], tension=0.5)


def capsule(x1: float, y1: float, r1: float, x2: float, y2: float, r2: float) -> Path:
    """A limb: two round ends of their own radii, joined."""
    dx, dy = x2 - x1, y2 - y1
    length = math.hypot(dx, dy) or 1e-6
    ux, uy = dx / length, dy / length
    nx, ny = -uy, ux
    k = 4.0 / 3.0
    path = Path().move(x1 + nx * r1, y1 + ny * r1)
    path.line(x2 + nx * r2, y2 + ny * r2)
    path.cubic(
        x2 + nx * r2 + ux * r2 * k,
        y2 + ny * r2 + uy * r2 * k,
        x2 - nx * r2 + ux * r2 * k,
        y2 - ny * r2 + uy * r2 * k,
        x2 - nx * r2,
        y2 - ny * r2,
    )
    path.line(x1 - nx * r1, y1 - ny * r1)
    path.cubic(
        x1 - nx * r1 - ux * r1 * k,
        y1 - ny * r1 - uy * r1 * k,
        x1 + nx * r1 - ux * r1 * k,
        y1 + ny * r1 - uy * r1 * k,
        x1 + nx * r1,
        y1 + ny * r1,
    )
    return path.close()

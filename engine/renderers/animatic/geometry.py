"""Points, matrices and outlines: the geometry that figures and landscapes are cut from."""

import math
from array import array
from collections.abc import Iterable, Sequence

Point = tuple[float, float]
# x' = a x + c y + e, y' = b x + d y + f
Matrix = tuple[float, float, float, float, float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
CLOSE, MOVE, LINE, CUBIC = 0, 1, 2, 3
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
        xs, ys = self.points[::2], self.points[1::2]
        for x, y in zip(xs, ys, strict=True):
            out.points.extend(apply(m, (x, y)))
        return out


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
    count = len(points)
    path = Path().move(*points[0])
    k = tension / 3.0
    for index in range(count if closed else count - 1):
        if closed:
            p0, p1, p2, p3 = (points[(index + step) % count] for step in (-1, 0, 1, 2))
        else:
            p0, p1 = points[max(0, index - 1)], points[index]
            p2, p3 = points[index + 1], points[min(count - 1, index + 2)]
        path.cubic(
            p1[0] + (p2[0] - p0[0]) * k,
            p1[1] + (p2[1] - p0[1]) * k,
            p2[0] - (p3[0] - p1[0]) * k,
            p2[1] - (p3[1] - p1[1]) * k,
            p2[0],
            p2[1],
        )
    return path.close() if closed else path


def ribbon(spine: Sequence[Point], widths: Sequence[float]) -> Path:
    """A tapering band along a spine: tails, trunks, necks, hair. Each width is the whole width there."""
    left: list[Point] = []
    right: list[Point] = []
    last = len(spine) - 1
    for index, (x, y) in enumerate(spine):
        (ax, ay), (bx, by) = spine[max(0, index - 1)], spine[min(last, index + 1)]
        dx, dy = bx - ax, by - ay
        length = math.hypot(dx, dy) or 1.0
        half = widths[index] / 2
        nx, ny = -dy / length * half, dx / length * half
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    # a little past the tip, so that the end is round rather than cut off
    (ax, ay), (bx, by) = spine[-2], spine[-1]
    length = math.hypot(bx - ax, by - ay) or 1.0
    reach = widths[-1] / 2 / length
    tip = (bx + (bx - ax) * reach, by + (by - ay) * reach)
    return smooth([*left, tip, *reversed(right)], tension=0.5)


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

"""Outlines of land against the sky. Every profile repeats after its period, so that a plane can roll on for ever."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.renderers.animatic.geometry import Path, Point, polygon, ribbon, smooth

Profile = Callable[[float], float]

# Turning an outline into spans takes time with the square of the edges that one line of pixels crosses: 116 trees
# in one
# outline took 4.4 ms a frame, in clumps of eight a tenth of that.
CLUMP = 8


def rolling(rng: np.random.Generator, period: float, height: float, waves: tuple[int, ...] = (1, 2, 3, 5)) -> Profile:
    """Hills: height above the base at x, between 0 and about `height`."""
    parts = [(n, float(rng.uniform(0, math.tau)), 1.0 / n**0.85) for n in waves]
    total = math.fsum(weight for _, _, weight in parts)

    def at(x: float) -> float:
        value = math.fsum(w * math.sin(n * math.tau * x / period + shift) for n, shift, w in parts) / total
        return height * (0.5 + 0.5 * value)

    return at


def ridge(profile: Profile, left: float, right: float, base: float, bottom: float, step: float = 0.07) -> Path:
    """Land from a profile (heights above `base`) down to `bottom`."""
    count = max(4, int((right - left) / step))
    points = [
        (left + (right - left) * i / count, base - profile(left + (right - left) * i / count)) for i in range(count + 1)
    ]
    return smooth(points, closed=False).line(right, bottom).line(left, bottom).close()


@dataclass(frozen=True)
class Peaks:
    rock: Path
    shade: Path
    snow: Path
    snow_shade: Path


def peaks(
    rng: np.random.Generator,
    period: float,
    height: float,
    left: float,
    right: float,
    base: float,
    bottom: float,
    *,
    sun: float,
) -> Peaks:
    """Mountains as a poster cuts them: each peak with a lit and a shaded side, and snow above a ragged line."""
    count = max(3, round(period / (height * 1.25)))
    tops: list[tuple[float, float]] = []
    for index in range(count):
        x = (index + float(rng.uniform(0.25, 0.75))) * period / count
        tops.append((x, height * float(rng.uniform(0.55, 1.0))))
    rock, shade, snow, snow_shade = Path(), Path(), Path(), Path()
    first, last = math.floor(left / period), math.ceil(right / period)
    for turn in range(first, last + 1):
        for index, (x0, h) in enumerate(tops):
            x = x0 + turn * period
            spread = h * (0.95 + 0.25 * ((index * 5) % 3))
            if x + spread < left or x - spread * 1.3 > right:
                continue
            jag = [0.34 * math.sin(index * 12.9 + k * 4.1) for k in range(8)]
            lefts = [
                (
                    x - spread * (k / 4) * (1 + jag[k] * 0.5),
                    base - h * (1 - k / 4) ** 1.25 - h * 0.16 * jag[k + 1] * (k < 4),
                )
                for k in (1, 2, 3, 4)
            ]
            rights = [
                (
                    x + spread * 0.9 * (k / 4) * (1 - jag[k + 3] * 0.5),
                    base - h * (1 - k / 4) ** 1.25 - h * 0.16 * jag[k + 2] * (k < 4),
                )
                for k in (1, 2, 3, 4)
            ]
            top = (x, base - h)
            rock.join(polygon([*reversed(lefts), top, *rights, (rights[-1][0], bottom), (lefts[-1][0], bottom)]))
            dark = rights if sun <= 0 else lefts
            away = 1.0 if sun <= 0 else -1.0
            spine: list[Point] = [
                (x + away * h * (0.03 + 0.05 * math.sin(k * 2.3 + index)) * k + away * 0.02 * k, base - h * (1 - k / 5))
                for k in (1, 2, 3, 4, 5)
            ]
            shade.join(polygon([top, *dark, (dark[-1][0], bottom), (spine[-1][0], bottom), *reversed(spine)]))
            if h > height * 0.62:
                reach = 0.36
                edge = [
                    (
                        x + spread * reach * (s / 3) * (0.92 if s > 0 else 1.0),
                        base - h * (1 - reach * abs(s) / 3 * 1.0) + (0.045 * h if s % 2 else -0.02 * h),
                    )
                    for s in (-3, -2, -1, 0, 1, 2, 3)
                ]
                edge[0] = _between(top, lefts, reach)
                edge[-1] = _between(top, rights, reach)
                cap = [top, *reversed(edge)]
                snow.join(polygon(cap))
                half = edge[3:] if away > 0 else edge[:4]
                snow_shade.join(polygon([top, *reversed(half), spine[0]]))
    return Peaks(rock, shade, snow, snow_shade)


def _between(top: Point, side: list[Point], share: float) -> Point:
    points = [top, *side]
    at = share * (len(points) - 1)
    low = int(at)
    a, b = points[low], points[min(low + 1, len(points) - 1)]
    return a[0] + (b[0] - a[0]) * (at - low), a[1] + (b[1] - a[1]) * (at - low)


def mesas(
    rng: np.random.Generator, period: float, height: float, left: float, right: float, base: float, bottom: float
) -> Path:
    """Table mountains: flat tops, stepped sides, here and there a lone tower."""
    out = Path()
    spots: list[tuple[float, float, float]] = []
    x = 0.0
    while x < period * 0.92:
        width = float(rng.uniform(0.10, 0.42)) * (0.4 if rng.random() < 0.35 else 1.0)
        spots.append((x, width, height * float(rng.uniform(0.45, 1.0))))
        x += width + float(rng.uniform(0.15, 0.55))
    for turn in range(math.floor(left / period) - 1, math.ceil(right / period) + 1):
        for at, width, tall in spots:
            a = at + turn * period
            b = a + width
            if b + tall < left or a - tall > right:
                continue
            s = tall * 0.16
            out.join(
                polygon(
                    [
                        (a - tall * 0.75, bottom),
                        (a - tall * 0.55, base),
                        (a - s, base - tall * 0.42),
                        (a - s * 0.6, base - tall * 0.46),
                        (a - s * 0.3, base - tall * 0.92),
                        (a, base - tall),
                        (b - s * 0.5, base - tall * 0.98),
                        (b, base - tall * 0.92),
                        (b + s * 0.3, base - tall * 0.50),
                        (b + s, base - tall * 0.42),
                        (b + tall * 0.55, base),
                        (b + tall * 0.75, bottom),
                    ]
                )
            )
    return out


def dune_shade(profile: Profile, left: float, right: float, base: float, *, sun: float, depth: float) -> Path:
    """The side of each dune that the sun does not reach: from its crest down in one sickle."""
    out = Path()
    step = 0.02
    x = left
    while x < right:
        a, b, c = profile(x - step), profile(x), profile(x + step)
        if b >= a and b > c:
            way = 1.0 if sun <= 0 else -1.0
            reach = depth * 3.2
            edge = [(x + way * reach * k / 7, base - profile(x + way * reach * k / 7) + 0.0015) for k in range(8)]
            bulge = [
                (
                    px - way * depth * 0.30 * math.sin(math.pi * k / 7),
                    py + depth * 0.62 * math.sin(math.pi * (k / 7) ** 0.8),
                )
                for k, (px, py) in enumerate(edge)
            ]
            shade = [*edge, *reversed(bulge[1:-1])]
            out.join(smooth(shade if way > 0 else list(reversed(shade)), tension=0.5))
        x += step
    return out


def tree_line(
    rng: np.random.Generator,
    profile: Profile,
    period: float,
    left: float,
    right: float,
    base: float,
    bottom: float,
    *,
    tall: float,
    pine: float,
) -> list[Path]:
    """A wood seen from afar: the ground and its crowns, `pine` of them pointed, a few to an outline (see CLUMP)."""
    spots: list[tuple[float, float, bool]] = []
    x = 0.0
    while x < period:
        size = tall * float(rng.uniform(0.55, 1.0))
        spots.append((x, size, rng.random() < pine))
        x += size * float(rng.uniform(0.26, 0.46))
    clumps = [ridge(profile, left, right, base, bottom, 0.08)]
    out, inside = Path(), 0
    for turn in range(math.floor(left / period), math.ceil(right / period) + 1):
        for at, size, pointed in spots:
            a = at + turn * period
            if not left - size < a < right + size:
                continue
            if inside % CLUMP == 0:
                out = Path()
                clumps.append(out)
            inside += 1
            foot = base - profile(a) + size * 0.12
            if pointed:
                w = size * 0.21
                out.join(
                    polygon(
                        [
                            (a - w, foot),
                            (a - w * 0.50, foot - size * 0.36),
                            (a - w * 0.72, foot - size * 0.36),
                            (a - w * 0.30, foot - size * 0.68),
                            (a - w * 0.44, foot - size * 0.68),
                            (a, foot - size * 1.08),
                            (a + w * 0.44, foot - size * 0.68),
                            (a + w * 0.30, foot - size * 0.68),
                            (a + w * 0.72, foot - size * 0.36),
                            (a + w * 0.50, foot - size * 0.36),
                            (a + w, foot),
                        ]
                    )
                )
            else:
                w = size * 0.34
                # straight cuts: at this size nobody sees them, and curves cost ten times as much
                out.join(
                    polygon(
                        [
                            (a - w, foot),
                            (a - w * 1.10, foot - size * 0.30),
                            (a - w * 0.80, foot - size * 0.60),
                            (a - w * 0.35, foot - size * 0.82),
                            (a + w * 0.10, foot - size * 0.87),
                            (a + w * 0.55, foot - size * 0.74),
                            (a + w * 0.95, foot - size * 0.52),
                            (a + w * 1.08, foot - size * 0.24),
                            (a + w, foot),
                        ]
                    )
                )
    return clumps


def blades(
    rng: np.random.Generator, left: float, right: float, y: float, *, tall: float, density: float, lean: float
) -> list[Path]:
    """Grass before the lens: tapered blades, a clump to an outline."""
    clumps: list[Path] = []
    out = Path()
    count = int((right - left) * density)
    for index in range(count):
        if index % CLUMP == 0:
            out = Path()
            clumps.append(out)
        x = left + (right - left) * (index + float(rng.uniform(-0.9, 0.9))) / count
        h = tall * float(rng.uniform(0.4, 1.0))
        bend = h * (lean + float(rng.uniform(-0.35, 0.35)))
        w = h * 0.055
        out.move(x - w, y).line(x - w * 0.7 + bend * 0.12, y - h * 0.45).line(
            x + bend * 0.45 - w * 0.35, y - h * 0.76
        ).line(x + bend, y - h)
        out.line(x + bend * 0.45 + w * 0.3, y - h * 0.72).line(x + w * 0.7 + bend * 0.12, y - h * 0.42).line(
            x + w, y
        ).close()
    return clumps


def pine(size: float, rng: np.random.Generator, tiers: int = 6) -> Path:
    """A fir as scissors cut it: tiers that droop at their ends; foot at (0, 0)."""
    left: list[Point] = []
    right: list[Point] = []
    for tier in range(tiers):
        y = -size * (0.10 + 0.84 * tier / tiers)
        w = size * 0.27 * (1 - tier / tiers) ** 0.9 + size * 0.02
        jl, jr = float(rng.uniform(0.82, 1.1)), float(rng.uniform(0.82, 1.1))
        left += [(-w * jl, y + size * 0.035), (-w * 0.42, y - size * 0.075)]
        right += [(w * jr, y + size * 0.035), (w * 0.42, y - size * 0.075)]
    return polygon(
        [
            (-size * 0.022, 0.0),
            (-size * 0.022, -size * 0.09),
            *left,
            (0.0, -size),
            *reversed(right),
            (size * 0.022, -size * 0.09),
            (size * 0.022, 0.0),
        ]
    )


def crown(size: float, rng: np.random.Generator) -> tuple[Path, Path]:
    """A broad-leaved tree: trunk with two boughs, and a crown of clumps; foot at (0, 0)."""
    trunk = ribbon(
        [(0.0, 0.0), (0.0, -size * 0.3), (size * 0.015, -size * 0.62)], [size * 0.085, size * 0.05, size * 0.03]
    )
    trunk.join(ribbon([(0.0, -size * 0.36), (size * 0.13, -size * 0.55)], [size * 0.035, size * 0.018]))
    trunk.join(ribbon([(0.0, -size * 0.30), (-size * 0.13, -size * 0.52)], [size * 0.035, size * 0.018]))
    leaves = Path()
    for cx, cy, r in (
        (0.0, -0.76, 0.22),
        (-0.19, -0.62, 0.17),
        (0.20, -0.63, 0.17),
        (-0.10, -0.86, 0.15),
        (0.12, -0.87, 0.15),
        (0.0, -0.58, 0.16),
    ):
        points = []
        for k in range(9):
            angle = math.tau * k / 9
            reach = r * size * float(rng.uniform(0.86, 1.12))
            points.append((cx * size + math.cos(angle) * reach, cy * size + math.sin(angle) * reach * 0.9))
        leaves.join(smooth(points))
    return trunk, leaves

"""Plants, cut with scissors: each a list of (outline, colour) with its foot at (0, 0) and the given height."""

import math
from collections.abc import Callable

import numpy as np

from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import Path, Point, ellipse, polygon, ribbon, rounded, smooth
from engine.renderers.animatic.settings.ridges import crown, pine

_FIR_COLOUR = Colour(0.40, 0.070, 158)
_PALM_LEAF = Colour(0.48, 0.11, 142)
_BIRCH_LEAF = Colour(0.70, 0.14, 88)
_BROAD_LEAVES_LEAF = Colour(0.46, 0.12, 148)

Pieces = list[tuple[Path, Colour]]
Plant = Callable[[float, np.random.Generator], Pieces]

BARK = Colour(0.36, 0.045, 50)
LEAF = Colour(0.50, 0.105, 138)


def _blob(x: float, y: float, rx: float, ry: float, rng: np.random.Generator, points: int = 9) -> Path:
    outline: list[Point] = []
    for k in range(points):
        angle = math.tau * k / points
        reach = float(rng.uniform(0.86, 1.12))
        outline.append((x + math.cos(angle) * rx * reach, y + math.sin(angle) * ry * reach))
    return smooth(outline)


def fir(colour: Colour = _FIR_COLOUR) -> Plant:
    return lambda size, rng: [(pine(size, rng), colour)]


def broadleaf(leaf: Colour = LEAF) -> Plant:
    def grow(size: float, rng: np.random.Generator) -> Pieces:
        trunk, leaves = crown(size, rng)
        light = _blob(-size * 0.06, -size * 0.84, size * 0.16, size * 0.10, rng, 7)
        return [(trunk, BARK), (leaves, leaf), (light, leaf.lighter(0.05))]

    return grow


def palm(leaf: Colour = _PALM_LEAF) -> Plant:
    def grow(size: float, rng: np.random.Generator) -> Pieces:
        lean = size * float(rng.uniform(-0.16, 0.16))
        trunk = ribbon(
            [(0.0, 0.0), (lean * 0.2, -size * 0.35), (lean * 0.6, -size * 0.62), (lean, -size * 0.82)],
            [size * 0.06, size * 0.045, size * 0.036, size * 0.034],
        )
        fronds, under = Path(), Path()
        for k in range(9):
            angle = -math.pi * (k + 0.5) / 9 + float(rng.uniform(-0.1, 0.1))
            reach = size * float(rng.uniform(0.30, 0.40))
            dx, dy = math.cos(angle) * reach, math.sin(angle) * reach * 0.62
            x, y = lean, -size * 0.83
            sag = reach * (0.30 + 0.35 * abs(math.cos(angle)))
            leaf_path = ribbon(
                [(x, y), (x + dx * 0.5, y + dy * 0.85 - reach * 0.04), (x + dx, y + dy + sag * 0.75)],
                [size * 0.014, size * 0.062, size * 0.010],
            )
            (fronds if k % 2 else under).join(leaf_path)
        return [(trunk, BARK.lighter(0.08)), (under, leaf.lighter(-0.06)), (fronds, leaf)]

    return grow


def acacia(size: float, rng: np.random.Generator) -> Pieces:
    leaf = Colour(0.45, 0.075, 118)
    trunk = ribbon([(0.0, 0.0), (size * 0.03, -size * 0.45)], [size * 0.07, size * 0.045])
    for dx in (-0.34, -0.12, 0.16, 0.36):
        trunk.join(
            ribbon(
                [(size * 0.03, -size * 0.42), (size * dx * 0.5, -size * 0.62), (size * dx, -size * 0.78)],
                [size * 0.035, size * 0.022, size * 0.014],
            )
        )
    crowns = Path()
    for x, y, w in ((-0.30, -0.78, 0.30), (0.26, -0.80, 0.32), (0.0, -0.90, 0.34)):
        crowns.join(_blob(x * size, y * size, w * size, size * 0.085, rng, 11))
    return [(trunk, BARK), (crowns, leaf)]


def bamboo(size: float, rng: np.random.Generator) -> Pieces:
    green = Colour(0.58, 0.11, float(rng.uniform(122, 140)))
    bend = size * float(rng.uniform(-0.05, 0.05))
    w = size * 0.022
    stalk = ribbon([(0.0, 0.0), (bend * 0.3, -size * 0.5), (bend, -size)], [w, w, w * 0.7])
    nodes, leaves = Path(), Path()
    for k in range(1, 9):
        y = -size * k / 9
        x = bend * (k / 9) ** 2
        nodes.join(rounded(x - w * 0.62, y, w * 1.24, w * 0.16, w * 0.05))
        if k > 3:
            for side in (-1.0, 1.0):
                reach = size * float(rng.uniform(0.05, 0.11))
                dip = size * float(rng.uniform(0.01, 0.06))
                leaves.join(
                    smooth(
                        [
                            (x, y),
                            (x + side * reach * 0.5, y + dip * 0.2 - w * 0.35),
                            (x + side * reach, y + dip),
                            (x + side * reach * 0.45, y + dip * 0.5 + w * 0.25),
                        ],
                        tension=0.4,
                    )
                )
    return [(stalk, green), (nodes, green.lighter(-0.12)), (leaves, green.lighter(-0.06))]


def birch(leaf: Colour = _BIRCH_LEAF) -> Plant:
    def grow(size: float, rng: np.random.Generator) -> Pieces:
        lean = size * float(rng.uniform(-0.04, 0.04))
        w = size * 0.05
        trunk = ribbon([(0.0, 0.0), (lean * 0.5, -size * 0.45), (lean, -size * 0.9)], [w, w * 0.8, w * 0.35])
        marks = Path()
        for k in range(7):
            y = -size * (0.06 + 0.08 * k)
            x = lean * (k / 10) + w * float(rng.uniform(-0.4, 0.1))
            marks.join(rounded(x - w * 0.15, y, w * 0.45, w * 0.12, w * 0.05))
        crowns = Path()
        for k in range(5):
            crowns.join(
                _blob(
                    lean + size * float(rng.uniform(-0.12, 0.12)),
                    -size * (0.55 + 0.10 * k),
                    size * 0.15 * (1.1 - k * 0.12),
                    size * 0.085,
                    rng,
                    8,
                )
            )
        return [
            (trunk, Colour(0.91, 0.012, 90)),
            (marks, Colour(0.35, 0.02, 60)),
            (crowns, leaf),
            (_blob(lean - size * 0.04, -size * 0.84, size * 0.09, size * 0.06, rng, 7), leaf.lighter(0.05)),
        ]

    return grow


def cactus(size: float, rng: np.random.Generator) -> Pieces:
    green = Colour(0.48, 0.085, 142)
    w = size * 0.15
    body = rounded(-w / 2, -size, w, size, w / 2)
    arms = Path()
    for side in (-1.0, 1.0):
        y, h = -size * float(rng.uniform(0.34, 0.5)), size * float(rng.uniform(0.24, 0.38))
        x = side * size * 0.20
        arms.join(ribbon([(0.0, y), (x * 0.8, y), (x, y - h * 0.3), (x, y - h)], [w * 0.7, w * 0.7, w * 0.7, w * 0.62]))
    ribs = Path()
    for k in (-0.22, 0.06):
        ribs.join(rounded(k * w, -size * 0.94, w * 0.09, size * 0.9, w * 0.04))
    return [(arms, green.lighter(-0.03)), (body, green), (ribs, green.lighter(-0.08))]


def bush(leaf: Colour = LEAF, blossom: Colour | None = None) -> Plant:
    def grow(size: float, rng: np.random.Generator) -> Pieces:
        clumps = Path()
        for x, y, r in ((-0.55, -0.36, 0.42), (0.52, -0.34, 0.44), (0.0, -0.58, 0.50)):
            clumps.join(_blob(x * size, y * size, r * size, r * size * 0.82, rng))
        pieces = [
            (clumps, leaf),
            (_blob(-size * 0.1, -size * 0.74, size * 0.3, size * 0.16, rng, 7), leaf.lighter(0.05)),
        ]
        if blossom is not None:
            flowers = Path()
            for _ in range(9):
                s = size * float(rng.uniform(0.05, 0.09))
                flowers.join(
                    ellipse(size * float(rng.uniform(-0.75, 0.75)), -size * float(rng.uniform(0.2, 0.95)), s, s * 0.9)
                )
            pieces.append((flowers, blossom))
        return pieces

    return grow


def blossom_tree(petals: Colour) -> Plant:
    def grow(size: float, rng: np.random.Generator) -> Pieces:
        trunk = ribbon(
            [(0.0, 0.0), (-size * 0.03, -size * 0.25), (size * 0.04, -size * 0.5)],
            [size * 0.1, size * 0.06, size * 0.03],
        )
        for dx, dy in ((0.3, 0.66), (-0.28, 0.62), (0.06, 0.78)):
            trunk.join(
                ribbon(
                    [(0.0, -size * 0.3), (size * dx * 0.5, -size * dy * 0.8), (size * dx, -size * dy)],
                    [size * 0.045, size * 0.028, size * 0.012],
                )
            )
        clouds = Path()
        for x, y, r in (
            (-0.28, -0.64, 0.20),
            (0.30, -0.66, 0.20),
            (0.0, -0.82, 0.24),
            (-0.1, -0.60, 0.15),
            (0.14, -0.58, 0.14),
        ):
            clouds.join(_blob(x * size, y * size, r * size, r * size * 0.78, rng))
        lights = Path()
        for x, y in ((-0.30, -0.72), (0.26, -0.74), (-0.02, -0.92)):
            lights.join(_blob(x * size, y * size, size * 0.11, size * 0.07, rng, 7))
        return [(trunk, BARK.lighter(-0.04)), (clouds, petals), (lights, petals.lighter(0.05))]

    return grow


def dead_tree(size: float, rng: np.random.Generator) -> Pieces:
    trunk = ribbon(
        [(0.0, 0.0), (size * 0.03, -size * 0.4), (-size * 0.02, -size * 0.75), (size * 0.06, -size)],
        [size * 0.09, size * 0.055, size * 0.03, size * 0.008],
    )
    for k in range(6):
        y = -size * (0.35 + 0.1 * k)
        side = -1.0 if k % 2 else 1.0
        reach = size * float(rng.uniform(0.16, 0.32)) * (1.15 - 0.1 * k)
        trunk.join(
            ribbon(
                [(0.0, y), (side * reach * 0.6, y - reach * 0.35), (side * reach, y - reach * 0.95)],
                [size * 0.03, size * 0.018, size * 0.006],
            )
        )
    return [(trunk, Colour(0.34, 0.03, 55))]


def cypress(size: float, rng: np.random.Generator) -> Pieces:
    w = size * 0.10
    body = smooth(
        [
            (0.0, -size),
            (w * 0.7, -size * 0.62),
            (w, -size * 0.3),
            (w * 0.5, -size * 0.04),
            (-w * 0.5, -size * 0.04),
            (-w, -size * 0.3),
            (-w * 0.7, -size * 0.62),
        ]
    )
    return [(rounded(-w * 0.14, -size * 0.06, w * 0.28, size * 0.06, 0.0), BARK), (body, Colour(0.38, 0.07, 145))]


def willow(size: float, rng: np.random.Generator) -> Pieces:
    leaf = Colour(0.56, 0.10, 128)
    trunk = ribbon(
        [(0.0, 0.0), (size * 0.05, -size * 0.35), (0.0, -size * 0.7)], [size * 0.1, size * 0.06, size * 0.04]
    )
    crown_, strands = _blob(0.0, -size * 0.78, size * 0.34, size * 0.20, rng), Path()
    for k in range(11):
        x = size * (k - 5) * 0.072
        h = size * float(rng.uniform(0.35, 0.58)) * (0.65 + 0.07 * abs(k - 5))
        strands.join(
            ribbon(
                [(x, -size * 0.76), (x * 1.15, -size * 0.76 + h * 0.6), (x * 1.18, -size * 0.76 + h)],
                [size * 0.075, size * 0.055, size * 0.012],
            )
        )
    return [(trunk, BARK), (strands, leaf.lighter(-0.05)), (crown_, leaf)]


def broad_leaves(leaf: Colour = _BROAD_LEAVES_LEAF) -> Plant:
    """A jungle plant: great leaves from one root."""

    def grow(size: float, rng: np.random.Generator) -> Pieces:
        dark, light, veins = Path(), Path(), Path()
        for k in range(7):
            angle = -math.pi * (0.12 + 0.76 * k / 6) + float(rng.uniform(-0.08, 0.08))
            reach = size * float(rng.uniform(0.7, 1.0))
            dx, dy = math.cos(angle) * reach, math.sin(angle) * reach
            nx, ny = -math.sin(angle) * size * 0.15, math.cos(angle) * size * 0.15
            leaf_path = smooth(
                [(0.0, 0.0), (dx * 0.5 + nx, dy * 0.5 + ny), (dx, dy + size * 0.06), (dx * 0.5 - nx, dy * 0.5 - ny)]
            )
            (light if k % 2 else dark).join(leaf_path)
            veins.join(
                ribbon(
                    [(0.0, 0.0), (dx * 0.5, dy * 0.5), (dx * 0.92, dy * 0.92 + size * 0.05)],
                    [size * 0.018, size * 0.012, size * 0.003],
                )
            )
        return [(dark, leaf.lighter(-0.07)), (light, leaf), (veins, leaf.lighter(0.07))]

    return grow


def mushroom(cap: Colour) -> Plant:
    def grow(size: float, rng: np.random.Generator) -> Pieces:
        stem = ribbon(
            [(0.0, 0.0), (size * 0.03, -size * 0.5), (0.0, -size * 0.72)], [size * 0.26, size * 0.18, size * 0.16]
        )
        w = size * 0.55
        head = smooth(
            [
                (-w, -size * 0.58),
                (-w * 0.7, -size * 0.86),
                (0.0, -size),
                (w * 0.7, -size * 0.86),
                (w, -size * 0.58),
                (0.0, -size * 0.66),
            ]
        )
        dots = Path()
        for x, y, s in ((-0.5, -0.74, 0.09), (0.05, -0.86, 0.11), (0.52, -0.73, 0.08)):
            dots.join(ellipse(x * w, y * size, s * size, s * size * 0.7))
        return [(stem, Colour(0.90, 0.03, 85)), (head, cap), (dots, Colour(0.96, 0.02, 85))]

    return grow


def crystal(colour: Colour) -> Plant:
    def grow(size: float, rng: np.random.Generator) -> Pieces:
        lit, dark = Path(), Path()
        for x, h, lean in ((-0.30, 0.62, -0.16), (0.28, 0.7, 0.14), (0.0, 1.0, 0.02)):
            w = size * 0.13
            top = (x * size + lean * size, -h * size)
            a, b, m = (x * size - w, 0.0), (x * size + w, 0.0), (x * size + w * 0.2, 0.0)
            sa, sb, sm = ((px + lean * size * 0.8, -h * size * 0.78) for px, _ in (a, b, m))
            lit.join(polygon([a, sa, top, sm, m]))
            dark.join(polygon([m, sm, top, sb, b]))
        return [(lit, colour.lighter(0.08)), (dark, colour.lighter(-0.10))]

    return grow


def stalk_flower(petal: Colour, *, disc: Colour | None = None) -> Plant:
    """A tall flower: a sunflower with a disc, a tulip or lavender without."""

    def grow(size: float, rng: np.random.Generator) -> Pieces:
        stem = ribbon([(0.0, 0.0), (size * 0.03, -size * 0.8)], [size * 0.05, size * 0.035])
        stem.join(smooth([(0.0, -size * 0.3), (size * 0.22, -size * 0.48), (size * 0.10, -size * 0.28)], tension=0.4))
        if disc is None:
            head = smooth(
                [
                    (-size * 0.13, -size),
                    (-size * 0.15, -size * 0.80),
                    (0.0, -size * 0.70),
                    (size * 0.17, -size * 0.80),
                    (size * 0.15, -size),
                    (size * 0.05, -size * 0.92),
                    (0.02 * size, -size * 1.03),
                    (-size * 0.05, -size * 0.92),
                ],
                tension=0.4,
            )
            return [(stem, Colour(0.52, 0.11, 138)), (head, petal)]
        head = Path()
        for k in range(11):
            angle = math.tau * k / 11
            cx, cy = size * 0.03 + math.cos(angle) * size * 0.15, -size * 0.84 + math.sin(angle) * size * 0.15
            head.join(ellipse(cx, cy, size * 0.075, size * 0.06))
        return [(stem, Colour(0.50, 0.11, 135)), (head, petal), (ellipse(size * 0.03, -size * 0.84, size * 0.12), disc)]

    return grow


def wheat(ear: Colour) -> Plant:
    def grow(size: float, rng: np.random.Generator) -> Pieces:
        bend = size * float(rng.uniform(0.05, 0.25))
        stem = ribbon([(0.0, 0.0), (bend * 0.3, -size * 0.6), (bend, -size)], [size * 0.035, size * 0.03, size * 0.10])
        return [(stem, ear)]

    return grow


def spike(flower: Colour) -> Plant:
    """A stem with a long head: lavender, lupin, bulrush."""

    def grow(size: float, rng: np.random.Generator) -> Pieces:
        lean = size * float(rng.uniform(-0.12, 0.12))
        stem = ribbon([(0.0, 0.0), (lean * 0.5, -size * 0.6)], [size * 0.04, size * 0.03])
        head = ribbon(
            [(lean * 0.45, -size * 0.5), (lean * 0.75, -size * 0.78), (lean, -size)],
            [size * 0.07, size * 0.14, size * 0.03],
        )
        return [(stem, Colour(0.52, 0.08, 130)), (head, flower)]

    return grow


def fruit_tree(fruit: Colour, leaf: Colour = LEAF) -> Plant:
    def grow(size: float, rng: np.random.Generator) -> Pieces:
        fruits = Path()
        for _ in range(12):
            angle, reach = float(rng.uniform(0, math.tau)), size * 0.27 * math.sqrt(float(rng.random()))
            fruits.join(ellipse(math.cos(angle) * reach, -size * 0.72 + math.sin(angle) * reach * 0.8, size * 0.026))
        return [*broadleaf(leaf)(size, rng), (fruits, fruit)]

    return grow


def vine(size: float, rng: np.random.Generator) -> Pieces:
    leaves = _blob(0.0, -size * 0.62, size * 0.42, size * 0.30, rng, 8)
    return [
        (rounded(-size * 0.03, -size * 0.6, size * 0.06, size * 0.6, 0.0), BARK),
        (leaves, Colour(0.50, 0.11, 128)),
        (ellipse(size * 0.12, -size * 0.42, size * 0.07, size * 0.11), Colour(0.40, 0.12, 310)),
    ]


def snowy_fir(size: float, rng: np.random.Generator) -> Pieces:
    tree = pine(size, rng)
    return [
        (tree, Colour(0.38, 0.055, 190)),
        (tree.moved((0.66, 0.0, 0.0, 0.92, -size * 0.02, -size * 0.06)), Colour(0.95, 0.015, 250)),
    ]

"""Scenery of the open country that only one or two places need: cliffs, paths, terraces' hedges, lava, ice, frames."""

import math
from collections.abc import Callable

from engine.renderers.animatic.actors import nested
from engine.renderers.animatic.canvas import Group, Paint, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import (
    Path,
    Point,
    box,
    ellipse,
    mul,
    polygon,
    ribbon,
    rounded,
    scale,
    shift,
    smooth,
    wave,
)
from engine.renderers.animatic.settings import base, water
from engine.renderers.animatic.settings import buildings as b
from engine.renderers.animatic.settings import flora as p
from engine.renderers.animatic.settings import outdoor as o
from engine.renderers.animatic.settings.buildings import Built
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.kit import Layer, cut, lit
from engine.renderers.animatic.settings.ridges import ridge, rolling
from engine.renderers.animatic.stage import Stage, View

Edge = Callable[[Stage, float], Pieces]


def away(stage: Stage) -> float:
    return -math.copysign(1.0, stage.reserved[0])


# --- frames at the picture's edges; x grows outwards


def flower_heads(petal: Colour, *, spikes: bool = False) -> Edge:
    def make(stage: Stage, tall: float) -> Pieces:
        pieces: Pieces = []
        for k in range(9):
            size = tall * stage.dawdle(0.22, 0.40)
            plant = (p.spike if spikes else p.stalk_flower)(petal.lighter(stage.dawdle(-0.05, 0.05)))
            pieces += [(path.moved(shift(-0.20 + 0.06 * k, 0.0)), c) for path, c in plant(size, stage.rng)]
        return pieces

    return make


def sunflowers(stage: Stage, tall: float) -> Pieces:
    pieces: Pieces = []
    plant = p.stalk_flower(Colour(0.86, 0.17, 88), disc=Colour(0.36, 0.08, 50))
    for k in range(4):
        pieces += [
            (path.moved(shift(-0.16 + 0.12 * k, 0.0)), c)
            for path, c in plant(tall * stage.dawdle(0.34, 0.52), stage.rng)
        ]
    return pieces


def bough(leaf: Colour, fruit: Colour) -> Edge:
    """A branch that reaches in from above."""

    def make(stage: Stage, tall: float) -> Pieces:
        y = -tall * 0.97
        wood = ribbon([(0.10, y - 0.02), (-0.20, y + 0.05), (-0.48, y + 0.03)], [0.040, 0.022, 0.006])
        wood.join(ribbon([(-0.10, y + 0.03), (-0.24, y + 0.13), (-0.36, y + 0.16)], [0.018, 0.010, 0.004]))
        leaves, fruits = Path(), Path()
        for k in range(26):
            at = stage.dawdle(0.0, 1.0)
            x, yy = 0.06 - 0.56 * at, y + 0.04 + stage.dawdle(-0.05, 0.14) * (1 - 0.5 * at)
            r = stage.dawdle(0.014, 0.034)
            (fruits if k % 3 == 0 else leaves).join(ellipse(x, yy, r, r * stage.dawdle(0.6, 0.95)))
        return [(wood, p.BARK), (leaves, leaf), (fruits, fruit)]

    return make


def great_leaves(stage: Stage, tall: float) -> Pieces:
    """Leaves larger than the frame, from below and from above."""
    low = p.broad_leaves(Colour(0.42, 0.11, 148))(tall * 0.52, stage.rng)
    high = [
        (path.moved((1.0, 0.0, 0.0, -1.0, 0.06, -tall * 1.02)), c.lighter(-0.04))
        for path, c in p.broad_leaves(Colour(0.44, 0.11, 140))(tall * 0.42, stage.rng)
    ]
    return [*high, *low]


def bamboo_frame(stage: Stage, tall: float) -> Pieces:
    pieces: Pieces = []
    for k in range(3):
        pieces += [
            (path.moved(shift(-0.14 + 0.10 * k, 0.0)), c)
            for path, c in p.bamboo(tall * stage.dawdle(1.1, 1.4), stage.rng)
        ]
    return pieces


def palm_frame(stage: Stage, tall: float) -> Pieces:
    return p.palm()(tall * 1.02, stage.rng)


def cliff_frame(rock: Colour) -> Layer:
    """Dark rock at both edges, in facets, like the wings of a stage."""

    def paint(stage: Stage) -> None:
        f = stage.frame
        tall = f.above + f.below
        for side in (-1.0, 1.0):
            near = 0.26 if side * stage.reserved[0] < 0 else 0.15
            xs = [near * stage.dawdle(0.55, 1.0) for _ in range(6)]
            face = [
                (0.35, -tall * 1.08),
                (-xs[0] * 0.6, -tall * 1.08),
                (-xs[1] * 0.9, -tall * 0.82),
                (-xs[2] * 0.6, -tall * 0.62),
                (-xs[3] * 0.8, -tall * 0.34),
                (-xs[4] * 1.1, -tall * 0.14),
                (-xs[5] * 1.6, 0.06),
                (0.35, 0.06),
            ]
            dark = stage.ground(rock, 0.0).towards(stage.palette.ink, 0.55)
            facets = polygon(
                [(-xs[1] * 0.9, -tall * 0.82), (-xs[2] * 0.6, -tall * 0.62), (0.02, -tall * 0.55), (0.05, -tall * 0.8)]
            ).join(polygon([(-xs[4] * 1.1, -tall * 0.14), (-xs[5] * 1.6, 0.06), (0.0, 0.06), (0.0, -tall * 0.2)]))
            group = Group()
            flip = (side, 0.0, 0.0, 1.0, 0.0, 0.0)
            group.add(stage.paint(polygon(face).moved(flip), dark))
            group.add(stage.paint(facets.moved(flip), dark.lighter(0.035)))

            def move(view: View, group: Group = group, at: float = side * (f.half + stage.reach[0] * 0.3)) -> None:
                group.nudge(mul(stage.still(view, 1.22), shift(at, f.below * 1.02)))

            stage.add(group, move)

    return paint


def snow_bank(stage: Stage) -> None:
    length = base.period(stage)
    left, right = base.span(stage, length)
    path = ridge(
        rolling(stage.rng, length, 0.08, (1, 2, 3)), left, right, stage.frame.below + 0.005, stage.frame.below + 0.3
    )
    stage.scroll(
        1.25, length, stage.paint(path, stage.ground(Colour(0.965, 0.012, 255), 0.0).towards(stage.palette.sky[0], 0.3))
    )


def reed_edge(stage: Stage) -> None:
    water.stream_before(stage)


def battlement(stage: Stage) -> None:
    f = stage.frame
    length = base.period(stage)
    tone = stage.ground(Colour(0.70, 0.03, 75), 0.0).towards(stage.palette.ink, 0.4)
    items: list[tuple[Paint, float, float]] = []
    for k in range(9):
        group = Group()
        group.add(stage.paint(box(-0.11, -0.05, 0.22, 0.4), tone))
        group.add(stage.paint(box(-0.07, -0.13, 0.13, 0.10), tone))
        group.add(stage.paint(box(-0.07, -0.13, 0.13, 0.012), tone.lighter(0.07)))
        items.append((group, -length / 2 + (k + 0.5) * length / 9, f.below + 0.03))
    stage.scatter(1.2, length, items)


# --- ground


def path(tone: Colour) -> Layer:
    """A way that winds from the far wood to our feet."""

    def paint(stage: Stage) -> None:
        f = stage.frame
        side = away(stage)
        bottom = f.below + 0.06 + stage.reach[1]
        x = side * f.half * 0.20
        shape = (
            Path()
            .move(x - 0.012, 0.095)
            .cubic(x - side * 0.12, 0.14, x + side * 0.30 - 0.1, bottom * 0.5, x - 0.34, bottom)
        )
        shape.line(x + 0.30, bottom).cubic(
            x + side * 0.34 + 0.1, bottom * 0.5, x - side * 0.10, 0.14, x + 0.012, 0.095
        ).close()
        way = Shape(shape)
        way.linear(
            0.0,
            0.09,
            0.0,
            f.below,
            [
                (0.0, stage.tint(stage.ground(tone, 0.4)).rgba),
                (1.0, stage.tint(stage.ground(tone.lighter(-0.05), 0.0)).rgba),
            ],
        )
        length = base.period(stage) * 2
        stage.scatter(0.9, length, [(way, 0.0, 0.0)])

    return paint


def raked_sand(stage: Stage) -> None:
    """Lines of a rake, and rings round three stones."""
    f = stage.frame
    tone = stage.ground(Colour(0.76, 0.03, 80), 0.05)
    lines = [Path() for _ in range(3)]
    for k in range(15):
        y = 0.13 + (f.below - 0.10) * (k / 14) ** 1.35
        t = 0.0016 + 0.0030 * k / 14
        lines[k % 3].join(polygon([(-3.0, y), (3.0, y), (3.0, y + t), (-3.0, y + t)]))
    stage.plane(0.9, *(stage.paint(line, tone) for line in lines))
    side = away(stage)
    for k, (x, y, s) in enumerate(((0.38, 0.40, 0.085), (0.66, 0.62, 0.06), (-0.55, 0.86, 0.07))):
        cx, cy = side * x * f.half, 0.10 + (f.below - 0.10) * y
        rings = [Shape(ellipse(cx, cy, s * (1.5 + 0.4 * r), s * (0.42 + 0.12 * r))) for r in range(4)]
        sand = stage.tint(stage.ground(Colour(0.89, 0.022, 85), 0.05))
        rings[-1].fill(sand.rgba)
        for ring in rings:
            ring.stroke(0.004, stage.tint(tone).rgba)
        stone = smooth(
            [
                (cx - s, cy),
                (cx - s * 0.7, cy - s * 0.7),
                (cx - s * 0.1, cy - s * (1.25 if k == 0 else 0.8)),
                (cx + s * 0.6, cy - s * 0.75),
                (cx + s, cy),
            ],
            tension=0.35,
        )
        light = smooth(
            [
                (cx - s * 0.7, cy - s * 0.5),
                (cx - s * 0.1, cy - s * (1.2 if k == 0 else 0.76)),
                (cx + s * 0.1, cy - s * 0.5),
            ],
            tension=0.35,
        )
        rock = stage.ground(Colour(0.46, 0.02, 250), 0.05)
        stage.plane(0.95, *reversed(rings), stage.paint(stone, rock), stage.paint(light, rock.lighter(0.07)))


def flagstones(stage: Stage) -> None:
    f = stage.frame
    tone = stage.ground(Colour(0.64, 0.025, 75), 0.05).clear(0.7)
    lines = [Path(), Path()]
    for k in range(-6, 7):
        x = k * 0.26
        lines[0].join(
            polygon(
                [
                    (x * 0.4 - 0.001, 0.17),
                    (x * 0.4 + 0.001, 0.17),
                    (x * 1.8 + 0.003, f.below + 0.3),
                    (x * 1.8 - 0.003, f.below + 0.3),
                ]
            )
        )
    for k in range(1, 5):
        y = 0.17 + (f.below - 0.17) * (k / 4.5) ** 1.5
        lines[1].join(box(-3.0, y, 6.0, 0.003))
    stage.plane(0.9, *(stage.paint(line, tone) for line in lines))


def winding_river(tone: Colour) -> Layer:
    def paint(stage: Stage) -> None:
        f = stage.frame
        side = away(stage)
        bottom = f.below + 0.08
        shape = (
            Path()
            .move(side * 0.05, 0.105)
            .cubic(side * 0.5, 0.12, side * 0.1, 0.16, side * 0.45, 0.22)
            .cubic(side * 0.7, 0.27, side * 0.5, bottom * 0.8, side * 0.75, bottom)
        )
        shape.line(side * (f.half + 0.6), bottom).cubic(
            side * 1.0, bottom * 0.7, side * 0.9, 0.26, side * 0.62, 0.20
        ).cubic(side * 0.3, 0.15, side * 0.75, 0.12, side * 0.09, 0.105).close()
        river = Shape(shape)
        top, low = stage.palette.sky[-1], stage.palette.sky[0].towards(stage.ground(tone, 0.0), 0.5)
        river.linear(0.0, 0.1, 0.0, f.below, [(0.0, stage.tint(top).rgba), (1.0, stage.tint(low).rgba)])
        stage.scatter(0.9, base.period(stage) * 2, [(river, 0.0, 0.0)])

    return paint


def pool(top: float, bottom: float, *, mirror: float = 0.35) -> Layer:
    """Standing water with a shore: it holds the sky."""

    def paint(stage: Stage) -> None:
        side = away(stage)
        x, w = side * stage.frame.half * 0.42, stage.frame.half * 0.52
        y, h = (top + bottom) / 2, (bottom - top) / 2
        shore = stage.paint(ellipse(x, y, w * 1.06, h * 1.18), stage.ground(Colour(0.50, 0.06, 100), 0.15))
        sheet = Shape(ellipse(x, y, w, h))
        sky = stage.palette.sky
        sheet.linear(
            0.0,
            top,
            0.0,
            bottom,
            [
                (0.0, stage.tint(sky[-1].towards(stage.palette.haze, mirror)).rgba),
                (1.0, stage.tint(sky[0].towards(stage.ground(Colour(0.55, 0.08, 210), 0.1), 0.45)).rgba),
            ],
        )
        glints = Path()
        for k in range(5):
            glints.join(
                ellipse(
                    x + w * stage.dawdle(-0.6, 0.6),
                    top + (bottom - top) * (0.25 + 0.13 * k),
                    stage.dawdle(0.02, 0.06),
                    0.0022,
                )
            )
        group = Group()
        for paint_ in (shore, sheet, stage.paint(glints, stage.palette.light.clear(0.5))):
            group.add(paint_)
        stage.scatter(0.88, base.period(stage) * 2, [(group, 0.0, 0.0)])

    return paint


def bank(tone: Colour, top: float) -> Layer:
    """The near shore, before water."""

    def paint(stage: Stage) -> None:
        length = base.period(stage)
        left, right = base.span(stage, length)
        shape = Shape(
            ridge(
                rolling(stage.rng, length, 0.05, (1, 2, 3)),
                left,
                right,
                top + 0.03,
                stage.frame.below + 0.3 + stage.reach[1],
            )
        )
        shape.linear(
            0.0,
            top,
            0.0,
            stage.frame.below,
            [
                (0.0, stage.tint(stage.ground(tone.lighter(0.02), 0.10)).rgba),
                (1.0, stage.tint(stage.ground(tone.lighter(-0.08), 0.0)).rgba),
            ],
        )
        stage.scroll(0.95, length, shape)

    return paint


def lava_streams(stage: Stage) -> None:
    f = stage.frame
    side = away(stage)
    for k, (x0, x1) in enumerate(((0.30, 0.55), (0.62, 1.05))):
        a, c = side * x0 * f.half, side * x1 * f.half
        bottom = f.below + 0.06
        outer = (
            Path()
            .move(a - 0.012, 0.085)
            .cubic(a + 0.10, 0.16, c - 0.25, 0.22, c - 0.08, bottom)
            .line(c + 0.12, bottom)
            .cubic(c - 0.02, 0.24, a + 0.18, 0.15, a + 0.012, 0.085)
            .close()
        )
        inner = (
            Path()
            .move(a - 0.004, 0.09)
            .cubic(a + 0.12, 0.165, c - 0.20, 0.225, c - 0.02, bottom)
            .line(c + 0.05, bottom)
            .cubic(c - 0.10, 0.235, a + 0.15, 0.155, a + 0.004, 0.09)
            .close()
        )
        stage.plane(0.9, stage.paint(outer, lit(0.58, 0.20, 35)), stage.paint(inner, lit(0.82, 0.16, 70)))
        stage.plane(0.9, stage.glow(c, f.below * 0.8, 0.18, lit(0.7, 0.18, 45), 0.35 - 0.1 * k))


# --- land


def hedged_hills(tone: Colour) -> Layer:
    """Hills combed with rows of tea."""

    def paint(stage: Stage) -> None:
        length = base.period(stage)
        left, right = base.span(stage, length)
        for depth, height, y, distance in ((0.2, 0.17, 0.03, 0.66), (0.36, 0.13, 0.07, 0.44)):
            profile = rolling(stage.rng, length, height, (1, 2, 3))
            base.layer(stage, depth, profile, y, y + 0.14, stage.ground(tone, distance), mist=0.3, until=y + 0.07)
            lines: list[Path] = []
            for r in range(1, 8):
                drop = 0.018 * r + 0.004 * r * r * 0.4
                points: list[Point] = [
                    (
                        left + (right - left) * i / 44,
                        y - profile(left + (right - left) * i / 44) * (1 - r * 0.09) + drop,
                    )
                    for i in range(45)
                ]
                lines.append(
                    smooth([*points, *((px, py + 0.005 + 0.001 * r) for px, py in reversed(points))], tension=0.4)
                )
            stage.scroll(
                depth, length, *(stage.paint(line, stage.ground(tone.lighter(-0.07), distance)) for line in lines)
            )

    return paint


def hedges(tone: Colour) -> Layer:
    """Rounded hedges that follow the slope towards us."""

    def paint(stage: Stage) -> None:
        length = base.period(stage)
        left, right = base.span(stage, length)
        for r in range(5):
            near = (r + 0.5) / 5
            y = 0.15 + (stage.frame.below - 0.06) * near**1.4
            profile = rolling(stage.rng, length, 0.03 + 0.03 * near, (1, 2, 3))
            thick = 0.025 + 0.06 * near
            points: list[Point] = [
                (left + (right - left) * i / 40, y - profile(left + (right - left) * i / 40)) for i in range(41)
            ]
            band = smooth([*points, *((px, py + thick) for px, py in reversed(points))], tension=0.4)
            crest = smooth([*points, *((px, py + thick * 0.28) for px, py in reversed(points))], tension=0.4)
            distance = 0.25 * (1 - near)
            stage.scroll(
                0.55 + 0.4 * near,
                length,
                stage.paint(band, stage.ground(tone.lighter(-0.05), distance)),
                stage.paint(crest, stage.ground(tone.lighter(0.05), distance)),
            )

    return paint


def strata_walls(rock: Colour) -> Layer:
    """Walls of a canyon on both sides, in bands of colour."""

    def paint(stage: Stage) -> None:
        f = stage.frame
        for side in (-1.0, 1.0):
            for depth, reach_, tall, distance in ((0.4, 0.62, 0.80, 0.38), (0.62, 0.38, 0.96, 0.18)):
                inner = f.half * (1 - reach_) * stage.dawdle(0.9, 1.1)
                top = -f.above * tall
                bands = 6
                for k in range(bands):
                    y0, y1 = top + (0.12 - top) * k / bands, top + (0.12 - top) * (k + 1) / bands + 0.004
                    step0 = inner * (1.0 - 0.06 * k) + 0.014 * (k % 2)
                    step1 = inner * (1.0 - 0.06 * (k + 1)) + 0.014 * (k % 2) + 0.006
                    tone = stage.ground(rock.lighter(0.045 * ((k * 2) % 3 - 1)), distance)
                    shape = polygon([(side * 3.0, y0), (side * step0, y0), (side * step1, y1), (side * 3.0, y1)])
                    stage.plane(depth, stage.paint(shape, tone))

    return paint


def karst(depth: float, tall: float, y: float, distance: float) -> Layer:
    """Steep round hills that stand alone, as along the Li river."""

    def paint(stage: Stage) -> None:
        length = base.period(stage)
        items: list[tuple[Paint, float, float]] = []
        count = max(4, int(length / (tall * 0.8)))
        for k in range(count):
            h, w = tall * stage.dawdle(0.5, 1.0), tall * stage.dawdle(0.22, 0.36)
            tone = stage.ground(Colour(0.46, 0.07, 155), distance)
            body = Shape(
                smooth(
                    [
                        (-w, 0.02),
                        (-w * 0.86, -h * 0.45),
                        (-w * 0.5, -h * 0.86),
                        (0.0, -h),
                        (w * 0.45, -h * 0.88),
                        (w * 0.82, -h * 0.5),
                        (w, 0.02),
                    ],
                    tension=0.42,
                )
            )
            body.linear(
                0.0,
                -h,
                0.0,
                0.0,
                [(0.0, stage.tint(tone).rgba), (1.0, stage.tint(tone.towards(stage.palette.haze, 0.6)).rgba)],
            )
            shade = stage.paint(
                smooth(
                    [
                        (w * 0.1, -h * 0.98),
                        (w * 0.45, -h * 0.88),
                        (w * 0.82, -h * 0.5),
                        (w * 0.96, 0.01),
                        (w * 0.4, 0.01),
                        (w * 0.35, -h * 0.5),
                    ],
                    tension=0.42,
                ),
                tone.lighter(-0.05).clear(0.5),
            )
            group = Group()
            group.add(body)
            group.add(shade)
            items.append((group, -length / 2 + (k + stage.dawdle(0.1, 0.9)) * length / count, y))
        stage.scatter(depth, length, items)

    return paint


def volcano_cone(stage: Stage) -> None:
    f = stage.frame
    x = away(stage) * f.half * 0.45
    h, w = f.above * 0.72, f.half * 0.85
    rock = stage.ground(Colour(0.36, 0.03, 25), 0.35)
    cone = Shape(
        polygon(
            [
                (x - w, 0.08),
                (x - w * 0.5, -h * 0.38),
                (x - w * 0.17, -h * 0.93),
                (x - w * 0.09, -h),
                (x - w * 0.02, -h * 0.95),
                (x + w * 0.06, -h * 0.98),
                (x + w * 0.15, -h * 0.92),
                (x + w * 0.48, -h * 0.4),
                (x + w, 0.08),
            ]
        )
    )
    cone.linear(
        0.0,
        -h,
        0.0,
        0.06,
        [
            (0.0, stage.tint(rock.towards(lit(0.55, 0.16, 35).clear(1.0), 0.3)).rgba),
            (0.35, stage.tint(rock).rgba),
            (1.0, stage.tint(rock.towards(stage.palette.haze, 0.4)).rgba),
        ],
    )
    runs = ribbon(
        [(x - w * 0.03, -h * 0.95), (x + w * 0.02, -h * 0.68), (x - w * 0.06, -h * 0.42), (x + w * 0.03, -h * 0.1)],
        [w * 0.05, w * 0.035, w * 0.045, w * 0.07],
    )
    runs.join(
        ribbon(
            [(x + w * 0.04, -h * 0.94), (x + w * 0.16, -h * 0.6), (x + w * 0.24, -h * 0.34)],
            [w * 0.03, w * 0.02, w * 0.03],
        )
    )
    runs.join(
        ribbon(
            [(x - w * 0.07, -h * 0.95), (x - w * 0.2, -h * 0.62), (x - w * 0.26, -h * 0.4)],
            [w * 0.025, w * 0.018, w * 0.02],
        )
    )
    stage.plane(0.12, stage.glow(x, -h, 0.34, lit(0.72, 0.18, 45), 0.75), cone, stage.paint(runs, lit(0.72, 0.19, 48)))


def wall_on_ridge(depth: float, height: float, y: float, distance: float) -> Layer:
    """A wall with watchtowers that follows a crest."""

    def paint(stage: Stage) -> None:
        length = base.period(stage)
        left, right = base.span(stage, length)
        profile = rolling(stage.rng, length, height, (1, 2, 3))
        base.layer(
            stage,
            depth,
            profile,
            y,
            y + 0.14,
            stage.ground(Colour(0.47, 0.09, 135), distance),
            mist=0.3,
            until=y + 0.08,
        )
        stone = Colour(0.80, 0.03, 75)
        points: list[Point] = [
            (left + (right - left) * i / 60, y - profile(left + (right - left) * i / 60)) for i in range(61)
        ]
        band = smooth(
            [*((px, py - 0.048) for px, py in points), *((px, py + 0.008) for px, py in reversed(points))], tension=0.4
        )
        teeth = [Path()]
        for i in range(0, 121):
            px = left + (right - left) * i / 120
            if i % 12 == 0:
                teeth.append(Path())
            teeth[-1].join(box(px, y - profile(px) - 0.062, 0.014, 0.016))
        towers, doors = Path(), Path()
        for turn in range(math.floor(left / length), math.ceil(right / length) + 1):
            for k in range(3):
                px = (k + 0.4) * length / 3 + turn * length
                py = y - profile(px)
                towers.join(box(px - 0.050, py - 0.120, 0.100, 0.13)).join(
                    box(px - 0.055, py - 0.138, 0.026, 0.020)
                ).join(box(px - 0.013, py - 0.138, 0.026, 0.020)).join(box(px + 0.029, py - 0.138, 0.026, 0.020))
                doors.join(rounded(px - 0.030, py - 0.094, 0.018, 0.034, 0.009)).join(
                    rounded(px + 0.012, py - 0.094, 0.018, 0.034, 0.009)
                )
        tone = stage.ground(stone, distance)
        stage.scroll(
            depth,
            length,
            stage.paint(band, tone),
            *(stage.paint(t, tone) for t in teeth),
            stage.paint(towers, tone.lighter(-0.03)),
            stage.paint(doors, tone.lighter(-0.3)),
        )

    return paint


def headland(stage: Stage) -> None:
    """A green cliff over the sea, white where it broke off."""
    x = away(stage) * stage.frame.half * 0.5
    side = math.copysign(1.0, x)
    face = polygon(
        [
            (x, 0.02),
            (x + side * 0.03, -0.09),
            (x + side * 0.10, -0.115),
            (x + side * 2.5, -0.15),
            (x + side * 2.5, 0.03),
        ]
    )
    turf = smooth(
        [
            (x + side * 0.02, -0.085),
            (x + side * 0.10, -0.122),
            (x + side * 0.8, -0.15),
            (x + side * 2.5, -0.165),
            (x + side * 2.5, -0.10),
            (x + side * 0.6, -0.095),
        ],
        tension=0.3,
    )
    cracks = Path()
    for k in range(6):
        cx = x + side * (0.10 + 0.12 * k)
        cracks.join(polygon([(cx, -0.09), (cx + 0.012, -0.03), (cx + 0.004, 0.02), (cx - 0.008, -0.03)]))
    stone = stage.ground(Colour(0.90, 0.02, 85), 0.25)
    stage.plane(
        0.5,
        stage.paint(face, stone),
        stage.paint(cracks, stone.lighter(-0.08)),
        stage.paint(turf, stage.ground(Colour(0.58, 0.12, 132), 0.25)),
    )


def cliff_behind(rock: Colour) -> Layer:
    def paint(stage: Stage) -> None:
        f = stage.frame
        length = base.period(stage)
        left, right = base.span(stage, length)
        for depth, low, high, distance in ((0.2, 0.80, 1.02, 0.6), (0.3, 0.62, 0.82, 0.42)):
            points: list[Point] = []
            x = left
            while x < right:
                points += [(x, -f.above * stage.dawdle(low, high)), (x + 0.10, -f.above * stage.dawdle(low, high))]
                x += stage.dawdle(0.16, 0.3)
            body = stage.ground(rock, distance)
            shape = Shape(polygon([*points, (right, 0.14), (left, 0.14)]))
            shape.linear(
                0.0,
                -f.above * high,
                0.0,
                0.1,
                [(0.0, stage.tint(body).rgba), (1.0, stage.tint(body.towards(stage.palette.haze, 0.45)).rgba)],
            )
            cracks = [Path()]
            for k in range(26):
                cx, top = left + (right - left) * (k + 0.5) / 26, -f.above * low * stage.dawdle(0.2, 0.95)
                if k % 7 == 6:
                    cracks.append(Path())
                cracks[-1].join(
                    polygon([(cx, top), (cx + 0.016, top * 0.6), (cx + 0.004, top * 0.2), (cx - 0.012, top * 0.6)])
                )
            stage.plane(depth, shape, *(stage.paint(c, body.lighter(-0.05)) for c in cracks))
            rim = smooth(
                [(px, py + 0.02 * math.sin(px * 9)) for px, py in points]
                + [(px, py + 0.045) for px, py in reversed(points)],
                tension=0.3,
            )
            stage.plane(depth, stage.paint(rim, stage.ground(Colour(0.48, 0.10, 138), distance)))

    return paint


# --- caves


def cave_mouth(stage: Stage) -> None:
    """Far away the day, seen from within."""
    f = stage.frame
    x = away(stage) * f.half * 0.28
    rock = stage.ground(Colour(0.34, 0.04, 275), 0.3)
    stage.plane(0.0, stage.paint(box(-6.0, -f.above - 1.0, 12.0, f.above + 2.0), rock))
    day = lit(0.93, 0.05, 200)
    for k in range(4):
        s = 1.45 - 0.15 * k
        tone = rock.towards(day.clear(1.0), (0.10, 0.22, 0.42, 1.0)[k])
        mouth = smooth(
            [
                (x - 0.20 * s, 0.08),
                (x - 0.24 * s, -0.10 * s),
                (x - 0.16 * s, -0.26 * s),
                (x - 0.04 * s, -0.33 * s),
                (x + 0.10 * s, -0.29 * s),
                (x + 0.21 * s, -0.14 * s),
                (x + 0.19 * s, 0.08),
            ],
            tension=0.32,
        )
        stage.plane(0.12, stage.paint(mouth, tone))
    shaft = polygon(
        [
            (x - 0.10, -0.22),
            (x + 0.10, -0.22),
            (x - math.copysign(0.30, x) + 0.38, f.below),
            (x - math.copysign(0.30, x) - 0.30, f.below),
        ]
    )
    light = Shape(shaft)
    r, g, b_, _ = stage.tint(day.clear(1.0)).rgba
    light.linear(0.0, -0.25, 0.0, f.below, [(0.0, (r, g, b_, 70)), (1.0, (r, g, b_, 0))])
    stage.plane(0.15, light)


def cave_teeth(depth: float, distance: float) -> Layer:
    """Stalactites, and what grows up to meet them."""

    def paint(stage: Stage) -> None:
        f = stage.frame
        length = base.period(stage)
        items: list[tuple[Paint, float, float]] = []
        count = int(9 + 4 * depth)
        tone = stage.ground(Colour(0.38, 0.04, 275), distance)
        for k in range(count):
            x = -length / 2 + (k + stage.dawdle(0.1, 0.9)) * length / count
            h = f.above * stage.dawdle(0.18, 0.55) * (0.7 + 0.5 * depth)
            w = h * stage.dawdle(0.16, 0.26)
            group = Group()
            group.add(
                stage.paint(
                    smooth(
                        [(-w, -0.25), (-w * 0.55, h * 0.4), (0.0, h), (w * 0.5, h * 0.35), (w, -0.25)], tension=0.35
                    ),
                    tone,
                )
            )
            group.add(
                stage.paint(
                    smooth(
                        [(w * 0.1, -0.2), (w * 0.16, h * 0.5), (0.0, h), (w * 0.5, h * 0.35), (w, -0.2)], tension=0.35
                    ),
                    tone.lighter(-0.04),
                )
            )
            items.append((group, x, -f.above - 0.01))
            if k % 2:
                g = h * stage.dawdle(0.25, 0.45)
                items.append(
                    (
                        stage.paint(
                            smooth(
                                [
                                    (-w * 1.1, 0.03),
                                    (-w * 0.4, -g * 0.5),
                                    (0.0, -g),
                                    (w * 0.5, -g * 0.45),
                                    (w * 1.2, 0.03),
                                ],
                                tension=0.35,
                            ),
                            tone.lighter(0.02),
                        ),
                        x + 0.02,
                        0.09 + 0.05 * depth,
                    )
                )
        stage.scatter(depth, length, items)

    return paint


def cave_roof(stage: Stage) -> None:
    f = stage.frame
    dark = stage.ground(Colour(0.30, 0.03, 280), 0.0).towards(stage.palette.ink, 0.6)
    points: list[Point] = []
    x = -f.half - 0.9
    while x < f.half + 0.9:
        points += [(x, -f.above + stage.dawdle(0.01, 0.06)), (x + 0.05, -f.above + stage.dawdle(0.05, 0.17))]
        x += stage.dawdle(0.09, 0.2)
    stage.plane(
        1.15, stage.paint(polygon([*points, (f.half + 1.2, -f.above - 0.6), (-f.half - 1.2, -f.above - 0.6)]), dark)
    )


# --- water and ice


def cold_sea(top: float) -> Layer:
    def paint(stage: Stage) -> None:
        water.surface(stage, top, stage.frame.below + 0.3 + stage.reach[1])
        water.glitter(stage, top + 0.01, stage.frame.below, 46)

    return paint


def open_sea(stage: Stage) -> None:
    water.surface(stage, 0.0, stage.frame.below + 0.3)
    water.glitter(stage, 0.01, 0.22, 60)


def lagoon(stage: Stage) -> None:
    """Shallow water over white sand: turquoise, in bands."""
    f = stage.frame
    sheet = Shape(box(-6.0, 0.0, 12.0, f.below + 0.4))
    tones = (Colour(0.52, 0.11, 240), Colour(0.70, 0.11, 205), Colour(0.84, 0.09, 190), Colour(0.92, 0.05, 170))
    sheet.linear(0.0, 0.0, 0.0, 0.24, [(k / 3, stage.tint(stage.ground(t, 0.12)).rgba) for k, t in enumerate(tones)])
    stage.plane(0.0, sheet)
    water.glitter(stage, 0.01, 0.20, 60)


def ice_wall(stage: Stage) -> None:
    """A glacier's front: a blue wall in slabs."""
    length = base.period(stage)
    left, right = base.span(stage, length)
    tones = [
        stage.ground(Colour(lightness, chroma, 225), 0.35)
        for lightness, chroma in ((0.95, 0.025), (0.86, 0.06), (0.78, 0.085))
    ]
    slabs = [[Path()], [Path()], [Path()]]
    x, index = left, 0
    while x < right:
        w, h = stage.dawdle(0.06, 0.16), stage.dawdle(0.12, 0.20)
        target = slabs[(index * 2 + index // 3) % 3]
        if len(target[-1].commands) > 40:
            target.append(Path())
        target[-1].join(
            polygon(
                [
                    (x, 0.075),
                    (x - 0.004, -h * 0.9),
                    (x + w * 0.4, -h),
                    (x + w + 0.006, -h * 0.88),
                    (x + w + 0.004, 0.075),
                ]
            )
        )
        x += w
        index += 1
    stage.scroll(
        0.3, length, *(stage.paint(path_, tone) for tone, paths in zip(tones, slabs, strict=True) for path_ in paths)
    )


def floes(stage: Stage) -> None:
    length = base.period(stage)
    items: list[tuple[Paint, float, float]] = []
    for _ in range(12):
        near = float(stage.rng.random())
        y = 0.12 + (stage.frame.below - 0.12) * near
        w = (0.06 + 0.16 * near) * stage.dawdle(0.7, 1.3)
        top = polygon(
            [
                (-w, 0.0),
                (-w * 0.5, -w * 0.16),
                (w * 0.3, -w * 0.18),
                (w, -w * 0.02),
                (w * 0.5, w * 0.13),
                (-w * 0.4, w * 0.14),
            ]
        )
        side_ = polygon(
            [
                (-w, 0.0),
                (-w * 0.4, w * 0.14),
                (w * 0.5, w * 0.13),
                (w, -w * 0.02),
                (w * 0.96, w * 0.05),
                (w * 0.5, w * 0.21),
                (-w * 0.4, w * 0.22),
                (-w * 0.97, w * 0.08),
            ]
        )
        group = Group()
        group.add(stage.paint(side_, stage.ground(Colour(0.72, 0.08, 225), 0.1)))
        group.add(stage.paint(top, stage.ground(Colour(0.97, 0.012, 230), 0.1)))
        items.append((group, stage.dawdle(-length / 2, length / 2), y))
    items.sort(key=lambda item: item[2])
    stage.scatter(0.95, length, items)


def lily_pads(count: int) -> Layer:
    def paint(stage: Stage) -> None:
        length = base.period(stage)
        items: list[tuple[Paint, float, float]] = []
        for k in range(count):
            near = float(stage.rng.random())
            s = 0.03 + 0.05 * near
            pad = (
                Path()
                .move(0.0, 0.0)
                .line(s, -s * 0.06)
                .cubic(s, s * 0.3, -s * 0.6, s * 0.42, -s, 0.0)
                .cubic(-s * 0.9, -s * 0.34, s * 0.5, -s * 0.40, s * 0.94, -s * 0.14)
                .close()
            )
            group = Group()
            group.add(stage.paint(pad, stage.ground(Colour(0.50, 0.11, 140), 0.12)))
            if k % 3 == 0:
                group.add(
                    stage.paint(
                        smooth(
                            [
                                (-s * 0.25, -s * 0.02),
                                (-s * 0.32, -s * 0.36),
                                (0.0, -s * 0.5),
                                (s * 0.32, -s * 0.36),
                                (s * 0.25, -s * 0.02),
                            ],
                            tension=0.4,
                        ),
                        stage.ground(Colour(0.84, 0.10, 355), 0.08),
                    )
                )
            items.append(
                (group, stage.dawdle(-length / 2, length / 2), 0.11 + (stage.frame.below * 0.95 - 0.11) * near)
            )
        stage.scatter(0.95, length, items)

    return paint


def boats(stage: Stage) -> None:
    length = base.period(stage)
    items: list[tuple[Paint, float, float]] = []
    for k in range(3):
        s = 0.10 + 0.03 * k
        raft: Pieces = [
            (
                smooth(
                    [
                        (-s, -0.006),
                        (-s * 1.15, -0.03),
                        (-s * 0.6, -0.012),
                        (s * 0.6, -0.012),
                        (s * 1.15, -0.03),
                        (s, -0.002),
                        (0.0, 0.008),
                    ],
                    tension=0.3,
                ),
                Colour(0.42, 0.06, 60),
            ),
            (
                polygon([(-s * 0.30, -0.01), (-s * 0.24, -s * 0.40), (s * 0.24, -s * 0.40), (s * 0.30, -0.01)]),
                Colour(0.60, 0.07, 75),
            ),
        ]
        items.append((cut(stage, raft, 0.3), -length / 2 + (k + stage.dawdle(0.2, 0.8)) * length / 3, 0.085 + 0.03 * k))
    stage.scatter(0.55, length, items)


# --- things


def fruit_crate(stage: Stage) -> Pieces:
    fruits = Path()
    for k in range(7):
        fruits.join(ellipse(-0.06 + 0.02 * k, -0.075 - 0.012 * (k % 2), 0.014))
    return [
        (fruits, Colour(0.60, 0.20, 28)),
        (box(-0.08, -0.07, 0.16, 0.07), Colour(0.62, 0.08, 65)),
        (box(-0.08, -0.046, 0.16, 0.006).join(box(-0.08, -0.022, 0.16, 0.006)), Colour(0.46, 0.07, 60)),
    ]


def snowy_house(stage: Stage) -> Built:
    pieces, width = b.cottage(roof=Colour(0.95, 0.012, 255), wall=Colour(0.50, 0.08, 40), size=0.26)(stage)
    return [(path_, lit(0.90, 0.12, 78) if c == b.WINDOW else c) for path_, c in pieces], width


def tiled_wall(stage: Stage) -> None:
    """A white garden wall under dark tiles."""
    stage.plane(
        0.0,
        stage.paint(box(-6.0, -0.02, 12.0, 0.13), stage.ground(Colour(0.92, 0.02, 85), 0.22)),
        stage.paint(box(-6.0, -0.045, 12.0, 0.030), stage.ground(Colour(0.36, 0.025, 260), 0.2)),
        stage.paint(box(-6.0, 0.085, 12.0, 0.025), stage.ground(Colour(0.50, 0.02, 80), 0.2)),
    )


def hanging_mist(strength: float) -> Layer:
    """Bands of haze between the planes of a wood."""

    def paint(stage: Stage) -> None:
        haze = stage.tint(stage.palette.haze.lighter(0.03)).rgba
        for y, thick in ((-0.05, 0.16), (0.06, 0.08)):
            band = Shape(box(-6.0, y - thick, 12.0, thick * 2))
            band.linear(
                0.0,
                y - thick,
                0.0,
                y + thick,
                [(0.0, (*haze[:3], 0)), (0.5, (*haze[:3], round(190 * strength))), (1.0, (*haze[:3], 0))],
            )
            stage.plane(0.1, band)

    return paint


def vines(count: int) -> Layer:
    def paint(stage: Stage) -> None:
        f = stage.frame
        length = base.period(stage)
        items: list[tuple[Paint, float, float]] = []
        for k in range(count):
            h = f.above * stage.dawdle(0.3, 0.8)
            bend = stage.dawdle(-0.06, 0.06)
            rope = ribbon([(0.0, -0.3), (bend, h * 0.5), (bend * 0.4, h)], [0.010, 0.008, 0.005])
            leaves = Path()
            for j in range(6):
                leaves.join(
                    ellipse(
                        bend * math.sin(j / 5 * 3.1) + (0.012 if j % 2 else -0.012), h * (0.1 + 0.17 * j), 0.016, 0.010
                    )
                )
            pieces: Pieces = [(rope, Colour(0.36, 0.06, 120)), (leaves, Colour(0.44, 0.11, 140))]
            items.append(
                (cut(stage, pieces, 0.16), -length / 2 + (k + stage.dawdle(0.1, 0.9)) * length / count, -f.above)
            )
        stage.scatter(0.85, length, items, sway=0.02)

    return paint


def glows(count: int) -> Layer:
    """Soft lights that hang in the air and breathe."""

    def paint(stage: Stage) -> None:
        for k in range(count):
            hue = (190, 300, 12)[k % 3]
            x, y = stage.dawdle(-1.0, 1.0) * stage.frame.half, stage.dawdle(-0.25, 0.2)
            spot = nested(0.075, 0.075, stage.tint(Colour(0.80, 0.13, hue, 0.30)).rgba, 5)

            def move(view: View, spot: Group = spot, x: float = x, y: float = y, k: int = k) -> None:
                at = (x + 0.03 * wave(view.t / 7 + k * 0.37), y + 0.03 * wave(view.t / 5 + k * 0.61))
                spot.place(
                    mul(stage.still(view, 0.7), mul(shift(*at), scale(0.85 + 0.2 * wave(view.t / 4 + k * 0.23))))
                )

            stage.add(spot, move)

    return paint


def fire(x: float, y: float, size: float = 1.0) -> Layer:
    """A camp fire: flames that lick, light on the ground, sparks."""

    def paint(stage: Stage) -> None:
        cx = away(stage) * x * stage.frame.half
        light = nested(0.34 * size, 0.10 * size, stage.tint(Colour(0.78, 0.15, 60, 0.5)).rgba, 5)
        logs = cut(stage, o.campfire(stage)[2:], 0.05)
        flames = [(cut(stage, [piece], 0.0), k) for k, piece in enumerate(o.campfire(stage)[:2])]
        group = Group()
        for paint_ in (light, *(flame for flame, _ in flames), logs):
            group.add(paint_)
        stage.canvas.add(group)
        stage.plane(0.9, stage.glow(cx, y - 0.08, 0.26 * size, lit(0.72, 0.16, 55), 0.5))

        def move(view: View) -> None:
            root = mul(stage.still(view, 0.9), shift(cx, y))
            light.place(mul(root, scale(1.0 + 0.05 * wave(view.t / 1.3))))
            logs.place(mul(root, scale(size)))
            for flame, k in flames:
                tall = size * (1.0 + 0.13 * wave(view.t * 1.3 + k * 0.4) + 0.06 * wave(view.t * 2.9 + k))
                flame.place(mul(root, (size, 0.0, -0.12 * wave(view.t * 0.8 + k * 0.3), tall, 0.0, 0.0)))

        stage.movers.append(move)

    return paint


def embers(stage: Stage) -> None:
    from engine.renderers.animatic import weather

    weather.rising_sparks(stage)

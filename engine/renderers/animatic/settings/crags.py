"""Scenery of stone: cliffs, canyons, karst, volcanoes, caves, the wall on its ridge."""

import math

from engine.renderers.animatic.canvas import Group, Paint, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import (
    Path,
    Point,
    box,
    mul,
    polygon,
    ribbon,
    rounded,
    shift,
    smooth,
)
from engine.renderers.animatic.settings import base
from engine.renderers.animatic.settings.kit import Layer, lit
from engine.renderers.animatic.settings.ridges import rolling
from engine.renderers.animatic.settings.scenery import away
from engine.renderers.animatic.stage import Stage, View


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

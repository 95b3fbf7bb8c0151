"""Scenery of places to see and play: rails, runways, stands, pools, gates, wheels."""

import math

from engine.renderers.animatic.canvas import Group, Paint, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import (
    Path,
    box,
    ellipse,
    mul,
    polygon,
    ribbon,
    rounded,
    scale,
    shift,
    smooth,
)
from engine.renderers.animatic.settings import base, landmarks, water
from engine.renderers.animatic.settings import buildings as b
from engine.renderers.animatic.settings import outdoor as o
from engine.renderers.animatic.settings import scenery as s
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.kit import (
    bigger,
    cut,
    ground,
    lit,
)
from engine.renderers.animatic.stage import Stage, View


def stands(stage: Stage) -> None:
    """A stadium: a bowl of people, floodlights, boards, the pitch in stripes."""
    f = stage.frame
    rim = -f.above * 0.52
    bowl = smooth(
        [
            (-3.0, rim - 0.16),
            (-1.2, rim - 0.05),
            (0.0, rim),
            (1.2, rim - 0.05),
            (3.0, rim - 0.16),
            (3.0, 0.1),
            (-3.0, 0.1),
        ],
        tension=0.3,
    )
    stage.plane(
        0.15,
        stage.paint(
            smooth(
                [
                    (-3.0, rim - 0.24),
                    (-1.2, rim - 0.12),
                    (0.0, rim - 0.07),
                    (1.2, rim - 0.12),
                    (3.0, rim - 0.24),
                    (3.0, rim),
                    (-3.0, rim),
                ],
                tension=0.3,
            ),
            stage.ground(Colour(0.86, 0.015, 240), 0.4),
        ),
    )
    stage.plane(0.15, stage.paint(bowl, stage.ground(Colour(0.40, 0.04, 262), 0.3)))
    tints = [
        stage.ground(Colour(lightness, chroma, hue), 0.22)
        for lightness, chroma, hue in (
            (0.66, 0.17, 28),
            (0.90, 0.02, 90),
            (0.60, 0.12, 250),
            (0.80, 0.13, 85),
            (0.36, 0.03, 40),
        )
    ]
    fans = [[Path()] for _ in tints]
    rows = 11
    for r in range(rows):
        share = r / rows
        n = 70
        for k in range(n):
            x = (k + 0.5 + 0.5 * (r % 2)) / n * 2 * (f.half + 0.35) - f.half - 0.35
            y = rim + 0.03 + (0.03 - rim) * share - 0.05 * (abs(x) / 1.2) ** 2 * (1 - share)
            tint = int(stage.rng.integers(len(tints)))
            if len(fans[tint][-1].commands) > 150:
                fans[tint].append(Path())
            w = 0.0075 + 0.003 * share
            fans[tint][-1].join(box(x - w / 2, y, w, w * 1.3))
    half = len(fans) // 2
    for group_no, some in enumerate((fans[:half], fans[half:])):
        group = Group()
        for tint, paths in enumerate(some):
            for path in paths:
                group.add(stage.paint(path, tints[tint + group_no * half]))
        # the bowl is far enough to be painted once; it is the flags and the game that move
        stage.plane(0.15, group)
    boards = [Path(), Path(), Path()]
    for k in range(-9, 10):
        boards[k % 3].join(box(k * 0.24, 0.065, 0.235, 0.045))
    stage.plane(
        0.4,
        *(
            stage.paint(path, stage.ground(c, 0.15))
            for path, c in zip(
                boards, (Colour(0.58, 0.16, 28), Colour(0.92, 0.01, 90), Colour(0.50, 0.13, 255)), strict=True
            )
        ),
    )
    for side in (-1.0, 1.0):
        x = side * f.half * 0.74
        heads = Path()
        for r in range(3):
            for c in range(5):
                heads.join(ellipse(x - 0.06 + 0.03 * c, rim - 0.30 + 0.03 * r, 0.011))
        stage.plane(
            0.16,
            stage.paint(box(x - 0.006, rim - 0.24, 0.012, 0.24), stage.ground(Colour(0.5, 0.02, 250), 0.4)),
            stage.paint(box(x - 0.08, rim - 0.325, 0.16, 0.095), stage.ground(Colour(0.4, 0.02, 250), 0.4)),
            stage.paint(heads, lit(0.97, 0.03, 100)),
            stage.glow(x, rim - 0.27, 0.20, lit(0.95, 0.04, 100), 0.6),
        )


def pitch(stage: Stage) -> None:
    f = stage.frame
    ground(Colour(0.60, 0.13, 138), top=0.105, far=0.2)(stage)
    for k in range(4):
        y0, y1 = 0.115 + (f.below - 0.1) * (k / 4) ** 1.5, 0.115 + (f.below - 0.1) * ((k + 0.5) / 4) ** 1.5
        stage.plane(
            0.0, stage.paint(box(-6.0, y0, 12.0, y1 - y0), stage.ground(Colour(0.64, 0.13, 136), 0.12).clear(0.6))
        )
    white = stage.ground(Colour(0.96, 0.005, 100), 0.05).clear(0.9)
    ring = Shape(ellipse(0.0, f.below * 0.68, 0.42, 0.085))
    ring.stroke(0.006, stage.tint(white).rgba)
    group = Group()
    group.add(ring)
    group.add(stage.paint(box(-4.0, 0.135, 8.0, 0.004), white))
    stage.scatter(0.92, base.period(stage) * 2, [(group, 0.0, 0.0)])


def spinning_wheel(stage: Stage) -> None:
    """A ferris wheel that turns, and a carousel of lights beside it."""
    x = s.away(stage) * stage.frame.half * 0.45
    pieces = o.ferris_wheel(stage)
    legs, wheel, cabins = pieces[0], pieces[1:3], pieces[3:]
    group, base_ = Group(), cut(stage, [legs], 0.3)
    for path, tone in wheel:
        group.add(stage.paint(path.moved(shift(0.0, 0.36)), stage.ground(tone, 0.3)))
    cars = [cut(stage, [(rounded(-0.026, 0.0, 0.052, 0.044, 0.014), tone)], 0.28) for _, tone in cabins]
    stage.canvas.add(base_)
    stage.canvas.add(group)
    for car in cars:
        stage.canvas.add(car)

    def move(view: View) -> None:
        grown = 1.35
        root = mul(stage.rolled(view, 0.4, base.period(stage) * 1.6), mul(shift(x, 0.09), scale(grown)))
        turn = view.t * 0.22
        cos, sin = math.cos(turn), math.sin(turn)
        base_.nudge(root)
        group.nudge(mul(root, (cos, sin, -sin, cos, 0.0, -0.36)))
        for k, car in enumerate(cars):
            a = math.tau * k / len(cars) + 0.2 + turn
            car.nudge(mul(root, shift(math.cos(a) * 0.27, -0.36 + math.sin(a) * 0.27)))

    stage.movers.append(move)


def rails(stage: Stage) -> None:
    """A platform's edge and the rails below it."""
    f = stage.frame
    stage.plane(0.0, stage.paint(box(-6.0, 0.10, 12.0, 1.2), stage.ground(Colour(0.52, 0.025, 60), 0.1)))
    for y in (0.135, 0.175):
        stage.plane(0.0, stage.paint(box(-6.0, y, 12.0, 0.007), stage.ground(Colour(0.80, 0.01, 250), 0.05)))
    top = f.below * 0.62
    stage.plane(
        0.0,
        stage.paint(box(-6.0, top - 0.05, 12.0, 0.06), stage.ground(Colour(0.50, 0.02, 80), 0.05)),
        stage.paint(box(-6.0, top, 12.0, 1.0), stage.ground(Colour(0.74, 0.02, 80), 0.05)),
        stage.paint(box(-6.0, top + 0.025, 12.0, 0.022), stage.ground(Colour(0.86, 0.15, 92), 0.05)),
    )
    flat = Path()
    for k in range(-12, 13):
        flat.join(
            polygon(
                [
                    (k * 0.2, top + 0.05),
                    (k * 0.2 + 0.003, top + 0.05),
                    (k * 0.26 + 0.005, f.below + 0.3),
                    (k * 0.26, f.below + 0.3),
                ]
            )
        )
    stage.plane(0.9, stage.paint(flat, stage.ground(Colour(0.66, 0.02, 80), 0.05)))


def station_roof(stage: Stage) -> None:
    f = stage.frame
    steel = Colour(0.40, 0.03, 230)
    roof = Path()
    for k in range(-2, 3):
        x = k * 0.62
        roof.join(box(x - 0.012, -f.above * 0.72, 0.024, f.above * 0.72 + 0.10))
        roof.join(ribbon([(x, -f.above * 0.5), (x - 0.14, -f.above * 0.74)], [0.014, 0.010])).join(
            ribbon([(x, -f.above * 0.5), (x + 0.14, -f.above * 0.74)], [0.014, 0.010])
        )
    glass = stage.ground(Colour(0.80, 0.04, 220), 0.3).clear(0.5)
    slats = Path()
    for k in range(-11, 12):
        slats.join(box(k * 0.14, -f.above * 0.98, 0.010, f.above * 0.24))
    stage.plane(
        0.45,
        stage.paint(box(-6.0, -f.above * 0.98, 12.0, f.above * 0.25), glass),
        stage.paint(slats, stage.ground(steel, 0.25)),
        stage.paint(box(-6.0, -f.above * 0.745, 12.0, 0.026), stage.ground(steel, 0.2)),
        stage.paint(roof, stage.ground(steel, 0.2)),
    )
    clock_x = s.away(stage) * f.half * 0.30
    hands = ribbon([(clock_x, -f.above * 0.52), (clock_x + 0.022, -f.above * 0.52 - 0.024)], [0.007, 0.004]).join(
        ribbon([(clock_x, -f.above * 0.52), (clock_x - 0.012, -f.above * 0.52 - 0.012)], [0.008, 0.006])
    )
    stage.plane(
        0.45,
        stage.paint(ellipse(clock_x, -f.above * 0.52, 0.060), stage.ground(steel, 0.1)),
        stage.paint(ellipse(clock_x, -f.above * 0.52, 0.051), lit(0.96, 0.03, 90)),
        stage.paint(hands, stage.palette.ink),
    )


def carriage(stage: Stage) -> tuple[Pieces, float]:
    tone = Colour(0.46, 0.12, 22)
    panes, doors = Path(), Path()
    for k in range(7):
        panes.join(rounded(-0.42 + 0.125 * k, -0.165, 0.09, 0.075, 0.008))
    doors.join(rounded(-0.485, -0.175, 0.05, 0.155, 0.006)).join(rounded(0.445, -0.175, 0.05, 0.155, 0.006))
    wheels = Path()
    for x in (-0.38, -0.28, 0.28, 0.38):
        wheels.join(ellipse(x, -0.010, 0.022))
    return [
        (wheels, Colour(0.24, 0.01, 260)),
        (rounded(-0.50, -0.215, 1.0, 0.20, 0.02), tone),
        (rounded(-0.50, -0.235, 1.0, 0.04, 0.02), Colour(0.86, 0.03, 85)),
        (panes, lit(0.90, 0.09, 82) if b.dark(stage) else Colour(0.62, 0.05, 230)),
        (doors, tone.lighter(-0.08)),
        (box(-0.50, -0.075, 1.0, 0.008), Colour(0.86, 0.08, 85)),
    ], 1.03


def runway(stage: Stage) -> None:
    """Far hangars, a tower, aircraft on the apron; lights along the edge."""
    f = stage.frame
    x = s.away(stage) * f.half * 0.62
    tower: Pieces = [
        (polygon([(-0.03, 0.0), (-0.02, -0.30), (0.02, -0.30), (0.03, 0.0)]), Colour(0.86, 0.01, 90)),
        (polygon([(-0.065, -0.30), (-0.085, -0.375), (0.085, -0.375), (0.065, -0.30)]), Colour(0.46, 0.06, 225)),
        (box(-0.09, -0.392, 0.18, 0.018), Colour(0.86, 0.01, 90)),
        (box(-0.002, -0.46, 0.004, 0.07), Colour(0.5, 0.02, 250)),
    ]
    stage.scatter(0.35, base.period(stage) * 1.6, [(cut(stage, tower, 0.3), x, 0.07)])
    plane: Pieces = [
        (
            smooth(
                [(-0.30, -0.095), (-0.22, -0.125), (0.22, -0.125), (0.31, -0.09), (0.24, -0.062), (-0.2, -0.066)],
                tension=0.3,
            ),
            Colour(0.95, 0.008, 90),
        ),
        (polygon([(-0.30, -0.10), (-0.345, -0.215), (-0.29, -0.215), (-0.20, -0.12)]), Colour(0.52, 0.15, 255)),
        (polygon([(0.04, -0.085), (-0.12, -0.020), (-0.06, -0.020), (0.12, -0.08)]), Colour(0.80, 0.01, 240)),
        (rounded(-0.03, -0.056, 0.075, 0.032, 0.014), Colour(0.56, 0.02, 250)),
        (box(-0.12, -0.065, 0.007, 0.055).join(box(0.21, -0.065, 0.007, 0.055)), Colour(0.35, 0.01, 260)),
        (box(-0.19, -0.108, 0.36, 0.008), Colour(0.45, 0.05, 240)),
    ]
    items: list[tuple[Paint, float, float]] = [
        (cut(stage, plane, 0.22), -s.away(stage) * f.half * 0.2 + k * 0.95, 0.10 + 0.015 * k) for k in range(-1, 2)
    ]
    stage.scatter(0.5, base.period(stage) * 1.6, items)


def castle_hill(stage: Stage) -> None:
    x = s.away(stage) * stage.frame.half * 0.40
    hill = smooth(
        [(x - 0.75, 0.09), (x - 0.42, -0.04), (x - 0.15, -0.10), (x + 0.2, -0.10), (x + 0.46, -0.03), (x + 0.8, 0.09)],
        tension=0.4,
    )
    length = base.period(stage) * 1.6
    stage.scatter(
        0.28,
        length,
        [
            (cut(stage, landmarks.castle(stage)[0], 0.40), x, -0.075),
            (stage.paint(hill, stage.ground(Colour(0.52, 0.10, 138), 0.48)), 0.0, 0.0),
        ],
    )


def torii_row(stage: Stage) -> None:
    """Gates one behind another along the path."""
    f = stage.frame
    x = s.away(stage) * f.half * 0.20
    for k in range(6):
        near = k / 5
        depth = 0.4 + 0.32 * near
        y = 0.095 + 0.075 * near**1.3
        gate = cut(
            stage,
            bigger(o.torii(0.26 + 0.42 * near**1.4)(stage), 1.0),
            0.5 * (1 - near) + 0.08,
            (x * (1.0 + 0.1 * near), y),
        )
        stage.plane(depth, gate)


def balustrade(stage: Stage) -> Pieces:
    stone = Colour(0.92, 0.012, 85)
    posts = Path()
    for k in range(5):
        x = -0.20 + 0.10 * k
        posts.join(rounded(x - 0.014, -0.115, 0.028, 0.115, 0.010))
    return [(box(-0.22, -0.085, 0.44, 0.016).join(box(-0.22, -0.02, 0.44, 0.02)), stone.lighter(-0.06)), (posts, stone)]


def fallen(stage: Stage) -> Pieces:
    stone = Colour(0.84, 0.025, 80)
    return [
        (rounded(-0.14, -0.075, 0.22, 0.075, 0.02), stone),
        (ellipse(0.08, -0.0375, 0.022, 0.0375), stone.lighter(-0.09)),
        (box(-0.13, -0.05, 0.2, 0.004).join(box(-0.13, -0.028, 0.2, 0.004)), stone.lighter(-0.07)),
    ]


def column_edge(stage: Stage, tall: float) -> Pieces:
    stone = Colour(0.84, 0.025, 80)
    flutes = Path()
    for k in range(4):
        flutes.join(box(-0.10 + 0.05 * k, -tall * 1.02, 0.012, tall * 1.05))
    return [
        (box(-0.13, -tall * 1.1, 0.30, tall * 1.2), stone),
        (flutes, stone.lighter(-0.1)),
        (box(-0.18, -0.06, 0.4, 0.12), stone.lighter(-0.04)),
    ]


def standing_train(stage: Stage) -> None:
    length = base.period(stage)
    count = max(2, math.ceil(length / 1.03))
    items: list[tuple[Paint, float, float]] = [
        (cut(stage, carriage(stage)[0], 0.2), (k - count / 2 + 0.5) * 1.03, 0.165) for k in range(count)
    ]
    stage.scatter(0.6, count * 1.03, items)


def grandstand(stage: Stage) -> None:
    f = stage.frame
    roof = stage.ground(Colour(0.86, 0.02, 240), 0.3)
    tints = [stage.ground(Colour(0.64, 0.16, hue), 0.3) for hue in (28, 90, 250, 145)]
    dots = [[Path()] for _ in tints]
    for r in range(7):
        for k in range(64):
            tint = int(stage.rng.integers(len(tints)))
            if len(dots[tint][-1].commands) > 120:
                dots[tint].append(Path())
            dots[tint][-1].join(box((k - 32) * 0.05 + 0.02 * (r % 2), -0.26 + 0.045 * r, 0.016, 0.02))
    stage.plane(
        0.16,
        stage.paint(box(-6.0, -0.30, 12.0, 0.42), stage.ground(Colour(0.46, 0.03, 260), 0.35)),
        *(stage.paint(path, tint) for tint, paths in zip(tints, dots, strict=True) for path in paths),
        stage.paint(polygon([(-6.0, -0.36), (6.0, -0.36), (6.0, -0.33), (-6.0, -0.33)]), roof),
    )
    pillars = Path()
    for k in range(-7, 8):
        pillars.join(box(k * 0.3, -0.34, 0.010, 0.44))
    stage.plane(
        0.16,
        stage.paint(pillars, roof.lighter(-0.1)),
        stage.paint(box(-6.0, 0.05, 12.0, 0.055), stage.ground(Colour(0.93, 0.01, 90), 0.2)),
    )
    del f


def kerb(stage: Stage) -> None:
    length = base.period(stage)
    items: list[tuple[Paint, float, float]] = []
    for k in range(20):
        tone = Colour(0.58, 0.20, 27) if k % 2 else Colour(0.95, 0.005, 90)
        w = length / 20
        x = -length / 2 + (k + 0.5) * w
        for y, thick in ((0.15, 0.016), (stage.frame.below * 0.95, 0.03)):
            stone = stage.paint(box(-w / 2, 0.0, w + 0.002, thick), stage.ground(tone, 0.08))
            items.append((stone, x, y))
    stage.scatter(0.9, length, items)


def tiled_pool(stage: Stage) -> None:
    f = stage.frame
    sheet = Shape(box(-6.0, 0.14, 12.0, f.below + 0.4))
    sheet.linear(
        0.0,
        0.14,
        0.0,
        f.below,
        [
            (0.0, stage.tint(stage.ground(Colour(0.84, 0.08, 205), 0.1)).rgba),
            (1.0, stage.tint(stage.ground(Colour(0.66, 0.12, 225), 0.0)).rgba),
        ],
    )
    stage.plane(0.0, stage.paint(box(-6.0, 0.125, 12.0, 0.02), stage.ground(Colour(0.96, 0.01, 90), 0.08)), sheet)
    lanes = Path()
    for k in range(-4, 5):
        lanes.join(
            polygon(
                [
                    (k * 0.25 - 0.005, 0.15),
                    (k * 0.25 + 0.005, 0.15),
                    (k * 0.62 + 0.02, f.below + 0.3),
                    (k * 0.62 - 0.02, f.below + 0.3),
                ]
            )
        )
    stage.plane(0.85, stage.paint(lanes, stage.ground(Colour(0.50, 0.12, 250), 0.1).clear(0.4)))
    water.glitter(stage, 0.15, f.below, 60, path_of_light=False)


def sunshade(stage: Stage) -> Pieces:
    tone = Colour(0.64, 0.18, stage.dawdle(0, 360))
    return [
        (box(-0.004, -0.22, 0.008, 0.22), Colour(0.9, 0.01, 90)),
        (
            smooth(
                [(-0.14, -0.19), (-0.08, -0.25), (0.0, -0.27), (0.08, -0.25), (0.14, -0.19), (0.0, -0.205)], tension=0.4
            ),
            tone,
        ),
        (
            smooth([(-0.05, -0.20), (-0.025, -0.255), (0.0, -0.27), (0.025, -0.255), (0.05, -0.20)], tension=0.4),
            Colour(0.95, 0.01, 90),
        ),
        (ribbon([(0.06, -0.03), (0.20, -0.03), (0.26, -0.09)], [0.018] * 3), Colour(0.9, 0.02, 80)),
    ]

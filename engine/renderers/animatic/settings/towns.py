"""Where people build, out of doors: streets, markets, harbours, temples, grounds. Layers from far to near."""

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
    wave,
)
from engine.renderers.animatic.settings import base, water
from engine.renderers.animatic.settings import buildings as b
from engine.renderers.animatic.settings import flora as p
from engine.renderers.animatic.settings import outdoor as o
from engine.renderers.animatic.settings import scenery as s
from engine.renderers.animatic.settings.base import Setting
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.kit import (
    Layer,
    bigger,
    blooms,
    crowd,
    cut,
    frame_with,
    furrows,
    grass,
    ground,
    hills,
    lamps,
    layers,
    lit,
    marks,
    nothing,
    peaks,
    place,
    plants,
    props,
    rocks,
    row,
    sky,
    smoke,
    standing,
    strip,
    tables,
    traffic,
    wood,
)  # fmt: skip
from engine.renderers.animatic.settings.land import GRASS, GRASS_FAR, SAND
from engine.renderers.animatic.stage import Stage, View

PAVING = Colour(0.74, 0.02, 75)
ASPHALT = Colour(0.46, 0.012, 270)
DUST = Colour(0.72, 0.07, 66)
GREY, BLUE, WARM, CREAM = (
    Colour(0.62, 0.02, 250),
    Colour(0.60, 0.05, 240),
    Colour(0.66, 0.06, 45),
    Colour(0.82, 0.04, 80),
)
PASTELS = (
    Colour(0.84, 0.07, 60),
    Colour(0.80, 0.08, 25),
    Colour(0.86, 0.07, 95),
    Colour(0.78, 0.06, 220),
    Colour(0.80, 0.06, 150),
    Colour(0.88, 0.02, 85),
)


def crossing(stage: Stage) -> None:
    """Lane marks and a zebra crossing."""
    f = stage.frame
    white = stage.ground(Colour(0.93, 0.01, 90), 0.08).clear(0.85)
    stripes = [Path(), Path()]
    top, bottom = f.below * 0.55, f.below * 0.92
    for k in range(-5, 6):
        x0, x1 = k * 0.16, k * 0.21
        stripes[k % 2].join(polygon([(x0 - 0.035, top), (x0 + 0.035, top), (x1 + 0.05, bottom), (x1 - 0.05, bottom)]))
    group = Group()
    for path in stripes:
        group.add(stage.paint(path, white))
    stage.scatter(0.95, base.period(stage) * 1.5, [(group, s.away(stage) * f.half * 0.3, 0.0)])
    dashes = Path()
    for k in range(-8, 9):
        dashes.join(box(k * 0.30, 0.155, 0.15, 0.006))
    stage.scatter(0.8, base.period(stage) * 2, [(stage.paint(dashes, white), 0.0, 0.0)])


def shop_row(stage: Stage) -> tuple[Pieces, float]:
    """A house of a city street by day: shop below, awning, windows above."""
    pieces, width = b.townhouse(*PASTELS, WARM, tall=0.62)(stage)
    tone = Colour(0.60, 0.15, stage.dawdle(0, 360))
    stripes = Path()
    for k in range(0, 7, 2):
        stripes.join(
            polygon(
                [
                    (-width * 0.42 + width * 0.12 * k, -0.165),
                    (-width * 0.42 + width * 0.12 * (k + 1), -0.165),
                    (-width * 0.45 + width * 0.128 * (k + 1), -0.12),
                    (-width * 0.45 + width * 0.128 * k, -0.12),
                ]
            )
        )
    shop: Pieces = [
        (
            box(-width * 0.44, -0.155, width * 0.88, 0.14),
            lit(0.90, 0.09, 82) if b.dark(stage) else Colour(0.50, 0.04, 225),
        ),
        (
            box(-0.012 - width * 0.2, -0.155, 0.008, 0.14).join(box(width * 0.2, -0.155, 0.008, 0.14)),
            tone.lighter(-0.2),
        ),
        (
            polygon([(-width * 0.42, -0.165), (width * 0.42, -0.165), (width * 0.46, -0.12), (-width * 0.46, -0.12)]),
            Colour(0.94, 0.02, 85),
        ),
        (stripes, tone),
    ]
    return [*pieces, *shop], width


def quay(stage: Stage) -> None:
    """Planks and bollards before the water."""
    length = base.period(stage)
    top = stage.frame.below * 0.45
    stage.plane(
        0.0,
        stage.paint(box(-6.0, top, 12.0, 1.0), stage.ground(Colour(0.58, 0.05, 65), 0.08)),
        stage.paint(box(-6.0, top, 12.0, 0.012), stage.ground(Colour(0.70, 0.05, 70), 0.08)),
    )
    furrows(Colour(0.46, 0.05, 60), 17, top + 0.012, 3.4, 0.35)(stage)
    bollard: Pieces = [
        (rounded(-0.022, -0.06, 0.044, 0.06, 0.008), Colour(0.30, 0.02, 260)),
        (rounded(-0.030, -0.068, 0.06, 0.018, 0.008), Colour(0.34, 0.02, 260)),
    ]
    items: list[tuple[Paint, float, float]] = [
        (cut(stage, bollard, 0.05), -length / 2 + (k + 0.5) * length / 4, top + 0.02) for k in range(4)
    ]
    stage.scatter(0.92, length, items)


def canal(top: float) -> Layer:
    def paint(stage: Stage) -> None:
        water.surface(stage, top, stage.frame.below + 0.4)
        water.glitter(stage, top + 0.01, stage.frame.below, 50, path_of_light=False)

    return paint


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


def parapet(stage: Stage) -> None:
    """The edge of a roof, and the roof we stand on."""
    brick = Colour(0.50, 0.075, 38)
    ground(Colour(0.50, 0.02, 60), top=0.16, far=0.12)(stage)
    stage.plane(
        0.0,
        stage.paint(box(-6.0, 0.085, 12.0, 0.085), stage.ground(brick, 0.12)),
        stage.paint(box(-6.0, 0.072, 12.0, 0.018), stage.ground(Colour(0.72, 0.02, 75), 0.12)),
    )
    joints = Path()
    for k in range(-16, 17):
        joints.join(box(k * 0.11, 0.092, 0.004, 0.032)).join(box(k * 0.11 + 0.055, 0.130, 0.004, 0.036))
    joints.join(box(-3.0, 0.126, 6.0, 0.004))
    stage.plane(0.6, stage.paint(joints, stage.ground(brick.lighter(-0.09), 0.12)))


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


def harbour_ships(stage: Stage) -> None:
    """Ships at their moorings, rocking a little, each over its dim image."""
    length = base.period(stage)
    hulls = (
        o.ship(Colour(0.42, 0.11, 28), 0.34),
        o.fishing_boat,
        o.ship(Colour(0.40, 0.07, 250), 0.26),
        o.fishing_boat,
        o.fishing_boat,
    )
    made: list[tuple[Group, float, float, int]] = []
    for k, hull in enumerate(hulls):
        y = 0.085 + 0.022 * (k % 3)
        made.append(
            (cut(stage, hull(stage), 0.22), -length / 2 + (k + stage.dawdle(0.2, 0.8)) * length / len(hulls), y, k)
        )
    made.sort(key=lambda item: item[2])
    for group, *_ in made:
        stage.canvas.add(group)
    half = length / 2

    def move(view: View) -> None:
        root = stage.still(view, 0.6)
        for group, x, y, k in made:
            at = (x - view.travel * 0.6 + half) % length - half
            rock = 0.014 * wave(view.t / 4.3 + k * 0.37)
            group.nudge(mul(root, (1.0, rock, -rock, 1.0, at, y + 0.004 * wave(view.t / 3.1 + k * 0.21))))

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


def well_of_steps(stage: Stage) -> None:
    """Broad steps up to a hall."""
    stone = Colour(0.84, 0.018, 85)
    for k in range(4):
        y = 0.095 + 0.016 * k
        stage.plane(
            0.0, stage.paint(box(-6.0, y, 12.0, 0.018), stage.ground(stone.lighter(-0.03 * (k % 2)), 0.2 - 0.02 * k))
        )


def brick_walls(stage: Stage) -> None:
    """House walls on both sides, higher and darker as they come nearer."""
    f = stage.frame
    for side in (-1.0, 1.0):
        for k, (inner, tall, distance) in enumerate(((0.42, 0.86, 0.30), (0.70, 1.10, 0.12))):
            tone = stage.ground(Colour(0.54, 0.07, 40 + 12 * (side > 0)), distance)
            x = side * inner * f.half
            face = polygon(
                [
                    (side * 3.0, -f.above * tall - 0.3),
                    (x, -f.above * tall),
                    (x, 0.105 + 0.03 * k),
                    (side * 3.0, 0.16 + 0.1 * k),
                ]
            )
            courses = Path()
            for r in range(9):
                y = -f.above * tall + (0.1 + f.above * tall) * r / 9
                courses.join(
                    polygon(
                        [
                            (x, y),
                            (side * 3.0, y - 0.3 * (1 - r / 9)),
                            (side * 3.0, y + 0.006 - 0.3 * (1 - r / 9)),
                            (x, y + 0.004),
                        ]
                    )
                )
            stage.plane(0.5 + 0.12 * k, stage.paint(face, tone), stage.paint(courses, tone.lighter(-0.035)))


def alley_walls(stage: Stage) -> None:
    """Doors, windows and pipes on the walls of an alley; the walls lean towards the far end."""
    f = stage.frame
    for side in (-1.0, 1.0):
        for k, share in enumerate((0.62, 0.86)):
            x, grown = side * f.half * share, 0.8 + 0.5 * k
            window: Pieces = [
                (rounded(-0.05, -0.34, 0.10, 0.13, 0.006), lit(0.90, 0.11, 80) if k else Colour(0.40, 0.04, 250)),
                (box(-0.06, -0.21, 0.12, 0.014), Colour(0.70, 0.03, 70)),
                (rounded(-0.045, -0.16, 0.09, 0.18, 0.006), Colour(0.40, 0.09, 160 + 60 * k)),
                (box(0.085, -0.6, 0.012, 0.62), Colour(0.36, 0.02, 250)),
            ]
            stage.plane(0.62, cut(stage, bigger(window, grown), 0.16, (x, 0.10 + 0.08 * k)))
    stage.plane(0.62, stage.glow(s.away(stage) * f.half * 0.86, -0.12, 0.22, lit(0.86, 0.12, 75), 0.4))


def stall_edge(stage: Stage, tall: float) -> Pieces:
    return [(path.moved((1.9, 0.0, 0.0, 1.9, 0.12, 0.0)), colour) for path, colour in b.stall(stage)[0]]


def barrels(stage: Stage) -> Pieces:
    from engine.renderers.animatic.settings.furniture import barrel

    return [
        *barrel(stage),
        *((path.moved((0.85, 0.0, 0.0, 0.85, 0.13, 0.004)), colour) for path, colour in barrel(stage)),
    ]


def porch(stage: Stage, tall: float) -> Pieces:
    """A post and the roof of the porch that we look out from."""
    wood = Colour(0.44, 0.06, 55)
    return [
        (box(-0.05, -tall * 1.1, 0.06, tall * 1.2), wood),
        (ribbon([(-0.03, -tall * 0.72), (-0.26, -tall * 0.98)], [0.03, 0.03]), wood),
        (box(-0.9, -tall * 1.1, 1.6, tall * 0.10), wood.lighter(-0.04)),
        (box(-0.34, -tall * 0.26, 0.6, 0.028), wood),
    ]


def mooring(stage: Stage) -> Pieces:
    bands = Path()
    for k in range(4):
        bands.join(
            polygon(
                [
                    (-0.010, -0.05 - 0.07 * k),
                    (0.010, -0.065 - 0.07 * k),
                    (0.010, -0.10 - 0.07 * k),
                    (-0.010, -0.085 - 0.07 * k),
                ]
            )
        )
    return [
        (box(-0.010, -0.34, 0.020, 0.34), Colour(0.93, 0.02, 85)),
        (bands, Colour(0.52, 0.16, 25)),
        (ellipse(0.0, -0.35, 0.016), Colour(0.8, 0.12, 85)),
    ]


def deck(stage: Stage) -> None:
    """The walkway of a bridge, with a railing towards the water."""
    ground(Colour(0.60, 0.015, 260), top=0.17, far=0.12)(stage)
    length = base.period(stage)
    items: list[tuple[Paint, float, float]] = []
    for k in range(14):
        post: Pieces = [
            (box(-0.008, -0.12, 0.016, 0.12), Colour(0.52, 0.14, 35)),
            (
                box(-length / 28, -0.125, length / 14 + 0.002, 0.012).join(
                    box(-length / 28, -0.07, length / 14 + 0.002, 0.006)
                ),
                Colour(0.52, 0.14, 35),
            ),
        ]
        items.append((cut(stage, post, 0.12), -length / 2 + (k + 0.5) * length / 14, 0.185))
    stage.scatter(0.82, length, items)
    marks(Colour(0.80, 0.01, 90), 6, 0.2, alpha=0.4)(stage)


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
            (cut(stage, b.castle(stage)[0], 0.40), x, -0.075),
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


TOWNS = (
    Setting(
        "city",
        "noon",
        ASPHALT,
        layers(
            sky(3),
            row(0.12, 0.02, 0.72, (b.tower(0.52, 0.16, GREY, BLUE),)),
            row(0.28, 0.05, 0.45, (b.tower(0.44, 0.2, GREY, WARM, CREAM),)),
            row(0.5, 0.10, 0.2, (shop_row, shop_row, b.tower(0.6, 0.26, CREAM, WARM, BLUE))),
            ground(PAVING, top=0.095, far=0.2),
            strip(ASPHALT, 0.125, 2.0, distance=0.12),
            strip(Colour(0.82, 0.01, 80), 0.12, 0.128),
            crossing,
            props(0.62, 0.115, 4, o.street_lamp, 0.15),
            crowd(0.118, 9, 0.15, depth=0.62, walks=0.05),
            traffic(0.165, 6),
        ),
        layers(frame_with(s.bough(Colour(0.48, 0.11, 138), Colour(0.55, 0.12, 130)), both=False, shade=0.45)),
        stand=0.66,
        clouds=0.25,
    ),
    Setting(
        "alley",
        "dusk",
        PAVING,
        layers(
            row(0.2, 0.06, 0.6, (b.townhouse(*PASTELS, tall=0.5),)),
            brick_walls,
            ground(Colour(0.58, 0.03, 60), top=0.10, far=0.25),
            s.flagstones,
            alley_walls,
            lamps(0.62, 9, 0.7, tones=(Colour(0.84, 0.14, 78),), size=0.02),
        ),
        layers(nothing),
        stand=0.62,
        clouds=0.1,
    ),
    Setting(
        "market",
        "noon",
        PAVING,
        layers(
            sky(4),
            row(0.25, 0.05, 0.5, (b.townhouse(*PASTELS, tall=0.42), b.townhouse(*PASTELS, tall=0.5))),
            ground(PAVING, top=0.095, far=0.25),
            crowd(0.105, 12, 0.15, depth=0.5, walks=0.03),
            row(0.66, 0.135, 0.14, (b.stall,), 0.12),
            s.flagstones,
            crowd(0.185, 4, 0.20, depth=0.82, distance=0.16),
            lamps(
                0.66,
                14,
                0.8,
                tones=(Colour(0.72, 0.18, 28), Colour(0.86, 0.15, 92), Colour(0.62, 0.13, 200)),
                size=0.018,
            ),
        ),
        layers(frame_with(stall_edge, both=False, shade=0.4)),
        stand=0.66,
    ),
    Setting(
        "night market",
        "neon",
        ASPHALT,
        layers(
            row(0.2, 0.05, 0.5, (b.tower(0.5, 0.2, Colour(0.42, 0.05, 280)),)),
            ground(Colour(0.42, 0.03, 300), top=0.095, far=0.25),
            crowd(0.105, 12, 0.15, depth=0.5, walks=0.03),
            row(0.66, 0.135, 0.12, (b.stall,), 0.10),
            s.flagstones,
            smoke(0.5, 0.0, Colour(0.8, 0.02, 60), size=0.05, depth=0.7),
            crowd(0.185, 4, 0.20, depth=0.82, distance=0.16),
            lamps(0.56, 13, 0.75),
            lamps(0.78, 11, 0.9, tones=(Colour(0.62, 0.21, 28), Colour(0.84, 0.15, 80))),
        ),
        layers(nothing),
        stand=0.66,
        clouds=0.05,
    ),
    Setting(
        "old town",
        "golden",
        PAVING,
        layers(
            sky(4),
            place(0.16, 0.45, 0.03, lambda st: b.church(st)[0], 0.55),
            row(0.3, 0.06, 0.45, (b.townhouse(*PASTELS, tall=0.36),)),
            row(0.6, 0.115, 0.18, (b.townhouse(*PASTELS, tall=0.5), b.townhouse(*PASTELS, tall=0.56))),
            ground(PAVING, top=0.11, far=0.2),
            s.flagstones,
            props(0.72, 0.145, 3, o.street_lamp, 0.12),
            crowd(0.135, 5, 0.15, depth=0.66, walks=0.02),
        ),
        layers(nothing),
        stand=0.66,
    ),
    Setting(
        "square",
        "noon",
        PAVING,
        layers(
            sky(5),
            row(0.2, 0.04, 0.55, (b.townhouse(CREAM, *PASTELS, tall=0.34),)),
            place(0.3, 0.66, 0.06, lambda st: b.columns(6, 0.26)(st)[0], 0.42),
            ground(PAVING.lighter(0.05), top=0.085, far=0.25),
            s.flagstones,
            standing(0.62, 0.56, 0.135, lambda st: bigger(o.fountain(st), 1.7), 0.14),
            standing(0.7, -0.95, 0.16, o.statue, 0.12),
            crowd(0.115, 8, 0.13, depth=0.55, walks=0.03),
            props(0.75, 0.16, 2, o.bench, 0.1),
        ),
        layers(nothing),
        stand=0.66,
    ),
    Setting(
        "suburb",
        "golden",
        GRASS,
        layers(
            sky(5),
            wood(0.22, 0.03, 0.10, 0.55, pines=0.1, leaf=Colour(0.48, 0.09, 140)),
            ground(GRASS, top=0.085, far=0.25),
            row(
                0.55,
                0.115,
                0.2,
                (
                    b.cottage(),
                    b.cottage(Colour(0.44, 0.06, 255), Colour(0.86, 0.05, 200)),
                    b.cottage(Colour(0.42, 0.08, 25), Colour(0.90, 0.05, 95)),
                ),
                0.18,
            ),
            plants(0.6, 0.12, 0.26, 4, 0.2, p.broadleaf()),
            props(0.7, 0.14, 7, o.fence(Colour(0.95, 0.01, 90)), 0.14),
            strip(Colour(0.78, 0.015, 80), 0.165, 0.185),
            strip(ASPHALT, 0.185, 2.0),
            props(0.75, 0.15, 2, o.telegraph, 0.12),
        ),
        layers(nothing),
        stand=0.62,
    ),
    Setting(
        "gold rush town",
        "desert",
        DUST,
        layers(
            sky(3),
            peaks(0.08, 0.24, 0.0, 0.82, Colour(0.56, 0.06, 45), snow=False),
            tables(0.14, 0.12, 0.03, Colour(0.6, 0.1, 45), 0.7),
            hills(0.24, 0.07, 0.045, Colour(0.64, 0.07, 70), 0.5),
            ground(DUST, top=0.105, far=0.2),
            row(0.58, 0.12, 0.18, (b.falsefront,), 0.05),
            props(0.66, 0.14, 3, o.telegraph, 0.2),
            marks(DUST.lighter(-0.1), 9, 0.16),
            props(0.82, 0.20, 4, barrels, 0.08),
        ),
        layers(frame_with(porch, both=False, x=0.96, shade=0.55)),
        stand=0.62,
        clouds=0.2,
    ),
    Setting(
        "adobe town",
        "desert",
        SAND,
        layers(
            sky(1, alpha=0.3),
            hills(0.1, 0.08, 0.0, SAND, 0.75),
            place(0.2, 0.45, 0.04, lambda st: b.minaret(st)[0], 0.5),
            row(0.35, 0.07, 0.4, (b.adobe,), 0.01),
            ground(SAND, top=0.10, far=0.2),
            row(0.62, 0.13, 0.16, (b.adobe, b.adobe), 0.03),
            plants(0.7, 0.145, 0.34, 3, 0.14, p.palm()),
            marks(SAND.lighter(-0.1), 8, 0.17),
            crowd(0.15, 4, 0.16, depth=0.72, walks=0.02),
        ),
        layers(frame_with(s.palm_frame, both=False, shade=0.55)),
        stand=0.64,
        clouds=0.1,
    ),
    Setting(
        "harbour",
        "golden",
        Colour(0.58, 0.06, 220),
        layers(
            sky(5, low=0.2),
            hills(0.1, 0.10, 0.01, GRASS_FAR, 0.78),
            row(0.2, 0.03, 0.55, (b.townhouse(*PASTELS, tall=0.2),)),
            canal(0.045),
            place(0.4, 0.72, 0.075, o.gantry, 0.34),
            place(0.42, 1.12, 0.08, o.container_stack, 0.3),
            harbour_ships,
            quay,
        ),
        layers(nothing),
        stand=0.72,
    ),
    Setting(
        "canal town",
        "dawn",
        Colour(0.56, 0.05, 200),
        layers(
            sky(2),
            hills(0.12, 0.10, 0.01, GRASS_FAR, 0.78),
            row(0.3, 0.06, 0.48, (b.canal_house,), 0.0),
            row(0.55, 0.10, 0.22, (b.canal_house, b.canal_house), 0.03),
            strip(Colour(0.66, 0.02, 80), 0.098, 0.128, distance=0.2),
            canal(0.125),
            standing(0.62, 0.44, 0.15, o.hump_bridge(0.42), 0.16),
            plants(0.66, 0.12, 0.36, 3, 0.18, p.willow),
            s.boats,
            lamps(0.30, 12, 0.55, size=0.016),
        ),
        layers(frame_with(lambda st, tall: p.willow(tall * 1.1, st.rng), both=False, shade=0.5)),
        stand=0.5,
        water=True,
    ),
    Setting(
        "grand canal",
        "dusk",
        Colour(0.52, 0.07, 210),
        layers(
            sky(4),
            place(0.16, 0.3, 0.03, lambda st: b.minaret(st)[0], 0.55),
            row(0.3, 0.05, 0.48, (b.townhouse(*PASTELS, tall=0.36),)),
            row(0.55, 0.09, 0.22, (b.townhouse(*PASTELS, tall=0.48),)),
            strip(Colour(0.60, 0.03, 70), 0.085, 0.10, distance=0.2),
            canal(0.095),
            props(0.7, 0.16, 5, mooring, 0.14),
            props(0.75, 0.18, 3, o.gondola, 0.1, jitter=0.02),
        ),
        layers(nothing),
        stand=0.5,
        water=True,
    ),
    Setting(
        "bridge",
        "golden",
        ASPHALT,
        layers(
            sky(5, low=0.25),
            hills(0.1, 0.14, 0.01, GRASS_FAR, 0.78),
            row(0.14, 0.02, 0.7, (b.tower(0.22, 0.1, GREY, BLUE),)),
            canal(0.03),
            standing(0.45, 0.10, 0.05, lambda st: bigger(o.suspension_bridge(st), 1.15), 0.3),
            deck,
        ),
        layers(nothing),
        stand=0.74,
    ),
    Setting(
        "rooftop",
        "dusk",
        Colour(0.50, 0.02, 60),
        layers(
            sky(4),
            row(0.1, 0.06, 0.72, (b.tower(0.46, 0.15, GREY, BLUE),)),
            row(0.24, 0.10, 0.45, (b.tower(0.34, 0.18, GREY, WARM),)),
            row(0.4, 0.13, 0.28, (b.tower(0.22, 0.22, WARM, GREY),)),
            parapet,
            standing(0.66, 0.62, 0.175, lambda st: bigger(o.water_tank(st), 1.3), 0.1),
            standing(0.72, -0.98, 0.2, o.clothes_line, 0.08),
            standing(0.7, 1.12, 0.18, lambda st: bigger(o.chimney_pots(st), 1.3), 0.08),
        ),
        layers(nothing),
        stand=0.70,
    ),
    Setting(
        "castle",
        "dawn",
        GRASS,
        layers(
            sky(4),
            peaks(0.08, 0.24, 0.0, 0.84),
            hills(0.2, 0.10, 0.03, GRASS_FAR, 0.62),
            castle_hill,
            wood(0.42, 0.08, 0.09, 0.4, leaf=Colour(0.44, 0.085, 145)),
            ground(GRASS, top=0.10, far=0.28),
            s.path(Colour(0.76, 0.05, 75)),
            blooms(24, Colour(0.94, 0.03, 95), Colour(0.70, 0.15, 10)),
        ),
        layers(
            grass(GRASS, tall=0.08), frame_with(lambda st, tall: p.fir()(tall * 1.0, st.rng), both=False, shade=0.55)
        ),
    ),
    Setting(
        "temple",
        "dawn",
        PAVING,
        layers(
            sky(2),
            peaks(0.08, 0.26, 0.0, 0.84, Colour(0.48, 0.05, 190), snow=False),
            wood(0.2, 0.03, 0.14, 0.6, pines=0.7),
            standing(0.3, 0.95, 0.06, lambda st: b.pagoda(5, 0.52)(st)[0], 0.4),
            ground(Colour(0.80, 0.025, 82), top=0.09, far=0.22),
            well_of_steps,
            standing(0.5, 0.12, 0.10, lambda st: b.hall(0.95, 0.27, Colour(0.44, 0.05, 195))(st)[0], 0.22),
            s.flagstones,
            props(0.72, 0.155, 4, o.stone_lantern, 0.12),
            smoke(0.3, 0.10, Colour(0.9, 0.01, 240), size=0.025, depth=0.72),
            plants(0.66, 0.13, 0.42, 2, 0.18, p.blossom_tree(Colour(0.62, 0.16, 40)), p.fir()),
        ),
        layers(frame_with(s.bough(Colour(0.44, 0.09, 150), Colour(0.50, 0.10, 140)), shade=0.5)),
        stand=0.66,
    ),
    Setting(
        "shrine",
        "dawn",
        Colour(0.50, 0.06, 120),
        layers(
            s.hanging_mist(0.5),
            wood(0.16, 0.02, 0.40, 0.78, pines=0.9, mist=0.6),
            wood(0.3, 0.05, 0.36, 0.55, pines=0.9, mist=0.5),
            ground(Colour(0.50, 0.06, 115), top=0.085, far=0.3),
            s.path(Colour(0.74, 0.02, 80)),
            torii_row,
            props(0.75, 0.16, 4, o.stone_lantern, 0.12),
        ),
        layers(frame_with(lambda st, tall: p.fir()(tall * 1.15, st.rng), shade=0.6)),
    ),
    Setting(
        "palace",
        "noon",
        PAVING,
        layers(
            sky(4),
            hills(0.1, 0.12, 0.01, GRASS_FAR, 0.8),
            row(0.22, 0.04, 0.55, (b.hall(0.5, 0.12), b.hall(0.42, 0.10)), 0.1),
            ground(Colour(0.84, 0.02, 82), top=0.085, far=0.22),
            well_of_steps,
            standing(0.42, 0.18, 0.095, lambda st: b.hall(1.25, 0.30)(st)[0], 0.26),
            s.flagstones,
            props(0.75, 0.165, 4, balustrade, 0.1),
            lamps(0.70, 12, 0.8),
        ),
        layers(nothing),
        stand=0.70,
    ),
    Setting(
        "ruins",
        "golden",
        Colour(0.66, 0.07, 100),
        layers(
            sky(4),
            hills(0.12, 0.16, 0.01, GRASS_FAR, 0.78),
            plants(0.3, 0.05, 0.18, 6, 0.5, p.cypress),
            place(0.3, 0.9, 0.06, lambda st: b.columns(6, 0.28)(st)[0], 0.45),
            ground(Colour(0.64, 0.08, 105), top=0.085, far=0.28),
            standing(0.58, 0.42, 0.13, lambda st: b.columns(5, 0.44, broken=True)(st)[0], 0.18),
            rocks(Colour(0.84, 0.025, 80), 12, 0.15, 0.035),
            blooms(26, Colour(0.62, 0.20, 28), Colour(0.92, 0.04, 95)),
            props(0.82, 0.21, 2, fallen, 0.08),
        ),
        layers(grass(Colour(0.60, 0.09, 110), tall=0.10), frame_with(column_edge, both=False, shade=0.5)),
    ),
    Setting(
        "station",
        "golden",
        Colour(0.74, 0.02, 80),
        layers(
            sky(3),
            row(0.14, 0.02, 0.72, (b.tower(0.3, 0.14, GREY, WARM),)),
            row(0.34, 0.06, 0.4, (b.factory, b.townhouse(WARM, tall=0.28))),
            rails,
            standing_train,
            station_roof,
            props(0.85, 0.27, 2, o.bench, 0.06),
        ),
        layers(nothing),
        stand=0.86,
    ),
    Setting(
        "airport",
        "dusk",
        ASPHALT,
        layers(
            sky(4, low=0.2),
            hills(0.1, 0.07, 0.01, GRASS_FAR, 0.8),
            row(0.2, 0.035, 0.6, (b.factory, b.tower(0.12, 0.3, GREY, CREAM))),
            ground(Colour(0.60, 0.012, 260), top=0.06, far=0.3),
            runway,
            marks(Colour(0.86, 0.12, 92), 4, 0.17, alpha=0.8),
            furrows(Colour(0.90, 0.01, 90), 3, 0.16, 1.2, 0.4),
        ),
        layers(nothing),
        stand=0.66,
    ),
    Setting(
        "stadium",
        "blue",
        Colour(0.60, 0.13, 138),
        layers(stands, pitch, place(0.75, 0.75, 0.16, lambda st: bigger(o.goal(st), 1.25), 0.1)),
        layers(nothing),
        stand=0.64,
        clouds=0.2,
    ),
    Setting(
        "playground",
        "noon",
        GRASS,
        layers(
            sky(5),
            row(0.14, 0.02, 0.74, (b.tower(0.26, 0.16, *PASTELS),)),
            wood(0.28, 0.04, 0.09, 0.55, pines=0.1, leaf=Colour(0.5, 0.1, 138)),
            ground(GRASS, top=0.08, far=0.25),
            marks(Colour(0.84, 0.06, 80), 5, 0.12, alpha=0.5),
            standing(0.62, 0.55, 0.135, lambda st: bigger(o.slide(st), 1.35), 0.14),
            standing(0.66, -0.92, 0.15, lambda st: bigger(o.swings(st), 1.2), 0.12),
            plants(0.5, 0.09, 0.30, 4, 0.3, p.broadleaf()),
        ),
        layers(grass(GRASS, tall=0.06)),
        stand=0.62,
    ),
    Setting(
        "fairground",
        "dusk",
        Colour(0.60, 0.06, 70),
        layers(
            sky(3),
            wood(0.16, 0.02, 0.08, 0.7, pines=0.2),
            spinning_wheel,
            ground(Colour(0.62, 0.06, 70), top=0.085, far=0.25),
            standing(0.5, -0.75, 0.10, lambda st: bigger(o.circus_tent(st), 1.2), 0.24),
            crowd(0.11, 11, 0.14, depth=0.55, walks=0.03),
            row(0.68, 0.14, 0.14, (b.stall,), 0.35),
            lamps(
                0.60,
                18,
                0.8,
                tones=(Colour(0.84, 0.15, 85), Colour(0.70, 0.18, 20), Colour(0.70, 0.13, 220)),
                size=0.016,
            ),
        ),
        layers(nothing),
        stand=0.66,
    ),
    Setting(
        "construction site",
        "noon",
        DUST,
        layers(
            sky(4),
            row(0.14, 0.03, 0.7, (b.tower(0.34, 0.16, GREY, BLUE),)),
            ground(DUST, top=0.085, far=0.25),
            standing(0.4, 0.55, 0.10, o.scaffold, 0.26),
            standing(0.34, -0.8, 0.09, o.scaffold, 0.4),
            rocks(Colour(0.66, 0.04, 70), 16, 0.14, 0.035),
            props(0.75, 0.155, 6, o.fence(Colour(0.80, 0.15, 80), 0.3, 0.09), 0.1),
        ),
        layers(nothing),
        stand=0.64,
    ),
    Setting(
        "factory",
        "overcast",
        Colour(0.50, 0.02, 70),
        layers(
            sky(4),
            row(0.2, 0.04, 0.6, (b.factory,), 0.1),
            ground(Colour(0.52, 0.02, 70), top=0.085, far=0.25),
            row(0.5, 0.10, 0.24, (b.factory, b.tower(0.2, 0.4, WARM)), 0.1),
            smoke(0.4, -0.36, Colour(0.55, 0.01, 260), size=0.06, depth=0.5),
            smoke(0.85, -0.32, Colour(0.6, 0.01, 260), size=0.06, depth=0.45),
            props(0.7, 0.14, 3, o.container_stack, 0.12),
            strip(Colour(0.64, 0.02, 75), 0.2, 0.206),
        ),
        layers(nothing),
        stand=0.64,
    ),
    Setting(
        "racetrack",
        "noon",
        ASPHALT,
        layers(
            sky(4),
            grandstand,
            ground(GRASS, top=0.10, far=0.2),
            strip(ASPHALT, 0.15, 0.6),
            kerb,
            traffic(0.22, 4, depth=0.9, size=0.16, speed=0.9),
        ),
        layers(nothing),
        stand=0.68,
    ),
    Setting(
        "swimming pool",
        "noon",
        Colour(0.80, 0.07, 210),
        layers(
            sky(4),
            row(0.2, 0.03, 0.6, (b.tower(0.24, 0.3, *PASTELS),)),
            plants(0.4, 0.07, 0.34, 6, 0.34, p.palm()),
            ground(Colour(0.90, 0.02, 80), top=0.085, far=0.2),
            tiled_pool,
            props(0.6, 0.115, 5, sunshade, 0.18),
        ),
        layers(nothing),
        stand=0.55,
        water=True,
    ),
)

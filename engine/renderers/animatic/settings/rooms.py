"""Indoors as recipes: wall, floor, windows and what stands there. Far walls are painted once; what is nearer moves."""

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
    shift,
    smooth,
    wave,
)
from engine.renderers.animatic.settings import base
from engine.renderers.animatic.settings import buildings as b
from engine.renderers.animatic.settings import furniture as u
from engine.renderers.animatic.settings import outdoor as o
from engine.renderers.animatic.settings.base import Setting
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.interior import (
    WALL,
    away,
    boards,
    ceiling,
    outside,
    pendants,
    pieces_on_wall,
    table_edge,
    wall,
    window,
)
from engine.renderers.animatic.settings.kit import (
    Layer,
    Maker,
    bigger,
    crowd,
    cut,
    frame_with,
    glow,
    layers,
    lit,
    nothing,
    place,
    row,
)
from engine.renderers.animatic.settings.street import NEON
from engine.renderers.animatic.stage import Stage, View

CREAM = Colour(0.90, 0.035, 82)
OAK_FLOOR = Colour(0.60, 0.075, 60)


def stands(
    x: float, make: Maker, *, y: float = 0.115, size: float = 1.0, depth: float = WALL, distance: float = 0.12
) -> Layer:
    return place(depth, x, y, lambda st: bigger(make(st), size), distance)


def gallery_wall(stage: Stage) -> None:
    """Paintings of many manners, each under its own light."""
    f = stage.frame
    start = int(stage.rng.integers(7))
    x, k = -f.half - 0.5, 0
    while x < f.half + 0.6:
        w, h = stage.dawdle(0.17, 0.34), stage.dawdle(0.20, 0.34)
        x += w / 2
        y = -0.12 - h / 2 - stage.dawdle(-0.01, 0.02)
        r, g, b_, _ = stage.tint(Colour(0.99, 0.03, 90)).rgba
        cone = Shape(
            polygon(
                [(x - 0.03, y - 0.14), (x + 0.03, y - 0.14), (x + w * 0.62, y + h + 0.04), (x - w * 0.62, y + h + 0.04)]
            )
        )
        cone.linear(0.0, y - 0.14, 0.0, y + h, [(0.0, (r, g, b_, 90)), (1.0, (r, g, b_, 10))])
        stage.plane(
            WALL,
            cone,
            cut(stage, u.picture(w, h, start + k, gilt=k % 3 != 1), 0.04, (x, y)),
            stage.paint(rounded(x - 0.012, y - 0.155, 0.024, 0.03, 0.006), Colour(0.3, 0.02, 60)),
            stage.paint(
                box(x + w * 0.5 + 0.03, y + h - 0.03, 0.03, 0.022), stage.ground(Colour(0.97, 0.005, 90), 0.05)
            ),
        )
        x += w / 2 + stage.dawdle(0.10, 0.15)
        k += 1


def skeleton(stage: Stage) -> Pieces:
    """A great saurian's bones on a low stand."""
    bone = Colour(0.88, 0.04, 85)
    spine = ribbon(
        [(-0.62, -0.10), (-0.36, -0.22), (-0.08, -0.32), (0.16, -0.34), (0.30, -0.46), (0.37, -0.56)],
        [0.012, 0.020, 0.028, 0.028, 0.022, 0.020],
    )
    ribs, legs = Path(), Path()
    for k in range(8):
        x = -0.10 + 0.034 * k
        ribs.join(
            ribbon([(x, -0.32), (x + 0.022, -0.25), (x - 0.005, -0.17 - 0.006 * abs(k - 3))], [0.010, 0.009, 0.005])
        )
    for x, lean in ((-0.12, -0.03), (-0.06, 0.03), (0.15, -0.02), (0.19, 0.03)):
        legs.join(
            ribbon(
                [(x, -0.29), (x + lean + 0.02, -0.17), (x + lean, -0.04), (x + lean + 0.03, -0.035)],
                [0.026, 0.018, 0.014, 0.012],
            )
        )
    skull = smooth(
        [(0.34, -0.57), (0.40, -0.625), (0.50, -0.60), (0.56, -0.555), (0.48, -0.545), (0.40, -0.535)], tension=0.4
    )
    jaw = smooth([(0.39, -0.535), (0.47, -0.525), (0.54, -0.53), (0.46, -0.505)], tension=0.4)
    return [
        (box(-0.62, -0.035, 1.16, 0.04), Colour(0.34, 0.04, 50)),
        (legs, bone.lighter(-0.06)),
        (ribs, bone.lighter(-0.03)),
        (spine, bone),
        (skull.join(jaw), bone),
        (ellipse(0.435, -0.588, 0.014), Colour(0.3, 0.03, 50)),
    ]


def train_window(stage: Stage) -> None:
    """The world that passes a carriage's window, with lights of the carriage mirrored in the pane."""
    f = stage.frame
    sky = outside(stage)
    top, low = -f.above * 0.86, 0.06
    pane = Shape(box(-6.0, top, 12.0, low - top))
    pane.linear(0.0, top, 0.0, low, [(k / (len(sky) - 1), stage.tint(c).rgba) for k, c in enumerate(sky)])
    stage.plane(0.0, pane)
    haze = sky[-1]
    dark = sky[0].lightness < 0.5
    bands: list[tuple[Group, float, float]] = []
    for speed, tall, y, shade, lamp in (
        (0.05, 0.22, low, 0.66, 0.3),
        (0.16, 0.20, low + 0.01, 0.4, 0.5),
        (0.55, 0.12, low + 0.02, 0.15, 0.6),
    ):
        length = f.half * 2 + 1.4
        group = Group()
        for turn in (0.0, length):
            x = -length / 2
            number = 0
            while x < length / 2 - 0.06:
                w = (0.07, 0.12, 0.09, 0.16)[number % 4]
                h = tall * (0.5, 0.85, 0.62, 1.0, 0.45)[(number * 3) % 5]
                tone = Colour(0.38, 0.05, 265).towards(haze, shade)
                gable = polygon(
                    [
                        (x + turn, y),
                        (x + turn, y - h),
                        (x + turn + w / 2, y - h - (0.03 if number % 3 == 0 else 0.0)),
                        (x + turn + w, y - h),
                        (x + turn + w, y),
                    ]
                )
                group.add(stage.paint(gable, tone.lighter(0.02 * (number % 3 - 1))))
                panes = Path()
                for r in range(max(1, int(h / 0.045))):
                    if (number + r) % 3:
                        panes.join(box(x + turn + w * 0.2, y - h + 0.014 + 0.042 * r, w * 0.2, 0.018)).join(
                            box(x + turn + w * 0.58, y - h + 0.014 + 0.042 * r, w * 0.2, 0.018)
                        )
                group.add(
                    stage.paint(panes, Colour(0.90, 0.11, 82).towards(haze, shade * 0.5) if dark else tone.lighter(0.1))
                )
                x += w + 0.012
                number += 1
            if speed > 0.4:
                for k in range(4):
                    px = -length / 2 + (k + 0.5) * length / 4 + turn
                    group.add(stage.paint(box(px, top - 0.1, 0.014, low - top + 0.1), Colour(0.22, 0.03, 270)))
        stage.canvas.add(group)
        bands.append((group, speed, length))
        del lamp

    def move(view: View) -> None:
        root = stage.still(view, 0.4)
        for group, speed, length in bands:
            group.nudge(mul(root, shift(-((view.t * speed) % length), 0.0)))

    stage.movers.append(move)
    mirrored = Group()
    for k in range(-2, 3):
        mirrored.add(stage.paint(rounded(k * 0.52 - 0.16, top + 0.07, 0.32, 0.020, 0.01), Colour(0.96, 0.06, 85, 0.40)))
    ghost = u.train_seat(Colour(0.62, 0.10, 255))(stage)
    for x in (-1.2, -0.2, 0.8):
        for path, tone in ghost:
            mirrored.add(stage.paint(path.moved((1.3, 0.0, 0.0, 1.3, x * 0.7, low + 0.06)), tone.clear(0.24)))
    face: Pieces = [
        (ellipse(0.0, -0.33, 0.050, 0.062), Colour(0.80, 0.06, 55, 0.32)),
        (
            smooth(
                [
                    (-0.056, -0.31),
                    (-0.054, -0.39),
                    (0.0, -0.415),
                    (0.054, -0.39),
                    (0.056, -0.31),
                    (0.035, -0.36),
                    (-0.035, -0.36),
                ],
                tension=0.4,
            ),
            Colour(0.24, 0.03, 40, 0.42),
        ),
        (
            smooth([(-0.13, low), (-0.11, -0.20), (0.0, -0.27), (0.11, -0.20), (0.13, low)], tension=0.35),
            Colour(0.46, 0.10, 20, 0.34),
        ),
    ]
    for path, tone in face:
        mirrored.add(stage.paint(path.moved((1.25, 0.0, 0.0, 1.25, away(stage) * f.half * 0.40, 0.0)), tone))
    streaks_ = Path()
    for k in range(3):
        streaks_.join(
            polygon([(-0.9 + 0.7 * k, top), (-0.8 + 0.7 * k, top), (-1.0 + 0.7 * k, low), (-1.1 + 0.7 * k, low)])
        )
    mirrored.add(stage.paint(streaks_, Colour(0.98, 0.01, 220, 0.07)))
    stage.add(mirrored, lambda view: mirrored.nudge(stage.still(view, 0.55)))


def carriage_walls(stage: Stage) -> None:
    """What frames the windows: posts, sill, luggage rack, lamps."""
    f = stage.frame
    top = -f.above * 0.86
    panel = stage.ground(Colour(0.86, 0.025, 85), 0.05)
    paints: list[Paint] = [
        stage.paint(box(-6.0, top - 3.0, 12.0, 3.0), panel),
        stage.paint(box(-6.0, 0.055, 12.0, 2.0), panel.lighter(-0.06)),
        stage.paint(box(-6.0, 0.045, 12.0, 0.022), panel.lighter(0.05)),
    ]
    posts = Path()
    for k in range(-3, 4):
        posts.join(rounded(k * 1.02 - 0.51 - 0.045, top - 0.02, 0.09, 0.12 - top, 0.02))
    paints += [
        stage.paint(posts, panel),
        stage.paint(box(-6.0, top + 0.03, 12.0, 0.008), stage.ground(Colour(0.6, 0.01, 250), 0.05)),
    ]
    bags = Path()
    for k in range(-3, 4):
        bags.join(rounded(k * 0.44 + 0.1, top - 0.045, 0.16 + 0.05 * (k % 2), 0.072, 0.014))
    paints.append(stage.paint(bags, stage.ground(Colour(0.50, 0.09, 40), 0.05)))
    stage.plane(0.6, *paints)


def straps(stage: Stage) -> None:
    f = stage.frame
    length = base.period(stage)
    items: list[tuple[Paint, float, float]] = []
    for k in range(9):
        ring: Pieces = [
            (box(-0.004, -0.02, 0.008, 0.09), Colour(0.86, 0.02, 80)),
            (
                polygon([(-0.028, 0.115), (0.0, 0.065), (0.028, 0.115), (0.018, 0.115), (0.0, 0.085), (-0.018, 0.115)]),
                Colour(0.94, 0.01, 90),
            ),
        ]
        items.append((cut(stage, ring, 0.05), -length / 2 + (k + 0.5) * length / 9, -f.above * 0.96))
    stage.scatter(0.9, length, items, sway=0.08)


def dance_floor(stage: Stage) -> None:
    """Coloured squares that change slowly, each at its own time; nothing of it flashes."""
    f = stage.frame
    top = 0.12
    stage.plane(0.0, stage.paint(box(-6.0, 0.10, 12.0, 2.0), stage.ground(Colour(0.24, 0.05, 300), 0.0)))
    group = Group()
    tiles: list[tuple[Shape, float]] = []
    rows, cols = 5, 9
    bottom = f.below + 0.04
    for r in range(rows):
        y0, y1 = (top + (bottom - top) * (k / rows) ** 1.5 for k in (r, r + 1))
        w0, w1 = 0.17 + 0.30 * (r / rows) ** 1.3, 0.17 + 0.30 * ((r + 1) / rows) ** 1.3
        for c in range(cols):
            k = c - cols / 2
            quad = polygon(
                [
                    (k * w0 + 0.004, y0 + 0.003),
                    ((k + 1) * w0 - 0.004, y0 + 0.003),
                    ((k + 1) * w1 - 0.006, y1 - 0.003),
                    (k * w1 + 0.006, y1 - 0.003),
                ]
            )
            tone = NEON[(r * 2 + c * 3) % len(NEON)]
            shape = stage.paint(quad, tone)
            group.add(shape)
            tiles.append((shape, float(stage.rng.random())))
    stage.canvas.add(group)

    def move(view: View) -> None:
        group.nudge(stage.still(view, 0.95))
        for shape, phase in tiles:
            shape.fade(0.42 + 0.28 * wave(view.t / 2.6 + phase))

    stage.movers.append(move)


def mirror_ball(stage: Stage) -> None:
    """The ball, its beams, and the flecks of light that wander over the walls."""
    f = stage.frame
    x, y, r = away(stage) * f.half * 0.06, -f.above * 0.74, 0.085
    beams = Group()
    rays: list[tuple[Shape, float, int]] = []
    for k in range(6):
        tone = NEON[k % len(NEON)]
        red, green, blue, _ = stage.tint(tone).rgba
        ray = Shape(polygon([(-0.012, 0.0), (0.012, 0.0), (0.16, 1.35), (-0.16, 1.35)]), (red, green, blue, 40))
        beams.add(ray)
        rays.append((ray, (k - 2.5) * 0.36, k))
    stage.canvas.add(beams)
    flecks = Group()
    dots: list[tuple[Shape, float, float, float]] = []
    for k in range(46):
        seen = stage.tint((lit(0.95, 0.04, 90), NEON[k % len(NEON)])[k % 2].clear(0.62)).rgba
        shape = Shape(ellipse(0.0, 0.0, 0.012, 0.009), seen)
        flecks.add(shape)
        dots.append(
            (shape, stage.dawdle(-1, 1) * f.half * 1.2, -f.above * stage.dawdle(0.05, 0.98), stage.dawdle(0.6, 1.3))
        )
    stage.canvas.add(flecks)
    ball = Group()
    ball.add(stage.paint(box(x - 0.002, -f.above - 0.5, 0.004, f.above + 0.5 + y - r), Colour(0.6, 0.02, 280)))
    globe = Shape(ellipse(x, y, r))
    globe.linear(
        x - r,
        y - r,
        x + r,
        y + r,
        [
            (0.0, stage.tint(Colour(0.97, 0.02, 250)).rgba),
            (0.5, stage.tint(Colour(0.72, 0.08, 320)).rgba),
            (1.0, stage.tint(Colour(0.36, 0.09, 290)).rgba),
        ],
    )
    ball.add(globe)
    facets = Path()
    for k in range(-3, 4):
        h = r * math.sin(k * 0.42)
        w = math.sqrt(max(0.0, r * r - h * h))
        facets.join(box(x - w, y + h - 0.0012, w * 2, 0.0024))
        facets.join(ribbon([(x + h, y - w), (x + h * 1.15, y), (x + h, y + w)], [0.0022] * 3))
    ball.add(stage.paint(facets, Colour(0.30, 0.05, 290, 0.7)))
    stage.add(ball, lambda view: ball.nudge(stage.still(view, 0.6)))

    def move(view: View) -> None:
        root = stage.still(view, 0.5)
        for ray, lean, k in rays:
            turn = lean + 0.22 * wave(view.t / (6.0 + k) + k * 0.31)
            cos, sin = math.cos(turn), math.sin(turn)
            ray.place(mul(root, (cos, sin, -sin, cos, x, y)))
        wide = f.half * 2.4
        for shape, at, level, pace in dots:
            seen = (at + 0.09 * pace * view.t + wide / 2) % wide - wide / 2
            shape.place(mul(root, shift(seen, level)))

    stage.movers.append(move)


def spotlights(stage: Stage) -> None:
    """Beams from above that meet where the lead stands."""
    f = stage.frame
    group = Group()
    beams: list[tuple[Shape, float, int]] = []
    target = stage.reserved[0] * 0.8
    for k, (x, hue) in enumerate(((-0.75, 60), (0.0, 90), (0.75, 320))):
        r, g, b_, _ = stage.tint(Colour(0.93, 0.07, hue)).rgba
        beam = Shape(polygon([(-0.025, 0.0), (0.025, 0.0), (0.22, 1.0), (-0.22, 1.0)]), (r, g, b_, 34))
        group.add(beam)
        beams.append((beam, x * f.half, k))
    pool = Shape(ellipse(0.0, 0.0, 0.34, 0.062), (*stage.tint(Colour(0.95, 0.06, 85)).rgba[:3], 70))
    group.add(pool)
    stage.canvas.add(group)
    foot = f.below * 0.62

    def move(view: View) -> None:
        root = stage.still(view, 0.9)
        for beam, x, k in beams:
            aim = target + 0.05 * wave(view.t / 7 + k * 0.33)
            high = -f.above * 1.05
            beam.place(mul(root, (1.0, 0.0, (aim - x), foot - high, x, high)))
        pool.place(mul(root, shift(target, foot)))

    stage.movers.append(move)


def audience(stage: Stage) -> None:
    """Heads before the lens."""
    f = stage.frame
    length = base.period(stage)
    tone = stage.palette.ink.towards(stage.palette.haze, 0.06)
    items: list[tuple[Paint, float, float]] = []
    for r in range(2):
        for k in range(11):
            s = 0.075 + 0.02 * r
            head = ellipse(0.0, -s * 1.1, s * 0.62, s * 0.78).join(
                smooth(
                    [
                        (-s * 1.25, 0.3),
                        (-s * 1.1, -s * 0.05),
                        (-s * 0.4, -s * 0.38),
                        (s * 0.4, -s * 0.38),
                        (s * 1.1, -s * 0.05),
                        (s * 1.25, 0.3),
                    ],
                    tension=0.3,
                )
            )
            items.append(
                (
                    stage.paint(head, tone.lighter(0.03 * (1 - r))),
                    -length / 2 + (k + 0.5 * r + stage.dawdle(0.2, 0.8)) * length / 11,
                    f.below - 0.015 + 0.05 * r,
                )
            )
    stage.scatter(1.15, length, items, sway=0.015)


def aquarium_tank(stage: Stage) -> None:
    """A wall of glass with a sea behind it: rays of light, fish in shoals, weed."""
    f = stage.frame
    top = -f.above * 0.92
    tank = Shape(box(-6.0, top, 12.0, 0.10 - top))
    tank.linear(
        0.0,
        top,
        0.0,
        0.1,
        [
            (0.0, stage.tint(Colour(0.80, 0.10, 205)).rgba),
            (0.5, stage.tint(Colour(0.60, 0.12, 225)).rgba),
            (1.0, stage.tint(Colour(0.38, 0.10, 245)).rgba),
        ],
    )
    stage.plane(0.0, tank)
    weeds = Path()
    for _ in range(16):
        x, h = stage.dawdle(-1, 1) * (f.half + 0.3), stage.dawdle(0.08, 0.30)
        weeds.join(ribbon([(x, 0.10), (x + 0.02, 0.10 - h * 0.5), (x - 0.015, 0.10 - h)], [0.022, 0.016, 0.004]))
    stage.plane(0.3, stage.paint(weeds, Colour(0.40, 0.09, 170)))
    group = Group()
    fish: list[tuple[Group, float, float, float, float]] = []
    for k in range(18):
        s = stage.dawdle(0.022, 0.05) * (2.4 if k == 0 else 1.0)
        tone = (
            (Colour(0.76, 0.16, 60), Colour(0.84, 0.14, 92), Colour(0.66, 0.12, 250), Colour(0.72, 0.15, 20))[k % 4]
            if k
            else Colour(0.46, 0.06, 240)
        )
        body = smooth(
            [(s, 0.0), (s * 0.3, -s * 0.42), (-s * 0.6, -s * 0.16), (-s * 0.6, s * 0.16), (s * 0.3, s * 0.42)]
        ).join(polygon([(-s * 0.5, 0.0), (-s * 1.1, -s * 0.36), (-s * 0.95, 0.0), (-s * 1.1, s * 0.36)]))
        one = Group()
        one.add(stage.paint(body, tone))
        one.add(stage.paint(ellipse(s * 0.62, -s * 0.08, s * 0.08), Colour(0.15, 0.02, 260)))
        group.add(one)
        fish.append(
            (
                one,
                stage.dawdle(-1.2, 1.2) * f.half,
                top + (0.04 - top) * stage.dawdle(0.12, 0.9),
                (1 if k % 3 else -1) * stage.dawdle(0.03, 0.09),
                float(stage.rng.random()),
            )
        )
    stage.canvas.add(group)
    wide = f.half * 2 + 0.6

    def move(view: View) -> None:
        root = stage.still(view, 0.4)
        for one, x, y, pace, phase in fish:
            at = (x + pace * view.t + wide / 2) % wide - wide / 2
            one.place(
                mul(
                    root,
                    (
                        math.copysign(1.0, pace),
                        0.0,
                        0.05 * wave(view.t * 1.4 + phase),
                        1.0,
                        at,
                        y + 0.012 * wave(view.t / 3 + phase),
                    ),
                )
            )

    stage.movers.append(move)
    posts = Path()
    for k in range(-3, 4):
        posts.join(box(k * 0.66 - 0.012, top - 0.2, 0.024, 0.32 - top))
    dark = stage.ground(Colour(0.26, 0.03, 260), 0.05)
    stage.plane(
        0.5,
        stage.paint(box(-6.0, top - 2.0, 12.0, 2.0), dark),
        stage.paint(posts, dark),
        stage.paint(box(-6.0, 0.08, 12.0, 0.03), dark),
    )


def gothic(stage: Stage) -> None:
    """A nave: pillars that run together, pointed arches, coloured glass."""
    f = stage.frame
    stone = Colour(0.66, 0.025, 75)
    for k in range(-3, 4):
        x = k * 0.46
        w, h = 0.16, f.above * 0.62
        stage.plane(WALL, cut(stage, u.stained_glass(w, h), 0.1, (x, -f.above * 0.80)))
        shaft = polygon(
            [
                (x + 0.23 - 0.03, 0.11),
                (x + 0.23 - 0.022, -f.above * 0.72),
                (x + 0.23 + 0.022, -f.above * 0.72),
                (x + 0.23 + 0.03, 0.11),
            ]
        )
        shaft.join(
            ribbon(
                [(x + 0.23, -f.above * 0.70), (x + 0.12, -f.above * 0.92), (x, -f.above * 1.02)], [0.03, 0.022, 0.02]
            )
        ).join(
            ribbon(
                [(x + 0.23, -f.above * 0.70), (x + 0.34, -f.above * 0.92), (x + 0.46, -f.above * 1.02)],
                [0.03, 0.022, 0.02],
            )
        )
        stage.plane(
            WALL,
            stage.paint(shaft, stage.ground(stone, 0.1)),
            stage.paint(box(x + 0.23 - 0.042, 0.07, 0.084, 0.045), stage.ground(stone.lighter(-0.08), 0.1)),
        )
        r, g, b_, _ = stage.tint(Colour(0.80, 0.11, (262, 88, 27)[k % 3])).rgba
        ray = Shape(
            polygon(
                [
                    (x - w / 2, -f.above * 0.7),
                    (x + w / 2, -f.above * 0.7),
                    (x + 0.34, f.below * 0.8),
                    (x + 0.02, f.below * 0.8),
                ]
            )
        )
        ray.linear(0.0, -f.above * 0.7, 0.0, f.below * 0.8, [(0.0, (r, g, b_, 42)), (1.0, (r, g, b_, 0))])
        stage.plane(WALL, ray)


def hull_window(stage: Stage) -> None:
    """The great window of a spaceship: stars, and a planet below."""
    f = stage.frame
    top = -f.above * 0.86
    pane = Shape(box(-6.0, top - 0.1, 12.0, 0.2 - top))
    pane.linear(
        0.0,
        top,
        0.0,
        0.1,
        [(0.0, stage.tint(Colour(0.12, 0.05, 285)).rgba), (1.0, stage.tint(Colour(0.22, 0.09, 300)).rgba)],
    )
    stars = [Path(), Path(), Path(), Path()]
    for k in range(90):
        s = stage.dawdle(0.0008, 0.0024)
        stars[k % 4].join(
            ellipse(stage.dawdle(-1, 1) * (f.half + 0.3), top + (0.08 - top) * float(stage.rng.random()), s)
        )
    x = away(stage) * f.half * 0.42
    globe = Shape(ellipse(x, 0.30, 0.46))
    globe.linear(
        x - 0.3,
        -0.15,
        x + 0.35,
        0.4,
        [
            (0.0, stage.tint(Colour(0.80, 0.10, 210)).rgba),
            (0.5, stage.tint(Colour(0.55, 0.13, 245)).rgba),
            (1.0, stage.tint(Colour(0.18, 0.06, 280)).rgba),
        ],
    )
    land = Path()
    for k, (dx, dy, s) in enumerate(((-0.16, 0.06, 0.12), (0.08, -0.06, 0.09), (0.14, 0.12, 0.07))):
        land.join(
            smooth(
                [
                    (x + dx + math.cos(a) * s * (1 + 0.3 * math.sin(a * 3 + k)), 0.08 + dy + math.sin(a) * s * 0.5)
                    for a in (0.0, 0.8, 1.6, 2.4, 3.2, 4.0, 4.8, 5.6)
                ]
            )
        )
    stage.plane(
        0.1,
        pane,
        *(stage.paint(star, Colour(0.96, 0.03, 230)) for star in stars),
        stage.glow(x, 0.30, 0.56, Colour(0.66, 0.12, 225), 0.45),
        globe,
        stage.paint(land, Colour(0.72, 0.09, 140)),
    )
    steel = stage.ground(Colour(0.46, 0.025, 255), 0.1)
    ribs = Path()
    for k in range(-3, 4):
        ribs.join(
            polygon(
                [
                    (k * 0.42 - 0.012, top - 0.05),
                    (k * 0.42 + 0.012, top - 0.05),
                    (k * 0.50 + 0.016, 0.11),
                    (k * 0.50 - 0.016, 0.11),
                ]
            )
        )
    lights = Path()
    for k in range(-12, 13):
        lights.join(rounded(k * 0.15 - 0.04, top - 0.055, 0.08, 0.014, 0.006))
    stage.plane(
        WALL,
        stage.paint(box(-6.0, top - 2.0, 12.0, 2.0), steel),
        stage.paint(ribs, steel.lighter(-0.06)),
        stage.paint(box(-6.0, 0.05, 12.0, 0.06), steel),
        stage.paint(lights, lit(0.90, 0.07, 210)),
    )


def glasshouse(stage: Stage) -> None:
    """Iron and glass, with the sky behind."""
    f = stage.frame
    sky = outside(stage)
    pane = Shape(box(-6.0, -f.above - 0.5, 12.0, f.above + 0.62))
    pane.linear(
        0.0, -f.above, 0.0, 0.1, [(k / (len(sky) - 1), stage.tint(c.lighter(0.04)).rgba) for k, c in enumerate(sky)]
    )
    bars = [Path(), Path()]
    for k in range(-9, 10):
        bars[0].join(box(k * 0.17 - 0.004, -f.above * 0.55, 0.008, f.above * 0.55 + 0.1))
        bars[1].join(
            ribbon([(k * 0.17, -f.above * 0.55), (k * 0.14, -f.above * 0.85), (k * 0.10, -f.above * 1.1)], [0.008] * 3)
        )
    for y in (0.55, 0.30, 0.05):
        bars[0].join(box(-6.0, -f.above * y - 0.005, 12.0, 0.010))
    stage.plane(0.0, pane, *(stage.paint(bar, stage.ground(Colour(0.93, 0.01, 120), 0.2)) for bar in bars))


def ring_ropes(stage: Stage) -> None:
    f = stage.frame
    for k in range(3):
        y = 0.02 - 0.075 * k
        stage.plane(
            0.55,
            stage.paint(
                box(-6.0, y, 12.0, 0.010),
                stage.ground((Colour(0.58, 0.2, 27), Colour(0.94, 0.01, 90), Colour(0.50, 0.14, 258))[k], 0.1),
            ),
        )
    for side in (-1.0, 1.0):
        stage.plane(
            0.6,
            stage.paint(box(side * f.half * 0.92 - 0.02, -0.17, 0.04, 0.34), stage.ground(Colour(0.58, 0.2, 27), 0.1)),
        )


def escalator_tiles(stage: Stage) -> None:
    """A tiled wall with a sign, as under ground."""
    f = stage.frame
    grid = [Path(), Path()]
    for k in range(-16, 17):
        grid[k % 2].join(box(k * 0.12, -f.above, 0.003, f.above + 0.1))
    for k in range(8):
        grid[k % 2].join(box(-3.0, 0.06 - 0.08 * k, 6.0, 0.003))
    stage.plane(
        WALL,
        *(stage.paint(g, stage.ground(Colour(0.76, 0.02, 200), 0.1)) for g in grid),
        stage.paint(box(-6.0, -f.above * 0.56, 12.0, 0.05), stage.ground(Colour(0.52, 0.14, 255), 0.1)),
    )
    x = away(stage) * f.half * 0.35
    sign: Pieces = [
        (rounded(-0.17, -0.045, 0.34, 0.10, 0.008), Colour(0.95, 0.005, 90)),
        (ellipse(-0.10, 0.005, 0.036), Colour(0.58, 0.2, 27)),
        (box(-0.04, -0.018, 0.17, 0.016).join(box(-0.04, 0.010, 0.12, 0.010)), Colour(0.25, 0.02, 260)),
    ]
    stage.plane(WALL, cut(stage, sign, 0.05, (x, -f.above * 0.54)))


def metro_train(stage: Stage) -> None:
    length = 2.1
    coach: Pieces = [
        (rounded(-1.0, -0.36, 2.0, 0.36, 0.03), Colour(0.80, 0.015, 240)),
        (box(-1.0, -0.11, 2.0, 0.035), Colour(0.52, 0.14, 255)),
    ]
    panes, doors = Path(), Path()
    for k in range(5):
        panes.join(rounded(-0.90 + 0.40 * k, -0.29, 0.15, 0.13, 0.014))
        doors.join(
            rounded(-0.715 + 0.40 * k, -0.31, 0.075, 0.29, 0.008).join(
                rounded(-0.635 + 0.40 * k, -0.31, 0.075, 0.29, 0.008)
            )
        )
    coach += [(panes, lit(0.93, 0.06, 90)), (doors, Colour(0.62, 0.02, 240))]
    items: list[tuple[Paint, float, float]] = [(cut(stage, coach, 0.12), (k - 0.5) * length, 0.13) for k in range(2)]
    stage.scatter(0.6, length * 2, items)


def valance(stage: Stage) -> None:
    """The border of cloth above a stage."""
    f = stage.frame
    cloth = stage.ground(Colour(0.42, 0.17, 22), 0.0)
    scallops = [Path(), Path()]
    for k in range(-8, 9):
        x = k * 0.26
        scallops[k % 2].join(
            smooth(
                [
                    (x - 0.14, -f.above - 0.4),
                    (x + 0.14, -f.above - 0.4),
                    (x + 0.13, -f.above + 0.05),
                    (x, -f.above + 0.115),
                    (x - 0.13, -f.above + 0.05),
                ],
                tension=0.35,
            )
        )
    stage.plane(1.15, stage.paint(scallops[0], cloth), stage.paint(scallops[1], cloth.lighter(0.04)))


def truss(stage: Stage) -> None:
    f = stage.frame
    bars, lamps = Path(), Path()
    y = -f.above * 0.84
    bars.join(box(-6.0, y, 12.0, 0.010)).join(box(-6.0, y + 0.06, 12.0, 0.010))
    for k in range(-14, 15):
        bars.join(ribbon([(k * 0.12, y), (k * 0.12 + 0.06, y + 0.065), (k * 0.12 + 0.12, y)], [0.006] * 3))
    for k in range(-4, 5):
        lamps.join(
            polygon(
                [
                    (k * 0.34 - 0.026, y + 0.07),
                    (k * 0.34 + 0.026, y + 0.07),
                    (k * 0.34 + 0.036, y + 0.125),
                    (k * 0.34 - 0.036, y + 0.125),
                ]
            )
        )
    stage.plane(WALL, stage.paint(bars, Colour(0.46, 0.02, 280)), stage.paint(lamps, lit(0.95, 0.08, 85)))


def platform_edge(stage: Stage) -> None:
    stage.plane(
        0.0,
        stage.paint(box(-6.0, 0.135, 12.0, 0.02), stage.ground(Colour(0.4, 0.01, 250), 0.05)),
        stage.paint(box(-6.0, 0.16, 12.0, 0.018), stage.ground(Colour(0.86, 0.16, 92), 0.05)),
    )


def carpet(stage: Stage) -> None:
    f = stage.frame
    x = away(stage) * f.half * 0.28
    cloth = polygon(
        [(x - 0.10, 0.115), (x + 0.10, 0.115), (x * 0.55 + 0.42, f.below + 0.3), (x * 0.55 - 0.42, f.below + 0.3)]
    )
    rim = polygon(
        [(x - 0.115, 0.115), (x + 0.115, 0.115), (x * 0.55 + 0.47, f.below + 0.3), (x * 0.55 - 0.47, f.below + 0.3)]
    )
    stage.plane(
        0.55,
        stage.paint(rim, stage.ground(Colour(0.78, 0.13, 82), 0.05)),
        stage.paint(cloth, stage.ground(Colour(0.46, 0.18, 24), 0.05)),
    )


def stone_blocks(stage: Stage) -> None:
    f = stage.frame
    joints = [Path(), Path(), Path()]
    for r in range(9):
        y = 0.10 - 0.085 * r
        joints[r % 3].join(box(-3.0, y, 6.0, 0.005))
        for k in range(-12, 13):
            joints[r % 3].join(box(k * 0.2 + 0.1 * (r % 2), y - 0.085, 0.005, 0.085))
    stage.plane(WALL, *(stage.paint(j, stage.ground(Colour(0.34, 0.02, 60), 0.1)) for j in joints))
    del f


def torches(stage: Stage) -> None:
    """Fire in brackets on the wall; it licks, and its light breathes."""
    f = stage.frame
    for k, x in enumerate((-0.62, 0.66)):
        at = (x * f.half, -f.above * 0.42)
        stage.plane(WALL, stage.glow(*at, 0.30, lit(0.76, 0.15, 58), 0.6))
        stage.plane(
            WALL,
            cut(
                stage,
                [
                    (ribbon([(0.0, 0.12), (0.0, 0.0)], [0.016, 0.028]), Colour(0.34, 0.05, 50)),
                    (box(-0.02, 0.03, 0.04, 0.012), Colour(0.3, 0.01, 250)),
                ],
                0.05,
                at,
            ),
        )
        flame = cut(stage, bigger(o.campfire(stage)[:2], 0.8), 0.0)

        def move(view: View, flame: Group = flame, at: tuple[float, float] = at, k: int = k) -> None:
            tall = 1.0 + 0.12 * wave(view.t * 1.2 + k * 0.4)
            flame.place(
                mul(
                    stage.still(view, WALL),
                    mul(shift(at[0], at[1] + 0.02), (1.0, 0.0, -0.1 * wave(view.t * 0.9 + k), tall, 0.0, 0.0)),
                )
            )

        stage.add(flame, move)


def shrub(stage: Stage) -> Pieces:
    from engine.renderers.animatic.settings.flora import broad_leaves, bush

    plant = bush(blossom=Colour(0.70, 0.18, stage.dawdle(-20, 60))) if stage.rng.random() < 0.5 else broad_leaves()
    return plant(stage.dawdle(0.14, 0.24), stage.rng)


def palm_pot(stage: Stage) -> Pieces:
    from engine.renderers.animatic.settings.flora import palm

    return palm()(stage.dawdle(0.36, 0.5), stage.rng)


def leafy(stage: Stage, tall: float) -> Pieces:
    from engine.renderers.animatic.settings.scenery import great_leaves

    return great_leaves(stage, tall * 0.8)


ROOMS = (
    Setting(
        "kitchen",
        "indoors",
        OAK_FLOOR,
        layers(
            wall(CREAM),
            window(0.72, 0.88, 0.30, 0.42, view="hills"),
            boards(Colour(0.84, 0.03, 60), kind="tiles", skirting=Colour(0.5, 0.05, 185)),
            stands(-0.35, u.kitchen_units, size=1.12),
            stands(1.02, u.fridge, size=1.1),
            pendants(2, 0.30, lit(0.95, 0.08, 85), glow=0.2),
        ),
        table_edge(Colour(0.60, 0.08, 60)),
        indoors=True,
        horizon=0.62,
        stand=0.62,
        clouds=0.0,
    ),
    Setting(
        "bedroom",
        "lamp",
        OAK_FLOOR,
        layers(
            wall(Colour(0.66, 0.06, 265), papered=Colour(0.72, 0.05, 265)),
            window(0.78, 0.84, 0.36, 0.56, view="city", curtain=Colour(0.58, 0.10, 300)),
            pieces_on_wall(-0.5, 0.74, u.picture(0.24, 0.18, 5)),
            boards(OAK_FLOOR, skirting=CREAM),
            stands(0.30, u.bed(), y=0.15, size=1.15),
            stands(-0.9, u.bookshelf(0.34, 0.42), y=0.115),
            stands(-0.38, u.potted),
            glow(-0.05, -0.14, 0.2, lit(0.9, 0.11, 75), 0.5, depth=0.5),
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.68,
        clouds=0.0,
    ),
    Setting(
        "classroom",
        "indoors",
        OAK_FLOOR,
        layers(
            wall(Colour(0.90, 0.04, 105), dado=Colour(0.62, 0.06, 170)),
            pieces_on_wall(0.0, 0.82, u.blackboard(0.84, 0.30), calm=False),
            window(-0.95, 0.84, 0.30, 0.56, bars=2),
            window(1.1, 0.84, 0.30, 0.56, bars=2),
            boards(OAK_FLOOR.lighter(0.08), skirting=Colour(0.5, 0.05, 60)),
            row(0.66, 0.175, 0.1, (lambda st: (u.desk(0.26)(st), 0.30),), 0.10),
        ),
        layers(row(1.12, 0.36, 0.0, (lambda st: (bigger(u.desk(0.26)(st), 1.6), 0.48),), 0.3)),
        indoors=True,
        horizon=0.62,
        stand=0.60,
        clouds=0.0,
    ),
    Setting(
        "library",
        "lamp",
        OAK_FLOOR,
        layers(
            wall(Colour(0.54, 0.06, 60)),
            row(
                WALL,
                0.11,
                0.16,
                (lambda st: (u.bookshelf(0.46, 0.66)(st), 0.49), lambda st: (u.bookshelf(0.38, 0.66)(st), 0.41)),
                0.0,
            ),
            window(0.28, 0.96, 0.30, 0.50, arched=True, frame=Colour(0.40, 0.05, 50)),
            boards(Colour(0.50, 0.08, 48)),
            stands(0.56, u.table(0.5, 0.19, Colour(0.42, 0.07, 45)), y=0.17),
            stands(
                0.56,
                lambda st: [
                    (rounded(-0.05, -0.28, 0.10, 0.05, 0.02), lit(0.72, 0.12, 150)),
                    (box(-0.004, -0.24, 0.008, 0.04), Colour(0.76, 0.12, 82)),
                    (box(0.10, -0.22, 0.09, 0.016).join(box(0.11, -0.236, 0.07, 0.016)), Colour(0.5, 0.13, 25)),
                ],
                y=0.17,
            ),
            glow(0.56, -0.06, 0.2, lit(0.90, 0.1, 90), 0.5),
            pendants(3, 0.26, lit(0.93, 0.11, 78)),
        ),
        frame_with(lambda st, tall: u.bookshelf(0.42, tall * 1.05)(st), both=False, x=1.02, shade=0.55),
        indoors=True,
        horizon=0.62,
        stand=0.66,
        clouds=0.0,
    ),
    Setting(
        "office",
        "indoors",
        Colour(0.62, 0.02, 250),
        layers(
            wall(Colour(0.90, 0.012, 230)),
            window(-0.15, 0.90, 1.7, 0.66, view="city", bars=5, frame=Colour(0.5, 0.015, 250)),
            boards(Colour(0.56, 0.03, 250), kind="bare"),
            ceiling(Colour(0.95, 0.006, 230), drop=0.06),
            row(0.66, 0.17, 0.1, (lambda st: (u.desk(0.30, screen=True)(st), 0.36),), 0.16),
            stands(1.05, u.potted, size=1.4),
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.70,
        clouds=0.0,
    ),
    Setting(
        "cafe",
        "lamp",
        OAK_FLOOR,
        layers(
            wall(Colour(0.62, 0.07, 45), dado=Colour(0.40, 0.06, 50)),
            window(0.55, 0.86, 0.62, 0.62, view="city", bars=3, frame=Colour(0.30, 0.03, 50)),
            pieces_on_wall(
                -0.42,
                0.80,
                [
                    (rounded(-0.17, 0.0, 0.34, 0.24, 0.006), Colour(0.28, 0.02, 150)),
                    (
                        box(-0.13, 0.03, 0.20, 0.014)
                        .join(box(-0.13, 0.07, 0.26, 0.008))
                        .join(box(-0.13, 0.10, 0.22, 0.008))
                        .join(box(-0.13, 0.13, 0.25, 0.008))
                        .join(box(-0.13, 0.16, 0.18, 0.008)),
                        Colour(0.92, 0.03, 90),
                    ),
                ],
            ),
            boards(OAK_FLOOR, kind="boards"),
            stands(-0.8, u.bar, size=0.8, y=0.12),
            stands(0.45, u.laid_table(Colour(0.86, 0.05, 25)), y=0.17, depth=0.66),
            stands(1.05, u.laid_table(Colour(0.86, 0.05, 25)), y=0.16, depth=0.62),
            pendants(4, 0.32, lit(0.95, 0.11, 78)),
        ),
        table_edge(Colour(0.44, 0.07, 48)),
        indoors=True,
        horizon=0.62,
        stand=0.66,
        clouds=0.0,
    ),
    Setting(
        "restaurant",
        "lamp",
        Colour(0.44, 0.10, 25),
        layers(
            wall(Colour(0.46, 0.10, 22), papered=Colour(0.52, 0.11, 24), dado=Colour(0.32, 0.05, 40)),
            pieces_on_wall(0.3, 0.76, u.picture(0.26, 0.20, 0)),
            pieces_on_wall(-0.75, 0.76, u.picture(0.20, 0.24, 2)),
            boards(Colour(0.42, 0.09, 28), kind="bare"),
            row(0.62, 0.165, 0.1, (lambda st: (u.laid_table()(st), 0.62),), 0.16),
            crowd(0.15, 4, 0.22, depth=0.58, distance=0.14),
            pendants(4, 0.28, lit(0.95, 0.12, 75), glow=0.5),
        ),
        table_edge(Colour(0.92, 0.01, 85)),
        indoors=True,
        horizon=0.62,
        stand=0.68,
        clouds=0.0,
    ),
    Setting(
        "bar",
        "neon",
        Colour(0.34, 0.05, 40),
        layers(
            wall(Colour(0.34, 0.06, 320)),
            stands(0.25, u.bar, size=1.12, y=0.13),
            pieces_on_wall(
                -0.72,
                0.78,
                [
                    (rounded(-0.14, 0.0, 0.28, 0.13, 0.05), Colour(0.22, 0.04, 300)),
                    (
                        ribbon([(-0.10, 0.09), (-0.07, 0.03), (-0.04, 0.09), (-0.01, 0.03)], [0.009] * 4),
                        lit(0.80, 0.18, 350),
                    ),
                    (
                        ribbon([(0.03, 0.09), (0.03, 0.035), (0.08, 0.035), (0.08, 0.09), (0.03, 0.09)], [0.009] * 5),
                        lit(0.86, 0.13, 200),
                    ),
                ],
            ),
            boards(Colour(0.36, 0.05, 40)),
            glow(-0.72, -0.36, 0.24, lit(0.7, 0.2, 345), 0.5),
            pendants(4, 0.30, lit(0.95, 0.12, 72)),
        ),
        table_edge(Colour(0.30, 0.05, 45)),
        indoors=True,
        horizon=0.62,
        stand=0.66,
        clouds=0.0,
    ),
    Setting(
        "gallery",
        "indoors",
        OAK_FLOOR,
        layers(
            wall(Colour(0.93, 0.012, 85)),
            gallery_wall,
            ceiling(Colour(0.97, 0.005, 90), drop=0.06),
            boards(Colour(0.70, 0.06, 68), skirting=Colour(0.98, 0.005, 90)),
            stands(0.72, u.plinth(0), y=0.17, depth=0.66, size=1.15),
            stands(-1.05, u.plinth(2), y=0.16, depth=0.62),
            stands(
                0.05,
                lambda st: [
                    (box(-0.22, -0.07, 0.44, 0.03), Colour(0.30, 0.02, 60)),
                    (box(-0.19, -0.045, 0.02, 0.045).join(box(0.17, -0.045, 0.02, 0.045)), Colour(0.5, 0.01, 250)),
                ],
                y=0.2,
                depth=0.75,
            ),
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.70,
        clouds=0.0,
    ),
    Setting(
        "museum",
        "indoors",
        Colour(0.78, 0.02, 80),
        layers(
            wall(Colour(0.74, 0.035, 150)),
            window(-0.6, 0.98, 0.24, 0.5, arched=True),
            window(0.6, 0.98, 0.24, 0.5, arched=True),
            boards(Colour(0.80, 0.025, 80), kind="tiles"),
            stands(1.02, lambda st: b.columns(2, 0.6, roof=False)(st)[0], size=1.0),
            stands(0.30, skeleton, y=0.135, size=1.0, depth=0.6),
            stands(-0.9, u.plinth(1), y=0.16, depth=0.64, size=1.1),
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.72,
        clouds=0.0,
    ),
    Setting(
        "hospital",
        "clinic",
        Colour(0.80, 0.02, 190),
        layers(
            wall(Colour(0.93, 0.015, 195), dado=Colour(0.80, 0.045, 190)),
            window(-0.42, 0.84, 0.40, 0.5, bars=2, view="city"),
            boards(Colour(0.84, 0.02, 200), kind="tiles"),
            ceiling(Colour(0.97, 0.005, 200), drop=0.05),
            stands(0.42, u.hospital_bed, y=0.15, size=1.1, depth=0.58),
            stands(
                1.1,
                lambda st: [
                    (
                        smooth(
                            [
                                (-0.14, -0.62),
                                (0.14, -0.62),
                                (0.16, 0.0),
                                (0.07, -0.02),
                                (0.0, 0.0),
                                (-0.07, -0.02),
                                (-0.16, 0.0),
                            ],
                            tension=0.2,
                        ),
                        Colour(0.78, 0.07, 170),
                    ),
                    (box(-0.2, -0.64, 0.4, 0.012), Colour(0.7, 0.01, 250)),
                ],
                y=0.11,
            ),
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.70,
        clouds=0.0,
    ),
    Setting(
        "workshop",
        "lamp",
        Colour(0.52, 0.05, 60),
        layers(
            wall(Colour(0.58, 0.05, 55)),
            pieces_on_wall(-0.35, 0.72, bigger(u.tool_wall(), 1.2)),
            window(0.7, 0.84, 0.34, 0.44, bars=3),
            boards(Colour(0.54, 0.05, 60)),
            stands(-0.2, u.workbench, y=0.14, size=1.15),
            stands(1.05, u.barrel, size=1.5),
            stands(
                0.62,
                lambda st: [
                    (
                        ribbon([(-0.07, 0.0), (0.07, 0.0)], [0.02] * 2).join(
                            polygon(
                                [
                                    (-0.09, -0.14),
                                    (0.09, -0.14),
                                    (0.03, -0.10),
                                    (0.035, -0.05),
                                    (0.06, 0.0),
                                    (-0.06, 0.0),
                                    (-0.035, -0.05),
                                    (-0.03, -0.10),
                                ]
                            )
                        ),
                        Colour(0.34, 0.015, 260),
                    )
                ],
                y=0.16,
                depth=0.62,
                size=1.2,
            ),
            pendants(2, 0.30, lit(0.95, 0.12, 76), glow=0.5),
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.68,
        clouds=0.0,
    ),
    Setting(
        "theatre",
        "spot",
        Colour(0.48, 0.07, 50),
        layers(
            wall(Colour(0.30, 0.06, 285)),
            place(0.3, 0.35, 0.06, lambda st: b.castle(st)[0], 0.5),
            boards(Colour(0.54, 0.08, 52), kind="boards"),
            spotlights,
        ),
        layers(frame_with(u.stage_curtains(), shade=0.18, x=0.98), valance, audience),
        indoors=True,
        horizon=0.62,
        stand=0.56,
        clouds=0.0,
    ),
    Setting(
        "concert",
        "spot",
        Colour(0.30, 0.05, 300),
        layers(
            wall(Colour(0.22, 0.08, 300)),
            boards(Colour(0.30, 0.05, 300), kind="bare"),
            stands(0.95, u.loudspeaker, size=1.5, y=0.12),
            stands(-0.95, u.loudspeaker, size=1.5, y=0.12),
            stands(0.45, u.loudspeaker, y=0.11),
            truss,
            spotlights,
        ),
        audience,
        indoors=True,
        horizon=0.62,
        stand=0.50,
        clouds=0.0,
    ),
    Setting(
        "disco",
        "disco",
        Colour(0.26, 0.06, 300),
        layers(
            wall(Colour(0.27, 0.10, 305)),
            stands(1.02, u.loudspeaker, size=1.4, y=0.12),
            stands(-1.02, u.loudspeaker, size=1.4, y=0.12),
            crowd(0.12, 9, 0.20, depth=0.55, bob=0.022, distance=0.35),
            dance_floor,
            mirror_ball,
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.60,
        clouds=0.0,
    ),
    Setting(
        "train",
        "lamp",
        Colour(0.50, 0.04, 250),
        layers(
            train_window,
            carriage_walls,
            boards(Colour(0.46, 0.03, 255), top=0.16, kind="bare"),
            place(0.8, 0.95, 0.24, lambda st: bigger(u.train_seat()(st), 1.15), 0.06),
            place(0.8, -0.80, 0.24, lambda st: bigger(u.train_seat()(st), 1.15), 0.06),
            straps,
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.74,
        clouds=0.0,
    ),
    Setting(
        "subway",
        "clinic",
        Colour(0.66, 0.015, 240),
        layers(
            wall(Colour(0.90, 0.015, 200)),
            escalator_tiles,
            metro_train,
            boards(Colour(0.66, 0.015, 240), top=0.135, kind="tiles"),
            platform_edge,
            ceiling(Colour(0.56, 0.015, 240), drop=0.07, beams=True),
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.66,
        clouds=0.0,
    ),
    Setting(
        "church",
        "church",
        Colour(0.60, 0.025, 70),
        layers(
            wall(Colour(0.48, 0.03, 70)),
            gothic,
            boards(Colour(0.56, 0.025, 70), kind="tiles"),
            row(0.72, 0.185, 0.1, (lambda st: (u.pew(st), 0.46),), 0.06),
        ),
        layers(row(1.12, 0.40, 0.0, (lambda st: (bigger(u.pew(st), 1.5), 0.7),), 0.2)),
        indoors=True,
        horizon=0.62,
        stand=0.62,
        clouds=0.0,
    ),
    Setting(
        "shop",
        "clinic",
        Colour(0.84, 0.01, 200),
        layers(
            wall(Colour(0.93, 0.02, 140)),
            ceiling(Colour(0.96, 0.005, 200), drop=0.07),
            row(WALL, 0.11, 0.12, (lambda st: (u.goods_shelf(st), 0.72),), 0.05),
            boards(Colour(0.86, 0.012, 200), kind="tiles"),
            row(0.8, 0.22, 0.06, (lambda st: (u.goods_shelf(st), 0.72),), 0.9),
            pendants(4, 0.22, lit(0.97, 0.03, 100), glow=0.15),
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.70,
        clouds=0.0,
    ),
    Setting(
        "laboratory",
        "clinic",
        Colour(0.82, 0.015, 210),
        layers(
            wall(Colour(0.92, 0.015, 215)),
            window(0.8, 0.86, 0.36, 0.5, view="city"),
            boards(Colour(0.80, 0.015, 215), kind="tiles"),
            stands(-0.15, u.lab_bench, size=1.15, y=0.15),
            stands(1.0, u.goods_shelf, size=0.8, y=0.11),
            pieces_on_wall(
                -0.55,
                0.82,
                [
                    (rounded(-0.2, 0.0, 0.4, 0.2, 0.006), lit(0.42, 0.08, 230)),
                    (
                        ribbon(
                            [(-0.17, 0.14), (-0.1, 0.06), (-0.03, 0.12), (0.04, 0.04), (0.11, 0.1), (0.17, 0.05)],
                            [0.006] * 6,
                        ),
                        lit(0.86, 0.16, 150),
                    ),
                ],
            ),
        ),
        table_edge(Colour(0.7, 0.01, 230)),
        indoors=True,
        horizon=0.62,
        stand=0.66,
        clouds=0.0,
    ),
    Setting(
        "gym",
        "indoors",
        Colour(0.36, 0.02, 260),
        layers(
            wall(Colour(0.80, 0.03, 240), dado=Colour(0.55, 0.14, 28)),
            window(0.0, 0.92, 1.2, 0.36, bars=5, view="city"),
            boards(Colour(0.40, 0.02, 260), kind="tiles"),
            stands(0.42, u.weights, size=1.15, y=0.15, depth=0.62),
            stands(-0.85, u.weights, size=0.9, y=0.12),
            ring_ropes,
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.68,
        clouds=0.0,
    ),
    Setting(
        "throne room",
        "lamp",
        Colour(0.46, 0.04, 60),
        layers(
            wall(Colour(0.50, 0.035, 70)),
            window(-0.72, 0.98, 0.20, 0.66, arched=True, calm=False),
            window(0.72, 0.98, 0.20, 0.66, arched=True, calm=False),
            boards(Colour(0.60, 0.03, 70), kind="tiles"),
            carpet,
            stands(0.28, u.throne, size=1.2, y=0.125),
            stands(
                0.98,
                lambda st: [
                    (box(-0.10, -0.62, 0.2, 0.44), Colour(0.46, 0.17, 24)),
                    (polygon([(-0.10, -0.18), (0.10, -0.18), (0.0, -0.08)]), Colour(0.46, 0.17, 24)),
                    (ellipse(0.0, -0.42, 0.05), Colour(0.80, 0.13, 85)),
                ],
            ),
            stands(
                -0.45,
                lambda st: [
                    (box(-0.10, -0.62, 0.2, 0.44), Colour(0.46, 0.17, 24)),
                    (polygon([(-0.10, -0.18), (0.10, -0.18), (0.0, -0.08)]), Colour(0.46, 0.17, 24)),
                    (ellipse(0.0, -0.42, 0.05), Colour(0.80, 0.13, 85)),
                ],
            ),
        ),
        frame_with(lambda st, tall: b.columns(1, tall * 1.0, roof=False)(st)[0], shade=0.5, x=1.02),
        indoors=True,
        horizon=0.62,
        stand=0.70,
        clouds=0.0,
    ),
    Setting(
        "aquarium",
        "aquarium",
        Colour(0.24, 0.04, 250),
        layers(
            aquarium_tank, boards(Colour(0.28, 0.05, 245), kind="bare"), crowd(0.17, 4, 0.24, depth=0.7, distance=0.0)
        ),
        nothing,
        indoors=True,
        horizon=0.64,
        stand=0.66,
        clouds=0.0,
    ),
    Setting(
        "greenhouse",
        "indoors",
        Colour(0.62, 0.05, 70),
        layers(
            glasshouse,
            row(WALL, 0.10, 0.3, (lambda st: (shrub(st), 0.3), lambda st: (palm_pot(st), 0.34)), 0.0),
            boards(Colour(0.72, 0.04, 70), kind="tiles"),
            row(
                0.7,
                0.17,
                0.1,
                (lambda st: (bigger(u.potted(st), 1.1), 0.2), lambda st: (bigger(u.potted(st), 0.8), 0.16)),
                0.12,
            ),
        ),
        frame_with(leafy, shade=0.4),
        indoors=True,
        horizon=0.62,
        stand=0.70,
        clouds=0.0,
    ),
    Setting(
        "spaceship",
        "console",
        Colour(0.36, 0.03, 255),
        layers(
            hull_window,
            boards(Colour(0.34, 0.03, 258), kind="tiles"),
            stands(0.46, u.console, y=0.16, depth=0.64, size=1.0),
            stands(-0.78, u.console, y=0.16, depth=0.64, size=0.9),
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.70,
        clouds=0.0,
    ),
    Setting(
        "dungeon",
        "ember",
        Colour(0.36, 0.02, 60),
        layers(
            wall(Colour(0.44, 0.02, 60)),
            stone_blocks,
            boards(Colour(0.40, 0.02, 60), kind="tiles"),
            torches,
            stands(0.9, u.barrel, size=1.3, y=0.15),
            stands(
                0.3,
                lambda st: [
                    (rounded(-0.11, -0.36, 0.22, 0.38, 0.10), Colour(0.16, 0.02, 60)),
                    (
                        box(-0.07, -0.36, 0.010, 0.36)
                        .join(box(-0.025, -0.36, 0.010, 0.36))
                        .join(box(0.02, -0.36, 0.010, 0.36))
                        .join(box(0.065, -0.36, 0.010, 0.36))
                        .join(box(-0.11, -0.22, 0.22, 0.010)),
                        Colour(0.5, 0.01, 250),
                    ),
                ],
            ),
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.68,
        clouds=0.0,
    ),
)

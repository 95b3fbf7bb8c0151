"""Inside trains, metros and ships of space: windows with what goes by, seats' rows, tracks."""

import math

from engine.renderers.animatic.canvas import Group, Paint, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import (
    Path,
    box,
    ellipse,
    mul,
    polygon,
    rounded,
    shift,
    smooth,
)
from engine.renderers.animatic.settings import base, fixtures
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.interior import (
    WALL,
    away,
    outside,
)
from engine.renderers.animatic.settings.kit import (
    cut,
    lit,
)
from engine.renderers.animatic.stage import Stage, View


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
    ghost = fixtures.train_seat(Colour(0.62, 0.10, 255))(stage)
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


def platform_edge(stage: Stage) -> None:
    stage.plane(
        0.0,
        stage.paint(box(-6.0, 0.135, 12.0, 0.02), stage.ground(Colour(0.4, 0.01, 250), 0.05)),
        stage.paint(box(-6.0, 0.16, 12.0, 0.018), stage.ground(Colour(0.86, 0.16, 92), 0.05)),
    )

"""What only one or two rooms have: hung pictures, a skeleton, a tank, vaults, glass roofs, ropes, torches."""

import math

from engine.renderers.animatic.canvas import Group, Shape
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
from engine.renderers.animatic.settings import fixtures
from engine.renderers.animatic.settings import furniture as u
from engine.renderers.animatic.settings import outdoor as o
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.interior import (
    WALL,
    outside,
)
from engine.renderers.animatic.settings.kit import (
    bigger,
    cut,
    lit,
)
from engine.renderers.animatic.stage import Stage, View


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
        stage.plane(WALL, cut(stage, fixtures.stained_glass(w, h), 0.1, (x, -f.above * 0.80)))
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

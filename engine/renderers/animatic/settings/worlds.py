"""Beyond everyday places: other ground, the air, the deep."""

import math

import numpy as np

from engine.renderers.animatic.actors import nested
from engine.renderers.animatic.canvas import Group, Paint, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import Path, ellipse, mul, polygon, ribbon, scale, shift, smooth, wave
from engine.renderers.animatic.settings import base, crags, shores
from engine.renderers.animatic.settings import flora as p
from engine.renderers.animatic.settings import scenery as s
from engine.renderers.animatic.settings.base import Setting
from engine.renderers.animatic.settings.bustle import glow
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.kit import (
    Layer,
    bigger,
    cut,
    ground,
    hills,
    layers,
    lit,
    marks,
    nothing,
    peaks,
    plants,
    rocks,
    standing,
    tables,
)
from engine.renderers.animatic.stage import Stage, View

REGOLITH = Colour(0.74, 0.010, 80)
RUST = Colour(0.60, 0.12, 42)


def craters(tone: Colour, count: int = 11) -> Layer:
    def paint(stage: Stage) -> None:
        length = base.period(stage)
        items: list[tuple[Paint, float, float]] = []
        for _ in range(count):
            near = float(stage.rng.random()) ** 1.3
            w = (0.03 + 0.15 * near) * stage.dawdle(0.6, 1.3)
            rim: Pieces = [
                (ellipse(0.0, 0.0, w, w * 0.24), tone.lighter(0.08)),
                (ellipse(0.0, w * 0.02, w * 0.86, w * 0.18), tone.lighter(-0.20)),
                (ellipse(w * 0.10 * (-1 if stage.key.x > 0 else 1), w * 0.05, w * 0.66, w * 0.12), tone.lighter(-0.10)),
            ]
            items.append(
                (
                    cut(stage, rim, 0.2 * (1 - near)),
                    stage.dawdle(-length / 2, length / 2),
                    0.12 + (stage.frame.below * 0.98 - 0.12) * near,
                )
            )
        items.sort(key=lambda item: item[2])
        stage.scatter(0.95, length, items)

    return paint


def earthrise(stage: Stage) -> None:
    f = stage.frame
    x, y, r = s.away(stage) * f.half * 0.46, -f.above * 0.62, 0.15
    globe = Shape(ellipse(x, y, r))
    lx = math.copysign(r, stage.key.x)
    globe.linear(
        x + lx,
        y - r,
        x - lx,
        y + r,
        [
            (0.0, stage.tint(Colour(0.78, 0.11, 235)).rgba),
            (0.45, stage.tint(Colour(0.52, 0.15, 255)).rgba),
            (1.0, stage.tint(Colour(0.13, 0.05, 280)).rgba),
        ],
    )
    clouds_ = ribbon(
        [(x - r * 0.8, y - r * 0.2), (x - r * 0.2, y - r * 0.34), (x + r * 0.5, y - r * 0.16)], [0.006, 0.024, 0.006]
    ).join(ribbon([(x - r * 0.6, y + r * 0.3), (x, y + r * 0.16), (x + r * 0.7, y + r * 0.34)], [0.005, 0.022, 0.005]))
    land = smooth(
        [
            (x - r * 0.3, y - r * 0.6),
            (x + r * 0.2, y - r * 0.5),
            (x + r * 0.3, y - r * 0.05),
            (x, y + r * 0.15),
            (x - r * 0.35, y - r * 0.1),
        ]
    ).join(smooth([(x + r * 0.1, y + r * 0.35), (x + r * 0.45, y + r * 0.3), (x + r * 0.3, y + r * 0.7)]))
    stage.plane(
        0.05,
        stage.glow(x, y, r * 1.7, Colour(0.66, 0.12, 245), 0.35),
        globe,
        stage.paint(land, Colour(0.62, 0.10, 140, 0.85)),
        stage.paint(clouds_, Colour(0.97, 0.01, 230, 0.85)),
    )


def lander(stage: Stage) -> Pieces:
    gold, grey = Colour(0.76, 0.13, 80), Colour(0.78, 0.01, 250)
    legs = Path()
    for side in (-1.0, 1.0):
        legs.join(ribbon([(side * 0.07, -0.12), (side * 0.16, -0.01)], [0.010, 0.008])).join(
            ribbon([(side * 0.08, -0.06), (side * 0.13, -0.045)], [0.006] * 2)
        ).join(ellipse(side * 0.165, -0.005, 0.028, 0.008))
    dish = smooth([(0.05, -0.31), (0.11, -0.34), (0.12, -0.28)], tension=0.3)
    return [
        (legs, grey),
        (polygon([(-0.11, -0.05), (-0.12, -0.14), (-0.08, -0.17), (0.08, -0.17), (0.12, -0.14), (0.11, -0.05)]), gold),
        (polygon([(-0.08, -0.17), (-0.10, -0.22), (-0.05, -0.28), (0.05, -0.28), (0.09, -0.22), (0.08, -0.17)]), grey),
        (polygon([(-0.05, -0.20), (-0.05, -0.25), (-0.01, -0.22)]), Colour(0.25, 0.02, 260)),
        (dish, grey.lighter(0.1)),
    ]


def cloud_sea(stage: Stage) -> None:
    """Heaped clouds in planes, seen from above them."""
    length = base.period(stage)
    lit_ = stage.palette.sky[-1].towards(stage.palette.light, 0.55)
    shade = stage.palette.sky[1].towards(stage.palette.haze, 0.5)
    for depth, y, size, count in (
        (0.12, 0.04, 0.13, 15),
        (0.28, 0.10, 0.18, 12),
        (0.5, 0.18, 0.24, 9),
        (0.8, 0.30, 0.32, 7),
    ):
        items: list[tuple[Paint, float, float]] = []
        for k in range(count):
            r = size * stage.dawdle(0.7, 1.2)
            heap = smooth(
                [
                    (-r * 1.4, r * 0.9),
                    (-r * 1.3, -r * 0.02),
                    (-r * 0.85, -r * 0.18),
                    (-r * 0.62, -r * 0.55),
                    (-r * 0.1, -r * 0.72),
                    (r * 0.34, -r * 0.50),
                    (r * 0.75, -r * 0.42),
                    (r * 1.05, -r * 0.05),
                    (r * 1.4, r * 0.06),
                    (r * 1.5, r * 0.9),
                ]
            )
            shape = Shape(heap)
            top, low = (
                stage.tint(lit_.towards(stage.palette.haze, 0.25 * (1 - depth))),
                stage.tint(shade.towards(stage.palette.haze, 0.3)),
            )
            shape.linear(0.0, -r * 0.7, 0.0, r * 0.6, [(0.0, top.rgba), (1.0, low.rgba)])
            items.append(
                (shape, -length / 2 + (k + stage.dawdle(0.0, 0.8)) * length / count, y + stage.dawdle(-0.02, 0.02))
            )
        if depth <= stage.infinity:
            group = Group()
            for paint, x, level in items:
                paint.place(shift(x, level))
                group.add(paint)
            stage.plane(depth, group)
        else:
            stage.scatter(depth, length, items, sway=0.02)


def islands(stage: Stage) -> None:
    """Land that hangs in the air, with trees above, roots below, and water falling from its edge."""
    f = stage.frame
    side = s.away(stage)
    for k, (x, y, size, depth, distance) in enumerate(
        ((-0.75, -0.62, 0.16, 0.2, 0.55), (0.95, -0.70, 0.20, 0.26, 0.5), (0.30, -0.34, 0.34, 0.45, 0.25))
    ):
        rock: Pieces = [
            (
                polygon(
                    [
                        (-size, 0.0),
                        (-size * 0.7, size * 0.30),
                        (-size * 0.35, size * 0.42),
                        (-size * 0.12, size * 0.95),
                        (size * 0.1, size * 0.55),
                        (size * 0.5, size * 0.40),
                        (size * 0.8, size * 0.18),
                        (size, 0.0),
                    ]
                ),
                Colour(0.52, 0.05, 50),
            ),
            (
                polygon(
                    [
                        (size * 0.1, size * 0.55),
                        (size * 0.5, size * 0.40),
                        (size * 0.8, size * 0.18),
                        (size, 0.0),
                        (size * 0.2, 0.0),
                    ]
                ),
                Colour(0.44, 0.05, 48),
            ),
            (
                smooth(
                    [
                        (-size * 1.04, 0.0),
                        (-size * 0.6, -size * 0.13),
                        (0.0, -size * 0.19),
                        (size * 0.6, -size * 0.12),
                        (size * 1.04, 0.0),
                        (size * 0.5, size * 0.07),
                        (-size * 0.5, size * 0.07),
                    ]
                ),
                Colour(0.60, 0.13, 135),
            ),
        ]
        for j in range(3):
            at = size * (-0.5 + 0.5 * j)
            rock += [
                (path.moved(shift(at, -size * 0.12)), tone)
                for path, tone in p.broadleaf()(size * stage.dawdle(0.5, 0.75), stage.rng)
            ]
        group = cut(stage, rock, distance)
        at_x, at_y = side * x * f.half, y * f.above

        def move(
            view: View, group: Group = group, at_x: float = at_x, at_y: float = at_y, depth: float = depth, k: int = k
        ) -> None:
            group.nudge(mul(stage.still(view, depth), shift(at_x, at_y + 0.010 * wave(view.t / 6 + k * 0.37))))

        stage.add(group, move)


def jellyfish(stage: Stage) -> None:
    """Lights of the deep: bells that open and close as they rise."""
    f = stage.frame
    made: list[tuple[Group, float, float, float, float]] = []
    for k in range(9):
        size = stage.dawdle(0.035, 0.09)
        tone = (Colour(0.80, 0.12, 200), Colour(0.74, 0.16, 320), Colour(0.82, 0.11, 160))[k % 3]
        group = Group()
        group.add(nested(size * 2.1, size * 2.1, stage.tint(tone.clear(0.26)).rgba, 4))
        arms = Path()
        for j in range(5):
            x = (j - 2) * size * 0.35
            arms.join(
                ribbon(
                    [
                        (x, 0.0),
                        (x + size * 0.22, size * 0.9),
                        (x - size * 0.15, size * 1.8),
                        (x + size * 0.1, size * 2.5),
                    ],
                    [size * 0.10, size * 0.08, size * 0.05, size * 0.02],
                )
            )
        group.add(stage.paint(arms, tone.clear(0.55)))
        group.add(
            stage.paint(
                smooth(
                    [
                        (-size, size * 0.10),
                        (-size * 0.86, -size * 0.55),
                        (0.0, -size * 0.95),
                        (size * 0.86, -size * 0.55),
                        (size, size * 0.10),
                        (size * 0.5, -size * 0.02),
                        (0.0, size * 0.10),
                        (-size * 0.5, -size * 0.02),
                    ],
                    tension=0.42,
                ),
                tone.clear(0.85),
            )
        )
        group.add(
            stage.paint(ellipse(-size * 0.2, -size * 0.5, size * 0.3, size * 0.18), tone.lighter(0.12).clear(0.7))
        )
        stage.canvas.add(group)
        made.append(
            (
                group,
                stage.dawdle(-1, 1) * f.half,
                stage.dawdle(0, 1),
                stage.dawdle(0.012, 0.028),
                float(stage.rng.random()),
            )
        )
    high = f.above + f.below + 0.4

    def move(view: View) -> None:
        root = stage.still(view, 0.7)
        for group, x, share, pace, phase in made:
            beat = wave(view.t / 2.4 + phase)
            y = f.below + 0.2 - (share * high + pace * view.t) % high
            group.place(
                mul(
                    root,
                    mul(
                        shift(x + 0.02 * wave(view.t / 7 + phase), y + 0.008 * beat),
                        scale(1.0 + 0.08 * beat, 1.0 - 0.08 * beat),
                    ),
                )
            )

    stage.movers.append(move)


def vents(stage: Stage) -> None:
    f = stage.frame
    for depth, share, distance in ((0.15, 0.62, 0.7), (0.35, 0.8, 0.45)):
        hills(depth, 0.18, f.below * share, Colour(0.30, 0.05, 255), distance, thick=0.5, until=f.below + 0.1)(stage)


def candy_hills(stage: Stage) -> None:
    hills(0.18, 0.20, 0.02, Colour(0.86, 0.10, 350), 0.5)(stage)
    hills(0.34, 0.16, 0.06, Colour(0.90, 0.08, 170), 0.3, until=0.12)(stage)


def lollipop(size: float, rng: np.random.Generator) -> Pieces:
    hue = float(rng.uniform(0, 360))
    r = size * 0.26
    swirl = Path()
    for k in range(3):
        a = math.tau * k / 3
        swirl.join(
            ribbon(
                [
                    (0.0, -size * 0.74),
                    (math.cos(a) * r * 0.5, -size * 0.74 + math.sin(a) * r * 0.5),
                    (math.cos(a + 1.0) * r * 0.92, -size * 0.74 + math.sin(a + 1.0) * r * 0.92),
                ],
                [r * 0.1, r * 0.3, r * 0.34],
            )
        )
    return [
        (ribbon([(0.0, 0.0), (0.0, -size * 0.6)], [size * 0.04] * 2), Colour(0.96, 0.01, 90)),
        (ellipse(0.0, -size * 0.74, r), Colour(0.74, 0.16, hue)),
        (swirl, Colour(0.96, 0.02, 90)),
    ]


WORLDS = (
    Setting(
        "moon surface",
        "moon",
        REGOLITH,
        layers(
            earthrise,
            peaks(0.1, 0.20, 0.02, 0.45, Colour(0.62, 0.008, 80), snow=False),
            hills(0.3, 0.08, 0.05, REGOLITH, 0.25),
            ground(REGOLITH, top=0.08, far=0.16),
            craters(REGOLITH),
            rocks(Colour(0.62, 0.008, 80), 12),
            standing(0.66, 0.72, 0.15, lambda st: bigger(lander(st), 1.1), 0.06),
        ),
        nothing,
        stand=0.66,
        clouds=0.0,
        day_only=True,
    ),
    Setting(
        "mars",
        "mars",
        RUST,
        layers(
            tables(0.1, 0.18, 0.01, RUST, 0.7),
            hills(0.24, 0.10, 0.035, RUST, 0.45, waves=(1, 2, 3)),
            ground(RUST, top=0.07, far=0.25),
            marks(RUST.lighter(-0.10), 12),
            craters(RUST, 5),
            rocks(Colour(0.46, 0.09, 38), 22, 0.12, 0.035),
        ),
        crags.cliff_frame(RUST),
        clouds=0.15,
    ),
    Setting(
        "above the clouds", "golden", Colour(0.94, 0.03, 70), cloud_sea, nothing, horizon=0.58, floats=True, clouds=0.3
    ),
    Setting(
        "floating islands",
        "dawn",
        Colour(0.60, 0.12, 135),
        layers(
            islands,
            peaks(0.1, 0.2, 0.05, 0.85),
            cloud_sea,
            shores.bank(Colour(0.58, 0.13, 132), 0.22),
            plants(0.85, 0.26, 0.10, 8, 0.1, p.bush(blossom=Colour(0.80, 0.14, 350))),
        ),
        nothing,
        horizon=0.60,
        stand=0.72,
        clouds=0.35,
    ),
    Setting(
        "deep sea",
        "abyss",
        Colour(0.28, 0.06, 255),
        layers(vents, jellyfish),
        layers(crags.cliff_frame(Colour(0.24, 0.05, 260)), s.glows(4)),
        horizon=0.5,
        floats=True,
        clouds=0.0,
    ),
    Setting(
        "candy land",
        "dawn",
        Colour(0.90, 0.07, 350),
        layers(
            candy_hills,
            plants(0.4, 0.09, 0.30, 7, 0.25, lollipop, sway=0.01),
            ground(Colour(0.92, 0.06, 350), top=0.11, far=0.2),
            s.path(Colour(0.96, 0.04, 90)),
            plants(0.7, 0.15, 0.42, 4, 0.1, lollipop, sway=0.01),
            plants(0.8, 0.2, 0.09, 8, 0.08, p.mushroom(Colour(0.70, 0.18, 10)), p.mushroom(Colour(0.76, 0.13, 290))),
        ),
        nothing,
    ),
    Setting(
        "crystal cave",
        "cave",
        Colour(0.42, 0.06, 290),
        layers(
            crags.cave_mouth,
            crags.cave_teeth(0.35, 0.6),
            ground(Colour(0.40, 0.05, 285), top=0.09, far=0.3),
            plants(
                0.45, 0.11, 0.40, 7, 0.25, p.crystal(lit(0.70, 0.16, 300)), p.crystal(lit(0.76, 0.12, 210)), sway=0.0
            ),
            glow(0.5, 0.0, 0.3, lit(0.7, 0.16, 300), 0.5),
            plants(0.8, 0.2, 0.16, 8, 0.1, p.crystal(lit(0.78, 0.13, 340)), p.crystal(lit(0.76, 0.12, 210)), sway=0.0),
        ),
        layers(crags.cliff_frame(Colour(0.30, 0.05, 285)), crags.cave_roof),
        clouds=0.0,
        day_only=True,
    ),
)

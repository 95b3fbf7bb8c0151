"""Things that stand outdoors, cut from paper, foot at (0, 0): lamps, walls, boats, gates, play things."""

import math
from collections.abc import Callable

from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import Path, box, ellipse, polygon, ribbon, rounded, smooth
from engine.renderers.animatic.settings.buildings import LAMP, STONE, WOOD, dark
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.kit import lit
from engine.renderers.animatic.stage import Stage

Thing = Callable[[Stage], Pieces]
IRON = Colour(0.30, 0.015, 260)


def street_lamp(stage: Stage) -> Pieces:
    return [
        (ribbon([(0.0, 0.0), (0.0, -0.34)], [0.014, 0.008]), IRON),
        (rounded(-0.018, -0.385, 0.036, 0.05, 0.008), LAMP if dark(stage) else Colour(0.90, 0.05, 90)),
        (polygon([(-0.024, -0.383), (0.0, -0.405), (0.024, -0.383)]), IRON),
    ]


def bench(stage: Stage) -> Pieces:
    seat = box(-0.11, -0.055, 0.22, 0.010).join(box(-0.11, -0.10, 0.22, 0.012)).join(box(-0.11, -0.080, 0.22, 0.010))
    return [
        (
            box(-0.095, -0.055, 0.009, 0.055)
            .join(box(0.086, -0.055, 0.009, 0.055))
            .join(box(-0.095, -0.1, 0.007, 0.05))
            .join(box(0.088, -0.1, 0.007, 0.05)),
            IRON,
        ),
        (seat, WOOD),
    ]


def fence(tone: Colour = WOOD, wide: float = 0.34, tall: float = 0.10) -> Thing:
    def make(stage: Stage) -> Pieces:
        posts = Path()
        for k in range(7):
            x = -wide / 2 + wide * k / 6
            posts.join(
                polygon(
                    [(x - 0.008, 0.0), (x - 0.008, -tall), (x, -tall - 0.012), (x + 0.008, -tall), (x + 0.008, 0.0)]
                )
            )
        return [
            (
                box(-wide / 2 - 0.02, -tall * 0.72, wide + 0.04, 0.010).join(
                    box(-wide / 2 - 0.02, -tall * 0.34, wide + 0.04, 0.010)
                ),
                tone.lighter(-0.06),
            ),
            (posts, tone),
        ]

    return make


def torii(size: float = 0.5) -> Thing:
    def make(stage: Stage) -> Pieces:
        red, s = Colour(0.58, 0.19, 32), size
        top = smooth(
            [
                (-s * 0.62, -s * 1.0),
                (0.0, -s * 0.93),
                (s * 0.62, -s * 1.0),
                (s * 0.60, -s * 0.90),
                (0.0, -s * 0.85),
                (-s * 0.60, -s * 0.90),
            ],
            tension=0.4,
        )
        return [
            (
                ribbon([(-s * 0.40, 0.0), (-s * 0.36, -s * 0.9)], [s * 0.075, s * 0.06]).join(
                    ribbon([(s * 0.40, 0.0), (s * 0.36, -s * 0.9)], [s * 0.075, s * 0.06])
                ),
                red,
            ),
            (box(-s * 0.50, -s * 0.74, s, s * 0.06), red.lighter(-0.05)),
            (box(-s * 0.03, -s * 0.88, s * 0.06, s * 0.16), red),
            (top, red.lighter(-0.30)),
        ]

    return make


def stone_lantern(stage: Stage) -> Pieces:
    s = 0.2
    return [
        (
            polygon(
                [
                    (-s * 0.22, 0.0),
                    (-s * 0.10, -s * 0.12),
                    (-s * 0.08, -s * 0.5),
                    (s * 0.08, -s * 0.5),
                    (s * 0.10, -s * 0.12),
                    (s * 0.22, 0.0),
                ]
            ),
            STONE.lighter(-0.1),
        ),
        (box(-s * 0.2, -s * 0.78, s * 0.4, s * 0.28), STONE.lighter(-0.06)),
        (box(-s * 0.1, -s * 0.74, s * 0.2, s * 0.18), LAMP if dark(stage) else Colour(0.4, 0.02, 60)),
        (
            smooth([(-s * 0.40, -s * 0.76), (0.0, -s * 1.02), (s * 0.40, -s * 0.76), (0.0, -s * 0.82)], tension=0.3),
            STONE.lighter(-0.14),
        ),
    ]


def gravestone(stage: Stage) -> Pieces:
    w, h = stage.dawdle(0.07, 0.10), stage.dawdle(0.10, 0.17)
    tone = Colour(stage.dawdle(0.52, 0.66), 0.012, 220)
    if stage.rng.random() < 0.3:
        return [(box(-0.012, -h * 1.2, 0.024, h * 1.2).join(box(-0.045, -h * 0.92, 0.09, 0.024)), tone)]
    return [
        (rounded(-w / 2, -h, w, h + 0.02, w * 0.48), tone),
        (
            box(-w * 0.28, -h * 0.62, w * 0.56, 0.006).join(box(-w * 0.2, -h * 0.48, w * 0.4, 0.006)),
            tone.lighter(-0.12),
        ),
    ]


def ferris_wheel(stage: Stage) -> Pieces:
    spokes, cabins = Path(), []  # type: Path, Pieces
    r, cy = 0.27, -0.36
    rim = (
        ellipse(0.0, cy, r)
        .join(_hole(0.0, cy, r * 0.955))
        .join(ellipse(0.0, cy, r * 0.80))
        .join(_hole(0.0, cy, r * 0.775))
    )
    for k in range(10):
        a = math.tau * k / 10 + 0.2
        x, y = math.cos(a) * r, cy + math.sin(a) * r
        spokes.join(ribbon([(0.0, cy), (x, y)], [0.005, 0.004]))
        tone = Colour(0.70, 0.17, 36.0 * k)
        cabins.append((rounded(x - 0.026, y, 0.052, 0.044, 0.014), lit(0.8, 0.16, 36.0 * k) if dark(stage) else tone))
    legs = ribbon([(0.0, cy), (-0.15, 0.0)], [0.018, 0.024]).join(ribbon([(0.0, cy), (0.15, 0.0)], [0.018, 0.024]))
    white = lit(0.92, 0.08, 80) if dark(stage) else Colour(0.94, 0.01, 90)
    return [(legs, Colour(0.62, 0.05, 255)), (spokes, white), (rim, white), *cabins]


def _hole(x: float, y: float, r: float) -> Path:
    """A circle the other way round, so that it is cut out."""
    k = r * 0.5522847498
    path = Path().move(x + r, y)
    path.cubic(x + r, y - k, x + k, y - r, x, y - r).cubic(x - k, y - r, x - r, y - k, x - r, y)
    return path.cubic(x - r, y + k, x - k, y + r, x, y + r).cubic(x + k, y + r, x + r, y + k, x + r, y).close()


def circus_tent(stage: Stage) -> Pieces:
    red, white = Colour(0.58, 0.19, 27), Colour(0.95, 0.015, 85)
    stripes, wall = Path(), Path()
    for k in range(0, 8, 2):
        a, b = -0.30 + 0.075 * k, -0.30 + 0.075 * (k + 1)
        stripes.join(polygon([(0.0, -0.42), (a, -0.20), (b, -0.20)]))
        wall.join(box(a * 0.93, -0.20, 0.07, 0.20))
    return [
        (box(-0.28, -0.20, 0.56, 0.20), white),
        (wall, red),
        (polygon([(0.0, -0.42), (-0.30, -0.20), (0.30, -0.20)]), white),
        (stripes, red),
        (polygon([(0.0, -0.42), (0.0, -0.50), (0.08, -0.465)]), Colour(0.82, 0.15, 88)),
        (box(-0.06, -0.13, 0.12, 0.13), Colour(0.3, 0.06, 20)),
    ]


def slide(stage: Stage) -> Pieces:
    tone = Colour(0.70, 0.16, 55)
    return [
        (
            box(-0.13, -0.24, 0.012, 0.24)
            .join(box(-0.07, -0.24, 0.012, 0.24))
            .join(box(-0.13, -0.07, 0.06, 0.008))
            .join(box(-0.13, -0.13, 0.06, 0.008))
            .join(box(-0.13, -0.19, 0.06, 0.008)),
            Colour(0.55, 0.14, 250),
        ),
        (ribbon([(-0.08, -0.20), (0.05, -0.10), (0.16, -0.03), (0.24, -0.03)], [0.035] * 4), tone),
        (polygon([(-0.16, -0.24), (-0.10, -0.33), (-0.04, -0.24)]), Colour(0.60, 0.18, 28)),
    ]


def swings(stage: Stage) -> Pieces:
    tone = Colour(0.58, 0.14, 150)
    frame = (
        ribbon([(-0.22, 0.0), (-0.17, -0.32)], [0.014] * 2)
        .join(ribbon([(-0.12, 0.0), (-0.17, -0.32)], [0.014] * 2))
        .join(ribbon([(0.22, 0.0), (0.17, -0.32)], [0.014] * 2))
        .join(ribbon([(0.12, 0.0), (0.17, -0.32)], [0.014] * 2))
        .join(ribbon([(-0.18, -0.32), (0.18, -0.32)], [0.016] * 2))
    )
    ropes = Path()
    for x in (-0.08, 0.06):
        ropes.join(box(x - 0.025, -0.32, 0.003, 0.24)).join(box(x + 0.022, -0.32, 0.003, 0.24)).join(
            box(x - 0.03, -0.085, 0.06, 0.010)
        )
    return [(ropes, IRON), (frame, tone)]


def fountain(stage: Stage) -> Pieces:
    water = Colour(0.90, 0.04, 215)
    jets = Path()
    for k in range(7):
        lean = (k - 3) * 0.035
        jets.join(
            ribbon(
                [
                    (0.0, -0.18),
                    (lean * 0.6, -0.30 + abs(lean) * 0.4),
                    (lean * 1.5, -0.20 + abs(lean) * 0.6),
                    (lean * 1.8, -0.10),
                ],
                [0.008, 0.007, 0.006, 0.003],
            )
        )
    return [
        (rounded(-0.20, -0.06, 0.40, 0.06, 0.02), STONE),
        (ellipse(0.0, -0.058, 0.19, 0.016), Colour(0.66, 0.06, 220)),
        (polygon([(-0.02, -0.06), (-0.014, -0.16), (0.014, -0.16), (0.02, -0.06)]), STONE.lighter(-0.06)),
        (smooth([(-0.08, -0.17), (0.08, -0.17), (0.03, -0.145), (-0.03, -0.145)], tension=0.3), STONE),
        (jets, water),
    ]


def statue(stage: Stage) -> Pieces:
    bronze = Colour(0.52, 0.05, 170)
    figure = smooth(
        [
            (-0.035, -0.15),
            (-0.030, -0.26),
            (-0.045, -0.32),
            (-0.015, -0.36),
            (0.02, -0.36),
            (0.07, -0.44),
            (0.082, -0.435),
            (0.045, -0.33),
            (0.03, -0.25),
            (0.04, -0.15),
        ],
        tension=0.35,
    )
    return [
        (box(-0.075, -0.15, 0.15, 0.15), STONE),
        (box(-0.09, -0.165, 0.18, 0.02), STONE.lighter(0.04)),
        (figure, bronze),
        (ellipse(0.002, -0.39, 0.022, 0.027), bronze),
    ]


def telegraph(stage: Stage) -> Pieces:
    return [
        (box(-0.007, -0.52, 0.014, 0.52), WOOD.lighter(-0.12)),
        (box(-0.07, -0.48, 0.14, 0.010).join(box(-0.055, -0.44, 0.11, 0.009)), WOOD.lighter(-0.14)),
    ]


def campfire(stage: Stage) -> Pieces:
    logs = ribbon([(-0.07, -0.006), (0.05, -0.030)], [0.022] * 2).join(
        ribbon([(0.07, -0.006), (-0.05, -0.030)], [0.022] * 2)
    )
    outer = smooth(
        [
            (-0.045, -0.03),
            (-0.03, -0.09),
            (-0.008, -0.08),
            (0.0, -0.15),
            (0.025, -0.09),
            (0.035, -0.10),
            (0.045, -0.03),
        ],
        tension=0.45,
    )
    inner = smooth([(-0.022, -0.03), (-0.012, -0.07), (0.004, -0.095), (0.016, -0.06), (0.022, -0.03)], tension=0.45)
    return [(outer, lit(0.74, 0.19, 50)), (inner, lit(0.92, 0.14, 88)), (logs, Colour(0.32, 0.05, 45))]


def goal(stage: Stage) -> Pieces:
    net = Path()
    for k in range(10):
        net.join(box(-0.20 + 0.044 * k, -0.17, 0.002, 0.17))
    for k in range(4):
        net.join(box(-0.2, -0.16 + 0.042 * k, 0.4, 0.002))
    return [
        (net, Colour(0.88, 0.01, 90)),
        (
            box(-0.21, -0.18, 0.42, 0.012).join(box(-0.21, -0.18, 0.012, 0.18)).join(box(0.198, -0.18, 0.012, 0.18)),
            Colour(0.97, 0.005, 90),
        ),
    ]


def scaffold(stage: Stage) -> Pieces:
    """A house half built, with a crane above it."""
    grey, yellow = Colour(0.66, 0.01, 80), Colour(0.80, 0.15, 85)
    slabs, posts, mast = Path(), Path(), Path()
    for k in range(5):
        slabs.join(box(-0.20, -0.085 * (k + 1), 0.40, 0.014))
        for x in (-0.19, -0.06, 0.06, 0.178):
            if k < 4 or x < 0:
                posts.join(box(x, -0.085 * (k + 1), 0.014, 0.085))
    mast.join(box(0.27, -0.72, 0.022, 0.72)).join(
        polygon([(-0.16, -0.66), (0.42, -0.68), (0.42, -0.66), (-0.16, -0.648)])
    ).join(ribbon([(0.28, -0.78), (-0.1, -0.66)], [0.004] * 2)).join(
        ribbon([(0.28, -0.78), (0.41, -0.67)], [0.004] * 2)
    ).join(box(0.275, -0.78, 0.012, 0.08))
    return [
        (mast, yellow),
        (box(-0.052, -0.655, 0.003, 0.14), IRON),
        (box(-0.085, -0.52, 0.07, 0.02), IRON.lighter(0.2)),
        (box(0.36, -0.665, 0.05, 0.04), IRON.lighter(0.1)),
        (posts, grey.lighter(-0.08)),
        (slabs, grey),
    ]


def arch(size: float, tone: Colour) -> Thing:
    """A natural arch of rock."""

    def make(stage: Stage) -> Pieces:
        s = size
        return [
            (
                smooth(
                    [
                        (-s, 0.0),
                        (-s * 0.86, -s * 0.55),
                        (-s * 0.42, -s * 0.92),
                        (s * 0.2, -s * 0.96),
                        (s * 0.74, -s * 0.62),
                        (s * 0.95, 0.0),
                        (s * 0.52, 0.0),
                        (s * 0.42, -s * 0.40),
                        (0.0, -s * 0.66),
                        (-s * 0.40, -s * 0.42),
                        (-s * 0.48, 0.0),
                    ],
                    tension=0.3,
                ),
                tone,
            ),
            (
                smooth(
                    [
                        (s * 0.2, -s * 0.96),
                        (s * 0.74, -s * 0.62),
                        (s * 0.95, 0.0),
                        (s * 0.72, 0.0),
                        (s * 0.60, -s * 0.46),
                    ],
                    tension=0.3,
                ),
                tone.lighter(-0.09),
            ),
        ]

    return make


def chimney_pots(stage: Stage) -> Pieces:
    tone = Colour(0.52, 0.08, 35)
    return [
        (box(-0.05, -0.15, 0.10, 0.16), tone),
        (box(-0.058, -0.16, 0.116, 0.018), tone.lighter(-0.06)),
        (
            rounded(-0.036, -0.20, 0.026, 0.045, 0.004).join(rounded(0.008, -0.20, 0.026, 0.045, 0.004)),
            tone.lighter(-0.12),
        ),
    ]


def water_tank(stage: Stage) -> Pieces:
    return [
        (
            ribbon([(-0.07, 0.0), (-0.05, -0.14)], [0.010] * 2)
            .join(ribbon([(0.07, 0.0), (0.05, -0.14)], [0.010] * 2))
            .join(box(-0.07, -0.14, 0.14, 0.010)),
            IRON,
        ),
        (box(-0.075, -0.29, 0.15, 0.15), WOOD),
        (box(-0.075, -0.25, 0.15, 0.006).join(box(-0.075, -0.19, 0.15, 0.006)), WOOD.lighter(-0.15)),
        (polygon([(-0.085, -0.29), (0.0, -0.36), (0.085, -0.29)]), WOOD.lighter(-0.12)),
    ]


def clothes_line(stage: Stage) -> Pieces:
    pieces: Pieces = [
        (box(-0.32, -0.30, 0.010, 0.30).join(box(0.31, -0.30, 0.010, 0.30)).join(box(-0.32, -0.29, 0.64, 0.003)), IRON)
    ]
    for k in range(5):
        tone = Colour(0.82, 0.10, stage.dawdle(0, 360))
        x, w, h = -0.27 + 0.115 * k, 0.075, stage.dawdle(0.09, 0.14)
        pieces.append(
            (
                smooth(
                    [
                        (x, -0.288),
                        (x + w, -0.288),
                        (x + w * 0.96, -0.288 + h),
                        (x + w * 0.5, -0.288 + h * 0.94),
                        (x + w * 0.05, -0.288 + h),
                    ],
                    tension=0.2,
                ),
                tone,
            )
        )
    return pieces

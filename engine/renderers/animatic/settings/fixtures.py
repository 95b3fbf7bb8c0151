"""What stands in halls, wards, shops and carriages, cut from paper; foot at (0, 0)."""

from collections.abc import Callable

from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import Path, box, ellipse, polygon, ribbon, rounded, smooth
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.furniture import DARK, INK, OAK, STEEL, WHITE, Thing
from engine.renderers.animatic.settings.kit import lit
from engine.renderers.animatic.stage import Stage

_STAGE_CURTAINS_TONE = Colour(0.46, 0.17, 22)
_TRAIN_SEAT_TONE = Colour(0.48, 0.12, 255)


def plinth(kind: int = 0) -> Thing:
    def make(stage: Stage) -> Pieces:
        pieces: Pieces = [
            (box(-0.075, -0.20, 0.15, 0.20), WHITE),
            (box(0.03, -0.20, 0.045, 0.20), WHITE.lighter(-0.08)),
            (box(-0.085, -0.212, 0.17, 0.016), WHITE.lighter(-0.03)),
        ]
        marble, bronze = Colour(0.88, 0.015, 80), Colour(0.48, 0.06, 165)
        if kind % 3 == 0:
            pieces += [
                (
                    smooth(
                        [
                            (-0.06, -0.21),
                            (-0.05, -0.26),
                            (-0.02, -0.285),
                            (-0.018, -0.31),
                            (0.018, -0.31),
                            (0.02, -0.285),
                            (0.05, -0.26),
                            (0.06, -0.21),
                        ],
                        tension=0.3,
                    ),
                    marble,
                ),
                (ellipse(0.0, -0.345, 0.034, 0.044), marble.lighter(-0.03)),
                (
                    smooth(
                        [
                            (-0.036, -0.345),
                            (-0.034, -0.395),
                            (0.0, -0.405),
                            (0.034, -0.395),
                            (0.036, -0.36),
                            (0.0, -0.378),
                        ],
                        tension=0.4,
                    ),
                    marble.lighter(-0.12),
                ),
            ]
        elif kind % 3 == 1:
            pieces += [
                (
                    smooth(
                        [
                            (-0.03, -0.21),
                            (-0.055, -0.28),
                            (-0.025, -0.34),
                            (-0.03, -0.37),
                            (0.03, -0.37),
                            (0.025, -0.34),
                            (0.055, -0.28),
                            (0.03, -0.21),
                        ],
                        tension=0.4,
                    ),
                    Colour(0.50, 0.13, 250),
                ),
                (ribbon([(-0.048, -0.285), (0.0, -0.275), (0.048, -0.285)], [0.014] * 3), WHITE),
            ]
        else:
            pieces += [
                (
                    ribbon([(0.0, -0.21), (0.04, -0.28), (-0.03, -0.33), (0.03, -0.40)], [0.045, 0.04, 0.035, 0.02]),
                    bronze,
                ),
                (ellipse(-0.02, -0.27, 0.026), bronze.lighter(0.08)),
            ]
        return pieces

    return make


def hospital_bed(stage: Stage) -> Pieces:
    monitor: Pieces = [
        (box(0.43, -0.40, 0.010, 0.40), STEEL),
        (rounded(0.36, -0.48, 0.15, 0.11, 0.008), INK),
        (
            ribbon(
                [(0.37, -0.425), (0.40, -0.425), (0.41, -0.455), (0.425, -0.40), (0.435, -0.425), (0.50, -0.425)],
                [0.004] * 6,
            ),
            lit(0.85, 0.2, 145),
        ),
    ]
    drip: Pieces = [
        (box(-0.475, -0.56, 0.008, 0.56).join(box(-0.50, -0.56, 0.06, 0.006)), STEEL),
        (rounded(-0.505, -0.55, 0.032, 0.07, 0.01), Colour(0.86, 0.06, 220)),
    ]
    return [
        *drip,
        *monitor,
        (ribbon([(-0.38, -0.16), (-0.38, -0.36)], [0.016] * 2).join(box(0.36, -0.28, 0.016, 0.28)), STEEL),
        (rounded(-0.385, -0.21, 0.75, 0.08, 0.02), WHITE),
        (
            smooth([(-0.16, -0.215), (0.1, -0.235), (0.35, -0.215), (0.365, -0.11), (-0.16, -0.11)], tension=0.3),
            Colour(0.80, 0.06, 195),
        ),
        (rounded(-0.365, -0.27, 0.16, 0.065, 0.028), WHITE.lighter(0.03)),
        (box(-0.37, -0.13, 0.72, 0.018), STEEL),
        (box(-0.33, -0.12, 0.012, 0.12).join(box(0.30, -0.12, 0.012, 0.12)), STEEL),
        (ellipse(-0.324, -0.012, 0.018).join(ellipse(0.306, -0.012, 0.018)), INK),
    ]


def workbench(stage: Stage) -> Pieces:
    return [
        (
            box(-0.36, -0.17, 0.03, 0.17).join(box(0.33, -0.17, 0.03, 0.17)).join(box(-0.36, -0.06, 0.72, 0.018)),
            OAK.lighter(-0.1),
        ),
        (box(-0.40, -0.19, 0.80, 0.028), OAK),
        (box(-0.24, -0.235, 0.13, 0.045), Colour(0.58, 0.17, 28)),
        (box(-0.20, -0.25, 0.05, 0.016), INK),
        (rounded(0.05, -0.255, 0.05, 0.065, 0.004).join(rounded(0.11, -0.235, 0.04, 0.045, 0.004)), STEEL),
        (box(0.20, -0.215, 0.13, 0.022).join(box(0.22, -0.235, 0.07, 0.02)), OAK.lighter(0.14)),
        (box(-0.30, -0.085, 0.16, 0.025).join(box(0.08, -0.10, 0.12, 0.04)), Colour(0.62, 0.06, 240)),
    ]


def tool_wall() -> Pieces:
    steel, grip = Path(), Path()
    for k in range(6):
        x = -0.30 + 0.115 * k
        if k % 3 == 0:
            grip.join(box(x - 0.006, 0.05, 0.012, 0.09))
            steel.join(box(x - 0.030, 0.03, 0.06, 0.024))
        elif k % 3 == 1:
            steel.join(polygon([(x - 0.016, 0.03), (x + 0.016, 0.03), (x + 0.006, 0.13), (x - 0.006, 0.13)]))
            grip.join(rounded(x - 0.022, 0.018, 0.044, 0.026, 0.008))
        else:
            steel.join(ribbon([(x, 0.03), (x, 0.14)], [0.012, 0.012])).join(ellipse(x, 0.035, 0.018)).join(
                ellipse(x, 0.135, 0.016)
            )
    return [
        (box(-0.36, 0.0, 0.72, 0.17), OAK.lighter(0.06)),
        (steel, STEEL.lighter(-0.08)),
        (grip, Colour(0.58, 0.17, 30)),
    ]


def stage_curtains(tone: Colour = _STAGE_CURTAINS_TONE) -> Callable[[Stage, float], Pieces]:
    def make(stage: Stage, tall: float) -> Pieces:
        folds = Path()
        for k in range(4):
            folds.join(
                ribbon(
                    [(-0.02 - 0.07 * k, -tall * 1.05), (-0.03 - 0.06 * k, -tall * 0.4), (-0.01 - 0.075 * k, 0.0)],
                    [0.014, 0.02, 0.016],
                )
            )
        return [
            (
                smooth(
                    [
                        (0.20, -tall * 1.1),
                        (-0.30, -tall * 1.1),
                        (-0.26, -tall * 0.6),
                        (-0.16, -tall * 0.35),
                        (-0.20, 0.05),
                        (0.20, 0.05),
                    ],
                    tension=0.3,
                ),
                tone,
            ),
            (folds, tone.lighter(-0.10)),
        ]

    return make


def loudspeaker(stage: Stage) -> Pieces:
    return [
        (rounded(-0.085, -0.36, 0.17, 0.36, 0.008), INK),
        (ellipse(0.0, -0.11, 0.065), INK.lighter(0.14)),
        (ellipse(0.0, -0.11, 0.030), INK.lighter(-0.05)),
        (ellipse(0.0, -0.26, 0.045), INK.lighter(0.14)),
        (ellipse(0.0, -0.26, 0.018), INK.lighter(-0.05)),
    ]


def bar(stage: Stage) -> Pieces:
    shelves, bottles = Path(), [Path(), Path(), Path(), Path()]
    for r in range(3):
        y = -0.30 - 0.13 * r
        shelves.join(box(-0.52, y, 1.04, 0.010))
        for c in range(18):
            h = 0.055 + 0.03 * ((c * 5 + r) % 3) / 2
            x = -0.50 + 0.057 * c
            bottles[(c * 3 + r) % 4].join(box(x, y - h, 0.024, h)).join(box(x + 0.008, y - h - 0.022, 0.008, 0.024))
    tints = (lit(0.66, 0.13, 145), lit(0.70, 0.15, 55), lit(0.60, 0.14, 25), lit(0.78, 0.08, 220))
    return [
        (box(-0.56, -0.72, 1.12, 0.72), DARK.lighter(-0.06)),
        *zip(bottles, tints, strict=True),
        (shelves, DARK.lighter(0.1)),
        (box(-0.62, -0.19, 1.24, 0.19), OAK),
        (box(-0.66, -0.205, 1.32, 0.026), OAK.lighter(-0.12)),
        (
            box(-0.5, -0.15, 0.22, 0.12).join(box(-0.11, -0.15, 0.22, 0.12)).join(box(0.28, -0.15, 0.22, 0.12)),
            OAK.lighter(-0.06),
        ),
    ]


def lab_bench(stage: Stage) -> Pieces:
    pieces: Pieces = [
        (box(-0.40, -0.17, 0.80, 0.17), WHITE.lighter(-0.08)),
        (box(-0.43, -0.19, 0.86, 0.024), INK.lighter(0.15)),
        (
            box(-0.36, -0.14, 0.22, 0.11).join(box(-0.11, -0.14, 0.22, 0.11)).join(box(0.14, -0.14, 0.22, 0.11)),
            WHITE.lighter(-0.03),
        ),
    ]
    for k, hue in enumerate((145, 30, 300, 220)):
        x = -0.30 + 0.17 * k
        glass = polygon(
            [
                (x - 0.008, -0.29),
                (x + 0.008, -0.29),
                (x + 0.008, -0.25),
                (x + 0.036, -0.19),
                (x - 0.036, -0.19),
                (x - 0.008, -0.25),
            ]
        )
        pieces += [
            (glass, Colour(0.90, 0.03, 220)),
            (
                polygon([(x - 0.018, -0.225), (x + 0.018, -0.225), (x + 0.034, -0.192), (x - 0.034, -0.192)]),
                lit(0.72, 0.18, hue),
            ),
        ]
    return pieces


def pew(stage: Stage) -> Pieces:
    return [
        (rounded(-0.20, -0.16, 0.40, 0.16, 0.008), OAK.lighter(-0.06)),
        (box(-0.21, -0.17, 0.42, 0.018), OAK),
        (box(-0.215, -0.19, 0.02, 0.19).join(box(0.195, -0.19, 0.02, 0.19)), DARK),
    ]


def stained_glass(w: float, h: float) -> Pieces:
    pieces: Pieces = [
        (rounded(-w / 2 - 0.014, -0.014, w + 0.028, h + 0.02, w * 0.54), Colour(0.40, 0.02, 260)),
        (rounded(-w / 2, 0.0, w, h, w * 0.5), lit(0.52, 0.15, 262)),
    ]
    for k in range(6):
        y = h * (0.22 + 0.13 * k)
        pieces.append(
            (
                polygon([(-w * 0.38, y), (0.0, y - h * 0.07), (w * 0.38, y), (0.0, y + h * 0.07)]),
                lit((0.62, 0.80, 0.58)[k % 3], 0.19, (27, 88, 150)[k % 3]),
            )
        )
    pieces += [
        (ellipse(0.0, w * 0.5, w * 0.27), lit(0.84, 0.16, 88)),
        (ellipse(0.0, w * 0.5, w * 0.14), lit(0.60, 0.20, 25)),
        (box(-0.003, 0.0, 0.006, h), Colour(0.25, 0.02, 260)),
    ]
    return pieces


def goods_shelf(stage: Stage) -> Pieces:
    tints = [Colour(0.64, 0.17, hue) for hue in (28, 85, 145, 250, 320)]
    goods, boards = [Path() for _ in tints], Path()
    for r in range(4):
        y = -0.02 - 0.125 * r
        boards.join(box(-0.34, y, 0.68, 0.014))
        x = -0.33
        while x < 0.29:
            n, w, h = int(stage.rng.integers(2, 5)), stage.dawdle(0.022, 0.042), stage.dawdle(0.05, 0.092)
            tint = int(stage.rng.integers(len(tints)))
            for _ in range(n):
                if x < 0.30:
                    goods[tint].join(box(x, y - h, w - 0.004, h))
                    x += w
    return [(box(-0.35, -0.54, 0.70, 0.54), WHITE.lighter(-0.12)), *zip(goods, tints, strict=True), (boards, STEEL)]


def weights(stage: Stage) -> Pieces:
    plates = Path()
    for side in (-1.0, 1.0):
        for k, r in enumerate((0.085, 0.07, 0.05)):
            plates.join(rounded(side * (0.26 + 0.025 * k) - 0.010, -0.30 - r, 0.020, r * 2, 0.006))
    return [
        (
            box(-0.18, -0.31, 0.016, 0.31)
            .join(box(0.164, -0.31, 0.016, 0.31))
            .join(box(-0.22, -0.014, 0.1, 0.014))
            .join(box(0.12, -0.014, 0.1, 0.014)),
            INK.lighter(0.1),
        ),
        (box(-0.36, -0.306, 0.72, 0.012), STEEL),
        (plates, INK),
        (
            box(-0.13, -0.12, 0.26, 0.035).join(box(-0.10, -0.09, 0.014, 0.09)).join(box(0.09, -0.09, 0.014, 0.09)),
            Colour(0.56, 0.18, 28),
        ),
    ]


def throne(stage: Stage) -> Pieces:
    gold, red = Colour(0.76, 0.13, 82), Colour(0.48, 0.18, 24)
    return [
        (box(-0.34, -0.05, 0.68, 0.05).join(box(-0.26, -0.09, 0.52, 0.05)), Colour(0.55, 0.03, 60)),
        (
            smooth(
                [
                    (-0.12, -0.09),
                    (-0.13, -0.44),
                    (-0.06, -0.50),
                    (0.0, -0.57),
                    (0.06, -0.50),
                    (0.13, -0.44),
                    (0.12, -0.09),
                ],
                tension=0.3,
            ),
            gold,
        ),
        (rounded(-0.085, -0.42, 0.17, 0.26, 0.03), red),
        (rounded(-0.15, -0.21, 0.30, 0.06, 0.02), red.lighter(0.05)),
        (box(-0.16, -0.27, 0.03, 0.18).join(box(0.13, -0.27, 0.03, 0.18)), gold.lighter(-0.08)),
        (ellipse(0.0, -0.50, 0.018), lit(0.6, 0.2, 25)),
    ]


def train_seat(tone: Colour = _TRAIN_SEAT_TONE) -> Thing:
    return lambda stage: [
        (rounded(-0.12, -0.34, 0.085, 0.30, 0.03), tone),
        (rounded(-0.10, -0.14, 0.22, 0.07, 0.025), tone.lighter(0.05)),
        (box(-0.08, -0.07, 0.17, 0.07), INK.lighter(0.12)),
        (rounded(-0.118, -0.335, 0.08, 0.06, 0.02), WHITE),
    ]


def console(stage: Stage) -> Pieces:
    """A desk of a spaceship: slanted, with screens and rows of lights."""
    lights = [Path(), Path(), Path()]
    for r in range(2):
        for c in range(11):
            lights[(r * 4 + c * 5) % 3].join(box(-0.29 + 0.054 * c, -0.10 + 0.035 * r, 0.026, 0.014))
    return [
        (polygon([(-0.40, 0.0), (-0.34, -0.16), (0.34, -0.16), (0.40, 0.0)]), Colour(0.40, 0.03, 255)),
        (polygon([(-0.34, -0.16), (-0.28, -0.26), (0.28, -0.26), (0.34, -0.16)]), Colour(0.30, 0.03, 260)),
        (polygon([(-0.25, -0.17), (-0.22, -0.245), (-0.03, -0.245), (-0.03, -0.17)]), lit(0.72, 0.12, 210)),
        (polygon([(0.03, -0.17), (0.03, -0.245), (0.22, -0.245), (0.25, -0.17)]), lit(0.70, 0.14, 150)),
        *zip(lights, (lit(0.75, 0.18, 40), lit(0.84, 0.14, 200), lit(0.85, 0.17, 100)), strict=True),
    ]

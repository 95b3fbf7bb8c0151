"""What stands in rooms, cut from paper; foot at (0, 0)."""

import math
from collections.abc import Callable

from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import Path, box, ellipse, polygon, ribbon, rounded, smooth
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.kit import lit
from engine.renderers.animatic.stage import Stage

_SOFA_TONE = Colour(0.52, 0.10, 28)
_BED_COVER = Colour(0.58, 0.09, 250)
Thing = Callable[[Stage], Pieces]
OAK = Colour(0.50, 0.075, 58)
DARK = Colour(0.34, 0.055, 45)
STEEL = Colour(0.74, 0.012, 240)
WHITE = Colour(0.94, 0.01, 90)
INK = Colour(0.22, 0.02, 270)


def bookshelf(w: float = 0.46, h: float = 0.62, wood: Colour = DARK) -> Thing:
    def make(stage: Stage) -> Pieces:
        rows = max(3, round(h / 0.125))
        tints = (
            Colour(0.50, 0.13, 25),
            Colour(0.52, 0.09, 150),
            Colour(0.50, 0.10, 255),
            Colour(0.72, 0.11, 80),
            Colour(0.42, 0.08, 320),
        )
        books = [Path() for _ in tints]
        boards = Path()
        for r in range(rows):
            base = -h * r / rows - 0.016
            boards.join(box(-w / 2, base, w, 0.012))
            x = -w / 2 + 0.016
            while x < w / 2 - 0.035:
                bw, bh = stage.dawdle(0.010, 0.022), h / rows * stage.dawdle(0.55, 0.82)
                if stage.rng.random() < 0.9:
                    books[int(stage.rng.integers(len(tints)))].join(box(x, base - bh, bw, bh))
                x += bw + 0.002
        return [
            (box(-w / 2, -h, w, h), wood.lighter(-0.10)),
            *zip(books, tints, strict=True),
            (boards, wood.lighter(0.03)),
            (
                box(-w / 2 - 0.012, -h - 0.02, w + 0.024, 0.026)
                .join(box(-w / 2 - 0.012, -h, 0.020, h))
                .join(box(w / 2 - 0.008, -h, 0.020, h)),
                wood,
            ),
        ]

    return make


def table(w: float = 0.4, h: float = 0.19, tone: Colour = OAK, *, cloth: Colour | None = None) -> Thing:
    def make(stage: Stage) -> Pieces:
        legs = box(-w * 0.44, -h, 0.018, h).join(box(w * 0.44 - 0.018, -h, 0.018, h))
        pieces: Pieces = [(legs, tone.lighter(-0.10)), (box(-w / 2, -h - 0.012, w, 0.022), tone)]
        if cloth is not None:
            pieces.append(
                (
                    polygon(
                        [
                            (-w * 0.5, -h - 0.014),
                            (w * 0.5, -h - 0.014),
                            (w * 0.53, -h + 0.07),
                            (w * 0.26, -h + 0.055),
                            (0.0, -h + 0.075),
                            (-w * 0.26, -h + 0.055),
                            (-w * 0.53, -h + 0.07),
                        ]
                    ),
                    cloth,
                )
            )
        return pieces

    return make


def laid_table(cloth: Colour = WHITE) -> Thing:
    """A table with cups and a candle, and a chair at each end."""

    def make(stage: Stage) -> Pieces:
        chairs = Path()
        for side in (-1.0, 1.0):
            x = side * 0.24
            chairs.join(box(x - 0.008, -0.27, 0.016, 0.27)).join(box(min(x, x - side * 0.09), -0.13, 0.09, 0.014)).join(
                box(x - side * 0.085 - 0.006, -0.13, 0.012, 0.13)
            )
        cups = rounded(-0.10, -0.235, 0.034, 0.03, 0.006).join(rounded(0.07, -0.235, 0.034, 0.03, 0.006))
        return [
            (chairs, DARK),
            *table(0.34, 0.19, OAK, cloth=cloth)(stage),
            (cups, Colour(0.86, 0.06, 220)),
            (box(-0.006, -0.25, 0.012, 0.045), WHITE),
            (ellipse(0.0, -0.263, 0.006, 0.013), lit(0.92, 0.14, 85)),
        ]

    return make


def desk(w: float = 0.26, *, screen: bool = False) -> Thing:
    def make(stage: Stage) -> Pieces:
        pieces: Pieces = [
            (box(-w * 0.46, -0.15, 0.014, 0.15).join(box(w * 0.46 - 0.014, -0.15, 0.014, 0.15)), STEEL.lighter(-0.2)),
            (box(-w / 2, -0.165, w, 0.020), OAK.lighter(0.1)),
        ]
        if screen:
            pieces += [
                (box(-0.010, -0.20, 0.020, 0.04), INK),
                (rounded(-0.075, -0.285, 0.15, 0.095, 0.006), INK),
                (box(-0.068, -0.278, 0.136, 0.080), lit(0.84, 0.06, 225)),
                (
                    box(-0.055, -0.265, 0.06, 0.006)
                    .join(box(-0.055, -0.25, 0.09, 0.006))
                    .join(box(-0.055, -0.235, 0.045, 0.006)),
                    lit(0.55, 0.10, 250),
                ),
            ]
        else:
            pieces.append(
                (
                    box(-0.07, -0.175, 0.07, 0.012).join(box(-0.062, -0.187, 0.06, 0.012)),
                    Colour(0.56, 0.13, stage.dawdle(0, 360)),
                )
            )
        return pieces

    return make


def blackboard(w: float = 0.74, h: float = 0.30) -> Pieces:
    chalk = Path()
    for k, (x, y, lw) in enumerate(
        (
            (-0.30, 0.06, 0.22),
            (-0.30, 0.10, 0.16),
            (-0.30, 0.14, 0.26),
            (0.06, 0.07, 0.05),
            (0.14, 0.07, 0.03),
            (0.20, 0.07, 0.09),
        )
    ):
        chalk.join(box(x, y - (0.004 if k % 2 else 0.0), lw, 0.006))
    circle = ribbon(
        [(0.12 + 0.05 * math.cos(a), 0.17 + 0.05 * math.sin(a)) for a in (0.0, 1.0, 2.1, 3.1, 4.2, 5.2, 6.2)],
        [0.004] * 7,
    )
    return [
        (rounded(-w / 2 - 0.016, -0.016, w + 0.032, h + 0.032, 0.004), OAK),
        (box(-w / 2, 0.0, w, h), Colour(0.36, 0.05, 165)),
        (chalk.join(circle), Colour(0.92, 0.01, 120)),
        (box(-w / 2, h + 0.014, w, 0.012), OAK.lighter(-0.1)),
    ]


def sofa(tone: Colour = _SOFA_TONE) -> Thing:
    return lambda stage: [
        (rounded(-0.28, -0.24, 0.56, 0.20, 0.04), tone.lighter(-0.05)),
        (rounded(-0.24, -0.14, 0.235, 0.07, 0.02).join(rounded(0.005, -0.14, 0.235, 0.07, 0.02)), tone.lighter(0.05)),
        (rounded(-0.31, -0.17, 0.08, 0.16, 0.035).join(rounded(0.23, -0.17, 0.08, 0.16, 0.035)), tone),
        (box(-0.25, -0.08, 0.5, 0.06), tone),
        (box(-0.25, -0.022, 0.02, 0.022).join(box(0.23, -0.022, 0.02, 0.022)), DARK),
        (rounded(0.06, -0.20, 0.10, 0.09, 0.02), Colour(0.80, 0.12, 80)),
    ]


def bed(cover: Colour = _BED_COVER) -> Thing:
    return lambda stage: [
        (rounded(-0.40, -0.36, 0.05, 0.36, 0.012), OAK),
        (rounded(-0.39, -0.16, 0.76, 0.10, 0.02), WHITE),
        (smooth([(-0.14, -0.165), (0.1, -0.195), (0.36, -0.17), (0.385, -0.05), (-0.15, -0.05)], tension=0.3), cover),
        (rounded(-0.35, -0.225, 0.17, 0.07, 0.03), WHITE.lighter(0.03)),
        (rounded(0.355, -0.22, 0.035, 0.22, 0.012), OAK),
        (box(-0.39, -0.065, 0.76, 0.03), OAK.lighter(-0.06)),
    ]


def kitchen_units(stage: Stage) -> Pieces:
    """Cupboards, hob and hood, tiles behind, pans that hang."""
    door, top = Colour(0.70, 0.07, 185), Colour(0.86, 0.025, 80)
    doors, knobs, tiles = Path(), Path(), Path()
    for k in range(6):
        x = -0.66 + 0.22 * k
        doors.join(rounded(x + 0.010, -0.165, 0.20, 0.15, 0.004))
        knobs.join(ellipse(x + 0.19, -0.13, 0.006))
        if k not in (2, 3):
            doors.join(rounded(x + 0.010, -0.56, 0.20, 0.16, 0.004))
            knobs.join(ellipse(x + 0.03, -0.43, 0.006))
    for r in range(3):
        for c in range(22):
            tiles.join(box(-0.66 + 0.06 * c + 0.03 * (r % 2), -0.38 + 0.058 * r, 0.055, 0.053))
    pans = Path()
    for k in range(3):
        pans.join(ellipse(-0.12 + 0.10 * k, -0.345, 0.030, 0.030)).join(box(-0.123 + 0.10 * k, -0.405, 0.006, 0.05))
    return [
        (tiles, Colour(0.90, 0.02, 85)),
        (box(-0.68, -0.18, 1.36, 0.18), door.lighter(-0.08)),
        (doors, door),
        (knobs, Colour(0.82, 0.1, 85)),
        (box(-0.70, -0.20, 1.40, 0.024), top),
        (polygon([(-0.10, -0.60), (0.10, -0.60), (0.19, -0.44), (-0.19, -0.44)]), STEEL),
        (rounded(-0.17, -0.155, 0.34, 0.135, 0.006), STEEL.lighter(-0.1)),
        (rounded(-0.13, -0.125, 0.26, 0.08, 0.006), lit(0.62, 0.14, 50)),
        (box(-0.17, -0.415, 0.34, 0.006), INK),
        (pans, Colour(0.56, 0.11, 50)),
        (rounded(-0.06, -0.275, 0.11, 0.075, 0.01), Colour(0.58, 0.18, 27)),
        (box(0.34, -0.30, 0.05, 0.10).join(box(0.41, -0.27, 0.05, 0.07)), Colour(0.92, 0.04, 80)),
        (rounded(-0.56, -0.265, 0.06, 0.065, 0.02), Colour(0.62, 0.10, 140)),
    ]


def fridge(stage: Stage) -> Pieces:
    return [
        (rounded(-0.11, -0.52, 0.22, 0.52, 0.02), Colour(0.88, 0.03, 200)),
        (box(-0.11, -0.35, 0.22, 0.006), Colour(0.70, 0.03, 200)),
        (box(0.07, -0.47, 0.012, 0.08).join(box(0.07, -0.30, 0.012, 0.12)), STEEL),
        (box(-0.06, -0.45, 0.05, 0.06).join(box(-0.05, -0.27, 0.07, 0.05)), Colour(0.85, 0.12, 85)),
    ]


def picture(w: float, h: float, kind: int, *, gilt: bool = True) -> Pieces:
    """A painting of one of seven manners, frame and all; hangs from its top middle."""
    x, rim = -w / 2, Colour(0.72, 0.11, 82) if gilt else INK
    pieces: Pieces = [
        (box(x - 0.016, -0.016, w + 0.032, h + 0.032), rim),
        (box(x - 0.005, -0.005, w + 0.01, h + 0.01), rim.lighter(-0.2)),
    ]
    k = kind % 7
    if k == 0:  # a sea at sunset
        pieces += [
            (box(x, 0.0, w, h * 0.6), Colour(0.82, 0.12, 60)),
            (box(x, h * 0.6, w, h * 0.4), Colour(0.50, 0.10, 250)),
            (ellipse(x + w * 0.64, h * 0.56, h * 0.13), Colour(0.92, 0.13, 88)),
            (box(x, h * 0.6, w, h * 0.4), Colour(0.50, 0.10, 250)),
            (
                box(x + w * 0.5, h * 0.66, w * 0.3, h * 0.03).join(box(x + w * 0.55, h * 0.75, w * 0.22, h * 0.03)),
                Colour(0.9, 0.12, 85),
            ),
        ]
    elif k == 1:  # squares of colour between black lines
        pieces += [
            (box(x, 0.0, w, h), WHITE),
            (box(x, 0.0, w * 0.38, h * 0.55), Colour(0.58, 0.21, 28)),
            (box(x + w * 0.68, h * 0.6, w * 0.32, h * 0.4), Colour(0.86, 0.17, 95)),
            (box(x + w * 0.42, h * 0.76, w * 0.22, h * 0.24), Colour(0.48, 0.16, 260)),
            (
                box(x + w * 0.36, 0.0, 0.008, h)
                .join(box(x + w * 0.66, 0.0, 0.008, h))
                .join(box(x, h * 0.54, w, 0.008))
                .join(box(x + w * 0.36, h * 0.75, w * 0.32, 0.008)),
                INK,
            ),
        ]
    elif k == 2:  # a portrait
        pieces += [
            (box(x, 0.0, w, h), Colour(0.38, 0.06, 150)),
            (
                smooth(
                    [
                        (x + w * 0.12, h),
                        (x + w * 0.22, h * 0.68),
                        (x + w * 0.5, h * 0.58),
                        (x + w * 0.78, h * 0.68),
                        (x + w * 0.88, h),
                    ],
                    tension=0.4,
                ),
                Colour(0.42, 0.10, 20),
            ),
            (ellipse(x + w * 0.5, h * 0.40, w * 0.15, h * 0.19), Colour(0.80, 0.06, 60)),
            (
                smooth(
                    [
                        (x + w * 0.32, h * 0.44),
                        (x + w * 0.34, h * 0.2),
                        (x + w * 0.5, h * 0.14),
                        (x + w * 0.66, h * 0.2),
                        (x + w * 0.68, h * 0.44),
                        (x + w * 0.6, h * 0.27),
                        (x + w * 0.42, h * 0.27),
                    ],
                    tension=0.4,
                ),
                Colour(0.28, 0.05, 45),
            ),
        ]
    elif k == 3:  # circles
        pieces += [
            (box(x, 0.0, w, h), Colour(0.90, 0.03, 85)),
            (ellipse(x + w * 0.35, h * 0.4, h * 0.26), Colour(0.60, 0.19, 35)),
            (ellipse(x + w * 0.60, h * 0.58, h * 0.2), Colour(0.50, 0.13, 250)),
            (ellipse(x + w * 0.70, h * 0.26, h * 0.1), Colour(0.85, 0.16, 90)),
            (ellipse(x + w * 0.35, h * 0.4, h * 0.12), INK),
        ]
    elif k == 4:  # ink mountains
        pieces += [
            (box(x, 0.0, w, h), Colour(0.92, 0.02, 90)),
            (polygon([(x, h * 0.8), (x + w * 0.3, h * 0.28), (x + w * 0.5, h * 0.8)]), Colour(0.62, 0.01, 250)),
            (polygon([(x + w * 0.3, h * 0.86), (x + w * 0.66, h * 0.4), (x + w, h * 0.86)]), Colour(0.40, 0.015, 250)),
            (box(x + w * 0.08, h * 0.12, w * 0.06, h * 0.10), Colour(0.55, 0.2, 28)),
        ]
    elif k == 5:  # a starry night
        pieces += [
            (box(x, 0.0, w, h), Colour(0.36, 0.12, 265)),
            (
                ellipse(x + w * 0.75, h * 0.25, h * 0.10)
                .join(ellipse(x + w * 0.3, h * 0.2, h * 0.05))
                .join(ellipse(x + w * 0.5, h * 0.4, h * 0.06))
                .join(ellipse(x + w * 0.15, h * 0.45, h * 0.045)),
                Colour(0.90, 0.13, 92),
            ),
            (
                ribbon(
                    [(x + 0.004, h * 0.5), (x + w * 0.3, h * 0.36), (x + w * 0.6, h * 0.56), (x + w - 0.004, h * 0.42)],
                    [h * 0.03, h * 0.07, h * 0.06, h * 0.03],
                ),
                Colour(0.66, 0.10, 245),
            ),
            (
                smooth([(x, h), (x, h * 0.74), (x + w * 0.5, h * 0.68), (x + w, h * 0.76), (x + w, h)], tension=0.3),
                Colour(0.30, 0.07, 200),
            ),
            (smooth([(x + w * 0.1, h), (x + w * 0.17, h * 0.3), (x + w * 0.26, h)], tension=0.4), INK),
        ]
    else:  # flowers in a vase
        pieces += [
            (box(x, 0.0, w, h), Colour(0.80, 0.08, 75)),
            (rounded(x + w * 0.38, h * 0.58, w * 0.24, h * 0.34, w * 0.06), Colour(0.50, 0.10, 245)),
        ]
        for i, hue in enumerate((20, 350, 60, 300, 90)):
            pieces.append(
                (ellipse(x + w * (0.28 + 0.11 * i), h * (0.42 - 0.12 * (i % 2)), h * 0.10), Colour(0.68, 0.18, hue))
            )
    return pieces


def fireplace(stage: Stage) -> Pieces:
    flame = smooth(
        [(-0.05, -0.03), (-0.035, -0.10), (-0.01, -0.085), (0.0, -0.14), (0.02, -0.09), (0.04, -0.11), (0.05, -0.03)],
        tension=0.45,
    )
    return [
        (box(-0.20, -0.70, 0.40, 0.42), Colour(0.52, 0.08, 35)),
        (box(-0.22, -0.30, 0.44, 0.30), Colour(0.58, 0.07, 38)),
        (rounded(-0.12, -0.20, 0.24, 0.22, 0.05), Colour(0.18, 0.03, 40)),
        (flame, lit(0.74, 0.18, 50)),
        (smooth([(-0.022, -0.03), (-0.01, -0.07), (0.004, -0.09), (0.02, -0.03)], tension=0.4), lit(0.92, 0.13, 88)),
        (box(-0.25, -0.325, 0.50, 0.03), DARK),
        (rounded(-0.16, -0.385, 0.04, 0.06, 0.008), Colour(0.6, 0.1, 220)),
        (box(0.08, -0.37, 0.06, 0.046), OAK.lighter(0.1)),
    ]


def potted(stage: Stage) -> Pieces:
    leaves = Path()
    for k in range(7):
        lean = (k - 3) * 0.045
        leaves.join(
            smooth(
                [
                    (0.0, -0.10),
                    (lean * 0.8 - 0.02, -0.22),
                    (lean * 1.5, -0.30 + abs(lean) * 0.5),
                    (lean * 0.8 + 0.02, -0.19),
                ],
                tension=0.4,
            )
        )
    return [
        (leaves, Colour(0.50, 0.11, 145)),
        (polygon([(-0.055, -0.11), (0.055, -0.11), (0.042, 0.0), (-0.042, 0.0)]), Colour(0.60, 0.11, 40)),
        (box(-0.06, -0.12, 0.12, 0.018), Colour(0.64, 0.11, 42)),
    ]


def barrel(stage: Stage) -> Pieces:
    return [
        (
            smooth(
                [(-0.055, 0.0), (-0.072, -0.08), (-0.055, -0.16), (0.055, -0.16), (0.072, -0.08), (0.055, 0.0)],
                tension=0.35,
            ),
            OAK.lighter(-0.04),
        ),
        (box(-0.066, -0.125, 0.132, 0.010).join(box(-0.066, -0.045, 0.132, 0.010)), INK.lighter(0.15)),
    ]

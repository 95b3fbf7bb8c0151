"""Buildings one comes to see, cut from paper: each maker gives its pieces, foot at (0, 0), and its width."""

import math

from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import Path, box, ellipse, polygon, ribbon, rounded, smooth
from engine.renderers.animatic.settings.buildings import LAMP, Builder, Built, dark
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.stage import Stage

_HALL_ROOF = Colour(0.72, 0.13, 80)
_COLUMNS_STONE = Colour(0.84, 0.025, 80)


def pagoda(tiers: int = 5, size: float = 0.5) -> Builder:
    def build(stage: Stage) -> Built:
        pieces: Pieces = []
        red, roof = Colour(0.52, 0.15, 28), Colour(0.42, 0.05, 190)
        h = size / tiers
        glow_ = Path()
        for k in range(tiers):
            w = size * (0.42 - 0.22 * k / tiers)
            y = -h * k
            pieces.append((box(-w * 0.40, y - h, w * 0.8, h), red))
            for c in (-0.22, 0.02, 0.2):
                glow_.join(rounded(w * c - w * 0.03, y - h * 0.66, w * 0.10, h * 0.46, 0.003))
            pieces.append(
                (
                    smooth(
                        [
                            (-w * 0.80, y - h * 0.86),
                            (-w * 0.50, y - h * 0.98),
                            (-w * 0.34, y - h * 1.16),
                            (w * 0.34, y - h * 1.16),
                            (w * 0.50, y - h * 0.98),
                            (w * 0.80, y - h * 0.86),
                            (w * 0.4, y - h * 0.80),
                            (-w * 0.4, y - h * 0.80),
                        ],
                        tension=0.35,
                    ),
                    roof,
                )
            )
        pieces += [
            (glow_, LAMP if dark(stage) else Colour(0.85, 0.06, 85)),
            (ribbon([(0.0, -size), (0.0, -size * 1.22)], [size * 0.03, size * 0.008]), Colour(0.78, 0.12, 85)),
        ]
        return pieces, size * 0.72

    return build


def hall(width: float = 0.9, tall: float = 0.26, roof: Colour = _HALL_ROOF) -> Builder:
    """A hall with red columns under a sweeping roof, on a stone platform with steps."""

    def build(stage: Stage) -> Built:
        w, h, red = width, tall, Colour(0.50, 0.16, 28)
        columns, doors = Path(), Path()
        for k in range(7):
            x = -w * 0.40 + w * 0.80 * k / 6
            columns.join(box(x - w * 0.014, -h, w * 0.028, h * 0.78))
            if k < 6:
                doors.join(rounded(x + w * 0.03, -h * 0.82, w * 0.073, h * 0.60, 0.003))
        sweep = smooth(
            [
                (-w * 0.58, -h * 1.02),
                (-w * 0.44, -h * 1.12),
                (-w * 0.30, -h * 1.52),
                (0.0, -h * 1.58),
                (w * 0.30, -h * 1.52),
                (w * 0.44, -h * 1.12),
                (w * 0.58, -h * 1.02),
                (w * 0.3, -h * 0.96),
                (-w * 0.3, -h * 0.96),
            ],
            tension=0.35,
        )
        ribs = Path()
        for k in range(11):
            x = -w * 0.30 + w * 0.06 * k
            ribs.join(ribbon([(x * 0.92, -h * 1.50), (x * 1.12, -h * 1.20), (x * 1.36, -h * 1.04)], [0.003] * 3))
        return [
            (box(-w * 0.54, -h * 0.22, w * 1.08, h * 0.22), Colour(0.86, 0.015, 90)),
            (
                polygon([(-w * 0.12, -h * 0.22), (w * 0.12, -h * 0.22), (w * 0.17, 0.0), (-w * 0.17, 0.0)]),
                Colour(0.80, 0.015, 90),
            ),
            (box(-w * 0.42, -h, w * 0.84, h * 0.80), red.lighter(-0.14)),
            (doors, LAMP if dark(stage) else Colour(0.62, 0.12, 60)),
            (columns, red),
            (box(-w * 0.46, -h * 1.04, w * 0.92, h * 0.10), Colour(0.46, 0.09, 200)),
            (sweep, roof),
            (ribs, roof.lighter(-0.09)),
            (
                ribbon(
                    [(-w * 0.31, -h * 1.56), (0.0, -h * 1.60), (w * 0.31, -h * 1.56)], [h * 0.06, h * 0.05, h * 0.06]
                ),
                roof.lighter(-0.14),
            ),
        ], w * 1.16

    return build


def castle(stage: Stage) -> Built:
    stone, pieces = Colour(0.66, 0.025, 80), []  # type: Colour, Pieces
    roofs = Colour(0.44, 0.10, 270)

    def keep(x: float, w: float, h: float, pointed: bool) -> None:
        pieces.append((box(x - w / 2, -h, w, h), stone.lighter(stage.dawdle(-0.03, 0.03))))
        pieces.append((box(x + w * 0.2, -h, w * 0.3, h), stone.lighter(-0.08)))
        if pointed:
            pieces.append((polygon([(x - w * 0.68, -h), (x, -h - w * 1.5), (x + w * 0.68, -h)]), roofs))
            pieces.append(
                (polygon([(x, -h - w * 1.5), (x, -h - w * 1.85), (x + w * 0.55, -h - w * 1.68)]), Colour(0.62, 0.2, 28))
            )
        else:
            teeth = Path()
            for k in range(5):
                teeth.join(box(x - w / 2 + w * k / 4.5, -h - w * 0.11, w * 0.11, w * 0.12))
            pieces.append((teeth, stone))
        pieces.append(
            (
                rounded(x - w * 0.07, -h * 0.78, w * 0.14, w * 0.34, w * 0.07),
                LAMP if dark(stage) else stone.lighter(-0.36),
            )
        )

    keep(-0.10, 0.13, 0.50, True)
    keep(0.16, 0.11, 0.42, True)
    keep(0.02, 0.30, 0.32, False)
    keep(-0.32, 0.11, 0.34, True)
    keep(0.36, 0.12, 0.30, True)
    keep(-0.2, 0.26, 0.17, False)
    keep(0.24, 0.26, 0.17, False)
    pieces.append((rounded(-0.045, -0.13, 0.09, 0.13, 0.045), stone.lighter(-0.42)))
    return pieces, 0.9


def columns(
    count: int, tall: float, *, broken: bool = False, roof: bool = True, stone: Colour = _COLUMNS_STONE
) -> Builder:
    """A temple of columns: whole with its gable, or what time has left of it."""

    def build(stage: Stage) -> Built:
        w = tall * 0.28 * count
        pieces: Pieces = [
            (box(-w * 0.56, -tall * 0.07, w * 1.12, tall * 0.07), stone.lighter(-0.10)),
            (box(-w * 0.53, -tall * 0.13, w * 1.06, tall * 0.07), stone.lighter(-0.04)),
        ]
        shafts, shades = Path(), Path()
        for k in range(count):
            x = -w * 0.46 + w * 0.92 * k / max(1, count - 1)
            h = tall * (stage.dawdle(0.28, 1.0) if broken and stage.rng.random() < 0.6 else 1.0)
            r = tall * 0.065
            if h < tall:
                shafts.join(
                    polygon(
                        [
                            (x - r, -tall * 0.12),
                            (x - r * 0.9, -h),
                            (x - r * 0.2, -h + r * 0.6),
                            (x + r * 0.3, -h - r * 0.3),
                            (x + r * 0.9, -h + r * 0.4),
                            (x + r, -tall * 0.12),
                        ]
                    )
                )
            else:
                shafts.join(
                    polygon([(x - r, -tall * 0.12), (x - r * 0.82, -h), (x + r * 0.82, -h), (x + r, -tall * 0.12)])
                )
                shafts.join(box(x - r * 1.4, -h - r * 0.6, r * 2.8, r * 0.7))
            shades.join(
                polygon(
                    [
                        (x + r * 0.25, -tall * 0.12),
                        (x + r * 0.25, -h + r * 0.5),
                        (x + r * 0.86, -h + r * 0.5),
                        (x + r, -tall * 0.12),
                    ]
                )
            )
        pieces += [(shafts, stone), (shades, stone.lighter(-0.10))]
        if roof and not broken:
            pieces += [
                (box(-w * 0.56, -tall * 1.16, w * 1.12, tall * 0.13), stone.lighter(-0.03)),
                (polygon([(-w * 0.58, -tall * 1.16), (0.0, -tall * 1.16 - w * 0.2), (w * 0.58, -tall * 1.16)]), stone),
                (
                    polygon([(-w * 0.42, -tall * 1.18), (0.0, -tall * 1.18 - w * 0.13), (w * 0.42, -tall * 1.18)]),
                    stone.lighter(-0.12),
                ),
            ]
        elif broken:
            pieces.append(
                (
                    polygon(
                        [
                            (-w * 0.50, -tall * 1.04),
                            (-w * 0.5, -tall * 1.15),
                            (-w * 0.12, -tall * 1.15),
                            (-w * 0.06, -tall * 1.09),
                            (-w * 0.1, -tall * 1.04),
                        ]
                    ),
                    stone.lighter(-0.03),
                )
            )
        return pieces, w * 1.2

    return build


def church(stage: Stage) -> Built:
    wall, roof = Colour(0.88, 0.02, 85), Colour(0.44, 0.06, 255)
    glass = LAMP if dark(stage) else Colour(0.48, 0.06, 250)
    return [
        (box(-0.06, -0.20, 0.36, 0.20), wall),
        (polygon([(-0.10, -0.20), (-0.02, -0.31), (0.28, -0.31), (0.34, -0.20)]), roof),
        (box(-0.15, -0.40, 0.13, 0.40), wall.lighter(0.03)),
        (polygon([(-0.17, -0.40), (-0.085, -0.66), (0.0, -0.40)]), roof),
        (box(-0.087, -0.72, 0.004, 0.06).join(box(-0.10, -0.706, 0.03, 0.004)), Colour(0.8, 0.1, 85)),
        (rounded(-0.105, -0.36, 0.04, 0.07, 0.02), glass),
        (rounded(-0.115, -0.10, 0.06, 0.10, 0.03), roof.lighter(-0.1)),
        (
            rounded(0.03, -0.16, 0.035, 0.09, 0.017)
            .join(rounded(0.11, -0.16, 0.035, 0.09, 0.017))
            .join(rounded(0.19, -0.16, 0.035, 0.09, 0.017)),
            glass,
        ),
    ], 0.62


def minaret(stage: Stage) -> Built:
    """A domed hall between slender towers."""
    white, gold = Colour(0.92, 0.02, 80), Colour(0.78, 0.12, 82)
    dome = smooth(
        [(-0.14, -0.26), (-0.165, -0.33), (-0.10, -0.44), (0.0, -0.53), (0.10, -0.44), (0.165, -0.33), (0.14, -0.26)],
        tension=0.45,
    )
    thin = Path()
    for x in (-0.36, 0.36):
        thin.join(box(x - 0.018, -0.50, 0.036, 0.50)).join(box(x - 0.028, -0.36, 0.056, 0.012)).join(
            polygon([(x - 0.03, -0.50), (x, -0.60), (x + 0.03, -0.50)])
        )
    arches = rounded(-0.05, -0.17, 0.10, 0.20, 0.05)
    for x in (-0.20, 0.14):
        arches.join(rounded(x, -0.13, 0.06, 0.15, 0.03))
    return [
        (thin, white.lighter(-0.03)),
        (dome, white),
        (ribbon([(0.0, -0.52), (0.0, -0.60)], [0.012, 0.003]), gold),
        (box(-0.27, -0.27, 0.54, 0.27), white),
        (box(-0.29, -0.285, 0.58, 0.02), white.lighter(-0.06)),
        (arches, LAMP if dark(stage) else Colour(0.52, 0.06, 235)),
        (ellipse(-0.22, -0.28, 0.05, 0.06).join(ellipse(0.22, -0.28, 0.05, 0.06)), white.lighter(-0.02)),
    ], 0.82


def windmill(stage: Stage) -> Built:
    cap, wall = Colour(0.42, 0.06, 40), Colour(0.88, 0.03, 80)
    turn, sails, bars = stage.dawdle(0, 90), Path(), Path()
    for k in range(4):
        a = math.radians(turn + 90 * k)
        ux, uy, vx, vy = math.cos(a), math.sin(a), -math.sin(a), math.cos(a)
        hub = (0.0, -0.40)
        bars.join(ribbon([hub, (ux * 0.25, -0.40 + uy * 0.25)], [0.010, 0.006]))
        sails.join(
            polygon(
                [
                    (hub[0] + ux * r + vx * o, hub[1] + uy * r + vy * o)
                    for r, o in ((0.06, 0.0), (0.25, 0.0), (0.25, 0.055), (0.06, 0.04))
                ]
            )
        )
    return [
        (polygon([(-0.12, 0.0), (-0.075, -0.38), (0.075, -0.38), (0.12, 0.0)]), wall),
        (polygon([(0.03, 0.0), (0.03, -0.38), (0.075, -0.38), (0.12, 0.0)]), wall.lighter(-0.08)),
        (smooth([(-0.085, -0.37), (-0.06, -0.46), (0.0, -0.49), (0.06, -0.46), (0.085, -0.37)], tension=0.4), cap),
        (box(-0.09, -0.16, 0.18, 0.012), cap),
        (rounded(-0.028, -0.09, 0.056, 0.09, 0.025), cap.lighter(-0.05)),
        (sails, Colour(0.94, 0.02, 85)),
        (bars, cap.lighter(-0.1)),
    ], 0.62


def lighthouse(stage: Stage) -> Built:
    white, red = Colour(0.94, 0.01, 90), Colour(0.56, 0.19, 27)
    bands = Path()
    for k in (0, 2):
        y0, y1 = -0.52 * (k + 0.6) / 4, -0.52 * (k + 1.5) / 4
        w0, w1 = 0.065 - 0.025 * (k + 0.6) / 4, 0.065 - 0.025 * (k + 1.5) / 4
        bands.join(polygon([(-w0, y0), (-w1, y1), (w1, y1), (w0, y0)]))
    return [
        (polygon([(-0.065, 0.0), (-0.040, -0.52), (0.040, -0.52), (0.065, 0.0)]), white),
        (bands, red),
        (box(-0.052, -0.535, 0.104, 0.018), red.lighter(-0.1)),
        (box(-0.026, -0.585, 0.052, 0.05), LAMP if dark(stage) else Colour(0.90, 0.08, 90)),
        (smooth([(-0.038, -0.58), (0.0, -0.63), (0.038, -0.58)], tension=0.4), red),
        (rounded(-0.016, -0.06, 0.032, 0.06, 0.015), red.lighter(-0.2)),
    ], 0.4


def pyramid(size: float) -> Builder:
    def build(stage: Stage) -> Built:
        sand = Colour(0.80, 0.09, 75)
        lit_left = stage.key.x < 0
        edge = size * (0.24 if lit_left else -0.24)
        courses = Path()
        for k in range(1, 7):
            y, w = -size * 0.62 * k / 7, size * (1 - k / 7)
            courses.join(box(-w, y, w * 2, 0.003))
        return [
            (polygon([(-size, 0.0), (0.0, -size * 0.62), (size, 0.0)]), sand),
            (polygon([(edge, 0.0), (0.0, -size * 0.62), (size if lit_left else -size, 0.0)]), sand.lighter(-0.13)),
            (courses, sand.lighter(-0.05)),
        ], size * 2.1

    return build

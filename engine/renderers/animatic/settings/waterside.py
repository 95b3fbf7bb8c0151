"""Things of harbours, canals and cold seas, cut from paper, foot at (0, 0)."""

import math

from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import Path, box, ellipse, polygon, ribbon, smooth
from engine.renderers.animatic.settings.buildings import WOOD
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.outdoor import IRON, Thing
from engine.renderers.animatic.stage import Stage

_SHIP_TONE = Colour(0.40, 0.10, 28)


def container_stack(stage: Stage) -> Pieces:
    pieces: Pieces = []
    for k in range(int(stage.dawdle(2, 5))):
        tone = Colour(0.56, 0.13, stage.dawdle(0, 360))
        x = stage.dawdle(-0.03, 0.03)
        ribs = Path()
        for r in range(9):
            ribs.join(box(x - 0.14 + 0.032 * r, -0.085 * (k + 1) + 0.010, 0.008, 0.065))
        pieces += [(box(x - 0.15, -0.085 * (k + 1), 0.30, 0.082), tone), (ribs, tone.lighter(-0.08))]
    return pieces


def gantry(stage: Stage) -> Pieces:
    """A harbour crane: legs, a long arm over the water, a cable with its load."""
    tone = Colour(0.60, 0.17, 45)
    legs = Path()
    for x in (-0.10, 0.10):
        legs.join(ribbon([(x * 1.3, 0.0), (x, -0.42)], [0.022, 0.016]))
    legs.join(ribbon([(-0.115, -0.18), (0.115, -0.18)], [0.014, 0.014])).join(
        ribbon([(-0.12, -0.04), (0.105, -0.36)], [0.008, 0.008])
    )
    arm = polygon([(-0.34, -0.44), (0.44, -0.44), (0.44, -0.415), (-0.34, -0.40)])
    stays = (
        ribbon([(0.0, -0.62), (-0.32, -0.44)], [0.006, 0.006])
        .join(ribbon([(0.0, -0.62), (0.42, -0.44)], [0.006, 0.006]))
        .join(ribbon([(0.0, -0.42), (0.0, -0.62)], [0.020, 0.012]))
    )
    return [
        (stays, tone.lighter(-0.1)),
        (legs, tone),
        (arm, tone),
        (box(0.298, -0.42, 0.004, 0.20), IRON),
        (box(0.25, -0.23, 0.10, 0.05), Colour(0.52, 0.12, 250)),
        (box(-0.07, -0.41, 0.07, 0.05), Colour(0.9, 0.02, 90)),
    ]


def ship(tone: Colour = _SHIP_TONE, size: float = 0.5) -> Thing:
    def make(stage: Stage) -> Pieces:
        s = size
        hull = smooth(
            [(-s, -s * 0.22), (-s * 0.92, 0.0), (s * 0.82, 0.0), (s * 1.02, -s * 0.30), (s * 0.7, -s * 0.22)],
            tension=0.15,
        )
        ports = Path()
        for k in range(6):
            ports.join(ellipse(-s * 0.5 + s * 0.2 * k, -s * 0.13, s * 0.014))
        return [
            (hull, tone),
            (box(-s * 0.96, -s * 0.05, s * 1.82, s * 0.05), tone.lighter(-0.12)),
            (box(-s * 0.74, -s * 0.46, s * 0.52, s * 0.25), Colour(0.92, 0.015, 90)),
            (
                box(-s * 0.68, -s * 0.42, s * 0.40, s * 0.06).join(box(-s * 0.68, -s * 0.32, s * 0.40, s * 0.05)),
                Colour(0.45, 0.05, 240),
            ),
            (
                polygon(
                    [(-s * 0.58, -s * 0.45), (-s * 0.54, -s * 0.68), (-s * 0.38, -s * 0.68), (-s * 0.36, -s * 0.45)]
                ),
                Colour(0.60, 0.18, 30),
            ),
            (box(-s * 0.56, -s * 0.66, s * 0.19, s * 0.06), Colour(0.2, 0.01, 260)),
            (ribbon([(s * 0.35, -s * 0.2), (s * 0.35, -s * 0.7)], [s * 0.02, s * 0.01]), IRON),
            (ports, Colour(0.85, 0.05, 85)),
        ]

    return make


def fishing_boat(stage: Stage) -> Pieces:
    s, tone = stage.dawdle(0.11, 0.16), Colour(0.56, 0.12, stage.dawdle(0, 360))
    return [
        (ribbon([(0.0, -s * 0.2), (0.0, -s * 1.25)], [s * 0.05, s * 0.03]), WOOD.lighter(-0.1)),
        (polygon([(s * 0.06, -s * 1.2), (s * 0.62, -s * 0.36), (s * 0.06, -s * 0.36)]), Colour(0.93, 0.025, 85)),
        (
            smooth(
                [(-s, -s * 0.26), (-s * 0.7, s * 0.02), (s * 0.66, s * 0.02), (s * 1.05, -s * 0.34), (0.0, -s * 0.2)],
                tension=0.3,
            ),
            tone,
        ),
    ]


def gondola(stage: Stage) -> Pieces:
    s, black = 0.17, Colour(0.25, 0.03, 270)
    return [
        (
            smooth(
                [
                    (-s * 1.2, -s * 0.42),
                    (-s * 0.9, -s * 0.10),
                    (0.0, s * 0.02),
                    (s * 0.9, -s * 0.10),
                    (s * 1.2, -s * 0.52),
                    (s * 1.0, -s * 0.2),
                    (0.0, -s * 0.08),
                    (-s, -s * 0.2),
                ],
                tension=0.35,
            ),
            black,
        ),
        (box(-s * 0.3, -s * 0.26, s * 0.5, s * 0.16), Colour(0.55, 0.18, 25)),
    ]


def hump_bridge(size: float = 0.6) -> Thing:
    def make(stage: Stage) -> Pieces:
        s, tone = size, Colour(0.74, 0.025, 85)
        span_ = smooth(
            [
                (-s, 0.0),
                (-s * 0.55, -s * 0.22),
                (0.0, -s * 0.36),
                (s * 0.55, -s * 0.22),
                (s, 0.0),
                (s * 0.62, 0.02),
                (s * 0.36, -s * 0.12),
                (0.0, -s * 0.24),
                (-s * 0.36, -s * 0.12),
                (-s * 0.62, 0.02),
            ],
            tension=0.42,
        )
        rail = Path()
        for k in range(9):
            x = s * (-0.8 + 0.2 * k)
            y = -s * 0.36 * math.cos(x / s * 1.5)
            rail.join(box(x - 0.006, y - s * 0.10, 0.012, s * 0.12))
        rail.join(
            ribbon(
                [(x * s, -s * 0.36 * math.cos(x * 1.5) - s * 0.10) for x in (-0.85, -0.4, 0.0, 0.4, 0.85)], [0.012] * 5
            )
        )
        return [(rail, tone.lighter(-0.06)), (span_, tone)]

    return make


def suspension_bridge(stage: Stage) -> Pieces:
    red, w = Colour(0.56, 0.17, 35), 2.4
    towers, wires = Path(), Path()
    for x in (-0.52, 0.52):
        towers.join(box(x - 0.030, -0.46, 0.016, 0.48)).join(box(x + 0.014, -0.46, 0.016, 0.48))
        for y in (-0.44, -0.30, -0.16):
            towers.join(box(x - 0.03, y, 0.06, 0.016))
    cable = Path()
    spans = [
        (-1.25, -0.08),
        (-0.9, -0.22),
        (-0.52, -0.45),
        (-0.26, -0.20),
        (0.0, -0.12),
        (0.26, -0.20),
        (0.52, -0.45),
        (0.9, -0.22),
        (1.25, -0.08),
    ]
    cable.join(ribbon(spans[:3], [0.008] * 3)).join(ribbon(spans[2:7], [0.008] * 5)).join(
        ribbon(spans[6:], [0.008] * 3)
    )
    for k in range(33):
        x = -1.2 + 2.4 * k / 32
        edge = abs(abs(x) - 0.52)
        y = -0.09 - (0.36 * (1 - edge / 0.52) ** 2 + 0.02 if abs(x) < 0.52 else 0.34 * max(0.0, 1 - edge / 0.62) ** 1.3)
        wires.join(box(x - 0.001, y, 0.002, -y - 0.055))
    return [
        (wires, red.lighter(0.04)),
        (cable, red),
        (towers, red),
        (box(-w / 2, -0.065, w, 0.024), red.lighter(-0.10)),
    ]


def iceberg(stage: Stage) -> Pieces:
    s = stage.dawdle(0.14, 0.30)
    ice = Colour(0.95, 0.025, 225)
    top = [
        (-s, 0.0),
        (-s * 0.8, -s * 0.42),
        (-s * 0.45, -s * 0.50),
        (-s * 0.2, -s * 0.92),
        (s * 0.08, -s * 0.70),
        (s * 0.4, -s * 0.78),
        (s * 0.62, -s * 0.30),
        (s, 0.0),
    ]
    return [
        (polygon(top), ice),
        (
            polygon(
                [
                    (-s * 0.2, -s * 0.92),
                    (s * 0.08, -s * 0.70),
                    (s * 0.4, -s * 0.78),
                    (s * 0.62, -s * 0.30),
                    (s, 0.0),
                    (s * 0.1, 0.0),
                    (-s * 0.05, -s * 0.4),
                ]
            ),
            ice.lighter(-0.14).towards(Colour(0.72, 0.09, 220), 0.5),
        ),
        (
            polygon([(-s * 0.8, -s * 0.42), (-s * 0.45, -s * 0.50), (-s * 0.5, -s * 0.2), (-s * 0.85, 0.0), (-s, 0.0)]),
            ice.lighter(-0.06),
        ),
    ]

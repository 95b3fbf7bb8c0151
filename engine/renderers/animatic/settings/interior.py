"""The shells of rooms: walls, floors, windows with their outside, light that falls in."""

import math

import numpy as np

from engine.renderers.animatic.canvas import Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import Path, box, ellipse, polygon, ribbon, rounded, smooth
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.kit import Layer, cut
from engine.renderers.animatic.stage import Stage

_WINDOW_FRAME = Colour(0.92, 0.02, 80)
_PENDANTS_SHADE = Colour(0.30, 0.03, 60)

WALL = 0.5  # how deep a far wall lies
FLOOR = 0.10  # where floor and wall meet


def away(stage: Stage) -> float:
    """The side that the main subject leaves free."""
    return -math.copysign(1.0, stage.reserved[0])


def wall(
    tone: Colour,
    *,
    floor: float = FLOOR,
    dado: Colour | None = None,
    dado_top: float = -0.16,
    papered: Colour | None = None,
) -> Layer:
    """The far wall, lighter towards the floor; with a dado below, or a paper's stripes."""

    def paint(stage: Stage) -> None:
        f = stage.frame
        top = -f.above - 0.3 - stage.reach[1]
        shape = Shape(box(-6.0, top, 12.0, floor + 0.02 - top))
        seen = stage.ground(tone, 0.1)
        shape.linear(
            0.0,
            -f.above,
            0.0,
            floor,
            [
                (0.0, stage.tint(seen.lighter(-0.09)).rgba),
                (0.7, stage.tint(seen.lighter(0.03)).rgba),
                (1.0, stage.tint(seen).rgba),
            ],
        )
        stage.plane(0.0, shape)
        if papered is not None:
            stripes = Path()
            for k in range(-14, 15):
                stripes.join(box(k * 0.11, top, 0.038, floor - top))
            stage.plane(WALL, stage.paint(stripes, stage.ground(papered, 0.1).clear(0.4)))
        if dado is not None:
            stage.plane(0.0, stage.paint(box(-6.0, dado_top, 12.0, floor - dado_top), stage.ground(dado, 0.1)))
            stage.plane(
                0.0, stage.paint(box(-6.0, dado_top - 0.012, 12.0, 0.016), stage.ground(dado.lighter(0.06), 0.1))
            )

    return paint


def boards(tone: Colour, *, top: float = FLOOR, skirting: Colour | None = None, kind: str = "boards") -> Layer:
    """The floor: boards or tiles that run together behind the wall, or bare."""

    def paint(stage: Stage) -> None:
        f = stage.frame
        bottom = f.below + 0.3 + stage.reach[1]
        seen = stage.ground(tone, 0.06)
        shape = Shape(box(-6.0, top, 12.0, bottom - top))
        shape.linear(
            0.0,
            top,
            0.0,
            f.below,
            [
                (0.0, stage.tint(seen.lighter(-0.06)).rgba),
                (0.3, stage.tint(seen.lighter(0.03)).rgba),
                (1.0, stage.tint(seen.lighter(-0.10)).rgba),
            ],
        )
        stage.plane(0.0, shape)
        far, near = 0.30, 1.0
        if kind in ("boards", "tiles"):
            lines = [Path()]
            for k in range(-9, 10):
                x = (k + 0.5) * 0.22
                if (k + 9) % 6 == 0:
                    lines.append(Path())
                lines[-1].join(
                    polygon(
                        [
                            (x * far * 1.6 - 0.001, top),
                            (x * far * 1.6 + 0.001, top),
                            (x * near * 1.9 + 0.004, bottom),
                            (x * near * 1.9 - 0.004, bottom),
                        ]
                    )
                )
            stage.plane(0.6, *(stage.paint(p, seen.lighter(-0.13).clear(0.7)) for p in lines))
        if kind == "tiles":
            for k in range(1, 6):
                y = top + (f.below - top) * (k / 6) ** 1.7
                stage.plane(0.6, stage.paint(box(-4.0, y, 8.0, 0.002 + 0.003 * k / 6), seen.lighter(-0.10).clear(0.6)))
        if skirting is not None:
            stage.plane(0.0, stage.paint(box(-6.0, top - 0.028, 12.0, 0.028), stage.ground(skirting, 0.1)))

    return paint


def ceiling(tone: Colour, *, drop: float = 0.10, beams: bool = False) -> Layer:
    def paint(stage: Stage) -> None:
        f = stage.frame
        low = -f.above + drop
        seen = stage.ground(tone, 0.15)
        stage.plane(0.0, stage.paint(box(-6.0, low - 2.0, 12.0, 2.0), seen))
        stage.plane(0.0, stage.paint(box(-6.0, low, 12.0, 0.012), seen.lighter(-0.08)))
        if beams:
            for k in range(-3, 4):
                x = k * f.half * 0.42
                stage.plane(
                    0.6,
                    stage.paint(
                        polygon(
                            [
                                (x - 0.02, low),
                                (x + 0.02, low),
                                (x * 1.35 + 0.04, -f.above - 0.2),
                                (x * 1.35 - 0.04, -f.above - 0.2),
                            ]
                        ),
                        seen.lighter(-0.12),
                    ),
                )

    return paint


def outside(stage: Stage) -> tuple[Colour, ...]:
    """What the sky looks like through a window."""
    return stage.outdoors.sky if stage.outdoors else (Colour(0.66, 0.10, 245), Colour(0.86, 0.05, 225))


def on_the_glass(stage: Stage, left: float, top: float, w: float, h: float) -> list[Shape]:
    """What the weather outside leaves on a pane: streaks of rain, or flakes."""
    if not stage.outside:
        return []
    rng = np.random.default_rng([round(abs(left) * 1000), round(w * 1000)])
    wet = stage.outside & {"rain", "drizzle", "storm"}
    drops = Path()
    for _ in range(min(90, 12 + round(220 * w * h))):
        x, y = left + w * (0.03 + 0.94 * rng.random()), top + h * rng.random()
        if wet:
            drops.join(box(x, y, 0.0022, min(0.02 + 0.05 * rng.random(), top + h - y)))
        else:
            size = 0.003 + 0.004 * rng.random()
            drops.join(ellipse(x, min(y, top + h - size), size, size))
    tone = Colour(0.70, 0.09, 75) if "sandstorm" in stage.outside else outside(stage)[-1].lighter(0.25)
    return [stage.paint(drops, tone.clear(0.55 if wet else 0.85))]


def window(
    x: float,
    y: float,
    w: float,
    h: float,
    *,
    frame: Colour = _WINDOW_FRAME,
    view: str = "hills",
    bars: int = 2,
    curtain: Colour | None = None,
    arched: bool = False,
    calm: bool = True,
) -> Layer:
    """A window at a share of the half width; y (of its top) and h as shares of the height above the horizon."""

    def paint(stage: Stage) -> None:
        f = stage.frame
        side = away(stage) if calm else 1.0
        ww, wh = min(w, f.half * 0.8), h * f.above
        cx, top = side * x * f.half, -f.above * y
        left = cx - ww / 2
        sky = outside(stage)
        pane = Shape(rounded(left, top, ww, wh, ww / 2 if arched else 0.004))
        pane.linear(0.0, top, 0.0, top + wh, [(k / (len(sky) - 1), stage.tint(c).rgba) for k, c in enumerate(sky)])
        group = [pane]
        haze = sky[-1]
        night = sky[0].lightness < 0.45
        if view == "hills":
            for k, share in enumerate((0.34, 0.22)):
                y0 = top + wh * (1 - share)
                green = (
                    Colour(0.55 - 0.08 * k, 0.08, 145).towards(haze, 0.55 - 0.25 * k).lighter(-0.25 if night else 0.0)
                )
                hill = smooth(
                    [
                        (left + 0.004, y0 + 0.03),
                        (left + ww * 0.3, y0 - wh * 0.06 * (1 - k)),
                        (left + ww * 0.65, y0 + wh * 0.05),
                        (left + ww - 0.004, y0 - wh * 0.02),
                        (left + ww - 0.004, top + wh - 0.003),
                        (left + 0.004, top + wh - 0.003),
                    ],
                    tension=0.3,
                )
                group.append(stage.paint(hill, green))
        elif view == "city":
            blocks, lights = Path(), Path()
            bx, index = left + 0.004, 0
            while bx < left + ww - 0.05:
                bw = 0.035 + 0.028 * ((index * 7) % 3)
                bw = min(bw, left + ww - 0.004 - bx)
                bh = wh * (0.22 + 0.13 * ((index * 5) % 4))
                blocks.join(box(bx, top + wh - bh, bw, bh - 0.003))
                for r in range(3):
                    lights.join(box(bx + bw * 0.25, top + wh - bh + 0.012 + r * 0.026, bw * 0.18, 0.010))
                    lights.join(box(bx + bw * 0.58, top + wh - bh + 0.020 + r * 0.026, bw * 0.18, 0.010))
                bx += bw
                index += 1
            group += [
                stage.paint(blocks, Colour(0.50, 0.05, 260).towards(haze, 0.4).lighter(-0.2 if night else 0.0)),
                stage.paint(lights, Colour(0.9, 0.1, 82) if night else Colour(0.72, 0.03, 240).towards(haze, 0.3)),
            ]
        group += on_the_glass(stage, left, top + (ww / 3 if arched else 0.0), ww, wh - (ww / 3 if arched else 0.0))
        cross = Path()
        for k in range(1, bars):
            cross.join(box(left + ww * k / bars - 0.006, top, 0.012, wh))
        cross.join(box(left, top + wh * 0.42, ww, 0.010))
        rim = Shape(rounded(left, top, ww, wh, ww / 2 if arched else 0.004))
        rim.stroke(0.022, stage.tint(stage.ground(frame, 0.05)).rgba)
        sill = stage.paint(box(left - 0.03, top + wh, ww + 0.06, 0.018), stage.ground(frame.lighter(-0.05), 0.05))
        stage.plane(WALL, *group, stage.paint(cross, stage.ground(frame, 0.05)), rim, sill)
        if curtain is not None:
            cloth, folds = Path(), Path()
            for way in (-1.0, 1.0):
                edge = cx + way * ww * 0.52
                cloth.join(
                    smooth(
                        [
                            (edge - way * 0.08, top - 0.03),
                            (edge + way * 0.07, top - 0.03),
                            (edge + way * 0.09, top + wh * 0.6),
                            (edge + way * 0.07, top + wh + 0.08),
                            (edge + way * 0.01, top + wh + 0.08),
                            (edge - way * 0.01, top + wh * 0.5),
                        ],
                        tension=0.4,
                    )
                )
                folds.join(
                    ribbon(
                        [
                            (edge + way * 0.03, top - 0.02),
                            (edge + way * 0.045, top + wh * 0.6),
                            (edge + way * 0.04, top + wh + 0.07),
                        ],
                        [0.008] * 3,
                    )
                )
            stage.plane(
                WALL,
                stage.paint(cloth, stage.ground(curtain, 0.05)),
                stage.paint(folds, stage.ground(curtain.lighter(-0.07), 0.05)),
                stage.paint(
                    box(cx - ww * 0.66, top - 0.045, ww * 1.32, 0.012), stage.ground(Colour(0.4, 0.06, 50), 0.05)
                ),
            )
        light = sky[-1].towards(Colour(0.97, 0.05, 90), 0.4)
        if not night:
            way = -math.copysign(1.0, cx)
            shaft = polygon(
                [
                    (cx - ww * 0.45, FLOOR + 0.02),
                    (cx + ww * 0.45, FLOOR + 0.02),
                    (cx + ww * 0.62 + way * 0.34, f.below * 0.86),
                    (cx - ww * 0.62 + way * 0.34, f.below * 0.86),
                ]
            )
            stage.plane(0.6, stage.paint(shaft, light.clear(0.17)))

    return paint


def pieces_on_wall(x: float, y: float, make: "Pieces", *, calm: bool = True) -> Layer:
    """Something that hangs: x in half widths, y a share of the height above the horizon."""

    def paint(stage: Stage) -> None:
        side = away(stage) if calm else 1.0
        stage.plane(WALL, cut(stage, make, 0.1, (side * x * stage.frame.half, -y * stage.frame.above)))

    return paint


def pendants(count: int, drop: float, tone: Colour, *, glow: float = 0.35, shade: Colour = _PENDANTS_SHADE) -> Layer:
    """Lamps that hang from the ceiling, with their light in the air."""

    def paint(stage: Stage) -> None:
        f = stage.frame
        for k in range(count):
            x = ((k + 0.5) / count * 2 - 1) * f.half * 0.95
            y = -f.above * (1 - drop)
            cone = polygon(
                [(x - 0.018, y - 0.035), (x + 0.018, y - 0.035), (x + 0.058, y + 0.02), (x - 0.058, y + 0.02)]
            )
            stage.plane(
                0.7,
                stage.paint(box(x - 0.0015, -f.above - 0.4, 0.003, f.above * drop + 0.37), shade),
                stage.paint(rounded(x - 0.045, y + 0.012, 0.09, 0.018, 0.008), tone),
                stage.paint(cone, stage.ground(shade, 0.05)),
            )
            if glow:
                stage.plane(0.7, stage.glow(x, y + 0.03, 0.15, tone, glow))

    return paint


def table_edge(tone: Colour, *, height: float = 0.12, things: "Pieces" = ()) -> Layer:  # type: ignore[assignment]
    """A dark table or counter at the lower edge, before the lens."""

    def paint(stage: Stage) -> None:
        f = stage.frame
        y = f.below - height * 0.45
        dark = stage.ground(tone, 0.0).towards(stage.palette.ink, 0.45)
        paints = [
            stage.paint(box(-6.0, y, 12.0, 0.6), dark),
            stage.paint(box(-6.0, y, 12.0, 0.010), dark.lighter(0.08)),
        ]
        for path, colour in things:
            side = away(stage)
            paints.append(
                stage.paint(
                    path.moved((1.0, 0.0, 0.0, 1.0, side * f.half * 0.7, y)),
                    stage.ground(colour, 0.0).towards(stage.palette.ink, 0.35),
                )
            )
        stage.plane(1.2, *paints)

    return paint

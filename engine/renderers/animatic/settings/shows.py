"""What makes a show: dance floor, mirror ball, spotlights, audience, curtains."""

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
    shift,
    smooth,
    wave,
)
from engine.renderers.animatic.settings import base
from engine.renderers.animatic.settings.interior import (
    WALL,
    away,
)
from engine.renderers.animatic.settings.kit import (
    lit,
)
from engine.renderers.animatic.settings.street import NEON
from engine.renderers.animatic.stage import Stage, View


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

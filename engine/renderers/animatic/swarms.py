"""Small things that fill the air: embers, sparks, bubbles, butterflies, smoke. Each is found from the time alone."""

import math

from engine.renderers.animatic.actors import nested
from engine.renderers.animatic.canvas import Group, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import (
    ellipse,
    joint,
    mul,
    scale,
    shift,
    smooth,
    wave,
)
from engine.renderers.animatic.lights import _away
from engine.renderers.animatic.stage import Stage, View


def embers(stage: Stage) -> None:
    _rising(stage, 90, (Colour(0.78, 0.18, 50), Colour(0.70, 0.20, 35), Colour(0.86, 0.15, 75)), 0.0070, 0.09, 0.05)


def sparks(stage: Stage) -> None:
    """A fountain of sparks on the side the subject leaves free."""
    f = stage.frame
    x0, y0 = _away(stage) * f.half * 0.52, f.below * 0.40
    group = Group()
    made: list[tuple[Shape, float, float, float]] = []
    for k in range(54):
        tone = stage.tint((Colour(0.92, 0.13, 85), Colour(0.84, 0.17, 62))[k % 2]).rgba
        spark = Shape(smooth([(0.012, 0.0), (0.0, 0.0022), (-0.012, 0.0), (0.0, -0.0022)]), tone)
        group.add(spark)
        made.append((spark, float(stage.rng.random()), stage.dawdle(-0.16, 0.16), stage.dawdle(0.34, 0.62)))
    stage.canvas.add(group)
    base = nested(0.09, 0.07, stage.tint(Colour(0.90, 0.14, 75, 0.5)).rgba, 4)
    stage.canvas.add(base)

    def move(view: View) -> None:
        root = stage.still(view, 0.9)
        base.place(mul(root, shift(x0, y0)))
        for spark, phase, vx, vy in made:
            age = (view.t * 0.75 + phase) % 1.0
            x, y = x0 + vx * age * 1.5, y0 - vy * age * 1.6 + 0.95 * age * age
            slope = math.atan2(-vy * 1.6 + 1.9 * age, vx * 1.5)
            spark.fade(min(1.0, age * 8) * (1.0 - age))
            spark.place(mul(root, joint(x, y, math.degrees(slope))))

    stage.movers.append(move)


def bubbles(stage: Stage) -> None:
    """Soap bubbles that rise, each with its rim and its glint."""
    f = stage.frame
    group = Group()
    made: list[tuple[Group, float, float, float, float]] = []
    for _ in range(24):
        r = stage.dawdle(0.010, 0.038)
        one = Group()
        film = Shape(ellipse(0.0, 0.0, r), stage.tint(Colour(0.92, 0.05, stage.dawdle(160, 330), 0.16)).rgba)
        film.stroke(0.0024, stage.tint(Colour(0.97, 0.04, stage.dawdle(150, 330), 0.8)).rgba)
        one.add(film)
        one.add(Shape(ellipse(-r * 0.38, -r * 0.42, r * 0.22, r * 0.14), (255, 255, 255, 200)))
        group.add(one)
        made.append(
            (
                one,
                stage.dawdle(-1, 1) * f.half,
                float(stage.rng.random()),
                stage.dawdle(0.03, 0.075),
                float(stage.rng.random()),
            )
        )
    stage.canvas.add(group)
    high = f.above + f.below + 0.1

    def move(view: View) -> None:
        root = stage.still(view, 0.9)
        for one, x, share, pace, phase in made:
            y = f.below - (share * high + pace * view.t) % high
            one.place(mul(root, shift(x + 0.03 * wave(view.t / 5 + phase), y)))

    stage.movers.append(move)


def _rising(stage: Stage, count: int, tones: tuple[Colour, ...], size: float, speed: float, sway: float) -> None:
    f = stage.frame
    group = Group()
    made: list[tuple[Shape, float, float, float, float]] = []
    for k in range(count):
        shape = Shape(ellipse(0.0, 0.0, size * stage.dawdle(0.6, 1.6)), stage.tint(tones[k % len(tones)]).rgba)
        group.add(shape)
        made.append(
            (
                shape,
                stage.dawdle(-1.1, 1.1) * f.half,
                float(stage.rng.random()),
                stage.dawdle(0.6, 1.4),
                float(stage.rng.random()),
            )
        )
    stage.canvas.add(group)
    high = f.above + f.below

    def move(view: View) -> None:
        root = stage.screen(view)
        for shape, x, share, pace, phase in made:
            risen = (share + speed * pace * view.t / high) % 1.0
            shape.fade((1.0 - risen) * (0.65 + 0.35 * wave(view.t / 1.3 + phase)))
            shape.place(
                mul(
                    root,
                    shift(x + sway * wave(view.t / 3.7 + phase) + stage.wind * 0.25 * risen, f.below - risen * high),
                )
            )

    stage.movers.append(move)


def butterflies(stage: Stage) -> None:
    f = stage.frame
    made: list[tuple[Group, Shape, Shape, float, float, float]] = []
    for k in range(11):
        s = stage.dawdle(0.014, 0.024)
        tone = stage.tint(Colour(0.74, 0.17, (60, 300, 230, 90, 20)[k % 5])).rgba
        wing = smooth(
            [
                (0.0, 0.0),
                (s * 0.4, -s * 1.1),
                (s * 1.25, -s * 0.9),
                (s * 1.0, -s * 0.1),
                (s * 0.8, s * 0.6),
                (s * 0.3, s * 0.5),
            ],
            tension=0.45,
        )
        left, right = Shape(wing, tone), Shape(wing, tone)
        group = Group()
        group.add(left)
        group.add(right)
        group.add(Shape(ellipse(0.0, 0.0, s * 0.10, s * 0.55), stage.palette.ink.rgba))
        stage.canvas.add(group)
        made.append(
            (
                group,
                left,
                right,
                stage.dawdle(-1, 1) * f.half,
                stage.dawdle(-0.20, 0.75) * f.below,
                float(stage.rng.random()),
            )
        )

    def move(view: View) -> None:
        root = stage.still(view, 0.95)
        for group, left, right, x, y, phase in made:
            open_ = 0.30 + 0.70 * abs(wave(view.t * 1.7 + phase))
            left.place((-open_, 0.0, 0.0, 1.0, 0.0, 0.0))
            right.place((open_, 0.0, 0.0, 1.0, 0.0, 0.0))
            at = (
                x + 0.14 * wave(view.t / 7.3 + phase) + 0.03 * wave(view.t / 2.1 + phase * 3),
                y + 0.06 * wave(view.t / 3.9 + phase * 2),
            )
            group.place(mul(root, joint(*at, 16 * wave(view.t / 4 + phase))))

    stage.movers.append(move)


def drifting_smoke(stage: Stage) -> None:
    f = stage.frame
    made: list[tuple[Group, float, float, float, float]] = []
    tone = stage.tint(stage.palette.haze.duller(0.4).lighter(-0.10).clear(0.30)).rgba
    for _ in range(9):
        size = stage.dawdle(0.12, 0.26)
        puff = nested(size, size * 0.55, tone, 4)
        stage.canvas.add(puff)
        made.append(
            (
                puff,
                stage.dawdle(-1.2, 1.2) * f.half,
                stage.dawdle(-0.10, 0.75) * f.below,
                stage.dawdle(0.02, 0.05),
                float(stage.rng.random()),
            )
        )
    wide = f.half * 2 + 0.9

    def move(view: View) -> None:
        root = stage.still(view, 0.85)
        for puff, x, y, pace, phase in made:
            at = (x + pace * view.t + wide / 2) % wide - wide / 2
            puff.place(
                mul(
                    root,
                    mul(shift(at, y - 0.02 * wave(view.t / 9 + phase)), scale(1.0 + 0.1 * wave(view.t / 6 + phase))),
                )
            )

    stage.movers.append(move)

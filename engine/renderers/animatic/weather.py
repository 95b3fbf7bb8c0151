"""What falls and floats: rain, snow, leaves, fireflies, dust, fog. Every speck has its own fixed path, found from
the time
alone, so that any frame can be drawn without those before it."""

import math

from engine.renderers.animatic.actors import nested
from engine.renderers.animatic.canvas import Group, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import Path, ease, ellipse, mul, scale, shift, smooth, wave
from engine.renderers.animatic.stage import Stage, View


def add(stage: Stage, kinds: tuple[str, ...]) -> None:
    if "rain" in kinds or "storm" in kinds or stage.style.rain:
        rain(stage, 1.0 if "storm" in kinds else 0.7)
    if "snow" in kinds:
        snow(stage)
    if "leaves" in kinds:
        leaves(stage)
    if "petals" in kinds:
        leaves(stage, (Colour(0.86, 0.08, 0), Colour(0.92, 0.05, 10)))
    if "fireflies" in kinds:
        fireflies(stage)
    if "fog" in kinds:
        fog(stage)
    if "wind" in kinds:
        dust(stage)


def _field(
    stage: Stage,
    drops: list[tuple[Shape, float, float, float, float]],
    *,
    fall: float,
    slant: float,
    sway: float = 0.0,
    spin: float = 0.0,
) -> None:
    """Specks (shape, x, y, nearness, phase) that fall at their own speed and come in again at the top."""
    f = stage.frame
    group = Group()
    for shape, *_ in drops:
        group.add(shape)
    stage.canvas.add(group)
    wide, high = f.half * 2.3 + stage.reach[0] * 2, f.above + f.below + 0.2 + stage.reach[1] * 2

    def move(view: View) -> None:
        root = stage.screen(view)
        for shape, x, y, near, phase in drops:
            speed = fall * (0.45 + near)
            down = (y + speed * view.t) % high
            across = x + slant * speed * view.t + sway * wave(view.t * 0.45 + phase) - (view.x + view.travel) * near
            at = (across + wide / 2) % wide - wide / 2
            size = 0.35 + 0.85 * near
            turn = math.sin(view.t * spin + phase * 6.0) if spin else 1.0
            shape.place(mul(root, (size, 0.0, 0.0, size * turn, at, down - f.above - 0.1 - stage.reach[1])))

    stage.movers.append(move)


def rain(stage: Stage, strength: float) -> None:
    colour = stage.tint(stage.palette.haze.towards(Colour(0.97, 0.01, 230), 0.5).clear(0.34)).rgba
    slant = 0.16 + 0.22 * stage.wind
    drops = []
    for _ in range(int(170 * strength)):
        length = stage.dawdle(0.05, 0.10)
        path = (
            Path()
            .move(0.0, 0.0)
            .line(slant * length, length)
            .line(slant * length + 0.0016, length)
            .line(0.0022, 0.0)
            .close()
        )
        drops.append((Shape(path, colour), stage.dawdle(-2, 2), stage.dawdle(0, 3), float(stage.rng.random()), 0.0))
    _field(stage, drops, fall=1.5, slant=slant)
    ripple = stage.tint(stage.palette.haze.towards(Colour(0.97, 0.01, 230), 0.5).clear(0.30)).rgba
    group = Group()
    splashes = []
    for _ in range(int(26 * strength)):
        shape = Shape(ellipse(0.0, 0.0, 0.014, 0.004))
        shape.stroke(0.0016, ripple)
        group.add(shape)
        splashes.append(
            (
                shape,
                stage.dawdle(-1, 1) * stage.frame.half * 1.1,
                stage.dawdle(0.25, 1.0) * stage.frame.below,
                float(stage.rng.random()),
            )
        )
    stage.canvas.add(group)

    def move(view: View) -> None:
        for shape, x, y, phase in splashes:
            age = (view.t * 1.4 + phase) % 1.0
            grown = 0.3 + 1.3 * age
            shape.show(age < 0.75)
            shape.place(mul(stage.matrix(view.held, 1.0), mul(shift(x, y), scale(grown))))

    stage.movers.append(move)


def snow(stage: Stage) -> None:
    white = stage.tint(Colour(0.985, 0.006, 240, 0.86)).rgba
    flakes = [
        (
            Shape(ellipse(0.0, 0.0, stage.dawdle(0.0022, 0.0052)), white),
            stage.dawdle(-2, 2),
            stage.dawdle(0, 3),
            float(stage.rng.random()),
            float(stage.rng.random()),
        )
        for _ in range(190)
    ]
    _field(stage, flakes, fall=0.13, slant=0.25 + stage.wind * 0.8, sway=0.035)


def leaves(
    stage: Stage, tints: tuple[Colour, ...] = (Colour(0.66, 0.16, 50), Colour(0.72, 0.15, 75), Colour(0.55, 0.17, 32))
) -> None:
    drops = []
    for index in range(46):
        s = stage.dawdle(0.008, 0.015)
        path = smooth([(-s, 0.0), (-s * 0.2, -s * 0.5), (s, -s * 0.1), (s * 0.1, s * 0.45)])
        tint = stage.tint(stage.palette.figure(tints[index % len(tints)], named=True)).rgba
        drops.append(
            (
                Shape(path, tint),
                stage.dawdle(-2, 2),
                stage.dawdle(0, 3),
                float(stage.rng.random()),
                float(stage.rng.random()),
            )
        )
    _field(stage, drops, fall=0.11, slant=0.5 + stage.wind, sway=0.08, spin=2.6)


def dust(stage: Stage) -> None:
    tone = stage.tint(stage.palette.light.clear(0.30)).rgba
    specks = []
    for _ in range(60):
        length = stage.dawdle(0.03, 0.10)
        path = (
            Path()
            .move(0.0, 0.0)
            .cubic(length * 0.3, -0.004, length * 0.7, -0.004, length, 0.0)
            .cubic(length * 0.7, 0.001, length * 0.3, 0.001, 0.0, 0.0)
            .close()
        )
        specks.append(
            (
                Shape(path, tone),
                stage.dawdle(-2, 2),
                stage.dawdle(0, 3),
                float(stage.rng.random()),
                float(stage.rng.random()),
            )
        )
    _field(stage, specks, fall=0.03, slant=14.0, sway=0.03)


def fireflies(stage: Stage) -> None:
    warm = Colour(0.90, 0.16, 105)
    group = Group()
    flies = []
    for _ in range(26):
        tone = stage.tint(warm).rgba
        shape = nested(0.016, 0.016, tone, 5)
        group.add(shape)
        flies.append(
            (
                shape,
                stage.dawdle(-1, 1) * stage.frame.half,
                stage.dawdle(-0.22, 0.9) * stage.frame.below,
                float(stage.rng.random()),
            )
        )
    stage.canvas.add(group)

    def move(view: View) -> None:
        for shape, x, y, phase in flies:
            # lights up and fades over three seconds, each at its own time: no two together, no flash
            glow = ease(0.3 + wave(view.t / 3.2 + phase))
            shape.show(glow > 0.04)
            at = (x + 0.07 * wave(view.t / 6.3 + phase * 3), y + 0.05 * wave(view.t / 4.7 + phase * 5))
            shape.place(mul(stage.matrix(view.held, 1.0), mul(shift(*at), scale(1.2 * glow))))

    stage.movers.append(move)


def fog(stage: Stage) -> None:
    haze = stage.tint(stage.palette.haze.lighter(0.04)).rgba
    for index in range(3):
        y = stage.frame.below * (0.02 + 0.34 * index)
        thick = 0.10 + 0.05 * index
        shape = Shape(Path().move(-4, y - thick).line(4, y - thick).line(4, y + thick).line(-4, y + thick).close())
        r, g, b, _ = haze
        shape.linear(0.0, y - thick, 0.0, y + thick, [(0.0, (r, g, b, 0)), (0.5, (r, g, b, 150)), (1.0, (r, g, b, 0))])
        stage.plane(0.3, shape)


KINDS: dict[str, object] = {}


def rising_sparks(stage: Stage) -> None:
    pass

"""What moves by itself in the middle distance, as layers: smoke, traffic, people, falling water, lamps."""

import math

from engine.renderers.animatic.actors import nested
from engine.renderers.animatic.canvas import Group, Paint, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import box, ellipse, mul, polygon, scale, shift, smooth, wave
from engine.renderers.animatic.settings import base
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.kit import Layer, cut, glowing, lit
from engine.renderers.animatic.stage import Stage, View


def glow(
    x: float, y: float, radius: float, colour: Colour, strength: float, *, depth: float = 0.5, calm: bool = True
) -> Layer:
    """Light in the air; x in half widths, y in units."""

    def paint(stage: Stage) -> None:
        side = -math.copysign(1.0, stage.reserved[0]) if calm else 1.0
        stage.plane(depth, stage.glow(side * x * stage.frame.half, y, radius, colour, strength))

    return paint


def smoke(
    x: float,
    y: float,
    colour: Colour,
    *,
    size: float = 0.05,
    depth: float = 0.4,
    speed: float = 0.05,
    calm: bool = True,
) -> Layer:
    """Puffs that rise, spread and thin out."""

    def paint(stage: Stage) -> None:
        side = -math.copysign(1.0, stage.reserved[0]) if calm else 1.0
        group = Group()
        puffs: list[tuple[Group, float]] = []
        tone = stage.tint(stage.ground(colour, 0.25).clear(0.42)).rgba
        for k in range(7):
            puff = nested(size, size * 0.8, tone, 3)
            group.add(puff)
            puffs.append((puff, k / 7))
        stage.canvas.add(group)

        def move(view: View) -> None:
            root = stage.still(view, depth)
            for puff, phase in puffs:
                age = (view.t * speed * 2 + phase) % 1.0
                at = (side * x * stage.frame.half + stage.wind * 0.28 * age**1.4, y - 0.42 * age)
                puff.fade(min(1.0, age * 5) * (1 - age))
                puff.place(mul(root, mul(shift(*at), scale(0.35 + 1.9 * age))))

        stage.movers.append(move)

    return paint


def traffic(y: float, count: int, *, depth: float = 0.75, size: float = 0.13, speed: float = 0.16) -> Layer:
    """Cars that pass along a street in two lanes, each at its own pace."""

    def paint(stage: Stage) -> None:
        tints = (
            Colour(0.62, 0.17, 30),
            Colour(0.80, 0.14, 88),
            Colour(0.55, 0.10, 250),
            Colour(0.90, 0.01, 90),
            Colour(0.45, 0.08, 160),
        )
        dark = stage.palette.ambient[0] < 0.65
        cars: list[tuple[Group, float, float, float]] = []
        length = stage.frame.half * 2 + 1.2
        for index in range(count):
            way = 1.0 if index % 2 else -1.0
            s = size * (1.0 if way > 0 else 0.88)
            group = cut(stage, car(tints[index % len(tints)], s, dark), 0.16)
            level = y + (0.022 if way > 0 else 0.0)
            cars.append(
                (group, (index + stage.dawdle(0.0, 0.6)) * length / count, way * speed * stage.dawdle(0.8, 1.2), level)
            )
        cars.sort(key=lambda item: item[3])
        for group, *_ in cars:
            stage.canvas.add(group)

        def move(view: View) -> None:
            root = stage.still(view, depth)
            for group, x, pace, level in cars:
                at = (x + pace * view.t - view.travel * depth) % length - length / 2
                group.nudge(mul(root, (math.copysign(1.0, pace), 0.0, 0.0, 1.0, at, level)))

        stage.movers.append(move)

    return paint


def car(colour: Colour, s: float, dark: bool) -> Pieces:
    body = smooth(
        [
            (-s, -s * 0.10),
            (-s, -s * 0.36),
            (-s * 0.62, -s * 0.42),
            (-s * 0.36, -s * 0.72),
            (s * 0.30, -s * 0.72),
            (s * 0.62, -s * 0.42),
            (s * 0.98, -s * 0.34),
            (s, -s * 0.10),
        ],
        tension=0.25,
    )
    glass = polygon([(-s * 0.46, -s * 0.44), (-s * 0.30, -s * 0.65), (s * 0.25, -s * 0.65), (s * 0.48, -s * 0.44)])
    wheels = ellipse(-s * 0.58, -s * 0.10, s * 0.17).join(ellipse(s * 0.58, -s * 0.10, s * 0.17))
    lamp = lit(0.97, 0.08, 95) if dark else Colour(0.94, 0.03, 95)
    return [
        (body, colour),
        (glass, lit(0.85, 0.06, 85) if dark else Colour(0.55, 0.04, 230)),
        (wheels, Colour(0.20, 0.01, 280)),
        (ellipse(s * 0.93, -s * 0.27, s * 0.06), lamp),
    ]


def crowd(
    y: float,
    count: int,
    size: float = 0.16,
    *,
    depth: float = 0.8,
    spread: float = 0.02,
    bob: float = 0.006,
    distance: float = 0.3,
    walks: float = 0.0,
) -> Layer:
    """People as a picture's background has them: heads, shoulders, coats; they shift from foot to foot, or walk."""

    def paint(stage: Stage) -> None:
        length = base.period(stage)
        folk: list[tuple[Group, float, float, float, float]] = []
        for index in range(count):
            s = size * stage.dawdle(0.85, 1.12)
            coat = Colour(stage.dawdle(0.36, 0.72), stage.dawdle(0.03, 0.12), stage.dawdle(0, 360))
            skin = Colour(stage.dawdle(0.52, 0.80), 0.065, 55)
            group = cut(stage, person(s, coat, skin, Colour(0.24, 0.02, 40), index), distance)
            x = -length / 2 + (index + stage.dawdle(0.1, 0.9)) * length / count
            way = walks * (1.0 if index % 3 else -1.0) * stage.dawdle(0.7, 1.3)
            folk.append((group, x, y + stage.dawdle(-spread, spread), float(stage.rng.random()), way))
        folk.sort(key=lambda item: item[2])
        for group, *_ in folk:
            stage.canvas.add(group)

        def move(view: View) -> None:
            root = stage.still(view, depth)
            for group, x, level, phase, way in folk:
                at = (x + way * view.t - view.travel * depth + length / 2) % length - length / 2
                hop = bob * abs(wave(view.t * (0.55 + 0.25 * phase) + phase)) * (1.4 if way else 1.0)
                lean = 0.03 * wave(view.t / 1.9 + phase)
                group.nudge(mul(root, (math.copysign(1.0, way), 0.0, lean, 1.0, at, level - hop)))

        stage.movers.append(move)

    return paint


def person(s: float, coat: Colour, skin: Colour, hair: Colour, index: int) -> Pieces:
    """Somebody far away, foot at (0, 0): four papers."""
    legs = polygon(
        [
            (-s * 0.10, -s * 0.45),
            (s * 0.10, -s * 0.45),
            (s * 0.11, 0.0),
            (s * 0.03, 0.0),
            (0.0, -s * 0.25),
            (-s * 0.03, 0.0),
            (-s * 0.11, 0.0),
        ]
    )
    flare = 0.20 if index % 3 == 0 else 0.13
    body = smooth(
        [
            (-s * 0.08, -s * 0.80),
            (s * 0.08, -s * 0.80),
            (s * 0.17, -s * 0.70),
            (s * 0.15, -s * 0.50),
            (s * flare, -s * 0.28),
            (-s * flare, -s * 0.28),
            (-s * 0.15, -s * 0.50),
            (-s * 0.17, -s * 0.70),
        ],
        tension=0.4,
    )
    head = ellipse(0.0, -s * 0.89, s * 0.075, s * 0.09)
    top = ellipse(-s * 0.008, -s * 0.925, s * 0.085, s * 0.07)
    return [(legs, coat.lighter(-0.14)), (body, coat), (head, skin), (top, hair if index % 4 else coat.lighter(0.1))]


def waterfall(x: float, top: float, bottom: float, width: float, *, depth: float = 0.3) -> Layer:
    """Falling water: a pale band, bright threads that run down it, and spray at its foot."""

    def paint(stage: Stage) -> None:
        side = -math.copysign(1.0, stage.reserved[0])
        cx = side * x * stage.frame.half
        white = stage.ground(Colour(0.96, 0.02, 220), 0.25)
        band = smooth(
            [
                (cx - width * 0.4, top),
                (cx + width * 0.4, top),
                (cx + width * 0.5, (top + bottom) / 2),
                (cx + width * 0.62, bottom),
                (cx - width * 0.62, bottom),
                (cx - width * 0.5, (top + bottom) / 2),
            ],
            tension=0.3,
        )
        group = Group()
        sheet_ = stage.paint(band, white.towards(stage.palette.sky[0], 0.28))
        group.add(sheet_)
        threads: list[tuple[Shape, float, float, float]] = []
        for _ in range(16):
            h = (bottom - top) * stage.dawdle(0.16, 0.34)
            shape = stage.paint(smooth([(0.0, 0.0), (0.006, h * 0.5), (0.0, h), (-0.006, h * 0.5)]), white.clear(0.8))
            group.add(shape)
            threads.append((shape, cx + width * stage.dawdle(-0.44, 0.44), float(stage.rng.random()), h))
        spray: list[tuple[Group, float, float]] = []
        for k in range(6):
            puff = nested(width * 0.34, width * 0.16, stage.tint(white.clear(0.55)).rgba, 3)
            group.add(puff)
            spray.append((puff, cx + width * (k - 2.5) * 0.22, k / 6))
        stage.canvas.add(group)

        def move(view: View) -> None:
            root = stage.still(view, depth)
            sheet_.place(root)
            for shape, at, phase, h in threads:
                share = (view.t * 0.55 + phase) % 1.0
                shape.place(mul(root, shift(at + (at - cx) * 0.3 * share, top + (bottom - top - h) * share)))
            for puff, at, phase in spray:
                puff.place(
                    mul(
                        root,
                        mul(
                            shift(at, bottom - 0.01 - 0.012 * wave(view.t / 1.7 + phase)),
                            scale(1.0 + 0.16 * wave(view.t / 2.1 + phase)),
                        ),
                    )
                )

        stage.movers.append(move)

    return paint


def lamps(
    y: float,
    count: int,
    depth: float = 0.8,
    *,
    tones: tuple[Colour, ...] = (Colour(0.62, 0.21, 28),),
    size: float = 0.034,
    sway: float = 0.10,
) -> Layer:
    """Paper lanterns on a rope; `y` as a share of the height above the horizon."""

    def paint(stage: Stage) -> None:
        length = base.period(stage)
        items: list[tuple[Paint, float, float]] = []
        half = length / count / 2
        for index in range(count):
            tone = tones[index % len(tones)]
            sag = 0.028 if index % 2 else 0.022
            rope = smooth(
                [(-half, -0.055), (0.0, -sag), (half, -0.055), (half, -0.058), (0.0, -sag - 0.003), (-half, -0.058)],
                tension=0.4,
            )
            pieces: Pieces = [
                (rope, Colour(0.25, 0.02, 40)),
                (box(-0.0012, -0.03, 0.0024, 0.075), lit(0.82, 0.13, 85)),
                (ellipse(0.0, 0.018, size, size * 0.86), glowing(tone)),
                (ellipse(0.0, 0.018, size * 0.42, size * 0.86), glowing(tone.lighter(0.09))),
            ]
            items.append(
                (cut(stage, pieces, 0.1), -length / 2 + (index + 0.5) * length / count, -stage.frame.above * y)
            )
        stage.scatter(depth, length, items, sway=sway)

    return paint

"""Scenery of the open country that only one or two places need: cliffs, paths, terraces' hedges, lava, ice, frames."""

import math
from collections.abc import Callable

from engine.renderers.animatic.actors import nested
from engine.renderers.animatic.canvas import Group, Paint, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import (
    Path,
    Point,
    box,
    ellipse,
    mul,
    polygon,
    ribbon,
    scale,
    shift,
    smooth,
    wave,
)
from engine.renderers.animatic.settings import base
from engine.renderers.animatic.settings import buildings as b
from engine.renderers.animatic.settings import flora as p
from engine.renderers.animatic.settings import outdoor as o
from engine.renderers.animatic.settings.buildings import Built
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.kit import Layer, cut, lit
from engine.renderers.animatic.settings.ridges import ridge, rolling
from engine.renderers.animatic.stage import Stage, View

Edge = Callable[[Stage, float], Pieces]


def away(stage: Stage) -> float:
    return -math.copysign(1.0, stage.reserved[0])


def flower_heads(petal: Colour, *, spikes: bool = False) -> Edge:
    def make(stage: Stage, tall: float) -> Pieces:
        pieces: Pieces = []
        for k in range(9):
            size = tall * stage.dawdle(0.22, 0.40)
            plant = (p.spike if spikes else p.stalk_flower)(petal.lighter(stage.dawdle(-0.05, 0.05)))
            pieces += [(path.moved(shift(-0.20 + 0.06 * k, 0.0)), c) for path, c in plant(size, stage.rng)]
        return pieces

    return make


def sunflowers(stage: Stage, tall: float) -> Pieces:
    pieces: Pieces = []
    plant = p.stalk_flower(Colour(0.86, 0.17, 88), disc=Colour(0.36, 0.08, 50))
    for k in range(4):
        pieces += [
            (path.moved(shift(-0.16 + 0.12 * k, 0.0)), c)
            for path, c in plant(tall * stage.dawdle(0.34, 0.52), stage.rng)
        ]
    return pieces


def bough(leaf: Colour, fruit: Colour) -> Edge:
    """A branch that reaches in from above."""

    def make(stage: Stage, tall: float) -> Pieces:
        y = -tall * 0.97
        wood = ribbon([(0.10, y - 0.02), (-0.20, y + 0.05), (-0.48, y + 0.03)], [0.040, 0.022, 0.006])
        wood.join(ribbon([(-0.10, y + 0.03), (-0.24, y + 0.13), (-0.36, y + 0.16)], [0.018, 0.010, 0.004]))
        leaves, fruits = Path(), Path()
        for k in range(26):
            at = stage.dawdle(0.0, 1.0)
            x, yy = 0.06 - 0.56 * at, y + 0.04 + stage.dawdle(-0.05, 0.14) * (1 - 0.5 * at)
            r = stage.dawdle(0.014, 0.034)
            (fruits if k % 3 == 0 else leaves).join(ellipse(x, yy, r, r * stage.dawdle(0.6, 0.95)))
        return [(wood, p.BARK), (leaves, leaf), (fruits, fruit)]

    return make


def great_leaves(stage: Stage, tall: float) -> Pieces:
    """Leaves larger than the frame, from below and from above."""
    low = p.broad_leaves(Colour(0.42, 0.11, 148))(tall * 0.52, stage.rng)
    high = [
        (path.moved((1.0, 0.0, 0.0, -1.0, 0.06, -tall * 1.02)), c.lighter(-0.04))
        for path, c in p.broad_leaves(Colour(0.44, 0.11, 140))(tall * 0.42, stage.rng)
    ]
    return [*high, *low]


def bamboo_frame(stage: Stage, tall: float) -> Pieces:
    pieces: Pieces = []
    for k in range(3):
        pieces += [
            (path.moved(shift(-0.14 + 0.10 * k, 0.0)), c)
            for path, c in p.bamboo(tall * stage.dawdle(1.1, 1.4), stage.rng)
        ]
    return pieces


def palm_frame(stage: Stage, tall: float) -> Pieces:
    return p.palm()(tall * 1.02, stage.rng)


def snow_bank(stage: Stage) -> None:
    length = base.period(stage)
    left, right = base.span(stage, length)
    path = ridge(
        rolling(stage.rng, length, 0.08, (1, 2, 3)), left, right, stage.frame.below + 0.005, stage.frame.below + 0.3
    )
    stage.scroll(
        1.25, length, stage.paint(path, stage.ground(Colour(0.965, 0.012, 255), 0.0).towards(stage.palette.sky[0], 0.3))
    )


def path(tone: Colour) -> Layer:
    """A way that winds from the far wood to our feet."""

    def paint(stage: Stage) -> None:
        f = stage.frame
        side = away(stage)
        bottom = f.below + 0.06 + stage.reach[1]
        x = side * f.half * 0.20
        shape = (
            Path()
            .move(x - 0.012, 0.095)
            .cubic(x - side * 0.12, 0.14, x + side * 0.30 - 0.1, bottom * 0.5, x - 0.34, bottom)
        )
        shape.line(x + 0.30, bottom).cubic(
            x + side * 0.34 + 0.1, bottom * 0.5, x - side * 0.10, 0.14, x + 0.012, 0.095
        ).close()
        way = Shape(shape)
        way.linear(
            0.0,
            0.09,
            0.0,
            f.below,
            [
                (0.0, stage.tint(stage.ground(tone, 0.4)).rgba),
                (1.0, stage.tint(stage.ground(tone.lighter(-0.05), 0.0)).rgba),
            ],
        )
        length = base.period(stage) * 2
        stage.scatter(0.9, length, [(way, 0.0, 0.0)])

    return paint


def raked_sand(stage: Stage) -> None:
    """Lines of a rake, and rings round three stones."""
    f = stage.frame
    tone = stage.ground(Colour(0.76, 0.03, 80), 0.05)
    lines = [Path() for _ in range(3)]
    for k in range(15):
        y = 0.13 + (f.below - 0.10) * (k / 14) ** 1.35
        t = 0.0016 + 0.0030 * k / 14
        lines[k % 3].join(polygon([(-3.0, y), (3.0, y), (3.0, y + t), (-3.0, y + t)]))
    stage.plane(0.9, *(stage.paint(line, tone) for line in lines))
    side = away(stage)
    for k, (x, y, s) in enumerate(((0.38, 0.40, 0.085), (0.66, 0.62, 0.06), (-0.55, 0.86, 0.07))):
        cx, cy = side * x * f.half, 0.10 + (f.below - 0.10) * y
        rings = [Shape(ellipse(cx, cy, s * (1.5 + 0.4 * r), s * (0.42 + 0.12 * r))) for r in range(4)]
        sand = stage.tint(stage.ground(Colour(0.89, 0.022, 85), 0.05))
        rings[-1].fill(sand.rgba)
        for ring in rings:
            ring.stroke(0.004, stage.tint(tone).rgba)
        stone = smooth(
            [
                (cx - s, cy),
                (cx - s * 0.7, cy - s * 0.7),
                (cx - s * 0.1, cy - s * (1.25 if k == 0 else 0.8)),
                (cx + s * 0.6, cy - s * 0.75),
                (cx + s, cy),
            ],
            tension=0.35,
        )
        light = smooth(
            [
                (cx - s * 0.7, cy - s * 0.5),
                (cx - s * 0.1, cy - s * (1.2 if k == 0 else 0.76)),
                (cx + s * 0.1, cy - s * 0.5),
            ],
            tension=0.35,
        )
        rock = stage.ground(Colour(0.46, 0.02, 250), 0.05)
        stage.plane(0.95, *reversed(rings), stage.paint(stone, rock), stage.paint(light, rock.lighter(0.07)))


def flagstones(stage: Stage) -> None:
    f = stage.frame
    tone = stage.ground(Colour(0.64, 0.025, 75), 0.05).clear(0.7)
    # each a shape of its own: lines that lean so much cost 4 ms a frame as one (see Path.leftward)
    lines = []
    for k in range(-6, 7):
        x = k * 0.26
        lines.append(
            polygon(
                [
                    (x * 0.4 - 0.001, 0.17),
                    (x * 0.4 + 0.001, 0.17),
                    (x * 1.8 + 0.003, f.below + 0.3),
                    (x * 1.8 - 0.003, f.below + 0.3),
                ]
            )
        )
    for k in range(1, 5):
        y = 0.17 + (f.below - 0.17) * (k / 4.5) ** 1.5
        lines.append(box(-3.0, y, 6.0, 0.003))
    stage.plane(0.9, *(stage.paint(line, tone) for line in lines))


def hedged_hills(tone: Colour) -> Layer:
    """Hills combed with rows of tea."""

    def paint(stage: Stage) -> None:
        length = base.period(stage)
        left, right = base.span(stage, length)
        for depth, height, y, distance in ((0.2, 0.17, 0.03, 0.66), (0.36, 0.13, 0.07, 0.44)):
            profile = rolling(stage.rng, length, height, (1, 2, 3))
            base.layer(stage, depth, profile, y, y + 0.14, stage.ground(tone, distance), mist=0.3, until=y + 0.07)
            lines: list[Path] = []
            for r in range(1, 8):
                drop = 0.018 * r + 0.004 * r * r * 0.4
                points: list[Point] = [
                    (
                        left + (right - left) * i / 44,
                        y - profile(left + (right - left) * i / 44) * (1 - r * 0.09) + drop,
                    )
                    for i in range(45)
                ]
                lines.append(
                    smooth([*points, *((px, py + 0.005 + 0.001 * r) for px, py in reversed(points))], tension=0.4)
                )
            stage.scroll(
                depth, length, *(stage.paint(line, stage.ground(tone.lighter(-0.07), distance)) for line in lines)
            )

    return paint


def hedges(tone: Colour) -> Layer:
    """Rounded hedges that follow the slope towards us."""

    def paint(stage: Stage) -> None:
        length = base.period(stage)
        left, right = base.span(stage, length)
        for r in range(5):
            near = (r + 0.5) / 5
            y = 0.15 + (stage.frame.below - 0.06) * near**1.4
            profile = rolling(stage.rng, length, 0.03 + 0.03 * near, (1, 2, 3))
            thick = 0.025 + 0.06 * near
            points: list[Point] = [
                (left + (right - left) * i / 40, y - profile(left + (right - left) * i / 40)) for i in range(41)
            ]
            band = smooth([*points, *((px, py + thick) for px, py in reversed(points))], tension=0.4)
            crest = smooth([*points, *((px, py + thick * 0.28) for px, py in reversed(points))], tension=0.4)
            distance = 0.25 * (1 - near)
            stage.scroll(
                0.55 + 0.4 * near,
                length,
                stage.paint(band, stage.ground(tone.lighter(-0.05), distance)),
                stage.paint(crest, stage.ground(tone.lighter(0.05), distance)),
            )

    return paint


def fruit_crate(stage: Stage) -> Pieces:
    fruits = Path()
    for k in range(7):
        fruits.join(ellipse(-0.06 + 0.02 * k, -0.075 - 0.012 * (k % 2), 0.014))
    return [
        (fruits, Colour(0.60, 0.20, 28)),
        (box(-0.08, -0.07, 0.16, 0.07), Colour(0.62, 0.08, 65)),
        (box(-0.08, -0.046, 0.16, 0.006).join(box(-0.08, -0.022, 0.16, 0.006)), Colour(0.46, 0.07, 60)),
    ]


def snowy_house(stage: Stage) -> Built:
    pieces, width = b.cottage(roof=Colour(0.95, 0.012, 255), wall=Colour(0.50, 0.08, 40), size=0.26)(stage)
    return [(path_, lit(0.90, 0.12, 78) if c == b.WINDOW else c) for path_, c in pieces], width


def tiled_wall(stage: Stage) -> None:
    """A white garden wall under dark tiles."""
    stage.plane(
        0.0,
        stage.paint(box(-6.0, -0.02, 12.0, 0.13), stage.ground(Colour(0.92, 0.02, 85), 0.22)),
        stage.paint(box(-6.0, -0.045, 12.0, 0.030), stage.ground(Colour(0.36, 0.025, 260), 0.2)),
        stage.paint(box(-6.0, 0.085, 12.0, 0.025), stage.ground(Colour(0.50, 0.02, 80), 0.2)),
    )


def hanging_mist(strength: float) -> Layer:
    """Bands of haze between the planes of a wood."""

    def paint(stage: Stage) -> None:
        haze = stage.tint(stage.palette.haze.lighter(0.03)).rgba
        for y, thick in ((-0.05, 0.16), (0.06, 0.08)):
            band = Shape(box(-6.0, y - thick, 12.0, thick * 2))
            band.linear(
                0.0,
                y - thick,
                0.0,
                y + thick,
                [(0.0, (*haze[:3], 0)), (0.5, (*haze[:3], round(190 * strength))), (1.0, (*haze[:3], 0))],
            )
            stage.plane(0.1, band)

    return paint


def vines(count: int) -> Layer:
    def paint(stage: Stage) -> None:
        f = stage.frame
        length = base.period(stage)
        items: list[tuple[Paint, float, float]] = []
        for k in range(count):
            h = f.above * stage.dawdle(0.3, 0.8)
            bend = stage.dawdle(-0.06, 0.06)
            rope = ribbon([(0.0, -0.3), (bend, h * 0.5), (bend * 0.4, h)], [0.010, 0.008, 0.005])
            leaves = Path()
            for j in range(6):
                leaves.join(
                    ellipse(
                        bend * math.sin(j / 5 * 3.1) + (0.012 if j % 2 else -0.012), h * (0.1 + 0.17 * j), 0.016, 0.010
                    )
                )
            pieces: Pieces = [(rope, Colour(0.36, 0.06, 120)), (leaves, Colour(0.44, 0.11, 140))]
            items.append(
                (cut(stage, pieces, 0.16), -length / 2 + (k + stage.dawdle(0.1, 0.9)) * length / count, -f.above)
            )
        stage.scatter(0.85, length, items, sway=0.02)

    return paint


def glows(count: int) -> Layer:
    """Soft lights that hang in the air and breathe."""

    def paint(stage: Stage) -> None:
        for k in range(count):
            hue = (190, 300, 12)[k % 3]
            x, y = stage.dawdle(-1.0, 1.0) * stage.frame.half, stage.dawdle(-0.25, 0.2)
            spot = nested(0.075, 0.075, stage.tint(Colour(0.80, 0.13, hue, 0.30)).rgba, 5)

            def move(view: View, spot: Group = spot, x: float = x, y: float = y, k: int = k) -> None:
                at = (x + 0.03 * wave(view.t / 7 + k * 0.37), y + 0.03 * wave(view.t / 5 + k * 0.61))
                spot.place(
                    mul(stage.still(view, 0.7), mul(shift(*at), scale(0.85 + 0.2 * wave(view.t / 4 + k * 0.23))))
                )

            stage.add(spot, move)

    return paint


def fire(x: float, y: float, size: float = 1.0) -> Layer:
    """A camp fire: flames that lick, light on the ground, sparks."""

    def paint(stage: Stage) -> None:
        cx = away(stage) * x * stage.frame.half
        light = nested(0.34 * size, 0.10 * size, stage.tint(Colour(0.78, 0.15, 60, 0.5)).rgba, 5)
        logs = cut(stage, o.campfire(stage)[2:], 0.05)
        flames = [(cut(stage, [piece], 0.0), k) for k, piece in enumerate(o.campfire(stage)[:2])]
        group = Group()
        for paint_ in (light, *(flame for flame, _ in flames), logs):
            group.add(paint_)
        stage.canvas.add(group)
        stage.plane(0.9, stage.glow(cx, y - 0.08, 0.26 * size, lit(0.72, 0.16, 55), 0.5))

        def move(view: View) -> None:
            root = mul(stage.still(view, 0.9), shift(cx, y))
            light.place(mul(root, scale(1.0 + 0.05 * wave(view.t / 1.3))))
            logs.place(mul(root, scale(size)))
            for flame, k in flames:
                tall = size * (1.0 + 0.13 * wave(view.t * 1.3 + k * 0.4) + 0.06 * wave(view.t * 2.9 + k))
                flame.place(mul(root, (size, 0.0, -0.12 * wave(view.t * 0.8 + k * 0.3), tall, 0.0, 0.0)))

        stage.movers.append(move)

    return paint

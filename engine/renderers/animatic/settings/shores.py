"""Scenery of water: pools, rivers, lagoons, ice, and what swims on them."""

from engine.renderers.animatic.canvas import Group, Paint, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import (
    Path,
    box,
    ellipse,
    polygon,
    smooth,
)
from engine.renderers.animatic.settings import base, water
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.kit import Layer, cut
from engine.renderers.animatic.settings.ridges import ridge, rolling
from engine.renderers.animatic.settings.scenery import away
from engine.renderers.animatic.stage import Stage


def reed_edge(stage: Stage) -> None:
    water.stream_before(stage)


def winding_river(tone: Colour) -> Layer:
    def paint(stage: Stage) -> None:
        f = stage.frame
        side = away(stage)
        bottom = f.below + 0.08
        shape = (
            Path()
            .move(side * 0.05, 0.105)
            .cubic(side * 0.5, 0.12, side * 0.1, 0.16, side * 0.45, 0.22)
            .cubic(side * 0.7, 0.27, side * 0.5, bottom * 0.8, side * 0.75, bottom)
        )
        shape.line(side * (f.half + 0.6), bottom).cubic(
            side * 1.0, bottom * 0.7, side * 0.9, 0.26, side * 0.62, 0.20
        ).cubic(side * 0.3, 0.15, side * 0.75, 0.12, side * 0.09, 0.105).close()
        river = Shape(shape)
        top, low = stage.palette.sky[-1], stage.palette.sky[0].towards(stage.ground(tone, 0.0), 0.5)
        river.linear(0.0, 0.1, 0.0, f.below, [(0.0, stage.tint(top).rgba), (1.0, stage.tint(low).rgba)])
        stage.scatter(0.9, base.period(stage) * 2, [(river, 0.0, 0.0)])

    return paint


def pool(top: float, bottom: float, *, mirror: float = 0.35) -> Layer:
    """Standing water with a shore: it holds the sky."""

    def paint(stage: Stage) -> None:
        side = away(stage)
        x, w = side * stage.frame.half * 0.42, stage.frame.half * 0.52
        y, h = (top + bottom) / 2, (bottom - top) / 2
        shore = stage.paint(ellipse(x, y, w * 1.06, h * 1.18), stage.ground(Colour(0.50, 0.06, 100), 0.15))
        sheet = Shape(ellipse(x, y, w, h))
        sky = stage.palette.sky
        sheet.linear(
            0.0,
            top,
            0.0,
            bottom,
            [
                (0.0, stage.tint(sky[-1].towards(stage.palette.haze, mirror)).rgba),
                (1.0, stage.tint(sky[0].towards(stage.ground(Colour(0.55, 0.08, 210), 0.1), 0.45)).rgba),
            ],
        )
        glints = Path()
        for k in range(5):
            glints.join(
                ellipse(
                    x + w * stage.dawdle(-0.6, 0.6),
                    top + (bottom - top) * (0.25 + 0.13 * k),
                    stage.dawdle(0.02, 0.06),
                    0.0022,
                )
            )
        group = Group()
        for paint_ in (shore, sheet, stage.paint(glints, stage.palette.light.clear(0.5))):
            group.add(paint_)
        stage.scatter(0.88, base.period(stage) * 2, [(group, 0.0, 0.0)])

    return paint


def bank(tone: Colour, top: float) -> Layer:
    """The near shore, before water."""

    def paint(stage: Stage) -> None:
        length = base.period(stage)
        left, right = base.span(stage, length)
        shape = Shape(
            ridge(
                rolling(stage.rng, length, 0.05, (1, 2, 3)),
                left,
                right,
                top + 0.03,
                stage.frame.below + 0.3 + stage.reach[1],
            )
        )
        shape.linear(
            0.0,
            top,
            0.0,
            stage.frame.below,
            [
                (0.0, stage.tint(stage.ground(tone.lighter(0.02), 0.10)).rgba),
                (1.0, stage.tint(stage.ground(tone.lighter(-0.08), 0.0)).rgba),
            ],
        )
        stage.scroll(0.95, length, shape)

    return paint


def cold_sea(top: float) -> Layer:
    def paint(stage: Stage) -> None:
        water.surface(stage, top, stage.frame.below + 0.3 + stage.reach[1])
        water.glitter(stage, top + 0.01, stage.frame.below, 46)

    return paint


def open_sea(stage: Stage) -> None:
    water.surface(stage, 0.0, stage.frame.below + 0.3)
    water.glitter(stage, 0.01, 0.22, 60)


def lagoon(stage: Stage) -> None:
    """Shallow water over white sand: turquoise, in bands."""
    f = stage.frame
    sheet = Shape(box(-6.0, 0.0, 12.0, f.below + 0.4))
    tones = (Colour(0.52, 0.11, 240), Colour(0.70, 0.11, 205), Colour(0.84, 0.09, 190), Colour(0.92, 0.05, 170))
    sheet.linear(0.0, 0.0, 0.0, 0.24, [(k / 3, stage.tint(stage.ground(t, 0.12)).rgba) for k, t in enumerate(tones)])
    stage.plane(0.0, sheet)
    water.glitter(stage, 0.01, 0.20, 60)


def ice_wall(stage: Stage) -> None:
    """A glacier's front: a blue wall in slabs."""
    length = base.period(stage)
    left, right = base.span(stage, length)
    tones = [
        stage.ground(Colour(lightness, chroma, 225), 0.35)
        for lightness, chroma in ((0.95, 0.025), (0.86, 0.06), (0.78, 0.085))
    ]
    slabs = [[Path()], [Path()], [Path()]]
    x, index = left, 0
    while x < right:
        w, h = stage.dawdle(0.06, 0.16), stage.dawdle(0.12, 0.20)
        target = slabs[(index * 2 + index // 3) % 3]
        if len(target[-1].commands) > 40:
            target.append(Path())
        target[-1].join(
            polygon(
                [
                    (x, 0.075),
                    (x - 0.004, -h * 0.9),
                    (x + w * 0.4, -h),
                    (x + w + 0.006, -h * 0.88),
                    (x + w + 0.004, 0.075),
                ]
            )
        )
        x += w
        index += 1
    stage.scroll(
        0.3, length, *(stage.paint(path_, tone) for tone, paths in zip(tones, slabs, strict=True) for path_ in paths)
    )


def floes(stage: Stage) -> None:
    length = base.period(stage)
    items: list[tuple[Paint, float, float]] = []
    for _ in range(12):
        near = float(stage.rng.random())
        y = 0.12 + (stage.frame.below - 0.12) * near
        w = (0.06 + 0.16 * near) * stage.dawdle(0.7, 1.3)
        top = polygon(
            [
                (-w, 0.0),
                (-w * 0.5, -w * 0.16),
                (w * 0.3, -w * 0.18),
                (w, -w * 0.02),
                (w * 0.5, w * 0.13),
                (-w * 0.4, w * 0.14),
            ]
        )
        side_ = polygon(
            [
                (-w, 0.0),
                (-w * 0.4, w * 0.14),
                (w * 0.5, w * 0.13),
                (w, -w * 0.02),
                (w * 0.96, w * 0.05),
                (w * 0.5, w * 0.21),
                (-w * 0.4, w * 0.22),
                (-w * 0.97, w * 0.08),
            ]
        )
        group = Group()
        group.add(stage.paint(side_, stage.ground(Colour(0.72, 0.08, 225), 0.1)))
        group.add(stage.paint(top, stage.ground(Colour(0.97, 0.012, 230), 0.1)))
        items.append((group, stage.dawdle(-length / 2, length / 2), y))
    items.sort(key=lambda item: item[2])
    stage.scatter(0.95, length, items)


def lily_pads(count: int) -> Layer:
    def paint(stage: Stage) -> None:
        length = base.period(stage)
        items: list[tuple[Paint, float, float]] = []
        for k in range(count):
            near = float(stage.rng.random())
            s = 0.03 + 0.05 * near
            pad = (
                Path()
                .move(0.0, 0.0)
                .line(s, -s * 0.06)
                .cubic(s, s * 0.3, -s * 0.6, s * 0.42, -s, 0.0)
                .cubic(-s * 0.9, -s * 0.34, s * 0.5, -s * 0.40, s * 0.94, -s * 0.14)
                .close()
            )
            group = Group()
            group.add(stage.paint(pad, stage.ground(Colour(0.50, 0.11, 140), 0.12)))
            if k % 3 == 0:
                group.add(
                    stage.paint(
                        smooth(
                            [
                                (-s * 0.25, -s * 0.02),
                                (-s * 0.32, -s * 0.36),
                                (0.0, -s * 0.5),
                                (s * 0.32, -s * 0.36),
                                (s * 0.25, -s * 0.02),
                            ],
                            tension=0.4,
                        ),
                        stage.ground(Colour(0.84, 0.10, 355), 0.08),
                    )
                )
            items.append(
                (group, stage.dawdle(-length / 2, length / 2), 0.11 + (stage.frame.below * 0.95 - 0.11) * near)
            )
        stage.scatter(0.95, length, items)

    return paint


def boats(stage: Stage) -> None:
    length = base.period(stage)
    items: list[tuple[Paint, float, float]] = []
    for k in range(3):
        s = 0.10 + 0.03 * k
        raft: Pieces = [
            (
                smooth(
                    [
                        (-s, -0.006),
                        (-s * 1.15, -0.03),
                        (-s * 0.6, -0.012),
                        (s * 0.6, -0.012),
                        (s * 1.15, -0.03),
                        (s, -0.002),
                        (0.0, 0.008),
                    ],
                    tension=0.3,
                ),
                Colour(0.42, 0.06, 60),
            ),
            (
                polygon([(-s * 0.30, -0.01), (-s * 0.24, -s * 0.40), (s * 0.24, -s * 0.40), (s * 0.30, -0.01)]),
                Colour(0.60, 0.07, 75),
            ),
        ]
        items.append((cut(stage, raft, 0.3), -length / 2 + (k + stage.dawdle(0.2, 0.8)) * length / 3, 0.085 + 0.03 * k))
    stage.scatter(0.55, length, items)

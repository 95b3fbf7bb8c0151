"""Where people live, and beyond: village, road, room, space (the street has its own file)."""

import math

from engine.renderers.animatic.actors import nested
from engine.renderers.animatic.canvas import Group, Paint, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import Path, ellipse, mul, polygon, ribbon, rounded, scale, shift, smooth, wave
from engine.renderers.animatic.settings.base import Setting, clouds, floor, layer, period
from engine.renderers.animatic.settings.interior import on_the_glass
from engine.renderers.animatic.settings.land import (
    GRASS,
    GRASS_FAR,
    grass_edge,
    mountains,
    orchard_trees,
    wood,
)
from engine.renderers.animatic.settings.ridges import pine, rolling
from engine.renderers.animatic.settings.street import ASPHALT, street_before, street_behind
from engine.renderers.animatic.stage import Stage, View

DIRT = Colour(0.60, 0.065, 62)


def village_behind(stage: Stage) -> None:
    clouds(stage, 4)
    mountains(stage, 0.10, 0.22, 0.0, 0.85, snow=False)
    length = period(stage)
    layer(stage, 0.25, rolling(stage.rng, length, 0.10), 0.03, 0.12, stage.ground(GRASS_FAR, 0.6), mist=0.4, until=0.07)
    wood(stage, 0.40, 0.06, 0.13, 0.09, 0.42, pine_share=0.3, leaf=Colour(0.46, 0.085, 140), mist=0.3, until=0.12)
    floor(stage, Colour(0.66, 0.06, 80), top=0.10, far=0.30)
    houses: list[tuple[Paint, float, float]] = []
    for index in range(7):
        group = Group()
        s = stage.dawdle(0.22, 0.32)
        wall = stage.ground(Colour(0.88, 0.03, 75), 0.16)
        roof = stage.ground(Colour(0.44, 0.07, 25 + 18 * (index % 3)), 0.14)
        group.add(
            stage.paint(
                polygon([(-s * 0.55, 0.0), (-s * 0.55, -s * 0.55), (s * 0.55, -s * 0.55), (s * 0.55, 0.0)]), wall
            )
        )
        # eaves that turn up at their ends
        eaves = smooth(
            [
                (-s * 0.78, -s * 0.56),
                (-s * 0.50, -s * 0.62),
                (-s * 0.30, -s * 0.92),
                (0.0, -s * 0.96),
                (s * 0.30, -s * 0.92),
                (s * 0.50, -s * 0.62),
                (s * 0.78, -s * 0.56),
                (s * 0.4, -s * 0.50),
                (-s * 0.4, -s * 0.50),
            ],
            tension=0.4,
        )
        group.add(stage.paint(eaves, roof))
        lit = Colour(0.90, 0.11, 80) if stage.palette.ambient[0] < 0.7 else wall.lighter(-0.25)
        group.add(
            stage.paint(
                rounded(-s * 0.36, -s * 0.38, s * 0.2, s * 0.2, 0.004).join(
                    rounded(s * 0.16, -s * 0.38, s * 0.2, s * 0.2, 0.004)
                ),
                lit,
            )
        )
        group.add(stage.paint(rounded(-s * 0.09, -s * 0.32, s * 0.18, s * 0.32, 0.004), roof.lighter(-0.06)))
        houses.append(
            (group, -length / 2 + (index + stage.dawdle(0.25, 0.75)) * length / 7, 0.118 + 0.012 * (index % 2))
        )
    stage.scatter(0.62, length, houses)
    orchard_trees(stage, 0.68, 0.135, 0.30, 5, 0.15, Colour(0.52, 0.11, 135))
    lanterns: list[tuple[Paint, float, float]] = []
    for index in range(14):
        group = Group()
        half = length / 28
        rope = ribbon(
            [(-half, -0.055), (-half * 0.5, -0.034), (0.0, -0.028), (half * 0.5, -0.034), (half, -0.055)], [0.003] * 5
        )
        group.add(stage.paint(rope, stage.palette.ink))
        group.add(stage.paint(ribbon([(0.0, -0.03), (0.0, 0.078)], [0.003, 0.003]), Colour(0.82, 0.13, 85)))
        group.add(stage.paint(ellipse(0.0, 0.022, 0.034, 0.029), Colour(0.60, 0.21, 28)))
        group.add(stage.paint(ellipse(0.0, 0.022, 0.013, 0.029), Colour(0.68, 0.19, 35)))
        caps = rounded(-0.013, -0.010, 0.026, 0.007, 0.002).join(rounded(-0.013, 0.047, 0.026, 0.007, 0.002))
        group.add(stage.paint(caps, Colour(0.82, 0.13, 85)))
        at = -length / 2 + (index + 0.5) * length / 14
        lanterns.append((group, at, -stage.frame.above * 0.62))
    stage.scatter(0.8, length, lanterns, sway=0.10)


def village_before(stage: Stage) -> None:
    grass_edge(stage, GRASS, tall=0.08, density=14)


def road_behind(stage: Stage) -> None:
    """A road that climbs away from us; trees stand beside it and come past."""
    f = stage.frame
    clouds(stage, 4)
    mountains(stage, 0.06, 0.32, 0.0, 0.82)
    wood(stage, 0.16, 0.03, 0.10, 0.11, 0.55, pine_share=1.0, mist=0.5)
    floor(stage, Colour(0.48, 0.08, 122), top=0.045, far=0.40)
    top, bottom = 0.035, f.below + 0.05
    dirt = Shape(
        Path()
        .move(-0.045, top)
        .cubic(-0.02, top + 0.08, -f.half * 0.42, bottom * 0.55, -f.half * 0.88, bottom)
        .line(f.half * 0.88, bottom)
        .cubic(f.half * 0.42, bottom * 0.55, 0.08, top + 0.08, 0.015, top)
        .close()
    )
    dirt.linear(
        0.0,
        top,
        0.0,
        bottom,
        [
            (0.0, stage.tint(stage.ground(DIRT, 0.5)).rgba),
            (0.4, stage.tint(stage.ground(DIRT, 0.15)).rgba),
            (1.0, stage.tint(stage.ground(DIRT.lighter(-0.10), 0.0)).rgba),
        ],
    )
    stage.plane(0.9, dirt)
    rut = stage.ground(DIRT.lighter(-0.12), 0.05)
    ruts = Path()
    for side in (-1.0, 1.0):
        ruts.join(
            polygon(
                [
                    (side * 0.010 - 0.014, top + 0.02),
                    (side * 0.018 - 0.012, top + 0.02),
                    (side * f.half * 0.40, bottom),
                    (side * f.half * 0.31, bottom),
                ]
            )
        )
    stage.plane(0.9, stage.paint(ruts, rut.clear(0.5)))
    _passing(stage, 18)


def _passing(stage: Stage, count: int) -> None:
    """Firs on both sides that grow as they come towards the lens; drawn far to near by always keeping the
    nearest last."""
    f = stage.frame
    group = Group()
    trees: list[tuple[Shape, float, float]] = []
    for index in range(count):
        side = -1.0 if index % 2 else 1.0
        tone = stage.ground(Colour(0.40, 0.07, 155), 0.22 * (index % 3) / 3).towards(stage.palette.ink, 0.22)
        shape = stage.paint(pine(1.0, stage.rng, tiers=6), tone)
        trees.append((shape, side * stage.dawdle(1.25, 2.3), index / count))
    # the order on the canvas is fixed, so each tree keeps one ring of distance and comes round in it
    for shape, _, _ in trees:
        group.add(shape)
    stage.canvas.add(group)

    def move(view: View) -> None:
        travelled = view.t * 0.16
        root = stage.matrix(view.held, 0.9)
        for shape, across, at in trees:
            near = (at + travelled) % 1.0
            depth = 0.055 / (1.02 - near * 0.95)
            y = 0.03 + (depth - 0.05) * f.below * 0.92
            size = depth * 1.15
            shape.show(abs(across * depth * f.half) < f.half + size)
            shape.place(
                mul(root, mul(shift(across * (depth * f.half * 0.85 + 0.03), y), scale(size * min(1.0, near * 8))))
            )

    stage.movers.append(move)


def road_before(stage: Stage) -> None:
    """Dust behind the wheels."""
    f = stage.frame
    group = Group()
    puffs: list[tuple[Group, float, float]] = []
    tone = stage.tint(stage.ground(DIRT.lighter(0.1), 0.1).clear(0.34)).rgba
    for index in range(9):
        puff = nested(0.07, 0.05, tone, 3)
        group.add(puff)
        puffs.append((puff, index / 9, -1.0 if index % 2 else 1.0))
    stage.canvas.add(group)
    x, y = 0.0, f.below * 0.56

    def move(view: View) -> None:
        root = stage.matrix(view.held, 1.0)
        for shape, phase, side in puffs:
            age = (view.t / 1.5 + phase) % 1.0
            shape.place(mul(root, mul(shift(x + side * (0.10 + 0.12 * age), y + 0.10 * age), scale(0.5 + 1.8 * age))))

    stage.movers.append(move)


def room_behind(stage: Stage) -> None:
    """A room by lamplight: window with the evening in it, pictures, a lamp; a table to stand things on."""
    f = stage.frame
    wall = Shape(Path().move(-5, -f.above - 0.2).line(5, -f.above - 0.2).line(5, 0.22).line(-5, 0.22).close())
    tone = Colour(0.62, 0.07, 48)
    wall.linear(
        0.0,
        -f.above,
        0.0,
        0.2,
        [
            (0.0, stage.tint(tone.lit(stage.palette.ambient).lighter(-0.08)).rgba),
            (1.0, stage.tint(tone.lit(stage.palette.ambient).lighter(0.05)).rgba),
        ],
    )
    stage.plane(0.0, wall)
    side = -math.copysign(1.0, stage.reserved[0])
    wx, wy, ww, wh = side * f.half * 0.52, -f.above * 0.80, min(0.46, f.half * 0.7), f.above * 0.62
    outside = (stage.outdoors or stage.palette).sky
    evening = Shape(rounded(wx - ww / 2, wy, ww, wh, 0.012))
    evening.linear(
        0.0,
        wy,
        0.0,
        wy + wh,
        [
            (0.0, stage.tint(outside[0]).rgba),
            (0.6, stage.tint(outside[-2]).rgba),
            (1.0, stage.tint(outside[-1]).rgba),
        ],
    )
    bars = rounded(wx - 0.008, wy, 0.016, wh, 0.0).join(rounded(wx - ww / 2, wy + wh * 0.45, ww, 0.014, 0.0))
    frame_ = Shape(rounded(wx - ww / 2, wy, ww, wh, 0.012))
    frame_.stroke(0.026, stage.tint(Colour(0.86, 0.03, 75).lit(stage.palette.ambient)).rgba)
    curtains = Path()
    for way in (-1.0, 1.0):
        edge = wx + way * ww * 0.52
        curtains.join(
            smooth(
                [
                    (edge - way * 0.10, wy - 0.03),
                    (edge + way * 0.10, wy - 0.03),
                    (edge + way * 0.12, wy + wh * 0.6),
                    (edge + way * 0.10, wy + wh + 0.10),
                    (edge + way * 0.02, wy + wh + 0.10),
                    (edge - way * 0.01, wy + wh * 0.5),
                ],
                tension=0.4,
            )
        )
    stage.plane(
        0.35,
        evening,
        *on_the_glass(stage, wx - ww / 2, wy, ww, wh),
        stage.paint(bars, Colour(0.86, 0.03, 75).lit(stage.palette.ambient)),
        frame_,
        stage.paint(curtains, Colour(0.50, 0.12, 20).lit(stage.palette.ambient)),
    )
    for k, (dx, w, h) in enumerate(((0.30, 0.17, 0.22), (0.62, 0.13, 0.13), (0.86, 0.16, 0.24))):
        px, py = -side * f.half * dx - w / 2, -f.above * (0.74 - 0.06 * (k % 2))
        picture = Shape(
            rounded(px, py, w, h, 0.004), stage.tint(Colour(0.80, 0.08, 60 + 70 * k).lit(stage.palette.ambient)).rgba
        )
        picture.stroke(0.012, stage.tint(Colour(0.34, 0.05, 50)).rgba)
        hill = stage.paint(
            smooth(
                [
                    (px + 0.01, py + h - 0.01),
                    (px + w * 0.3, py + h * 0.55),
                    (px + w * 0.6, py + h * 0.7),
                    (px + w - 0.01, py + h * 0.5),
                    (px + w - 0.01, py + h - 0.01),
                ],
                tension=0.3,
            ),
            Colour(0.50, 0.10, 150 + 60 * k).lit(stage.palette.ambient),
        )
        stage.plane(0.38, picture, hill)
    boards = Shape(Path().move(-5, 0.10).line(5, 0.10).line(5, f.below + 0.3).line(-5, f.below + 0.3).close())
    wood_tone = Colour(0.46, 0.07, 52).lit(stage.palette.ambient)
    boards.linear(
        0.0,
        0.10,
        0.0,
        f.below,
        [
            (0.0, stage.tint(wood_tone.lighter(-0.04)).rgba),
            (0.4, stage.tint(wood_tone.lighter(0.03)).rgba),
            (1.0, stage.tint(wood_tone.lighter(-0.12)).rgba),
        ],
    )
    skirting = stage.paint(
        Path().move(-5, 0.075).line(5, 0.075).line(5, 0.10).line(-5, 0.10).close(),
        Colour(0.82, 0.03, 70).lit(stage.palette.ambient).lighter(-0.08),
    )
    stage.plane(0.0, boards)
    stage.plane(0.6, skirting)
    lamp_x = -side * f.half * 0.78
    stage.plane(
        0.6,
        stage.paint(
            ribbon([(lamp_x, 0.16), (lamp_x, -0.34)], [0.02, 0.014]).join(ellipse(lamp_x, 0.16, 0.07, 0.014)),
            Colour(0.25, 0.03, 50),
        ),
    )
    stage.plane(
        0.6,
        stage.paint(
            polygon([(lamp_x - 0.06, -0.46), (lamp_x + 0.06, -0.46), (lamp_x + 0.105, -0.31), (lamp_x - 0.105, -0.31)]),
            Colour(0.93, 0.10, 82),
        ),
    )
    stage.plane(0.6, stage.glow(lamp_x, -0.36, 0.25, Colour(0.86, 0.11, 70), 0.55))


def room_before(stage: Stage) -> None:
    return None


def space_behind(stage: Stage) -> None:
    """Stars, a great planet with rings, a small moon."""
    f = stage.frame
    x, y, r = -math.copysign(f.half * 0.46, stage.reserved[0]), -f.above * 0.25, min(0.27, f.half * 0.5)
    body = Shape(ellipse(x, y, r))
    a, b = Colour(0.74, 0.11, 45), Colour(0.30, 0.09, 320)
    lx = math.copysign(r * 0.8, stage.key.x)
    body.linear(
        x + lx,
        y - r,
        x - lx,
        y + r,
        [
            (0.0, stage.tint(a.lighter(0.1)).rgba),
            (0.45, stage.tint(a.towards(b, 0.4)).rgba),
            (1.0, stage.tint(b.lighter(-0.1)).rgba),
        ],
    )
    bands = Path()
    for dy, h in ((-0.5, 0.10), (-0.15, 0.06), (0.12, 0.14), (0.5, 0.08)):
        w = math.sqrt(max(0.0, 1 - dy * dy)) * r * 0.985
        bands.join(
            ribbon(
                [(x - w, y + dy * r), (x, y + dy * r + 0.02), (x + w, y + dy * r)], [h * r * 0.5, h * r, h * r * 0.5]
            )
        )
    stage.plane(0.18, body, stage.paint(bands, b.clear(0.28)))
    ring = Path()
    for k in range(25):
        t0 = math.pi * (k / 24)
        px, py = x + math.cos(t0) * r * 1.75, y + math.sin(t0) * r * 0.36 + math.cos(t0) * r * -0.22
        if k:
            ring.line(px, py)
        else:
            ring.move(px, py)
    for k in range(24, -1, -1):
        t0 = math.pi * (k / 24)
        ring.line(x + math.cos(t0) * r * 1.30, y + math.sin(t0) * r * 0.25 + math.cos(t0) * r * -0.165)
    stage.plane(0.18, stage.paint(ring.close(), Colour(0.85, 0.07, 70, 0.75)))
    mx, my = math.copysign(f.half * 0.66, stage.reserved[0]), -f.above * 0.66
    moon = Shape(ellipse(mx, my, 0.05))
    moon.linear(
        mx + lx * 0.2,
        my - 0.05,
        mx - lx * 0.2,
        my + 0.05,
        [(0.0, stage.tint(Colour(0.88, 0.02, 250)).rgba), (1.0, stage.tint(Colour(0.30, 0.04, 280)).rgba)],
    )
    stage.plane(0.08, moon)


def space_before(stage: Stage) -> None:
    f = stage.frame
    tone = stage.tint(Colour(0.97, 0.03, 230, 0.8)).rgba
    group = Group()
    motes: list[tuple[Shape, float, float, float]] = []
    for _ in range(40):
        shape = Shape(ellipse(0.0, 0.0, stage.dawdle(0.0012, 0.003)), tone)
        group.add(shape)
        motes.append((shape, stage.dawdle(-1.3, 1.3) * f.half, stage.dawdle(-f.above, f.below), stage.dawdle(0.2, 1.0)))
    stage.canvas.add(group)

    def move(view: View) -> None:
        wide = f.half * 2.6
        for shape, x, y, near in motes:
            at = (x - view.t * 0.035 * near + wide / 2) % wide - wide / 2
            shape.place(mul(stage.screen(view), shift(at, y + 0.01 * wave(view.t / 7 + near))))

    stage.movers.append(move)


PLACES = (
    Setting("street", "neon", ASPHALT, street_behind, street_before, horizon=0.60, stand=0.60, clouds=0.1, walled=True),
    Setting("village", "golden", Colour(0.66, 0.06, 80), village_behind, village_before, stand=0.60),
    Setting("road", "golden", DIRT, road_behind, road_before, horizon=0.50, stand=0.56),
    Setting(
        "room",
        "lamp",
        Colour(0.46, 0.07, 52),
        room_behind,
        room_before,
        horizon=0.62,
        stand=0.62,
        indoors=True,
        clouds=0.0,
    ),
    Setting(
        "space",
        "space",
        Colour(0.3, 0.05, 300),
        space_behind,
        space_before,
        horizon=0.62,
        floats=True,
        clouds=0.35,
        day_only=True,
    ),
)

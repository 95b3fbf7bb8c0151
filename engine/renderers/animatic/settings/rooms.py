"""Indoors as recipes: wall, floor, windows and what stands there. Far walls are painted once; what is nearer moves."""

from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import (
    box,
    polygon,
    ribbon,
    rounded,
    smooth,
)
from engine.renderers.animatic.settings import fixtures, landmarks
from engine.renderers.animatic.settings import furniture as u
from engine.renderers.animatic.settings.base import Setting
from engine.renderers.animatic.settings.bustle import crowd, glow
from engine.renderers.animatic.settings.fittings import gallery_wall, skeleton
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.interior import (
    WALL,
    away,
    boards,
    ceiling,
    pendants,
    pieces_on_wall,
    table_edge,
    wall,
    window,
)
from engine.renderers.animatic.settings.kit import (
    Layer,
    Maker,
    bigger,
    frame_with,
    layers,
    lit,
    nothing,
    place,
    row,
)
from engine.renderers.animatic.stage import Stage

CREAM = Colour(0.90, 0.035, 82)
OAK_FLOOR = Colour(0.60, 0.075, 60)


def stands(
    x: float, make: Maker, *, y: float = 0.115, size: float = 1.0, depth: float = WALL, distance: float = 0.12
) -> Layer:
    return place(depth, x, y, lambda st: bigger(make(st), size), distance)


def carpet(stage: Stage) -> None:
    f = stage.frame
    x = away(stage) * f.half * 0.28
    cloth = polygon(
        [(x - 0.10, 0.115), (x + 0.10, 0.115), (x * 0.55 + 0.42, f.below + 0.3), (x * 0.55 - 0.42, f.below + 0.3)]
    )
    rim = polygon(
        [(x - 0.115, 0.115), (x + 0.115, 0.115), (x * 0.55 + 0.47, f.below + 0.3), (x * 0.55 - 0.47, f.below + 0.3)]
    )
    stage.plane(
        0.55,
        stage.paint(rim, stage.ground(Colour(0.78, 0.13, 82), 0.05)),
        stage.paint(cloth, stage.ground(Colour(0.46, 0.18, 24), 0.05)),
    )


def shrub(stage: Stage) -> Pieces:
    from engine.renderers.animatic.settings.flora import broad_leaves, bush

    plant = bush(blossom=Colour(0.70, 0.18, stage.dawdle(-20, 60))) if stage.rng.random() < 0.5 else broad_leaves()
    return plant(stage.dawdle(0.14, 0.24), stage.rng)


def palm_pot(stage: Stage) -> Pieces:
    from engine.renderers.animatic.settings.flora import palm

    return palm()(stage.dawdle(0.36, 0.5), stage.rng)


def leafy(stage: Stage, tall: float) -> Pieces:
    from engine.renderers.animatic.settings.scenery import great_leaves

    return great_leaves(stage, tall * 0.8)


ROOMS = (
    Setting(
        "kitchen",
        "indoors",
        OAK_FLOOR,
        layers(
            wall(CREAM),
            window(0.72, 0.88, 0.30, 0.42, view="hills"),
            boards(Colour(0.84, 0.03, 60), kind="tiles", skirting=Colour(0.5, 0.05, 185)),
            stands(-0.35, u.kitchen_units, size=1.12),
            stands(1.02, u.fridge, size=1.1),
            pendants(2, 0.30, lit(0.95, 0.08, 85), glow=0.2),
        ),
        table_edge(Colour(0.60, 0.08, 60)),
        indoors=True,
        horizon=0.62,
        stand=0.62,
        clouds=0.0,
    ),
    Setting(
        "bedroom",
        "lamp",
        OAK_FLOOR,
        layers(
            wall(Colour(0.66, 0.06, 265), papered=Colour(0.72, 0.05, 265)),
            window(0.78, 0.84, 0.36, 0.56, view="city", curtain=Colour(0.58, 0.10, 300)),
            pieces_on_wall(-0.5, 0.74, u.picture(0.24, 0.18, 5)),
            boards(OAK_FLOOR, skirting=CREAM),
            stands(0.30, u.bed(), y=0.15, size=1.15),
            stands(-0.9, u.bookshelf(0.34, 0.42), y=0.115),
            stands(-0.38, u.potted),
            glow(-0.05, -0.14, 0.2, lit(0.9, 0.11, 75), 0.5, depth=0.5),
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.68,
        clouds=0.0,
    ),
    Setting(
        "classroom",
        "indoors",
        OAK_FLOOR,
        layers(
            wall(Colour(0.90, 0.04, 105), dado=Colour(0.62, 0.06, 170)),
            pieces_on_wall(0.0, 0.82, u.blackboard(0.84, 0.30), calm=False),
            window(-0.95, 0.84, 0.30, 0.56, bars=2),
            window(1.1, 0.84, 0.30, 0.56, bars=2),
            boards(OAK_FLOOR.lighter(0.08), skirting=Colour(0.5, 0.05, 60)),
            row(0.66, 0.175, 0.1, (lambda st: (u.desk(0.26)(st), 0.30),), 0.10),
        ),
        layers(row(1.12, 0.36, 0.0, (lambda st: (bigger(u.desk(0.26)(st), 1.6), 0.48),), 0.3)),
        indoors=True,
        horizon=0.62,
        stand=0.60,
        clouds=0.0,
    ),
    Setting(
        "library",
        "lamp",
        OAK_FLOOR,
        layers(
            wall(Colour(0.54, 0.06, 60)),
            row(
                WALL,
                0.11,
                0.16,
                (lambda st: (u.bookshelf(0.46, 0.66)(st), 0.49), lambda st: (u.bookshelf(0.38, 0.66)(st), 0.41)),
                0.0,
            ),
            window(0.28, 0.96, 0.30, 0.50, arched=True, frame=Colour(0.40, 0.05, 50)),
            boards(Colour(0.50, 0.08, 48)),
            stands(0.56, u.table(0.5, 0.19, Colour(0.42, 0.07, 45)), y=0.17),
            stands(
                0.56,
                lambda st: [
                    (rounded(-0.05, -0.28, 0.10, 0.05, 0.02), lit(0.72, 0.12, 150)),
                    (box(-0.004, -0.24, 0.008, 0.04), Colour(0.76, 0.12, 82)),
                    (box(0.10, -0.22, 0.09, 0.016).join(box(0.11, -0.236, 0.07, 0.016)), Colour(0.5, 0.13, 25)),
                ],
                y=0.17,
            ),
            glow(0.56, -0.06, 0.2, lit(0.90, 0.1, 90), 0.5),
            pendants(3, 0.26, lit(0.93, 0.11, 78)),
        ),
        frame_with(lambda st, tall: u.bookshelf(0.42, tall * 1.05)(st), both=False, x=1.02, shade=0.55),
        indoors=True,
        horizon=0.62,
        stand=0.66,
        clouds=0.0,
    ),
    Setting(
        "office",
        "indoors",
        Colour(0.62, 0.02, 250),
        layers(
            wall(Colour(0.90, 0.012, 230)),
            window(-0.15, 0.90, 1.7, 0.66, view="city", bars=5, frame=Colour(0.5, 0.015, 250)),
            boards(Colour(0.56, 0.03, 250), kind="bare"),
            ceiling(Colour(0.95, 0.006, 230), drop=0.06),
            row(0.66, 0.17, 0.1, (lambda st: (u.desk(0.30, screen=True)(st), 0.36),), 0.16),
            stands(1.05, u.potted, size=1.4),
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.70,
        clouds=0.0,
    ),
    Setting(
        "cafe",
        "lamp",
        OAK_FLOOR,
        layers(
            wall(Colour(0.62, 0.07, 45), dado=Colour(0.40, 0.06, 50)),
            window(0.55, 0.86, 0.62, 0.62, view="city", bars=3, frame=Colour(0.30, 0.03, 50)),
            pieces_on_wall(
                -0.42,
                0.80,
                [
                    (rounded(-0.17, 0.0, 0.34, 0.24, 0.006), Colour(0.28, 0.02, 150)),
                    (
                        box(-0.13, 0.03, 0.20, 0.014)
                        .join(box(-0.13, 0.07, 0.26, 0.008))
                        .join(box(-0.13, 0.10, 0.22, 0.008))
                        .join(box(-0.13, 0.13, 0.25, 0.008))
                        .join(box(-0.13, 0.16, 0.18, 0.008)),
                        Colour(0.92, 0.03, 90),
                    ),
                ],
            ),
            boards(OAK_FLOOR, kind="boards"),
            stands(-0.8, fixtures.bar, size=0.8, y=0.12),
            stands(0.45, u.laid_table(Colour(0.86, 0.05, 25)), y=0.17, depth=0.66),
            stands(1.05, u.laid_table(Colour(0.86, 0.05, 25)), y=0.16, depth=0.62),
            pendants(4, 0.32, lit(0.95, 0.11, 78)),
        ),
        table_edge(Colour(0.44, 0.07, 48)),
        indoors=True,
        horizon=0.62,
        stand=0.66,
        clouds=0.0,
    ),
    Setting(
        "restaurant",
        "lamp",
        Colour(0.44, 0.10, 25),
        layers(
            wall(Colour(0.46, 0.10, 22), papered=Colour(0.52, 0.11, 24), dado=Colour(0.32, 0.05, 40)),
            pieces_on_wall(0.3, 0.76, u.picture(0.26, 0.20, 0)),
            pieces_on_wall(-0.75, 0.76, u.picture(0.20, 0.24, 2)),
            boards(Colour(0.42, 0.09, 28), kind="bare"),
            row(0.62, 0.165, 0.1, (lambda st: (u.laid_table()(st), 0.62),), 0.16),
            crowd(0.15, 4, 0.22, depth=0.58, distance=0.14),
            pendants(4, 0.28, lit(0.95, 0.12, 75), glow=0.5),
        ),
        table_edge(Colour(0.92, 0.01, 85)),
        indoors=True,
        horizon=0.62,
        stand=0.68,
        clouds=0.0,
    ),
    Setting(
        "bar",
        "neon",
        Colour(0.34, 0.05, 40),
        layers(
            wall(Colour(0.34, 0.06, 320)),
            stands(0.25, fixtures.bar, size=1.12, y=0.13),
            pieces_on_wall(
                -0.72,
                0.78,
                [
                    (rounded(-0.14, 0.0, 0.28, 0.13, 0.05), Colour(0.22, 0.04, 300)),
                    (
                        ribbon([(-0.10, 0.09), (-0.07, 0.03), (-0.04, 0.09), (-0.01, 0.03)], [0.009] * 4),
                        lit(0.80, 0.18, 350),
                    ),
                    (
                        ribbon([(0.03, 0.09), (0.03, 0.035), (0.08, 0.035), (0.08, 0.09), (0.03, 0.09)], [0.009] * 5),
                        lit(0.86, 0.13, 200),
                    ),
                ],
            ),
            boards(Colour(0.36, 0.05, 40)),
            glow(-0.72, -0.36, 0.24, lit(0.7, 0.2, 345), 0.5),
            pendants(4, 0.30, lit(0.95, 0.12, 72)),
        ),
        table_edge(Colour(0.30, 0.05, 45)),
        indoors=True,
        horizon=0.62,
        stand=0.66,
        clouds=0.0,
    ),
    Setting(
        "gallery",
        "indoors",
        OAK_FLOOR,
        layers(
            wall(Colour(0.93, 0.012, 85)),
            gallery_wall,
            ceiling(Colour(0.97, 0.005, 90), drop=0.06),
            boards(Colour(0.70, 0.06, 68), skirting=Colour(0.98, 0.005, 90)),
            stands(0.72, fixtures.plinth(0), y=0.17, depth=0.66, size=1.15),
            stands(-1.05, fixtures.plinth(2), y=0.16, depth=0.62),
            stands(
                0.05,
                lambda st: [
                    (box(-0.22, -0.07, 0.44, 0.03), Colour(0.30, 0.02, 60)),
                    (box(-0.19, -0.045, 0.02, 0.045).join(box(0.17, -0.045, 0.02, 0.045)), Colour(0.5, 0.01, 250)),
                ],
                y=0.2,
                depth=0.75,
            ),
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.70,
        clouds=0.0,
    ),
    Setting(
        "museum",
        "indoors",
        Colour(0.78, 0.02, 80),
        layers(
            wall(Colour(0.74, 0.035, 150)),
            window(-0.6, 0.98, 0.24, 0.5, arched=True),
            window(0.6, 0.98, 0.24, 0.5, arched=True),
            boards(Colour(0.80, 0.025, 80), kind="tiles"),
            stands(1.02, lambda st: landmarks.columns(2, 0.6, roof=False)(st)[0], size=1.0),
            stands(0.30, skeleton, y=0.135, size=1.0, depth=0.6),
            stands(-0.9, fixtures.plinth(1), y=0.16, depth=0.64, size=1.1),
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.72,
        clouds=0.0,
    ),
    Setting(
        "hospital",
        "clinic",
        Colour(0.80, 0.02, 190),
        layers(
            wall(Colour(0.93, 0.015, 195), dado=Colour(0.80, 0.045, 190)),
            window(-0.42, 0.84, 0.40, 0.5, bars=2, view="city"),
            boards(Colour(0.84, 0.02, 200), kind="tiles"),
            ceiling(Colour(0.97, 0.005, 200), drop=0.05),
            stands(0.42, fixtures.hospital_bed, y=0.15, size=1.1, depth=0.58),
            stands(
                1.1,
                lambda st: [
                    (
                        smooth(
                            [
                                (-0.14, -0.62),
                                (0.14, -0.62),
                                (0.16, 0.0),
                                (0.07, -0.02),
                                (0.0, 0.0),
                                (-0.07, -0.02),
                                (-0.16, 0.0),
                            ],
                            tension=0.2,
                        ),
                        Colour(0.78, 0.07, 170),
                    ),
                    (box(-0.2, -0.64, 0.4, 0.012), Colour(0.7, 0.01, 250)),
                ],
                y=0.11,
            ),
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.70,
        clouds=0.0,
    ),
    Setting(
        "workshop",
        "lamp",
        Colour(0.52, 0.05, 60),
        layers(
            wall(Colour(0.58, 0.05, 55)),
            pieces_on_wall(-0.35, 0.72, bigger(fixtures.tool_wall(), 1.2)),
            window(0.7, 0.84, 0.34, 0.44, bars=3),
            boards(Colour(0.54, 0.05, 60)),
            stands(-0.2, fixtures.workbench, y=0.14, size=1.15),
            stands(1.05, u.barrel, size=1.5),
            stands(
                0.62,
                lambda st: [
                    (
                        ribbon([(-0.07, 0.0), (0.07, 0.0)], [0.02] * 2).join(
                            polygon(
                                [
                                    (-0.09, -0.14),
                                    (0.09, -0.14),
                                    (0.03, -0.10),
                                    (0.035, -0.05),
                                    (0.06, 0.0),
                                    (-0.06, 0.0),
                                    (-0.035, -0.05),
                                    (-0.03, -0.10),
                                ]
                            )
                        ),
                        Colour(0.34, 0.015, 260),
                    )
                ],
                y=0.16,
                depth=0.62,
                size=1.2,
            ),
            pendants(2, 0.30, lit(0.95, 0.12, 76), glow=0.5),
        ),
        nothing,
        indoors=True,
        horizon=0.62,
        stand=0.68,
        clouds=0.0,
    ),
)

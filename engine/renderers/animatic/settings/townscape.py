"""What only one or two places of a town have: quays, rails, stalls, stands, pools."""

from engine.renderers.animatic.canvas import Group, Paint
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import (
    Path,
    box,
    ellipse,
    mul,
    polygon,
    ribbon,
    rounded,
    wave,
)
from engine.renderers.animatic.settings import base, water, waterside
from engine.renderers.animatic.settings import buildings as b
from engine.renderers.animatic.settings import scenery as s
from engine.renderers.animatic.settings.flora import Pieces
from engine.renderers.animatic.settings.kit import (
    Layer,
    bigger,
    cut,
    furrows,
    ground,
    lit,
    marks,
)
from engine.renderers.animatic.settings.tones import PASTELS, WARM
from engine.renderers.animatic.stage import Stage, View


def crossing(stage: Stage) -> None:
    """Lane marks and a zebra crossing."""
    f = stage.frame
    white = stage.ground(Colour(0.93, 0.01, 90), 0.08).clear(0.85)
    stripes = [Path(), Path()]
    top, bottom = f.below * 0.55, f.below * 0.92
    for k in range(-5, 6):
        x0, x1 = k * 0.16, k * 0.21
        stripes[k % 2].join(polygon([(x0 - 0.035, top), (x0 + 0.035, top), (x1 + 0.05, bottom), (x1 - 0.05, bottom)]))
    group = Group()
    for path in stripes:
        group.add(stage.paint(path, white))
    stage.scatter(0.95, base.period(stage) * 1.5, [(group, s.away(stage) * f.half * 0.3, 0.0)])
    dashes = Path()
    for k in range(-8, 9):
        dashes.join(box(k * 0.30, 0.155, 0.15, 0.006))
    stage.scatter(0.8, base.period(stage) * 2, [(stage.paint(dashes, white), 0.0, 0.0)])


def shop_row(stage: Stage) -> tuple[Pieces, float]:
    """A house of a city street by day: shop below, awning, windows above."""
    pieces, width = b.townhouse(*PASTELS, WARM, tall=0.62)(stage)
    tone = Colour(0.60, 0.15, stage.dawdle(0, 360))
    stripes = Path()
    for k in range(0, 7, 2):
        stripes.join(
            polygon(
                [
                    (-width * 0.42 + width * 0.12 * k, -0.165),
                    (-width * 0.42 + width * 0.12 * (k + 1), -0.165),
                    (-width * 0.45 + width * 0.128 * (k + 1), -0.12),
                    (-width * 0.45 + width * 0.128 * k, -0.12),
                ]
            )
        )
    shop: Pieces = [
        (
            box(-width * 0.44, -0.155, width * 0.88, 0.14),
            lit(0.90, 0.09, 82) if b.dark(stage) else Colour(0.50, 0.04, 225),
        ),
        (
            box(-0.012 - width * 0.2, -0.155, 0.008, 0.14).join(box(width * 0.2, -0.155, 0.008, 0.14)),
            tone.lighter(-0.2),
        ),
        (
            polygon([(-width * 0.42, -0.165), (width * 0.42, -0.165), (width * 0.46, -0.12), (-width * 0.46, -0.12)]),
            Colour(0.94, 0.02, 85),
        ),
        (stripes, tone),
    ]
    return [*pieces, *shop], width


def quay(stage: Stage) -> None:
    """Planks and bollards before the water."""
    length = base.period(stage)
    top = stage.frame.below * 0.45
    stage.plane(
        0.0,
        stage.paint(box(-6.0, top, 12.0, 1.0), stage.ground(Colour(0.58, 0.05, 65), 0.08)),
        stage.paint(box(-6.0, top, 12.0, 0.012), stage.ground(Colour(0.70, 0.05, 70), 0.08)),
    )
    furrows(Colour(0.46, 0.05, 60), 17, top + 0.012, 3.4, 0.35)(stage)
    bollard: Pieces = [
        (rounded(-0.022, -0.06, 0.044, 0.06, 0.008), Colour(0.30, 0.02, 260)),
        (rounded(-0.030, -0.068, 0.06, 0.018, 0.008), Colour(0.34, 0.02, 260)),
    ]
    items: list[tuple[Paint, float, float]] = [
        (cut(stage, bollard, 0.05), -length / 2 + (k + 0.5) * length / 4, top + 0.02) for k in range(4)
    ]
    stage.scatter(0.92, length, items)


def canal(top: float) -> Layer:
    def paint(stage: Stage) -> None:
        water.surface(stage, top, stage.frame.below + 0.4)
        water.glitter(stage, top + 0.01, stage.frame.below, 50, path_of_light=False)

    return paint


def parapet(stage: Stage) -> None:
    """The edge of a roof, and the roof we stand on."""
    brick = Colour(0.50, 0.075, 38)
    ground(Colour(0.50, 0.02, 60), top=0.16, far=0.12)(stage)
    stage.plane(
        0.0,
        stage.paint(box(-6.0, 0.085, 12.0, 0.085), stage.ground(brick, 0.12)),
        stage.paint(box(-6.0, 0.072, 12.0, 0.018), stage.ground(Colour(0.72, 0.02, 75), 0.12)),
    )
    joints = Path()
    for k in range(-16, 17):
        joints.join(box(k * 0.11, 0.092, 0.004, 0.032)).join(box(k * 0.11 + 0.055, 0.130, 0.004, 0.036))
    joints.join(box(-3.0, 0.126, 6.0, 0.004))
    stage.plane(0.6, stage.paint(joints, stage.ground(brick.lighter(-0.09), 0.12)))


def harbour_ships(stage: Stage) -> None:
    """Ships at their moorings, rocking a little, each over its dim image."""
    length = base.period(stage)
    hulls = (
        waterside.ship(Colour(0.42, 0.11, 28), 0.34),
        waterside.fishing_boat,
        waterside.ship(Colour(0.40, 0.07, 250), 0.26),
        waterside.fishing_boat,
        waterside.fishing_boat,
    )
    made: list[tuple[Group, float, float, int]] = []
    for k, hull in enumerate(hulls):
        y = 0.085 + 0.022 * (k % 3)
        made.append(
            (cut(stage, hull(stage), 0.22), -length / 2 + (k + stage.dawdle(0.2, 0.8)) * length / len(hulls), y, k)
        )
    made.sort(key=lambda item: item[2])
    for group, *_ in made:
        stage.canvas.add(group)
    half = length / 2

    def move(view: View) -> None:
        root = stage.still(view, 0.6)
        for group, x, y, k in made:
            at = (x - view.travel * 0.6 + half) % length - half
            rock = 0.014 * wave(view.t / 4.3 + k * 0.37)
            group.nudge(mul(root, (1.0, rock, -rock, 1.0, at, y + 0.004 * wave(view.t / 3.1 + k * 0.21))))

    stage.movers.append(move)


def well_of_steps(stage: Stage) -> None:
    """Broad steps up to a hall."""
    stone = Colour(0.84, 0.018, 85)
    for k in range(4):
        y = 0.095 + 0.016 * k
        stage.plane(
            0.0, stage.paint(box(-6.0, y, 12.0, 0.018), stage.ground(stone.lighter(-0.03 * (k % 2)), 0.2 - 0.02 * k))
        )


def brick_walls(stage: Stage) -> None:
    """House walls on both sides, higher and darker as they come nearer."""
    f = stage.frame
    for side in (-1.0, 1.0):
        for k, (inner, tall, distance) in enumerate(((0.42, 0.86, 0.30), (0.70, 1.10, 0.12))):
            tone = stage.ground(Colour(0.54, 0.07, 40 + 12 * (side > 0)), distance)
            x = side * inner * f.half
            face = polygon(
                [
                    (side * 3.0, -f.above * tall - 0.3),
                    (x, -f.above * tall),
                    (x, 0.105 + 0.03 * k),
                    (side * 3.0, 0.16 + 0.1 * k),
                ]
            )
            courses = Path()
            for r in range(9):
                y = -f.above * tall + (0.1 + f.above * tall) * r / 9
                courses.join(
                    polygon(
                        [
                            (x, y),
                            (side * 3.0, y - 0.3 * (1 - r / 9)),
                            (side * 3.0, y + 0.006 - 0.3 * (1 - r / 9)),
                            (x, y + 0.004),
                        ]
                    )
                )
            stage.plane(0.5 + 0.12 * k, stage.paint(face, tone), stage.paint(courses, tone.lighter(-0.035)))


def alley_walls(stage: Stage) -> None:
    """Doors, windows and pipes on the walls of an alley; the walls lean towards the far end."""
    f = stage.frame
    for side in (-1.0, 1.0):
        for k, share in enumerate((0.62, 0.86)):
            x, grown = side * f.half * share, 0.8 + 0.5 * k
            window: Pieces = [
                (rounded(-0.05, -0.34, 0.10, 0.13, 0.006), lit(0.90, 0.11, 80) if k else Colour(0.40, 0.04, 250)),
                (box(-0.06, -0.21, 0.12, 0.014), Colour(0.70, 0.03, 70)),
                (rounded(-0.045, -0.16, 0.09, 0.18, 0.006), Colour(0.40, 0.09, 160 + 60 * k)),
                (box(0.085, -0.6, 0.012, 0.62), Colour(0.36, 0.02, 250)),
            ]
            stage.plane(0.62, cut(stage, bigger(window, grown), 0.16, (x, 0.10 + 0.08 * k)))
    stage.plane(0.62, stage.glow(s.away(stage) * f.half * 0.86, -0.12, 0.22, lit(0.86, 0.12, 75), 0.4))


def stall_edge(stage: Stage, tall: float) -> Pieces:
    return [(path.moved((1.9, 0.0, 0.0, 1.9, 0.12, 0.0)), colour) for path, colour in b.stall(stage)[0]]


def barrels(stage: Stage) -> Pieces:
    from engine.renderers.animatic.settings.furniture import barrel

    return [
        *barrel(stage),
        *((path.moved((0.85, 0.0, 0.0, 0.85, 0.13, 0.004)), colour) for path, colour in barrel(stage)),
    ]


def porch(stage: Stage, tall: float) -> Pieces:
    """A post and the roof of the porch that we look out from."""
    wood = Colour(0.44, 0.06, 55)
    return [
        (box(-0.05, -tall * 1.1, 0.06, tall * 1.2), wood),
        (ribbon([(-0.03, -tall * 0.72), (-0.26, -tall * 0.98)], [0.03, 0.03]), wood),
        (box(-0.9, -tall * 1.1, 1.6, tall * 0.10), wood.lighter(-0.04)),
        (box(-0.34, -tall * 0.26, 0.6, 0.028), wood),
    ]


def mooring(stage: Stage) -> Pieces:
    bands = Path()
    for k in range(4):
        bands.join(
            polygon(
                [
                    (-0.010, -0.05 - 0.07 * k),
                    (0.010, -0.065 - 0.07 * k),
                    (0.010, -0.10 - 0.07 * k),
                    (-0.010, -0.085 - 0.07 * k),
                ]
            )
        )
    return [
        (box(-0.010, -0.34, 0.020, 0.34), Colour(0.93, 0.02, 85)),
        (bands, Colour(0.52, 0.16, 25)),
        (ellipse(0.0, -0.35, 0.016), Colour(0.8, 0.12, 85)),
    ]


def deck(stage: Stage) -> None:
    """The walkway of a bridge, with a railing towards the water."""
    ground(Colour(0.60, 0.015, 260), top=0.17, far=0.12)(stage)
    length = base.period(stage)
    items: list[tuple[Paint, float, float]] = []
    for k in range(14):
        post: Pieces = [
            (box(-0.008, -0.12, 0.016, 0.12), Colour(0.52, 0.14, 35)),
            (
                box(-length / 28, -0.125, length / 14 + 0.002, 0.012).join(
                    box(-length / 28, -0.07, length / 14 + 0.002, 0.006)
                ),
                Colour(0.52, 0.14, 35),
            ),
        ]
        items.append((cut(stage, post, 0.12), -length / 2 + (k + 0.5) * length / 14, 0.185))
    stage.scatter(0.82, length, items)
    marks(Colour(0.80, 0.01, 90), 6, 0.2, alpha=0.4)(stage)

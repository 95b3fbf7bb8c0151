"""Open country: meadow, hills, desert, snow field, forest, mountains."""

from collections.abc import Callable
from functools import partial

from engine.renderers.animatic.canvas import Group, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import clamp, ellipse, mul, wave
from engine.renderers.animatic.settings.base import Setting, clouds, floor, layer, period, span, stones, streaks
from engine.renderers.animatic.settings.ridges import (
    blades,
    crown,
    dune_shade,
    mesas,
    peaks,
    pine,
    ridge,
    rolling,
    tree_line,
)
from engine.renderers.animatic.stage import Stage, View

GRASS = Colour(0.60, 0.115, 128)
GRASS_FAR = Colour(0.58, 0.085, 150)
SAND = Colour(0.78, 0.105, 66)
SNOW = Colour(0.965, 0.012, 255)
ROCK = Colour(0.52, 0.045, 275)
PINE = Colour(0.40, 0.070, 158)
MOSS = Colour(0.46, 0.070, 125)


def _level(height: float, x: float) -> float:
    return height


def mountains(
    stage: Stage, depth: float, height: float, base_y: float, distance: float, *, rock: Colour = ROCK, snow: bool = True
) -> None:
    length = period(stage)
    left, right = span(stage, length)
    found = peaks(stage.rng, length, height, left, right, base_y, base_y + 0.06, sun=stage.key.x)
    body = stage.ground(rock, distance)
    foot = body.towards(stage.palette.haze, 0.7)
    shape = Shape(found.rock)
    shape.linear(0.0, base_y - height, 0.0, base_y + 0.04, [(0.0, stage.tint(body).rgba), (1.0, stage.tint(foot).rgba)])
    shade = Shape(found.shade)
    dark = stage.ground(rock.lighter(-0.09), distance * 0.94)
    shade.linear(
        0.0,
        base_y - height,
        0.0,
        base_y + 0.02,
        [(0.0, stage.tint(dark).rgba), (1.0, stage.tint(dark.towards(foot, 0.95)).rgba)],
    )
    paints = [shape, shade]
    if snow:
        white = stage.ground(SNOW, distance * 0.75)
        paints += [stage.paint(found.snow, white), stage.paint(found.snow_shade, white.towards(dark, 0.38))]
    stage.scroll(depth, length, *paints)


def wood(
    stage: Stage,
    depth: float,
    base_y: float,
    bottom: float,
    tall: float,
    distance: float,
    *,
    pine_share: float,
    leaf: Colour = PINE,
    mist: float = 0.4,
    until: float | None = None,
) -> None:
    length = period(stage)
    left, right = span(stage, length)
    profile = rolling(stage.rng, length, 0.05)
    edge = bottom if until is None else until
    paths = tree_line(stage.rng, profile, length, left, right, base_y, edge, tall=tall, pine=pine_share)
    layer(
        stage,
        depth,
        lambda x: profile(x) + tall * 0.7,
        base_y,
        bottom,
        stage.ground(leaf, distance),
        mist=mist,
        paths=paths,
        length=length,
    )


def standing_pines(
    stage: Stage, depth: float, y: float, size: float, count: int, distance: float, *, snow: bool = False
) -> None:
    """Single firs on a plane, kept out of the subject's calm middle."""
    length = period(stage)
    items: list[tuple[Shape | Group, float, float]] = []
    for _ in range(count):
        x = stage.dawdle(-length / 2, length / 2)
        s = size * stage.dawdle(0.6, 1.15)
        group = Group()
        green = stage.ground(PINE.lighter(stage.dawdle(-0.03, 0.03)), distance)
        group.add(stage.paint(pine(s, stage.rng), green))
        if snow:
            cap = pine(s, stage.rng).moved(
                (0.62, 0.0, 0.0, 0.94, -s * 0.03 * (1 if stage.key.x > 0 else -1), -s * 0.055)
            )
            group.add(stage.paint(cap, stage.ground(SNOW, distance).clear(0.55)))
        items.append((group, x, y + stage.dawdle(-0.01, 0.02)))
    stage.scatter(depth, length, items, sway=0.012 * (0.5 + stage.wind))


def frame_pines(stage: Stage, distance: float = 0.0) -> None:
    """Dark firs at both edges, larger than the frame: they hold the picture together."""
    f = stage.frame
    dark = stage.ground(PINE, 0.02).towards(stage.palette.ink, 0.55)
    slim = clamp(f.half / 0.7, 0.5, 1.0)
    for side in (-1.0, 1.0):
        for k in range(2):
            size = stage.dawdle(0.95, 1.25) * (1.0 if k == 0 else 0.7) * (f.above + f.below)
            fir = pine(size, stage.rng, tiers=8).moved((slim, 0.0, 0.0, 1.0, 0.0, 0.0))
            shape = stage.paint(fir, dark.lighter(0.03 * k))
            x = side * (f.half * (0.99 if k == 0 else 0.80) + 0.02)
            y = f.below * (1.02 if k == 0 else 0.80)
            group = Group()
            group.add(shape)
            stage.add(group)
            stage.scenery.append(_leaning(stage, group, x, y, k))


def _leaning(stage: Stage, group: Group, x: float, y: float, row: int) -> Callable[[View], None]:
    def move(view: View) -> None:
        lean = 0.006 * wave(view.t / 5 + row * 0.4)
        at = x - 0.02 * wave(view.t / 17)
        group.nudge(mul(stage.still(view, 1.25 - 0.15 * row), (1.0, 0.0, lean, 1.0, at, y)))

    return move


def grass_edge(stage: Stage, colour: Colour, *, tall: float = 0.13, density: float = 20.0, depth: float = 1.25) -> None:
    """Grass before the lens, in two rows that bow to the wind at their own time."""
    f = stage.frame
    length = period(stage)
    left, right = span(stage, length)
    for row in range(2):
        dark = stage.ground(colour, 0.0).towards(stage.palette.ink, 0.35 + 0.3 * row)
        group = Group()
        for path in blades(
            stage.rng,
            left,
            right,
            f.below + 0.02,
            tall=tall * (1.1 - 0.3 * row),
            density=density,
            lean=0.25 + stage.wind * 0.4,
        ):
            group.add(stage.paint(path, dark))
        stage.canvas.add(group)

        def move(view: View, group: Group = group, row: int = row) -> None:
            bow = (0.05 + 0.12 * stage.wind) * wave(view.t / (2.6 + row) + row * 0.3)
            group.nudge(mul(stage.rolled(view, depth, length), (1.0, 0.0, bow, 1.0, -bow * f.below, 0.0)))

        stage.scenery.append(move)


def flowers(stage: Stage, count: int, tints: tuple[Colour, ...], *, top: float, bottom: float) -> None:
    length = period(stage)
    items: list[tuple[Shape, float, float]] = []
    for index in range(count):
        near = float(stage.rng.random()) ** 0.8
        s = 0.004 + 0.008 * near
        spot = ellipse(0.0, -s * 2.2, s, s * 0.8)
        items.append(
            (
                stage.paint(spot, stage.palette.figure(tints[index % len(tints)], named=True)),
                stage.dawdle(-length / 2, length / 2),
                top + (bottom - top) * near,
            )
        )
    stage.scatter(0.98, length, items, sway=0.25 * (0.3 + stage.wind))


def meadow_behind(stage: Stage) -> None:
    clouds(stage, 4)
    mountains(stage, 0.10, 0.24, 0.0, 0.86, snow=False)
    length = period(stage)
    for depth, height, y, until, distance in ((0.22, 0.12, 0.02, 0.06, 0.72), (0.40, 0.09, 0.055, 0.08, 0.50)):
        hills = rolling(stage.rng, length, height)
        layer(stage, depth, hills, y, y + 0.12, stage.ground(GRASS_FAR, distance), mist=0.35, until=until)
    wood(stage, 0.55, 0.075, 0.15, 0.085, 0.36, pine_share=0.15, leaf=Colour(0.46, 0.085, 140), mist=0.2, until=0.105)
    floor(stage, GRASS, top=0.085, far=0.30)
    streaks(stage, stage.ground(GRASS, 0.1).lighter(0.07), top=0.12, bottom=stage.frame.below, count=9, alpha=0.4)
    flowers(
        stage,
        36,
        (Colour(0.95, 0.04, 95), Colour(0.85, 0.14, 90), Colour(0.70, 0.15, 10)),
        top=0.13,
        bottom=stage.frame.below * 0.98,
    )


def meadow_before(stage: Stage) -> None:
    grass_edge(stage, GRASS)


def desert_behind(stage: Stage) -> None:
    clouds(stage, 2, low=0.55, alpha=0.35)
    length = period(stage)
    left, right = span(stage, length)
    red = Colour(0.58, 0.10, 42)
    for depth, height, distance in ((0.08, 0.20, 0.80), (0.16, 0.13, 0.62)):
        path = mesas(stage.rng, length, height, left, right, 0.0, 0.05)
        layer(stage, depth, partial(_level, height), 0.0, 0.05, stage.ground(red, distance), mist=0.55, paths=[path])
    for depth, height, y, until, distance in (
        (0.30, 0.09, 0.05, 0.11, 0.48),
        (0.52, 0.085, 0.10, 0.17, 0.28),
        (0.74, 0.07, 0.16, 0.20, 0.14),
    ):
        profile = rolling(stage.rng, length, height, (1, 2, 3))
        layer(stage, depth, profile, y, y + 0.14, stage.ground(SAND, distance), mist=0.12, until=until)
        shade = dune_shade(profile, left, right, y, sun=stage.key.x, depth=height * 1.2)
        stage.scroll(depth, length, stage.paint(shade, stage.ground(SAND.lighter(-0.14), distance)))
    floor(stage, SAND, top=0.17, far=0.10, near=-0.08)
    streaks(stage, stage.ground(SAND.lighter(-0.12), 0.05), top=0.2, bottom=stage.frame.below, count=12, alpha=0.38)
    stones(
        stage,
        stage.ground(red, 0.05).towards(stage.palette.ink, 0.2),
        6,
        top=0.2,
        bottom=stage.frame.below * 0.9,
        size=0.02,
    )


def desert_before(stage: Stage) -> None:
    length = period(stage)
    dark = stage.ground(SAND.lighter(-0.2), 0.0).towards(stage.palette.ink, 0.35)
    profile = rolling(stage.rng, length, 0.06, (1, 2, 3))
    left, right = span(stage, length)
    path = ridge(profile, left, right, stage.frame.below + 0.005, stage.frame.below + 0.3)
    grass = blades(stage.rng, left, right, stage.frame.below, tall=0.10, density=2.0, lean=0.4)
    stage.scroll(1.2, length, *(stage.paint(piece, dark) for piece in (path, *grass)))


def snow_behind(stage: Stage) -> None:
    clouds(stage, 3)
    mountains(stage, 0.10, 0.30, 0.0, 0.80)
    length = period(stage)
    layer(
        stage,
        0.24,
        rolling(stage.rng, length, 0.09),
        0.03,
        0.12,
        stage.ground(SNOW.lighter(-0.06), 0.55),
        mist=0.4,
        until=0.075,
    )
    wood(stage, 0.38, 0.065, 0.13, 0.12, 0.50, pine_share=1.0, leaf=Colour(0.38, 0.05, 200), mist=0.45, until=0.115)
    layer(
        stage,
        0.52,
        rolling(stage.rng, length, 0.06),
        0.10,
        0.18,
        stage.ground(SNOW.lighter(-0.03), 0.3),
        mist=0.2,
        until=0.145,
    )
    standing_pines(stage, 0.62, 0.11, 0.30, 9, 0.22, snow=True)
    floor(stage, SNOW, top=0.125, far=0.25, near=-0.05)
    blue = stage.ground(SNOW, 0.05).towards(stage.palette.sky[0], 0.28)
    streaks(stage, blue, top=0.16, bottom=stage.frame.below, count=13, alpha=0.45)


def snow_before(stage: Stage) -> None:
    length = period(stage)
    left, right = span(stage, length)
    grass = blades(
        stage.rng, left, right, stage.frame.below + 0.01, tall=0.12, density=5.0, lean=0.3 + stage.wind * 0.3
    )
    dry = stage.ground(Colour(0.55, 0.05, 70), 0.0).towards(stage.palette.ink, 0.3)
    stage.scroll(1.22, length, *(stage.paint(piece, dry) for piece in grass))
    profile = rolling(stage.rng, length, 0.07, (1, 2, 3))
    path = ridge(profile, left, right, stage.frame.below + 0.005, stage.frame.below + 0.3)
    stage.scroll(1.25, length, stage.paint(path, stage.ground(SNOW, 0.0).towards(stage.palette.sky[0], 0.32)))


def forest_behind(stage: Stage) -> None:
    for depth, y, until, tall, distance in (
        (0.14, 0.02, 0.06, 0.30, 0.84),
        (0.28, 0.04, 0.09, 0.36, 0.66),
        (0.46, 0.075, 0.10, 0.42, 0.44),
    ):
        wood(stage, depth, y, y + 0.13, tall, distance, pine_share=0.8, mist=0.6, until=until)
    floor(stage, MOSS, top=0.08, far=0.32, near=-0.10)
    streaks(
        stage,
        stage.ground(MOSS, 0.05).towards(stage.palette.light, 0.4),
        top=0.12,
        bottom=stage.frame.below * 0.8,
        count=9,
        alpha=0.3,
    )
    standing_pines(stage, 0.72, 0.115, 0.55, 8, 0.20)
    stones(stage, stage.ground(ROCK, 0.1), 7, top=0.13, bottom=stage.frame.below * 0.9, size=0.025)


def forest_before(stage: Stage) -> None:
    grass_edge(stage, MOSS, tall=0.10, density=18)
    frame_pines(stage)


def peaks_behind(stage: Stage) -> None:
    clouds(stage, 4, low=0.25)
    mountains(stage, 0.06, 0.34, 0.02, 0.84)
    mountains(stage, 0.14, 0.24, 0.05, 0.62)
    wood(stage, 0.34, 0.075, 0.15, 0.09, 0.44, pine_share=1.0, mist=0.5, until=0.12)
    floor(stage, GRASS_FAR, top=0.10, far=0.30)
    stones(stage, stage.ground(ROCK, 0.05), 14, top=0.13, bottom=stage.frame.below * 0.92, size=0.035)
    streaks(stage, stage.ground(GRASS, 0.05).lighter(0.06), top=0.13, bottom=stage.frame.below, count=8)


def hilltop_before(stage: Stage) -> None:
    grass_edge(stage, GRASS_FAR, tall=0.09, density=16)


def orchard_trees(stage: Stage, depth: float, y: float, size: float, count: int, distance: float, leaf: Colour) -> None:
    """Broad-leaved trees that stand on their own."""
    length = period(stage)
    items: list[tuple[Group, float, float]] = []
    for index in range(count):
        group = Group()
        s = size * stage.dawdle(0.7, 1.1)
        trunk, leaves = crown(s, stage.rng)
        group.add(stage.paint(trunk, stage.ground(Colour(0.36, 0.045, 50), distance)))
        group.add(stage.paint(leaves, stage.ground(leaf.lighter(stage.dawdle(-0.04, 0.03)), distance)))
        items.append((group, -length / 2 + (index + stage.dawdle(0.2, 0.8)) * length / count, y))
    stage.scatter(depth, length, items, sway=0.02 * (0.4 + stage.wind))


LAND = (
    Setting("meadow", "golden", GRASS, meadow_behind, meadow_before),
    Setting("desert", "desert", SAND, desert_behind, desert_before, clouds=0.15),
    Setting("snow", "winter", SNOW, snow_behind, snow_before, clouds=0.3),
    Setting("forest", "dawn", MOSS, forest_behind, forest_before, clouds=0.2),
    Setting("mountains", "golden", GRASS_FAR, peaks_behind, hilltop_before),
)

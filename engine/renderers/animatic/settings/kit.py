"""Layers that settings are put together from: each function returns something that paints one plane of a place. A place
is then a list of layers, far to near."""

import math
from collections.abc import Callable, Sequence

from engine.renderers.animatic.canvas import Group, Paint, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import Path, box, clamp, mul, polygon, scale, shift, smooth, wave
from engine.renderers.animatic.settings import base, land
from engine.renderers.animatic.settings.flora import Pieces, Plant
from engine.renderers.animatic.settings.ridges import Profile, mesas, ridge, rolling
from engine.renderers.animatic.stage import Stage, View

Layer = Callable[[Stage], None]


def layers(*parts: Layer) -> Layer:
    def paint(stage: Stage) -> None:
        for part in parts:
            part(stage)

    return paint


def nothing(stage: Stage) -> None:
    """A place whose near plane is left free."""


def cut(stage: Stage, pieces: Pieces, distance: float = 0.1, at: tuple[float, float] | None = None) -> Group:
    """A thing of several papers, under the scene's light; glowing pieces have an alpha just under one (see `lit`)."""
    group = Group()
    if stage.style.paper:
        x, y = at or (0.0, 0.0)
        off = shift(x - stage.key.x * stage.style.paper * 0.9, y + stage.style.paper * 0.45)
        # one sheet a thing: its largest papers are its outline
        for path, colour in sorted(pieces, key=lambda piece: -_area(piece[0]))[:3]:
            if colour.alpha > 0.9:
                group.add(Shape(path.moved(off), (20, 16, 30, 56)))
    for path, colour in pieces:
        if at is not None:
            path = path.moved(shift(*at))
        group.add(stage.paint(path, colour if colour.alpha == GLOWS else stage.ground(colour, distance)))
    return group


def _area(path: Path) -> float:
    xs, ys = path.points[::2], path.points[1::2]
    return (max(xs) - min(xs)) * (max(ys) - min(ys)) if xs else 0.0


def bigger(pieces: Pieces, by: float) -> Pieces:
    return [(path.moved(scale(by)), colour) for path, colour in pieces]


GLOWS = 0.999


def lit(lightness: float, chroma: float, hue: float) -> Colour:
    """A colour that shines by itself: lamps, screens, fire."""
    return Colour(lightness, chroma, hue, GLOWS)


def glowing(colour: Colour) -> Colour:
    return colour.clear(GLOWS)


def sky(count: int, low: float = 0.35, high: float = 0.9, alpha: float = 0.55) -> Layer:
    return lambda stage: base.clouds(stage, count, low=low, high=high, alpha=alpha)


def peaks(depth: float, height: float, y: float, distance: float, rock: Colour = land.ROCK, snow: bool = True) -> Layer:
    return lambda stage: land.mountains(stage, depth, height, y, distance, rock=rock, snow=snow)


def hills(
    depth: float,
    height: float,
    y: float,
    colour: Colour,
    distance: float,
    *,
    mist: float = 0.35,
    thick: float = 0.12,
    until: float | None = None,
    waves: tuple[int, ...] = (1, 2, 3, 5),
) -> Layer:
    def paint(stage: Stage) -> None:
        length = base.period(stage)
        base.layer(
            stage,
            depth,
            rolling(stage.rng, length, height, waves),
            y,
            y + thick,
            stage.ground(colour, distance),
            mist=mist,
            until=until if until is not None else y + min(thick, 0.05),
        )

    return paint


def tables(depth: float, height: float, y: float, colour: Colour, distance: float, *, mist: float = 0.55) -> Layer:
    """Table mountains and towers of rock."""

    def paint(stage: Stage) -> None:
        length = base.period(stage)
        left, right = base.span(stage, length)
        path = mesas(stage.rng, length, height, left, right, y, y + 0.05)
        flat: Profile = lambda x: height  # noqa: E731
        base.layer(stage, depth, flat, y, y + 0.05, stage.ground(colour, distance), mist=mist, paths=[path])

    return paint


def wood(
    depth: float,
    y: float,
    tall: float,
    distance: float,
    *,
    pines: float = 0.3,
    leaf: Colour = land.PINE,
    mist: float = 0.4,
) -> Layer:
    return lambda stage: land.wood(
        stage, depth, y, y + 0.10, tall, distance, pine_share=pines, leaf=leaf, mist=mist, until=y + 0.05
    )


def ground(colour: Colour, top: float = 0.0, far: float = 0.35, near: float = -0.06) -> Layer:
    return lambda stage: base.floor(stage, colour, top=top, far=far, near=near)


def marks(colour: Colour, count: int, top: float = 0.12, alpha: float = 0.35) -> Layer:
    return lambda stage: base.streaks(
        stage, stage.ground(colour, 0.05), top=top, bottom=stage.frame.below, count=count, alpha=alpha
    )


def rocks(colour: Colour, count: int, top: float = 0.13, size: float = 0.03) -> Layer:
    return lambda stage: base.stones(
        stage, stage.ground(colour, 0.08), count, top=top, bottom=stage.frame.below * 0.95, size=size
    )


def grass(colour: Colour = land.GRASS, tall: float = 0.10, density: float = 16.0) -> Layer:
    return lambda stage: land.grass_edge(stage, colour, tall=tall, density=density)


def blooms(count: int, *tints: Colour, top: float = 0.13) -> Layer:
    return lambda stage: land.flowers(stage, count, tints, top=top, bottom=stage.frame.below * 0.98)


def plants(
    depth: float,
    y: float,
    size: float,
    count: int,
    distance: float,
    *kinds: Plant,
    sway: float = 0.015,
    jitter: float = 0.012,
) -> Layer:
    """Single plants on a plane, spread evenly with some play."""

    def paint(stage: Stage) -> None:
        length = base.period(stage)
        items: list[tuple[Paint, float, float]] = []
        start = stage.dawdle(0.0, 1.0)
        for index in range(count):
            kind = kinds[int(stage.rng.integers(len(kinds)))]
            group = cut(stage, kind(size * stage.dawdle(0.72, 1.12), stage.rng), distance)
            x = -length / 2 + (index + start * 0.5 + stage.dawdle(0.1, 0.6)) * length / count
            items.append((group, x, y + stage.dawdle(-jitter, jitter)))
        items.sort(key=lambda item: item[2])
        stage.scatter(depth, length, items, sway=sway * (0.4 + stage.wind))

    return paint


def rows_of(depth: float, top: float, bottom: float, rows: int, size: float, per_row: int, *kinds: Plant) -> Layer:
    """A field of plants in rows that grow towards us: tulips, vines, tea. Each row is one shape a colour."""

    def paint(stage: Stage) -> None:
        length = base.period(stage)
        left, right = base.span(stage, length)
        for row in range(rows):
            near = (row + 0.5) / rows
            y = top + (bottom - top) * near**1.5
            s = size * (0.30 + 0.85 * near)
            count = max(6, int(per_row * (1.6 - near)))
            sheets: dict[Colour, list[Path]] = {}
            for k in range(count):
                kind = kinds[row % len(kinds)]
                x = left + (right - left) * (k + stage.dawdle(0.2, 0.8)) / count
                for path, colour in kind(s * stage.dawdle(0.85, 1.1), stage.rng):
                    paths = sheets.setdefault(colour, [Path()])
                    if len(paths[-1].commands) > 120:
                        paths.append(Path())
                    paths[-1].join(path.moved(shift(x, y)))
            distance = 0.42 * (1 - near)
            stage.scroll(
                depth * (0.75 + 0.25 * near),
                length,
                *(stage.paint(p, stage.ground(colour, distance)) for colour, paths in sheets.items() for p in paths),
            )

    return paint


def furrows(colour: Colour, count: int, top: float, spread: float = 3.0, alpha: float = 0.55) -> Layer:
    """Lines that run together at the horizon: a ploughed field, planks of a pier, a court's marks."""

    def paint(stage: Stage) -> None:
        bottom = stage.frame.below + 0.05 + stage.reach[1]
        tone = stage.ground(colour, 0.12).clear(alpha)
        paths = [Path()]
        for k in range(count):
            share = (k + 0.5) / count * 2 - 1
            far, near = share * spread * 0.16, share * spread
            half_far, half_near = spread * 0.16 / count * 0.4, spread / count * 0.4
            if k % 4 == 3:
                paths.append(Path())
            paths[-1].join(
                polygon(
                    [
                        (far - half_far, top),
                        (far + half_far, top),
                        (near + half_near, bottom),
                        (near - half_near, bottom),
                    ]
                )
            )
        stage.plane(0.9, *(stage.paint(p, tone) for p in paths))

    return paint


def terraces(colour: Colour, water: Colour, steps: int, top: float) -> Layer:
    """Curved steps of flooded fields, each mirroring the sky, with a green bank before it."""

    def paint(stage: Stage) -> None:
        length = base.period(stage)
        left, right = base.span(stage, length)
        sky_tone = stage.palette.sky[-1].towards(stage.palette.sky[1], 0.35)
        for step in range(steps):
            near = step / steps
            y = top + (stage.frame.below * 1.05 - top) * near**1.35
            depth = 0.30 + 0.62 * near
            profile = rolling(stage.rng, length, 0.045 + 0.06 * near, (1, 2, 3))
            sheet = ridge(profile, left, right, y, y + 0.02 + 0.26 * (0.4 + near))
            pond = Shape(sheet)
            mirror = sky_tone.towards(stage.ground(water, 0.2), 0.25 + 0.1 * (step % 2))
            pond.linear(
                0.0,
                y - 0.1,
                0.0,
                y + 0.2,
                [(0.0, stage.tint(mirror.lighter(0.02)).rgba), (1.0, stage.tint(mirror.lighter(-0.10)).rgba)],
            )
            bank_colour = stage.ground(colour.lighter(-0.02 * (step % 3)), 0.5 * (1 - near))
            thick = 0.012 + 0.030 * near
            points = [left + (right - left) * k / 40 for k in range(41)]
            edge = [(x, y - profile(x)) for x in points]
            bank = smooth([*edge, *((x, py + thick) for x, py in reversed(edge))], tension=0.4)
            stage.scroll(depth, length, pond, stage.paint(bank, bank_colour))

    return paint


Maker = Callable[[Stage], Pieces]


def row(
    depth: float, y: float, distance: float, makers: Sequence[Callable[[Stage], tuple[Pieces, float]]], gap: float = 0.0
) -> Layer:
    """Buildings side by side along a plane, in an order the seed chooses; each maker gives its pieces and its width."""

    def paint(stage: Stage) -> None:
        length = base.period(stage)
        items: list[tuple[Paint, float, float]] = []
        x, before = -length / 2, -1
        while x < length / 2 - 0.12:
            pick = int(stage.rng.integers(len(makers)))
            if pick == before:
                pick = (pick + 1) % len(makers)
            before = pick
            pieces, width = makers[pick](stage)
            if x + width > length / 2 + 0.10:
                break
            items.append((cut(stage, pieces, distance), x + width / 2, y))
            x += width + gap * stage.dawdle(0.5, 1.5)
        # what is left over at the end becomes even gaps, so that the row closes when it comes round
        spare = (length / 2 - x) / max(1, len(items))
        items = [(paint, at + spare * (index + 0.5), level) for index, (paint, at, level) in enumerate(items)]
        stage.scatter(depth, length, items)

    return paint


def place(
    depth: float, x: float, y: float, pieces: Callable[[Stage], Pieces], distance: float = 0.1, *, calm: bool = True
) -> Layer:
    """One thing at a share of the half width, on the side away from the subject when `calm`."""

    def paint(stage: Stage) -> None:
        side = -math.copysign(1.0, stage.reserved[0]) if calm else 1.0
        stage.plane(depth, cut(stage, pieces(stage), distance, (side * x * stage.frame.half, y)))

    return paint


def standing(depth: float, x: float, y: float, pieces: Callable[[Stage], Pieces], distance: float = 0.1) -> Layer:
    """Like `place`, but coming round again where the camera goes along with somebody."""

    def paint(stage: Stage) -> None:
        side = -math.copysign(1.0, stage.reserved[0])
        length = base.period(stage) * 1.6
        stage.scatter(depth, length, [(cut(stage, pieces(stage), distance), side * x * stage.frame.half, y)])

    return paint


def props(
    depth: float,
    y: float,
    count: int,
    pieces: Callable[[Stage], Pieces],
    distance: float = 0.12,
    *,
    jitter: float = 0.01,
    sway: float = 0.0,
) -> Layer:
    """The same kind of thing again and again along a plane: posts, stones, lamps."""

    def paint(stage: Stage) -> None:
        length = base.period(stage)
        start = stage.dawdle(0.0, 1.0)
        items: list[tuple[Paint, float, float]] = [
            (
                cut(stage, pieces(stage), distance),
                -length / 2 + (k + start) * length / count,
                y + stage.dawdle(-jitter, jitter),
            )
            for k in range(count)
        ]
        items.sort(key=lambda item: item[2])
        stage.scatter(depth, length, items, sway=sway)

    return paint


def frame_with(
    pieces: Callable[[Stage, float], Pieces],
    *,
    both: bool = True,
    x: float = 1.0,
    shade: float = 0.5,
    depth: float = 1.2,
) -> Layer:
    """Something large and dark at the picture's edges, that holds it together. Its maker gets the frame's height."""

    def paint(stage: Stage) -> None:
        f = stage.frame
        slim = clamp(f.half / 0.7, 0.5, 1.0)  # in a tall frame what frames it must leave room for what it frames
        for side in (-1.0, 1.0):
            if not both and side * stage.reserved[0] > 0:
                continue
            group = Group()
            for path, colour in pieces(stage, f.above + f.below):
                tone = stage.ground(colour, 0.0).towards(stage.palette.ink, shade)
                group.add(stage.paint(path.moved((side * slim, 0.0, 0.0, 1.0, 0.0, 0.0)), tone))
            at = side * (f.half * x + stage.reach[0] * 0.3)

            def move(view: View, group: Group = group, at: float = at, side: float = side) -> None:
                lean = 0.006 * (0.4 + stage.wind) * wave(view.t / 5 + side * 0.2)
                group.nudge(mul(stage.still(view, depth), (1.0, 0.0, lean, 1.0, at, f.below * 1.04)))

            stage.add(group)
            stage.scenery.append(move)

    return paint


def sheet(colour_at_top: Colour, colour_below: Colour, top: float, *, depth: float = 0.0) -> Layer:
    """A plain floor or wall from `top` down, shaded: cheap, and the same wherever the camera goes."""

    def paint(stage: Stage) -> None:
        bottom = stage.frame.below + 0.3 + stage.reach[1]
        shape = Shape(box(-6.0, top, 12.0, bottom - top))
        shape.linear(
            0.0,
            top,
            0.0,
            stage.frame.below,
            [
                (0.0, stage.tint(stage.ground(colour_at_top, 0.1)).rgba),
                (1.0, stage.tint(stage.ground(colour_below, 0.0)).rgba),
            ],
        )
        stage.plane(depth, shape)

    return paint


def strip(colour: Colour, top: float, bottom: float, *, depth: float = 0.0, distance: float = 0.1) -> Layer:
    return lambda stage: _strip(stage, colour, top, bottom, depth, distance)


def _strip(stage: Stage, colour: Colour, top: float, bottom: float, depth: float, distance: float) -> None:
    stage.plane(depth, stage.paint(box(-6.0, top, 12.0, bottom - top), stage.ground(colour, distance)))

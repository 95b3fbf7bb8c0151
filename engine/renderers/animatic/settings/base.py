"""What a setting is, and the parts that several settings share: the ground, water, clouds, framing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.renderers.animatic.canvas import Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import Path, box, polygon, smooth
from engine.renderers.animatic.settings.ridges import Profile, ridge, rolling
from engine.renderers.animatic.stage import Stage, View


@dataclass(frozen=True)
class Setting:
    """A place. `behind` paints what lies farther than the subjects, `before` what lies nearer."""

    name: str
    hour: str  # the light it looks best in, when the prompt names none
    ground: Colour
    behind: Callable[[Stage], None]
    before: Callable[[Stage], None]
    horizon: float = 0.60
    stand: float = 0.52  # where the main subject stands: share of the way from the horizon to the lower edge
    clouds: float = 0.35
    water: bool = False  # subjects are mirrored in what they stand in
    indoors: bool = False
    floats: bool = False  # subjects hang in the air: space, under water
    walled: bool = False  # hides most of the sky: what shines there is brought before the walls
    day_only: bool = False  # keeps its own light at every hour: caves, other worlds

    @property
    def own_light(self) -> bool:
        """Whether the hour outside does not change the light here."""
        return self.indoors or (self.floats and self.clouds == 0.0) or self.day_only


def period(stage: Stage) -> float:
    """After what length planes repeat: more than the camera sees at once, also where it swings round."""
    return max(1.5, stage.frame.half * 2 * 1.2 + 2.0 * max(0.0, stage.reach[0] - 0.3))


def span(stage: Stage, length: float) -> tuple[float, float]:
    """From where to where an outline that rolls on must reach, with room for the camera's sway."""
    margin = stage.frame.half * 1.15 + 0.35 + stage.reach[0]
    # measured: the cost of a frame is mostly in turning outlines into spans, on screen or not; so none is
    # longer than it must be
    return -margin, margin + (length if stage.follows else 0.0)


def layer(
    stage: Stage,
    depth: float,
    profile: Profile,
    base: float,
    bottom: float,
    colour: Colour,
    *,
    mist: float = 0.45,
    until: float | None = None,
    length: float | None = None,
    paths: Sequence[Path] = (),
) -> None:
    """One plane of land: lit at its crest, sinking into haze at its foot; on paper it throws a shadow on the
    one behind. Nothing of it is seen below `until`, where nearer land stands before it, so nothing is drawn there: a
    gradient costs 1.7 ns a pixel, ten times as much as one colour."""
    length = length or period(stage)
    left, right = span(stage, length)
    outlines = paths or (ridge(profile, left, right, base, bottom if until is None else until),)
    top = base - max(profile(left + (right - left) * k / 40) for k in range(41))
    foot = colour.towards(stage.palette.haze, mist)
    stops = [(0.0, stage.tint(colour).rgba), (1.0, stage.tint(foot).rgba)]
    shapes: list[Shape] = []
    if stage.style.paper:
        # away from the light, as every sheet's; two of them, so that the edge is soft
        for share in (1.0, 0.5):
            off = (1.0, 0.0, 0.0, 1.0, -stage.key.x * stage.style.paper * share, -stage.style.paper * 0.7 * share)
            shapes += [Shape(outline.moved(off), (20, 16, 30, 30)) for outline in outlines]
    for outline in outlines:
        shape = Shape(outline)
        shape.linear(0.0, top, 0.0, bottom, stops)
        if stage.style.outline:
            shape.stroke(stage.style.outline, stage.style.line.rgba)
        shapes.append(shape)
    stage.scroll(depth, length, *shapes)


def floor(stage: Stage, ground: Colour, *, top: float = 0.0, far: float = 0.55, near: float = -0.06) -> None:
    """The ground the subjects stand on, from `top` down: far it takes the haze, near it darkens and frames."""
    bottom = stage.frame.below + 0.3
    length = period(stage)
    left, right = span(stage, length)
    stops = [
        (0.0, stage.tint(stage.ground(ground, far)).rgba),
        (0.35, stage.tint(stage.ground(ground, far * 0.45)).rgba),
        (1.0, stage.tint(stage.ground(ground, 0.05).lighter(near)).rgba),
    ]
    # the uneven edge is a thin strip; below it a plain rectangle, which ThorVG fills many times faster than an outline
    strip = Shape(ridge(rolling(stage.rng, length, 0.02), left, right, top + 0.01, top + 0.04 + stage.sinks, 0.12))
    sheet = Shape(box(-6.0, top + 0.012, 12.0, bottom))
    for shape in (strip, sheet):
        shape.linear(0.0, top - 0.02, 0.0, stage.frame.below, stops)
    stage.plane(0.0, sheet)
    stage.scroll(0.9, length, strip)


def streaks(
    stage: Stage, colour: Colour, *, top: float, bottom: float, count: int, depth: float = 0.95, alpha: float = 0.35
) -> None:
    """Long soft marks on the ground (drifts, tracks of wind, light between shadows), wider and fewer as they
    come nearer."""
    length = period(stage)
    items: list[tuple[Shape, float, float]] = []
    for _ in range(count):
        near = float(stage.rng.random()) ** 1.4
        y = top + (bottom - top) * near
        wide = (0.10 + 0.45 * near) * stage.dawdle(0.6, 1.4)
        thin = 0.004 + 0.016 * near
        path = polygon(
            [
                (-wide, 0.0),
                (-wide * 0.4, -thin * 0.5),
                (wide * 0.3, -thin * 0.4),
                (wide, 0.0),
                (wide * 0.4, thin * 0.4),
                (-wide * 0.3, thin * 0.5),
            ]
        )
        items.append(
            (stage.paint(path, colour.clear(alpha * (0.5 + 0.5 * near))), stage.dawdle(-length / 2, length / 2), y)
        )
    stage.scatter(depth, length, items)


def clouds(stage: Stage, count: int, *, low: float = 0.35, high: float = 0.9, alpha: float = 0.55) -> None:
    """Cut-paper clouds that drift: flat below, heaped above, lit from the key's side."""
    length = period(stage) * 1.3
    pieces: list[tuple[Shape, float, float, float]] = []
    lit = stage.palette.sky[-1].towards(stage.palette.light, 0.5)
    for _ in range(count):
        y = -stage.frame.above * stage.dawdle(low, high)
        size = stage.dawdle(0.10, 0.26) * (0.6 + 0.7 * (-y / stage.frame.above))
        points = [
            (-1.0, 0.0),
            (-0.82, -0.16),
            (-0.55, -0.20),
            (-0.38, -0.38),
            (-0.08, -0.46),
            (0.16, -0.34),
            (0.42, -0.36),
            (0.62, -0.18),
            (0.9, -0.12),
            (1.05, 0.0),
            (0.5, 0.05),
            (-0.4, 0.05),
        ]
        flip = -1.0 if stage.rng.random() < 0.5 else 1.0
        path = smooth([(px * size * flip * stage.dawdle(0.95, 1.05), py * size * 0.62) for px, py in points])
        shape = Shape(path)
        top = stage.tint(lit.clear(alpha))
        foot = stage.tint(stage.palette.sky[-2].clear(alpha * 0.55))
        shape.linear(0.0, -size * 0.3, 0.0, size * 0.05, [(0.0, top.rgba), (1.0, foot.rgba)])
        pieces.append((shape, stage.dawdle(-length / 2, length / 2), y, 0.010 + 0.012 * size))
        stage.canvas.add(shape)

    def move(view: View) -> None:
        root = stage.matrix(view.held, 0.15)
        for shape, x, y, speed in pieces:
            at = (x + view.t * speed * (1 + stage.wind * 2) - view.travel * 0.06 + length / 2) % length - length / 2
            shape.nudge((root[0], root[1], root[2], root[3], root[4] + at * root[0], root[5] + y * root[3]))

    stage.scenery.append(move)


def stones(stage: Stage, colour: Colour, count: int, *, top: float, bottom: float, size: float = 0.03) -> None:
    length = period(stage)
    items: list[tuple[Shape, float, float]] = []
    for _ in range(count):
        near = float(stage.rng.random())
        y = top + (bottom - top) * near
        s = size * (0.4 + near)
        path = smooth(
            [(-s, 0.0), (-s * 0.7, -s * 0.55), (0.0, -s * 0.75), (s * 0.75, -s * 0.45), (s, 0.0)], tension=0.4
        )
        items.append((stage.paint(path, colour.lighter(-0.05 * near)), stage.dawdle(-length / 2, length / 2), y))
    items.sort(key=lambda item: item[2])
    stage.scatter(0.97, length, items)

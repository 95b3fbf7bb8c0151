"""The stage: a frame's geometry, its camera and its planes, and everything that has to be moved for every frame.

Stage units: one unit is the frame's height when it is wide or square (a little more than its width when it is tall);
x = 0 is the middle of the frame, y = 0 the horizon, y grows downwards."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from engine.footage import Pixels
from engine.renderers.animatic.actors import Key
from engine.renderers.animatic.canvas import Canvas, Group, Paint, Shape
from engine.renderers.animatic.colour import Colour
from engine.renderers.animatic.geometry import Matrix, Path, ellipse, mul, scale, shift
from engine.renderers.animatic.palette import Palette
from engine.renderers.animatic.styles import Style


@dataclass(frozen=True)
class Frame:
    """Sizes in stage units, and how they lie on the pixels."""

    width: int
    height: int
    horizon: float  # share of the height above the horizon
    foot: float = 0.0  # how far below its lower edge the camera will show the ground

    @property
    def unit(self) -> float:
        return min(float(self.height), self.width * 1.25)

    @property
    def half(self) -> float:
        return self.width / self.unit / 2

    @property
    def above(self) -> float:
        return self.height * self.horizon / self.unit

    @property
    def below(self) -> float:
        return self.height * (1 - self.horizon) / self.unit + self.foot

    @property
    def tall(self) -> bool:
        return self.height > self.width * 1.2

    @property
    def root(self) -> Matrix:
        return mul(shift(self.width / 2, self.height * self.horizon), scale(self.unit))


@dataclass(frozen=True)
class View:
    """The camera at one moment. Moving it (x, y, zoom) shifts what is near more than what is far; turning it (yaw,
    pitch) or its lens shifts everything alike, the sky too. In units; x and yaw to the right, y and pitch downwards."""

    x: float
    y: float
    zoom: float
    t: float
    progress: float
    rehearsal: bool = False  # see Stage.rehearse
    travel: float = 0.0  # how far it has gone along with somebody who walks
    yaw: float = 0.0
    pitch: float = 0.0
    lens: float = 1.0

    @property
    def held(self) -> "View":
        """For what stays in the frame when the camera goes along with somebody."""
        return replace(self, travel=0.0) if self.travel else self


# Up to this depth a plane is at infinity: it moves by a few pixels in a whole clip, so it belongs to the backdrop,
# which is painted once. Each of these planes took 0.5 to 2 ms of a frame. A lens that closes in makes all of them live.
INFINITY = 0.16

Mover = Callable[[View], None]


@dataclass
class Stage:
    frame: Frame
    palette: Palette
    style: Style
    key: Key
    rng: np.random.Generator
    canvas: Canvas
    wind: float = 0.25
    movers: list[Mover] = field(default_factory=list)
    scenery: list[Mover] = field(default_factory=list)  # what only the camera and the wind move (see `at_rest`)
    at_rest: int = 1  # for so many drawings the camera and the scenery hold still
    distant: list[Paint] = field(default_factory=list)  # what is painted into the backdrop, far to near
    follows: bool = False  # the camera goes with somebody who walks: planes must roll on
    reserved: tuple[float, float] = (0.0, 0.3)  # where the main subject stands: x, half width; kept calm
    reach: tuple[float, float] = (0.0, 0.0)  # how far beyond the frame the camera will look: sideways, down
    sinks: float = 0.0  # how far the camera itself sinks: what is near comes up by as much
    restless: bool = False  # the camera moves things up, down or larger as it goes
    pivot: tuple[float, float] = (0.0, 0.0)  # what the lens closes in on
    infinity: float = INFINITY
    outdoors: Palette | None = None  # the light outside, for what windows show
    outside: frozenset[str] = frozenset()  # the weather out there, seen on the glass

    def matrix(self, view: View, depth: float) -> Matrix:
        """Where a plane lies: `depth` 0 is infinity, 1 the subject's, more is nearer to us."""
        return self._seen(view, depth, (view.x + view.travel) * depth)

    def _seen(self, view: View, depth: float, at: float) -> Matrix:
        zoom = 1.0 + (view.zoom - 1.0) * depth
        m = mul(scale(zoom), shift(-at, -view.y * depth))
        if view.yaw or view.pitch:
            m = mul(shift(-view.yaw, -view.pitch), m)
        if view.lens != 1.0:
            px, py = self.pivot
            m = mul((view.lens, 0.0, 0.0, view.lens, px * (1 - view.lens), py * (1 - view.lens)), m)
        return mul(self.frame.root, m)

    def screen(self, view: View) -> Matrix:
        """For what fills the air before the lens: it turns with the camera's world, but keeps its size."""
        return mul(self.frame.root, shift(-view.yaw, -view.pitch))

    def rolled(self, view: View, depth: float, period: float) -> Matrix:
        """Where a plane lies that repeats after `period`, and so never comes to its end."""
        return self._seen(view, depth, view.x * depth + (view.travel * depth) % period)

    def tint(self, colour: Colour) -> Colour:
        return self.style.tint(colour)

    def ground(self, local: Colour, distance: float) -> Colour:
        return self.style.land(self.palette.ground(local, distance), distance)

    def paint(self, path: Path, colour: Colour) -> Shape:
        tone = self.tint(colour)
        shape = Shape(path, tone.rgba)
        if self.style.outline and tone.alpha > 0.9:
            shape.stroke(self.style.outline, self.style.line.rgba)
        return shape

    def plane(self, depth: float, *paints: Paint) -> Group:
        """A group that the camera moves by parallax."""
        group = Group()
        for paint in paints:
            group.add(paint)
        if depth <= self.infinity:
            self.distant.append(group)
            return group
        self.canvas.add(group)
        self.scenery.append(lambda view: group.nudge(self.matrix(view, depth)))
        return group

    def paint_distance(self, backdrop: Pixels) -> None:
        """Paints into the backdrop what is too far away to move."""
        height, width = backdrop.shape[:2]
        canvas = Canvas(width, height)
        # a backdrop is larger than the frame where the camera turns
        root = mul(shift((width - self.frame.width) // 2, (height - self.frame.height) // 2), self.frame.root)
        try:
            np.copyto(canvas.pixels, backdrop)
            for paint in self.distant:
                paint.place(root)
                canvas.add(paint)
            canvas.draw()
            np.copyto(backdrop, canvas.pixels)
        finally:
            canvas.close()
        self.distant.clear()

    def scroll(self, depth: float, period: float, *paints: Paint) -> Group:
        """A plane that repeats: its outlines are as long as the frame plus one period, so that it can roll
        on for ever."""
        if depth <= self.infinity:
            return self.plane(depth, *paints)
        group = Group()
        for paint in paints:
            group.add(paint)
        self.canvas.add(group)

        def move(view: View) -> None:
            group.nudge(self.rolled(view, depth, period))

        self.scenery.append(move)
        return group

    def scatter(
        self, depth: float, period: float, items: Sequence[tuple[Paint, float, float]], *, sway: float = 0.0
    ) -> None:
        """Things that stand on a plane, each coming round again on its own; with wind they lean and swing back."""
        group = Group()
        for paint, _, _ in items:
            group.add(paint)
        half = period / 2
        if depth <= self.infinity and not sway:
            for paint, x, y in items:
                paint.place(shift((x + half) % period - half, y))
            self.distant.append(group)
            return
        self.canvas.add(group)
        limit = self.frame.half * 1.05 + 0.6 + self.reach[0]

        def move(view: View) -> None:
            root = self._seen(view, depth, 0.0)
            gone = (view.x + view.travel) * depth
            for index, (paint, x, y) in enumerate(items):
                at = 0.0 if view.rehearsal else (x - gone + half) % period - half
                seen = abs(at) < limit
                paint.show(seen)
                if seen:
                    lean = sway * math.sin(view.t * 1.7 + index * 1.9) if sway else 0.0
                    paint.nudge(mul(root, (1.0, 0.0, lean, 1.0, at, y)))

        self.scenery.append(move)

    def add(self, paint: Paint, mover: Mover | None = None) -> None:
        self.canvas.add(paint)
        if mover is not None:
            self.movers.append(mover)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float, *, add: bool = True) -> Shape:
        """Light in the air, added to what is there. Measured: 10 ns a pixel, so keep it small."""
        r, g, b, _ = self.tint(colour).rgba
        shape = Shape(ellipse(x, y, radius))
        if add:
            # added light ignores alpha, so it fades to black instead, which adds nothing
            stops = [(at, (round(r * s), round(g * s), round(b * s), 255)) for at, s in _falloff(strength)]
            shape.add_light()
        else:
            stops = [(at, (r, g, b, round(255 * s))) for at, s in _falloff(strength)]
        shape.radial(x, y, radius, stops)
        return shape

    def still(self, view: View, depth: float) -> Matrix:
        """Like `matrix`, for what stays in the frame when the camera follows somebody."""
        return self.matrix(view.held, depth)

    def rehearse(self, first: View) -> None:
        """Draw once with everything in sight. ThorVG (thorvg-python 1.1.3) lays a gradient down where its shape is
        first drawn, and forgets those of shapes first drawn outside the frame; moving the shape does not move it. Our
        gradients run from top to bottom and things move sideways, so one drawing at the right height is all it takes;
        what moves freely (fireflies, shadows under feet) uses flat shapes instead."""
        for move in (*self.scenery, *self.movers):
            move(replace(first, rehearsal=True, yaw=0.0))
        self.canvas.draw()

    def dawdle(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))


def _falloff(strength: float) -> list[tuple[float, float]]:
    return [(at, strength * (1.0 - at) ** 2.2) for at in (0.0, 0.15, 0.3, 0.5, 0.75, 1.0)]

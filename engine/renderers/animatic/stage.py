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
        return self.height * (1 - self.horizon) / self.unit

    @property
    def tall(self) -> bool:
        return self.height > self.width * 1.2

    @property
    def root(self) -> Matrix:
        return mul(shift(self.width / 2, self.height * self.horizon), scale(self.unit))


@dataclass(frozen=True)
class View:
    """The camera at one moment: where it looks (x, y in units at the subject's depth) and how near."""

    x: float
    y: float
    zoom: float
    t: float
    progress: float
    rehearsal: bool = False  # see Stage.rehearse
    aside: float = 0.0  # how much of x is another camera's place, which moves the subjects as well


# Up to this depth a plane is at infinity: it moves by a few pixels in a whole clip, so it belongs to the backdrop,
# which is painted once. Each of these planes took 0.5 to 2 ms of a frame.
INFINITY = 0.16
_SQUEEZED = 0.15  # a rolling plane's width at rehearsal, as a share of its own

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
    distant: list[Paint] = field(default_factory=list)  # what is painted into the backdrop, far to near
    follows: bool = False  # the camera goes with somebody who walks: planes must roll on
    reserved: tuple[float, float] = (0.0, 0.3)  # where the main subject stands: x, half width; kept calm

    def matrix(self, view: View, depth: float) -> Matrix:
        """Where a plane lies: `depth` 0 is infinity, 1 the subject's, more is nearer to us."""
        zoom = 1.0 + (view.zoom - 1.0) * depth
        return mul(self.frame.root, mul(scale(zoom), shift(-view.x * depth, -view.y * depth)))

    def tint(self, colour: Colour) -> Colour:
        return self.style.tint(colour)

    def ground(self, local: Colour, distance: float) -> Colour:
        return self.style.land(self.palette.ground(local, distance), distance)

    def paint(self, path: Path, colour: Colour) -> Shape:
        return Shape(path, self.tint(colour).rgba)

    def plane(self, depth: float, *paints: Paint) -> Group:
        """A group that the camera moves by parallax."""
        group = Group()
        for paint in paints:
            group.add(paint)
        if depth <= INFINITY:
            self.distant.append(group)
            return group
        self.canvas.add(group)
        self.movers.append(lambda view: group.nudge(self.matrix(view, depth)))
        return group

    def paint_distance(self, backdrop: Pixels) -> None:
        """Paints into the backdrop what is too far away to move."""
        height, width = backdrop.shape[:2]
        canvas = Canvas(width, height)
        try:
            np.copyto(canvas.pixels, backdrop)
            for paint in self.distant:
                paint.place(self.frame.root)
                canvas.add(paint)
            canvas.draw()
            np.copyto(backdrop, canvas.pixels)
        finally:
            canvas.close()
        self.distant.clear()

    def scroll(self, depth: float, period: float, *paints: Paint) -> Group:
        """A plane that repeats: its outlines are as long as the frame plus one period, so that it can roll
        on for ever."""
        if depth <= INFINITY:
            return self.plane(depth, *paints)
        group = Group()
        for paint in paints:
            group.add(paint)
        self.canvas.add(group)

        def move(view: View) -> None:
            at = (view.x * depth) % period if self.follows else view.x * depth
            zoom = 1.0 + (view.zoom - 1.0) * depth
            if view.rehearsal:
                # all of it in sight: what rolls in later would be drawn in no colour at all
                squeezed = (zoom * _SQUEEZED, 0.0, 0.0, zoom, 0.0, -view.y * depth * zoom)
                group.nudge(mul(self.frame.root, squeezed))
                return
            group.nudge(mul(self.frame.root, mul(scale(zoom), shift(-at, -view.y * depth))))

        self.movers.append(move)
        return group

    def scatter(
        self, depth: float, period: float, items: Sequence[tuple[Paint, float, float]], *, sway: float = 0.0
    ) -> None:
        """Things that stand on a plane, each coming round again on its own; with wind they lean and swing back."""
        group = Group()
        for paint, _, _ in items:
            group.add(paint)
        self.canvas.add(group)
        half = period / 2

        def move(view: View) -> None:
            root = self.matrix(View(0.0, view.y, view.zoom, view.t, view.progress), depth)
            for index, (paint, x, y) in enumerate(items):
                at = 0.0 if view.rehearsal else (x - view.x * depth + half) % period - half
                seen = abs(at) < self.frame.half * 1.05 + 0.6
                paint.show(seen)
                if seen:
                    lean = sway * math.sin(view.t * 1.7 + index * 1.9) if sway else 0.0
                    paint.nudge(mul(root, (1.0, 0.0, lean, 1.0, at, y)))

        self.movers.append(move)

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
        return self.matrix(View(0.0, view.y, view.zoom, view.t, view.progress), depth)

    def rehearse(self, first: View) -> None:
        """Draw once with everything in sight. ThorVG (thorvg-python 1.1.3) lays a gradient down where its shape is
        first drawn, and forgets those of shapes first drawn outside the frame; moving the shape does not move it. Our
        gradients run from top to bottom and things move sideways, so one drawing at the right height is all it takes;
        what moves freely (fireflies, shadows under feet) uses flat shapes instead."""
        for move in self.movers:
            move(replace(first, rehearsal=True))
        self.canvas.draw()

    def dawdle(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))


def _falloff(strength: float) -> list[tuple[float, float]]:
    return [(at, strength * (1.0 - at) ** 2.2) for at in (0.0, 0.15, 0.3, 0.5, 0.75, 1.0)]

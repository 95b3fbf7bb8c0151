"""The one place that touches ThorVG: a retained canvas that draws into memory that numpy can see.

The binding's own wrappers declare their C argument types again at every call, which costs more than moving a shape
does;
here each function is declared once. Everything handed to a canvas or group belongs to it and lives until the canvas
is closed.
"""

import ctypes
from array import array
from collections.abc import Callable
from ctypes import c_bool, c_double, c_float, c_int, c_uint8, c_uint32, c_void_p
from typing import Any

import numpy as np
from thorvg_python.base import BlendMethod, Colorspace, EngineOption, StrokeCap, StrokeJoin
from thorvg_python.engine import Engine

from engine.footage import Pixels
from engine.renderers.animatic.geometry import CLOSE, CUBIC, LINE, MOVE, Matrix, Path

RGBA = tuple[int, int, int, int]
Stops = list[tuple[float, RGBA]]

_ENGINE = Engine(threads=0)  # one core: the fleet runs one worker per core already
_LIB: Any = _ENGINE.thorvg_lib


_FINE = 1024.0


class DrawingFailed(RuntimeError):
    """ThorVG refused a call that can only fail when something is badly wrong (memory, a foreign canvas)."""


class _Stop(ctypes.Structure):
    _fields_ = [
        ("offset", c_float),
        ("r", c_uint8),
        ("g", c_uint8),
        ("b", c_uint8),
        ("a", c_uint8),
    ]


def _bind(name: str, *arguments: Any, result: Any = c_uint32) -> Any:
    function = getattr(_LIB, name)
    function.argtypes = list(arguments)
    function.restype = result
    return function


_canvas_new = _bind("tvg_swcanvas_create", c_uint8, result=c_void_p)
_canvas_target = _bind("tvg_swcanvas_set_target", c_void_p, c_void_p, c_uint32, c_uint32, c_uint32, c_uint8)
_canvas_add = _bind("tvg_canvas_add", c_void_p, c_void_p)
_canvas_update = _bind("tvg_canvas_update", c_void_p)
_canvas_draw = _bind("tvg_canvas_draw", c_void_p, c_bool)
_canvas_sync = _bind("tvg_canvas_sync", c_void_p)
_canvas_destroy = _bind("tvg_canvas_destroy", c_void_p)
_shape_new = _bind("tvg_shape_new", result=c_void_p)
_shape_reset = _bind("tvg_shape_reset", c_void_p)
_shape_path = _bind("tvg_shape_append_path", c_void_p, c_void_p, c_uint32, c_void_p, c_uint32)
_shape_fill = _bind("tvg_shape_set_fill_color", c_void_p, c_uint8, c_uint8, c_uint8, c_uint8)
_shape_gradient = _bind("tvg_shape_set_gradient", c_void_p, c_void_p)
_stroke_width = _bind("tvg_shape_set_stroke_width", c_void_p, c_float)
_stroke_colour = _bind("tvg_shape_set_stroke_color", c_void_p, c_uint8, c_uint8, c_uint8, c_uint8)
_stroke_cap = _bind("tvg_shape_set_stroke_cap", c_void_p, c_uint32)
_stroke_join = _bind("tvg_shape_set_stroke_join", c_void_p, c_uint32)
_scene_new = _bind("tvg_scene_new", result=c_void_p)
_scene_add = _bind("tvg_scene_add", c_void_p, c_void_p)
_scene_blur = _bind("tvg_scene_add_effect_gaussian_blur", c_void_p, c_double, c_int, c_int, c_int)
_paint_transform = _bind("tvg_paint_set_transform", c_void_p, c_void_p)
_paint_opacity = _bind("tvg_paint_set_opacity", c_void_p, c_uint8)
_paint_visible = _bind("tvg_paint_set_visible", c_void_p, c_bool)
_paint_blend = _bind("tvg_paint_set_blend_method", c_void_p, c_uint8)
_linear_new = _bind("tvg_linear_gradient_new", result=c_void_p)
_linear_set = _bind("tvg_linear_gradient_set", c_void_p, c_float, c_float, c_float, c_float)
_radial_new = _bind("tvg_radial_gradient_new", result=c_void_p)
_radial_set = _bind("tvg_radial_gradient_set", c_void_p, c_float, c_float, c_float, c_float, c_float, c_float)
_stops_set = _bind("tvg_gradient_set_color_stops", c_void_p, c_void_p, c_uint32)

assert (CLOSE, MOVE, LINE, CUBIC) == (0, 1, 2, 3), "Path's commands are ThorVG's, so that they are passed as they are"


class Paint:
    """Anything on a canvas: it can be moved, hidden, faded, and told how to mix with what lies under it."""

    __slots__ = ("_handle", "_matrix", "_placed", "_shown")

    def __init__(self, handle: int | None) -> None:
        if not handle:
            raise DrawingFailed("no memory for a paint")
        self._handle = handle
        self._matrix = (c_float * 9)()
        self._shown = True
        self._placed: Matrix = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

    def place(self, matrix: Matrix) -> None:
        a, b, c, d, e, f = matrix
        self._matrix[:] = [a, c, e, b, d, f, 0.0, 0.0, 1.0]
        _paint_transform(self._handle, self._matrix)

    def nudge(self, matrix: Matrix) -> None:
        """Place to a quarter of a pixel: what keeps its place keeps its spans, and finding those is most of a frame's
        cost. Rounded rather than compared with where it was, so that a frame depends on its moment alone and not on
        the frames drawn before it. For matrices from stage units to pixels."""
        a, b, c, d, e, f = matrix
        rounded: Matrix = (
            round(a * 4) / 4, round(b * 4) / 4, round(c * 4) / 4, round(d * 4) / 4, round(e * 4) / 4, round(f * 4) / 4
        )  # fmt: skip
        if rounded != self._placed:
            self._placed = rounded
            self.place(rounded)
            self.lay_again()

    def lay_again(self) -> None:
        """ThorVG (thorvg-python 1.1.3) lays a gradient down where its shape is first drawn, and moving the shape, or
        what holds it, leaves it there; only a gradient that is set anew goes along."""

    def show(self, shown: bool) -> None:
        if shown is not self._shown:
            self._shown = shown
            _paint_visible(self._handle, shown)

    def fade(self, opacity: float) -> None:
        _paint_opacity(self._handle, max(0, min(255, round(opacity * 255))))

    def add_light(self) -> None:
        """Add to what lies under it, as light does, rather than cover it."""
        _paint_blend(self._handle, int(BlendMethod.ADD))


class Shape(Paint):
    __slots__ = ("_fine", "_gradient_of", "_path", "fades")

    def __init__(self, path: Path | None = None, fill: RGBA | None = None) -> None:
        super().__init__(_shape_new())
        self.fades = False
        self._fine = 1.0
        self._path: Path | None = None
        self._gradient_of: Callable[[], None] | None = None
        if path is not None:
            self.outline(path.leftward(), fresh=True)
        if fill is not None:
            self.fill(fill)

    def outline(self, path: Path, *, fresh: bool = False) -> None:
        if not fresh:
            _shape_reset(self._handle)
        self._path = path
        commands, points = path.commands, path.points
        if self._fine != 1.0:
            points = array("f", (np.frombuffer(points, np.float32) * self._fine).tobytes())
        if commands:
            _shape_path(
                self._handle, commands.buffer_info()[0], len(commands), points.buffer_info()[0], len(points) // 2
            )

    def fill(self, colour: RGBA) -> None:
        _shape_fill(self._handle, *colour)

    def place(self, matrix: Matrix) -> None:
        if self._fine != 1.0:
            a, b, c, d, e, f = matrix
            matrix = (a / self._fine, b / self._fine, c / self._fine, d / self._fine, e, f)
        super().place(matrix)

    def stroke(self, width: float, colour: RGBA) -> None:
        """A line along the outline, `width` in the outline's own units. To be said before the shape is placed.

        ThorVG (thorvg-python 1.1.3) rounds half a line's width down to 1/64 of the outline's unit, untransformed:
        in stage units nothing thinner than 0.03, 22 pixels of 720, was drawn at all. So outlines with a line are kept
        much larger, and made smaller as they are placed."""
        if self._fine == 1.0:
            self._fine = _FINE
            if self._path is not None:
                self.outline(self._path)
            self.place((1.0, 0.0, 0.0, 1.0, 0.0, 0.0))
            self.lay_again()
        _stroke_width(self._handle, width * self._fine)
        _stroke_colour(self._handle, *colour)
        _stroke_cap(self._handle, int(StrokeCap.ROUND))
        _stroke_join(self._handle, int(StrokeJoin.ROUND))

    def linear(self, x1: float, y1: float, x2: float, y2: float, stops: Stops) -> None:
        self._fade(_linear_new, _linear_set, (x1, y1, x2, y2), stops)

    def radial(self, x: float, y: float, radius: float, stops: Stops) -> None:
        self._fade(_radial_new, _radial_set, (x, y, radius, x, y, 0.0), stops)

    def _fade(self, new: Any, put: Any, line: tuple[float, ...], stops: Stops) -> None:
        entries = (_Stop * len(stops))(*(_Stop(at, *colour) for at, colour in stops))

        def lay() -> None:
            gradient = new()
            put(gradient, *(value * self._fine for value in line))
            _stops_set(gradient, entries, len(entries))
            _shape_gradient(self._handle, gradient)

        lay()
        self.fades, self._gradient_of = True, lay

    def lay_again(self) -> None:
        if self._gradient_of is not None:
            self._gradient_of()


class Group(Paint):
    __slots__ = ("_fading", "size")

    def __init__(self) -> None:
        super().__init__(_scene_new())
        self.size = 0
        self._fading: list[Paint] = []  # the paints in it that hold gradients

    @property
    def fades(self) -> bool:
        return bool(self._fading)

    def add(self, paint: Paint) -> None:
        _scene_add(self._handle, paint._handle)
        self.size += 1
        if isinstance(paint, Shape | Group) and paint.fades:
            self._fading.append(paint)

    def lay_again(self) -> None:
        for paint in self._fading:
            paint.lay_again()

    def blur(self, sigma: float) -> None:
        _scene_blur(self._handle, sigma, 0, 0, 60)


class Canvas:
    """A picture of BGRA bytes: paint what is static into `pixels`, then `draw` lays the retained paints over it."""

    def __init__(self, width: int, height: int) -> None:
        self._words = array("I", bytes(width * height * 4))
        self.pixels: Pixels = np.frombuffer(self._words, dtype=np.uint8).reshape(height, width, 4)
        self._handle: int | None = _canvas_new(int(EngineOption.NONE))
        if not self._handle:
            raise DrawingFailed("no memory for a canvas")
        address = self._words.buffer_info()[0]
        if _canvas_target(self._handle, address, width, width, height, int(Colorspace.ARGB8888)):
            raise DrawingFailed(f"no canvas of {width} x {height}")

    def add(self, paint: Paint) -> None:
        if _canvas_add(self._handle, paint._handle):
            raise DrawingFailed("a paint was not accepted")

    def draw(self) -> None:
        _canvas_update(self._handle)
        if _canvas_draw(self._handle, False) or _canvas_sync(self._handle):
            raise DrawingFailed("the canvas could not be drawn")

    def close(self) -> None:
        if self._handle:
            _canvas_destroy(self._handle)
            self._handle = None

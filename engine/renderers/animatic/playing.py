"""Playing a film: the frames of its tree, one at a time.

Moments are whole frames here, so that a shot that is moved by a second shows the very bytes it showed a second earlier.
A stage is set when it is first needed, shared by all places of the tree that show it, and struck when it has not been
used for a while: a storyboard of twenty scenes does not keep twenty of them.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from engine.footage import Pixels
from engine.renderers.animatic import weather
from engine.renderers.animatic.actors import Key
from engine.renderers.animatic.canvas import Canvas
from engine.renderers.animatic.directing import Take, set_stage
from engine.renderers.animatic.film import Aim, Curve, Cut, Mixed, Moved, Node, Picture, Reel, Ring, Shot, shares
from engine.renderers.animatic.layers import LayeredPicture
from engine.renderers.animatic.palette import palette
from engine.renderers.animatic.stage import Frame, Stage, View
from engine.renderers.animatic.styles import DEFAULT, STYLES
from engine.renderers.flow import drawn_between
from engine.renderers.pixels import ReelReader, as_picture, looked_at, toned

_IDLE_FRAMES = 24  # a stage that was not drawn for so long is struck
_ROWS_AT_ONCE = 32  # 160 KB of a 720p frame: the second step finds them in the core's own cache
_DARK = 70  # the mean of a picture that is taken for one of the night
_HORIZON = 0.55  # share of the height above the ground, for what falls before a picture
_ALL, _NOTHING = 0.998, 0.002  # shares that nobody sees the rest of


class Theatre:
    """Where a film is played: the frame's size and rate, the files, and the stages that are set."""

    def __init__(self, width: int, height: int, fps: int, files: Callable[[str], Path]) -> None:
        self.width, self.height, self.fps = width, height, fps
        self.files = files
        self._stages: dict[Shot, _Stage] = {}
        self._frame = 0

    def frames(self, root: Node, count: int) -> Iterator[Pixels]:
        """Frames 0 to `count`. Each is good until the next one is asked for; nothing is set up before the first."""
        yield from self.show(root, range(count))

    def show(self, root: Node, numbers: Iterable[int]) -> Iterator[Pixels]:
        """Any frames in any order; in their own they are cheapest."""
        drawer = self._drawer(root)
        try:
            for number in numbers:
                self._frame += 1
                yield drawer.draw(number)
                self._strike_idle()
        finally:
            drawer.close()
            for stage in self._stages.values():
                stage.strike()

    def _drawer(self, node: Node) -> "Drawer":
        match node:
            case Shot():
                return _OnStage(self, node)
            case Reel():
                return _OnScreen(self, node)
            case Picture():
                return _InLayers(self, node)
            case Moved():
                return _Later(self._drawer(node.of), round(node.by * self.fps))
            case Mixed():
                return _Both(self._drawer(node.first), self._drawer(node.second), node.curve, self.fps, node.carried)
            case Cut():
                ends = [round(until * self.fps) for until, _ in node.pieces]
                return _InTurn([self._drawer(piece) for _, piece in node.pieces], ends)
            case Ring():
                length, join = round(node.seconds * self.fps), round(node.join * self.fps)
                # two of them: both are read on, neither goes back and forth
                return _Round(self._drawer(node.of), self._drawer(node.of), length, join, node.carried)

    def stage(self, shot: Shot) -> "_Stage":
        if shot not in self._stages:
            self._stages[shot] = _Stage(shot, self.width, self.height, self.fps)
        stage = self._stages[shot]
        stage.used = self._frame
        return stage

    def _strike_idle(self) -> None:
        for shot in [shot for shot, stage in self._stages.items() if stage.used < self._frame - _IDLE_FRAMES]:
            self._stages.pop(shot).strike()


class Drawer(ABC):
    """Draws any frame of one node. What it gives is good until it, or another drawer of the same shot, draws again."""

    @abstractmethod
    def draw(self, number: int) -> Pixels: ...

    def close(self) -> None:  # noqa: B027 (most have nothing to close)
        pass


class _Stage:
    """A shot's stage. Its frames depend on their moment alone, whatever was drawn before."""

    def __init__(self, shot: Shot, width: int, height: int, fps: int) -> None:
        self.used = 0
        self._fps = fps
        self._drawn: int | None = None
        self._stood: int | None = None
        self._take: Take = set_stage(
            shot.scene,
            width,
            height,
            shot.seconds,
            shot.seed,
            window=shot.window,
            place_seed=shot.place_seed,
            cues=shot.cues,
            aim=shot.aim,
        )
        # a look of twelve drawings a second shows each drawing twice
        self._hold = max(1, round(fps / self._take.stage.style.cadence))
        self._take.stage.rehearse(self._view(round(shot.window[0] * fps) if shot.window else 0))

    def draw(self, number: int) -> Pixels:
        stage = self._take.stage
        number -= number % self._hold
        if number != self._drawn:
            steady = number - number % (self._hold * stage.at_rest)
            scene = self._view(steady)
            self._take.lay_sky(scene, stage.canvas.pixels)
            if steady != self._stood:
                for move in stage.scenery:
                    move(scene)
                self._stood = steady
            now = self._view(number)
            # what moves by itself stands on the ground that the camera sees
            view = replace(scene, t=now.t, progress=now.progress)
            for move in stage.movers:
                move(view)
            stage.canvas.draw()
            _darken(stage.canvas.pixels, self._take.finish)
            self._drawn = number
        return stage.canvas.pixels

    def _view(self, number: int) -> View:
        return self._take.view(number / self._fps)

    def strike(self) -> None:
        self._take.stage.canvas.close()


def _darken(pixels: Pixels, by: Pixels) -> None:
    """Takes `by` away, never below zero: unsigned bytes would wrap to white."""
    for top in range(0, pixels.shape[0], _ROWS_AT_ONCE):
        rows, less = pixels[top : top + _ROWS_AT_ONCE], by[top : top + _ROWS_AT_ONCE]
        np.maximum(rows, less, out=rows)
        np.subtract(rows, less, out=rows)


class _OnStage(Drawer):
    def __init__(self, theatre: Theatre, shot: Shot) -> None:
        self._theatre, self._shot = theatre, shot

    def draw(self, number: int) -> Pixels:
        return self._theatre.stage(self._shot).draw(number)


class _OnScreen(Drawer):
    """A reel. Outside of what it holds, its first or last frame stays, and the camera comes slowly nearer."""

    def __init__(self, theatre: Theatre, reel: Reel) -> None:
        self._reel, self._fps = reel, theatre.fps
        self._reader = ReelReader(theatre.files(reel.sha256), theatre.width, theatre.height)
        self._last = max(0, round(reel.seconds * theatre.fps) - 1)
        self._sky = _Weather(theatre, reel)

    def draw(self, number: int) -> Pixels:
        within = min(max(number, 0), self._last)
        # half a frame on: in the middle of what is on screen then, whatever the file's clock counts in
        pixels = self._reader.at((within + 0.5) / self._fps)
        if (tone := self._reel.tone) is not None:
            pixels = toned(pixels, (tone.red, tone.green, tone.blue), tone.offset)
        aim = self._reel.aim or Aim()
        zoom = aim.zoom * _creeping(abs(number - within) / self._fps)
        return self._sky.over(looked_at(pixels, aim.x, aim.y, zoom), number)

    def close(self) -> None:
        self._reader.close()
        self._sky.close()


def _creeping(seconds: float) -> float:
    """Sets out from rest, so that nobody sees where the film ends and the still begins."""
    return 1 + 0.016 * seconds * seconds / (1 + seconds)


class _InLayers(Drawer):
    def __init__(self, theatre: Theatre, picture: Picture) -> None:
        self._theatre, self._picture = theatre, picture
        self._layers: LayeredPicture | None = None
        self._sky = _Weather(theatre, picture)

    def draw(self, number: int) -> Pixels:
        theatre = self._theatre
        if self._layers is None:
            path = theatre.files(self._picture.sha256)
            self._layers = LayeredPicture(self._picture, path, theatre.width, theatre.height)
        return self._sky.over(self._layers.draw(number / theatre.fps), number)

    def close(self) -> None:
        self._layers = None
        self._sky.close()


class _Weather:
    """Rain, snow and the like, drawn before pixels that are not ours."""

    def __init__(self, theatre: Theatre, leaf: Reel | Picture) -> None:
        self._theatre, self._leaf = theatre, leaf
        self._stage: Stage | None = None

    def over(self, pixels: Pixels, number: int) -> Pixels:
        if not self._leaf.weather:
            return pixels
        if self._stage is None:
            self._stage = self._set(pixels)
        stage = self._stage
        np.copyto(stage.canvas.pixels, pixels)
        stage.canvas.pixels[..., 3] = 255
        for move in (*stage.scenery, *stage.movers):
            move(View(0.0, 0.0, 1.0, number / self._theatre.fps, 0.0))
        stage.canvas.draw()
        return stage.canvas.pixels

    def _set(self, pixels: Pixels) -> Stage:
        width, height = self._theatre.width, self._theatre.height
        light = palette("noon" if float(pixels[::8, ::8, :3].mean()) > _DARK else "night")
        style = STYLES.get(self._leaf.style, DEFAULT)
        rng = np.random.default_rng([self._leaf.seed & 0xFFFFFFFF, 0x66])
        stage = Stage(Frame(width, height, _HORIZON), light, style, Key(0.5, 0.8, 0.0), rng, Canvas(width, height))
        weather.add(stage, self._leaf.weather)
        stage.rehearse(View(0.0, 0.0, 1.0, 0.0, 0.0))
        return stage

    def close(self) -> None:
        if self._stage is not None:
            self._stage.canvas.close()
            self._stage = None


class _Later(Drawer):
    def __init__(self, of: Drawer, by: int) -> None:
        self._of, self._by = of, by

    def draw(self, number: int) -> Pixels:
        return self._of.draw(number - self._by)

    def close(self) -> None:
        self._of.close()


class _Both(Drawer):
    def __init__(self, first: Drawer, second: Drawer, curve: Curve, fps: int, carried: bool) -> None:
        self._first, self._second, self._curve, self._fps = first, second, curve, fps
        self._carried = carried

    def draw(self, number: int) -> Pixels:
        share = shares(self._curve, number / self._fps)
        return _mixed(self._first, number, self._second, number, share, self._carried)

    def close(self) -> None:
        self._first.close()
        self._second.close()


class _InTurn(Drawer):
    def __init__(self, pieces: list[Drawer], ends: list[int]) -> None:
        self._pieces, self._ends = pieces, ends
        self._on = -1

    def draw(self, number: int) -> Pixels:
        on = next((at for at, end in enumerate(self._ends) if number < end), len(self._pieces) - 1)
        if on != self._on and self._on >= 0:
            self._pieces[self._on].close()
        self._on = on
        return self._pieces[on].draw(number)

    def close(self) -> None:
        for piece in self._pieces:
            piece.close()


class _Round(Drawer):
    """Periodic: near its end it goes over into the moments before its beginning, and so arrives where it began."""

    def __init__(self, of: Drawer, again: Drawer, length: int, join: int, carried: bool) -> None:
        self._of, self._again, self._carried = of, again, carried
        self._length, self._join = max(1, length), min(join, length)

    def draw(self, number: int) -> Pixels:
        number %= self._length
        left = self._length - number
        if left > self._join:
            return self._of.draw(number)
        along = 1 - left / (self._join + 1)
        share = along * along * (3 - 2 * along)
        return _mixed(self._of, number, self._again, number - self._length, share, self._carried)

    def close(self) -> None:
        self._of.close()
        self._again.close()


def _mixed(first: Drawer, at: int, second: Drawer, other_at: int, share: float, carried: bool) -> Pixels:
    if share <= _NOTHING:
        return first.draw(at)
    if share >= _ALL:
        return second.draw(other_at)
    # both may be drawn on the same canvas: the first is taken away before the second comes
    one = first.draw(at).copy()
    other = second.draw(other_at)
    if carried:
        return drawn_between(one, other, share)
    return np.asarray(Image.blend(as_picture(one), as_picture(other), share))

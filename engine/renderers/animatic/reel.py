"""The reel: any moment of a scene as a frame, across its shots. Moments may be asked for in any order; in their own
order they are cheapest, since one stage is kept at a time."""

import numpy as np

from engine.footage import FRAMES_PER_SECOND, Pixels
from engine.renderers.animatic.directing import Take, set_stage
from engine.renderers.animatic.graph import Scene
from engine.renderers.animatic.shots import Span, plan

_ROWS_AT_ONCE = 32  # 160 KB of a 720p frame: the second step finds them in the core's own cache


class Reel:
    def __init__(
        self, scene: Scene, width: int, height: int, seconds: float, seed: int, fps: int = FRAMES_PER_SECOND
    ) -> None:
        self.shots = plan(scene, seconds, seed, fps)
        self._size, self._seconds, self._seed = (width, height), seconds, seed
        self._take: Take | None = None
        self._shot: Span | None = None

    def shot_at(self, t: float) -> Span:
        return next((shot for shot in self.shots if t < shot.end - 1e-6), self.shots[-1])

    @property
    def cadence(self) -> int:
        """Drawings a second."""
        return self._set(self._shot or self.shots[0]).stage.style.cadence

    def frame(self, t: float) -> Pixels:
        """The frame at that moment: one buffer, drawn over and over while a shot lasts."""
        take = self._set(self.shot_at(t))
        view = take.view(t)
        pixels = take.stage.canvas.pixels
        take.lay_sky(view, pixels)
        for move in take.stage.movers:
            move(view)
        take.stage.canvas.draw()
        _darken(pixels, take.finish)
        return pixels

    def _set(self, shot: Span) -> Take:
        if self._take is None or shot is not self._shot:
            self.close()
            window = (shot.start, shot.end)
            self._take = set_stage(shot.scene, *self._size, self._seconds, self._seed, window=window)
            self._shot = shot
            self._take.stage.rehearse(self._take.view(shot.start))
        return self._take

    def close(self) -> None:
        if self._take is not None:
            self._take.stage.canvas.close()
        self._take = self._shot = None


def _darken(pixels: Pixels, by: Pixels) -> None:
    """Takes `by` away, never below zero: unsigned bytes would wrap to white."""
    for top in range(0, pixels.shape[0], _ROWS_AT_ONCE):
        rows, less = pixels[top : top + _ROWS_AT_ONCE], by[top : top + _ROWS_AT_ONCE]
        np.maximum(rows, less, out=rows)
        np.subtract(rows, less, out=rows)

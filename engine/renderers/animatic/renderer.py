"""The animatic: reads the prompt, sets a stage, and draws each frame when it is asked for."""

from collections.abc import Iterator

import numpy as np

from engine.footage import Footage, Pixels
from engine.renderers.animatic.directing import set_stage
from engine.renderers.animatic.graph import Scene
from engine.renderers.animatic.reading import read
from engine.renderers.base import Rendering, RenderOrder


class AnimaticRenderer:
    """Drawn drafts on any machine: no weights, no graphics card; the same order gives the same bytes."""

    name = "animatic"
    version = "2"
    is_draft = True
    trained = False

    def draw(self, order: RenderOrder) -> Rendering:
        brief = order.brief
        text = brief.prompt or " ".join(card.text for card in brief.cards)
        scene = read(text, brief.look.style)
        width, height = order.size
        footage = Footage(
            width=width,
            height=height,
            fps=order.fps,
            count=order.count,
            layout="bgra",
            frames=_frames(scene, width, height, order.count, order.fps, order.seed),
        )
        return Rendering(footage=footage, not_drawn=scene.not_drawn)


_ROWS_AT_ONCE = 32  # 160 KB of a 720p frame: the second step finds them in the core's own cache


def _darken(pixels: Pixels, by: Pixels) -> None:
    """Takes `by` away, never below zero: unsigned bytes would wrap to white."""
    for top in range(0, pixels.shape[0], _ROWS_AT_ONCE):
        rows, less = pixels[top : top + _ROWS_AT_ONCE], by[top : top + _ROWS_AT_ONCE]
        np.maximum(rows, less, out=rows)
        np.subtract(rows, less, out=rows)


def _frames(scene: Scene, width: int, height: int, count: int, fps: int, seed: int) -> Iterator[Pixels]:
    """One buffer, drawn over and over; nothing is set up before the first frame is asked for."""
    take = set_stage(scene, width, height, count / fps, seed)
    stage = take.stage
    pixels = stage.canvas.pixels
    # a look of twelve drawings a second shows each drawing twice
    hold = max(1, round(fps / stage.style.cadence))
    try:
        stage.rehearse(take.view(0.0))
        for index in range(count):
            if index % hold == 0:
                view = take.view(index / fps)
                np.copyto(pixels, take.sky)
                for move in stage.movers:
                    move(view)
                stage.canvas.draw()
                _darken(pixels, take.finish)
            yield pixels
    finally:
        stage.canvas.close()

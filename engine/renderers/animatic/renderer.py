"""The animatic: composes a film of drawn scenes from the brief, and plays it, each frame when it is asked for."""

from engine.footage import Footage
from engine.renderers.animatic.composing import compose
from engine.renderers.animatic.playing import Theatre
from engine.renderers.base import Rendering, RenderOrder


class AnimaticRenderer:
    """Drawn drafts on any machine: no weights, no graphics card; the same order gives the same bytes."""

    name = "animatic"
    version = "5"
    is_draft = True
    trained = False

    def draw(self, order: RenderOrder) -> Rendering:
        composed = compose(order)
        width, height = order.size
        theatre = Theatre(width, height, order.fps, order.file)
        footage = Footage(
            width=width,
            height=height,
            fps=order.fps,
            count=order.count,
            layout="bgra",
            frames=theatre.frames(composed.film.root, order.count),
        )
        return Rendering(footage, composed.not_drawn, composed.notes, film=composed.film.as_json())

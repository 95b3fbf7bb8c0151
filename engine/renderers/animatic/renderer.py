"""The animatic: composes a film of drawn scenes from the brief, and plays it, each frame when it is asked for."""

from collections.abc import Sequence

from engine.footage import Footage
from engine.renderers.animatic.composing import compose
from engine.renderers.animatic.playing import Theatre
from engine.renderers.base import Rendering, RenderOrder


class AnimaticRenderer:
    """Drawn drafts on any machine: no weights, no graphics card; the same order gives the same bytes."""

    name = "animatic"
    version = "7"
    is_draft = True
    trained = False

    def draw(self, order: RenderOrder) -> Rendering:
        return self._drawn(order, range(order.count), order.fps)

    def moments(self, order: RenderOrder, seconds: Sequence[float]) -> Rendering:
        """The frames at these moments alone, in their order: footage of one frame a second."""
        numbers = [min(max(round(one * order.fps), 0), order.count - 1) for one in seconds]
        return self._drawn(order, numbers, 1)

    def _drawn(self, order: RenderOrder, numbers: Sequence[int], fps: int) -> Rendering:
        composed = compose(order)
        width, height = order.size
        theatre = Theatre(width, height, order.fps, order.file)
        footage = Footage(
            width=width,
            height=height,
            fps=fps,
            count=len(numbers),
            layout="bgra",
            frames=theatre.show(composed.film.root, numbers),
        )
        return Rendering(footage, composed.not_drawn, composed.notes, film=composed.film.as_json())

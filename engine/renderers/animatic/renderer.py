"""The animatic: reads the prompt, sets a stage, and draws each frame when it is asked for."""

from collections.abc import Iterator

from engine.footage import Footage, Pixels
from engine.renderers.animatic.graph import Scene
from engine.renderers.animatic.reading import read
from engine.renderers.animatic.reel import Reel
from engine.renderers.base import Rendering, RenderOrder


class AnimaticRenderer:
    """Drawn drafts on any machine: no weights, no graphics card; the same order gives the same bytes."""

    name = "animatic"
    version = "3"
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


def _frames(scene: Scene, width: int, height: int, count: int, fps: int, seed: int) -> Iterator[Pixels]:
    """One buffer, drawn over and over; nothing is set up before the first frame is asked for."""
    reel = Reel(scene, width, height, count / fps, seed, fps)
    try:
        # a look of twelve drawings a second shows each drawing twice
        hold = max(1, round(fps / reel.cadence))
        for index in range(count):
            if index % hold == 0:
                pixels = reel.frame(index / fps)
            yield pixels
    finally:
        reel.close()

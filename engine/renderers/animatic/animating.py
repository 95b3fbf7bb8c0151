"""An image becomes a clip: its layers move apart under a camera, with the weather that the prompt asks for."""

from dataclasses import replace

from engine.renderers.animatic.composing import FOOTAGE, Composed, stretch
from engine.renderers.animatic.film import Film, Node, Picture, Reel, Shot, Tone, changed
from engine.renderers.animatic.reading import read
from engine.renderers.animatic.remixing import BEFORE_PIXELS, asking_words, toned_for
from engine.renderers.animatic.tokens import tokens
from engine.renderers.animatic.vocabulary import simplified
from engine.renderers.base import RenderOrder


def animate(order: RenderOrder) -> Composed:
    """The words can move the camera, change the light and bring weather. What they want of the picture's own things
    is said to be not drawn."""
    brief = order.brief
    part = stretch(order.sources[0], brief.sources[0], seconds=brief.look.seconds, seed=order.seed)
    if not brief.prompt and not brief.look.style:
        return Composed(Film(part.root, brief.look.seconds), (), (FOOTAGE,))
    scene = read(brief.prompt, brief.look.style)
    tone: Tone | None = toned_for(scene.hour, scene.style, 1.0)
    weather = tuple(kind for kind in scene.weather if kind in BEFORE_PIXELS)

    def moved_by_words(leaf: Shot | Reel | Picture) -> Node:
        if isinstance(leaf, Picture):
            return replace(leaf, camera=scene.camera, weather=weather, style=scene.style, tone=tone)
        if isinstance(leaf, Reel):
            return replace(leaf, weather=weather, style=scene.style, tone=tone)
        return leaf

    root = changed(part.root, moved_by_words)
    return Composed(Film(root, brief.look.seconds), unmovable(brief.prompt, scene.not_drawn), (FOOTAGE,))


def unmovable(prompt: str, not_read: tuple[str, ...]) -> tuple[str, ...]:
    """Words that a picture cannot follow: its people do not begin to dance."""
    ours = {"weather", "camera", "hour", "style", "break", "quiet", "then", "count", "colour", "unseen"}
    words = [
        token.text
        for token in tokens(prompt)
        if token.meanings and not ours & {meaning.role for meaning in token.meanings}
    ]
    return tuple(dict.fromkeys(word for word in (*not_read, *words) if simplified(word) not in asking_words()))

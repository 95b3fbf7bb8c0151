"""Re-cuts: a part of a clip, continued before its beginning, after its end, or both."""

from engine.renderers.animatic.composing import STANDS_STILL, Composed, in_style, stretch
from engine.renderers.animatic.film import Film, Reel, leaves, moved
from engine.renderers.animatic.remixing import change_of
from engine.renderers.animatic.storyboard import Station, filled_in
from engine.renderers.base import RenderOrder

_SOON = 1.5  # seconds


def recut(order: RenderOrder) -> Composed:
    """What was there is shown as it was, frame by frame; the world simply goes on, unless words say what happens."""
    brief = order.brief
    part = stretch(order.sources[0], brief.sources[0], seconds=brief.look.seconds, seed=order.seed)
    root = in_style(moved(part.root, brief.before), brief.look.style)
    notes = part.notes
    if (brief.before or brief.after) and any(isinstance(leaf, Reel) for leaf in leaves(root)):
        notes = (*notes, STANDS_STILL)
    if not brief.prompt:
        return Composed(Film(root, brief.look.seconds), (), notes)
    kept = Station(at=brief.before, until=brief.before + part.seconds, root=root)
    change = change_of(brief.prompt, brief.look.style)
    if brief.after:
        # the words come true shortly after the part that was there
        said = Station(at=kept.until + min(brief.after / 2, _SOON), spoken=change)
        stations = [kept, said]
    else:
        stations = [Station(at=0.0, spoken=change), kept]
    told = filled_in(stations, brief.look.seconds, order.seed)
    return Composed(Film(told.root, brief.look.seconds), (*change.not_drawn, *told.not_drawn), (*notes, *told.notes))

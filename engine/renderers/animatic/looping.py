"""Loops: a film whose end goes over into its beginning."""

from engine.renderers.animatic.composing import Composed, in_style, stretch
from engine.renderers.animatic.film import Film, Ring
from engine.renderers.base import RenderOrder

NORMAL_JOIN = 2.0  # seconds


def loop(order: RenderOrder) -> Composed:
    """As long as is asked for; the join takes at most half of it."""
    brief = order.brief
    part = stretch(order.sources[0], brief.sources[0], seconds=brief.look.seconds, seed=order.seed)
    join = min(float(brief.join or NORMAL_JOIN), brief.look.seconds / 2)
    ring = Ring(in_style(part.root, brief.look.style), brief.look.seconds, join)
    return Composed(Film(ring, brief.look.seconds), (), part.notes)

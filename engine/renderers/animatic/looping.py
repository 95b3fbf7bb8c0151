"""Loops: a film whose end goes over into its beginning."""

from dataclasses import replace

from engine.renderers.animatic.carrying import CARRIED, DISSOLVED, carries, is_footage
from engine.renderers.animatic.composing import Composed, in_style, stretch
from engine.renderers.animatic.film import Film, Ring
from engine.renderers.base import RenderOrder

NORMAL_JOIN = 2.0  # seconds


def loop(order: RenderOrder) -> Composed:
    """As long as is asked for; the join takes at most half of it."""
    brief = order.brief
    part = stretch(order.sources[0], brief.sources[0], seconds=brief.look.seconds, seed=order.seed)
    join = min(float(brief.join or NORMAL_JOIN), brief.look.seconds / 2)
    seconds = brief.look.seconds
    ring = Ring(in_style(part.root, brief.look.style), seconds, join)
    notes = part.notes
    if is_footage(ring):
        moments = [(seconds - join * left, -join * left) for left in (0.75, 0.5, 0.25)]
        ring = replace(ring, carried=carries(ring.of, ring.of, moments, order))
        notes = (*notes, CARRIED if ring.carried else DISSOLVED)
    return Composed(Film(ring, seconds), (), notes)

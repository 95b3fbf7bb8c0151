"""Views: the same scene, at the same moments, from several cameras. Each camera is a take of its own."""

from dataclasses import replace

from engine.renderers.animatic.composing import Composed, create, in_style, stretch
from engine.renderers.animatic.directing import set_stage
from engine.renderers.animatic.film import Aim, Film, Node, Picture, Reel, Shot, changed, leaves
from engine.renderers.base import RenderOrder

_BESIDE = 0.34  # stage units that a camera stands to the side
_CLOSE, _HALF_CLOSE = 1.62, 1.28


def view(order: RenderOrder) -> Composed:
    """What the take's camera sees. The first one is the scene as it was composed."""
    brief = order.brief
    if not order.sources:
        made = create(replace(order, brief=brief))
        root, not_drawn, notes = made.film.root, made.not_drawn, made.notes
    else:
        part = stretch(order.sources[0], brief.sources[0], seconds=brief.look.seconds, seed=order.seed)
        root, not_drawn, notes = in_style(part.root, brief.look.style), (), part.notes
    width, height = order.size
    lead = _lead(root, width, height)

    def aimed(leaf: Shot | Reel | Picture) -> Node:
        own = leaf.aim or Aim()
        aim = cameras(lead)[order.number - 1]
        return replace(leaf, aim=Aim(own.x + aim.x, own.y + aim.y, own.zoom * aim.zoom))

    return Composed(Film(changed(root, aimed), brief.look.seconds), not_drawn, notes)


def cameras(lead: float) -> tuple[Aim, ...]:
    """Straight on, from the left, from the right, close up, and from above; `lead` is where the main subject stands."""
    return (
        Aim(),
        Aim(lead * 0.45 - _BESIDE, 0.0, _HALF_CLOSE),
        Aim(lead * 0.45 + _BESIDE, 0.0, _HALF_CLOSE),
        Aim(lead, 0.02, _CLOSE),
        Aim(lead * 0.3, -0.07, 1.12),
    )


def _lead(root: Node, width: int, height: int) -> float:
    """Where the first shot's main subject stands, found on a small stage."""
    shot = next((leaf for leaf in leaves(root) if isinstance(leaf, Shot)), None)
    if shot is None:
        return 0.0
    small = set_stage(shot.scene, width // 4 * 2, height // 4 * 2, shot.seconds, shot.seed, place_seed=shot.place_seed)
    try:
        return small.stage.reserved[0]
    finally:
        small.stage.canvas.close()

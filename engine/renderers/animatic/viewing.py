"""Views: the same scene, at the same moments, from several cameras. Each camera is a take of its own."""

from dataclasses import replace

from engine.renderers.animatic.composing import Composed, create, in_style, stretch
from engine.renderers.animatic.directing import set_stage
from engine.renderers.animatic.film import Aim, Film, Node, Picture, Reel, Shot, changed, leaves
from engine.renderers.base import RenderOrder

_BESIDE = 0.3  # stage units that a camera stands to the side
_BESIDE_NEARER, _CLOSE = 1.28, 1.62
_FILLED = 0.9  # of the frame's width, by the main subject


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
    aim = cameras(*_lead(root, width, height))[order.number - 1]

    def aimed(leaf: Shot | Reel | Picture) -> Node:
        own = leaf.aim or Aim()
        return replace(leaf, aim=Aim(own.x + aim.x, own.y + aim.y, own.zoom * aim.zoom))

    return Composed(Film(changed(root, aimed), brief.look.seconds), not_drawn, notes)


def cameras(lead: float, room: float) -> tuple[Aim, ...]:
    """Straight on, from the left, from the right, close up, and from above. `lead` is where the main subject stands,
    `room` how much nearer a camera can come before the subject fills the frame."""
    beside = min(room, _BESIDE_NEARER)
    return (
        Aim(),
        Aim(lead * 0.5 - _BESIDE / beside, 0.0, beside),
        Aim(lead * 0.5 + _BESIDE / beside, 0.0, beside),
        Aim(lead, 0.02, min(room, _CLOSE)),
        Aim(lead * 0.5, -0.08, min(room, 1.14)),
    )


def _lead(root: Node, width: int, height: int) -> tuple[float, float]:
    """Of the first shot's main subject, found on a small stage."""
    shot = next((leaf for leaf in leaves(root) if isinstance(leaf, Shot)), None)
    if shot is None:
        return 0.0, _CLOSE
    small = set_stage(shot.scene, width // 4 * 2, height // 4 * 2, shot.seconds, shot.seed, place_seed=shot.place_seed)
    try:
        middle, wide = small.lead
        return middle, max(1.08, small.stage.frame.half * 2 * _FILLED / max(wide, 0.1))
    finally:
        small.stage.canvas.close()

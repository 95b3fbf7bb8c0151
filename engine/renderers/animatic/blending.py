"""Blends: two clips at once, the second's share following a curve."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.brief import Blend, BlendMode
from engine.renderers.animatic.carrying import CARRIED, DISSOLVED, carries, is_footage
from engine.renderers.animatic.composing import Composed, in_style, stretch
from engine.renderers.animatic.film import Curve, Film, Mixed, Node, Picture, Reel, Tone, changed, leaves, moved, smooth
from engine.renderers.animatic.playing import Theatre
from engine.renderers.base import RenderOrder

_SAMPLE = 0.72  # the most that is seen of the second in the middle
_MATCHED = 0.5  # how far the colours of pixels are brought to those of the other clip


def blend(order: RenderOrder) -> Composed:
    """It begins as the first begins; a transition ends as the second ends."""
    brief = order.brief
    seconds = brief.look.seconds
    first, second = (
        stretch(file, wanted, seconds=seconds, seed=order.seed)
        for file, wanted in zip(order.sources, brief.sources, strict=True)
    )
    asked = brief.blend or Blend()
    a, b = first.root, second.root
    match asked.mode:
        case BlendMode.TRANSITION:
            b = moved(b, seconds - second.seconds)  # its last moment is the last of all
        case BlendMode.SAMPLE:
            b = moved(b, (seconds - second.seconds) / 2)
            b = _matched(b, a, order)
        case BlendMode.MIX:
            b = _matched(b, a, order)
        case BlendMode.CUSTOM:
            pass
    root = Mixed(in_style(a, brief.look.style), in_style(b, brief.look.style), curve_of(asked, seconds, order.fps))
    notes = (*first.notes, *second.notes)
    if asked.mode is BlendMode.TRANSITION and is_footage(root):
        moments = [(seconds * at, seconds * at) for at in (0.3, 0.5, 0.7)]
        root = replace(root, carried=carries(root.first, root.second, moments, order))
        notes = (*notes, CARRIED if root.carried else DISSOLVED)
    return Composed(Film(root, seconds), (), tuple(dict.fromkeys(notes)))


def curve_of(asked: Blend, seconds: float, fps: int) -> Curve:
    """Shares of the second clip by seconds; at the last frame a transition has arrived."""
    last = max(seconds - 1 / fps, 1 / fps)
    match asked.mode:
        case BlendMode.TRANSITION:
            return smooth(0.0, last)
        case BlendMode.MIX:
            return ((0.0, 0.5),)
        case BlendMode.SAMPLE:
            up = [(at * last / 2, share * _SAMPLE) for at, share in smooth(0.0, 1.0)]
            down = [(last - at, share) for at, share in reversed(up[:-1])]
            return (*up, *down)
        case BlendMode.CUSTOM:
            return tuple((at * last, share) for at, share in asked.curve)


def _matched(node: Node, other: Node, order: RenderOrder) -> Node:
    """Pixels in colours nearer to those of the other clip. A drawn scene keeps its own."""
    if all(not isinstance(leaf, Reel | Picture) for leaf in leaves(node)):
        return node
    own, aim = _statistics(node, order), _statistics(other, order)
    gain = 1 + (np.clip(aim[1] / np.maximum(own[1], 1.0), 0.5, 2.0) - 1) * _MATCHED
    offset = (own[0] + (aim[0] - own[0]) * _MATCHED) - own[0] * gain
    red, green, blue = (float(value) for value in gain)
    r, g, b = (float(value) for value in offset)
    tone = Tone((red, 0.0, 0.0), (0.0, green, 0.0), (0.0, 0.0, blue), (r, g, b))

    def toned(leaf: object) -> Node:
        if isinstance(leaf, Reel | Picture) and leaf.tone is None:
            return replace(leaf, tone=tone)
        return leaf  # type: ignore[return-value]

    return changed(node, toned)


def _statistics(node: Node, order: RenderOrder) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and spread of red, green and blue in a small picture from its beginning."""
    width, height = order.size
    small = Theatre(max(64, width // 8 * 2), max(64, height // 8 * 2), order.fps, order.file)
    for frame in small.frames(node, 1):
        seen = frame[..., 2::-1].reshape(-1, 3).astype(np.float64)
        return seen.mean(0), seen.std(0)
    raise AssertionError("a film has a first frame")

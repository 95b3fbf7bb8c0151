"""Shots: where a longer clip cuts, and how near the camera is in each. A scene, a length and a seed in, a list out."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from engine.renderers.animatic.camera import framing_of
from engine.renderers.animatic.graph import Scene

ONE_SHOT = 11.0  # seconds that a single shot carries
_PACE = 6.0  # a shot's usual length after that
_SHORTEST = 3.5

# What follows what: first where we are, then who it is about, then nearer, and back.
_ORDER = ("wide", "medium", "close", "low", "medium", "high", "close", "wide", "medium", "low")
_MOVES = {
    "wide": ("drift", "track right", "track left", "push"),
    "medium": ("drift", "push", "orbit"),
    "close": ("drift", "handheld", "push"),
    "low": ("drift", "track left", "track right"),
    "high": ("pull", "crane down", "drift"),
}


@dataclass(frozen=True)
class Shot:
    """From `start` to `end`, in seconds of the clip."""

    start: float
    end: float
    camera: str
    framing: str
    number: int = 0


def plan(scene: Scene, seconds: float, seed: int, fps: int = 24) -> tuple[Shot, ...]:
    """One shot, or several where the length asks for them. Cuts fall on frames. A camera that was told what to do does
    it in every shot; a framing that was asked for comes back in every third."""
    asked = framing_of(scene.camera, scene.framing)
    if seconds <= ONE_SHOT:
        return (Shot(0.0, seconds, scene.camera, asked),)
    rng = np.random.default_rng([seed & 0xFFFFFFFF, 0x73686F74])
    cuts = _cuts(scene, seconds, rng, fps)
    told = scene.camera not in ("drift", "wide", "close", "macro", "low", "high", "aerial")
    free = asked == "medium"
    shots = []
    for number, (start, end) in enumerate(pairwise(cuts)):
        framing = _ORDER[number % len(_ORDER)]
        if not free and number % 3 == 0:
            framing = asked
        move = (
            scene.camera
            if told
            else _MOVES[framing][int(rng.integers(len(_MOVES[framing])))]
            if framing in _MOVES
            else "drift"
        )
        shots.append(Shot(start, end, move, framing, number))
    return tuple(shots)


def _cuts(scene: Scene, seconds: float, rng: np.random.Generator, fps: int) -> list[float]:
    """Shots of uneven lengths. What happens later in the scene is not cut away from as it begins."""
    count = max(2, round(seconds / _PACE))
    lengths = rng.uniform(0.75, 1.3, count)
    ends = np.cumsum(lengths) / lengths.sum() * seconds
    events = [seconds * s.enters for s in scene.subjects if s.enters]
    events += [seconds * 0.5 for s in scene.subjects if s.later]
    cuts = [0.0]
    for end in ends[:-1]:
        at = float(end)
        for event in events:
            if abs(at - event) < 1.6:
                at = event - 1.6 if at < event else event + 1.6
        at = round(at * fps) / fps
        if at - cuts[-1] >= _SHORTEST and seconds - at >= _SHORTEST:
            cuts.append(at)
    return [*cuts, seconds]

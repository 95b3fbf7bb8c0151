"""Several shots of one scene: where a longer clip cuts, and how near the camera is in each."""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from engine.renderers.animatic.camera import FRAMINGS, framing_of
from engine.renderers.animatic.film import Cut, Node, Shot
from engine.renderers.animatic.graph import Scene

ONE_SHOT = 11.0  # seconds that a single shot carries
SHORTEST = 3.5
_PACE = 6.0  # a shot's usual length after that
_BEFORE_EVENT = 1.6  # what happens later in the scene is not cut away from as it begins

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
class Span:
    """From `start` to `end`, in seconds of the clip, the scene as this shot's camera sees it."""

    start: float
    end: float
    scene: Scene


def filmed(scene: Scene, seed: int, seconds: float, fps: int = 24) -> Node:
    """The scene as a film of its shots."""
    spans = plan(scene, seconds, seed, fps)
    if len(spans) == 1:
        return Shot(scene, seed, seconds)
    shots = (Shot(span.scene, seed, seconds, window=(span.start, span.end)) for span in spans)
    return Cut(tuple((span.end, shot) for span, shot in zip(spans, shots, strict=True)))


def plan(scene: Scene, seconds: float, seed: int, fps: int = 24) -> tuple[Span, ...]:
    """One shot, or several where the length asks for them. Cuts fall on frames. A camera that was told what to do does
    it in every shot; a framing that was asked for comes back in every third."""
    if seconds <= ONE_SHOT:
        return (Span(0.0, seconds, scene),)
    asked = framing_of(scene.camera, scene.framing)
    rng = np.random.default_rng([seed & 0xFFFFFFFF, 0x73686F74])
    told = scene.camera != "drift" and scene.camera not in FRAMINGS
    spans = []
    for number, (start, end) in enumerate(pairwise(_cuts(scene, seconds, rng, fps))):
        framing = _ORDER[number % len(_ORDER)]
        if asked != "medium" and number % 3 == 0:
            framing = asked
        ways = _MOVES.get(framing, ("drift",))
        move = scene.camera if told else ways[int(rng.integers(len(ways)))]
        spans.append(Span(start, end, replace(scene, camera=move, framing=framing)))
    return tuple(spans)


def _cuts(scene: Scene, seconds: float, rng: np.random.Generator, fps: int) -> list[float]:
    """Shots of uneven lengths."""
    count = max(2, round(seconds / _PACE))
    lengths = rng.uniform(0.75, 1.3, count)
    ends = np.cumsum(lengths) / lengths.sum() * seconds
    events = [seconds * s.enters for s in scene.subjects if s.enters]
    events += [seconds * 0.5 for s in scene.subjects if s.later]
    cuts = [0.0]
    for end in ends[:-1]:
        at = float(end)
        for event in events:
            if abs(at - event) < _BEFORE_EVENT:
                at = event - _BEFORE_EVENT if at < event else event + _BEFORE_EVENT
        at = round(at * fps) / fps
        if at - cuts[-1] >= SHORTEST and seconds - at >= SHORTEST:
            cuts.append(at)
    return [*cuts, seconds]

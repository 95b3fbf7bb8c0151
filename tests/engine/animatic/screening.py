"""Scenes on a screen: any moments of a scene's film as frames."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.brief import FRAMES_PER_SECOND
from engine.footage import Pixels
from engine.renderers.animatic.graph import Scene
from engine.renderers.animatic.playing import Theatre
from engine.renderers.animatic.shots import filmed


def screened(
    scene: Scene, moments: Iterable[float], size: tuple[int, int], seconds: float = 5.0, seed: int = 3
) -> Iterator[Pixels]:
    """Each frame is good until the next one is asked for."""
    theatre = Theatre(*size, FRAMES_PER_SECOND, Path)
    root = filmed(scene, seed, seconds, FRAMES_PER_SECOND)
    return theatre.show(root, [round(t * FRAMES_PER_SECOND) for t in moments])

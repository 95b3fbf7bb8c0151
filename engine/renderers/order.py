"""What a renderer is asked for: one take of a brief, with what it is made from. Light: bots may import it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.brief import FRAMES_PER_SECOND, Brief


@dataclass(frozen=True)
class SourceFile:
    """A clip or an upload that the brief names, in the brief's order: its file, and how it was drawn if that is known.

    `film` is what a renderer kept of its own clip (`Rendering.film`), for renderers that can draw from it again.
    """

    path: Path
    sha256: str
    media_type: str
    seconds: float  # of a still: 0
    film: Mapping[str, Any] | None = None
    said: str = ""  # of a clip: the words that it was made from

    @property
    def is_still(self) -> bool:
        return self.media_type.startswith("image/")


def _no_file(sha256: str) -> Path:
    raise FileNotFoundError(sha256)


@dataclass(frozen=True)
class RenderOrder:
    """One take to draw: the brief, which of its takes, the take's own seed, and its sources on this machine."""

    brief: Brief
    seed: int
    number: int = 1
    sources: tuple[SourceFile, ...] = ()
    file: Callable[[str], Path] = _no_file  # where the file of a hash lies, for what films show besides the sources
    fps: int = FRAMES_PER_SECOND

    @property
    def size(self) -> tuple[int, int]:
        return self.brief.look.size

    @property
    def count(self) -> int:
        return max(1, round(self.brief.look.seconds * self.fps))

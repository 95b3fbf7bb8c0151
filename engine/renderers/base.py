"""What every renderer is: something that turns an order into footage.

Renderers run in a worker process, never in the event loop. They know briefs and footage, and nothing of jobs,
members, verdicts or marks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from engine.brief import Brief
from engine.footage import FRAMES_PER_SECOND, Footage


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


@dataclass(frozen=True)
class Model:
    """The trained weights behind a picture, for the manifest. The animatic has none."""

    name: str
    version: str
    licence: str


@dataclass(frozen=True)
class Rendering:
    """Footage, with what the maker has to be honest about: the words that could not be drawn, and how sources were
    used (`notes`: names of sentences in bots/wording). `film` is kept with the clip for what is made from it."""

    footage: Footage
    not_drawn: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    model: Model | None = None
    film: Mapping[str, Any] | None = None


class Renderer(Protocol):
    @property
    def name(self) -> str:
        """The word a member may choose it by: animatic, diffusion, remote."""

    @property
    def version(self) -> str:
        """Changes whenever the same order would give another picture."""

    @property
    def is_draft(self) -> bool:
        """True for the animatic: bots call its clips drafts (promise 5)."""

    @property
    def trained(self) -> bool:
        """True when a trained model made the picture: decides the manifest's digitalSourceType."""

    def draw(self, order: RenderOrder) -> Rendering:
        """Start drawing. Frames are made as the footage is read."""

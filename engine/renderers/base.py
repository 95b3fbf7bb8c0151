"""What every renderer is: something that turns an order into footage.

Renderers run in a worker process, never in the event loop. They know briefs and footage, and nothing of jobs,
members, verdicts or marks.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from engine.brief import Brief
from engine.footage import FRAMES_PER_SECOND, Footage


@dataclass(frozen=True)
class RenderOrder:
    """One take to draw: the brief, the take's own seed, and where its sources lie on this machine."""

    brief: Brief
    seed: int
    sources: tuple[Path, ...] = ()
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
    """Footage, with what the maker has to be honest about: the words that could not be drawn."""

    footage: Footage
    not_drawn: tuple[str, ...] = ()
    model: Model | None = None


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

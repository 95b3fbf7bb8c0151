"""What every renderer is: something that turns an order into footage.

Renderers run in a worker process, never in the event loop. They know briefs and footage, and nothing of jobs,
members, verdicts or marks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from engine.footage import Footage
from engine.renderers.order import RenderOrder as RenderOrder
from engine.renderers.order import SourceFile as SourceFile


class CalledOff(Exception):
    """The take was called off while its frames were being made. Whoever stops knows why."""


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

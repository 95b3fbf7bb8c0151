"""What every figure is: named parts in drawing order, and a pose for every moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from engine.renderers.animatic.geometry import Matrix, Path

Pose = Mapping[str, Matrix | Path]


@dataclass(frozen=True)
class Motion:
    """One moment of a figure: seconds since the start, and what it is doing."""

    t: float
    action: str
    phase: float = 0.0  # 0 to 1: so that a herd does not march in step
    progress: float = 0.0  # 0 to 1 over the clip
    wind: float = 0.0


@dataclass(frozen=True)
class Part:
    """A piece of the cut-out. A rigid part has its outline here and is placed by a matrix; a flexible one is drawn anew
    at every pose. `coat` names a colour of the figure; `shade` makes it lighter or darker than that. An `inner` part
    lies within the figure's outline, or hardly passes it: shadow, rim and reflection do without it."""

    name: str
    coat: str
    path: Path | None = None
    shade: float = 0.0
    glow: bool = False  # gives light rather than takes it: lit windows, lamps, flames
    inner: bool = False
    fade: tuple[float, float, float] | None = None  # from y, to y: darker by that much at the second


class Design(Protocol):
    @property
    def parts(self) -> tuple[Part, ...]: ...

    @property
    def coats(self) -> Mapping[str, str]:
        """Colours by coat, as names of lexicon/colours.toml or "#rrggbb"; "main" is what a named colour replaces."""

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height at rest."""

    def does(self, action: str) -> bool:
        """Whether it can be seen doing this."""

    def seat(self) -> tuple[float, float]:
        """Where somebody sits or stands on it, in its own units."""

    def speed(self, action: str) -> float:
        """Own units a second over the ground."""

    def pose(self, motion: Motion) -> Pose: ...


@dataclass(frozen=True)
class Glow:
    """Light that a figure gives: where in its own units, how far it reaches, its coat."""

    x: float
    y: float
    radius: float
    coat: str
    strength: float = 0.7


@dataclass(frozen=True)
class Limb:
    """Where a two-boned limb's joint lies, given both ends."""

    upper: float
    lower: float
    bend: float = field(default=1.0)

    def joint(self, x1: float, y1: float, x2: float, y2: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """The middle joint, and the end, drawn in when it is out of reach."""
        dx, dy = x2 - x1, y2 - y1
        distance = max(1e-6, (dx * dx + dy * dy) ** 0.5)
        reach = (self.upper + self.lower) * 0.999
        if distance > reach:
            x2, y2 = x1 + dx / distance * reach, y1 + dy / distance * reach
            dx, dy, distance = x2 - x1, y2 - y1, reach
        along = (self.upper**2 - self.lower**2 + distance**2) / (2 * distance)
        aside = max(0.0, self.upper**2 - along**2) ** 0.5 * self.bend
        return (
            x1 + dx / distance * along - dy / distance * aside,
            y1 + dy / distance * along + dx / distance * aside,
        ), (
            x2,
            y2,
        )

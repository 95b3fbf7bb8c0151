"""The scene graph: what a prompt asks to see, with nothing yet about pixels. Frozen, so that it can be kept and
compared."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """Somebody or something in the picture; `kind` is an entry of lexicon/subjects.toml."""

    kind: str
    count: int = 1
    colour: str | None = None
    parts: tuple[tuple[str, str], ...] = ()  # a part's own colour: ("tail", "yellow")
    size: float = 1.0
    carries: tuple[str, ...] = ()  # what a person holds: an umbrella
    action: str | None = None
    side: str | None = None  # left, right, centre: where in the frame
    heading: str | None = None  # left, right: where it is going
    enters: float = 0.0  # the share of the clip after which it appears ("until", "then")
    behind: bool = False  # stands behind the next subject
    later: str | None = None  # what it does after that share ("then")


@dataclass(frozen=True)
class Scene:
    setting: str
    hour: str
    weather: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    camera: str = "drift"
    style: str = "cutout"
    not_drawn: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cue:
    """From this moment of a shot on (in seconds, of its own time), a kind of subject does something else."""

    at: float
    subject: str
    action: str

"""The scene graph: what a prompt asks to see, with nothing yet about pixels. Frozen, so that it can be kept and
compared."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


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
    on: int | None = None  # sits or stands on this one of the scene's subjects


@dataclass(frozen=True)
class Scene:
    setting: str
    hour: str
    weather: tuple[str, ...] = ()
    subjects: tuple[Subject, ...] = ()
    camera: str = "drift"
    style: str = "cutout"
    not_drawn: tuple[str, ...] = ()
    framing: str = ""  # how near the camera is: wide, close, low...; empty where the prompt names none beside a move
    mood: str = ""  # what it feels like: cheerful, ominous...; it tones the light


def seated_again(
    subjects: Iterable[Subject], scenes: Iterable[Scene], successor: tuple[str, str] | None = None
) -> tuple[Subject, ...]:
    """Subjects out of several scenes as those of one: whoever sat on something there sits on it here, or on what came
    in its place (`successor`: the old kind and the new), and stands where it is no longer there."""
    became = dict([successor]) if successor else {}
    mounts = {
        became.get(subject.kind, subject.kind): became.get(mount, mount)
        for scene in scenes
        for subject in scene.subjects
        if subject.on is not None and subject.on < len(scene.subjects)
        for mount in [scene.subjects[subject.on].kind]
    }
    here = tuple(subjects)
    kinds = [subject.kind for subject in here]

    def seated(subject: Subject) -> Subject:
        mount = mounts.get(subject.kind)
        if mount in kinds and mount != subject.kind:
            return replace(subject, on=kinds.index(mount))
        rode = subject.on is not None and subject.action == "ride"
        return replace(subject, on=None, action=None if rode else subject.action)

    return tuple(map(seated, here))


@dataclass(frozen=True)
class Cue:
    """From this moment of a shot on (in seconds, of its own time), a kind of subject does something else."""

    at: float
    subject: str
    action: str

"""A film: all that is needed to draw a clip again, at any size and from any camera, as a tree of plain data.

Shots are drawn from scenes; reels and pictures are pixels that somebody brought or another renderer made; the other
nodes say how these follow one another and mix. It is kept with the clip as versioned JSON: what is made from the clip
is then made from its scenes and not from its pixels, and stays sharp however often that is done.

Times are seconds of the node's own time: a film begins at 0, and what lies before or after is there as well, since
a shot has no first and no last moment.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Annotated, Any, Final, Literal

from pydantic import Field, TypeAdapter, ValidationError

from engine.renderers.animatic.graph import Cue, Scene

VERSION: Final = 1
SHOTS_LIMIT: Final = 48  # of one film: what is made from more is made from the clip's pixels instead
_DEPTH_LIMIT: Final = 60

Curve = tuple[tuple[float, float], ...]  # (seconds, share of the second), ascending; straight between the points


@dataclass(frozen=True)
class Aim:
    """A camera of its own: moved sideways and up or down in stage units, and nearer or farther."""

    x: float = 0.0
    y: float = 0.0
    zoom: float = 1.0


@dataclass(frozen=True)
class Tone:
    """Other colours for pixels: what red, green and blue are made of, and what is added to each."""

    red: tuple[float, float, float]
    green: tuple[float, float, float]
    blue: tuple[float, float, float]
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Shot:
    """A drawn scene. Its entrances run over `seconds`, and so does its camera unless it has a `window` of them, as
    where a clip cuts from one to the next; before and after, it goes on as it is."""

    scene: Scene
    seed: int
    seconds: float
    place_seed: int | None = None
    cues: tuple[Cue, ...] = ()
    aim: Aim | None = None
    window: tuple[float, float] | None = None
    kind: Literal["shot"] = "shot"


@dataclass(frozen=True)
class Reel:
    """A moving picture out of a file, with weather of ours before it. Before its first frame and after its last, these
    hold."""

    sha256: str
    seconds: float
    seed: int = 0
    weather: tuple[str, ...] = ()
    style: str = "cutout"
    aim: Aim | None = None
    tone: Tone | None = None
    kind: Literal["reel"] = "reel"


@dataclass(frozen=True)
class Picture:
    """A still out of a file, in layers that move apart under the camera, with weather of ours before it."""

    sha256: str
    seconds: float
    seed: int
    camera: str = "drift"
    weather: tuple[str, ...] = ()
    style: str = "cutout"
    aim: Aim | None = None
    tone: Tone | None = None
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True)
class Moved:
    """The same film, later: its 0 is at `by`."""

    of: "Node"
    by: float
    kind: Literal["moved"] = "moved"


@dataclass(frozen=True)
class Mixed:
    """Two at once, the second's share following the curve, which holds before its first point and after its last."""

    first: "Node"
    second: "Node"
    curve: Curve
    carried: bool = False  # what moves from the one to the other is drawn on its way; else they are dissolved
    kind: Literal["mixed"] = "mixed"


@dataclass(frozen=True)
class Cut:
    """One after another: each until its moment, the last one for ever."""

    pieces: "tuple[tuple[float, Node], ...]"
    kind: Literal["cut"] = "cut"


@dataclass(frozen=True)
class Ring:
    """Comes round after `seconds`: during the last `join` seconds it goes over into what lies before its beginning."""

    of: "Node"
    seconds: float
    join: float
    carried: bool = False  # see Mixed
    kind: Literal["ring"] = "ring"


Node = Annotated[Shot | Reel | Picture | Moved | Mixed | Cut | Ring, Field(discriminator="kind")]


@dataclass(frozen=True)
class Film:
    root: Node
    seconds: float
    version: int = VERSION

    def as_json(self) -> dict[str, Any]:
        kept: dict[str, Any] = _FILMS.dump_python(self, mode="json", exclude_defaults=False)
        return kept


_FILMS: Final = TypeAdapter(Film)


def film_from(kept: object) -> Film | None:
    """The film that was kept, or None where this version cannot draw it: then the clip's pixels have to do."""
    if not isinstance(kept, dict) or kept.get("version") != VERSION:
        return None
    try:
        film = _FILMS.validate_python(kept)
    except (ValidationError, RecursionError):
        return None
    return film if is_drawable(film.root) else None


def is_drawable(node: Node) -> bool:
    """Whether it is not so large that drawing it would take for ever: a blend of blends of blends grows. And whether
    all of it is known here: a film may be younger than this version, or older than a word that was given up."""
    if _depth(node) > _DEPTH_LIMIT:
        return False
    shown = list(leaves(node))
    return len(shown) <= SHOTS_LIMIT and all(_is_known(leaf.scene) for leaf in shown if isinstance(leaf, Shot))


def _is_known(scene: Scene) -> bool:
    from engine.renderers.animatic.figures.catalogue import kinds
    from engine.renderers.animatic.settings.catalogue import SETTINGS

    count = len(scene.subjects)
    return scene.setting in SETTINGS and all(
        subject.kind in kinds() and (subject.on is None or 0 <= subject.on < count) for subject in scene.subjects
    )


def children(node: Node) -> tuple[Node, ...]:
    match node:
        case Moved() | Ring():
            return (node.of,)
        case Mixed():
            return (node.first, node.second)
        case Cut():
            return tuple(piece for _, piece in node.pieces)
    return ()


def leaves(node: Node) -> Iterator[Shot | Reel | Picture]:
    """Everything that makes pixels, in the order of the tree."""
    if isinstance(node, Shot | Reel | Picture):
        yield node
    for child in children(node):
        yield from leaves(child)


def _depth(node: Node) -> int:
    return 1 + max(map(_depth, children(node)), default=0)


def changed(node: Node, change: Callable[[Shot | Reel | Picture], Node]) -> Node:
    """The same film with every shot, reel and picture exchanged for what `change` makes of it."""
    match node:
        case Shot() | Reel() | Picture():
            return change(node)
        case Moved() | Ring():
            return replace(node, of=changed(node.of, change))
        case Mixed():
            return replace(node, first=changed(node.first, change), second=changed(node.second, change))
        case Cut():
            return replace(node, pieces=tuple((until, changed(piece, change)) for until, piece in node.pieces))


def moved(node: Node, by: float) -> Node:
    """Later by so many seconds, without piling shift on shift."""
    if isinstance(node, Moved):
        return moved(node.of, node.by + by)
    return Moved(node, by) if by else node


def files_of(node: Node) -> frozenset[str]:
    """The files that the film shows pixels of, by their hashes."""
    return frozenset(leaf.sha256 for leaf in leaves(node) if isinstance(leaf, Reel | Picture))


def shares(curve: Curve, at: float) -> float:
    """How much of the second there is at a moment."""
    if not curve or at <= curve[0][0]:
        return curve[0][1] if curve else 0.0
    for (start, low), (end, high) in pairwise(curve):
        if at < end:
            return low + (high - low) * (at - start) / (end - start)
    return curve[-1][1]


def smooth(start: float, end: float, steps: int = 24) -> Curve:
    """From nothing to everything, slow in and slow out."""
    if end <= start:
        return ((start, 0.0), (start, 1.0))
    along = [step / steps for step in range(steps + 1)]
    return tuple((start + (end - start) * t, t * t * (3 - 2 * t)) for t in along)

"""From an order to a film: each operation in a file of its own, chosen here."""

from dataclasses import dataclass, replace
from typing import Final

from engine.brief import Operation, Source
from engine.renderers.animatic.film import Film, Node, Picture, Reel, Shot, film_from, moved
from engine.renderers.animatic.reading import read
from engine.renderers.animatic.shots import filmed
from engine.renderers.base import RenderOrder, SourceFile

# How a source was used, or what could not be done with it: names of sentences in bots/wording.
FOOTAGE: Final = "footage"  # its pixels were taken, since nobody knows its scene
STANDS_STILL: Final = "stands_still"  # there is no more of it, so it stands while the camera creeps nearer
COLOURS_ONLY: Final = "colours_only"  # of pixels only the colours and the weather can be changed
CUT: Final = "cut"  # two cards lie so close together that a cut lies between them


@dataclass(frozen=True)
class Composed:
    film: Film
    not_drawn: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stretch:
    """The part of a source that is used: its film, moved so that the part begins at 0, and how long that is."""

    root: Node
    seconds: float
    notes: tuple[str, ...]

    @property
    def is_footage(self) -> bool:
        return FOOTAGE in self.notes


def compose(order: RenderOrder) -> Composed:
    """The film that the brief asks for."""
    from engine.renderers.animatic import animating, blending, looping, recutting, remixing, storyboard, viewing

    match order.brief.operation:
        case Operation.CREATE:
            return create(order)
        case Operation.ANIMATE:
            return animating.animate(order)
        case Operation.STORYBOARD:
            return storyboard.tell(order)
        case Operation.REMIX:
            return remixing.remix(order)
        case Operation.RECUT:
            return recutting.recut(order)
        case Operation.BLEND:
            return blending.blend(order)
        case Operation.LOOP:
            return looping.loop(order)
        case Operation.VIEWS:
            return viewing.view(order)


def create(order: RenderOrder) -> Composed:
    scene = read(order.brief.prompt, order.brief.look.style)
    seconds = order.brief.look.seconds
    return Composed(Film(filmed(scene, order.seed, seconds, order.fps), seconds), scene.not_drawn)


def stretch(source: SourceFile, wanted: Source, *, seconds: float, seed: int) -> Stretch:
    """What the brief uses of a source. A still is as long as it is wanted to be."""
    film = film_from(source.film)
    if film is not None:
        root, length, notes = film.root, film.seconds, _notes_of(film.root)
    elif source.is_still:
        root, length, notes = Picture(source.sha256, seconds, seed), seconds, (FOOTAGE,)
    else:
        root, length, notes = Reel(source.sha256, source.seconds, seed), source.seconds, (FOOTAGE,)
    end = length if wanted.end is None else min(wanted.end, length)
    start = min(wanted.start, end)
    return Stretch(moved(root, -start), max(end - start, 0.0), notes)


def _notes_of(root: Node) -> tuple[str, ...]:
    from engine.renderers.animatic.film import leaves

    return (FOOTAGE,) if any(not isinstance(leaf, Shot) for leaf in leaves(root)) else ()


def in_style(node: Node, style: str | None) -> Node:
    """The same film in another look, where one is asked for beside the operation."""
    if not style:
        return node
    from engine.renderers.animatic.film import changed

    name = read("", style).style

    def dress(leaf: Shot | Reel | Picture) -> Node:
        if isinstance(leaf, Shot):
            return replace(leaf, scene=replace(leaf.scene, style=name))
        return replace(leaf, style=name)

    return changed(node, dress)

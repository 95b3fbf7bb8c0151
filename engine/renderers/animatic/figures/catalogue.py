"""All kinds of subjects by name: which figure draws them, how tall they stand, and where they live."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from engine.renderers.animatic.figures.animals import BEASTS
from engine.renderers.animatic.figures.beast import Beast, Build
from engine.renderers.animatic.figures.birds import FLIERS, Crane
from engine.renderers.animatic.figures.clothes import CLOTHES, clothed
from engine.renderers.animatic.figures.cut import Cut, cut
from engine.renderers.animatic.figures.design import Design
from engine.renderers.animatic.figures.fishes import FISHES, Fish
from engine.renderers.animatic.figures.fowl import FLYING, FOWL, Winged, bird
from engine.renderers.animatic.figures.gestures import gestures
from engine.renderers.animatic.figures.hoofed import HOOFED
from engine.renderers.animatic.figures.hunters import HUNTERS
from engine.renderers.animatic.figures.people import WEARABLE, Person, dressed, people
from engine.renderers.animatic.figures.things import MAKERS, Thing, cake
from engine.renderers.animatic.graph import Subject
from engine.renderers.animatic.palette import LEXICON

STAGE_LIMIT = 32  # figures in all


@dataclass(frozen=True)
class Kind:
    name: str
    figure: str = ""  # empty: drawn by the sky (moon, sun); left out in the lexicon: the figure of the same name
    height: float = 0.3  # in stage units, beside the others
    habitat: str = "ground"  # ground, water, air
    action: str = "stand"
    back: float = 0.0  # stands farther back by this share of the ground
    turns: bool = True  # may be mirrored
    alive: bool = True  # may be told to do something
    most: int = 12  # more of one kind would be a blot, and slow
    least: int = 1  # a couple are two
    takes_colour: tuple[str, ...] = ()  # coats besides "main" that a named colour covers
    setting: str = ""  # where it is at home, when the prompt names no place
    held: str = ""  # what a person has in the hand instead: lexicon/cuts/held.toml
    seats: bool = False  # people sit on it, whatever they do
    aloft: str = ""  # the kind that it is where it flies
    mixed: tuple[str, ...] = ()  # the figures of the others, where there are more than one
    vehicle: bool = False  # whoever is in it is on it, or is not seen
    words: tuple[str, ...] = ()
    near: tuple[str, ...] = ()  # words for something else, that is drawn as this and reported

    @property
    def person(self) -> bool:
        return self.figure in people()


@cache
def kinds() -> dict[str, Kind]:
    found = {}
    for file in sorted((LEXICON / "subjects").iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        book = tomllib.loads(file.read_text("utf-8"))
        usual = book.get("defaults", {})
        for name, entry in book["kinds"].items():
            values = {"figure": name, **usual, **entry}
            values = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
            found[name] = Kind(name=name, **values)
    return found


def kind_of(name: str) -> Kind:
    return kinds()[name]


_BUILDS: dict[str, Build] = {**BEASTS, **HOOFED, **HUNTERS}
_OTHERS: dict[str, Callable[[], Design]] = {"crane": Crane, **MAKERS}


def seats_openly(kind: Kind) -> bool:
    """Whether somebody on it would be seen."""
    design = design_of(kind.figure)
    if not kind.vehicle:
        return True
    return (isinstance(design, Cut) and design.deck is not None) or (
        isinstance(design, Thing) and design.top is not None
    )


@cache
def design_of(figure: str) -> Design:
    """The drawing of a figure; a person's name may be followed by what is held: "woman+umbrella"."""
    name, *tools = figure.split("+")
    if name in _BUILDS:
        return Beast(clothed(_BUILDS[name], tuple(tools)))
    if name in people():
        worn = [tool for tool in tools if tool in WEARABLE or tool.startswith("board ")]
        return Person(dressed(people()[name], worn), tuple(tool for tool in tools if tool not in worn))
    if name.startswith("cake "):
        return cake(int(name[5:]))
    if figure.endswith((" aloft", " afoot")):
        kept = bird(figure[:-6])
        assert isinstance(kept, Winged)
        return kept.aloft if figure.endswith(" aloft") else kept.ground
    if figure in FOWL or figure in FLIERS:
        return bird(figure)
    if figure in FISHES:
        return Fish(FISHES[figure])
    if figure in _OTHERS:
        return _OTHERS[figure]()
    return cut(figure)


_BOARDS = {"ski": "ski", "surf": "surf", "skateboard": "skate"}


def drawn_as(subject: Subject, index: int = 0) -> str:
    """The figure of a subject's one of many, with what it carries and wears and what its actions take."""
    known = kind_of(subject.kind)
    company = (known.figure, *known.mixed)
    figure = company[index % len(company)]
    if figure in FOWL and figure in FLIERS:
        # both drawings only where it takes off or lands: each hidden part costs as much as one that is seen
        aloft = {(act in FLYING) for act in (subject.action or kind_of(subject.kind).action, subject.later) if act}
        return figure if len(aloft) > 1 else f"{figure} aloft" if True in aloft else f"{figure} afoot"
    if figure == "cake" and subject.carries:
        return f"cake {len(subject.carries)}"
    if figure in _BUILDS:
        return "+".join((figure, *(part for part, _ in subject.parts if part in CLOTHES)))
    if figure not in people():
        return figure
    moves = gestures()
    tools = [moves[action].tool for action in (subject.action, subject.later) if action in moves]
    carried = [kind_of(kind).held for kind in subject.carries]
    worn = [part for part, _ in subject.parts if part in WEARABLE]
    worn += [f"board {_BOARDS[action]}" for action in (subject.action, subject.later) if action in _BOARDS]
    return "+".join(dict.fromkeys(part for part in (figure, *worn, *carried, *tools) if part))

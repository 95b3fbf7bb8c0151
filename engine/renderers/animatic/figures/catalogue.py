"""All kinds of subjects by name: which figure draws them, how tall they stand, and where they live."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from engine.renderers.animatic.figures.animals import BEASTS
from engine.renderers.animatic.figures.beast import Beast, Build
from engine.renderers.animatic.figures.birds import FLIERS, Crane
from engine.renderers.animatic.figures.cut import cut
from engine.renderers.animatic.figures.design import Design
from engine.renderers.animatic.figures.fishes import FISHES, Fish
from engine.renderers.animatic.figures.fowl import FOWL, bird
from engine.renderers.animatic.figures.hoofed import HOOFED
from engine.renderers.animatic.figures.hunters import HUNTERS
from engine.renderers.animatic.figures.people import Person, people
from engine.renderers.animatic.figures.things import MAKERS
from engine.renderers.animatic.palette import LEXICON

STAGE_LIMIT = 32  # figures in all


@dataclass(frozen=True)
class Kind:
    name: str
    figure: str = ""  # empty: drawn by the sky or the setting (moon, sun)
    height: float = 0.3  # in stage units, beside the others
    habitat: str = "ground"  # ground, water, air
    action: str = "stand"
    back: float = 0.0  # stands farther back by this share of the ground
    turns: bool = True  # may be mirrored
    alive: bool = True  # may be told to do something
    most: int = 12  # more of one kind would be a blot, and slow
    takes_colour: tuple[str, ...] = ()  # coats besides "main" that a named colour covers
    setting: str = ""  # where it is at home, when the prompt names no place
    words: tuple[str, ...] = ()


@cache
def kinds() -> dict[str, Kind]:
    book = tomllib.loads((LEXICON / "subjects.toml").read_text("utf-8"))
    found = {}
    for name, entry in book.items():
        entry = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
        found[name] = Kind(name=name, **entry)
    return found


def kind_of(name: str) -> Kind:
    return kinds()[name]


_BUILDS: dict[str, Build] = {**BEASTS, **HOOFED, **HUNTERS}
_OTHERS: dict[str, Callable[[], Design]] = {
    "crane": Crane,
    **MAKERS,
}


@cache
def design_of(figure: str) -> Design:
    if figure in _BUILDS:
        return Beast(_BUILDS[figure])
    name, *tools = figure.split("+")
    if name in people():
        return Person(people()[name], tuple(tools))
    if figure in FOWL or figure in FLIERS:
        return bird(figure)
    if figure in FISHES:
        return Fish(FISHES[figure])
    if figure in _OTHERS:
        return _OTHERS[figure]()
    return cut(figure)

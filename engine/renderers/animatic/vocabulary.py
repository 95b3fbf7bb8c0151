"""The words the animatic knows: lexicon/*.toml, with English plurals and verb forms derived, and Chinese in
simplified form."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from opencc import OpenCC  # type: ignore[import-untyped]

from engine.renderers.animatic.figures.catalogue import kinds
from engine.renderers.animatic.palette import LEXICON

_IRREGULAR: dict[str, tuple[str, ...]] = {
    "travel": ("travelling", "travelled"),
    "wolf": ("wolves",), "woman": ("women",), "man": ("men",), "child": ("children",), "person": ("people",),
    "goose": ("geese",), "run": ("ran", "running"), "swim": ("swam", "swimming"), "fly": ("flew", "flying"),
    "stand": ("stood",), "sit": ("sat", "sitting"), "drive": ("drove", "driving"), "ride": ("rode", "riding"),
    "eat": ("ate",), "drink": ("drank",), "leap": ("leapt",), "blow": ("blew",), "sleep": ("slept",), "spin":
    ("spun", "spinning"), "hop": ("hopping", "hopped"), "jog": ("jogging",), "sing": ("sang",), "tread":
    ("trod",), "nap": ("napping",), "step": ("stepping", "stepped"), "sheep": (), "deer": (),
}  # fmt: skip


@dataclass(frozen=True)
class Meaning:
    role: str
    value: str


def is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff"


@cache
def _converter() -> Any:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """Chinese in either script, in simplified form; anything else as it is."""
    if not any(map(is_han, text)):
        return text
    converted: str = _converter().convert(text)
    return converted


@cache
def vocabulary() -> dict[str, tuple[Meaning, ...]]:
    found: dict[str, list[Meaning]] = {}

    def learn(word: str, role: str, value: str, forms: bool = True) -> None:
        spoken = simplified(word.lower())
        for form in _forms(spoken, role) if forms else [spoken]:
            meanings = found.setdefault(form, [])
            if Meaning(role, value) not in meanings:
                meanings.append(Meaning(role, value))

    for kind in kinds().values():
        for word in kind.words:
            learn(word, "subject", kind.name)
    colours = tomllib.loads((LEXICON / "colours.toml").read_text("utf-8"))["named"]
    for name, entry in colours.items():
        for word in entry["words"]:
            learn(word, "colour", name, forms=False)
    things = set(found)
    for role, value, word in _of_places():
        if role != "inside":
            learn(word, role, value, forms=role not in ("mood", "camera"))
            continue
        for phrase in _inside(word):
            learn(phrase, "setting", value)
        if simplified(word) not in things:
            learn(word, "setting", value)
    for role, table in tomllib.loads((LEXICON / "admitted.toml").read_text("utf-8")).items():
        for word in table["words"]:
            learn(word, role, role)
    book = tomllib.loads((LEXICON / "words.toml").read_text("utf-8"))
    for role, table in book.items():
        for value, words in table.items():
            for word in words:
                learn(word, role, value, forms=role not in ("count", "place", "heading", "beside", "then"))
    return {word: tuple(meanings) for word, meanings in found.items()}


def _of_places() -> Iterator[tuple[str, str, str]]:
    """Role, meaning and word of everything about where it is and how it is shown."""
    for file in ("places.toml", "direction.toml"):
        for role, table in tomllib.loads((LEXICON / file).read_text("utf-8")).items():
            for value, words in table.items():
                yield from ((role, value, word) for word in words)


def _inside(word: str) -> Iterator[str]:
    """The ways of saying that something is the place, and not one more thing in the picture."""
    if word.isascii():
        for where in ("in", "at", "inside", "outside", "in front of", "on"):
            for article in ("", "a ", "an ", "the ", "an old "):
                yield f"{where} {article}{word}"
    else:
        for where in ("里", "里面", "中", "内", "前", "前面", "门前", "外", "上", "旁", "旁边"):
            yield from (word + where, "在" + word + where)
        yield "在" + word


def _forms(word: str, role: str) -> list[str]:
    if not word.isascii():
        return [word]
    head, _, last = word.rpartition(" ")
    forms = {last, *_IRREGULAR.get(last, ())}
    if role in ("action", "quiet", "unseen"):
        return _phrase_forms(word)
    if role == "cousin":  # of any kind
        return list({*_phrase_forms(word), *_forms(word, "subject")})
    if role in ("subject", "setting", "part", "weather", "group") and last not in (
        "sheep",
        "deer",
        "fish",
        "snow",
        "rain",
    ):
        forms.add(_plural(last))
    return [" ".join(filter(None, (head, form))) for form in forms]


def _phrase_forms(word: str) -> list[str]:
    """Of the verb that a phrase begins with, or of its last word: "disco dance" dances too."""
    head, _, last = word.rpartition(" ")
    first, _, rest = word.partition(" ")
    forms = {" ".join(filter(None, (form, rest))) for form in _verb_forms(first)}
    return [*forms, *(" ".join(filter(None, (head, form))) for form in _verb_forms(last))]


def _plural(word: str) -> str:
    if word.endswith(("s", "x", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


def _verb_forms(word: str) -> list[str]:
    stem = word[:-1] if word.endswith("e") and not word.endswith("ee") else word
    past = (stem[:-1] + "ied") if word.endswith("y") and word[-2:-1] not in "aeiou" else stem + "ed"
    return list({word, _plural(word), stem + "ing", past, *_IRREGULAR.get(word, ())})

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
from storage.han import is_han


@dataclass(frozen=True)
class Meaning:
    role: str
    value: str
    many: bool = False  # the word is a plural


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
def _forms_book() -> dict[str, dict[str, Any]]:
    return tomllib.loads((LEXICON / "forms.toml").read_text("utf-8"))


def as_verb(word: str) -> str | None:
    """What a word that else names a thing or a place means as a verb; None for all others."""
    action: str | None = _forms_book()["doing"].get(word)
    return action


@cache
def vocabulary() -> dict[str, tuple[Meaning, ...]]:
    found: dict[str, list[Meaning]] = {}

    def learn(word: str, role: str, value: str) -> None:
        spoken = simplified(word.lower())
        for form, many in _forms(spoken, role):
            meanings = found.setdefault(form, [])
            if Meaning(role, value, many) not in meanings:
                meanings.append(Meaning(role, value, many))

    for kind in kinds().values():
        for word in (*kind.words, *kind.near):
            learn(word, "subject", kind.name)
        for word in kind.near:
            learn(word, "cousin", "cousin")
    colours = tomllib.loads((LEXICON / "colours.toml").read_text("utf-8"))["named"]
    for name, entry in colours.items():
        for word in entry["words"]:
            learn(word, "colour", name)
    things = set(found)
    for role, value, word in _of_places():
        if role != "inside":
            learn(word, role, value)
            continue
        for phrase in _inside(word):
            learn(phrase, "setting", value)
        if simplified(word) not in things:
            learn(word, "setting", value)
    for role, table in tomllib.loads((LEXICON / "admitted.toml").read_text("utf-8")).items():
        for word in table["words"]:
            learn(word, role, role)
    book = tomllib.loads((LEXICON / "words.toml").read_text("utf-8"))
    book["action"] = tomllib.loads((LEXICON / "actions.toml").read_text("utf-8"))
    for role, table in book.items():
        for value, words in table.items():
            for word in words:
                learn(word, role, value)
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


_BY_VERB = ("action", "quiet", "unseen", "cousin")
_BY_NOUN = ("subject", "setting", "ground", "part", "weather", "group", "cousin")


def _forms(word: str, role: str) -> set[tuple[str, bool]]:
    """Every form of a word, and whether it means more than one."""
    many = word in _forms_book()["many"]["words"]
    forms = {(word, many)}
    if not word.isascii():
        return forms
    if role in _BY_VERB:
        forms |= {(form, False) for form in _phrase_forms(word)}
    if role in _BY_NOUN and not many:
        head, _, last = word.rpartition(" ")
        if last not in _forms_book()["same"]["words"]:
            plural = _forms_book()["plural"].get(last) or _plural(last)
            forms.add((" ".join(filter(None, (head, plural))), role == "subject"))
    return forms


def _phrase_forms(word: str) -> set[str]:
    """Of the verb that a phrase begins with, or of its last word: "disco dance" dances too."""
    head, _, last = word.rpartition(" ")
    first, _, rest = word.partition(" ")
    forms = {" ".join(filter(None, (form, rest))) for form in _verb_forms(first)}
    return forms | {" ".join(filter(None, (head, form))) for form in _verb_forms(last)}


def _plural(word: str) -> str:
    if word.endswith(("s", "x", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


def _verb_forms(word: str) -> set[str]:
    irregular = _forms_book()["verb"].get(word, ())
    if word.endswith("ie"):
        return {word, word + "s", word[:-2] + "ying", word + "d", *irregular}
    stem = word[:-1] if word.endswith("e") and not word.endswith("ee") else word
    past = (stem[:-1] + "ied") if word.endswith("y") and word[-2:-1] not in "aeiou" else stem + "ed"
    return {word, _plural(word), stem + "ing", past, *irregular}

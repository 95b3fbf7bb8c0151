"""The words the animatic knows: lexicon/*.toml, with English plurals and verb forms derived, and Chinese in
simplified form."""

import tomllib
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
    ("trod",), "nap": ("napping",), "step": ("stepping", "stepped"), "sheep": (), "deer": (), "lie": ("lying", "lay"),
    "dig": ("digging", "dug"), "sweep": ("swept",), "throw": ("threw",), "catch": ("caught",), "fight": ("fought",), "hug":
    ("hugging", "hugged"), "ski": ("skiing",), "read": (), "write": ("wrote",), "draw": ("drew",), "think": ("thought",), "rise":
    ("rose up", "risen"), "shake": ("shook",), "hide": ("hid",), "kneel": ("knelt",), "cut": ("cutting",), "shoot": ("shot an arrow",),
    "swing": ("swung",), "spin around": (), "beg": ("begging",), "chop": ("chopping", "chopped"), "clap": ("clapping", "clapped"), "nod":
    ("nodding", "nodded"), "plan": (), "grin": ("grinning",), "trot": ("trotting",), "get": (), "mop": ("mopping",), "sob": ("sobbing",),
    "chat": ("chatting",), "sip": ("sipping", "sipped"), "drag": ("dragging",), "take": ("took",), "say": ("said",), "do": ("does", "did"),
    "go": ("goes", "went"), "skip": ("skipping",), "squat": ("squatting",), "flap": ("flapping",), "drum": ("drumming",), "strum":
    ("strumming",), "lion": (), "thief": ("thieves",), "fisherman": ("fishermen",), "policeman": ("policemen",), "fireman": ("firemen",),
    "snowman": ("snowmen",), "businessman": ("businessmen",), "mouse": ("mice",), "ox": ("oxen",), "elf": ("elves",), "dwarf": ("dwarves",),
    "cactus": ("cacti",), "koi": (), "salmon": (), "bison": (), "moose": (), "reindeer": (), "noodles": (), "grapes": (), "cherries": (),
    "postman": ("postmen",), "gentleman": ("gentlemen",), "cowboy": (), "loaf": ("loaves",), "octopus": ("octopi",), "hippo": (),
}  # fmt: skip


_AS_THEY_ARE = ("count", "place", "heading", "beside", "then", "relation", "stands", "split")


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
        for word in (*kind.words, *kind.near):
            learn(word, "subject", kind.name)
        for word in kind.near:
            learn(word, "cousin", "cousin")
    colours = tomllib.loads((LEXICON / "colours.toml").read_text("utf-8"))["named"]
    for name, entry in colours.items():
        for word in entry["words"]:
            learn(word, "colour", name, forms=False)
    for role, table in tomllib.loads((LEXICON / "admitted.toml").read_text("utf-8")).items():
        for word in table["words"]:
            learn(word, role, role)
    book = tomllib.loads((LEXICON / "words.toml").read_text("utf-8"))
    book["action"] = tomllib.loads((LEXICON / "actions.toml").read_text("utf-8"))
    for role, table in book.items():
        for value, words in table.items():
            for word in words:
                learn(word, role, value, forms=role not in _AS_THEY_ARE)
    return {word: tuple(meanings) for word, meanings in found.items()}


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
        "koi",
        "bison",
        "moose",
        "noodles",
        "grapes",
        "cherries",
        "drums",
        "fries",
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
    if word.endswith("ie"):
        return [word, word + "s", word[:-2] + "ying", word + "d", *_IRREGULAR.get(word, ())]
    stem = word[:-1] if word.endswith("e") and not word.endswith("ee") else word
    past = (stem[:-1] + "ied") if word.endswith("y") and word[-2:-1] not in "aeiou" else stem + "ed"
    return list({word, _plural(word), stem + "ing", past, *_IRREGULAR.get(word, ())})

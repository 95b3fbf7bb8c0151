"""Cutting what people write into the words that a search finds it by: one way for both databases.

Latin and other spaced scripts give words. Chinese, Japanese and Korean, which put no spaces, give every character and
every two neighbours: 美麗的白鶴 is found by 鶴, by 白鶴 and by 美麗. Traditional and simplified are one, and so are
capitals, accents, full width and the English plural.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final

from storage.han import simpler_forms

# A prompt of 4,000 characters would have thousands of pairs: the first ones are what it is about.
WORDS_OF_A_TEXT: Final = 200
LONGEST: Final = 40

_TOO_COMMON: Final = frozenset(
    {
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "it",
        "its",
        "of",
        "on",
        "or",
        "that",
    }
    | {"that", "the", "their", "then", "this", "to", "was", "while", "with", "的", "了", "在", "和"}
)
_IRREGULAR: Final = {
    "children": "child",
    "elves": "elf",
    "geese": "goose",
    "knives": "knife",
    "leaves": "leaf",
    "men": "man",
    "mice": "mouse",
    "shelves": "shelf",
    "news": "news",
    "thieves": "thief",
    "wolves": "wolf",
    "women": "woman",
}
# Han with its extensions, kana, hangul and bopomofo.
_UNSPACED: Final = (
    r"\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    r"\U00020000-\U0003ffff"
)
_RUNS: Final = re.compile(rf"([{_UNSPACED}]+)|((?:(?![{_UNSPACED}_])\w)+)")


def words_of(*texts: str, limit: int = WORDS_OF_A_TEXT) -> tuple[str, ...]:
    """The words of these texts, each once, in their order; at most `limit` of them."""
    found: dict[str, None] = {}
    for text in texts:
        for word in _cut(text):
            found.setdefault(word)
            if len(found) == limit:
                return tuple(found)
    return tuple(found)


def words_asked_for(query: str, limit: int = 12) -> tuple[str, ...]:
    """The words that a clip must have to be found. Of Chinese only the pairs: a single character adds nothing."""
    found = words_of(query)
    runs = [unspaced for unspaced, _ in _RUNS.findall(_plain(query)) if len(unspaced) > 1]
    within = {letter for run in runs for letter in run}
    return tuple(word for word in found if word not in within)[:limit]


def _cut(text: str) -> Iterator[str]:
    for unspaced, word in _RUNS.findall(_plain(text)):
        if unspaced:
            for place, letter in enumerate(unspaced):
                if letter not in _TOO_COMMON:
                    yield letter
                if place + 1 < len(unspaced):
                    yield unspaced[place : place + 2]
        elif word not in _TOO_COMMON:
            yield _singular(word)[:LONGEST]


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.translate(_to_simplified())).casefold()
    return unicodedata.normalize("NFC", "".join(letter for letter in apart if not unicodedata.combining(letter)))


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if not word.isascii() or len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("xes", "ches", "shes", "sses")) else word[:-1]


@cache
def _to_simplified() -> dict[int, str]:
    return str.maketrans(simpler_forms())

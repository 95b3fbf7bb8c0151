"""Finds the words of the packs in a view: every term of every list, overlapping ones too, in one pass.

A dictionary of first words (latin) and first pairs of characters (Chinese) beats one large regular expression here:
alternations report one match at a place, while a rule wants all; and re2's automaton for thousands of terms is rebuilt
whenever a new text walks through states that it has not cached.

How a term is written:
    knife             the word, at word boundaries ("knives" is another word)
    stab~             with its ordinary endings: stabs, stabbed, stabbing, stabber
    masturbat*        every word that begins so (four letters at least; three in a phrase)
    blow_job          "blow job", "blow-job" and "blowjob"
    kill (the|) light~    any of the alternatives, nothing being one
    have .. sex       up to three words between (in Chinese: up to six characters)
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain, product
from operator import add
from typing import Any

from safety.text.letters import folded_text
from storage.han import is_han

_WORD = re.compile(r"[a-z0-9]+")  # one class of characters: linear
_GROUP = re.compile(r"\(([^()]*)\)")
_PARTS = re.compile(r"[a-z0-9]+\*?|\.\.")
_GAP = ".."
_WORDS_BETWEEN = 3
_CHARACTERS_BETWEEN = 6
_PREFIX = 3
_VOWELS = "aeiou"

Hits = dict[str, list[tuple[int, int]]]


def _alternatives(term: str) -> Iterator[str]:
    if "(" not in term or (group := _GROUP.search(term)) is None:
        yield term
        return
    for choice in group[1].split("|"):
        yield from _alternatives(term[: group.start()] + choice + term[group.end() :])


def _with_endings(word: str) -> set[str]:
    """The word with the endings of nouns and verbs. Some that do not exist do no harm."""
    forms = {word, word + "s"}
    if word.endswith("e"):
        forms |= {word + "d", word + "r", word + "rs", word[:-1] + "ing"}
    elif word.endswith("y") and word[-2] not in _VOWELS:
        forms |= {word[:-1] + "ies", word[:-1] + "ied", word[:-1] + "ier", word + "ing"}
    else:
        forms |= {word + ending for ending in ("es", "ed", "ing", "er", "ers")}
        if len(word) > 2 and word[-1] not in _VOWELS + "wxy" and word[-2] in _VOWELS and word[-3] not in _VOWELS:
            forms |= {word + word[-1] + ending for ending in ("ed", "ing", "er", "ers")}
    return forms


# A place of a phrase: any of some words, the beginning of a word ("masturbat*"), or a gap.
Place = frozenset[str] | str
Places = tuple[Place, ...]
Phrase = tuple[tuple[Place, ...], str]  # its places, the list it stands in


def _latin_places(term: str) -> Iterator[Places]:
    """How a term may stand in a text. A word keeps its endings with it: a phrase of five, spelled out, is a hundred."""
    for plain in _alternatives(term):
        for spelled in {plain.replace("_", " "), plain.replace("_", "")} if "_" in plain else (plain,):
            parts = spelled.split()
            if len(parts) == 1:
                yield from _places(parts[0])
                continue
            for chosen in product(*map(_places, parts)):
                yield tuple(chain.from_iterable(chosen))


@lru_cache(maxsize=1 << 14)  # the same few words stand in most terms
def _places(part: str) -> tuple[Places, ...]:
    """One part of a term: most often one place, but two for "don't"."""
    if not part.endswith("~"):
        return (tuple(_place(word) for word in _PARTS.findall(folded_text(part))),)
    stem = folded_text(part[:-1])
    if stem.isalnum() and stem.isascii():
        return ((frozenset(_with_endings(stem)),),)
    return tuple(tuple(_place(word) for word in _PARTS.findall(form)) for form in _with_endings(stem))


def _place(word: str) -> Place:
    return word if word == _GAP or word.endswith("*") else frozenset((word,))


class Lexicon:
    """`kept`: what another of the same lists came to (`plain`); then the lists are not looked at."""

    _single: dict[str, list[str]]
    _pairs: dict[tuple[str, str], list[Phrase]]  # by their first two words
    _open: dict[str, list[Phrase]]  # whose second word is a gap or a beginning
    _prefixes: dict[str, list[Phrase]]
    _han: dict[str, list[tuple[tuple[str, ...], str]]]  # by the first two characters, or the only one

    def __init__(self, lists: Mapping[str, Iterable[str]], kept: tuple[dict[Any, Any], ...] | None = None) -> None:
        if kept is not None:
            self._single, self._pairs, self._open, self._prefixes, self._han = kept
            self._settle()
            return
        self._single = defaultdict(list)
        self._pairs = defaultdict(list)
        self._open = defaultdict(list)
        self._prefixes = defaultdict(list)
        self._han = defaultdict(list)
        for name, terms in lists.items():
            for term in dict.fromkeys(terms):
                if not term.isascii() and any(map(is_han, folded_text(term))):
                    self._add_han(name, term)
                else:
                    for places in _latin_places(term):
                        self._add_latin(name, term, places)
        self._settle()

    def _settle(self) -> None:
        self._first_words = {*self._single, *self._open, *(first for first, _ in self._pairs)}
        self._lone_han = frozenset(key for key in self._han if len(key) == 1)

    def plain(self) -> tuple[dict[Any, Any], ...]:
        """All of it as plain data."""
        return tuple(dict(each) for each in (self._single, self._pairs, self._open, self._prefixes, self._han))

    def _add_han(self, name: str, term: str) -> None:
        for plain in _alternatives(term):
            parts = tuple(folded_text(part).replace(" ", "") for part in plain.split(_GAP))
            if not parts[0]:
                raise ValueError(f"{name}: {term!r} begins with nothing")
            self._han[parts[0][:2]].append((parts, name))

    def _add_latin(self, name: str, term: str, places: Places) -> None:
        if not places or _GAP in (places[0], places[-1]):
            raise ValueError(f"{name}: {term!r} says nothing")
        first, second = places[0], places[1] if len(places) > 1 else None
        if isinstance(first, str):
            if len(first) <= _PREFIX + (second is None):
                raise ValueError(f"{name}: {term!r} is too short to stand for all words that begin so")
            self._prefixes[first[:_PREFIX]].append((places, name))
        elif second is None:
            for word in first:
                self._single[word].append(name)
        elif isinstance(second, str):
            for word in first:
                self._open[word].append((places, name))
        else:
            for pair in product(first, second):
                self._pairs[pair].append((places, name))

    def find(self, text: str) -> Hits:
        """Where the terms of each list stand."""
        hits: Hits = defaultdict(list)
        self._find_latin(text, hits)
        if self._han and not text.isascii():
            self._find_han(text, hits)
        return hits

    def _find_latin(self, text: str, hits: Hits) -> None:
        tokens = _WORD.findall(text)
        spans: list[tuple[int, int]] = []

        def note(name: str, first: int, last: int) -> None:
            if not spans:  # most texts have no hit, and finding words is cheaper than finding where they are
                spans.extend(match.span() for match in _WORD.finditer(text))
            hits[name].append((spans[first][0], spans[last][1]))

        for at, word in enumerate(tokens):
            if word not in self._first_words and word[:_PREFIX] not in self._prefixes:
                continue
            for name in self._single.get(word, ()):
                note(name, at, at)
            phrases = self._open.get(word, [])
            if at + 1 < len(tokens):
                phrases = phrases + self._pairs.get((word, tokens[at + 1]), [])
            if word[:_PREFIX] in self._prefixes:
                phrases = phrases + [it for it in self._prefixes[word[:_PREFIX]] if _stands(it[0][0], word)]
            for places, name in phrases:
                if (last := _follows(places, tokens, at)) is not None:
                    note(name, at, last)

    def _find_han(self, text: str, hits: Hits) -> None:
        found = [(at, pair) for at, pair in enumerate(map(add, text, text[1:])) if pair in self._han]
        found += [(at, char) for at, char in enumerate(text) if char in self._lone_han]
        for at, key in found:
            for parts, name in self._han[key]:
                if (end := _reads(parts, text, at)) is not None:
                    hits[name].append((at, end))


def _reads(parts: tuple[str, ...], text: str, at: int) -> int | None:
    """Where the Chinese term that begins at `at` ends, if it stands there."""
    if not text.startswith(parts[0], at):
        return None
    end = at + len(parts[0])
    for part in parts[1:]:
        found = text.find(part, end, end + _CHARACTERS_BETWEEN + len(part))
        if found < 0:
            return None
        end = found + len(part)
    return end


def _stands(place: Place, token: str) -> bool:
    return token.startswith(place[:-1]) if isinstance(place, str) else token in place


def _follows(places: Places, tokens: list[str], at: int) -> int | None:
    """The index of the token that ends the phrase which begins at `at`, if it stands there."""
    position, wanted = at + 1, 1
    while wanted < len(places):
        reach = 1
        if places[wanted] == _GAP:
            wanted, reach = wanted + 1, 1 + _WORDS_BETWEEN
        for candidate in range(position, min(position + reach, len(tokens))):
            if _stands(places[wanted], tokens[candidate]):
                position = candidate + 1
                break
        else:
            return None
        wanted += 1
    return position - 1

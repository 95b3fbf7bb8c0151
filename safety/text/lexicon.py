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
from itertools import product
from operator import add

from safety.text.letters import folded_text, is_han

_WORD = re.compile(r"[a-z0-9]+")  # one class of characters: linear
_GROUP = re.compile(r"\(([^()]*)\)")
_GAP = ".."
_WORDS_BETWEEN = 3
_CHARACTERS_BETWEEN = 6
_PREFIX = 3
_VOWELS = "aeiou"

Hits = dict[str, list[tuple[int, int]]]


def _alternatives(term: str) -> Iterator[str]:
    group = _GROUP.search(term)
    if group is None:
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


def latin_forms(term: str) -> Iterator[tuple[str, ...]]:
    """A term's spellings, each as the words it consists of."""
    for plain in _alternatives(term):
        choices: list[set[str]] = []
        for part in plain.replace("_", " _ ").split():
            if part == _GAP or part == "_":
                choices.append({part})
            elif part.endswith("~"):
                choices.append(_with_endings(folded_text(part[:-1])))
            elif part.endswith("*"):
                choices.append({folded_text(part[:-1]) + "*"})
            else:
                choices.append({folded_text(part)})
        for words in product(*choices):
            spelled = " ".join(words)
            yield _words(spelled.replace(" _ ", " "))
            if "_" in words:
                yield _words(spelled.replace(" _ ", ""))


def _words(spelled: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[a-z0-9]+\*?|\.\.", spelled))


Phrase = tuple[tuple[str, ...], str]  # its words, the list it stands in


class Lexicon:
    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._single: dict[str, list[str]] = defaultdict(list)
        self._pairs: dict[tuple[str, str], list[Phrase]] = defaultdict(list)  # by their first two words
        self._open: dict[str, list[Phrase]] = defaultdict(list)  # whose second word is a gap or a beginning
        self._prefixes: dict[str, list[Phrase]] = defaultdict(list)
        self._han: dict[str, list[Phrase]] = defaultdict(list)  # by the first two characters, or the only one
        for name, terms in lists.items():
            for term in dict.fromkeys(terms):
                if any(map(is_han, folded_text(term))):
                    self._add_han(name, term)
                else:
                    for words in latin_forms(term):
                        self._add_latin(name, term, words)
        self._first_words = {*self._single, *self._open, *(first for first, _ in self._pairs)}
        self._lone_han = frozenset(key for key in self._han if len(key) == 1)

    def _add_han(self, name: str, term: str) -> None:
        for plain in _alternatives(term):
            parts = tuple(folded_text(part).replace(" ", "") for part in plain.split(_GAP))
            if not parts[0]:
                raise ValueError(f"{name}: {term!r} begins with nothing")
            self._han[parts[0][:2]].append((parts, name))

    def _add_latin(self, name: str, term: str, words: tuple[str, ...]) -> None:
        if not words or words[0] == _GAP or words[-1] == _GAP:
            raise ValueError(f"{name}: {term!r} says nothing")
        if words[0].endswith("*"):
            if len(words[0]) <= _PREFIX + (len(words) == 1):
                raise ValueError(f"{name}: {term!r} is too short to stand for all words that begin so")
            self._prefixes[words[0][:_PREFIX]].append((words, name))
        elif len(words) == 1:
            self._single[words[0]].append(name)
        elif words[1] == _GAP or words[1].endswith("*"):
            self._open[words[0]].append((words, name))
        else:
            self._pairs[words[0], words[1]].append((words, name))

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
                phrases = phrases + [it for it in self._prefixes[word[:_PREFIX]] if word.startswith(it[0][0][:-1])]
            for words, name in phrases:
                if (last := _follows(words, tokens, at)) is not None:
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


def _follows(words: tuple[str, ...], tokens: list[str], at: int) -> int | None:
    """The index of the token that ends the phrase which begins at `at`, if it stands there."""
    position, wanted = at + 1, 1
    while wanted < len(words):
        reach = 1
        if words[wanted] == _GAP:
            wanted, reach = wanted + 1, 1 + _WORDS_BETWEEN
        word = words[wanted]
        for candidate in range(position, min(position + reach, len(tokens))):
            token = tokens[candidate]
            if token == word or (word.endswith("*") and token.startswith(word[:-1])):
                position = candidate + 1
                break
        else:
            return None
        wanted += 1
    return position - 1

"""Reads every view of a text against the rule packs. Deterministic, no model, linear in the text.

A rule says: a word of one of these lists, near a word of those, and not near one of these others, means this category.
Words stand in lists by language, rules above them, so that "一个 naked 小女孩" needs no rule of its own.
"""

import gc
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import re2  # type: ignore[import-untyped]  # no stubs exist
from pydantic import BaseModel, ConfigDict, Field

from safety.categories import Category
from safety.text import letters, lexicon, packs, pinyin
from safety.text.base import Deadline
from safety.text.contexts import Context, Contexts
from safety.text.decoding import undecodable_blocks
from safety.text.keeping import recalled
from safety.text.languages import unread_words
from safety.text.lexicon import Hits, Lexicon
from safety.text.views import View, views
from safety.verdict import Fault, Signal, Span, Surface
from storage import han
from storage.han import is_han

NAME = "rules"
SCORES = {"refuse": 0.95, "hold": 0.6}
HARMLESS = "harmless"  # phrases whose words mean something else in them: "kill the lights"
_HAN_PER_LETTER = 0.4  # a Chinese sentence says in 24 characters what an English one says in 60
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_HITS = 4  # of one rule in one view: enough for a moderator


class Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    category: Category
    level: Literal["hold", "refuse"]
    any: tuple[str, ...] = Field(min_length=1)  # one of these lists has a word in the text
    near: tuple[str, ...] = ()  # and one of these within reach of it
    also: tuple[str, ...] = ()  # and one of these too
    unless: tuple[str, ...] = ()  # and none of these
    outside: tuple[str, ...] = ()  # and the word does not lie in one of these contexts
    after: bool = False  # `near` has to stand after the word: whom somebody hates, not who hates
    # Letters that a word needs to count in a doubtful view. Backwards, three letters are a word too often, and a short
    # name is other words: 京东 (a shop) is 东京 (Tokyo). 0: the rule reads no doubtful view.
    doubtful_from: int = Field(default=4, ge=0)
    reach: int = Field(default=60, gt=0)

    @property
    def lists(self) -> tuple[str, ...]:
        return self.any + self.near + self.also + self.unless


class Pack(BaseModel):
    """One file of a pack: rules, or words and patterns by list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: tuple[Rule, ...] = ()
    words: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    patterns: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    contexts: Mapping[str, Context] = Field(default_factory=dict)
    spelled: tuple[str, ...] = ()  # Chinese lists that are looked for in pinyin as well


class Rulebook:
    """All packs, ready to be asked. `kept`: the two lexicons as they were before; then the files have no words."""

    def __init__(self, files: Sequence[Mapping[str, Any]], kept: tuple[Any, Any] = (None, None)) -> None:
        words: dict[str, list[str]] = defaultdict(list)
        patterns: dict[str, list[str]] = defaultdict(list)
        spelled: dict[str, list[str]] = defaultdict(list)
        homophones: dict[str, list[str]] = defaultdict(list)
        contexts: list[tuple[str, Context]] = []
        self.rules: list[Rule] = []
        for content in files:
            pack = Pack.model_validate(content)
            self.rules.extend(pack.rule)
            for name, terms in pack.words.items():
                words[name].extend(terms)
                if name in pack.spelled:
                    spelled[name].extend(spelling for term in terms for spelling in pinyin.spellings(term))
                    homophones[name].extend(sound for term in terms for sound in pinyin.sounds(term))
            for name, expressions in pack.patterns.items():
                patterns[name].extend(expressions)
            contexts.extend(pack.contexts.items())
        self.lists = frozenset(words) | frozenset(patterns)
        self.contexts = Contexts(contexts)
        if unknown := ({name for rule in self.rules for name in rule.lists} | self.contexts.lists) - self.lists:
            raise ValueError(f"rules name lists that no pack has: {sorted(unknown)}")
        if unknown := {name for rule in self.rules for name in rule.outside} - self.contexts.names:
            raise ValueError(f"rules name contexts that no pack has: {sorted(unknown)}")
        if len({rule.id for rule in self.rules}) < len(self.rules):
            raise ValueError("two rules have the same id")
        self.lexicon = Lexicon({name: [*terms, *spelled[name]] for name, terms in words.items()}, kept[0])
        self.homophones = Lexicon(homophones, kept[1])
        self.patterns = {name: re2.compile("|".join(f"(?:{e})" for e in group)) for name, group in patterns.items()}
        self.by_list: dict[str, list[Rule]] = defaultdict(list)
        for rule in self.rules:
            for name in rule.any:
                self.by_list[name].append(rule)

    def hits(self, view: View) -> Hits:
        if view.name == pinyin.VIEW:
            return self.homophones.find(view.text)
        hits = self.lexicon.find(view.text)
        for name, pattern in self.patterns.items():
            for match in pattern.finditer(view.text):
                hits[name].append(match.span())
        return _meant(hits) if HARMLESS in hits else hits

    def matches(self, view: View) -> Iterator[tuple[Rule, tuple[int, int], bool]]:
        """Each rule that applies, where, and whether a context excuses it there."""
        hits = self.hits(view)
        rules = {rule.id: rule for name in hits for rule in self.by_list.get(name, ())}
        ordered = {name: sorted(found) for name, found in hits.items()}
        contexts = self.contexts.of(view.text, ordered)
        for rule in rules.values():
            found = 0
            for hit in sorted(hit for name in rule.any for hit in ordered.get(name, ())):
                if view.doubtful and not _long_enough(rule, hit, view.text):
                    continue
                if found < _MOST_HITS and _applies(rule, hit, ordered, view.text):
                    found += 1
                    yield rule, hit, bool(rule.outside) and contexts.excuse(hit, rule.outside)


def _long_enough(rule: Rule, hit: tuple[int, int], text: str) -> bool:
    start, end = hit
    return rule.doubtful_from > 0 and end - start >= (2 if is_han(text[start]) else rule.doubtful_from)


def _meant(hits: Hits) -> Hits:
    """The hits without those that lie within a harmless phrase."""
    masks = hits[HARMLESS]
    return {
        name: kept
        for name, found in hits.items()
        if name != HARMLESS
        and (kept := [(s, e) for s, e in found if not any(start <= s and e <= end for start, end in masks)])
    }


def _applies(rule: Rule, hit: tuple[int, int], hits: Hits, text: str) -> bool:
    reach = round(rule.reach * _HAN_PER_LETTER) if is_han(text[hit[0]]) else rule.reach

    def close(names: tuple[str, ...]) -> bool:
        return any(_within(hits.get(name, ()), hit, reach) for name in names)

    return (
        (not rule.near or any(_within(hits.get(name, ()), hit, reach, rule.after) for name in rule.near))
        and (not rule.also or close(rule.also))
        and not (rule.unless and close(rule.unless))
    )


def _within(found: Sequence[tuple[int, int]], hit: tuple[int, int], reach: int, after: bool = False) -> bool:
    """Whether another stretch begins or ends within reach of this one. `found` is in order."""
    start, end = hit
    # A term is seldom longer than 40 characters; one that begins that much earlier may still end within reach.
    for at in range(bisect_left(found, (start - reach - 40, 0)), len(found)):
        other_start, other_end = found[at]
        if other_start > end + reach:
            return False
        overlaps = other_start < end and start < other_end
        if other_end >= start - reach and not overlaps and (other_start >= end or not after):
            return True
    return False


@cache
def rulebook() -> Rulebook:
    # Some 100,000 small objects that all stay: looking through them for garbage takes as long as making half of them.
    collecting = gc.isenabled()
    gc.disable()
    try:
        files, *lexicons = recalled(packs.FOLDER / "rulebook.py", _made_of(), _plain_rulebook)
        return Rulebook(files, (lexicons[0], lexicons[1]))
    finally:
        if collecting:
            gc.enable()


def _plain_rulebook() -> tuple[Any, ...]:
    """The packs without their words, and what the words come to."""
    files = [packs.read(path) for path in packs.files()]
    book = Rulebook(files)
    bare = [content | {"words": dict.fromkeys(content.get("words", ()), ())} for content in files]
    return bare, book.lexicon.plain(), book.homophones.plain()


def _made_of() -> bytes:
    """Everything that the words come from: the packs, the code that reads them, and what that stands on."""
    code = (__file__, lexicon.__file__, letters.__file__, pinyin.__file__, han.__file__)
    parts = [packs.digest().encode(), *(Path(str(file)).read_bytes() for file in code)]
    parts += [version(name).encode() for name in ("pypinyin", "opencc-python-reimplemented")]
    return b"\0".join(parts)


class Rules:
    """The text classifier that ships in every profile."""

    name = NAME

    def __init__(self, book: Rulebook | None = None) -> None:
        self._book = book or rulebook()

    def read(self, text: str, deadline: Deadline) -> list[Signal]:
        text = _LONE_SURROGATE.sub("\ufffd", text)  # re2 reads UTF-8, which has none
        signals: dict[tuple[str, int, int], Signal] = {}
        excused: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for view in self._views(text):
            deadline.check()
            for rule, hit, is_excused in self._book.matches(view):
                start, end = view.raw_span(*hit)
                # What the plain view excuses is excused in the others too, where quotation marks may be gone.
                if is_excused or any(begin < end and start < stop for begin, stop in excused[rule.id]):
                    excused[rule.id].append((start, end))
                    continue
                score = SCORES["hold" if view.doubtful else rule.level]
                seen = signals.get((rule.id, start, end))
                if seen is None or seen.score < score:  # the first view that shows it is the plainest
                    signals[rule.id, start, end] = Signal(
                        category=rule.category,
                        score=score,
                        classifier=NAME,
                        surface=Surface.TEXT,
                        view=view.name,
                        span=Span(start=start, end=end),
                        rule=rule.id,
                    )
        return [*signals.values(), *self._unreadable(text)]

    @staticmethod
    def _views(text: str) -> Iterator[View]:
        for view in views(text):
            yield view
            if view.name == "raw" and not view.text.isascii():
                yield from pinyin.heard(view)

    @staticmethod
    def _unreadable(text: str) -> Iterator[Signal]:
        """What the rules cannot read is not clean, it is unchecked."""
        for rule, fault, spans in (
            ("language.unread", Fault.UNREAD, unread_words(text)),
            ("encoding.unopened", Fault.UNDECODABLE, undecodable_blocks(text)),
        ):
            for start, end in spans:
                yield Signal(
                    category=Category.UNCHECKED,
                    score=0.0,
                    classifier=NAME,
                    surface=Surface.TEXT,
                    span=Span(start=start, end=end),
                    rule=rule,
                    fault=fault,
                )
                break

"""Contexts in which words are mentioned and not meant: what is denied, quoted to be condemned, or asked about.

A context is a stretch of a view. A hit is excused when the stretch begins before it and reaches to its end: "never"
excuses the hatred after it, not the one before. Stretches are looked for only where a rule would otherwise fire, so an
ordinary prompt pays nothing for them.
"""

from collections.abc import Iterable, Mapping, Sequence

import re2  # type: ignore[import-untyped]  # no stubs exist
from pydantic import BaseModel, ConfigDict

Stretch = tuple[int, int]

# re2's automaton of these long expressions is rebuilt again and again in the 8 MB it has by itself: 100 ms a text.
_ROOMY = re2.Options()
_ROOMY.max_mem = 64 << 20


class Context(BaseModel):
    """As a pack writes it; packs of several languages add to the same context."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stretches: tuple[str, ...]  # re2 expressions
    from_its_first_word: bool = False  # a question excuses its first word too; a denial is not denied itself
    but: tuple[str, ...] = ()  # no stretch with a word of these lists in it: "why don't we ..." denies nothing


class Contexts:
    """The contexts of all packs, compiled."""

    def __init__(self, written: Iterable[tuple[str, Context]]) -> None:
        expressions: dict[str, list[str]] = {}
        self.but: dict[str, tuple[str, ...]] = {}
        self.from_first: set[str] = set()
        for name, context in written:
            if context.from_its_first_word:
                self.from_first.add(name)
            expressions.setdefault(name, []).extend(context.stretches)
            self.but[name] = tuple(dict.fromkeys((*self.but.get(name, ()), *context.but)))
        self._patterns = {name: [re2.compile(one, _ROOMY) for one in group] for name, group in expressions.items()}
        self.lists = frozenset(name for lists in self.but.values() for name in lists)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._patterns)

    def of(self, text: str, hits: Mapping[str, Sequence[Stretch]]) -> "InText":
        return InText(self, text, hits)

    def stretches(self, name: str, text: str, hits: Mapping[str, Sequence[Stretch]]) -> list[Stretch]:
        found = [match.span() for pattern in self._patterns[name] for match in pattern.finditer(text)]
        denials = [hit for other in self.but[name] for hit in hits.get(other, ())]
        return [
            (start, end) for start, end in found if not any(begin < end and start < stop for begin, stop in denials)
        ]


class InText:
    """The contexts of one view, found when they are first asked for."""

    def __init__(self, contexts: Contexts, text: str, hits: Mapping[str, Sequence[Stretch]]) -> None:
        self._contexts, self._text, self._hits = contexts, text, hits
        self._found: dict[str, list[Stretch]] = {}

    def excuse(self, hit: Stretch, names: Iterable[str]) -> bool:
        start, end = hit
        return any(
            begin < start + (name in self._contexts.from_first) and end <= stop
            for name in names
            for begin, stop in self._stretches(name)
        )

    def _stretches(self, name: str) -> list[Stretch]:
        if name not in self._found:
            self._found[name] = self._contexts.stretches(name, self._text, self._hits)
        return self._found[name]

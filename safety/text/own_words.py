"""A community's own words, looked for in every view of a text, in time that grows with its length alone."""

from collections.abc import Iterator, Sequence
from typing import Final

import re2  # type: ignore[import-untyped]  # no stubs exist

from safety.policy import OwnWord
from safety.text.letters import folded_text
from safety.text.views import views
from storage.han import is_han

OWN_WORDS: Final = "community"


class OwnWords:
    def __init__(self, words: Sequence[OwnWord]) -> None:
        self._words = list(words)
        options = re2.Options()
        options.max_mem = 64 << 20
        self._set = re2.Set.SearchSet(options)
        self._patterns = []
        for word in self._words:
            pattern = _pattern(word.term)
            self._set.Add(pattern)
            self._patterns.append(re2.compile(pattern))
        self._set.Compile()

    def found(self, text: str) -> Iterator[tuple[OwnWord, int, int]]:
        """Each word once, with where it stands in the text as it was typed."""
        seen: set[int] = set()
        for view in views(text):
            for at in self._set.Match(view.text) or ():
                match = None if at in seen else self._patterns[at].search(view.text)
                if match is not None and match.end() > match.start():
                    seen.add(at)
                    yield self._words[at], view.starts[match.start()], view.ends[match.end() - 1]


def _pattern(term: str) -> str:
    """As a word of its own where letters have spaces between words, anywhere in Chinese."""
    plain = " ".join(folded_text(term).split())
    written = re2.escape(plain).replace("\\ ", "\\s+").replace(" ", "\\s+") if plain else "$^"
    before = "" if not plain or is_han(plain[0]) or not plain[0].isalnum() else r"\b"
    after = "" if not plain or is_han(plain[-1]) or not plain[-1].isalnum() else r"\b"
    return f"{before}{written}{after}"

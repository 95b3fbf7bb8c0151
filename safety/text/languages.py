"""Which words of a text the rules cannot read. The packs know English and Chinese; the rest must wait for a person."""

from collections.abc import Iterator

import re2  # type: ignore[import-untyped]  # no stubs exist

from safety.text.letters import folded
from storage.han import is_han

# A shop sign or a name in another script is part of many prompts; a sentence is a request.
_MOST_FOREIGN_LETTERS = 12
_FOREIGN_SHARE = 0.5  # of a short text: a request may be one word
_FOREIGN_RUN = re2.compile(r"[^\PL\p{Latin}\p{Han}]+")

# Little words that sentences of these languages have and English and pinyin seldom. Some of them in one text make it a
# text in that language; "la" and "de" are left out: Los Angeles and street names.
_FUNCTION_WORDS = frozenset(
    """
    une des les dans avec est sont qui que sur pour pas elle nous vous leur cette aux
    una los las del con por para esta este sus pero muy como sobre desde hacia entre hasta mientras niña niño
    der das und ein eine einen einem einer mit auf nicht ist sind dem den wird zwei vor durch über auch wie sich
    il gli della delle nel nella sono che con uno mentre dei dal
    um uma não com dos nas nos pelo pela ela são está
    een het van niet zijn met voor bij wordt naar
    bir ve ile için olan gibi çok yang dengan untuk tidak sedang dan seorang yan ng mga
    một người của và không trong đang cho
    jest nie się przez
    """.split()  # noqa: SIM905  a list would be two hundred quotation marks
)
_MOST_FUNCTION_WORDS = 3
_FUNCTION_SHARE = 0.2


def unread_words(text: str) -> Iterator[tuple[int, int]]:
    """Spans of foreign writing; nothing if there is little of it."""
    runs = [match.span() for match in _FOREIGN_RUN.finditer(text) if _stays_foreign(match.group())]
    foreign = sum(end - start for start, end in runs)
    letters = sum(map(str.isalpha, text))
    if foreign and (foreign > _MOST_FOREIGN_LETTERS or foreign > _FOREIGN_SHARE * letters):
        yield from runs
    if any(map(is_han, text)):
        return
    words = text.lower().split()
    known = [word for word in words if word.strip(",.;:!?\"'()") in _FUNCTION_WORDS]
    if len(known) >= _MOST_FUNCTION_WORDS and len(known) >= _FUNCTION_SHARE * len(words):
        yield 0, len(text)


def _stays_foreign(word: str) -> bool:
    """Not a latin word in letters that look alike: those the views read."""
    return not all(folded(char).isascii() for char in word)

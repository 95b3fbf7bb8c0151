"""Chinese words written by their sound: in latin letters, half in characters, or in characters that sound alike."""

import os
from collections.abc import Iterator
from functools import lru_cache

from safety.text.views import View
from storage.han import is_han

# One character at a time is all that is asked; the dictionary of phrases takes 0.35 s to load in every worker.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

VIEW = "homophones"
# Two syllables sound like too many ordinary words (强奸, 强健, 枪尖 are all "qiangjian"): those the packs list by hand.
_SHORTEST_BY_SOUND = 3


@lru_cache(maxsize=1 << 15)
def syllable(char: str) -> str:
    if not is_han(char):
        return char
    from pypinyin import lazy_pinyin  # the dictionary of characters takes 0.1 s, and many texts have no Chinese

    return lazy_pinyin(char)[0]


def _plain(term: str) -> bool:
    return len(term) >= 2 and all(map(is_han, term))


def spellings(term: str) -> Iterator[str]:
    """qiangjian, qiang jian, 强jian, qiang奸 for 强奸."""
    if not _plain(term):
        return
    sounds = [syllable(char) for char in term]
    if len("".join(sounds)) >= 6:  # shorter ones are English words and names: "dupin" is Poe's detective
        yield "".join(sounds)
        yield " ".join(sounds)
    for at, char in enumerate(term):
        if len(sounds[at]) > 1 and char != sounds[at]:
            yield term[:at] + sounds[at] + term[at + 1 :]


def sounds(term: str) -> Iterator[str]:
    if _plain(term) and len(term) >= _SHORTEST_BY_SOUND:
        yield " ".join(map(syllable, term))


def heard(view: View) -> Iterator[View]:
    """The text as its syllables, if there is Chinese in it. Many words share a sound, so this view may only hold."""
    if not any(map(is_han, view.text)):
        return
    pieces = [f" {syllable(char)} " if is_han(char) else char for char in view.text]
    starts = [start for piece, start in zip(pieces, view.starts, strict=True) for _ in piece]
    ends = [end for piece, end in zip(pieces, view.ends, strict=True) for _ in piece]
    yield View(VIEW, "".join(pieces), starts, ends, doubtful=True)

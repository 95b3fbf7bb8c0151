"""Real people by consent: who asks may name themselves, in whatever spelling they were found by."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from safety.categories import Category
from safety.submission import Submission
from safety.verdict import Signal
from storage.han import simpler_forms

BY_CONSENT = "own-name"
_SHORTEST = 2  # letters that make a name
_WEIGHS = 0.25  # from here on something else was seen


def with_consent(signals: Sequence[Signal], submission: Submission) -> Iterator[Signal]:
    """The same signals; one that only says that who asks was named weighs nothing any more, and says why.

    Only where nothing else was found: nobody's consent makes a scene milder than it is judged for a public figure.
    """
    own = [_letters(name.split()) for name in submission.own_names]
    is_harmless = all(one.category == Category.REAL_PEOPLE or one.score < _WEIGHS for one in signals)
    for signal in signals:
        is_name = own and is_harmless and signal.category == Category.REAL_PEOPLE
        if is_name and _names_one_of(own, _words(signal, submission)):
            rule = f"{signal.rule}.{BY_CONSENT}" if signal.rule else BY_CONSENT
            yield signal.model_copy(update={"score": 0.0, "rule": rule})
        else:
            yield signal


def _words(signal: Signal, submission: Submission) -> list[str]:
    if signal.span is None or not 0 <= signal.span.text < len(submission.texts):
        return []
    return submission.texts[signal.span.text].text[signal.span.start : signal.span.end].split()


def _names_one_of(own: Sequence[list[str]], words: Sequence[str]) -> bool:
    """Whether nothing but one of these names, or words of one, was found."""
    found = _letters(words)
    whole = "".join(found)
    if len(whole) < _SHORTEST:
        return False
    return any(whole == "".join(name) or (found and set(found) <= set(name)) for name in own)


def _letters(words: Iterable[str]) -> list[str]:
    plain = (_plain(unicodedata.normalize("NFKC", word).casefold()) for word in words)
    bare = ("".join(filter(str.isalnum, word.removesuffix("'s").removesuffix("’s"))) for word in plain)
    return [word for word in bare if word]


def _plain(word: str) -> str:
    """In the simpler of the two Chinese scripts: a name is the same in both."""
    return "".join(simpler_forms().get(char, char) for char in word)

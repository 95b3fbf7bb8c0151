"""Cutting a prompt into words and phrases of the vocabulary: English by words, Chinese by characters."""

import re
import unicodedata
from dataclasses import dataclass

from engine.renderers.animatic.vocabulary import Meaning, simplified, vocabulary
from storage.han import is_han

_WORD = re.compile(r"[a-z0-9]+(?:['’-]{1,2}[a-z0-9]+)*")
_BREAK = set(".!?;。！？；\n")
_LONGEST_PHRASE = 5  # words
_LONGEST_RUN = 8  # Chinese characters


@dataclass(frozen=True)
class Token:
    text: str  # as the member wrote it
    meanings: tuple[Meaning, ...]  # empty: unknown

    def of(self, role: str) -> str | None:
        return next((m.value for m in self.meanings if m.role == role), None)

    @property
    def many(self) -> bool:
        return any(m.many for m in self.meanings if m.role == "subject")


def tokens(text: str) -> list[Token]:
    """Longest matches from the left: English by words, Chinese by characters."""
    written = unicodedata.normalize("NFKC", text).lower()
    plain = simplified(written)
    if len(plain) != len(written):
        written = plain
    words = vocabulary()
    found: list[Token] = []
    unknown = ""
    at = 0
    while at < len(plain):
        char = plain[at]
        if is_han(char):
            for length in range(min(_LONGEST_RUN, len(plain) - at), 0, -1):
                meanings = words.get(plain[at : at + length])
                if meanings:
                    break
            else:
                unknown += written[at]
                at += 1
                continue
            found += _unknown(unknown)
            unknown = ""
            found.append(Token(written[at : at + length], meanings))
            at += length
            continue
        found += _unknown(unknown)
        unknown = ""
        match = _WORD.match(plain, at)
        if match is None:
            if char in _BREAK or char in ",，、:：":
                found.append(Token(char, (Meaning("break", "stop" if char in _BREAK else "comma"),)))
            at += 1
            continue
        token, at = _phrase(plain, at, match)
        found.append(token)
    return found + _unknown(unknown)


def _unknown(run: str) -> list[Token]:
    return [Token(run, ())] if run else []


def _phrase(text: str, at: int, first: re.Match[str]) -> tuple[Token, int]:
    words = vocabulary()
    ends = [first.end()]
    end = first.end()
    while len(ends) < _LONGEST_PHRASE:
        following = _WORD.match(text, end + 1) if end < len(text) and text[end] == " " else None
        if following is None:
            break
        end = following.end()
        ends.append(end)
    for end in reversed(ends):
        meanings = words.get(text[at:end])
        if meanings:
            return Token(text[at:end], meanings), end
    word = first.group()
    if word.endswith(("'s", "’s")) and (meanings := words.get(word[:-2])):
        return Token(word, meanings), first.end()
    if "-" in word and all(words.get(piece) for piece in word.split("-")):
        # a compound of known words is read as its first piece that says something; the rest of it goes on from there
        head = word.split("-")[0]
        return Token(head, words[head]), at + len(head)
    if word.isdigit():
        return Token(word, (Meaning("count", word),)), first.end()
    return Token(word, ()), first.end()

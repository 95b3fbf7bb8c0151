"""Text as Telegram is given it: letters, and entities that say how stretches of them look; no markup to escape."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from telegram import MessageEntity, User

from bots.telegram.buttons import Rows

TEXT_LIMIT: Final = 4_096
CAPTION_LIMIT: Final = 1_024
TOAST_LIMIT: Final = 200
PROMPT_SHOWN: Final = 300
NAME_SHOWN: Final = 40
_JOINER: Final = "\u2060"  # of no width: what stands around it is no name and no link any more

BOLD: Final = str(MessageEntity.BOLD)
ITALIC: Final = str(MessageEntity.ITALIC)
QUOTE: Final = str(MessageEntity.BLOCKQUOTE)
CODE: Final = str(MessageEntity.CODE)
_NAMED: Final = str(MessageEntity.TEXT_MENTION)


@dataclass(frozen=True)
class Styled:
    text: str
    style: str
    user: int | None = None  # whom the text names

    def entity(self, offset: int) -> MessageEntity:
        user = User(self.user, self.text, is_bot=False) if self.user is not None else None
        return MessageEntity(self.style, offset, _units(self.text), user=user)


@dataclass(frozen=True)
class Card:
    """A text with its buttons."""

    lines: tuple[str | Styled, ...]
    rows: Rows = ()

    def __str__(self) -> str:
        return "\n".join(line if isinstance(line, str) else line.text for line in self.lines)

    @property
    def entities(self) -> list[MessageEntity]:
        found, at = [], 0
        for line in self.lines:
            text = line if isinstance(line, str) else line.text
            if isinstance(line, Styled) and text:
                found.append(line.entity(at))
            at += _units(text) + 1
        return found

    def fitted(self, limit: int) -> "Card":
        """With its longest line shortened, where the whole is longer than a message may be."""
        over = _units(str(self)) - limit
        if over <= 0:
            return self
        lines = list(self.lines)
        longest = max(range(len(lines)), key=lambda number: _units(_text(lines[number])))
        kept = shortened(_text(lines[longest]), max(1, _units(_text(lines[longest])) - over - 1))
        was = lines[longest]
        lines[longest] = kept if isinstance(was, str) else replace(was, text=kept)
        return Card(tuple(lines), self.rows)

    def fits(self, limit: int) -> bool:
        return _units(str(self)) <= limit


def card(*lines: str | Styled | None, rows: Rows = ()) -> Card:
    return Card(tuple(line for line in lines if line), rows)


def told(*sentences: str) -> Card:
    return card(*sentences)


def _text(line: str | Styled) -> str:
    return line if isinstance(line, str) else line.text


def _units(text: str) -> int:
    """As Telegram counts: an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def shortened(text: str, limit: int) -> str:
    """To so many of Telegram's units."""
    if _units(text) <= limit:
        return text
    cut = text.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", "ignore")
    return cut.rstrip() + "…"


def plain(words: str, limit: int = PROMPT_SHOWN) -> str:
    """Somebody's words, shortened: they neither ring anybody nor become a link or a command."""
    text = shortened(" ".join(words.split()), limit)
    for sign in ("@", "://", "/", "#", "$"):
        text = text.replace(sign, f"{sign}{_JOINER}")
    return _without_domains(text)


def _without_domains(text: str) -> str:
    """A dot between letters makes Telegram show a link."""
    letters = list(text)
    for number in range(len(letters) - 2, 0, -1):
        if letters[number] == "." and letters[number - 1].isalnum() and letters[number + 1].isalpha():
            letters.insert(number + 1, _JOINER)
    return "".join(letters)


def quoted(prompt: str, limit: int = PROMPT_SHOWN) -> Styled:
    return Styled(plain(prompt, limit), QUOTE)


def named(user: int, name: str) -> Styled:
    """Somebody's name, which reaches them: a question in a group is shown as one to whoever it names."""
    return Styled(shortened(" ".join(name.split()), NAME_SHOWN) or str(user), _NAMED, user)


def small(*facts: str) -> Styled:
    return Styled(" · ".join(fact for fact in facts if fact), ITALIC)


def toast(sentences: Sequence[str] | str) -> str:
    text = sentences if isinstance(sentences, str) else " ".join(sentences)
    return shortened(text, TOAST_LIMIT)

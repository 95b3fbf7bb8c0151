"""Storyboards as they are typed: cards on the command line, or in a TOML file."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.errors import StudioError

_TYPED: Final = re.compile(r"\s*(?P<at>\d{1,3}(?:\.\d{1,3})?)\s*(?:s\b)?[:：]?\s+(?P<rest>\S.*)", re.DOTALL)
_SOURCE: Final = re.compile(r"@(?P<name>.+?)(?:\[(?P<start>[\d.]*)-(?P<end>[\d.]*)\])?\s*")
_KEYS: Final = frozenset({"at", "text", "image", "clip", "start", "end"})
_FILE_LIMIT: Final = 2**20  # bytes


@dataclass(frozen=True)
class TypedCard:
    """A card as it was typed: at a time, words, or a clip or an image by its id or file, perhaps a part of it."""

    at: float
    text: str = ""
    source: str = ""
    start: float = 0.0
    end: float | None = None


def read_board(file: Path | None, typed: Iterable[str]) -> tuple[TypedCard, ...]:
    """The cards of the file and of the command line, by their times."""
    cards = [*(_of_file(file) if file is not None else ()), *map(_of_words, typed)]
    return tuple(sorted(cards, key=lambda card: card.at))


def _of_words(typed: str) -> TypedCard:
    """`3 a crane stands in a stream`, `5 @photo.jpg`, `8 @9m10kmr9[1-3.5]`."""
    match = _TYPED.fullmatch(typed)
    if match is None:
        raise StudioError("brief.card_unreadable", card=typed[:60])
    at, rest = float(match["at"]), match["rest"]
    if not rest.startswith("@"):
        return TypedCard(at, rest)
    source = _SOURCE.fullmatch(rest)
    if source is None:
        raise StudioError("brief.card_unreadable", card=typed[:60])
    try:
        start, end = float(source["start"] or 0), float(source["end"]) if source["end"] else None
    except ValueError:
        raise StudioError("brief.card_unreadable", card=typed[:60]) from None
    return TypedCard(at, "", source["name"], start, end)


def _of_file(file: Path) -> list[TypedCard]:
    """`[[card]]` tables with `at` and one of `text`, `image`, `clip`; `start` and `end` trim a clip."""
    if file.is_dir():
        raise StudioError("file.folder", file=str(file))
    if not file.exists():
        raise StudioError("file.missing", file=str(file))
    try:
        if file.stat().st_size > _FILE_LIMIT:
            raise StudioError("brief.board_unreadable", file=str(file))
        cards = tomllib.loads(file.read_text("utf-8")).get("card")
    except OSError as error:
        raise StudioError("file.unreadable", file=str(file), cause=error.strerror or str(error)) from error
    except ValueError as error:
        raise StudioError("brief.board_unreadable", file=str(file)) from error
    if not isinstance(cards, list) or not all(isinstance(card, dict) and set(card) <= _KEYS for card in cards):
        raise StudioError("brief.board_unreadable", file=str(file))
    return [_of_table(file, card) for card in cards]


def _of_table(file: Path, card: dict[str, Any]) -> TypedCard:
    try:
        image, clip = str(card.get("image", "")), str(card.get("clip", ""))
        if image:  # beside the storyboard, as it is written there
            image = str((file.parent / image).resolve()) if not Path(image).is_absolute() else image
        end = card.get("end")
        return TypedCard(
            at=float(card["at"]),
            text=str(card.get("text", "")),
            source=image or clip,
            start=float(card.get("start", 0.0)),
            end=None if end is None else float(end),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise StudioError("brief.board_unreadable", file=str(file)) from error

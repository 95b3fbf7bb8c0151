"""Buttons whose data say all: what to do, and with which job or clip. They outlive any restart.

The data begin with their version. A button of a version that this Kinora does not know is answered kindly.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

VERSION: Final = "k1"
DATA_LIMIT: Final = 64  # bytes
_DATA: Final = re.compile(rf"{VERSION}:([a-z_]+)(?::([^:]*)(?::(.*))?)?")


@dataclass(frozen=True)
class Wish:
    """What a press asks for."""

    action: str
    about: str = ""  # the id of a job, a clip or a case, or the place in a list
    more: str = ""


@dataclass(frozen=True)
class Button:
    label: str
    action: str = ""
    about: str = ""
    more: str = ""
    url: str = ""  # opened instead
    query: str | None = None  # typed after the bot's name in a chat to be chosen, instead

    @property
    def data(self) -> str:
        written = ":".join((VERSION, self.action, self.about, self.more)).rstrip(":")
        if len(written.encode()) > DATA_LIMIT:
            raise ValueError(f"{written} does not fit into a button")
        return written


Rows = Sequence[Sequence[Button]]


def read(data: str) -> Wish | None:
    """What a button of this version asks for."""
    found = _DATA.fullmatch(data)
    return Wish(found[1], found[2] or "", found[3] or "") if found else None


def markup(rows: Rows) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[_button(one) for one in row] for row in rows if row])


def _button(one: Button) -> InlineKeyboardButton:
    if one.url:
        return InlineKeyboardButton(one.label, url=one.url)
    if one.query is not None:
        return InlineKeyboardButton(one.label, switch_inline_query=one.query)
    return InlineKeyboardButton(one.label, callback_data=one.data)

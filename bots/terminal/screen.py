"""What is printed, and where: answers on standard output, everything else on standard error."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

OUT: Final = Console(highlight=False, markup=False, emoji=False)
ERR: Final = Console(stderr=True, highlight=False, markup=False, emoji=False)

_GAP: Final = 2  # between two columns of a table
_LEAST_WIDTH: Final = 12  # of the column that gives way


def plain(text: str, longest: int | None = None) -> str:
    """Text that somebody typed, safe to print: nothing in it moves the cursor or turns the line around."""
    shown = "".join(" " if letter in "\n\r\t" else letter for letter in text)
    shown = "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(letter) in ("Cc", "Cs") or _turns_round(letter) else letter
        for letter in shown
    )
    return shown if longest is None or len(shown) <= longest else shown[: longest - 1] + "…"


def _turns_round(letter: str) -> bool:
    return "\u202a" <= letter <= "\u202e" or "\u2066" <= letter <= "\u2069"


def show(text: str = "", style: str = "", *, mark: str = "", mark_style: str = "") -> None:
    """One line of an answer. Paths are never broken: they must stay fit for copying."""
    OUT.print(_line(text, style, mark, mark_style), soft_wrap=True)


def tell(text: str = "", style: str = "", *, mark: str = "", mark_style: str = "") -> None:
    """One line beside the answer."""
    ERR.print(_line(text, style, mark, mark_style), soft_wrap=True)


def _line(text: str, style: str, mark: str, mark_style: str) -> Text:
    return Text.assemble((f"{mark} ", mark_style), (text, style)) if mark else Text(text, style=style)


def answer(data: Any) -> None:
    """One JSON answer a line, Chinese as it is. Lone surrogates, which no encoding can carry, are escaped."""
    line = json.dumps(data, ensure_ascii=False, allow_nan=False)
    if any("\ud800" <= letter <= "\udfff" for letter in line):
        line = json.dumps(data, allow_nan=False)
    OUT.file.write(line + "\n")
    OUT.file.flush()


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, widest: int | None = None) -> None:
    """A table; the column `widest` gives way where the terminal is narrow, the others never: half a number is none."""
    lines = [tuple(headings), *(tuple(row) for row in rows)]
    columns = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    if widest is not None and OUT.is_terminal:
        columns[widest] = min(columns[widest], _LEAST_WIDTH)
    drawn = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for number, heading in enumerate(headings):
        ratio = 1 if number == widest else None
        drawn.add_column(heading, no_wrap=True, overflow="ellipsis", ratio=ratio, min_width=columns[number])
    for row in lines[1:]:
        drawn.add_row(*(Text(cell) for cell in row))
    before = OUT.width
    OUT.width = max(before, sum(columns) + _GAP * len(columns))
    OUT.print(drawn)
    OUT.width = before


def moment(milliseconds: int) -> str:
    """A time as this machine's clock shows it."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def iso(milliseconds: int) -> str:
    """A time as JSON carries it."""
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).isoformat(timespec="milliseconds")

"""Small bar charts as SVG, for pages without scripts. Each says in words what it shows, for those who do not see it."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

_WIDTH: Final = 640
_LABEL: Final = 190
_BAR: Final = 18
_GAP: Final = 8
_HIGH: Final = 140
_BELOW: Final = 22
_MOST_LABELS: Final = 10


def lying(title: str, rows: Mapping[str, Sequence[int]], series: Sequence[str]) -> str:
    """A bar for each row, from left to right, of as many parts as there are series."""
    longest = max((sum(parts) for parts in rows.values()), default=0) or 1
    room = _WIDTH - _LABEL - 60
    drawn = []
    for number, (label, parts) in enumerate(rows.items()):
        top = number * (_BAR + _GAP)
        middle = top + _BAR * 0.72
        drawn.append(f'<text class="label" x="{_LABEL - 8}" y="{middle:.1f}" text-anchor="end">{escape(label)}</text>')
        left = float(_LABEL)
        for part, count in enumerate(parts):
            width = room * count / longest
            drawn.append(f'<rect class="s{part}" x="{left:.1f}" y="{top}" width="{width:.1f}" height="{_BAR}"/>')
            left += width
        drawn.append(f'<text class="label" x="{left + 6:.1f}" y="{middle:.1f}">{sum(parts)}</text>')
    said = "; ".join(f"{label}: {_counted(parts, series)}" for label, parts in rows.items())
    return _chart(title, said, drawn, len(rows) * (_BAR + _GAP))


def standing(title: str, columns: Mapping[str, Sequence[int]], series: Sequence[str]) -> str:
    """A bar for each column, from the ground up. Where there are many, only some are named."""
    highest = max((sum(parts) for parts in columns.values()), default=0) or 1
    step = _WIDTH / max(1, len(columns))
    every = max(1, -(-len(columns) // _MOST_LABELS))
    drawn = [f'<text class="label" x="0" y="11">{highest}</text>', f'<path class="axis" d="M0 {_HIGH}H{_WIDTH}"/>']
    for number, (label, parts) in enumerate(columns.items()):
        left, ground = number * step + step * 0.1, float(_HIGH)
        for part, count in enumerate(parts):
            tall = (_HIGH - 16) * count / highest
            ground -= tall
            box = f'x="{left:.1f}" y="{ground:.1f}" width="{step * 0.8:.1f}" height="{tall:.1f}"'
            drawn.append(f'<rect class="s{part}" {box}/>')
        if number % every == 0:
            middle = left + step * 0.4
            text = f'x="{middle:.1f}" y="{_HIGH + 16}" text-anchor="middle"'
            drawn.append(f'<text class="label" {text}>{escape(label)}</text>')
    said = "; ".join(f"{label}: {_counted(parts, series)}" for label, parts in columns.items() if sum(parts))
    return _chart(title, said, drawn, _HIGH + _BELOW)


def _counted(parts: Sequence[int], series: Sequence[str]) -> str:
    if len(series) == 1:
        return str(parts[0])
    return ", ".join(f"{name} {count}" for name, count in zip(series, parts, strict=True) if count)


def _chart(title: str, said: str, drawn: Sequence[str], height: int) -> str:
    shown = "".join(drawn)
    words = f"<title>{escape(title)}</title><desc>{escape(said)}</desc>"
    return f'<svg role="img" viewBox="0 0 {_WIDTH} {height}">{words}{shown}</svg>'

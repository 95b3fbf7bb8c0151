"""The picture of a storyboard before it is made: every card as a panel, under it what comes before the next one.

Which moments are looked at, and where they stand on the sheet. It is read on a telephone: numbers and times are large,
and nothing else is written, since the words stand beside the picture in whatever script they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFont

CUT_WITHIN: Final = 1.0  # seconds between two cards: less than that is a cut
_WIDTH: Final = 1_280
_GAP: Final = 22
_SMALL_GAP: Final = 8
_RULER: Final = 72
_MARK: Final = 64  # room for the visible mark, which keeps off the edge
_SAFE: Final = 0.05
_BACKGROUND: Final = (24, 24, 27)
_LINE: Final = (82, 82, 91)
_FILLED: Final = (161, 98, 7)
_ACCENT: Final = (250, 204, 21)
_INK: Final = (244, 244, 245)
_DARK_INK: Final = (39, 39, 42)
_ROUND: Final = 12
# Of the stretch from a card to the next one: when its panel is taken, and what is shown of the way.
_SETTLED: Final = 0.3
_SETTLED_AT_MOST: Final = 1.2  # seconds
_ON_THE_WAY: Final = (0.5, 0.75, 0.92)


@dataclass(frozen=True)
class Moment:
    """A frame of the film that the cards are going to be."""

    card: int  # counted from 0: the one that it shows, or that it comes after
    seconds: float
    is_panel: bool


@dataclass(frozen=True)
class Layout:
    """How large things are, so that a wide, a square and a tall film each fill the sheet."""

    columns: int
    panel: tuple[int, int]
    small: tuple[int, int]
    is_beside: bool  # the small ones stand to the right of their panel, not below it
    cell: tuple[int, int]

    @classmethod
    def of(cls, cards: int, size: tuple[int, int]) -> "Layout":
        shape = size[0] / size[1]
        is_beside = shape <= 1
        columns = 1 if cards == 1 else 2 if cards <= 4 or (cards <= 6 and shape > 1) else 3
        room = (_WIDTH - _GAP * (columns + 1)) // columns
        count = len(_ON_THE_WAY)
        if is_beside:
            # The panel is as high as the small ones over each other.
            small_width = (room - _SMALL_GAP - shape * _SMALL_GAP * (count - 1)) / (1 + count)
            small = round(small_width), round(small_width / shape)
            height = small[1] * count + _SMALL_GAP * (count - 1)
            panel = room - small[0] - _SMALL_GAP, height
            return cls(columns, panel, small, True, (room, height))
        panel = room, round(room / shape)
        small_width = (room - _SMALL_GAP * (count - 1)) // count
        small = small_width, round(small_width / shape)
        return cls(columns, panel, small, False, (room, panel[1] + _SMALL_GAP + small[1]))


def moments(at: Sequence[float], seconds: float) -> list[Moment]:
    """What is drawn for cards at these times, in the order of the film."""
    found = []
    for card, (begins, ends) in enumerate(zip(at, (*at[1:], max(seconds, at[-1])), strict=True)):
        room = ends - begins
        found.append(Moment(card, begins + min(_SETTLED * room, _SETTLED_AT_MOST), is_panel=True))
        if room >= CUT_WITHIN:
            found += [Moment(card, begins + share * room, is_panel=False) for share in _ON_THE_WAY]
    return found


def sheet(pictures: Mapping[Moment, Image.Image], at: Sequence[float], seconds: float) -> Image.Image:
    """The panels in rows, and below them the whole length as a line. Both its sides are even."""
    layout = Layout.of(len(at), next(iter(pictures.values())).size)
    rows = -(-len(at) // layout.columns)
    above = _GAP + rows * (layout.cell[1] + _GAP)
    height = round((above + _RULER + _MARK) / (1 - _SAFE))
    drawn = Image.new("RGB", (_WIDTH, height + height % 2), _BACKGROUND)
    draw = ImageDraw.Draw(drawn)
    small_ones: dict[int, int] = {}
    for moment, picture in pictures.items():
        row, column = divmod(moment.card, layout.columns)
        left, top = _GAP + column * (layout.cell[0] + _GAP), _GAP + row * (layout.cell[1] + _GAP)
        if moment.is_panel:
            _paste(drawn, picture, (left, top), layout.panel)
            _draw_number(draw, left, top, moment.card + 1)
            _draw_time(draw, left + layout.panel[0], top, at[moment.card])
            continue
        place = small_ones.get(moment.card, 0)
        small_ones[moment.card] = place + 1
        if layout.is_beside:
            corner = (left + layout.panel[0] + _SMALL_GAP, top + place * (layout.small[1] + _SMALL_GAP))
        else:
            corner = (left + place * (layout.small[0] + _SMALL_GAP), top + layout.panel[1] + _SMALL_GAP)
        _paste(drawn, picture, corner, layout.small)
    _draw_ruler(draw, above, at, seconds)
    return drawn


def _paste(sheet: Image.Image, picture: Image.Image, corner: tuple[int, int], size: tuple[int, int]) -> None:
    small = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    sheet.paste(small, corner, _rounded(size))


def _rounded(size: tuple[int, int]) -> Image.Image:
    """Drawn twice as large, so that the corners are smooth."""
    mask = Image.new("L", (size[0] * 2, size[1] * 2), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *(side * 2 - 1 for side in size)), _ROUND * 2, fill=255)
    return mask.resize(size, Image.Resampling.LANCZOS)


def _draw_number(draw: ImageDraw.ImageDraw, left: int, top: int, number: int) -> None:
    draw.ellipse((left + 12, top + 12, left + 68, top + 68), fill=_ACCENT)
    draw.text((left + 40, top + 40), f"{number}", font=ImageFont.load_default(36), fill=_DARK_INK, anchor="mm")


def _draw_time(draw: ImageDraw.ImageDraw, right: int, top: int, seconds: float) -> None:
    font = ImageFont.load_default(32)
    text = f"{seconds:g} s"
    width = draw.textlength(text, font=font)
    draw.rounded_rectangle((right - 44 - width, top + 12, right - 12, top + 62), 25, fill=_BACKGROUND)
    draw.text((right - 28 - width / 2, top + 36), text, font=font, fill=_INK, anchor="mm")


def _draw_ruler(draw: ImageDraw.ImageDraw, top: int, at: Sequence[float], seconds: float) -> None:
    """From the first moment to the last: filled where the film goes on from card to card, broken where it cuts."""
    start, end, y = _GAP + 24, _WIDTH - _GAP - 24, top + 34
    whole = max(seconds, at[-1], 0.1)
    places = [start + (end - start) * one / whole for one in at]
    draw.rounded_rectangle((start, y - 5, end, y + 5), 5, fill=_LINE)
    for left, right, begins, ends in zip(places, (*places[1:], end), at, (*at[1:], whole), strict=True):
        if ends - begins >= CUT_WITHIN:
            draw.rounded_rectangle((left, y - 5, right, y + 5), 5, fill=_FILLED)
    for number, x in enumerate(places, 1):
        draw.ellipse((x - 13, y - 13, x + 13, y + 13), fill=_ACCENT)
        draw.text((x, y), f"{number}", font=ImageFont.load_default(18), fill=_DARK_INK, anchor="mm")


# -- what is not shown yet -----------------------------------------------------------------------------------------


def curtain_of(size: tuple[int, int]) -> Image.Image:
    """Stands for what nobody has looked at: a picture behind a curtain, the same on every card."""
    width, height = size
    drawn = Image.new("RGB", size, (52, 55, 63))
    stripes = Image.new("L", size, 0)
    draw = ImageDraw.Draw(stripes)
    step = max(12, height // 14)
    for at in range(-height, width, step * 2):
        draw.polygon([(at, height), (at + height, 0), (at + height + step, 0), (at + step, height)], fill=16)
    drawn = ImageChops.add(drawn, Image.merge("RGB", (stripes,) * 3))
    side = min(size) * 0.34
    x, y = width / 2, height / 2
    line = max(3, round(side / 22))
    draw = ImageDraw.Draw(drawn)
    frame = (x - side * 0.75, y - side * 0.55, x + side * 0.75, y + side * 0.55)
    draw.rounded_rectangle(frame, side / 10, outline=(190, 194, 204), width=line)
    inner = line * 2.5
    left, right = frame[0] + inner, frame[2] - inner
    top, bottom = frame[1] + inner, frame[3] - inner
    draw.ellipse((left + side * 0.1, top + side * 0.06, left + side * 0.3, top + side * 0.26), fill=(150, 154, 165))
    draw.polygon(
        [(left, bottom), (left + side * 0.42, top + side * 0.34), (left + side * 0.8, bottom)], fill=(120, 124, 136)
    )
    draw.polygon(
        [(right - side * 0.75, bottom), (right - side * 0.34, top + side * 0.2), (right, bottom)], fill=(150, 154, 165)
    )
    # struck through: not to be seen yet
    out = side / 10
    stroke = (frame[0] - out, frame[3] + out, frame[2] + out, frame[1] - out)
    draw.line(stroke, fill=(52, 55, 63), width=line * 4)
    draw.line(stroke, fill=(214, 218, 227), width=line)
    return drawn

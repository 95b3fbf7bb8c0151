"""Pictures taken out of a clip: the poster of a card, the sheet a moderator looks at, the exhibit a chat may carry."""

from collections.abc import Sequence
from math import ceil, sqrt
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from storage.media import Converter, Planes, frames_at, probe

_GAP = 6
_BACKGROUND = (24, 24, 27)
_INK = (255, 255, 255)
_LETTER_HEIGHT = 14  # of Pillow's own letters: a fresh machine has no fonts
# Faces, bodies and writing are gone, the layout of the scene stays: the radius as a part of a picture's shorter side.
_BLUR = 1 / 12


def poster(clip: Path, at: float = 0.0) -> Image.Image:
    """The frame that is on screen at `at` seconds: the last one, if the clip is over by then."""
    (frame,) = frames_at(clip, [at])
    return _picture(frame.planes)


def contact_sheet(clip: Path, frames: int = 9, width: int = 320) -> Image.Image:
    """Frames spread evenly over the clip, row by row, each `width` wide and with its time in the corner."""
    return _sheet(clip, frames, width, hidden=False)


def montage(clips: Sequence[Path], share: float, columns: int = 3, width: int = 480) -> Image.Image:
    """One frame of each clip, at that share of its length, row by row, all of the first one's shape."""
    facts = probe(clips[0])
    height = round(width * facts.height / facts.width)
    columns = min(columns, len(clips))
    rows = ceil(len(clips) / columns)
    sheet = Image.new("RGB", (columns * (width + _GAP) - _GAP, rows * (height + _GAP) - _GAP), "white")
    for place, clip in enumerate(clips):
        small = poster(clip, probe(clip).seconds * share).resize((width, height), Image.Resampling.LANCZOS)
        sheet.paste(small, (place % columns * (width + _GAP), place // columns * (height + _GAP)))
    return sheet


def exhibit(clip: Path, frames: int = 9, width: int = 320) -> Image.Image:
    """The same sheet, blurred and grey: what a moderator's chat may carry. The times stay sharp."""
    return _sheet(clip, frames, width, hidden=True)


def _sheet(clip: Path, frames: int, width: int, *, hidden: bool) -> Image.Image:
    facts = probe(clip)
    shown = max(1, min(frames, facts.frames))
    height = max(1, round(width * facts.height / facts.width))
    columns = ceil(sqrt(shown))
    rows = ceil(shown / columns)
    sheet = Image.new("RGB", (columns * width + (columns + 1) * _GAP, rows * height + (rows + 1) * _GAP), _BACKGROUND)
    times = [(place + 0.5) * facts.seconds / shown for place in range(shown)]
    for frame in frames_at(clip, times):
        picture = _picture(frame.planes).resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
        if hidden:
            picture = picture.filter(ImageFilter.GaussianBlur(min(width, height) * _BLUR)).convert("L").convert("RGB")
        row, column = divmod(frame.index, columns)
        left, top = _GAP + column * (width + _GAP), _GAP + row * (height + _GAP)
        sheet.paste(picture, (left, top))
        _write_time(sheet, left, top + height, frame.seconds)
    return sheet


def _write_time(sheet: Image.Image, left: int, bottom: int, seconds: float) -> None:
    minutes, rest = divmod(round(seconds, 1), 60)
    text = f"{int(minutes)}:{rest:04.1f}"
    font = ImageFont.load_default(_LETTER_HEIGHT)
    draw = ImageDraw.Draw(sheet)
    place = (left + 6, bottom - 6)
    box = draw.textbbox(place, text, font=font, anchor="ls")
    draw.rectangle((box[0] - 4, box[1] - 3, box[2] + 4, box[3] + 3), fill=_BACKGROUND)
    draw.text(place, text, font=font, anchor="ls", fill=_INK)


def _picture(planes: Planes) -> Image.Image:
    return Image.fromarray(Converter().pixels(planes), "RGB")

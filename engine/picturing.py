"""Pictures of many clips at once, drawn by workers: the contact sheet of a library, the tree of remixes."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from pydantic import BaseModel, ConfigDict

from engine.fleet.base import Bench, Task
from engine.reports import SheetReport

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont
    from PIL.ImageFont import ImageFont as BitmapFont

_GAP: Final = 10
_BACKGROUND: Final = (24, 24, 27)
_PANEL: Final = (39, 39, 44)
_INK: Final = (244, 244, 245)
_FAINT: Final = (150, 150, 158)
_STAR: Final = (250, 204, 21)
_LABEL: Final = 26
_LETTERS: Final = 14
_THUMB: Final = (240, 136)
_NODE: Final = (176, 100)
_LANE: Final = 56  # between two generations
_CARDS_A_ROW: Final = 5
_RULER: Final = 48
_SHORTEST_RULER: Final = 380
# A picture is looked at: more nodes than this could not be told apart, and the text has them all.
MOST_NODES: Final = 60


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True)


class GridCell(Strict):
    poster: Path
    label: str
    is_favourite: bool = False


class DrawGrid(Task[SheetReport]):
    """Posters in rows under each other, each with its clip's id; as near to a square as may be."""

    patience: ClassVar[float | None] = 60.0

    cells: tuple[GridCell, ...]
    destination: Path

    def do(self, bench: Bench) -> SheetReport:
        from math import ceil, sqrt

        from PIL import Image, ImageDraw

        columns = min(6, ceil(sqrt(len(self.cells))))
        rows = ceil(len(self.cells) / columns)
        width, height = _THUMB[0], _THUMB[1] + _LABEL
        size = (columns * (width + _GAP) + _GAP, rows * (height + _GAP) + _GAP)
        sheet = Image.new("RGB", size, _BACKGROUND)
        draw = ImageDraw.Draw(sheet)
        for number, cell in enumerate(self.cells):
            row, column = divmod(number, columns)
            left, top = _GAP + column * (width + _GAP), _GAP + row * (height + _GAP)
            _paste(sheet, _opened(bench, cell.poster), left, top, _THUMB)
            draw.text((left + 2, top + _THUMB[1] + _LABEL / 2), cell.label, font=_font(), fill=_INK, anchor="lm")
            if cell.is_favourite:
                _draw_star(draw, left + width - 12, top + _THUMB[1] + _LABEL // 2)
            bench.report(done=number + 1, of=len(self.cells))
        return _saved(sheet, self.destination)


class Shrink(Task[SheetReport]):
    """A picture made small: what a chat shows in place of a clip until that is loaded."""

    picture: Path
    destination: Path
    side: int  # of the longer one, in pixels

    def do(self, bench: Bench) -> SheetReport:
        from PIL import Image

        from engine.filing import blobs_at

        with Image.open(blobs_at(bench).bring(self.picture)) as picture:
            picture.draft("RGB", (self.side, self.side))
            small = picture.convert("RGB")
        small.thumbnail((self.side, self.side))
        small.save(self.destination, "JPEG", quality=80)
        return SheetReport(path=str(self.destination))


class NodeKind(StrEnum):
    CLIP = "clip"
    UPLOAD = "upload"
    SIGNED_UPLOAD = "signed_upload"  # it came with credentials of another tool


class TreeNode(Strict):
    """One clip of a tree of remixes, in the order of the tree's lines of text."""

    label: str
    poster: Path | None  # None: deleted, taken down, or not for these eyes
    depth: int
    is_asked_for: bool = False
    kind: NodeKind = NodeKind.CLIP


class DrawTree(Task[SheetReport]):
    """The tree from left to right, a generation a column, each node on a line of its own."""

    patience: ClassVar[float | None] = 60.0

    nodes: tuple[TreeNode, ...]
    destination: Path

    def do(self, bench: Bench) -> SheetReport:
        from PIL import Image, ImageDraw

        width, height = _NODE[0], _NODE[1] + _LABEL
        places = _places(self.nodes)
        columns = max(column for column, _ in places) + 1
        rows = max(row for _, row in places) + 1
        sheet = Image.new(
            "RGB", (columns * (width + _LANE) - _LANE + 2 * _GAP, rows * (height + _GAP) + _GAP), _BACKGROUND
        )
        draw = ImageDraw.Draw(sheet)
        corners = [(_GAP + column * (width + _LANE), _GAP + row * (height + _GAP)) for column, row in places]
        for parent, child in _edges(self.nodes):
            _draw_edge(draw, corners[parent], corners[child])
        for node, (left, top) in zip(self.nodes, corners, strict=True):
            if node.kind is NodeKind.CLIP:
                _paste(sheet, _opened(bench, node.poster) if node.poster else None, left, top, _NODE)
            else:
                _draw_upload(draw, left, top, signed=node.kind is NodeKind.SIGNED_UPLOAD)
            if node.is_asked_for:
                draw.rectangle((left - 2, top - 2, left + _NODE[0] + 1, top + _NODE[1] + 1), outline=_STAR, width=2)
            ink = _INK if node.poster else _FAINT
            draw.text((left + 2, top + _NODE[1] + _LABEL / 2), node.label, font=_font(), fill=ink, anchor="lm")
            bench.report(node=node.label)
        return _saved(sheet, self.destination)


class TimelineCard(Strict):
    at: float
    kind: str  # text, clip or upload
    poster: Path | None  # only of what was released


class DrawTimeline(Task[SheetReport]):
    """A storyboard: its cards in rows as in a comic, each with its number and time, over a line from start to end."""

    patience: ClassVar[float | None] = 60.0

    cards: tuple[TimelineCard, ...]
    seconds: float
    destination: Path

    def do(self, bench: Bench) -> SheetReport:
        from PIL import Image, ImageDraw

        columns = min(_CARDS_A_ROW, max(1, len(self.cards)))
        rows = -(-max(1, len(self.cards)) // columns)
        width = columns * (_NODE[0] + _GAP) + _GAP
        height = rows * (_NODE[1] + _LABEL + _GAP) + _GAP + _RULER
        sheet = Image.new("RGB", (max(width, _SHORTEST_RULER), height), _BACKGROUND)
        draw = ImageDraw.Draw(sheet)
        for number, card in enumerate(self.cards):
            row, column = divmod(number, columns)
            left, top = _GAP + column * (_NODE[0] + _GAP), _GAP + row * (_NODE[1] + _LABEL + _GAP)
            if card.kind == "text":
                _draw_text_card(draw, left, top)
            else:
                _paste(sheet, _opened(bench, card.poster) if card.poster else None, left, top, _NODE)
            if card.kind == "upload":
                _draw_frame(draw, left, top)
            label = f"{number + 1}   {card.at:g} s"
            draw.text((left + 2, top + _NODE[1] + _LABEL / 2), label, font=_font(), fill=_INK, anchor="lm")
        self._draw_ruler(draw, sheet.width, height)
        return _saved(sheet, self.destination)

    def _draw_ruler(self, draw: "ImageDraw", width: int, height: int) -> None:
        """Where the cards stand in the whole length."""
        y, start, end = height - _RULER // 2, _GAP * 2, width - _GAP * 2
        draw.line((start, y, end, y), fill=_FAINT, width=3)
        for number, card in enumerate(self.cards):
            x = start + (end - start) * min(1.0, card.at / self.seconds)
            draw.ellipse((x - 5, y - 5, x + 5, y + 5), fill=_STAR)
            draw.text((x, y - 14), f"{number + 1}", font=_font(12), fill=_INK, anchor="mm")
        draw.text((end, y + 14), f"{self.seconds:g} s", font=_font(12), fill=_FAINT, anchor="rm")


def _draw_text_card(draw: "ImageDraw", left: int, top: int) -> None:
    """Lines of writing: the words themselves stand beside the picture, in whatever script they are."""
    draw.rectangle((left, top, left + _NODE[0], top + _NODE[1]), fill=_PANEL)
    for line, share in enumerate((0.8, 0.9, 0.6, 0.75)):
        y = top + 22 + line * 18
        draw.line((left + 14, y, left + 14 + (_NODE[0] - 28) * share, y), fill=_FAINT, width=4)


def _draw_frame(draw: "ImageDraw", left: int, top: int) -> None:
    """A picture that nobody has looked at yet: a sun over hills."""
    right, bottom = left + _NODE[0], top + _NODE[1]
    draw.rectangle((left, top, right, bottom), fill=_PANEL)
    draw.ellipse((left + 36, top + 22, left + 58, top + 44), fill=_FAINT)
    draw.polygon([(left + 20, bottom - 14), (left + 74, top + 46), (left + 118, bottom - 14)], fill=_FAINT)
    draw.polygon([(left + 90, bottom - 14), (left + 126, top + 56), (right - 16, bottom - 14)], fill=_INK)


def _places(nodes: tuple[TreeNode, ...]) -> list[tuple[int, int]]:
    """Column and row of each node: a first child stands beside its parent, its siblings below all that it has."""
    places: list[tuple[int, int]] = []
    row = 0
    for number, node in enumerate(nodes):
        if number and node.depth <= nodes[number - 1].depth:
            row += 1
        places.append((node.depth, row))
    return places


def _edges(nodes: tuple[TreeNode, ...]) -> list[tuple[int, int]]:
    latest: dict[int, int] = {}
    edges = []
    for number, node in enumerate(nodes):
        if node.depth and node.depth - 1 in latest:
            edges.append((latest[node.depth - 1], number))
        latest[node.depth] = number
    return edges


def _draw_edge(draw: "ImageDraw", parent: tuple[int, int], child: tuple[int, int]) -> None:
    start = (parent[0] + _NODE[0], parent[1] + _NODE[1] // 2)
    end = (child[0], child[1] + _NODE[1] // 2)
    middle = (start[0] + end[0]) // 2
    draw.line((start, (middle, start[1]), (middle, end[1]), end), fill=_FAINT, width=2)


def _draw_upload(draw: "ImageDraw", left: int, top: int, *, signed: bool) -> None:
    """An arrow out of a tray: somebody brought it. A seal with a tick: it came with credentials."""
    draw.rectangle((left, top, left + _NODE[0] - 1, top + _NODE[1] - 1), fill=_PANEL)
    x, y = left + _NODE[0] // 2, top + _NODE[1] // 2
    draw.line((x, y + 14, x, y - 22), fill=_FAINT, width=4)
    draw.line((x - 14, y - 9, x, y - 23, x + 14, y - 9), fill=_FAINT, width=4, joint="curve")
    draw.line((x - 24, y + 10, x - 24, y + 26, x + 24, y + 26, x + 24, y + 10), fill=_FAINT, width=4, joint="curve")
    if signed:
        x, y = left + _NODE[0] - 20, top + 20
        draw.ellipse((x - 12, y - 12, x + 12, y + 12), fill=_INK)
        draw.line((x - 6, y, x - 1, y + 5, x + 6, y - 5), fill=_PANEL, width=3, joint="curve")


def _draw_star(draw: "ImageDraw", x: int, y: int) -> None:
    from math import cos, pi, sin

    points = [
        (x + radius * sin(turn * pi / 5), y - radius * cos(turn * pi / 5))
        for turn, radius in ((turn, 7.5 if turn % 2 == 0 else 3.2) for turn in range(10))
    ]
    draw.polygon(points, fill=_STAR)


def _opened(bench: Bench, poster: Path) -> "Image | None":
    """The poster; None where its file is missing or damaged: a sheet with a gap is better than no sheet."""
    from PIL import Image

    from engine.filing import blobs_at

    try:
        with Image.open(blobs_at(bench).bring(poster)) as opened:
            opened.draft("RGB", (_THUMB[0] * 2, _THUMB[1] * 2))
            return opened.convert("RGB")
    except OSError:
        return None


def _paste(sheet: "Image", picture: "Image | None", left: int, top: int, size: tuple[int, int]) -> None:
    """The whole picture in the middle of its panel: a tall clip is shown tall."""
    from PIL import Image, ImageDraw

    ImageDraw.Draw(sheet).rectangle((left, top, left + size[0] - 1, top + size[1] - 1), fill=_PANEL)
    if picture is None:
        x, y = left + size[0] // 2, top + size[1] // 2
        for slope in (1, -1):  # Pillow's own letters have no such sign
            ImageDraw.Draw(sheet).line((x - 9, y - 9 * slope, x + 9, y + 9 * slope), fill=_FAINT, width=3)
        return
    picture.thumbnail(size, Image.Resampling.LANCZOS)
    sheet.paste(picture, (left + (size[0] - picture.width) // 2, top + (size[1] - picture.height) // 2))


def _font(size: int = _LETTERS) -> "FreeTypeFont | BitmapFont":
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _saved(sheet: "Image", destination: Path) -> SheetReport:
    import os

    part = destination.with_name(f".{destination.name[:100]}.{os.getpid()}.part")
    try:
        sheet.save(part, format="PNG")
        part.replace(destination)
    finally:
        part.unlink(missing_ok=True)
    return SheetReport(path=str(destination))

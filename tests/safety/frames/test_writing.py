"""Letters in pictures: read where they can be, and where not, somebody is told that there are some."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from safety.frames import writing
from safety.frames.base import SeenFrame
from safety.frames.writing import MOST, Picture, Writing
from safety.verdict import Fault
from storage.media import Converter


def sheet(*lines: str, size: int = 34, ink: str = "white") -> Image.Image:
    grain = np.random.default_rng(5).integers(70, 110, (360, 640, 3), dtype=np.uint8)
    page = Image.fromarray(grain)
    letters = ImageFont.load_default(size)
    for row, line in enumerate(lines):
        ImageDraw.Draw(page).text((30, 40 + row * size * 2), line, font=letters, fill=ink)
    return page


def frame(page: Image.Image, index: int = 0) -> SeenFrame:
    planes = Converter().planes(np.asarray(page.convert("RGB")), "rgb24")
    return SeenFrame(index, index / 24, planes.luma, planes.cb, planes.cr)


def read(*pages: Image.Image) -> writing.Written:
    eyes = Writing()
    for index, page in enumerate(pages):
        eyes.see(frame(page, index * 12))
    return eyes.conclude()


def squeezed(texts: tuple[str, ...]) -> str:
    """Spaces are what the recogniser is least sure of."""
    return "".join("".join(texts).split()).lower()


@pytest.mark.parametrize("ink", ["white", "#d01818", "#202020"])
def test_what_stands_in_a_picture_is_read(ink: str) -> None:
    written = read(sheet("The quick brown fox", "jumps at midnight", ink=ink))
    assert squeezed(written.texts) == "thequickbrownfoxjumpsatmidnight" and written.fault is None
    assert written.texts[0].count("\n") == 1, "a line is a line"


def test_chinese_is_read_in_both_scripts() -> None:
    """From a picture of two lines, since few machines have a font to draw them with."""
    with Image.open(Path(__file__).with_name("chinese.png")) as page:
        assert read(page.convert("RGB")).texts == ("狐狸在雪地裡奔跑\n狐狸在雪地里奔跑",)


def test_a_mirrored_and_a_turned_picture_hide_nothing() -> None:
    page = sheet("meet me at the harbour", size=40)
    for hidden in (page.transpose(Image.Transpose.FLIP_LEFT_RIGHT), page.rotate(180)):
        assert "harbour" in squeezed(read(hidden).texts)


def test_a_picture_without_letters_has_none() -> None:
    written = read(sheet())
    assert written.texts == () and written.fault is None


def test_a_word_a_moment_is_a_sentence_too() -> None:
    written = read(*(sheet(word, size=60) for word in ("meet", "under", "bridges")))
    assert written.texts[:3] == ("meet", "under", "bridges") and written.texts[-1] == "meet under bridges"


class Reader:
    """Answers what it is told to, and counts."""

    def __init__(self, *found: tuple[str, float], error: Exception | None = None) -> None:
        self.found, self.error, self.pictures = found, error, 0

    def __call__(self, picture: Picture) -> list[tuple[str, float]]:
        self.pictures += 1
        if self.error is not None:
            raise self.error
        return list(self.found)


def seen_by(reader: Reader, *pages: Image.Image) -> writing.Written:
    eyes = Writing(lambda: reader)
    for index, page in enumerate(pages):
        eyes.see(frame(page, index * 12))
    return eyes.conclude()


def test_a_picture_that_stands_still_is_read_once_and_a_small_line_that_comes_up_is_not_missed() -> None:
    still, with_line = sheet("one"), sheet("one", "a small line", size=14)
    reader = Reader(("one", 0.9))
    seen_by(reader, *[still] * 20)
    assert reader.pictures == 1
    seen_by(reader, still, with_line, with_line, still)
    assert reader.pictures == 4


@pytest.mark.parametrize(("found", "fault"), [(("привет", 0.3), Fault.UNREAD), (("O", 0.3), None), (("ok", 0.9), None)])
def test_letters_that_nobody_can_read_are_told(found: tuple[str, float], fault: Fault | None) -> None:
    assert seen_by(Reader(found), sheet()).fault is fault


@pytest.mark.parametrize(
    ("error", "fault"),
    [(ImportError("no wheel"), Fault.MISSING), (MemoryError(), Fault.CRASHED), (OSError(), Fault.CRASHED)],
)
def test_whatever_keeps_it_from_reading_is_a_fault(error: Exception, fault: Fault) -> None:
    reader = Reader(error=error)
    written = seen_by(reader, sheet("one"), sheet("two"))
    assert (written.texts, written.fault, reader.pictures) == ((), fault, 1)


def test_nothing_shown_is_nothing_read() -> None:
    assert Writing().conclude().fault is Fault.UNDECODABLE


def test_a_slow_reader_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_SECONDS", 0.0)
    assert seen_by(Reader(("one", 0.9)), sheet("one")).fault is Fault.SLOW


def test_a_book_of_a_film_is_kept_within_bounds() -> None:
    eyes = Writing(lambda: lambda picture: [(f"{picture[0, 0, 0]} " + "話" * 6_000, 0.9)])
    for index in range(MOST + 15):
        page = Image.new("RGB", (640, 360), (index * 6, 0, 0))
        eyes.see(frame(page, index * 12))
    texts = eyes.conclude().texts
    assert len(texts) <= MOST + 1 and max(map(len, texts)) <= writing.LONGEST

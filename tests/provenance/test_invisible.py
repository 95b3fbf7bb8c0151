"""The invisible mark: put in unseen, read after mistreatment, and never read where it is not."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from provenance import codes
from provenance.invisible import InvisibleMark
from provenance.pictures import pictures_in
from provenance.reader import Issued, MarkRead, Way, read_marks
from storage.media import Mp4Writer, Planes

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
CLIP = "7k3m9x2a"
SIZE = (640, 360)
Frame = NDArray[np.uint8]


def issued(*clips: str, key: bytes = KEY) -> Issued:
    messages = b"".join(codes.message(clip, key) for clip in clips)
    return Issued("0001-00000000", key, np.frombuffer(messages, np.uint8).reshape(-1, codes.MESSAGE_BYTES))


def landscape(size: tuple[int, int] = SIZE, seed: int = 4) -> Frame:
    """Something between a photograph and a drawing: smooth light, hills with grain, and hard edges."""
    dice = np.random.default_rng(seed)
    width, height = size
    rough = sum(
        np.asarray(
            Image.fromarray(dice.normal(0, 26 / 2**octave, (3 << octave, 5 << octave)).astype(np.float32)).resize(
                size, Image.Resampling.BICUBIC
            )
        )
        for octave in range(6)
    )
    picture = 90 + 80 * np.linspace(0, 1, height)[:, None] + rough
    picture[height // 2 : height // 2 + height // 5, width // 3 : width // 2] = 60
    return np.clip(picture, 16, 235).astype(np.uint8)


def write(path: Path, lumas: list[Frame], *, clip: str | None = CLIP, key: bytes = KEY, crf: int = 20) -> Path:
    height, width = lumas[0].shape
    mark = InvisibleMark(width, height, clip, key) if clip else None
    with Mp4Writer(path, width, height, 24, crf=crf) as writer:
        for luma in lumas:
            planes = Planes.blank(width, height)
            planes.luma[:], planes.cb[:], planes.cr[:] = luma, 128, 128
            if mark:
                mark.stamp(planes.luma, planes.cb, planes.cr)
            writer.write(planes)
    return path


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of a slow pan, marked, as the darkroom encodes it."""
    whole = landscape((700, 400))
    lumas = [whole[shift : shift + 360, 2 * shift : 2 * shift + 640] for shift in range(24)]
    return write(tmp_path_factory.mktemp("marked") / "clip.mp4", lumas)


def frames(path: Path) -> list[Frame]:
    found = pictures_in(path)
    assert found is not None
    return list(found.frames)


def the_mark(lumas: list[Frame], *books: Issued) -> MarkRead:
    (mark,) = read_marks(lumas, books or [issued(CLIP)])
    return mark


def resized(luma: Frame, width: int, height: int) -> Frame:
    return np.asarray(Image.fromarray(luma).resize((width, height), Image.Resampling.BICUBIC))


ATTACKS: dict[str, Callable[[Frame], Frame]] = {
    "mirror": lambda luma: luma[:, ::-1],
    "crop of a quarter": lambda luma: luma[20:332, 50:604],
    "crop of a quarter, scaled back": lambda luma: resized(luma[30:342, 30:584], 640, 360),
    "half size": lambda luma: resized(luma, 320, 180),
    "odd size": lambda luma: resized(luma, 527, 296),
    "brighter": lambda luma: np.clip(luma * 1.2, 0, 255).astype(np.uint8),
    "letterbox": lambda luma: np.pad(luma, ((60, 60), (0, 0)), constant_values=16),
    "turned by 3 degrees": lambda luma: np.asarray(Image.fromarray(luma).rotate(3, Image.Resampling.BICUBIC)),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_mark_survives(clip: Path, attack: str) -> None:
    mark = the_mark([np.ascontiguousarray(ATTACKS[attack](luma)) for luma in frames(clip)])
    assert mark.clip_id == CLIP and mark.mirrored == (attack == "mirror")


def test_the_mark_survives_being_compressed_again(clip: Path, tmp_path: Path) -> None:
    again = write(tmp_path / "again.mp4", frames(clip), clip=None, crf=28)
    assert the_mark(frames(again)).clip_id == CLIP


def test_one_frame_as_a_screenshot_is_enough(clip: Path, tmp_path: Path) -> None:
    with av.open(str(clip)) as container:
        picture = [frame.to_image() for frame in container.decode(video=0)][13]
    for name, settings in (("shot.png", {}), ("shot.jpg", {"quality": 75})):
        picture.save(tmp_path / name, **settings)
        assert the_mark(frames(tmp_path / name)).clip_id == CLIP, name


def test_the_tag_names_a_clip_that_no_list_holds(clip: Path) -> None:
    mark = the_mark(frames(clip), issued())
    assert (mark.clip_id, mark.way) == (CLIP, Way.TAG)


def test_an_older_key_is_still_read_and_a_wrong_one_reads_nothing(clip: Path) -> None:
    assert the_mark(frames(clip), issued(key=OTHER_KEY), issued(CLIP)).clip_id == CLIP
    assert read_marks(frames(clip), [issued(CLIP, key=OTHER_KEY)]) == []


def test_nothing_is_read_where_nothing_is() -> None:
    dice = np.random.default_rng(1)
    book = Issued("0001-00000000", KEY, dice.integers(0, 256, (100_000, codes.MESSAGE_BYTES), dtype=np.uint8))
    fence = np.tile(np.uint8([40, 200, 90, 160]), (360, 160))
    noise = dice.integers(0, 256, (360, 640), dtype=np.uint8)
    for picture in (landscape(), fence, noise, np.zeros((360, 640), np.uint8), np.full((40, 40), 9, np.uint8)):
        assert read_marks([picture], [book]) == []
    assert read_marks([], [book]) == []


def test_two_marks_are_both_told() -> None:
    lumas = [landscape().copy() for _ in range(2)]
    for luma in lumas:
        for name in (CLIP, "9m10kmr9"):
            InvisibleMark(*SIZE, name, KEY).stamp(luma, luma, luma)
    assert {mark.clip_id for mark in read_marks(lumas, [issued(CLIP, "9m10kmr9", "aaaaaaaa")])} == {CLIP, "9m10kmr9"}


@pytest.mark.parametrize(("size", "most"), [((854, 480), 0.8), ((1280, 720), 0.5), ((480, 854), 0.8)])
def test_the_mark_is_faint(size: tuple[int, int], most: float) -> None:
    """In a smooth place hardly anything, and nowhere much."""
    mark = InvisibleMark(*size, CLIP, KEY)
    smooth = np.full(size[::-1], 120, np.uint8)
    marked = smooth.copy()
    mark.stamp(marked, marked, marked)
    assert 0 < np.sqrt(np.square(marked.astype(float) - smooth).mean()) <= most
    picture = landscape(size)
    marked = picture.copy()
    mark.stamp(marked, marked, marked)
    wrong = np.square(marked.astype(float) - picture).mean()
    assert 10 * np.log10(255**2 / wrong) >= 42


@pytest.mark.parametrize("size", [(16, 16), (18, 640), (642, 362)])
def test_odd_sizes_are_marked_within_their_borders(size: tuple[int, int]) -> None:
    luma = np.full(size[::-1], 255, np.uint8)
    InvisibleMark(*size, CLIP, KEY).stamp(luma, luma, luma)
    assert luma.min() > 235  # nothing wrapped around


def test_a_message_keeps_its_id_and_only_the_key_makes_its_tag() -> None:
    told = codes.message(CLIP, KEY)
    assert codes.clip_id_of(told) == CLIP and codes.is_genuine(told, KEY) and not codes.is_genuine(told, OTHER_KEY)
    assert codes.decode(codes.encode(told)) == told
    for bad in ("", "7k3m9x2", "7k3m9x2al", "ilou0000", "７k3m9x2a"):
        with pytest.raises(codes.NotAnIdError):
            codes.message(bad, KEY)


def test_a_list_finds_what_the_code_alone_cannot_read() -> None:
    dice = np.random.default_rng(2)
    coded = codes.encode(codes.message(CLIP, KEY))
    weak = (coded * 0.55 + dice.normal(size=coded.size)).astype(np.float32)
    book = dice.integers(0, 256, (50_000, codes.MESSAGE_BYTES), dtype=np.uint8)
    book[4321] = np.frombuffer(codes.message(CLIP, KEY), np.uint8)
    alike = codes.most_alike(weak, book)
    assert alike is not None and alike.index == 4321 and alike.score > 7
    assert codes.most_alike(weak, book[:0]) is None

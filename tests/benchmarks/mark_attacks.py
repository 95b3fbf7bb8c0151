"""What is done to marked clips, and how many of them have to be read afterwards."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import av.filter
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from provenance.pictures import pictures_in
from storage.media import Planes, read_frames

Frame = NDArray[np.uint8]
RATE: Final = 24
UNMARKED: Final = "without a mark"


@dataclass(frozen=True)
class Goal:
    """In per cent of the clips, at 480p and at 720p."""

    p480: int
    p720: int

    def at(self, height: int) -> int:
        return self.p480 if height < 700 else self.p720


ALL, MOST, HARD = Goal(100, 100), Goal(95, 98), Goal(80, 95)
REPOST, ONE_FRAME, ONE_FRAME_AGAIN = Goal(50, 90), Goal(90, 95), Goal(50, 60)


@dataclass(frozen=True)
class Attack:
    """FFmpeg filters and how the outcome is encoded."""

    name: str
    goal: Goal | None  # None: reported, and asked for by nobody
    filters: str = ""
    crf: int = 23
    codec: str = "libx264"
    rate: int = RATE
    frames: int | None = None


def attacks(width: int, height: int) -> list[Attack]:
    def cut(share: float) -> str:
        """A part of the area, a little off the middle."""
        side = share**0.5
        return f"crop={even(width * side)}:{even(height * side)}:{even(width * 0.03)}:{even(height * 0.04)}"

    def scaled(part: float) -> str:
        return f"scale={even(width * part)}:{even(height * part)}"

    def wide(to: int) -> str:
        return f"scale={to}:{even(to * height / width)}"

    back = f"scale={width}:{height}"
    tall = f"{scaled(0.56)};pad={even(width * 0.56)}:{even(width)}:-1:-1"
    return [
        Attack("none", ALL, crf=20),
        Attack("CRF 23", ALL),
        Attack("CRF 28", ALL, crf=28),
        Attack("VP9", ALL, crf=33, codec="libvpx-vp9"),
        Attack("15 frames/s", ALL, rate=15),
        Attack("30 frames/s", ALL, rate=30),
        Attack("mirror", ALL, "hflip"),
        Attack("half size", ALL, scaled(0.5)),
        Attack("brighter by 20 %", ALL, "lutyuv=y=clip(val*1.2\\,16\\,235)"),
        Attack("less contrast by 20 %", ALL, "lutyuv=y=clip((val-126)*0.8+126\\,16\\,235)"),
        Attack("letterbox", ALL, f"pad={width}:{even(height * 4 / 3)}:0:-1"),
        Attack("subtitle band", ALL, f"drawbox=0:{even(height * 0.82)}:{width}:{even(height * 0.13)}:black@1:fill"),
        # H.264 with 4:2:0 has no odd sizes; VP9 has.
        Attack("701 wide (VP9)", ALL, f"scale=701:{round(701 * height / width) | 1}", crf=33, codec="libvpx-vp9"),
        Attack("crop of 10 %", MOST, cut(0.9)),
        Attack("crop of 25 %", MOST, cut(0.75)),
        Attack("crop of 10 %, scaled back", MOST, f"{cut(0.9)};{back}"),
        Attack("crop of 25 %, scaled back", MOST, f"{cut(0.75)};{back}"),
        Attack("trimmed to 1 s", MOST, frames=RATE),
        Attack("turned by 2 degrees", MOST, "rotate=2*PI/180"),
        Attack("turned by 5 degrees", MOST, "rotate=5*PI/180"),
        Attack(
            "crop 8 %, 0.7, brighter, CRF 28",
            MOST,
            f"{cut(0.92)};scale={even(width * 0.7 * 0.92**0.5)}:{even(height * 0.7 * 0.92**0.5)};"
            "lutyuv=y=clip(val+12\\,16\\,235)",
            crf=28,
        ),
        Attack("CRF 35", HARD, crf=35),
        Attack("vertical repost 0.56, mirror, CRF 28", REPOST, f"hflip;{tall}", crf=28),
        # What chat apps do to a video that is sent on: smaller, and about so hard.
        Attack("sent on: 640 wide, CRF 28", None, wide(640), crf=28),
        Attack("sent on twice: 640, then 480 wide, CRF 30", None, f"{wide(640)};{wide(480)}", crf=30),
    ]


# Single frames are asked about beside them, under these names.
_PNG, _JPEG, _PNG_AGAIN = "one frame of the file, PNG", "one frame of the file, JPEG 75", "one frame after CRF 28, PNG"


def goal_of(name: str) -> Goal | None:
    named = {attack.name: attack.goal for attack in attacks(1280, 720)}
    return (named | {_PNG: ONE_FRAME, _JPEG: ONE_FRAME, _PNG_AGAIN: ONE_FRAME_AGAIN})[name]


def asked(marked: Path, plain: Path, size: tuple[int, int], folder: Path) -> Iterator[tuple[str, list[Frame]]]:
    """Every question about one clip: what was done, and the pictures that are asked about."""
    for attack in attacks(*size):
        yield attack.name, _frames(mistreated(marked, attack, folder))
    count = sum(1 for _ in read_frames(marked))
    # Neither the first frame, which is a keyframe, nor others of one kind alone.
    for number in (count // 2 - 3, count // 3 + 1, count - 2):
        one = _frame(marked, number)
        yield _PNG, [one]
        yield _JPEG, [_jpeg(one)]
    again = mistreated(marked, Attack("", None, crf=28), folder)
    for number in (count // 2 + 4, count // 4):
        yield _PNG_AGAIN, [_frame(again, number)]
    yield UNMARKED, _frames(plain)


def mistreated(marked: Path, attack: Attack, folder: Path) -> Path:
    frames = _filtered([frame.planes for frame in read_frames(marked)][: attack.frames], attack.filters)
    if attack.rate != RATE:
        count = round(len(frames) * attack.rate / RATE)
        frames = [frames[min(int(number * RATE / attack.rate), len(frames) - 1)] for number in range(count)]
    file = folder / ("attacked.webm" if attack.codec == "libvpx-vp9" else "attacked.mp4")
    return encoded(file, frames, attack.crf, attack.codec, attack.rate)


def encoded(file: Path, frames: Sequence[av.VideoFrame], crf: int, codec: str = "libx264", rate: int = RATE) -> Path:
    options = {"crf": str(crf), "preset": "veryfast"}
    if codec == "libvpx-vp9":
        options = {"crf": str(crf), "b": "0", "deadline": "realtime", "cpu-used": "7"}
    with av.open(str(file), "w") as container:
        stream = container.add_stream(codec, rate=rate, options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = frames[0].width, frames[0].height, "yuv420p"
        stream.codec_context.color_range, stream.codec_context.colorspace = 1, 1  # limited, BT.709
        for number, frame in enumerate(frames):
            frame.pts, frame.time_base = number, Fraction(1, rate)
            frame.pict_type = av.video.frame.PictureType.NONE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file


def _filtered(clip: Sequence[Planes], filters: str) -> list[av.VideoFrame]:
    frames = [planes.frame for planes in clip]
    if not filters:
        return frames
    graph = av.filter.Graph()
    last = graph.add_buffer(
        width=frames[0].width, height=frames[0].height, format=av.VideoFormat("yuv420p"), time_base=Fraction(1, RATE)
    )
    source = last
    for part in filters.split(";"):
        name, _, arguments = part.partition("=")
        step = graph.add(name, arguments or None)
        last.link_to(step)
        last = step
    sink = graph.add("buffersink")
    last.link_to(sink)
    graph.configure()
    out = []
    for number, frame in enumerate(frames):
        frame.pts, frame.time_base = number, Fraction(1, RATE)
        source.push(frame)
        pulled = graph.pull()
        assert isinstance(pulled, av.VideoFrame)
        out.append(pulled)
    return out


def _frames(file: Path) -> list[Frame]:
    found = pictures_in(file)
    assert found is not None
    return list(found.frames)


def _frame(file: Path, number: int) -> Frame:
    return next(frame.planes.luma.copy() for frame in read_frames(file) if frame.index == number)


def _jpeg(luma: Frame) -> Frame:
    stored = io.BytesIO()
    Image.fromarray(luma).save(stored, "JPEG", quality=75)
    return np.asarray(Image.open(stored))


def even(length: float) -> int:
    return round(length / 2) * 2

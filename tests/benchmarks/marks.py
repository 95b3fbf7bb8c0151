"""The invisible mark under attack, what it costs, and what is read where there is none.

KINORA_BENCH_HEIGHTS (480,720), KINORA_BENCH_FRAMES (120), KINORA_BENCH_CLIPS and KINORA_BENCH_PHOTOGRAPHS choose how
long it takes.
"""

import io
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import av.filter
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from provenance import codes
from provenance.invisible import InvisibleMark
from provenance.pictures import pictures_in
from provenance.reader import Issued, read_marks
from storage.media import Mp4Writer, Planes, read_frames
from tests.benchmarks.mark_footage import footage

KEY, CLIP = b"benchmark key of 32 bytes length", "7k3m9x2a"
IDS = 1_000_000
Frame = NDArray[np.uint8]


def even(length: float) -> int:
    return round(length / 2) * 2


def attacks(width: int, height: int) -> dict[str, tuple[str, int]]:
    """FFmpeg filters and the CRF of what comes after them."""

    def cut(share: float) -> str:
        return f"crop={even(width * share)}:{even(height * share)}:{even(width * 0.03)}:{even(height * 0.04)}"

    return {
        "none": ("", 20),
        "CRF 23": ("", 23),
        "CRF 28": ("", 28),
        "CRF 35": ("", 35),
        "half size": (f"scale={even(width / 2)}:{even(height / 2)}", 23),
        "701 wide": (f"scale=702:{even(702 * height / width)}", 23),
        "mirror": ("hflip", 23),
        "brighter by 20 %": ("lutyuv=y=clip(val*1.2\\,16\\,235)", 23),
        "letterbox": (f"pad={width}:{even(height * 4 / 3)}:0:-1", 23),
        "less contrast": ("lutyuv=y=clip((val-126)*0.8+126\\,16\\,235)", 23),
        "subtitle band": (f"drawbox=0:{even(height * 0.82)}:{width}:{even(height * 0.13)}:black@1:fill", 23),
        # What chat apps do to a video that is sent on: smaller, and about so hard.
        "sent on: 640 wide, CRF 28": (f"scale=640:{even(640 * height / width)}", 28),
        "sent on twice": (f"scale=640:{even(640 * height / width)};scale=480:{even(480 * height / width)}", 30),
        "crop 10 %": (cut(0.949), 23),
        "crop 25 %, scaled back": (f"{cut(0.866)};scale={width}:{height}", 23),
        "turned 2 degrees": ("rotate=2*PI/180", 23),
        "turned 5 degrees": ("rotate=5*PI/180", 23),
        "crop 8 %, 0.7, brighter, CRF 28": (
            f"{cut(0.96)};scale={even(width * 0.67)}:{even(height * 0.67)};lutyuv=y=clip(val+12\\,16\\,235)",
            28,
        ),
        "vertical, mirror, CRF 28": (
            f"hflip;scale={even(width * 0.56)}:{even(height * 0.56)};pad={even(width * 0.56)}:{even(width)}:-1:-1",
            28,
        ),
    }


def main() -> None:
    dice = np.random.default_rng(9)
    book = dice.integers(0, 256, (IDS, codes.MESSAGE_BYTES), dtype=np.uint8)
    book[IDS // 3] = np.frombuffer(codes.message(CLIP, KEY), np.uint8)
    issued = Issued("0001-00000000", KEY, book)
    frames = int(os.environ.get("KINORA_BENCH_FRAMES", "120"))
    for height in map(int, os.environ.get("KINORA_BENCH_HEIGHTS", "480,720").split(",")):
        report(height, frames, issued)


def report(height: int, count: int, issued: Issued) -> None:
    read: dict[str, list[bool]] = defaultdict(list)
    seconds: dict[str, list[float]] = defaultdict(list)
    wrong = 0
    print(f"{height}p, {count} frames, {IDS:,} issued ids")
    with tempfile.TemporaryDirectory() as folder:
        for name, clip in footage(height, count):
            mine = _Clip(Path(folder), clip)
            print(f"  {name:11} {mine}", flush=True)
            for attack, lumas in mine.everything_asked():
                start = time.process_time()
                found = {mark.clip_id for mark in read_marks(lumas, [issued])}
                seconds[attack].append(time.process_time() - start)
                read[attack].append(CLIP in found)
                wrong += len(found - {CLIP})
                if CLIP not in found and attack != "without a mark":
                    print(f"    not read: {attack}", flush=True)
    for attack, hits in read.items():
        spent = seconds[attack]
        print(
            f"    {attack:32} {sum(hits):3} of {len(hits):3}   CPU {np.median(spent):.1f} s, at most {max(spent):.1f} s"
        )
    print(f"    wrong ids named: {wrong}", flush=True)


class _Clip:
    def __init__(self, folder: Path, clip: list[Planes]) -> None:
        height, width = clip[0].luma.shape
        self.size = (width, height)
        self.folder, self.count = folder, len(clip)
        self.plain = _encode(folder / "plain.mp4", clip, 20)
        before = np.stack([planes.luma.copy() for planes in clip[:: max(1, len(clip) // 8)]]).astype(np.float32)
        mark = InvisibleMark(width, height, CLIP, KEY)
        start = time.process_time()
        for planes in clip:
            mark.stamp(planes.luma, planes.cb, planes.cr)
        self.rate = len(clip) / (time.process_time() - start)
        change = np.stack([planes.luma for planes in clip[:: max(1, len(clip) // 8)]]) - before
        self.psnr = 10 * np.log10(255**2 / np.square(change).mean(axis=(1, 2)).max())
        self.marked = _encode(folder / "marked.mp4", clip, 20)
        self.growth = self.marked.stat().st_size / self.plain.stat().st_size - 1

    def __str__(self) -> str:
        return f"PSNR-Y {self.psnr:.1f} dB, file {self.growth:+.0%}, marked at {self.rate:.0f} frames/s of CPU"

    def everything_asked(self) -> Iterator[tuple[str, list[Frame]]]:
        for attack, how in attacks(*self.size).items():
            yield attack, _frames(self.mistreated(*how))
        yield "trimmed to 1 s", _frames(self.mistreated("", 23, 24))
        for number in (self.count // 2 - 3, self.count // 3 + 1, self.count - 2):
            one = self.frame(self.marked, number)
            yield "one frame, PNG", [one]
            yield "one frame, JPEG 75", [_jpeg(one)]
        again = self.mistreated("", 28)
        for number in (self.count // 2 + 4, self.count // 4):
            yield "one frame after CRF 28", [self.frame(again, number)]
        yield "without a mark", _frames(self.plain)

    def mistreated(self, filters: str, crf: int, frames: int | None = None) -> Path:
        return _encode(self.folder / "attacked.mp4", _filtered(self.marked, filters)[:frames], crf)

    def frame(self, file: Path, number: int) -> Frame:
        return next(frame.planes.luma.copy() for frame in read_frames(file) if frame.index == number)


def _encode(path: Path, clip: list[Planes], crf: int) -> Path:
    height, width = clip[0].luma.shape
    with Mp4Writer(path, width, height, 24, crf=crf) as writer:
        for planes in clip:
            writer.write(planes)
    return path


def _filtered(file: Path, filters: str) -> list[Planes]:
    frames = [frame.planes for frame in read_frames(file)]
    if not filters:
        return frames
    height, width = frames[0].luma.shape
    graph = av.filter.Graph()
    last = graph.add_buffer(width=width, height=height, format=av.VideoFormat("yuv420p"), time_base=Fraction(1, 24))
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
    for number, planes in enumerate(frames):
        planes.frame.pts, planes.frame.time_base = number, Fraction(1, 24)
        source.push(planes.frame)
        pulled = graph.pull()
        assert isinstance(pulled, av.VideoFrame)
        out.append(Planes.of(pulled))
    return out


def _frames(file: Path) -> list[Frame]:
    found = pictures_in(file)
    assert found is not None
    return list(found.frames)


def _jpeg(luma: Frame) -> Frame:
    stored = io.BytesIO()
    Image.fromarray(luma).save(stored, "JPEG", quality=75)
    return np.asarray(Image.open(stored))

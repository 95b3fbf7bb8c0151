"""invisible-watermark's three methods on the footage and under the attacks of `marks`, where there is that package.

It is no dependency of ours: `pip install --target FOLDER invisible-watermark` and PYTHONPATH=FOLDER (it wants opencv,
PyWavelets, onnxruntime and torch). Their payload is 32 bits here, and counts as read when every bit is right, by the
majority of up to nine frames; ours is one id of 1,000,000. KINORA_BENCH_METHODS (dwtDct,dwtDctSvd,rivaGan),
KINORA_BENCH_HEIGHTS (480), KINORA_BENCH_FRAMES (24) and KINORA_BENCH_CLIPS (6) choose what is measured.
"""

import importlib
import os
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from storage.media import Converter, Planes, read_frames
from tests.benchmarks.mark_attacks import UNMARKED, attacks, encoded, goal_of, mistreated
from tests.benchmarks.mark_footage import SIZES, footage

BITS: Final = 32
PAYLOAD: Final = b"7k3m"
NOT_ENCODED: Final = "not even encoded"
_LOOKED_AT: Final = 9  # frames
Picture = NDArray[np.uint8]  # BGR, as OpenCV has it


class Method:
    def __init__(self, package: Any, name: str) -> None:
        self.name = name
        self._encoder, self._decoder = package.WatermarkEncoder(), package.WatermarkDecoder("bits", BITS)
        if name == "rivaGan":
            package.WatermarkEncoder.loadModel()
        self._encoder.set_watermark("bytes", PAYLOAD)
        self._bits = np.unpackbits(np.frombuffer(PAYLOAD, np.uint8)).astype(bool)

    def marked(self, picture: Picture) -> Picture:
        made: Picture = self._encoder.encode(picture, self.name)
        return made

    def reads(self, pictures: Sequence[Picture]) -> bool:
        votes = np.array([np.asarray(self._decoder.decode(one, self.name), bool) for one in pictures], float)
        return bool(((votes.mean(axis=0) > 0.5) == self._bits).all())


def main() -> None:
    try:
        package = importlib.import_module("imwatermark")
    except ImportError as error:
        print(f"  not measured: {error} (see the module's docstring)")
        return
    frames = int(os.environ.get("KINORA_BENCH_FRAMES", "24"))
    names = os.environ.get("KINORA_BENCH_METHODS", "dwtDct,dwtDctSvd,rivaGan").split(",")
    for height in map(int, os.environ.get("KINORA_BENCH_HEIGHTS", "480").split(",")):
        read: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
        for name in names:
            method = Method(package, name)
            for clip, draw in footage(height, frames, usual=6):
                for question, answer in _measured(method, clip, height, draw()):
                    read[question][name].append(answer)
        _report(height, names, read)


def _measured(method: Method, clip: str, height: int, planes: list[Planes]) -> Iterator[tuple[str, bool]]:
    size = (SIZES[height], height)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        plain = encoded(folder / "plain.mp4", [one.frame for one in planes], 20)
        converter, seconds, noise = Converter(), 0.0, 0.0
        lumas = [one.luma.astype(np.float32) for one in planes]
        marked: list[Planes] = []
        bare: list[Picture] = []  # as the method left them
        for one in planes:
            picture = np.ascontiguousarray(converter.pixels(one)[..., ::-1])
            start = time.process_time()
            made = method.marked(picture)
            seconds += time.process_time() - start
            bare.append(made)
            found = converter.planes(np.ascontiguousarray(made[..., ::-1]), "rgb24")
            own = Planes.blank(*size)
            own.luma[:], own.cb[:], own.cr[:] = found.luma, found.cb, found.cr
            noise = max(noise, float(np.square(own.luma - lumas[len(marked)]).mean()))
            marked.append(own)
        file = encoded(folder / "marked.mp4", [one.frame for one in marked], 20)
        growth = file.stat().st_size / plain.stat().st_size - 1
        psnr = 10 * np.log10(255**2 / max(noise, 1e-9))
        cost = f"growth {growth:+.0%}, {len(planes) / max(seconds, 1e-9):.1f} frames/s of CPU"
        print(f"  {method.name} {height}p {clip}: PSNR-Y {psnr:.1f} dB, {cost}", flush=True)
        yield NOT_ENCODED, method.reads(bare[:_LOOKED_AT])
        for attack in attacks(*size):
            yield attack.name, method.reads(_pictures(mistreated(file, attack, folder)))
        yield UNMARKED, method.reads(_pictures(plain))


def _pictures(file: Path) -> list[Picture]:
    converter = Converter()
    frames = [np.ascontiguousarray(converter.pixels(frame.planes)[..., ::-1]) for frame in read_frames(file)]
    return frames[:: max(1, len(frames) // _LOOKED_AT)][:_LOOKED_AT]


def _report(height: int, names: Sequence[str], read: dict[str, dict[str, list[bool]]]) -> None:
    print(f"\n| attack, {height}p | {' | '.join(names)} | goal of ours |\n|---|{'---|' * len(names)}---|")
    for question, by_name in read.items():
        goal = None if question in (UNMARKED, NOT_ENCODED) else goal_of(question)
        cells = (f"{sum(by_name[name])} of {len(by_name[name])}" for name in names)
        print(f"| {question} | {' | '.join(cells)} | {'-' if goal is None else f'{goal.at(height)} %'} |")

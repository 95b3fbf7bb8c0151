"""What is read where no mark is: pictures and short clips against a million issued ids. No name may come back.

KINORA_BENCH_UNMARKED (60) is how many are asked about; a folder of photographs may be named in
KINORA_BENCH_PHOTOGRAPHS.
"""

import os
import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.brief import Brief, Look, Resolution
from engine.renderers import registry
from engine.renderers.base import RenderOrder
from provenance import codes
from provenance.reader import Issued, read_marks
from storage.media import Converter
from tests.benchmarks.mark_footage import photographs

Frame = NDArray[np.uint8]
IDS = 1_000_000
_SUBJECTS = ("fox", "crane", "train", "sailboat", "cat", "castle", "whale", "lantern", "bicycle", "panda")
_PLACES = ("in the rain", "at dawn", "under the stars", "in a forest", "by the sea", "in the snow", "in a city")


def main() -> None:
    dice = np.random.default_rng(17)
    book = dice.integers(0, 256, (IDS, codes.MESSAGE_BYTES), dtype=np.uint8)
    issued = [Issued("0001-00000000", b"unmarked benchmark key, 32 bytes", book)]
    count = int(os.environ.get("KINORA_BENCH_UNMARKED", "60"))
    named, spent = 0, []
    for number, frames in zip(range(count), questions(dice), strict=False):
        start = time.process_time()
        named += len(read_marks(frames, issued))
        spent.append(time.process_time() - start)
        if number % 10 == 9 or number == count - 1:
            print(
                f"  {number + 1} asked about, {IDS:,} ids: {named} named; "
                f"CPU {np.median(spent):.1f} s each, at most {max(spent):.1f} s",
                flush=True,
            )


def questions(dice: np.random.Generator) -> Iterator[list[Frame]]:
    """In turns: a drawn clip of this studio's own renderer (not marked), one of its frames, a piece of a photograph."""
    pictures = photographs()
    number = 0
    while True:
        prompt = f"a {_SUBJECTS[number % len(_SUBJECTS)]} {_PLACES[number % len(_PLACES)]}"
        drawn = _drawn(prompt, seed=number)
        yield drawn
        yield drawn[len(drawn) // 2 :][:1]
        yield [_piece(pictures[number % len(pictures)], dice)]
        number += 1


def _drawn(prompt: str, seed: int) -> list[Frame]:
    brief = Brief(prompt=prompt, look=Look(resolution=Resolution.P480, seconds=1.0))
    footage = registry.load("animatic").draw(RenderOrder(brief=brief, seed=seed)).footage
    converter = Converter()
    return [converter.planes(pixels, footage.layout).luma.copy() for pixels in footage.frames]


def _piece(picture: Image.Image, dice: np.random.Generator) -> Frame:
    share = dice.uniform(0.5, 1.0)
    width, height = (round(side * share) for side in picture.size)
    left, top = (
        int(dice.integers(0, side - part + 1)) for side, part in zip(picture.size, (width, height), strict=True)
    )
    piece = picture.convert("L").crop((left, top, left + width, top + height))
    return np.asarray(piece.resize((854, round(854 * height / width)), Image.Resampling.BICUBIC))

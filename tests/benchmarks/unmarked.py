"""What is read where no mark is: pictures and short clips against a million issued ids. No name may come back.

Every second question is a clip, the others are pictures. KINORA_BENCH_UNMARKED (60) is how many are asked about, or
which of them (1000:2000), so that a long run can be cut in parts; a folder of photographs may be named in
KINORA_BENCH_PHOTOGRAPHS.
"""

import os
import time

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.brief import Brief, Look, Resolution
from engine.renderers import registry
from engine.renderers.base import RenderOrder
from provenance import codes
from provenance.reader import Issued, read_marks
from storage.media import Converter
from tests.benchmarks.mark_footage import panned, photographs

Frame = NDArray[np.uint8]
IDS = 1_000_000
_SUBJECTS = ("fox", "crane", "train", "sailboat", "cat", "castle", "whale", "lantern", "bicycle", "panda")
_PLACES = ("in the rain", "at dawn", "under the stars", "in a forest", "by the sea", "in the snow", "in a city")


def main() -> None:
    dice = np.random.default_rng(17)
    book = dice.integers(0, 256, (IDS, codes.MESSAGE_BYTES), dtype=np.uint8)
    issued = [Issued("0001-00000000", b"unmarked benchmark key, 32 bytes", book)]
    first, _, last = os.environ.get("KINORA_BENCH_UNMARKED", "60").rpartition(":")
    numbers = range(int(first or 0), int(last))
    named = {"clips": 0, "pictures": 0}
    spent = []
    pictures = photographs()
    for count, number in enumerate(numbers, 1):
        frames = question(number, pictures)
        start = time.process_time()
        named["clips" if len(frames) > 1 else "pictures"] += len(read_marks(frames, issued))
        spent.append(time.process_time() - start)
        if count % 50 == 0 or number == numbers[-1]:
            print(
                f"  {count - count // 2} clips and {count // 2} pictures, {IDS:,} ids: named on {named['clips']} and "
                f"{named['pictures']}; CPU median {np.median(spent):.1f} s, at most {max(spent):.1f} s",
                flush=True,
            )


def question(number: int, pictures: list[Image.Image]) -> list[Frame]:
    """By turns: a drawn clip of this studio's own renderer (not marked), a piece of a photograph, a pan over one, a
    drawn frame."""
    dice = np.random.default_rng((17, number))
    picture = pictures[number % len(pictures)]
    match number % 4:
        case 0:
            return _drawn(_prompt(number), number)
        case 1:
            return [_piece(picture, dice)]
        case 2:
            pan = panned(picture, 854, 480, 24, number, float(dice.uniform(0.3, 1.1)))
            converter = Converter()
            return [converter.planes(np.ascontiguousarray(pixels), layout).luma.copy() for pixels, layout in pan]
        case _:
            drawn = _drawn(_prompt(number), number)
            return drawn[len(drawn) // 2 :][:1]


def _prompt(number: int) -> str:
    return f"a {_SUBJECTS[number % len(_SUBJECTS)]} {_PLACES[number // 4 % len(_PLACES)]}"


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

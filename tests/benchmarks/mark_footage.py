"""Footage on which the invisible mark is reported, apart from what it was tuned on.

Drawn by the animatic, flat cartoons, dark scenes, and pans over photographs with a camera's grain where a folder of
them is named in KINORA_BENCH_PHOTOGRAPHS (scikit-image's sample pictures, for one); without it, over made-up ones.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine.brief import Brief, Look, Resolution
from engine.renderers import registry
from engine.renderers.base import RenderOrder
from storage.media import Converter, Layout, Planes

Picture = NDArray[np.uint8]
# Looked at while the mark was tuned; the second one of the pair shows the same motorcycle.
TUNED_ON = ("coffee", "astronaut", "rocket", "motorcycle_left", "motorcycle_right")
SIZES = {480: 854, 720: 1280}
_PHOTOGRAPHS = 11
_PROMPTS = (
    "a white crane stands in a stream at dawn",
    "a train crosses a bridge in the rain",
    "a cat sleeps on a roof under the stars",
    "a whale leaps out of the sea at sunset",
    "two foxes play in the snow",
    "a lantern glows in a dark forest",
    "a sailboat in a storm",
    "a panda eats bamboo in the rain, camera zooms in",
    "a castle on a hill, clouds pass by",
)
_CARTOONS = 4


def footage(height: int, frames: int, usual: int = 100) -> Iterator[tuple[str, Callable[[], list[Planes]]]]:
    """Name of every clip, and what draws its frames; of `usual` clips where KINORA_BENCH_CLIPS says nothing else."""
    width = SIZES[height]
    clips: list[tuple[str, Callable[[], Iterator[tuple[Picture, Layout]]]]] = []
    for number, prompt in enumerate(_PROMPTS):
        clips += [(f"drawn {number}", lambda prompt=prompt: _drawn(prompt, height, frames))]
    clips += [(f"cartoon {kind}", lambda kind=kind: _cartoon(width, height, frames, kind)) for kind in range(_CARTOONS)]
    for number, picture in enumerate(photographs()):
        dark = number % 3 == 2
        name = f"{'dark' if dark else 'pan'} {number}"
        clips.append((name, lambda p=picture, d=dark, n=number: panned(p, width, height, frames, n, 0.25 if d else 1)))
    # Of fewer clips than there are, some of every kind.
    count = min(len(clips), int(os.environ.get("KINORA_BENCH_CLIPS", usual)))
    for name, draw in (clips[round(place)] for place in np.linspace(0, len(clips) - 1, count)):
        yield name, lambda draw=draw: _converted(draw())


def _converted(drawn: Iterator[tuple[Picture, Layout]]) -> list[Planes]:
    converter = Converter()
    return [_kept(converter.planes(np.ascontiguousarray(pixels), layout)) for pixels, layout in drawn]


def _kept(planes: Planes) -> Planes:
    own = Planes.blank(planes.luma.shape[1], planes.luma.shape[0])
    own.luma[:], own.cb[:], own.cr[:] = planes.luma, planes.cb, planes.cr
    return own


def _drawn(prompt: str, height: int, frames: int) -> Iterator[tuple[Picture, Layout]]:
    look = Look(resolution=Resolution(f"{height}p"), seconds=max(1.0, frames / 24))
    footage = registry.load("animatic").draw(RenderOrder(brief=Brief(prompt=prompt, look=look), seed=5)).footage
    for number, pixels in enumerate(footage.frames):
        if number == frames:
            return
        yield pixels, footage.layout


def _cartoon(width: int, height: int, frames: int, kind: int) -> Iterator[tuple[Picture, Layout]]:
    """Flat colours and dark outlines: a ball that bounces before a house, or hills that pass under a plain sky; both
    by day, and then by night."""
    ink = 1.0 if kind < 2 else 0.3
    kind %= 2
    for number in range(frames):
        picture = Image.new("RGB", (2 * width, 2 * height), ((250, 214, 165), (120, 190, 240))[kind])
        draw, unit = ImageDraw.Draw(picture), height / 360
        if kind == 0:
            draw.rectangle(
                (200 * unit, 250 * unit, 700 * unit, 640 * unit), (196, 96, 84), (30, 20, 20), round(6 * unit)
            )
            draw.rectangle((0, 640 * unit, 2 * width, 2 * height), (98, 150, 90))
        else:
            for layer, colour in enumerate(((90, 140, 170), (80, 160, 110), (60, 110, 70))):
                x = np.linspace(0, 2 * width, 60)
                y = height * (1.1 + 0.25 * layer) + 60 * unit * np.sin(
                    x / (260 * unit) + layer + number * 0.02 * (layer + 1)
                )
                draw.polygon([*zip(x, y, strict=True), (2 * width, 2 * height), (0, 2 * height)], colour)
        left, top = (300 + 6 * number) * unit, (420 - 160 * abs(np.sin(number * 0.12))) * unit
        draw.ellipse((left, top, left + 150 * unit, top + 150 * unit), (240, 190, 60), (30, 20, 20), round(7 * unit))
        shown = np.asarray(picture.resize((width, height), Image.Resampling.BOX))
        yield (shown if ink == 1 else (shown * ink).astype(np.uint8)), "rgb24"


def photographs() -> list[Image.Image]:
    """As many as are wanted; where the folder has fewer, made-up ones stand in."""
    folder = os.environ.get("KINORA_BENCH_PHOTOGRAPHS")
    files = sorted(file for file in Path(folder).iterdir() if file.suffix in (".png", ".jpg")) if folder else []
    pictures = [Image.open(file).convert("RGB") for file in files if file.stem not in TUNED_ON]
    found = [picture for picture in pictures if min(picture.size) >= 300][:_PHOTOGRAPHS]
    return found + [_made_up(seed) for seed in range(_PHOTOGRAPHS - len(found))]


def _made_up(seed: int) -> Image.Image:
    dice = np.random.default_rng(100 + seed)
    size = (1400, 900)
    rough = sum(
        np.asarray(
            Image.fromarray(dice.normal(0, 30 / 1.5**octave, (4 << octave, 6 << octave)).astype(np.float32)).resize(
                size, Image.Resampling.BICUBIC
            )
        )
        for octave in range(8)
    )
    return Image.fromarray(np.clip(128 + rough, 0, 255).astype(np.uint8)).convert("RGB")


def panned(
    picture: Image.Image, width: int, height: int, frames: int, seed: int, light: float
) -> Iterator[tuple[Picture, Layout]]:
    dice = np.random.default_rng(seed)
    widest = min(picture.width, picture.height * width / height)
    for number in range(frames):
        part = number / max(frames - 1, 1)
        across = widest * (0.92 - 0.15 * part)
        down = across * height / width
        left, top = (picture.width - across) * (0.3 + 0.4 * part), (picture.height - down) * (0.6 - 0.2 * part)
        view = picture.resize((width, height), Image.Resampling.BICUBIC, (left, top, left + across, top + down))
        grain = dice.normal(0, 1.3, (height, width, 1))
        yield np.clip(np.asarray(view) * light + grain + 0.5, 0, 255).astype(np.uint8), "rgb24"

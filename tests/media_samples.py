"""Small clips and footage for tests: drawn by arithmetic, the same every time."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engine.darkroom import Developed, Encoding, develop
from engine.footage import Footage, Pixels
from storage.media import Converter, Mp4Writer

RED, GREEN, BLUE, WHITE, BLACK, GREY = (
    (255, 0, 0),
    (0, 255, 0),
    (0, 0, 255),
    (255, 255, 255),
    (0, 0, 0),
    (128, 128, 128),
)


def moving_frames(width: int, height: int, count: int) -> Iterator[Pixels]:
    """A gradient that drifts behind a bright square that travels; the same buffer again and again, as renderers do."""
    rows, columns = np.mgrid[0:height, 0:width]
    sky = np.empty((height, width, 4), np.uint8)
    sky[..., 0] = 255 - rows * 160 // max(1, height - 1)
    sky[..., 1] = 60 + columns * 120 // max(1, width - 1)
    sky[..., 2] = (rows + columns) * 90 // (width + height)
    sky[..., 3] = 255
    side = max(2, min(width, height) // 4)
    buffer = np.empty_like(sky)
    for index in range(count):
        shift = index * 2 % width
        buffer[:, shift:] = sky[:, : width - shift]
        buffer[:, :shift] = sky[:, width - shift :]
        left = index * 5 % max(1, width - side)
        buffer[height // 3 : height // 3 + side, left : left + side, :3] = (40, 200, 250)
        yield buffer


def write_clip(path: Path, width: int = 160, height: int = 90, count: int = 12, fps: int = 24, **options: int) -> Path:
    converter = Converter()
    with Mp4Writer(path, width, height, fps, **options) as writer:  # type: ignore[arg-type]
        for pixels in moving_frames(width, height, count):
            writer.write(converter.planes(pixels, "bgra"))
    return path


def moving_footage(width: int = 320, height: int = 180, count: int = 24, fps: int = 24) -> Footage:
    return Footage(width, height, fps, count, "bgra", moving_frames(width, height, count))


def plain_footage(
    colour: tuple[int, int, int], width: int = 64, height: int = 48, count: int = 6, fps: int = 24
) -> Footage:
    """Every frame one colour, given as red, green, blue."""
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[:] = colour
    return Footage(width, height, fps, count, "rgb24", iter([pixels] * count))


def developed(footage: Footage, path: Path, encoding: Encoding | None = None) -> Developed:
    """The footage as a file, without inspection or marks."""
    return develop(
        footage,
        path,
        inspectors=(),
        marks=(),
        progress=lambda done, total: None,
        cancelled=lambda: False,
        encoding=encoding or Encoding(),
    )


def sample_clip(path: Path, width: int = 320, height: int = 180, count: int = 24, fps: int = 24) -> Path:
    """A small moving clip."""
    developed(moving_footage(width, height, count, fps), path, Encoding(preset="ultrafast"))
    return path

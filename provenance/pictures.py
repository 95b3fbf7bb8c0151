"""The pictures in a file that somebody brought: a few frames of a video, or one still. Bounded, never written down."""

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from storage.errors import StorageError
from storage.media import PIXELS_LIMIT, frames_at, probe, read_frames

Plane = NDArray[np.uint8]

BYTES_LIMIT = 1 << 30
FRAMES = 24
_READ_THROUGH = 15.0  # seconds: a longer video is jumped through
_PICTURE_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_SMALLEST = 32


@dataclass(frozen=True)
class Pictures:
    """Luma, all of one size. `moving` false: a still."""

    frames: tuple[Plane, ...]
    moving: bool


def pictures_in(path: Path) -> Pictures | None:
    """None for a file that holds no picture that we can read, whatever is wrong with it."""
    if not 0 < path.stat().st_size <= BYTES_LIMIT:
        return None
    still = _still(path)
    if still is not None:
        return Pictures((still,), moving=False)
    try:
        frames = _of_video(path)
    except StorageError:
        return None
    return Pictures(tuple(frames), moving=True) if frames and min(frames[0].shape) >= _SMALLEST else None


def _still(path: Path) -> Plane | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of bombs, which are refused below, and of odd metadata
            with Image.open(path, formats=_PICTURE_FORMATS) as picture:
                if picture.width * picture.height > PIXELS_LIMIT or min(picture.size) < _SMALLEST:
                    return None
                if picture.mode in ("RGBA", "LA", "PA", "P"):
                    return _luma(_on_black(picture.convert("RGBA")))
                return _luma(picture.convert("RGB"))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        return None


def _on_black(picture: Image.Image) -> Image.Image:
    ground = Image.new("RGBA", picture.size, (0, 0, 0, 255))
    ground.alpha_composite(picture)
    return ground.convert("RGB")


def _luma(picture: Image.Image) -> Plane:
    """BT.709, as in the clips."""
    weighed = picture.convert("L", (0.2126, 0.7152, 0.0722, 0))
    return np.asarray(weighed)


def _of_video(path: Path) -> list[Plane]:
    facts = probe(path)
    if facts.seconds <= _READ_THROUGH:
        wanted = set(np.linspace(0, facts.frames - 1, min(FRAMES, facts.frames)).astype(int).tolist())
        chosen = [frame.planes.luma.copy() for frame in read_frames(path) if frame.index in wanted]
    else:
        times = np.linspace(0, facts.seconds * 0.99, FRAMES).tolist()
        chosen = [frame.planes.luma.copy() for frame in frames_at(path, times)]
    # A stream may change its size on the way: what is like the first frame is looked at.
    return [frame for frame in chosen if frame.shape == chosen[0].shape]

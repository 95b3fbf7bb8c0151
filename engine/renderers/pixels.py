"""Pixels that are already there: films and stills out of files, brought to a frame's size, colours and camera.

Shared by renderers. Works in a worker, on files that the intake or the darkroom has written.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from PIL import Image, ImageFilter

from engine.footage import Pixels
from storage.media import Converter, ReadFrame, frames_at

# More than this share of the picture is not cut away to fill a frame of another shape: it is set into the frame, over
# a blurred enlargement of itself.
_MOST_CUT_AWAY = 0.35
_BEHIND = 0.55  # the enlargement's brightness
_ROWS_AT_ONCE = 64
_BLUR = 24  # it is made small by this factor and drawn large again


class ReelReader:
    """The frames of a film by their moment. Reading on is cheap; going back starts again at a keyframe."""

    def __init__(self, path: Path, width: int, height: int) -> None:
        self._path, self._size = path, (width, height)
        self._converter = Converter()
        self._wanted: deque[float] = deque()
        self._frames: Iterator[ReadFrame] | None = None
        self._at = -1.0
        self._shown: Pixels | None = None
        self._index = -1.0

    def at(self, seconds: float) -> Pixels:
        """The frame on screen then; the first one before the beginning, the last one after the end."""
        seconds = max(0.0, seconds)
        if self._shown is not None and seconds == self._at:
            return self._shown
        if self._frames is None or seconds < self._at:
            self.close()
            self._frames = frames_at(self._path, iter(self._wanted.popleft, None))
        self._at = seconds
        self._wanted.append(seconds)
        frame = next(self._frames)
        if self._shown is None or frame.seconds != self._index:
            self._index = frame.seconds
            self._shown = self._fitted(frame)
        return self._shown

    def _fitted(self, frame: ReadFrame) -> Pixels:
        found = frame.planes.frame
        width, height = self._size
        if (found.width, found.height) == self._size:
            return self._converter.scaled(frame.planes, width, height)
        return fitted(self._converter.scaled(frame.planes, found.width, found.height), width, height)

    def close(self) -> None:
        if self._frames is not None:
            self._frames.close()  # type: ignore[attr-defined]  # a generator: it closes the file
        self._frames, self._shown, self._at, self._index = None, None, -1.0, -1.0
        self._wanted.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def as_picture(pixels: Pixels) -> Image.Image:
    """The four channels as they are. As "RGBA" Pillow would multiply them by the last one, and divide again."""
    height, width = pixels.shape[:2]
    return Image.frombuffer("RGBX", (width, height), np.ascontiguousarray(pixels), "raw", "RGBX", 0, 1)


def fitted(pixels: Pixels, width: int, height: int) -> Pixels:
    """The picture at a frame's size: cut to its shape, or set into it where too much would be lost."""
    picture = as_picture(pixels)
    if covers(picture.width, picture.height, width, height):
        return np.asarray(_cover(picture, width, height))
    small = max(2, width // _BLUR), max(2, height // _BLUR)
    blurred = _cover(picture, *small).filter(ImageFilter.GaussianBlur(1.5))
    behind = blurred.resize((width, height), Image.Resampling.BICUBIC).point(
        [round(v * _BEHIND) for v in range(256)] * 4
    )
    left, top, inner_width, inner_height = inset(picture.width, picture.height, width, height)
    behind.paste(picture.resize((inner_width, inner_height), Image.Resampling.LANCZOS), (left, top))
    out: Pixels = np.array(behind)
    out[..., 3] = 255
    return out


def inset(width: int, height: int, frame_width: int, frame_height: int) -> tuple[int, int, int, int]:
    """Where a picture lies that is set into a frame whole: left, top, width, height."""
    scale = min(frame_width / width, frame_height / height)
    inner_width, inner_height = max(1, round(width * scale)), max(1, round(height * scale))
    return (frame_width - inner_width) // 2, (frame_height - inner_height) // 2, inner_width, inner_height


def covers(width: int, height: int, frame_width: int, frame_height: int) -> bool:
    """Whether a picture of this shape may be cut to that of the frame."""
    one, other = width / height, frame_width / frame_height
    return 1 - min(one, other) / max(one, other) <= _MOST_CUT_AWAY


def _cover(picture: Image.Image, width: int, height: int) -> Image.Image:
    scale = max(width / picture.width, height / picture.height)
    cut_width, cut_height = width / scale, height / scale
    left, top = (picture.width - cut_width) / 2, (picture.height - cut_height) / 2
    return picture.resize(
        (width, height), Image.Resampling.LANCZOS, box=(left, top, left + cut_width, top + cut_height), reducing_gap=3.0
    )


def looked_at(pixels: Pixels, x: float, y: float, zoom: float) -> Pixels:
    """What a camera sees of the picture that is moved by shares of its height and has come nearer. Never its edge."""
    if zoom <= 1.0 and not x and not y:
        return pixels
    height, width = pixels.shape[:2]
    zoom = max(1.0, zoom, 1 + 2 * abs(x) * height / width, 1 + 2 * abs(y))
    seen_width, seen_height = width / zoom, height / zoom
    left = (width - seen_width) / 2 + x * height
    top = (height - seen_height) / 2 + y * height
    left, top = min(max(left, 0.0), width - seen_width), min(max(top, 0.0), height - seen_height)
    picture = as_picture(pixels).resize(
        (width, height), Image.Resampling.BILINEAR, box=(left, top, left + seen_width, top + seen_height)
    )
    return np.asarray(picture)


def toned(pixels: Pixels, matrix: Sequence[Sequence[float]], offset: Sequence[float]) -> Pixels:
    """New colours from old ones; rows, columns and offsets are for red, green, blue."""
    turned = np.array(matrix, np.float32)[::-1, ::-1]  # the pixels' blue comes first
    out = pixels.copy()
    for top in range(0, len(pixels), _ROWS_AT_ONCE):
        rows = slice(top, top + _ROWS_AT_ONCE)
        new = pixels[rows, :, :3].astype(np.float32) @ turned.T + np.array(offset, np.float32)[::-1]
        out[rows, :, :3] = np.clip(new, 0, 255).astype(np.uint8)
    return out

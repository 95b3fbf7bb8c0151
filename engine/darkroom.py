"""The darkroom: one pass in which footage is inspected, marked and encoded (promise 4).

A frame is converted once, to the planes that will be encoded. The inspectors see those; then the marks are stamped
into them; then the encoder takes them. Nothing is kept, whatever the length.
"""

import logging
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, Self

import numpy as np

from engine.footage import Footage, Pixels
from safety.frames.base import Inspection, Inspector, Plane, SeenFrame
from storage.errors import CodedError
from storage.files import sha256_of
from storage.media import Converter, Mp4Writer, Planes

_log = logging.getLogger(__name__)

_CHANNELS = {"bgra": 4, "rgb24": 3}


class DarkroomError(CodedError):
    """Footage that is not what it said it was."""


class Stopped(Exception):
    """An inspector refused what it saw: nothing more was drawn, and nothing is left on disk."""

    def __init__(self, frames: int, inspections: tuple[Inspection, ...]) -> None:
        super().__init__(frames)
        self.frames, self.inspections = frames, inspections


class Cancelled(Exception):
    """The job was called off while it was being developed. Nothing is left on disk."""


class Mark(Protocol):
    """What is put into every frame before it is encoded: changes the planes in place."""

    def stamp(self, luma: Plane, cb: Plane, cr: Plane) -> None: ...


@dataclass(frozen=True)
class Encoding:
    crf: int = 20
    preset: str = "veryfast"
    threads: int = 2


@dataclass(frozen=True)
class Developed:
    """A whole file on disk: marked and inspected, not yet judged, not yet sealed."""

    path: Path
    width: int
    height: int
    fps: int
    frames: int
    seconds: float
    sha256: str
    size: int
    inspections: tuple[Inspection, ...]


def develop(
    footage: Footage,
    destination: Path,
    *,
    inspectors: Sequence[Inspector],
    marks: Sequence[Mark],
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
    encoding: Encoding = Encoding(),
) -> Developed:
    """Turn footage into an MP4 at `destination`, which is there when this returns and not before.

    `progress` is told frames done and frames in all, after each one; `cancelled` is asked before each one.
    """
    converter = Converter()
    watch = [Watched(inspector) for inspector in inspectors]
    with (
        Mp4Writer(
            destination,
            footage.width,
            footage.height,
            footage.fps,
            crf=encoding.crf,
            preset=encoding.preset,
            threads=encoding.threads,
        ) as writer,
        _Beside(writer) as encoder,
    ):
        for index, pixels in enumerate(_all_frames(footage, cancelled)):
            planes = converter.planes(pixels, footage.layout)
            if watch:
                seen = _for_inspection(planes, index, index / footage.fps)
                for watched in watch:
                    watched.see(seen)
                if any(watched.refused for watched in watch):
                    raise Stopped(index + 1, tuple(watched.conclude() for watched in watch))
            for mark in marks:
                mark.stamp(planes.luma, planes.cb, planes.cr)
            encoder.write(planes)
            progress(index + 1, footage.count)
        inspections = tuple(watched.conclude() for watched in watch)
    return Developed(
        path=destination,
        width=footage.width,
        height=footage.height,
        fps=footage.fps,
        frames=footage.count,
        seconds=footage.seconds,
        sha256=sha256_of(destination),
        size=destination.stat().st_size,
        inspections=inspections,
    )


def inspect(
    planes: Iterable[Planes], fps: int, inspectors: Sequence[Inspector], *, most: int
) -> tuple[int, tuple[Inspection, ...]]:
    """What inspectors see in frames that were encoded before, and how many there are; DarkroomError beyond `most`."""
    watch = [Watched(inspector) for inspector in inspectors]
    count = 0
    for frame in planes:
        if count == most:
            raise DarkroomError("footage.long", promised=most)
        seen = _for_inspection(frame, count, count / fps)
        for watched in watch:
            watched.see(seen)
        count += 1
    return count, tuple(watched.conclude() for watched in watch)


class _Beside:
    """Encodes in a thread of its own, never more than a few frames behind: neither drawing nor encoding waits in vain.

    x264's own threads keep two cores only partly busy while this one draws, converts and inspects: with a thread
    between them the whole path of 5 s of 720p took 1.04 s instead of 1.25 s.
    """

    _FRAMES_BEHIND = 2

    def __init__(self, writer: Mp4Writer) -> None:
        self._writer = writer
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="encoder")
        self._behind: deque[Future[None]] = deque()

    def write(self, planes: Planes) -> None:
        """Raises what went wrong with an earlier frame."""
        while len(self._behind) >= self._FRAMES_BEHIND:
            self._behind.popleft().result()
        self._behind.append(self._thread.submit(self._writer.write, planes))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        # The writer may only be closed, or abandoned, when nobody writes any more.
        self._thread.shutdown(wait=True, cancel_futures=kind is not None)
        if kind is None:
            for frame in self._behind:
                frame.result()


class Watched:
    """An inspector that may fail without taking the clip with it: what it then did not see is counted as not seen.

    The gate holds a clip that a required inspector has not seen whole.
    """

    def __init__(self, inspector: Inspector) -> None:
        self._inspector = inspector
        self._seen = 0
        self._failed = False

    def see(self, frame: SeenFrame) -> None:
        if self._failed:
            return
        try:
            self._inspector.see(frame)
        except Exception:
            self._failed = True
            _log.exception("inspector %s failed at frame %d", self._inspector.name, frame.index)
        else:
            self._seen += 1

    @property
    def refused(self) -> bool:
        return not self._failed and bool(getattr(self._inspector, "refused", False))

    def conclude(self) -> Inspection:
        """What it saw until it failed is not lost either."""
        try:
            inspection = self._inspector.conclude()
            return replace(inspection, frames_seen=min(inspection.frames_seen, self._seen))
        except Exception:
            _log.exception("inspector %s came to no conclusion", self._inspector.name)
            return Inspection(self._inspector.name, frames_seen=0)


def _all_frames(footage: Footage, cancelled: Callable[[], bool]) -> Iterator[Pixels]:
    """Exactly the frames that were promised, each as it was promised."""
    if footage.layout not in _CHANNELS:
        raise DarkroomError("footage.layout", layout=footage.layout)
    shape = (footage.height, footage.width, _CHANNELS[footage.layout])
    count = 0
    for pixels in _until(cancelled, footage.frames):
        if count == footage.count:
            raise DarkroomError("footage.long", promised=footage.count)
        if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8:
            raise DarkroomError("footage.type", frame=count, type=str(getattr(pixels, "dtype", type(pixels).__name__)))
        if pixels.shape != shape:
            raise DarkroomError("footage.size", frame=count, promised=shape, found=pixels.shape)
        # A cropped or flipped view is copied; whole rows, as every renderer gives them, are not.
        whole_rows = pixels.strides[1:] == (shape[2], 1) and pixels.strides[0] > 0
        yield pixels if whole_rows else np.ascontiguousarray(pixels)
        count += 1
    if count < footage.count:
        raise DarkroomError("footage.short", promised=footage.count, found=count)


def _until(cancelled: Callable[[], bool], frames: Iterator[Pixels]) -> Iterator[Pixels]:
    """The frames; asks before each one whether it is still wanted, and lets the renderer clear up however it ends."""
    try:
        while True:
            if cancelled():
                raise Cancelled
            try:
                pixels = next(frames)
            except StopIteration:
                return
            yield pixels
    finally:
        if isinstance(frames, Generator):
            frames.close()


def _for_inspection(planes: Planes, index: int, seconds: float) -> SeenFrame:
    return SeenFrame(index, seconds, _locked(planes.luma), _locked(planes.cb), _locked(planes.cr))


def _locked(plane: Plane) -> Plane:
    view = plane.view()
    view.flags.writeable = False
    return view

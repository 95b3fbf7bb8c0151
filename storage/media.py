"""Video files: write one frame after another, say what a file is, read its frames back. All through PyAV.

Frames are yuv420p, BT.709, limited range everywhere. A file to be read may come from anybody: nothing it says is
trusted, memory stays bounded and errors are typed; decoding it still belongs in a worker process.
"""

import secrets
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import av
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition, Stream
from av.video.frame import PictureType
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation, VideoReformatter
from av.video.stream import VideoStream
from numpy.typing import NDArray

from storage.errors import StorageError
from storage.files import DiskFull, publish, says_full

Plane = NDArray[np.uint8]
Layout = Literal["bgra", "rgb24"]

AUDIO_RATE = 48_000
_AUDIO_BITS_PER_SECOND = 64_000
_KEYFRAME_EVERY_SECONDS = 5

# Nothing that names other files (playlists, lists of files) may be opened at all: it would read them for a stranger.
CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"
# A larger picture is refused before memory is taken for it: a little more than 8K.
PIXELS_LIMIT = 8192 * 4608
_BOX_HEADER = 8
_BOXES_LIMIT = 100_000  # a fragmented hour has some thousands
_SMALLEST_HD = 720  # lines; below, colours that are not tagged are taken for BT.601


class MediaError(StorageError):
    """What is wrong with a video file, or with what one was to be made of."""


@dataclass(frozen=True)
class Planes:
    """One frame of yuv420p: writable views into `frame`, which the encoder takes as it is."""

    frame: av.VideoFrame
    luma: Plane  # height x width
    cb: Plane  # half height x half width
    cr: Plane

    @classmethod
    def of(cls, frame: av.VideoFrame) -> Self:
        return cls(frame, _rows(frame, 0), _rows(frame, 1), _rows(frame, 2))

    @classmethod
    def blank(cls, width: int, height: int) -> Self:
        """A new frame whose content is not set yet."""
        return cls.of(av.VideoFrame(width, height, "yuv420p"))


def _rows(frame: av.VideoFrame, index: int, bytes_per_pixel: int = 1) -> Plane:
    """The plane without the padding at the end of its lines."""
    plane = frame.planes[index]
    lines: Plane = np.frombuffer(plane, np.uint8)  # type: ignore[call-overload]  # PyAV's stubs do not say it is a buffer
    return lines.reshape(plane.height, plane.line_size)[:, : plane.width * bytes_per_pixel]


class Converter:
    """Between the full-range RGB of pictures and the planes of clips. One for each stream: it keeps its tables."""

    # With chroma made from all the pixels: better, and in swscale also faster than its default, which averages
    # pairs first (2.2 ms against 3.0 ms for a frame of 720p on one core).
    _TO_PLANES = Interpolation.BILINEAR | Interpolation.FULL_CHR_H_INP
    _TO_PIXELS = Interpolation.BICUBIC | Interpolation.FULL_CHR_H_INT | Interpolation.ACCURATE_RND

    def __init__(self) -> None:
        self._swscale = VideoReformatter()

    def planes(self, pixels: NDArray[np.uint8], layout: Layout) -> Planes:
        """`pixels` is height x width x channels with contiguous rows; it may be used again as soon as this returns."""
        return Planes.of(
            self._swscale.reformat(
                av.VideoFrame.from_numpy_buffer(pixels, layout),
                format="yuv420p",
                src_color_range=ColorRange.JPEG,
                dst_color_range=ColorRange.MPEG,
                dst_colorspace=Colorspace.ITU709,
                interpolation=self._TO_PLANES,
                threads=1,
            )
        )

    def scaled(self, planes: Planes, width: int, height: int) -> NDArray[np.uint8]:
        """height x width x 4, blue first, at the size that is asked for."""
        frame = self._swscale.reformat(
            planes.frame,
            width=width,
            height=height,
            format="bgra",
            src_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
            interpolation=self._TO_PIXELS,
            threads=1,
        )
        return _rows(frame, 0, 4).reshape(frame.height, frame.width, 4)

    def pixels(self, planes: Planes) -> NDArray[np.uint8]:
        """height x width x 3, red first."""
        frame = self._swscale.reformat(
            planes.frame,
            format="rgb24",
            src_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
            interpolation=self._TO_PIXELS,
            threads=1,
        )
        return _rows(frame, 0, 3).reshape(frame.height, frame.width, 3)


class Mp4Writer:
    """Frames into an MP4 that plays everywhere; it gets its name when it is whole and on the device, not before.

    H.264 High, yuv420p, BT.709 tags, constant frame rate, moov first, and a silent stereo AAC track of the same length:
    Telegram takes a video without one for an animation and compresses it again. Nothing in the file tells where or
    when it was written. Nothing may rely on the same frames giving the same bytes: x264's look ahead decided
    otherwise in some runs of a hundred, with one thread as with two.
    """

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        fps: int,
        *,
        crf: int = 20,
        preset: str = "veryfast",
        threads: int = 2,
    ) -> None:
        if min(width, height) < 2 or width % 2 or height % 2:
            raise MediaError("media.size", width=width, height=height)
        if fps < 1:
            raise MediaError("media.rate", fps=fps)
        self.path = path
        self.width, self.height, self.fps = width, height, fps
        self.frames = 0
        self._silence = 0  # samples written
        self._failed: StorageError | None = None
        # A name of its own: in a folder that machines share, one that was given up may still be writing.
        self._part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
        with _explained(path):
            # "file:" keeps FFmpeg from taking "a:b.mp4" for a protocol; bitexact keeps versions out of the header; in
            # the muxer's own time scale of milliseconds the sound would end up to one of them before the picture.
            self._container = av.open(
                f"file:{self._part}",
                "w",
                format="mp4",
                container_options={
                    "movflags": "+faststart",
                    "fflags": "+bitexact",
                    "movie_timescale": str(AUDIO_RATE),
                },
            )
        self._video = self._container.add_stream(
            "libx264", rate=fps, options={"crf": str(crf), "preset": preset, "profile": "high"}
        )
        encoder = self._video.codec_context
        encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
        # PyAV's default, sliced threads, made the same clip 30 % larger and a little slower.
        encoder.thread_type, encoder.thread_count = "FRAME", threads
        encoder.time_base = Fraction(1, fps)
        encoder.gop_size = _KEYFRAME_EVERY_SECONDS * fps
        encoder.color_primaries = ColorPrimaries.BT709
        encoder.color_trc = ColorTrc.BT709
        encoder.colorspace = Colorspace.ITU709
        encoder.color_range = ColorRange.MPEG
        self._audio = self._container.add_stream("aac", rate=AUDIO_RATE, layout="stereo")
        self._audio.bit_rate = _AUDIO_BITS_PER_SECOND

    def write(self, planes: Planes) -> None:
        """The next frame. The encoder copies it: the caller may go on using it."""
        frame = planes.frame
        if (frame.width, frame.height, frame.format.name) != (self.width, self.height, "yuv420p"):
            raise MediaError("media.size", width=frame.width, height=frame.height)
        if self._failed is not None:
            raise self._failed  # FFmpeg's muxer crashed the process when it was written to after an error
        frame.pts, frame.time_base = self.frames, Fraction(1, self.fps)
        frame.pict_type = PictureType.NONE  # a decoded frame brings its own, which x264 would take for an order
        try:
            with _explained(self.path):
                self._container.mux(self._video.encode(frame))
                self.frames += 1
                if self.frames % self.fps == 0:
                    self._keep_silent()
        except StorageError as error:
            self._failed = error
            raise

    def _keep_silent(self) -> None:
        """Bring the sound up to where the picture is: a second at a time, so that the muxer holds little back."""
        samples = self.frames * AUDIO_RATE // self.fps - self._silence
        if samples <= 0:
            return
        frame = av.AudioFrame("fltp", "stereo", samples)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate, frame.time_base, frame.pts = AUDIO_RATE, Fraction(1, AUDIO_RATE), self._silence
        self._silence += samples
        self._container.mux(self._audio.encode(frame))

    def close(self) -> None:
        """Finish the file and give it its name."""
        if self._failed is not None or not self.frames:
            self.abandon()
            raise self._failed or MediaError("media.no_frames")
        try:
            with _explained(self.path):
                self._keep_silent()
                self._container.mux(self._video.encode(None))
                self._container.mux(self._audio.encode(None))
                self._container.close()
                publish(self._part, self.path)
        except BaseException:
            self.abandon()
            raise

    def abandon(self) -> None:
        """Leave nothing behind."""
        with suppress(FFmpegError, OSError):
            self._container.close()
        self._part.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except (FFmpegError, OSError) as error:
        if says_full(error):
            raise DiskFull(path=str(path)) from error
        raise MediaError("media.not_written", path=str(path), reason=str(error)) from error


@dataclass(frozen=True)
class Colour:
    """Tags by their usual names in lower case, or "unspecified"."""

    primaries: str
    transfer: str
    matrix: str
    range: str


@dataclass(frozen=True)
class MediaFacts:
    container: str
    codec: str
    profile: str | None
    pixel_format: str
    width: int
    height: int
    fps: Fraction
    constant_rate: bool
    frames: int
    seconds: float
    colour: Colour
    has_audio: bool
    audio_seconds: float
    moov_first: bool


@dataclass(frozen=True)
class ReadFrame:
    """A frame out of a file. Its planes are read only: the decoder may still predict from them."""

    index: int
    seconds: float
    planes: Planes


def probe(path: Path) -> MediaFacts:
    """Reads the whole file and decodes none of it: what is counted is there, not what a header claims."""
    with _opened(path) as (container, video, boxes):
        times = sorted(packet.pts for packet in container.demux(video) if packet.size and packet.pts is not None)
        if not times or len(times) < video.frames:
            raise MediaError("media.truncated", path=str(path))
        codec = video.codec_context
        audio = container.streams.audio[0] if container.streams.audio else None
        return MediaFacts(
            container=container.format.name,
            codec=codec.name,
            profile=codec.profile,
            pixel_format=codec.pix_fmt or "unknown",
            width=codec.width,
            height=codec.height,
            fps=video.average_rate or Fraction(0),
            constant_rate=len({after - before for before, after in pairwise(times)}) <= 1,
            frames=len(times),
            seconds=_seconds(container, video),
            colour=Colour(
                primaries=_PRIMARIES.get(codec.color_primaries, "unspecified"),
                transfer=_TRANSFERS.get(codec.color_trc, "unspecified"),
                matrix=_MATRICES.get(codec.colorspace, "unspecified"),
                range=_RANGES.get(codec.color_range, "unspecified"),
            ),
            has_audio=audio is not None,
            audio_seconds=_seconds(container, audio) if audio else 0.0,
            moov_first="moov" in boxes and "mdat" in boxes and boxes.index("moov") < boxes.index("mdat"),
        )


def read_frames(path: Path, *, start: float = 0.0) -> Iterator[ReadFrame]:
    """Every frame from `start` on, decoded as it is asked for; `index` counts from the first one handed out."""
    with _opened(path) as (container, video, _):
        video.thread_type = "AUTO"
        base = video.time_base or Fraction(1, 1000)
        origin = video.start_time or 0
        if start > 0.0:
            container.seek(origin + int(start / base), stream=video)
        converter = _ToPlanes()
        half_a_frame = 0.5 / (video.average_rate or 1000)
        index = 0
        for frame in container.decode(video):
            seconds = float(((frame.pts or 0) - origin) * base)
            if seconds < start - half_a_frame:
                continue
            yield ReadFrame(index, seconds, converter(frame))
            index += 1


def frames_at(path: Path, times: Iterable[float]) -> Iterator[ReadFrame]:
    """The frame on screen at each of the times, which ascend; for a time past the end, the last frame.

    Jumps where a keyframe saves decoding. `index` is the place among the times, which are asked for one by one.
    """
    with _opened(path) as (container, video, _):
        video.thread_type = "AUTO"
        base = video.time_base or Fraction(1, 1000)
        origin = video.start_time or 0
        converter = _ToPlanes()
        frames: Iterator[av.VideoFrame] = container.decode(video)
        shown: av.VideoFrame | None = None
        following: av.VideoFrame | None = None
        for index, time in enumerate(times):
            wanted = origin + round(max(0.0, time) / base)
            ahead = following or shown
            if _last_keyframe(video, wanted) > (ahead.pts or 0 if ahead else origin):
                container.seek(wanted, stream=video)
                frames, shown, following = container.decode(video), None, None
            while following is None or (following.pts or 0) <= wanted:
                shown = following or shown
                following = next(frames, None)
                if following is None:
                    break
            frame = shown or following
            if frame is None:
                raise MediaError("media.truncated", path=str(path))
            yield ReadFrame(index, float(((frame.pts or 0) - origin) * base), converter(frame))


def _last_keyframe(video: VideoStream, wanted: int) -> int:
    """The time stamp of the last keyframe before `wanted`, as far as the file has an index."""
    found = video.index_entries.search_timestamp(wanted) if len(video.index_entries) else -1
    return video.index_entries[found].timestamp if found >= 0 else 0


class _ToPlanes:
    """Whatever a decoder gives, as planes of ours. Its colours are taken as tagged; without a tag, by custom."""

    def __init__(self) -> None:
        self._swscale = VideoReformatter()

    def __call__(self, frame: av.VideoFrame) -> Planes:
        matrix = frame.colorspace if frame.colorspace in _MATRICES else None
        if matrix is None:
            matrix = Colorspace.ITU709 if frame.height >= _SMALLEST_HD else Colorspace.ITU601
        limited = frame.color_range != ColorRange.JPEG
        if frame.format.name == "yuv420p" and limited and matrix == Colorspace.ITU709:
            return _read_only(frame)
        converted = self._swscale.reformat(
            frame,
            format="yuv420p",
            src_colorspace=matrix,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=ColorRange.MPEG if limited else ColorRange.JPEG,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        return _read_only(converted)


def _read_only(frame: av.VideoFrame) -> Planes:
    planes = Planes.of(frame)
    for plane in (planes.luma, planes.cb, planes.cr):
        plane.flags.writeable = False
    return planes


# FFmpeg's numbers for the tags that occur; PyAV's own enumerations use swscale's names, which say less.
_PRIMARIES = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020"}
_TRANSFERS = {1: "bt709", 6: "smpte170m", 13: "srgb", 16: "pq", 18: "hlg"}
_MATRICES = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020"}
_RANGES = {1: "limited", 2: "full"}


@contextmanager
def _opened(path: Path) -> Iterator[tuple[InputContainer, VideoStream, list[str]]]:
    """The file, its first real video stream, and the names of its outermost boxes if it is an MP4."""
    try:
        boxes = _boxes(path)
    except FileNotFoundError as error:
        raise MediaError("media.missing", path=str(path)) from error
    except OSError as error:
        raise MediaError("media.unreadable", path=str(path), reason=str(error)) from error
    try:
        with av.open(
            f"file:{path}",
            container_options={"format_whitelist": CONTAINERS, "protocol_whitelist": "file"},
            metadata_errors="replace",
        ) as container:
            video = next(filter(_is_film, container.streams.video), None)
            if video is None:
                raise MediaError("media.no_video", path=str(path))
            width, height = video.codec_context.width, video.codec_context.height
            if not 0 < width * height <= PIXELS_LIMIT:
                raise MediaError("media.pixels", path=str(path), width=width, height=height)
            yield container, video, boxes
    except (FFmpegError, OSError) as error:
        raise MediaError("media.unreadable", path=str(path), reason=str(error)) from error


def _is_film(stream: VideoStream) -> bool:
    """Not the cover of a song, and something that FFmpeg has a decoder for."""
    pictures = Disposition.attached_pic | Disposition.still_image
    return not stream.disposition & pictures and stream.codec_context is not None


def _boxes(path: Path) -> list[str]:
    """The outermost boxes of an MP4 in their order, none for another kind of file. Refuses one that is cut off."""
    size = path.stat().st_size
    if not size:
        raise MediaError("media.empty", path=str(path))
    if size < _BOX_HEADER:
        return []
    boxes: list[str] = []
    at = 0
    with path.open("rb") as file:
        while at + _BOX_HEADER <= size:
            file.seek(at)
            length, kind = struct.unpack(">I4s", file.read(_BOX_HEADER))
            if at == 0 and kind != b"ftyp":
                return []
            if length == 1:
                (length,) = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))
            elif length == 0:  # up to the end
                length = size - at
            if length < _BOX_HEADER or not kind.isascii():
                raise MediaError("media.unreadable", path=str(path), reason="a box without a size")
            if at + length > size:
                raise MediaError("media.truncated", path=str(path))
            boxes.append(kind.decode("ascii"))
            at += length
            if len(boxes) > _BOXES_LIMIT:
                raise MediaError("media.unreadable", path=str(path), reason="too many boxes")
    if "moov" not in boxes:
        raise MediaError("media.truncated", path=str(path))
    return boxes


def _seconds(container: InputContainer, stream: Stream) -> float:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / av.time_base

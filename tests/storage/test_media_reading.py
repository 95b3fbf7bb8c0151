"""What others wrote cannot surprise the reader, and what was written reads back."""

import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from storage.errors import StorageError
from storage.files import DiskFull
from storage.media import Converter, MediaError, Mp4Writer, frames_at, probe, read_frames
from tests.media_samples import write_clip

REPOSITORY = Path(__file__).parents[2]


def refusal(act: Callable[[Path], object], path: Path) -> str:
    with pytest.raises(MediaError) as caught:
        act(path)
    return caught.value.code


def read_all(path: Path) -> int:
    return sum(1 for _ in read_frames(path))


FILE_TYPE = struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0)
READERS = [probe, read_all, lambda path: list(frames_at(path, [0.0]))]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "media.empty"),
        (b"x", "media.unreadable"),
        (b"\0" * 100_000, "media.unreadable"),
        (bytes(range(256)) * 400, "media.unreadable"),
        ("給我一條龍🐉".encode() * 1000, "media.unreadable"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "media.unreadable"),
        (b"ffconcat version 1.0\nfile other.mp4\n", "media.unreadable"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "media.unreadable"),
        (b"RIFF\x24\0\0\0WAVEfmt " + bytes(500), "media.unreadable"),
        (struct.pack(">I4s", 8, b"ftyp"), "media.truncated"),
        (FILE_TYPE + struct.pack(">I4s", 3, b"moov"), "media.unreadable"),
        (FILE_TYPE + struct.pack(">I4s", 8, b"moov"), "media.no_video"),
        (
            struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + struct.pack(">I4s", 8, b"skip") * 200_000,
            "media.unreadable",
        ),
        (struct.pack(">I4sQ", 1, b"ftyp", 2**63) + bytes(100), "media.truncated"),
    ],
)
def test_what_is_no_video_is_refused_with_a_code(
    tmp_path: Path, read: Callable[[Path], object], content: bytes, code: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "upload.mp4"
    path.write_bytes(content)
    assert refusal(read, path) == code
    assert capfd.readouterr() == ("", ""), "FFmpeg talked to the terminal"


@pytest.mark.parametrize("read", READERS)
def test_missing_and_folders(tmp_path: Path, read: Callable[[Path], object]) -> None:
    assert refusal(read, tmp_path / "nothing.mp4") == "media.missing"
    assert refusal(read, tmp_path) == "media.unreadable"


@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9, 0.999])
@pytest.mark.parametrize("read", READERS)
def test_a_file_that_was_cut_off_is_never_taken_for_a_shorter_one(
    tmp_path: Path, read: Callable[[Path], object], part: float
) -> None:
    clip = write_clip(tmp_path / "clip.mp4", count=48)
    data = clip.read_bytes()
    clip.write_bytes(data[: int(len(data) * part)])
    assert refusal(read, clip) == "media.truncated"


def test_damage_in_the_middle_never_crashes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = bytearray(write_clip(tmp_path / "clip.mp4", count=48).read_bytes())
    chance = np.random.default_rng(7)
    path = tmp_path / "damaged.mp4"
    for _ in range(40):
        damaged = bytearray(data)
        for at in chance.integers(0, len(data), 30):
            damaged[at] = chance.integers(0, 256)
        path.write_bytes(damaged)
        for read in READERS:
            try:
                read(path)
            except MediaError as error:
                assert error.code.startswith("media.")
    assert capfd.readouterr() == ("", "")


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "song.m4a"
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=48_000, layout="stereo")
        frame = av.AudioFrame("fltp", "stereo", 4096)
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        frame.sample_rate = 48_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert refusal(probe, path) == "media.no_video"


def test_a_picture_of_a_billion_pixels_is_refused_from_its_header(tmp_path: Path) -> None:
    data = bytearray(write_clip(tmp_path / "clip.mp4").read_bytes())
    at = data.index(b"avc1", data.index(b"stsd")) + 28
    assert struct.unpack_from(">HH", data, at) == (160, 90)
    struct.pack_into(">HH", data, at, 65_000, 65_000)
    # The stream's own header wins over the container's, so it is taken away.
    data[data.index(b"avcC") : data.index(b"avcC") + 4] = b"skip"
    path = tmp_path / "huge.mp4"
    path.write_bytes(data)
    assert refusal(probe, path) in {"media.pixels", "media.unreadable"}


def test_reading_starts_where_it_is_asked_to(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", count=24 * 11)  # two keyframes on the way
    everything = {frame.index: frame.planes.luma.copy() for frame in read_frames(clip)}
    assert len(everything) == 24 * 11
    for start in (0, 1, 119, 120, 121, 200, 263):
        frame = next(iter(read_frames(clip, start=start / 24)))
        assert frame.seconds == pytest.approx(start / 24, abs=1e-3)
        assert (frame.planes.luma == everything[start]).all()
    assert read_all(clip) == 24 * 11
    assert not list(read_frames(clip, start=99.0))


def test_frames_at_times_are_those_that_a_reader_of_everything_finds(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", count=24 * 11)
    everything = {frame.index: frame.planes.luma.copy() for frame in read_frames(clip)}
    wanted = {0.0: 0, 0.03: 0, 0.5: 12, 0.51: 12, 4.99: 119, 5.0: 120, 9.2: 220, 10.99: 263, 60.0: 263}
    for (time_, place), frame in zip(wanted.items(), frames_at(clip, list(wanted)), strict=True):
        assert frame.seconds == pytest.approx(place / 24, abs=1e-3), time_
        assert (frame.planes.luma == everything[place]).all(), time_


def test_what_was_read_can_be_written_again_and_not_changed_in_place(tmp_path: Path) -> None:
    """A decoder predicts from its frames, and a decoded frame's type is no order to the encoder."""
    clip, copy = write_clip(tmp_path / "clip.mp4", count=30), tmp_path / "copy.mp4"
    with Mp4Writer(copy, 160, 90, 24) as writer:
        for frame in read_frames(clip):
            for plane in (frame.planes.luma, frame.planes.cb, frame.planes.cr):
                with pytest.raises(ValueError, match="read-only"):
                    plane[0, 0] = 0
            writer.write(frame.planes)
    assert probe(copy).frames == 30
    for one, other in zip(read_frames(clip), read_frames(copy), strict=True):
        assert np.abs(one.planes.luma.astype(int) - other.planes.luma).mean() < 3


def test_colours_that_are_tagged_otherwise_are_converted(tmp_path: Path) -> None:
    """A full-range BT.601 4:4:4 file gives the planes that the same picture gives as one of ours."""
    path = tmp_path / "other.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv444p"
        stream.codec_context.color_range, stream.codec_context.colorspace = 2, 6
        pixels = np.empty((48, 64, 3), np.uint8)
        pixels[:] = (200, 100, 50)
        frame = av.VideoFrame.from_ndarray(pixels).reformat(
            format="yuv444p", src_color_range=2, dst_color_range=2, dst_colorspace=5
        )
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    (read,) = read_frames(path)
    ours = Converter().planes(pixels, "rgb24")
    for mine, theirs in ((read.planes.luma, ours.luma), (read.planes.cb, ours.cb), (read.planes.cr, ours.cr)):
        assert abs(float(mine.mean()) - float(theirs.mean())) < 2.5


def test_errors_survive_the_way_out_of_a_worker_process() -> None:
    import pickle

    for error in (MediaError("media.size", width=3, height=4), DiskFull(path="/a"), StorageError("x")):
        back = pickle.loads(pickle.dumps(error))
        assert (type(back), back.code, back.params) == (type(error), error.code, error.params)


def test_memory_does_not_grow_with_the_length_of_what_is_read(tmp_path: Path) -> None:
    """Eight times the frames, decoded in another process, take no more than a few frames' memory on top."""
    code = (
        "import resource,sys\nfrom pathlib import Path\nfrom storage.media import read_frames\n"
        "n=sum(1 for _ in read_frames(Path(sys.argv[1])))\n"
        "print(n, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks = []
    for count in (20, 160):
        clip = write_clip(tmp_path / f"{count}.mp4", 640, 360, count=count)
        done = subprocess.run(
            [sys.executable, "-c", code, str(clip)], cwd=REPOSITORY, capture_output=True, text=True, check=True
        )
        frames, peak = map(int, done.stdout.split())
        assert frames == count
        peaks.append(peak if sys.platform != "darwin" else peak // 1024)
    assert peaks[1] - peaks[0] < 15_000, "kilobytes: 140 frames would be 48,000"

"""What Mp4Writer writes is what players and platforms expect."""

import re
import signal
import struct
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from storage.media import AUDIO_RATE, Converter, MediaError, Mp4Writer, Planes, probe, read_frames
from tests.media_samples import BLACK, BLUE, GREEN, GREY, RED, WHITE, moving_frames, write_clip

REPOSITORY = Path(__file__).parents[2]


def outer_boxes(data: bytes) -> list[str]:
    """The outermost boxes, read here without the code under test."""
    names, at = [], 0
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        names.append(kind.decode())
        at += length
    return names


# --- writing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 24, 25, 119, 120])
def test_every_frame_is_there_at_its_exact_time(tmp_path: Path, count: int) -> None:
    clip = write_clip(tmp_path / "clip.mp4", count=count)
    with av.open(str(clip)) as container:
        times = [frame.pts * frame.time_base for frame in container.decode(video=0)]
    assert times == [Fraction(index, 24) for index in range(count)]
    facts = probe(clip)
    assert (facts.frames, facts.fps, facts.constant_rate) == (count, 24, True)
    assert facts.seconds == pytest.approx(count / 24, abs=1e-6)


@pytest.mark.parametrize("count", [1, 25, 120])
def test_the_sound_is_silent_and_as_long_as_the_picture(tmp_path: Path, count: int) -> None:
    clip = write_clip(tmp_path / "clip.mp4", count=count)
    facts = probe(clip)
    assert facts.has_audio
    assert facts.audio_seconds == pytest.approx(count / 24, abs=1 / AUDIO_RATE)
    with av.open(str(clip)) as container:
        audio = container.streams.audio[0]
        assert (audio.codec_context.name, audio.layout.name, audio.rate) == ("aac", "stereo", AUDIO_RATE)
        heard = np.concatenate([frame.to_ndarray() for frame in container.decode(audio)], axis=1)
    assert heard.shape[1] >= count / 24 * AUDIO_RATE
    assert not heard.any()


@pytest.mark.parametrize("fps", [1, 12, 24, 25, 30, 60])
def test_other_frame_rates_are_exact_too(tmp_path: Path, fps: int) -> None:
    facts = probe(write_clip(tmp_path / "clip.mp4", count=fps + 1, fps=fps))
    assert (facts.fps, facts.frames, facts.constant_rate) == (fps, fps + 1, True)
    assert facts.audio_seconds == pytest.approx((fps + 1) / fps, abs=1 / AUDIO_RATE)


SIZES = [
    (854, 480),
    (480, 480),
    (480, 854),
    (1280, 720),
    (720, 720),
    (720, 1280),
    (1920, 1080),
    (1080, 1080),
    (1080, 1920),
]


@pytest.mark.parametrize(("width", "height"), [*SIZES, (2, 2), (16, 2)])
def test_codec_profile_and_tags_at_every_size(tmp_path: Path, width: int, height: int) -> None:
    facts = probe(write_clip(tmp_path / "clip.mp4", width, height, count=3))
    assert (facts.codec, facts.profile, facts.pixel_format) == ("h264", "High", "yuv420p")
    assert (facts.width, facts.height) == (width, height)
    colour = facts.colour
    assert (colour.primaries, colour.transfer, colour.matrix, colour.range) == ("bt709", "bt709", "bt709", "limited")
    assert facts.moov_first


def test_the_index_stands_before_the_media(tmp_path: Path) -> None:
    data = write_clip(tmp_path / "clip.mp4").read_bytes()
    boxes = outer_boxes(data)
    assert boxes[0] == "ftyp"
    assert boxes.index("moov") < boxes.index("mdat")
    # and its chunk offsets were moved with the media: the first one points into mdat
    (offset,) = struct.unpack_from(">I", data, data.index(b"stco") + 12)
    assert data.index(b"mdat") < offset < len(data)


def test_the_container_carries_the_colour_tags_as_well(tmp_path: Path) -> None:
    data = write_clip(tmp_path / "clip.mp4").read_bytes()
    at = data.index(b"colrnclx")
    assert struct.unpack_from(">HHHB", data, at + 8) == (1, 1, 1, 0)


def test_nothing_personal_and_no_date_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "somebody-called-Ada"
    folder.mkdir()
    clip = write_clip(folder / "holiday.mp4")
    data = clip.read_bytes()
    assert b"Ada" not in data
    assert b"holiday" not in data
    assert b"Lavf" not in data
    created, modified = struct.unpack_from(">II", data, data.index(b"mvhd") + 8)
    assert (created, modified) == (0, 0)


COLOURS = [RED, GREEN, BLUE, WHITE, BLACK, GREY, (200, 100, 50)]


@pytest.mark.parametrize("colour", COLOURS)
def test_colours_come_back_through_an_independent_decoder(tmp_path: Path, colour: tuple[int, int, int]) -> None:
    """Compared with the BT.709 formula, and with what a player that follows the tags shows."""
    pixels = np.empty((48, 64, 4), np.uint8)
    pixels[:] = (*colour[::-1], 255)
    clip = tmp_path / "clip.mp4"
    converter = Converter()
    with Mp4Writer(clip, 64, 48, 24, crf=10) as writer:
        for _ in range(3):
            writer.write(converter.planes(pixels, "bgra"))
    red, green, blue = (part / 255 for part in colour)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    expected = (16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748)
    for frame in read_frames(clip):
        found = [float(plane.mean()) for plane in (frame.planes.luma, frame.planes.cb, frame.planes.cr)]
        assert found == pytest.approx(expected, abs=2.0)
    with av.open(str(clip)) as container:
        shown = next(container.decode(video=0)).to_image().getpixel((32, 24))
    assert shown == pytest.approx(colour, abs=4)


def test_rgb_and_bgra_of_the_same_picture_agree(tmp_path: Path) -> None:
    bgra = next(moving_frames(64, 48, 1)).copy()
    one, other = Converter().planes(bgra, "bgra"), Converter().planes(np.ascontiguousarray(bgra[..., 2::-1]), "rgb24")
    for mine, theirs in ((one.luma, other.luma), (one.cb, other.cb), (one.cr, other.cr)):
        assert np.abs(mine.astype(int) - theirs).max() <= 1


def test_colour_edges_stay_where_they_are() -> None:
    """Left half red, right half blue: chroma changes at the middle, not beside it."""
    pixels = np.zeros((32, 64, 3), np.uint8)
    pixels[:, :32, 0] = 255
    pixels[:, 32:, 2] = 255
    planes = Converter().planes(pixels, "rgb24")
    row = planes.cr[8].astype(int)
    assert abs(row[:15] - 240).max() <= 1
    assert abs(row[17:] - 118).max() <= 1


def test_planes_are_views_that_the_encoder_sees(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    with Mp4Writer(clip, 64, 48, 24) as writer:
        for _ in range(3):
            planes = Planes.blank(64, 48)
            planes.luma[:] = 180
            planes.cb[:] = 90
            planes.cr[:] = 150
            writer.write(planes)
    for frame in read_frames(clip):
        assert abs(float(frame.planes.luma.mean()) - 180) < 2
        assert abs(float(frame.planes.cb.mean()) - 90) < 2
        assert abs(float(frame.planes.cr.mean()) - 150) < 2


@pytest.mark.parametrize("name", ["http:龍 🐉 %d.mp4", "tcp:x.mp4", "-.mp4", "pipe:1"])
def test_a_name_with_a_colon_spaces_and_chinese_is_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Also as a relative path, where FFmpeg would see a protocol."""
    monkeypatch.chdir(tmp_path)
    clip = write_clip(Path(name))
    assert probe(clip).frames == 12
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(("width", "height"), [(3, 2), (2, 3), (0, 2), (2, 0), (-2, 2), (855, 480)])
def test_odd_and_empty_sizes_are_refused_before_a_file_exists(tmp_path: Path, width: int, height: int) -> None:
    with pytest.raises(MediaError) as caught:
        Mp4Writer(tmp_path / "clip.mp4", width, height, 24)
    assert caught.value.code == "media.size"
    assert not list(tmp_path.iterdir())


def test_a_frame_of_another_size_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(MediaError) as caught, Mp4Writer(tmp_path / "clip.mp4", 64, 48, 24) as writer:
        writer.write(Planes.blank(64, 48))
        writer.write(Planes.blank(64, 50))
    assert caught.value.code == "media.size"
    assert not list(tmp_path.iterdir())


def test_no_frames_make_no_file(tmp_path: Path) -> None:
    with pytest.raises(MediaError) as caught, Mp4Writer(tmp_path / "clip.mp4", 64, 48, 24):
        pass
    assert caught.value.code == "media.no_frames"
    assert not list(tmp_path.iterdir())


def test_an_error_in_the_middle_leaves_the_older_file_as_it_was(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"older")
    with pytest.raises(KeyboardInterrupt), Mp4Writer(clip, 64, 48, 24) as writer:
        for pixels in moving_frames(64, 48, 30):
            writer.write(Converter().planes(pixels, "bgra"))
        raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]
    assert clip.read_bytes() == b"older"


def test_a_folder_that_is_not_there_is_a_typed_error(tmp_path: Path) -> None:
    with pytest.raises(MediaError) as caught:
        write_clip(tmp_path / "nowhere" / "clip.mp4")
    assert caught.value.code == "media.not_written"


ENDLESS_WRITER = """
import sys
from pathlib import Path
from storage.media import Converter, Mp4Writer
from tests.media_samples import moving_frames
with Mp4Writer(Path(sys.argv[1]), 320, 180, 24) as writer:
    converter = Converter()
    for index, pixels in enumerate(moving_frames(320, 180, 10**6)):
        writer.write(converter.planes(pixels, "bgra"))
        if index == 100:
            print("writing", flush=True)
"""


def test_killed_in_the_middle_only_the_part_is_left_and_the_next_attempt_works(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    writer = subprocess.Popen(
        [sys.executable, "-c", ENDLESS_WRITER, str(clip)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    assert writer.stdout.readline() == "writing\n"
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    (left,) = tmp_path.iterdir()
    assert re.fullmatch(r"clip\.mp4\.[0-9a-f]{8}\.part", left.name)
    write_clip(clip)
    assert {path.name for path in tmp_path.iterdir()} == {"clip.mp4", left.name}, (
        "whose part it is decides when it goes"
    )
    assert probe(clip).frames == 12


FULL_DISK = """
import os, resource, sys
from pathlib import Path
from storage.files import DiskFull
from tests.media_samples import sample_clip
limit = int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    sample_clip(Path(sys.argv[1]), count=48)
except DiskFull as error:
    print(error.code, error.params["path"] == sys.argv[1], len(os.listdir(Path(sys.argv[1]).parent)))
else:
    print("written")
"""


@pytest.mark.parametrize("limit", [1, 5_000, "one byte short"])
def test_no_room_is_a_typed_error_and_leaves_nothing(tmp_path: Path, limit: int | str) -> None:
    """The system refuses writes past a limit of the process, which FFmpeg meets like a full device."""
    if isinstance(limit, str):
        limit = write_clip_of_limit_test(tmp_path / "whole") - 1
    folder = tmp_path / "limited"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(folder / "clip.mp4"), str(limit)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("disk.full True 0\n", "")


STUBBORN_WRITER = """
import resource, sys
from pathlib import Path
from storage.files import DiskFull
from storage.media import Mp4Writer, Planes
resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))
writer = Mp4Writer(Path(sys.argv[1]), 64, 48, 24)
codes = []
for _ in range(60):
    try:
        writer.write(Planes.blank(64, 48))
    except DiskFull as error:
        codes.append(error.code)
try:
    writer.close()
except DiskFull as error:
    print(error.code, len(codes), len(list(Path(sys.argv[1]).parent.iterdir())))
"""


def test_writing_on_after_an_error_gives_the_same_error(tmp_path: Path) -> None:
    """FFmpeg itself crashes the process then."""
    done = subprocess.run(
        [sys.executable, "-c", STUBBORN_WRITER, str(tmp_path / "clip.mp4")],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    code, times, left = done.stdout.split()
    assert code == "disk.full"
    assert int(times) > 10
    assert left == "0"


def write_clip_of_limit_test(folder: Path) -> int:
    from tests.media_samples import sample_clip

    folder.mkdir()
    return sample_clip(folder / "clip.mp4", count=48).stat().st_size

"""Uploads: whatever comes, a plain picture or film of ours is stored, or a sentence says why not."""

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from engine.errors import StudioError
from engine.places import Places
from engine.reports import InspectionReport, UploadReport, UploadSeen
from engine.uploads import JPEG, MP4, PNG, SUFFIXES, TakeIn, judged_uploads
from safety.policy import Policy
from safety.uploads import LIMITS
from safety.verdict import Decision, Fault
from storage.blobs import Blobs
from storage.media import Converter, probe, read_frames
from tests.media_samples import sample_clip

Make = Callable[[Path], None]


@dataclass
class Bench:
    data: Path
    files: str | None = None
    policy: Path | None = None
    certificate: tuple[Path, Path | None, tuple[str, ...]] | None = None
    models: Path | None = None
    reports: list[dict[str, object]] = field(default_factory=list)

    def report(self, **progress: object) -> None:
        self.reports.append(progress)

    def cancelled(self) -> bool:
        return False


def take_in(folder: Path, file: Path) -> UploadReport:
    return TakeIn(file=file).do(Bench(folder / "data"))


def stored(folder: Path, report: UploadReport) -> Path:
    path = Blobs(Places(folder / "data").files).path(report.sha256, SUFFIXES[report.media_type])
    assert path.stat().st_size == report.size
    return path


def picture(width: int = 400, height: int = 300) -> Image.Image:
    rows, columns = np.mgrid[0:height, 0:width]
    return Image.fromarray(np.stack([rows % 256, columns % 256, (rows + columns) % 256], -1).astype(np.uint8))


def code_of(folder: Path, file: Path) -> str:
    with pytest.raises(StudioError) as told:
        take_in(folder, file)
    left = [path for path in (folder / "data").rglob("*") if path.is_file()]
    assert left == [], "nothing of it stays"
    return told.value.code


# -- pictures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_of_every_kind_is_taken_in_whatever_it_is_called(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "照片 🐺.txt"
    picture().save(file, format=kind)
    report = take_in(tmp_path, file)
    assert (report.media_type, report.width, report.height, report.seconds) == (JPEG, 400, 300, 0.0)
    with Image.open(stored(tmp_path, report)) as kept:
        assert kept.size == (400, 300) and kept.format == "JPEG"
        near = np.asarray(kept.convert("RGB")).astype(int) - np.asarray(picture())
        assert np.abs(near).mean() < (12 if kind == "GIF" else 4)


def test_nothing_but_pixels_is_kept(tmp_path: Path) -> None:
    """Neither where a telephone was, nor who wrote a comment, nor a thumbnail, nor what hides behind nothing."""
    exif = Image.Exif()
    exif[0x010E] = "SECRET home address"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    file = tmp_path / "a.jpg"
    picture().save(file, exif=exif, comment=b"SECRET comment")
    kept = stored(tmp_path, take_in(tmp_path, file)).read_bytes()
    assert b"SECRET" in file.read_bytes() and b"SECRET" not in kept and b"Exif" not in kept

    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "SECRET")
    see_through = picture().convert("RGBA")
    see_through.putalpha(Image.fromarray(np.tile(np.repeat([0, 255], 200).astype(np.uint8), (300, 1))))
    see_through.save(tmp_path / "b.png", pnginfo=text)
    report = take_in(tmp_path, tmp_path / "b.png")
    assert report.media_type == PNG
    assert b"SECRET" not in stored(tmp_path, report).read_bytes()
    with Image.open(stored(tmp_path, report)) as plain:
        pixels = np.asarray(plain)
    assert not pixels[:, :200].any() and pixels[:, 200:, 3].all()


def test_a_picture_stands_upright_and_has_at_most_the_size_that_is_kept(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright
    picture(4_000, 600).save(tmp_path / "a.jpg", exif=exif)
    report = take_in(tmp_path, tmp_path / "a.jpg")
    assert (report.width, report.height) == (384, 2_560)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "YCbCr"])
def test_every_kind_of_pixel_is_understood(tmp_path: Path, mode: str) -> None:
    source = picture().convert("L").convert("I;16") if mode == "I;16" else picture().convert(mode)
    file = tmp_path / "a.img"
    source.save(file, format="JPEG" if mode in ("CMYK", "YCbCr") else "PNG")
    assert take_in(tmp_path, file).width == 400


def test_the_same_twice_is_stored_once(tmp_path: Path) -> None:
    picture().save(tmp_path / "a.png")
    assert take_in(tmp_path, tmp_path / "a.png") == take_in(tmp_path, tmp_path / "a.png")


# -- what moves ----------------------------------------------------------------------------------------------------


def test_a_film_becomes_one_of_ours_at_our_rate_without_its_sound(tmp_path: Path) -> None:
    sample_clip(tmp_path / "a.mov", 322, 180, 36, 12)  # three seconds at 12 frames a second
    report = take_in(tmp_path, tmp_path / "a.mov")
    assert (report.media_type, report.width, report.height) == (MP4, 322, 180)
    facts = probe(stored(tmp_path, report))
    assert (facts.frames, facts.codec, report.seconds) == (72, "h264", 3.0)


def test_an_animation_keeps_the_times_of_its_pictures(tmp_path: Path) -> None:
    red, blue = (Image.new("RGB", (64, 64), colour) for colour in ("red", "blue"))
    red.save(tmp_path / "a.gif", save_all=True, append_images=[blue], duration=[1_000, 500])
    report = take_in(tmp_path, tmp_path / "a.gif")
    assert (report.media_type, report.seconds) == (MP4, 1.5)
    converter = Converter()
    shown = [converter.pixels(frame.planes)[32, 32] for frame in read_frames(stored(tmp_path, report))]
    assert [int(pixel.argmax()) for pixel in shown] == [0] * 24 + [2] * 12


# -- what is not taken ---------------------------------------------------------------------------------------------


def png_of(width: int, height: int) -> bytes:
    """A header that claims a size, with hardly anything behind it: a bomb, or a lie."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 1_000)) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    kept = io.BytesIO()
    picture().save(kept, format="JPEG")
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "upload.empty"),
        (b"I am a picture", "upload.unreadable"),
        (b"\x00" * 5_000, "upload.unreadable"),
        (b"\x89PNG\r\n\x1a\n", "upload.unreadable"),
        (b"\xff\xd8\xff\xe0", "upload.unreadable"),
        (png_of(60_000, 60_000), "upload.pixels"),
        (png_of(LIMITS.side + 1, 100), "upload.pixels"),
        (png_of(100, LIMITS.least_side - 1), "upload.small"),
        (png_of(1_000, 1_000), "upload.unreadable"),
        (jpeg()[:3_000], "upload.unreadable"),
        (b"GIF89a" + struct.pack("<HH", 65_535, 65_535) + b"\0" * 20, "upload.unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "upload.unreadable"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n", "upload.unreadable"),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "upload.unreadable"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "upload.unreadable"),
        (b"\x00\x00\x00\x18ftypisom" + b"\x00" * 64, "upload.unreadable"),
        (b"PK\x03\x04" + b"\x00" * 100, "upload.unreadable"),
    ],
)
def test_what_is_no_picture_and_no_film_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(content)
    assert code_of(tmp_path, file) == code


def test_a_film_that_breaks_off_is_refused_or_as_long_as_it_is(tmp_path: Path) -> None:
    whole = sample_clip(tmp_path / "a.mp4", count=72).read_bytes()
    (tmp_path / "b.mp4").write_bytes(whole[: len(whole) // 2])
    try:
        report = take_in(tmp_path, tmp_path / "b.mp4")
    except StudioError as error:
        assert error.code == "upload.unreadable"
    else:
        assert probe(stored(tmp_path, report)).seconds == pytest.approx(report.seconds, abs=0.1)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.mp4"
    with file.open("wb") as opened:
        opened.truncate(LIMITS.size + 1)
    assert code_of(tmp_path, file) == "upload.large"


@pytest.mark.parametrize("name", ["nothing.png", "."])
def test_no_file_is_no_upload(tmp_path: Path, name: str) -> None:
    assert code_of(tmp_path, tmp_path / name) == "upload.missing"


def test_a_film_that_is_too_long_is_refused(tmp_path: Path) -> None:
    frame = Image.new("RGB", (64, 64))
    frames = [Image.new("RGB", (64, 64), (n, n, n)) for n in range(1, 64)]
    frame.save(tmp_path / "a.gif", save_all=True, append_images=frames, duration=1_000)
    assert code_of(tmp_path, tmp_path / "a.gif") == "upload.long"


def test_classifiers_alone_do_not_let_letters_pass_that_nobody_read(tmp_path: Path) -> None:
    """What was taken in before there was a reader counts as not read."""
    file = tmp_path / "plain.png"
    picture().save(file)
    base = Policy.load()
    policy = base.model_copy(update={"profiles": {"base": base.required.model_copy(update={"uploads": ("flashing",)})}})
    seen = take_in(tmp_path, file).seen.model_copy(
        update={"inspections": (InspectionReport(inspector="flashing", frames_seen=1),)}
    )
    assert seen.unread is None and seen.letters == ()
    before = UploadSeen.model_validate(seen.model_dump(mode="json", exclude={"letters", "unread"}))
    decisions = [judged_uploads([one], policy)[0].decision for one in (seen, before)]
    assert decisions == [Decision.ALLOW, Decision.HOLD]
    (held,) = judged_uploads([before], policy)[0].signals
    assert (held.classifier, held.fault) == ("letters", Fault.MISSING)

"""Taking in an upload: what a member brings becomes a plain picture or film of ours, or is refused.

Nothing the file says of itself is believed: not its name, not its type, not its length. It is recognised by its
content, measured before it is decoded, decoded in a worker, and written anew; what else was in it (places, names,
thumbnails, profiles, further streams) stays behind. C2PA manifests are kept beside it (`provenance.brought`).
"""

import hashlib
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from engine.bank_tasks import AskedBanks
from engine.errors import StudioError
from engine.fleet.base import Bench, Lane, Task
from engine.reports import BroughtCredentials, ForeignReport, UploadReport, UploadSeen, inspection_report
from safety.policy import Overlay, Policy
from safety.uploads import LIMITS
from safety.verdict import Surface, Verdict
from storage.errors import StorageError

if TYPE_CHECKING:  # heavy, and only needed in the worker
    import numpy as np
    from numpy.typing import NDArray
    from PIL import Image

    from storage.blobs import Blobs
    from storage.media import Planes

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
MP4: Final = "video/mp4"
SUFFIXES: Final = {JPEG: ".jpg", PNG: ".png", MP4: ".mp4"}
CREDENTIALS_SUFFIX: Final = ".c2pa"

_PICTURES: Final = ("JPEG", "PNG", "WEBP", "GIF")
_LARGEST_STILL = 2_560  # pixels of the longer side that are kept
_LARGEST_FILM = 1_920
_SHORTEST = 0.2  # seconds; less is a still
_STILL_QUALITY = 95
_LEAST_FRAME_MS = 20  # what browsers make of a GIF that names no time, or less
_USUAL_FRAME_MS = 100


class TakeIn(Task[UploadReport]):
    """Decode, measure and store what somebody brought."""

    lane: ClassVar[Lane] = Lane.HEAVY

    file: Path
    banks: AskedBanks | None = None  # None: there are none here
    overlay: Overlay = Overlay()  # the community's

    def time_limit(self) -> float:
        """A minute of 4K, on a machine that is slow."""
        return 600.0

    def do(self, bench: Bench) -> UploadReport:
        from engine.filing import blobs_at

        blobs = blobs_at(bench)
        size = _size_of(self.file)
        if not size:
            raise StudioError("upload.empty")
        if size > LIMITS.size:
            raise StudioError("upload.large", limit=LIMITS.size // 2**20)
        bench.report(done=0, of=0)
        with self.file.open("rb") as opened:
            original = hashlib.file_digest(opened, "sha256").hexdigest()
        policy = Policy.load(bench.policy).tightened(self.overlay)
        return _Intake(blobs, bench, self.file, original, self.banks, policy).take()


def _size_of(file: Path) -> int:
    try:
        if not file.is_file():
            raise StudioError("upload.missing", file=str(file))
        return file.stat().st_size
    except OSError as error:
        raise StudioError("upload.unreadable") from error


class _Intake:
    def __init__(
        self, blobs: "Blobs", bench: Bench, file: Path, original: str, banks: AskedBanks | None, policy: Policy
    ) -> None:
        self._blobs, self._bench, self._file, self._original = blobs, bench, file, original
        self._banks, self._policy = banks, policy

    def take(self) -> UploadReport:
        picture = self._picture()
        if picture is None:
            return self._film()
        with picture, _explained():
            if getattr(picture, "n_frames", 1) > 1 and picture.format != "JPEG":
                return self._animation(picture)
            return self._still(picture)

    # -- pictures --------------------------------------------------------------------------------------------------

    def _picture(self) -> "Image.Image | None":
        """The file as a picture, not yet decoded; None where it is none."""
        import warnings

        from PIL import Image, UnidentifiedImageError

        try:
            with _explained(), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of bombs: the size is judged right below
                picture = Image.open(self._file, formats=_PICTURES)
        except UnidentifiedImageError:
            return None
        try:
            _check_size(picture.width, picture.height)
        except StudioError:
            picture.close()
            raise
        return picture

    def _still(self, picture: "Image.Image") -> UploadReport:
        from PIL import Image, ImageOps

        plain = _in_srgb(ImageOps.exif_transpose(picture))
        plain.thumbnail((_LARGEST_STILL, _LARGEST_STILL), Image.Resampling.LANCZOS)
        see_through = plain.mode == "RGBA" and plain.getchannel("A").getextrema() != (255, 255)
        media_type = PNG if see_through else JPEG
        part = self._blobs.temporary(SUFFIXES[media_type])
        try:
            # Pillow writes some of what it read (comments, profiles) by itself: only the pixels go on
            if see_through:
                _pixels_alone(plain).save(part, format="PNG")
            else:
                _pixels_alone(plain).convert("RGB").save(part, format="JPEG", quality=_STILL_QUALITY, subsampling=0)
            watch = _Watch(plain.width, plain.height, self._policy, self._bench)
            watch.see_still(_on_white(plain))
            return self._stored(part, media_type, plain.width, plain.height, 0.0, watch)
        finally:
            part.unlink(missing_ok=True)

    def _animation(self, picture: "Image.Image") -> UploadReport:
        """A GIF, WebP or PNG that moves, as the film it is."""
        frames = getattr(picture, "n_frames", 1)
        if frames > LIMITS.frames:
            raise StudioError("upload.long", limit=round(LIMITS.seconds - 1))
        if frames * picture.width * picture.height > LIMITS.all_pixels:
            raise StudioError("upload.pixels", limit=LIMITS.pixels // 1_000_000)
        seconds = 0.0
        for number in range(frames):
            picture.seek(number)
            seconds += _shown_for(picture)
            if seconds > LIMITS.seconds:
                raise StudioError("upload.long", limit=round(LIMITS.seconds - 1))
            if number % 50 == 0:
                self._bench.report(done=0, of=0)
        picture.seek(0)
        if seconds < _SHORTEST:
            return self._still(picture)
        return self._written(_moments(picture, frames), picture.width, picture.height, seconds)

    # -- films -----------------------------------------------------------------------------------------------------

    def _film(self) -> UploadReport:
        from storage.media import MediaError, probe, read_frames

        try:
            facts = probe(self._file)
            _check_size(facts.width, facts.height)
            if facts.frames > LIMITS.frames or facts.seconds > LIMITS.seconds:
                raise StudioError("upload.long", limit=round(LIMITS.seconds - 1))
            if facts.frames * facts.width * facts.height > LIMITS.all_pixels:
                raise StudioError("upload.pixels", limit=LIMITS.pixels // 1_000_000)
            # a header may claim any length: the frames' own times decide
            read = ((frame.seconds, frame.planes) for frame in read_frames(self._file))
            return self._written(_as_pixels(read), facts.width, facts.height, facts.seconds)
        except MediaError as error:
            if error.code == "media.pixels":
                raise StudioError("upload.pixels", limit=LIMITS.pixels // 1_000_000) from error
            raise StudioError("upload.unreadable") from error

    def _written(
        self, timed: "Iterator[tuple[float, Image.Image]]", width: int, height: int, seconds: float
    ) -> UploadReport:
        """Timed pictures as an MP4 of ours, at our rate; as long as they last, and no longer than is allowed."""
        import numpy as np
        from PIL import Image

        from engine.brief import FRAMES_PER_SECOND
        from storage.media import Converter, Mp4Writer

        scale = min(1.0, _LARGEST_FILM / max(width, height))
        size = max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)
        count = max(1, min(round(seconds * FRAMES_PER_SECOND), round((LIMITS.seconds - 1) * FRAMES_PER_SECOND)))
        part = self._blobs.temporary(".mp4")
        converter = Converter()
        watch = _Watch(*size, self._policy, self._bench)

        def put(picture: Image.Image) -> None:
            planes = converter.planes(np.asarray(picture), "rgb24")
            watch.see(planes, writer.frames)
            writer.write(planes)

        try:
            with Mp4Writer(part, *size, FRAMES_PER_SECOND, crf=16) as writer:
                shown: Image.Image | None = None
                for at, picture in timed:
                    # what was on screen until now
                    while shown is not None and writer.frames < count and writer.frames / FRAMES_PER_SECOND < at - 1e-6:
                        put(shown)
                    shown = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
                    if writer.frames >= count:
                        break
                    self._bench.report(done=writer.frames, of=count)
                if shown is None:
                    raise StudioError("upload.unreadable")
                while writer.frames < count:
                    put(shown)
            return self._stored(part, MP4, *size, count / FRAMES_PER_SECOND, watch)
        finally:
            part.unlink(missing_ok=True)

    def _stored(
        self, part: Path, media_type: str, width: int, height: int, seconds: float, watch: "_Watch"
    ) -> UploadReport:
        """Keep it, unless a bank knows it: then nothing of it is kept."""
        from safety.verdict import Decision
        from storage.files import sha256_of

        seen = watch.seen()
        if self._banks is not None:
            found = self._banks.matches(seen.looks)
            if found and found[0].decision is Decision.REFUSE:
                raise StudioError("upload.known", bank=found[0].bank.name, entry=found[0].entry)
        sha256, size = sha256_of(part), part.stat().st_size
        self._blobs.adopt(part, sha256)
        credentials, archive = self._credentials()
        kept = self._blobs.put_bytes(archive, CREDENTIALS_SUFFIX) if archive else None
        return UploadReport(
            original=self._original,
            sha256=sha256,
            size=size,
            media_type=media_type,
            width=width,
            height=height,
            seconds=seconds,
            seen=seen.model_copy(update={"credentials": credentials}),
            credentials_sha256=kept.stem if kept else None,
            credentials_size=len(archive or b""),
        )

    def _credentials(self) -> tuple[BroughtCredentials | None, bytes | None]:
        """What the file says of where it comes from, which its pixels do not tell on."""
        from engine.benchwork import keyring_of
        from provenance.brought import credentials_of

        brought = credentials_of(self._file, keyring_of(self._bench))
        if brought is None:
            return None, None
        said = ForeignReport(**vars(brought.said)) if brought.said else None
        return BroughtCredentials(said=said, left_out=brought.left_out), brought.archive


class _Watch:
    """Looks at what is taken in while it is written: what it looks like, what codes and letters in it say, and what the
    classifiers that the policy requires for uploads see in it."""

    def __init__(self, width: int, height: int, policy: Policy, bench: Bench) -> None:
        from engine.brief import FRAMES_PER_SECOND
        from engine.darkroom import Watched
        from engine.models import model_room
        from safety.frames.looks import Looker
        from safety.frames.moments import Moments
        from safety.frames.writing import Writing
        from safety.gate import frame_inspectors

        self._looker = Looker(width, height, FRAMES_PER_SECOND, turned=True)
        self._moments = Moments(FRAMES_PER_SECOND)
        self._fps, self._frames = FRAMES_PER_SECOND, 0
        self._codes: dict[str, None] = {}
        self._writing = Writing()
        asked = frame_inspectors(
            policy,
            width=width,
            height=height,
            fps=FRAMES_PER_SECOND,
            surface=Surface.UPLOAD,
            models=model_room(bench) if policy.required.uploads else None,
        )
        self._inspectors = [Watched(inspector) for inspector in asked]

    def see(self, planes: "Planes", index: int) -> None:
        from safety.frames.base import SeenFrame

        frame = SeenFrame(index, index / self._fps, planes.luma, planes.cb, planes.cr)
        self._frames += 1
        self._looker.see(frame)
        for inspector in self._inspectors:
            inspector.see(frame)
        if self._moments.wants(frame):
            self._read(planes.luma)
            self._writing.see(frame)

    def see_still(self, picture: "Image.Image") -> None:
        import numpy as np

        from storage.media import Converter

        even = picture.crop((0, 0, picture.width // 2 * 2, picture.height // 2 * 2))  # as the planes of a film are
        self.see(Converter().planes(np.asarray(even), "rgb24"), 0)

    def _read(self, luma: "NDArray[np.uint8]") -> None:
        from safety.frames.codes import MOST, codes_in

        for text in codes_in(luma):
            if len(self._codes) < MOST:
                self._codes[text] = None

    def seen(self) -> UploadSeen:
        looks = tuple((look.seconds, look.hashes) for look in self._looker.conclude().looks)
        seen = tuple(inspection_report(inspector.conclude()) for inspector in self._inspectors)
        written = self._writing.conclude()
        return UploadSeen(
            looks=looks,
            codes=tuple(self._codes),
            letters=written.texts,
            unread=written.fault,
            frames=self._frames,
            inspections=seen,
        )


@contextmanager
def _explained() -> Iterator[None]:
    """Whatever a decoder says of a broken file, in one sentence for the member."""
    from PIL import Image, UnidentifiedImageError

    try:
        yield
    except UnidentifiedImageError:
        raise
    except StorageError:
        raise
    except Image.DecompressionBombError as error:
        raise StudioError("upload.pixels", limit=LIMITS.pixels // 1_000_000) from error
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError, MemoryError) as error:
        raise StudioError("upload.unreadable") from error


def _check_size(width: int, height: int) -> None:
    if width * height > LIMITS.pixels or max(width, height) > LIMITS.side:
        raise StudioError("upload.pixels", limit=LIMITS.pixels // 1_000_000)
    if min(width, height) < LIMITS.least_side:
        raise StudioError("upload.small", least=LIMITS.least_side)


def _shown_for(picture: "Image.Image") -> float:
    milliseconds = float(picture.info.get("duration") or 0)
    return (milliseconds if milliseconds > _LEAST_FRAME_MS - 1 else _USUAL_FRAME_MS) / 1000


def _moments(picture: "Image.Image", frames: int) -> "Iterator[tuple[float, Image.Image]]":
    """Every frame with the moment it comes on; see-through parts on white, as a page shows them."""
    from PIL import Image

    at = 0.0
    for number in range(frames):
        picture.seek(number)
        page = Image.new("RGBA", picture.size, "white")
        page.alpha_composite(picture.convert("RGBA"))
        yield at, page
        at += _shown_for(picture)


def _as_pixels(read: Iterator[tuple[float, object]]) -> "Iterator[tuple[float, Image.Image]]":
    from PIL import Image

    from storage.media import Converter, Planes

    converter = Converter()
    for at, planes in read:
        assert isinstance(planes, Planes)
        yield at, Image.fromarray(converter.pixels(planes), "RGB")


def _in_srgb(picture: "Image.Image") -> "Image.Image":
    """The picture as RGB or RGBA, its colours as its profile means them."""
    import io

    from PIL import ImageCms

    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            mode = "RGBA" if picture.mode == "RGBA" else "RGB"
            converted = ImageCms.profileToProfile(
                picture, own, ImageCms.createProfile("sRGB"), outputMode=mode, inPlace=False
            )
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a broken profile: the colours as they stand
    if picture.mode.startswith("I") or picture.mode == "F":  # 16 bits a channel
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    see_through = picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info
    return picture.convert("RGBA" if see_through else "RGB")


def _on_white(picture: "Image.Image") -> "Image.Image":
    """As a page shows it: see-through parts are white."""
    from PIL import Image

    if picture.mode != "RGBA":
        return picture.convert("RGB")
    page = Image.new("RGBA", picture.size, "white")
    page.alpha_composite(picture)
    return page.convert("RGB")


def _pixels_alone(picture: "Image.Image") -> "Image.Image":
    """Without what else was in the file, and without colours that hide where nothing is to be seen."""
    import numpy as np
    from PIL import Image

    pixels = np.array(picture.convert("RGBA"))
    pixels[pixels[..., 3] == 0] = 0
    return Image.fromarray(pixels)


def judged_uploads(uploads: Sequence[UploadSeen], policy: Policy) -> list[Verdict]:
    """The verdict on each upload by itself; none where the policy requires no classifier of uploads."""
    return [_judged(upload, policy) for upload in uploads] if policy.required.uploads else []


def _judged(upload: UploadSeen, policy: Policy) -> Verdict:
    from safety.frames.base import Inspection
    from safety.gate import judge_frames
    from safety.uploads import unread

    seen = [Inspection(one.inspector, one.frames_seen, one.signals) for one in upload.inspections]
    verdict = judge_frames(seen, upload.frames, policy, surface=Surface.UPLOAD)
    return verdict if upload.unread is None else verdict.joined([unread(upload.unread, policy)])

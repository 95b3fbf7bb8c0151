"""Reading the invisible mark out of pictures that somebody brought: frames of a video, a picture, a screenshot.

Blind: neither the clip nor anything that was done to it need be known. Where the tile is as large as in a clip that
was only scaled it is found at once; otherwise every size from half to twice that and every angle up to seven degrees
is tried. A hit is an id whose keyed tag is right, or one that was issued and is far more alike than chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from provenance import codes
from provenance.lattice import Lattice, Supposition, best_of
from provenance.pattern import TILE_SHARE, Pattern
from provenance.residual import Spectrum, residual, spectrum

Plane = NDArray[np.uint8]

WORKING_SIDE = 480  # larger pictures are scaled down to this before they are read: the pattern is coarse
_FRAMES = 24
_SMALLEST = 64  # pixels: a smaller picture holds less than a tile
# Of a million ids the most alike to nothing at all scored 6.0 at most; each attempt at decoding adds to the chance.
_SURE = 7.2
# Where a tile lies as in the delivered clip there are two attempts, instead of some thirty: the chance is the same.
_SURE_AS_DELIVERED = 6.9
_MIDDLE = (0.0, 0.0)  # of the picture: a corner of a tile lies there
# The constant pattern's score, below which no id is looked for. Where the tile is most likely they always are: at CRF
# 28 a message was still plain (8.2) where the constant pattern, with its smaller share of the strength, was not (4.2).
_WORTH_COMPARING = 4.4
_TRIED = 12
_MOST_MARKS = 4
_PRIOR_SIZES = (1.0, 0.9, 1 / 0.9, 16 / 9, 9 / 16)
_SIZES = np.exp(np.arange(np.log(0.5), np.log(2.0), 0.006))
_ANGLES = np.deg2rad(np.arange(-7, 7.01, 0.35))
_BARS_DARKER_THAN = 40
_SMALLEST_PICTURE = 0.25  # of each side: less than this between bars is no picture


class Way(StrEnum):
    TAG = "tag"  # the keyed tag was right
    CODEBOOK = "codebook"  # among the issued ids one is beyond chance


@dataclass(frozen=True)
class Issued:
    """One key and every message that was issued under it."""

    name: str
    key: bytes
    messages: codes.Messages


@dataclass(frozen=True)
class MarkRead:
    clip_id: str
    key_name: str
    way: Way
    score: float
    mirrored: bool
    scale: float  # of the tile, against that of a picture which was only scaled
    degrees: float


def read_marks(frames: Sequence[Plane], issued: Sequence[Issued]) -> list[MarkRead]:
    """The marks in frames of one video, or in one picture (luma, all of one size); the strongest first.

    More than one where a clip was made from another one's frames, or where somebody marked it again.
    """
    chosen = [frames[i] for i in sorted(set(np.linspace(0, len(frames) - 1, _FRAMES).astype(int)))] if frames else []
    picture = residual(_working(chosen))
    if picture is None or min(picture.shape) < _SMALLEST:
        return []
    seen = spectrum(picture)
    readers = [_Reader(seen, one) for one in issued]
    # All keys are tried where the tile is most likely before any is looked for everywhere.
    found = [mark for reader in readers for mark in reader.as_delivered()]
    found = found or [mark for reader in readers for mark in reader.at_once()]
    found = found or [mark for reader in readers for mark in reader.everywhere()]
    return sorted(found, key=lambda mark: mark.score, reverse=True)


class _Reader:
    def __init__(self, seen: Spectrum, issued: Issued) -> None:
        self._seen, self._issued = seen, issued
        self._lattice = Lattice(Pattern(issued.key))
        self._usual = TILE_SHARE * min(seen.height, seen.width)

    def as_delivered(self) -> list[MarkRead]:
        """Where nothing was cut off or turned, all is known but the mirroring: whatever was done to the strength.

        On tuning clips at 720p the constant pattern was lost at a score of 7 to 9 of the message: sent on at 640 wide
        and CRF 28, in a vertical repost.
        """
        for mirrored in (False, True):
            lies = Supposition(self._usual, self._usual, 0.0, mirrored, 0.0)
            soft = self._lattice.soft_bits(self._seen, lies, _MIDDLE)
            if hits := self._messages(soft, lies, _SURE_AS_DELIVERED):
                return hits
        return []

    def at_once(self) -> list[MarkRead]:
        sizes = np.array(_PRIOR_SIZES, np.float32) * self._usual
        found = self._lattice.search(self._seen, sizes, sizes, np.zeros_like(sizes), rough=False)
        return self._first_hits(found, 5, worth_comparing=0.0)

    def everywhere(self) -> list[MarkRead]:
        sizes, angles = (grid.ravel().astype(np.float32) for grid in np.meshgrid(_SIZES * self._usual, _ANGLES))
        found = self._lattice.search(self._seen, sizes, sizes, angles, rough=True)
        return self._first_hits(found, _TRIED, worth_comparing=_WORTH_COMPARING)

    def _first_hits(self, suppositions: list[Supposition], count: int, *, worth_comparing: float) -> list[MarkRead]:
        for rough in best_of(suppositions, count):
            # Where little is left the climb may lead away from a size that was right.
            for lies in (self._lattice.refine(self._seen, rough), rough):
                soft = self._lattice.soft_bits(self._seen, lies)
                if hits := self._messages(soft, lies, _SURE if lies.score >= worth_comparing else None):
                    return hits
        return []

    def _messages(self, soft: codes.Soft, lies: Supposition, sure: float | None) -> list[MarkRead]:
        """Every message in a tile that lies like this: one that is found is taken out, and the rest is read again.

        `sure` is how far beyond chance an issued one has to be; None: only a right tag counts.
        """
        hits: list[MarkRead] = []
        while len(hits) < _MOST_MARKS and (hit := self._message_in(soft, lies, sure)) is not None:
            message, mark = hit
            if any(mark.clip_id == other.clip_id for other in hits):
                break
            hits.append(mark)
            coded = codes.encode(message)
            soft = soft - coded * np.float32(soft @ coded / len(coded))
        return hits

    def _message_in(self, soft: codes.Soft, lies: Supposition, sure: float | None) -> tuple[bytes, MarkRead] | None:
        told = codes.decode(soft)
        if codes.is_genuine(told, self._issued.key):
            return told, self._hit(told, Way.TAG, codes.likeness(soft, told), lies)
        if sure is None:
            return None
        alike = codes.most_alike(soft, self._issued.messages)
        if alike is None or alike.score < sure:
            return None
        message = self._issued.messages[alike.index].tobytes()
        return message, self._hit(message, Way.CODEBOOK, alike.score, lies)

    def _hit(self, message: bytes, way: Way, score: float, lies: Supposition) -> MarkRead:
        return MarkRead(
            clip_id=codes.clip_id_of(message),
            key_name=self._issued.name,
            way=way,
            score=score,
            mirrored=lies.mirrored,
            scale=float(np.sqrt(lies.width * lies.height)) / self._usual,
            degrees=float(np.rad2deg(lies.angle)),
        )


def _working(frames: list[Plane]) -> list[Plane]:
    """The frames without black bars around them, as a letterbox or a vertical repost has them, and not too large."""
    if not frames:
        return []
    brightest = np.max(frames, axis=0)
    rows = _lit(brightest.max(axis=1))
    columns = _lit(brightest[rows].max(axis=0))
    return [_scaled(frame[rows, columns]) for frame in frames]


def _scaled(frame: Plane) -> Plane:
    factor = WORKING_SIDE / min(frame.shape)
    if factor >= 1:
        return frame
    size = (round(frame.shape[1] * factor), round(frame.shape[0] * factor))
    return np.asarray(Image.fromarray(frame).resize(size, Image.Resampling.BOX))


def _lit(brightest: NDArray[np.uint8]) -> slice:
    lit = np.flatnonzero(brightest > _BARS_DARKER_THAN)
    whole = slice(0, len(brightest))
    if not len(lit) or lit[-1] - lit[0] < _SMALLEST_PICTURE * len(brightest):
        return whole
    return slice(int(lit[0]), int(lit[-1]) + 1)

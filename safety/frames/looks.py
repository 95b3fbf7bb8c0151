"""What pictures look like from afar (PDQ, 256 bits), for the banks of known-bad media.

A look is taken of a whole picture, of it without a border that somebody put around it, and of both mirrored; of what
members bring also turned, in the eight ways that there are. What goes into a bank from a file is hashed in parts too,
so that a piece cut out of it is known again. Pictures with little in them (a plain wall) look like everything: they
have no look.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from safety.frames.base import Inspection, Look, Plane, SeenFrame
from safety.frames.moments import Moments
from safety.known import MEDIA

NAME: Final = MEDIA
HASH_BYTES: Final = 32
_GOOD: Final = 50  # PDQ's own measure of how much there is in a picture; 49 and less says nothing
_LONGEST: Final = 256  # pixels of the longer side: PDQ looks at 64, and takes four times as long for twice as many
_LEAST: Final = 32
# Of each side: what is left when pieces of a picture are cut out. PDQ itself bears some 4 % on each side.
_PARTS: Final = (0.95, 0.9, 0.85, 0.8, 0.75, 0.7)
_REPEATED: Final = 6  # bits: closer to one that is already there says nothing new
_PLAIN: Final = 10  # of 255: a row that varies no more than this belongs to a border

Hashes = NDArray[np.uint8]  # n x HASH_BYTES


class Looker:
    """An inspector that keeps what the footage looks like; the banks are asked when all is seen."""

    name = NAME

    def __init__(self, width: int, height: int, fps: int, *, turned: bool = False) -> None:
        if min(width, height, fps) < 1:
            raise ValueError("banks.no_picture")
        self._turned = turned
        self._moments = Moments(fps)
        self._frames = 0
        self._looks: list[Look] = []
        self._last: Hashes | None = None

    def see(self, frame: SeenFrame) -> None:
        self._frames += 1
        if not self._moments.wants(frame):
            return
        hashes = asked(frame.luma, turned=self._turned)
        if len(hashes) and (self._last is None or distance(hashes[0], self._last) > _REPEATED):
            self._looks.append(Look(frame.seconds, hashes.tobytes().hex()))
            self._last = hashes[0]

    def conclude(self) -> Inspection:
        return Inspection(NAME, self._frames, looks=tuple(self._looks))


def asked(picture: Plane, *, turned: bool = False) -> Hashes:
    """Every look of a picture that is to be recognised; the first one is of the picture as it is."""
    found = _hashes(_reduced(picture), turned=turned)
    inner = _without_border(picture)
    if inner is not None:
        found += _hashes(_reduced(inner), turned=turned)
    return np.array(found, np.uint8).reshape(-1, HASH_BYTES)


def banked(pictures: Iterable[Plane]) -> Hashes:
    """The hashes by which these pictures, and pieces of them, will be known again."""
    kept = np.empty((0, HASH_BYTES), np.uint8)
    for picture in pictures:
        small = _reduced(picture)
        for piece in (small, *_pieces(small)):
            one = _hash(piece)
            if one is not None and (not len(kept) or apart(kept, one).min() > _REPEATED):
                kept = np.concatenate([kept, one[None]])
    return kept


def of_look(look: Look) -> Hashes:
    return np.frombuffer(bytes.fromhex(look.hashes), np.uint8).reshape(-1, HASH_BYTES)


def distance(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    return int(np.bitwise_count(one ^ other).sum())


def apart(many: Hashes, one: NDArray[np.uint8]) -> NDArray[np.int64]:
    bits: NDArray[np.int64] = np.bitwise_count(many ^ one).sum(axis=1, dtype=np.int64)
    return bits


def _reduced(picture: Plane) -> Plane:
    factor = max(1, -(-max(picture.shape) // _LONGEST))
    if factor == 1:
        return np.ascontiguousarray(picture)
    return np.asarray(Image.fromarray(np.ascontiguousarray(picture)).reduce(factor))


def _without_border(picture: Plane) -> Plane | None:
    """The picture inside an even frame; None where there is no frame worth the name."""
    varied_rows = np.flatnonzero(np.ptp(picture, axis=1) > _PLAIN)
    varied_columns = np.flatnonzero(np.ptp(picture, axis=0) > _PLAIN)
    if not len(varied_rows) or not len(varied_columns):
        return None
    top, bottom = int(varied_rows[0]), int(varied_rows[-1]) + 1
    left, right = int(varied_columns[0]), int(varied_columns[-1]) + 1
    if (bottom - top) * (right - left) > 0.97 * picture.size:
        return None
    return picture[top:bottom, left:right]


def _pieces(picture: Plane) -> Iterator[Plane]:
    """The middle and the four corners, in a few sizes."""
    height, width = picture.shape
    for part in _PARTS:
        tall, wide = round(height * part), round(width * part)
        for top in (0, (height - tall) // 2, height - tall):
            for left in (0, (width - wide) // 2, width - wide):
                yield picture[top : top + tall, left : left + wide]


def _hashes(picture: Plane, *, turned: bool) -> list[NDArray[np.uint8]]:
    """As it is and mirrored, or in all eight ways; PDQ's own eight are up to 40 bits away from the real ones."""
    ways = [picture, picture[:, ::-1]]
    if turned:
        ways += [picture[::-1], picture[::-1, ::-1]]
        ways += [one.T for one in ways]
    found = []
    for way in ways:
        one = _hash(way)
        if one is None:
            break
        found.append(one)
    return found


def _hash(picture: Plane) -> NDArray[np.uint8] | None:
    if min(picture.shape) < _LEAST:
        return None
    import pdqhash  # type: ignore[import-untyped]

    bits, quality = pdqhash.compute(_grey(picture))
    return np.packbits(np.asarray(bits, np.uint8)) if quality >= _GOOD else None


def _grey(picture: Plane) -> NDArray[np.uint8]:
    return np.ascontiguousarray(np.repeat(picture[:, :, None], 3, axis=2))

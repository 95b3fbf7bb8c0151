"""Fingerprints: what a picture looks like from afar, in 256 bits (PDQ), so that a copy is told without any mark.

A clip is remembered by a few of its frames, each whole and cut to two smaller parts; a question is asked with its
frames as they are and mirrored. Pictures without enough in them (a plain wall) are told apart by nothing: no hash.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Hashes = NDArray[np.uint8]  # n x HASH_BYTES

HASH_BYTES = 32
SAME = 31  # bits that may differ; different clips were never closer than 112
OTHER = 96  # bits: from here on it is another picture, not a mistreated one
_GOOD = 50  # PDQ's own measure of how much there is in a picture
_REMEMBERED = 5
_ASKED = 8
_PARTS = (1.0, 0.949, 0.866)  # of each side: the whole, and what is left of it when 10 % and 25 % are cut away
_REPEATED = 6  # bits: closer to one that is already remembered says nothing new
_MIRRORED = 5  # the place of the mirror image among PDQ's eight


def to_remember(frames: Sequence[Plane]) -> Hashes:
    """The hashes by which a clip will be found again."""
    kept: list[NDArray[np.uint8]] = []
    for part in _PARTS:
        mine: list[NDArray[np.uint8]] = []
        for frame in _spread(frames, _REMEMBERED):
            one = _hash(_middle(frame, part))
            if one is not None and all(distance(one, other) > _REPEATED for other in mine):
                mine.append(one)
        kept += mine
    return np.array(kept, np.uint8).reshape(-1, HASH_BYTES)


def to_ask(frames: Sequence[Plane]) -> Hashes:
    """The hashes of pictures that somebody brought, as they are and mirrored."""
    asked: list[NDArray[np.uint8]] = []
    for frame in _spread(frames, _ASKED):
        bits, quality = _pdq(frame, every_way=True)
        if quality >= _GOOD:
            asked += [np.packbits(bits[0]), np.packbits(bits[_MIRRORED])]
    return np.array(asked, np.uint8).reshape(-1, HASH_BYTES)


def distance(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    return int(np.bitwise_count(one ^ other).sum())


def closest(asked: Hashes, remembered: Hashes) -> int | None:
    """The smallest distance of any two; None where one side has nothing to compare."""
    if not len(asked) or not len(remembered):
        return None
    apart = np.bitwise_count(asked[:, None, :] ^ remembered[None, :, :]).sum(axis=2, dtype=np.int64)
    return int(apart.min())


def _spread(frames: Sequence[Plane], count: int) -> list[Plane]:
    places = sorted(set(np.linspace(0, len(frames) - 1, min(count, len(frames))).round().astype(int).tolist()))
    return [frames[place] for place in places]


def _middle(frame: Plane, part: float) -> Plane:
    height, width = (round(length * part) for length in frame.shape)
    top, left = (frame.shape[0] - height) // 2, (frame.shape[1] - width) // 2
    return frame[top : top + height, left : left + width]


def _hash(frame: Plane) -> NDArray[np.uint8] | None:
    bits, quality = _pdq(frame, every_way=False)
    return np.packbits(bits[0]) if quality >= _GOOD else None


def _pdq(frame: Plane, *, every_way: bool) -> tuple[list[NDArray[np.uint8]], int]:
    import pdqhash  # type: ignore[import-untyped]

    grey = np.ascontiguousarray(np.repeat(frame[:, :, None], 3, axis=2))
    if every_way:
        bits, quality = pdqhash.compute_dihedral(grey)
    else:
        one, quality = pdqhash.compute(grey)
        bits = [one]
    return [np.asarray(some, np.uint8) for some in bits], int(quality)

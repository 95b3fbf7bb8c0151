"""An index of binary hashes of 256 bits: which of millions differ from one in a few bits only?

A hash is cut into sixteen bands of sixteen bits. Where two hashes differ in at most 31 bits, at least one band differs
in one bit at most: so only those are compared that share a band with the one asked for, give or take one bit. Shared by
fingerprints of clips and by banks of hashes; what a hash belongs to is a number, its label.
"""

import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storage.files import make_folder

HASH_BYTES = 32
NEAR = 31  # bits: up to here a thorough search misses nothing
_BANDS = 16
_VALUES = 1 << 16
_FLIPS = np.array([0, *(1 << bit for bit in range(16))], np.uint16)
_UNSORTED_SHARE = 0.05  # of all: more than this since the last sorting, and everything is sorted again
_UNSORTED = 20_000  # or fewer than this, which are compared one by one in a moment

Hashes = NDArray[np.uint8]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Near:
    """One hash of the index close to one that was asked for."""

    asked: int  # its place among those asked for
    label: int
    distance: int


class HashIndex:
    """Read from a folder as it is needed: what is not asked for stays on the disk."""

    def __init__(self, hashes: Hashes, labels: Labels, bands: list["_Band"]) -> None:
        self.hashes = hashes  # n x 32; the first ones are sorted into the bands, the rest came later
        self.labels = labels
        self._bands = bands

    def __len__(self) -> int:
        return len(self.hashes)

    @property
    def sorted_count(self) -> int:
        return len(self._bands[0].order) if self._bands else 0

    @classmethod
    def empty(cls) -> "HashIndex":
        return cls(np.empty((0, HASH_BYTES), np.uint8), np.empty(0, np.int64), [])

    def with_more(self, hashes: Hashes, labels: Labels) -> "HashIndex":
        """This index and more; sorted anew when much is unsorted."""
        every = np.concatenate([self.hashes, hashes])
        named = np.concatenate([self.labels, labels])
        unsorted = len(every) - self.sorted_count
        if unsorted <= max(_UNSORTED, _UNSORTED_SHARE * len(every)):
            return HashIndex(every, named, self._bands)
        return HashIndex(every, named, [_Band.of(every, number) for number in range(_BANDS)])

    def search(self, asked: Hashes, within: int = NEAR, *, thorough: bool = True) -> list[Near]:
        """Every hash within so many bits. Not thorough: those that share a whole band, ten times as fast.

        At 31 random bits of difference one in ten is then missed, up to 15 bits none.
        """
        found: list[Near] = []
        for place, one in enumerate(asked):
            candidates = np.unique(np.concatenate([self._unsorted(), *self._sharing(one, thorough=thorough)]))
            apart = np.bitwise_count(self._words[candidates] ^ one.view(np.uint64)).sum(axis=1, dtype=np.int64)
            near = np.flatnonzero(apart <= within)
            found += [Near(place, int(self.labels[candidates[at]]), int(apart[at])) for at in near]
        return found

    @property
    def _words(self) -> NDArray[np.uint64]:
        return self.hashes.view(np.uint64)

    def _unsorted(self) -> NDArray[np.uint32]:
        return np.arange(self.sorted_count, len(self), dtype=np.uint32)

    def _sharing(self, one: NDArray[np.uint8], *, thorough: bool) -> Iterator[NDArray[np.uint32]]:
        values = np.ascontiguousarray(one).view(np.uint16)
        for band, value in zip(self._bands, values, strict=False):
            for wanted in value ^ (_FLIPS if thorough else _FLIPS[:1]):
                yield band.order[band.starts[wanted] : band.starts[int(wanted) + 1]]

    # -- on the disk -----------------------------------------------------------------------------------------------

    def save(self, folder: Path) -> None:
        """Put the whole index into a folder, in one step. Not forced to the disk: it can always be made again."""
        make_folder(folder.parent)
        aside = folder.with_name(f".{folder.name}.{secrets.token_hex(8)}")
        aside.mkdir(mode=0o700)
        try:
            np.save(aside / "hashes.npy", self.hashes)
            np.save(aside / "labels.npy", self.labels)
            for number, band in enumerate(self._bands):
                np.save(aside / f"order-{number:02d}.npy", band.order)
                np.save(aside / f"starts-{number:02d}.npy", band.starts)
            old = folder.with_name(f".{folder.name}.{secrets.token_hex(8)}.old")
            if folder.exists():
                folder.rename(old)
            aside.rename(folder)
            shutil.rmtree(old, ignore_errors=True)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    @classmethod
    def load(cls, folder: Path) -> "HashIndex":
        """What was saved; an empty index where there is none, or one that is not whole."""
        try:
            hashes = np.load(folder / "hashes.npy", mmap_mode="r")
            labels = np.load(folder / "labels.npy", mmap_mode="r")
            bands = [
                _Band(np.load(order, mmap_mode="r"), np.load(order.with_name(f"starts-{order.stem[-2:]}.npy")))
                for order in sorted(folder.glob("order-*.npy"))
            ]
        except (OSError, ValueError, EOFError):
            return cls.empty()
        whole = hashes.ndim == 2 and hashes.shape[1] == HASH_BYTES and len(labels) == len(hashes)
        return cls(hashes, labels, bands) if whole and len(bands) in (0, _BANDS) else cls.empty()


@dataclass(frozen=True)
class _Band:
    """The places of all hashes, in the order of sixteen of their bits, and where each value of these begins."""

    order: NDArray[np.uint32]
    starts: NDArray[np.uint32]

    @classmethod
    def of(cls, hashes: Hashes, number: int) -> "_Band":
        values = np.ascontiguousarray(hashes.view(np.uint16)[:, number])
        order = np.argsort(values, kind="stable").astype(np.uint32)  # a radix sort: 12 million in a second
        starts = np.zeros(_VALUES + 1, np.uint32)
        np.cumsum(np.bincount(values, minlength=_VALUES), out=starts[1:])
        return cls(order, starts)

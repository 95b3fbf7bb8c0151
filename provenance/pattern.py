"""The keyed pattern behind the invisible mark: one square tile, repeated over the picture in every direction.

A tile is 32 x 32 cells of +1 and -1. Two patterns lie over each other in it: the message, whose coded bits are spread
over the cells, and a constant one that is the same for every message, by which the tile's size, place, angle and
mirroring are found. Everything is handled as the tile's Fourier coefficients: they can be drawn at any size, and a
picture that was scaled or turned is read by looking at its spectrum in other places, without touching the picture.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from provenance import codes

CELLS = 32
# The tile's side, as a part of the frame's shorter side: 128 pixels at 480, 192 at 720. The same part for all sizes, so
# that a clip which was only scaled has its tile where it is looked for first.
TILE_SHARE = 4 / 15
_CONSTANT_ENERGY = 0.3
# Waves a tile. Slower ones than this are lost among the picture's own shading, faster ones in compression.
SLOWEST, FASTEST = 1.6, 14.5
_EASE = 1.5  # waves: how softly the band begins and ends

Coefficients = NDArray[np.complex64]  # CELLS x CELLS, rows first, as numpy.fft orders them


@dataclass(frozen=True)
class Pattern:
    """What one key makes of a tile."""

    key: bytes

    def _bytes(self, purpose: str, count: int) -> bytes:
        return hashlib.shake_256(purpose.encode() + b"\0" + self.key).digest(count)

    def _signs(self, purpose: str) -> NDArray[np.float32]:
        bits = np.unpackbits(np.frombuffer(self._bytes(purpose, CELLS * CELLS // 8), np.uint8))
        return (1 - 2 * bits.astype(np.float32)).astype(np.float32)

    @cached_property
    def scramble(self) -> NDArray[np.float32]:
        """A sign a cell, without which the coded bits in it cannot be told."""
        return self._signs("scramble")

    @cached_property
    def constant(self) -> NDArray[np.float32]:
        """The cells that are the same in every clip of this key."""
        return self._signs("constant")

    @cached_property
    def place(self) -> NDArray[np.intp]:
        """Which coded bit lies in a cell. Every bit lies in three or four of them, far from each other."""
        order = np.argsort(np.frombuffer(self._bytes("place", CELLS * CELLS * 8), "<u8"), kind="stable")
        place: NDArray[np.intp] = order % codes.CODED_BITS
        return place

    @cached_property
    def constant_spectrum(self) -> Coefficients:
        return spectrum(self.constant)

    def tile(self, message: bytes) -> Coefficients:
        """The tile that carries this message. Drawn, it has a mean square of one."""
        coded = codes.encode(message)[self.place] * self.scramble
        cells = np.sqrt(1 - _CONSTANT_ENERGY) * coded + np.sqrt(_CONSTANT_ENERGY) * self.constant
        both = spectrum(cells.astype(np.float32))
        tile: Coefficients = (both / np.sqrt(np.square(np.abs(both)).sum())).astype(np.complex64)
        return tile

    def soft_bits(self, read: Coefficients) -> codes.Soft:
        """The coded bits in a tile that was read, with the constant pattern taken out."""
        cells = np.fft.ifft2(read).real.ravel()
        known = np.fft.ifft2(self.constant_spectrum).real.ravel()
        cells -= known * (cells @ known) / (known @ known)
        return np.bincount(self.place, cells * self.scramble, codes.CODED_BITS).astype(np.float32)


def waves() -> NDArray[np.float32]:
    """Waves a tile of each coefficient along one side."""
    return np.fft.fftfreq(CELLS, 1 / CELLS).astype(np.float32)


def band() -> NDArray[np.float32]:
    """How much of each coefficient is used."""
    along = waves()
    radius = np.hypot(along[:, None], along[None, :])
    rise = np.clip((radius - SLOWEST) / _EASE, 0, 1)
    fall = np.clip((FASTEST - radius) / _EASE, 0, 1)
    return (np.sqrt(rise * fall)).astype(np.float32)


def spectrum(cells: NDArray[np.float32]) -> Coefficients:
    return (np.fft.fft2(cells.reshape(CELLS, CELLS)) * band() / CELLS).astype(np.complex64)


def draw(tile: Coefficients, width: int, height: int, side: float) -> NDArray[np.float32]:
    """The tile of `side` pixels all over a picture, with one of its corners in the picture's middle."""
    down = _swings(height, side)
    across = _swings(width, side)
    return np.ascontiguousarray((down @ tile @ across.T).real, np.float32)


def _swings(length: int, side: float) -> NDArray[np.complex64]:
    at = np.arange(length) - (length - 1) / 2
    return np.exp(2j * np.pi * np.outer(at / side, waves())).astype(np.complex64)

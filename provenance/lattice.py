"""Finding a tile in a spectrum: its size, angle, place and mirroring.

A pattern that repeats is seen in the spectrum as a lattice of points. For a supposed size and angle we read the
spectrum at the points where they would be, and compare with the constant pattern of the key in all places at once.
Thousands of suppositions a second can be tried like this, for nothing has to be resampled.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from provenance import codes
from provenance.pattern import CELLS, Coefficients, Pattern, band, waves
from provenance.residual import Spectrum

_AT_ONCE = 256
_ROUGH_REACH = 9  # waves a tile: the slower ones are more tolerant of a size that is a little off
_ROUGH_PLACES, _FINE_PLACES, _FINEST_PLACES = 24, 48, 96  # along a tile's side
_STEPS = (0.004, 0.0015, 0.0006)
_MOVES = np.array(
    [(0, 0, 0)]
    + [(sign, sign, 0) for sign in (1, -1, 2, -2)]
    + [(a, b, 0) for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, -1), (-1, 1))]
    + [(0, 0, turn) for turn in (1, -1, 2, -2)]
    + [(a, a, turn) for a in (1, -1) for turn in (1, -1)],
    np.float32,
)

Values = NDArray[np.float32]


@dataclass(frozen=True)
class Supposition:
    """How a tile might lie in the picture. `score` counts standard deviations of the constant pattern above chance."""

    width: float  # of a tile, in pixels
    height: float
    angle: float  # radians
    mirrored: bool
    score: float = 0.0

    def is_like(self, other: "Supposition") -> bool:
        close = abs(np.log(self.width / other.width)) < 0.01 and abs(self.angle - other.angle) < 0.01
        return bool(close and self.mirrored == other.mirrored)


class Lattice:
    """The points of one key's pattern."""

    def __init__(self, pattern: Pattern) -> None:
        self._pattern = pattern
        along = waves()
        used = band() > 0.05
        # The other half of the points says the same: the picture is real.
        half = (along[None, :] > 0) | ((along[None, :] == 0) & (along[:, None] > 0))
        self._rows, self._columns = np.nonzero(used & half)
        self._down, self._across = along[self._rows], along[self._columns]
        known = pattern.constant_spectrum
        self._known = {
            False: known[self._rows, self._columns],
            True: known[self._rows, -self._columns % CELLS],
        }
        self._slow = np.flatnonzero(np.hypot(self._down, self._across) <= _ROUGH_REACH)
        self._all = np.arange(len(self._rows))

    def search(
        self, spectrum: Spectrum, widths: Values, heights: Values, angles: Values, *, rough: bool
    ) -> list[Supposition]:
        """Every combination that was asked for, with its score, both as it is and mirrored."""
        points, places = (self._slow, _ROUGH_PLACES) if rough else (self._all, _FINE_PLACES)
        found = []
        for start in range(0, len(widths), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            read = self._read(spectrum, widths[part], heights[part], angles[part], points)
            for mirrored in (False, True):
                scores, _ = self._compare(read, points, mirrored, places)
                told = zip(widths[part], heights[part], angles[part], scores, strict=True)
                found += [Supposition(float(w), float(h), float(a), mirrored, float(s)) for w, h, a, s in told]
        return found

    def refine(self, spectrum: Spectrum, rough: Supposition) -> Supposition:
        """Climb to the best score nearby."""
        best = rough
        for step in _STEPS:
            for _ in range(3):
                widths = best.width * (1 + step * _MOVES[:, 0])
                heights = best.height * (1 + step * _MOVES[:, 1])
                angles = best.angle + step * _MOVES[:, 2]
                read = self._read(spectrum, widths, heights, angles, self._all)
                scores, _ = self._compare(read, self._all, best.mirrored, _FINE_PLACES)
                top = int(scores.argmax())
                best = replace(
                    best,
                    width=float(widths[top]),
                    height=float(heights[top]),
                    angle=float(angles[top]),
                    score=float(scores[top]),
                )
                if top == 0:
                    break
        return best

    def soft_bits(self, spectrum: Spectrum, found: Supposition, place: tuple[float, float] | None = None) -> codes.Soft:
        """The coded bits of a tile that lies like this; where the place is not known, the constant pattern tells it."""
        width, height, angle = np.array([[found.width], [found.height], [found.angle]], np.float32)
        read = self._read(spectrum, width, height, angle, self._all)
        if place is None:
            _, (place,) = self._compare(read, self._all, found.mirrored, _FINEST_PLACES)
        down, across = place
        values = read[0] * np.exp(2j * np.pi * (self._down * down + self._across * across))
        tile: Coefficients = np.zeros((CELLS, CELLS), np.complex64)
        tile[self._rows, self._columns] = values
        tile[-self._rows % CELLS, -self._columns % CELLS] = np.conj(values)
        return self._pattern.soft_bits(tile[:, -np.arange(CELLS) % CELLS] if found.mirrored else tile)

    def _read(
        self, spectrum: Spectrum, widths: Values, heights: Values, angles: Values, points: NDArray[np.intp]
    ) -> NDArray[np.complex64]:
        """The spectrum at the lattice's points: a row for each supposition."""
        rows, columns = spectrum.values.shape
        right, down = self._across[points] / widths[:, None], self._down[points] / heights[:, None]
        cosine, sine = np.cos(angles)[:, None], np.sin(angles)[:, None]
        x = (right * cosine - down * sine) * spectrum.columns + (columns - 1) // 2
        y = (right * sine + down * cosine) * spectrum.rows + (rows - 1) // 2
        inside = (x >= 0) & (x < columns - 1) & (y >= 0) & (y < rows - 1)
        x, y = np.where(inside, x, 0), np.where(inside, y, 0)
        left, top = x.astype(np.intp), y.astype(np.intp)
        to_right, to_bottom = (x - left).astype(np.float32), (y - top).astype(np.float32)
        flat, place = spectrum.values.ravel(), top * columns + left
        upper = flat[place] * (1 - to_right) + flat[place + 1] * to_right
        lower = flat[place + columns] * (1 - to_right) + flat[place + columns + 1] * to_right
        read: NDArray[np.complex64] = np.where(inside, upper * (1 - to_bottom) + lower * to_bottom, 0)
        return read

    def _compare(
        self, read: NDArray[np.complex64], points: NDArray[np.intp], mirrored: bool, places: int
    ) -> tuple[Values, list[tuple[float, float]]]:
        """The best score of each row over all places of the tile, and where that is, in parts of a tile."""
        alike = read * np.conj(self._known[mirrored][points])
        grid = np.zeros((len(read), places, places), np.complex64)
        grid[:, self._rows_of(points, places), self._columns_of(points, places)] = alike
        everywhere = np.fft.ifft2(grid, axes=(1, 2)).real.reshape(len(read), -1) * (2 * places**2)
        chance = np.sqrt(2 * np.square(np.abs(alike)).sum(axis=1)) + 1e-9
        top = everywhere.argmax(axis=1)
        scores: Values = (everywhere[np.arange(len(read)), top] / chance).astype(np.float32)
        return scores, [(at // places / places, at % places / places) for at in top.tolist()]

    def _rows_of(self, points: NDArray[np.intp], places: int) -> NDArray[np.intp]:
        return self._down[points].astype(np.intp) % places

    def _columns_of(self, points: NDArray[np.intp], places: int) -> NDArray[np.intp]:
        return self._across[points].astype(np.intp) % places


def best_of(found: list[Supposition], count: int) -> Iterator[Supposition]:
    """The best ones, none like another."""
    taken: list[Supposition] = []
    for one in sorted(found, key=lambda one: one.score, reverse=True):
        if not any(one.is_like(other) for other in taken):
            taken.append(one)
            yield one
            if len(taken) == count:
                return

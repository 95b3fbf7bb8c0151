"""What is left of pictures when the picture is taken away: faint patterns, seen in the spectrum.

A pixel says the more about a faint pattern the calmer its surroundings are. So each pixel's difference from an
edge-keeping blur is divided by what is usual around it, frames are added up by how much they say, and in the spectrum
every frequency is divided by what is usual around it. Single lines in it (the block grid of a codec, a fence) are cut
down to the common measure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import av
import av.filter
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]
Map = NDArray[np.float32]

_SMOOTH_REACH = 4.0  # pixels
_SMOOTH_STEP = 12 / 255  # an edge higher than this part of the range is kept
_AROUND = 4  # pixels: the surroundings a pixel is measured by
_GRAIN = 0.5  # luma steps squared: surroundings calmer than this are taken for this calm
_OUTLIER = 2.2  # times the usual
_FASTEST = 0.3  # waves a pixel: nothing of ours is looked for beyond
_WHITEN = 12  # places of the spectrum: its surroundings
_LINE = 3.0  # times the usual


@dataclass(frozen=True)
class Spectrum:
    """The slower part of a residual's spectrum, its phases counted from the picture's middle.

    Sampled twice as densely as needed, so that values between two places may be put together from both.
    """

    values: NDArray[np.complex64]  # the middle one is the constant part
    rows: int  # places from one wave a pixel to the next
    columns: int
    height: int  # of the picture
    width: int


def residual(frames: Iterable[Plane]) -> Map | None:
    """The residual of frames of one size, which show the same pattern; None without frames."""
    smooth: _Smoother | None = None
    total, weights = np.zeros(0, np.float32), np.zeros(0, np.float32)
    for luma in frames:
        if smooth is None:
            smooth = _Smoother(luma.shape[1], luma.shape[0])
            total, weights = np.zeros(luma.shape, np.float32), np.zeros(luma.shape, np.float32)
        rest = smooth.rest(luma)
        usual = 1 / np.sqrt(_mean_around(np.square(rest), _AROUND) + _GRAIN)
        total += np.clip(rest * usual, -_OUTLIER, _OUTLIER) * usual
        weights += np.square(usual)
    return None if smooth is None else (total / np.sqrt(weights)).astype(np.float32)


def spectrum(picture: Map) -> Spectrum:
    height, width = picture.shape
    rows, columns = 2 * height, 2 * width
    wide = np.zeros((rows, columns), np.float32)
    wide[:height, :width] = picture
    whole = np.fft.fftshift(np.fft.fft2(wide))
    most_rows, most_columns = int(_FASTEST * rows), int(_FASTEST * columns)
    slow = whole[
        height - most_rows : height + most_rows + 1,
        width - most_columns : width + most_columns + 1,
    ]
    middle_row = np.exp(2j * np.pi * np.arange(-most_rows, most_rows + 1) / rows * (height - 1) / 2)
    middle_column = np.exp(2j * np.pi * np.arange(-most_columns, most_columns + 1) / columns * (width - 1) / 2)
    slow = slow * middle_row[:, None] * middle_column
    usual = np.sqrt(_mean_around(np.square(np.abs(slow)).astype(np.float32), _WHITEN)) + 1e-6
    white = slow / usual
    white *= np.minimum(1, _LINE / np.maximum(np.abs(white), 1e-6))
    return Spectrum(white.astype(np.complex64), rows, columns, height, width)


def _mean_around(values: Map, reach: int) -> Map:
    """The mean over a square of 2 x reach + 1; at the border, what is beyond it is taken to be like the border."""
    return _mean_along(_mean_along(values, reach).T, reach).T


def _mean_along(values: Map, reach: int) -> Map:
    padded = np.pad(values, ((reach + 1, reach), (0, 0)), mode="edge")
    sums = np.cumsum(padded, axis=0, dtype=np.float64)
    return ((sums[2 * reach + 1 :] - sums[: -2 * reach - 1]) / (2 * reach + 1)).astype(np.float32)


class _Smoother:
    """FFmpeg's bilateral filter, fed with 16 bits: its 8 bits would add more noise than there is signal."""

    def __init__(self, width: int, height: int) -> None:
        self._graph = av.filter.Graph()
        source = self._graph.add_buffer(
            width=width, height=height, format=av.VideoFormat("gray16le"), time_base=Fraction(1, 25)
        )
        smooth = self._graph.add("bilateral", f"sigmaS={_SMOOTH_REACH}:sigmaR={_SMOOTH_STEP:.4f}")
        sink = self._graph.add("buffersink")
        source.link_to(smooth)
        smooth.link_to(sink)
        self._graph.configure()

    def rest(self, luma: Plane) -> Map:
        """The luma without its smooth part and its edges."""
        wide = luma.astype(np.uint16) * np.uint16(256)
        self._graph.push(av.VideoFrame.from_ndarray(wide, "gray16le"))
        smooth = self._graph.pull()
        assert isinstance(smooth, av.VideoFrame)
        rest: Map = luma - smooth.to_ndarray().astype(np.float32) / np.float32(256)
        return rest

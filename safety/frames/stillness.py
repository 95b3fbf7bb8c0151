"""Footage in which there is nothing to see: a renderer that failed without saying so, or a file that broke.

It is a fault and no judgement: whoever asked gets no blank clip, and nobody takes blank frames for inspected ones.
"""

from typing import Final

import numpy as np

from safety.categories import Category
from safety.frames.base import Inspection, SeenFrame
from safety.frames.moments import Moments
from safety.verdict import Fault, Signal, Surface

NAME: Final = "stillness"
_EVEN: Final = 3.0  # of 255: how little a blank picture varies; a dark night scene varies by 6 and more
_SAME: Final = 0.25  # how little a frozen one changes; the slowest drift of a camera changes it by 1 in half a second
_SHARE: Final = 0.9  # of the moments
_LEAST_MOMENTS: Final = 4  # of frozen footage: a still of a second is a still


class Stillness:
    name = NAME

    def __init__(self, width: int, height: int, fps: int) -> None:
        if min(width, height, fps) < 1:
            raise ValueError("stillness.no_picture")
        self._moments = Moments(fps)
        self._frames, self._looked, self._blank, self._same = 0, 0, 0, 0
        self._before: np.ndarray[tuple[int, int], np.dtype[np.int16]] | None = None

    def see(self, frame: SeenFrame) -> None:
        self._frames += 1
        if not self._moments.wants(frame):
            return
        grid = frame.luma[::8, ::8].astype(np.int16)
        self._looked += 1
        self._blank += bool(grid.std() < _EVEN)
        self._same += bool(self._before is not None and np.abs(grid - self._before).mean() < _SAME)
        self._before = grid

    def conclude(self) -> Inspection:
        frozen = self._looked >= _LEAST_MOMENTS and self._same >= _SHARE * (self._looked - 1)
        if self._blank >= _SHARE * self._looked or frozen:
            signal = Signal(
                category=Category.UNCHECKED, score=0.0, classifier=NAME, surface=Surface.FRAME, fault=Fault.BLANK
            )
            return Inspection(NAME, self._frames, (signal,))
        return Inspection(NAME, self._frames)

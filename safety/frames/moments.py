"""Which frames are looked at closely: at least two a second, and the first after every cut.

Shared by all that is too slow to look at every frame, so that what one of them sees the others have seen too.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from safety.frames.base import SeenFrame

A_SECOND: Final = 2
_ROWS, _COLUMNS = 18, 32
_CUT: Final = 24.0  # of 255: how much the picture changes on the average from one frame to the next where it is cut

Grid = NDArray[np.int16]


class Moments:
    """Ask for every frame, in order."""

    def __init__(self, fps: int) -> None:
        self._every = max(1, fps // A_SECOND)
        self._next = 0
        self._before: Grid | None = None

    def wants(self, frame: SeenFrame) -> bool:
        now = _grid(frame)
        cut = self._before is not None and float(np.abs(now - self._before).mean()) >= _CUT
        self._before = now
        if not cut and frame.index < self._next:
            return False
        self._next = frame.index + self._every
        return True


def _grid(frame: SeenFrame) -> Grid:
    height, width = frame.luma.shape
    rows, columns = max(1, height // _ROWS), max(1, width // _COLUMNS)
    return frame.luma[rows // 2 :: rows, columns // 2 :: columns].astype(np.int16)

"""Frames on their way from a renderer to the darkroom, one at a time: never a whole clip in memory (promise 4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Footage:
    """A stream of `count` frames, each an array of height x width x channels in the named layout.

    A renderer may hand out the same buffer again and again: whoever takes a frame uses it before asking for the next.
    """

    width: int
    height: int
    fps: int
    count: int
    layout: Literal["bgra", "rgb24"]
    frames: Iterator[Pixels]

    @property
    def seconds(self) -> float:
        return self.count / self.fps

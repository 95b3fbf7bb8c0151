"""The seam between footage and the classifiers that look at frames.

The darkroom shows every frame once, in order, while the clip is being encoded; an inspector keeps what it needs.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from safety.verdict import Signal

Plane = NDArray[np.uint8]


@dataclass(frozen=True)
class SeenFrame:
    """One frame as it will be encoded, before any mark: planes of yuv420p, BT.709, limited range. Read only."""

    index: int
    seconds: float
    luma: Plane  # height x width
    cb: Plane  # half height x half width
    cr: Plane


@dataclass(frozen=True)
class Look:
    """What a moment looks like: PDQ hashes of 32 bytes in hexadecimal, the picture as it is first."""

    seconds: float
    hashes: str


@dataclass(frozen=True)
class Inspection:
    """What one inspector says at the end: how many frames it really looked at, and what it saw."""

    inspector: str
    frames_seen: int
    signals: tuple[Signal, ...] = ()
    looks: tuple[Look, ...] = ()


class Inspector(Protocol):
    """One that has a property `refused`, and says so, ends the rendering: nobody will see the rest."""

    @property
    def name(self) -> str: ...

    def see(self, frame: SeenFrame) -> None: ...

    def conclude(self) -> Inspection: ...

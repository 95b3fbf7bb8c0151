"""Has a classifier of pictures watch footage: the moments that matter, a few at a time, until one is refused.

The classifier may be missing, slow, out of memory or mad: whatever becomes of it, what it did not look at is a fault,
and a fault holds.
"""

import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from safety.categories import KNOWN, Category
from safety.frames.base import Inspection, SeenFrame
from safety.frames.moments import Moments
from safety.verdict import Fault, Signal, Surface
from storage.models import ModelError

log = logging.getLogger(__name__)

Picture = NDArray[np.uint8]  # height x width x RGB
AT_ONCE: Final = 8


class PictureClassifier(Protocol):
    """Looks at pictures, some at a time. For each it answers with categories of the policy and scores from 0 to 1.

    This is all that a plug-in has to be; docs/models.md shows one.
    """

    def look(self, pictures: Sequence[Picture]) -> Sequence[Mapping[str, float]]: ...


class LabelsUnknownError(Exception):
    """A model speaks of things that nobody has said the meaning of."""

    code = "safety.frames.labels_unknown"


class Watching:
    """An inspector; `load` is called when the first picture is to be looked at."""

    def __init__(
        self,
        name: str,
        load: Callable[[], PictureClassifier],
        fps: int,
        *,
        seconds: float,
        surface: Surface = Surface.FRAME,
        refuses: Callable[[Signal], bool] = lambda signal: False,
        at_once: int = AT_ONCE,
    ) -> None:
        self.name = name
        self.refused = False
        self._load = load
        self._classifier: PictureClassifier | None = None
        self._seconds, self._surface, self._refuses, self._at_once = seconds, surface, refuses, at_once
        self._moments = Moments(fps)
        self._frames, self._looked, self._spent = 0, 0, 0.0
        self._waiting: list[tuple[float, Picture]] = []
        self._worst: dict[str, Signal] = {}
        self._fault: Fault | None = None

    def see(self, frame: SeenFrame) -> None:
        self._frames += 1
        if self._fault is None and not self.refused and self._moments.wants(frame):
            self._waiting.append((frame.seconds, as_rgb(frame)))
            if len(self._waiting) >= self._at_once:
                self._look()

    def conclude(self) -> Inspection:
        if self._waiting and self._fault is None:
            self._look()
        signals = list(self._worst.values())
        if self._fault is None and not self._looked:
            self._fault = Fault.UNDECODABLE  # there was nothing to look at
        if self._fault is not None:
            signals.append(
                Signal(
                    category=Category.UNCHECKED,
                    score=0.0,
                    classifier=self.name,
                    surface=self._surface,
                    fault=self._fault,
                )
            )
        return Inspection(self.name, self._frames, tuple(signals))

    def _look(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            if self._classifier is None:
                self._classifier = self._load()  # not on the clock: a large model takes a minute to load
            began = time.monotonic()
            answers = list(self._classifier.look([picture for _, picture in waiting]))
            self._spent += time.monotonic() - began
            self._note(waiting, answers)
        except ModelError as error:
            self._give_up(Fault.DAMAGED if error.code == "model.damaged" else Fault.MISSING)
        except (LabelsUnknownError, _NonsenseError):
            self._give_up(Fault.NONSENSE)
        except ImportError:
            self._give_up(Fault.MISSING)
        except Exception:  # out of memory too: torch raises RuntimeError, Python MemoryError
            self._give_up(Fault.CRASHED)
        else:
            self._looked += len(waiting)
            if self._spent > self._seconds:
                log.warning("picture classifier %s took %.1f s of %.1f", self.name, self._spent, self._seconds)
                self._fault = Fault.SLOW

    def _give_up(self, fault: Fault) -> None:
        log.exception("picture classifier %s: %s", self.name, fault)
        self._fault = fault

    def _note(self, waiting: Sequence[tuple[float, Picture]], answers: Sequence[Mapping[str, float]]) -> None:
        if len(answers) != len(waiting):
            raise _NonsenseError
        for (seconds, _), answer in zip(waiting, answers, strict=True):
            if not isinstance(answer, Mapping) or not answer:
                raise _NonsenseError
            for category, score in answer.items():
                self._note_one(category, score, seconds)

    def _note_one(self, category: str, score: float, seconds: float) -> None:
        if category not in KNOWN or not isinstance(score, float | int) or not math.isfinite(score):
            raise _NonsenseError
        if not -1e-6 <= score <= 1 + 1e-6:
            raise _NonsenseError
        signal = Signal(
            category=category,
            score=min(max(float(score), 0.0), 1.0),
            classifier=self.name,
            surface=self._surface,
            seconds=seconds,
        )
        if category not in self._worst or self._worst[category].score < signal.score:
            self._worst[category] = signal
        self.refused = self.refused or self._refuses(signal)


def as_rgb(frame: SeenFrame) -> Picture:
    """BT.709, limited range. Colour has half the size: good enough to be looked at."""
    height, width = frame.luma.shape
    y = (frame.luma.astype(np.float32) - 16.0) * (255.0 / 219.0)
    cb, cr = (
        (plane.astype(np.float32) - 128.0).repeat(2, 0).repeat(2, 1)[:height, :width] * (255.0 / 224.0)
        for plane in (frame.cb, frame.cr)
    )
    red, green, blue = y + 1.5748 * cr, y - 0.1873 * cb - 0.4681 * cr, y + 1.8556 * cb
    return np.stack([red, green, blue], axis=2).round().clip(0, 255).astype(np.uint8)


class _NonsenseError(Exception):
    code = "safety.frames.nonsense"

"""Letters in a picture: words that the gate for words has to read, and letters that nobody could read.

What recognises them, RapidOCR, is an optional part (the extra `letters`): it reads Chinese and English and brings its
models along. Where it is missing, or letters are seen and cannot be read, that is a fault, and a fault holds.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from safety.frames.base import SeenFrame
from safety.frames.watching import as_rgb
from safety.verdict import Fault

log = logging.getLogger(__name__)

MOST: Final = 20  # moments of one upload whose words are kept apart
LONGEST: Final = 4_000  # characters of one
_SECONDS: Final = 120.0  # of one upload: a minute of film at half a second to two a look
_SURE: Final = 0.6
_WORD: Final = 3  # letters that make a word of what cannot be read; fewer are a button, a leaf, an eye
_CHANGE: Final = 12.0  # of 255: where no cell differs more from the picture read last, the same words stand there

Picture = NDArray[np.uint8]
Recogniser = Callable[[Picture], Sequence[tuple[str, float]]]  # lines from top to bottom, how sure from 0 to 1


@dataclass(frozen=True)
class Written:
    """`texts`: what stands in an upload, moment by moment. `fault`: why there may be more than that."""

    texts: tuple[str, ...]
    fault: Fault | None


class Writing:
    """Shown every moment that is to be looked at, in order; reads those that show something new."""

    def __init__(self, load: Callable[[], Recogniser] | None = None) -> None:
        self._load = load or recogniser
        self._read: Recogniser | None = None
        self._spent = 0.0
        self._before: NDArray[np.float32] | None = None
        self._lines: dict[str, None] = {}
        self._texts: dict[str, None] = {}
        self._fault: Fault | None = None
        self._looked = False

    def see(self, frame: SeenFrame) -> None:
        if self._fault not in (None, Fault.UNREAD) or not self._is_new(frame):
            return
        try:
            self._look(as_rgb(frame))
        except ImportError:
            self._fault = Fault.MISSING
        except Exception:  # a model that is not whole, memory: whatever it was, nobody read this
            log.exception("letters in an upload could not be read")
            self._fault = Fault.CRASHED

    def conclude(self) -> Written:
        if not self._looked and self._fault is None:
            self._fault = Fault.UNDECODABLE
        texts = list(self._texts)[:MOST]
        if len(texts) > 1:  # a word a moment is a sentence, too
            texts.append(" ".join(self._lines))
        return Written(tuple(text[:LONGEST] for text in texts), self._fault)

    def _is_new(self, frame: SeenFrame) -> bool:
        now = _coarse(frame.luma)
        change = 255.0 if self._before is None else float(np.abs(now - self._before).max())
        if change < _CHANGE:
            return False
        self._before = now
        return True

    def _look(self, picture: Picture) -> None:
        if self._read is None:
            self._read = self._load()
        began = time.monotonic()
        lines, is_whole = _sure(self._read(picture))
        if not is_whole:  # as a mirror shows it
            others, is_whole = _sure(self._read(np.ascontiguousarray(picture[:, ::-1])))
            lines += [line for line in others if line not in lines]
        self._spent += time.monotonic() - began
        self._looked = True
        if lines:
            self._texts["\n".join(lines)] = None
            self._lines |= dict.fromkeys(lines)
        if not is_whole:
            self._fault = Fault.UNREAD
        if self._spent > _SECONDS:
            log.warning("letters in an upload: %.0f s of %.0f are over", self._spent, _SECONDS)
            self._fault = Fault.SLOW


def _sure(found: Sequence[tuple[str, float]]) -> tuple[list[str], bool]:
    """The lines that can be relied on, and whether these are all that look like words."""
    lines = [text.strip() for text, sure in found if sure >= _SURE and text.strip()]
    return lines, not any(sure < _SURE and len(text.strip()) >= _WORD for text, sure in found)


def _coarse(luma: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Cells of 16 pixels: what changes where a line of small letters comes up, and not where a film has grain."""
    height, width = (max(size // 16, 1) for size in luma.shape)
    rows, columns = luma.shape[0] // height, luma.shape[1] // width
    cells = luma[: height * rows, : width * columns].reshape(height, rows, width, columns)
    return np.asarray(cells.mean((1, 3)), dtype=np.float32)


@lru_cache(maxsize=1)
def recogniser() -> Recogniser:
    """RapidOCR on one core: the process has others to leave room for."""
    from rapidocr_onnxruntime import RapidOCR  # type: ignore[import-untyped]

    engine = RapidOCR(intra_op_num_threads=1, inter_op_num_threads=1, text_score=0.0)

    def read(picture: Picture) -> list[tuple[str, float]]:
        return list(_lines(engine(picture[:, :, ::-1])[0]))  # it was taught with blue first

    return read


def _lines(found: Any) -> Iterator[tuple[str, float]]:
    for _, text, sure in found or ():
        yield str(text), float(sure)

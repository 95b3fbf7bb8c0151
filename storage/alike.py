"""Which clips look like this? The index of all fingerprints, kept on the disk beside the database."""

import json
import secrets
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from storage import recognition
from storage.database import Transaction
from storage.hashes import HASH_BYTES, Hashes, HashIndex, Near
from storage.recognition import FingerprintRow

_ROWS_AT_ONCE = 10_000
_UNSAVED = 5_000  # clips that are read from the database for every question before the index is written again
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True)
class AlikeClip:
    clip_id: str
    hashes: int  # how many of those asked are close to one of the clip's
    distance: int  # of the closest


@dataclass(frozen=True)
class _Upto:
    serial: int = 0
    clips: int = 0
    hashes: int = 0


async def alike(tx: Transaction, folder: Path, asked: Hashes) -> list[AlikeClip]:
    """The clips with a frame that looks like one of those asked for, the best first."""
    upto = _read(folder)
    index = HashIndex.load(folder / "sorted") if upto.hashes else HashIndex.empty()
    if len(index) != upto.hashes or await recognition.count_fingerprints(tx, upto.serial) != upto.clips:
        index, upto = HashIndex.empty(), _Upto()  # of another database, or damaged: made again
    recent = HashIndex.empty()
    while news := await recognition.fingerprints_after(tx, upto.serial, _ROWS_AT_ONCE):
        recent = recent.with_more(*_hashes_of(news))
        upto = _Upto(news[-1].serial, upto.clips + len(news), upto.hashes + sum(len(one.hashes) for one in news) // 32)
        if len(news) > _UNSAVED:
            index, recent = index.with_more(recent.hashes, recent.labels), HashIndex.empty()
            _save(folder, index, upto)
    return _by_clip([*index.search(asked, thorough=False), *recent.search(asked, thorough=False)])


def _hashes_of(rows: list[FingerprintRow]) -> tuple[Hashes, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    hashes = np.frombuffer(b"".join(row.hashes for row in rows), np.uint8).reshape(-1, HASH_BYTES)
    counts = [len(row.hashes) // HASH_BYTES for row in rows]
    return hashes, np.repeat(np.array([_number(row.clip_id) for row in rows], np.int64), counts)


def _by_clip(found: list[Near]) -> list[AlikeClip]:
    asked: dict[int, dict[int, int]] = defaultdict(dict)
    for near in found:
        mine = asked[near.label]
        mine[near.asked] = min(near.distance, mine.get(near.asked, near.distance))
    clips = [AlikeClip(_name(label), len(mine), min(mine.values())) for label, mine in asked.items()]
    return sorted(clips, key=lambda clip: (-clip.hashes, clip.distance))


def _number(clip_id: str) -> int:
    number = 0
    for letter in clip_id:
        number = number << 5 | _LETTERS.index(letter)
    return number


def _name(number: int) -> str:
    return "".join(_LETTERS[number >> 5 * place & 31] for place in reversed(range(8)))


def _read(folder: Path) -> _Upto:
    try:
        return _Upto(**json.loads((folder / "upto.json").read_text()))
    except (OSError, ValueError, TypeError):
        return _Upto()


def _save(folder: Path, index: HashIndex, upto: _Upto) -> None:
    index.save(folder / "sorted")
    aside = folder / f".upto.{secrets.token_hex(8)}"
    aside.write_text(json.dumps(vars(upto)))
    aside.replace(folder / "upto.json")

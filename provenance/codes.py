"""What the invisible mark says: a clip's id and a keyed tag, and the error correction that carries both.

64 bits (40 of id, 24 of tag) go through a convolutional code of rate 1/4 over nine bits. There are two ways back from
soft bits: Viterbi's, which needs no list of ids and believes a message only when its tag is right; and a comparison
with every message that was ever issued, which still finds the one when far too little is left for the first. The
second costs nine look-ups an id: what a byte adds to the likelihood depends only on itself and on the byte before it.
"""

import hashlib
import hmac
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ID_BITS = 40
_ID_BYTES = ID_BITS // 8
_TAG_BYTES = 3
MESSAGE_BYTES = _ID_BYTES + _TAG_BYTES
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: five bits a letter
_ID_LETTERS = ID_BITS // 5

_GENERATORS = (0o463, 0o535, 0o733, 0o745)
_MEMORY = 8
_STATES = 1 << _MEMORY
_STEPS = MESSAGE_BYTES * 8 + _MEMORY  # the zeros at the end bring the coder back to where it began
CODED_BITS = _STEPS * len(_GENERATORS)
# Ids compared at a time: their sums stay in the processor's cache.
_BLOCK = 1 << 16

Soft = NDArray[np.float32]  # one value a coded bit: positive for 0, negative for 1, larger for surer
Messages = NDArray[np.uint8]  # n x MESSAGE_BYTES


class NotAnIdError(ValueError):
    """A name that no clip can have."""


@dataclass(frozen=True)
class Likeness:
    """The issued message that is most like what was read. `score` counts standard deviations above chance."""

    index: int
    score: float


def message(clip_id: str, key: bytes) -> bytes:
    """The id and its tag. Nobody without the key can mark a file with an id of their choice."""
    plain = _id_bytes(clip_id)
    return plain + hmac.digest(key, b"tag" + plain, hashlib.sha256)[:_TAG_BYTES]


def clip_id_of(told: bytes) -> str:
    """The id in a message, whatever its tag."""
    number = int.from_bytes(told[:_ID_BYTES], "big")
    return "".join(_LETTERS[number >> 5 * place & 31] for place in reversed(range(_ID_LETTERS)))


def is_genuine(told: bytes, key: bytes) -> bool:
    return hmac.compare_digest(told, message(clip_id_of(told), key))


def _id_bytes(clip_id: str) -> bytes:
    try:
        number = 0
        for letter in clip_id:
            number = number << 5 | _LETTERS.index(letter)
    except ValueError:
        raise NotAnIdError(clip_id) from None
    if len(clip_id) != _ID_LETTERS:
        raise NotAnIdError(clip_id)
    return number.to_bytes(_ID_BYTES, "big")


def _parities() -> NDArray[np.float32]:
    """What the coder puts out for each content of its register, newest bit lowest: +1 for 0, -1 for 1."""
    registers = np.arange(_STATES * 2, dtype=np.uint16)
    ones = [np.bitwise_count(registers & generator) & 1 for generator in _GENERATORS]
    return (1 - 2 * np.stack(ones, axis=1).astype(np.float32)).astype(np.float32)


_OUTPUT = _parities()


def encode(told: bytes) -> Soft:
    """The coded bits, +1 for 0 and -1 for 1."""
    register, coded = 0, []
    for bit in [*np.unpackbits(np.frombuffer(told, np.uint8)), *[0] * _MEMORY]:
        register = (register << 1 | int(bit)) & (_STATES * 2 - 1)
        coded.append(_OUTPUT[register])
    return np.concatenate(coded)


def decode(soft: Soft) -> bytes:
    """The most likely message (Viterbi). It may be nonsense: see `is_genuine`."""
    gains = soft.reshape(_STEPS, len(_GENERATORS)) @ _OUTPUT.T  # by step and register
    states = np.arange(_STATES)
    before = np.stack([states >> 1, states >> 1 | _STATES >> 1])
    registers = before << 1 | states & 1
    likelihood = np.full(_STATES, -np.inf, np.float32)
    likelihood[0] = 0
    came_from = np.empty((_STEPS, _STATES), np.intp)
    for step in range(_STEPS):
        ways = likelihood[before] + gains[step][registers]
        better = ways.argmax(axis=0)
        came_from[step] = before[better, states]
        likelihood = ways[better, states]
    state, bits = 0, np.empty(_STEPS, np.uint8)
    for step in reversed(range(_STEPS)):
        bits[step] = state & 1
        state = int(came_from[step, state])
    return np.packbits(bits[: MESSAGE_BYTES * 8]).tobytes()


def most_alike(soft: Soft, issued: Messages) -> Likeness | None:
    """Compare with every issued message; None where there is none."""
    if not len(issued):
        return None
    tables = _byte_tables(soft)
    best = Likeness(-1, -np.inf)
    for start in range(0, len(issued), _BLOCK):
        block = issued[start : start + _BLOCK]
        scores = np.zeros(len(block), np.float32)
        last = np.zeros(len(block), np.uint16)
        for place, table in enumerate(tables):
            this = block[:, place].astype(np.uint16) if place < MESSAGE_BYTES else np.zeros(len(block), np.uint16)
            scores += table[last << 8 | this]
            last = this
        at = int(scores.argmax())
        if scores[at] > best.score:
            best = Likeness(start + at, float(scores[at]))
    return Likeness(best.index, best.score / _chance(soft))


def likeness(soft: Soft, told: bytes) -> float:
    """How much one message is like what was read, in the same measure."""
    return float(soft @ encode(told)) / _chance(soft)


def _chance(soft: Soft) -> float:
    """The deviation of a random codeword's score."""
    return float(np.linalg.norm(soft)) + 1e-9


def _byte_tables(soft: Soft) -> list[NDArray[np.float32]]:
    """For each byte of a message: what it adds to the likelihood, by the byte before it and itself."""
    gains = soft.reshape(_STEPS, len(_GENERATORS)) @ _OUTPUT.T
    pairs = np.arange(1 << 16)
    tables = []
    for first in range(0, _STEPS, 8):
        steps = (gains[first + bit][pairs >> 7 - bit & _STATES * 2 - 1] for bit in range(8))
        tables.append(np.stack(list(steps)).sum(axis=0).astype(np.float32))
    return tables

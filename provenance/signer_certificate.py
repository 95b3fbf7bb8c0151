"""The certificate that signed a manifest, taken out of the file itself.

c2pa's Reader tells a certificate's names and serial number, which anybody can copy into a certificate of their own. For
a clip whose leaf has expired since, c2pa says "untrusted" whoever signed it; so we read the very certificate that
c2pa checked the signature with, and see for ourselves who issued it. Anything unusual is answered with None.
"""

from pathlib import Path
from typing import Any

from provenance.containers import OddFileError, manifest_store
from provenance.jumbf import STORE, child, content

_X5CHAIN = 33
_SIGN1 = 18
_DEPTH_LIMIT = 8


def signer_certificate(path: Path, label: str) -> bytes | None:
    """DER of the leaf in the signature of the manifest called `label`."""
    try:
        store = manifest_store(path)
        signature = child(child(child(store, STORE), label), "c2pa.signature")
        return _leaf_of(content(signature, b"cbor"))
    except (OddFileError, OSError):
        return None


def _leaf_of(cose: bytes) -> bytes:
    """The first certificate of the chain in the protected header. One anywhere else would be ambiguous."""
    signed = _Cbor(cose).whole()
    if not isinstance(signed, list) or len(signed) != 4:
        raise OddFileError
    protected, unprotected = signed[0], signed[1]
    if not isinstance(protected, bytes) or not isinstance(unprotected, dict):
        raise OddFileError
    if _X5CHAIN in unprotected or "x5chain" in unprotected:
        raise OddFileError
    header = _Cbor(protected).whole()
    if not isinstance(header, dict) or "x5chain" in header:
        raise OddFileError
    chain = header.get(_X5CHAIN)
    leaf = chain[0] if isinstance(chain, list) and chain else chain
    if not isinstance(leaf, bytes):
        raise OddFileError
    return leaf


class _Cbor:
    """As much CBOR as a COSE_Sign1 needs: definite lengths, no floats, and no key twice."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def whole(self) -> Any:
        value = self._value(0)
        if self._at != len(self._data):
            raise OddFileError
        return value

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) != count:
            raise OddFileError
        self._at += count
        return taken

    def _value(self, depth: int) -> Any:
        if depth > _DEPTH_LIMIT:
            raise OddFileError
        first = self._take(1)[0]
        major, short = first >> 5, first & 0x1F
        if short > 27:
            raise OddFileError
        number = short if short < 24 else int.from_bytes(self._take(1 << (short - 24)), "big")
        match major:
            case 0:
                return number
            case 1:
                return -1 - number
            case 2:
                return self._take(number)
            case 3:
                return self._take(number).decode("utf-8", "replace")
            case 4:
                return [self._value(depth + 1) for _ in range(self._counted(number))]
            case 5:
                return self._map(self._counted(number), depth)
            case 6 if number == _SIGN1:
                return self._value(depth + 1)
            case 7 if short in (20, 21, 22):
                return {20: False, 21: True, 22: None}[short]
            case _:
                raise OddFileError

    def _counted(self, number: int) -> int:
        if number > len(self._data):
            raise OddFileError
        return number

    def _map(self, count: int, depth: int) -> dict[Any, Any]:
        read: dict[Any, Any] = {}
        for _ in range(count):
            key, value = self._value(depth + 1), self._value(depth + 1)
            if not isinstance(key, int | str | bytes) or key in read:
                raise OddFileError
            read[key] = value
        return read

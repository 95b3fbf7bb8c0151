"""The boxes of a C2PA manifest store (JUMBF): enough to find one of them by its name, to list what is in
one, or to cut one out."""

from collections.abc import Iterator

from provenance.containers import OddFileError, only

STORE = "c2pa"


def child(data: bytes, label: str) -> bytes:
    """The content of the one superbox of that label."""
    return only(body for kind, body in _boxes(data) if kind == b"jumb" and _label(body) == label)


def manifests(store: bytes) -> list[tuple[str, bytes]]:
    """Every manifest of a store with its label, the active one last."""
    return [(_label(body), body) for kind, body in _boxes(child(store, STORE)) if kind == b"jumb"]


def labels(superbox: bytes) -> Iterator[str]:
    return (_label(body) for kind, body in _boxes(superbox) if kind == b"jumb")


def content(superbox: bytes, kind: bytes) -> bytes:
    return only(body for found, body in _boxes(superbox) if found == kind)


def alone(store: bytes, label: str) -> bytes:
    """The store with the manifest of that label and no other; OddFileError where it is not in it once."""
    whole = child(store, STORE)
    manifest = child(whole, label)
    return _box(b"jumb", _box(b"jumd", content(whole, b"jumd")) + _box(b"jumb", manifest))


def _box(kind: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(data):
        size, start = int.from_bytes(data[at : at + 4], "big"), 8
        if size == 1:
            size, start = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        if size < start or at + size > len(data):
            raise OddFileError
        yield data[at + 4 : at + 8], data[at + start : at + size]
        at += size


def _label(superbox: bytes) -> str:
    kind, description = next(_boxes(superbox), (b"", b""))
    if kind != b"jumd" or len(description) < 17 or not description[16] & 2:
        raise OddFileError
    return description[17:].partition(b"\0")[0].decode("utf-8", "replace")

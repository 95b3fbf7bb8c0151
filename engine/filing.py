"""Where a studio's files are: in its data folder, or in a store that several machines share.

Work is always done on the machine's own disk. With a store, a file that is whole is published there, and whoever needs
it on another machine brings it into that machine's cache (docs/decisions/0009).
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from engine.places import Places
from storage.blobs import Blobs
from storage.quarantine import Quarantine
from storage.store import Store

if TYPE_CHECKING:
    from engine.fleet.base import Bench


@lru_cache(maxsize=4)
def store_at(url: str) -> Store:
    """One for each process: it keeps connections open."""
    return Store.at(url)


def blobs_of(places: Places, files: str | None) -> Blobs:
    return Blobs(places.files) if files is None else Blobs(places.cache, store_at(files))


def quarantine_of(places: Places, files: str | None) -> Quarantine:
    return Quarantine(places.quarantine, None if files is None else store_at(files))


def blobs_at(bench: "Bench") -> Blobs:
    """What a worker finds and leaves."""
    return blobs_of(Places(bench.data), bench.files)


def quarantine_at(bench: "Bench") -> Quarantine:
    return quarantine_of(Places(bench.data), bench.files)

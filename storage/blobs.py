"""Files under the name of their content: two letters of the hash as a folder, the whole hash as the name.

A blob is put together under a temporary name in the same file system, and gets its own name in one step when it is
whole and on the device. What no row refers to is swept after a grace.

Where the blobs are in a store, the folder is this machine's cache of it: a blob gets its name there once the store has
it, so that whatever lies in the cache may be dropped at any time.
"""

import fcntl
import logging
import os
import re
import secrets
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from storage.errors import StorageError
from storage.files import flush_file, flush_folder, make_folder, noticing_full, sha256_of
from storage.store import KEPT, SEALED, Listed, Store

log = logging.getLogger(__name__)

ROOM: Final = 4 * 1024**3  # bytes of the cache, where the blobs are in a store
IN_USE: Final = 15 * 60.0  # seconds that a file stays in the cache at least: whoever was told its place may yet open it
FORGOTTEN: Final = 24 * 3_600.0  # seconds after which a file that nobody asked for leaves it: it may be erased by now
TRIM_EVERY: Final = 60.0  # seconds
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SHARD = re.compile(r"[0-9a-f]{2}")
_SUFFIX = re.compile(r"(?:\.[a-z0-9]{1,8})?")
_FILE_MODE = 0o600
_FOLDER_MODE = 0o700


class BlobError(StorageError):
    """A blob that is missing, is not what its name says, or has a name that no blob can have."""


class Blobs:
    def __init__(self, root: Path, store: Store | None = None, *, room: int = ROOM) -> None:
        self.root = root
        self.store = store
        self._room = room
        self._trimmed = time.monotonic()
        self._temporaries = root / "temporary"
        self._gate = root / ".gate"
        make_folder(root, _FOLDER_MODE)
        make_folder(self._temporaries, _FOLDER_MODE)

    def temporary(self, suffix: str = "") -> Path:
        """A name that nobody else uses, for a file that is to become a blob. Swept if nothing comes of it."""
        return self._temporaries / f"{secrets.token_hex(16)}{_valid_suffix(suffix)}"

    def path(self, sha256: str, suffix: str = "") -> Path:
        """Where the blob lies on this machine, if it is here: `bring` makes sure."""
        return self.root / _valid_hash(sha256)[:2] / f"{sha256}{_valid_suffix(suffix)}"

    def here(self, sha256: str, suffix: str = "") -> Path:
        """The same, brought from the store first where that is needed. What is nowhere is no file there."""
        return self.bring(self.path(sha256, suffix))

    def bring(self, path: Path) -> Path:
        """The file that `path` once named, on this machine, for a while; what is no blob's path is left as it is."""
        if self.store is None or path.parent.parent != self.root or not _SHA256.fullmatch(path.stem):
            return path
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > TRIM_EVERY:
                os.utime(path)
            return path
        part = self.temporary(path.suffix)
        try:
            with noticing_full(part):
                if any(self.store.bring(key, part, path.stem) for key in _keys(path)):
                    self._settle(part, path)
        finally:
            part.unlink(missing_ok=True)
        self._trim_now_and_then()
        return path

    def exists(self, sha256: str, suffix: str = "") -> bool:
        path = self.path(sha256, suffix)
        if path.is_file():
            return True
        return self.store is not None and any(self.store.find(key) is not None for key in _keys(path))

    def check(self, sha256: str, suffix: str = "") -> bool:
        """Whether the blob is there and still what its name says: reads all of it."""
        try:
            return sha256_of(self.here(sha256, suffix)) == sha256
        except FileNotFoundError:
            return False

    def link(self, sha256: str, suffix: str, lasts: timedelta) -> str | None:
        """An address in the store from which anybody fetches this sealed file until it ends.

        None where there is no store, or it is not open to those who would follow the link.
        """
        if self.store is None or not self.store.address.links:
            return None
        return self.store.link(_keys(self.path(sha256, suffix))[0], lasts)

    def put_bytes(self, content: bytes, suffix: str = "") -> Path:
        """Store what is in memory; small things only."""
        part = self.temporary(suffix)
        try:
            with noticing_full(part):
                part.write_bytes(content)
            return self.adopt(part, sha256_of(part))
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def adopt(self, temporary: Path, sha256: str, *, sealed_as: str | None = None) -> Path:
        """Give a finished temporary file its name, with its own suffix. Doing it again does no harm.

        The file is read once more: what is stored under a hash has that hash. `sealed_as`: it is a sealed clip or its
        poster, and has this name for whoever downloads it; links can be made to no other blob.
        """
        destination = self.path(sha256, temporary.suffix)
        try:
            found = sha256_of(temporary)
        except FileNotFoundError:
            # The process may have died after an earlier adoption and before it could say so.
            if self.check(sha256, temporary.suffix):
                return destination
            raise BlobError("blob.missing", path=str(temporary)) from None
        if found != sha256:
            raise BlobError("blob.mismatch", path=str(temporary), expected=sha256, found=found)
        if self.store is not None:
            sealed, kept = _keys(destination)
            self.store.put(kept if sealed_as is None else sealed, temporary, sha256, name=sealed_as)
        with noticing_full(destination):
            self._settle(temporary, destination)
        return destination

    def remove(self, sha256: str, suffix: str) -> None:
        """Remove the blob, at once. Where the store cannot be asked just now, the next sweep does it there."""
        path = self.path(sha256, suffix)
        path.unlink(missing_ok=True)
        if self.store is not None:
            try:
                self.store.remove(_keys(path))
            except StorageError as error:
                log.warning("%s stays in the store until it is swept: %s", path.name, error)

    def _settle(self, temporary: Path, destination: Path) -> None:
        temporary.chmod(_FILE_MODE)
        flush_file(temporary)
        self._make_shard(destination.parent)
        with self._passing(fcntl.LOCK_SH):
            os.utime(temporary)  # the grace starts now, even where the same content had been lying about
            temporary.replace(destination)
        flush_folder(destination.parent)

    def sweep(self, referenced: Callable[[str], bool] | Collection[str], older_than_seconds: float) -> list[Path]:
        """Remove blobs that nothing refers to, and temporaries that nobody finished; but none younger than the grace.

        `referenced` is asked by hash, or holds the hashes. The grace has to cover the time from an adoption to the
        commit of the row that refers to it.
        """
        is_referenced = referenced if callable(referenced) else referenced.__contains__
        oldest_kept = time.time() - older_than_seconds
        removed = [path for path in self._files_in(self._temporaries) if self._remove_if_old(path, oldest_kept)]
        removed += [
            path
            for path in self.lying()
            if not is_referenced(path.name[:64]) and self._remove_if_old(path, oldest_kept)
        ]
        if self.store is not None:
            removed += self._sweep_store(self.store, is_referenced, oldest_kept)
            self._trim()
        return removed

    def _sweep_store(self, store: Store, is_referenced: Callable[[str], bool], oldest_kept: float) -> list[Path]:
        """An adoption puts its file anew even where one is there, so that it is young: looked at again at the last
        moment. Between that look and the removal lies one question to the store (docs/decisions/0009)."""

        def is_old(one: Listed | None) -> bool:
            return one is not None and one.changed_at < oldest_kept

        removed = []
        for one in (one for folder in (SEALED, KEPT) for one in store.listed(folder)):
            sha256 = Path(one.key).name[:64]
            if not _SHA256.fullmatch(sha256) or is_referenced(sha256) or not is_old(one):
                continue
            if is_old(store.find(one.key)):
                store.remove([one.key])
                removed.append(Path(one.key))
        return removed

    def lying(self) -> Iterator[Path]:
        """Every blob that is on this machine."""
        for shard in sorted(self.root.iterdir()):
            if _SHARD.fullmatch(shard.name) and shard.is_dir():
                yield from (path for path in self._files_in(shard) if _SHA256.fullmatch(path.name[:64]))

    def _trim_now_and_then(self) -> None:
        if time.monotonic() - self._trimmed > TRIM_EVERY:
            self._trim()

    def _trim(self) -> None:
        """Make room in the cache, the longest unused first; what is in use stays, even where that is too much."""
        self._trimmed = time.monotonic()
        at, found = time.time(), []
        for path in self.lying():
            with suppress(FileNotFoundError):
                seen = path.lstat()
                found.append((seen.st_mtime, seen.st_size, path))
        held = sum(size for _, size, _ in found)
        for used_at, size, path in sorted(found):
            too_much = held > self._room and used_at < at - IN_USE
            if (too_much or used_at < at - FORGOTTEN) and self._remove_if_old(path, used_at + 0.001):
                held -= size

    def _remove_if_old(self, path: Path, oldest_kept: float) -> bool:
        # Adoptions wait meanwhile: one that brings the same content again either comes before the look at the age,
        # and makes it young, or after the removal, and puts it back.
        with self._passing(fcntl.LOCK_EX):
            try:
                if path.lstat().st_mtime >= oldest_kept:
                    return False
                path.unlink()
            except FileNotFoundError:
                return False
            return True

    @contextmanager
    def _passing(self, kind: int) -> Iterator[None]:
        """Many may adopt at once, one may remove; among processes too. Released by the system if we die."""
        gate = os.open(self._gate, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _FILE_MODE)
        try:
            fcntl.flock(gate, kind)
            yield
        finally:
            os.close(gate)

    def _make_shard(self, shard: Path) -> None:
        if not shard.is_dir():
            make_folder(shard, _FOLDER_MODE)

    @staticmethod
    def _files_in(folder: Path) -> list[Path]:
        return sorted(path for path in folder.iterdir() if not path.is_dir() or path.is_symlink())


def _keys(path: Path) -> tuple[str, str]:
    """Where the blob of this path is in the store: as a sealed one, and as any other."""
    return f"{SEALED}{path.stem[:2]}/{path.name}", f"{KEPT}{path.stem[:2]}/{path.name}"


def _valid_hash(sha256: str) -> str:
    if not _SHA256.fullmatch(sha256):
        raise BlobError("blob.name", name=sha256)
    return sha256


def _valid_suffix(suffix: str) -> str:
    if not _SUFFIX.fullmatch(suffix):
        raise BlobError("blob.suffix", suffix=suffix)
    return suffix

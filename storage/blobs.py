"""Files under the name of their content: two letters of the hash as a folder, the whole hash as the name.

A blob is put together under a temporary name in the same file system, and gets its own name in one step when it is
whole and on the device. What no row refers to is swept after a grace.
"""

import fcntl
import os
import re
import secrets
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.errors import StorageError
from storage.files import flush_file, flush_folder, make_folder, noticing_full, sha256_of

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SHARD = re.compile(r"[0-9a-f]{2}")
_SUFFIX = re.compile(r"(?:\.[a-z0-9]{1,8})?")
_FILE_MODE = 0o600
_FOLDER_MODE = 0o700


class BlobError(StorageError):
    """A blob that is missing, is not what its name says, or has a name that no blob can have."""


class Blobs:
    def __init__(self, root: Path) -> None:
        self.root = root
        self._temporaries = root / "temporary"
        self._gate = root / ".gate"
        make_folder(root, _FOLDER_MODE)
        make_folder(self._temporaries, _FOLDER_MODE)

    def temporary(self, suffix: str = "") -> Path:
        """A name that nobody else uses, for a file that is to become a blob. Swept if nothing comes of it."""
        return self._temporaries / f"{secrets.token_hex(16)}{_valid_suffix(suffix)}"

    def path(self, sha256: str, suffix: str = "") -> Path:
        """Where the blob lies, if it is there."""
        return self.root / _valid_hash(sha256)[:2] / f"{sha256}{_valid_suffix(suffix)}"

    def exists(self, sha256: str, suffix: str = "") -> bool:
        return self.path(sha256, suffix).is_file()

    def check(self, sha256: str, suffix: str = "") -> bool:
        """Whether the blob is there and still what its name says: reads all of it."""
        try:
            return sha256_of(self.path(sha256, suffix)) == sha256
        except FileNotFoundError:
            return False

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

    def adopt(self, temporary: Path, sha256: str) -> Path:
        """Give a finished temporary file its name, with its own suffix. Doing it again does no harm.

        The file is read once more: what is stored under a hash has that hash.
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
        with noticing_full(destination):
            temporary.chmod(_FILE_MODE)
            flush_file(temporary)
            self._make_shard(destination.parent)
            with self._passing(fcntl.LOCK_SH):
                os.utime(temporary)  # the grace starts now, even where the same content had been lying about
                temporary.replace(destination)
            flush_folder(destination.parent)
        return destination

    def sweep(self, referenced: Callable[[str], bool] | Collection[str], older_than_seconds: float) -> list[Path]:
        """Remove blobs that nothing refers to, and temporaries that nobody finished; but none younger than the grace.

        `referenced` is asked by hash, or holds the hashes. The grace has to cover the time from an adoption to the
        commit of the row that refers to it.
        """
        is_referenced = referenced if callable(referenced) else referenced.__contains__
        oldest_kept = time.time() - older_than_seconds
        removed = [path for path in self._files_in(self._temporaries) if self._remove_if_old(path, oldest_kept)]
        for shard in sorted(self.root.iterdir()):
            if not _SHARD.fullmatch(shard.name) or not shard.is_dir():
                continue
            for path in self._files_in(shard):
                sha256 = path.name[:64]
                if not _SHA256.fullmatch(sha256) or is_referenced(sha256):
                    continue
                if self._remove_if_old(path, oldest_kept):
                    removed.append(path)
        return removed

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


def _valid_hash(sha256: str) -> str:
    if not _SHA256.fullmatch(sha256):
        raise BlobError("blob.name", name=sha256)
    return sha256


def _valid_suffix(suffix: str) -> str:
    if not _SUFFIX.fullmatch(suffix):
        raise BlobError("blob.suffix", suffix=suffix)
    return suffix

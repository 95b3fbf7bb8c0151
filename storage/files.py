"""Writing files so that a crash leaves the old one or the new one, never a half."""

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from storage.errors import StorageError

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DiskFull(StorageError):
    """No room left on the device, or a quota or a size limit reached. Nothing half-written was left behind."""

    def __init__(self, code: str = "disk.full", **params: object) -> None:
        super().__init__(code, **params)


def says_full(error: BaseException) -> bool:
    """Whether an error (Python's or FFmpeg's, both carry an errno) means that there is no room."""
    return getattr(error, "errno", None) in _NO_ROOM


@contextmanager
def noticing_full(path: Path) -> Iterator[None]:
    """Turns the many errors that mean "no room" into one."""
    try:
        yield
    except OSError as error:
        if says_full(error):
            raise DiskFull(path=str(path)) from error
        raise


def write_once(path: Path, text: str) -> None:
    """A small file for its owner alone, whole as soon as it has its name; another's stays, where that came first."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        with suppress(FileExistsError):
            os.link(part, path)
    finally:
        part.unlink(missing_ok=True)


def flush_file(path: Path) -> None:
    """Returns when the file's bytes are on the device."""
    handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_folder(path: Path) -> None:
    """Returns when the folder's names (a rename, a new file) are on the device."""
    flush_file(path)


def make_folder(folder: Path, mode: int = 0o700) -> None:
    """Make the folder, if it is missing, with those above it; returns when its name is on the device.

    A file that is on the device is lost all the same where the name of its folder is not.
    """
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    for one in made:
        flush_folder(one.parent)


def publish(part: Path, destination: Path) -> None:
    """Give a finished file its name. Both lie in the same file system."""
    flush_file(part)
    part.replace(destination)
    flush_folder(destination.parent)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

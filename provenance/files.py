"""Files that are whole or absent: written aside, forced to the disk, then renamed."""

import os
import secrets
import stat
from pathlib import Path

from provenance.errors import LoosePermissionsError, UnreadableKeyError
from storage.files import flush_folder

PRIVATE_FILE = 0o600
PUBLIC_FILE = 0o644
PRIVATE_FOLDER = 0o700
_KEY_FILE_LIMIT = 256 * 1024


def write_forced(path: Path, content: bytes, mode: int) -> None:
    """Write a new file with exactly this mode, whatever the umask, and force it to the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def write_whole(path: Path, content: bytes, mode: int) -> None:
    """Put a file in place in one step; readers see the old one or the new one."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        write_forced(aside, content, mode)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def read_key_file(path: Path, *, private: bool) -> bytes:
    """A small regular file; a private one must be its owner's alone. Never waits on a pipe or a device."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as cause:
        raise UnreadableKeyError(path=str(path), reason=cause.strerror or type(cause).__name__) from cause
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise UnreadableKeyError(path=str(path), reason="not a regular file")
        if about.st_size > _KEY_FILE_LIMIT:
            raise UnreadableKeyError(path=str(path), reason="too large")
        if private and about.st_mode & 0o077:
            raise LoosePermissionsError(path=str(path), mode=f"{stat.S_IMODE(about.st_mode):04o}")
        return os.read(descriptor, _KEY_FILE_LIMIT)
    finally:
        os.close(descriptor)

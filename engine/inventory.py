"""What a backup holds, and how its files are reached.

    kinora-backup.json       the inventory: written last, by one rename; without it there is no backup
    content/ab/<sha256>      the database, released files, takes of unfinished jobs
    keys/<set>/...           private keys, if they were asked for: a folder for each set, its files 0600
    partial/                 what is being written; nothing in it counts

Everything lies under the name of its content, so a new backup never overwrites what the former one needs.
"""

import errno
import fcntl
import hashlib
import json
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from engine.errors import StudioError
from storage.files import DiskFull, flush_file, flush_folder, says_full

NAME: Final = "kinora-backup.json"
CONTENT: Final = "content"
KEYS: Final = "keys"
PARTIAL: Final = "partial"
FORMAT: Final = 1
# An entry takes some 250 bytes: room for about two million files. A longer inventory is not read.
LONGEST: Final = 512 * 1024**2

DATABASE: Final = "kinora.db"
PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
_BLOCK: Final = 1024**2

_SHA256 = r"[0-9a-f]{64}"
_RELEASED = re.compile(rf"files/([0-9a-f]{{2}})/({_SHA256})(?:\.[a-z0-9]{{1,8}})?")
_TAKE = re.compile(r"quarantine/[0-9a-z]{8}\.(?:mp4|json)")
_KEY_NAME = r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}"
_KEY = re.compile(rf"keys/(?:{_KEY_NAME}/){{0,3}}{_KEY_NAME}")


class Step(StrEnum):
    """What a backup or a restore is busy with."""

    DATABASE = "database"
    COPYING = "copying"
    CHECKING = "checking"


Progress = Callable[[Step, int, int], None]  # bytes done, of how many


Tell = Callable[[int], None]  # bytes that were just read


def untold(step: Step, done: int, of: int) -> None:
    """Progress that nobody watches."""


class Meter:
    """Counts the bytes of a step, file by file."""

    def __init__(self, progress: Progress, step: Step, of: int) -> None:
        self._progress = progress
        self._step = step
        self._of = of
        self._done = 0

    @contextmanager
    def file(self, size: int) -> Iterator[Tell]:
        """Counts within one file; one that is read twice counts once."""
        seen = 0

        def tell(more: int) -> None:
            nonlocal seen
            seen = min(seen + more, size)
            self._progress(self._step, self._done + seen, self._of)

        yield tell
        self._done += size
        self._progress(self._step, self._done, self._of)


def nobody(more: int) -> None:
    """For what is too small to be counted."""


# -- the inventory -------------------------------------------------------------------------------------------------


class Part(BaseModel):
    """One file: where it belongs in a data folder, and what it must be."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    path: str
    sha256: Annotated[str, StringConstraints(pattern=rf"^{_SHA256}$")]
    size: Annotated[int, Field(ge=0, lt=2**63)]

    @property
    def stored_at(self) -> str:
        return f"{CONTENT}/{self.sha256[:2]}/{self.sha256}"


def _released_or_take(part: Part) -> Part:
    released = _RELEASED.fullmatch(part.path)
    if released and released[1] == part.sha256[:2] and released[2] == part.sha256:
        return part
    if _TAKE.fullmatch(part.path):
        return part
    raise ValueError("a path that no stored file has")


def _database(part: Part) -> Part:
    if part.path != DATABASE:
        raise ValueError("a path that no database has")
    return part


def _key(part: Part) -> Part:
    if not is_key_path(part.path):
        raise ValueError("a path that no key has")
    return part


def _moment(written: str) -> str:
    if datetime.fromisoformat(written).tzinfo is None:
        raise ValueError("a time without its zone")
    return written


def is_key_path(path: str) -> bool:
    return _KEY.fullmatch(path) is not None


def is_released_path(path: str) -> bool:
    return _RELEASED.fullmatch(path) is not None


class Inventory(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    format: int = FORMAT
    kinora: Annotated[str, Field(max_length=60)]  # the version that made the backup
    studio: Annotated[str, Field(max_length=60)]  # whose backup it is: the id of the studio's first community
    made_at: Annotated[str, Field(max_length=60), AfterValidator(_moment)]
    database_version: Annotated[str, Field(max_length=60)]
    database: Annotated[Part, AfterValidator(_database)]
    files: list[Annotated[Part, AfterValidator(_released_or_take)]]
    keys: list[Annotated[Part, AfterValidator(_key)]]
    missing: list[Annotated[str, Field(max_length=200)]]  # what was lost or damaged before the backup was made

    @model_validator(mode="after")
    def _no_path_twice(self) -> Self:
        paths = [part.path for part in (*self.files, *self.keys)]
        if len(paths) != len(set(paths)):
            raise ValueError("a path stands there twice")
        return self

    @property
    def parts(self) -> Iterator[tuple[Part, str]]:
        """Every file with the place in the backup where it lies."""
        for part in (self.database, *self.files):
            yield part, part.stored_at
        home = key_set(self.keys)
        for part in self.keys:
            yield part, f"{home}/{part.path.removeprefix('keys/')}"

    @property
    def size(self) -> int:
        return sum(part.size for part, _ in self.parts)

    def as_json(self) -> bytes:
        plain = self.model_dump(mode="json")
        return json.dumps(plain | {"digest": _digest(plain)}, indent=1).encode()


def key_set(keys: list[Part]) -> str:
    """The folder of these keys in a backup: another set of keys lies in another."""
    listed = "\n".join(f"{part.sha256} {part.path}" for part in sorted(keys, key=lambda part: part.path))
    return f"{KEYS}/{hashlib.sha256(listed.encode()).hexdigest()[:16]}"


def _digest(plain: Any) -> str:
    """Tells damage, not malice: whoever changes an inventory on purpose can write a new digest."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class Unreadable(Exception):
    """The inventory is there but is none: damaged, or written by somebody else."""


def read(folder: Path) -> Inventory | None:
    """The backup's inventory; None when there is none. StudioError when a newer Kinora wrote it."""
    try:
        with opened(folder, NAME) as (file, size):
            if size > LONGEST:
                raise Unreadable
            with os.fdopen(os.dup(file), "rb") as stream:
                text = stream.read(LONGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unreadable from error
    try:
        plain = json.loads(text)
        stated = plain.pop("digest")
        if isinstance(plain["format"], int) and plain["format"] > FORMAT:
            raise StudioError("restore.newer", folder=str(folder), version=str(plain.get("kinora"))[:60])
        if stated != _digest(plain) or plain["format"] != FORMAT:
            raise Unreadable
        return Inventory.model_validate(plain)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ValidationError) as error:
        raise Unreadable from error


def write(folder: Path, inventory: Inventory) -> None:
    """Make the backup count. Everything it names is on the device already."""
    part = folder / PARTIAL / NAME
    text = inventory.as_json()
    if len(text) > LONGEST:
        raise StudioError("backup.too_many", folder=str(folder), limit=LONGEST // 1024**2)
    part.write_bytes(text)
    part.chmod(PRIVATE_FILE)
    flush_file(part)
    part.replace(folder / NAME)
    flush_folder(folder)


# -- the files -----------------------------------------------------------------------------------------------------


@contextmanager
def opened(folder: Path, relative: str) -> Iterator[tuple[int, int]]:
    """A plain file below a folder and its size; OSError for anything else. No symbolic link leads out of the folder."""
    *parents, name = relative.split("/")
    here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for parent in parents:
            below = os.open(parent, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=here)
            os.close(here)
            here = below
        # O_NONBLOCK: opening a pipe that lies there must not wait for its other end.
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=here)
    finally:
        os.close(here)
    try:
        about = os.fstat(file)
        if not stat.S_ISREG(about.st_mode):
            raise OSError(errno.EINVAL, "not a plain file", relative)
        yield file, about.st_size
    finally:
        os.close(file)


def make_private(folder: Path, below: Path) -> None:
    """Make a folder somewhere below another one, and all between them, for their owner alone.

    OSError when a link has one of the names: nothing is written through it.
    """
    for missing in reversed([folder, *(parent for parent in folder.parents if below in parent.parents)]):
        missing.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        if missing.is_symlink():
            raise NotADirectoryError(errno.ENOTDIR, "a symbolic link", str(missing))


class SourceFailed(Exception):
    """The file that was to be read cannot be read to its end."""


def hash_of(file: int, tell: Tell = nobody) -> str:
    digest = hashlib.sha256()
    for block in _blocks(file):
        digest.update(block)
        tell(len(block))
    return digest.hexdigest()


def copy(file: int, destination: Path, tell: Tell = nobody) -> tuple[str, int]:
    """Copy what is left of an open file into a new one of its owner's alone, on the device when this returns.

    Answers with the hash and the size of what was copied. SourceFailed says that reading failed, OSError that writing
    did.
    """
    digest, size = hashlib.sha256(), 0
    new = os.open(destination, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE)
    with os.fdopen(new, "wb", buffering=0) as target:
        for block in _blocks(file):
            digest.update(block)
            size += len(block)
            left = memoryview(block)
            while left:
                left = left[target.write(left) :]
            tell(len(block))
        os.fsync(target.fileno())
    return digest.hexdigest(), size


def _blocks(file: int) -> Iterator[bytes]:
    while True:
        try:
            block = os.read(file, _BLOCK)
        except OSError as error:
            raise SourceFailed(error.strerror) from error
        if not block:
            return
        yield block


@contextmanager
def writing(folder: Path, code: str) -> Iterator[None]:
    """Turns what can go wrong while writing into one error that names the folder."""
    try:
        yield
    except OSError as error:
        if says_full(error):
            raise DiskFull(path=str(folder)) from error
        raise StudioError(code, folder=str(folder), cause=error.strerror or type(error).__name__) from error


@contextmanager
def held(folder: Path, kind: int, code: str) -> Iterator[None]:
    """Nobody else writes here meanwhile (LOCK_EX), or nobody writes at all (LOCK_SH). Falls with the process.

    The lock is on the folder itself: nothing has to be written, so a read-only disk can be read from.
    """
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StudioError(code, folder=str(folder)) from None
        except OSError:
            pass  # a file system without locks: as good as it gets
        yield
    finally:
        os.close(handle)

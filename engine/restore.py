"""Bringing a backup back: everything is checked, then put together in a fresh folder beside, then swapped in.

Until the swap the data folder is not touched, and the one that was there is moved aside: nothing is ever deleted. Where
the system can exchange two names in one step there is no moment without a data folder.
"""

import asyncio
import ctypes
import errno
import fcntl
import os
import secrets
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DatabaseError

from engine import inventory
from engine.backup import check_database, database_file, is_locked, keys_in
from engine.errors import StudioError
from engine.inventory import Inventory, Meter, Part, Progress, Step, Tell, untold
from engine.jobs import ENDED_JOBS, JobState
from engine.places import Places
from engine.settings import Settings
from engine.shift import LEASE, holder_of_the_shift
from storage import jobs, leases, outbox
from storage.database import Database, known_versions
from storage.errors import StorageError
from storage.files import DiskFull, flush_folder

_UNENDED: Final = frozenset(JobState) - ENDED_JOBS
_COUNTED: Final = 100_000
# How long to wait for other programs to let go of the database that is to be moved aside.
_PATIENCE: Final = 3.0  # seconds
# What a data folder holds, by the names; anything else there is somebody's. SQLite puts its own beside the database.
_OUR_FOLDERS: Final = frozenset({"files", "quarantine", "keys"})


class Fault(StrEnum):
    """What is wrong with a file of a backup."""

    MISSING = "missing"
    CHANGED = "changed"
    NOT_PLAIN = "not_plain"  # a link, a folder, a device
    NO_DATABASE = "no_database"


@dataclass(frozen=True)
class Broken:
    file: str  # its place in the backup
    fault: Fault


class BackupBroken(StudioError):
    """The backup is not whole. Nothing was changed."""

    def __init__(self, folder: Path, broken: tuple[Broken, ...]) -> None:
        super().__init__("restore.broken", folder=str(folder), count=len(broken))
        self.broken = broken


class Keys(StrEnum):
    """Where the keys of a restored studio came from."""

    BACKUP = "backup"
    GIVEN = "given"
    KEPT = "kept"  # from the data folder that was there
    NONE = "none"  # new ones are made at the next start


@dataclass(frozen=True)
class RestoreReport:
    data: Path
    made_at: str
    files: int
    bytes: int
    keys: Keys
    unfinished: int  # jobs that go on at the next start
    moved_aside: Path | None
    missing: tuple[str, ...]  # what was lost already when the backup was made


def restore(
    settings: Settings,
    folder: Path,
    *,
    keys_from: Path | None = None,
    force: bool = False,
    progress: Progress = untold,
) -> RestoreReport:
    """Make the data folder what it was when the backup was made; StudioError says why not, and then nothing changed."""
    places = Places(settings.data.resolve())
    folder = folder.resolve()
    _check_places(settings, places, folder)
    _check_free(settings, places, force=force)
    given = keys_in(keys_from) if keys_from is not None else {}
    if keys_from is not None and "keys/authority/root.pem" not in given:
        raise StudioError("restore.no_keys", folder=str(keys_from))
    with inventory.held(folder, fcntl.LOCK_SH, "backup.busy"):
        found = check(folder, progress)
        with inventory.writing(places.root.parent, "restore.unwritable"):
            places.root.parent.mkdir(parents=True, exist_ok=True)
            with inventory.held(places.root.parent, fcntl.LOCK_EX, "restore.busy"):
                return _Restore(settings, places, folder, found, progress).make(given, force=force)


# -- whether it can be done ----------------------------------------------------------------------------------------


def _check_places(settings: Settings, places: Places, folder: Path) -> None:
    if database_file(settings) != places.database:
        raise StudioError("restore.database_elsewhere", file=str(database_file(settings)), data=str(places.root))
    if not folder.is_dir():
        raise StudioError("restore.no_backup", folder=str(folder))
    if folder == places.root or places.root in folder.parents or folder in places.root.parents:
        raise StudioError("backup.inside", folder=str(folder), data=str(places.root))
    if places.root.is_mount():
        raise StudioError("restore.mount_point", folder=str(places.root))
    if places.root.exists() and not places.root.is_dir():
        raise StudioError("folder.unusable", folder=str(places.root), cause=os.strerror(errno.ENOTDIR))


def _check_free(settings: Settings, places: Places, *, force: bool) -> None:
    """StudioError while a studio works there, or when something would have to make way without having been asked."""
    if not places.root.exists():
        return
    names = [entry.name for entry in places.root.iterdir()]
    occupied = any(name not in _OUR_FOLDERS and not name.startswith(places.database.name) for name in names)
    if places.database.exists():
        try:
            holder, has_jobs = asyncio.run(_look_into(settings.database_url))
        except (DatabaseError, StorageError, ValueError) as error:
            if isinstance(error, StorageError) and error.code == "database.locked":
                raise StudioError("restore.running", folder=str(places.root)) from None
            holder, has_jobs = None, True  # it cannot be read, but may be worth repairing
        if holder is not None:
            raise StudioError("restore.running", folder=str(places.root))
        occupied |= has_jobs
    if occupied and not force:
        raise StudioError("restore.occupied", folder=str(places.root))


async def _look_into(url: str) -> tuple[str | None, bool]:
    async with await Database.connect(url) as database, database.reading() as tx:
        return await holder_of_the_shift(tx), bool(await jobs.latest(tx, limit=1))


def check(folder: Path, progress: Progress = untold) -> Inventory:
    """Read all of a backup; BackupBroken lists what is not as it should be, StudioError says why it is none."""
    try:
        found = inventory.read(folder)
    except inventory.Unreadable:
        raise BackupBroken(folder, (Broken(inventory.NAME, Fault.CHANGED),)) from None
    if found is None:
        begun = (folder / inventory.CONTENT).is_dir() or (folder / inventory.PARTIAL).is_dir()
        raise StudioError("restore.incomplete" if begun else "restore.no_backup", folder=str(folder))
    if found.database_version not in known_versions():
        raise StudioError("restore.newer", folder=str(folder), version=found.kinora)
    meter = Meter(progress, Step.CHECKING, found.size)
    broken = []
    for part, place in found.parts:
        with meter.file(part.size) as tell:
            fault = _fault_of(folder, part, place, tell)
        if fault is not None:
            broken.append(Broken(place, fault))
    place = found.database.stored_at
    if not any(one.file == place for one in broken) and check_database(folder / place) != found.database_version:
        broken.append(Broken(place, Fault.NO_DATABASE))
    if broken:
        raise BackupBroken(folder, tuple(broken))
    return found


def _fault_of(folder: Path, part: Part, place: str, tell: Tell) -> Fault | None:
    try:
        with inventory.opened(folder, place) as (file, size):
            is_whole = size == part.size and inventory.hash_of(file, tell) == part.sha256
    except FileNotFoundError:
        return Fault.MISSING
    except OSError:
        return Fault.NOT_PLAIN
    except inventory.SourceFailed:
        return Fault.CHANGED
    return None if is_whole else Fault.CHANGED


# -- doing it ------------------------------------------------------------------------------------------------------


class _Restore:
    def __init__(self, settings: Settings, places: Places, folder: Path, found: Inventory, progress: Progress) -> None:
        self.settings = settings
        self.places = places
        self.folder = folder
        self.found = found
        self.tell = progress
        self.prefix = f".{places.root.name}.restoring-"
        self.staging = Places(places.root.with_name(f"{self.prefix}{secrets.token_hex(4)}"))

    def make(self, given: dict[str, Path], *, force: bool) -> RestoreReport:
        self._clear_left_behind()
        self._check_room()
        try:
            self.staging.root.mkdir(mode=inventory.PRIVATE_FOLDER)
            self._copy_parts(without_keys=bool(given))
            keys = self._bring_keys(given)
            unfinished = asyncio.run(self._free_what_was_held())
            for here, _, _ in os.walk(self.staging.root):
                flush_folder(Path(here))
            _check_free(self.settings, self.places, force=force)  # it took a while: look again
            aside = _swap_in(self.staging.root, self.places)
        finally:
            shutil.rmtree(self.staging.root, ignore_errors=True)
        return RestoreReport(
            data=self.places.root,
            made_at=self.found.made_at,
            files=sum(1 for _ in self.found.parts),
            bytes=self.found.size,
            keys=keys,
            unfinished=unfinished,
            moved_aside=aside,
            missing=tuple(self.found.missing),
        )

    def _clear_left_behind(self) -> None:
        """What a killed restore was putting together. The data folder itself never bears such a name."""
        for left in self.places.root.parent.glob(f"{self.prefix}*"):
            shutil.rmtree(left, ignore_errors=True)

    def _check_room(self) -> None:
        parent = self.places.root.parent
        if shutil.disk_usage(parent).free < self.found.size:
            raise DiskFull(path=str(self.places.root))

    def _copy_parts(self, *, without_keys: bool) -> None:
        meter = Meter(self.tell, Step.COPYING, self.found.size)
        for part, place in self.found.parts:
            if without_keys and inventory.is_key_path(part.path):
                continue
            with meter.file(part.size) as tell:
                if self._copy(self.folder, place, part.path, tell) != (part.sha256, part.size):
                    raise BackupBroken(self.folder, (Broken(place, Fault.CHANGED),))  # it was whole a moment ago

    def _copy(self, folder: Path, place: str, path: str, tell: Tell = inventory.nobody) -> tuple[str, int] | None:
        target = self.staging.root / path
        if target.parent != self.staging.root:
            inventory.make_private(target.parent, self.staging.root)
        with ExitStack() as stack:
            try:
                file, _ = stack.enter_context(inventory.opened(folder, place))
                return inventory.copy(file, target, tell)
            except (FileNotFoundError, inventory.SourceFailed):
                return None

    def _bring_keys(self, given: dict[str, Path]) -> Keys:
        """The keys that the studio will have: those that were given, else the backup's, else those that are there."""
        if not given and self.found.keys:
            _check_keys(self.staging.keys)
            return Keys.BACKUP
        kept = {} if given else keys_in(self.places.keys)
        for path, file in (given or kept).items():
            if self._copy(file.parent, file.name, path) is None:
                raise StudioError("backup.unreadable", file=str(file), cause=os.strerror(errno.EIO))
        if given:
            _check_keys(self.staging.keys)
            return Keys.GIVEN
        return Keys.KEPT if kept else Keys.NONE

    async def _free_what_was_held(self) -> int:
        """Bring the tables up to date and let go of what was in somebody's hands; answers how many jobs will go on."""
        try:
            async with await Database.open(f"sqlite+aiosqlite:///{self.staging.database}") as database:
                async with database.writing() as tx:
                    lease = await leases.get(tx, LEASE)
                    if lease is not None:
                        await jobs.free_all_of(tx, lease.holder)
                        await outbox.free_all_of(tx, lease.holder)
                        await leases.drop(tx, lease)
                async with database.reading() as tx:
                    return len(await jobs.latest(tx, states=_UNENDED, limit=_COUNTED))
        except (DatabaseError, ValueError):
            raise BackupBroken(self.folder, (Broken(self.found.database.stored_at, Fault.NO_DATABASE),)) from None


def _check_keys(folder: Path) -> None:
    """ProvenanceError when the studio could not open these keys. A certificate that has ended is no reason."""
    from provenance.errors import ExpiredCertificateError, NotYetValidError
    from provenance.keys import Keyring

    with suppress(ExpiredCertificateError, NotYetValidError):
        Keyring.open(folder)


# -- the swap ------------------------------------------------------------------------------------------------------


def _swap_in(staging: Path, places: Places) -> Path | None:
    """Put the finished folder in the data folder's place; answers where the one that was there is now."""
    root = places.root
    if not root.exists() or not any(root.iterdir()):
        staging.rename(root)
        flush_folder(root.parent)
        return None
    aside = _free_name(root)
    with _nobody_else_in(places.database, root):
        # Under its later name before the exchange: at no moment does the old folder bear a name that is cleared away.
        staging.rename(aside)
        try:
            exchanged = _exchange(aside, root)
        except OSError:
            aside.rename(staging)
            raise
        if not exchanged:
            aside.rename(staging)
            root.rename(aside)
            try:
                staging.rename(root)
            except OSError:
                aside.rename(root)
                raise
        flush_folder(root.parent)
    return aside


def _free_name(root: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    name = root.with_name(f"{root.name}.replaced-{stamp}")
    return name if not os.path.lexists(name) else name.with_name(f"{name.name}-{secrets.token_hex(3)}")


@contextmanager
def _nobody_else_in(database: Path, root: Path) -> Iterator[None]:
    """Keeps others out of the database that is to be moved aside; StudioError when somebody has it open.

    A process that had it open would go on writing into the folder moved aside, and put its log beside the new database.
    """
    if not database.exists():
        yield
        return
    with closing(sqlite3.connect(database, timeout=_PATIENCE, isolation_level=None)) as connection:
        try:
            _be_alone(connection)
        except sqlite3.DatabaseError as error:
            if is_locked(error):
                raise StudioError("restore.running", folder=str(root)) from None
            # What cannot be read as a database cannot be locked either; whoever said --force knows.
        yield


def _be_alone(connection: sqlite3.Connection) -> None:
    """Only the one connection that is left can end write-ahead logging, and nobody else can begin it then."""
    patience = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            if time.monotonic() > patience:
                raise
            time.sleep(0.05)
        else:
            return


_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
_NO_EXCHANGE: Final = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM})


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two names in one step; False where the system cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NO_EXCHANGE:
        return False
    raise OSError(number, os.strerror(number), str(other))

"""Backing a studio up, also while it works: the database as it was at one moment, and every file that it refers to.

A backup grows in place. Whatever lies there already and still is what it should be stays; the inventory is put in its
place last, so that a backup that was cut short leaves the former one as it was.
"""

import asyncio
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import create_async_engine

from engine import inventory
from engine.errors import StudioError
from engine.inventory import Inventory, Meter, Part, Progress, Step, Tell, untold
from engine.jobs import TakeState
from engine.members import LOCAL
from engine.places import Places
from engine.settings import Settings
from storage import clips, jobs, members
from storage.database import Database, Transaction, copy_database, known_versions, migrate, newest_version
from storage.errors import StorageError
from storage.files import DiskFull, flush_folder, says_full
from storage.store import StoreAddress

# What the database refers to in quarantine. A take that still waits to be drawn is drawn anew.
_IN_QUARANTINE: Final = frozenset({TakeState.RENDERED, TakeState.HELD, TakeState.ALLOWED})
# A file may be swept between the copy of the database and its own: then the database has moved on, and is copied anew.
_ROUNDS: Final = 3
_OUR_NAMES: Final = frozenset({inventory.NAME, inventory.CONTENT, inventory.KEYS, inventory.PARTIAL, "lost+found"})


@dataclass(frozen=True)
class BackupReport:
    folder: Path
    made_at: str
    files: int  # all that the backup holds, the database and keys with it
    bytes: int
    copied: int  # of them now; the others were there
    copied_bytes: int
    removed: int  # files that only the former backup needed
    keys: bool
    missing: tuple[str, ...]  # what the database refers to, but is lost or damaged in the data folder
    other_keys: tuple[Path, ...]  # keys of former backups that the data folder has no more: left where they are


def has_keys(settings: Settings) -> bool:
    """Whether there is anything to decide about."""
    return bool(keys_in(Places(settings.data.resolve()).keys))


def back_up(settings: Settings, folder: Path, *, with_keys: bool, progress: Progress = untold) -> BackupReport:
    """Make `folder` a whole backup of the studio as it is now, or leave the backup that is there as it was."""
    source = database_file(settings)
    places = Places(settings.data.resolve())
    if not source.is_file():
        raise StudioError("backup.nothing", folder=str(places.root))
    keys = keys_in(places.keys) if with_keys else {}
    if with_keys and not keys:
        raise StudioError("backup.no_keys", folder=str(places.keys))
    folder = folder.resolve()
    if folder == places.root or places.root in folder.parents:
        raise StudioError("backup.inside", folder=str(folder), data=str(places.root))
    with inventory.writing(folder, "backup.unwritable"):
        _make_folder(folder)
        with inventory.held(folder, fcntl.LOCK_EX, "backup.busy"):
            try:
                return _Backup(folder, places, source, progress).make(keys)
            finally:
                shutil.rmtree(folder / inventory.PARTIAL, ignore_errors=True)


def database_file(settings: Settings) -> Path:
    """Where the studio's database lies; StudioError when it is not a file, or the files are not beside it."""
    if settings.files is not None:
        raise StudioError("backup.files_elsewhere", files=str(StoreAddress.parsed(settings.files)))
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        raise StudioError("backup.not_sqlite", kind=url.get_backend_name())
    if not url.database or url.database == ":memory:":
        raise StudioError("backup.not_sqlite", kind="memory")
    return Path(url.database).resolve()


def _make_folder(folder: Path) -> None:
    """The folder of a backup: a new one, an empty one, or one with nothing but a backup in it."""
    if folder.exists() and not folder.is_dir():
        raise StudioError("backup.not_ours", folder=str(folder), name=folder.name)
    folder.mkdir(mode=inventory.PRIVATE_FOLDER, parents=True, exist_ok=True)
    for entry in folder.iterdir():
        if entry.name not in _OUR_NAMES or entry.is_symlink():
            raise StudioError("backup.not_ours", folder=str(folder), name=entry.name)


@dataclass(frozen=True)
class _Wanted:
    """A file of the data folder that belongs in the backup, and its hash where one is known beforehand."""

    path: str
    file: Path
    sha256: str | None


@dataclass(frozen=True)
class _Copied:
    """The database as it was at one moment, and what it refers to."""

    database: Part
    version: str
    studio: str
    wanted: tuple[_Wanted, ...]
    absent: tuple[str, ...]


class _Backup:
    def __init__(self, folder: Path, places: Places, source: Path, progress: Progress) -> None:
        self.folder = folder
        self.places = places
        self.source = source
        self.partial = folder / inventory.PARTIAL
        self.tell = progress
        self.sound: dict[str, int] = {}  # the sizes of what was found to lie in the backup whole, by hash
        self.copied: dict[str, int] = {}  # what was written now, by its place in the backup
        self.touched: set[Path] = set()  # folders with new names in them

    def make(self, keys: dict[str, Path]) -> BackupReport:
        former = self._former()
        self._clear_partial()
        missing: list[str] | None = None
        for _ in range(_ROUNDS):
            missed_before = missing
            copied = self._copy_database(former)
            files, lost = self._copy_files(copied.wanted)
            missing = sorted({*copied.absent, *lost})
            if missing in ([], missed_before):
                break
        assert missing is not None
        made = Inventory(
            kinora=version("kinora"),
            studio=copied.studio,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            database_version=copied.version,
            database=copied.database,
            files=files,
            keys=self._copy_keys(keys),
            missing=missing,
        )
        for folder in sorted(self.touched):
            flush_folder(folder)
        inventory.write(self.folder, made)
        kept = {place for _, place in made.parts}
        removed = self._remove_content(kept)
        other_keys = self._remove_keys(inventory.key_set(made.keys) if made.keys else None)
        written = {place: size for place, size in self.copied.items() if place in kept}
        return BackupReport(
            folder=self.folder,
            made_at=made.made_at,
            files=sum(1 for _ in made.parts),
            bytes=made.size,
            copied=len(written),
            copied_bytes=sum(written.values()),
            removed=removed,
            keys=bool(made.keys),
            missing=tuple(missing),
            other_keys=other_keys,
        )

    def _former(self) -> Inventory | None:
        try:
            return inventory.read(self.folder)
        except inventory.Unreadable:
            # Whose backup it is cannot be told, and it may be the only one: nothing in it is touched.
            raise StudioError("backup.unclear", folder=str(self.folder), name=inventory.NAME) from None

    def _clear_partial(self) -> None:
        """Nobody else is writing here, so what lies there was left by a process that was killed."""
        shutil.rmtree(self.partial, ignore_errors=True)
        self.partial.mkdir(mode=inventory.PRIVATE_FOLDER)

    # -- the database ----------------------------------------------------------------------------------------------

    def _copy_database(self, former: Inventory | None) -> _Copied:
        copy = self.partial / inventory.DATABASE
        size = self.source.stat().st_size
        self.tell(Step.DATABASE, 0, size)
        with _naming_database(self.source, self.folder):
            self._make_room(size)
            copy_database(self.source, copy)
        stored = check_database(copy)
        if stored is None:
            raise StorageError("backup.database_damaged", file=str(self.source))
        if stored not in known_versions():
            raise StorageError("database.newer", file=str(self.source), version=stored)
        studio, released, takes = asyncio.run(_read_references(self._readable(copy, stored)))
        if former is not None and former.studio and former.studio != studio:
            raise StudioError("backup.other_studio", folder=str(self.folder), made_at=former.made_at)
        with inventory.opened(self.partial, copy.name) as (file, size):
            part = Part(path=inventory.DATABASE, sha256=inventory.hash_of(file), size=size)
        if self._stored_size(part.sha256, inventory.nobody) is None:
            self._adopt(copy, part)
        self.tell(Step.DATABASE, part.size, part.size)
        wanted, absent = self._find(released, takes)
        return _Copied(part, stored, studio, wanted, absent)

    def _make_room(self, size: int) -> None:
        """Ask for the room that the copy takes: of a limit or a quota SQLite says no more than "I/O error"."""
        probe = self.partial / "room"
        with probe.open("wb") as file:
            try:
                os.posix_fallocate(file.fileno(), 0, max(size, 1))
            except OSError as error:
                if says_full(error):
                    raise
        probe.unlink()

    def _readable(self, copy: Path, stored: str) -> Path:
        """A database of this version's tables with the same rows, to look things up in."""
        if stored == newest_version():
            return copy
        scratch = self.partial / "migrated" / inventory.DATABASE
        shutil.rmtree(scratch.parent, ignore_errors=True)
        scratch.parent.mkdir(mode=inventory.PRIVATE_FOLDER)
        shutil.copyfile(copy, scratch)
        migrate(URL.create("sqlite", database=str(scratch)))
        return scratch

    # -- files -----------------------------------------------------------------------------------------------------

    def _find(self, released: set[str], takes: dict[str, str]) -> tuple[tuple[_Wanted, ...], tuple[str, ...]]:
        """Where the files lie that the database refers to, and the names of those that lie nowhere."""
        found: list[_Wanted] = []
        absent: list[str] = []
        shards: dict[str, set[str]] = {}
        for sha256 in released:
            shards.setdefault(sha256[:2], set()).add(sha256)
        for shard, hashes in sorted(shards.items()):
            names = {name[:64]: name for name in _names_in(self.places.files / shard)}
            found += [
                _Wanted(f"files/{shard}/{names[sha256]}", self.places.files / shard / names[sha256], sha256)
                for sha256 in sorted(hashes & names.keys())
            ]
            absent += [f"files/{shard}/{sha256}" for sha256 in sorted(hashes - names.keys())]
        for take_id, sha256 in sorted(takes.items()):
            take, report = self.places.take(take_id), self.places.report(take_id)
            found.append(_Wanted(f"quarantine/{take.name}", take, sha256))
            if report.is_file():
                found.append(_Wanted(f"quarantine/{report.name}", report, None))
        return tuple(found), tuple(absent)

    def _copy_files(self, wanted: tuple[_Wanted, ...]) -> tuple[list[Part], list[str]]:
        """Bring every file into the backup; answers also with those that could not be had whole."""
        parts, lost = [], []
        sizes = [_size_of(one.file) for one in wanted]
        meter = Meter(self.tell, Step.COPYING, sum(sizes))
        for one, size in zip(wanted, sizes, strict=True):
            with meter.file(size) as tell:
                part = self._bring(one, tell)
            if part is None:
                lost.append(one.path)
            else:
                parts.append(part)
        return parts, lost

    def _bring(self, wanted: _Wanted, tell: Tell) -> Part | None:
        """Have this file in the backup under its hash; None when the data folder has not got it as it should be."""
        if wanted.sha256 is not None and (kept := self._stored_size(wanted.sha256, tell)) is not None:
            return Part(path=wanted.path, sha256=wanted.sha256, size=kept)
        aside = self.partial / "file"
        aside.unlink(missing_ok=True)
        try:
            with _opened(wanted.file) as source:
                sha256, size = inventory.copy(source, aside, tell)
        except inventory.SourceFailed:
            return None
        if wanted.sha256 not in (None, sha256):
            return None
        part = Part(path=wanted.path, sha256=sha256, size=size)
        if self._stored_size(sha256, tell) is None:
            self._adopt(aside, part)
        return part

    def _adopt(self, aside: Path, part: Part) -> None:
        """Give a file that is whole and on the device its place in the backup."""
        destination = self.folder / part.stored_at
        inventory.make_private(destination.parent, self.folder)
        self.copied[part.stored_at] = part.size
        aside.replace(destination)
        self.sound[part.sha256] = part.size
        self.touched |= {destination.parent, destination.parent.parent, self.folder}

    def _stored_size(self, sha256: str, tell: Tell) -> int | None:
        """The size of what lies in the backup under this hash, if it still is what its name says."""
        if sha256 in self.sound:
            return self.sound[sha256]
        try:
            with inventory.opened(self.folder, f"{inventory.CONTENT}/{sha256[:2]}/{sha256}") as (file, size):
                if inventory.hash_of(file, tell) != sha256:
                    return None
        except (OSError, inventory.SourceFailed):
            return None
        self.sound[sha256] = size
        return size

    # -- keys ------------------------------------------------------------------------------------------------------

    def _copy_keys(self, keys: dict[str, Path]) -> list[Part]:
        """Bring the private keys into a folder of their own, for nobody else's eyes."""
        if not keys:
            return []
        aside = self.partial / "keys"
        aside.mkdir(mode=inventory.PRIVATE_FOLDER)
        if aside.stat().st_mode & 0o077:
            raise StudioError("backup.keys_open", folder=str(self.folder))
        parts = []
        for path, file in sorted(keys.items()):
            target = aside / path.removeprefix("keys/")
            inventory.make_private(target.parent, aside.parent)
            try:
                with _opened(file) as source:
                    sha256, size = inventory.copy(source, target)
            except inventory.SourceFailed as error:
                raise StudioError("backup.unreadable", file=str(file), cause=str(error)) from error
            parts.append(Part(path=path, sha256=sha256, size=size))
        home = self.folder / inventory.key_set(parts)
        inventory.make_private(home.parent, self.folder)
        if self._keys_lie_in(home, parts):
            return parts
        shutil.rmtree(home, ignore_errors=True)  # the same keys, but damaged
        for folder in sorted({(aside / part.path.removeprefix("keys/")).parent for part in parts}):
            flush_folder(folder)
        flush_folder(aside)
        aside.rename(home)
        self.touched |= {home.parent, self.folder}
        for part in parts:
            self.copied[f"{inventory.key_set(parts)}/{part.path.removeprefix('keys/')}"] = part.size
        return parts

    def _keys_lie_in(self, home: Path, parts: list[Part]) -> bool:
        try:
            for part in parts:
                with inventory.opened(home, part.path.removeprefix("keys/")) as (file, _):
                    if inventory.hash_of(file) != part.sha256:
                        return False
        except (OSError, inventory.SourceFailed):
            return False
        return True

    # -- what only the former backup needed ------------------------------------------------------------------------

    def _remove_content(self, kept: set[str]) -> int:
        removed = 0
        for shard in sorted((self.folder / inventory.CONTENT).iterdir()):
            for file in sorted(shard.iterdir()) if shard.is_dir() and not shard.is_symlink() else ():
                is_wanted = f"{inventory.CONTENT}/{shard.name}/{file.name}" in kept
                if not is_wanted and (file.is_symlink() or file.is_file()):
                    file.unlink(missing_ok=True)
                    removed += 1
        return removed

    def _remove_keys(self, kept: str | None) -> tuple[Path, ...]:
        """Remove keys that are not wanted any more, but only those that the data folder still has."""
        home = self.folder / inventory.KEYS
        others = []
        for folder in sorted(home.iterdir()) if home.is_dir() and not home.is_symlink() else ():
            if f"{inventory.KEYS}/{folder.name}" == kept:
                continue
            if folder.is_dir() and not folder.is_symlink() and _is_within(folder, self.places.keys):
                shutil.rmtree(folder)
            else:
                others.append(folder)
        if home.is_dir() and not any(home.iterdir()):
            home.rmdir()
        return tuple(others)


# -- the database, from outside ------------------------------------------------------------------------------------


async def _read_references(copy: Path) -> tuple[str, set[str], dict[str, str]]:
    """Whose database it is, the hashes of its released files, and the hashes of its takes in quarantine, by id."""
    engine = create_async_engine(URL.create("sqlite+aiosqlite", database=str(copy)))
    async with Database(engine) as database, database.reading() as tx:
        community = await members.community_known_as(tx, LOCAL, LOCAL)
        return community.id if community else "", await clips.referenced_files(tx), await _quarantined(tx)


async def _quarantined(tx: Transaction) -> dict[str, str]:
    hashes = {}
    for take_id in await jobs.takes_in(tx, _IN_QUARANTINE):
        take = await jobs.take(tx, take_id)
        if take is not None and take.report is not None:
            hashes[take_id] = str(take.report["sha256"])
    return hashes


def check_database(file: Path) -> str | None:
    """The version of a sound database file that nobody writes to; None when it is damaged, or not one of ours."""
    try:
        # immutable: SQLite then neither locks nor writes anything beside the file.
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            if database.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
                return None
            found = database.execute("SELECT version_num FROM alembic_version").fetchall()
    except (sqlite3.DatabaseError, UnicodeError):
        return None
    return str(found[0][0]) if len(found) == 1 else None


def is_locked(error: sqlite3.DatabaseError) -> bool:
    """Whether somebody else is in the way, whatever SQLite's extended codes add to that."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


@contextmanager
def _naming_database(source: Path, folder: Path) -> Iterator[None]:
    """SQLite's and the disk's errors while copying the database, as ours."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise DiskFull(path=str(folder)) from error
        code = "database.locked" if is_locked(error) else "database.unreadable"
        raise StorageError(code, file=str(source), cause=str(error)) from error
    except (sqlite3.DatabaseError, DatabaseError) as error:
        raise StorageError("backup.database_damaged", file=str(source)) from error


# -- small things --------------------------------------------------------------------------------------------------


def keys_in(folder: Path) -> dict[str, Path]:
    """Every file of a keyring, by its path in a data folder: no lock, nothing half-made, nothing behind a link."""
    found = {}
    for here, below, names in os.walk(folder):
        below[:] = [name for name in below if not name.startswith(".")]
        for name in names:
            file = Path(here) / name
            path = f"keys/{file.relative_to(folder).as_posix()}"
            if inventory.is_key_path(path) and file.is_file() and not file.is_symlink():
                found[path] = file
    return found


def _is_within(folder: Path, keys: Path) -> bool:
    """Whether each file below `folder` is in the keyring, byte for byte."""
    for file in folder.rglob("*"):
        if file.is_dir() and not file.is_symlink():
            continue
        same = keys / file.relative_to(folder)
        try:
            if file.is_symlink() or file.read_bytes() != same.read_bytes():
                return False
        except OSError:
            return False
    return True


def _names_in(shard: Path) -> list[str]:
    """The names of the files in there that the library can have put there."""
    try:
        names = sorted(entry.name for entry in shard.iterdir())
    except OSError:
        return []
    return [name for name in names if inventory.is_released_path(f"files/{shard.name}/{name}")]


def _size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


@contextmanager
def _opened(file: Path) -> Iterator[int]:
    """A plain file that is to be copied; SourceFailed when there is none."""
    with ExitStack() as stack:
        try:
            source, _ = stack.enter_context(inventory.opened(file.parent, file.name))
        except OSError as error:
            raise inventory.SourceFailed(error.strerror) from error
        yield source

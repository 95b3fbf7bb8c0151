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
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import create_async_engine

from engine import inventory, members
from engine.errors import StudioError
from engine.inventory import Inventory, Part, Progress, Step, untold
from engine.jobs import TakeState
from engine.places import Places
from engine.settings import Settings
from storage import clips, jobs
from storage.database import Database, Transaction, copy_database, known_versions, migrate, newest_version
from storage.errors import StorageError
from storage.files import DiskFull, flush_folder, says_full

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
    return bool(_keys_in(Places(settings.data.resolve()).keys))


def back_up(settings: Settings, folder: Path, *, with_keys: bool, progress: Progress = untold) -> BackupReport:
    """Make `folder` a whole backup of the studio as it is now, or leave the backup that is there as it was."""
    source = database_file(settings)
    places = Places(settings.data.resolve())
    if not source.is_file():
        raise StudioError("backup.nothing", folder=str(places.root))
    keys = _keys_in(places.keys) if with_keys else {}
    if with_keys and not keys:
        raise StudioError("backup.no_keys", folder=str(places.keys))
    folder = folder.resolve()
    if folder == places.root or places.root in folder.parents:
        raise StudioError("backup.inside", folder=str(folder), data=str(places.root))
    with inventory.writing(folder, "backup.unwritable"):
        _make_folder(folder)
        with inventory.held(folder, fcntl.LOCK_EX, "backup.busy"):
            return _Backup(folder, places, source, progress).make(keys)


def database_file(settings: Settings) -> Path:
    """Where the studio's database lies; StudioError when it is not a file."""
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
        self.copied: dict[str, int] = {}  # what was written now, by its place in the backup
        self.touched: set[Path] = set()  # folders with new names in them

    def make(self, keys: dict[str, Path]) -> BackupReport:
        former = self._former()
        self._clear_partial()
        for round_left in reversed(range(_ROUNDS)):
            copied = self._copy_database(former)
            files, lost = self._copy_files(copied.wanted)
            missing = sorted({*copied.absent, *lost})
            if not missing or not round_left:
                break
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
        shutil.rmtree(self.partial, ignore_errors=True)
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
        with _naming_database(self.source):
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
        part = self._place(copy, _Wanted(inventory.DATABASE, copy, None))
        assert part is not None
        self.tell(Step.DATABASE, part.size, part.size)
        wanted, absent = self._find(released, takes)
        return _Copied(part, stored, studio, wanted, absent)

    def _make_room(self, size: int) -> None:
        """Ask for the room that the copy takes: SQLite tells a full disk and a broken one apart no better than "I/O"."""
        probe = self.partial / "room"
        with probe.open("wb") as file:
            if size:
                os.posix_fallocate(file.fileno(), 0, size)
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
            names = {name[:64]: name for name in sorted(_names_in(self.places.files / shard))}
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
        done, of = 0, sum(sizes)
        for one, size in zip(wanted, sizes, strict=True):
            part = self._place(one.file, one)
            if part is None:
                lost.append(one.path)
            else:
                parts.append(part)
            done += size
            self.tell(Step.COPYING, done, of)
        return parts, lost

    def _place(self, file: Path, wanted: _Wanted) -> Part | None:
        """Have this file in the backup under its hash; None when the data folder has not got it as it should be."""
        if wanted.sha256 is not None and (size := self._stored_size(wanted.sha256)) is not None:
            return Part(path=wanted.path, sha256=wanted.sha256, size=size)
        aside = self.partial / "file"
        aside.unlink(missing_ok=True)
        try:
            with _opened(file) as source:
                sha256, size = inventory.copy(source, aside, lambda _: None)
        except inventory.SourceFailed:
            return None
        if wanted.sha256 not in (None, sha256):
            return None
        part = Part(path=wanted.path, sha256=sha256, size=size)
        if self._stored_size(sha256) is None:
            destination = self.folder / part.stored_at
            _make_private(destination.parent.parent)
            _make_private(destination.parent)
            aside.replace(destination)
            self.touched |= {destination.parent, destination.parent.parent, self.folder}
            self.copied[part.stored_at] = size
        return part

    def _stored_size(self, sha256: str) -> int | None:
        """The size of what lies in the backup under this hash, if it still is what its name says."""
        try:
            with inventory.opened(self.folder, f"{inventory.CONTENT}/{sha256[:2]}/{sha256}") as (file, size):
                return size if inventory.hash_of(file, lambda _: None) == sha256 else None
        except (OSError, inventory.SourceFailed):
            return None

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
            target.parent.mkdir(mode=inventory.PRIVATE_FOLDER, parents=True, exist_ok=True)
            try:
                with _opened(file) as source:
                    sha256, size = inventory.copy(source, target, lambda _: None)
            except inventory.SourceFailed as error:
                raise StudioError("backup.unreadable", file=str(file), cause=str(error)) from error
            parts.append(Part(path=path, sha256=sha256, size=size))
        home = self.folder / inventory.key_set(parts)
        _make_private(home.parent)
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
                    if inventory.hash_of(file, lambda _: None) != part.sha256:
                        return False
        except (OSError, inventory.SourceFailed):
            return False
        return True

    # -- what only the former backup needed ------------------------------------------------------------------------

    def _remove_content(self, kept: set[str]) -> int:
        removed = 0
        for shard in sorted((self.folder / inventory.CONTENT).iterdir()):
            if shard.is_symlink() or not shard.is_dir():
                continue
            for file in sorted(shard.iterdir()):
                if f"{inventory.CONTENT}/{shard.name}/{file.name}" not in kept:
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
        community = await members.local_community(tx)
        return community or "", await clips.referenced_files(tx), await _quarantined(tx)


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


@contextmanager
def _naming_database(source: Path) -> Iterator[None]:
    """SQLite's and the disk's errors while copying the database, as ours."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise DiskFull(path=str(source)) from error
        locked = error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        code = "database.locked" if locked else "database.unreadable"
        raise StorageError(code, file=str(source), cause=str(error)) from error
    except (sqlite3.DatabaseError, DatabaseError) as error:
        raise StorageError("backup.database_damaged", file=str(source)) from error


# -- small things --------------------------------------------------------------------------------------------------


def _keys_in(folder: Path) -> dict[str, Path]:
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


def _names_in(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _size_of(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


@contextmanager
def _opened(file: Path) -> Iterator[int]:
    try:
        handle = inventory.opened(file.parent, file.name)
        with handle as (source, _):
            yield source
    except (FileNotFoundError, NotADirectoryError) as error:
        raise inventory.SourceFailed(error.strerror) from error


def _make_private(folder: Path) -> None:
    """A folder of ours in the backup; OSError when something else has its name."""
    folder.mkdir(mode=inventory.PRIVATE_FOLDER, exist_ok=True)
    if folder.is_symlink():
        raise NotADirectoryError(20, "a symbolic link", str(folder))


_ = partial

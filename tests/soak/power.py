"""A disk that keeps only what it was told to keep: a file layer for studios that lose their power.

Installed in a studio and in its workers, it writes down what was forced to the device: a file's bytes at each fsync of
the file, a folder's names at each fsync of the folder. At a chosen operation the power goes: every process is killed.
`lose_power` then takes from the folders what had not been forced. Of each file and each folder a die says whether what
was not forced is gone or happened to arrive: both are allowed to happen, and a studio must live with either.

SQLite forces its own files through its own code and is left alone.
"""

import json
import os
import random
import shutil
import signal
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from engine.fleet import worker

VARIABLE: Final = "POWER_LAYER"
_SQLITE: Final = ("kinora.db", "kinora.db-wal", "kinora.db-shm", "kinora.db-journal")


@dataclass(frozen=True)
class Layer:
    """What every process of one run is told."""

    roots: tuple[Path, ...]
    log: Path  # what was forced, one JSON object a line
    shadow: Path  # copies of what was forced, and of what was removed
    count: Path  # one byte for every operation so far
    cut_at: int  # the operation that does not happen any more; 0 for none

    @classmethod
    def from_environment(cls) -> "Layer":
        told = json.loads(os.environ[VARIABLE])
        roots = tuple(Path(root) for root in told["roots"])
        return cls(roots, Path(told["log"]), Path(told["shadow"]), Path(told["count"]), told["cut_at"])

    def as_environment(self) -> str:
        paths = {name: str(getattr(self, name)) for name in ("log", "shadow", "count")}
        return json.dumps({"roots": [str(root) for root in self.roots], "cut_at": self.cut_at, **paths})

    def covers(self, path: Path) -> bool:
        return any(path.is_relative_to(root) for root in self.roots)

    # -- operations ------------------------------------------------------------------------------------------------

    def step(self, what: str) -> None:
        """Count one operation of whichever process; at the chosen one the power goes."""
        handle = os.open(self.count, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, b".")
            here = os.lseek(handle, 0, os.SEEK_CUR)
        finally:
            os.close(handle)
        if here == self.cut_at:
            self.write(cut=what)
            os.killpg(0, signal.SIGKILL)

    def write(self, **entry: object) -> None:
        handle = os.open(self.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, json.dumps(entry).encode() + b"\n")
        finally:
            os.close(handle)

    def new_shadow(self) -> Path:
        return self.shadow / os.urandom(8).hex()

    def install(self) -> None:
        """From here on every operation of this process goes through the layer."""
        fsync = os.fsync

        def forced(handle: Any) -> None:
            number = handle if isinstance(handle, int) else handle.fileno()
            path = Path(f"/proc/self/fd/{number}").readlink()
            if not self.covers(path):
                return fsync(number)
            about = os.fstat(number)
            self.step(f"before forcing {path.name}")
            if stat.S_ISDIR(about.st_mode):
                names = _listing(path)
                fsync(number)
                self.write(folder=about.st_ino, names=names)
            else:
                copy = self.new_shadow()
                shutil.copyfile(path, copy)
                fsync(number)
                self.write(file=about.st_ino, copy=str(copy))
            self.step(f"after forcing {path.name}")

        os.fsync = forced  # type: ignore[assignment]
        for name in ("replace", "rename", "link"):
            setattr(os, name, self._moving(name, getattr(os, name)))
        for name in ("unlink", "remove"):
            setattr(os, name, self._removing(getattr(os, name)))
        os.mkdir = self._making(os.mkdir)

    def _moving(self, name: str, original: Callable[..., None]) -> Callable[..., None]:
        def move(source: Any, target: Any, **kwargs: Any) -> None:
            if not self.covers(Path(target)):
                return original(source, target, **kwargs)
            self.step(f"before the {name} to {Path(target).name}")
            self._keep_aside(Path(target))
            original(source, target, **kwargs)
            self.step(f"after the {name} to {Path(target).name}")

        return move

    def _removing(self, original: Callable[..., None]) -> Callable[..., None]:
        def remove(path: Any, **kwargs: Any) -> None:
            if isinstance(path, str | os.PathLike) and self.covers(Path(path)):
                self._keep_aside(Path(path))
            original(path, **kwargs)

        return remove

    def _making(self, original: Callable[..., None]) -> Callable[..., None]:
        def make(path: Any, *args: Any, **kwargs: Any) -> None:
            original(path, *args, **kwargs)
            if self.covers(Path(path)):
                self.write(folder=Path(path).stat().st_ino, names={})  # it may have the number of a removed one

        return make

    def _keep_aside(self, path: Path) -> None:
        """A removed file keeps its bytes and its number: if the removal was not forced, it may come back."""
        if path.name not in _SQLITE and path.is_file() and not path.is_symlink():
            inode, copy = path.stat().st_ino, self.new_shadow()
            _LINK(path, copy)
            self.write(removed=inode, copy=str(copy))


_LINK: Final = os.link


def _listing(folder: Path) -> dict[str, int]:
    """The numbers of the files and folders that lie in a folder, by name."""
    with os.scandir(folder) as entries:
        return {entry.name: entry.inode() for entry in entries if entry.name not in _SQLITE}


# -- after the cut -------------------------------------------------------------------------------------------------


@dataclass
class Device:
    """What the device holds: the state before the run, and what was forced since."""

    folders: dict[int, dict[str, int]] = field(default_factory=dict)
    files: dict[int, Path | None] = field(default_factory=dict)  # the forced bytes; None: as they were before the run
    removed: dict[int, Path] = field(default_factory=dict)

    @classmethod
    def before(cls, roots: tuple[Path, ...]) -> "Device":
        """Whatever lies there when the power comes (back) is on the device."""
        device = cls()
        for root in roots:
            for folder, _, _ in os.walk(root):
                names = _listing(Path(folder))
                device.folders[Path(folder).stat().st_ino] = names
                device.files |= dict.fromkeys(names.values(), None)
        return device

    def follow(self, log: Path) -> str:
        """Read what was forced in the run; answers with what the cut came before or after."""
        cut = ""
        for line in log.read_text().splitlines() if log.exists() else ():
            entry = json.loads(line)
            if "folder" in entry:
                self.folders[entry["folder"]] = entry["names"]
            elif "file" in entry:
                self.files[entry["file"]] = Path(entry["copy"])
            elif "removed" in entry:
                self.removed[entry["removed"]] = Path(entry["copy"])
            else:
                cut = entry["cut"]
        return cut


def lose_power(device: Device, layer: Layer, dice: random.Random) -> list[str]:
    """Take away what was not forced; answers with what was taken."""
    taken: list[str] = []
    inodes = _where_everything_is(device, layer)
    for root in layer.roots:
        _rewind_folder(device, root, inodes, dice, taken)
    return taken


def _where_everything_is(device: Device, layer: Layer) -> dict[int, Path]:
    """A path to every inode: links outside of the roots, so that no rewinding of a folder loses one."""
    found = dict(device.removed)
    for root in layer.roots:
        for folder, _, names in os.walk(root):
            for name in set(names).difference(_SQLITE):
                inode = (Path(folder) / name).stat().st_ino
                if inode not in found:
                    aside = layer.new_shadow()
                    os.link(Path(folder) / name, aside)
                    found[inode] = aside
    return found


def _rewind_folder(
    device: Device, folder: Path, inodes: dict[int, Path], dice: random.Random, taken: list[str]
) -> None:
    on_device, now = device.folders.get(folder.stat().st_ino, {}), _listing(folder)
    if now != on_device and dice.random() < 0.6:
        for name in sorted(now.keys() | on_device.keys()):
            if now.get(name) == on_device.get(name):
                continue
            path = folder / name
            taken.append(f"{name}: {'gone' if name not in on_device else 'back'}")
            if name in now:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            if name in on_device and on_device[name] in inodes:
                os.link(inodes[on_device[name]], path)
    for name, inode in _listing(folder).items():
        if (folder / name).is_dir():
            _rewind_folder(device, folder / name, inodes, dice, taken)
        else:
            _rewind_file(device, folder / name, inode, dice, taken)


def _rewind_file(device: Device, path: Path, inode: int, dice: random.Random, taken: list[str]) -> None:
    if inode not in device.files:
        # Never forced: the name may be there without the bytes.
        kept = dice.choice((1.0, 0.5, 0.0))
        if kept < 1.0:
            os.truncate(path, int(path.stat().st_size * kept))
            taken.append(f"{path.name}: cut short")
        return
    forced = device.files[inode]
    if forced is not None and forced.read_bytes() != path.read_bytes() and dice.random() < 0.5:
        shutil.copyfile(forced, path)
        taken.append(f"{path.name}: as it was forced")


if __name__ == "__main__":  # a worker under the layer
    Layer.from_environment().install()
    worker.main()

"""Takes that nobody may see yet: `<id>.mp4`, and `<id>.json` that is written after it and says that it is whole.

Where there is a store, a whole take is put there too, under keys that no link is ever made for: another machine may
have to show it to a moderator, or to seal it.
"""

import secrets
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from storage.files import make_folder, noticing_full, publish, sha256_of
from storage.store import QUARANTINE, Store


class Quarantine:
    def __init__(self, folder: Path, store: Store | None = None) -> None:
        self.folder = folder
        self._store = store

    def take(self, take_id: str) -> Path:
        """Where the take lies on this machine, if it is here."""
        return self.folder / f"{take_id}.mp4"

    def report(self, take_id: str) -> Path:
        return self.folder / f"{take_id}.json"

    def here(self, take_id: str) -> Path:
        """The take, brought from the store first where that is needed."""
        return self._brought(self.take(take_id))

    def report_here(self, take_id: str) -> Path:
        return self._brought(self.report(take_id))

    def publish(self, take_id: str) -> None:
        """Let other machines have a whole take, its report last. Doing it again does no harm."""
        if self._store is None:
            return
        for file in (self.take(take_id), self.report(take_id)):
            self._store.put(QUARANTINE + file.name, file, sha256_of(file))

    def sweep(self, wanted: Collection[str], older_than_seconds: float) -> list[Path]:
        """Remove whatever is no file of a take that is wanted; but nothing younger than the grace."""
        oldest_kept = time.time() - older_than_seconds
        removed = []
        for file in self.folder.iterdir() if self.folder.exists() else ():
            if not _is_of(file.name, wanted) and file.stat().st_mtime < oldest_kept:
                file.unlink(missing_ok=True)
                removed.append(file)
        return removed + list(self._sweep_store(wanted, oldest_kept))

    def _sweep_store(self, wanted: Collection[str], oldest_kept: float) -> Iterator[Path]:
        for one in self._store.listed(QUARANTINE) if self._store is not None else ():
            assert self._store is not None
            if not _is_of(one.key.removeprefix(QUARANTINE), wanted) and one.changed_at < oldest_kept:
                self._store.remove([one.key])
                yield Path(one.key)

    def _brought(self, file: Path) -> Path:
        if self._store is None or file.is_file():
            return file
        make_folder(self.folder)
        part = file.with_name(f"{file.name}.{secrets.token_hex(4)}.part")
        with noticing_full(part):
            if self._store.bring(QUARANTINE + file.name, part):
                publish(part, file)
        return file


def _is_of(name: str, wanted: Collection[str]) -> bool:
    take_id, _, rest = name.partition(".")
    return take_id in wanted and rest in ("mp4", "json")

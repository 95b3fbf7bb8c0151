"""What a machine of the cluster says of itself to the seats that Ray starts on it: its site.

`kinora worker` makes a folder of this machine's own and names it to Ray's processes in one variable. A machine that was
brought into the cluster in another way has none; then the studio's word holds.
"""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

VARIABLE: Final = "KINORA_CLUSTER_SITE"


@dataclass(frozen=True)
class Site:
    folder: Path

    @classmethod
    def here(cls) -> "Site | None":
        """The site that this process was started on."""
        named = os.environ.get(VARIABLE)
        return cls(Path(named)) if named else None

    def describe(self, data: Path) -> None:
        (self.folder / "at-work").mkdir()
        self._about.write_text(json.dumps({"data": str(data)}))

    @property
    def data(self) -> Path:
        """Where the studio's data folder lies on this machine."""
        return Path(json.loads(self._about.read_text())["data"])

    def drain(self) -> None:
        """From now on nothing new is begun here."""
        (self.folder / "draining").touch()

    @property
    def is_draining(self) -> bool:
        return (self.folder / "draining").exists()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While a task is done here. A draining machine waits for it."""
        mark = self.folder / "at-work" / str(os.getpid())
        mark.touch()
        try:
            yield
        finally:
            mark.unlink(missing_ok=True)

    def tasks_under_way(self) -> int:
        """How many tasks are being done here; whoever was killed in the middle of one does not count."""
        return sum(psutil.pid_exists(int(mark.name)) for mark in (self.folder / "at-work").iterdir())

    @property
    def _about(self) -> Path:
        return self.folder / "site.json"

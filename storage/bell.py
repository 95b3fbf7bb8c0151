"""The bell of a database: it tells that somebody wrote, in this process or in another one.

Whoever waits for work looks again when the bell rang, or when the time has come that can bring work by itself (a lease
that runs out, a second try). Without it a studio that nobody uses asked its database some thirty times a second.
"""

import asyncio
import contextlib
import sqlite3
from pathlib import Path
from typing import Final

LISTENS_EVERY: Final = 0.05  # seconds; one look takes some 10 microseconds


class Bell:
    """Of an SQLite file; without one, every look finds something new, and who waits asks at the pace of `at_least`."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._connection: sqlite3.Connection | None = None
        self._unheard = 0

    def heard(self) -> object:
        """What was written up to now, to be handed to `after`. Ask before reading, or something may be missed."""
        try:
            if self._file is None:
                raise FileNotFoundError
            if self._connection is None:
                self._connection = sqlite3.connect(
                    f"{self._file.resolve().as_uri()}?mode=rw", uri=True, timeout=0, check_same_thread=False
                )
            return self._connection.execute("PRAGMA data_version").fetchone()[0]
        except (OSError, sqlite3.Error):
            self._unheard -= 1
            return self._unheard  # differs from all before it

    async def after(self, heard: object, *, at_least: float, at_most: float) -> None:
        """Wait until something was written since, but no shorter and no longer than said (seconds)."""
        loop = asyncio.get_running_loop()
        until = loop.time() + at_most
        await asyncio.sleep(at_least)
        while self.heard() == heard and loop.time() < until:  # noqa: ASYNC110  # other processes set no event
            await asyncio.sleep(LISTENS_EVERY)

    async def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

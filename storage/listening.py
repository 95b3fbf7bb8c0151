"""The bell of a database on a PostgreSQL server: on a connection of its own the server tells that somebody wrote."""

import asyncio
import contextlib
import logging
from typing import Any, Final

from sqlalchemy.engine import URL

from storage.postgresql import CHANNEL, connect_args, with_driver

log = logging.getLogger(__name__)

TRIES_AGAIN_AFTER: Final = (0.2, 1.0, 5.0)  # seconds; the last one from then on


class ListeningBell:
    """Like `Bell`; while the server cannot be heard, every look finds something new."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._listener: asyncio.Task[None] | None = None
        self._listens = False
        self._rung = 0
        self._unheard = 0
        self._news = asyncio.Event()

    def heard(self) -> object:
        """What was written up to now, to be handed to `after`. Ask before reading, or something may be missed."""
        if self._listener is None:
            self._listener = asyncio.get_running_loop().create_task(self._listen(), name="listens to the database")
        if self._listens:
            return self._rung
        self._unheard -= 1
        return self._unheard

    async def after(self, heard: object, *, at_least: float, at_most: float) -> None:
        """Wait until something was written since, but no shorter and no longer than said (seconds)."""
        loop = asyncio.get_running_loop()
        until = loop.time() + at_most
        await asyncio.sleep(at_least)
        while self.heard() == heard and (left := until - loop.time()) > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), left)

    async def close(self) -> None:
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)
            self._listener = None

    async def _listen(self) -> None:
        failures = 0
        while True:
            try:
                async for _ in self._told():
                    failures = 0
                    self._tell()
            except OSError as trouble:
                log.warning("the database's bell cannot be heard: %s", str(trouble).strip())
            finally:
                self._listens = False
                self._tell()
            await asyncio.sleep(TRIES_AGAIN_AFTER[min(failures, len(TRIES_AGAIN_AFTER) - 1)])
            failures += 1

    def _tell(self) -> None:
        """Wake whoever waits now; who comes later waits for the next time."""
        self._rung += 1
        self._news.set()
        self._news = asyncio.Event()

    async def _told(self) -> Any:
        """One for having begun to listen, as something may have been missed before, and one for each time it rings."""
        import psycopg

        where = with_driver(self._url)
        _, said = where.get_dialect()().create_connect_args(where)
        try:
            connection = await psycopg.AsyncConnection.connect(**{**said, **connect_args(self._url)}, autocommit=True)
            try:
                await connection.execute(f"LISTEN {CHANNEL}")
                self._listens = True
                yield
                async for _ in connection.notifies():
                    yield
            finally:
                await connection.close()
        except psycopg.Error as error:
            raise OSError(str(error)) from error

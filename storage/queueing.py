"""The queue of writers before an SQLite file, over all processes: nobody is passed over for long.

SQLite waits for its one write lock by trying again after pauses that grow to a tenth of a second. Whoever has just
written and wants to write again comes before everybody who pauses: with twelve moderators in four processes on a busy
machine somebody waited for 73 seconds, and gave up. Here waiters sleep in the kernel, which wakes them, and whoever is
next holds the door: one who has written stands in line behind it. What a killed process held is free at once.

This comes before SQLite's own lock and does not replace it: what writes without asking here is only less polite.
"""

import asyncio
import contextlib
import fcntl
import os
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path


class WriterQueue:
    """Locks on two files beside the database: of whoever is next (the door), and of whoever writes."""

    def __init__(self, database: Path, patience: float) -> None:
        self._door = database.with_name(f"{database.name}-next")
        self._desk = database.with_name(f"{database.name}-writer")
        self._patience = patience

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn to write; TimeoutError when it does not come.

        Where no file can be made there is no queue: the database itself will say what is wrong with its folder.
        """
        try:
            held = self._at_once()
            if held is None:
                held = await self._waited_for()
        except OSError as error:
            if isinstance(error, TimeoutError):
                raise
            yield
            return
        try:
            yield
        finally:
            os.close(held)

    def _at_once(self) -> int | None:
        """The lock, if nobody has it and nobody waits for it."""
        door = _opened(self._door)
        try:
            if not _locks(door, wait=False):
                return None
            return _locked(self._desk, wait=False)
        finally:
            os.close(door)

    async def _waited_for(self) -> int:
        loop = asyncio.get_running_loop()
        coming: asyncio.Future[int] = loop.create_future()
        # A thread of its own, which can be left behind: one that waits in the kernel cannot be called off.
        threading.Thread(target=self._wait, args=(loop, coming), daemon=True, name="waits to write").start()
        try:
            return await asyncio.wait_for(asyncio.shield(coming), self._patience)
        except BaseException:
            if coming.done() and not coming.cancelled() and coming.exception() is None:
                os.close(coming.result())  # it came in the very moment
            coming.cancel()
            raise

    def _wait(self, loop: asyncio.AbstractEventLoop, coming: "asyncio.Future[int]") -> None:
        try:
            door = _opened(self._door)
            try:
                _locks(door, wait=True)
                held = _locked(self._desk, wait=True)
            finally:
                os.close(door)
            assert held is not None
        except OSError as error:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_tell, coming, error)
            return
        try:
            loop.call_soon_threadsafe(_hand_over, coming, held)
        except RuntimeError:  # the loop has ended meanwhile
            os.close(held)


@contextmanager
def alone(database: Path, patience: float) -> Iterator[None]:
    """For what is done once and may take longer than a writer is waited for, such as making the tables. Not for loops.

    Who is not let in within the patience goes on all the same: SQLite's own lock is there still.
    """
    handle, until = _opened(database.with_name(f"{database.name}-migrating")), time.monotonic() + patience
    try:
        while not _locks(handle, wait=False) and time.monotonic() < until:
            time.sleep(0.05)
        yield
    finally:
        os.close(handle)


def _hand_over(coming: "asyncio.Future[int]", held: int) -> None:
    if coming.done():
        os.close(held)
    else:
        coming.set_result(held)


def _tell(coming: "asyncio.Future[int]", error: OSError) -> None:
    if not coming.done():
        coming.set_exception(error)


def _opened(file: Path) -> int:
    return os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)


def _locks(handle: int, *, wait: bool) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True


def _locked(file: Path, *, wait: bool) -> int | None:
    """The open and locked file; None when somebody else has it."""
    handle = _opened(file)
    try:
        if _locks(handle, wait=wait):
            return handle
    except BaseException:
        os.close(handle)
        raise
    os.close(handle)
    return None

"""The queue of writers: one at a time, nobody passed over, nothing held by who was killed or called off."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from storage.clock import now
from storage.database import Database
from storage.errors import StorageError
from storage.queueing import WriterQueue
from tests.engine.small_studio import opened, url

ROOT = Path(__file__).parents[2]
_HOLDER = """
import asyncio, sys
from pathlib import Path
from storage.queueing import WriterQueue

async def main():
    async with WriterQueue(Path(sys.argv[1]), 5).turn():
        print("held", flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


async def holder(file: Path) -> asyncio.subprocess.Process:
    """Another process that writes and does not come to an end."""
    started = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _HOLDER, str(file), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert started.stdout is not None
    assert await started.stdout.readline() == b"held\n"
    return started


async def test_one_who_writes_again_and_again_stands_in_line_behind_who_waits(tmp_path: Path) -> None:
    """As two processes would: each `Database` has its own lock."""
    async with await opened(tmp_path) as hog, await Database.connect(url(tmp_path)) as patient:
        turns: list[str] = []

        async def write(database: Database, name: str) -> None:
            async with database.writing() as tx:
                turns.append(name)
                await tx.exec_driver_sql("UPDATE members SET plan = 'x'")

        async def hogging() -> None:
            while True:
                await write(hog, "hog")

        greedy = asyncio.create_task(hogging())
        for _ in range(20):
            await asyncio.sleep(0.005)
            before = len(turns)
            await write(patient, "patient")
            assert turns[before:].count("hog") <= 2
        greedy.cancel()
        await asyncio.gather(greedy, return_exceptions=True)
        assert turns.count("patient") == 20


async def test_many_writers_hold_it_one_at_a_time(tmp_path: Path) -> None:
    file, inside, most = tmp_path / "kinora.db", 0, 0

    async def write(queue: WriterQueue) -> None:
        nonlocal inside, most
        async with queue.turn():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1

    await asyncio.gather(*(write(WriterQueue(file, 30)) for _ in range(40)))
    assert (inside, most) == (0, 1)


async def test_what_a_killed_process_held_is_free_at_once(tmp_path: Path) -> None:
    file = tmp_path / "kinora.db"
    other = await holder(file)
    waiting = asyncio.create_task(WriterQueue(file, 30).turn().__aenter__())
    await asyncio.sleep(0.1)
    assert not waiting.done()
    other.send_signal(signal.SIGKILL)
    await other.wait()
    await asyncio.wait_for(waiting, 5)


async def test_patience_has_an_end_and_says_so_and_who_comes_later_gets_it_then(tmp_path: Path) -> None:
    async with await opened(tmp_path) as database:
        database._queue = WriterQueue(tmp_path / "kinora.db", 0.2)
        other = await holder(tmp_path / "kinora.db")
        began = now()
        with pytest.raises(StorageError, match="database.locked"):
            async with database.writing():
                pass
        assert now() - began < 5_000
        other.kill()
        await other.wait()
        async with database.writing() as tx:
            await tx.exec_driver_sql("UPDATE members SET plan = 'x'")


async def test_who_is_called_off_while_waiting_holds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "kinora.db"
    for _ in range(30):
        async with WriterQueue(file, 30).turn():
            waiting = [asyncio.create_task(WriterQueue(file, 30).turn().__aenter__()) for _ in range(3)]
            await asyncio.sleep(0.002)
            for one in waiting:
                one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    async with asyncio.timeout(5), WriterQueue(file, 30).turn():
        pass


async def test_where_no_file_can_be_made_there_is_no_queue(tmp_path: Path) -> None:
    async with WriterQueue(tmp_path / "nowhere" / "kinora.db", 1).turn():
        pass

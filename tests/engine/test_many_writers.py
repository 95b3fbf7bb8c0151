"""Two hundred members write at the same moment, in several processes on one database: nobody hears of it."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from storage import credits
from tests.engine.small_studio import small_studio

REPOSITORY = Path(__file__).parents[2]
WRITERS = 200
_CROWD = """
import asyncio, json, sys, time
from pathlib import Path
from typing import cast
from engine import communities, credits, members
from engine.asking import USUAL_TERMS, House, take_down
from engine.brief import Brief
from engine.fleet.base import Fleet
from engine.library import Library
from engine.origin import Origin
from engine.plans import shipped
from engine import prices
from storage.blobs import Blobs
from storage.database import Database
from tests.engine.small_studio import url

folder, writers, databases, process = Path(sys.argv[1]), *map(int, sys.argv[2:])
house = House(shipped(), prices.shipped())

async def write(database, number, told):
    began = time.perf_counter()
    try:
        async with database.writing() as tx:
            community = await communities.known_as(tx, "test", str(number % 5))
            asker = await members.known_as(tx, "test", f"{process}-{number}", community.id, house.plans)
        async with database.writing() as tx:
            await credits.view(tx, asker.member_id, house.plans)
        async with database.writing() as tx:
            brief = Brief(prompt="a wolf howls")
            await take_down(tx, house, brief, asker, Origin(platform="test"), seeds=[1], terms=USUAL_TERMS)
        await Library(database, Blobs(folder / "files"), cast(Fleet, None)).make_folder(asker, "snow")
        told.append((time.perf_counter() - began, None))
    except BaseException as error:
        told.append((time.perf_counter() - began, repr(error)))

async def main():
    opened = [await Database.connect(url(folder)) for _ in range(databases)]
    told = []
    print("ready", flush=True)
    sys.stdin.readline()
    await asyncio.gather(*(write(opened[number % databases], number, told) for number in range(writers)))
    for database in opened:
        await database.close()
    print(json.dumps(told))

asyncio.run(main())
"""


async def crowd(folder: Path, processes: int, databases: int) -> list[tuple[float, str | None]]:
    """All of them at the same moment; answers with how long each took for four writes, and what went wrong."""
    async with small_studio(folder):
        pass
    runs = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _CROWD, str(folder), str(WRITERS // processes), str(databases), str(number)),
            cwd=REPOSITORY,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for number in range(processes)
    ]
    for run in runs:
        assert run.stdout is not None
        assert await run.stdout.readline() == b"ready\n"
    outputs = await asyncio.gather(*(run.communicate(b"go\n") for run in runs))
    return [(seconds, error) for out, _ in outputs for seconds, error in json.loads(out)]


# The second number: how many connections of each process compete for the file itself, as processes do.
@pytest.mark.parametrize(("processes", "databases"), [(4, 1), pytest.param(4, 50, marks=pytest.mark.soak)])
async def test_no_error_reaches_anybody(tmp_path: Path, processes: int, databases: int) -> None:
    told = await crowd(tmp_path, processes, databases)
    assert [error for _, error in told if error] == []
    assert len(told) == WRITERS
    async with small_studio(tmp_path) as (database, _), database.reading() as tx:
        assert await credits.mistakes(tx) == []

"""Several processes that talk to the same platform, on one database: each message is delivered by one of them, once."""

import asyncio
import sys
from collections import Counter
from pathlib import Path

from storage import outbox
from tests.databases import Looking, on_both
from tests.engine.small_studio import ask, small_studio

REPOSITORY = Path(__file__).parents[2]
MESSAGES = 20
PROCESSES = 2
_TALKS = """
import asyncio, os, sys
from pathlib import Path
from engine.delivery import Delivery
from storage.database import Database
from tests.databases import url

class Courier:
    platform = "test"
    async def deliver(self, message):
        print(message.key, flush=True)
        return {"by": os.getpid()}

async def main():
    async with await Database.connect(url(Path(sys.argv[1]))) as database:
        delivery = Delivery(database, {"test": Courier()}, f"process/{os.getpid()}")
        await asyncio.to_thread(sys.stdin.readline)
        idle = 0
        while idle < 3:
            idle = 0 if await delivery.deliver_next() else idle + 1

asyncio.run(main())
"""


@on_both
async def test_each_message_is_delivered_once_by_one_of_them(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, asker), database.writing() as tx:
        job = await ask(tx, asker)
        for number in range(MESSAGES):
            await outbox.add(
                tx,
                key=f"m{number}",
                job_id=job.id,
                take_id=None,
                kind="notice",
                platform="test",
                address={},
                content={},
            )
    runs = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _TALKS, str(tmp_path)),
            cwd=REPOSITORY,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(PROCESSES)
    ]
    outputs = await asyncio.gather(*(run.communicate(b"go\n") for run in runs))
    said = Counter(key for out, _ in outputs for key in out.decode().split())
    assert said == {f"m{number}": 1 for number in range(MESSAGES)}
    with Looking(tmp_path) as reader:
        sent = reader.rows("SELECT key FROM outbox WHERE state = 'sent' AND attempts = 1")
    assert len(sent) == MESSAGES

"""Many processes on one SQLite file: all ask, all carry, all deliver, and nobody is ever told that it is locked.

    python -m tests.soak.crowd FOLDER PROCESSES JOBS_OF_EACH

The fleet is scripted, so that nearly all of the time goes into the ledger.
"""

import asyncio
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from sqlite3 import connect
from typing import Any, Final

from sqlalchemy import text

from engine import members, turns
from engine.delivery import Delivery
from engine.fleet.base import Answer, Progress, Task
from engine.jobs import ENDED_JOBS
from engine.pipeline import LEASE_MS, Pipeline
from engine.reports import Judged, SealedTake, TakeReport
from engine.seal_tasks import SealTake
from engine.take_tasks import DrawTake, JudgeTake
from engine.text_tasks import CheckText
from safety.verdict import Decision, Verdict
from storage import jobs as ledger
from storage.database import Database, Transaction
from storage.outbox import Message
from tests.engine.small_studio import ask, url
from tests.soak import nursery

PRICE: Final = 3
GRANTED: Final = 1_000_000
ENDS_WITHIN: Final = 1_800.0
_CARRIERS: Final = 2  # in each process
_LOOK_EVERY: Final = 0.05  # seconds


class ScriptedFleet:
    async def do(self, task: Task[Answer], *, progress: Progress | None = None) -> Answer:
        await asyncio.sleep(0.001)
        answer: Any
        match task:
            case CheckText() | JudgeTake():
                verdict = Verdict(decision=Decision.ALLOW, signals=(), policy_version="crowd")
                answer = Judged(verdict=verdict, policy={"categories": {}})
            case DrawTake():
                if progress:
                    await progress({"done": 1, "of": 2})
                answer = TakeReport(
                    order="o",
                    sha256="0" * 64,
                    size=1,
                    width=480,
                    height=480,
                    fps=24,
                    frames=24,
                    seconds=1.0,
                    renderer="animatic",
                    renderer_version="crowd",
                    is_draft=True,
                    trained=False,
                    not_drawn=(),
                )
            case SealTake():
                answer = SealedTake(
                    sha256=task.take_id * 8,
                    size=1,
                    poster_sha256=task.take_id[::-1] * 8,
                    poster_size=1,
                    manifest_label="urn:crowd",
                    time_stamped=False,
                )
            case _:
                raise AssertionError(task)
        return answer  # type: ignore[no-any-return]

    async def close(self) -> None: ...


@dataclass
class Diary:
    """What one process did: who had which job when, and what it delivered."""

    platform: str = "test"
    carried: list[tuple[str, int, int, int]] = field(default_factory=list)  # job, fence, from, until: nanoseconds
    delivered: list[str] = field(default_factory=list)
    _began: dict[tuple[str, int], int] = field(default_factory=dict)

    async def deliver(self, message: Message) -> dict[str, Any]:
        self.delivered.append(message.key)
        return {"message": message.key}

    def begin(self, job_id: str, fence: int) -> None:
        self._began[job_id, fence] = time.monotonic_ns()

    def end(self, job_id: str, fence: int) -> None:
        if began := self._began.pop((job_id, fence), None):
            self.carried.append((job_id, fence, began, time.monotonic_ns()))

    def keep(self, file: Path) -> None:
        file.write_text(json.dumps({"carried": self.carried, "delivered": self.delivered}))


async def be_one_of(folder: Path, number: int, jobs_of_each: int, jobs_of_all: int) -> None:
    """Ask for jobs, carry and deliver anybody's, until all of them have ended."""
    diary, holder = Diary(), f"crowd/boot/{os.getpid()}/0.00"
    _watch_letting_go(diary)
    async with await Database.open(url(folder)) as database:
        pipeline = Pipeline(database, ScriptedFleet(), 3, "crowd")
        delivery = Delivery(database, {diary.platform: diary}, holder)
        async with asyncio.TaskGroup() as group:
            group.create_task(_ask(database, jobs_of_each))
            for _ in range(_CARRIERS):
                group.create_task(
                    _until_all_is_done(database, jobs_of_all, lambda: _carry(database, pipeline, holder, diary))
                )
            group.create_task(_until_all_is_done(database, jobs_of_all, delivery.deliver_next))
    diary.keep(folder / f"diary-{number}.json")


def _watch_letting_go(diary: Diary) -> None:
    """A job is out of hand when letting go of it begins: once that is committed, others may already have it."""
    original = ledger.let_go

    async def let_go(tx: Transaction, job_id: str, fence: int) -> None:
        diary.end(job_id, fence)
        await original(tx, job_id, fence)

    ledger.let_go = let_go


async def _ask(database: Database, count: int) -> None:
    for _ in range(count):
        async with database.writing() as tx:
            await ask(tx, await members.at_home(tx, GRANTED), price=PRICE)
        await asyncio.sleep(0)


async def _carry(database: Database, pipeline: Pipeline, holder: str, diary: Diary) -> bool:
    async with database.reading() as tx:
        waiting = [*await turns.next_to_admit(tx), *await turns.next_to_make(tx)]
    if not waiting:
        return False
    async with database.writing() as tx:
        claimed = await ledger.claim(tx, random.choice(waiting[:5]), holder, LEASE_MS)
    if claimed is not None:
        diary.begin(claimed.id, claimed.fence)
        await pipeline.carry(claimed)
    return True


async def _until_all_is_done(database: Database, jobs_of_all: int, act: Callable[[], Awaitable[bool]]) -> None:
    counts = """SELECT (SELECT count(*) FROM jobs WHERE ended_at IS NOT NULL),
                       (SELECT count(*) FROM outbox WHERE state = 'waiting')"""
    while True:
        if await act():
            continue
        async with database.reading() as tx:
            ended, waiting = (await tx.execute(text(counts))).one()
        if ended == jobs_of_all and not waiting:
            return
        await asyncio.sleep(_LOOK_EVERY)


# -- what it came to -----------------------------------------------------------------------------------------------


def run(folder: Path, processes: int, jobs_of_each: int) -> dict[str, Any]:
    nursery.adopt_orphans()
    folder.mkdir(parents=True, exist_ok=True)
    total, log, began = processes * jobs_of_each, folder / "crowd.log", time.monotonic()

    def member(number: int) -> Callable[[], Any]:
        return lambda: be_one_of(folder, number, jobs_of_each, total)

    pids = [nursery.start(member(number), log) for number in range(processes)]
    codes = [nursery.exit_code(pid, ENDS_WITHIN) for pid in pids]
    for pid, code in zip(pids, codes, strict=True):
        if code is None:
            nursery.kill(pid)
    said = log.read_text()
    return {
        "seconds": round(time.monotonic() - began, 1),
        "codes": codes,
        "said": said[-4_000:],
        "locked": said.count("locked"),
        "broken": _broken(folder, total) if not any(codes) else ["not all processes ended well"],
    }


def _broken(folder: Path, total: int) -> list[str]:
    diaries = [json.loads(file.read_text()) for file in folder.glob("diary-*.json")]
    found = [*_in_two_hands(diaries)]
    with closing(connect(folder / "kinora.db")) as db:
        states = Counter(state for (state,) in db.execute("SELECT state FROM jobs"))
        if states != {"delivered": total}:
            found.append(f"jobs ended as {dict(states)}, of {total}")
        ended = Counter(job for job, kind in db.execute("SELECT job_id, kind FROM events") if kind in ENDED_JOBS)
        found += [f"job {job} ended {times} times" for job, times in ended.items() if times != 1]
        available, reserved = db.execute("SELECT sum(available), sum(reserved) FROM ledger").fetchone()
        if (available, reserved) != (GRANTED - total * PRICE, 0):
            found.append(f"{available} credits available, {reserved} reserved")
        keys = Counter(key for (key,) in db.execute("SELECT key FROM outbox WHERE state = 'sent'"))
    delivered = Counter(key for diary in diaries for key in diary["delivered"])
    if delivered != keys or set(delivered.values()) != {1}:
        found.append(f"messages and deliveries differ: {delivered - keys}, {keys - delivered}")
    return found


def _in_two_hands(diaries: list[dict[str, Any]]) -> list[str]:
    """Jobs that somebody had while somebody else had them."""
    times: dict[str, list[tuple[int, int]]] = {}
    for diary in diaries:
        for job, _, began, ended in diary["carried"]:
            times.setdefault(job, []).append((began, ended))
    overlapping = []
    for job, spans in times.items():
        spans.sort()
        if any(until > following for (_, until), (following, _) in pairwise(spans)):
            overlapping.append(f"job {job} was in two hands at once")
    return overlapping


if __name__ == "__main__":
    print(json.dumps(run(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))

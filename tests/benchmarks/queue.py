"""Choosing whose turn it is among 100,000 queued jobs of 10,000 members, on both databases; and whether it stays fair.

KINORA_BENCH_QUEUED (100,000), KINORA_BENCH_MEMBERS (10,000) and KINORA_BENCH_COMMUNITIES (1,200) choose the sizes.
"""

import asyncio
import os
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert

from engine import turns
from engine.brief import Brief
from engine.jobs import JobState
from storage import jobs as ledger
from storage.clock import now
from storage.database import Database, Transaction
from storage.tables import communities, jobs, members, takes
from storage.tables import turns as turn_rows
from tests import databases

QUEUED: Final = int(os.environ.get("KINORA_BENCH_QUEUED", "100000"))
MEMBERS: Final = int(os.environ.get("KINORA_BENCH_MEMBERS", "10000"))
COMMUNITIES: Final = tuple(int(each) for each in os.environ.get("KINORA_BENCH_COMMUNITIES", "1,200").split(","))
TURNS: Final = 300
AT_ONCE: Final = 5_000


def main() -> None:
    for kind in (databases.SQLITE, databases.POSTGRESQL):
        if kind == databases.POSTGRESQL and not databases.can_serve():
            print(f"  {databases.MISSING}")
            continue
        for number in COMMUNITIES:
            with databases.of_kind(kind), tempfile.TemporaryDirectory() as folder:
                databases.lay_out(Path(folder))
                asyncio.run(_measure(kind, Path(folder), number))


async def _measure(kind: str, folder: Path, houses: int) -> None:
    async with await Database.connect(databases.url(folder)) as database:
        begun = time.perf_counter()
        await _fill(database, houses)
        await _settle(database, kind)
        filled = time.perf_counter() - begun
        print(f"  {kind}, {QUEUED:,} jobs of {MEMBERS:,} members, communities: {houses} ({filled:.0f} s to fill)")
        choosing, taking, had = [], [], []
        for _ in range(TURNS):
            async with database.reading() as tx:
                took, (job, *_) = await _timed(lambda tx=tx: turns.next_to_make(tx, limit=1))  # type: ignore[misc]
            choosing.append(took)
            async with database.writing() as tx:
                took, taken = await _timed(lambda tx=tx, job=job: turns.take_up(tx, job, "bench", 3_600_000))  # type: ignore[misc]
                assert taken is not None
                await ledger.set_state(tx, job.id, state=JobState.DELIVERED, ended_at=now(), lease_holder=None)
            taking.append(took)
            had.append((job.community_id, job.member_id))
        print(f"    choosing the next: {_told(choosing)}; taking it up: {_told(taking)}")
        of_communities, of_members = Counter(one for one, _ in had), Counter(one for _, one in had)
        print(
            f"    of {TURNS} turns a community had {min(of_communities.values())} to {max(of_communities.values())}"
            f" ({len(of_communities)} had one), a member at most {max(of_members.values())}",
            flush=True,
        )


async def _timed(act: Callable[[], Awaitable[Any]]) -> tuple[float, Any]:
    begun = time.perf_counter()
    found = await act()
    return time.perf_counter() - begun, found


def _told(seconds: list[float]) -> str:
    ms = sorted(1_000 * one for one in seconds)
    return f"median {statistics.median(ms):.2f} ms, p99 {ms[int(0.99 * len(ms))]:.2f} ms"


async def _fill(database: Database, houses: int) -> None:
    """Rows as queueing leaves them: each member has their jobs in rounds of their own, asked for in no order."""
    dice, at = random.Random(1), now()
    brief = Brief(prompt="a wolf howls at the moon").model_dump(mode="json")
    usual = {"brief": brief, "state": JobState.QUEUED, "price": 0, "origin": {}, "not_before": 0, "fence": 0}
    rows = []
    for number in range(QUEUED):
        who = number % MEMBERS
        created = at - dice.randrange(10**7)
        one = {"id": f"job-{number:08d}", "member_id": f"m{who}", "community_id": f"c{who % houses}"}
        one |= {"lane": turns.Lane.RELAXED if who % 5 == 0 else turns.Lane.PRIORITY}
        rows.append(usual | one | {"round": number // MEMBERS + 1, "created_at": created, "updated_at": at})
    async with database.writing() as tx:
        await _add(tx, communities, [_community(f"c{number}") for number in range(houses)])
        await _add(tx, members, [_member(f"m{number}") for number in range(MEMBERS)])
        places = {(str(row["lane"]), str(row["community_id"])) for row in rows}
        await _add(tx, turn_rows, [_place(lane, where) for lane, where in sorted(places)])
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        async with database.writing() as tx:
            await _add(tx, jobs, part)
            await _add(tx, takes, [_take(str(row["id"])) for row in part])


def _community(name: str) -> dict[str, object]:
    return {"id": name, "platform": "bench", "external_id": name, "settings": {}, "created_at": 0}


def _member(name: str) -> dict[str, object]:
    return {"id": name, "plan": "pro", "settings": {}, "created_at": 0}


def _place(lane: str, where: str) -> dict[str, object]:
    return {"lane": lane, "community_id": where, "turn": 0, "round": 0}


def _take(job_id: str) -> dict[str, object]:
    row = {"id": job_id[4:], "job_id": job_id, "number": 1, "seed": 1, "state": "waiting"}
    return row | {"price": 0, "attempts": 0, "updated_at": 0}


async def _add(tx: Transaction, table: Any, rows: list[dict[str, object]]) -> None:
    await tx.execute(insert(table), rows)


async def _settle(database: Database, kind: str) -> None:
    """What PostgreSQL does by itself within a minute: knowing how much is where."""
    if kind == databases.POSTGRESQL:
        async with database.writing() as tx:
            await tx.exec_driver_sql("ANALYZE")

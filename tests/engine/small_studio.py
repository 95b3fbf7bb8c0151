"""A database with one member and a few jobs, for tests of the ledger that need no worker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from engine import jobs, members
from engine.brief import Brief
from engine.members import Asker
from engine.origin import Origin
from safety.verdict import Decision, Signal, Surface, Verdict
from storage import jobs as ledger
from storage.database import Database, Transaction
from storage.jobs import JobRow
from tests.databases import is_there, lay_out, url

__all__ = ["HOUR_MS", "ask", "claimed", "opened", "small_studio", "url", "verdict"]

HOUR_MS = 3_600_000


async def opened(folder: Path) -> Database:
    """The database in this folder, made if there is none."""
    if not is_there(folder):
        lay_out(folder)
    return await Database.connect(url(folder))


@asynccontextmanager
async def small_studio(folder: Path, *, granted: int | None = 1_000) -> AsyncIterator[tuple[Database, Asker]]:
    async with await opened(folder) as database:
        async with database.writing() as tx:
            asker = await members.at_home(tx, granted)
        yield database, asker


async def ask(tx: Transaction, asker: Asker, *, price: int = 25, variations: int = 1) -> JobRow:
    job_id = await jobs.ask(
        tx,
        Brief(prompt="a wolf", variations=variations),
        member_id=asker.member_id,
        community_id=asker.community_id,
        origin=Origin(platform="test", address={"chat": 1}),
        seeds=range(variations),
        price_of_take=price,
    )
    job = await ledger.get(tx, job_id)
    assert job is not None
    return job


async def claimed(tx: Transaction, job_id: str, holder: str = "me") -> JobRow:
    job = await ledger.get(tx, job_id)
    assert job is not None
    taken = await ledger.claim(tx, job, holder, HOUR_MS)
    assert taken is not None
    return taken


def verdict(decision: Decision, category: str = "violence") -> Verdict:
    signals = () if decision is Decision.ALLOW else (_signal(category),)
    return Verdict(decision=decision, signals=signals, policy_version="test")


def _signal(category: str) -> Signal:
    return Signal(category=category, score=1.0, classifier="test", surface=Surface.TEXT)

"""Counts over the whole studio, for whoever runs it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from storage.database import Transaction
from storage.rows import every
from storage.tables import cases, clips, files, jobs, ledger, members, outbox


@dataclass(frozen=True)
class FailureRow:
    id: str
    community_id: str
    failure: dict[str, object] | None
    ended_at: int | None


async def jobs_by_state(tx: Transaction, states: Collection[str]) -> dict[str, int]:
    query = select(jobs.c.state, func.count()).where(jobs.c.state.in_(states)).group_by(jobs.c.state)
    return {str(state): int(count) for state, count in await tx.execute(query)}


async def cases_waiting(tx: Transaction) -> int:
    return int(
        (await tx.execute(select(func.count()).select_from(cases).where(cases.c.decision.is_(None)))).scalar_one()
    )


async def messages(tx: Transaction, state: str) -> int:
    return int((await tx.execute(select(func.count()).select_from(outbox).where(outbox.c.state == state))).scalar_one())


async def latest_failures(tx: Transaction, limit: int) -> list[FailureRow]:
    columns = (jobs.c.id, jobs.c.community_id, jobs.c.failure, jobs.c.ended_at)
    query = select(*columns).where(jobs.c.state == "failed").order_by(jobs.c.ended_at.desc(), jobs.c.id)
    return await every(tx, FailureRow, query.limit(limit))


async def made(tx: Transaction) -> tuple[int, int, int]:
    """Clips there are, bytes of all files, members."""
    kept = select(func.count()).select_from(clips).where(clips.c.erased_at.is_(None))
    size = select(func.coalesce(func.sum(files.c.size), 0))
    people = select(func.count()).select_from(members).where(members.c.merged_into.is_(None))
    counted = [int((await tx.execute(query)).scalar_one()) for query in (kept, size, people)]
    return counted[0], counted[1], counted[2]


async def entries_since(tx: Transaction, moment: int) -> dict[str, int]:
    """How many credits came and went since then, by the kind of the entry; what was only set aside counts not."""
    moved = func.sum(ledger.c.available + ledger.c.reserved)
    query = select(ledger.c.kind, moved).where(ledger.c.created_at >= moment).group_by(ledger.c.kind)
    return {str(kind): int(amount or 0) for kind, amount in await tx.execute(query)}

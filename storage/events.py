"""What happened to a job, in order: rows that any process may follow."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select

from storage.clock import now
from storage.database import Transaction
from storage.rows import every, one
from storage.tables import events


@dataclass(frozen=True)
class EventRow:
    id: int
    job_id: str
    take_id: str | None
    kind: str
    data: Mapping[str, Any]
    at: int


async def add(tx: Transaction, job_id: str, kind: str, *, take_id: str | None = None, **data: object) -> None:
    await tx.execute(insert(events).values(job_id=job_id, take_id=take_id, kind=kind, data=data, at=now()))


async def after(tx: Transaction, job_id: str, event_id: int) -> list[EventRow]:
    return await every(
        tx, EventRow, select(events).where(events.c.job_id == job_id, events.c.id > event_id).order_by(events.c.id)
    )


async def of_any(tx: Transaction, job_ids: Collection[str], after_id: int) -> list[EventRow]:
    """What is new about any of these jobs."""
    its = (events.c.job_id.in_(job_ids), events.c.id > after_id)
    return await every(tx, EventRow, select(events).where(*its).order_by(events.c.id))


async def latest(tx: Transaction, job_id: str) -> EventRow | None:
    """The last thing that happened to the job."""
    return await one(
        tx, EventRow, select(events).where(events.c.job_id == job_id).order_by(events.c.id.desc()).limit(1)
    )


async def newest(tx: Transaction) -> int:
    """The number of the last event there is."""
    return int((await tx.execute(select(func.coalesce(func.max(events.c.id), 0)))).scalar_one())

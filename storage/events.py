"""What happened to a job, in order: rows that any process may follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from storage.clock import now
from storage.database import Transaction
from storage.rows import every
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

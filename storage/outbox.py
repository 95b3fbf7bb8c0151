"""Messages to be delivered: written in the transaction that causes them, sent by whoever speaks the platform."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, insert, or_, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import changed, one
from storage.tables import outbox

# A moment further off than any pause was written before the clock jumped back: the message is due.
LONGEST_PAUSE_MS: Final = 3_600_000


@dataclass(frozen=True)
class Message:
    id: int
    key: str
    job_id: str
    take_id: str | None
    kind: str
    platform: str
    address: Mapping[str, Any]
    content: Mapping[str, Any]
    state: str
    attempts: int
    not_before: int
    lease_holder: str | None
    lease_until: int | None
    receipt: Mapping[str, Any] | None
    created_at: int
    sent_at: int | None


async def add(
    tx: Transaction,
    *,
    key: str,
    job_id: str,
    take_id: str | None,
    kind: str,
    platform: str,
    address: Mapping[str, Any],
    content: Mapping[str, Any],
) -> None:
    at = now()
    await tx.execute(
        insert(outbox).values(
            key=key,
            job_id=job_id,
            take_id=take_id,
            kind=kind,
            platform=platform,
            address=address,
            content=content,
            state="waiting",
            attempts=0,
            not_before=0,
            created_at=at,
        )
    )


def _due(platforms: Collection[str], job_id: str | None) -> Select[Any]:
    at = now()
    query = (
        select(outbox)
        .where(
            outbox.c.state == "waiting",
            outbox.c.platform.in_(platforms),
            or_(outbox.c.not_before <= at, outbox.c.not_before > at + LONGEST_PAUSE_MS),
            or_(outbox.c.lease_holder.is_(None), outbox.c.lease_until < at),
        )
        .order_by(outbox.c.id)
        .limit(1)
    )
    return query if job_id is None else query.where(outbox.c.job_id == job_id)


async def is_due(tx: Transaction, platforms: Collection[str], *, job_id: str | None = None) -> bool:
    """Whether `claim_next` would find something now: a look that takes no lock."""
    return (await tx.execute(_due(platforms, job_id))).first() is not None


async def claim_next(
    tx: Transaction, platforms: Collection[str], holder: str, lease_ms: int, *, job_id: str | None = None
) -> Message | None:
    """Take the oldest message that is due for one of these platforms."""
    message = await one(tx, Message, _due(platforms, job_id))
    if message is None:
        return None
    await tx.execute(
        update(outbox)
        .where(outbox.c.id == message.id)
        .values(lease_holder=holder, lease_until=now() + lease_ms, attempts=outbox.c.attempts + 1)
    )
    return await one(tx, Message, select(outbox).where(outbox.c.id == message.id))


async def settle(
    tx: Transaction, message: Message, state: str, *, receipt: Mapping[str, Any] | None = None, not_before: int = 0
) -> bool:
    """Write how the attempt of this claim ended; False when another holder has taken the message over meanwhile."""
    at = now()
    met = await changed(
        tx,
        update(outbox)
        .where(
            outbox.c.id == message.id,
            outbox.c.state == "waiting",
            outbox.c.lease_holder == message.lease_holder,
            outbox.c.attempts == message.attempts,
        )
        .values(
            state=state,
            receipt=receipt,
            not_before=not_before,
            lease_holder=None,
            lease_until=None,
            sent_at=at if state == "sent" else None,
        ),
    )
    return bool(met)


async def free_all_of(tx: Transaction, holder: str) -> int:
    """Let go of every message of a holder that is known to be dead."""
    return await changed(
        tx, update(outbox).where(outbox.c.lease_holder == holder).values(lease_holder=None, lease_until=None)
    )


async def receipts_of(tx: Transaction, job_id: str) -> dict[str, Mapping[str, Any]]:
    """What the platforms answered for the clips of a job that were delivered, by clip."""
    query = select(outbox.c.take_id, outbox.c.receipt).where(
        outbox.c.job_id == job_id, outbox.c.kind == "post", outbox.c.state == "sent"
    )
    return {str(take_id): receipt or {} for take_id, receipt in await tx.execute(query) if take_id}

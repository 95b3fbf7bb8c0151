"""Messages to be delivered: written in the transaction that causes them, sent by whoever speaks the platform."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, delete, func, insert, or_, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import changed, every, one
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
    not_before: int = 0,
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
            not_before=not_before,
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


# -- messages of a decision ----------------------------------------------------------------------------------------


async def newest(tx: Transaction) -> int:
    """The number of the last message that was written."""
    return int((await tx.execute(select(func.coalesce(func.max(outbox.c.id), 0)))).scalar_one())


async def hold_back(tx: Transaction, job_id: str, after: int, until: int) -> None:
    """Let what was written for this job after that message wait, so that it can still be taken back."""
    theirs = (outbox.c.job_id == job_id) & (outbox.c.id > after) & (outbox.c.state == "waiting")
    await tx.execute(update(outbox).where(theirs).values(not_before=until))


async def take_back(tx: Transaction, keys: Collection[str]) -> bool:
    """Remove messages that nobody has begun to deliver; False, and nothing is removed, when somebody has."""
    theirs = outbox.c.key.in_(keys)
    untouched = theirs & (outbox.c.state == "waiting") & (outbox.c.attempts == 0)
    query = select(outbox.c.id, untouched.label("untouched")).where(theirs).with_for_update()
    if not all(row.untouched for row in (await tx.execute(query)).all()):
        return False
    await tx.execute(delete(outbox).where(untouched))
    return True


async def keys_after(tx: Transaction, job_id: str, after: int) -> list[str]:
    query = select(outbox.c.key).where(outbox.c.job_id == job_id, outbox.c.id > after).order_by(outbox.c.id)
    return [str(key) for (key,) in await tx.execute(query)]


async def posts_of(tx: Transaction, take_id: str) -> list[Message]:
    """Every message that carries this clip, delivered or not."""
    query = select(outbox).where(outbox.c.take_id == take_id, outbox.c.kind == "post").order_by(outbox.c.id)
    return await every(tx, Message, query)


async def call_off(tx: Transaction, message_id: int, receipt: Mapping[str, Any]) -> None:
    """A message that is not to be delivered any more."""
    waiting = (outbox.c.id == message_id) & (outbox.c.state == "waiting")
    await tx.execute(update(outbox).where(waiting).values(state="failed", receipt=receipt))


async def receipts_of(tx: Transaction, job_id: str) -> dict[str, Mapping[str, Any]]:
    """What the platforms answered for the clips of a job that were delivered, by clip."""
    query = select(outbox.c.take_id, outbox.c.receipt).where(
        outbox.c.job_id == job_id, outbox.c.kind == "post", outbox.c.state == "sent"
    )
    return {str(take_id): receipt or {} for take_id, receipt in await tx.execute(query) if take_id}

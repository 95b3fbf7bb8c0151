"""Updates that a platform handed over: kept until they were acted on, and known again when they come a second time."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, null, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import changed
from storage.tables import asked_once, heard


async def note(tx: Transaction, source: str, updates: Mapping[int, Mapping[str, Any]]) -> list[int]:
    """Keep these; answers with the numbers of those that are new, in their order."""
    query = select(heard.c.number).where(heard.c.source == source, heard.c.number.in_(updates))
    known = {number for (number,) in await tx.execute(query)}
    new = [number for number in updates if number not in known]
    if new:
        at = now()
        rows = [{"source": source, "number": one, "content": updates[one], "heard_at": at} for one in new]
        await tx.execute(insert(heard), rows)
    return new


async def waiting(tx: Transaction, source: str) -> list[tuple[int, Mapping[str, Any]]]:
    """What was heard and not acted on, the oldest first."""
    query = select(heard.c.number, heard.c.content).where(heard.c.source == source, heard.c.content.is_not(None))
    return [(int(number), content) for number, content in await tx.execute(query.order_by(heard.c.number))]


async def acted_on(tx: Transaction, source: str, numbers: Sequence[int]) -> None:
    """What they said is not needed any more."""
    theirs = (heard.c.source == source) & heard.c.number.in_(numbers)
    await tx.execute(update(heard).where(theirs).values(content=null()))


async def forget_before(tx: Transaction, at: int) -> int:
    return await changed(tx, delete(heard).where(heard.c.heard_at < at, heard.c.content.is_(None)))


# -- jobs that were asked for under a name --------------------------------------------------------------------------


async def job_asked_as(tx: Transaction, key: str) -> str | None:
    found = (await tx.execute(select(asked_once.c.job_id).where(asked_once.c.key == key))).scalar_one_or_none()
    return str(found) if found is not None else None


async def note_job(tx: Transaction, key: str, job_id: str) -> None:
    await tx.execute(insert(asked_once).values(key=key, job_id=job_id))

"""Which message of a chat shows what, for chats in which a bot cannot look back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import changed, every, one
from storage.tables import posted


@dataclass(frozen=True)
class Posted:
    platform: str
    place: str
    message: int
    kind: str
    about: str
    member_id: str | None
    content: Mapping[str, Any]
    posted_at: int


async def note(
    tx: Transaction,
    platform: str,
    place: str,
    message: int,
    *,
    kind: str,
    about: str,
    content: Mapping[str, Any] | None = None,
    member_id: str | None = None,
) -> None:
    """From now on this message shows that, whatever it showed before."""
    await tx.execute(delete(posted).where(*_at(platform, place, message)))
    values = {"platform": platform, "place": place, "message": message, "kind": kind, "about": about}
    whose = {"member_id": member_id, "content": dict(content or {}), "posted_at": now()}
    await tx.execute(insert(posted).values(**values, **whose))


async def at(tx: Transaction, platform: str, place: str, message: int) -> Posted | None:
    return await one(tx, Posted, select(posted).where(*_at(platform, place, message)))


async def about(tx: Transaction, platform: str, kind: str, what: str) -> list[Posted]:
    """Every message that shows this, the newest first."""
    query = select(posted).where(posted.c.platform == platform, posted.c.kind == kind, posted.c.about == what)
    return await every(tx, Posted, query.order_by(posted.c.posted_at.desc(), posted.c.message.desc()))


async def of_kind(tx: Transaction, platform: str, kind: str) -> list[Posted]:
    query = select(posted).where(posted.c.platform == platform, posted.c.kind == kind)
    return await every(tx, Posted, query.order_by(posted.c.posted_at))


async def change(tx: Transaction, platform: str, place: str, message: int, content: Mapping[str, Any]) -> bool:
    statement = update(posted).where(*_at(platform, place, message)).values(content=dict(content))
    return bool(await changed(tx, statement))


async def forget(tx: Transaction, platform: str, place: str, message: int) -> None:
    await tx.execute(delete(posted).where(*_at(platform, place, message)))


async def forget_before(tx: Transaction, platform: str, kind: str, before: int) -> int:
    theirs = (posted.c.platform == platform) & (posted.c.kind == kind) & (posted.c.posted_at < before)
    return await changed(tx, delete(posted).where(theirs))


def _at(platform: str, place: str, message: int) -> tuple[Any, ...]:
    return posted.c.platform == platform, posted.c.place == place, posted.c.message == message

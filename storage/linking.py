"""One-time codes, of which only a digest is kept, and counting what is tried too often."""

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import changed, one
from storage.tables import attempts, link_codes


@dataclass(frozen=True)
class CodeRow:
    digest: str
    member_id: str
    expires_at: int
    used_at: int | None


async def add_code(tx: Transaction, digest: str, member_id: str, expires_at: int) -> None:
    """Write a member's new code down. Earlier ones of theirs, and anybody's that ran out, are good no more."""
    await tx.execute(
        delete(link_codes).where((link_codes.c.member_id == member_id) | (link_codes.c.expires_at < now()))
    )
    await tx.execute(insert(link_codes).values(digest=digest, member_id=member_id, expires_at=expires_at))


async def code(tx: Transaction, digest: str) -> CodeRow | None:
    return await one(tx, CodeRow, select(link_codes).where(link_codes.c.digest == digest))


async def use_code(tx: Transaction, digest: str) -> bool:
    """True for the one who uses it first and in time."""
    at = now()
    met = await changed(
        tx,
        update(link_codes)
        .where(link_codes.c.digest == digest, link_codes.c.used_at.is_(None), link_codes.c.expires_at > at)
        .values(used_at=at),
    )
    return bool(met)


async def count_attempts(tx: Transaction, what: str, who: str, since: int) -> int:
    query = select(func.count()).select_from(attempts).where(attempts.c.what == what, attempts.c.who == who)
    return int((await tx.execute(query.where(attempts.c.at > since))).scalar_one())


async def note_attempt(tx: Transaction, what: str, who: str, forget_before: int) -> None:
    await tx.execute(
        delete(attempts).where(attempts.c.what == what, attempts.c.who == who, attempts.c.at < forget_before)
    )
    await tx.execute(insert(attempts).values(what=what, who=who, at=now()))

"""What lets somebody into the pages: links that are good once, sessions, passwords and passkeys, by digests alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import changed, every, one
from storage.tables import passes


class Kind(StrEnum):
    LINK = "link"
    SESSION = "session"
    PASSWORD = "password"  # noqa: S105 (the name of a kind)
    PASSKEY = "passkey"


@dataclass(frozen=True)
class PassRow:
    digest: str
    kind: str
    member_id: str
    community_id: str
    details: Mapping[str, Any]
    created_at: int
    expires_at: int | None
    used_at: int | None


async def add(
    tx: Transaction,
    digest: str,
    kind: Kind,
    member_id: str,
    community_id: str,
    *,
    expires_at: int | None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write one down; those that ran out are forgotten by the way."""
    await tx.execute(delete(passes).where(passes.c.expires_at < now()))
    row: dict[str, Any] = {"digest": digest, "kind": kind, "member_id": member_id, "community_id": community_id}
    row |= {"details": dict(details or {}), "created_at": now(), "expires_at": expires_at}
    await tx.execute(insert(passes).values(row))


async def good(tx: Transaction, digest: str, kind: Kind) -> PassRow | None:
    """The pass of this digest, if it has not run out."""
    found = await one(tx, PassRow, select(passes).where(passes.c.digest == digest, passes.c.kind == kind))
    return None if found is None or (found.expires_at is not None and found.expires_at <= now()) else found


async def use_once(tx: Transaction, digest: str, kind: Kind) -> bool:
    """True for the one who uses it first and in time."""
    at = now()
    its = (passes.c.digest == digest, passes.c.kind == kind, passes.c.used_at.is_(None), passes.c.expires_at > at)
    return bool(await changed(tx, update(passes).where(*its).values(used_at=at)))


async def change(tx: Transaction, digest: str, **values: object) -> None:
    await tx.execute(update(passes).where(passes.c.digest == digest).values(**values))


async def drop(tx: Transaction, digest: str) -> None:
    await tx.execute(delete(passes).where(passes.c.digest == digest))


async def drop_of(tx: Transaction, member_id: str, kind: Kind) -> int:
    return await changed(tx, delete(passes).where(passes.c.member_id == member_id, passes.c.kind == kind))


async def of_member(tx: Transaction, member_id: str, kind: Kind) -> list[PassRow]:
    """The newest first."""
    query = select(passes).where(passes.c.member_id == member_id, passes.c.kind == kind)
    return await every(tx, PassRow, query.order_by(passes.c.created_at.desc(), passes.c.digest))


async def is_any(tx: Transaction, kind: Kind) -> bool:
    return (await tx.execute(select(passes.c.digest).where(passes.c.kind == kind).limit(1))).first() is not None

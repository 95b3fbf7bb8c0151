"""What jobs stand on, and what members brought."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import changed, every, one
from storage.tables import sources, uploads


@dataclass(frozen=True)
class SourceRow:
    """A clip or an upload, and how it goes into what is made: as its parent, or as a component."""

    job_id: str
    position: int
    relation: str
    clip_id: str | None
    upload_sha256: str | None


@dataclass(frozen=True)
class UploadRow:
    member_id: str
    sha256: str
    media_type: str
    width: int
    height: int
    seconds: float
    brought_at: int
    seen: Mapping[str, Any] | None = None  # what was found in it when it was taken in
    credentials_sha256: str | None = None


async def add(tx: Transaction, rows: Sequence[SourceRow]) -> None:
    if rows:
        await tx.execute(insert(sources), [dict(vars(row)) for row in rows])


async def of_job(tx: Transaction, job_id: str) -> list[SourceRow]:
    return await every(tx, SourceRow, select(sources).where(sources.c.job_id == job_id).order_by(sources.c.position))


async def bring(tx: Transaction, upload: UploadRow) -> None:
    """Remember whose upload it is; bringing the same again makes it young. Its file was added before."""
    again = update(uploads).where(uploads.c.member_id == upload.member_id, uploads.c.sha256 == upload.sha256)
    anew = {"brought_at": now(), "seen": upload.seen, "credentials_sha256": upload.credentials_sha256}
    if not await changed(tx, again.values(**anew)):
        await tx.execute(insert(uploads).values(**vars(upload)))


async def brought(tx: Transaction, member_id: str, sha256: str) -> UploadRow | None:
    query = select(uploads).where(uploads.c.member_id == member_id, uploads.c.sha256 == sha256)
    return await one(tx, UploadRow, query)


async def count_brought(tx: Transaction, member_id: str, since: int) -> int:
    query = select(func.count()).select_from(uploads).where(uploads.c.member_id == member_id)
    return int((await tx.execute(query.where(uploads.c.brought_at >= since))).scalar_one())

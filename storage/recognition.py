"""What clips are recognised by: the mark, the fingerprint, the manifest's copy, and the studio's anchors."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, insert, select

from storage.clock import now
from storage.database import Transaction
from storage.rows import every
from storage.tables import anchors, fingerprints, manifest_stores, marks


@dataclass(frozen=True)
class MarkRow:
    serial: int
    key_name: str
    message: str  # hexadecimal


@dataclass(frozen=True)
class FingerprintRow:
    serial: int
    clip_id: str
    hashes: bytes


async def add_mark(tx: Transaction, clip_id: str, key_name: str, message: str) -> None:
    await tx.execute(insert(marks).values(clip_id=clip_id, key_name=key_name, message=message))


async def add_fingerprint(tx: Transaction, clip_id: str, hashes: bytes) -> None:
    await tx.execute(insert(fingerprints).values(clip_id=clip_id, hashes=hashes))


async def keep_store(tx: Transaction, clip_id: str, sha256: str) -> None:
    """The file with the clip's signed manifest; it was added before."""
    await tx.execute(insert(manifest_stores).values(clip_id=clip_id, sha256=sha256))


async def store_of(tx: Transaction, clip_id: str) -> str | None:
    query = select(manifest_stores.c.sha256).where(manifest_stores.c.clip_id == clip_id)
    return (await tx.execute(query)).scalar()


async def marks_after(tx: Transaction, serial: int) -> list[MarkRow]:
    query = select(marks.c.serial, marks.c.key_name, marks.c.message).where(marks.c.serial > serial)
    return await every(tx, MarkRow, query.order_by(marks.c.serial))


async def count_marks(tx: Transaction, up_to: int) -> int:
    return int((await tx.execute(select(func.count()).where(marks.c.serial <= up_to))).scalar() or 0)


async def fingerprints_after(tx: Transaction, serial: int, limit: int) -> list[FingerprintRow]:
    query = select(fingerprints.c.serial, fingerprints.c.clip_id, fingerprints.c.hashes)
    query = query.where(fingerprints.c.serial > serial).order_by(fingerprints.c.serial).limit(limit)
    return await every(tx, FingerprintRow, query)


async def count_fingerprints(tx: Transaction, up_to: int) -> int:
    return int((await tx.execute(select(func.count()).where(fingerprints.c.serial <= up_to))).scalar() or 0)


async def fingerprint_of(tx: Transaction, clip_id: str) -> bytes | None:
    query = select(fingerprints.c.hashes).where(fingerprints.c.clip_id == clip_id)
    return (await tx.execute(query)).scalar()


async def remember_anchor(tx: Transaction, sha256: str, pem: str) -> None:
    known = await tx.execute(select(anchors.c.sha256).where(anchors.c.sha256 == sha256))
    if known.first() is None:
        await tx.execute(insert(anchors).values(sha256=sha256, pem=pem, added_at=now()))


async def known_anchors(tx: Transaction) -> Sequence[str]:
    """Every root that this studio ever signed with, as PEM: they outlive the keys."""
    return [str(pem) for (pem,) in await tx.execute(select(anchors.c.pem).order_by(anchors.c.added_at))]

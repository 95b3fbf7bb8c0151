"""Released clips, the files they lie in, their lineage and their manifests."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, func, insert, select, union, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import every, one
from storage.tables import (
    board_uploads,
    clips,
    files,
    films,
    jobs,
    lineage,
    manifest_stores,
    manifests,
    previews,
    sources,
    takes,
    uploads,
)

UNUSED_UPLOADS_KEPT_MS: Final = 24 * 3_600_000


@dataclass(frozen=True)
class ClipRow:
    id: str
    job_id: str
    member_id: str
    community_id: str
    sha256: str
    poster_sha256: str
    width: int
    height: int
    fps: int
    seconds: float
    is_draft: bool
    not_drawn: Sequence[str]
    released_at: int
    withdrawn_at: int | None
    remix_right: str | None = None
    erased_at: int | None = None
    sealed_here: bool = True
    notes: Sequence[str] | None = None


@dataclass(frozen=True)
class Parent:
    relation: str
    parent_clip_id: str | None = None
    upload_sha256: str | None = None


async def add_file(tx: Transaction, sha256: str, size: int, media_type: str) -> None:
    known = await tx.execute(select(files.c.sha256).where(files.c.sha256 == sha256))
    if known.first() is None:
        await tx.execute(insert(files).values(sha256=sha256, size=size, media_type=media_type, created_at=now()))


async def add(
    tx: Transaction, clip: Mapping[str, object], manifest: Mapping[str, object], parents: Sequence[Parent]
) -> None:
    """Release a clip: its row, its manifest's row and its lineage. Its files were added before."""
    await tx.execute(insert(clips).values(**clip))
    await tx.execute(insert(manifests).values(clip_id=clip["id"], created_at=now(), **manifest))
    for position, parent in enumerate(parents):
        await tx.execute(insert(lineage).values(clip_id=clip["id"], position=position, **vars(parent)))


async def add_film(tx: Transaction, clip_id: str, renderer: str, document: Mapping[str, object]) -> None:
    """How the clip was drawn, for what will be made from it."""
    await tx.execute(insert(films).values(clip_id=clip_id, renderer=renderer, document=dict(document)))


async def remove_film(tx: Transaction, clip_id: str) -> None:
    await tx.execute(delete(films).where(films.c.clip_id == clip_id))


async def film_of(tx: Transaction, clip_id: str) -> Mapping[str, Any] | None:
    found = (await tx.execute(select(films.c.document).where(films.c.clip_id == clip_id))).first()
    return None if found is None else dict(found[0])


async def get(tx: Transaction, clip_id: str) -> ClipRow | None:
    return await one(tx, ClipRow, select(clips).where(clips.c.id == clip_id))


async def of_jobs(tx: Transaction, job_ids: Collection[str]) -> list[ClipRow]:
    """Each job's in the order of its takes, whichever was done first."""
    query = select(clips).join(takes, takes.c.id == clips.c.id).where(clips.c.job_id.in_(job_ids))
    return await every(tx, ClipRow, query.order_by(takes.c.number))


async def of_job(tx: Transaction, job_id: str) -> list[ClipRow]:
    return await of_jobs(tx, [job_id])


async def with_bytes(tx: Transaction, sha256: str) -> ClipRow | None:
    """The clip of these bytes that was sealed here; an imported one may be another studio's."""
    return await one(tx, ClipRow, select(clips).where(clips.c.sha256 == sha256, clips.c.sealed_here))


async def descendants_of(tx: Transaction, clip_id: str) -> list[ClipRow]:
    """Every clip that was made from this one, or from one that was, and is still there."""
    found: dict[str, ClipRow] = {}
    newest = [clip_id]
    while newest:
        query = select(clips).join(lineage, lineage.c.clip_id == clips.c.id).where(lineage.c.parent_clip_id.in_(newest))
        rows = {row.id: row for row in await every(tx, ClipRow, query.order_by(clips.c.id))}
        newest = [row_id for row_id in rows if row_id not in found and row_id != clip_id]
        found |= {row_id: rows[row_id] for row_id in newest}
    return [row for row in found.values() if row.withdrawn_at is None]


@dataclass(frozen=True)
class ManifestRow:
    """What was written into the clip's signed manifest, as far as the database keeps it."""

    label: str
    policy_version: str
    renderer: str
    renderer_version: str
    time_stamped: bool
    created_at: int


async def manifest_of(tx: Transaction, clip_id: str) -> ManifestRow | None:
    columns = [manifests.c[name] for name in ManifestRow.__dataclass_fields__]
    return await one(tx, ManifestRow, select(*columns).where(manifests.c.clip_id == clip_id))


async def with_manifest(tx: Transaction, label: str) -> list[str]:
    """The clips with a manifest of this label: one, or several where clips were brought here twice."""
    query = select(manifests.c.clip_id).where(manifests.c.label == label).order_by(manifests.c.clip_id).limit(10)
    return list((await tx.execute(query)).scalars())


async def policy_version_of(tx: Transaction, clip_id: str) -> str:
    """The policy by which the clip was let pass."""
    query = select(manifests.c.policy_version).where(manifests.c.clip_id == clip_id)
    return str((await tx.execute(query)).scalar_one_or_none() or "unknown")


async def parents_of(tx: Transaction, clip_id: str) -> list[Parent]:
    query = select(lineage.c.relation, lineage.c.parent_clip_id, lineage.c.upload_sha256)
    return await every(tx, Parent, query.where(lineage.c.clip_id == clip_id).order_by(lineage.c.position))


async def parents_of_each(tx: Transaction, clip_ids: Collection[str]) -> dict[str, list[str]]:
    """The clips that each of these was made from."""
    query = select(lineage.c.clip_id, lineage.c.parent_clip_id).where(lineage.c.clip_id.in_(clip_ids))
    found: dict[str, list[str]] = {clip_id: [] for clip_id in clip_ids}
    for clip_id, parent in await tx.execute(query.order_by(lineage.c.clip_id, lineage.c.position)):
        if parent:
            found[clip_id].append(parent)
    return found


async def shows_uploads(tx: Transaction, clip_id: str) -> bool:
    """Whether an upload is among what the clip was made from, however long ago."""
    parents = select(lineage.c.clip_id, lineage.c.parent_clip_id, lineage.c.upload_sha256)
    ancestry = parents.where(lineage.c.clip_id == clip_id).cte("ancestry", recursive=True)
    ancestry = ancestry.union(parents.where(lineage.c.clip_id == ancestry.c.parent_clip_id))
    found = await tx.execute(select(ancestry.c.clip_id).where(ancestry.c.upload_sha256.isnot(None)).limit(1))
    return found.first() is not None


async def children_of(tx: Transaction, clip_id: str, *, limit: int) -> list[tuple[str, str]]:
    """Clips that were made from this one, each with how, in the order of their release."""
    query = (
        select(lineage.c.clip_id, lineage.c.relation)
        .join(clips, clips.c.id == lineage.c.clip_id)
        .where(lineage.c.parent_clip_id == clip_id)
        .order_by(clips.c.released_at, clips.c.id)
        .limit(limit)
    )
    return [(str(child), str(relation)) for child, relation in await tx.execute(query)]


async def count_remixers(tx: Transaction, clip_id: str, maker_id: str) -> int:
    """How many others made something from this clip that is still there."""
    query = (
        select(func.count(clips.c.member_id.distinct()))
        .join(lineage, lineage.c.clip_id == clips.c.id)
        .where(lineage.c.parent_clip_id == clip_id, clips.c.member_id != maker_id, clips.c.withdrawn_at.is_(None))
    )
    return int((await tx.execute(query)).scalar_one())


async def change(tx: Transaction, clip_id: str, **values: object) -> None:
    await tx.execute(update(clips).where(clips.c.id == clip_id).values(**values))


async def sealed_files(tx: Transaction) -> dict[str, str]:
    """The clip of each sealed file: itself or its poster."""
    rows = await tx.execute(
        select(clips.c.id, clips.c.sha256, clips.c.poster_sha256).where(clips.c.erased_at.is_(None))
    )
    return {sha256: str(row.id) for row in rows for sha256 in (row.sha256, row.poster_sha256)}


async def referenced_files(tx: Transaction) -> set[str]:
    """Every file that something still refers to: the rest may be swept.

    Uploads are kept while a job that stands on them is on its way, for good when a clip was made from them, and
    otherwise for a day: somebody may be about to use them. What is kept of their credentials stays as long as they do.
    """
    kept = clips.c.erased_at.is_(None)
    brought_since = now() - UNUSED_UPLOADS_KEPT_MS
    manifest_copies = select(manifest_stores.c.sha256).join(clips, clips.c.id == manifest_stores.c.clip_id)
    query = union(
        select(clips.c.sha256).where(kept),
        select(clips.c.poster_sha256).where(kept),
        manifest_copies.where(kept),
        select(lineage.c.upload_sha256)
        .join(clips, clips.c.id == lineage.c.clip_id)
        .where(lineage.c.upload_sha256.isnot(None), kept),
        select(uploads.c.sha256).where(uploads.c.brought_at >= brought_since),
        select(board_uploads.c.sha256),
        select(previews.c.sha256),
        select(sources.c.upload_sha256)
        .join(jobs, jobs.c.id == sources.c.job_id)
        .where(sources.c.upload_sha256.isnot(None), jobs.c.ended_at.is_(None)),
    )
    found = {str(sha256) for (sha256,) in await tx.execute(query)}
    brought = select(uploads.c.sha256, uploads.c.credentials_sha256).where(uploads.c.credentials_sha256.isnot(None))
    return found | {str(credentials) for upload, credentials in await tx.execute(brought) if upload in found}

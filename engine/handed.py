"""The three kinds of media that bots ever receive. Each is made in one place, from what is safe to hand out.

- Clip: sealed and released.
- Preview: an inspected, marked and signed still; engine/preview_tasks.py draws those that are no clip's.
- Exhibit: a case sheet for moderators, blurred and grey. The unblurred sheet stays on this machine's screens.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.errors import StudioError
from engine.jobs import JobState
from storage import clips, previews
from storage.blobs import Blobs
from storage.clips import ClipRow
from storage.database import Transaction
from storage.jobs import JobRow
from storage.previews import PreviewRow

UNDER_WAY: Final = frozenset({JobState.RENDERING, JobState.INSPECTING, JobState.SEALING})


@dataclass(frozen=True)
class Preview:
    """A still, signed like a clip: of a released one, of a take under way, or of a storyboard."""

    clip_id: str  # of a storyboard: its own id, which is no clip's
    file: Path
    covered: tuple[int, ...] = ()  # numbers of a storyboard's cards that show what nobody has looked at yet
    not_drawn: tuple[str, ...] = ()  # words of a storyboard that found no place

    @property
    def sha256(self) -> str:
        """It is stored under its hash."""
        return self.file.stem


@dataclass(frozen=True)
class Clip:
    id: str
    job_id: str
    member_id: str
    file: Path
    sha256: str
    preview: Preview
    width: int
    height: int
    seconds: float
    is_draft: bool
    not_drawn: tuple[str, ...]
    notes: tuple[str, ...]  # how its sources were used: names of sentences
    lineage: tuple[str, ...]  # clips it was made from
    released_at: int


@dataclass(frozen=True)
class Exhibit:
    """What a moderator's chat may carry of a held take."""

    case_id: str
    file: Path


async def clip(tx: Transaction, blobs: Blobs, clip_id: str) -> Clip:
    """The released clip of this id; StudioError when there is none."""
    row = await clips.get(tx, clip_id)
    if row is None or row.erased_at is not None:
        raise StudioError("clip.unknown", clip=clip_id)
    if row.withdrawn_at is not None:
        raise StudioError("clip.taken_down", clip=clip_id, job=row.job_id)
    return _handed(blobs, row, (await clips.parents_of_each(tx, [clip_id]))[clip_id])


def preview(blobs: Blobs, row: PreviewRow) -> Preview:
    """The still of a storyboard, or of a take under way, as it was stored when it was signed."""
    said = row.content
    return Preview(
        row.take_id or row.id,
        blobs.path(row.sha256, ".jpg"),
        tuple(said.get("covered", ())),
        tuple(said.get("not_drawn", ())),
    )


async def first_look(tx: Transaction, blobs: Blobs, job: JobRow) -> Preview | None:
    """The latest still of a take that is being drawn; none once the job does anything else."""
    if job.state not in UNDER_WAY:
        return None
    rows = await previews.of_job(tx, job.id)
    return preview(blobs, rows[-1]) if rows else None


async def clips_of(tx: Transaction, blobs: Blobs, job_ids: Collection[str]) -> list[Clip]:
    """Each job's in the order of its takes."""
    rows = [row for row in await clips.of_jobs(tx, job_ids) if row.withdrawn_at is None]
    parents = await clips.parents_of_each(tx, [row.id for row in rows])
    return [_handed(blobs, row, parents[row.id]) for row in rows]


def _handed(blobs: Blobs, row: ClipRow, parents: Sequence[str]) -> Clip:
    return Clip(
        id=row.id,
        job_id=row.job_id,
        member_id=row.member_id,
        file=blobs.path(row.sha256, ".mp4"),
        sha256=row.sha256,
        preview=Preview(row.id, blobs.path(row.poster_sha256, ".jpg")),
        width=row.width,
        height=row.height,
        seconds=row.seconds,
        is_draft=row.is_draft,
        not_drawn=tuple(row.not_drawn),
        notes=tuple(row.notes or ()),
        lineage=tuple(parents),
        released_at=row.released_at,
    )

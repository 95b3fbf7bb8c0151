"""Removing what nothing refers to any more: files without a clip, and quarantined ones whose take has ended."""

import asyncio
import time
from pathlib import Path
from typing import Final

from engine.jobs import UNRELEASED
from engine.places import Places
from engine.previews import KEPT_DAYS
from engine.sources import DAY_MS
from safety.desk.people import Queue, Subject
from storage import cases, clips, jobs, previews
from storage.blobs import Blobs
from storage.clock import now
from storage.database import Database
from storage.quarantine import Quarantine
from storage.unfinished import end_unfinished

# Longer than any step between writing a file and committing the row that refers to it.
GRACE_SECONDS: Final = 3_600.0
UPLOADS_TAKE_AT_MOST: Final = 24 * 3_600.0
COPIES_KEPT_SECONDS: Final = 24 * 3_600.0


async def sweep(
    database: Database, places: Places, blobs: Blobs, *, grace_seconds: float = GRACE_SECONDS
) -> list[Path]:
    """Sweep whatever holds files; answers with what was removed."""
    async with database.writing() as tx:
        await previews.forget_older(tx, now() - KEPT_DAYS * DAY_MS)
    async with database.reading() as tx:
        referenced = await clips.referenced_files(tx)
        kept = await jobs.takes_in(tx, UNRELEASED)
        kept |= await cases.subjects_in(tx, Queue.CHILD_SAFETY, Subject.TAKE)  # may be evidence: never removed

    def remove() -> list[Path]:
        copies = _sweep_copies(places.copies, time.time() - COPIES_KEPT_SECONDS)
        quarantine = Quarantine(places.quarantine, blobs.store)
        if blobs.store is not None:
            end_unfinished(blobs.store.address, max(grace_seconds, UPLOADS_TAKE_AT_MOST))
        return quarantine.sweep(kept, grace_seconds) + copies + blobs.sweep(referenced, grace_seconds)

    return await asyncio.to_thread(remove)


def _sweep_copies(folder: Path, oldest_kept: float) -> list[Path]:
    """Smaller copies are only kept for those who deliver them: one that is wanted again is made again."""
    removed = []
    for file in folder.iterdir() if folder.exists() else ():
        if file.stat().st_mtime < oldest_kept:
            file.unlink(missing_ok=True)
            removed.append(file)
    return removed

"""A data folder with a released clip, a held take, a job that is done and one that is not, and keys: made without
workers, for tests of backups."""

import asyncio
import hashlib
from pathlib import Path

from engine import jobs
from engine.jobs import TakeState
from engine.places import Places
from provenance.keys import Keyring
from storage import clips
from storage import jobs as ledger
from storage.blobs import Blobs
from storage.clock import now
from storage.database import Database
from tests.engine.small_studio import ask, small_studio

CLIP = b"a clip" * 5_000
POSTER = b"a poster" * 500
TAKE = b"a take" * 5_000


def make_studio(data: Path) -> None:
    asyncio.run(_make(data))
    Keyring.open(Places(data).keys)


def add_clip(data: Path, content: bytes) -> None:
    asyncio.run(_add_clip(data, content))


async def _make(data: Path) -> None:
    async with small_studio(data) as (database, asker):
        async with database.writing() as tx:
            done = await ask(tx, asker)
            held = await ask(tx, asker, variations=2)
        await _release(database, data, done.id, CLIP)
        async with database.writing() as tx:
            take, waiting = await ledger.takes_of(tx, held.id)
            report = {"sha256": hashlib.sha256(TAKE).hexdigest(), "size": len(TAKE)}
            await ledger.write_take(tx, take.id, {TakeState.WAITING}, state=TakeState.HELD, report=report)
    places = Places(data)
    places.quarantine.mkdir(mode=0o700)
    for take_id in (take.id, waiting.id, "00000000"):  # held; half-drawn; of a job that is over
        places.take(take_id).write_bytes(TAKE)
        places.report(take_id).write_text("{}")


async def _add_clip(data: Path, content: bytes) -> None:
    async with small_studio(data) as (database, asker):
        async with database.writing() as tx:
            job = await ask(tx, asker)
        await _release(database, data, job.id, content)


async def _release(database: Database, data: Path, job_id: str, content: bytes) -> None:
    blobs = Blobs(Places(data).files)
    clip = await asyncio.to_thread(blobs.put_bytes, content, ".mp4")
    poster = await asyncio.to_thread(blobs.put_bytes, POSTER, ".jpg")
    async with database.writing() as tx:
        job = await ledger.get(tx, job_id)
        assert job is not None
        (take,) = await ledger.takes_of(tx, job_id)
        for file, kind in ((clip, "video/mp4"), (poster, "image/jpeg")):
            await clips.add_file(tx, file.stem, file.stat().st_size, kind)
        row = {
            "id": take.id,
            "job_id": job_id,
            "member_id": job.member_id,
            "community_id": job.community_id,
            "sha256": clip.stem,
            "poster_sha256": poster.stem,
            "width": 64,
            "height": 64,
            "fps": 24,
            "seconds": 1.0,
            "is_draft": True,
            "not_drawn": [],
            "released_at": now(),
        }
        manifest = {
            "label": "l",
            "policy_version": "p",
            "renderer": "r",
            "renderer_version": "1",
            "time_stamped": False,
        }
        await clips.add(tx, row, manifest, [])
        await ledger.write_take(tx, take.id, {TakeState.WAITING}, state=TakeState.DELIVERED)
        await jobs.settle(tx, job_id)

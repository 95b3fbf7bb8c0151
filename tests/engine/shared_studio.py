"""A database with two communities, a few members and released clips, for tests of what members do with clips.

Files are not made: nothing here looks into them. The gate is the real one, asked in this process.
"""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import jobs, releases
from engine.brief import Brief
from engine.explore import Explore
from engine.fleet.base import Progress, Task
from engine.library import Library
from engine.members import Asker
from engine.names import new_id
from engine.origin import Origin
from engine.presets import Presets
from engine.remixing import Remixing
from storage import clips, members
from storage import jobs as ledger
from storage.blobs import Blobs
from storage.clips import Parent
from storage.clock import now
from storage.database import Database
from tests.engine.small_studio import url


class Bench:
    """What a task finds in a worker: the shipped policy."""

    policy = None


class HereFleet:
    """Does tasks at once and in this process."""

    async def do(self, task: Task[Any], *, progress: Progress | None = None) -> Any:
        return task.do(Bench())  # type: ignore[arg-type]

    async def close(self) -> None:
        return


@dataclass(frozen=True)
class SharedStudio:
    database: Database
    library: Library
    explore: Explore
    remixing: Remixing
    presets: Presets

    async def member(self, community: str, role: str = "member") -> Asker:
        async with self.database.writing() as tx:
            row = await members.community_known_as(tx, "test", community)
            if row is None:
                await members.add_community(tx, new_id(), "test", community)
                row = await members.community_known_as(tx, "test", community)
            assert row is not None
            await members.add_member(tx, member_id := new_id(), "plus", "test", member_id)
            await members.add_role(tx, row.id, member_id, role)
        return Asker(member_id=member_id, community_id=row.id, plan="plus", role=role)

    async def clip(self, maker: Asker, prompt: str = "a wolf howls", *, of: str | None = None, seed: int = 1) -> str:
        """A released clip of the maker's, made from the clip `of`."""
        async with self.database.writing() as tx:
            job_id = await jobs.ask(
                tx,
                Brief(prompt=prompt),
                member_id=maker.member_id,
                community_id=maker.community_id,
                origin=Origin(platform="test", address={"chat": 1}),
                seeds=[seed],
                price_of_take=0,
            )
            (take,) = await ledger.takes_of(tx, job_id)
            for kind in ("clip", "poster"):
                await clips.add_file(tx, hash_of(kind, take.id), 1_000, "video/mp4")
            clip = {
                "id": take.id,
                "job_id": job_id,
                "member_id": maker.member_id,
                "community_id": maker.community_id,
                "sha256": hash_of("clip", take.id),
                "poster_sha256": hash_of("poster", take.id),
                "width": 854,
                "height": 480,
                "fps": 24,
                "seconds": 5.0,
                "is_draft": True,
                "not_drawn": [],
                "released_at": next_moment(),
            }
            manifest = {
                "label": "urn:test",
                "policy_version": "test",
                "renderer": "animatic",
                "renderer_version": "1",
                "time_stamped": False,
            }
            parents = [Parent("parentOf", parent_clip_id=of)] if of else []
            await clips.add(tx, clip, manifest, parents)
            await releases.released(tx, take.id)
        return take.id

    async def take_down(self, clip_id: str) -> None:
        async with self.database.writing() as tx:
            clip = await clips.get(tx, clip_id)
            assert clip is not None
            await releases.take_down(tx, clip)


def hash_of(kind: str, clip_id: str) -> str:
    return hashlib.sha256(f"{kind} {clip_id}".encode()).hexdigest()


_last = 0


def next_moment() -> int:
    """Clips are released one after the other, a millisecond apart at least."""
    global _last
    _last = max(_last + 1, now())
    return _last


@asynccontextmanager
async def shared_studio(folder: Path) -> AsyncIterator[SharedStudio]:
    fleet = HereFleet()
    async with await Database.open(url(folder)) as database:
        blobs = Blobs(folder / "files")
        yield SharedStudio(
            database,
            Library(database, blobs, fleet),
            Explore(database, blobs, fleet),
            Remixing(database, blobs, fleet),
            Presets(database, fleet),
        )

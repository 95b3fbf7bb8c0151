"""A studio with several members in two communities, whose clips are rows and small files: for tests without workers.

The gate is the real one, asked in a thread of this process.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import jobs, prices, releases
from engine.asking import House
from engine.brief import Brief, ClipSource, Look, Operation
from engine.explore import Explore
from engine.fleet.base import Progress, Task
from engine.gatherings import Gatherings
from engine.jobs import TakeState
from engine.library import Library
from engine.members import Asker
from engine.names import new_id
from engine.origin import Origin
from engine.places import Places
from engine.plans import shipped
from engine.presets import Presets
from engine.remixing import Remixing
from storage import clips, members
from storage import jobs as ledger
from storage.blobs import Blobs
from storage.clips import Parent
from storage.clock import now
from storage.database import Database
from tests.engine.small_studio import opened


class Bench:
    """What a worker would have, in this process."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.policy = None
        self.certificate = None
        self.files: str | None = None
        self.models: Path | None = None

    def report(self, **_: object) -> None: ...

    def cancelled(self) -> bool:
        return False


class FleetHere:
    """Does tasks in a thread of this process: the task is real, only the worker is not."""

    def __init__(self, data: Path) -> None:
        self._bench = Bench(data)

    async def do(self, task: Task[Any], *, progress: Progress | None = None) -> Any:
        return await asyncio.to_thread(task.do, self._bench)  # type: ignore[arg-type]

    async def close(self) -> None: ...


@dataclass(frozen=True)
class SharedStudio:
    database: Database
    data: Path
    blobs: Blobs
    fleet: FleetHere
    library: Library
    explore: Explore
    remixing: Remixing
    presets: Presets
    gatherings: Gatherings
    ann: Asker  # in the first community
    bob: Asker  # there, too
    mod: Asker  # its moderator
    eve: Asker  # in the second community, and its moderator

    async def member(self, community: str, role: str = "member") -> Asker:
        """Somebody new."""
        async with self.database.writing() as tx:
            row = await members.community_known_as(tx, "test", community)
            if row is None:
                await members.add_community(tx, new_id(), "test", community)
                row = await members.community_known_as(tx, "test", community)
            assert row is not None
            await members.add_member(tx, member_id := new_id(), "plus", "test", member_id)
            await members.add_role(tx, row.id, member_id, role)
        return Asker(member_id=member_id, community_id=row.id, plan="plus", role=role)

    async def clip(
        self,
        maker: Asker,
        prompt: str = "a wolf howls",
        *,
        of: str | Sequence[str] = (),
        style: str | None = None,
        seed: int = 1,
    ) -> str:
        """A released clip, as the pipeline leaves it, made from the clips `of`."""
        parents = [of] if isinstance(of, str) else of
        operation = (Operation.CREATE, Operation.REMIX, Operation.BLEND)[len(parents)]
        sources = tuple(ClipSource(clip_id=clip_id) for clip_id in parents)
        brief = Brief(operation=operation, prompt=prompt, look=Look(style=style), sources=sources)
        async with self.database.writing() as tx:
            job_id = await jobs.ask(
                tx,
                brief,
                member_id=maker.member_id,
                community_id=maker.community_id,
                origin=Origin(platform="test", address={"chat": maker.member_id}),
                seeds=[seed],
                price_of_take=0,
            )
        return await self.release(job_id, *parents)

    async def release(self, job_id: str, *parents: str) -> str:
        """The one clip of a job, as the pipeline leaves it."""
        async with self.database.writing() as tx:
            job = await ledger.get(tx, job_id)
            (take,) = await ledger.takes_of(tx, job_id)
        assert job is not None
        files = [(f"{kind} {take.id}".encode() * 50, suffix) for kind, suffix in (("clip", ".mp4"), ("poster", ".jpg"))]
        hashes = [hashlib.sha256(content).hexdigest() for content, _ in files]
        for content, suffix in files:
            self.blobs.put_bytes(content, suffix)
        async with self.database.writing() as tx:
            for sha256, (content, _) in zip(hashes, files, strict=True):
                await clips.add_file(tx, sha256, len(content), "video/mp4")
            row = {"id": take.id, "job_id": job_id, "member_id": job.member_id, "community_id": job.community_id}
            row |= {"sha256": hashes[0], "poster_sha256": hashes[1], "width": 854, "height": 480, "fps": 24}
            row |= {
                "seconds": float(job.brief["look"]["seconds"]),
                "is_draft": True,
                "not_drawn": [],
                "released_at": next_moment(),
            }
            manifest = {"label": "l", "policy_version": "p", "renderer": "animatic", "renderer_version": "1"}
            lineage = [Parent("remix", clip_id) for clip_id in parents]
            await clips.add(tx, row, manifest | {"time_stamped": False}, lineage)
            await releases.released(tx, take.id)
            await ledger.write_take(tx, take.id, {TakeState.WAITING}, state=TakeState.DELIVERED)
            await jobs.settle(tx, job_id)
        return take.id

    async def shared(self, maker: Asker, prompt: str = "a wolf", *, across: bool = False, seed: int = 0) -> str:
        clip_id = await self.clip(maker, prompt, seed=seed)
        await self.explore.share(maker, clip_id, across=across)
        return clip_id

    async def take_down(self, clip_id: str) -> None:
        async with self.database.writing() as tx:
            clip = await clips.get(tx, clip_id)
            assert clip is not None
            await releases.take_down(tx, clip)

    def files_of(self) -> set[str]:
        return {file.name for file in self.blobs.root.glob("??/*")}


_last = 0


def next_moment() -> int:
    """Clips are released one after the other, a millisecond apart at least."""
    global _last
    _last = max(_last + 1, now())
    return _last


@asynccontextmanager
async def shared_studio(folder: Path) -> AsyncIterator[SharedStudio]:
    async with await opened(folder) as database:
        async with database.writing() as tx:
            for community in ("here", "there"):
                await members.add_community(tx, community, "test", community)
            people = {}
            for name, community, role in (
                ("ann", "here", "member"),
                ("bob", "here", "member"),
                ("mod", "here", "moderator"),
                ("eve", "there", "moderator"),
            ):
                await members.add_member(tx, name, "unlimited", "test", name)
                await members.add_role(tx, community, name, role)
                people[name] = Asker(name, community, "unlimited", role)
        blobs, fleet = Blobs(Places(folder).files), FleetHere(folder)
        yield SharedStudio(
            database=database,
            data=folder,
            blobs=blobs,
            fleet=fleet,
            library=Library(database, blobs, fleet),
            explore=Explore(database, blobs, fleet),
            remixing=Remixing(database, blobs, fleet),
            presets=Presets(database, fleet),
            gatherings=Gatherings(database, blobs, fleet, House(shipped(), prices.shipped())),
            **people,
        )

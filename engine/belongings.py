"""What the studio holds of a member: told in numbers, handed over whole, taken in again, and forgotten.

docs/privacy.md says in plain words what this file does.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine import credits, jobs, library, releases
from engine.errors import StudioError
from engine.exporting import ExportReport, PackLibrary
from engine.fleet.base import Fleet, Progress
from engine.importing import ImportLibrary, ImportReport
from engine.jobs import TakeState
from engine.members import Asker, Role
from engine.places import Places
from engine.remembering import Remembered
from storage import belongings, members, restrictions
from storage import jobs as ledger
from storage import library as shelves
from storage.blobs import Blobs
from storage.database import Database, Transaction

LARGE: Final = 10_000  # rows of a member who is not counted anew for each look
_AT_ONCE: Final = 200  # clips in one transaction: others want to write, too
_PATIENCE: Final = 20.0  # seconds that a job under way is waited for once it was called off
_LOOK_EVERY: Final = 0.25

# What a member knows of; the rest of the tables is only bookkeeping about these.
COUNTED: Final = (
    "jobs",
    "clips",
    "folders",
    "presets",
    "boards",
    "previews",
    "explore",
    "ledger",
    "purchases",
    "reports",
    "restrictions",
    "cases",
)


@dataclass(frozen=True)
class Held:
    """What there is of a member, and what is due to stay when they leave."""

    accounts: tuple[str, ...]  # platform and name there
    rows: Mapping[str, int]  # by table


@dataclass(frozen=True)
class Forgotten:
    clips: int
    jobs: int
    credits: int  # that they still had
    keeps_accounts: bool  # a restriction is in force, and is not undone by leaving


class Belongings:
    def __init__(self, database: Database, url: str, places: Places, blobs: Blobs, fleet: Fleet) -> None:
        self._database = database
        self._url = url
        self._places = places
        self._blobs = blobs
        self._fleet = fleet
        self._held: Remembered[Held] = Remembered(lambda held: sum(held.rows.values()) > LARGE)

    async def held(self, asker: Asker, only: Collection[str] | None = None) -> Held:
        """`only`: of these tables, for a page that tells of no others and is looked at often."""

        async def count() -> Held:
            async with self._database.reading() as tx:
                accounts = await members.identities_of(tx, asker.member_id)
                rows = await belongings.counts(tx, await _ids_of(tx, asker), only)
            return Held(tuple(f"{one.platform}: {one.external_id}" for one in accounts), rows)

        return await count() if only is None else await self._held.get(asker.member_id, count)

    async def export(
        self, asker: Asker, destination: Path, *, readme: str, progress: Progress | None = None
    ) -> ExportReport:
        """A ZIP with every clip of the member's, its manifest, and all that the database says of them."""
        async with self._database.reading() as tx:
            ids = await _ids_of(tx, asker)
        task = PackLibrary(member_ids=ids, database=self._url, destination=destination, readme=readme)
        return await self._fleet.do(task, progress=progress)

    async def take_in(self, asker: Asker, file: Path, progress: Progress | None = None) -> ImportReport:
        """Take the clips of an export into the member's library; docs/privacy.md says which."""
        self._held.forget(asker.member_id)
        task = ImportLibrary(
            file=file,
            database=self._url,
            member_id=asker.member_id,
            community_id=asker.community_id,
            strangers=asker.role == Role.OPERATOR,
        )
        return await self._fleet.do(task, progress=progress)

    async def forget(self, asker: Asker) -> Forgotten:
        """Delete everything that the member has and that says who they are; docs/privacy.md names what stays."""
        async with self._database.reading() as tx:
            if waiting := await shelves.count_evidence(tx, asker.member_id):
                raise StudioError("privacy.case_open", clips=waiting)
        self._held.forget(asker.member_id)
        erased = 0
        until = asyncio.get_running_loop().time() + _PATIENCE
        while True:
            under_way = await self._call_off(asker)
            erased += await self._erase_clips(asker)
            if not under_way and (ended := await self._forget_the_rest(asker, erased)) is not None:
                return ended
            if asyncio.get_running_loop().time() > until:
                raise StudioError("privacy.under_way", jobs=under_way)
            await asyncio.sleep(_LOOK_EVERY)

    async def _call_off(self, asker: Asker) -> int:
        """Cancel what has not ended; answers how many jobs somebody still has in hand."""
        async with self._database.writing() as tx:
            for job_id in await belongings.unended_jobs(tx, await _ids_of(tx, asker)):
                job = await ledger.get(tx, job_id)
                assert job is not None
                await jobs.cancel(tx, job)
                for take in await ledger.takes_of(tx, job_id):
                    # Released, and on its way to them: nobody has to receive it any more.
                    await ledger.write_take(tx, take.id, {TakeState.SEALED}, state=TakeState.DELIVERED)
                await jobs.settle(tx, job_id)
            return len(await belongings.unended_jobs(tx, await _ids_of(tx, asker)))

    async def _erase_clips(self, asker: Asker) -> int:
        """Everything on the member's shelf, their own clips with their files."""
        erased = 0
        while True:
            async with self._database.writing() as tx:
                rows = await shelves.entries_of_member(tx, asker.member_id, limit=_AT_ONCE)
                gone = await library.discard(tx, rows)
            await library.remove_files(self._blobs, gone)
            erased += len(gone)
            if not rows:
                return erased

    async def _forget_the_rest(self, asker: Asker, erased: int) -> Forgotten | None:
        """All of it in one transaction; None when something new was asked for in between."""
        async with self._database.writing() as tx:
            ids = await _ids_of(tx, asker)
            fresh = await shelves.entries_of_member(tx, asker.member_id, limit=1)
            if fresh or await belongings.unended_jobs(tx, ids):
                return None
            told = await belongings.briefs(tx, ids)
            takes = await belongings.take_ids(tx, ids)
            for job_id, said in told.items():
                origin = {"platform": said["origin"].get("platform", ""), "address": {}}
                await belongings.forget_job(tx, job_id, releases.forgotten(said["brief"]), origin)
            lost = await credits.write_off_all(tx, asker.member_id)
            restricted = await restrictions.any_in_force(tx, asker.member_id)
            await belongings.forget_person(tx, ids, keep_identities=restricted)
        await asyncio.to_thread(self._remove_takes, takes)
        await self._database.tidy()
        return Forgotten(erased, len(told), lost, restricted)

    def _remove_takes(self, take_ids: Sequence[str]) -> None:
        for take_id in take_ids:
            self._places.take(take_id).unlink(missing_ok=True)
            self._places.report(take_id).unlink(missing_ok=True)


async def _ids_of(tx: Transaction, asker: Asker) -> list[str]:
    """The member's id, and those of whoever turned out to be them."""
    return [asker.member_id, *await members.merged_into(tx, asker.member_id)]

"""The studio: the one door that bots knock at.

A library over the database: any process may open it, ask for a job and follow it. One process at a time runs the
fleet (`run`); the others' jobs are carried by it.
"""

import asyncio
import contextlib
import errno
import logging
import os
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from engine import (
    asking,
    communities,
    credits,
    filing,
    finishing,
    handed,
    jobs,
    looks,
    members,
    ownership,
    review,
    shift,
    sources,
    sweeping,
)
from engine.asking import USUAL_TERMS, House, Quote, Terms
from engine.banks import Banks, asked_banks
from engine.belongings import Belongings
from engine.boards import Boards
from engine.brief import Aspect, Brief, ClipSource, Resolution, UploadSource
from engine.credits import AccountView
from engine.delivery import Courier, Delivery
from engine.desk import Desk
from engine.dossier import Dossier
from engine.errors import StudioError
from engine.explaining import Explaining
from engine.explore import Explore
from engine.fitting import FitClip
from engine.fleet.base import Fleet, Progress, Task, TaskFailed, WorkerLost
from engine.fleet.choosing import cards_at_once, fleet_of, takes_at_once
from engine.gatherings import Gatherings
from engine.handed import Clip, Exhibit
from engine.heritage import Heritage
from engine.holder import this_process
from engine.jobs import ENDED_JOBS, JobState
from engine.library import Library
from engine.members import Asker
from engine.membership import Membership
from engine.naming import Naming
from engine.origin import Origin
from engine.picturing import Shrink
from engine.pipeline import MANIFEST_STORE, Pipeline
from engine.places import Places
from engine.possible import by_its_renderer, check_possible
from engine.presets import Presets
from engine.previews import PreviewHouse, Previews
from engine.purchases import Purchases
from engine.remixing import Remixing
from engine.renderers import registry
from engine.reports import Ready, TraceReport
from engine.resolving import Resolving
from engine.seal_tasks import TraceFile
from engine.settings import Settings
from engine.sheet_tasks import DrawSheet
from engine.take_tasks import GetReadyToDraw, GetReadyToGenerate
from engine.text_tasks import CheckText, EvaluateText, GetReadyToCheck, ReadText
from engine.uploads import TakeIn
from engine.viewing import JobView, views_of
from safety import audit
from safety.desk.people import Queue
from safety.evaluation import Evaluation
from safety.submission import Submission, SubmittedText
from safety.verdict import Decision, Verdict
from storage import cases, clips, events, heard, outbox
from storage import jobs as ledger
from storage import sources as stored_sources
from storage.blobs import Blobs
from storage.cases import CaseRow
from storage.clips import ManifestRow
from storage.clock import now
from storage.credits import Balance, Entry
from storage.database import Database, Transaction
from storage.errors import StorageError
from storage.events import EventRow
from storage.files import make_folder
from storage.jobs import JobRow
from storage.sources import UploadRow

log = logging.getLogger(__name__)

VERSION: Final = version("kinora")
FOLLOW_EVERY: Final = 0.15  # seconds
SWEEP_EVERY: Final = 3_600.0  # seconds
GATHER_EVERY: Final = 2.0  # seconds
LINKS_LAST: Final = timedelta(minutes=5)
RING_EVERY: Final = 60.0  # seconds


class Studio:
    def __init__(self, settings: Settings, database: Database, fleet: Fleet, places: Places, blobs: Blobs) -> None:
        self.settings = settings
        self.database = database
        self.fleet = fleet
        self.places = places
        self.blobs = blobs
        self.house = House(settings.house_plans, settings.price_list, settings.renderers, places.root)
        self.membership = Membership(database, self.house.plans, settings.safety.policy)
        self.purchases = Purchases(database, self.house.plans)
        self.library = Library(database, blobs, fleet)
        self.explore = Explore(database, blobs, fleet)
        self.remixing = Remixing(database, blobs, fleet)
        self.heritage = Heritage(database, blobs, fleet)
        self.resolving = Resolving(database, blobs, self.explore)
        self.presets = Presets(database, fleet)
        self.naming = Naming(database, fleet)
        self.gatherings = Gatherings(database, blobs, fleet, self.house)
        self.boards = Boards(database, blobs, fleet)
        self.previews = Previews(
            database, blobs, fleet, PreviewHouse(settings.database_url, VERSION, settings.manifest.training)
        )
        self.desk = Desk(database)
        self.explaining = Explaining(database, settings.safety.policy)
        self.banks = Banks(database, settings.database_url, fleet)
        self.belongings = Belongings(database, settings.database_url, places, blobs, fleet)
        self._holder = this_process()

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings) -> AsyncIterator["Studio"]:
        places = Places(settings.data.resolve())
        _check_folder(places.root)
        async with await Database.open(settings.database_url) as database:
            blobs = await asyncio.to_thread(filing.blobs_of, places, settings.files)
            if settings.files is not None:
                await ownership.check_ours(database, places, settings.files)
            fleet = fleet_of(settings)
            try:
                yield cls(settings, database, fleet, places, blobs)
            finally:
                await fleet.close()

    # -- asking ----------------------------------------------------------------------------------------------------

    async def at_home(self) -> Asker:
        """This machine's operator, in the local community."""
        async with self.database.writing() as tx:
            return await members.at_home(tx, self.settings.credits.local, self.house.plans)

    async def quote(self, brief: Brief, asker: Asker, terms: Terms = USUAL_TERMS) -> Quote:
        """What the brief will cost this member, before anything is spent; StudioError when it cannot be made."""
        brief = by_its_renderer(brief, self.settings.renderers)
        async with self.database.writing() as tx:
            found = await sources.standing(tx, brief.made_from, asker)
            check_possible(brief, found, self.settings.renderers, self.places.root)
            return await asking.quote(tx, self.house, brief, asker, terms)

    async def ask(
        self, brief: Brief, asker: Asker, origin: Origin, terms: Terms = USUAL_TERMS, *, once: str | None = None
    ) -> str:
        """Take the brief down as a job and answer with its id. From here on it is not lost.

        `once`: a name of the caller's own for this request; asking again under it answers with the same job.
        """
        async with self.database.writing() as tx:
            if once is not None and (known := await heard.job_asked_as(tx, once)):
                return known
            job_id = await asking.ask(tx, self.house, brief, asker, origin, terms)
            if once is not None:
                await heard.note_job(tx, once, job_id)
        return job_id

    async def fitted(
        self,
        brief: Brief,
        asker: Asker,
        *,
        aspect: Aspect | None = None,
        resolution: Resolution | None = None,
        seconds: float | None = None,
    ) -> Brief:
        """The brief with a look that suits what it is made from, wherever the member did not choose one."""
        async with self.database.reading() as tx:
            found = await sources.standing(tx, brief.made_from, asker)
        return looks.fitted(brief, found, aspect=aspect, resolution=resolution, seconds=seconds)

    async def finished(self, draft: ClipSource | UploadSource, asker: Asker, wished: Mapping[str, Any]) -> Brief:
        """The brief by which a trained model makes an own draft again: its words, its shape, and what moves in it.

        `wished`: fields of the brief that the member chose. Whose draft it is not may remix it with words of their own.
        """
        async with self.database.reading() as tx:
            own = await finishing.own_draft(tx, draft, asker)
        return await self.fitted(finishing.brief_of_draft(own, wished), asker)

    async def bring(self, file: Path, asker: Asker) -> ClipSource | UploadSource:
        """Take in a file that the member brings, as a source for briefs. A clip of ours is recognised as such."""
        async with self.database.reading() as tx:
            await sources.check_may_bring(tx, asker)
            banks = await asked_banks(tx, self.settings.database_url, asker.community_id)
            overlay = communities.settings_of(await communities.get(tx, asker.community_id)).overlay
        try:
            report = await self.fleet.do(TakeIn(file=file, banks=banks, overlay=overlay))
        except TaskFailed as failed:
            if failed.code == "upload.known":
                await self._note_known(asker, failed)
            raise
        except WorkerLost as lost:  # a file that a worker dies of is a file that cannot be read
            raise StudioError("upload.unreadable") from lost
        async with self.database.writing() as tx:
            clip = await clips.with_bytes(tx, report.original)
            if clip is not None and await sources.may_use(tx, clip.id, asker):
                return ClipSource(clip_id=clip.id)
            await clips.add_file(tx, report.sha256, report.size, report.media_type)
            if report.credentials_sha256 is not None:
                await clips.add_file(tx, report.credentials_sha256, report.credentials_size, MANIFEST_STORE)
            await stored_sources.bring(
                tx,
                UploadRow(
                    member_id=asker.member_id,
                    sha256=report.sha256,
                    media_type=report.media_type,
                    width=report.width,
                    height=report.height,
                    seconds=report.seconds,
                    brought_at=now(),
                    seen=report.seen.model_dump(mode="json"),
                    credentials_sha256=report.credentials_sha256,
                ),
            )
        return UploadSource(sha256=report.sha256, media_type=report.media_type)

    async def brought(self, asker: Asker, sha256: str) -> UploadSource:
        """What the member brought earlier; StudioError when they did not."""
        async with self.database.reading() as tx:
            upload = await stored_sources.brought(tx, asker.member_id, sha256)
        if upload is None:
            raise StudioError("upload.unknown")
        return UploadSource(sha256=upload.sha256, media_type=upload.media_type)

    async def _note_known(self, asker: Asker, failed: TaskFailed) -> None:
        """Somebody brought what a bank refuses: the audit keeps who and which entry, and nothing of the file."""
        async with self.database.writing() as tx:
            about = {name: str(failed.params.get(name, "")) for name in ("bank", "entry")}
            await audit.append(tx, "upload_known", actor=asker.member_id, community_id=asker.community_id, **about)

    async def cancel(self, job_id: str, asker: Asker) -> JobView:
        async with self.database.writing() as tx:
            job = await self._own_job(tx, job_id, asker)
            await jobs.cancel(tx, job)
        return await self.job(job_id)

    @staticmethod
    async def _own_job(tx: Transaction, job_id: str, asker: Asker) -> JobRow:
        job = await ledger.get(tx, job_id)
        if job is None or job.community_id != asker.community_id:
            raise StudioError("job.unknown", job=job_id)
        if job.member_id != asker.member_id and asker.role not in review.MODERATORS:
            raise StudioError("job.not_yours", job=job_id)
        return job

    # -- looking ---------------------------------------------------------------------------------------------------

    async def job(self, job_id: str) -> JobView:
        async with self.database.reading() as tx:
            job = await ledger.get(tx, job_id)
            if job is None:
                raise StudioError("job.unknown", job=job_id)
            (view,) = await views_of(tx, self.blobs, self.settings.fleet.workers, [job])
        return view

    async def job_of(self, job_id: str, asker: Asker) -> JobView:
        """The job, for whoever asked for it, wherever that was, and for the moderators of its community."""
        (view,) = await self.jobs_of([job_id], asker)
        return view

    async def jobs_of(self, job_ids: Sequence[str], asker: Asker) -> list[JobView]:
        async with self.database.reading() as tx:
            known = await ledger.some(tx, job_ids)
            found = []
            for job_id in job_ids:
                job = known.get(job_id)
                if job is None or job.member_id != asker.member_id:
                    job = await self._own_job(tx, job_id, asker)
                found.append(job)
            return await views_of(tx, self.blobs, self.settings.fleet.workers, found)

    async def waiting_jobs(self, asker: Asker, *, limit: int = 50, own: bool = False) -> list[JobView]:
        """The member's jobs that wait for their turn; a moderator's whole community's, the next one first.

        `own`: only theirs, whoever they are.
        """
        everybodys = asker.role in review.MODERATORS and not own
        async with self.database.reading() as tx:
            found = await ledger.latest(
                tx,
                member_id=None if everybodys else asker.member_id,
                community_id=asker.community_id,
                states={JobState.QUEUED},
                limit=limit,
            )
            views = await views_of(tx, self.blobs, self.settings.fleet.workers, found)
        return sorted((view for view in views if view.place is not None), key=lambda view: view.place or 0)

    async def latest_jobs(self, asker: Asker, *, limit: int = 20) -> list[JobRow]:
        async with self.database.reading() as tx:
            return await ledger.latest(tx, member_id=asker.member_id, limit=limit)

    async def under_way(self, platform: str) -> list[JobRow]:
        """Every job that was asked for on this platform and has not ended, the oldest first."""
        async with self.database.reading() as tx:
            return await ledger.of_platform(tx, platform, frozenset(JobState) - ENDED_JOBS)

    async def clip(self, clip_id: str) -> Clip:
        async with self.database.reading() as tx:
            return await handed.clip(tx, self.blobs, clip_id)

    async def at_hand(self, file: Path) -> Path:
        """The file of a clip or a still, on this machine: where the files are in a store, it may have to come first."""
        return await asyncio.to_thread(self.blobs.bring, file) if self.blobs.store is not None else file

    async def download_link(self, clip: Clip) -> str | None:
        """An address in the store from which the clip is fetched, for some minutes; None where there is none.

        Whoever asks was handed the clip: it is released, and they may see it.
        """
        return await asyncio.to_thread(self.blobs.link, clip.sha256, ".mp4", LINKS_LAST)

    async def thumbnail(self, clip: Clip, destination: Path, *, side: int) -> Path:
        """The clip's still, small enough to be shown while the clip loads."""
        await self.fleet.do(Shrink(picture=clip.preview.file, destination=destination, side=side))
        return destination

    async def copy_that_fits(self, clip: Clip, limit: int) -> Clip:
        """The clip as a file of at most so many bytes: encoded again, and sealed again as a copy of itself."""
        if (await self.at_hand(clip.file)).stat().st_size <= limit:
            return clip
        copy = self.places.copy(clip.id, limit)
        if not copy.exists():
            await self.fleet.do(FitClip(sha256=clip.sha256, destination=copy, limit=limit, studio_version=VERSION))
        return replace(clip, file=copy)

    async def credentials(self, clip_id: str) -> ManifestRow | None:
        """What was signed into a clip, as it was written down then. `verify` reads the file itself."""
        async with self.database.reading() as tx:
            return await clips.manifest_of(tx, clip_id)

    async def receipts(self, job_id: str) -> Mapping[str, Mapping[str, Any]]:
        """Where the job's clips were delivered, in the words of the platform, by clip."""
        async with self.database.reading() as tx:
            return await outbox.receipts_of(tx, job_id)

    async def follow(self, job_id: str) -> AsyncIterator[EventRow]:
        """Every event of the job from its beginning, as they happen, until the job rests or ends."""
        last = 0
        while True:
            heard = self.database.bell.heard()
            view = await self.job(job_id)
            async with self.database.reading() as tx:
                news = await events.after(tx, job_id, last)
            for event in news:
                last = event.id
                yield event
            if view.rests:
                return
            await self.database.bell.after(heard, at_least=FOLLOW_EVERY, at_most=shift.LOOK_AT_LEAST_EVERY)

    async def account(self, asker: Asker, *, entries: int | None = None) -> AccountView:
        """A member's credits as they stand, with what this month is due, and their latest entries."""
        async with self.database.writing() as tx:
            return await credits.view(tx, asker.member_id, self.house.plans, entries)

    async def balance(self, asker: Asker) -> Balance:
        return (await self.account(asker, entries=0)).balance

    async def ledger_entries(self, asker: Asker) -> list[Entry]:
        return list((await self.account(asker)).entries)

    # -- checking and tracing --------------------------------------------------------------------------------------

    async def check(self, text: str) -> Verdict:
        """What the text gate says of a prompt; nothing is made of it."""
        submission = Submission(texts=(SubmittedText(text=text),))
        return (await self.fleet.do(CheckText(submission=submission))).verdict

    async def evaluate_text(self, file: Path, progress: Progress | None = None) -> Evaluation:
        """How the text gate does on a labelled file."""
        return await self.fleet.do(EvaluateText(file=file), progress=progress)

    async def verify(self, file: Path, restore_to: Path | None = None) -> TraceReport:
        """Was this made here? A copy that lost its credentials is written with new ones, where that is asked for."""
        database = self.settings.database_url
        task = TraceFile(file=file, database=database, restore_to=restore_to, studio_version=VERSION)
        return await self.fleet.do(task)

    # -- the desk --------------------------------------------------------------------------------------------------

    async def open_cases(self, by: Asker) -> list[CaseRow]:
        """Every open case of this community that the moderator may look into, the gravest first."""
        if by.role not in review.MODERATORS:
            raise StudioError("desk.moderators_only")
        async with self.database.reading() as tx:
            queues = (await review.at_desk(tx, by)).queues
            found = [case for case in await cases.undecided(tx) if case.community_id == by.community_id]
        return sorted((case for case in found if case.queue in queues), key=lambda case: -case.rank)

    async def case(self, case_id: str) -> CaseRow:
        async with self.database.reading() as tx:
            case = await cases.get(tx, case_id)
        if case is None:
            raise StudioError("case.unknown", case=case_id)
        return case

    async def decide(self, case_id: str, decision: Decision, by: Asker, note: str = "") -> CaseRow:
        async with self.database.writing() as tx:
            return await review.decide(tx, case_id, decision, by, note)

    async def exhibit(self, case_id: str, destination: Path, by: Asker) -> Exhibit:
        """A held take as a chat may carry it: nine frames, blurred and grey."""
        case = await self.desk.check_may_look(case_id, by)
        await self.desk.looked(case, by, hidden=True)
        await self._draw_sheet(case, destination, hidden=True)
        return Exhibit(case_id, destination)

    async def exhibit_for_channel(self, case: CaseRow, destination: Path) -> Exhibit:
        """The same, for the case's card in its community's own channel. That it was posted there is written down."""
        if case.queue == Queue.CHILD_SAFETY:
            raise StudioError("case.never_shown", case=case.id)
        async with self.database.writing() as tx:
            await audit.append(tx, "posted", actor=None, community_id=case.community_id, case_id=case.id)
        await self._draw_sheet(case, destination, hidden=True)
        return Exhibit(case.id, destination)

    async def unblurred_sheet(self, case_id: str, destination: Path, by: Asker) -> Path:
        """The same frames as they are, for this machine's own screens alone. The look is written down."""
        case = await self.desk.check_may_look(case_id, by)
        await self.desk.looked(case, by, hidden=False)  # before the file is there: nobody looks without a trace
        await self._draw_sheet(case, destination, hidden=False)
        return destination

    async def _draw_sheet(self, case: CaseRow, destination: Path, *, hidden: bool) -> None:
        file = None
        if case.subject == jobs.Subject.CLIP:
            async with self.database.reading() as tx:
                clip = await clips.get(tx, case.subject_id)
            assert clip is not None
            file = self.blobs.path(clip.sha256, ".mp4")
        elif case.subject != jobs.Subject.TAKE:
            raise StudioError("case.has_no_picture", case=case.id)
        await self.fleet.do(DrawSheet(take_id=case.subject_id, destination=destination, hidden=hidden, file=file))

    async def dossier(self, case_id: str, by: Asker) -> Dossier:
        """All there is about a case, and how the gate read its words."""
        found = await self.desk.dossier(case_id, by)
        views = tuple({signal.view for signal in found.signals if signal.view != "raw"})
        if not views and found.brief.prompt.isascii():
            return found  # there is one way to read it
        try:
            reading = await self.fleet.do(ReadText(text=found.brief.prompt, views=views))
        except TaskFailed as failed:
            log.warning("the words of %s could not be read again: %s", case_id, failed)
            return found
        return replace(found, read_as=reading.views)

    # -- running ---------------------------------------------------------------------------------------------------

    async def run(self, couriers: Iterable[Courier], *, only: str | None = None) -> None:
        """Run the fleet until cancelled; StudioError when another process does. `only`: for this one job."""
        if not await self.try_to_run(couriers, only=only):
            async with self.database.reading() as tx:
                holder = await shift.holder_of_the_shift(tx)
            raise StudioError("studio.running", holder=holder or "")

    def _pipeline(self) -> Pipeline:
        attempts, training = self.settings.fleet.attempts, self.settings.manifest.training
        url, stamps = self.settings.database_url, self.settings.certificate.time_stamps
        fleet = self.settings.fleet
        after = fleet.first_look_after if fleet.first_look else None
        return Pipeline(self.database, self.fleet, attempts, VERSION, self.house.plans, url, training, after, stamps)

    async def try_to_run(self, couriers: Iterable[Courier], *, only: str | None = None) -> bool:
        """Run the fleet until cancelled; False, at once, when another process does."""
        if await self.is_running_elsewhere():
            return False
        await self.fleet.get_ready()  # before a job is taken up that could not be made
        lease = await shift.take_the_shift(self.database, self._holder)
        if lease is None:
            return False
        by_platform: Mapping[str, Courier] = {courier.platform: courier for courier in couriers}
        work = shift.Shift(
            database=self.database,
            pipeline=self._pipeline(),
            delivery=Delivery(self.database, by_platform, self._holder),
            lease=lease,
            at_once=takes_at_once(self.settings),
            plans=self.house.plans,
            only=only,
        )
        beside = [
            asyncio.create_task(chore)
            for chore in (self._keep_sweeping(), self._keep_ringing(), self._keep_gathering(), self._warm_up())
        ]
        try:
            await work.work()
        finally:
            for chore in beside:
                chore.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await self.fleet.rest()
        return True

    async def _warm_up(self) -> None:
        """Have the workers load what they need. What goes wrong here goes wrong again, in the open, with a job."""
        tasks: list[Task[Ready]] = [GetReadyToCheck(), *[GetReadyToDraw()] * self.settings.fleet.workers]
        if self.settings.renderers.usual == registry.DIFFUSION:
            tasks += [GetReadyToGenerate()] * cards_at_once(self.settings)
        for failed in await asyncio.gather(*map(self.fleet.do, tasks), return_exceptions=True):
            if isinstance(failed, TaskFailed):
                log.warning("a worker could not get ready: %s", failed)

    async def is_running_elsewhere(self) -> bool:
        async with self.database.reading() as tx:
            holder = await shift.holder_of_the_shift(tx)
        return holder is not None and holder != self._holder

    async def _keep_sweeping(self) -> None:
        while True:
            try:
                for file in await sweeping.sweep(self.database, self.places, self.blobs):
                    log.info("swept %s", file.name)
            except StorageError as trouble:  # a store that is away for a while: there is another sweep
                log.warning("not everything could be swept: %s", trouble)
            if emptied := await self.library.purge():
                log.info("emptied %s clips out of the trash", emptied)
            await asyncio.sleep(SWEEP_EVERY)

    async def _keep_ringing(self) -> None:
        """Clocks of cases: one that runs out makes its case more urgent, and decides nothing."""
        while True:
            for case in await self.desk.ring():
                log.warning("case %s is overdue", case.id, extra={"job": case.job_id})
            await asyncio.sleep(RING_EVERY)

    async def _keep_gathering(self) -> None:
        """Chains and parties whose time has come end, and have their reels made."""
        while True:
            for gathering_id in await self.gatherings.ring():
                log.info("gathering %s went on", gathering_id)
            await asyncio.sleep(GATHER_EVERY)

    async def finish(self, job_id: str, couriers: Iterable[Courier]) -> None:
        """See the job through until it rests, running the fleet for it here whenever nobody else does."""
        couriers = list(couriers)
        running: asyncio.Task[bool] | None = None
        try:
            while True:
                heard = self.database.bell.heard()
                if (await self.job(job_id)).rests:
                    break
                if running is None or running.done():
                    if running is not None:
                        with contextlib.suppress(shift.ShiftLost):  # this machine slept: take it again, or wait
                            running.result()
                    running = asyncio.create_task(self.try_to_run(couriers, only=job_id))
                await self.database.bell.after(heard, at_least=FOLLOW_EVERY, at_most=shift.LOOK_AT_LEAST_EVERY)
        finally:
            if running is not None:
                running.cancel()
                with contextlib.suppress(asyncio.CancelledError, shift.ShiftLost):
                    await running


def _check_folder(root: Path) -> None:
    """Make the data folder, for its owner alone; StudioError when it cannot be used."""
    try:
        make_folder(root)
        if not os.access(root, os.R_OK | os.W_OK | os.X_OK):
            raise StudioError("folder.unusable", folder=str(root), cause=os.strerror(errno.EACCES))
    except OSError as error:
        raise StudioError("folder.unusable", folder=str(root), cause=error.strerror or str(error)) from error

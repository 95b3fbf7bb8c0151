"""The way of a job, top to bottom:

    check the brief -> (moderators) -> reserve credits -> render, inspect and mark in one pass -> (moderators)
    -> seal -> store -> deliver

`admit` carries a job from asked to queued, `make` from queued to sealed; `engine.delivery` brings the clips home.
Every step is one transaction, so a process that dies between two steps leaves a job that the next one goes on with.
Where moderators are needed the job rests in a case; `engine.review` sends it on.
"""

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from engine import communities, credits, jobs, naming, questions, releases, sources, standing
from engine.bank_tasks import AskedBanks
from engine.banks import asked_banks
from engine.errors import StudioError
from engine.first_looks import FirstLook
from engine.fleet.base import Answer, Fleet, Progress, Task, TaskFailed, WorkerLost
from engine.jobs import JobState, TakeState, brief_of, failure_of
from engine.plans import Plans, shipped
from engine.reports import SealedTake, SourceReport, TakeReport
from engine.seal_tasks import SealTake
from engine.speeds import kind_of
from engine.take_tasks import JudgeTake, draw_task
from engine.text_tasks import AskGuard, CheckText
from safety.categories import Category
from safety.desk import bank
from safety.desk.people import Kind, Subject
from safety.known import is_known
from safety.policy import Overlay
from safety.verdict import Decision, Fault, Signal, Surface, Verdict
from storage import cases, clips, events, members, policies, recognition, speeds
from storage import jobs as ledger
from storage.clock import now
from storage.database import Database, Transaction
from storage.errors import StorageError
from storage.jobs import JobRow, LostLease, TakeRow
from storage.speeds import Speed
from storage.store import AWAY

log = logging.getLogger(__name__)

LEASE_MS: Final = 60_000
RENEW_EVERY: Final = 15.0  # seconds
LOOK_EVERY: Final = 0.4  # seconds between two looks for a cancel
STORE_PAUSE: Final = 1.0  # seconds before the store is asked again; doubled each time
LONGEST_STORE_PAUSE: Final = 20.0
PROGRESS_EVERY: Final = 0.5  # seconds between two progress events of one take

DEFAULT_RENDERER: Final = "animatic"
MP4: Final = "video/mp4"
JPEG: Final = "image/jpeg"
MANIFEST_STORE: Final = "application/c2pa"


@dataclass(frozen=True)
class Pipeline:
    database: Database
    fleet: Fleet
    attempts: int
    studio_version: str
    plans: Plans = field(default_factory=shipped)
    database_url: str = ""  # for workers that have to look something up
    training: str | None = None  # what the manifest says of training models with a clip
    first_look_after: float | None = None  # seconds after which a take gets a first look; None: it gets none
    time_stamps: str | None = None  # the address of the authority that says when a clip was signed

    # -- asked -> queued, held, refused ----------------------------------------------------------------------------

    async def admit(self, job: JobRow) -> None:
        judged = await self._check(job)
        async with self.database.writing() as tx:
            match judged.decision:
                case Decision.ALLOW if job.verdict is None and await standing.wants_review(
                    tx, job.member_id, job.community_id
                ):
                    held = judged.model_copy(update={"decision": Decision.HOLD})
                    await jobs.hold(tx, job, held, kind=Kind.REVIEW)
                case Decision.ALLOW:
                    await self._queue(tx, job, judged)
                case Decision.HOLD:
                    await jobs.hold(tx, job, judged, kind=Kind.HASH if is_known(judged) else Kind.HELD)
                case Decision.REFUSE:
                    await jobs.refuse(tx, job, judged)

    async def _check(self, job: JobRow) -> Verdict:
        """The verdict on the words; a moderator's, where one has already decided."""
        if job.verdict is not None:
            return Verdict.model_validate(job.verdict)
        try:
            judged = await self._insist(job, None, await self._question(job))
        except TaskFailed as failed:
            return _unchecked(Surface.TEXT, failed)
        async with self.database.writing() as tx:
            await policies.remember(tx, judged.verdict.policy_version, judged.policy)
            known = await bank.of_community(tx, job.community_id, job.member_id)
        words = questions.words_of(brief_of(job))
        return await asyncio.to_thread(bank.compare, words, known, judged.verdict)

    async def _question(self, job: JobRow) -> CheckText:
        async with self.database.reading() as tx:
            return await questions.question(tx, self.database_url, brief_of(job), job.member_id, job.community_id)

    async def _queue(self, tx: Transaction, job: JobRow, verdict: Verdict) -> None:
        await credits.bring_up_to_date(tx, await members.current_id(tx, job.member_id), self.plans)
        try:
            await jobs.queue(tx, job, verdict)
        except StudioError as short:
            await jobs.fail(tx, job, failure_of(short))

    # -- queued -> rendering -> inspecting -> sealing --------------------------------------------------------------

    async def make(self, job: JobRow) -> None:
        """Carry every take as far as it can go now. Takes do not wait for each other to be released."""
        async with self.database.writing() as tx:
            await jobs.begin_rendering(tx, job)
        async with asyncio.TaskGroup() as group:
            guard = group.create_task(self._guarded(job))
            for take in await self._takes(job):
                group.create_task(self._make_take(job, take, guard))

    async def _guarded(self, job: JobRow) -> Verdict | None:
        """What the guard models say of the words, asked while the takes are made; None where none is required."""
        if job.verdict is None or not await self._wants_guard(job):
            return None
        allowed = Verdict.model_validate(job.verdict)
        async with self.database.reading() as tx:
            case = await cases.about(tx, Subject.BRIEF, job.id)
        if case is not None and case.decision is not None:  # a person has read them
            return Verdict(decision=Decision.ALLOW, policy_version=allowed.policy_version)
        question = await self._question(job)
        order = AskGuard(submission=question.submission, overlay=question.overlay)
        try:
            return (await self._insist(job, None, order)).verdict
        except TaskFailed as failed:
            return _unchecked(Surface.TEXT, failed)

    async def _wants_guard(self, job: JobRow) -> bool:
        async with self.database.reading() as tx:
            policy = await policies.get(tx, Verdict.model_validate(job.verdict).policy_version)
        return questions.wants_guard(policy or {})

    async def _make_take(self, job: JobRow, take: TakeRow, guard: "asyncio.Task[Verdict | None]") -> None:
        watch = _Watch()
        try:
            if take.state == TakeState.WAITING:
                take = await self._render(job, take, watch)
            if take.state == TakeState.RENDERED:
                take = await self._inspect(job, take, await guard)
            if take.state == TakeState.ALLOWED:
                await self._seal(job, take)
                await self._note_speed(job, take, watch)
        except TaskFailed as failed:
            log.warning("take %s failed: %s", take.id, failed, extra={"job": job.id})
            async with self.database.writing() as tx:
                await jobs.fail_take(tx, job, take, failure_of(failed))

    async def _render(self, job: JobRow, take: TakeRow, watch: "_Watch") -> TakeRow:
        brief = brief_of(job)
        renderer = brief.renderer or DEFAULT_RENDERER
        order = draw_task(renderer)(
            take_id=take.id,
            brief=brief,
            seed=take.seed,
            renderer=renderer,
            number=take.number,
            sources=await self._sources(job),
            visible_mark=job.visible_mark,
            overlay=await self._overlay(job),
            first_look=await self._first_look(job),
        )
        report = await self._insist(job, take, order, watch)
        async with self.database.writing() as tx:
            await jobs.keep_take(tx, job, take, report.model_dump(mode="json"))
        return await self._fresh(take)

    async def _first_look(self, job: JobRow) -> FirstLook | None:
        """None where somebody has to look first, or a guard model still reads the words."""
        if self.first_look_after is None or job.verdict is None or await self._wants_guard(job):
            return None
        async with self.database.reading() as tx:
            if await sources.shows_foreign_pixels(tx, brief_of(job)):
                return None
        return FirstLook(
            after=self.first_look_after,
            job_id=job.id,
            studio_version=self.studio_version,
            made_at=datetime.now(UTC),
            training=self.training,
            banks=await self._banks(job),
        )

    async def _inspect(self, job: JobRow, take: TakeRow, guard: Verdict | None) -> TakeRow:
        report = TakeReport.model_validate(take.report)
        try:
            async with self.database.reading() as tx:
                foreign = await sources.shows_foreign_pixels(tx, brief_of(job))
                uploads = await sources.judged_by_themselves(tx, job.member_id, brief_of(job))
            allowed = Verdict.model_validate(job.verdict) if job.verdict else None
            order = JudgeTake(
                checked_under=allowed.policy_version if allowed else "",
                frames=report.frames,
                inspections=report.inspections,
                foreign=foreign,
                uploads=uploads,
                guard=guard,
                words=await self._words_again(job),
                trained=report.trained,
                stopped=report.stopped,
                overlay=await self._overlay(job),
                banks=await self._banks(job),
            )
            judged = await self._insist(job, take, order)
            verdict, policy = judged.verdict, judged.policy
        except TaskFailed as failed:
            verdict, policy = _unchecked(Surface.FRAME, failed), None
        async with self.database.writing() as tx:
            if policy is not None:
                await policies.remember(tx, verdict.policy_version, policy)
            await jobs.judge_take(tx, job, take, verdict)
        return await self._fresh(take)

    async def _words_again(self, job: JobRow) -> CheckText | None:
        """The words once more, for a policy that may have changed while the job waited; a person's word stands."""
        async with self.database.reading() as tx:
            case = await cases.about(tx, Subject.BRIEF, job.id)
        return None if case is not None and case.decision is not None else await self._question(job)

    async def _seal(self, job: JobRow, take: TakeRow) -> None:
        report = TakeReport.model_validate(take.report)
        verdict = Verdict.model_validate(take.verdict)
        async with self.database.reading() as tx:
            anchors = await recognition.known_anchors(tx)
            maker = await naming.told_as(tx, job.member_id)
        sealed = await self._insist(
            job,
            take,
            SealTake(
                take_id=take.id,
                job_id=job.id,
                brief=brief_of(job),
                seed=take.seed,
                report=report,
                policy_version=verdict.policy_version,
                studio_version=self.studio_version,
                made_at=datetime.now(UTC),
                training=self.training,
                maker=maker,
                time_stamps=self.time_stamps,
                anchors=tuple(anchors),
                sources=await self._sources(job),
            ),
        )
        if sealed.no_stamp_because is not None:
            log.warning("clip %s was signed without a time stamp: %s", take.id, sealed.no_stamp_because)
        async with self.database.writing() as tx:
            await self._store(tx, job, take, report, verdict, sealed)
            await jobs.release_take(tx, job, take)

    async def _note_speed(self, job: JobRow, take: TakeRow, watch: "_Watch") -> None:
        """Keep how long this take took, from its first frame to its release: what estimates are made of."""
        if watch.began is None:
            return  # it was rendered before, and waited for something else since
        report = TakeReport.model_validate(take.report)
        work_ms = round((asyncio.get_running_loop().time() - watch.began) * 1000)
        kind = kind_of(brief_of(job), report.renderer)
        async with self.database.writing() as tx:
            await speeds.note(tx, Speed(kind, max(1, work_ms), max(1, round(report.seconds * 1000))))

    async def _store(
        self, tx: Transaction, job: JobRow, take: TakeRow, report: TakeReport, verdict: Verdict, sealed: SealedTake
    ) -> None:
        await clips.add_file(tx, sealed.sha256, sealed.size, MP4)
        await clips.add_file(tx, sealed.poster_sha256, sealed.poster_size, JPEG)
        clip = {
            "id": take.id,
            "job_id": job.id,
            "member_id": await members.current_id(tx, job.member_id),  # two members may have become one meanwhile
            "community_id": job.community_id,
            "sha256": sealed.sha256,
            "poster_sha256": sealed.poster_sha256,
            "width": report.width,
            "height": report.height,
            "fps": report.fps,
            "seconds": report.seconds,
            "is_draft": report.is_draft,
            "not_drawn": list(report.not_drawn),
            "notes": [*report.notes, *await sources.credentials_brought(tx, job.member_id, brief_of(job))],
            "released_at": now(),
        }
        manifest = {
            "label": sealed.manifest_label,
            "policy_version": verdict.policy_version,
            "renderer": report.renderer,
            "renderer_version": report.renderer_version,
            "time_stamped": sealed.time_stamped,
        }
        await clips.add(tx, clip, manifest, parents=await sources.parents_of(tx, job.id))
        if report.film is not None:
            await clips.add_film(tx, take.id, report.renderer, report.film)
        await self._keep_recognisable(tx, take.id, report, sealed)
        await releases.released(tx, take.id)

    async def _keep_recognisable(self, tx: Transaction, clip_id: str, report: TakeReport, sealed: SealedTake) -> None:
        """What `verify` finds the clip by when its manifest is gone."""
        if sealed.store_sha256 is not None:
            await clips.add_file(tx, sealed.store_sha256, sealed.store_size, MANIFEST_STORE)
            await recognition.keep_store(tx, clip_id, sealed.store_sha256)
        if sealed.mark is not None and report.mark_key is not None:
            await recognition.add_mark(tx, clip_id, report.mark_key, sealed.mark)
        if sealed.fingerprint:
            await recognition.add_fingerprint(tx, clip_id, bytes.fromhex(sealed.fingerprint))
        if sealed.anchor is not None:
            await recognition.remember_anchor(tx, hashlib.sha256(sealed.anchor.encode()).hexdigest(), sealed.anchor)

    # -- holding a job ---------------------------------------------------------------------------------------------

    async def carry(self, job: JobRow) -> None:
        """Work on a claimed job until it rests, ends, is called off or is lost; then let go of it."""
        step = self.admit(job) if job.state == JobState.ASKED else self.make(job)
        try:
            if job.cancel_requested_at is not None:
                step.close()
                await self._call_off(job)
            elif await self._until_cancelled(job, step):
                await self._call_off(job)
        except LostLease:
            log.warning("job %s was taken over by another process", job.id, extra={"job": job.id})
        except StorageError as trouble:
            # No room, or a database that cannot be written: nothing is decided about the job, it goes on later.
            log.error("job %s has to wait: %s", job.id, trouble, extra={"job": job.id})  # noqa: TRY400
            raise
        except Exception as error:
            log.exception("job %s failed", job.id, extra={"job": job.id})
            async with self.database.writing() as tx:
                await jobs.fail(tx, job, {"code": "studio.crashed", "params": {"cause": type(error).__name__}})
        finally:
            with contextlib.suppress(StorageError):  # the lease runs out by itself
                async with self.database.writing() as tx:
                    await ledger.let_go(tx, job.id, job.fence)

    async def _until_cancelled(self, job: JobRow, step: Coroutine[Any, Any, None]) -> bool:
        """Run the step under a heartbeat; True when the member called the job off meanwhile."""
        work = asyncio.create_task(step)
        heart = asyncio.create_task(self._beat(job))
        try:
            await asyncio.wait({work, heart}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                _raise_first(work)
                return False
            heart.result()
            return True
        finally:
            for task in (work, heart):
                task.cancel()
            await asyncio.gather(work, heart, return_exceptions=True)

    async def _beat(self, job: JobRow) -> None:
        """Renew the lease now and then; returns when a cancel is asked for, raises LostLease when the job is lost."""
        renewed = asyncio.get_running_loop().time()
        while True:
            await asyncio.sleep(LOOK_EVERY)
            async with self.database.reading() as tx:
                current = await ledger.get(tx, job.id)
            if current is None or current.fence != job.fence:
                raise LostLease(job.id)
            if current.cancel_requested_at is not None:
                return
            if asyncio.get_running_loop().time() - renewed >= RENEW_EVERY:
                renewed = asyncio.get_running_loop().time()
                async with self.database.writing() as tx:
                    await ledger.renew(tx, job.id, job.fence, LEASE_MS)

    async def _call_off(self, job: JobRow) -> None:
        async with self.database.writing() as tx:
            await ledger.write(tx, job.id, job.fence)
            await jobs.finish_cancel(tx, job)

    async def _sources(self, job: JobRow) -> tuple[SourceReport, ...]:
        """What the job stands on, if it may still be used."""
        async with self.database.reading() as tx:
            try:
                return await sources.for_drawing(tx, job)
            except StudioError as gone:
                raise TaskFailed(gone.code, **gone.params) from gone

    # -- small helpers ---------------------------------------------------------------------------------------------

    async def _insist(
        self, job: JobRow, take: TakeRow | None, task: Task[Answer], watch: "_Watch | None" = None
    ) -> Answer:
        """Have a task done, and again when its worker is lost, up to the cap; then the reason is the failure.

        A store that is away, or does not let us in, fails nothing: the job waits for it, however long that takes.
        """
        lost, waits = 0, 0
        while True:
            try:
                answer = await self.fleet.do(task, progress=self._telling(job, take, watch))
            except WorkerLost:
                lost += 1
                if take is not None:
                    async with self.database.writing() as tx:
                        lost = await jobs.count_lost_attempt(tx, job, take)
                if lost >= self.attempts:
                    raise
            except TaskFailed as failed:
                if failed.code not in AWAY:
                    raise
                log.warning("job %s waits for the store: %s", job.id, failed, extra={"job": job.id})
                async with self.database.writing() as tx:
                    await jobs.wait_for_store(tx, job, take, failed.code)
                await asyncio.sleep(min(STORE_PAUSE * 2**waits, LONGEST_STORE_PAUSE))
                waits = min(waits + 1, 10)
            else:
                if waits:
                    async with self.database.writing() as tx:
                        await jobs.store_is_back(tx, job, take)
                return answer

    def _telling(self, job: JobRow, take: TakeRow | None, watch: "_Watch | None" = None) -> Progress | None:
        """Progress of a take as events, a few a second at most."""
        if take is None:
            return None
        told = 0.0

        async def tell(progress: dict[str, Any]) -> None:
            nonlocal told
            if watch is not None:
                watch.start()
            if still := progress.get("still"):
                async with self.database.writing() as tx:
                    await jobs.show_first_look(tx, job, take, str(still))
                return
            at = asyncio.get_running_loop().time()
            if at - told >= PROGRESS_EVERY:
                told = at
                async with self.database.writing() as tx:
                    await events.add(tx, job.id, "progress", take_id=take.id, number=take.number, **progress)

        return tell

    async def _overlay(self, job: JobRow) -> Overlay:
        """How much stricter the job's community is."""
        async with self.database.reading() as tx:
            return communities.settings_of(await communities.get(tx, job.community_id)).overlay

    async def _banks(self, job: JobRow) -> AskedBanks | None:
        """The banks of known-bad media that the job's community asks; None where there are none."""
        async with self.database.reading() as tx:
            return await asked_banks(tx, self.database_url, job.community_id)

    async def _takes(self, job: JobRow) -> list[TakeRow]:
        async with self.database.reading() as tx:
            return await ledger.takes_of(tx, job.id)

    async def _fresh(self, take: TakeRow) -> TakeRow:
        async with self.database.reading() as tx:
            current = await ledger.take(tx, take.id)
        assert current is not None
        return current


@dataclass
class _Watch:
    """When a worker began with a take: waiting for a free one is no part of making it."""

    began: float | None = None

    def start(self) -> None:
        if self.began is None:
            self.began = asyncio.get_running_loop().time()


def _unchecked(surface: Surface, failed: TaskFailed) -> Verdict:
    """Nobody could look: that holds, it never allows (promise 1)."""
    fault = Fault.SLOW if failed.code in ("worker.hung", "worker.too_slow") else Fault.CRASHED
    signal = Signal(category=Category.UNCHECKED, score=1.0, classifier="gate", surface=surface, fault=fault)
    return Verdict(decision=Decision.HOLD, signals=(signal,), policy_version="none")


def _raise_first(work: "asyncio.Task[None]") -> None:
    """The work's error, unwrapped from the group of takes: a lost lease hits every take at once."""
    error = work.exception()
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if error is not None:
        raise error

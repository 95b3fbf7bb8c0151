"""A job as bots show it: its takes and clips, its place in the queue, and what waits for a moderator."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from engine import handed, jobs, speeds, turns
from engine.brief import Brief
from engine.handed import Clip, Preview
from engine.jobs import ENDED_JOBS, JobState
from engine.pipeline import DEFAULT_RENDERER
from engine.speeds import Estimate
from safety.verdict import Verdict
from storage import cases, events
from storage import jobs as ledger
from storage.blobs import Blobs
from storage.database import Transaction
from storage.jobs import JobRow, TakeRow


@dataclass(frozen=True)
class JobView:
    """A job as bots show it."""

    job: JobRow
    takes: tuple[TakeRow, ...]
    clips: tuple[Clip, ...]
    place: int | None  # how many jobs come before it
    case_ids: tuple[str, ...]  # what waits for a moderator
    estimate: Estimate | None = None  # in how long it will be done, where that is known
    decided_by: int | None = None  # when the clock of what waits for a moderator runs out
    is_overdue: bool = False  # it ran out before, or somebody found it urgent
    first_look: Preview | None = None  # of what is being drawn, where there is one already
    waits_for_store: bool = False  # where the files are cannot be reached just now

    @property
    def id(self) -> str:
        return self.job.id

    @property
    def state(self) -> JobState:
        return JobState(self.job.state)

    @property
    def brief(self) -> Brief:
        return jobs.brief_of(self.job)

    @property
    def verdict(self) -> Verdict | None:
        """The strictest of the verdicts on the brief and on the takes."""
        stored = [one for one in (self.job.verdict, *(take.verdict for take in self.takes)) if one]
        verdicts = [Verdict.model_validate(one) for one in stored]
        return max(verdicts, key=lambda verdict: verdict.decision) if verdicts else None

    @property
    def not_drawn(self) -> tuple[str, ...]:
        """Words of the prompt that no variation could show."""
        return tuple(dict.fromkeys(word for clip in self.clips for word in clip.not_drawn))

    @property
    def notes(self) -> tuple[str, ...]:
        """How the sources were used: names of sentences, those of all variations."""
        return tuple(dict.fromkeys(note for clip in self.clips for note in clip.notes))

    @property
    def rests(self) -> bool:
        """Nothing more happens by itself: it has ended, or waits for a moderator."""
        return self.state in ENDED_JOBS or self.state is JobState.HELD


async def views_of(tx: Transaction, blobs: Blobs, workers: int, found: Sequence[JobRow]) -> list[JobView]:
    """`workers`: how many draw at once. What they have is asked for once for all of them, and so is the queue."""
    ids = [job.id for job in found]
    places = await turns.places(tx, found)
    takes = _by_job(await ledger.takes_of_each(tx, ids))
    clips = _by_job(await handed.clips_of(tx, blobs, ids))
    waiting = _by_job(await cases.undecided_of(tx, ids))
    views = []
    for job in found:
        brief, place = jobs.brief_of(job), places.get(job.id)
        # Reports about its clips are for moderators alone.
        undecided = [case for case in waiting[job.id] if case.subject != jobs.Subject.CLIP]
        view = JobView(
            job=job,
            takes=tuple(takes[job.id]),
            clips=tuple(clips[job.id]),
            place=place,
            case_ids=tuple(case.id for case in undecided),
            decided_by=max((case.due_at for case in undecided), default=None),
            is_overdue=any(case.escalations for case in undecided),
            estimate=await speeds.estimate(tx, brief, place, brief.renderer or DEFAULT_RENDERER, workers),
            first_look=await handed.first_look(tx, blobs, job),
            waits_for_store=blobs.store is not None and await _waits_for_store(tx, job),
        )
        views.append(view)
    return views


async def _waits_for_store(tx: Transaction, job: JobRow) -> bool:
    if job.state not in handed.UNDER_WAY:
        return False
    latest = await events.latest(tx, job.id)
    return latest is not None and latest.kind == jobs.STORE_AWAY


class _OfAJob(Protocol):
    @property
    def job_id(self) -> str: ...


Part = TypeVar("Part", bound=_OfAJob)


def _by_job(parts: Iterable[Part]) -> dict[str, list[Part]]:
    sorted_out: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        sorted_out[part.job_id].append(part)
    return sorted_out

"""Jobs: how far each is, what came of it, why it was stopped, and what can be done about that."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bots import stories
from bots.web.rooms.clips import OPERATIONS, file_of
from bots.web.visits import Visit, get, post
from bots.wording import say
from engine.errors import StudioError
from engine.jobs import ENDED_JOBS, JobState
from engine.members import Asker
from engine.statements import Statement
from engine.viewing import JobView
from storage import events
from storage.clock import now
from storage.events import EventRow

LISTED: Final = 60
FRESH_MS: Final = 120_000


@dataclass(frozen=True)
class Card:
    """A job as a page shows it."""

    view: JobView
    progress: dict[int, float]  # how much of each variation is drawn
    last_event: int  # the page is told what came after this one
    statements: tuple[Statement, ...]
    operations: tuple[str, ...] = OPERATIONS

    @property
    def id(self) -> str:
        return self.view.id

    @property
    def has_ended(self) -> bool:
        return self.view.state in ENDED_JOBS

    @property
    def is_live(self) -> bool:
        return is_live(self.view)

    @property
    def step(self) -> str:
        """The sentence under the bar."""
        view = self.view
        if view.state is JobState.QUEUED and view.place is not None:
            return say("progress.place", place=view.place) if view.place else say("discord.job.next")
        return say("progress.store_away") if view.waits_for_store else stories.state_name(view.state)

    @property
    def reasons(self) -> list[str]:
        return stories.reasons(self.view.verdict) if self.view.verdict is not None else []

    @property
    def can_appeal(self) -> bool:
        return any(one.can_appeal for one in self.statements)

    @property
    def can_doubt(self) -> bool:
        return any(one.can_doubt for one in self.statements[-1:])


async def card_of(visit: Visit, job_id: str) -> Card:
    (card,) = await cards_of(visit, [job_id])
    return card


async def cards_of(visit: Visit, job_ids: Sequence[str]) -> list[Card]:
    views = await visit.studio.jobs_of(job_ids, visit.asker)
    stopped = [view.id for view in views if view.state in (JobState.REFUSED, JobState.DELIVERED)]
    statements = await visit.studio.desk.statements(visit.asker, *stopped) if stopped else []
    return [await _card(visit, view, [one for one in statements if one.job_id == view.id]) for view in views]


async def _card(visit: Visit, view: JobView, statements: Sequence[Statement]) -> Card:
    found: Sequence[EventRow] = ()
    if is_live(view):
        async with visit.studio.database.reading() as tx:
            found = await events.after(tx, view.id, 0)
    progress: dict[int, float] = {}
    for event in found:
        number, of = event.data.get("number"), event.data.get("of")
        if event.kind == "progress" and number and of:
            progress[int(number)] = int(event.data.get("done", 0)) / int(of)
    return Card(view, progress, found[-1].id if found else 0, tuple(statements))


def is_live(view: JobView) -> bool:
    """Whether the page is told of what comes: a moderator may take a decision back while it is fresh."""
    fresh = view.state is JobState.REFUSED and now() - (view.job.ended_at or 0) < FRESH_MS
    return view.state not in ENDED_JOBS or fresh


async def every_job(visit: Visit) -> web.StreamResponse:
    return visit.page("jobs.html", rows=await visit.studio.latest_jobs(visit.asker, limit=LISTED), stories=stories)


async def job(visit: Visit) -> web.StreamResponse:
    card = await card_of(visit, visit.named())
    if visit.is_fragment:
        return visit.page("parts/job.html", card=card)
    return visit.page("job.html", card=card)


async def still(visit: Visit) -> web.StreamResponse:
    """The first look at what is being drawn: gone as soon as it is more, or less, than that."""
    view = await visit.studio.job_of(visit.named(), visit.asker)
    if view.first_look is None:
        raise StudioError("preview.unknown")
    return await file_of(visit, view.first_look.file, "image/jpeg")


async def cancel(visit: Visit) -> web.StreamResponse:
    job_id = visit.named()
    await visit.studio.cancel(job_id, visit.asker)
    return visit.json({"done": True}) if visit.is_fragment else visit.go_to(f"/jobs/{job_id}")


async def appeal(visit: Visit) -> web.StreamResponse:
    job_id, asker = visit.named(), visit.asker
    case = await visit.studio.desk.appeal(job_id, asker, visit.form["text"])
    return visit.go_to(f"/jobs/{job_id}", told=say("appeal.filed", job=job_id, case=case))


async def doubt(visit: Visit) -> web.StreamResponse:
    job_id = visit.named()
    await visit.studio.desk.doubt(job_id, visit.asker)
    return visit.go_to(f"/jobs/{job_id}", told=say("doubt.noted"))


def is_own(view: JobView, asker: Asker) -> bool:
    return view.job.member_id == asker.member_id


PAGES = (
    get("/jobs", every_job),
    get("/jobs/{id}", job),
    get("/jobs/{id}/still.jpg", still),
    post("/jobs/{id}/cancel", cancel),
    post("/jobs/{id}/appeal", appeal),
    post("/jobs/{id}/doubt", doubt),
)

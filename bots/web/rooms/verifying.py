"""Was this made here? A file is dropped or chosen, looked at in a worker, and forgotten."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bots.stories import conclusion, stamp_of
from bots.web.visits import Visit, get, post
from bots.wording import say
from engine.errors import StudioError
from engine.fleet.base import WorkerLost
from engine.heritage import Source
from engine.reports import TraceReport

_MOODS: Final = {"sure": "good", "unsure": "doubtful", "bad": "bad", "none": "none"}


@dataclass(frozen=True)
class Answer:
    """What the layers add up to, and how sure it is: good, doubtful, bad or none."""

    sentence: str
    mood: str
    report: TraceReport
    sources: Source | None

    @property
    def stamp(self) -> str | None:
        return stamp_of(self.report)


async def page(visit: Visit) -> web.StreamResponse:
    return visit.page("verify.html", answer=None)


async def verify(visit: Visit) -> web.StreamResponse:
    file = visit.form.files.get("file")
    if file is None:
        raise StudioError("web.which_file")
    try:
        report = await visit.studio.verify(file)
    except WorkerLost as lost:  # a file that a worker dies of is a file that cannot be read
        raise StudioError("upload.unreadable") from lost
    return await _answered(visit, report)


async def verify_clip(visit: Visit) -> web.StreamResponse:
    """The file of a clip as it lies here now: whether it still says what was signed."""
    clip_id = visit.named()
    await visit.studio.remixing.check_seen(visit.asker, clip_id)
    return await _answered(visit, await visit.studio.verify((await visit.studio.clip(clip_id)).file))


async def _answered(visit: Visit, report: TraceReport) -> web.StreamResponse:
    sources = await visit.studio.heritage.tree(visit.asker, report)
    sentence, kind = conclusion(report)
    answer = Answer(say(sentence), _MOODS[kind], report, sources)
    if visit.is_fragment:
        return visit.page("parts/verdict.html", answer=answer)
    return visit.page("verify.html", answer=answer)


PAGES = (
    get("/verify", page),
    post("/verify", verify, takes_files=True),
    post("/clips/{id}/verify", verify_clip),
)

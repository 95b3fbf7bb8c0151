"""Was this made here? A file is dropped or chosen, looked at in a worker, and forgotten."""

from dataclasses import dataclass

from aiohttp import web

from bots.stories import stamp_of
from bots.web.visits import Visit, get, post
from bots.wording import say
from engine.errors import StudioError
from engine.fleet.base import WorkerLost
from engine.reports import TraceReport


@dataclass(frozen=True)
class Answer:
    """What the layers add up to, and how sure it is: good, doubtful, bad or none."""

    sentence: str
    mood: str
    report: TraceReport

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
    return _answered(visit, report)


async def verify_clip(visit: Visit) -> web.StreamResponse:
    """The file of a clip as it lies here now: whether it still says what was signed."""
    clip_id = visit.named()
    await visit.studio.remixing.check_seen(visit.asker, clip_id)
    return _answered(visit, await visit.studio.verify((await visit.studio.clip(clip_id)).file))


def _answered(visit: Visit, report: TraceReport) -> web.StreamResponse:
    answer = conclude(report)
    if visit.is_fragment:
        return visit.page("parts/verdict.html", answer=answer)
    return visit.page("verify.html", answer=answer)


def conclude(report: TraceReport) -> Answer:
    if not report.made_here:
        return Answer(say("verify.no_trace"), "none", report)
    if report.layer == "watermark" and report.looks_like_it is False:
        return Answer(say("verify.mark_copied"), "bad", report)
    if report.layer == "watermark":
        return Answer(say("verify.by_mark"), "good", report)
    if report.layer == "fingerprint":
        return Answer(say("verify.looks_like"), "doubtful", report)
    if report.tampered:
        return Answer(say("verify.tampered"), "bad", report)
    return Answer(say("verify.copy") if report.copy_of_it else say("verify.made_here"), "good", report)


PAGES = (
    get("/verify", page),
    post("/verify", verify, takes_files=True),
    post("/clips/{id}/verify", verify_clip),
)

"""The review desk: what waits, one case with all there is about it, and what is done with it."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from markupsafe import Markup, escape

from bots.web.visits import Access, Visit, get, post
from bots.wording import say
from engine.dossier import Dossier
from engine.errors import StudioError
from engine.members import Asker
from engine.names import read_id
from engine.studio import Studio
from safety.desk.decisions import Decided
from safety.desk.people import ADVERSE, Action, Choice, Queue
from storage.cases import CaseRow
from storage.clock import now
from storage.errors import CodedError

DAY_MS: Final = 86_400_000
DAYS_LIMIT: Final = 3_650
NOTE_LIMIT: Final = 2_000
LISTED: Final = 200
QUEUES: Final = (Queue.GENERAL, Queue.APPEALS, Queue.CHILD_SAFETY)


@dataclass(frozen=True)
class Line:
    """A case in the list."""

    case: CaseRow
    prompt: str
    claim: str  # "", "mine" or "taken"
    is_late: bool

    @property
    def categories(self) -> tuple[str, ...]:
        found = {str(one["category"]): float(one["score"]) for one in self.case.verdict.get("signals", ())}
        return tuple(sorted(found, key=lambda name: -found[name]))[:2]


def claim_on(case: CaseRow, by: Asker) -> str:
    if not case.is_claimed(now()):
        return ""
    return "mine" if case.claimed_by == by.member_id else "taken"


async def queue(visit: Visit) -> web.StreamResponse:
    asker, typed = visit.asker, visit.request.query.get("queue", "")
    only = Queue(typed) if typed in set(Queue) else None
    # Before the cases are read: what comes in between is told once too often rather than never.
    stands = (await visit.site.pulse.desk_states([asker.community_id]))[asker.community_id]
    found = (await visit.studio.desk.queue(asker, only=only))[:LISTED]
    lines = []
    for case in found:
        prompt = (await visit.studio.job(case.job_id)).brief.prompt
        lines.append(Line(case, prompt, claim_on(case, asker), case.due_at < now()))
    shown: dict[str, Any] = {
        "lines": lines,
        "stands": stands,
        "queues": QUEUES,
        "only": only,
        "unwatched": await visit.studio.desk.unwatched(asker),
        "wellbeing": await visit.studio.desk.wellbeing(asker),
        "settings": await visit.studio.desk.settings(asker),
        "last": read_id(visit.request.query.get("last", "")),
        "decided": visit.request.query.get("decided", "")[:20],
        "is_own_machine": asker.is_alone,
    }
    return visit.page("parts/queue.html" if visit.is_fragment else "desk.html", **shown)


async def take_next(visit: Visit) -> web.StreamResponse:
    typed = visit.form["queue"]
    return await _next(visit, Queue(typed) if typed in set(Queue) else None)


async def _next(visit: Visit, only: Queue | None = None, last: str = "") -> web.StreamResponse:
    case = await visit.studio.desk.next(visit.asker, only=only)
    if case is None:
        return visit.go_to("/desk" + last)
    return visit.go_to(f"/desk/{case.id}{last}")


async def case(visit: Visit) -> web.StreamResponse:
    case_id, asker = visit.named(), visit.asker
    dossier = await visit.studio.dossier(case_id, asker)
    return visit.page(
        "case.html",
        dossier=dossier,
        case=dossier.case,
        claim=claim_on(dossier.case, asker),
        is_late=dossier.case.decision is None and dossier.case.due_at < now(),
        prompt=marked_prompt(dossier),
        alike=await visit.studio.desk.alike(case_id, asker) if dossier.case.decision is None else [],
        wellbeing=await visit.studio.desk.wellbeing(asker),
        settings=await visit.studio.desk.settings(asker),
        last=read_id(visit.request.query.get("last", "")),
        can_undo=_can_undo(dossier, asker),
        colleagues=await _colleagues(visit.studio, asker),
        queues=QUEUES,
        adverse=ADVERSE,
        decided=visit.request.query.get("decided", "")[:20],
    )


def _can_undo(dossier: Dossier, by: Asker) -> bool:
    decided_at = dossier.case.decided_at
    return decided_at is not None and dossier.case.decided_by == by.member_id and now() - decided_at < 60_000


async def _colleagues(studio: Studio, by: Asker) -> list[tuple[str, str]]:
    """Others who moderate here, by id and by name."""
    people = await studio.membership.everybody(by)
    return [
        (one.id, one.identities[0].external_id if one.identities else one.id)
        for one in people
        if one.role in ("moderator", "lead", "operator") and one.id != by.member_id
    ]


def marked_prompt(dossier: Dossier) -> Markup:
    """The words as they were typed, with the stretches that raised signals marked."""
    prompt = dossier.brief.prompt
    inside = [False] * len(prompt)
    for signal in dossier.signals:
        if signal.span is not None and signal.span.text == 0:
            for at in range(max(0, signal.span.start), min(len(prompt), signal.span.end)):
                inside[at] = True
    parts, begin = Markup(""), 0
    for at in range(1, len(prompt) + 1):
        if at == len(prompt) or inside[at] != inside[begin]:
            words = escape(prompt[begin:at])
            parts += Markup("<mark>{}</mark>").format(words) if inside[begin] else words
            begin = at
    return parts


# -- frames --------------------------------------------------------------------------------------------------------


async def sheet(visit: Visit) -> web.StreamResponse:
    """Blurred and grey. That it was drawn for somebody is written down."""
    case_id, asker = visit.named(), visit.asker
    return await _picture(visit, lambda file: visit.studio.exhibit(case_id, file, asker))


async def reveal(visit: Visit) -> web.StreamResponse:
    """As they are, for as long as a key or a button is held. The look is written down before anything is drawn."""
    case_id, asker = visit.named(), visit.asker
    return await _picture(visit, lambda file: visit.studio.unblurred_sheet(case_id, file, asker))


async def _picture(visit: Visit, draw: Callable[[Path], Awaitable[object]]) -> web.StreamResponse:
    file = visit.site.scratch / f"{secrets.token_hex(16)}.png"
    try:
        await draw(file)
        drawn = await asyncio.to_thread(file.read_bytes)
    finally:
        await asyncio.to_thread(file.unlink, missing_ok=True)
    return web.Response(body=drawn, content_type="image/png", headers={"Cache-Control": "no-store"})


# -- deeds ---------------------------------------------------------------------------------------------------------


async def decide(visit: Visit) -> web.StreamResponse:
    case_id, asker, choice = visit.named(), visit.asker, _choice(visit)
    desk = visit.studio.desk
    if visit.form["alike"]:
        done = await desk.decide_alike(case_id, choice, asker)
    else:
        done = [await desk.decide(case_id, choice, asker)]
    last = f"?last={case_id}&decided={'first' if not done[0].is_final else choice.action.value}"
    if visit.form["stay"]:
        return visit.go_to(f"/desk/{case_id}{last}", told=_told(done))
    return await _next(visit, last=last)


def _choice(visit: Visit) -> Choice:
    form = visit.form
    typed = form["action"]
    if typed not in set(Action):
        raise StudioError("case.no_such_action", case=visit.named(), action=typed[:20], fitting=", ".join(Action))
    days = form.whole("days") or 0
    if not 0 <= days <= DAYS_LIMIT:
        raise StudioError("web.number", field="days", typed=str(days))
    action = Action(typed)
    is_adverse = action in ADVERSE  # what was ticked for a refusal does not come along with a release
    return Choice(
        action,
        form["reason"] if is_adverse or form["reason"] not in ("", form["usual_reason"]) else "",
        form["note"].strip()[:NOTE_LIMIT],
        form["word"].strip()[:NOTE_LIMIT] if is_adverse else "",
        bool(form["strike"]) and is_adverse,
        bool(form["bank"]) and is_adverse,
        now() + days * DAY_MS if days and is_adverse else None,
    )


def _told(done: list[Decided]) -> str:
    first = done[0]
    if not first.is_final:
        return say("desk.first_opinion", case=first.case.id)
    return say("desk.decided", case=first.case.id, decision=say(f"decision.{first.decision.action}"))


async def move(visit: Visit) -> web.StreamResponse:
    """What is done with a case short of deciding it."""
    case_id, asker, desk = visit.named(), visit.asker, visit.studio.desk
    what = visit.request.match_info["what"]
    match what:
        case "claim":
            await desk.claim(case_id, asker)
            return visit.go_to(f"/desk/{case_id}")
        case "release":
            await desk.release(case_id, asker)
            return visit.go_to("/desk", told=say("desk.moved.release", case=case_id))
        case "skip":
            await desk.skip(case_id, asker)
            return await _next(visit)
        case "escalate":
            await desk.escalate(case_id, asker)
            return visit.go_to("/desk", told=say("desk.moved.escalate", case=case_id))
        case "pass":
            to, typed = visit.form["to"] or None, visit.form["queue"]
            if to is None and typed not in set(Queue):
                raise StudioError("web.pass_where")
            await desk.pass_on(case_id, asker, to=to, queue=Queue(typed) if typed in set(Queue) else None)
            return visit.go_to("/desk", told=say("desk.moved.pass", case=case_id))
        case "undo":
            await desk.undo(case_id, asker)
            return visit.go_to(f"/desk/{case_id}", told=say("desk.moved.undo", case=case_id))
        case _:
            raise StudioError("web.not_here")


async def keep_claim(visit: Visit) -> web.StreamResponse:
    """An open case stays on its desk while its page is open."""
    try:
        await visit.studio.desk.claim(visit.named(), visit.asker)
    except CodedError as error:
        return visit.json({"kept": False, "code": error.code})
    return visit.json({"kept": True})


async def settle(visit: Visit) -> web.StreamResponse:
    limit = visit.form.whole("heavy_limit")
    values: dict[str, object] = {"text_first": visit.form["text_first"] == "1"}
    if limit is not None:
        if not 1 <= limit <= 1_000:
            raise StudioError("web.number", field="heavy_limit", typed=str(limit))
        values["heavy_limit"] = limit
    await visit.studio.desk.change_settings(visit.asker, **values)
    return visit.go_to("/desk", told=say("web.desk.settled"))


PAGES = (
    get("/desk", queue, Access.MODERATOR),
    post("/desk/next", take_next, Access.MODERATOR),
    post("/desk/settings", settle, Access.MODERATOR),
    get("/desk/{id:case-[^/]+}", case, Access.MODERATOR),
    get("/desk/{id:case-[^/]+}/sheet.png", sheet, Access.MODERATOR),
    post("/desk/{id:case-[^/]+}/reveal", reveal, Access.MODERATOR, only_looks=True),
    post("/desk/{id:case-[^/]+}/decide", decide, Access.MODERATOR),
    post("/desk/{id:case-[^/]+}/keep", keep_claim, Access.MODERATOR, only_looks=True),
    post("/desk/{id:case-[^/]+}/{what}", move, Access.MODERATOR),
)

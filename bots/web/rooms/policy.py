"""The community's policy: its thresholds, and what others would have decided about past requests, before they do."""

from typing import Final

from aiohttp import web
from pydantic import ValidationError

from bots.web.visits import Access, Visit, get, post
from bots.wording import say
from engine.errors import StudioError
from engine.rehearsal import Policing, Rehearsal, changed
from safety.categories import Category
from safety.policy import Overlay, Policy, Thresholds
from safety.verdict import Surface

SURFACES: Final = tuple(Surface)
Typed = dict[tuple[Category, Surface], Thresholds]


async def page(visit: Visit) -> web.StreamResponse:
    current, _ = await Policing(visit.studio).current(visit.asker)
    return _page(visit, current, None)


def _page(visit: Visit, shown: Policy, rehearsal: Rehearsal | None) -> web.Response:
    return visit.page(
        "policy.html", shown=shown, base=Policing(visit.studio).base(), surfaces=SURFACES, rehearsal=rehearsal
    )


async def change(visit: Visit) -> web.StreamResponse:
    """First what it would mean; only from there on, for real."""
    policing, asker = Policing(visit.studio), visit.asker
    _, overlay = await policing.current(asker)
    base = policing.base()
    wanted = changed(overlay, base, _typed(visit, base))
    if visit.form["do"] == "settle":
        await policing.settle(asker, wanted)
        return visit.go_to("/desk/policy", told=say("web.policy.settled"))
    return _page(visit, base.tightened(wanted), await policing.rehearse(asker, wanted))


async def reset(visit: Visit) -> web.StreamResponse:
    _, overlay = await Policing(visit.studio).current(visit.asker)
    await Policing(visit.studio).settle(visit.asker, Overlay(text=overlay.text, frames=overlay.frames))
    return visit.go_to("/desk/policy", told=say("web.policy.settled"))


def _typed(visit: Visit, base: Policy) -> Typed:
    typed: Typed = {}
    for category, rules in base.categories.items():
        for surface in SURFACES:
            name = f"{category}-{surface}"
            if not visit.form.has(f"hold-{name}"):
                typed[category, surface] = rules.on(surface)
                continue
            hold, refuse = visit.form.number(f"hold-{name}"), visit.form.number(f"refuse-{name}")
            try:
                typed[category, surface] = Thresholds(hold=hold, refuse=refuse)
            except ValidationError:
                raise StudioError("web.thresholds", category=say(f"category.{category}")) from None
    return typed


PAGES = (
    get("/desk/policy", page, Access.MODERATOR),
    post("/desk/policy", change, Access.MODERATOR),
    post("/desk/policy/reset", reset, Access.MODERATOR),
)

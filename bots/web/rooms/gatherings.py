"""Chains and parties: what a community makes together, wherever it was started; here everybody may take part."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bots import stories
from bots.web.forms import Form
from bots.web.guards import sentence_of
from bots.web.rooms.making import CHOICES, ORIGIN, price_of, told_price
from bots.web.visits import Visit, get, post
from bots.wording import say
from engine.brief import Brief
from engine.errors import StudioError
from engine.gatherings import ChainRules, GatheringView, PartyRules
from engine.gatherings.joining import OVERLAP, STEP_SECONDS, Wish
from engine.gatherings.rules import THEME_LIMIT, read_rules
from engine.gatherings.states import EntryState, Kind, State
from engine.gatherings.view import EntryView
from engine.members import LOCAL, Role, at_least
from engine.names import read_id
from storage.errors import CodedError

PLACE: Final = "web"  # the one place of a community's pages
LISTED: Final = 20


@dataclass(frozen=True)
class Shown:
    """A gathering as its page shows it to one member."""

    view: GatheringView
    names: Mapping[str, str]
    likes: frozenset[str]
    why_not: str  # why they cannot make a clip there now; empty when they can
    own_id: str
    keeps_order: bool

    @property
    def goes_on(self) -> bool:
        return self.view.state in (State.OPEN, State.PAUSED)

    @property
    def may_close(self) -> bool:
        return self.goes_on and (self.keeps_order or self.view.started_by == self.own_id)

    def name(self, member_id: str) -> str:
        return say("web.together.you") if member_id == self.own_id else self.names.get(member_id, member_id)

    def may_like(self, entry: EntryView) -> bool:
        return self.goes_on and entry.state is EntryState.STANDING and entry.member_id != self.own_id

    def may_remove(self, entry: EntryView) -> bool:
        is_there = entry.state is not EntryState.GAP and self.view.state is not State.OVER
        return is_there and (self.keeps_order or entry.member_id == self.own_id)


async def listed(visit: Visit) -> web.StreamResponse:
    return await _listed(visit, Form())


async def _listed(visit: Visit, typed: Form, *, trouble: str = "", status: int = 200) -> web.StreamResponse:
    studio, asker = visit.studio, visit.asker
    found = [view for kind in Kind for view in await studio.gatherings.latest(asker, kind, limit=LISTED)]
    found.sort(key=lambda view: (view.state is State.OVER, -view.started_at))
    return visit.page(
        "together.html",
        status=status,
        found=found,
        typed=typed,
        trouble=trouble,
        why_not=await _why_not_start(visit),
        pots=await _pots(visit),
        theme_limit=THEME_LIMIT,
    )


async def _why_not_start(visit: Visit) -> str:
    try:
        await visit.studio.membership.check_may_start(visit.asker)
    except StudioError as error:
        return sentence_of(error)
    return ""


async def _pots(visit: Visit) -> list[tuple[str, str]]:
    """The pots that this member may give away, by id and by name."""
    asker = visit.asker
    moderates = at_least(asker.role, Role.MODERATOR)
    found = await visit.studio.membership.pots(asker)
    return [(one.row.id, one.row.name) for one in found if moderates or one.row.opened_by == asker.member_id]


async def start(visit: Visit) -> web.StreamResponse:
    form, gatherings = visit.form, visit.studio.gatherings
    try:
        theme, pot = form["theme"][: 4 * THEME_LIMIT], form["pot"] or None
        shared = {"most": form.whole("most"), "most_each": form.whole("most_each"), "budget": form.whole("budget")}
        shared["pace_minutes"] = form.whole("pace")
        if form["kind"] == Kind.PARTY:
            rules = read_rules(PartyRules, **shared, minutes=form.whole("minutes"), reel_of=form.whole("reel_of"))
            assert isinstance(rules, PartyRules)
            view = await gatherings.start_party(visit.asker, PLACE, theme, ORIGIN, rules, pot_id=pot)
        else:
            turn, idle = form.whole("turn"), form.whole("idle")
            rules = read_rules(ChainRules, **shared, turn_minutes=turn, idle_hours=idle)
            assert isinstance(rules, ChainRules)
            opening = _opening(form["opening"].strip())
            view = await gatherings.start_chain(visit.asker, PLACE, theme, ORIGIN, rules, opening=opening, pot_id=pot)
    except CodedError as error:
        return await _listed(visit, form, trouble=sentence_of(error), status=422)
    return visit.go_to(f"/together/{view.id}", told=say("gathering.started", id=view.id))


def _opening(typed: str) -> str | None:
    if not typed:
        return None
    clip_id = read_id(typed)
    if clip_id is None or "-" in clip_id:
        raise StudioError("web.which_clip")
    return clip_id


# -- one gathering -------------------------------------------------------------------------------------------------


async def page(visit: Visit) -> web.StreamResponse:
    return await _page(visit, Form())


async def _page(
    visit: Visit, typed: Form, *, price: str = "", trouble: str = "", status: int = 200
) -> web.StreamResponse:
    return visit.page(
        "gathering.html",
        status=status,
        shown=await _shown(visit),
        typed=typed,
        price=price,
        trouble=trouble,
        choices=CHOICES,
        usual=visit.studio.settings.defaults,
        step_seconds=STEP_SECONDS,
        overlap=OVERLAP,
    )


async def _shown(visit: Visit) -> Shown:
    gatherings, asker = visit.studio.gatherings, visit.asker
    view = await gatherings.show(asker, visit.named())
    people = {entry.member_id for entry in view.entries} | {view.started_by}
    if view.turn is not None and view.turn.taken_by is not None:
        people.add(view.turn.taken_by)
    why_not = await gatherings.why_not(asker, view.id)
    return Shown(
        view,
        await visit.studio.membership.called(people, LOCAL),
        frozenset(await gatherings.likes(asker, view.id)),
        sentence_of(why_not) if why_not is not None else "",
        asker.member_id,
        at_least(asker.role, Role.MODERATOR),
    )


async def add(visit: Visit) -> web.StreamResponse:
    gathering_id, form, own = visit.named(), visit.form, bool(visit.form["own"])
    gatherings, asker = visit.studio.gatherings, visit.asker
    try:
        view = await gatherings.show(asker, gathering_id)
        wish = _wanted(visit, view)
        if form["do"] == "price":
            return await _page(visit, form, price=await _price(visit, view, wish))
        job_id = await gatherings.join(asker, gathering_id, wish, ORIGIN, own=own)
    except CodedError as error:
        if visit.is_fragment:
            raise
        return await _page(visit, form, trouble=sentence_of(error), status=422)
    here = f"/together/{gathering_id}"
    return visit.json({"job": job_id, "go": here}) if visit.is_fragment else visit.go_to(here)


async def price(visit: Visit) -> web.StreamResponse:
    """The price alone, for a script that shows it while somebody chooses."""

    async def quoted() -> str:
        view = await visit.studio.gatherings.show(visit.asker, visit.named())
        return await _price(visit, view, _wanted(visit, view))

    return await told_price(visit, quoted())


async def _price(visit: Visit, view: GatheringView, wish: Wish | Brief) -> str:
    quoted = await visit.studio.gatherings.quote(visit.asker, view.id, wish, own=bool(visit.form["own"]))
    return say("web.together.sponsored") if quoted.sponsored else price_of(quoted.quote)


def _wanted(visit: Visit, view: GatheringView) -> Wish | Brief:
    return _wish(visit.form) if view.kind is Kind.CHAIN else _entry(visit)


def _wish(form: Form) -> Wish:
    """What to do with the last clip of a chain: go on with it, or change it."""
    stories.check_prompt(form["prompt"])
    stories.check_letters(form["style"])
    style, seconds = form["style"].strip() or None, form.number("seconds")
    if form["how"] == "remix":
        return Wish(form["prompt"], strength=stories.read_strength(form["strength"] or "mild"), style=style)
    return Wish(form["prompt"], style=style, seconds=seconds)


def _entry(visit: Visit) -> Brief:
    form, usual = visit.form, visit.studio.settings.defaults
    seconds = form.number("seconds")
    return stories.read_brief(
        form["prompt"],
        aspect=form["aspect"] or usual.aspect.value,
        resolution=form["resolution"] or usual.resolution.value,
        seconds=usual.seconds if seconds is None else seconds,
        style=form["style"].strip() or None,
    )


async def like(visit: Visit) -> web.StreamResponse:
    gathering_id, clip_id = visit.named(), read_id(visit.form["clip"])
    if clip_id is None:
        raise StudioError("web.which_clip")
    await visit.studio.gatherings.like(visit.asker, gathering_id, clip_id, on=visit.form["on"] == "1")
    return visit.go_to(f"/together/{gathering_id}#{clip_id}")


async def keep_order(visit: Visit) -> web.StreamResponse:
    """Pausing, going on, closing, and taking an entry out; who may is the engine's word."""
    gathering_id, gatherings, asker = visit.named(), visit.studio.gatherings, visit.asker
    match visit.form["do"]:
        case "pause" | "resume" as what:
            await gatherings.pause(asker, gathering_id, on=what == "pause")
            told = say("gathering.is_paused" if what == "pause" else "gathering.is_resumed", id=gathering_id)
        case "close":
            await gatherings.close(asker, gathering_id)
            told = say("gathering.closed", id=gathering_id)
        case "remove":
            named = read_id(visit.form["entry"])
            if named is None:
                raise StudioError("gathering.no_entry", clip=visit.form["entry"][:40])
            await gatherings.remove(asker, gathering_id, named)
            told = say("gathering.removed", entry=named)
        case _:
            raise StudioError("web.form_malformed")
    return visit.go_to(f"/together/{gathering_id}", told=told)


PAGES = (
    get("/together", listed),
    post("/together", start),
    get("/together/{id}", page),
    post("/together/{id}/add", add),
    post("/together/{id}/price", price, only_looks=True),
    post("/together/{id}/like", like),
    post("/together/{id}/order", keep_order),
)

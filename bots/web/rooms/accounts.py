"""What a member has and how they stand: plan, credits, standing, rights of others, presets, and their browsers."""

from typing import Final

from aiohttp import web

from bots.web import passkeys, passwords
from bots.web.rooms.door import seated
from bots.web.visits import Visit, get, post
from bots.web.ways import place_of
from bots.wording import say
from engine.errors import StudioError
from engine.naming import NAME_LIMIT
from engine.presets import content_of, read_content
from engine.remixing import RemixRight

ENTRIES: Final = 20
WAITING: Final = 3  # where each stands in the queue is asked of the whole queue


async def page(visit: Visit) -> web.StreamResponse:
    return await _page(visit)


async def _page(visit: Visit, *, code: str = "") -> web.StreamResponse:
    studio, asker = visit.studio, visit.asker
    is_local = await passwords.is_local(studio, asker)
    right, hears = await studio.remixing.default(asker)
    return visit.page(
        "account.html",
        account=await studio.account(asker, entries=ENTRIES),
        standing=await studio.desk.standing(asker),
        waiting=await studio.waiting_jobs(asker, limit=WAITING, own=True),
        right=right,
        rights=tuple(RemixRight),
        hears=hears,
        named=await studio.naming.name(asker),
        name_limit=NAME_LIMIT,
        presets=[(row, content_of(row)) for row in await studio.presets.all(asker)],
        usual_preset=await studio.presets.default(asker),
        code=code,
        passkeys=await passkeys.of_member(studio, asker),
        may_have_passkeys=is_local and place_of(visit) is not None,
        is_local=is_local,
        member=await studio.membership.view(asker.member_id, asker),
        community=await studio.membership.community(asker),
        has_password=await passwords.has(studio, asker),
    )


async def settle_rights(visit: Visit) -> web.StreamResponse:
    typed = visit.form["right"]
    if typed not in set(RemixRight):
        raise StudioError("remix.right", allowed=", ".join(RemixRight))
    await visit.studio.remixing.set_default(visit.asker, RemixRight(typed))
    await visit.studio.remixing.hear_of_remixes(visit.asker, on=bool(visit.form["hears"]))
    return visit.go_to("/account", told=say(f"rights.default_{typed}"))


async def settle_name(visit: Visit) -> web.StreamResponse:
    named = await visit.studio.naming.set_name(visit.asker, visit.form["name"])
    told = say("naming.named", name=named) if named else say("naming.anonymous")
    return visit.go_to("/account#naming", told=told)


async def save_preset(visit: Visit) -> web.StreamResponse:
    form = visit.form
    content = read_content(
        style=form["style"].strip() or None,
        words=form["words"].strip() or None,
        aspect=form["aspect"] or None,
        resolution=form["resolution"] or None,
        seconds=form.number("seconds"),
    )
    saved = await visit.studio.presets.save(visit.asker, form["name"], content)
    return visit.go_to("/account#presets", told=say("web.preset.saved", name=saved.name))


async def use_preset(visit: Visit) -> web.StreamResponse:
    name = visit.form["name"]
    match visit.form["do"]:
        case "use":
            await visit.studio.presets.use(visit.asker, name)
            told = say("preset.used", name=name)
        case "unuse":
            await visit.studio.presets.use(visit.asker, None)
            told = say("preset.unused")
        case "remove":
            await visit.studio.presets.remove(visit.asker, name)
            told = say("preset.removed", name=name)
        case _:
            raise StudioError("web.form_malformed")
    return visit.go_to("/account#presets", told=told)


async def settle_password(visit: Visit) -> web.StreamResponse:
    """A new password ends every session of theirs; this browser comes in again at once."""
    if visit.form["do"] == "remove":
        await passwords.remove_of(visit.studio, visit.asker)
        return visit.go_to("/account", told=say("web.password.removed"))
    await passwords.set_for(visit.studio, visit.asker, visit.form["password"])
    return await seated(visit, visit.asker, to="/account", told=say("web.password.set"))


async def offer_link(visit: Visit) -> web.StreamResponse:
    """The code is shown once, on the page that answers."""
    return await _page(visit, code=await visit.studio.membership.offer_link(visit.asker))


async def link(visit: Visit) -> web.StreamResponse:
    """Become one with the member to whom the code was shown; the session goes on as theirs."""
    await visit.studio.membership.link(visit.asker, visit.form["code"][:40])
    return visit.go_to("/account", told=say("link.done"))


PAGES = (
    get("/account", page),
    post("/account/link/offer", offer_link),
    post("/account/link", link),
    post("/account/rights", settle_rights),
    post("/account/name", settle_name),
    post("/account/presets", save_preset),
    post("/account/presets/use", use_preset),
    post("/account/password", settle_password),
)

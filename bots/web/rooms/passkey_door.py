"""Passkeys at the door: making one, coming in with one, and taking one away. The device and the script speak JSON."""

from typing import Final

from aiohttp import web

from bots.web import passkeys, passwords
from bots.web.passkeys import Place
from bots.web.rooms.door import seated
from bots.web.visits import Access, Visit, get, post
from bots.web.ways import place_of
from bots.wording import say
from engine.errors import StudioError

COOKIE: Final = "kinora_passkey"
MAKING, ENTERING = "passkey-make", "passkey-enter"


def _place(visit: Visit) -> Place:
    place = place_of(visit)
    if place is None:
        raise StudioError("web.passkey_place")
    return place


async def offer(visit: Visit) -> web.StreamResponse:
    """To a member who is in: what their browser needs to make one."""
    place = _place(visit)
    name = await passwords.name_of(visit.studio, visit.asker)
    challenge, kept = visit.site.challenges.ask(MAKING)
    return _asking(visit, await passkeys.offer(visit.studio, visit.asker, place, name, challenge), kept)


async def keep(visit: Visit) -> web.StreamResponse:
    await passwords.name_of(visit.studio, visit.asker)
    challenge = visit.site.challenges.use(MAKING, visit.request.cookies.get(COOKIE, ""))
    name = visit.form["name"]
    await passkeys.keep(visit.studio, visit.asker, _place(visit), challenge, visit.form["credential"], name)
    return visit.go_to("/account#ways", told=say("web.passkey.kept"))


async def remove(visit: Visit) -> web.StreamResponse:
    await passkeys.remove(visit.studio, visit.asker, visit.form["which"])
    return visit.go_to("/account#ways", told=say("web.passkey.removed"))


async def question(visit: Visit) -> web.StreamResponse:
    challenge, kept = visit.site.challenges.ask(ENTERING)
    return _asking(visit, passkeys.question(_place(visit), challenge), kept)


async def come_in(visit: Visit) -> web.StreamResponse:
    challenge = visit.site.challenges.use(ENTERING, visit.request.cookies.get(COOKIE, ""))
    response = await seated(visit, await passkeys.who(visit.studio, _place(visit), challenge, visit.form["credential"]))
    response.del_cookie(COOKIE, path="/")
    return response


def _asking(visit: Visit, options: dict[str, object], kept: str) -> web.Response:
    response = visit.json(options)
    response.set_cookie(
        COOKIE,
        kept,
        max_age=passkeys.GOOD_FOR,
        httponly=True,
        samesite="Strict",
        secure=visit.site.is_secure,
        path="/",
    )
    return response


PAGES = (
    get("/account/passkeys/new", offer),
    post("/account/passkeys", keep),
    post("/account/passkeys/remove", remove),
    get("/enter/passkey", question, Access.ANYBODY),
    post("/enter/passkey", come_in, Access.ANYBODY),
)

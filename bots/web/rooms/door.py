"""Coming in and going out, and what everybody may have: styles, scripts, a choice of language and of light."""

from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bots.web import passwords
from bots.web.guards import SESSION_COOKIE
from bots.web.passes import SESSION_HOURS
from bots.web.visits import THEMES, Access, Visit, get, post
from bots.web.ways import ways_in
from bots.wording import LANGUAGES
from engine.errors import StudioError
from engine.members import Asker

_A_YEAR: Final = 31_536_000
_HOUR: Final = 3_600


async def enter(visit: Visit) -> web.StreamResponse:
    """With a link's key: a page with a button, so that nothing that looks ahead at links uses it up."""
    key = visit.request.query.get("key", "")
    if visit.session is not None and not key:
        return visit.go_to("/")
    return visit.page("enter.html", key=key[:200], ways=await ways_in(visit))


async def come_in(visit: Visit) -> web.StreamResponse:
    if visit.form.has("password"):
        return await seated(visit, await passwords.who(visit.studio, visit.form["name"], visit.form["password"]))
    return await seated(visit, await visit.site.doorkeeper.open(visit.form["key"][:200]))


async def seated(
    visit: Visit, asker: Asker, *, hours: int = SESSION_HOURS, to: str = "/", told: str | None = None
) -> web.Response:
    """Into the studio with a new session; the one that this browser had ends."""
    session = await visit.site.doorkeeper.let_in(asker.member_id, asker.community_id, hours=hours)
    if visit.session is not None:
        await visit.site.doorkeeper.close(visit.session)
    response = visit.go_to(to, told=told)
    response.set_cookie(
        SESSION_COOKIE,
        visit.site.doorkeeper.cookie(session),
        max_age=hours * _HOUR,
        httponly=True,
        samesite="Lax",
        secure=visit.site.is_secure,
        path="/",
    )
    return response


async def leave(visit: Visit) -> web.StreamResponse:
    if visit.session is not None:
        if visit.form["everywhere"]:
            await visit.site.doorkeeper.close_all_of(visit.asker)
        await visit.site.doorkeeper.close(visit.session)
    response = visit.go_to("/enter")
    response.del_cookie(SESSION_COOKIE, path="/")
    response.headers["Clear-Site-Data"] = '"storage"'  # drafts are this member's
    return response


async def settle(visit: Visit) -> web.StreamResponse:
    """Language and light, kept in the browser alone."""
    language, theme = visit.form["language"], visit.form["theme"]
    response = visit.go_to(_page_of_ours(visit))
    if language in LANGUAGES:
        response.set_cookie("kinora_language", language, max_age=_A_YEAR, httponly=True, samesite="Lax", path="/")
    if theme in THEMES:
        response.set_cookie("kinora_theme", theme, max_age=_A_YEAR, httponly=True, samesite="Lax", path="/")
    return response


def _page_of_ours(visit: Visit) -> str:
    """Where the form stood; never another site, whatever it says."""
    back = urlsplit(visit.form["back"])
    safe = not back.netloc and not back.scheme and back.path.startswith("/") and not back.path.startswith("//")
    return back.path if safe and back.path.isprintable() and "\\" not in back.path else "/"


async def asset(visit: Visit) -> web.StreamResponse:
    found = visit.site.rendering.assets.get(visit.request.match_info["name"])
    if found is None:
        raise StudioError("web.not_here")
    is_current = visit.request.query.get("v") == found.version
    kept = f"public, max-age={_A_YEAR}, immutable" if is_current else "no-cache"
    headers = {"Cache-Control": kept, "ETag": f'"{found.version}"'}
    if visit.request.headers.get("If-None-Match") == headers["ETag"]:
        return web.Response(status=304, headers=headers)
    response = web.Response(body=found.content, content_type=found.media_type, charset="utf-8", headers=headers)
    response.enable_compression()
    return response


PAGES = (
    get("/enter", enter, Access.ANYBODY),
    post("/enter", come_in, Access.ANYBODY),
    post("/leave", leave),
    post("/settle", settle, Access.ANYBODY),
    get("/static/{name}", asset, Access.ANYBODY),
)

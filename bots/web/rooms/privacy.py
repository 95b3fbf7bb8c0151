"""What the studio keeps of a member: told in plain words and in numbers, taken along, and deleted."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from bots.web.guards import SESSION_COOKIE, sentence_of
from bots.web.visits import Access, Visit, get, post
from engine.belongings import COUNTED
from engine.errors import StudioError

# What is kept and for how long, and what stays when all is deleted and why: docs/privacy.md says the same.
KEPT: Final = ("account", "asked", "brought", "clips", "echo", "stopped", "credits", "decisions", "marks")
STAYS: Final = ("credits", "clips", "marks", "decisions", "community", "restricted")


async def page(visit: Visit) -> web.StreamResponse:
    """In plain words for anybody; with what there is of them for members."""
    held = export = None
    if visit.session is not None:
        held = await visit.studio.belongings.held(visit.asker, COUNTED)
        export = visit.site.exports.of(visit.asker)
    return visit.page(
        "privacy.html",
        kept=KEPT,
        stays=STAYS,
        counted=[(name, held.rows[name]) for name in COUNTED if held.rows[name]] if held is not None else [],
        held=held,
        export=export,
        trouble=sentence_of(export.trouble) if export is not None and export.trouble is not None else "",
    )


async def pack(visit: Visit) -> web.StreamResponse:
    await visit.site.exports.start(visit.asker)
    return visit.go_to("/privacy#take")


async def take(visit: Visit) -> web.StreamResponse:
    export = visit.site.exports.of(visit.asker)
    if export is None or export.report is None:
        raise StudioError("web.not_here")
    name = f"kinora-library-{datetime.now(UTC):%Y-%m-%d}.zip"
    headers = {"Content-Type": "application/zip", "Content-Disposition": f'attachment; filename="{name}"'}
    return web.FileResponse(export.file, headers=headers)


async def forget(visit: Visit) -> web.StreamResponse:
    """All of it, for good. Whoever did it stands before the door again, and is told what is gone."""
    if visit.form["sure"] != "1":
        raise StudioError("web.privacy_not_sure")
    asker = visit.asker
    await visit.site.exports.forget(asker)
    ended = await visit.studio.belongings.forget(asker)
    response = replace(visit, session=None).page("gone.html", ended=ended)
    response.del_cookie(SESSION_COOKIE, path="/")
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


PAGES = (
    get("/privacy", page, Access.ANYBODY),
    post("/privacy/export", pack),
    get("/privacy/export.zip", take),
    post("/privacy/delete", forget),
)

"""Live pages: one open stream a page, which tells what changed; the page asks for the part that did."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from aiohttp import web

from bots.web.pulse import GONE, Listener, told
from bots.web.visits import Visit, get
from engine.names import read_id
from storage import events

JOBS_LIMIT: Final = 24
BREATH: Final = 20.0  # seconds after which something is said, so that nobody on the way thinks the line dead


async def follow(visit: Visit) -> web.StreamResponse:
    """`jobs`: ids with the last event that the page knows of, `job-5k2m9x7a:812,...`; `desk`: how the queue stood
    when the page was drawn, so that what came while it was on its way is told, too."""
    if visit.request.method == "HEAD":
        return web.Response(content_type="text/event-stream")
    session = visit.session.token if visit.session is not None else ""
    visit.site.pulse.check_room(session)
    known = _named(visit.request.query.get("jobs", ""))
    for job_id in known:
        await visit.studio.job_of(job_id, visit.asker)
    desk = visit.request.query.get("desk", "")[:80]
    wants_desk = bool(desk) and visit.asker.role in ("moderator", "lead", "operator")
    listener = Listener(
        frozenset(known), visit.asker.community_id if wants_desk else None, session, _gone(visit.request), desk
    )
    response = web.StreamResponse(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
    response.content_type = "text/event-stream"
    # Somebody who has gone is no trouble: their browser asks again where it left off.
    with visit.site.pulse.listening(listener), contextlib.suppress(ConnectionResetError):
        await response.prepare(visit.request)
        await response.write(b"retry: 3000\n\n")
        for job_id, last in known.items():
            async with visit.studio.database.reading() as tx:
                missed = await events.after(tx, job_id, last)
            for event in missed[-1:]:
                await _tell(response, told(event))
        while not listener.is_gone():
            try:
                async with asyncio.timeout(BREATH):
                    one = await listener.news.get()
            except TimeoutError:
                await response.write(b": here\n\n")
                continue
            if one is not GONE:
                await _tell(response, one)
    return response


def _gone(request: web.Request) -> Callable[[], bool]:
    return lambda: request.transport is None or request.transport.is_closing()


async def _tell(response: web.StreamResponse, one: Mapping[str, Any]) -> None:
    await response.write(f"data: {json.dumps(one)}\n\n".encode())


def _named(typed: str) -> dict[str, int]:
    known: dict[str, int] = {}
    for one in typed.split(",")[:JOBS_LIMIT]:
        name, _, last = one.partition(":")
        job_id = read_id(name)
        if job_id is not None and job_id.startswith("job-"):
            known[job_id] = int(last) if last.isascii() and last.isdecimal() else 0
    return known


PAGES = (get("/events", follow),)

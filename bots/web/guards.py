"""What every request passes before a room sees it, and every answer before it leaves."""

import ipaddress
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from aiohttp import web

from bots.web.callers import address_of
from bots.web.forms import Buckets, reading_form
from bots.web.visits import THEMES, Access, Page, Visit
from bots.web.ways import ways_in
from bots.wording import LANGUAGES, closest, knows, say, say_error, speaking
from engine.errors import StudioError
from storage.errors import CodedError
from storage.store import AWAY

if TYPE_CHECKING:
    from bots.web.site import Site

log = logging.getLogger(__name__)

SESSION_COOKIE: Final = "kinora_session"
UNSAFE: Final = frozenset({"POST"})
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
# What is missing, what is closed, and what comes too often; every other mistake is one in what was sent.
_STATUS: Final = {
    "web.enter_first": 401,
    "web.link_used": 403,
    "web.password_wrong": 403,
    "web.other_site": 403,
    "web.not_here": 404,
    "web.too_often": 429,
    "web.many_streams": 429,
    "upload.large": 413,
    "web.form_large": 413,
}
_MISSING: Final = ("clip.unknown", "job.unknown", "case.unknown", "library.unknown", "explore.unknown", "id.malformed")
_CLOSED: Final = ("job.not_yours", "case.not_yours", "case.named_only", "case.never_shown", "desk.moderators_only")
_CLOSED_TOO: Final = ("desk.operator_only", "desk.leads_only", "member.not_operator", "explore.moderators_only")
_STATUS_OF: Final = (
    _STATUS | dict.fromkeys(AWAY, 503) | dict.fromkeys(_MISSING, 404) | dict.fromkeys((*_CLOSED, *_CLOSED_TOO), 403)
)

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Guards:
    def __init__(self, site: "Site") -> None:
        self._site = site
        self._looks = Buckets(most=240, a_second=40)
        self._deeds = Buckets(most=40, a_second=1)
        self._tries = Buckets(most=10, a_second=1 / 30)

    def answering(self, page: Page) -> Answering:
        """The page's handler, behind all that guards it."""

        async def answer(request: web.Request) -> web.StreamResponse:
            visit = await self._visit(request)
            with speaking(visit.language):
                try:
                    response = await self._guarded(page, visit)
                except CodedError as error:
                    response = self._told(visit, error)
                except web.HTTPException as error:
                    response = self._plain(visit, error)
                except ConnectionResetError:
                    response = web.Response(status=400)  # whoever sent it is gone, and nobody reads this
                except Exception as error:
                    log.exception("a page failed: %s %s", page.method, page.path)
                    response = self._told(visit, CodedError("web.failed", cause=type(error).__name__), status=500)
            return response

        return answer

    async def unknown(self, request: web.Request) -> web.StreamResponse:
        visit = await self._visit(request)
        with speaking(visit.language):
            return self._told(visit, StudioError("web.not_here"), status=404)

    # -- before ----------------------------------------------------------------------------------------------------

    async def _visit(self, request: web.Request) -> Visit:
        cookie = request.cookies.get(SESSION_COOKIE, "")
        session = await self._site.doorkeeper.session(cookie) if cookie else None
        theme = request.cookies.get("kinora_theme", "auto")
        return Visit(self._site, request, session, language_of(request), theme if theme in THEMES else "auto")

    async def _guarded(self, page: Page, visit: Visit) -> web.StreamResponse:
        request = visit.request
        self._check_pace(page, visit)
        if not visit.may(page.access):
            if visit.session is None:
                return await self._to_the_door(visit)
            raise StudioError("web.not_here" if page.access is Access.OPERATOR else "desk.moderators_only")
        if request.method not in UNSAFE:
            return await page.handler(visit)
        self._check_origin(request)
        async with reading_form(request, self._site.scratch, takes_files=page.takes_files) as form:
            self._check_form(page, visit, form["csrf"] or request.headers.get("X-CSRF", ""))
            visit.form = form
            return await page.handler(visit)

    def _check_pace(self, page: Page, visit: Visit) -> None:
        who = who_is(visit)
        if page.access is Access.ANYBODY and page.method in UNSAFE and not page.only_looks and visit.session is None:
            buckets = self._tries
        else:
            buckets = self._deeds if page.method in UNSAFE and not page.only_looks else self._looks
        if wait := buckets.take(who):
            raise StudioError("web.too_often", seconds=max(1, round(wait)))

    def _check_origin(self, request: web.Request) -> None:
        """A browser says from which site a form comes. Where it does, it has to be ours."""
        fetched_from = request.headers.get("Sec-Fetch-Site")
        if fetched_from not in (None, "same-origin", "none"):
            raise StudioError("web.other_site")
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc.lower() != request.host.lower():
            raise StudioError("web.other_site")

    def _check_form(self, page: Page, visit: Visit, token: str) -> None:
        if visit.session is None:
            return  # a page for anybody: nothing of anybody's is changed, and the origin was checked
        if not self._site.doorkeeper.is_form_token(visit.session, token):
            raise StudioError("web.other_site")

    async def _to_the_door(self, visit: Visit) -> web.StreamResponse:
        if visit.request.method == "GET" and not visit.is_fragment:
            return visit.page("enter.html", status=401, ways=await ways_in(visit))
        raise StudioError("web.enter_first")

    # -- what went wrong -------------------------------------------------------------------------------------------

    def _told(self, visit: Visit, error: CodedError, status: int | None = None) -> web.StreamResponse:
        status = status or _STATUS_OF.get(error.code, 422)
        sentence = sentence_of(error)
        if visit.is_fragment or "application/json" in visit.request.headers.get("Accept", ""):
            return visit.json({"error": error.code, "sentence": sentence}, status=status)
        return visit.page("trouble.html", status=status, sentence=sentence, code=status)

    def _plain(self, visit: Visit, error: web.HTTPException) -> web.StreamResponse:
        if error.status < 400:
            return error
        code = {404: "web.not_here", 408: "web.slow", 413: "web.form_large"}.get(error.status, "web.failed")
        response = self._told(visit, CodedError(code, cause=str(error.status)), status=error.status)
        if error.status == 408:
            response.force_close()
        return response


def sentence_of(error: CodedError) -> str:
    """What went wrong, in the words for the pages where there are some: the usual ones may name a command."""
    own = f"web.error.{error.code}"
    params = {name: _readable(value) if name == "until" else value for name, value in error.params.items()}
    return say(own, **params) if knows(own) else say_error(error.code, params)


def _readable(moment: object) -> object:
    """An ISO time as people write it."""
    try:
        return datetime.fromisoformat(str(moment)).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    except ValueError:
        return moment


def who_is(visit: Visit) -> str:
    """Whom to count this request for: the session's member, else where it comes from."""
    if visit.session is not None:
        return visit.session.asker.member_id
    return address_of(visit.request, visit.site.settings)


def language_of(request: web.Request) -> str:
    """What was chosen on the pages, else what the browser asks for."""
    chosen = request.cookies.get("kinora_language")
    if chosen in LANGUAGES:
        return str(chosen)
    wanted: list[tuple[float, str]] = []
    for part in request.headers.get("Accept-Language", "")[:200].split(","):
        name, _, weight = part.partition(";q=")
        try:
            wanted.append((float(weight or 1), name.strip()))
        except ValueError:
            continue
    for _, name in sorted(wanted, key=lambda one: -one[0]):
        if known := closest(name):
            return known
    return LANGUAGES[0]


def told_before(request: web.Request) -> str:
    """What the page before this one wants said, as plain words."""
    return unquote(request.cookies.get("kinora_told", ""))[:500]


def is_our_name(host: str, public_url: str | None) -> bool:
    """Whether a request's Host is one of ours: another name that leads to this machine is somebody's trick."""
    name = urlsplit(f"//{host}").hostname or ""
    if public_url is not None and name == urlsplit(public_url).hostname:
        return True
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False

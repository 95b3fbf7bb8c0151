"""One request as the rooms see it: who asks, in which language, with what form, and how to answer."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from bots.web.forms import NO_FORM, Form
from bots.web.passes import Session
from engine.errors import StudioError
from engine.members import Asker, Role, at_least
from engine.names import read_id
from engine.studio import Studio

if TYPE_CHECKING:
    from bots.web.site import Site

THEMES: Final = ("auto", "light", "dark")


class Access(IntEnum):
    """The least that somebody has to be to see a page."""

    ANYBODY = 0
    MEMBER = 1
    MODERATOR = 2
    OPERATOR = 3


_ROLES: Final = {Access.MEMBER: Role.MEMBER, Access.MODERATOR: Role.MODERATOR, Access.OPERATOR: Role.OPERATOR}


@dataclass
class Visit:
    site: "Site"
    request: web.Request
    session: Session | None
    language: str
    theme: str
    form: Form = field(default_factory=lambda: NO_FORM)

    @property
    def studio(self) -> Studio:
        return self.site.studio

    @property
    def asker(self) -> Asker:
        """Who asks. Only pages for anybody may be without one."""
        if self.session is None:
            raise StudioError("web.enter_first")
        return self.session.asker

    def may(self, access: Access) -> bool:
        if access is Access.ANYBODY:
            return True
        return self.session is not None and at_least(self.session.asker.role, _ROLES[access])

    @property
    def is_fragment(self) -> bool:
        """Whether a script of ours asks for a part of a page."""
        return self.request.headers.get("X-Kinora") == "part"

    def named(self, name: str = "id") -> str:
        """An id from the address; StudioError when it is none."""
        typed = self.request.match_info[name]
        found = read_id(typed)
        if found is None:
            raise StudioError("id.malformed", typed=typed[:40])
        return found

    # -- answers ---------------------------------------------------------------------------------------------------

    def page(self, template: str, *, status: int = 200, **context: Any) -> web.Response:
        text = self.site.rendering.page(self, template, context)
        return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")

    def json(self, answer: Mapping[str, Any], *, status: int = 200) -> web.Response:
        return web.json_response(answer, status=status)

    def go_to(self, path: str, *, told: str | None = None) -> web.Response:
        """Off to another page of ours, which says this sentence first."""
        response = web.Response(status=303, headers={"Location": path})
        if told is not None:
            response.set_cookie("kinora_told", _sentence(told), max_age=30, httponly=True, samesite="Lax", path="/")
        return response


def _sentence(told: str) -> str:
    """As a cookie can carry it."""
    from urllib.parse import quote

    return quote(told[:500])


Handler = Callable[[Visit], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Page:
    """One address, what is done there, and who may."""

    method: str
    path: str
    handler: Handler
    access: Access = Access.MEMBER
    takes_files: bool = False
    only_looks: bool = False  # a form that changes nothing


def get(path: str, handler: Handler, access: Access = Access.MEMBER) -> Page:
    return Page("GET", path, handler, access)


def post(
    path: str,
    handler: Handler,
    access: Access = Access.MEMBER,
    *,
    takes_files: bool = False,
    only_looks: bool = False,
) -> Page:
    return Page("POST", path, handler, access, takes_files, only_looks)

"""Coming in with an account elsewhere: an authorisation code with PKCE, bound to the browser that asked for it."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from bots.web.rooms.door import seated
from bots.web.visits import Visit
from engine.errors import StudioError
from engine.members import Asker

PATIENCE: Final = aiohttp.ClientTimeout(total=15)
COOKIE_SECONDS: Final = 600
# What somebody may do here is what their platform says they may do there, so such a session is soon asked again.
SESSION_HOURS: Final = 24
# What a platform that is away, or talks nonsense, comes to.
TROUBLES: Final = (aiohttp.ClientError, TimeoutError, KeyError, TypeError, ValueError)


@dataclass(frozen=True)
class Client:
    """The application that the operator registered there."""

    platform: str
    id: str
    secret: str
    authorize: str
    token: str
    scope: str

    def back(self, visit: Visit) -> str:
        """Where people are sent back to."""
        return f"{visit.site.url}/enter/{self.platform}/back"

    @property
    def cookie(self) -> str:
        return f"kinora_{self.platform}"


def leave_for(visit: Visit, client: Client) -> web.Response:
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": client.id,
        "response_type": "code",
        "redirect_uri": client.back(visit),
        "scope": client.scope,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    response = web.Response(status=303, headers={"Location": f"{client.authorize}?{urlencode(asked)}"})
    kept = visit.site.doorkeeper.signed(client.platform, f"{state}:{verifier}")
    response.set_cookie(
        client.cookie,
        kept,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=visit.site.is_secure,
        path="/enter",
    )
    return response


def verifier_of(visit: Visit, client: Client) -> str:
    """What this browser asked with; StudioError when it did not: then somebody else's code was planted in it."""
    kept = visit.site.doorkeeper.unsigned(client.platform, visit.request.cookies.get(client.cookie, "")) or ""
    state, _, verifier = kept.partition(":")
    given = visit.request.query.get("state", "")
    if not state or not secrets.compare_digest(state.encode(), given.encode("utf-8", "replace")):
        raise StudioError("web.other_site")
    return verifier


async def tokens(http: aiohttp.ClientSession, visit: Visit, client: Client, verifier: str) -> Mapping[str, Any]:
    """What the code is good for, once."""
    code = visit.request.query["code"][:4_096]
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": client.back(visit)}
    sent |= {"code_verifier": verifier}
    headers = {"Authorization": aiohttp.encode_basic_auth(client.id, client.secret)}
    async with http.post(client.token, data=sent, headers=headers) as answer:
        answer.raise_for_status()
        found: Mapping[str, Any] = await answer.json()
        return found


async def come_in(visit: Visit, client: Client, askers: list[tuple[str, Asker]]) -> web.Response:
    """Into the one community, or to a choice: each behind a link of its own, good once."""
    if len(askers) == 1:
        response = await seated(visit, askers[0][1], hours=SESSION_HOURS)
    else:
        links = [(name, await visit.site.doorkeeper.link_for(asker)) for name, asker in askers]
        response = visit.page("choose.html", links=links)
    response.del_cookie(client.cookie, path="/enter")
    return response

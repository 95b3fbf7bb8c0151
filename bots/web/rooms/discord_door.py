"""Coming in with one's Discord account (OAuth2, code with PKCE): for members of servers where Kinora is.

What somebody may do here is what Discord says they may do there, so such a session lasts a day and is then asked again.
"""

import base64
import hashlib
import json
import logging
import secrets
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from bots.web.rooms.door import seated
from bots.web.visits import Access, Visit, get
from engine.errors import StudioError
from engine.members import Asker, Role

log = logging.getLogger(__name__)

AUTHORIZE: Final = "https://discord.com/oauth2/authorize"
API: Final = "https://discord.com/api/v10"
SCOPES: Final = "identify guilds"
PATIENCE: Final = aiohttp.ClientTimeout(total=15)
COOKIE: Final = "kinora_discord"
COOKIE_SECONDS: Final = 600
SESSION_HOURS: Final = 24
PLATFORM: Final = "discord"
COMMUNITIES_LIMIT: Final = 20
# Permissions as Discord numbers their bits.
ADMINISTRATOR: Final = 1 << 3
MANAGE_GUILD: Final = 1 << 5
MANAGE_MESSAGES: Final = 1 << 13
MODERATE_MEMBERS: Final = 1 << 40


@dataclass(frozen=True)
class Client:
    """The application that the operator registered with Discord."""

    id: str
    secret: str
    back: str  # where Discord sends people back to


def client_of(visit: Visit) -> Client:
    web_settings = visit.site.settings
    if web_settings.discord_client_id is None or web_settings.discord_client_secret is None:
        raise StudioError("web.not_here")
    secret = web_settings.discord_client_secret.get_secret_value()
    return Client(web_settings.discord_client_id, secret, f"{visit.site.url}/enter/discord/back")


async def leave_for_discord(visit: Visit) -> web.StreamResponse:
    client = client_of(visit)
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": client.id,
        "response_type": "code",
        "redirect_uri": client.back,
        "scope": SCOPES,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    response = web.Response(status=303, headers={"Location": f"{AUTHORIZE}?{urlencode(asked)}"})
    kept = visit.site.doorkeeper.signed("discord", f"{state}:{verifier}")
    response.set_cookie(
        COOKIE, kept, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=visit.site.is_secure, path="/enter"
    )
    return response


async def back_from_discord(visit: Visit) -> web.StreamResponse:
    client, query = client_of(visit), visit.request.query
    kept = visit.site.doorkeeper.unsigned("discord", visit.request.cookies.get(COOKIE, "")) or ""
    state, _, verifier = kept.partition(":")
    if not state or not secrets.compare_digest(state.encode(), query.get("state", "").encode("utf-8", "replace")):
        raise StudioError("web.other_site")
    if "code" not in query:  # they changed their mind there
        return visit.go_to("/enter")
    askers = await _who(visit, client, query["code"][:200], verifier)
    if not askers:
        raise StudioError("web.no_community")
    response = (
        await seated(visit, askers[0][1], hours=SESSION_HOURS) if len(askers) == 1 else await _choose(visit, askers)
    )
    response.del_cookie(COOKIE, path="/enter")
    return response


async def _choose(visit: Visit, askers: list[tuple[str, Asker]]) -> web.Response:
    """Which community: each behind a link of its own, good once."""
    links = [(name, await visit.site.doorkeeper.link_for(asker)) for name, asker in askers]
    return visit.page("choose.html", links=links)


async def _who(visit: Visit, client: Client, code: str, verifier: str) -> list[tuple[str, Asker]]:
    """Who came back, in each of the servers where Kinora is, with what Discord says they are there."""
    try:
        async with aiohttp.ClientSession(timeout=PATIENCE) as http:
            token = await _token(http, client, code, verifier)
            headers = {"Authorization": f"Bearer {token}"}
            user = await _ask(http, "/users/@me", headers)
            guilds = await _ask(http, "/users/@me/guilds", headers)
            found = [(str(one["name"])[:100], str(one["id"]), role_from(one)) for one in guilds]
            user_id = str(user["id"])
    except (aiohttp.ClientError, TimeoutError, KeyError, TypeError, ValueError, json.JSONDecodeError) as error:
        log.warning("discord did not say who came: %s", error)
        raise StudioError("web.discord_away") from error
    membership = visit.studio.membership
    known = await membership.communities_known(PLATFORM, [guild for _, guild, _ in found])
    here = [(name, guild, role) for name, guild, role in found if guild in known][:COMMUNITIES_LIMIT]
    return [(name, await membership.known_as(PLATFORM, user_id, guild, role=role)) for name, guild, role in here]


async def _token(http: aiohttp.ClientSession, client: Client, code: str, verifier: str) -> str:
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": client.back, "code_verifier": verifier}
    headers = {"Authorization": aiohttp.encode_basic_auth(client.id, client.secret)}
    async with http.post(f"{API}/oauth2/token", data=sent, headers=headers) as answer:
        answer.raise_for_status()
        return str((await answer.json())["access_token"])


async def _ask(http: aiohttp.ClientSession, path: str, headers: dict[str, str]) -> Any:
    async with http.get(API + path, headers=headers) as answer:
        answer.raise_for_status()
        return await answer.json()


def role_from(guild: dict[str, Any]) -> Role:
    """What somebody's permissions in a server make them here: the same as at a press there."""
    permissions = int(guild.get("permissions", 0))
    if guild.get("owner") or permissions & (ADMINISTRATOR | MANAGE_GUILD):
        return Role.LEAD
    return Role.MODERATOR if permissions & (MODERATE_MEMBERS | MANAGE_MESSAGES) else Role.MEMBER


PAGES = (
    get("/enter/discord", leave_for_discord, Access.ANYBODY),
    get("/enter/discord/back", back_from_discord, Access.ANYBODY),
)

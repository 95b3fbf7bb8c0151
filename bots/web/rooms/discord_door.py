"""Coming in with one's Discord account: for members of servers where Kinora is, as what Discord says they are there."""

import logging
from typing import Any, Final

import aiohttp
from aiohttp import web

from bots.web import oauth
from bots.web.visits import Access, Visit, get
from engine.errors import StudioError
from engine.members import Asker, Role

log = logging.getLogger(__name__)

AUTHORIZE: Final = "https://discord.com/oauth2/authorize"
API: Final = "https://discord.com/api/v10"
PLATFORM: Final = "discord"
COMMUNITIES_LIMIT: Final = 20
# Permissions as Discord numbers their bits.
ADMINISTRATOR: Final = 1 << 3
MANAGE_GUILD: Final = 1 << 5
MANAGE_MESSAGES: Final = 1 << 13
MODERATE_MEMBERS: Final = 1 << 40


def client_of(visit: Visit) -> oauth.Client:
    settings = visit.site.settings
    if settings.discord_client_id is None or settings.discord_client_secret is None:
        raise StudioError("web.not_here")
    secret = settings.discord_client_secret.get_secret_value()
    return oauth.Client(
        PLATFORM, settings.discord_client_id, secret, AUTHORIZE, f"{API}/oauth2/token", "identify guilds"
    )


async def leave_for_discord(visit: Visit) -> web.StreamResponse:
    return oauth.leave_for(visit, client_of(visit))


async def back_from_discord(visit: Visit) -> web.StreamResponse:
    client = client_of(visit)
    verifier = oauth.verifier_of(visit, client)
    if "code" not in visit.request.query:  # they changed their mind there
        return visit.go_to("/enter")
    askers = await _who(visit, client, verifier)
    if not askers:
        raise StudioError("web.no_community")
    return await oauth.come_in(visit, client, askers)


async def _who(visit: Visit, client: oauth.Client, verifier: str) -> list[tuple[str, Asker]]:
    """Who came back, in each of the servers where Kinora is, with what Discord says they are there."""
    try:
        async with aiohttp.ClientSession(timeout=oauth.PATIENCE) as http:
            token = str((await oauth.tokens(http, visit, client, verifier))["access_token"])
            headers = {"Authorization": f"Bearer {token}"}
            user = await _ask(http, "/users/@me", headers)
            guilds = await _ask(http, "/users/@me/guilds", headers)
            found = [(str(one["name"])[:100], str(one["id"]), role_from(one)) for one in guilds]
            user_id = str(user["id"])
    except oauth.TROUBLES as error:
        log.warning("discord did not say who came: %s", error)
        raise StudioError("web.platform_away", platform="Discord") from error
    membership = visit.studio.membership
    known = await membership.communities_known(PLATFORM, [guild for _, guild, _ in found])
    here = [(name, guild, role) for name, guild, role in found if guild in known][:COMMUNITIES_LIMIT]
    return [(name, await membership.known_as(PLATFORM, user_id, guild, role=role)) for name, guild, role in here]


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

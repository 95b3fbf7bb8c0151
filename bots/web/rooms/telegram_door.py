"""Coming in with one's Telegram account (OpenID Connect): for whoever has spoken with the bot, in the groups where
they did, as what Telegram says they are there now.

Not by Telegram's widget: that is a script of another host, which no page here may load.
"""

import base64
import json
import logging
import time
from typing import Any, Final

import aiohttp
from aiohttp import web

from bots.web import oauth
from bots.web.visits import Access, Visit, get
from bots.wording import say
from engine.errors import StudioError
from engine.members import Asker

log = logging.getLogger(__name__)

ISSUER: Final = "https://oauth.telegram.org"
AUTHORIZE: Final = f"{ISSUER}/auth"
TOKEN: Final = f"{ISSUER}/token"
PLATFORM: Final = "telegram"
COMMUNITIES_LIMIT: Final = 20
FRESH: Final = 300.0  # seconds since Telegram said who it is
_AHEAD: Final = 60.0  # that Telegram's clock may be before ours


def client_of(visit: Visit) -> oauth.Client:
    """Telegram numbers the application as the bot; its secret is another one than the bot's token."""
    settings, bot = visit.site.settings, visit.studio.settings.telegram.token
    if bot is None or settings.telegram_client_secret is None:
        raise StudioError("web.not_here")
    bot_id = bot.get_secret_value().partition(":")[0]
    secret = settings.telegram_client_secret.get_secret_value()
    return oauth.Client(PLATFORM, bot_id, secret, AUTHORIZE, TOKEN, "openid")


async def leave_for_telegram(visit: Visit) -> web.StreamResponse:
    return oauth.leave_for(visit, client_of(visit))


async def back_from_telegram(visit: Visit) -> web.StreamResponse:
    client = client_of(visit)
    verifier = oauth.verifier_of(visit, client)
    if "code" not in visit.request.query:
        return visit.go_to("/enter")
    try:
        async with aiohttp.ClientSession(timeout=oauth.PATIENCE) as http:
            token = str((await oauth.tokens(http, visit, client, verifier))["id_token"])
            user = user_in(token, client.id)
            askers = await _where(visit, http, user)
    except oauth.TROUBLES as error:
        # What went wrong may hold the address that was asked, and the bot's token stands in that.
        log.warning("telegram did not say who came: %s", type(error).__name__)
        raise StudioError("web.platform_away", platform="Telegram") from error
    if not askers:
        raise StudioError("web.no_group")
    return await oauth.come_in(visit, client, askers)


def user_in(id_token: str, client_id: str) -> int:
    """Whom the token names; ValueError when it is not for us, or not from now.

    Its signature is not looked at: it came to us from Telegram itself over TLS, in answer to our secret, and never
    through a browser (OpenID Connect Core 3.1.3.7, 6).
    """
    claims = json.loads(base64.urlsafe_b64decode(id_token.split(".")[1] + "=="))
    audience, at = claims["aud"], time.time()
    is_ours = client_id in (audience if isinstance(audience, list) else [str(audience)])
    is_fresh = float(claims["exp"]) > at and at - FRESH < float(claims["iat"]) < at + _AHEAD
    if claims["iss"] != ISSUER or not is_ours or not is_fresh:
        raise ValueError("a token for somebody else, or an old one")
    return int(claims["id"])


async def _where(visit: Visit, http: aiohttp.ClientSession, user: int) -> list[tuple[str, Asker]]:
    """The groups in which the bot has met them and they still are, and their private chat with it."""
    from telegram import ChatMember

    from bots.telegram.people import PRIVATE, role_from

    membership, found = visit.studio.membership, []
    for community in (await membership.communities_of(PLATFORM, str(user)))[:COMMUNITIES_LIMIT]:
        if community == f"{PRIVATE}:{user}":
            asker = await membership.known_as(PLATFORM, str(user), community)
            found.append((say("web.enter.private_chat"), asker))
            continue
        told = await _ask(visit, http, "getChatMember", chat_id=community, user_id=user)
        member = ChatMember.de_json(told, None) if told is not None else None
        if member is None or member.status in (ChatMember.LEFT, ChatMember.BANNED):
            continue
        chat = await _ask(visit, http, "getChat", chat_id=community) or {}
        asker = await membership.known_as(PLATFORM, str(user), community, role=role_from(member))
        found.append((str(chat.get("title") or community)[:100], asker))
    return found


async def _ask(visit: Visit, http: aiohttp.ClientSession, method: str, **sent: object) -> dict[str, Any] | None:
    """What the Bot API answers; None for a chat or a person that it does not know any more."""
    settings = visit.studio.settings.telegram
    assert settings.token is not None
    address = f"{settings.server}/bot{settings.token.get_secret_value()}/{method}"
    async with http.post(address, json=sent) as answer:
        told = await answer.json()
        if answer.status in (400, 403):
            return None
        result: dict[str, Any] = told["result"]
        return result


PAGES = (
    get("/enter/telegram", leave_for_telegram, Access.ANYBODY),
    get("/enter/telegram/back", back_from_telegram, Access.ANYBODY),
)

"""Coming in with a Telegram account, against a local Telegram that checks what it is sent as the real one does."""

import asyncio
import base64
import hashlib
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from pydantic import SecretStr
from yarl import URL

from bots.web.rooms import telegram_door
from bots.web.site import Site
from engine.settings import Settings, Telegram, WebSettings
from engine.studio import Studio

BOT = "77:bot-token"
SECRET = "hush"
MEI = 5
GROUP, LEFT = -100, -200


def id_token(**claims: Any) -> str:
    """As Telegram answers it; nobody looks at the signature of what comes straight from there."""
    at = int(time.time())
    usual = {"iss": "https://oauth.telegram.org", "aud": "77", "sub": "x", "id": MEI, "iat": at, "exp": at + 3_600}
    body = base64.urlsafe_b64encode(json.dumps(usual | claims).encode()).rstrip(b"=").decode()
    return f"e30.{body}.c2ln"


@dataclass
class LocalTelegram:
    """Its token endpoint, and the Bot API's word on who is in which group."""

    members: dict[int, dict[str, Any]] = field(default_factory=dict)  # by group
    challenges: dict[str, str] = field(default_factory=dict)  # by code
    claims: dict[str, Any] = field(default_factory=dict)

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_post("/token", self._token)
        application.router.add_post(f"/bot{BOT}/getChatMember", self._member)
        application.router.add_post(f"/bot{BOT}/getChat", self._chat)
        return application

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        is_ours = request.headers["Authorization"] == aiohttp.encode_basic_auth("77", SECRET)
        verifier = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if not is_ours or self.challenges.pop(str(form["code"]), None) != challenge:
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response({"id_token": id_token(**self.claims)})

    async def _member(self, request: web.Request) -> web.Response:
        asked = await request.json()
        found = self.members.get(int(asked["chat_id"]))
        if found is None:
            return web.json_response({"ok": False, "description": "Bad Request: chat not found"}, status=400)
        user = {"id": asked["user_id"], "is_bot": False, "first_name": "Mei"}
        return web.json_response({"ok": True, "result": {"user": user} | found})

    async def _chat(self, request: web.Request) -> web.Response:
        chat = (await request.json())["chat_id"]
        return web.json_response({"ok": True, "result": {"id": chat, "title": f"Group {chat} <b>"}})


@dataclass
class Door:
    site: Site
    telegram: LocalTelegram

    async def knock(self, http: aiohttp.ClientSession) -> dict[str, str]:
        async with http.get(f"{self.site.url}/enter/telegram", allow_redirects=False) as answer:
            asked = dict(URL(answer.headers["Location"]).query)
        self.telegram.challenges["code"] = asked["code_challenge"]
        return asked

    async def comes(self, http: aiohttp.ClientSession, **query: str) -> tuple[int, str]:
        asked = await self.knock(http)
        query = {"code": "code", "state": asked["state"]} | query
        async with http.get(f"{self.site.url}/enter/telegram/back", params=query) as answer:
            return answer.status, await answer.text()


@pytest_asyncio.fixture
async def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Door]:
    local = LocalTelegram()
    runner = web.AppRunner(local.application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    monkeypatch.setattr(telegram_door, "TOKEN", f"http://{host}:{port}/token")
    pages = WebSettings(port=0, health_port=0, telegram_client_secret=SecretStr(SECRET))
    bot = Telegram(token=SecretStr(BOT), server=f"http://{host}:{port}")
    async with Studio.open(Settings(data=tmp_path / "data", web=pages, telegram=bot)) as studio:
        for community in (str(GROUP), str(LEFT)):  # she has spoken with the bot in both
            await studio.membership.known_as("telegram", str(MEI), community)
        site = Site(studio)
        serving = asyncio.create_task(site.serve())
        await site.is_open.wait()
        yield Door(site, local)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
    await runner.cleanup()


def browser() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


ADMIN = {"status": "administrator", "can_be_edited": False, "is_anonymous": False, "can_manage_chat": True}
ADMIN |= dict.fromkeys(("can_delete_messages", "can_restrict_members"), True)
ADMIN |= dict.fromkeys(("can_manage_video_chats", "can_promote_members", "can_change_info", "can_invite_users"), False)
ADMIN |= dict.fromkeys(("can_post_stories", "can_edit_stories", "can_delete_stories"), False)


async def test_who_moderates_a_group_moderates_here_and_who_left_one_is_not_let_into_it(door: Door) -> None:
    door.telegram.members = {GROUP: ADMIN, LEFT: {"status": "left"}}
    async with browser() as http:
        status, page = await door.comes(http)
        assert status == 200 and 'class="composer' in page and 'href="/desk"' in page and 'href="/studio"' not in page


async def test_who_is_in_two_groups_chooses(door: Door) -> None:
    door.telegram.members = {GROUP: {"status": "member"}, LEFT: {"status": "creator", "is_anonymous": False}}
    async with browser() as http:
        status, page = await door.comes(http)
        assert status == 200 and page.count('name="key"') == 2 and f"Group {GROUP} &lt;b&gt;" in page


async def test_whom_the_bot_never_met_is_told_so(door: Door) -> None:
    door.telegram.claims = {"id": 6}
    async with browser() as http:
        status, page = await door.comes(http)
        assert (status, "has not met you yet" in page) == (422, True)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "78"},
        {"iss": "https://oauth.telegram.org.evil.example"},
        {"iat": int(time.time()) - 3_000},
        {"iat": int(time.time()) + 3_000},
        {"exp": int(time.time()) - 1},
        {"id": None},
        {"id": "five"},
    ],
)
def test_a_word_for_somebody_else_or_of_another_time_names_nobody(claims: dict[str, Any]) -> None:
    assert telegram_door.user_in(id_token(), "77") == MEI
    with pytest.raises((ValueError, TypeError)):
        telegram_door.user_in(id_token(**claims), "77")


async def test_an_answer_that_was_not_asked_for_or_names_nobody_opens_nothing(door: Door) -> None:
    door.telegram.members = {GROUP: ADMIN}
    async with browser() as http:
        for state in ("", "wrong", "🦊"):
            assert (await door.comes(http, state=state))[0] == 403
        door.telegram.claims = {"aud": "78"}
        status, page = await door.comes(http)
        assert (status, "Telegram did not say who you are" in page) == (422, True)

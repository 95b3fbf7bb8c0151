"""Coming in with a Discord account, against a local Discord that checks what it is sent as the real one does."""

import asyncio
import base64
import hashlib
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

from bots.web.rooms import discord_door
from bots.web.site import Site
from engine.members import Role
from engine.settings import Settings, WebSettings
from engine.studio import Studio

SECRET = "hush"


@dataclass
class LocalDiscord:
    """Its token endpoint, who came, and the servers that they are in."""

    guilds: list[dict[str, Any]] = field(default_factory=list)
    challenges: dict[str, str] = field(default_factory=dict)  # by code
    is_down: bool = False
    url: str = ""

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_post("/oauth2/token", self._token)
        application.router.add_get("/users/@me", self._me)
        application.router.add_get("/users/@me/guilds", self._guilds)
        return application

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        is_ours = request.headers["Authorization"] == aiohttp.encode_basic_auth("77", SECRET)
        verifier = hashlib.sha256(str(form["code_verifier"]).encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        is_known = self.challenges.pop(str(form["code"]), None) == challenge  # a code is good once
        if self.is_down or not is_ours or not is_known:
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response({"access_token": "token", "token_type": "Bearer"})

    async def _me(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer token"
        return web.json_response({"id": "5", "username": "mei"})

    async def _guilds(self, _: web.Request) -> web.Response:
        return web.json_response(self.guilds)


@dataclass
class Door:
    site: Site
    discord: LocalDiscord

    async def knock(self, http: aiohttp.ClientSession) -> dict[str, str]:
        """To Discord and back, with a code; answers with what the address there says."""
        async with http.get(f"{self.site.url}/enter/discord", allow_redirects=False) as answer:
            asked = dict(URL(answer.headers["Location"]).query)
        self.discord.challenges["code"] = asked["code_challenge"]
        return asked

    async def back(self, http: aiohttp.ClientSession, **query: str) -> tuple[int, str]:
        async with http.get(f"{self.site.url}/enter/discord/back", params=query) as answer:
            return answer.status, await answer.text()


@pytest_asyncio.fixture
async def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Door]:
    local = LocalDiscord()
    runner = web.AppRunner(local.application())
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    monkeypatch.setattr(discord_door, "API", f"http://{host}:{port}")
    settings = WebSettings(port=0, health_port=0, discord_client_id="77", discord_client_secret=SecretStr(SECRET))
    async with Studio.open(Settings(data=tmp_path / "data", web=settings)) as studio:
        await studio.membership.known_as("discord", "1", "100")  # the bot was met in these two servers
        await studio.membership.known_as("discord", "1", "200")
        site = Site(studio)
        serving = asyncio.create_task(site.serve())
        await site.is_open.wait()
        yield Door(site, local)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
    await runner.cleanup()


def guild(number: int, permissions: int = 0, **more: Any) -> dict[str, Any]:
    return {"id": str(number), "name": f"Server {number} <b>", "permissions": str(permissions), "owner": False} | more


def browser() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


async def test_a_member_of_a_server_comes_in_and_is_what_they_are_there(door: Door) -> None:
    door.discord.guilds = [guild(999, 0x20), guild(100, discord_door.MODERATE_MEMBERS)]
    async with browser() as http:
        asked = await door.knock(http)
        assert (asked["scope"], asked["code_challenge_method"]) == ("identify guilds", "S256")
        status, page = await door.back(http, code="code", state=asked["state"])
        assert status == 200 and 'href="/desk"' in page and 'href="/studio"' not in page
        async with http.get(f"{door.site.url}/studio") as answer:
            assert answer.status == 404
    async with browser() as other:  # the code was used
        asked = await door.knock(other)
        door.discord.challenges.clear()
        assert (await door.back(other, code="code", state=asked["state"]))[0] == 422


async def test_who_is_in_two_servers_chooses(door: Door) -> None:
    door.discord.guilds = [guild(100), guild(200, owner=True)]
    async with browser() as http:
        asked = await door.knock(http)
        status, page = await door.back(http, code="code", state=asked["state"])
        assert status == 200 and page.count('name="key"') == 2 and "Server 100 &lt;b&gt;" in page


@pytest.mark.parametrize("state", ["", "wrong", "🦊"])
async def test_an_answer_that_was_not_asked_for_opens_nothing(door: Door, state: str) -> None:
    """Somebody else's code, planted in this browser."""
    door.discord.guilds = [guild(100)]
    async with browser() as http:
        await door.knock(http)
        assert (await door.back(http, code="code", state=state))[0] == 403
    async with browser() as http, browser() as thief:
        asked = await door.knock(http)
        assert (await door.back(thief, code="code", state=asked["state"]))[0] == 403


async def test_servers_without_the_studio_and_a_discord_that_is_away_are_told(door: Door) -> None:
    door.discord.guilds = [guild(999)]
    async with browser() as http:
        asked = await door.knock(http)
        status, page = await door.back(http, code="code", state=asked["state"])
        assert (status, "None of your servers" in page) == (422, True)
        door.discord.is_down = True
        asked = await door.knock(http)
        status, page = await door.back(http, code="code", state=asked["state"])
        assert (status, "did not say who you are" in page) == (422, True)


@pytest.mark.parametrize(
    ("permissions", "role"),
    [(0, Role.MEMBER), (1 << 13, Role.MODERATOR), (1 << 40, Role.MODERATOR), (1 << 5, Role.LEAD), (1 << 3, Role.LEAD)],
)
def test_permissions_there_are_a_role_here(permissions: int, role: Role) -> None:
    assert discord_door.role_from(guild(1, permissions)) is role

"""The local Bot API server: every call over real HTTP, checked, counted, done and answered."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
from aiohttp import web

from tests.worlds.telegram.checks import METHODS, Mistake, read_call
from tests.worlds.telegram.flood import Flood
from tests.worlds.telegram.methods import Methods
from tests.worlds.telegram.world import Json, Refused, Unreachable, World, bad

BODY_LIMIT: Final = 2_100 * 1024 * 1024
WEBHOOK_RETRY: Final = 0.5  # seconds


class Server:
    def __init__(self, world: World) -> None:
        self.world = world
        self.methods = Methods(world)
        self._waiting: set[asyncio.Task[Any]] = set()

    async def call(self, request: web.Request) -> web.StreamResponse:
        world, method = self.world, request.match_info["method"]
        given, files = await _parts(request)
        try:
            result = await self._do(method, given, files, request.match_info["token"])
        except Refused as refused:
            world.refused.append(f"{method}: {refused}")
            return web.json_response(refused.body, status=refused.status)
        except Unreachable:
            assert request.transport is not None
            request.transport.abort()
            return web.Response(status=500)
        except Exception as mistake:  # of this world itself: the bot would try again, and nobody would notice
            world.troubles.append(f"{method}: {mistake!r}")
            raise
        return web.json_response({"ok": True, "result": result})

    async def _do(self, method: str, given: dict[str, str], files: dict[str, tuple[str, bytes]], token: str) -> Any:
        world, do = self.world, self.methods.known(method)
        if token != world.token:
            raise Refused(401, "Unauthorized")
        self._fail_if_told(method)
        if do is None or method not in METHODS:
            raise Refused(404, "Not Found")
        try:
            params = read_call(method, given, files)
        except Mistake as mistake:
            raise bad(str(mistake)) from None
        if Flood.counts(method) and isinstance(params.get("chat_id"), int):
            count = len(params["media"]) if method == "sendMediaGroup" else 1
            if (wait := world.flood.refuse_for(params["chat_id"], count)) is not None:
                raise Refused(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        result = await do(params, files)
        world.calls.append((world.now(), method, params))
        if world.when_done is not None:
            await world.when_done(method, params)
        return result

    def _fail_if_told(self, method: str) -> None:
        waiting = self.world.fail_next
        if waiting and method == waiting[0][0]:
            raise waiting.popleft()[1]

    async def file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["path"].removeprefix("files/")
        if request.match_info["token"] != self.world.token or name not in self.world.files:
            return web.Response(status=404)
        return web.Response(body=self.world.files[name].content)

    async def push(self) -> None:
        """Hand updates to the webhook, one after the other, each until it is taken."""
        async with aiohttp.ClientSession() as session:
            while True:
                world = self.world
                if not (world.webhook.get("url") and world.updates):
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(world.changed.wait(), 1.0)
                    continue
                if await _taken(session, world.webhook, world.updates[0]):
                    world.updates.pop(0)
                else:
                    await asyncio.sleep(WEBHOOK_RETRY)


async def _taken(session: aiohttp.ClientSession, webhook: Json, update: Json) -> bool:
    secret = {"X-Telegram-Bot-Api-Secret-Token": webhook["secret_token"]} if webhook.get("secret_token") else {}
    try:
        async with session.post(webhook["url"], json=update, headers=secret) as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def _parts(request: web.Request) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    given, files = dict(request.query), {}
    if request.content_type == "application/json":
        body = await request.json()
        given |= {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
        return given, {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = (value.filename, value.file.read())
        elif isinstance(value, str):
            given[name] = value
    return given, files


@asynccontextmanager
async def listening(world: World) -> AsyncIterator[Server]:
    server = Server(world)
    app = web.Application(client_max_size=BODY_LIMIT)
    app.router.add_route("*", "/bot{token}/{method}", server.call)
    app.router.add_get("/file/bot{token}/{path:.+}", server.file)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    (address,) = runner.addresses
    world.base = f"http://127.0.0.1:{address[1]}"
    pushing = asyncio.create_task(server.push())
    try:
        yield server
    finally:
        pushing.cancel()
        world.note_change()
        await runner.cleanup()

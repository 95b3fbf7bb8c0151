"""The local Discord over HTTP: reads requests, asks the world, answers as Discord does."""

import asyncio
import json
import re
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import BodyPartReader, web

from tests.worlds.discord.world import (
    MIB,
    NO_PERMISSION,
    PIN,
    READ_HISTORY,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    Channel,
    Json,
    Refused,
    Unreachable,
    World,
    check_body,
)

Files = dict[int, tuple[str, bytes]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PREFIX: Final = "/api/v10"
# Requests that fit in so many seconds, by what they go to.
BUCKETS: Final = {"webhook": (5, 2.0), "post": (5, 5.0), "edit": (5, 5.0)}
ALTOGETHER: Final = (50, 1.0)


class Rest:
    def __init__(self, world: World) -> None:
        self.world = world
        self._spent: dict[tuple[str, str], deque[float]] = defaultdict(deque)
        self.too_many = 0  # how often somebody was told to slow down

    def routes(self) -> list[web.RouteDef]:
        every = [
            web.get(f"{PREFIX}/users/@me", self._me),
            web.get(f"{PREFIX}/oauth2/applications/@me", self._application),
            web.get(f"{PREFIX}/gateway/bot", self._gateway),
            web.get(f"{PREFIX}/applications/{{app}}/commands", self._commands),
            web.put(f"{PREFIX}/applications/{{app}}/commands", self._register),
            web.post(f"{PREFIX}/interactions/{{id}}/{{token}}/callback", self._answer),
            web.post(f"{PREFIX}/webhooks/{{app}}/{{token}}", self._follow_up),
            web.get(f"{PREFIX}/webhooks/{{app}}/{{token}}/messages/{{message}}", self._answer_message),
            web.patch(f"{PREFIX}/webhooks/{{app}}/{{token}}/messages/{{message}}", self._edit_answer),
            web.delete(f"{PREFIX}/webhooks/{{app}}/{{token}}/messages/{{message}}", self._delete_answer),
            web.post(f"{PREFIX}/users/@me/channels", self._open_direct),
            web.get(f"{PREFIX}/channels/{{channel}}", self._channel),
            web.get(f"{PREFIX}/channels/{{channel}}/messages", self._history),
            web.post(f"{PREFIX}/channels/{{channel}}/messages", self._post),
            web.get(f"{PREFIX}/channels/{{channel}}/messages/{{message}}", self._message),
            web.patch(f"{PREFIX}/channels/{{channel}}/messages/{{message}}", self._edit),
            web.put(f"{PREFIX}/channels/{{channel}}/messages/pins/{{message}}", self._pin),
            web.delete(f"{PREFIX}/channels/{{channel}}/messages/pins/{{message}}", self._unpin),
            web.get("/attachments/{channel}/{id}/{name}", self._file),
        ]
        return every

    # -- who it is -------------------------------------------------------------------------------------------------

    async def _me(self, request: web.Request) -> Any:
        return self.world.bot.as_json() | {"bot": True, "verified": True, "mfa_enabled": False, "flags": 0}

    async def _application(self, request: web.Request) -> Any:
        return {
            "id": str(self.world.application_id),
            "name": "Kinora",
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "",
            "flags": 0,
            "owner": self.world.bot.as_json(),
            "team": None,
            "approximate_guild_count": len(self.world.guilds),
        }

    async def _gateway(self, request: web.Request) -> Any:
        limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        return {"url": self.world.base.replace("http", "ws") + "/gateway", "shards": 1, "session_start_limit": limit}

    async def _commands(self, request: web.Request) -> Any:
        return self.world.commands

    async def _register(self, request: web.Request) -> Any:
        body, _ = await read(request)
        check_body("PUT /applications/{application_id}/commands", body)
        return self.world.register(body)

    # -- interactions ----------------------------------------------------------------------------------------------

    async def _answer(self, request: web.Request) -> Any:
        body, files = await read(request)
        check_body("POST /interactions/{interaction_id}/{interaction_token}/callback", body)
        token = request.match_info["token"]
        message = self.world.answer(int(request.match_info["id"]), token, body, files)
        if request.query.get("with_response") not in ("true", "True", "1"):
            return None
        told: Json = {"id": request.match_info["id"], "type": 2}
        if message is not None:
            told["response_message_id"] = message["id"]
            return {"interaction": told, "resource": {"type": body["type"], "message": message}}
        return {"interaction": told, "resource": {"type": body["type"]}}

    async def _follow_up(self, request: web.Request) -> Any:
        body, files = await read(request)
        check_body("POST /webhooks/{webhook_id}/{webhook_token}", body)
        return self.world.follow_up(request.match_info["token"], body, files)

    async def _answer_message(self, request: web.Request) -> Any:
        return self.world.answer_message(request.match_info["token"], request.match_info["message"])[1]

    async def _edit_answer(self, request: web.Request) -> Any:
        body, files = await read(request)
        check_body("PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", body)
        found, message = self.world.answer_message(request.match_info["token"], request.match_info["message"])
        guild = self.world.guilds.get(found.channel.guild_id or 0)
        limit = guild.size_limit if guild else 10 * MIB
        self.world.write(message, body, files, size_limit=limit)
        return message

    async def _delete_answer(self, request: web.Request) -> Any:
        found, message = self.world.answer_message(request.match_info["token"], request.match_info["message"])
        for place in (found.private, found.channel.messages):
            if message in place:
                place.remove(message)
        return None

    # -- channels --------------------------------------------------------------------------------------------------

    async def _open_direct(self, request: web.Request) -> Any:
        body, _ = await read(request)
        check_body("POST /users/@me/channels", body)
        user = self.world.users.get(int(body["recipient_id"]))
        if user is None:
            raise Refused((400, 50033, "Invalid Recipient(s)"))
        return self.world.direct_channel(user).as_json()

    async def _channel(self, request: web.Request) -> Any:
        channel = self._find(request)
        self.world.check_access(channel)
        return channel.as_json()

    async def _history(self, request: web.Request) -> Any:
        channel = self._find(request)
        self.world.check_access(channel)
        if channel.recipient is None and not channel.bot_may & READ_HISTORY:
            return []
        after, limit = int(request.query.get("after", "0")), int(request.query.get("limit", "50"))
        if not 1 <= limit <= 100:
            raise Refused((400, 50035, "Invalid Form Body"), "limit: 1 to 100")
        found = [message for message in channel.messages if int(message["id"]) > after]
        return list(reversed(found[:limit] if after else found[-limit:]))

    async def _post(self, request: web.Request) -> Any:
        body, files = await read(request)
        check_body("POST /channels/{channel_id}/messages", body)
        return self.world.post(self._find(request), body, files)

    async def _message(self, request: web.Request) -> Any:
        return self._find_message(request)[1]

    async def _edit(self, request: web.Request) -> Any:
        body, files = await read(request)
        check_body("PATCH /channels/{channel_id}/messages/{message_id}", body)
        channel, message = self._find_message(request)
        guild = self.world.guilds.get(channel.guild_id or 0)
        self.world.write(message, body, files, size_limit=guild.size_limit if guild else 10 * MIB)
        return message

    async def _pin(self, request: web.Request) -> None:
        channel, message = self._find_message(request)
        self._set_pinned(channel, message, on=True)

    async def _unpin(self, request: web.Request) -> None:
        channel, message = self._find_message(request)
        self._set_pinned(channel, message, on=False)

    def _set_pinned(self, channel: Channel, message: Json, *, on: bool) -> None:
        if not channel.bot_may & PIN:
            raise Refused(NO_PERMISSION)
        message["pinned"] = on
        self.world.note_change()

    def _find(self, request: web.Request) -> Channel:
        channel = self.world.channels.get(int(request.match_info["channel"]))
        if channel is None:
            raise Refused(UNKNOWN_CHANNEL)
        return channel

    def _find_message(self, request: web.Request) -> tuple[Channel, Json]:
        channel = self._find(request)
        self.world.check_access(channel)
        for message in channel.messages:
            if message["id"] == request.match_info["message"]:
                return channel, message
        raise Refused(UNKNOWN_MESSAGE)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        content = self.world.files.get(int(request.match_info["id"]))
        until = int(request.query.get("ex", "0"), 16)
        if content is None or self.world.now() > until:
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=content, content_type="application/octet-stream")

    # -- every request ---------------------------------------------------------------------------------------------

    def middleware(self) -> Any:
        @web.middleware
        async def answered(request: web.Request, handler: Handler) -> web.StreamResponse:
            if not request.path.startswith(PREFIX):
                return await handler(request)
            operation = f"{request.method} {_shape(request.path.removeprefix(PREFIX))}"
            self.world.requests.append(operation)
            headers, wait = self._spend(request, operation)
            if wait is not None:
                self.too_many += 1
                body = {"message": "You are being rate limited.", "retry_after": wait, "global": False}
                return _answer(429, body, headers | {"Retry-After": str(wait), "Via": "local"})
            try:
                self._check_token(request, operation)
                if self.world.fail_next and operation.startswith(self.world.fail_next[0][0]):
                    raise self.world.fail_next.popleft()[1]
                body = await handler(request)
            except Unreachable:
                assert request.transport is not None
                request.transport.close()
                raise
            except Refused as refused:
                self.world.refused.append(f"{operation}: {refused}")
                return _answer(refused.status, refused.body, headers | {"Via": "local"})
            if isinstance(body, web.StreamResponse):
                return body
            if self.world.when_done is not None:
                await self.world.when_done(operation)
            return _answer(204 if body is None else 200, body, headers)

        return answered

    def _check_token(self, request: web.Request, operation: str) -> None:
        if "/webhooks/" in operation or "/interactions/" in operation:
            return
        if request.headers.get("Authorization") != f"Bot {self.world.token}":
            raise Refused((401, 0, "401: Unauthorized"))

    def _spend(self, request: web.Request, operation: str) -> tuple[dict[str, str], float | None]:
        """What is left of the bucket; and how long to wait, when nothing is."""
        if "/interactions/" in operation:
            return {}, None  # answers to interactions are bound by no limit
        at = time.monotonic()
        if "/webhooks/" in operation:
            kind, which = "webhook", request.path.split("/webhooks/")[1].split("/")[1]
        elif "/messages" in operation and request.method in ("POST", "PATCH"):
            kind, which = ("post" if request.method == "POST" else "edit"), request.path.split("/")[4]
        else:
            kind, which = "", ""
        for name, of, (most, seconds) in (
            *([(kind, which, BUCKETS[kind])] if kind else []),
            *([("all", "", ALTOGETHER)] if kind != "webhook" else []),
        ):
            spent = self._spent[name, of]
            while spent and spent[0] <= at - seconds:
                spent.popleft()
            if len(spent) >= most:
                return {}, round(seconds - (at - spent[0]) + 0.01, 3)
            spent.append(at)
        if not kind:
            return {}, None
        most, seconds = BUCKETS[kind]
        spent = self._spent[kind, which]
        after = seconds - (at - spent[0])
        told = {"Limit": most, "Remaining": most - len(spent), "Reset-After": f"{after:.3f}", "Bucket": kind}
        reset = {"Reset": f"{time.time() + after:.3f}"}
        return {f"X-RateLimit-{name}": str(value) for name, value in (told | reset).items()}, None


async def read(request: web.Request) -> tuple[Any, Files]:
    """The JSON body, and the files beside it by their numbers."""
    if request.content_type != "multipart/form-data":
        text = await request.text()
        return (json.loads(text) if text else {}), {}
    body: Any = {}
    files: Files = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        if part.name == "payload_json":
            body = json.loads(await part.text())
        elif found := re.fullmatch(r"files\[(\d+)\]", part.name or ""):
            files[int(found[1])] = (part.filename or "file", bytes(await part.read()))
    return body, files


def _answer(status: int, body: Any, headers: dict[str, str]) -> web.Response:
    if status == 204:
        return web.Response(status=204, headers=headers)
    # Exactly this type: with a charset behind it, discord.py does not read the body.
    return web.Response(
        status=status, body=json.dumps(body).encode(), headers=headers | {"Content-Type": "application/json"}
    )


def _shape(path: str) -> str:
    """The path without its ids and tokens."""
    path = re.sub(r"(/(?:webhooks|interactions)/\d+)/[^/]+", r"\1/{token}", path)
    return re.sub(r"/\d+", "/{id}", path)


async def listening(world: World, rest: Rest, gateway: Any) -> web.AppRunner:
    """Serve the world on a free port of this machine."""
    app = web.Application(middlewares=[rest.middleware()], client_max_size=120 * MIB)
    app.add_routes([*rest.routes(), web.get("/gateway", gateway.handle), web.get("/gateway/", gateway.handle)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert runner.addresses
    world.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    await asyncio.sleep(0)
    return runner

"""The local Discord's gateway: sessions over a websocket, with heartbeats, resumes and what was missed meanwhile."""

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import WSMsgType, web

from tests.worlds.discord.world import Guild, Json, World

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID_SESSION, HELLO, ACKNOWLEDGED = 0, 1, 2, 6, 7, 9, 10, 11
NOT_AUTHENTICATED: Final = 4004
DISALLOWED_INTENTS: Final = 4014
# Reading members, presences and what people write.
PRIVILEGED: Final = 1 << 1 | 1 << 8 | 1 << 15


@dataclass
class Session:
    id: str
    shard: tuple[int, int]
    sent: list[Json] = field(default_factory=list)  # every dispatch, to be replayed
    socket: web.WebSocketResponse | None = None

    async def dispatch(self, name: str, data: Any) -> None:
        self.sent.append({"op": DISPATCH, "t": name, "s": len(self.sent) + 1, "d": data})
        if self.socket is not None and not self.socket.closed:
            await self.socket.send_str(json.dumps(self.sent[-1]))


class Gateway:
    def __init__(self, world: World, *, heartbeat_every: float = 41.25) -> None:
        self.world = world
        self.heartbeat_every = heartbeat_every
        self.sessions: dict[str, Session] = {}
        self.identified = 0
        self.resumed = 0
        self.heartbeats = 0
        self.is_connected = asyncio.Event()

    def session_of(self, guild_id: int | None) -> Session | None:
        """The one that is connected for this server; direct messages go to the first shard."""
        for session in reversed(self.sessions.values()):
            shard, of = session.shard
            if session.socket is not None and not session.socket.closed and ((guild_id or 0) >> 22) % of == shard:
                return session
        return None

    # -- what a test does to it ------------------------------------------------------------------------------------

    async def cut(self) -> None:
        """The connection breaks, without a word."""
        self.is_connected.clear()
        for session in self.sessions.values():
            if session.socket is not None and not session.socket.closed:
                await session.socket.close(code=4000)

    async def ask_to_reconnect(self) -> None:
        self.is_connected.clear()
        for session in self.sessions.values():
            if session.socket is not None and not session.socket.closed:
                await session.socket.send_str(json.dumps({"op": RECONNECT, "d": None}))

    async def send_away(self, guild: Guild) -> None:
        """Somebody removes the bot from their server."""
        session = self.session_of(guild.id)
        guild.bot_is_in = False
        if session is not None:
            await session.dispatch("GUILD_DELETE", {"id": str(guild.id)})

    def forget_sessions(self) -> None:
        """Resuming is answered with INVALID_SESSION from now on."""
        for session in self.sessions.values():
            session.id = secrets.token_hex(8)
        self.sessions = {session.id: session for session in self.sessions.values()}

    # -- talking ---------------------------------------------------------------------------------------------------

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=16 * 1024)
        await socket.prepare(request)
        await self._send(socket, HELLO, {"heartbeat_interval": int(self.heartbeat_every * 1000)})
        session: Session | None = None
        async for received in socket:
            if received.type is not WSMsgType.TEXT:
                break
            told = json.loads(received.data)
            match told["op"]:
                case 1:
                    self.heartbeats += 1
                    await self._send(socket, ACKNOWLEDGED, None)
                case 2:
                    session = await self._identify(socket, told["d"])
                case 6:
                    session = await self._resume(socket, told["d"])
        if session is not None and session.socket is socket:
            session.socket = None
            self.is_connected.clear()
        return socket

    async def _identify(self, socket: web.WebSocketResponse, told: Json) -> Session | None:
        if told["token"] != self.world.token:
            await socket.close(code=NOT_AUTHENTICATED)
            return None
        if told["intents"] & PRIVILEGED:
            await socket.close(code=DISALLOWED_INTENTS)
            return None
        shard, of = told.get("shard") or (0, 1)
        session = Session(secrets.token_hex(8), (shard, of), socket=socket)
        self.sessions[session.id] = session
        self.identified += 1
        guilds = [one for one in self.world.guilds.values() if one.bot_is_in and (one.id >> 22) % of == shard]
        ready = {
            "v": 10,
            "user": self.world.bot.as_json() | {"bot": True},
            "guilds": [{"id": str(one.id), "unavailable": True} for one in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.world.base.replace("http", "ws") + "/gateway",
            "shard": [shard, of],
            "application": {"id": str(self.world.application_id), "flags": 0},
        }
        await session.dispatch("READY", ready)
        for guild in guilds:
            await session.dispatch("GUILD_CREATE", self.guild_json(guild.id))
        self.is_connected.set()
        return session

    async def _resume(self, socket: web.WebSocketResponse, told: Json) -> Session | None:
        session = self.sessions.get(told["session_id"])
        if session is None or told["token"] != self.world.token:
            await self._send(socket, INVALID_SESSION, False)
            return None
        session.socket = socket
        for missed in session.sent[int(told["seq"] or 0) :]:
            await socket.send_str(json.dumps(missed))
        self.resumed += 1
        await session.dispatch("RESUMED", {})
        self.is_connected.set()
        return session

    @staticmethod
    async def _send(socket: web.WebSocketResponse, operation: int, data: Any) -> None:
        await socket.send_str(json.dumps({"op": operation, "d": data, "s": None, "t": None}))

    def guild_json(self, guild_id: int) -> Json:
        guild = self.world.guilds[guild_id]
        everyone = {"id": str(guild_id), "name": "@everyone", "color": 0, "hoist": False, "position": 0}
        rights = {"permissions": "1071698660929", "managed": False, "mentionable": False, "flags": 0}
        channels = [one.as_json() for one in self.world.channels.values() if one.guild_id == guild_id]
        joined = {"roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}
        return {
            "id": str(guild_id),
            "name": guild.name,
            "icon": None,
            "owner_id": str(guild.owner.id),
            "premium_tier": guild.tier,
            "preferred_locale": "en-US",
            "features": [],
            "roles": [everyone | rights],
            "emojis": [],
            "stickers": [],
            "channels": channels,
            "threads": [],
            "members": [joined | {"user": self.world.bot.as_json() | {"bot": True}}],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "member_count": len(self.world.users) + 1,
            "large": False,
            "unavailable": False,
            "joined_at": "2026-01-01T00:00:00+00:00",
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "afk_timeout": 300,
            "afk_channel_id": None,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "premium_progress_bar_enabled": False,
            "max_members": 500_000,
        }

"""What the local Discord keeps, and the rules that it holds a bot to."""

import asyncio
import itertools
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tests.worlds.discord.checks import mistake_in

Json = dict[str, Any]

EPOCH_MS: Final = 1_420_070_400_000
ACKNOWLEDGE_WITHIN: Final = 3.0  # seconds
TOKEN_LIVES: Final = 15 * 60.0
NONCE_LIVES: Final = 5 * 60.0
LINK_LIVES: Final = 24 * 3_600.0
COMPONENTS_LIMIT: Final = 40
CONTENT_LIMIT: Final = 2_000  # of a bot; the description says what others may write
MIB: Final = 1024 * 1024
EPHEMERAL: Final = 1 << 6
LOADING: Final = 1 << 7
COMPONENTS_V2: Final = 1 << 15

VIEW: Final = 1 << 10
SEND: Final = 1 << 11
MANAGE_MESSAGES: Final = 1 << 13
ATTACH: Final = 1 << 15
READ_HISTORY: Final = 1 << 16
SEND_IN_THREADS: Final = 1 << 38
PIN: Final = 1 << 51
MANAGE_SERVER: Final = 1 << 5
MODERATE_MEMBERS: Final = 1 << 40
# What docs/discord.md asks for: view, send, send in threads, attach files, read the history, pin.
INVITED_WITH: Final = VIEW | SEND | ATTACH | READ_HISTORY | SEND_IN_THREADS | PIN

# As Discord answers them: HTTP status, code, message.
UNKNOWN_CHANNEL: Final = (404, 10003, "Unknown Channel")
UNKNOWN_MESSAGE: Final = (404, 10008, "Unknown Message")
UNKNOWN_INTERACTION: Final = (404, 10062, "Unknown interaction")
ANSWERED_ALREADY: Final = (400, 40060, "Interaction has already been acknowledged.")
TOKEN_EXPIRED: Final = (401, 50027, "Invalid Webhook Token")
NO_ACCESS: Final = (403, 50001, "Missing Access")
NOT_ITS_OWN: Final = (403, 50005, "Cannot edit a message authored by another user")
NO_DIRECT_MESSAGES: Final = (403, 50007, "Cannot send messages to this user")
NO_PERMISSION: Final = (403, 50013, "Missing Permissions")
NO_REPLIES: Final = (400, 160002, "Cannot reply without permission to read message history")
TOO_LARGE: Final = (413, 40005, "Request entity too large")
INVALID: Final = (400, 50035, "Invalid Form Body")


class Refused(Exception):
    """Discord answers with an error."""

    def __init__(self, answer: tuple[int, int, str], details: str = "", **extra: Any) -> None:
        status, code, message = answer
        super().__init__(f"{code} {message} {details}")
        self.status = status
        self.body: Json = {"code": code, "message": message} | ({"errors": details} if details else {}) | extra


class Unreachable(Exception):
    """The connection breaks before there is an answer."""


@dataclass
class User:
    id: int
    name: str
    locale: str = "en-US"
    takes_direct_messages: bool = True
    roles: list[int] = field(default_factory=list)
    permissions: int = VIEW | SEND | ATTACH | READ_HISTORY

    def as_json(self) -> Json:
        names = {"username": self.name, "global_name": self.name, "discriminator": "0", "avatar": None}
        return {"id": str(self.id), **names, "bot": False, "public_flags": 0}


@dataclass
class Channel:
    id: int
    guild_id: int | None
    name: str = "clips"
    recipient: User | None = None  # of a direct message
    bot_may: int = INVITED_WITH
    is_closed: bool = False  # @everyone may not view it
    parent: "Channel | None" = None  # of a thread, or of a post in a forum
    is_age_restricted: bool = False
    messages: list[Json] = field(default_factory=list)

    def as_json(self) -> Json:
        if self.recipient is not None:
            return {"id": str(self.id), "type": 1, "recipients": [self.recipient.as_json()], "last_message_id": None}
        closed = [{"id": str(self.guild_id), "type": 0, "allow": "0", "deny": str(VIEW)}] if self.is_closed else []
        shown = {"name": self.name, "position": 0, "permission_overwrites": closed, "topic": None}
        shown |= {"nsfw": self.is_age_restricted, "parent_id": str(self.parent.id) if self.parent else None}
        if self.parent is not None:
            at = "2026-01-01T00:00:00+00:00"
            kept = {"archived": False, "auto_archive_duration": 60, "archive_timestamp": at, "locked": False}
            shown |= {"thread_metadata": kept, "owner_id": str(self.guild_id), "message_count": 0, "member_count": 1}
        return {"id": str(self.id), "type": 11 if self.parent else 0, "guild_id": str(self.guild_id), **shown}


@dataclass
class Guild:
    id: int
    owner: User
    name: str = "Film club"
    tier: int = 0
    bot_is_in: bool = True
    size_limit: int = 10 * MIB


@dataclass
class Interaction:
    id: int
    token: str
    user: User
    channel: Channel
    at: float
    source: Json | None = None  # the message whose button was pressed
    answered: bool = False
    answered_within: float | None = None
    message_id: int | None = None  # of the answer
    modal: Json | None = None
    choices: list[Json] | None = None
    private: list[Json] = field(default_factory=list)  # messages that only this user sees


class World:
    def __init__(self) -> None:
        self.base = ""  # of the server; set when it listens
        self.token = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.GaBcDe." + "w" * 38
        self.ahead = 0.0  # how far the clock was set forward
        self._counter = itertools.count()
        self.bot = User(self.new_id(), "Kinora")
        self.application_id = self.bot.id
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.users: dict[int, User] = {}
        self.interactions: dict[str, Interaction] = {}
        self.files: dict[int, bytes] = {}
        self.commands: list[Json] = []
        self.syncs = 0
        self.requests: list[str] = []  # every one that was made
        self.refused: list[str] = []
        self.acknowledge_within = ACKNOWLEDGE_WITHIN
        self.troubles: list[str] = []  # what Discord takes, and people suffer from
        self.fail_next: deque[tuple[str, Exception]] = deque()  # (start of an operation's name, the answer to it)
        self.when_done: Callable[[str], Awaitable[None]] | None = None  # between doing and answering
        self.changed = asyncio.Event()
        self._nonces: dict[tuple[int, str], tuple[float, Json]] = {}

    # -- the clock and ids -----------------------------------------------------------------------------------------

    def now(self) -> float:
        return time.time() + self.ahead

    def pass_time(self, seconds: float) -> None:
        self.ahead += seconds

    def new_id(self) -> int:
        return (int(self.now() * 1000) - EPOCH_MS) << 22 | next(self._counter) & 0xFFF

    def note_change(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()

    # -- furnishing ------------------------------------------------------------------------------------------------

    def add_user(self, name: str, locale: str = "en-US", *, permissions: int = 0) -> User:
        user = User(self.new_id(), name, locale)
        user.permissions |= permissions
        self.users[user.id] = user
        return user

    def add_guild(self, owner: User, **more: Any) -> Guild:
        guild = Guild(self.new_id(), owner, **more)
        self.guilds[guild.id] = guild
        return guild

    def add_channel(
        self,
        guild: Guild,
        name: str = "clips",
        *,
        bot_may: int = INVITED_WITH,
        parent: Channel | None = None,
        **more: bool,
    ) -> Channel:
        channel = Channel(self.new_id(), guild.id, name, bot_may=bot_may, parent=parent, **more)
        self.channels[channel.id] = channel
        return channel

    def direct_channel(self, user: User) -> Channel:
        for channel in self.channels.values():
            if channel.recipient is user:
                return channel
        channel = Channel(self.new_id(), None, user.name, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def all_messages(self) -> Iterator[Json]:
        for channel in self.channels.values():
            yield from channel.messages

    # -- messages --------------------------------------------------------------------------------------------------

    def post(self, channel: Channel, body: Json, files: dict[int, tuple[str, bytes]]) -> Json:
        """By the bot, without an interaction."""
        self._check_may_post(channel, bool(files))
        nonce = body.get("nonce")
        if nonce is not None and len(str(nonce)) > 25:
            raise Refused(INVALID, "nonce: 25 characters fit")
        if nonce is not None and body.get("enforce_nonce"):
            known = self._nonces.get((channel.id, str(nonce)))
            if known is not None and self.now() - known[0] < NONCE_LIVES:
                return known[1]
        answered = body.get("message_reference")
        if answered is not None and channel.recipient is None and not channel.bot_may & READ_HISTORY:
            raise Refused(NO_REPLIES)
        message = self._new_message(channel, body, files, size_limit=self._size_limit(channel))
        if answered is not None:
            message["message_reference"] = answered
        channel.messages.append(message)
        if nonce is not None:
            self._nonces[channel.id, str(nonce)] = (self.now(), message)
        return message

    def _check_may_post(self, channel: Channel, with_files: bool) -> None:
        if channel.recipient is not None:
            if not channel.recipient.takes_direct_messages:
                raise Refused(NO_DIRECT_MESSAGES)
            return
        self.check_access(channel)
        needed = SEND_IN_THREADS if channel.parent is not None else SEND
        if not channel.bot_may & needed or (with_files and not channel.bot_may & ATTACH):
            raise Refused(NO_PERMISSION)

    def check_access(self, channel: Channel) -> None:
        guild = self.guilds.get(channel.guild_id or 0)
        if guild is not None and not (guild.bot_is_in and channel.bot_may & VIEW):
            raise Refused(NO_ACCESS)

    def _size_limit(self, channel: Channel) -> int:
        guild = self.guilds.get(channel.guild_id or 0)
        return guild.size_limit if guild else 10 * MIB

    def _new_message(
        self, channel: Channel, body: Json, files: dict[int, tuple[str, bytes]], *, size_limit: int
    ) -> Json:
        message: Json = {
            "id": str(self.new_id()),
            "channel_id": str(channel.id),
            "author": self.bot.as_json() | {"bot": True},
            "content": "",
            "timestamp": _iso(self.now()),
            "edited_timestamp": None,
            "type": 0,
            "flags": 0,
            "tts": False,
            "mention_everyone": False,
            "pinned": False,
            "mentions": [],
            "mention_roles": list((body.get("allowed_mentions") or {}).get("roles") or ()),
            "embeds": [],
            "attachments": [],
            "components": [],
        }
        self.write(message, body, files, size_limit=size_limit)
        if not (message["content"] or message["components"] or message["attachments"] or message["embeds"]):
            raise Refused((400, 50006, "Cannot send an empty message"))
        return message

    def write(self, message: Json, body: Json, files: dict[int, tuple[str, bytes]], *, size_limit: int) -> None:
        """Bring a message, new or not, to what the body says of it; nothing changes when that cannot be."""
        written = dict(message)
        flags = (message["flags"] & ~LOADING) | int(body.get("flags") or 0)
        if message["flags"] & COMPONENTS_V2 and body.get("flags") is not None:
            flags |= COMPONENTS_V2  # once it is one, it stays one
        written["flags"] = flags
        for name in ("content", "embeds", "components"):
            if name in body:
                written[name] = body[name] or ("" if name == "content" else [])
        written["attachments"] = self._attachments(message, body, files, size_limit)
        if len(written["content"]) > CONTENT_LIMIT:
            raise Refused(INVALID, f"content: {CONTENT_LIMIT} characters fit")
        if flags & COMPONENTS_V2 and (written["content"] or written["embeds"]):
            raise Refused(INVALID, "content and embeds cannot stand beside components of the second version")
        check_components(written["components"], is_new_kind=bool(flags & COMPONENTS_V2))
        named = self._resolve(written)
        if flags & COMPONENTS_V2:
            hidden = [one["filename"] for one in written["attachments"] if one["filename"] not in named]
            self.troubles += [f"{name} is attached, and nobody sees it" for name in hidden]
        message.update(written)
        self.note_change()

    def _attachments(
        self, message: Json, body: Json, files: dict[int, tuple[str, bytes]], size_limit: int
    ) -> list[Json]:
        listed = body.get("attachments")
        if listed is None:
            kept = list(message["attachments"])
            listed_new: list[Json] = [{"id": number} for number in files]
        else:
            known = {one["id"]: one for one in message["attachments"]}
            kept = [known[str(one["id"])] for one in listed if str(one["id"]) in known]
            listed_new = [one for one in listed if str(one["id"]) not in known]
        for one in listed_new:
            if int(one["id"]) not in files:
                raise Refused(INVALID, f"attachments: there is no file {one['id']}")
            name, content = files[int(one["id"])]
            if len(content) > size_limit:
                raise Refused(TOO_LARGE)
            described = {"description": one["description"]} if one.get("description") else {}
            kept.append(self.keep_file(message["channel_id"], one.get("filename") or name, content) | described)
        return kept

    def keep_file(self, channel_id: int | str, name: str, content: bytes) -> Json:
        """Somebody's file, behind a link that is good for a day."""
        attachment_id = self.new_id()
        self.files[attachment_id] = content
        until = f"{int(self.now() + LINK_LIVES):x}"
        url = f"{self.base}/attachments/{channel_id}/{attachment_id}/{name}?ex={until}"
        return {"id": str(attachment_id), "filename": name, "size": len(content), "url": url, "proxy_url": url}

    def write_as(self, user: User, channel: Channel, text: str = "", files: dict[str, bytes] | None = None) -> Json:
        """What a member writes in a channel, with files."""
        message = self._new_message(channel, {"content": text or "…"}, {}, size_limit=self._size_limit(channel))
        message["author"] = user.as_json()
        message["attachments"] = [self.keep_file(channel.id, name, content) for name, content in (files or {}).items()]
        channel.messages.append(message)
        return message

    def _resolve(self, message: Json) -> set[str]:
        """Put links in place of attachment://names; answers with the names."""
        links = {one["filename"]: one["url"] for one in message["attachments"]}
        named = set()
        for component in walk(message["components"]):
            for media in _media_of(component):
                url = str(media["url"])
                if url.startswith("attachment://"):
                    name = url.removeprefix("attachment://")
                    if name not in links:
                        raise Refused(INVALID, f"components: no attachment is called {name}")
                    named.add(name)
                    media |= {"url": links[name], "proxy_url": links[name], "width": 0, "height": 0}
                else:
                    named |= {name for name, link in links.items() if link == url}
            if component.get("type") == 12:
                bare = [item for item in component["items"] if not item.get("description")]
                self.troubles += ["a picture has no text for who cannot see it"] * len(bare)
        return named

    # -- interactions ----------------------------------------------------------------------------------------------

    def interaction(self, token: str) -> Interaction:
        """By its token, as long as that is good."""
        found = self.interactions.get(token)
        if found is None or self.now() - found.at >= TOKEN_LIVES:
            raise Refused(TOKEN_EXPIRED)
        return found

    def answer(self, interaction_id: int, token: str, body: Json, files: dict[int, tuple[str, bytes]]) -> Json | None:
        """The first answer to an interaction; the message that comes of it, if one does."""
        found = self.interactions.get(token)
        if found is None or found.id != interaction_id or self.now() - found.at > self.acknowledge_within:
            raise Refused(UNKNOWN_INTERACTION)
        if found.answered:
            raise Refused(ANSWERED_ALREADY)
        data: Json = body.get("data") or {}
        message: Json | None = None
        match body["type"]:
            case 4:
                message = self._reply(found, data, files)
            case 5:
                flags = LOADING | int(data.get("flags") or 0)
                message = self._reply(found, {"content": "…"}, {})
                message |= {"content": "", "flags": flags}
                if flags & EPHEMERAL:
                    self._make_private(found, message)
            case 6 | 7 if found.source is None:
                raise Refused(INVALID, "only a button or a menu has a message to change")
            case 6:
                message = found.source
            case 7:
                assert found.source is not None
                message = found.source
                self.write(message, data, files, size_limit=self._size_limit(found.channel))
            case 8:
                if len(data.get("choices") or ()) > 25:
                    raise Refused(INVALID, "25 choices fit")
                found.choices = list(data.get("choices") or ())
            case 9:
                check_modal(data)
                found.modal = data
        found.answered = True
        found.answered_within = self.now() - found.at
        found.message_id = int(message["id"]) if message is not None else None
        self.note_change()
        return message

    def _reply(self, found: Interaction, body: Json, files: dict[int, tuple[str, bytes]]) -> Json:
        message = self._new_message(found.channel, body, files, size_limit=self._size_limit(found.channel))
        message["interaction_metadata"] = {
            "id": str(found.id),
            "type": 2 if found.source is None else 3,
            "user": found.user.as_json(),
            "authorizing_integration_owners": {"0": str(found.channel.guild_id or 0)},
        }
        message["webhook_id"] = str(self.application_id)
        if message["flags"] & EPHEMERAL:
            found.private.append(message)
        else:
            found.channel.messages.append(message)
        return message

    def _make_private(self, found: Interaction, message: Json) -> None:
        found.channel.messages.remove(message)
        found.private.append(message)

    def follow_up(self, token: str, body: Json, files: dict[int, tuple[str, bytes]]) -> Json:
        found = self.interaction(token)
        if not found.answered:
            raise Refused((404, 10015, "Unknown Webhook"))
        message = self._reply(found, body, files)
        self.note_change()
        return message

    def answer_message(self, token: str, which: str) -> tuple[Interaction, Json]:
        """A message that came of the interaction, or that its button sits under."""
        found = self.interaction(token)
        wanted = str(found.message_id) if which == "@original" else which
        for message in (*found.private, *found.channel.messages, *([found.source] if found.source else [])):
            if message["id"] == wanted and (message.get("webhook_id") or message is found.source):
                return found, message
        raise Refused(UNKNOWN_MESSAGE)

    # -- commands --------------------------------------------------------------------------------------------------

    def register(self, commands: list[Json]) -> list[Json]:
        by_type: dict[int, list[str]] = {}
        for one in commands:
            by_type.setdefault(int(one.get("type") or 1), []).append(one["name"])
        for kind, names in by_type.items():
            if len(names) > (100 if kind == 1 else 15) or len(set(names)) != len(names):
                raise Refused(INVALID, f"too many commands of type {kind}, or two of one name")
        for one in commands:
            _check_command(one)
        self.syncs += 1
        self.commands = [
            {"description": ""}
            | one
            | {"id": str(self.new_id()), "application_id": str(self.application_id), "version": "1"}
            for one in commands
        ]
        return self.commands


# -- rules ---------------------------------------------------------------------------------------------------------

_NAME: Final = re.compile(r"[-_\w]{1,32}")


def check_body(operation: str, body: Any) -> None:
    if mistake := mistake_in(operation, body):
        raise Refused(INVALID, mistake)


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component, however deep, as Discord counts them."""
    for component in components or ():
        yield component
        yield from walk(component.get("components") or [])
        for name in ("accessory", "component"):
            if component.get(name):
                yield from walk([component[name]])


def _media_of(component: Json) -> Iterator[Json]:
    for item in component.get("items") or ():
        yield item["media"]
    for name in ("media", "file"):
        if isinstance(component.get(name), dict):
            yield component[name]


def check_components(components: list[Json], *, is_new_kind: bool) -> None:
    found = list(walk(components))
    if len(found) > COMPONENTS_LIMIT:
        raise Refused(INVALID, f"components: {len(found)}, where {COMPONENTS_LIMIT} fit")
    if not is_new_kind and any(one["type"] not in (1, 2, 3, 5, 6, 7, 8) for one in found):
        raise Refused(INVALID, "components of the second version need the flag of it")
    ids = [one["custom_id"] for one in found if one.get("custom_id")]
    if len(ids) != len(set(ids)):
        raise Refused(INVALID, "components: a custom_id stands there twice")
    for row in found:
        if row["type"] == 1 and sum(1 if one["type"] == 2 else 5 for one in row["components"]) > 5:
            raise Refused(INVALID, "components: five buttons or one menu fit in a row")
    letters = sum(len(one.get("content") or "") for one in found if one["type"] == 10)
    if letters > 4_000:
        raise Refused(INVALID, f"components: {letters} characters of text, where 4000 fit")


def check_modal(data: Json) -> None:
    if not 1 <= len(data["components"]) <= 5:
        raise Refused(INVALID, "a modal has one to five rows")


def _check_command(command: Json) -> None:
    names = [command["name"], *(command.get("name_localizations") or {}).values()]
    for name in names if int(command.get("type") or 1) == 1 else ():
        if not _NAME.fullmatch(name) or name != name.lower():
            raise Refused(INVALID, f"{name!r} cannot be the name of a command")
    if _letters(command) > 8_000:
        raise Refused(INVALID, f"{command['name']}: more than 8000 characters")
    required = [bool(option.get("required")) for option in command.get("options") or ()]
    if required != sorted(required, reverse=True):
        raise Refused(INVALID, f"{command['name']}: an option that is required stands behind one that is not")


def _letters(part: Json) -> int:
    """Names, descriptions and values, each in its longest language."""
    count = 0
    for name in ("name", "description"):
        texts = [part.get(name) or "", *(part.get(f"{name}_localizations") or {}).values()]
        count += max(map(len, texts))
    count += len(part["value"]) if isinstance(part.get("value"), str) else 0
    return count + sum(_letters(one) for key in ("options", "choices") for one in part.get(key) or ())


def _iso(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000000+00:00", time.gmtime(at))

"""What members do: they type commands, press buttons, choose from menus and send modals."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from tests.worlds.discord.gateway import Gateway
from tests.worlds.discord.reading import buttons_of, inputs_of, menus_of, read_message
from tests.worlds.discord.rest import Rest, listening
from tests.worlds.discord.world import ACKNOWLEDGE_WITHIN, ATTACH, VIEW, Channel, Interaction, Json, User, World

PATIENCE: Final = 240.0  # seconds; a shared machine may be slow, and what comes sooner is not waited for
_USER, _ATTACHMENT = 6, 11  # kinds of options
_FILE_FIELD: Final = 19


class NobodyAnswered(Exception):
    """Discord tells the member that the application did not respond."""


@dataclass(frozen=True)
class Upload:
    """A file that a member picks."""

    name: str
    content: bytes
    content_type: str = "image/png"


@dataclass
class Place:
    """The whole local Discord, listening."""

    world: World
    rest: Rest
    gateway: Gateway

    # -- doing -----------------------------------------------------------------------------------------------------

    async def types(self, user: User, channel: Channel, command: str, **options: Any) -> Interaction:
        """A slash command, as somebody's client lets them type it."""
        known = next((one for one in self.world.commands if one["name"] == command), None)
        assert known is not None, f"there is no /{command}: {[one['name'] for one in self.world.commands]}"
        by_name = {one["name"]: one for one in known.get("options") or ()}
        given = []
        resolved: Json = {}
        for name, value in options.items():
            option = by_name[name]
            choices = [choice["value"] for choice in option.get("choices") or ()]
            assert not choices or value in choices, f"{value} is not among {choices}"
            if isinstance(value, str):
                assert len(value) <= option.get("max_length", 6_000), "the client lets nobody type so much"
            if isinstance(value, Upload):
                assert option["type"] == _ATTACHMENT
                value = self._attach(channel, value, resolved)
            elif isinstance(value, User):
                assert option["type"] == _USER
                resolved.setdefault("users", {})[str(value.id)] = value.as_json()
                resolved.setdefault("members", {})[str(value.id)] = _as_member(value, with_user=False)
                value = str(value.id)
            given.append({"name": name, "type": option["type"], "value": value})
        missing = [name for name, one in by_name.items() if one.get("required") and name not in options]
        assert not missing, f"the client does not send /{command} without {missing}"
        data = {"id": known["id"], "name": command, "type": 1, "options": given, "resolved": resolved}
        return await self._interact(user, channel, 2, data)

    def _attach(self, channel: Channel, file: Upload, resolved: Json) -> str:
        told = self.world.keep_file(channel.id, file.name, file.content) | {"content_type": file.content_type}
        resolved.setdefault("attachments", {})[told["id"]] = told | {"ephemeral": True}
        return str(told["id"])

    async def offered(self, user: User, channel: Channel, command: str, option: str, typed: str) -> list[Json]:
        """What the client offers while somebody types this option."""
        known = next(one for one in self.world.commands if one["name"] == command)
        kind = next(one for one in known["options"] if one["name"] == option)
        assert kind.get("autocomplete"), f"nothing is offered for {option}"
        given = [{"name": option, "type": kind["type"], "value": typed, "focused": True}]
        data = {"id": known["id"], "name": command, "type": 1, "options": given}
        found = await self.answered(await self._interact(user, channel, 4, data))
        assert found.choices is not None
        return found.choices

    async def picks_in_menu_of(self, user: User, channel: Channel, message: Json, name: str) -> Interaction:
        """An app's entry in the menu of a message."""
        known = next(one for one in self.world.commands if one["name"] == name and one["type"] == 3)
        resolved = {"messages": {message["id"]: message}}
        data = {"id": known["id"], "name": name, "type": 3, "target_id": message["id"], "resolved": resolved}
        return await self._interact(user, channel, 2, data)

    async def presses(self, user: User, channel: Channel, message: Json, label: str) -> Interaction:
        buttons = buttons_of(message)
        assert label in buttons, f"there is no {label!r} among {list(buttons)}"
        button = buttons[label]
        assert not button.get("disabled"), f"{label!r} cannot be pressed"
        data = {"custom_id": button["custom_id"], "component_type": 2}
        return await self._interact(user, channel, 3, data, message)

    async def presses_id(self, user: User, channel: Channel, message: Json, custom_id: str) -> Interaction:
        """What a client that was tampered with may send."""
        return await self._interact(user, channel, 3, {"custom_id": custom_id, "component_type": 2}, message)

    async def chooses(self, user: User, channel: Channel, message: Json, value: str) -> Interaction:
        for menu in menus_of(message):
            if any(option["value"] == value for option in menu.get("options") or ()):
                data = {"custom_id": menu["custom_id"], "component_type": 3, "values": [value]}
                return await self._interact(user, channel, 3, data, message)
        raise AssertionError(f"no menu has {value}")

    async def picks(
        self, user: User, channel: Channel, message: Json, placeholder: str, values: list[str]
    ) -> Interaction:
        """Channels, roles or members, from a menu that is known by its placeholder."""
        for menu in menus_of(message):
            if menu.get("placeholder") == placeholder:
                assert menu.get("min_values", 1) <= len(values) <= menu.get("max_values", 1)
                data = {"custom_id": menu["custom_id"], "component_type": menu["type"], "values": values}
                return await self._interact(user, channel, 3, data, message)
        raise AssertionError(f"no menu says {placeholder!r}: {[one.get('placeholder') for one in menus_of(message)]}")

    async def sends(self, opened: Interaction, texts: dict[str, Any]) -> Interaction:
        """Fill the modal that was opened, by its labels, and send it."""
        assert opened.modal is not None
        fields = inputs_of(opened.modal)
        rows = []
        resolved: Json = {}
        assert set(texts) <= set(fields), f"the form has {list(fields)}"
        for label, field in fields.items():
            value = texts.get(label, field.get("value", ""))
            if field["type"] == 4:
                assert len(value) <= field.get("max_length", 4_000), "the client lets nobody type so much"
                filled: Json = {"type": 4, "custom_id": field["custom_id"], "value": value, "id": 1}
                assert value or not field.get("required", True), f"the client does not send it without {label!r}"
            elif field["type"] == _FILE_FIELD:
                ids = [self._attach(opened.channel, value, resolved)] if value else []
                assert ids or not field.get("required", True), f"the client does not send it without {label!r}"
                filled = {"type": field["type"], "custom_id": field["custom_id"], "values": ids, "id": 1}
            else:
                usual = [one["value"] for one in field.get("options") or () if one.get("default")]
                values = [value] if value else usual
                if field["type"] == 3:
                    assert all(any(one["value"] == v for one in field["options"]) for v in values), values
                assert values or not field.get("required", True), f"the client does not send it without {label!r}"
                filled = {"type": field["type"], "custom_id": field["custom_id"], "values": values, "id": 1}
            rows.append({"type": 18, "id": 1, "component": filled})
        data = {"custom_id": opened.modal["custom_id"], "components": rows, "resolved": resolved}
        return await self._interact(opened.user, opened.channel, 5, data, opened.source)

    async def _interact(
        self, user: User, channel: Channel, kind: int, data: Json, message: Json | None = None
    ) -> Interaction:
        world = self.world
        found = Interaction(world.new_id(), secrets.token_urlsafe(60), user, channel, world.now(), source=message)
        world.interactions[found.token] = found
        told: Json = {
            "id": str(found.id),
            "application_id": str(world.application_id),
            "type": kind,
            "token": found.token,
            "version": 1,
            "data": data,
            "channel_id": str(channel.id),
            "channel": channel.as_json() | {"permissions": str(user.permissions)},
            "locale": user.locale,
            "entitlements": [],
            "app_permissions": str(channel.bot_may | VIEW | ATTACH),
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        guild = world.guilds.get(channel.guild_id or 0)
        if message is not None:
            told["message"] = message
        if guild is not None:
            told |= {
                "guild_id": str(guild.id),
                "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
                "guild_locale": "en-US",
                "context": 0,
                "authorizing_integration_owners": {"0": str(guild.id)},
                "attachment_size_limit": guild.size_limit,
                "member": _as_member(user),
            }
        else:
            told |= {"user": user.as_json(), "context": 1, "authorizing_integration_owners": {"0": "0"}}
        session = self.gateway.session_of(channel.guild_id)
        if session is None:
            raise NobodyAnswered("the bot is not connected")
        await session.dispatch("INTERACTION_CREATE", told)
        return found

    # -- seeing ----------------------------------------------------------------------------------------------------

    async def until(self, met: Callable[[], Any], *, within: float = PATIENCE, what: str = "") -> Any:
        """What `met` finds, as soon as it finds something."""
        try:
            async with asyncio.timeout(within):
                while not (found := met()):
                    changed = self.world.changed
                    try:
                        await asyncio.wait_for(changed.wait(), 0.5)
                    except TimeoutError:
                        continue
                return found
        except TimeoutError:
            private = [one for found in self.world.interactions.values() for one in found.private]
            shown = "\n".join(map(read_message, (*self.world.all_messages(), *private)))
            raise AssertionError(f"never came: {what}\n{shown}\nrefused: {self.world.refused}") from None

    async def answered(self, found: Interaction) -> Interaction:
        await self.until(lambda: found.answered, what="an answer to the interaction")
        return found

    def message_of(self, found: Interaction) -> Json | None:
        for message in (*found.private, *found.channel.messages):
            if found.message_id is not None and message["id"] == str(found.message_id):
                return message
        return None

    async def shows(self, found: Interaction, text: str, *, within: float = PATIENCE) -> Json:
        """The answer to the interaction, once it says this."""

        def met() -> Json | None:
            for message in (self.message_of(found), *found.private):
                if message is not None and text in read_message(message):
                    return message
            return None

        message: Json = await self.until(met, within=within, what=repr(text))
        return message


def _as_member(user: User, *, with_user: bool = True) -> Json:
    told: Json = {
        "roles": [str(role) for role in user.roles],
        "permissions": str(user.permissions),
        "joined_at": "2026-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "nick": None,
        "avatar": None,
        "flags": 0,
    }
    return told | ({"user": user.as_json()} if with_user else {})


@asynccontextmanager
async def local_discord(
    *, heartbeat_every: float = 41.25, acknowledge_within: float = ACKNOWLEDGE_WITHIN
) -> AsyncIterator[Place]:
    world = World()
    world.acknowledge_within = acknowledge_within
    rest = Rest(world)
    gateway = Gateway(world, heartbeat_every=heartbeat_every)
    runner = await listening(world, rest, gateway)
    try:
        yield Place(world, rest, gateway)
    finally:
        await gateway.cut()
        await runner.cleanup()

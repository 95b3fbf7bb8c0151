"""Buttons and menus whose custom_id says all: what to do, and with which job or clip. They outlive any restart.

The id begins with its version. A button of a version that this Kinora does not know is answered kindly.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, Self

import discord
from discord import ui

BUTTON: Final = "k1"
MENU: Final = "k1m"
MODAL: Final = "k1f"
LABEL_LIMIT: Final = 80
OPTION_LIMIT: Final = 100
OPTIONS_LIMIT: Final = 25
PLACEHOLDER_LIMIT: Final = 150


@dataclass(frozen=True)
class Wish:
    """What a press asks for."""

    action: str
    about: str  # the id of a job or a clip, or the place in a list
    more: str = ""


class Presser(Protocol):
    """Who carries presses out: the bot."""

    async def pressed(self, interaction: discord.Interaction, wish: Wish) -> None: ...

    async def pressed_outdated(self, interaction: discord.Interaction) -> None: ...


def custom_id(kind: str, action: str, about: str, more: str = "") -> str:
    return ":".join((kind, action, about, more)).rstrip(":")


def read_custom_id(typed: str) -> Wish | None:
    """What a form of this version asks for."""
    found = re.fullmatch(rf"{MODAL}:([a-z]+):([^:]*)(?::(.*))?", typed)
    return Wish(found[1], found[2], found[3] or "") if found else None


_PRESS: Final = rf"{BUTTON}:(?P<action>[a-z]+):(?P<about>[^:]*)(?::(?P<more>.*))?"
_CHOICE: Final = rf"{MENU}:(?P<action>[a-z]+):(?P<about>[^:]*)"


class Press(ui.DynamicItem[ui.Button[Any]], template=_PRESS):
    def __init__(self, item: ui.Button[Any], wish: Wish) -> None:
        super().__init__(item)
        self.wish = wish

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        assert isinstance(item, ui.Button)
        return cls(item, Wish(match["action"], match["about"], match["more"] or ""))

    async def callback(self, interaction: discord.Interaction) -> None:
        await _presser(interaction).pressed(interaction, self.wish)


_SELECTS: Final = (ui.Select, ui.ChannelSelect, ui.RoleSelect, ui.UserSelect)


class Choice(ui.DynamicItem[ui.Item[Any]], template=_CHOICE):
    """What is chosen is what the press is about; in a menu that belongs to a clip, it is what to do with it."""

    def __init__(self, item: ui.Item[Any], action: str, about: str = "") -> None:
        super().__init__(item)
        self.action = action
        self.about = about

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        assert isinstance(item, _SELECTS)
        return cls(item, match["action"], match["about"])

    async def callback(self, interaction: discord.Interaction) -> None:
        data: Any = interaction.data or {}
        chosen = ",".join(map(str, data.get("values") or ()))
        wish = Wish(self.action, self.about, chosen) if self.about else Wish(self.action, chosen)
        await _presser(interaction).pressed(interaction, wish)


class Outdated(ui.DynamicItem[ui.Item[Any]], template=r"k(?!1m?:)\d+\w*:.*"):
    """A button or a menu of another version."""

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(item)

    async def callback(self, interaction: discord.Interaction) -> None:
        await _presser(interaction).pressed_outdated(interaction)


def _presser(interaction: discord.Interaction) -> Presser:
    client: Any = interaction.client
    presser: Presser = client
    return presser


def button(
    action: str,
    about: str,
    label: str,
    *,
    more: str = "",
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    emoji: str | None = None,
) -> Press:
    written = custom_id(BUTTON, action, about, more)
    item: ui.Button[Any] = ui.Button(label=label[:LABEL_LIMIT], style=style, emoji=emoji, custom_id=written)
    return Press(item, Wish(action, about, more))


def menu(
    action: str, placeholder: str, options: Sequence[discord.SelectOption], *, about: str = "", most: int = 1
) -> Choice:
    item: ui.Select[Any] = ui.Select(
        custom_id=f"{MENU}:{action}:{about}",
        placeholder=placeholder[:PLACEHOLDER_LIMIT],
        options=list(options)[:OPTIONS_LIMIT],
        max_values=min(most, len(options), OPTIONS_LIMIT),
    )
    return Choice(item, action, about)


def channel_menu(
    action: str, about: str, placeholder: str, chosen: Sequence[int], *, least: int = 0, most: int = 1
) -> Choice:
    """Text channels of the server; choosing none is an answer, too."""
    item: ui.ChannelSelect[Any] = ui.ChannelSelect(
        custom_id=f"{MENU}:{action}:{about}",
        placeholder=placeholder[:PLACEHOLDER_LIMIT],
        channel_types=[discord.ChannelType.text, discord.ChannelType.private_thread],
        min_values=least,
        max_values=most,
        default_values=[
            discord.SelectDefaultValue(id=one, type=discord.SelectDefaultValueType.channel) for one in chosen
        ],
    )
    return Choice(item, action, about)


def role_menu(action: str, about: str, placeholder: str, chosen: int | None) -> Choice:
    defaults = (
        [] if chosen is None else [discord.SelectDefaultValue(id=chosen, type=discord.SelectDefaultValueType.role)]
    )
    item: ui.RoleSelect[Any] = ui.RoleSelect(
        custom_id=f"{MENU}:{action}:{about}",
        placeholder=placeholder[:PLACEHOLDER_LIMIT],
        min_values=0,
        default_values=defaults,
    )
    return Choice(item, action, about)

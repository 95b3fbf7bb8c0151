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


class Choice(ui.DynamicItem[ui.Select[Any]], template=_CHOICE):
    def __init__(self, item: ui.Select[Any], action: str) -> None:
        super().__init__(item)
        self.action = action

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        assert isinstance(item, ui.Select)
        return cls(item, match["action"])

    async def callback(self, interaction: discord.Interaction) -> None:
        data: Any = interaction.data or {}
        chosen = data.get("values") or [""]
        await _presser(interaction).pressed(interaction, Wish(self.action, str(chosen[0])))


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


def menu(action: str, placeholder: str, options: Sequence[discord.SelectOption]) -> Choice:
    item: ui.Select[Any] = ui.Select(
        custom_id=f"{MENU}:{action}:", placeholder=placeholder, options=list(options)[:OPTIONS_LIMIT]
    )
    return Choice(item, action)

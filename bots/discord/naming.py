"""How commands and their options are called: in three languages, out of the wording."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType, Choice, locale_str

from bots.discord import replies
from bots.wording import catalogue

_CATALOGUES: Final = {discord.Locale.taiwan_chinese: "zh-Hant", discord.Locale.chinese: "zh-Hans"}
IN_SERVERS: Final = AppCommandContext(guild=True, dm_channel=False, private_channel=False)
EVERYWHERE: Final = AppCommandContext(guild=True, dm_channel=True, private_channel=False)
FOR_SERVERS: Final = AppInstallationType(guild=True, user=False)

Named = app_commands.Command[Any, ..., Any]


def text(key: str) -> locale_str:
    """A sentence of the wording, which `Translator` gives Discord in every language."""
    return locale_str(catalogue("en")[key], key=key)


class Translator(app_commands.Translator):
    async def translate(
        self, string: locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        language = _CATALOGUES.get(locale)
        key = string.extras.get("key")
        return catalogue(language)[key] if language is not None and key is not None else None


def command(
    name: str,
    callback: Callable[..., Awaitable[None]],
    *,
    about: Mapping[str, str] | None = None,
    only_for: discord.Permissions | None = None,
) -> Named:
    """A command whose name, description and options are called in three languages. What goes wrong is told kindly.

    `about`: keys of what options mean, where that is not `discord.about.<option>`.
    """
    options = [one for one in inspect.signature(callback).parameters if one != "interaction"]

    async def answered(interaction: discord.Interaction, **options: Any) -> None:
        async with replies.answering(interaction):
            await callback(interaction, **options)

    answered.__signature__ = inspect.signature(callback)  # type: ignore[attr-defined]
    answered.__annotations__ = callback.__annotations__
    answered.__dict__ |= {name: value for name, value in vars(callback).items() if name.startswith("__discord")}
    if options:
        app_commands.rename(**{one: text(f"discord.option.{one}") for one in options})(answered)
        told = {one: text((about or {}).get(one, f"discord.about.{one}")) for one in options}
        app_commands.describe(**told)(answered)
    made: Named = app_commands.Command(
        name=text(f"discord.command.{name}"), description=text(f"discord.about.{name}"), callback=answered
    )
    if only_for is not None:
        made.default_permissions = only_for
        made.allowed_contexts = IN_SERVERS
    return made


def choices(of: str, values: Any) -> list[Choice[str]]:
    return [Choice(name=text(f"discord.{of}.{one}"), value=str(one)) for one in values]

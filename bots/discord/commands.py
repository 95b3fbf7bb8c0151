"""What can be typed on Discord: every command with its options, in three languages."""

from collections.abc import Awaitable
from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType, Choice, locale_str

from bots import stories
from bots.discord import cards, replies
from bots.discord.items import Wish
from bots.discord.making import make
from bots.discord.people import asker_of
from bots.discord.pressing import LISTS, Pressing
from bots.wording import catalogue
from engine.brief import PROMPT_LIMIT, Aspect, Brief, Quality, Resolution
from engine.errors import StudioError
from engine.members import Asker
from engine.names import read_letters
from storage.explore import Order

_CATALOGUES: Final = {discord.Locale.taiwan_chinese: "zh-Hant", discord.Locale.chinese: "zh-Hans"}
_ENTRIES: Final = 10  # of the ledger, on the card of /credits


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


def tree_for(client: discord.Client, pressing: Pressing) -> app_commands.CommandTree[Any]:
    """Every command. For servers and direct messages; nothing for apps that are installed on a person."""
    tree: app_commands.CommandTree[Any] = app_commands.CommandTree(
        client,
        allowed_contexts=AppCommandContext(guild=True, dm_channel=True, private_channel=False),
        allowed_installs=AppInstallationType(guild=True, user=False),
    )
    for command in (_create(pressing), _show(pressing), _library(pressing), _explore(pressing), *_plain(pressing)):
        tree.add_command(command)
    return tree


def _named(name: str, callback: Any) -> app_commands.Command[Any, ..., Any]:
    return app_commands.Command(
        name=text(f"discord.command.{name}"), description=text(f"discord.about.{name}"), callback=callback
    )


def _create(pressing: Pressing) -> app_commands.Command[Any, ..., Any]:
    @app_commands.rename(**{name: text(f"discord.option.{name}") for name in _CREATE_OPTIONS})
    @app_commands.describe(**{name: text(f"help.{name}") for name in _CREATE_OPTIONS})
    @app_commands.choices(
        aspect=[Choice(name=one.value, value=one.value) for one in Aspect],
        resolution=[Choice(name=one.value, value=one.value) for one in Resolution],
        quality=[Choice(name=text(f"discord.quality.{one}"), value=one.value) for one in Quality],
    )
    async def create(
        interaction: discord.Interaction,
        prompt: app_commands.Range[str, 1, PROMPT_LIMIT],
        aspect: str | None = None,
        resolution: str | None = None,
        seconds: app_commands.Range[float, 1.0, 60.0] | None = None,
        variations: app_commands.Range[int, 1, 4] | None = None,
        style: app_commands.Range[str, 1, 60] | None = None,
        quality: str | None = None,
    ) -> None:
        async def brief_for(_: Asker) -> Brief:
            usual = pressing.studio.settings.defaults
            return stories.read_brief(
                prompt,
                aspect=aspect or usual.aspect,
                resolution=resolution or usual.resolution,
                seconds=seconds or usual.seconds,
                style=style,
                quality=quality or Quality.TURBO,
                variations=variations or 1,
            )

        await _answered(interaction, make(pressing.studio, pressing.watch, interaction, brief_for))

    return _named("create", create)


_CREATE_OPTIONS: Final = ("prompt", "aspect", "resolution", "seconds", "variations", "style", "quality")


def _show(pressing: Pressing) -> app_commands.Command[Any, ..., Any]:
    @app_commands.rename(clip=text("discord.option.clip"))
    @app_commands.describe(clip=text("discord.about.clip"))
    async def show(interaction: discord.Interaction, clip: app_commands.Range[str, 1, 40]) -> None:
        await _answered(interaction, shown(interaction, clip))

    async def shown(interaction: discord.Interaction, typed: str) -> None:
        clip_id = read_letters(typed)
        if clip_id is None:
            raise StudioError("id.malformed", typed=typed)
        await pressing.show(interaction, clip_id)

    return _named("show", show)


def _library(pressing: Pressing) -> app_commands.Command[Any, ..., Any]:
    @app_commands.rename(which=text("discord.option.which"))
    @app_commands.describe(which=text("discord.about.which"))
    @app_commands.choices(which=[Choice(name=text(f"discord.library.{one}"), value=one.value) for one in LISTS])
    async def library(interaction: discord.Interaction, which: str | None = None) -> None:
        await _answered(interaction, pressing.library(interaction, Wish("library", "", which or "")))

    return _named("library", library)


def _explore(pressing: Pressing) -> app_commands.Command[Any, ..., Any]:
    @app_commands.rename(order=text("discord.option.order"))
    @app_commands.describe(order=text("discord.about.order"))
    @app_commands.choices(order=[Choice(name=text(f"discord.explore.{one}"), value=one.value) for one in Order])
    async def explore(interaction: discord.Interaction, order: str | None = None) -> None:
        await _answered(interaction, pressing.explore(interaction, Wish("explore", "", order or "")))

    return _named("explore", explore)


def _plain(pressing: Pressing) -> list[app_commands.Command[Any, ..., Any]]:
    """Commands without options. What they say is for the member alone."""
    studio = pressing.studio

    async def credits_card(asker: Asker) -> discord.ui.LayoutView:
        return cards.credits(await studio.account(asker, entries=_ENTRIES))

    async def queue_card(asker: Asker) -> discord.ui.LayoutView:
        return cards.queue(await studio.waiting_jobs(asker, limit=20))

    async def privately(interaction: discord.Interaction, card_for: Any) -> None:
        await replies.defer(interaction, private=True)
        await replies.answer(interaction, await card_for(await asker_of(studio, interaction)))

    async def credits(interaction: discord.Interaction) -> None:
        await _answered(interaction, privately(interaction, credits_card))

    async def queue(interaction: discord.Interaction) -> None:
        await _answered(interaction, privately(interaction, queue_card))

    async def help(interaction: discord.Interaction) -> None:
        async with replies.answering(interaction):
            await interaction.response.send_message(view=cards.help_card(), ephemeral=True)

    async def privacy(interaction: discord.Interaction) -> None:
        async with replies.answering(interaction):
            await interaction.response.send_message(view=cards.privacy(), ephemeral=True)

    return [_named(one.__name__, one) for one in (credits, queue, help, privacy)]


async def _answered(interaction: discord.Interaction, work: Awaitable[None]) -> None:
    async with replies.answering(interaction):
        await work

"""What can be typed on Discord: every command with its options, in three languages."""

from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType, Range

from bots.discord import cards, replies
from bots.discord.gathering_commands import gathering_commands
from bots.discord.governing_commands import governing_commands
from bots.discord.items import Wish
from bots.discord.naming import Named, choices, command
from bots.discord.operating_commands import message_menus, offering_clips, operating_commands
from bots.discord.operations import read_clip
from bots.discord.people import asker_of
from bots.discord.pressing import LISTS, Pressing
from engine.members import Asker
from storage.explore import Order

_ENTRIES: Final = 10  # of the ledger, on the card of /credits


def tree_for(client: discord.Client, pressing: Pressing) -> app_commands.CommandTree[Any]:
    """Every command. For servers and direct messages; nothing for apps that are installed on a person."""
    tree: app_commands.CommandTree[Any] = app_commands.CommandTree(
        client,
        allowed_contexts=AppCommandContext(guild=True, dm_channel=True, private_channel=False),
        allowed_installs=AppInstallationType(guild=True, user=False),
    )
    looking = (_show(pressing), _library(pressing), _explore(pressing), *_plain(pressing))
    together = gathering_commands(pressing)
    for typed in (*operating_commands(pressing), *looking, *together, *governing_commands(pressing)):
        tree.add_command(typed)
    for chosen in message_menus(pressing):
        tree.add_command(chosen)
    return tree


def _show(pressing: Pressing) -> Named:
    @app_commands.autocomplete(clip=offering_clips(pressing.studio))
    async def show(interaction: discord.Interaction, clip: Range[str, 1, 40]) -> None:
        await pressing.show(interaction, read_clip(clip))

    return command("show", show)


def _library(pressing: Pressing) -> Named:
    @app_commands.choices(which=choices("library", LISTS))
    async def library(interaction: discord.Interaction, which: str | None = None) -> None:
        await pressing.library(interaction, Wish("library", "", which or ""))

    return command("library", library)


def _explore(pressing: Pressing) -> Named:
    @app_commands.choices(order=choices("explore", Order))
    async def explore(interaction: discord.Interaction, order: str | None = None) -> None:
        await pressing.explore(interaction, Wish("explore", "", order or ""))

    return command("explore", explore)


def _plain(pressing: Pressing) -> list[Named]:
    """Commands without options. What they say is for the member alone."""
    studio = pressing.studio

    async def credits_card(asker: Asker) -> discord.ui.LayoutView:
        return cards.credits(await studio.account(asker, entries=_ENTRIES))

    async def queue_card(asker: Asker) -> discord.ui.LayoutView:
        return cards.queue(await studio.waiting_jobs(asker, limit=20))

    async def privacy_card(asker: Asker) -> discord.ui.LayoutView:
        return cards.privacy(await studio.naming.name(asker))

    async def privately(interaction: discord.Interaction, card_for: Any) -> None:
        await replies.defer(interaction, private=True)
        await replies.answer(interaction, await card_for(await asker_of(studio, interaction)))

    async def credits(interaction: discord.Interaction) -> None:
        await privately(interaction, credits_card)

    async def queue(interaction: discord.Interaction) -> None:
        await privately(interaction, queue_card)

    async def help(interaction: discord.Interaction) -> None:
        await replies.say_privately(interaction, cards.help_card())

    async def privacy(interaction: discord.Interaction) -> None:
        await privately(interaction, privacy_card)

    return [command(one.__name__, one) for one in (credits, queue, help, privacy)]

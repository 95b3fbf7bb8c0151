"""Answering an interaction: at once, in the member's language, and with a kind sentence for whatever goes wrong."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import discord
from discord import ui

from bots.discord import cards
from bots.discord.people import language_of
from bots.wording import say, speaking
from storage.errors import CodedError

log = logging.getLogger(__name__)


@asynccontextmanager
async def answering(interaction: discord.Interaction) -> AsyncIterator[None]:
    """Speak the member's language; what fails is told to them alone, and what nobody expected is logged."""
    with speaking(language_of(interaction)):
        try:
            yield
        except CodedError as error:
            await _tell(interaction, cards.error(error))
        except discord.NotFound as error:
            log.warning("an interaction was gone before it could be answered: %s", error)
        except Exception:
            log.exception("an interaction failed")
            await _tell(interaction, cards.told(say("discord.failed"), colour=cards.STOPPED))


async def _tell(interaction: discord.Interaction, view: ui.LayoutView) -> None:
    """To the member alone: where everybody waits for an answer, that goes away first."""
    try:
        if not interaction.response.is_done():
            await interaction.response.send_message(view=view, ephemeral=True)
        elif interaction.response.type is discord.InteractionResponseType.deferred_channel_message:
            await interaction.delete_original_response()
            await interaction.followup.send(view=view, ephemeral=True)
        else:
            await interaction.followup.send(view=view, ephemeral=True)
    except discord.HTTPException as error:
        log.warning("a member could not be told what went wrong: %s", error)


async def defer(interaction: discord.Interaction, *, private: bool) -> int:
    """Acknowledge now, answer in a moment; the id of the message that will be the answer."""
    answered: Any = await interaction.response.defer(ephemeral=private, thinking=True)
    return int(answered.message_id)


async def say_privately(interaction: discord.Interaction, view: ui.LayoutView) -> None:
    """At once, where nothing has to be looked up."""
    await interaction.response.send_message(view=view, ephemeral=True)


async def answer(interaction: discord.Interaction, view: ui.LayoutView, files: Sequence[discord.File] = ()) -> None:
    """What was deferred."""
    try:
        await interaction.edit_original_response(
            view=view, attachments=list(files), allowed_mentions=discord.AllowedMentions.none()
        )
    finally:
        for file in files:
            file.close()

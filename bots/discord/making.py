"""Asking for clips from Discord: a command, or a button under a clip that asks for another."""

import logging
from collections.abc import Awaitable, Callable

import aiohttp
import discord

from bots.discord import replies
from bots.discord.address import Address
from bots.discord.people import asker_of, language_of
from bots.discord.watching import Watch
from engine.brief import Brief
from engine.errors import StudioError
from engine.handed import Clip
from engine.members import Asker
from engine.studio import Studio

log = logging.getLogger(__name__)


async def make(
    studio: Studio, watch: Watch, interaction: discord.Interaction, brief_for: Callable[[Asker], Awaitable[Brief]]
) -> None:
    """Acknowledge, take the brief down, and show the card that will become the result."""
    watch.acknowledging += 1
    try:
        message_id = await replies.defer(interaction, private=False)
    finally:
        watch.acknowledging -= 1
    async with watch.taking_down:
        await watch.let_others_be_acknowledged()
        await _take_down(studio, watch, interaction, brief_for, message_id)


async def _take_down(
    studio: Studio,
    watch: Watch,
    interaction: discord.Interaction,
    brief_for: Callable[[Asker], Awaitable[Brief]],
    message_id: int,
) -> None:
    asker = await asker_of(studio, interaction)
    brief = await brief_for(asker)
    address = Address.of(interaction, message_id, language_of(interaction))
    job_id = await studio.ask(brief, asker, address.as_origin())
    try:
        await watch.show(job_id)
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.info("the card of %s will be shown later: %s", job_id, error)  # the job is taken down, and goes on


async def own_clip(studio: Studio, asker: Asker, clip_id: str) -> Clip:
    """A clip that the asker made; to others it is not theirs to change."""
    clip = await studio.clip(clip_id)
    if clip.member_id != asker.member_id:
        raise StudioError("discord.not_yours", clip=clip_id)
    return clip


async def brief_of(studio: Studio, clip: Clip) -> Brief:
    return (await studio.job(clip.job_id)).brief

"""Asking for clips from Discord: a command, or a button under a clip that asks for another."""

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

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
from engine.origin import Origin
from engine.studio import Studio
from safety.uploads import LIMITS

log = logging.getLogger(__name__)

BriefFor = Callable[[Asker], Awaitable[Brief]]
Ask = Callable[[Asker, Origin], Awaitable[str]]  # answers with the job


class Hand(Protocol):
    """What carrying out a press needs."""

    @property
    def studio(self) -> Studio: ...

    @property
    def watch(self) -> Watch: ...


async def make(hand: Hand, interaction: discord.Interaction, brief_for: BriefFor, *, slow: bool = False) -> None:
    """Take a brief down.

    `slow`: something has to be fetched for the brief first, and nobody else waits for that.
    """

    async def ask(asker: Asker, origin: Origin) -> str:
        return await hand.studio.ask(await brief_for(asker), asker, origin)

    await take_down(hand, interaction, ask, slow=slow)


async def take_down(hand: Hand, interaction: discord.Interaction, ask: Ask, *, slow: bool = False) -> None:
    """Acknowledge, ask the studio, and show the card that will become the result."""
    watch = hand.watch
    watch.acknowledging += 1
    try:
        with hand.studio.database.giving_way():
            message_id = await replies.defer(interaction, private=False)
    finally:
        watch.acknowledging -= 1
    if slow:
        await _ask(hand, interaction, ask, message_id)
        return
    async with watch.taking_down:
        await watch.let_others_be_acknowledged()
        await _ask(hand, interaction, ask, message_id)


async def _ask(hand: Hand, interaction: discord.Interaction, ask: Ask, message_id: int) -> None:
    asker = await asker_of(hand.studio, interaction)
    address = Address.of(interaction, message_id, language_of(interaction))
    job_id = await ask(asker, address.as_origin())
    try:
        await hand.watch.show(job_id)
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


# -- files that members bring --------------------------------------------------------------------------------------


@asynccontextmanager
async def fetched(attachment: discord.Attachment) -> AsyncIterator[Path]:
    """The file as it was uploaded to Discord, on this machine for a moment. Nothing it says of itself is believed."""
    if attachment.size > LIMITS.size:
        raise StudioError("upload.large", limit=LIMITS.size // 2**20)
    try:
        content = await attachment.read()
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        raise StudioError("discord.not_fetched") from error
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "upload"
        await asyncio.to_thread(file.write_bytes, content)
        yield file

"""Asking for clips from Discord: a command, or a button under a clip that asks for another."""

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import aiohttp
import discord

from bots import stories
from bots.discord import replies
from bots.discord.address import Address
from bots.discord.people import asker_of, language_of
from bots.discord.watching import Watch
from engine.brief import Brief, Quality
from engine.errors import StudioError
from engine.handed import Clip
from engine.members import Asker
from engine.origin import Origin
from engine.presets import PresetContent, content_of
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


# -- what is usual -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Typed:
    """What somebody said of a new clip; None is left to their preset, the server and the studio, in this order."""

    prompt: str
    aspect: str | None = None
    resolution: str | None = None
    seconds: float | None = None
    style: str | None = None
    quality: str | None = None
    variations: int = 1
    preset: str | None = None


async def new_brief(studio: Studio, asker: Asker, typed: Typed) -> Brief:
    usual, here = studio.settings.defaults, await studio.membership.community(asker)
    preset = await _preset(studio, asker, typed.preset)

    def said(name: str) -> Any:
        return next((found for one in (typed, preset, here) if (found := getattr(one, name, None)) is not None), None)

    return stories.read_brief(
        preset.prompt(typed.prompt) if preset is not None else typed.prompt,
        aspect=said("aspect") or usual.aspect,
        resolution=said("resolution") or usual.resolution,
        seconds=said("seconds") or usual.seconds,
        style=said("style"),
        quality=said("quality") or Quality.TURBO,
        variations=typed.variations,
    )


async def _preset(studio: Studio, asker: Asker, name: str | None) -> PresetContent | None:
    found = await studio.presets.find(asker, name) if name else await studio.presets.default(asker)
    return content_of(found) if found is not None else None


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

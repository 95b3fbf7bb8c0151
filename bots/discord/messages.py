"""What somebody does with a message from its menu, or with a file that they bring: remix, animate, trace, report.

Discord hands the message over with its files; nothing else of the channel is read.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import discord

from bots.discord import clip_cards, forms, operations, replies
from bots.discord.courier import clip_id_of
from bots.discord.making import Hand, fetched
from bots.discord.operations import read_clip
from bots.discord.people import asker_of
from engine.errors import StudioError
from engine.heritage import Source
from engine.members import Asker
from engine.reports import TraceReport
from engine.studio import Studio

_OURS: Final = "kinora-"
_PICTURES: Final = "image/"
_FILMS: Final = "video/"


async def remix(hand: Hand, interaction: discord.Interaction, message: discord.Message) -> None:
    clip_ids = _clips_in(interaction, message)
    if len(clip_ids) == 1:
        await interaction.response.send_modal(forms.remix(clip_ids[0]))
    elif clip_ids:
        await replies.say_privately(interaction, clip_cards.choose_clip(clip_ids, "remix"))
    else:
        film = _file(message, _FILMS, _PICTURES)
        await replies.defer(interaction, private=True)
        asker = await asker_of(hand.studio, interaction)
        async with fetched(film) as file:
            source = await hand.studio.bring(file, asker)
        about = source.clip_id if source.kind == "clip" else source.sha256
        await replies.answer(interaction, clip_cards.brought(about))


async def animate(hand: Hand, interaction: discord.Interaction, message: discord.Message) -> None:
    await operations.animate(hand, interaction, _file(message, _PICTURES))


async def trace(hand: Hand, interaction: discord.Interaction, message: discord.Message) -> None:
    await trace_file(hand, interaction, _file(message, _FILMS, _PICTURES))


async def trace_file(hand: Hand, interaction: discord.Interaction, attachment: discord.Attachment) -> None:
    """Was this made here? For the one who asks."""
    await replies.defer(interaction, private=True)
    async with fetched(attachment) as file:
        report = await hand.studio.verify(file)
    async with sources_drawn(hand.studio, await asker_of(hand.studio, interaction), report) as (tree, files):
        await replies.answer(interaction, clip_cards.trace(report, tree), files)


@asynccontextmanager
async def sources_drawn(
    studio: Studio, asker: Asker, report: TraceReport
) -> AsyncIterator[tuple[Source | None, list[discord.File]]]:
    """What a file was made from, and the picture of it while it is sent."""
    tree = await studio.heritage.tree(asker, report)
    if tree is None:
        yield None, []
        return
    with TemporaryDirectory() as folder:
        picture = await studio.heritage.picture(tree, Path(folder) / clip_cards.TREE)
        yield tree, [discord.File(picture, filename=clip_cards.TREE)]


async def report(hand: Hand, interaction: discord.Interaction, message: discord.Message) -> None:
    clip_ids = _clips_in(interaction, message)
    if not clip_ids:
        raise StudioError("discord.no_clip_there")
    if len(clip_ids) == 1:
        await interaction.response.send_modal(forms.report(clip_ids[0]))
    else:
        await replies.say_privately(interaction, clip_cards.choose_clip(clip_ids, "report"))


def _clips_in(interaction: discord.Interaction, message: discord.Message) -> list[str]:
    """The clips that a message of ours carries, by the names of its files; anybody can name a file."""
    if message.author.id != interaction.application_id:
        return []
    named = [clip_id_of(one.filename) for one in message.attachments if one.filename.startswith(_OURS)]
    found = []
    for name in dict.fromkeys(named):
        try:
            found.append(read_clip(name))
        except StudioError:
            continue
    return found


def _file(message: discord.Message, *kinds: str) -> discord.Attachment:
    for one in message.attachments:
        if (one.content_type or "").startswith(kinds) or _looks_like(one.filename, kinds):
            return one
    raise StudioError("discord.no_file_there" if _FILMS in kinds else "discord.no_picture_there")


_ENDINGS: Final = {_PICTURES: (".png", ".jpg", ".jpeg", ".webp", ".gif"), _FILMS: (".mp4", ".mov", ".webm", ".m4v")}


def _looks_like(filename: str, kinds: Sequence[str]) -> bool:
    return any(filename.lower().endswith(_ENDINGS[kind]) for kind in kinds)

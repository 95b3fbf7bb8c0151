"""Asking for clips from Telegram: with a message, or with a button under a clip."""

import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from telegram import Message
from telegram.error import TelegramError

from bots.telegram.budget import Urgency
from bots.telegram.line import Closed
from bots.telegram.room import Room, Talk
from bots.wording import say
from engine.brief import Brief, ClipSource, UploadSource
from engine.errors import StudioError
from engine.handed import Clip
from engine.members import Asker

log = logging.getLogger(__name__)

BriefFor = Callable[[Asker], Awaitable[Brief]]
Ask = Callable[[], Awaitable[str]]  # answers with the job
_PATIENCE: Final = 3.0  # seconds for which who has had a sign lets those go first who wait for one


async def make(room: Room, talk: Talk, brief_for: BriefFor) -> None:
    async def ask() -> str:
        asker = await room.asker(talk)
        brief = await brief_for(asker)
        return await room.studio.ask(brief, asker, room.address(talk).as_origin(), once=talk.key)

    await take_down(room, talk, ask)


async def take_down(room: Room, talk: Talk, ask: Ask) -> None:
    """Give a sign at once, ask the studio, and show the message that will become the result."""
    await acknowledge(room, talk)
    until = time.monotonic() + _PATIENCE
    async with room.taking_down:
        await room.acknowledging.over(max(0.0, until - time.monotonic()))
        job_id = await ask()
    try:
        await room.watch.show(job_id, Urgency.ANSWER)
    except (TelegramError, Closed) as error:
        log.info("the message of %s will be shown later: %s", job_id, error)  # the job is taken down, and goes on


async def acknowledge(room: Room, talk: Talk) -> None:
    async with room.acknowledging:
        if talk.press is not None:
            await room.toast(talk, say("telegram.heard"))
        elif talk.is_private or talk.message is None:
            await room.line.show_busy(talk.where)
        else:
            await room.line.nod(talk.where, talk.message.message_id)


async def bring(room: Room, asker: Asker, message: Message) -> ClipSource | UploadSource:
    """The picture or the film of a message, as a source."""
    file_id = file_of(message)
    if file_id is None:
        raise StudioError("telegram.no_file")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "brought"
        await room.line.fetch(file_id, file)
        return await room.studio.bring(file, asker)


def file_of(message: Message) -> str | None:
    """The largest of what a message carries that can be looked at."""
    if message.photo:
        return message.photo[-1].file_id
    for one in (message.video, message.animation, message.video_note, message.document, message.sticker):
        if one is not None:
            return str(one.file_id)
    return None


def is_still(message: Message) -> bool:
    document = message.document
    return bool(message.photo) or (document is not None and str(document.mime_type).startswith("image/"))


async def own_clip(room: Room, asker: Asker, clip_id: str) -> Clip:
    """A clip that the asker made; to others it is not theirs to change."""
    clip = await room.studio.clip(clip_id)
    if clip.member_id != asker.member_id:
        raise StudioError("discord.not_yours", clip=clip_id)
    return clip


async def brief_of(room: Room, clip: Clip) -> Brief:
    return (await room.studio.job(clip.job_id)).brief

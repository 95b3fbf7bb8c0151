"""Channels: nobody asks there, since Telegram does not say who writes. A clip of one's own is posted into one from the
private chat by whoever may post there; what can be done with it leads to each reader's own private chat."""

from collections.abc import Mapping
from typing import Final

from telegram import ChatFullInfo, ChatMember, ChatMemberAdministrator, Message
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden

from bots.telegram import cards
from bots.telegram.address import PLATFORM, Where
from bots.telegram.buttons import Button
from bots.telegram.commands import Command, clip_answered
from bots.telegram.films import size_of
from bots.telegram.line import Closed, Line
from bots.telegram.making import brief_of, own_clip
from bots.telegram.room import Room, Talk
from bots.telegram.text import card, told
from bots.wording import say
from engine.errors import StudioError
from engine.names import read_letters
from storage import posted

_LINK: Final = "https://t.me/"


async def post(room: Room, talk: Talk, text: str) -> None:
    """`/post 5k2m9x7a @channel`; in answer to a clip, `/post @channel`."""
    if not talk.is_private:
        raise StudioError("telegram.only_in_private")
    words = text.split()
    answered = await clip_answered(room, talk)
    clip_id = answered if len(words) == 1 else read_letters(words[0]) if len(words) == 2 else None
    if clip_id is None:
        raise StudioError("telegram.post_what")
    asker = await room.asker(talk, fresh=True)
    clip = await own_clip(room, asker, clip_id)
    channel = await _channel(room, talk, words[-1])
    film = await room.films.film(clip, room.line.upload_limit, waits=True)
    shown = cards.in_channel(clip, await brief_of(room, clip), room.line.link, size=size_of(film))
    try:
        if film is None:
            sent = await room.line.send_picture(Where(channel.id), await room.studio.at_hand(clip.preview.file), shown)
        else:
            sent = await room.line.send_film(Where(channel.id), film, shown)
    except Closed as closed:
        raise StudioError("telegram.channel_closed") from closed
    content = {"channel": True} | ({"file": sent.video.file_id} if sent.video is not None else {})
    async with room.studio.database.writing() as tx:
        await posted.note(
            tx, PLATFORM, str(Where(channel.id)), sent.message_id, kind="clip", about=clip.id, content=content
        )
    await room.say(talk, told("📣 " + say("telegram.posted", clip=clip.id)))


async def _channel(room: Room, talk: Talk, typed: str) -> ChatFullInfo:
    """The channel of this name, if whoever asks may post in it: Telegram is asked each time."""
    name = "@" + typed.removeprefix(_LINK) if typed.startswith(_LINK) else typed
    try:
        is_id = name.startswith("-") and name[1:].isascii() and name[1:].isdigit()
        found = await room.line.bot.get_chat(int(name) if is_id else name)
    except (BadRequest, Forbidden) as error:
        raise StudioError("telegram.no_channel", channel=typed[:40]) from error
    if found.type != ChatType.CHANNEL:
        raise StudioError("telegram.no_channel", channel=typed[:40])
    member = await room.rights.member(found.id, talk.speaker.id, fresh=True)
    posts = isinstance(member, ChatMemberAdministrator) and member.can_post_messages
    if not posts and (member is None or member.status != ChatMember.OWNER):
        raise StudioError("telegram.not_your_channel")
    return found


async def tell_how(line: Line, message: Message) -> None:
    """In answer to a command in a channel."""
    link = Button(say("telegram.button.private"), url=line.link("new"))
    await line.send(Where(message.chat_id), card(say("telegram.in_channel"), rows=((link,),)), to=message.message_id)


COMMANDS: Final[Mapping[str, Command]] = {"post": post}

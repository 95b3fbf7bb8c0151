"""From what Telegram tells to what is done about it."""

import logging
from collections import deque
from typing import Final

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message, Update
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import filters

from bots import briefs
from bots.telegram import (
    boards,
    cards,
    channels,
    commands,
    desk,
    folders,
    gatherings,
    inline,
    menus,
    presets,
    pressing,
    settings,
    stars,
)
from bots.telegram.address import PLATFORM, Where
from bots.telegram.boards import BOARD
from bots.telegram.buttons import Button, Rows, Wish, read
from bots.telegram.gathering_watch import GATHERING
from bots.telegram.line import Closed
from bots.telegram.making import file_of, is_still, make
from bots.telegram.people import ANONYMOUS, CHANNEL, speaker_of
from bots.telegram.room import QUESTION, Room, Talk, shown_at
from bots.telegram.text import card, told
from bots.wording import say, speaking
from engine.errors import StudioError
from storage import gatherings as ledger
from storage import heard
from storage import members as communities
from storage.posted import Posted

log = logging.getLogger(__name__)

ALBUMS_KNOWN: Final = 200
_SERVICE: Final = filters.StatusUpdate.ALL


class Routing:
    def __init__(self, room: Room) -> None:
        self._room = room
        self._albums: deque[str] = deque(maxlen=ALBUMS_KNOWN)  # that members sent lately

    async def act(self, update: Update) -> None:
        if update.message is not None:
            await self._hear(update.message)
        elif update.channel_post is not None:
            await self._hear_post(update.channel_post)
        elif update.edited_message is not None:
            await self._hear_edited(update.edited_message)
        elif update.callback_query is not None:
            await self._hear_press(update.callback_query)
        elif update.pre_checkout_query is not None:
            await stars.check_out(self._room, update.pre_checkout_query)
        elif update.inline_query is not None:
            await inline.answer(self._room, update.inline_query)
        elif update.my_chat_member is not None:
            await self._hear_of_self(update.my_chat_member)
        elif update.chat_member is not None:
            told_of = update.chat_member
            self._room.rights.forget(told_of.chat.id, told_of.new_chat_member.user.id)

    # -- presses ---------------------------------------------------------------------------------------------------

    async def _hear_press(self, query: CallbackQuery) -> None:
        message = query.message if isinstance(query.message, Message) else None
        if message is None:  # sent inline, or too old to be shown
            with speaking(speaker_of(query.from_user, Where(query.from_user.id)).language):
                await self._room.line.answer_press(query.id, say("error.discord.outdated"), alert=True)
            return
        talk = Talk(
            speaker_of(query.from_user, _where(message)), f"telegram:press:{query.id}", message, press=query.id
        )  # fmt: skip
        async with self._room.answering(talk):
            if message.chat.type == ChatType.CHANNEL:  # what is answered there, everybody would read
                await self._room.toast(talk, url=self._room.line.link("new"))
                return
            wish = read(query.data or "")
            if wish is None:
                raise StudioError("discord.outdated")
            await self._do(talk, wish)

    async def _do(self, talk: Talk, wish: Wish) -> None:
        match wish.action:
            case "makeit":
                answered = talk.message.reply_to_message if talk.message is not None else None
                text = (answered.text or answered.caption or "") if answered is not None else ""
                await make(self._room, talk, lambda asker: briefs.of_words(self._room.studio, asker, text))
            case "example":
                text = say("run.first_prompt")
                await make(self._room, talk, lambda asker: briefs.of_words(self._room.studio, asker, text))
            case "enliven":
                await self._with_media(talk, "")
            case "trace":
                answered = talk.message.reply_to_message if talk.message is not None else None
                if answered is None or (file := file_of(answered)) is None:
                    raise StudioError("telegram.no_file")
                await self._room.toast(talk, say("telegram.looking"))
                await commands.verify_file(self._room, talk, file)
            case _:
                deed = menus.DEEDS.get(wish.action)
                if deed is None:
                    raise StudioError("discord.outdated")
                await deed(self._room, talk, wish)

    async def _with_media(self, talk: Talk, text: str) -> None:
        await commands.animate(self._room, talk, text)

    # -- messages --------------------------------------------------------------------------------------------------

    async def _hear(self, message: Message) -> None:
        if message.migrate_to_chat_id is not None:
            await self._move(message.chat_id, message.migrate_to_chat_id)
            return
        if message.successful_payment is not None:
            await stars.paid(self._room, message)
            return
        if message.refunded_payment is not None:
            await stars.was_paid_back(self._room, message)
            return
        user = message.from_user
        if user is None or message.chat.type == ChatType.CHANNEL or message.via_bot is not None:
            return
        if user.is_bot and user.id not in (ANONYMOUS, CHANNEL):  # who hides is told so when they ask for something
            return
        if message.is_automatic_forward or _SERVICE.check_update(Update(0, message=message)):
            return  # nobody said it: a channel's post in its group, or what Telegram tells of the chat itself
        talk = Talk(speaker_of(user, _where(message)), _key(message), message)
        async with self._room.answering(talk):
            await self._read(talk, message)

    async def _hear_post(self, message: Message) -> None:
        """In a channel nobody asks: a command is answered with where to. What else is posted there is nobody's business
        of ours."""
        command = self._command_in((message.text or message.caption or "").strip())
        if command is None or command[0] not in menus.COMMANDS or message.forward_origin is not None:
            return
        try:
            await channels.tell_how(self._room.line, message)
        except (Closed, TelegramError) as error:
            log.info("nothing can be said in channel %s: %s", message.chat_id, error)

    async def _read(self, talk: Talk, message: Message) -> None:
        text = (message.text or message.caption or "").strip()
        command = self._command_in(text)
        if command is not None:
            name, rest = command
            known = menus.COMMANDS.get(name)
            if known is not None:
                await known(self._room, talk, rest)
            elif talk.is_private:
                raise StudioError("telegram.no_command")
            return
        answered = message.reply_to_message
        if answered is not None and not message.forward_origin:
            shown = await shown_at(self._room, talk.where, answered.message_id)
            if shown is None and answered.from_user is not None and answered.from_user.id == self._room.line.bot.id:
                await self._room.asking.settled()
                shown = await shown_at(self._room, talk.where, answered.message_id)
            if shown is not None and await self._answers(talk, shown, text, message):
                return
            clip_id = await commands.clip_answered(self._room, talk)
            if clip_id is not None and text:
                await commands.COMMANDS["remix"](self._room, talk, text)
                return
        words = self._meant_for_us(talk, text)
        if words is None:
            return
        if message.forward_origin is not None:
            await self._offer(talk, message, text)
        elif file_of(message) is not None:
            await self._take_media(talk, message, words)
        elif words:
            await commands.COMMANDS["create"](self._room, talk, words)
        elif talk.is_private:
            raise StudioError("telegram.no_words")
        else:
            await self._room.say(talk, cards.start())  # called by name, and nothing more

    def _command_in(self, text: str) -> tuple[str, str] | None:
        """A command with its words; None also for one that is another bot's."""
        if not text.startswith("/"):
            return None
        first, _, rest = text.partition(" ")
        if "\n" in first:
            first, _, more = first.partition("\n")
            rest = f"{more} {rest}"
        name, _, whose = first[1:].partition("@")
        if whose and whose.lower() != self._room.line.username.lower():
            return None
        return name.lower(), rest.strip()

    def _meant_for_us(self, talk: Talk, text: str) -> str | None:
        """The words without our name; None for what people say among themselves in a group."""
        if talk.is_private:
            return text
        name = f"@{self._room.line.username}"
        at = text.lower().find(name.lower())
        if at < 0:
            return None
        return (text[:at] + text[at + len(name) :]).strip(" ,:\n")

    async def _answers(self, talk: Talk, shown: Posted, text: str, message: Message) -> bool:
        """An answer to a question of ours, or something for a board; False when it is neither."""
        room = self._room
        if shown.kind == BOARD:
            await boards.add(room, talk, shown, text, message)
            return True
        if shown.kind == GATHERING and text:
            await gatherings.enter(room, talk, shown, text)
            return True
        if shown.kind != QUESTION or not text:
            return False
        if shown.content.get("user") not in (None, talk.speaker.id):
            raise StudioError("telegram.not_asked")
        match shown.content["action"]:
            case "reword":
                await make(room, talk, lambda asker: pressing.reworded(asker, room, shown.about, text))
            case "remix":
                await commands.COMMANDS["remix"](room, talk, f"{shown.about} {text}")
            case "cut":
                await commands.recut(room, talk, shown.about, text)
            case "appeal":
                await commands.appealed(room, talk, shown.about, text)
            case folders.NEW:
                await folders.make_named(room, talk, shown, text)
            case folders.RENAME:
                await folders.rename(room, talk, shown, text)
            case presets.NEW:
                await presets.make_new(room, talk, shown, text)
            case presets.LOOK:
                await presets.keep_look(room, talk, shown, text)
            case presets.MADE_WITH:
                await presets.make_with(room, talk, shown, text)
            case gatherings.JOIN | gatherings.OWN as action:
                await gatherings.enter(room, talk, shown, text, own=action == gatherings.OWN)
            case settings.NAMING:
                await settings.take_name(room, talk, shown, text)
            case "refuse":
                await desk.refused_with_word(room, talk, shown, text)
            case _:
                return False
        return True

    async def _take_media(self, talk: Talk, message: Message, words: str) -> None:
        """A picture with words moves; a film with words is remixed; without words, what is to be done is asked."""
        if message.media_group_id in self._albums and not words:
            return  # one question for an album is enough
        if message.media_group_id is not None:
            self._albums.append(message.media_group_id)
        if words and is_still(message):
            await commands.animate(self._room, talk, words)
        elif words:
            await commands.COMMANDS["remix"](self._room, talk, words)
        else:
            await self._offer(talk, message, "")

    async def _offer(self, talk: Talk, message: Message, text: str) -> None:
        """What can be done with something that came without a wish: passed on from elsewhere, or without words."""
        if file_of(message) is not None:
            still = [Button("▶️ " + say("telegram.button.enliven"), "enliven")] if is_still(message) else []
            rows: Rows = (still, [Button("🔎 " + say("telegram.button.trace"), "trace")])
            await self._room.say(talk, card(say("telegram.offer.media"), rows=rows))
        elif text:
            rows = ([Button("🎬 " + say("telegram.button.makeit"), "makeit")],)
            await self._room.say(talk, card(say("telegram.offer.words"), rows=rows))
        else:
            raise StudioError("telegram.no_words")

    async def _hear_edited(self, message: Message) -> None:
        """Words that were changed after they were taken down make no second clip unless that is wanted."""
        user = message.from_user
        if user is None or user.is_bot or message.via_bot is not None:
            return
        async with self._room.studio.database.reading() as tx:
            asked = await heard.job_asked_as(tx, _key(message))
        if asked is None:
            return
        talk = Talk(speaker_of(user, _where(message)), _key(message), message)
        async with self._room.answering(talk):
            rows = ([Button("🎬 " + say("telegram.button.makeit"), "makeit")],)
            await self._room.say(talk, card(say("telegram.offer.edited", job=asked), rows=rows))

    # -- what happens to a chat ------------------------------------------------------------------------------------

    async def _move(self, old: int, new: int) -> None:
        """A group became a supergroup: the same community under another id. Its old messages stay behind."""
        self._room.line.moved[old] = new
        async with self._room.studio.database.writing() as tx:
            await communities.move_community(tx, PLATFORM, str(old), str(new))
            if (there := await communities.community_known_as(tx, PLATFORM, str(new))) is not None:
                await ledger.move(tx, there.id, str(old), str(new))
        log.info("group %s is %s now", old, new)

    async def _hear_of_self(self, news: ChatMemberUpdated) -> None:
        """Put into a group, it says how it is used, once; put out of one, it is quiet."""
        was, now = news.old_chat_member.status, news.new_chat_member.status
        out = (ChatMember.LEFT, ChatMember.BANNED)
        if news.chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP) or was not in out or now in out:
            return
        with speaking(speaker_of(news.from_user, Where(news.chat.id)).language):
            await self._room.line.send(Where(news.chat.id), told(say("telegram.hello_group")))


def _where(message: Message) -> Where:
    thread = message.message_thread_id if message.is_topic_message else None
    return Where(message.chat_id, thread)


def _key(message: Message) -> str:
    """One message makes one job, however often it is handed over or changed."""
    return f"telegram:{message.chat_id}:{message.message_id}"

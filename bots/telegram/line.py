"""The bot's way to Telegram: cards and files sent and changed, under the budget, with what may go wrong made plain."""

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from telegram import (
    ForceReply,
    InlineKeyboardMarkup,
    InputFile,
    InputMediaPhoto,
    InputMediaVideo,
    LabeledPrice,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatAction
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError
from telegram.ext import ExtBot

from bots.telegram.address import Where
from bots.telegram.budget import Budget, Limiter, Urgency
from bots.telegram.buttons import Rows, markup
from bots.telegram.request import Request
from bots.telegram.text import CAPTION_LIMIT, TEXT_LIMIT, TOAST_LIMIT, Card, shortened
from engine.delivery import PlatformAway
from engine.errors import StudioError
from engine.settings import Telegram
from safety.uploads import LIMITS

log = logging.getLogger(__name__)

UP: Final = 50 * 1024 * 1024
DOWN: Final = 20 * 1024 * 1024
OWN_SERVER_UP: Final = 2_000 * 1024 * 1024
CONNECTIONS: Final = 64
UPLOAD_TIME: Final = 300.0  # seconds
TITLE_LIMIT: Final = 32  # of an invoice
DESCRIPTION_LIMIT: Final = 255
# Telegram's words for what is no failure, or for what is gone.
_SAME: Final = "not modified"
_GONE: Final = ("message to edit not found", "message can't be edited", "message_id_invalid", "chat not found")
_KIND_CHANGED: Final = "there is no"  # ... text in the message to edit: it became a picture or a clip meanwhile
_CLOSED: Final = (
    *("chat not found", "not enough rights", "have no rights", "need administrator rights"),
    *("chat_write_forbidden", "topic_closed"),
)
_NO_THREAD: Final = "message thread not found"


class MessageGone(Exception):
    """The message can no longer be changed: deleted, or left behind by a group that became another."""


class KindChanged(MessageGone):
    """The message has a picture or a film where a text was expected, or a text where one of those was."""


class Closed(Exception):
    """Nothing can be said in this chat: blocked, kicked, or without the right to write."""


@dataclass(frozen=True)
class Film:
    """A clip as it is sent: a file, or the id of one that Telegram has already."""

    clip_id: str
    file: Path | str
    thumbnail: Path | None  # a file that goes away once it was sent
    width: int
    height: int
    seconds: float
    is_copy: bool = False  # made smaller than the clip is

    @property
    def filename(self) -> str:
        return f"kinora-{self.clip_id}.mp4"


@dataclass
class Line:
    settings: Telegram
    token: str
    budget: Budget = field(default_factory=Budget)
    moved: dict[int, int] = field(default_factory=dict)  # groups that became supergroups

    def __post_init__(self) -> None:
        self.limiter = Limiter(self.budget)
        server = self.settings.server.rstrip("/")
        self.bot: ExtBot[Any] = ExtBot(
            self.token,
            base_url=f"{server}/bot",
            base_file_url=f"{server}/file/bot",
            request=Request(connections=CONNECTIONS, connect=10.0, read=30.0, upload=UPLOAD_TIME),
            get_updates_request=Request(connections=1, connect=10.0, read=40.0, upload=40.0),
            rate_limiter=self.limiter,
            local_mode=self.settings.own_server,
        )

    @property
    def upload_limit(self) -> int:
        """Bytes of the largest file that may be sent."""
        most, wished = OWN_SERVER_UP if self.settings.own_server else UP, self.settings.largest_mb
        return most if wished is None else min(most, int(wished * 1024 * 1024))

    @property
    def username(self) -> str:
        return str(self.bot.username)

    def link(self, payload: str) -> str:
        """Opens the private chat with the bot, and says that there."""
        return f"https://t.me/{self.username}?start={payload}"

    def now_at(self, chat: int) -> int:
        return self.moved.get(chat, chat)

    # -- saying ----------------------------------------------------------------------------------------------------

    async def send(
        self,
        where: Where,
        card: Card,
        *,
        to: int | None = None,
        urgency: Urgency = Urgency.ANSWER,
        wants_answer: bool = False,
    ) -> Message:
        """A new message. `to`: the one that it answers; `wants_answer`: the member's client opens a field for it."""
        shown = card.fitted(TEXT_LIMIT)
        keyboard: Any = ForceReply(selective=True) if wants_answer else _keyboard(card.rows)
        sent: Message = await self._sending(
            where,
            lambda place: self.bot.send_message(
                place["chat_id"],
                str(shown),
                entities=shown.entities,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=keyboard,
                reply_parameters=_answering(to),
                message_thread_id=place["thread"],
                rate_limit_args=urgency,
            ),
        )
        return sent

    async def edit(self, where: Where, message: int, card: Card, *, urgency: Urgency = Urgency.ANSWER) -> None:
        """What a text message says from now on. MessageGone where it says nothing any more."""
        shown = card.fitted(TEXT_LIMIT)
        async with self._editing():
            await self.bot.edit_message_text(
                str(shown),
                where.chat,
                message,
                entities=shown.entities,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=_keyboard(card.rows),
                rate_limit_args=urgency,
            )

    async def edit_caption(self, where: Where, message: int, card: Card, *, urgency: Urgency = Urgency.ANSWER) -> None:
        shown = card.fitted(CAPTION_LIMIT)
        async with self._editing():
            await self.bot.edit_message_caption(
                where.chat, message, caption=str(shown), caption_entities=shown.entities,
                reply_markup=_keyboard(card.rows), rate_limit_args=urgency,
            )  # fmt: skip

    async def edit_rows(self, where: Where, message: int, rows: Rows) -> None:
        async with self._editing():
            await self.bot.edit_message_reply_markup(where.chat, message, reply_markup=_keyboard(rows))

    async def delete(self, where: Where, message: int) -> bool:
        """Whether it is gone: a bot may delete what it said for 48 hours only."""
        try:
            return bool(await self.bot.delete_message(where.chat, message))
        except (BadRequest, Forbidden) as error:
            log.info("message %s of %s stays: %s", message, where, error)
            return False

    async def pin(self, where: Where, message: int, *, on: bool) -> bool:
        """Whether that went well: a bot needs a right for it. Nobody is rung."""
        chat = self.now_at(where.chat)
        try:
            if on:
                return bool(await self.bot.pin_chat_message(chat, message, disable_notification=True))
            return bool(await self.bot.unpin_chat_message(chat, message))
        except (BadRequest, Forbidden) as error:
            log.info("message %s of %s is not %s: %s", message, where, "pinned" if on else "unpinned", error)
            return False

    # -- media -----------------------------------------------------------------------------------------------------

    async def send_film(
        self, where: Where, film: Film, card: Card, *, to: int | None = None, urgency: Urgency = Urgency.ANSWER
    ) -> Message:
        shown = card.fitted(CAPTION_LIMIT)
        with self._handing_over(film) as (video, thumbnail):
            sent: Message = await self._sending(
                where,
                lambda place: self.bot.send_video(
                    place["chat_id"],
                    video,
                    **_facts(film, thumbnail),
                    caption=str(shown),
                    caption_entities=shown.entities,
                    reply_markup=_keyboard(card.rows),
                    reply_parameters=_answering(to),
                    message_thread_id=place["thread"],
                    rate_limit_args=urgency,
                ),
            )
        return sent

    async def become_film(self, where: Where, message: int, film: Film, card: Card) -> Message | None:
        """Turn a message into the clip. However often this is done, there is one. None: it was so already."""
        shown = card.fitted(CAPTION_LIMIT)
        with self._handing_over(film) as (video, thumbnail):
            media = InputMediaVideo(
                video, caption=str(shown), caption_entities=shown.entities, **_facts(film, thumbnail)
            )  # fmt: skip
            async with self._editing():
                changed = await self.bot.edit_message_media(
                    media, where.chat, message, reply_markup=_keyboard(card.rows), rate_limit_args=Urgency.RESULT
                )
                return changed if isinstance(changed, Message) else None
        return None

    async def become_picture(
        self, where: Where, message: int, picture: bytes, card: Card, *, urgency: Urgency = Urgency.ANSWER
    ) -> None:
        """In place of what the message showed: what cannot be deleted any more can still be replaced."""
        shown = card.fitted(CAPTION_LIMIT)
        content = InputFile(picture, filename="kinora.jpg", attach=True)
        media = InputMediaPhoto(content, caption=str(shown), caption_entities=shown.entities)
        async with self._editing():
            await self.bot.edit_message_media(
                media, where.chat, message, reply_markup=_keyboard(card.rows), rate_limit_args=urgency
            )

    async def send_album(self, where: Where, films: Sequence[Film], card: Card, *, to: int | None) -> list[Message]:
        """Two to ten clips in one frame. Nothing that Telegram offers makes this safe to do twice."""
        shown = card.fitted(CAPTION_LIMIT)
        with ExitStack() as stack:
            media = []
            for number, film in enumerate(films):
                video, thumbnail = stack.enter_context(self._handing_over(film))
                first: dict[str, Any] = (
                    {"caption": str(shown), "caption_entities": shown.entities} if number == 0 else {}
                )
                media.append(InputMediaVideo(video, **first, **_facts(film, thumbnail)))
            sent = await self._sending(
                where,
                lambda place: self.bot.send_media_group(
                    place["chat_id"],
                    media,
                    message_thread_id=place["thread"],
                    reply_parameters=_answering(to),
                    rate_limit_args=Urgency.RESULT,
                ),
            )
        return list(sent)

    async def send_picture(
        self, where: Where, picture: Path, card: Card, *, to: int | None = None, spoiler: bool = False
    ) -> Message:
        shown = card.fitted(CAPTION_LIMIT)
        content = await asyncio.to_thread(picture.read_bytes)
        sent: Message = await self._sending(
            where,
            lambda place: self.bot.send_photo(
                place["chat_id"],
                content,
                caption=str(shown),
                caption_entities=shown.entities,
                reply_markup=_keyboard(card.rows),
                reply_parameters=_answering(to),
                message_thread_id=place["thread"],
                has_spoiler=spoiler,
                filename=picture.name,
            ),
        )
        return sent

    async def send_file(self, where: Where, file: Path, filename: str, card: Card, *, to: int | None) -> Message:
        """Every byte as it is: Telegram may show a video in another size, a file it leaves alone."""
        with self._opened(file, filename) as document:
            sent: Message = await self._sending(
                where,
                lambda place: self.bot.send_document(
                    place["chat_id"],
                    document,
                    caption=str(card.fitted(CAPTION_LIMIT)),
                    disable_content_type_detection=True,
                    reply_parameters=_answering(to),
                    message_thread_id=place["thread"],
                ),
            )
        return sent

    @contextmanager
    def _handing_over(self, film: Film) -> Iterator[tuple[str | InputFile, str | InputFile | None]]:
        """A clip as calls take it, and its thumbnail: by its id where Telegram has the file already."""
        if isinstance(film.file, str):
            yield film.file, None
            return
        with ExitStack() as stack:
            thumbnail = None
            if film.thumbnail is not None:
                stack.callback(film.thumbnail.unlink, missing_ok=True)
                thumbnail = stack.enter_context(self._opened(film.thumbnail, f"{film.clip_id}.jpg"))
            yield stack.enter_context(self._opened(film.file, film.filename)), thumbnail

    @contextmanager
    def _opened(self, file: Path, filename: str) -> Iterator[str | InputFile]:
        """A file as calls take it: by its path where the server reads it itself, else piece by piece as it is sent, so
        that none of 2,000 MB is ever whole in memory."""
        if self.settings.own_server and self.settings.shares_files:
            yield file.resolve().as_uri()
            return
        with file.open("rb") as content:
            yield InputFile(content, filename=filename, attach=True, read_file_handle=False)

    async def fetch(self, file_id: str, destination: Path) -> None:
        """A file that a member sent. A server of one's own has laid it down on this machine."""
        try:
            file = await self.bot.get_file(file_id)
            if (file.file_size or 0) > LIMITS.size:
                raise StudioError("upload.large", limit=LIMITS.size // 2**20)
            there = Path(file.file_path or "")
            if not there.is_absolute():
                await file.download_to_drive(destination, read_timeout=UPLOAD_TIME)
                return
            try:
                await asyncio.to_thread(shutil.copyfile, there, destination)
            except OSError as error:
                raise StudioError("telegram.file_elsewhere", cause=str(error)) from error
        except BadRequest as error:
            if "too big" in str(error).lower():
                raise StudioError("telegram.too_big_to_fetch", limit=DOWN // 1024**2) from error
            raise

    async def send_invoice(
        self, where: Where, *, title: str, description: str, payload: str, price: LabeledPrice, start: str
    ) -> Message:
        """For Telegram Stars. `start`: where a copy of it leads that is passed on to others."""
        sent: Message = await self._sending(
            where,
            lambda place: self.bot.send_invoice(
                place["chat_id"],
                shortened(title, TITLE_LIMIT),
                shortened(description, DESCRIPTION_LIMIT),
                payload,
                "XTR",
                [price],
                provider_token="",
                start_parameter=start,
            ),
        )
        return sent

    # -- small signs -----------------------------------------------------------------------------------------------

    async def show_busy(self, where: Where) -> None:
        """Shown for five seconds, counted by nobody: the first sign that somebody was heard."""
        try:
            await self.bot.send_chat_action(
                self.now_at(where.chat), ChatAction.UPLOAD_VIDEO, message_thread_id=where.thread
            )
        except TelegramError as error:
            log.debug("no sign could be given in %s: %s", where, error)

    async def nod(self, where: Where, message: int) -> None:
        """In a group, where signs are nobody's: one under the message that was heard."""
        try:
            await self.bot.set_message_reaction(self.now_at(where.chat), message, "👀")
        except TelegramError:
            await self.show_busy(where)

    async def answer_press(self, press: str, text: str = "", *, url: str = "", alert: bool = False) -> None:
        try:
            await self.bot.answer_callback_query(
                press, shortened(text, TOAST_LIMIT) or None, show_alert=alert or None, url=url or None
            )
        except BadRequest as error:
            log.info("a press was answered too late: %s", error)

    # -- what may go wrong -----------------------------------------------------------------------------------------

    async def _sending(self, where: Where, send: Any) -> Any:
        """Send there, or to what the group has become; without its topic where that is gone."""
        place = {"chat_id": self.now_at(where.chat), "thread": where.thread}
        for _ in range(3):
            try:
                return await send(place)
            except ChatMigrated as error:
                self.moved[where.chat] = error.new_chat_id
                place = {"chat_id": error.new_chat_id, "thread": None}
            except Forbidden as error:
                raise Closed(str(error)) from error
            except BadRequest as error:
                text = str(error).lower()
                if _NO_THREAD in text and place["thread"] is not None:
                    place["thread"] = None
                elif any(words in text for words in _CLOSED):
                    raise Closed(str(error)) from error
                else:
                    raise
        raise Closed(f"{where} keeps moving")

    @asynccontextmanager
    async def _editing(self) -> AsyncIterator[None]:
        try:
            yield
        except ChatMigrated as error:
            raise MessageGone(str(error)) from error
        except Forbidden as error:
            raise Closed(str(error)) from error
        except BadRequest as error:
            text = str(error).lower()
            if _SAME in text:
                return
            if _KIND_CHANGED in text:
                raise KindChanged(str(error)) from error
            if any(words in text for words in _GONE):
                raise MessageGone(str(error)) from error
            if any(words in text for words in _CLOSED):
                raise Closed(str(error)) from error
            raise


@asynccontextmanager
async def reaching_telegram() -> AsyncIterator[None]:
    """An outage of Telegram, or of the way to it, is no failure of a message: it waits."""
    try:
        yield
    except (BadRequest, Forbidden, ChatMigrated):
        raise
    except (NetworkError, RetryAfter, OSError) as error:
        raise PlatformAway(f"{type(error).__name__}: {error}") from error


def _keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    return markup(rows) if any(rows) else None


def _answering(message: int | None) -> ReplyParameters | None:
    return ReplyParameters(message, allow_sending_without_reply=True) if message is not None else None


def _facts(film: Film, thumbnail: str | InputFile | None) -> dict[str, Any]:
    """What a client must know before it has the file: else a long clip arrives as a square without a length."""
    return {
        "width": film.width,
        "height": film.height,
        "duration": max(1, round(film.seconds)),
        "thumbnail": thumbnail,
        "supports_streaming": True,
    }

"""What a bot may call, and what then happens in the local Telegram."""

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from PIL import Image

from tests.worlds.telegram.world import (
    ALBUM,
    ANSWERABLE_FOR,
    DELETABLE_FOR,
    DOWN,
    OWN,
    PAYABLE_FOR,
    PHOTO_UP,
    POST,
    RIGHTS,
    STARS,
    THUMBNAIL_SIDE,
    THUMBNAIL_SIZE,
    Chat,
    File,
    Json,
    Refused,
    World,
    bad,
    check_keyboard,
)

Files = Mapping[str, tuple[str, bytes]]
NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current"
    " content and reply markup of the message"
)
NO_GIFTS: Final = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)
MEDIA: Final = ("video", "animation", "photo", "document")


class Methods:
    def __init__(self, world: World) -> None:
        self._world = world
        self._polling: asyncio.Future[None] | None = None

    def known(self, method: str) -> Callable[[Json, Files], Awaitable[Any]] | None:
        name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in method)
        found: Callable[[Json, Files], Awaitable[Any]] | None = getattr(self, name, None)
        return found

    # -- news ------------------------------------------------------------------------------------------------------

    async def get_me(self, _: Json, __: Files) -> Json:
        return self._world.bot

    async def get_updates(self, params: Json, _: Files) -> list[Json]:
        world = self._world
        if world.webhook.get("url"):
            raise Refused(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        if self._polling is not None and not self._polling.done():
            self._polling.set_result(None)
        mine = self._polling = asyncio.get_running_loop().create_future()
        world.confirm(int(params.get("offset") or 0))
        until = asyncio.get_running_loop().time() + float(params.get("timeout") or 0)
        allowed = params.get("allowed_updates") or []
        while True:
            if mine.done():
                raise Refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            offset = int(params.get("offset") or 0)
            found = [one for one in world.updates if one["update_id"] >= offset]
            found = [one for one in found if not allowed or any(kind in one for kind in allowed)]
            left = until - asyncio.get_running_loop().time()
            if found or left <= 0:
                mine.cancel()
                return found[: int(params.get("limit") or 100)]
            changed = asyncio.ensure_future(world.changed.wait())
            await asyncio.wait({changed, mine}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            changed.cancel()

    async def set_webhook(self, params: Json, _: Files) -> bool:
        self._world.webhook = dict(params)
        self._world.note_change()
        return True

    async def delete_webhook(self, _: Json, __: Files) -> bool:
        self._world.webhook = {}
        return True

    async def get_webhook_info(self, _: Json, __: Files) -> Json:
        waiting = len(self._world.updates)
        return {
            "url": self._world.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": waiting,
        }

    # -- looking ---------------------------------------------------------------------------------------------------

    async def get_file(self, params: Json, _: Files) -> Json:
        found = self._world.file(params["file_id"])
        if len(found.content) > DOWN and not self._world.own_server:
            raise bad("file is too big")
        facts = {key: found.facts[key] for key in ("file_id", "file_unique_id", "file_size")}
        if self._world.own_server:
            laid_down = self._world.folder / found.id
            laid_down.write_bytes(found.content)
            return facts | {"file_path": str(laid_down)}
        return facts | {"file_path": f"files/{found.id}"}

    async def get_chat(self, params: Json, _: Files) -> Json:
        chat = self._world.chat_of(params["chat_id"])
        return chat.as_json() | {"accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": NO_GIFTS}

    async def get_chat_member(self, params: Json, _: Files) -> Json:
        chat = self._world.chat_of(params["chat_id"])
        user = self._world.users.get(params["user_id"])
        if user is None:
            raise bad("user not found")
        return self._member(chat, user.id)

    async def get_chat_administrators(self, params: Json, _: Files) -> list[Json]:
        chat = self._world.chat_of(params["chat_id"])
        return [self._member(chat, user) for user, status in chat.statuses.items() if status in OWN]

    def _member(self, chat: Chat, user_id: int) -> Json:
        status = chat.statuses.get(user_id, "left")
        member: Json = {"user": self._world.users[user_id].as_json(), "status": status}
        if status == "creator":
            member["is_anonymous"] = False
        elif status == "administrator":
            theirs = chat.rights.get(user_id, frozenset())
            names: tuple[str, ...] = (
                *RIGHTS,
                "can_manage_video_chats",
                "can_change_info",
                "can_invite_users",
                "can_post_stories",
            )
            names = (*names, "can_edit_stories", "can_delete_stories", *([POST] if chat.kind == "channel" else []))
            member |= {"can_be_edited": False, "is_anonymous": False} | {name: name in theirs for name in names}
        return member

    # -- the bot's own pages ---------------------------------------------------------------------------------------

    async def set_my_commands(self, params: Json, _: Files) -> bool:
        scope = str((params.get("scope") or {}).get("type", "default"))
        names = [one["command"] for one in params["commands"]]
        if len(names) > 100 or len(set(names)) != len(names):
            raise bad("BOT_COMMAND_INVALID")
        if any(not name.isascii() or not name.replace("_", "").isalnum() or name != name.lower() for name in names):
            raise bad("BOT_COMMAND_INVALID")
        self._world.commands[scope, params.get("language_code", "")] = params["commands"]
        return True

    async def get_my_commands(self, params: Json, _: Files) -> list[Json]:
        scope = str((params.get("scope") or {}).get("type", "default"))
        return self._world.commands.get((scope, params.get("language_code", "")), [])

    async def set_my_description(self, _: Json, __: Files) -> bool:
        return True

    async def set_my_short_description(self, _: Json, __: Files) -> bool:
        return True

    # -- sending ---------------------------------------------------------------------------------------------------

    async def send_message(self, params: Json, _: Files) -> Json:
        chat = self._world.writable(params["chat_id"])
        check_entities(params["text"], params.get("entities"))
        entities = {"entities": params["entities"]} if params.get("entities") else {}
        return self._world.bot_message(chat, params, text=params["text"], **entities)

    async def send_chat_action(self, params: Json, _: Files) -> bool:
        chat = self._world.writable(params["chat_id"])
        chat.actions.append((self._world.now(), params["action"]))
        self._world.note_change()
        return True

    async def send_video(self, params: Json, files: Files) -> Json:
        return await self._send_media("video", params, files)

    async def send_photo(self, params: Json, files: Files) -> Json:
        return await self._send_media("photo", params, files)

    async def send_document(self, params: Json, files: Files) -> Json:
        return await self._send_media("document", params, files)

    async def _send_media(self, kind: str, params: Json, files: Files) -> Json:
        chat = self._world.writable(params["chat_id"])
        described = {"type": kind, "media": params[kind]} | {k: v for k, v in params.items() if k != kind}
        shown = self._media(described, files)
        return self._world.bot_message(chat, params, **shown, **_caption(params))

    async def send_media_group(self, params: Json, files: Files) -> list[Json]:
        chat = self._world.writable(params["chat_id"])
        media = params["media"]
        if not ALBUM[0] <= len(media) <= ALBUM[1]:
            raise bad("media group must include 2-10 items")
        group = f"{self._world.now():.6f}"
        shown = [(self._media(one, files), _caption(one)) for one in media]
        return [self._world.bot_message(chat, params, media_group_id=group, **one, **caption) for one, caption in shown]

    # -- changing --------------------------------------------------------------------------------------------------

    async def edit_message_text(self, params: Json, _: Files) -> Json:
        message = self._edited(params)
        if any(kind in message for kind in MEDIA):
            raise bad("there is no text in the message to edit")
        check_entities(params["text"], params.get("entities"))
        new = {"text": params["text"]} | ({"entities": params["entities"]} if params.get("entities") else {})
        return self._write(message, new, params, gone=("text", "entities"))

    async def edit_message_caption(self, params: Json, _: Files) -> Json:
        message = self._edited(params)
        if not any(kind in message for kind in MEDIA):
            raise bad("there is no caption in the message to edit")
        return self._write(message, _caption(params), params, gone=("caption", "caption_entities"))

    async def edit_message_media(self, params: Json, files: Files) -> Json:
        message = self._edited(params)
        if params.get("inline_message_id") and any(files):
            raise bad("can't upload a file to an inline message")
        new = self._media(params["media"], files) | _caption(params["media"])
        gone = (*MEDIA, "text", "entities", "caption", "caption_entities", "has_media_spoiler")
        return self._write(message, new, params, gone=gone)

    async def edit_message_reply_markup(self, params: Json, _: Files) -> Json:
        return self._write(self._edited(params), {}, params, gone=())

    def _edited(self, params: Json) -> Json:
        if params.get("inline_message_id"):
            raise bad("MESSAGE_ID_INVALID")
        chat = self._world.writable(params.get("chat_id"))
        return self._world.own_message(chat, params.get("message_id"), "edit")

    def _write(self, message: Json, new: Json, params: Json, *, gone: tuple[str, ...]) -> Json:
        """Bring the message to what the call says of it. A keyboard that is not named goes away."""
        markup = params.get("reply_markup")
        if markup:
            check_keyboard(markup)
        written = {key: value for key, value in message.items() if key not in (*gone, "reply_markup")} | new
        if markup and markup["inline_keyboard"]:
            written["reply_markup"] = markup
        if {**message, "edit_date": 0} == {**written, "edit_date": 0}:
            raise bad(NOT_MODIFIED)
        message.clear()
        message.update(written | {"edit_date": int(self._world.now())})
        self._world.note_change()
        return message

    async def delete_message(self, params: Json, _: Files) -> bool:
        chat = self._world.chat_of(params["chat_id"])
        message = chat.messages.get(params["message_id"])
        if message is None:
            raise bad("message to delete not found")
        is_own = message.get("from", {}).get("id") == self._world.bot["id"]
        if not is_own and chat.bot_is not in OWN:
            raise bad("message can't be deleted")
        if self._world.now() - message["date"] > DELETABLE_FOR:
            raise bad("message can't be deleted for everyone")
        del chat.messages[params["message_id"]]
        self._world.note_change()
        return True

    async def pin_chat_message(self, params: Json, _: Files) -> bool:
        chat, message = self._pinned(params)
        chat.pinned.append(message)
        self._world.note_change()
        return True

    async def unpin_chat_message(self, params: Json, _: Files) -> bool:
        chat, message = self._pinned(params)
        if message in chat.pinned:
            chat.pinned.remove(message)
        self._world.note_change()
        return True

    def _pinned(self, params: Json) -> tuple[Chat, int]:
        chat = self._world.writable(params["chat_id"])
        if not chat.bot_may_pin:
            raise bad("not enough rights to manage pinned messages in the chat")
        if params["message_id"] not in chat.messages:
            raise bad("message to pin not found")
        return chat, int(params["message_id"])

    # -- money -----------------------------------------------------------------------------------------------------

    async def send_invoice(self, params: Json, _: Files) -> Json:
        chat = self._world.writable(params["chat_id"])
        if params["currency"] != STARS or params.get("provider_token"):
            raise bad("PAYMENT_PROVIDER_INVALID")
        if len(params["prices"]) != 1 or params["prices"][0]["amount"] < 1:
            raise bad("CURRENCY_TOTAL_AMOUNT_INVALID")
        if not 1 <= len(params["payload"].encode()) <= 128:
            raise bad("INVOICE_PAYLOAD_INVALID")
        shown = {name: params.get(name, "") for name in ("title", "description", "start_parameter", "currency")}
        invoice = shown | {"total_amount": params["prices"][0]["amount"]}
        message = self._world.bot_message(chat, params, invoice=invoice)
        self._world.payloads[chat.id, message["message_id"]] = params["payload"]
        return message

    async def answer_pre_checkout_query(self, params: Json, _: Files) -> bool:
        query = self._world.check_outs.get(params["pre_checkout_query_id"])
        if query is None or query.answer is not None or self._world.now() - query.at > PAYABLE_FOR:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if not params["ok"] and not params.get("error_message"):
            raise bad("error_message is empty")
        query.answer = params
        self._world.note_change()
        return True

    async def refund_star_payment(self, params: Json, _: Files) -> bool:
        charge = self._world.charges.get(params["telegram_payment_charge_id"])
        if charge is None or charge.user.id != params["user_id"]:
            raise bad("CHARGE_NOT_FOUND")
        if charge.is_refunded:
            raise bad("CHARGE_ALREADY_REFUNDED")
        self._world.refund(charge)
        return True

    async def get_star_transactions(self, params: Json, _: Files) -> Json:
        offset, limit = int(params.get("offset", 0)), int(params.get("limit", 100))
        if offset < 0 or not 1 <= limit <= 100:
            raise bad("OFFSET_INVALID" if offset < 0 else "LIMIT_INVALID")
        return {"transactions": self._world.transactions[offset : offset + limit]}

    # -- answering -------------------------------------------------------------------------------------------------

    async def answer_callback_query(self, params: Json, _: Files) -> bool:
        press = self._world.presses.get(params["callback_query_id"])
        if press is None or press.answer is not None or self._world.now() - press.at > ANSWERABLE_FOR:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if url := params.get("url"):
            if not str(url).startswith(f"https://t.me/{self._world.bot['username']}?start="):
                raise bad("URL_INVALID")
            check_start(str(url).partition("?start=")[2])
        press.answer = params
        press.answered_within = self._world.now() - press.at
        self._world.note_change()
        return True

    async def answer_inline_query(self, params: Json, _: Files) -> bool:
        if len(params["results"]) > 50:
            raise bad("RESULTS_TOO_MUCH")
        ids = [one["id"] for one in params["results"]]
        if len(set(ids)) != len(ids):
            raise bad("RESULT_ID_DUPLICATE")
        for one in params["results"]:
            for name in ("video_file_id", "photo_file_id", "document_file_id"):
                if name in one:
                    self._world.file(one[name])
        if button := params.get("button"):
            check_start(button.get("start_parameter") or "x")
        self._world.inline_answers[params["inline_query_id"]] = params
        self._world.note_change()
        return True

    async def set_message_reaction(self, params: Json, _: Files) -> bool:
        chat = self._world.chat_of(params["chat_id"])
        if params["message_id"] not in chat.messages:
            raise bad("message to react not found")
        for one in params.get("reaction") or []:
            chat.reactions[params["message_id"]] = one["emoji"]
        self._world.note_change()
        return True

    async def leave_chat(self, params: Json, _: Files) -> bool:
        self._world.chat_of(params["chat_id"]).bot_is = "left"
        return True

    # -- media -----------------------------------------------------------------------------------------------------

    def _media(self, described: Json, files: Files) -> Json:
        """A described piece of media as a message shows it."""
        kind, source = described["type"], str(described["media"])
        spoiler = {"has_media_spoiler": True} if described.get("has_spoiler") else {}
        if source.startswith("file://"):
            filename, content = self._named(source)
        elif source.startswith("attach://"):
            name = source.removeprefix("attach://")
            if name not in files:
                raise bad(f"there is no file {name}")
            filename, content = files[name]
        else:
            return self._shown(kind, self._world.file(source)) | spoiler
        limit = PHOTO_UP if kind == "photo" else self._world.up
        if len(content) > limit and not (self._world.own_server and kind != "photo"):
            raise Refused(413, "Request Entity Too Large")
        self._check_thumbnail(described, files)
        if kind == "photo":
            width, height = picture_size(content)
            return self._shown("photo", self._world.keep("photo", content, width=width, height=height)) | spoiler
        if kind == "document":
            return self._shown("document", self._world.keep("document", content, file_name=filename)) | spoiler
        return self._video(described, filename, content) | spoiler

    def _named(self, source: str) -> tuple[str, bytes]:
        """A file of the bot's machine: a server that is the bot's own reads it there, and Telegram's do not."""
        if not self._world.own_server:
            raise bad("invalid file HTTP URL specified: URL protocol must be http or https")
        path = Path(unquote(urlsplit(source).path))
        self._world.named.append(path)
        return path.name, path.read_bytes()

    def _video(self, described: Json, filename: str, content: bytes) -> Json:
        troubles = self._world.troubles
        missing = [name for name in ("width", "height", "duration", "thumbnail") if not described.get(name)]
        if missing:
            troubles.append(f"a video without {', '.join(missing)} arrives as a square without a length")
        if not described.get("supports_streaming"):
            troubles.append("a video that nobody can watch before it is whole")
        if content[4:8] != b"ftyp" or not 0 < content.find(b"moov") < content.find(b"mdat"):
            troubles.append("a video whose index comes last")
        facts = {name: described.get(name, 320) for name in ("width", "height", "duration")}
        kind = "video" if b"soun" in content else "animation"
        if kind == "animation":
            troubles.append("a silent video became an animation")
        return self._shown(kind, self._world.keep(kind, content, file_name=filename, mime_type="video/mp4", **facts))

    def _shown(self, kind: str, file: File) -> Json:
        return {"photo": [file.facts]} if kind == "photo" else {kind: file.facts}

    def _check_thumbnail(self, described: Json, files: Files) -> None:
        if not (source := described.get("thumbnail")):
            return
        name = str(source).removeprefix("attach://")
        if name.startswith("file://"):
            content = self._named(name)[1]
        elif name in files:
            content = files[name][1]
        else:
            raise bad("wrong thumbnail")
        width, height = picture_size(content)
        if content[:2] != b"\xff\xd8" or len(content) > THUMBNAIL_SIZE or max(width, height) > THUMBNAIL_SIDE:
            self._world.troubles.append("a thumbnail that Telegram does not show")


def picture_size(content: bytes) -> tuple[int, int]:
    try:
        with Image.open(io.BytesIO(content)) as picture:
            return picture.size
    except OSError:
        raise bad("IMAGE_PROCESS_FAILED") from None


def _caption(described: Json) -> Json:
    check_entities(described.get("caption") or "", described.get("caption_entities"))
    found = {name: described[name] for name in ("caption", "caption_entities") if described.get(name)}
    return found


def check_entities(text: str, entities: list[Json] | None) -> None:
    units = len(text.encode("utf-16-le")) // 2
    for one in entities or ():
        if one["offset"] < 0 or one["length"] < 1 or one["offset"] + one["length"] > units:
            raise bad("entity beyond the end of the text")


def check_start(payload: str) -> None:
    if not 1 <= len(payload) <= 64 or not all(
        letter.isascii() and (letter.isalnum() or letter in "_-") for letter in payload
    ):
        raise bad("START_PARAM_INVALID")

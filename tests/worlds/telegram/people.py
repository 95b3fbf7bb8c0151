"""What members do: they write, answer, press, upload, ask inline, and look at what comes."""

import asyncio
import io
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from PIL import Image

from tests.worlds.telegram.reading import buttons_of, read_message
from tests.worlds.telegram.server import Server, listening
from tests.worlds.telegram.world import OWN, PAYABLE_FOR, STARS, Charge, Chat, CheckOut, Json, Press, User, World

PATIENCE: Final = 240.0  # seconds; a shared machine may be slow, and what comes sooner is not waited for
HURRY: Final = 10.0
Found = TypeVar("Found")


@dataclass
class Place:
    """The whole local Telegram, listening."""

    world: World
    server: Server

    # -- writing ---------------------------------------------------------------------------------------------------

    def says(
        self, user: User, chat: Chat, text: str, *, to: Json | None = None, thread: int | None = None, **more: Any
    ) -> Json:
        content = {"text": text, **more} | _entities("entities", text)
        return self._sent(user, chat, content, to, thread)

    def sends_photo(
        self, user: User, chat: Chat, content: bytes, caption: str = "", *, to: Json | None = None, **more: Any
    ) -> Json:
        small = self.world.keep("photo", content[:100], width=90, height=90)
        whole = self.world.keep("photo", content, width=640, height=640)
        return self._sent(user, chat, {"photo": [small.facts, whole.facts], **_captioned(caption), **more}, to, None)

    def sends_file(
        self,
        user: User,
        chat: Chat,
        kind: str,
        content: bytes,
        caption: str = "",
        *,
        to: Json | None = None,
        **more: Any,
    ) -> Json:
        facts = {"width": 480, "height": 480, "duration": 1} if kind in ("video", "animation") else {}
        named = {"file_name": "film.mp4", "mime_type": "video/mp4"}
        file = self.world.keep(kind, content, **facts, **named)
        return self._sent(user, chat, {kind: file.facts, **_captioned(caption), **more}, to, None)

    def _sent(self, user: User, chat: Chat, content: Json, to: Json | None, thread: int | None) -> Json:
        if to is not None:
            content["reply_to_message"] = {key: one for key, one in to.items() if key != "reply_to_message"}
            thread = thread or to.get("message_thread_id")
        user.has_started = user.has_started or chat.id == user.id
        message = self.world.new_message(chat, user, thread=thread, **content)
        if self._is_heard(chat, message):
            self.world.tell("message", dict(message))
        return message

    def posts(self, chat: Chat, text: str) -> Json:
        """In a channel, where nobody is named."""
        message = self.world.new_message(
            chat, None, text=text, sender_chat=chat.as_json(), **_entities("entities", text)
        )
        self.world.tell("channel_post", dict(message))
        return message

    def edits(self, user: User, chat: Chat, message: Json, text: str) -> None:
        chat.messages[message["message_id"]] |= {"text": text, "edit_date": int(self.world.now())}
        self.world.tell("edited_message", dict(chat.messages[message["message_id"]]))

    def _is_heard(self, chat: Chat, message: Json) -> bool:
        """Privacy mode: in a group a bot hears commands, answers to itself, and as an administrator everything."""
        if chat.bot_is in ("kicked", "left"):
            return False
        if chat.kind == "private" or chat.bot_is in OWN:
            return True
        text, name = str(message.get("text") or message.get("caption") or ""), self.world.bot["username"]
        command = re.match(r"/\w+(@\w+)?", text)
        if command is not None:
            return command[1] in (None, f"@{name}")
        return message.get("reply_to_message", {}).get("from", {}).get("id") == self.world.bot["id"]

    # -- pressing --------------------------------------------------------------------------------------------------

    def presses(self, user: User, chat: Chat, message: Json, label: str) -> Press:
        """A button, by the words on it or by how they begin."""
        buttons = buttons_of(chat.messages[message["message_id"]])
        found = next((one for text, one in buttons.items() if text == label or text.startswith(label)), None)
        assert found is not None, f"there is no {label!r} among {list(buttons)}"
        assert "callback_data" in found, f"{label!r} is a link"
        return self.presses_data(user, chat, message, found["callback_data"])

    def presses_data(self, user: User, chat: Chat, message: Json, data: str) -> Press:
        """What a client that was tampered with may send."""
        press = Press(f"press-{len(self.world.presses)}", user, self.world.now())
        self.world.presses[press.id] = press
        shown = {key: one for key, one in message.items() if key != "force_reply"}
        told = {"id": press.id, "from": user.as_json(), "message": shown, "chat_instance": "1", "data": data}
        self.world.tell("callback_query", told)
        return press

    async def answered(self, press: Press) -> str:
        """What the member is shown after a press: the words at the top of the screen, or the link that opens."""
        answer = await self.until(lambda: press.answer, what="an answer to the press")
        return str(answer.get("text") or answer.get("url") or "")

    def opens(self, user: User, url: str) -> Json:
        """A link into the private chat with the bot."""
        return self.says(user, self.world.private(user), "/start " + url.partition("?start=")[2])

    async def asks_inline(self, user: User, query: str) -> Json:
        number = f"inline-{len(self.world.inline_answers)}-{query[:20]}"
        self.world.tell("inline_query", {"id": number, "from": user.as_json(), "query": query, "offset": ""})
        return await self.until(lambda: self.world.inline_answers.get(number), what="inline results")

    # -- paying ----------------------------------------------------------------------------------------------------

    def checks_out(self, user: User, invoice: Json, *, amount: int | None = None, late: bool = False) -> CheckOut:
        """The Pay button, and yes. `amount`: what a client that was tampered with may say; `late`: nobody waits."""
        price = invoice["invoice"]["total_amount"] if amount is None else amount
        number, payload = f"check-out-{len(self.world.check_outs)}", self._payload_of(invoice)
        at = self.world.now() - (PAYABLE_FOR + 1 if late else 0)
        query = self.world.check_outs[number] = CheckOut(number, user, at, price, payload)
        told = {"id": number, "from": user.as_json(), "currency": STARS, "total_amount": price}
        self.world.tell("pre_checkout_query", told | {"invoice_payload": payload})
        return query

    async def pays(self, user: User, invoice: Json, **tampered: Any) -> Charge | str:
        """What was paid; or the words with which it was refused."""
        query = self.checks_out(user, invoice, **tampered)
        answer = await self.until(lambda: query.answer, what="the last look before a payment", within=PAYABLE_FOR)
        return self.charges(query) if answer["ok"] else str(answer["error_message"])

    def charges(self, query: CheckOut) -> Charge:
        """Telegram takes the Stars, and tells of it."""
        number = f"stx{len(self.world.charges):04d}-{query.id}-" + "A" * 90
        charge = self.world.charges[number] = Charge(number, query.user, query.amount, query.payload)
        self.world.note_transaction(charge, "source")
        self.tells_of(charge)
        return charge

    def tells_of(self, charge: Charge) -> None:
        facts = {"currency": STARS, "total_amount": charge.amount, "invoice_payload": charge.payload}
        ids = {"telegram_payment_charge_id": charge.id, "provider_payment_charge_id": f"{charge.user.id}_1"}
        told = self.world.new_message(self.world.private(charge.user), charge.user, successful_payment=facts | ids)
        self.world.tell("message", dict(told))

    def _payload_of(self, invoice: Json) -> str:
        return self.world.payloads[invoice["chat"]["id"], invoice["message_id"]]

    # -- looking ---------------------------------------------------------------------------------------------------

    def messages(self, chat: Chat) -> list[Json]:
        """The bot's, the oldest first."""
        return [one for one in chat.messages.values() if one.get("from", {}).get("id") == self.world.bot["id"]]

    async def shows(self, chat: Chat, words: str, *, after: Json | None = None, within: float = PATIENCE) -> Json:
        """The newest message of the bot in this chat that has these words, in its text or on its buttons.

        `after`: only what was written later than that, or answers it.
        """
        least = after["message_id"] if after is not None else 0

        def found() -> Json | None:
            mine = [one for one in self.messages(chat) if one["message_id"] > least]
            return next((one for one in reversed(mine) if words in read_message(one)), None)

        try:
            return await self.until(found, what=words, within=within)
        except AssertionError:
            said = "\n---\n".join(map(read_message, self.messages(chat)[-4:]))
            raise AssertionError(f"{words!r} was not shown; last:\n{said}") from None

    async def clip(self, chat: Chat, *, after: Json | None = None) -> Json:
        """The next message with a video."""
        least = after["message_id"] if after is not None else 0

        def found() -> Json | None:
            mine = [one for one in self.messages(chat) if one["message_id"] > least and "video" in one]
            return mine[-1] if mine else None

        try:
            return await self.until(found, what="a clip")
        except AssertionError:
            said = "\n---\n".join(map(read_message, self.messages(chat)[-4:]))
            raise AssertionError(f"no clip came; last:\n{said}") from None

    async def until(self, look: Callable[[], Found | None], *, what: str, within: float = PATIENCE) -> Found:
        end = asyncio.get_running_loop().time() + within
        while True:
            changed = self.world.changed
            if found := look():
                return found
            left = end - asyncio.get_running_loop().time()
            assert left > 0, f"waited for {what} in vain; refused: {self.world.refused[-3:]}"
            waiting = asyncio.ensure_future(changed.wait())
            await asyncio.wait({waiting}, timeout=min(left, 0.5))
            waiting.cancel()


def _captioned(caption: str) -> Json:
    return {"caption": caption} | _entities("caption_entities", caption) if caption else {}


def _entities(name: str, text: str) -> Json:
    """What a client marks in a text that somebody types: commands, and names."""
    found = [("bot_command", one) for one in re.finditer(r"(?<!\S)/\w+(?:@\w+)?", text)]
    found += [("mention", one) for one in re.finditer(r"(?<![\w/])@\w+", text)]
    units = [
        {"type": kind, "offset": len(text[: one.start()].encode("utf-16-le")) // 2, "length": len(one[0])}
        for kind, one in found
    ]
    return {name: units} if units else {}


def picture(colour: str = "steelblue", size: tuple[int, int] = (320, 320)) -> bytes:
    stored = io.BytesIO()
    Image.new("RGB", size, colour).save(stored, "JPEG")
    return stored.getvalue()


@asynccontextmanager
async def local_telegram(hurry: float = HURRY) -> AsyncIterator[Place]:
    """`hurry`: how fast its clock for floods is; `starting.start` tells the bot so."""
    world = World(hurry)
    async with listening(world) as server:
        yield Place(world, server)

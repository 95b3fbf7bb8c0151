"""What the local Telegram keeps: people, chats, messages, files, updates; and the rules that it holds a bot to."""

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.worlds.telegram.flood import Flood

Json = dict[str, Any]

MIB: Final = 1024 * 1024
UP: Final = 50 * MIB
DOWN: Final = 20 * MIB
PHOTO_UP: Final = 10 * MIB
THUMBNAIL_SIZE: Final = 200_000
THUMBNAIL_SIDE: Final = 320
DELETABLE_FOR: Final = 48 * 3600
ANSWERABLE_FOR: Final = 15.0  # seconds that a press waits for its answer
PAYABLE_FOR: Final = 10.0  # seconds that a payment waits for the last look
STARS: Final = "XTR"
TOLD_FOR: Final = 24 * 3_600.0  # seconds that an update is kept for
OWN: Final = frozenset({"creator", "administrator"})
RIGHTS: Final = ("can_manage_chat", "can_delete_messages", "can_restrict_members", "can_promote_members")
POST: Final = "can_post_messages"  # told of a channel's administrators alone
ALBUM: Final = (2, 10)


class Refused(Exception):
    """Telegram answers with an error."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(f"{status} {description}")
        self.status = status
        self.body: Json = {"ok": False, "error_code": status, "description": description}
        if parameters:
            self.body["parameters"] = parameters


def bad(description: str) -> Refused:
    return Refused(400, f"Bad Request: {description}")


class Unreachable(Exception):
    """The connection breaks before there is an answer."""


@dataclass
class User:
    id: int
    name: str
    language: str = "en"
    has_started: bool = True  # has opened the private chat once, so that the bot may write there
    blocks_bot: bool = False

    def as_json(self) -> Json:
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}


@dataclass
class Chat:
    id: int
    kind: str  # private, group, supergroup, channel
    title: str = "Film club"
    username: str = ""
    is_forum: bool = False
    statuses: dict[int, str] = field(default_factory=dict)  # of its members: creator, administrator, member, left
    rights: dict[int, frozenset[str]] = field(default_factory=dict)  # of its administrators
    bot_is: str = "member"
    bot_may_send: bool = True
    bot_may_pin: bool = True
    pinned: list[int] = field(default_factory=list)  # the newest last
    topics: set[int] = field(default_factory=set)
    migrated_to: int | None = None
    messages: dict[int, Json] = field(default_factory=dict)
    actions: list[tuple[float, str]] = field(default_factory=list)
    reactions: dict[int, str] = field(default_factory=dict)

    def as_json(self) -> Json:
        forum = {"is_forum": True} if self.is_forum else {}
        named = {"first_name": self.title} if self.kind == "private" else {"title": self.title}
        named |= {"username": self.username} if self.username else {}
        return {"id": self.id, "type": self.kind, **named, **forum}


@dataclass
class Press:
    """Somebody pressed a button under a message."""

    id: str
    user: User
    at: float
    answer: Json | None = None
    answered_within: float | None = None


@dataclass
class CheckOut:
    """Somebody is about to pay."""

    id: str
    user: User
    at: float
    amount: int
    payload: str
    answer: Json | None = None


@dataclass
class Charge:
    """Somebody has paid."""

    id: str
    user: User
    amount: int
    payload: str
    is_refunded: bool = False


@dataclass
class File:
    id: str
    content: bytes
    facts: Json  # as a message shows it


class World:
    def __init__(self, hurry: float = 1.0) -> None:
        self.hurry = hurry  # how many of Telegram's seconds pass in one, as far as floods go
        self.base = ""  # of the server; set when it listens
        self.token = "7123456789:" + "A" * 35
        self.ahead = 0.0  # how far the clock was set forward
        self.bot: Json = {
            "id": 7123456789,
            "is_bot": True,
            "first_name": "Kinora",
            "username": "kinora_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": True,
        }
        self.chats: dict[int, Chat] = {}
        self.users: dict[int, User] = {}
        self.files: dict[str, File] = {}
        self.named: list[Path] = []  # files that were named to a server of the bot's own
        self.presses: dict[str, Press] = {}
        self.inline_answers: dict[str, Json] = {}
        self.payloads: dict[tuple[int, int], str] = {}  # of invoices, by chat and message: nobody sees them
        self.check_outs: dict[str, CheckOut] = {}
        self.charges: dict[str, Charge] = {}
        self.transactions: list[Json] = []  # of Stars, in their order
        self.commands: dict[tuple[str, str], list[Json]] = {}  # by scope and language
        self.webhook: Json = {}
        self.flood = Flood(lambda: self.now() * hurry)
        self.calls: list[tuple[float, str, Json]] = []  # every one that was taken
        self.refused: list[str] = []
        self.troubles: list[str] = []  # what Telegram takes, and people suffer from
        self.fail_next: deque[tuple[str, Exception]] = deque()  # (method, what comes instead of an answer)
        self.when_done: Callable[[str, Json], Awaitable[None]] | None = None  # between doing and answering
        self.changed = asyncio.Event()
        self.updates: list[Json] = []
        self.up = UP  # bytes of the largest file that it takes, unless it is a server of the bot's own
        self.own_server = False  # one that runs on the bot's machine, and reads and lays down files there
        self.folder = Path()  # where it lays them down
        self._ids = itertools.count(1000)
        self._told_at: dict[int, float] = {}  # by the updates' numbers
        self._update_ids = itertools.count(500_000_000)
        self._file_ids = itertools.count(1)

    # -- the clock, and who waits for it ---------------------------------------------------------------------------

    def now(self) -> float:
        return time.time() + self.ahead

    def pass_time(self, seconds: float) -> None:
        self.ahead += seconds

    def note_change(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()

    # -- furnishing ------------------------------------------------------------------------------------------------

    def add_user(self, name: str, language: str = "en", **more: Any) -> User:
        user = User(1_000_000 + next(self._ids), name, language, **more)
        self.users[user.id] = user
        self.chats[user.id] = Chat(user.id, "private", name)
        return user

    def add_group(self, owner: User, *others: User, kind: str = "supergroup", **more: Any) -> Chat:
        number = next(self._ids)
        chat = Chat(-1_000_000_000_000 - number if kind != "group" else -number, kind, **more)
        chat.statuses = {owner.id: "creator"} | {one.id: "member" for one in others}
        self.chats[chat.id] = chat
        return chat

    def add_channel(self, owner: User, username: str = "") -> Chat:
        """With the bot among its administrators."""
        chat = Chat(-1_000_000_000_000 - next(self._ids), "channel", "Film news", username)
        chat.statuses, chat.bot_is = {owner.id: "creator"}, "administrator"
        self.chats[chat.id] = chat
        return chat

    def make_admin(self, chat: Chat, user: User, *rights: str) -> None:
        chat.statuses[user.id] = "administrator"
        chat.rights[user.id] = frozenset(rights or ("can_manage_chat", "can_delete_messages"))

    def add_topic(self, chat: Chat) -> int:
        topic = next(self._ids)
        chat.topics.add(topic)
        return topic

    def private(self, user: User) -> Chat:
        return self.chats[user.id]

    def all_messages(self) -> Iterator[Json]:
        for chat in self.chats.values():
            yield from chat.messages.values()

    # -- updates ---------------------------------------------------------------------------------------------------

    def tell(self, kind: str, content: Json) -> int:
        number = next(self._update_ids)
        self.updates.append({"update_id": number, kind: content})
        self._told_at[number] = self.now()
        self.note_change()
        return number

    def confirm(self, offset: int) -> None:
        """And forget what nobody asked for in a day."""
        oldest = self.now() - TOLD_FOR
        kept = [one for one in self.updates if self._told_at[one["update_id"]] >= oldest]
        self.updates = [one for one in kept if offset <= 0 or one["update_id"] >= offset]

    def migrate(self, chat: Chat) -> Chat:
        """The group becomes a supergroup: another id, and the old messages stay behind."""
        new = Chat(-1_000_000_000_000 - next(self._ids), "supergroup", chat.title)
        new.statuses, new.rights, new.bot_is = dict(chat.statuses), dict(chat.rights), chat.bot_is
        self.chats[new.id] = new
        chat.migrated_to = new.id
        told = self.new_message(chat, None, migrate_to_chat_id=new.id)
        self.tell("message", told)
        return new

    def kick_bot(self, chat: Chat) -> None:
        self._bot_becomes(chat, "kicked")

    def _bot_becomes(self, chat: Chat, status: str) -> None:
        was, chat.bot_is = chat.bot_is, status
        by = next(iter(self.users.values()))
        member = {"user": self.bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})
        told = {"chat": chat.as_json(), "from": by.as_json(), "date": int(self.now())}
        self.tell(
            "my_chat_member",
            told | {"old_chat_member": {"user": self.bot, "status": was}} | {"new_chat_member": member},
        )

    # -- what a bot may reach --------------------------------------------------------------------------------------

    def chat_of(self, chat_id: Any) -> Chat:
        chat = self.chats.get(chat_id)
        if isinstance(chat_id, str) and chat_id.startswith("@"):
            chat = next((one for one in self.chats.values() if one.username == chat_id[1:]), None)
        if chat is None:
            raise bad("chat not found")
        if chat.migrated_to is not None:
            description = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refused(400, description, migrate_to_chat_id=chat.migrated_to)
        if chat.bot_is == "kicked":
            raise Refused(403, f"Forbidden: bot was kicked from the {chat.kind} chat")
        if chat.bot_is == "left":
            raise Refused(403, f"Forbidden: bot is not a member of the {chat.kind} chat")
        return chat

    def writable(self, chat_id: Any) -> Chat:
        chat = self.chat_of(chat_id)
        user = self.users.get(chat.id)
        if user is not None and user.blocks_bot:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if user is not None and not user.has_started:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        if chat.kind == "channel" and (chat.bot_is not in OWN or not chat.bot_may_send):
            raise bad("need administrator rights in the channel chat")
        if not chat.bot_may_send:
            raise bad("not enough rights to send text messages to the chat")
        return chat

    # -- messages --------------------------------------------------------------------------------------------------

    def new_message(self, chat: Chat, user: User | None, *, thread: int | None = None, **content: Any) -> Json:
        """A message of somebody's, or with `user` None one of the chat's own."""
        message: Json = {"message_id": next(self._ids), "date": int(self.now()), "chat": chat.as_json(), **content}
        if user is not None:
            message["from"] = user.as_json()
        if thread is not None:
            message |= {"message_thread_id": thread, "is_topic_message": True}
        chat.messages[message["message_id"]] = message
        self.note_change()
        return message

    def bot_message(self, chat: Chat, params: Json, **content: Any) -> Json:
        thread = params.get("message_thread_id")
        if thread is not None and thread not in chat.topics:
            raise bad("message thread not found")
        reply: Json = params.get("reply_parameters") or {}
        answered = chat.messages.get(reply.get("message_id", 0))
        if reply and answered is None and not reply.get("allow_sending_without_reply"):
            raise bad("message to be replied not found")
        message = self.new_message(chat, None, thread=thread, **content)
        message["from"] = self.bot
        if answered is not None:
            message["reply_to_message"] = {key: one for key, one in answered.items() if key != "reply_to_message"}
        markup: Json | None = params.get("reply_markup")
        if markup and "inline_keyboard" in markup:
            check_keyboard(markup)
            message["reply_markup"] = markup
        elif markup and markup.get("force_reply"):
            message["force_reply"] = True  # no part of a message: what the member's client does with it
        return message

    def own_message(self, chat: Chat, message_id: Any, doing: str) -> Json:
        message = chat.messages.get(message_id)
        if message is None:
            raise bad(f"message to {doing} not found")
        if message.get("from", {}).get("id") != self.bot["id"]:
            raise bad(f"message can't be {doing}{'ed' if doing == 'edit' else 'd'}")
        return message

    # -- money -----------------------------------------------------------------------------------------------------

    def note_transaction(self, charge: Charge, side: str) -> None:
        """For the list of all that was paid, which is kept for good. `side`: whether somebody is its source."""
        partner = {"type": "user", "transaction_type": "invoice_payment", "user": charge.user.as_json()}
        partner["invoice_payload"] = charge.payload
        self.transactions.append({"id": charge.id, "amount": charge.amount, "date": int(self.now()), side: partner})

    def refund(self, charge: Charge) -> None:
        """The Stars go back, and the chat is told."""
        charge.is_refunded = True
        self.note_transaction(charge, "receiver")
        facts = {"currency": STARS, "total_amount": charge.amount, "invoice_payload": charge.payload}
        told = self.new_message(
            self.chats[charge.user.id],
            charge.user,
            refunded_payment={**facts, "telegram_payment_charge_id": charge.id},
        )
        self.tell("message", dict(told))

    # -- files -----------------------------------------------------------------------------------------------------

    def keep(self, kind: str, content: bytes, **facts: Any) -> File:
        number = next(self._file_ids)
        file_id = f"{kind}-{number:06d}-AgACAgQAAx"
        shown = {"file_id": file_id, "file_unique_id": f"u{number}", "file_size": len(content), **facts}
        self.files[file_id] = File(file_id, content, shown)
        return self.files[file_id]

    def file(self, file_id: str) -> File:
        found = self.files.get(file_id)
        if found is None:
            raise bad("wrong file identifier/HTTP URL specified")
        return found


def check_keyboard(markup: Json) -> None:
    rows = markup["inline_keyboard"]
    if len(rows) > 100 or any(len(row) > 8 for row in rows):
        raise bad("reply markup is too long")
    for row in rows:
        for one in row:
            if sum(name in one for name in ("url", "callback_data", "switch_inline_query", "copy_text")) != 1:
                raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
            if not one.get("text"):
                raise bad("can't parse inline keyboard button: field text must be of type String")

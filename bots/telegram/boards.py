"""A storyboard by conversation: one message that is the board; answers to it add cards, buttons change them.

All of it stands in the database with the message, so that it outlives restarts and days of pause. Its owner may let
others add to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from telegram import Message

from bots import briefs, stories
from bots.telegram.address import PLATFORM, Where
from bots.telegram.buttons import Button, Wish
from bots.telegram.commands import Command
from bots.telegram.line import MessageGone
from bots.telegram.making import bring, file_of, make
from bots.telegram.pressing import Deed
from bots.telegram.room import Room, Talk, shown_at
from bots.telegram.text import BOLD, Card, Styled, card, plain, small
from bots.wording import say
from engine.brief import CARD_LIMIT, Brief, ClipSource
from engine.errors import StudioError
from engine.members import Asker
from engine.names import read_letters
from storage import posted
from storage.posted import Posted

BOARD: Final = "board"
STEP: Final = 2.0  # seconds between two cards that nobody placed
NUDGE: Final = 0.5
LINE_SHOWN: Final = 60


@dataclass(frozen=True)
class Board:
    """What the message holds: cards in the order of their moments."""

    owner: int  # the person on Telegram
    is_open: bool
    cards: tuple[Mapping[str, Any], ...]
    chosen: int | None = None  # which card the buttons change

    @classmethod
    def of(cls, row: Posted) -> "Board":
        content = row.content
        return cls(content["owner"], content["is_open"], tuple(content["cards"]), content.get("chosen"))

    def as_content(self) -> dict[str, Any]:
        return {"owner": self.owner, "is_open": self.is_open, "cards": list(self.cards), "chosen": self.chosen}

    def with_cards(self, cards: list[Mapping[str, Any]], chosen: int | None) -> "Board":
        placed = sorted(cards, key=lambda one: float(one["at"]))
        moment = cards[chosen] if chosen is not None and chosen < len(cards) else None
        now_at = next((number for number, one in enumerate(placed) if one is moment), None)
        return Board(self.owner, self.is_open, tuple(placed), now_at)


async def begin(room: Room, talk: Talk, text: str) -> None:
    """A new board; words after the command are its first card."""
    asker = await room.asker(talk)
    board = Board(talk.speaker.id, is_open=False, cards=())
    if text:
        stories.check_prompt(text)
        board = board.with_cards([{"at": 0.0, "text": text}], None)
    sent = await room.say(talk, shown(board))
    where = Where(sent.chat_id, talk.where.thread)
    async with room.studio.database.writing() as tx:
        await posted.note(
            tx, PLATFORM, str(where), sent.message_id, kind=BOARD, about=str(sent.message_id),
            content=board.as_content(), member_id=asker.member_id,
        )  # fmt: skip


def shown(board: Board, price: str = "") -> Card:
    lines: list[str | Styled] = [Styled("🎞 " + say("telegram.board.title"), BOLD)]
    for number, one in enumerate(board.cards):
        sign = "▸" if number == board.chosen else "·"
        lines.append(f"{sign} {number + 1}.  {float(one['at']):g} s  {_of_card(one)}")
    lines.append(say("telegram.board.how") if len(board.cards) < CARD_LIMIT else say("telegram.board.full"))
    lines.append(small(price) if price else "")
    numbers = [
        Button(f"{number + 1}" + (" ✓" if number == board.chosen else ""), "card", "", str(number))
        for number in range(len(board.cards))
    ]
    rows: list[list[Button]] = [numbers[at : at + 5] for at in range(0, len(numbers), 5)]
    if board.chosen is not None:
        rows.append(
            [
                Button("◀️ −0.5 s", "earlier"),
                Button("+0.5 s ▶️", "later"),
                Button("🗑 " + say("telegram.button.card_off"), "cardoff"),
            ]
        )
    if board.cards:
        price_of_it = Button("🧾 " + say("telegram.button.price"), "boardprice")
        rows.append([Button("👁 " + say("telegram.button.preview"), "boardpreview"), price_of_it])
        rows.append([Button("🎬 " + say("telegram.button.make"), "boardmake")])
    opening = say("telegram.button.board_close" if board.is_open else "telegram.button.board_open")
    rows.append([Button(opening, "boardopen")])
    return card(*lines, rows=rows)


def _of_card(one: Mapping[str, Any]) -> str:
    source = one.get("source")
    sign = "" if not source else f"🎬 {source['clip_id']} " if source["kind"] == "clip" else "🖼 "
    return sign + plain(str(one.get("text") or ""), LINE_SHOWN)


async def add(room: Room, talk: Talk, row: Posted, text: str, message: Message) -> None:
    """What was written, shown or named in answer to the board becomes its next card."""
    board = _for(talk, Board.of(row))
    if len(board.cards) >= CARD_LIMIT:
        raise StudioError("brief.many_cards", limit=CARD_LIMIT)
    asker = await room.asker(talk)
    stories.check_prompt(text)
    source: Any = None
    if file_of(message) is not None:
        source = (await bring(room, asker, message)).model_dump()
    elif (clip_id := read_letters(text)) is not None and await _is_clip(room, asker, clip_id):
        source, text = ClipSource(clip_id=clip_id).model_dump(), ""
    at = float(board.cards[-1]["at"]) + STEP if board.cards else 0.0
    new = {"at": at, "text": text} | ({"source": source} if source else {})
    await _change(room, talk, row, board.with_cards([*board.cards, new], len(board.cards)))


async def _is_clip(room: Room, asker: Asker, clip_id: str) -> bool:
    try:
        await room.studio.remixing.check(asker, [clip_id])
    except StudioError:
        return False
    return True


# -- buttons -------------------------------------------------------------------------------------------------------


async def choose(room: Room, talk: Talk, wish: Wish) -> None:
    row, board = await _pressed(room, talk)
    number = int(wish.more) if wish.more.isascii() and wish.more.isdigit() else -1
    if not 0 <= number < len(board.cards):
        raise StudioError("discord.outdated")
    chosen = None if board.chosen == number else number
    await _change(room, talk, row, Board(board.owner, board.is_open, board.cards, chosen))


async def earlier(room: Room, talk: Talk, _: Wish) -> None:
    await _nudge(room, talk, -NUDGE)


async def later(room: Room, talk: Talk, _: Wish) -> None:
    await _nudge(room, talk, NUDGE)


async def _nudge(room: Room, talk: Talk, by: float) -> None:
    row, board = await _pressed(room, talk)
    if board.chosen is None:
        return
    cards = list(board.cards)
    taken = {float(one["at"]) for number, one in enumerate(cards) if number != board.chosen}
    at = round(float(cards[board.chosen]["at"]) + by, 2)
    while at in taken:
        at = round(at + by, 2)
    if not 0 <= at <= 56:
        raise StudioError("brief.card_time", longest="56")
    cards[board.chosen] = dict(cards[board.chosen]) | {"at": at}
    await _change(room, talk, row, board.with_cards(cards, board.chosen))


async def take_off(room: Room, talk: Talk, _: Wish) -> None:
    row, board = await _pressed(room, talk)
    cards = [one for number, one in enumerate(board.cards) if number != board.chosen]
    await _change(room, talk, row, board.with_cards(cards, None))


async def open_up(room: Room, talk: Talk, _: Wish) -> None:
    row, board = await _pressed(room, talk, owner_only=True)
    await _change(room, talk, row, Board(board.owner, not board.is_open, board.cards, board.chosen))


async def tell_price(room: Room, talk: Talk, _: Wish) -> None:
    _row, board = await _pressed(room, talk)
    asker = await room.asker(talk)
    quote = await room.studio.quote(await _brief(room, asker, board), asker)
    price = say("discord.price", price=quote.price) if quote.price else say("discord.free")
    await room.toast(talk, price, alert=True)


async def preview(room: Room, talk: Talk, _: Wish) -> None:
    """The picture answers the board. Telegram offers no alt text: the caption says what it shows."""
    row, board = await _pressed(room, talk)
    asker = await room.asker(talk)
    brief = await _brief(room, asker, board)
    await room.toast(talk, say("web.board.preview_waits"))
    still = await room.studio.previews.of_board(brief, asker)
    told = [small(line) for line in stories.preview_told(still, brief)]
    await room.line.send_picture(talk.where, still.file, card(stories.preview_alt(brief), *told), to=row.message)


async def make_it(room: Room, talk: Talk, _: Wish) -> None:
    _row, board = await _pressed(room, talk)

    async def brief(asker: Asker) -> Brief:
        return await _brief(room, asker, board)

    await make(room, talk, brief)


async def _brief(room: Room, asker: Asker, board: Board) -> Brief:
    return await briefs.of_cards(room.studio, asker, [dict(one) for one in board.cards])


async def _pressed(room: Room, talk: Talk, *, owner_only: bool = False) -> tuple[Posted, Board]:
    row = await shown_at(room, talk.where, talk.answers or 0)
    if row is None or row.kind != BOARD:
        raise StudioError("discord.outdated")
    return row, _for(talk, Board.of(row), owner_only=owner_only)


def _for(talk: Talk, board: Board, *, owner_only: bool = False) -> Board:
    """The board, if this person may change it."""
    if talk.speaker.id != board.owner and (owner_only or not board.is_open):
        raise StudioError("telegram.board_closed")
    return board


async def _change(room: Room, talk: Talk, row: Posted, board: Board) -> None:
    async with room.studio.database.writing() as tx:
        await posted.change(tx, PLATFORM, row.place, row.message, board.as_content())
    await room.toast(talk)
    try:
        await room.line.edit(Where.read(row.place), row.message, shown(board))
    except MessageGone:
        raise StudioError("telegram.board_gone") from None


COMMANDS: Final[Mapping[str, Command]] = {"storyboard": begin}
DEEDS: Final[Mapping[str, Deed]] = {
    "card": choose,
    "earlier": earlier,
    "later": later,
    "cardoff": take_off,
    "boardopen": open_up,
    "boardprice": tell_price,
    "boardpreview": preview,
    "boardmake": make_it,
}

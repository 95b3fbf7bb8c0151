"""Storyboards in the making: cards on a timeline that are kept until they are made into a clip, or thrown away.

What is put on one is seen by others before it is made, so that every word passes the text gate when it is written, and
files that members bring are never shown.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError

from engine import sources
from engine.brief import (
    CARD_LIMIT,
    PROMPT_LIMIT,
    SECONDS_LIMIT,
    Aspect,
    ClipSource,
    Quality,
    Resolution,
    Source,
    Strict,
    UploadSource,
)
from engine.errors import StudioError
from engine.fleet.base import Fleet
from engine.members import Asker, check_unrestricted
from engine.names import ALPHABET, new_id
from engine.picturing import DrawTimeline, TimelineCard
from engine.text_tasks import CheckText
from safety.submission import Submission, SubmittedText, TextRole
from safety.verdict import Decision
from storage import boards, clips
from storage.blobs import Blobs
from storage.boards import BoardRow
from storage.database import Database, Transaction

BOARDS_LIMIT: Final = 20  # of one member
STEP: Final = 4.0  # seconds from one card to the next, where nobody says
_ID_LETTERS: Final = 4


class BoardCard(Strict):
    """A card under its own name, so that it can be changed while others are moved."""

    id: str
    at: float = Field(ge=0.0, le=SECONDS_LIMIT)
    text: str = Field(default="", max_length=PROMPT_LIMIT)
    source: Source | None = None
    by: str = ""  # whoever put it there
    is_unsure: bool = False  # the gate could not decide about its words: they are not shown before a moderator has


class BoardLook(Strict):
    """None: as suits what is on the cards."""

    aspect: Aspect | None = None
    resolution: Resolution | None = None
    seconds: float | None = Field(default=None, ge=1.0, le=SECONDS_LIMIT)
    style: str | None = Field(default=None, max_length=60)
    quality: Quality = Quality.TURBO


class BoardContent(Strict):
    look: BoardLook = BoardLook()
    cards: tuple[BoardCard, ...] = ()


@dataclass(frozen=True)
class Board:
    id: str
    member_id: str
    community_id: str
    is_open: bool
    look: BoardLook
    cards: tuple[BoardCard, ...]  # in the order of their times

    def card(self, card_id: str) -> BoardCard:
        found = next((one for one in self.cards if one.id == card_id), None)
        if found is None:
            raise StudioError("board.no_card", board=self.id)
        return found

    @property
    def next_at(self) -> float:
        """Where the next card fits."""
        return min(SECONDS_LIMIT, self.cards[-1].at + STEP) if self.cards else 0.0

    @property
    def seconds(self) -> float:
        return self.look.seconds or max(1.0, self.next_at)

    def as_fields(self) -> dict[str, Any]:
        """What the brief of it says; how long it is and how it looks beside."""
        cards = [card.model_dump(exclude={"id", "by", "is_unsure"}) for card in self.cards]
        return {
            "operation": "storyboard",
            "cards": cards,
            "quality": self.look.quality,
            "look": {"style": self.look.style},
        }


Change = Callable[[Board], Sequence[BoardCard]]


class Boards:
    def __init__(self, database: Database, blobs: Blobs, fleet: Fleet) -> None:
        self._database = database
        self._blobs = blobs
        self._fleet = fleet

    # -- whose ---------------------------------------------------------------------------------------------------

    async def start(self, asker: Asker) -> Board:
        async with self._database.writing() as tx:
            await check_unrestricted(tx, asker.member_id, asker.community_id)
            if await boards.count_of(tx, asker.member_id) >= BOARDS_LIMIT:
                raise StudioError("board.too_many", limit=BOARDS_LIMIT)
            board_id = new_id()
            content = BoardContent().model_dump(mode="json")
            await boards.add(tx, board_id, asker.member_id, asker.community_id, content)
            return _board(await _row(tx, asker, board_id))

    async def get(self, asker: Asker, board_id: str) -> Board:
        """To look at: anybody of the community may."""
        async with self._database.reading() as tx:
            return _board(await _row(tx, asker, board_id))

    async def of_member(self, asker: Asker) -> list[Board]:
        async with self._database.reading() as tx:
            return [_board(row) for row in await boards.of_member(tx, asker.member_id, asker.community_id)]

    async def open_to_others(self, asker: Asker, board_id: str, *, on: bool) -> Board:
        async with self._database.writing() as tx:
            await _own(tx, asker, board_id)
            await boards.set_open(tx, board_id, is_open=on)
            return _board(await _row(tx, asker, board_id))

    async def remove(self, asker: Asker, board_id: str) -> None:
        async with self._database.writing() as tx:
            await _own(tx, asker, board_id)
            await boards.remove(tx, board_id)

    async def own(self, asker: Asker, board_id: str) -> Board:
        """To make it: that is its owner's."""
        async with self._database.reading() as tx:
            return _board(await _own(tx, asker, board_id))

    async def owner(self, board: Board) -> Asker:
        """Whose clips and files its cards show, whoever builds along."""
        async with self._database.reading() as tx:
            return await sources.asker_of(tx, board.member_id, board.community_id)

    # -- building ------------------------------------------------------------------------------------------------

    async def add_card(
        self, asker: Asker, board_id: str, *, at: float | None, text: str = "", source: Source | None = None
    ) -> Board:
        is_unsure = await self._is_unsure(text)
        if source is not None:  # and once more when it is made
            async with self._database.reading() as tx:
                await sources.standing(tx, [source], asker)
        if source is None and not any(map(str.isalnum, text)):
            raise StudioError("board.empty_card")

        def added(board: Board) -> Sequence[BoardCard]:
            if len(board.cards) >= CARD_LIMIT:
                raise StudioError("brief.many_cards", limit=CARD_LIMIT)
            if isinstance(source, UploadSource) and asker.member_id != board.member_id:
                raise StudioError("board.owners_files")
            return [
                *board.cards,
                _checked(
                    id=_card_id(board),
                    at=board.next_at if at is None else at,
                    text=text,
                    source=source,
                    by=asker.member_id,
                    is_unsure=is_unsure,
                ),
            ]

        return await self._change(asker, board_id, added)

    async def change_card(self, asker: Asker, board_id: str, card_id: str, **changes: Any) -> Board:
        """`at`, `text`, and of a clip or a film `start` and `end`."""
        is_unsure = await self._is_unsure(changes["text"]) if "text" in changes else None

        def changed(board: Board) -> Sequence[BoardCard]:
            old = board.card(card_id)
            values = old.model_dump() | {name: changes[name] for name in ("at", "text") if name in changes}
            if is_unsure is not None:
                values["is_unsure"] = is_unsure
            window = {name: changes[name] for name in ("start", "end") if name in changes}
            if old.source is not None and window:
                values["source"] = old.source.model_dump() | window
            if values["source"] is None and not any(map(str.isalnum, values["text"])):
                raise StudioError("board.empty_card")
            return [_checked(**values) if one.id == card_id else one for one in board.cards]

        return await self._change(asker, board_id, changed)

    async def remove_card(self, asker: Asker, board_id: str, card_id: str) -> Board:
        def removed(board: Board) -> Sequence[BoardCard]:
            board.card(card_id)
            return [one for one in board.cards if one.id != card_id]

        return await self._change(asker, board_id, removed)

    async def change_look(self, asker: Asker, board_id: str, **values: Any) -> Board:
        """None for what suits the cards."""
        if values.get("style"):
            await self._is_unsure(values["style"], role=TextRole.NAME)
        async with self._database.writing() as tx:
            row = await _may_build(tx, asker, board_id)
            content = BoardContent.model_validate(row.content)
            try:
                look = BoardLook.model_validate(content.look.model_dump() | values)
            except ValidationError as error:
                raise _problem(error) from None
            await _keep(tx, row, content.model_copy(update={"look": look}))
            return _board(await _row(tx, asker, board_id))

    async def _change(self, asker: Asker, board_id: str, change: Change) -> Board:
        async with self._database.writing() as tx:
            row = await _may_build(tx, asker, board_id)
            cards = sorted(change(_board(row)), key=lambda card: card.at)
            if any(later.at == earlier.at for earlier, later in pairwise(cards)):
                raise StudioError("brief.card_order")
            content = BoardContent.model_validate(row.content).model_copy(update={"cards": tuple(cards)})
            await _keep(tx, row, content)
            return _board(await _row(tx, asker, board_id))

    async def _is_unsure(self, text: str, *, role: TextRole = TextRole.CARD) -> bool:
        """Whether a moderator has to read these words first; StudioError when they are refused."""
        if not text.strip():
            return False
        task = CheckText(submission=Submission(texts=(SubmittedText(text=text, role=role),)))
        verdict = (await self._fleet.do(task)).verdict
        if verdict.decision is Decision.REFUSE:
            raise StudioError("board.refused")
        return verdict.decision is not Decision.ALLOW

    # -- looking -------------------------------------------------------------------------------------------------

    async def picture(self, board: Board, destination: Path) -> Path:
        """The timeline. Of what members bring nothing is drawn: nobody has looked at it yet."""
        drawn = []
        async with self._database.reading() as tx:
            for card in board.cards:
                clip = await clips.get(tx, card.source.clip_id) if isinstance(card.source, ClipSource) else None
                poster = self._blobs.path(clip.poster_sha256, ".jpg") if clip and clip.withdrawn_at is None else None
                kind = "text" if card.source is None else card.source.kind
                drawn.append(TimelineCard(at=card.at, kind=kind, poster=poster))
        await self._fleet.do(DrawTimeline(cards=tuple(drawn), seconds=board.seconds, destination=destination))
        return destination


def _board(row: BoardRow) -> Board:
    content = BoardContent.model_validate(row.content)
    return Board(row.id, row.member_id, row.community_id, row.is_open, content.look, content.cards)


async def _row(tx: Transaction, asker: Asker, board_id: str, *, lock: bool = False) -> BoardRow:
    row = await boards.get(tx, board_id, lock=lock)
    if row is None or row.community_id != asker.community_id:
        raise StudioError("board.unknown", board=board_id)
    return row


async def _own(tx: Transaction, asker: Asker, board_id: str) -> BoardRow:
    row = await _row(tx, asker, board_id, lock=True)
    if row.member_id != asker.member_id:
        raise StudioError("board.not_yours")
    return row


async def _may_build(tx: Transaction, asker: Asker, board_id: str) -> BoardRow:
    row = await _row(tx, asker, board_id, lock=True)
    if row.member_id != asker.member_id and not row.is_open:
        raise StudioError("board.not_open")
    await check_unrestricted(tx, asker.member_id, asker.community_id)
    return row


async def _keep(tx: Transaction, row: BoardRow, content: BoardContent) -> None:
    uploads = {card.source.sha256 for card in content.cards if isinstance(card.source, UploadSource)}
    await boards.change(tx, row, content.model_dump(mode="json"), uploads)


def _card_id(board: Board) -> str:
    taken = {card.id for card in board.cards}
    while (made := "".join(secrets.choice(ALPHABET) for _ in range(_ID_LETTERS))) in taken:
        pass
    return made


def _checked(**values: Any) -> BoardCard:
    try:
        return BoardCard.model_validate(values)
    except ValidationError as error:
        raise _problem(error) from None


def _problem(error: ValidationError) -> StudioError:
    first: Mapping[str, Any] = error.errors(include_url=False, include_input=False)[0]
    if "." in first["type"]:
        return StudioError(first["type"], **first.get("ctx", {}))
    match first["loc"][-1:]:
        case ("text",):
            return StudioError("prompt.long", length="", limit=PROMPT_LIMIT)
        case ("at",):
            return StudioError("brief.card_time", longest=f"{SECONDS_LIMIT:g}")
        case ("seconds",):
            return StudioError("brief.seconds", shortest="1", longest=f"{SECONDS_LIMIT:g}")
        case (name,):
            return StudioError("brief.moment", field=name, longest=f"{SECONDS_LIMIT:g}")
        case _:
            return StudioError("brief.impossible", field="")

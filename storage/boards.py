"""Storyboards that are being built: each is somebody's, and may be open to others of its community."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from storage.clock import now
from storage.database import Transaction
from storage.previews import forget_board
from storage.rows import every, one
from storage.tables import board_uploads, boards


@dataclass(frozen=True)
class BoardRow:
    id: str
    member_id: str
    community_id: str
    content: Mapping[str, Any]
    is_open: bool
    version: int
    saved_at: int


async def add(tx: Transaction, board_id: str, member_id: str, community_id: str, content: Mapping[str, Any]) -> None:
    values = {"id": board_id, "member_id": member_id, "community_id": community_id, "content": dict(content)}
    await tx.execute(insert(boards).values(**values, is_open=False, version=1, saved_at=now()))


async def get(tx: Transaction, board_id: str, *, lock: bool = False) -> BoardRow | None:
    """The board; locked, nobody else changes it until the transaction ends."""
    query = select(boards).where(boards.c.id == board_id)
    return await one(tx, BoardRow, query.with_for_update() if lock else query)


async def of_member(tx: Transaction, member_id: str, community_id: str) -> list[BoardRow]:
    """The latest first."""
    mine = select(boards).where(boards.c.member_id == member_id, boards.c.community_id == community_id)
    return await every(tx, BoardRow, mine.order_by(boards.c.saved_at.desc(), boards.c.id))


async def count_of(tx: Transaction, member_id: str) -> int:
    query = select(func.count()).select_from(boards).where(boards.c.member_id == member_id)
    return int((await tx.execute(query)).scalar_one())


async def change(tx: Transaction, board: BoardRow, content: Mapping[str, Any], uploads: Collection[str]) -> None:
    """`uploads`: the files that it shows now, which are kept with it."""
    values = {"content": dict(content), "version": board.version + 1, "saved_at": now()}
    await tx.execute(update(boards).where(boards.c.id == board.id).values(**values))
    await tx.execute(delete(board_uploads).where(board_uploads.c.board_id == board.id))
    if uploads:
        await tx.execute(insert(board_uploads), [{"board_id": board.id, "sha256": one} for one in sorted(uploads)])


async def set_open(tx: Transaction, board_id: str, *, is_open: bool) -> None:
    await tx.execute(update(boards).where(boards.c.id == board_id).values(is_open=is_open))


async def remove(tx: Transaction, board_id: str) -> None:
    await forget_board(tx, board_id)
    await tx.execute(delete(board_uploads).where(board_uploads.c.board_id == board_id))
    await tx.execute(delete(boards).where(boards.c.id == board_id))

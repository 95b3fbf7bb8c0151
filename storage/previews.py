"""Stills that are looked at before there is a clip: of storyboards, and of takes under way. Kept for a while only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select

from storage.clock import now
from storage.database import Transaction
from storage.rows import every, one
from storage.tables import previews, takes


@dataclass(frozen=True)
class PreviewRow:
    id: str
    member_id: str
    community_id: str
    recipe: str
    board_id: str | None
    take_id: str | None
    sha256: str
    content: Mapping[str, Any]
    made_at: int


async def add(
    tx: Transaction,
    preview_id: str,
    member_id: str,
    community_id: str,
    *,
    recipe: str,
    sha256: str,
    content: Mapping[str, Any],
    board_id: str | None = None,
    take_id: str | None = None,
) -> PreviewRow:
    """A new one. Of a board there is one only: what it showed before goes."""
    if board_id is not None:
        await tx.execute(delete(previews).where(previews.c.board_id == board_id))
    values: dict[str, Any] = {"id": preview_id, "member_id": member_id, "community_id": community_id, "recipe": recipe}
    values |= {"board_id": board_id, "take_id": take_id, "sha256": sha256}
    values |= {"content": dict(content), "made_at": now()}
    await tx.execute(insert(previews).values(**values))
    return PreviewRow(**values)


async def get(tx: Transaction, preview_id: str) -> PreviewRow | None:
    return await one(tx, PreviewRow, select(previews).where(previews.c.id == preview_id))


async def of_recipe(tx: Transaction, member_id: str, recipe: str) -> PreviewRow | None:
    """The latest that this member had drawn of the very same."""
    its = select(previews).where(previews.c.member_id == member_id, previews.c.recipe == recipe)
    return await one(tx, PreviewRow, its.order_by(previews.c.made_at.desc(), previews.c.id).limit(1))


async def of_job(tx: Transaction, job_id: str) -> list[PreviewRow]:
    """Those of its takes under way, the earliest first."""
    its = select(previews).join(takes, takes.c.id == previews.c.take_id).where(takes.c.job_id == job_id)
    return await every(tx, PreviewRow, its.order_by(previews.c.made_at, previews.c.id))


async def is_one(tx: Transaction, preview_id: str) -> bool:
    """Whether it is the id of a preview, and of nothing else."""
    its = select(previews.c.id).where(previews.c.id == preview_id, previews.c.take_id.is_(None))
    return (await tx.execute(its)).first() is not None


async def forget_take(tx: Transaction, take_id: str) -> None:
    await tx.execute(delete(previews).where(previews.c.take_id == take_id))


async def forget_board(tx: Transaction, board_id: str) -> None:
    await tx.execute(delete(previews).where(previews.c.board_id == board_id))


async def forget_older(tx: Transaction, than: int) -> None:
    await tx.execute(delete(previews).where(previews.c.made_at < than))

"""Presets: styles and defaults that a member or a community keeps under a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import every, one
from storage.tables import presets


@dataclass(frozen=True)
class PresetRow:
    id: str
    member_id: str
    community_id: str | None
    owner: str
    name: str
    content: Mapping[str, Any]
    is_shared: bool
    policy_version: str
    saved_at: int


def owner_of(member_id: str, community_id: str | None) -> str:
    return f"m:{member_id}" if community_id is None else f"c:{community_id}"


async def add(tx: Transaction, **values: object) -> None:
    await tx.execute(insert(presets).values(saved_at=now(), is_shared=False, **values))


async def get(tx: Transaction, preset_id: str) -> PresetRow | None:
    return await one(tx, PresetRow, select(presets).where(presets.c.id == preset_id))


async def named(tx: Transaction, owner: str, name: str) -> PresetRow | None:
    return await one(tx, PresetRow, select(presets).where(presets.c.owner == owner, presets.c.name == name))


async def of_owner(tx: Transaction, owner: str) -> list[PresetRow]:
    return await every(tx, PresetRow, select(presets).where(presets.c.owner == owner).order_by(presets.c.name))


async def change(tx: Transaction, preset_id: str, **values: object) -> None:
    await tx.execute(update(presets).where(presets.c.id == preset_id).values(**values))


async def remove(tx: Transaction, preset_id: str) -> None:
    await tx.execute(delete(presets).where(presets.c.id == preset_id))

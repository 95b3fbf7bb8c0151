"""Every policy that was ever applied, by its version: a decision can always be explained later."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select

from storage.clock import now
from storage.database import Transaction
from storage.tables import policies


async def remember(tx: Transaction, version: str, document: Mapping[str, Any]) -> None:
    known = await tx.execute(select(policies.c.version).where(policies.c.version == version))
    if known.first() is None:
        await tx.execute(insert(policies).values(version=version, document=document, first_used_at=now()))


async def get(tx: Transaction, version: str) -> Mapping[str, Any] | None:
    row = (await tx.execute(select(policies.c.document).where(policies.c.version == version))).first()
    return None if row is None else row.document

"""Where cases are shown to a community's moderators on its platform, and what is said of them there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, insert, or_, select, update

from storage.cases import CaseRow
from storage.database import Transaction
from storage.rows import changed, one
from storage.tables import case_cards, cases


@dataclass(frozen=True)
class CardRow:
    case_id: str
    platform: str
    address: Mapping[str, Any]
    round: int
    shown: str
    pinged: int
    is_final: bool


async def get(tx: Transaction, case_id: str, platform: str) -> CardRow | None:
    mine = and_(case_cards.c.case_id == case_id, case_cards.c.platform == platform)
    return await one(tx, CardRow, select(case_cards).where(mine))


async def put(tx: Transaction, card: CardRow) -> None:
    mine = and_(case_cards.c.case_id == card.case_id, case_cards.c.platform == card.platform)
    if not await changed(tx, update(case_cards).where(mine).values(**vars(card))):
        await tx.execute(insert(case_cards).values(**vars(card)))


async def remove(tx: Transaction, case_id: str, platform: str) -> None:
    mine = and_(case_cards.c.case_id == case_id, case_cards.c.platform == platform)
    await tx.execute(delete(case_cards).where(mine))


async def to_show(
    tx: Transaction, platform: str, community_ids: Collection[str], *, limit: int
) -> list[tuple[CaseRow, CardRow | None]]:
    """Cases that wait, and decided ones whose card may still change; the gravest and oldest first."""
    theirs = and_(case_cards.c.case_id == cases.c.id, case_cards.c.platform == platform)
    query = (
        select(cases, *(column.label(f"card_{column.name}") for column in case_cards.columns))
        .select_from(cases.outerjoin(case_cards, theirs))
        .where(
            cases.c.community_id.in_(community_ids),
            or_(cases.c.decision.is_(None), case_cards.c.is_final.is_(False)),
        )
        .order_by((cases.c.severity + cases.c.escalations).desc(), cases.c.opened_at, cases.c.id)
        .limit(limit)
    )
    found = []
    for row in (await tx.execute(query)).mappings():
        case = CaseRow(**{column.name: row[column.name] for column in cases.columns})
        card = {column.name: row[f"card_{column.name}"] for column in case_cards.columns}
        found.append((case, CardRow(**card) if card["case_id"] is not None else None))
    return found

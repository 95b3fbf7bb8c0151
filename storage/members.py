"""Members, their identities on platforms, communities, and who is what in which."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import one
from storage.tables import communities, identities, members, memberships


@dataclass(frozen=True)
class MemberRow:
    id: str
    plan: str
    settings: Mapping[str, Any]
    created_at: int


@dataclass(frozen=True)
class CommunityRow:
    id: str
    platform: str
    external_id: str
    settings: Mapping[str, Any]
    created_at: int


async def member(tx: Transaction, member_id: str) -> MemberRow | None:
    return await one(tx, MemberRow, select(members).where(members.c.id == member_id))


async def member_known_as(tx: Transaction, platform: str, external_id: str) -> MemberRow | None:
    query = select(members).join(identities)
    return await one(
        tx, MemberRow, query.where(identities.c.platform == platform, identities.c.external_id == external_id)
    )


async def add_member(tx: Transaction, member_id: str, plan: str, platform: str, external_id: str) -> None:
    await tx.execute(insert(members).values(id=member_id, plan=plan, settings={}, created_at=now()))
    await tx.execute(insert(identities).values(platform=platform, external_id=external_id, member_id=member_id))


async def community_known_as(tx: Transaction, platform: str, external_id: str) -> CommunityRow | None:
    query = select(communities)
    return await one(
        tx,
        CommunityRow,
        query.where(communities.c.platform == platform, communities.c.external_id == external_id),
    )


async def add_community(tx: Transaction, community_id: str, platform: str, external_id: str) -> None:
    await tx.execute(
        insert(communities).values(
            id=community_id, platform=platform, external_id=external_id, settings={}, created_at=now()
        )
    )


async def role(tx: Transaction, community_id: str, member_id: str) -> str | None:
    query = select(memberships.c.role).where(
        memberships.c.community_id == community_id, memberships.c.member_id == member_id
    )
    return (await tx.execute(query)).scalar_one_or_none()


async def add_role(tx: Transaction, community_id: str, member_id: str, name: str) -> None:
    await tx.execute(insert(memberships).values(community_id=community_id, member_id=member_id, role=name))


async def set_plan(tx: Transaction, member_id: str, plan: str) -> None:
    await tx.execute(update(members).where(members.c.id == member_id, members.c.plan != plan).values(plan=plan))

"""Members, their identities on platforms, communities, and who is what in which."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import changed, every, one
from storage.tables import communities, identities, members, memberships, plan_claims


@dataclass(frozen=True)
class MemberRow:
    id: str
    plan: str
    settings: Mapping[str, Any]
    created_at: int
    merged_into: str | None


@dataclass(frozen=True)
class IdentityRow:
    platform: str
    external_id: str
    member_id: str


@dataclass(frozen=True)
class CommunityRow:
    id: str
    platform: str
    external_id: str
    settings: Mapping[str, Any]
    created_at: int


async def member(tx: Transaction, member_id: str) -> MemberRow | None:
    return await one(tx, MemberRow, select(members).where(members.c.id == member_id))


async def current_id(tx: Transaction, member_id: str) -> str:
    """Who this member is now: somebody else, if they turned out to be the same person."""
    query = select(members.c.merged_into).where(members.c.id == member_id)
    return (await tx.execute(query)).scalar_one_or_none() or member_id


async def merged_into(tx: Transaction, member_id: str) -> list[str]:
    """Who turned out to be this member."""
    query = select(members.c.id).where(members.c.merged_into == member_id).order_by(members.c.id)
    return [str(found) for (found,) in await tx.execute(query)]


async def member_known_as(tx: Transaction, platform: str, external_id: str) -> MemberRow | None:
    query = select(members).join(identities)
    return await one(
        tx, MemberRow, query.where(identities.c.platform == platform, identities.c.external_id == external_id)
    )


async def identities_of(tx: Transaction, member_id: str) -> list[IdentityRow]:
    query = select(identities).where(identities.c.member_id == member_id)
    return await every(tx, IdentityRow, query.order_by(identities.c.platform, identities.c.external_id))


async def called(tx: Transaction, member_ids: Collection[str], platform: str) -> dict[str, str]:
    """By member, what they are called on this platform; the first name, where there are several."""
    query = select(identities.c.member_id, identities.c.external_id)
    query = query.where(identities.c.platform == platform, identities.c.member_id.in_(member_ids))
    found = await tx.execute(query.order_by(identities.c.external_id.desc()))
    return {row.member_id: row.external_id for row in found}


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


async def communities_known(tx: Transaction, platform: str, external_ids: Collection[str]) -> set[str]:
    query = select(communities.c.external_id).where(communities.c.platform == platform)
    rows = await tx.execute(query.where(communities.c.external_id.in_(external_ids)))
    return {str(external_id) for (external_id,) in rows}


async def communities_of(tx: Transaction, member_id: str, platform: str) -> list[str]:
    """The platform's ids of the communities there in which somebody was met."""
    query = select(communities.c.external_id).join(memberships, memberships.c.community_id == communities.c.id)
    query = query.where(memberships.c.member_id == member_id, communities.c.platform == platform)
    return [str(external_id) for (external_id,) in await tx.execute(query.order_by(communities.c.external_id))]


async def communities_on(tx: Transaction, platform: str) -> list[CommunityRow]:
    query = select(communities).where(communities.c.platform == platform).order_by(communities.c.id)
    return await every(tx, CommunityRow, query)


async def add_community(tx: Transaction, community_id: str, platform: str, external_id: str) -> None:
    await tx.execute(
        insert(communities).values(
            id=community_id, platform=platform, external_id=external_id, settings={}, created_at=now()
        )
    )


async def move_community(tx: Transaction, platform: str, old: str, new: str) -> None:
    """The platform calls a community by another id now. Nothing changes where that one is known already."""
    if await community_known_as(tx, platform, new) is None:
        theirs = (communities.c.platform == platform) & (communities.c.external_id == old)
        await tx.execute(update(communities).where(theirs).values(external_id=new))


async def community(tx: Transaction, community_id: str, *, lock: bool = False) -> CommunityRow | None:
    query = select(communities).where(communities.c.id == community_id)
    return await one(tx, CommunityRow, query.with_for_update() if lock else query)


async def change_community(tx: Transaction, community_id: str, settings: Mapping[str, Any]) -> None:
    await tx.execute(update(communities).where(communities.c.id == community_id).values(settings=dict(settings)))


async def role(tx: Transaction, community_id: str, member_id: str) -> str | None:
    query = select(memberships.c.role).where(
        memberships.c.community_id == community_id, memberships.c.member_id == member_id
    )
    return (await tx.execute(query)).scalar_one_or_none()


async def with_roles(tx: Transaction, community_id: str, roles: Collection[str]) -> set[str]:
    query = select(memberships.c.member_id).where(
        memberships.c.community_id == community_id, memberships.c.role.in_(roles)
    )
    return {str(member_id) for (member_id,) in await tx.execute(query)}


async def in_community(tx: Transaction, community_id: str) -> list[str]:
    query = select(memberships.c.member_id).where(memberships.c.community_id == community_id)
    return [str(member_id) for (member_id,) in await tx.execute(query.order_by(memberships.c.member_id))]


async def add_role(tx: Transaction, community_id: str, member_id: str, name: str) -> None:
    await tx.execute(insert(memberships).values(community_id=community_id, member_id=member_id, role=name))


async def change_role(tx: Transaction, community_id: str, member_id: str, name: str) -> None:
    theirs = (memberships.c.community_id == community_id) & (memberships.c.member_id == member_id)
    await tx.execute(update(memberships).where(theirs).values(role=name))


async def change_settings(tx: Transaction, member_id: str, settings: Mapping[str, Any]) -> None:
    await tx.execute(update(members).where(members.c.id == member_id).values(settings=dict(settings)))


# -- plans ---------------------------------------------------------------------------------------------------------


async def claims(tx: Transaction, member_id: str) -> dict[str, str]:
    """The plans that are claimed for a member, by what claims them."""
    query = select(plan_claims.c.source, plan_claims.c.plan).where(plan_claims.c.member_id == member_id)
    return {str(source): str(plan) for source, plan in await tx.execute(query)}


async def claim_plan(tx: Transaction, member_id: str, source: str, plan: str | None) -> None:
    """Note what plan this source gives now; None: none any more."""
    mine = (plan_claims.c.member_id == member_id) & (plan_claims.c.source == source)
    if plan is None:
        await tx.execute(delete(plan_claims).where(mine))
    elif not await changed(tx, update(plan_claims).where(mine).values(plan=plan, seen_at=now())):
        await tx.execute(insert(plan_claims).values(member_id=member_id, source=source, plan=plan, seen_at=now()))


async def set_plan(tx: Transaction, member_id: str, plan: str) -> None:
    await tx.execute(update(members).where(members.c.id == member_id, members.c.plan != plan).values(plan=plan))

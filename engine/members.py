"""Who asks, and where: members by their identities on platforms, communities, and roles."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from engine import credits
from engine.errors import StudioError
from engine.names import new_id
from engine.plans import AT_HOME, METERED, UNLIMITED, Plans, shipped
from storage import members, restrictions
from storage.database import Transaction

LOCAL: Final = "local"
OPERATOR: Final = "operator"


class Role(StrEnum):
    """What somebody is in a community, the least first."""

    MEMBER = "member"
    MODERATOR = "moderator"
    LEAD = "lead"
    OPERATOR = "operator"


_RANKS: Final = tuple(Role)


def at_least(role: str, least: Role) -> bool:
    """Whether a role is this one or a greater one. A role that nobody knows is none."""
    return role in _RANKS and _RANKS.index(Role(role)) >= _RANKS.index(least)


@dataclass(frozen=True)
class Asker:
    """A member in a community: who a request comes from."""

    member_id: str
    community_id: str
    plan: str
    role: str
    is_alone: bool = False  # in the local community, whose only member is this machine's operator


async def at_home(tx: Transaction, granted: int | None, plans: Plans | None = None) -> Asker:
    """The operator of this machine, in its own local community; made on first use.

    `granted` is what they get at the start, once; None means a plan without limits.
    """
    community = await members.community_known_as(tx, LOCAL, LOCAL)
    if community is None:
        await members.add_community(tx, new_id(), LOCAL, LOCAL)
        community = await members.community_known_as(tx, LOCAL, LOCAL)
        assert community is not None
    member = await members.member_known_as(tx, LOCAL, OPERATOR)
    if member is None:
        await members.add_member(tx, member_id := new_id(), UNLIMITED, LOCAL, OPERATOR)
    else:
        member_id = member.id
    if await members.role(tx, community.id, member_id) is None:
        await members.add_role(tx, community.id, member_id, Role.OPERATOR)
    plan = await claim(tx, member_id, AT_HOME, UNLIMITED if granted is None else METERED, plans or shipped())
    if granted is not None:
        await credits.grant(tx, member_id, granted, key=f"grant:{member_id}:start", reason="start")
    return Asker(member_id, community.id, plan, Role.OPERATOR, is_alone=True)


async def claim(tx: Transaction, member_id: str, source: str, plan: str | None, plans: Plans) -> str:
    """Note what plan a source gives this member, None for none, and answer with the plan that they have now."""
    claims = await members.claims(tx, member_id)
    if claims.get(source) != plan:
        await members.claim_plan(tx, member_id, source, plan)
    return await settle_plan(tx, member_id, plans)


async def settle_plan(tx: Transaction, member_id: str, plans: Plans) -> str:
    """Bring a member's plan in line with what is claimed for them."""
    plan = plans.resolve(await members.claims(tx, member_id))
    await members.set_plan(tx, member_id, plan)
    return plan


# -- anybody, by their identity ------------------------------------------------------------------------------------


async def known_as(
    tx: Transaction, platform: str, external_id: str, community_id: str, plans: Plans, *, role: Role | None = None
) -> Asker:
    """Somebody on a platform, in a community; made on first use. `role`: what the platform says they are there."""
    member = await members.member_known_as(tx, platform, external_id)
    if member is None:
        await members.add_member(tx, member_id := new_id(), plans.default, platform, external_id)
        plan = plans.default
    else:
        member_id, plan = member.id, member.plan
    known = await members.role(tx, community_id, member_id)
    if known is None:
        await members.add_role(tx, community_id, member_id, role or Role.MEMBER)
    elif role is not None and known != role:
        await members.change_role(tx, community_id, member_id, role)
    return Asker(member_id, community_id, plan, role or known or Role.MEMBER)


async def unchanged(
    tx: Transaction, platform: str, external_id: str, community_id: str, *, role: Role | None = None
) -> Asker | None:
    """The same, where nothing has to be made or changed for it; else None. Most presses are such."""
    member = await members.member_known_as(tx, platform, external_id)
    known = await members.role(tx, community_id, member.id) if member is not None else None
    if member is None or known is None or (role is not None and known != role):
        return None
    return Asker(member.id, community_id, member.plan, known)


async def as_now(tx: Transaction, member_id: str, community_id: str) -> Asker | None:
    """Somebody who was let in earlier, with the plan and the role that they have now; None when they are gone.

    Two members may have become one meanwhile.
    """
    current = await members.current_id(tx, member_id)
    member, community = await members.member(tx, current), await members.community(tx, community_id)
    role = await members.role(tx, community_id, current)
    if member is None or community is None or role is None:
        return None
    is_alone = community.platform == LOCAL and role == Role.OPERATOR
    return Asker(current, community_id, member.plan, role, is_alone=is_alone)


async def note_discord_roles(
    tx: Transaction, member_id: str, guild_id: int | str, role_ids: Iterable[int | str], plans: Plans
) -> str:
    """What somebody's roles in a server give them; answers with the plan that they have now."""
    return await claim(tx, member_id, f"discord:{guild_id}", plans.by_discord_roles(role_ids), plans)


async def note_telegram_group(tx: Transaction, member_id: str, chat_id: int | str, plans: Plans, *, is_in: bool) -> str:
    """What being in a group gives somebody, or gave them; answers with the plan that they have now."""
    plan = plans.by_telegram_groups([chat_id]) if is_in else None
    return await claim(tx, member_id, f"telegram:{chat_id}", plan, plans)


async def set_role(tx: Transaction, member_id: str, role: Role, by: Asker) -> None:
    """What a member is in the asker's community. Leads make moderators; only the operator makes leads."""
    least = Role.LEAD if role in (Role.MEMBER, Role.MODERATOR) else Role.OPERATOR
    current = await members.role(tx, by.community_id, member_id)
    if role is Role.OPERATOR or member_id == by.member_id or not at_least(by.role, least):
        raise StudioError("member.not_yours")
    if current is None:
        await members.add_role(tx, by.community_id, member_id, role)
    elif current in _RANKS and not at_least(by.role, Role(current)):
        raise StudioError("member.not_yours")
    else:
        await members.change_role(tx, by.community_id, member_id, role)


# -- restrictions --------------------------------------------------------------------------------------------------


async def restrict(
    tx: Transaction, member_id: str, community_id: str | None, *, until: int | None, reason: str, by: Asker
) -> int:
    """Keep a member from asking, here or everywhere, for a while or until it is lifted; answers with its number."""
    await check_may_restrict(tx, member_id, community_id, by)
    return await restrictions.add(
        tx, member_id=member_id, community_id=community_id, until=until, reason=reason, set_by=by.member_id
    )


async def lift(tx: Transaction, member_id: str, community_id: str | None, by: Asker) -> int:
    """End what keeps a member from asking; answers how many restrictions that were."""
    await check_may_restrict(tx, member_id, community_id, by)
    return await restrictions.lift(tx, member_id, community_id)


async def check_may_restrict(tx: Transaction, member_id: str, community_id: str | None, by: Asker) -> None:
    """Moderators restrict whoever ranks below them, in their community; the operator restricts everywhere."""
    if by.is_alone and member_id != by.member_id:
        return
    theirs = await members.role(tx, community_id, by.member_id) if community_id is not None else None
    of_member = (await members.role(tx, community_id, member_id) if community_id is not None else None) or Role.MEMBER
    below = theirs in _RANKS and of_member in _RANKS and _RANKS.index(Role(of_member)) < _RANKS.index(Role(theirs))
    if member_id == by.member_id or theirs is None or not at_least(theirs, Role.MODERATOR) or not below:
        raise StudioError("member.not_yours")


async def check_unrestricted(tx: Transaction, member_id: str, community_id: str) -> None:
    """StudioError when this member may not ask here now."""
    found = await restrictions.in_force(tx, member_id, community_id)
    if found is not None:
        until = datetime.fromtimestamp(found.until / 1000, UTC).isoformat(timespec="minutes") if found.until else ""
        code = "member.restricted" if found.until is None else "member.restricted_until"
        raise StudioError(code, reason=found.reason, until=until)

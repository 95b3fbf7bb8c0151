"""Who asks, and where: members by their identities on platforms, communities, and roles."""

from dataclasses import dataclass
from typing import Final

from engine import credits
from engine.names import new_id
from storage import members
from storage.database import Transaction

LOCAL: Final = "local"
UNLIMITED: Final = "unlimited"
METERED: Final = "metered"


@dataclass(frozen=True)
class Asker:
    """A member in a community: who a request comes from."""

    member_id: str
    community_id: str
    plan: str
    role: str
    is_alone: bool = False  # in the local community, whose only member is this machine's operator

    @property
    def is_charged(self) -> bool:
        return self.plan != UNLIMITED


async def at_home(tx: Transaction, granted: int | None) -> Asker:
    """The operator of this machine, in its own local community; made on first use.

    `granted` is what they get at the start, once; None means a plan without limits.
    """
    community = await members.community_known_as(tx, LOCAL, LOCAL)
    member = await members.member_known_as(tx, LOCAL, "operator")
    if community is None or member is None:
        await members.add_community(tx, community_id := new_id(), LOCAL, LOCAL)
        await members.add_member(tx, member_id := new_id(), UNLIMITED, LOCAL, "operator")
        await members.add_role(tx, community_id, member_id, "operator")
    else:
        community_id, member_id = community.id, member.id
    plan = UNLIMITED if granted is None else METERED
    await members.set_plan(tx, member_id, plan)
    if granted is not None:
        await credits.grant(tx, member_id, granted, key=f"grant:{member_id}:start", reason="start")
    return Asker(member_id, community_id, plan, "operator", is_alone=True)

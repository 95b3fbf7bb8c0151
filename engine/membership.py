"""The members' side of the studio, as bots see it: who somebody is, what they may do, and what they have.

Each of these is one transaction over the functions of engine/members, communities, linking, credits and pots.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine import communities, credits, likeness, linking, members, pots
from engine.communities import CommunitySettings
from engine.errors import StudioError
from engine.members import LOCAL, OPERATOR, Asker, Role
from engine.months import zone_called
from engine.plans import BY_OPERATOR, Plan, Plans
from engine.pots import Pot
from safety.policy import Policy
from storage import credits as accounts
from storage import members as people
from storage import restrictions
from storage.credits import Account, Balance
from storage.database import Database, Transaction
from storage.members import IdentityRow
from storage.restrictions import RestrictionRow

NAME_LIMIT = 40


@dataclass(frozen=True)
class MemberView:
    """A member as bots show them."""

    id: str
    identities: tuple[IdentityRow, ...]
    plan: Plan
    role: str | None  # in the asker's community
    balance: Balance
    restrictions: tuple[RestrictionRow, ...]
    settings: Mapping[str, Any]


class Membership:
    def __init__(self, database: Database, plans: Plans, policy: Path | None) -> None:
        self._database = database
        self.plans = plans
        self._policy = policy

    # -- who -------------------------------------------------------------------------------------------------------

    async def known_as(self, platform: str, external_id: str, community: str, *, role: Role | None = None) -> Asker:
        """Somebody who speaks on a platform, in the community of the platform's id; both are made on first use.

        Whoever is known is only looked up: writers stand in one line, and a crowd need not stand in it for this.
        """
        async with self._database.reading() as tx:
            place = await people.community_known_as(tx, platform, community)
            if place is not None and (
                known := await members.unchanged(tx, platform, external_id, place.id, role=role)
            ):  # fmt: skip
                return known
        async with self._database.writing() as tx:
            there = await communities.known_as(tx, platform, community)
            return await members.known_as(tx, platform, external_id, there.id, self.plans, role=role)

    async def known_on_discord(self, user: str, guild: str, role: Role, role_ids: Iterable[int | str]) -> Asker:
        """Somebody in a server, with the plan of their roles there: one transaction, since every press asks."""
        async with self._database.writing() as tx:
            there = await communities.known_as(tx, "discord", guild)
            asker = await members.known_as(tx, "discord", user, there.id, self.plans, role=role)
            plan = await members.note_discord_roles(tx, asker.member_id, guild, role_ids, self.plans)
            return replace(asker, plan=plan)

    async def recognised(self, platform: str, external_id: str, community: str) -> Asker | None:
        """Somebody who was here before, for a look that changes nothing. What they may do is not asked here."""
        async with self._database.reading() as tx:
            member = await people.member_known_as(tx, platform, external_id)
            there = await people.community_known_as(tx, platform, community)
            if member is None or there is None:
                return None
            return Asker(member.id, there.id, member.plan, Role.MEMBER)

    async def identity(self, member_id: str, platform: str) -> str | None:
        """What somebody is called on a platform."""
        async with self._database.reading() as tx:
            found = await people.identities_of(tx, await people.current_id(tx, member_id))
        return next((one.external_id for one in found if one.platform == platform), None)

    async def called(self, member_ids: Iterable[str], platform: str) -> dict[str, str]:
        """What these are called on a platform, as far as they are known there."""
        async with self._database.reading() as tx:
            return await people.called(tx, list(member_ids), platform)

    async def as_now(self, member_id: str, community_id: str) -> Asker | None:
        """Somebody who was let in earlier, as they are now; None when they are gone."""
        async with self._database.reading() as tx:
            return await members.as_now(tx, member_id, community_id)

    async def communities_known(self, platform: str, external_ids: Iterable[str]) -> set[str]:
        """Which of these a studio's bot was met in: nothing is made for the others."""
        async with self._database.reading() as tx:
            return await people.communities_known(tx, platform, list(external_ids))

    async def communities_of(self, platform: str, external_id: str) -> list[str]:
        """The platform's ids of the communities there in which somebody of this id there was met."""
        async with self._database.reading() as tx:
            member = await people.member_known_as(tx, platform, external_id)
            return await people.communities_of(tx, member.id, platform) if member is not None else []

    async def known_here(self, name: str) -> Asker:
        """A member of this machine's own community, by the name they were added under."""
        if name == OPERATOR:
            raise StudioError("member.unknown", member=name)
        async with self._database.writing() as tx:
            if await people.member_known_as(tx, LOCAL, name) is None:
                raise StudioError("member.unknown", member=name)
            there = await communities.known_as(tx, LOCAL, LOCAL)
            return await members.known_as(tx, LOCAL, name, there.id, self.plans)

    async def add_here(self, name: str, by: Asker) -> Asker:
        """A further member of this machine's own community, to try things with, or to share the machine."""
        name = name.strip()
        if not name or len(name) > NAME_LIMIT or not name.isprintable() or name == OPERATOR:
            raise StudioError("member.name", limit=NAME_LIMIT)
        _check_operator(by)
        async with self._database.writing() as tx:
            if await people.member_known_as(tx, LOCAL, name) is not None:
                raise StudioError("member.exists", member=name)
            return await members.known_as(tx, LOCAL, name, by.community_id, self.plans)

    async def find(self, typed: str, by: Asker) -> str:
        """The id of a member: by their id, their name on this machine, or platform:name."""
        async with self._database.reading() as tx:
            platform, _, name = typed.rpartition(":")
            found = await people.member(tx, typed) or await people.member_known_as(tx, platform or LOCAL, name)
            if found is None:
                raise StudioError("member.unknown", member=typed[:60])
            return await people.current_id(tx, found.id)

    async def everybody(self, by: Asker) -> list[MemberView]:
        """The members of the asker's community."""
        async with self._database.reading() as tx:
            return [await self._view(tx, member_id, by) for member_id in await people.in_community(tx, by.community_id)]

    async def view(self, member_id: str, by: Asker) -> MemberView:
        async with self._database.writing() as tx:
            await credits.bring_up_to_date(tx, member_id, self.plans)
            return await self._view(tx, member_id, by)

    async def _view(self, tx: Transaction, member_id: str, by: Asker) -> MemberView:
        row = await people.member(tx, member_id)
        assert row is not None
        return MemberView(
            id=row.id,
            identities=tuple(await people.identities_of(tx, row.id)),
            plan=self.plans[row.plan],
            role=await people.role(tx, by.community_id, row.id),
            balance=await accounts.balance(tx, Account(row.id)),
            restrictions=tuple(await restrictions.of_member(tx, row.id)),
            settings=row.settings,
        )

    async def live_in(self, asker: Asker, zone: str) -> None:
        """Say where one lives: there one's month begins at midnight."""
        zone_called(zone)
        async with self._database.writing() as tx:
            member = await people.member(tx, await people.current_id(tx, asker.member_id))
            assert member is not None
            await people.change_settings(tx, member.id, {**member.settings, "zone": zone})

    # -- linking ---------------------------------------------------------------------------------------------------

    async def offer_link(self, asker: Asker) -> str:
        """A code to type on another platform, so that both accounts become one member."""
        return await linking.offer(self._database, asker.member_id)

    async def link(self, asker: Asker, code: str) -> str:
        """Become one with the member to whom the code was shown; answers with their id."""
        return await linking.redeem(self._database, asker.member_id, code, self.plans)

    # -- plans -----------------------------------------------------------------------------------------------------

    async def note_discord_roles(self, asker: Asker, guild_id: int | str, role_ids: Iterable[int | str]) -> str:
        """What somebody's roles in a server give them; answers with the plan that they have now."""
        async with self._database.writing() as tx:
            return await members.note_discord_roles(tx, asker.member_id, guild_id, role_ids, self.plans)

    async def note_telegram_group(self, asker: Asker, chat_id: int | str, *, is_in: bool) -> str:
        """What being in a group gives somebody; answers with the plan that they have now."""
        async with self._database.writing() as tx:
            return await members.note_telegram_group(tx, asker.member_id, chat_id, self.plans, is_in=is_in)

    async def set_plan(self, member_id: str, plan: str | None, by: Asker) -> str:
        """The operator's word on a member's plan; None takes it back."""
        _check_operator(by)
        if plan is not None:
            self.plans.named(plan)
        async with self._database.writing() as tx:
            return await members.claim(tx, member_id, BY_OPERATOR, plan, self.plans)

    async def adjust(self, member_id: str, amount: int, reason: str, by: Asker) -> Balance:
        """Give or take credits by hand, with a reason that stays in the ledger."""
        _check_operator(by)
        if not reason.strip():
            raise StudioError("credits.no_reason")
        if not amount or abs(amount) > credits.MOST:
            raise StudioError("credits.positive")
        async with self._database.writing() as tx:
            member_id = await people.current_id(tx, member_id)
            await credits.bring_up_to_date(tx, member_id, self.plans)
            await credits.adjust(tx, Account(member_id), amount, reason=reason.strip(), by=by.member_id)
            return await credits.balance(tx, member_id)

    async def check_books(self) -> list[str]:
        """What in the ledger does not add up: nothing, unless a mistake of ours or a damaged file."""
        async with self._database.reading() as tx:
            return await accounts.mistakes(tx)

    async def left_by_bot(self, platform: str, external_id: str) -> None:
        """The studio's bot was sent away from a community: it has no place there any more to show cases in."""
        async with self._database.writing() as tx:
            there = await people.community_known_as(tx, platform, external_id)
            if there is not None:
                gone = ("case_channel", "lead_role", "quiet_channels")
                kept = {name: value for name, value in there.settings.items() if name not in gone}
                await people.change_community(tx, there.id, kept)

    # -- communities and roles -------------------------------------------------------------------------------------

    async def community(self, asker: Asker) -> CommunitySettings:
        async with self._database.reading() as tx:
            return communities.settings_of(await communities.get(tx, asker.community_id))

    async def change_community(self, asker: Asker, values: Mapping[str, Any]) -> CommunitySettings:
        """Settle something for the asker's community. A value of None goes back to the studio's."""
        async with self._database.writing() as tx:
            return await communities.change(tx, asker.community_id, values, asker, Policy.load(self._policy))

    async def check_may_start(self, asker: Asker) -> None:
        """StudioError when this person may not start a chain or a party here."""
        async with self._database.reading() as tx:
            await communities.check_may_start(tx, asker)

    async def set_role(self, member_id: str, role: Role, by: Asker) -> None:
        """What a member is in the asker's community. Leads make moderators; only the operator makes leads."""
        async with self._database.writing() as tx:
            await members.set_role(tx, await people.current_id(tx, member_id), role, by)

    async def restrict(
        self, member_id: str, by: Asker, *, everywhere: bool = False, until: int | None, reason: str
    ) -> None:
        where = None if everywhere else by.community_id
        async with self._database.writing() as tx:
            await members.restrict(tx, member_id, where, until=until, reason=reason, by=by)

    async def lift(self, member_id: str, by: Asker) -> int:
        """End what keeps a member from asking here; for the operator of the studio, everywhere."""
        async with self._database.writing() as tx:
            return await members.lift(tx, member_id, None if by.is_alone else by.community_id, by)

    async def vouch(self, member_id: str, name: str, by: Asker, *, withdrawn: bool = False) -> tuple[str, ...]:
        """That a member is who bears this name, or no longer; answers with the names they may ask for here."""
        async with self._database.writing() as tx:
            await (likeness.withdraw if withdrawn else likeness.vouch)(tx, member_id, name, by)
            return await likeness.of(tx, member_id, by.community_id)

    # -- pots ------------------------------------------------------------------------------------------------------

    async def pots(self, asker: Asker) -> list[Pot]:
        async with self._database.reading() as tx:
            return await pots.in_community(tx, asker.community_id)

    async def open_pot(self, asker: Asker, name: str, *, most_each: int | None = None) -> str:
        async with self._database.writing() as tx:
            return await pots.open_pot(tx, asker, name, most_each=most_each)

    async def put_in_pot(self, asker: Asker, pot_id: str, amount: int) -> None:
        async with self._database.writing() as tx:
            await pots.put_in(tx, asker, pot_id, amount, self.plans)

    async def close_pot(self, asker: Asker, pot_id: str) -> None:
        async with self._database.writing() as tx:
            await pots.close(tx, asker, pot_id)


def _check_operator(by: Asker) -> None:
    if by.role != Role.OPERATOR:
        raise StudioError("member.not_operator")

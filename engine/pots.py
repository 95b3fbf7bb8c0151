"""Pots: credits that a community's members put together, to pay for each other's clips.

What is put in keeps the day on which it expires, and what is left when a pot is closed goes back to who put it in, to
the credit. What the operator put in without having it is gone then.
"""

from dataclasses import dataclass

from engine import communities, credits
from engine.errors import StudioError
from engine.members import Asker, Role, at_least
from engine.names import new_id
from engine.plans import Plans
from storage import credits as accounts
from storage import members, pots
from storage.credits import Account, Balance
from storage.database import Transaction
from storage.pots import PotRow

NAME_LIMIT = 60


@dataclass(frozen=True)
class Pot:
    row: PotRow
    balance: Balance


async def open_pot(tx: Transaction, asker: Asker, name: str, *, most_each: int | None = None) -> str:
    """A new, empty pot of the asker's community; answers with its id."""
    name = name.strip()
    if not name or len(name) > NAME_LIMIT:
        raise StudioError("pot.name", limit=NAME_LIMIT)
    if not at_least(asker.role, Role.MODERATOR):
        raise StudioError("pot.not_yours")
    pot_id = new_id("pot")
    await pots.add(
        tx,
        id=pot_id,
        community_id=asker.community_id,
        name=name,
        most_each=most_each,
        opened_by=await members.current_id(tx, asker.member_id),
    )
    return pot_id


async def in_community(tx: Transaction, community_id: str) -> list[Pot]:
    """Every open pot of a community with what is in it."""
    return [
        Pot(row, await accounts.balance(tx, Account(pot_id=row.id))) for row in await pots.open_ones(tx, community_id)
    ]


async def put_in(tx: Transaction, asker: Asker, pot_id: str, amount: int, plans: Plans) -> None:
    """Put some of one's own credits in a pot. Who has a plan that is not charged has none; the operator may give all
    the same."""
    pot = await _open_one(tx, pot_id, asker.community_id)
    if amount <= 0:
        raise StudioError("credits.positive")
    member_id = await members.current_id(tx, asker.member_id)
    plan = await credits.bring_up_to_date(tx, member_id, plans)
    if plan.charged:
        await credits.move(
            tx, Account(member_id), Account(pot_id=pot.id), amount, reason=f"pot {pot.name}", by=member_id
        )
    elif asker.role == Role.OPERATOR:
        await credits.adjust(tx, Account(pot_id=pot.id), amount, reason="operator", by=member_id)
    else:
        raise StudioError("pot.nothing_of_yours")


async def close(tx: Transaction, asker: Asker, pot_id: str) -> None:
    """Close a pot and give back what is left. What jobs in the making come to need no more follows."""
    pot = await _open_one(tx, pot_id, asker.community_id)
    if await members.current_id(tx, pot.opened_by) != await members.current_id(tx, asker.member_id):
        await communities.check_lead(tx, asker.community_id, asker)
    await accounts.lock(tx, Account(pot_id=pot_id))
    await pots.close(tx, pot_id)
    await credits.pay_out(tx, pot_id)


async def _open_one(tx: Transaction, pot_id: str, community_id: str) -> PotRow:
    pot = await pots.get(tx, pot_id)
    if pot is None or pot.closed_at is not None or pot.community_id != community_id:
        raise StudioError("pot.unknown", pot=pot_id)
    return pot

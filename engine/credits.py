"""Credits: given by the month or by hand, set aside when a job is queued, spent when a clip is released, paid back for
what is not, and gone when their month ends.

Each of these is written once, whatever happens: the ledger's key names the job, the take or the month. What expires
first is set aside first and spent first; what is paid back is what lasts longest, so that as little as can be is lost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final

from engine.errors import StudioError
from engine.months import Month, month_at, zone_called
from engine.names import new_id
from engine.plans import Plan, Plans
from storage import credits, members, pots
from storage.clock import now
from storage.credits import KEPT, Account, Balance, Entry, Lot, SetAside
from storage.database import Transaction
from storage.jobs import JobRow, TakeRow
from storage.members import MemberRow

MOST: Final = 1_000_000_000  # at once, by hand: more than anybody means, and far from where integers end
_HANDED_OVER: Final = "from:"  # begins the name of a lot that came from another account
# Begins the name of a lot that was paid for. It comes after what else does not expire, so that it is spent last: what
# is left of it can be paid back.
_BOUGHT: Final = "paid:"


class LedgerError(Exception):
    """An entry that would unbalance the ledger: a mistake of ours, never a member's."""


@dataclass(frozen=True)
class AccountView:
    """A member's credits as bots show them."""

    plan: Plan
    balance: Balance
    lots: tuple[Lot, ...]  # what can be spent, the first to expire first
    month: Month
    entries: tuple[Entry, ...]

    @property
    def next_grant(self) -> int | None:
        """When the next month's credits come; None when the plan gives none."""
        return self.month.ends if self.plan.charged and self.plan.monthly else None


async def balance(tx: Transaction, member_id: str) -> Balance:
    return await credits.balance(tx, Account(member_id))


async def view(tx: Transaction, member_id: str, plans: Plans, limit: int | None = None) -> AccountView:
    """How a member's credits stand, brought up to date, with their latest entries."""
    member_id = await members.current_id(tx, member_id)
    plan = await bring_up_to_date(tx, member_id, plans)
    member = await members.member(tx, member_id)
    assert member is not None
    account = Account(member_id)
    return AccountView(
        plan=plan,
        balance=await credits.balance(tx, account),
        lots=tuple(await _open_lots(tx, account)),
        month=month_of(member, plans, now()),
        entries=tuple(await credits.entries(tx, account, limit=limit)) if limit != 0 else (),
    )


# -- given, and gone -----------------------------------------------------------------------------------------------


async def grant(tx: Transaction, member_id: str, amount: int, *, key: str, reason: str) -> None:
    """Give credits that stay, once for each key."""
    if amount and not await credits.has(tx, key):
        await credits.add(tx, Entry(key, member_id, "grant", amount, 0, reason))


def month_of(member: MemberRow, plans: Plans, at: int) -> Month:
    return month_at(at, member.created_at, zone_of(member, plans))


def zone_of(member: MemberRow, plans: Plans) -> tzinfo:
    named = member.settings.get("zone")
    return zone_called(named) if isinstance(named, str) else plans.zone


async def bring_up_to_date(tx: Transaction, member_id: str, plans: Plans) -> Plan:
    """Write off what has expired and give what this month is due; answers with the member's plan.

    Done whenever a balance matters, rather than at midnight: months in which somebody asked for nothing leave no rows.
    """
    await credits.lock(tx, Account(member_id))
    member = await members.member(tx, member_id)
    assert member is not None
    plan = plans[member.plan]
    at = now()
    await _write_off(tx, Account(member_id), at)
    if plan.charged and plan.monthly:
        await _give_the_month(tx, member, plan, month_of(member, plans, at))
    return plan


async def _write_off(tx: Transaction, account: Account, at: int) -> None:
    await credits.add(
        tx,
        *(
            _entry(account, "expire", -lot.available, 0, lot, key=f"expire:{new_id()}")
            for lot in await credits.lots(tx, account)
            if lot.available and not lot.is_open(at)
        ),
    )


async def write_off_all(tx: Transaction, member_id: str) -> int:
    """End what a member can spend, since they leave; answers with how much it was."""
    account = Account(member_id)
    await credits.lock(tx, account)
    left = [lot for lot in await credits.lots(tx, account) if lot.available]
    await credits.add(
        tx,
        *(_entry(account, "expire", -lot.available, 0, lot, key=f"expire:{new_id()}", reason="left") for lot in left),
    )
    return sum(lot.available for lot in left)


async def _give_the_month(tx: Transaction, member: MemberRow, plan: Plan, month: Month) -> None:
    """What the plan gives a month, less what was given in this one already.

    A better plan in the middle of a month is worth the difference, and one that comes and goes gives nothing twice;
    nor does one that somebody had on two platforms before those were linked.
    """
    key = f"grant:{member.id}:{month.name}:{plan.monthly}"
    if await credits.has(tx, key):
        return
    theirs = [member.id, *await members.merged_into(tx, member.id)]
    due = plan.monthly - await credits.granted(tx, theirs, now())
    if due > 0:
        lot = Lot(f"month:{month.name}", month.ends, 0, 0)
        await credits.add(tx, _entry(Account(member.id), "grant", due, 0, lot, key=key, reason=plan.name))


async def adjust(tx: Transaction, account: Account, amount: int, *, reason: str, by: str) -> None:
    """Give or take credits by hand. What is taken is there: nobody's balance falls below nothing."""
    if not amount:
        return
    key = f"adjust:{new_id()}"
    if amount > 0:
        await credits.add(
            tx, _entry(account, "adjust", amount, 0, Lot(KEPT, None, 0, 0), key=key, reason=reason, by=by)
        )
        return
    await credits.lock(tx, account)
    parts = _draw(await _open_lots(tx, account), -amount)
    await credits.add(
        tx,
        *(
            _entry(account, "adjust", -part, 0, lot, key=_numbered(key, number), reason=reason, by=by)
            for number, (lot, part) in enumerate(parts)
        ),
    )


async def buy(tx: Transaction, member_id: str, amount: int, *, purchase: str) -> None:
    """Credits that were paid for, once for each purchase. They do not expire."""
    key, lot = f"buy:{purchase}", Lot(f"{_BOUGHT}{purchase}", None, 0, 0)
    if not await credits.has(tx, key):
        await credits.add(tx, _entry(Account(member_id), "purchase", amount, 0, lot, key=key))


async def left_of_purchase(tx: Transaction, member_id: str, purchase: str) -> int:
    """What can still be spent of what was bought. Locks the account, so that it stays as it is."""
    account = Account(member_id)
    await credits.lock(tx, account)
    name = f"{_BOUGHT}{purchase}"
    return sum(lot.available for lot in await credits.lots(tx, account) if lot.name == name)


async def unbuy(tx: Transaction, member_id: str, amount: int, *, purchase: str, reason: str, by: str | None) -> None:
    """Take back what is left of a purchase, since it is paid back."""
    lot, key = Lot(f"{_BOUGHT}{purchase}", None, 0, 0), f"refund:{new_id()}"
    if amount:
        entry = _entry(Account(member_id), "refund", -amount, 0, lot, key=key, reason=reason, by=by)
        await credits.add(tx, entry)


async def rebuy(tx: Transaction, member_id: str, *, purchase: str, reason: str) -> None:
    """Give again what was taken back of a purchase, since it is not paid back after all."""
    taken = await credits.added_to(tx, f"{_BOUGHT}{purchase}", "refund")
    await unbuy(tx, member_id, taken, purchase=purchase, reason=reason, by=None)


async def move(
    tx: Transaction, source: Account, target: Account, amount: int | None, *, reason: str, by: str | None
) -> int:
    """Hand credits over, each lot with the day on which it expires. None: all that can be spent."""
    for account in sorted((source, target), key=lambda one: one.id):
        await credits.lock(tx, account)
    found = await _open_lots(tx, source)
    wanted = sum(lot.available for lot in found) if amount is None else amount
    await credits.add(
        tx,
        *(
            entry
            for lot, part in _draw(found, wanted)
            for entry in _handed_over(source, target, lot, part, 0, None, reason, by)
        ),
    )
    return wanted


async def pay_out(tx: Transaction, pot_id: str) -> None:
    """Give what lies in a closed pot back to those who put it in; what nobody had put in is written off."""
    pot = Account(pot_id=pot_id)
    await _write_off(tx, pot, now())
    for lot in await _open_lots(tx, pot):
        giver = _giver_of(lot)
        if giver is None:
            await credits.add(tx, _entry(pot, "expire", -lot.available, 0, lot, key=f"expire:{new_id()}"))
            continue
        target = Account(await members.current_id(tx, giver))
        await credits.lock(tx, target)
        await credits.add(tx, *_handed_over(pot, target, lot, lot.available, 0, None, "pot closed", None))


def _giver_of(lot: Lot) -> str | None:
    """Who handed over what is in this lot: its name says so."""
    return lot.name.split(":")[1] if lot.name.startswith(_HANDED_OVER) else None


async def move_everything(tx: Transaction, source: str, target: str) -> None:
    """Give one member all that another has, also what is set aside for jobs in the making. For merging alone."""
    for one in sorted((source, target)):
        await credits.lock(tx, Account(one))
    await _write_off(tx, Account(source), now())
    await move(tx, Account(source), Account(target), None, reason="merge", by=None)
    for aside in await credits.set_aside_of(tx, Account(source)):
        lot = Lot(aside.lot, aside.expires_at, 0, 0)
        pair = _handed_over(Account(source), Account(target), lot, 0, aside.reserved, aside.job_id, "merge", None)
        await credits.add(tx, *pair)


def _handed_over(
    source: Account,
    target: Account,
    lot: Lot,
    available: int,
    reserved: int,
    job_id: str | None,
    reason: str,
    by: str | None,
) -> tuple[Entry, Entry]:
    """Out of a lot here and into one of its own there, so that a pot can be given back to those who filled it."""
    key = f"move:{new_id()}"
    if lot.name.startswith(_BOUGHT) and source.member_id is not None and target.member_id is not None:
        arrives = lot  # two members became one: what they paid for is still known
    elif target.member_id is not None and lot.expires_at is None:
        arrives = Lot(KEPT, None, 0, 0)
    else:
        arrives = Lot(f"{_HANDED_OVER}{source.id}:{new_id()}", lot.expires_at, 0, 0)
    return (
        _entry(source, "adjust", -available, -reserved, lot, key=f"{key}:out", reason=reason, by=by, job_id=job_id),
        _entry(target, "adjust", available, reserved, arrives, key=f"{key}:in", reason=reason, by=by, job_id=job_id),
    )


# -- a job's -------------------------------------------------------------------------------------------------------


async def reserve(tx: Transaction, job: JobRow) -> None:
    """Set the job's price aside; StudioError when whoever pays has not so much."""
    key = f"reserve:{job.id}"
    if not job.price or await credits.has(tx, key):
        return
    member_id = await members.current_id(tx, job.member_id)
    account = Account(pot_id=job.pot_id) if job.pot_id is not None else Account(member_id)
    await credits.lock(tx, account)
    if job.pot_id is not None:
        await check_pot(tx, job.pot_id, member_id, job.price, job.community_id)
    parts = _draw(await _open_lots(tx, account), job.price)
    await credits.add(
        tx,
        *(
            _entry(account, "reserve", -part, part, lot, key=_numbered(key, number), job_id=job.id)
            for number, (lot, part) in enumerate(parts)
        ),
    )


async def check_pot(tx: Transaction, pot_id: str, member_id: str, price: int, community_id: str) -> None:
    """StudioError when the pot does not pay this much for this member."""
    pot = await pots.get(tx, pot_id)
    if pot is None or pot.closed_at is not None or pot.community_id != community_id:
        raise StudioError("pot.unknown", pot=pot_id)
    if pot.most_each is not None:
        used = await credits.used_of_pot(tx, pot_id, member_id)
        if used + price > pot.most_each:
            raise StudioError("pot.used_up", pot=pot.name, limit=pot.most_each, left=max(0, pot.most_each - used))
    available = (await credits.balance(tx, Account(pot_id=pot_id))).available
    if available < price:
        raise StudioError("pot.short", pot=pot.name, needed=price, available=available)


async def spend(tx: Transaction, job: JobRow, take: TakeRow) -> None:
    """The take became a clip: what was set aside for it is gone."""
    parts = _settled(await credits.set_aside_for(tx, job.id), take)
    key = await _settlement(tx, take)
    await credits.add(
        tx,
        *(
            _entry(aside.account, "spend", 0, -part, _lot_of(aside), **_about(job, take, key, number))
            for number, (aside, part) in enumerate(parts)
        ),
    )


async def give_back(tx: Transaction, job: JobRow, take: TakeRow) -> None:
    """The take will not become a clip: what was set aside for it, if it was, is theirs again.

    What is left of a month that has ended meanwhile ends with it: credits are not carried over by waiting jobs.
    """
    if not take.price or not await credits.has(tx, f"reserve:{job.id}"):
        return
    at = now()
    parts = _settled((await credits.set_aside_for(tx, job.id))[::-1], take)
    key = await _settlement(tx, take)
    for number, (aside, part) in enumerate(parts):
        lot = _lot_of(aside)
        await credits.add(tx, _entry(aside.account, "return", part, -part, lot, **_about(job, take, key, number)))
        if not lot.is_open(at):
            key = f"expire:{new_id()}"
            await credits.add(tx, _entry(aside.account, "expire", -part, 0, lot, key=key, job_id=job.id))
    if job.pot_id is not None and (pot := await pots.get(tx, job.pot_id)) is not None and pot.closed_at is not None:
        await pay_out(tx, job.pot_id)


async def set_aside_again(tx: Transaction, job: JobRow, take: TakeRow) -> bool:
    """A refusal is undone: what was paid back for the take is reserved as before, and it can be settled anew.

    False, and nothing is written, when any of it was spent, moved or written off meanwhile.
    """
    key = await _settlement(tx, take)
    entries = await credits.entries_of_take(tx, take.id)
    paid_back = [one for one in entries if one.key == key or one.key.startswith(f"{key}:")]
    at, again = now(), []
    for number, one in enumerate(paid_back):
        account = Account(one.member_id, one.pot_id)
        await credits.lock(tx, account)
        lot = next((lot for lot in await credits.lots(tx, account) if lot.name == one.lot), None)
        if one.kind != "return" or lot is None or not lot.is_open(at) or lot.available < one.available:
            return False
        about = {"key": _numbered(f"again-{key}", number), "job_id": job.id, "take_id": take.id}
        again.append(_entry(account, "reserve", -one.available, one.available, lot, **about))
    await credits.add(tx, *again)
    return True


def _settled(asides: Sequence[SetAside], take: TakeRow) -> list[tuple[SetAside, int]]:
    """A take's price out of what is set aside for its job, whoever the credits belong to by now."""
    parts, missing = [], take.price
    for aside in asides:
        part = min(aside.reserved, missing)
        if part:
            parts.append((aside, part))
            missing -= part
    if missing:
        raise LedgerError(f"nothing is set aside for take {take.id} any more: {missing} credits are missing")
    return parts


async def _settlement(tx: Transaction, take: TakeRow) -> str:
    """The key under which a take is settled, once: another one after each time that its refusal was undone."""
    times = 0
    while await credits.has(tx, f"again-{_nth_settlement(take, times)}"):
        times += 1
    return _nth_settlement(take, times)


def _nth_settlement(take: TakeRow, times: int) -> str:
    return f"settle{times or ''}:{take.id}"


def _about(job: JobRow, take: TakeRow, key: str, number: int) -> dict[str, Any]:
    return {"key": _numbered(key, number), "job_id": job.id, "take_id": take.id}


# -- lots ----------------------------------------------------------------------------------------------------------


async def _open_lots(tx: Transaction, account: Account) -> list[Lot]:
    at = now()
    return [lot for lot in await credits.lots(tx, account) if lot.available > 0 and lot.is_open(at)]


def _draw(lots: Iterable[Lot], amount: int) -> list[tuple[Lot, int]]:
    """An amount out of lots, the first to expire first; StudioError when there is not so much."""
    parts, missing = [], amount
    for lot in lots:
        part = min(lot.available, missing)
        if part:
            parts.append((lot, part))
            missing -= part
    if missing:
        raise StudioError("credits.short", needed=amount, available=amount - missing)
    return parts


def _lot_of(aside: SetAside) -> Lot:
    return Lot(aside.lot, aside.expires_at, 0, aside.reserved)


def _numbered(key: str, number: int) -> str:
    """The key of an entry's part: whatever is written twice begins with the same first part, which is refused."""
    return key if number == 0 else f"{key}:{number}"


def _entry(
    account: Account,
    kind: str,
    available: int,
    reserved: int,
    lot: Lot,
    *,
    key: str,
    reason: str = "",
    by: str | None = None,
    job_id: str | None = None,
    take_id: str | None = None,
) -> Entry:
    return Entry(
        key=key,
        member_id=account.member_id,
        pot_id=account.pot_id,
        kind=kind,
        available=available,
        reserved=reserved,
        lot=lot.name,
        expires_at=lot.expires_at,
        reason=reason,
        job_id=job_id,
        take_id=take_id,
        by_id=by,
    )

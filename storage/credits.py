"""The ledger of credits: rows are added, never changed (the database refuses). A balance is the sum of its rows.

Credits belong to an account, a member's or a pot's, and lie there in lots: what was given together expires together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, func, insert, select

from storage.clock import now
from storage.database import Transaction
from storage.rows import every
from storage.tables import jobs, ledger, members, pots

KEPT: Final = "kept"  # the lot of what does not expire


@dataclass(frozen=True)
class Account:
    """Whose credits: exactly one of the two."""

    member_id: str | None = None
    pot_id: str | None = None

    @property
    def id(self) -> str:
        return self.member_id or self.pot_id or ""


@dataclass(frozen=True)
class Entry:
    """One line of the ledger: what it adds to what can be spent, and to what is set aside."""

    key: str
    member_id: str | None
    kind: str
    available: int
    reserved: int
    reason: str
    job_id: str | None = None
    take_id: str | None = None
    pot_id: str | None = None
    lot: str = KEPT
    expires_at: int | None = None
    by_id: str | None = None
    created_at: int = 0  # given when it is written


@dataclass(frozen=True)
class Lot:
    """What an account has of one lot."""

    name: str
    expires_at: int | None
    available: int
    reserved: int

    def is_open(self, at: int) -> bool:
        return self.expires_at is None or self.expires_at > at


@dataclass(frozen=True)
class SetAside:
    """What is still reserved for a job, and out of which lot of whose."""

    job_id: str
    account: Account
    lot: str
    expires_at: int | None
    reserved: int


@dataclass(frozen=True)
class Balance:
    available: int
    reserved: int


async def lock(tx: Transaction, account: Account) -> None:
    """Keep other transactions off this account until this one ends. SQLite's write lock does it by itself."""
    table = pots if account.pot_id is not None else members
    await tx.execute(select(table.c.id).where(table.c.id == account.id).with_for_update())


async def lots(tx: Transaction, account: Account) -> list[Lot]:
    """Every lot with something in it, the first to expire first."""
    available, reserved = func.sum(ledger.c.available), func.sum(ledger.c.reserved)
    query = (
        select(
            ledger.c.lot.label("name"), ledger.c.expires_at, available.label("available"), reserved.label("reserved")
        )
        .where(_of(account))
        .group_by(ledger.c.lot, ledger.c.expires_at)
        .having((available != 0) | (reserved != 0))
    )
    found = [Lot(row.name, row.expires_at, int(row.available), int(row.reserved)) for row in await tx.execute(query)]
    return sorted(found, key=lambda lot: soonest_first(lot.expires_at, lot.name))


def soonest_first(expires_at: int | None, name: str) -> tuple[bool, int, str]:
    return expires_at is None, expires_at or 0, name


async def balance(tx: Transaction, account: Account) -> Balance:
    """What can be spent now, and what is set aside. What has expired counts no more, written off or not."""
    at = now()
    found = await lots(tx, account)
    return Balance(
        sum(lot.available for lot in found if lot.is_open(at)),
        sum(lot.reserved for lot in found),
    )


async def set_aside_for(tx: Transaction, job_id: str) -> list[SetAside]:
    """What is reserved for the job, the first to expire first."""
    return await _set_aside(tx, ledger.c.job_id == job_id)


async def set_aside_of(tx: Transaction, account: Account) -> list[SetAside]:
    """What is reserved of this account, for whichever job."""
    return await _set_aside(tx, _of(account) & ledger.c.job_id.isnot(None))


async def _set_aside(tx: Transaction, where: ColumnElement[bool]) -> list[SetAside]:
    columns = (ledger.c.job_id, ledger.c.member_id, ledger.c.pot_id, ledger.c.lot, ledger.c.expires_at)
    reserved = func.sum(ledger.c.reserved)
    query = select(*columns, reserved.label("reserved")).where(where).group_by(*columns).having(reserved != 0)
    found = [
        SetAside(row.job_id, Account(row.member_id, row.pot_id), row.lot, row.expires_at, int(row.reserved))
        for row in await tx.execute(query)
    ]
    return sorted(found, key=lambda one: (soonest_first(one.expires_at, one.lot), one.account.id, one.job_id))


async def granted(tx: Transaction, account_ids: Sequence[str], lot_ends_after: int) -> int:
    """What these members were granted in lots that last beyond this moment."""
    query = select(func.coalesce(func.sum(ledger.c.available), 0)).where(
        ledger.c.member_id.in_(account_ids), ledger.c.kind == "grant", ledger.c.expires_at > lot_ends_after
    )
    return int((await tx.execute(query)).scalar_one())


async def used_of_pot(tx: Transaction, pot_id: str, member_id: str) -> int:
    """What of a pot this member's jobs cost, or may still cost."""
    query = (
        select(func.coalesce(func.sum(-ledger.c.available), 0))
        .join(jobs, jobs.c.id == ledger.c.job_id)
        .where(ledger.c.pot_id == pot_id, ledger.c.kind.in_(("reserve", "return")), jobs.c.member_id == member_id)
    )
    return int((await tx.execute(query)).scalar_one())


async def added_to(tx: Transaction, lot: str, kind: str) -> int:
    """What entries of this kind have added to this lot, or taken of it, whoever it belonged to."""
    query = select(func.coalesce(func.sum(ledger.c.available), 0)).where(ledger.c.lot == lot, ledger.c.kind == kind)
    return int((await tx.execute(query)).scalar_one())


async def has(tx: Transaction, key: str) -> bool:
    return (await tx.execute(select(ledger.c.id).where(ledger.c.key == key))).first() is not None


async def add(tx: Transaction, *entries: Entry) -> None:
    if entries:
        await tx.execute(insert(ledger), [vars(entry) | {"created_at": now()} for entry in entries])


async def entries_of_take(tx: Transaction, take_id: str) -> list[Entry]:
    columns = [ledger.c[name] for name in Entry.__dataclass_fields__]
    return await every(tx, Entry, select(*columns).where(ledger.c.take_id == take_id).order_by(ledger.c.id))


async def entries(tx: Transaction, account: Account, *, limit: int | None = None) -> list[Entry]:
    """The account's lines in the order in which they were written; with a limit, the latest of them."""
    columns = [ledger.c[name] for name in Entry.__dataclass_fields__]
    query = select(*columns).where(_of(account)).order_by(ledger.c.id.desc()).limit(limit)
    return (await every(tx, Entry, query))[::-1]


def _of(account: Account) -> ColumnElement[bool]:
    if account.pot_id is not None:
        return ledger.c.pot_id == account.pot_id
    return ledger.c.member_id == account.member_id


async def mistakes(tx: Transaction) -> list[str]:
    """What does not add up in the whole ledger; nothing, unless a mistake of ours or a damaged file.

    No lot of anybody's is below nothing, and nothing is set aside for a job that has ended.
    """
    found = []
    owner = func.coalesce(ledger.c.member_id, ledger.c.pot_id)
    sums = (func.sum(ledger.c.available), func.sum(ledger.c.reserved))
    of_lots = select(owner, ledger.c.lot, *sums).group_by(owner, ledger.c.lot).having((sums[0] < 0) | (sums[1] < 0))
    found += [f"{account} has {free} and {kept} of {lot}" for account, lot, free, kept in await tx.execute(of_lots)]
    of_jobs = (
        select(ledger.c.job_id, sums[1])
        .join(jobs, jobs.c.id == ledger.c.job_id)
        .where(jobs.c.ended_at.isnot(None))
        .group_by(ledger.c.job_id)
        .having(sums[1] != 0)
    )
    found += [f"{kept} are still set aside for {job}, which has ended" for job, kept in await tx.execute(of_jobs)]
    return found

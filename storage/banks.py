"""Banks of known-bad media: how strict each is, and the hashes in it. What the hashes are of is nobody's to keep."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, func, insert, or_, select

from storage.clock import now
from storage.database import Transaction
from storage.rows import changed, every, one
from storage.tables import bank_entries, banks, decisions


@dataclass(frozen=True)
class BankRow:
    id: str
    name: str
    community_id: str | None  # None: asked in every community
    category: str
    action: str  # hold, refuse: what becomes of what is surely the same
    sure_within: int  # bits that may differ
    like_within: int  # bits: what is only this near waits for a moderator
    least_moments: int  # how many moments of a film have to match one entry: 1 finds a single frame
    closed: bool  # what matches is shown to nobody but those named for the closed queue
    made_by: str
    made_at: int


@dataclass(frozen=True)
class EntryRow:
    serial: int
    bank_id: str
    label: str
    hashes: bytes  # 32 bytes each
    decision_id: int | None  # of the desk: it counts as long as the decision stands
    added_by: str | None
    added_at: int


@dataclass(frozen=True)
class Contents:
    entries: int
    newest: int


# An entry counts unless the decision that it came from was undone or overturned.
_STANDS = or_(
    bank_entries.c.decision_id.is_(None),
    decisions.c.undone_at.is_(None) & decisions.c.overturned_at.is_(None),
)


async def make(tx: Transaction, bank: BankRow) -> None:
    await tx.execute(insert(banks).values(**vars(bank)))


async def named(tx: Transaction, name: str) -> BankRow | None:
    return await one(tx, BankRow, select(banks).where(banks.c.name == name))


async def asked_in(tx: Transaction, community_id: str) -> list[BankRow]:
    """The banks that media of this community are compared with: its own, and those for all."""
    mine = or_(banks.c.community_id.is_(None), banks.c.community_id == community_id)
    return await every(tx, BankRow, select(banks).where(mine).order_by(banks.c.name))


async def remove(tx: Transaction, bank_id: str) -> int:
    """The bank with all that is in it; answers with how many entries there were."""
    count = await changed(tx, delete(bank_entries).where(bank_entries.c.bank_id == bank_id))
    await tx.execute(delete(banks).where(banks.c.id == bank_id))
    return count


# -- what is in them -----------------------------------------------------------------------------------------------


async def add(
    tx: Transaction,
    bank_id: str,
    label: str,
    hashes: bytes,
    *,
    decision_id: int | None = None,
    added_by: str | None = None,
) -> int:
    row = {"bank_id": bank_id, "label": label, "hashes": hashes, "decision_id": decision_id, "added_by": added_by}
    made = await tx.execute(insert(bank_entries).values(added_at=now(), **row).returning(bank_entries.c.serial))
    return int(made.scalar_one())


async def remove_entry(tx: Transaction, bank_id: str, serial: int) -> bool:
    which = (bank_entries.c.bank_id == bank_id) & (bank_entries.c.serial == serial)
    return bool(await changed(tx, delete(bank_entries).where(which)))


async def entries(tx: Transaction, bank_id: str, *, after: int = 0, limit: int = 1_000) -> list[EntryRow]:
    """Those that count, in the order in which they were added."""
    query = _standing(select(bank_entries)).where(bank_entries.c.bank_id == bank_id, bank_entries.c.serial > after)
    return await every(tx, EntryRow, query.order_by(bank_entries.c.serial).limit(limit))


async def labels(tx: Transaction, bank_id: str) -> set[str]:
    query = select(bank_entries.c.label).where(bank_entries.c.bank_id == bank_id)
    return {str(label) for (label,) in await tx.execute(query)}


async def contents(tx: Transaction, bank_id: str) -> Contents:
    """How much counts: another answer than before means that the bank has to be read again."""
    query = _standing(select(func.count(), func.coalesce(func.max(bank_entries.c.serial), 0)))
    count, newest = (await tx.execute(query.where(bank_entries.c.bank_id == bank_id))).one()
    return Contents(int(count), int(newest))


def _standing(query: Select[Any]) -> Select[Any]:
    joined = bank_entries.outerjoin(decisions, decisions.c.id == bank_entries.c.decision_id)
    return query.select_from(joined).where(_STANDS)

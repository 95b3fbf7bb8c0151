"""The ledger of credits: rows are added, never changed. A balance is the sum of its rows."""

from dataclasses import dataclass

from sqlalchemy import func, insert, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import every
from storage.tables import ledger, members


@dataclass(frozen=True)
class Entry:
    """One line of the ledger: what it adds to what can be spent, and to what is set aside."""

    key: str
    member_id: str
    kind: str
    available: int
    reserved: int
    reason: str
    job_id: str | None = None
    take_id: str | None = None


@dataclass(frozen=True)
class Balance:
    available: int
    reserved: int


async def lock(tx: Transaction, member_id: str) -> None:
    """Keep other transactions off this member's balance until this one ends. SQLite's write lock does it by itself."""
    await tx.execute(select(members.c.id).where(members.c.id == member_id).with_for_update())


async def balance(tx: Transaction, member_id: str) -> Balance:
    query = select(func.coalesce(func.sum(ledger.c.available), 0), func.coalesce(func.sum(ledger.c.reserved), 0)).where(
        ledger.c.member_id == member_id
    )
    available, reserved = (await tx.execute(query)).one()
    return Balance(int(available), int(reserved))


async def has(tx: Transaction, key: str) -> bool:
    return (await tx.execute(select(ledger.c.id).where(ledger.c.key == key))).first() is not None


async def add(tx: Transaction, entry: Entry) -> None:
    await tx.execute(insert(ledger).values(**vars(entry), created_at=now()))


async def unsettle(tx: Transaction, take_id: str) -> bool:
    """Set aside again what was paid back for this take, so that it can be settled anew.

    The entry stays; what undoes it stands beside it, and the key is free for the next one. False when the member has
    spent the credits meanwhile.
    """
    rows = (await tx.execute(select(ledger).where(ledger.c.take_id == take_id, ledger.c.kind == "return"))).mappings()
    for row in rows.all():
        if str(row["key"]).startswith("undone:"):
            continue
        if (await balance(tx, row["member_id"])).available < row["available"]:
            return False
        mirrored = dict(row) | {"available": -row["available"], "reserved": -row["reserved"], "kind": "reserve"}
        mirrored |= {"key": f"redo:{row['id']}", "created_at": now()}
        del mirrored["id"]
        await tx.execute(update(ledger).where(ledger.c.id == row["id"]).values(key=f"undone:{row['id']}"))
        await tx.execute(insert(ledger).values(mirrored))
    return True


async def entries(tx: Transaction, member_id: str) -> list[Entry]:
    columns = [ledger.c[name] for name in Entry.__dataclass_fields__]
    return await every(tx, Entry, select(*columns).where(ledger.c.member_id == member_id).order_by(ledger.c.id))

"""Named leases: at most one holder at a time, with a fencing number that rises at every change of hands."""

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from storage.clock import now
from storage.database import Transaction
from storage.rows import changed, one
from storage.tables import leases


@dataclass(frozen=True)
class Lease:
    name: str
    holder: str
    fence: int
    expires_at: int


async def get(tx: Transaction, name: str) -> Lease | None:
    return await one(tx, Lease, select(leases).where(leases.c.name == name))


async def put(tx: Transaction, name: str, holder: str, lease_ms: int) -> Lease:
    """Make `holder` the holder, whoever was before: the caller has looked, in this same writing transaction."""
    before = await get(tx, name)
    lease = Lease(name, holder, before.fence + 1 if before else 1, now() + lease_ms)
    if before is None:
        await tx.execute(insert(leases).values(**vars(lease)))
    else:
        await tx.execute(update(leases).where(leases.c.name == name).values(**vars(lease)))
    return lease


async def renew(tx: Transaction, lease: Lease, lease_ms: int) -> bool:
    """Prolong the lease; False when it went to somebody else."""
    met = await changed(
        tx,
        update(leases)
        .where(leases.c.name == lease.name, leases.c.holder == lease.holder, leases.c.fence == lease.fence)
        .values(expires_at=now() + lease_ms),
    )
    return bool(met)


async def drop(tx: Transaction, lease: Lease) -> None:
    """Let the lease run out at once; the row stays, so that the fence goes on rising."""
    await changed(
        tx,
        update(leases)
        .where(leases.c.name == lease.name, leases.c.holder == lease.holder, leases.c.fence == lease.fence)
        .values(expires_at=0),
    )

"""A member's credits: set aside when a job is queued, spent when a clip is released, paid back for what is not.

Each of these is written once, whatever happens: the ledger's key names the job or the take.
"""

from engine.errors import StudioError
from storage import credits
from storage.credits import Balance, Entry
from storage.database import Transaction
from storage.jobs import JobRow, TakeRow


async def balance(tx: Transaction, member_id: str) -> Balance:
    return await credits.balance(tx, member_id)


async def grant(tx: Transaction, member_id: str, amount: int, *, key: str, reason: str) -> None:
    """Give credits, once for each key."""
    if amount and not await credits.has(tx, key):
        await credits.add(tx, Entry(key, member_id, "grant", amount, 0, reason))


async def reserve(tx: Transaction, job: JobRow) -> None:
    """Set the job's price aside; StudioError when the member has not so much."""
    key = f"reserve:{job.id}"
    if not job.price or await credits.has(tx, key):
        return
    await credits.lock(tx, job.member_id)
    available = (await credits.balance(tx, job.member_id)).available
    if available < job.price:
        raise StudioError("credits.short", needed=job.price, available=available)
    await credits.add(tx, Entry(key, job.member_id, "reserve", -job.price, job.price, "", job.id))


async def spend(tx: Transaction, job: JobRow, take: TakeRow) -> None:
    """The take became a clip: what was set aside for it is gone."""
    if take.price:
        key = f"settle:{take.id}"
        await credits.add(tx, Entry(key, job.member_id, "spend", 0, -take.price, "", job.id, take.id))


async def give_back(tx: Transaction, job: JobRow, take: TakeRow) -> None:
    """The take will not become a clip: what was set aside for it, if it was, is the member's again."""
    if take.price and await credits.has(tx, f"reserve:{job.id}"):
        key = f"settle:{take.id}"
        await credits.add(tx, Entry(key, job.member_id, "return", take.price, -take.price, "", job.id, take.id))

"""A shift: while this process holds the fleet's lease, it takes up jobs in turn, carries them, and delivers.

There is one shift at a time on one database. A process that finds the lease held waits, or follows its job from
outside; a holder that is known to be dead is followed at once, any other when its lease runs out.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from typing import Final

from engine import turns
from engine.delivery import Delivery
from engine.holder import is_dead
from engine.pipeline import LEASE_MS, RENEW_EVERY, Pipeline
from engine.plans import Plans, shipped
from storage import jobs, leases, outbox
from storage.clock import now
from storage.database import Database, Transaction
from storage.errors import StorageError
from storage.jobs import JobRow
from storage.leases import Lease

log = logging.getLogger(__name__)

LEASE: Final = "fleet"
POLL_EVERY: Final = 0.15  # seconds, while something is written
LOOK_AT_LEAST_EVERY: Final = 1.0  # seconds: leases run out and second tries come due without anybody writing
ADMITTED_AT_ONCE: Final = 4


class ShiftLost(Exception):
    """The lease went to another process: this one must not touch jobs any more."""


async def holder_of_the_shift(tx: Transaction) -> str | None:
    """Who runs the fleet now; None when nobody does."""
    lease = await leases.get(tx, LEASE)
    if lease is None or lease.expires_at < now() or is_dead(lease.holder):
        return None
    return lease.holder


async def take_the_shift(database: Database, holder: str) -> Lease | None:
    """Become the one who runs the fleet; None when somebody else is."""
    async with database.writing() as tx:
        if await holder_of_the_shift(tx) is not None:
            return None
        before = await leases.get(tx, LEASE)
        if before is not None:
            # Whatever the last holder had in hand is free again: it is dead, or too late.
            await jobs.free_all_of(tx, before.holder)
            await outbox.free_all_of(tx, before.holder)
        return await leases.put(tx, LEASE, holder, LEASE_MS)


@dataclass
class Shift:
    database: Database
    pipeline: Pipeline
    delivery: Delivery
    lease: Lease
    at_once: int  # jobs in the making at the same time
    only: str | None = None  # this one job, and no other
    plans: Plans = field(default_factory=shipped)
    _admitting: "set[asyncio.Task[None]]" = field(default_factory=set)
    _making: "set[asyncio.Task[None]]" = field(default_factory=set)
    _in_hand: set[str] = field(default_factory=set)
    _trouble: "asyncio.Future[None]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    async def work(self) -> None:
        """Go on until cancelled. Whatever is in hand then is let go of, and goes on from its last state later."""
        duties = [
            asyncio.create_task(duty()) for duty in (self._keep_lease, self._take_up_jobs, self._deliver, self._watch)
        ]
        try:
            await asyncio.wait(duties, return_when=asyncio.FIRST_COMPLETED)
            for duty in duties:
                if duty.done():
                    duty.result()
        finally:
            for task in (*duties, *self._admitting, *self._making):
                task.cancel()
            await asyncio.gather(*duties, *self._admitting, *self._making, return_exceptions=True)
            with contextlib.suppress(StorageError):  # it runs out by itself
                async with self.database.writing() as tx:
                    await leases.drop(tx, self.lease)

    async def _keep_lease(self) -> None:
        while True:
            await asyncio.sleep(RENEW_EVERY)
            async with self.database.writing() as tx:
                if not await leases.renew(tx, self.lease, LEASE_MS):
                    raise ShiftLost(self.lease.holder)

    async def _take_up_jobs(self) -> None:
        while True:
            taken, heard = False, self.database.bell.heard()
            async with self.database.reading() as tx:
                to_admit = await turns.next_to_admit(tx, only=self.only)
                free = self.at_once - len(self._making)
                to_make = await turns.next_to_make(tx, self.plans, only=self.only, limit=free) if free > 0 else []
            for job in to_admit[: ADMITTED_AT_ONCE - len(self._admitting)]:
                taken |= await self._take_up(job, self._admitting)
            for job in to_make[:free]:
                taken |= await self._take_up(job, self._making)
            if not taken:
                await self.database.bell.after(heard, at_least=POLL_EVERY, at_most=LOOK_AT_LEAST_EVERY)

    async def _take_up(self, job: JobRow, hand: "set[asyncio.Task[None]]") -> bool:
        if job.id in self._in_hand:
            return False  # its lease looks run out when the clock jumps, or the laptop slept; the next beat renews it
        async with self.database.writing() as tx:
            claimed = await turns.take_up(tx, job, self.lease.holder, LEASE_MS)
        if claimed is None:
            return False
        task = asyncio.create_task(self.pipeline.carry(claimed))
        hand.add(task)
        self._in_hand.add(job.id)
        task.add_done_callback(hand.discard)
        task.add_done_callback(lambda _: self._in_hand.discard(job.id))
        task.add_done_callback(self._note_trouble)
        return True

    def _note_trouble(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (error := task.exception()) and not self._trouble.done():
            self._trouble.set_exception(error)

    async def _watch(self) -> None:
        """Ends with the error of a job that could not even be written about: then the whole shift has to end."""
        await self._trouble

    async def _deliver(self) -> None:
        while True:
            heard = self.database.bell.heard()
            if not await self.delivery.deliver_next(job_id=self.only):
                await self.database.bell.after(heard, at_least=POLL_EVERY, at_most=LOOK_AT_LEAST_EVERY)

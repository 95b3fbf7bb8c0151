"""Whose turn it is: the order in which jobs are taken up."""

from engine.jobs import IN_THE_MAKING, WORKABLE, JobState
from storage import jobs
from storage.database import Transaction
from storage.jobs import JobRow

# Jobs that stand before a queued one: those being made have had their turn.
_BEFORE_A_QUEUED_ONE = (JobState.QUEUED,)


async def next_to_admit(tx: Transaction, *, only: str | None = None) -> list[JobRow]:
    """Briefs that wait to be checked. Checking is quick and comes before all making."""
    return await jobs.waiting(tx, {JobState.ASKED}, WORKABLE, only=only)


async def next_to_make(tx: Transaction, *, only: str | None = None) -> list[JobRow]:
    """Jobs with takes that want work, those that somebody has begun already among them, in the order of their turns."""
    return await jobs.waiting(tx, IN_THE_MAKING, WORKABLE, only=only)


async def place(tx: Transaction, job: JobRow) -> int | None:
    """How many jobs have their turn before this one; None when it is not waiting for its turn."""
    if job.state != JobState.QUEUED:
        return None
    return await jobs.count_ahead(tx, job, _BEFORE_A_QUEUED_ONE)

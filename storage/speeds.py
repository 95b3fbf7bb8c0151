"""How long the latest takes of each kind took to make."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, insert, select

from storage.clock import now
from storage.database import Transaction
from storage.tables import jobs, speeds

KEPT_OF_EACH: Final = 50


@dataclass(frozen=True)
class Speed:
    """A take that was made: so much work for so much clip."""

    kind: str
    work_ms: int
    clip_ms: int

    @property
    def pace(self) -> float:
        """Seconds of work for a second of clip."""
        return self.work_ms / self.clip_ms


async def note(tx: Transaction, speed: Speed) -> None:
    """Keep this one, and of its kind only the latest."""
    await tx.execute(insert(speeds).values(**vars(speed), at=now()))
    latest = select(speeds.c.id).where(speeds.c.kind == speed.kind).order_by(speeds.c.id.desc())
    oldest = (await tx.execute(latest.offset(KEPT_OF_EACH - 1).limit(1))).scalar_one_or_none()
    if oldest is not None:
        await tx.execute(delete(speeds).where(speeds.c.kind == speed.kind, speeds.c.id < oldest))


async def latest(tx: Transaction) -> list[Speed]:
    query = select(speeds.c.kind, speeds.c.work_ms, speeds.c.clip_ms).order_by(speeds.c.id)
    return [Speed(kind, work_ms, clip_ms) for kind, work_ms, clip_ms in await tx.execute(query)]


async def briefs(tx: Transaction, state: str, limit: int) -> list[dict[str, object]]:
    """What some of the jobs of this state ask for."""
    return [
        dict(brief) for (brief,) in await tx.execute(select(jobs.c.brief).where(jobs.c.state == state).limit(limit))
    ]


async def how_many(tx: Transaction, states: frozenset[str]) -> int:
    return int((await tx.execute(select(func.count()).select_from(jobs).where(jobs.c.state.in_(states)))).scalar_one())

"""A studio that goes on with what is left over and then asks for more and more, until it is killed.

What is asked for follows from a seed and the number of the job alone, so that a restarted studio goes on with the same
list. Most jobs are to be delivered; some wait for a moderator, some are refused, some are called off.
"""

import asyncio
import contextlib
import random
import sqlite3
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bots.terminal.courier import Address, TerminalCourier
from engine import settings, sweeping
from engine.brief import Aspect, Brief, Look
from engine.errors import StudioError
from engine.jobs import ENDED_JOBS, JobState
from engine.members import Asker
from engine.studio import Studio
from safety.verdict import Decision
from storage.clock import now
from storage.jobs import JobRow

GRANTED: Final = 1_000_000
PLAIN: Final = "a wolf howls at the moon"
HELD: Final = "a street fight"  # a moderator allows it
REFUSED: Final = "a naked woman"
CALLED_OFF: Final = "a red boat on a calm sea"  # by its member, at some moment of its life
_IN_HAND: Final = 2  # jobs asked for and not ended
_LOOK_EVERY: Final = 0.1  # seconds


@dataclass(frozen=True)
class Wish:
    """What the job of this number asks for."""

    prompt: str
    variations: int
    called_off_after_ms: int

    @classmethod
    def of(cls, seed: int, number: int) -> "Wish":
        dice = random.Random(f"wish {seed} {number}")
        return cls(
            prompt=dice.choices((PLAIN, HELD, REFUSED, CALLED_OFF), weights=(14, 3, 1, 2))[0],
            variations=dice.choice((1, 1, 2)),
            called_off_after_ms=dice.randrange(2_500),
        )

    def brief(self, number: int) -> Brief:
        look = Look(aspect=Aspect.SQUARE, seconds=1.0)
        return Brief(prompt=self.prompt, look=look, variations=self.variations, seed=number)

    def is_over(self, job: JobRow) -> bool:
        """Whether its member calls it off by now."""
        return self.prompt == CALLED_OFF and now() - job.created_at >= self.called_off_after_ms


def settings_of(folder: Path) -> settings.Settings:
    return settings.load(data=folder / "data", credits={"local": GRANTED})


async def ask_for_ever(folder: Path, seed: int) -> None:
    async with Studio.open(settings_of(folder)) as studio, asyncio.TaskGroup() as group:
        me = await studio.at_home()
        group.create_task(studio.run([TerminalCourier(studio)]))
        while True:
            known = await studio.latest_jobs(me)
            await _people_act(studio, me, seed, known)
            open_jobs = [job for job in known if job.state not in ENDED_JOBS]
            if len(open_jobs) < _IN_HAND:
                number = max((_number(job) for job in known), default=0) + 1
                wish = Wish.of(seed, number)
                address = Address(folder=str(folder / "out"), of=wish.variations)
                await studio.ask(wish.brief(number), me, address.as_origin())
            await asyncio.sleep(_LOOK_EVERY)


async def see_all_through(folder: Path, seed: int) -> None:
    """Ask for nothing more; end when every job has ended and every message is out. Then sweep, without a grace."""
    async with Studio.open(settings_of(folder)) as studio:
        me = await studio.at_home()
        running = asyncio.create_task(studio.run([TerminalCourier(studio)]))
        while not running.done() and not _all_is_done(studio.places.database):
            await _people_act(studio, me, seed, await studio.latest_jobs(me))
            await asyncio.sleep(_LOOK_EVERY)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        await sweeping.sweep(studio.database, studio.places, studio.blobs, grace_seconds=0.0)


async def _people_act(studio: Studio, me: Asker, seed: int, known: list[JobRow]) -> None:
    """The moderator allows what is held; members call off what they are to call off."""
    with contextlib.suppress(StudioError):  # decided or ended in between
        for job in known:
            if job.state == JobState.HELD:
                for case_id in (await studio.job(job.id)).case_ids:
                    await studio.decide(case_id, Decision.ALLOW, me)
            is_on = job.state not in ENDED_JOBS and job.cancel_requested_at is None
            if is_on and Wish.of(seed, _number(job)).is_over(job):
                await studio.cancel(job.id, me)


def _number(job: JobRow) -> int:
    return int(job.brief["seed"])


def _all_is_done(database: Path) -> bool:
    ended = ", ".join(f"'{state}'" for state in sorted(ENDED_JOBS))
    with contextlib.closing(sqlite3.connect(database, timeout=30)) as connection:
        (open_jobs,) = connection.execute(f"SELECT count(*) FROM jobs WHERE state NOT IN ({ended})").fetchone()
        (waiting,) = connection.execute("SELECT count(*) FROM outbox WHERE state = 'waiting'").fetchone()
    return not open_jobs and not waiting


if __name__ == "__main__":
    chosen = see_all_through if sys.argv[3:] == ["through"] else ask_for_ever
    asyncio.run(chosen(Path(sys.argv[1]), int(sys.argv[2])))

"""What tests of gatherings need: a clock that can be moved, and jobs that end as they are told to."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import pytest

from engine import jobs
from engine.gatherings.joining import Wish
from engine.gatherings.view import GatheringView
from engine.jobs import JobState
from engine.members import Asker
from engine.origin import Origin
from storage import jobs as ledger
from storage import sources
from storage.errors import CodedError
from tests.engine.people import held_for
from tests.engine.shared_studio import SharedStudio
from tests.engine.small_studio import claimed

CHANNEL = Origin(platform="test", address={"channel": 7})
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS


class Clock:
    """Time goes on, and can be moved ahead."""

    def __init__(self) -> None:
        self.ahead_ms = 0

    def forward(self, *, minutes: float = 0, hours: float = 0) -> None:
        self.ahead_ms += round(minutes * MINUTE_MS + hours * HOUR_MS)


@contextmanager
def movable_clock() -> Iterator[Clock]:
    clock, real = Clock(), time.time_ns
    with mock.patch.object(time, "time_ns", lambda: real() + clock.ahead_ms * 1_000_000):
        yield clock


def refusal(code: str) -> "pytest.RaisesExc[CodedError]":
    return pytest.raises(CodedError, match=f"^{code}( |$)")


async def made(studio: SharedStudio, job_id: str) -> str:
    """The job becomes a clip, with the lineage that was written down with it."""
    async with studio.database.reading() as tx:
        parents = [row.clip_id for row in await sources.of_job(tx, job_id) if row.clip_id]
    return await studio.release(job_id, *parents)


async def entered(studio: SharedStudio, who: Asker, where: GatheringView, prompt: str = "and then it snows") -> str:
    """A clip of somebody's, asked for in the gathering and made."""
    return await made(studio, await studio.gatherings.join(who, where.id, Wish(prompt), CHANNEL))


async def failed(studio: SharedStudio, job_id: str) -> None:
    async with studio.database.writing() as tx:
        await jobs.fail(tx, await claimed(tx, job_id), {"code": "test.broken", "params": {}})


async def cancelled(studio: SharedStudio, job_id: str) -> None:
    async with studio.database.writing() as tx:
        job = await ledger.get(tx, job_id)
        assert job is not None
        await jobs.cancel(tx, job)


async def held(studio: SharedStudio, job_id: str) -> None:
    async with studio.database.writing() as tx:
        await jobs.hold(tx, await claimed(tx, job_id), held_for("violence"))


async def state_of(studio: SharedStudio, job_id: str) -> JobState:
    async with studio.database.reading() as tx:
        job = await ledger.get(tx, job_id)
    assert job is not None
    return JobState(job.state)

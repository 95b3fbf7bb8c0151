"""How the whole studio is doing, for its operator: what waits, who works, how quickly, what failed, what is left."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from engine import shift
from engine.errors import StudioError
from engine.jobs import ENDED_JOBS, JobState
from engine.members import Asker, Role
from engine.speeds import Paces
from storage import overview, speeds
from storage.clock import now
from storage.overview import FailureRow

if TYPE_CHECKING:
    from engine.studio import Studio

MONTH_MS: Final = 30 * 86_400_000
FAILURES_SHOWN: Final = 12


class Disk(NamedTuple):
    total: int
    used: int
    free: int


@dataclass(frozen=True)
class Counts:
    jobs: Mapping[str, int]  # not ended, by state
    cases: int
    outbox: int
    undelivered: int  # messages that were given up


@dataclass(frozen=True)
class Report:
    counts: Counts
    holder: str | None  # who runs the fleet
    workers: int
    paces: Mapping[str, tuple[Paces, int]]  # by kind of take, with how many were measured
    clips: int
    bytes: int
    members: int
    credits: Mapping[str, int]  # moved in the last thirty days, by kind of entry
    failures: tuple[FailureRow, ...]
    disk: Disk


class Overview:
    def __init__(self, studio: "Studio") -> None:
        self._studio = studio

    async def counts(self) -> Counts:
        async with self._studio.database.reading() as tx:
            return Counts(
                jobs=await overview.jobs_by_state(tx, frozenset(JobState) - ENDED_JOBS),
                cases=await overview.cases_waiting(tx),
                outbox=await overview.messages(tx, "waiting"),
                undelivered=await overview.messages(tx, "failed"),
            )

    async def is_fleet_held(self) -> bool:
        async with self._studio.database.reading() as tx:
            return await shift.holder_of_the_shift(tx) is not None

    def disk(self) -> Disk:
        return Disk(*shutil.disk_usage(self._studio.places.root))

    async def report(self, by: Asker) -> Report:
        """All of it, for the operator alone."""
        if by.role != Role.OPERATOR:
            raise StudioError("desk.operator_only")
        counts = await self.counts()
        async with self._studio.database.reading() as tx:
            seen = await speeds.latest(tx)
            clips, size, people = await overview.made(tx)
            return Report(
                counts=counts,
                holder=await shift.holder_of_the_shift(tx),
                workers=self._studio.settings.fleet.workers,
                paces=_paces_of(seen),
                clips=clips,
                bytes=size,
                members=people,
                credits=await overview.entries_since(tx, now() - MONTH_MS),
                failures=tuple(await overview.latest_failures(tx, FAILURES_SHOWN)),
                disk=self.disk(),
            )


def _paces_of(seen: list[speeds.Speed]) -> dict[str, tuple[Paces, int]]:
    """Of each kind by itself, the most often made first."""
    kinds: dict[str, list[speeds.Speed]] = {}
    for one in seen:
        kinds.setdefault(one.kind, []).append(one)
    ordered = sorted(kinds.items(), key=lambda item: -len(item[1]))
    found = ((kind, Paces.of(few, kind), len(few)) for kind, few in ordered)
    return {kind: (paces, count) for kind, paces, count in found if paces is not None}

"""News for open pages: one look at the database for all of them together, however many there are."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from engine.errors import StudioError
from engine.studio import Studio
from storage import audit, cases, events
from storage.events import EventRow

EVERY: Final = 0.25  # seconds
DESK_EVERY: Final = 1.0
STREAMS_LIMIT: Final = 2_000  # open at once
STREAMS_EACH: Final = 12  # of one browser: a tab has one
GONE: Final[Mapping[str, Any]] = {"kind": "gone"}
_QUEUED: Final = 64  # news that a slow page may be behind


@dataclass(eq=False)
class Listener:
    """An open page: the jobs that it shows, and whether it shows the desk of a community."""

    jobs: frozenset[str]
    community: str | None = None
    session: str = ""
    is_gone: Callable[[], bool] = lambda: False
    desk_seen: str = ""  # how the desk stood when the page was drawn, or last told
    news: "asyncio.Queue[Mapping[str, Any]]" = field(default_factory=lambda: asyncio.Queue(_QUEUED))

    def tell(self, one: Mapping[str, Any]) -> None:
        with contextlib.suppress(asyncio.QueueFull):  # it is told again what counts: pages ask anew after a gap
            self.news.put_nowait(one)


class Pulse:
    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._by_job: dict[str, set[Listener]] = {}
        self._at_desk: dict[str, set[Listener]] = {}
        self._last = 0
        self._open: set[Listener] = set()
        self._by_session: Counter[str] = Counter()

    @property
    def open_streams(self) -> int:
        return len(self._open)

    def check_room(self, session: str) -> None:
        """StudioError when so many pages are open that another one has to ask for itself now and then."""
        if self.open_streams >= STREAMS_LIMIT or self._by_session[session] >= STREAMS_EACH:
            raise StudioError("web.many_streams", each=STREAMS_EACH)

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[Listener]:
        self._open.add(listener)
        self._by_session[listener.session] += 1
        for job in listener.jobs:
            self._by_job.setdefault(job, set()).add(listener)
        if listener.community is not None:
            self._at_desk.setdefault(listener.community, set()).add(listener)
        try:
            yield listener
        finally:
            self._open.discard(listener)
            self._by_session[listener.session] -= 1
            if not self._by_session[listener.session]:
                del self._by_session[listener.session]
            for job in listener.jobs:
                _drop(self._by_job, job, listener)
            if listener.community is not None:
                _drop(self._at_desk, listener.community, listener)

    async def beat(self) -> None:
        async with self._studio.database.reading() as tx:
            self._last = await events.newest(tx)
        bell, clock, desks_told_at = self._studio.database.bell, asyncio.get_running_loop().time, 0.0
        while True:
            heard = bell.heard()
            await self._tell_of_jobs()
            if clock() >= desks_told_at + DESK_EVERY:
                desks_told_at = clock()
                self._send_away()
                await self._tell_of_desks()
            await bell.after(heard, at_least=EVERY, at_most=DESK_EVERY)

    def _send_away(self) -> None:
        """A closed tab says nothing: without a look its place would be kept until the next time that it is told."""
        for listener in self._open:
            if listener.is_gone():
                listener.tell(GONE)

    async def _tell_of_jobs(self) -> None:
        async with self._studio.database.reading() as tx:
            if not self._by_job:
                self._last = await events.newest(tx)
                return
            news = await events.of_any(tx, list(self._by_job), self._last)
        for event in news:
            self._last = max(self._last, event.id)
            for listener in self._by_job.get(event.job_id, ()):
                listener.tell(told(event))

    async def _tell_of_desks(self) -> None:
        if not self._at_desk:
            return
        states = await self.desk_states(list(self._at_desk))
        for community, listeners in self._at_desk.items():
            for listener in listeners:
                if (state := states.get(community)) is not None and listener.desk_seen != state:
                    listener.desk_seen = state
                    listener.tell({"kind": "desk"})

    async def desk_states(self, community_ids: list[str]) -> dict[str, str]:
        """How each desk stands: another one, and its list is out of date."""
        async with self._studio.database.reading() as tx:
            head = await audit.head(tx)
            waiting = await cases.counts_by_community(tx, community_ids)
        written = head.number if head else 0
        return {one: f"{written}-" + "-".join(map(str, waiting.get(one, (0, 0)))) for one in community_ids}


def told(event: EventRow) -> Mapping[str, Any]:
    """What a page is told: how far drawing is, or else that something changed and it should ask."""
    number, done, of = (event.data.get(name) for name in ("number", "done", "of"))
    if event.kind == "progress" and number and of:
        return {"kind": "progress", "job": event.job_id, "id": event.id, "number": number, "share": done / of}
    return {"kind": "changed", "job": event.job_id, "id": event.id}


def _drop(where: dict[str, set[Listener]], key: str, listener: Listener) -> None:
    where[key].discard(listener)
    if not where[key]:
        del where[key]

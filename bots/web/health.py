"""For machines that watch the studio: is it alive, can it work, and how is it doing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from engine.jobs import ENDED_JOBS, JobState
from engine.overview import Overview
from engine.studio import VERSION, Studio

if TYPE_CHECKING:
    from bots.web.pulse import Pulse

_BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Health:
    def __init__(self, studio: Studio, pulse: "Pulse") -> None:
        self._studio = studio
        self._pulse = pulse
        self._overview = Overview(studio)
        self._registry = CollectorRegistry()
        self._took = Histogram(
            "kinora_page_seconds", "How long pages took", ["method"], buckets=_BOUNDS, registry=self._registry
        )
        self._failed = Counter("kinora_pages_failed", "Pages that failed", registry=self._registry)
        self._jobs = Gauge("kinora_jobs", "Jobs that have not ended, by state", ["state"], registry=self._registry)
        self._cases = Gauge("kinora_cases_waiting", "Cases that wait for a moderator", registry=self._registry)
        self._outbox = Gauge("kinora_outbox_waiting", "Messages not delivered yet", registry=self._registry)
        self._streams = Gauge("kinora_open_streams", "Pages that follow live", registry=self._registry)
        self._free = Gauge("kinora_disk_free_bytes", "Space left for the data folder", registry=self._registry)
        self._running = Gauge("kinora_fleet_running", "Whether anybody holds the fleet", registry=self._registry)
        Gauge("kinora_build_info", "1", ["version"], registry=self._registry).labels(VERSION).set(1)

    def application(self) -> web.Application:
        application = web.Application()
        application.router.add_get("/healthz", self._alive)
        application.router.add_get("/readyz", self._ready)
        application.router.add_get("/metrics", self._metrics)
        return application

    @contextmanager
    def timing(self, request: web.Request) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        except BaseException:
            self._failed.inc()
            raise
        finally:
            if not request.path.startswith("/events"):  # they last as long as somebody looks
                self._took.labels(request.method).observe(time.perf_counter() - began)

    async def _alive(self, _: web.Request) -> web.Response:
        return web.Response(text="alive\n")

    async def _ready(self, _: web.Request) -> web.Response:
        """Whether jobs are taken up: the database answers, and somebody holds the fleet."""
        try:
            ready = await self._overview.is_fleet_held()
        except Exception:  # whatever it is: not ready
            ready = False
        return web.Response(text="ready\n" if ready else "not ready\n", status=200 if ready else 503)

    async def _metrics(self, _: web.Request) -> web.Response:
        counts = await self._overview.counts()
        for state in JobState:
            if state not in ENDED_JOBS:
                self._jobs.labels(state.value).set(counts.jobs.get(state.value, 0))
        self._cases.set(counts.cases)
        self._outbox.set(counts.outbox)
        self._streams.set(self._pulse.open_streams)
        self._free.set(self._overview.disk().free)
        self._running.set(1 if await self._overview.is_fleet_held() else 0)
        return web.Response(body=generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

"""The pages with a full database, alone and while 500 pages follow live: how long until each is there.

The server is a process of its own, as in life; the clock is the browser's side of the socket.
KINORA_BENCH_PAGES says with how many clips (100,000 where nothing is said; it takes a minute to make them),
KINORA_BENCH_STREAMS how many pages follow (500), KINORA_BENCH_CALLS how often each page is asked for (100).
"""

import asyncio
import contextlib
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import aiohttp

from bots.web.guards import SESSION_COOKIE
from bots.web.passes import Doorkeeper
from bots.web.pulse import STREAMS_EACH
from engine.members import Role
from engine.settings import Settings, WebSettings
from engine.studio import Studio
from storage import members
from tests.benchmarks import full_studio
from tests.benchmarks.full_studio import COLLECTOR, clip, community, member

CLIPS: Final = int(os.environ.get("KINORA_BENCH_PAGES", "100000"))
CALLS: Final = int(os.environ.get("KINORA_BENCH_CALLS", "100"))
STREAMS: Final = int(os.environ.get("KINORA_BENCH_STREAMS", "500"))
SESSIONS: Final = -(-STREAMS // STREAMS_EACH)  # browsers; the first of them asks for the pages


async def _serve(folder: Path) -> None:
    from bots.web.site import Site

    web = WebSettings(port=0, health_port=0)
    async with Studio.open(Settings(data=folder, web=web)) as studio:
        site = Site(studio)
        serving = asyncio.create_task(site.serve())
        await site.is_open.wait()
        print(site.url, flush=True)
        await serving


async def _cookies(folder: Path) -> list[str]:
    """As many browsers of one moderator as are needed, let in before anybody serves them."""
    async with Studio.open(Settings(data=folder)) as studio:
        async with studio.database.writing() as tx:
            await members.add_role(tx, community(0), member(COLLECTOR), Role.MODERATOR)
        doorkeeper = Doorkeeper(studio)
        sessions = [await doorkeeper.let_in(member(COLLECTOR), community(0)) for _ in range(SESSIONS)]
        return [f"{SESSION_COOKIE}={doorkeeper.cookie(session)}" for session in sessions]


def _paths() -> dict[str, str]:
    shown = next(n for n in range(0, CLIPS, full_studio.COMMUNITIES) if n % 21 == 0)
    return {
        "home": "/",
        "library": "/library",
        "library, search": "/library?q=wolf",
        "favourites": "/library/favourites",
        "Explore": "/explore",
        "Explore, rising": "/explore?order=rising",
        "Explore, search": "/explore?q=dragon",
        "one clip": f"/clips/{clip(shown)}",
        "the desk": "/desk",
        "together": "/together",
        "privacy": "/privacy",
        "account": "/account",
        "a stylesheet": "/static/kinora.css",
    }


async def _measure(url: str, cookies: list[str]) -> None:
    limit = aiohttp.TCPConnector(limit=0)
    headers = {"Cookie": cookies[0]}
    async with aiohttp.ClientSession(connector=limit, cookie_jar=aiohttp.DummyCookieJar(), headers=headers) as http:
        alone = await _round(http, url)
        async with contextlib.AsyncExitStack() as open_streams:
            began = time.perf_counter()
            for first in range(0, STREAMS, 50):
                those = [cookies[n // STREAMS_EACH] for n in range(first, min(first + 50, STREAMS))]
                await asyncio.gather(*(_open(open_streams, http, url, cookie) for cookie in those))
                await asyncio.sleep(1.3)  # so that nobody is told to wait
            print(f"{STREAMS} streams open after {time.perf_counter() - began:.1f} s")
            crowded = await _round(http, url)
    print(f"ms, {CALLS} calls each, one after the other: median and 95th percentile; alone | with {STREAMS} streams")
    for name, times in alone.items():
        cells = " | ".join(f"{statistics.median(one):7.1f} {_p95(one):7.1f}" for one in (times, crowded[name]))
        print(f"{name:20} {cells}")


async def _open(where: contextlib.AsyncExitStack, http: aiohttp.ClientSession, url: str, cookie: str) -> None:
    forever = aiohttp.ClientTimeout(total=None)
    answer = await where.enter_async_context(
        http.get(f"{url}/events?desk=1", timeout=forever, headers={"Cookie": cookie})
    )
    assert answer.status == 200, await answer.text()
    await answer.content.readline()


async def _round(http: aiohttp.ClientSession, url: str) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in _paths()}
    for _ in range(CALLS):
        for name, path in _paths().items():  # in turns: a busy moment falls on all
            began = time.perf_counter()
            async with http.get(url + path) as answer:
                await answer.read()
                assert answer.status == 200, path
            times[name].append((time.perf_counter() - began) * 1_000)
        await asyncio.sleep(len(_paths()) / 40)  # under the pace that one member is allowed
    return times


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


async def _run(folder: Path) -> None:
    cookies = await _cookies(folder)
    command = [sys.executable, "-m", "tests.benchmarks.pages", str(folder)]
    server = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert server.stdout is not None
        await _measure((await server.stdout.readline()).decode().strip(), cookies)
    finally:
        server.terminate()
        await server.wait()


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="kinora-bench-"))
    try:
        began = time.perf_counter()
        full_studio.fill(folder, CLIPS)
        print(f"{CLIPS:,} clips: made in {time.perf_counter() - began:.0f} s", flush=True)
        asyncio.run(_run(folder))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(Path(sys.argv[1])))

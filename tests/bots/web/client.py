"""A browser's manners without a browser: cookies, forms with their token, and waiting for a clip."""

import asyncio
import re
import sys
import time
from itertools import count
from typing import TYPE_CHECKING, Any

import aiohttp
from yarl import URL

if TYPE_CHECKING:
    from bots.web.site import Site
    from tests.bots.web.conftest import OpenStudio

PART = {"X-Kinora": "part"}

_visitors = count(2)


class Client:
    """A browser's manners without a browser."""

    def __init__(self, studio: "OpenStudio | Site") -> None:
        self.url = studio.url
        # Each has an address of its own: who tries too often is told to wait by where they come from.
        own = (f"127.0.1.{next(_visitors)}", 0) if sys.platform == "linux" else None
        connector = aiohttp.TCPConnector(local_addr=own)
        self.http = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.token = ""

    async def enter(self, link: str) -> None:
        key = URL(link).query["key"]
        async with self.http.post(f"{self.url}/enter", data={"key": key, "csrf": self.token}) as answer:
            assert answer.status == 200, await answer.text()
            self.token = _token_in(await answer.text())

    async def get(self, path: str, **options: Any) -> tuple[int, str]:
        async with self.http.get(self.url + path, **options) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, data: Any = None, **options: Any) -> tuple[int, str]:
        fields = {"csrf": self.token} | (data or {})
        async with self.http.post(self.url + path, data=fields, **options) as answer:
            return answer.status, await answer.text()

    async def makes(self, prompt: str, **fields: str) -> str:
        """A job, asked for and seen through; answers with its id."""
        form = {"prompt": prompt, "aspect": "1:1", "own_seconds": "1"} | fields
        async with self.http.post(self.url + "/make/create", data={"csrf": self.token} | form, headers=PART) as answer:
            told = await answer.json()
            assert answer.status == 200, told
        return str(told["job"])

    async def clip_of(self, job: str) -> str:
        until = time.monotonic() + 60
        while True:
            _, card = await self.get(f"/jobs/{job}", headers=PART)
            if found := re.search(r"/clips/(\w+)/film.mp4", card):
                return found[1]
            assert time.monotonic() < until, card
            await asyncio.sleep(0.2)


def _token_in(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]

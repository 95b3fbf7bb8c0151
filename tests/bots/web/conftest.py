"""One real studio with its pages, and one browser, for all tests of this folder; each visitor comes in by a link."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from bots.web.passes import link_for
from engine import communities, members
from engine.members import LOCAL, OPERATOR
from engine.plans import shipped
from storage.database import Database
from tests.bots.web.client import Client

REPOSITORY = Path(__file__).parents[3]
PATIENCE = 180.0  # nothing takes so long but on a machine that is busy with much else
MS = PATIENCE * 1_000
# Words that the checks cannot read, so that they wait for a moderator. Each story has its own: what was refused once is
# refused again by itself.
HELD = (
    "een hond loopt door het bos terwijl de zon schijnt op het water",
    "een oude man leest de krant op een bankje bij het station",
    "twee kinderen bouwen een kasteel van zand aan de rand van de zee",
    "een vrouw schrijft een lange brief aan haar zus in een ander land",
)
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class OpenStudio:
    """`kinora run` as a process of its own, with its pages open."""

    folder: Path
    url: str
    health: str

    def kinora(self, *arguments: str, acting_as: str | None = None) -> str:
        """What a command says, typed beside the running studio."""
        who = ["--as", acting_as] if acting_as else []
        command = [sys.executable, "-m", "bots.main", "--data", str(self.folder / "data"), *who, *arguments]
        done = subprocess.run(
            command, cwd=REPOSITORY, env=_environment(), capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    async def link(self, name: str = OPERATOR) -> str:
        """An address that lets somebody in once; whoever is new is made a member of the local community."""
        url = f"sqlite+aiosqlite:///{self.folder / 'data' / 'kinora.db'}"
        async with await Database.open(url) as database:
            async with database.writing() as tx:
                community = await communities.known_as(tx, LOCAL, LOCAL)
                asker = await members.known_as(tx, LOCAL, name, community.id, shipped())
            return f"{self.url}/enter?key={await link_for(database, asker)}"


def _environment(**more: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KINORA_")}
    return plain | {"KINORA_LANGUAGE": "en", "COLUMNS": "200", "PYTHONUNBUFFERED": "1"} | more


@pytest.fixture(scope="package")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenStudio]:
    folder = tmp_path_factory.mktemp("pages")
    log = folder / "log.txt"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "bots.main", "--data", str(folder / "data"), "run"],
            cwd=REPOSITORY,
            stdout=written,
            stderr=written,
            start_new_session=True,
            env=_environment(
                KINORA_WEB__PORT="0",
                KINORA_WEB__HEALTH_PORT="0",
                KINORA_DEFAULTS__SECONDS="1",
                KINORA_FLEET__FIRST_LOOK_AFTER="0",
            ),
        )
    try:
        until = time.monotonic() + PATIENCE
        while "enter?key=" not in (said := log.read_text()):
            assert process.poll() is None and time.monotonic() < until, said
            time.sleep(0.1)
        url, health = re.search(r"http://[^/\s]+(?=/enter)", said), re.search(r"http://[^/\s]+(?=/healthz)", said)
        assert url is not None and health is not None
        yield OpenStudio(folder, url[0], health[0])
        assert process.poll() is None, log.read_text()
        assert "Traceback" not in log.read_text(), log.read_text()
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def chromium(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"there is no {CHROMIUM}: in CI these tests have to run")
        print(f"\nNO BROWSER: there is no {CHROMIUM}, and no page was looked at\n", file=sys.__stderr__)
        pytest.skip(f"there is no {CHROMIUM}")
    expect.set_options(timeout=PATIENCE * 1_000)  # a busy machine is no failure
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        await browser.close()


@dataclass
class Visitor:
    """Somebody at a browser of their own."""

    context: BrowserContext
    page: Page
    url: str
    troubles: list[str]

    async def goes(self, path: str) -> None:
        response = await self.page.goto(self.url + path)
        assert response is not None and response.status < 400, (path, response and response.status)


async def let_in(browser: Browser, studio: OpenStudio, link: str, **options: object) -> Visitor:
    context = await browser.new_context(**({"viewport": {"width": 1280, "height": 860}} | options))  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE * 1_000)
    page = await context.new_page()
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    await page.goto(link)
    await page.click("button.go")
    await page.wait_for_selector(".composer")
    return Visitor(context, page, studio.url, troubles)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def operator(chromium: Browser, studio: OpenStudio) -> AsyncIterator[Visitor]:
    visitor = await let_in(chromium, studio, await studio.link())
    yield visitor
    assert visitor.troubles == []
    await visitor.context.close()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def mei(chromium: Browser, studio: OpenStudio) -> AsyncIterator[Visitor]:
    visitor = await let_in(chromium, studio, await studio.link("mei"))
    yield visitor
    assert visitor.troubles == []
    await visitor.context.close()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def operator_client(studio: OpenStudio) -> AsyncIterator[Client]:
    client = Client(studio)
    await client.enter(await studio.link())
    yield client
    await client.http.close()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def mei_client(studio: OpenStudio) -> AsyncIterator[Client]:
    client = Client(studio)
    await client.enter(await studio.link("mei"))
    yield client
    await client.http.close()


@pytest_asyncio.fixture(loop_scope="package")
async def stranger(studio: OpenStudio) -> AsyncIterator[Client]:
    client = Client(studio)
    yield client
    await client.http.close()


async def asks(visitor: Visitor, prompt: str) -> str:
    """Type a prompt, press the button; answers with the job."""
    page = visitor.page
    await visitor.goes("/")
    await page.fill("textarea[name=prompt]", prompt)
    if not await page.is_visible("input[name=own_seconds]"):
        await page.click("details.more summary")
    await page.check("input[name=aspect][value='1:1']", force=True)
    await page.fill("input[name=own_seconds]", "1")
    async with page.expect_response(re.compile("/make/create$")) as answered:
        await page.click("button.go")
    told = await (await answered.value).json()
    return str(told["job"])


async def makes(visitor: Visitor, prompt: str) -> str:
    """A clip, asked for and waited for on the page; answers with its id."""
    job = await asks(visitor, prompt)
    film = visitor.page.locator(f"#{job} video")
    await film.first.wait_for(timeout=MS)
    source = await film.first.get_attribute("src")
    assert source is not None
    return source.split("/")[2]

"""Coming in by passkey and from behind a proxy, being one person on two platforms, and leaving with everything."""

import asyncio
import io
import json
import re
import time
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Request, Route, expect
from yarl import URL

from bots.web import forms
from bots.web.callers import real_address
from bots.web.pulse import STREAMS_EACH
from bots.web.site import Site
from engine.settings import Settings, WebSettings
from engine.studio import Studio
from tests.bots.web.client import Client
from tests.bots.web.conftest import PATIENCE, OpenStudio

pytestmark = pytest.mark.asyncio(loop_scope="package")
PROXIES = WebSettings(trusted_proxies=("127.0.0.1", "10.0.0.0/8", "2001:db8::/32")).trusted_proxies  # type: ignore[arg-type]


# -- passkeys ------------------------------------------------------------------------------------------------------


async def test_a_passkey_is_made_lets_in_and_is_good_for_nothing_twice(chromium: Browser, studio: OpenStudio) -> None:
    context = await chromium.new_context()
    page = await context.new_page()
    here = studio.url.replace("127.0.0.1", "localhost")
    device = await context.new_cdp_session(page)
    await device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    more = {"isUserVerified": True, "automaticPresenceSimulation": True}
    await device.send("WebAuthn.addVirtualAuthenticator", {"options": options | more})

    await page.goto((await studio.link("ann")).replace("127.0.0.1", "localhost"))
    await page.click("button.go")
    await page.goto(f"{here}/account")
    await page.fill("form[data-makes] [name=name]", "<b>筆電</b> 🦊")
    await page.click("form[data-makes] button")
    await expect(page.locator("main")).to_contain_text("<b>筆電</b> 🦊")
    await page.click("form[action='/leave'] button.button")

    answered: list[tuple[str, str]] = []

    async def note(route: Route, request: Request) -> None:
        kept = "; ".join(f"{one['name']}={one['value']}" for one in await context.cookies(here))
        answered.append((request.post_data or "", kept))
        await route.continue_()

    await page.route(
        "**/enter/passkey", lambda route: note(route, route.request) if _is_post(route) else route.continue_()
    )
    await page.goto(f"{here}/enter")
    await page.click("form[data-asks] button")
    await expect(page.locator(".composer")).to_be_visible()
    ((body, cookies),) = answered
    for sent, kept in ((body, cookies), (body, ""), (body.replace("credential=", "credential=x"), cookies)):
        headers = {"Cookie": kept, "Content-Type": "application/x-www-form-urlencoded"}
        request = aiohttp.request("POST", f"{here}/enter/passkey", data=sent, headers=headers)
        async with request as answer:  # what somebody overheard opens nothing again
            assert answer.status in (403, 422), await answer.text()

    await page.goto(f"{here}/account")
    await page.click("form[action='/account/passkeys/remove'] button")
    await expect(page.locator(".told")).to_contain_text("lets nobody in")
    await page.click("form[action='/leave'] button.button")
    await expect(page.locator("form[data-asks]")).to_have_count(0)  # nobody has one any more
    await context.close()


def _is_post(route: Route) -> bool:
    return route.request.method == "POST"


@pytest.mark.parametrize("sent", ["", "{}", "[]", "null", '{"rawId": 5}', '{"rawId": "🦊"}', "x" * 30_000, "{" * 9_000])
async def test_what_no_device_signed_opens_nothing(studio: OpenStudio, sent: str) -> None:
    here = studio.url.replace("127.0.0.1", "localhost")
    client = Client(studio)
    async with client.http.get(f"{here}/enter/passkey") as answer:
        assert len((await answer.json())["challenge"]) > 40
    async with client.http.post(f"{here}/enter/passkey", data={"credential": sent}) as answer:
        assert answer.status in (413, 422), await answer.text()
    assert (await client.get("/enter/passkey"))[0] == 422  # a bare address has no passkeys
    await client.http.close()


# -- behind a proxy ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("peer", "told", "real"),
    [
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("127.0.0.1", "9.9.9.9, 1.2.3.4", "1.2.3.4"),  # what stands at the left anybody may have written
        ("127.0.0.1", "1.2.3.4, 10.1.1.1", "1.2.3.4"),
        ("127.0.0.1", "1.2.3.4:5678", "1.2.3.4"),
        ("::ffff:127.0.0.1", "[2001:db9::1]:443", "2001:db9::1"),
        ("127.0.0.1", "1.2.3.4, nonsense", "127.0.0.1"),
        ("127.0.0.1", ",,", "127.0.0.1"),
        ("8.8.8.8", "1.2.3.4", "8.8.8.8"),  # nobody's proxy
        ("10.0.0.1", "10.0.0.2, 10.0.0.3", "10.0.0.2"),
        ("?", "1.2.3.4", "?"),
    ],
)
async def test_only_a_trusted_proxy_is_believed(peer: str, told: str, real: str) -> None:
    assert real_address(peer, told, PROXIES) == real


@pytest_asyncio.fixture(loop_scope="package")
async def proxied(tmp_path: Path) -> AsyncIterator[Site]:
    web = WebSettings(port=0, health_port=0, trusted_proxies=("127.0.0.1",))  # type: ignore[arg-type]
    async with Studio.open(Settings(data=tmp_path / "data", web=web)) as studio:
        site = Site(studio)
        serving = asyncio.create_task(site.serve())
        await site.is_open.wait()
        yield site
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def test_tries_are_counted_by_the_real_address(proxied: Site, studio: OpenStudio) -> None:
    async def tries(url: str, client: aiohttp.ClientSession, told: str, count: int) -> list[int]:
        statuses = []
        for _ in range(count):
            headers = {"X-Forwarded-For": told}
            async with client.post(f"{url}/enter", data={"key": "guess"}, headers=headers) as answer:
                statuses.append(answer.status)
        return statuses

    async with aiohttp.ClientSession() as http:
        assert 429 in await tries(proxied.url, http, "203.0.113.5", 12)
        assert await tries(proxied.url, http, "203.0.113.5, 203.0.113.6", 2) == [403, 403]
        assert await tries(proxied.url, http, "203.0.113.6, 203.0.113.5", 1) == [429]
        assert 429 in await tries(proxied.url, http, "2001:db9:0:1::1", 11)
        assert await tries(proxied.url, http, "2001:db9:0:1:ffff::2", 1) == [429]  # one home has all of these
    stranger = Client(studio)  # where no proxy is trusted, another name each time helps nobody
    found = [(await tries(studio.url, stranger.http, f"203.0.113.{n}", 1))[0] for n in range(12)]
    assert 429 in found
    await stranger.http.close()


async def test_who_falls_silent_in_the_middle_of_a_form_is_cut_off(
    proxied: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "SILENCE", 0.3)
    where = URL(proxied.url)
    for kind, begin in (
        ("application/x-www-form-urlencoded", b"key="),
        ("multipart/form-data; boundary=x", b"--x\r\n"),
    ):
        reader, writer = await asyncio.open_connection(where.host, where.port)
        begun = (
            f"POST /enter HTTP/1.1\r\nHost: {where.authority}\r\nContent-Type: {kind}\r\nContent-Length: 500\r\n\r\n"
        )
        writer.write(begun.encode() + begin)
        async with asyncio.timeout(20):
            head = await reader.readuntil(b"\r\n\r\n")
        assert b" 408 " in head and b"Connection: close" in head
        writer.close()
    assert list(proxied.scratch.iterdir()) == []


async def test_so_many_live_pages_a_browser_and_one_more_is_told_kindly(studio: OpenStudio) -> None:
    client, other = Client(studio), Client(studio)
    await client.enter(await studio.link("ann"))
    await other.enter(await studio.link("ann"))
    streams = [await client.http.get(f"{studio.url}/events") for _ in range(STREAMS_EACH)]
    assert {one.status for one in streams} == {200}
    status, said = await client.get("/events", headers={"X-Kinora": "part"})
    assert (status, json.loads(said)["error"]) == (429, "web.many_streams")
    assert "every ten seconds" in json.loads(said)["sentence"]
    async with other.http.get(f"{studio.url}/events") as answer:  # another browser of theirs
        assert answer.status == 200
    for one in streams:
        one.close()
    until = time.monotonic() + PATIENCE
    while True:  # the places are free again when the studio has noticed
        async with client.http.get(f"{studio.url}/events") as answer:
            if answer.status == 200:
                break
        assert time.monotonic() < until
        await asyncio.sleep(0.5)
    await client.http.close()
    await other.http.close()


# -- one person, two platforms; and leaving ------------------------------------------------------------------------


async def test_two_become_one_by_a_code(studio: OpenStudio) -> None:
    one, two = Client(studio), Client(studio)
    await one.enter(await studio.link("jun"))
    await two.enter(await studio.link("俊"))
    status, page = await one.post("/account/link/offer")
    found = re.search(r"([0-9a-z]{4}-[0-9a-z]{4})</strong>", page)
    assert status == 200 and found is not None
    assert (await two.post("/account/link", {"code": "aaaa-<b>"}))[0] == 422
    assert (await one.post("/account/link", {"code": found[1]}))[0] == 422  # one's own
    status, page = await two.post("/account/link", {"code": found[1].upper()})
    assert status == 200 and "local: jun" in page and "local: 俊" in page
    assert (await two.post("/account/link", {"code": found[1]}))[0] == 422
    await one.http.close()
    await two.http.close()


async def test_everything_is_taken_along_and_then_deleted(studio: OpenStudio, stranger: Client) -> None:
    status, page = await stranger.get("/privacy")  # in plain words for anybody, and no word of anybody's
    assert status == 200 and "What is kept of you" in page and "/privacy/export" not in page
    client, other = Client(studio), Client(studio)
    await client.enter(await studio.link("leo"))
    await other.enter(await studio.link("ann"))
    clip = await client.clip_of(await client.makes("a small green boat"))
    assert (await client.get("/privacy/export.zip"))[0] == 404
    await client.post("/privacy/export")
    until = time.monotonic() + PATIENCE
    while "export.zip" not in (page := (await client.get("/privacy"))[1]):
        assert time.monotonic() < until, page
        await asyncio.sleep(0.3)
    assert (await other.get("/privacy/export.zip"))[0] == 404
    assert (await stranger.get("/privacy/export.zip"))[0] == 401
    async with client.http.get(f"{studio.url}/privacy/export.zip") as answer:
        with zipfile.ZipFile(io.BytesIO(await answer.read())) as packed:
            assert f"clips/{clip}.mp4" in packed.namelist()
            assert "a small green boat" in packed.read("library.json").decode()

    status, page = await client.post("/privacy/delete", {"sure": ""})
    assert status == 422 and "Nothing was deleted" in page
    status, page = await client.post("/privacy/delete", {"sure": "1"})
    assert status == 200 and "It is deleted" in page
    assert not list((studio.folder / "data" / "scratch").glob("*.zip"))
    assert (await client.get("/library"))[0] == 401
    assert (await other.get(f"/clips/{clip}"))[0] == 404
    await client.http.close()
    await other.http.close()

"""What the pages refuse: forged and stolen sessions, forms of other sites, what is not released, and whatever is sent
to hurt. Over real sockets, to the real studio."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from yarl import URL

from bots.web.rooms import every_page
from bots.web.visits import Access
from tests.bots.web.client import PART, Client
from tests.bots.web.conftest import OpenStudio

pytestmark = pytest.mark.asyncio(loop_scope="package")
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def operator(operator_client: Client) -> Client:
    return operator_client


@pytest.fixture
def mei(mei_client: Client) -> Client:
    return mei_client


# -- coming in -----------------------------------------------------------------------------------------------------


async def test_a_link_is_good_once(studio: OpenStudio, stranger: Client) -> None:
    link = await studio.link()
    status, _ = await stranger.get(f"/enter?key={URL(link).query['key']}")  # looking at it uses nothing up
    assert status == 200
    await stranger.enter(link)
    second = Client(studio)
    status, said = await second.post("/enter", {"key": URL(link).query["key"]})
    await second.http.close()
    assert (status, "used already" in said) == (403, True)


async def test_a_session_is_never_the_one_that_a_browser_brought_along(studio: OpenStudio, stranger: Client) -> None:
    """Fixation: whatever cookie somebody was given before, coming in makes a new one."""
    planted = "a" * 43 + "." + "b" * 43
    stranger.http.cookie_jar.update_cookies({"kinora_session": planted}, URL(studio.url))
    await stranger.enter(await studio.link())
    (cookie,) = (one for one in stranger.http.cookie_jar if one.key == "kinora_session")
    assert cookie.value != planted and cookie["httponly"] and cookie["samesite"] == "Lax"
    before = cookie.value
    await stranger.enter(await studio.link())
    (cookie,) = (one for one in stranger.http.cookie_jar if one.key == "kinora_session")
    assert cookie.value != before
    stranger.http.cookie_jar.update_cookies({"kinora_session": before}, URL(studio.url))
    assert (await stranger.get("/library"))[0] == 401  # the earlier session ended with it


@pytest.mark.parametrize("cookie", ["", "x", "a.b", "🦊.🦊", "a" * 5_000, "a" * 43 + "." + "A" * 43, ".", "../../etc"])
async def test_a_forged_cookie_opens_nothing(studio: OpenStudio, stranger: Client, cookie: str) -> None:
    headers = {"Cookie": f"kinora_session={cookie}".encode().decode("latin-1")}
    assert (await stranger.get("/library", headers=headers))[0] == 401


async def test_a_changed_signature_and_a_borrowed_one_open_nothing(operator: Client, mei: Client) -> None:
    (own,) = (one.value for one in operator.http.cookie_jar if one.key == "kinora_session")
    (other,) = (one.value for one in mei.http.cookie_jar if one.key == "kinora_session")
    token, _, signature = own.partition(".")
    flipped = signature[:-1] + ("A" if signature[-1] != "A" else "B")
    for forged in (f"{token}.{flipped}", f"{token}.{other.partition('.')[2]}", f"{token}.{operator.token}"):
        headers = {"Cookie": f"kinora_session={forged}"}
        async with aiohttp.ClientSession() as http, http.get(f"{operator.url}/library", headers=headers) as answer:
            assert answer.status == 401


async def test_a_password_lets_in_ends_other_sessions_and_is_not_guessed(studio: OpenStudio, stranger: Client) -> None:
    eve, other = Client(studio), Client(studio)
    await eve.enter(await studio.link("eve"))
    await other.enter(await studio.link("eve"))
    assert (await eve.post("/account/password", {"password": "short"}))[0] == 422
    status, page = await eve.post("/account/password", {"password": "correct 馬 battery"})
    assert status == 200 and "Your password is set." in page
    assert (await other.get("/library"))[0] == 401
    for name, password in (("eve", "correct 馬 batter"), ("nobody", "correct 馬 battery"), ("operator", "")):
        assert (await stranger.post("/enter", {"name": name, "password": password}))[0] == 403
    status, page = await stranger.post("/enter", {"name": "eve", "password": "correct 馬 battery"})
    assert status == 200 and 'class="composer' in page
    for client in (eve, other):
        await client.http.close()


async def test_a_name_for_the_credentials_is_shown_as_it_was_typed_and_can_be_taken_back(studio: OpenStudio) -> None:
    client = Client(studio)
    await client.enter(await studio.link("ann"))
    status, page = await client.post("/account/name", {"name": " Ann <b>Lee</b> "})
    assert status == 200 and 'value="Ann &lt;b&gt;Lee&lt;/b&gt;"' in page and "<b>Lee" not in page
    assert (await client.post("/account/name", {"name": "x" * 61}))[0] == 422
    status, page = await client.post("/account/name", {"name": ""})
    assert status == 200 and "Your clips are signed without a name." in page
    await client.http.close()


async def test_leaving_ends_the_session_itself(studio: OpenStudio) -> None:
    client = Client(studio)
    await client.enter(await studio.link())
    (cookie,) = (one.value for one in client.http.cookie_jar if one.key == "kinora_session")
    assert (await client.post("/leave"))[0] == 200
    client.http.cookie_jar.update_cookies({"kinora_session": cookie}, URL(studio.url))
    assert (await client.get("/library"))[0] == 401
    await client.http.close()


# -- who may what --------------------------------------------------------------------------------------------------


def _filled(path: str) -> str:
    path = re.sub(r"\{id:[^}]*\}", "case-5k2m9x7a", path)
    return (
        path.replace("{id}", "5k2m9x7a")
        .replace("{kind}", "create")
        .replace("{name}", "kinora.css")
        .replace("{view}", "made")
        .replace("{what}", "claim")
    )


@pytest.mark.parametrize(
    "page", [one for one in every_page() if one.access > Access.ANYBODY], ids=lambda one: f"{one.method} {one.path}"
)
async def test_no_room_opens_to_a_stranger_nor_a_closed_one_to_a_member(
    stranger: Client, mei: Client, page: Any
) -> None:
    path = _filled(page.path)
    status, _ = await (stranger.get(path) if page.method == "GET" else stranger.post(path))
    assert status == 401
    if page.access > Access.MEMBER:
        status, said = await (mei.get(path) if page.method == "GET" else mei.post(path))
        assert status in (403, 404), said
        assert "Only" in said or "nothing here" in said


async def test_what_is_not_released_has_no_address(operator: Client, mei: Client, studio: OpenStudio) -> None:
    """Neither a held job nor its take is there for anybody but its maker and the desk."""
    job = await operator.makes("een hond loopt door het bos terwijl de zon schijnt op het water")
    until = time.monotonic() + 30
    while "state-held" not in (card := (await operator.get(f"/jobs/{job}", headers=PART))[1]):
        assert time.monotonic() < until, card
        await asyncio.sleep(0.2)
    assert (await mei.get(f"/jobs/{job}"))[0] in (403, 404)
    take = re.search(r'data-take="(\w+)"', card)
    assert take is None and "film.mp4" not in card
    (case,) = set(re.findall(r"/desk/(case-\w+)", card))
    for client, expected in ((mei, {403}), (operator, {422, 200})):
        status, _ = await client.post(f"/desk/{case}/reveal")
        assert status in expected
    assert (await mei.get(f"/desk/{case}/sheet.png"))[0] == 403
    await operator.post(f"/jobs/{job}/cancel")  # so that it waits on nobody's desk


async def test_a_refusal_is_called_wrong_and_appealed_where_it_is_told(operator: Client, mei: Client) -> None:
    job = await mei.makes("a naked woman on a <b>beach</b>")
    until = time.monotonic() + 30
    while "state-refused" not in (card := (await mei.get(f"/jobs/{job}", headers=PART))[1]):
        assert time.monotonic() < until, card
        await asyncio.sleep(0.2)
    assert f"/jobs/{job}/doubt" in card
    for _ in range(2):
        assert "Moderators see what members call wrong" in (await mei.post(f"/jobs/{job}/doubt"))[1]
    _, card = await mei.get(f"/jobs/{job}", headers=PART)
    assert f"/jobs/{job}/doubt" not in card and f"/jobs/{job}/appeal" in card
    assert (await operator.post(f"/jobs/{job}/doubt"))[0] == 404
    status, page = await operator.get("/desk/statistics")
    assert status == 200 and "a naked woman on a &lt;b&gt;beach&lt;/b&gt;" in page and "it stands" in page
    _, told = await mei.post(f"/jobs/{job}/appeal", {"text": "a painting"})
    assert "Somebody else will judge it" in told
    assert f"/jobs/{job}/appeal" not in (await mei.get(f"/jobs/{job}", headers=PART))[1]
    (case,) = set(re.findall(r"as (case-\w+)", told))
    await operator.post(f"/desk/{case}/decide", {"action": "refuse"})  # so that it waits on nobody's desk
    assert "was judged by somebody else" in (await mei.get(f"/jobs/{job}", headers=PART))[1]


async def test_what_is_shared_with_everybody_has_a_public_page(operator: Client, stranger: Client) -> None:
    clip = await operator.clip_of(await operator.makes("a green kite <b>"))
    await operator.post("/explore/open", {"openness": "across"})
    assert (await operator.post(f"/clips/{clip}/share", {"on": "1", "across": "1"}))[0] == 200
    status, page = await stranger.get(f"/clips/{clip}")
    assert status == 200 and "og:video" in page and "a green kite &lt;b&gt;" in page and "urn:c2pa" in page
    for path in ("film.mp4", "poster.jpg"):
        async with stranger.http.get(f"{stranger.url}/clips/{clip}/{path}") as answer:
            assert answer.status == 200
    assert (await stranger.get(f"/clips/{clip}/download"))[0] == 401
    await operator.post("/explore/open", {"openness": "community"})
    assert (await stranger.get(f"/clips/{clip}"))[0] == 404


async def test_a_clip_of_its_own_community_only(operator: Client, stranger: Client) -> None:
    clip = await operator.clip_of(await operator.makes("a red balloon"))
    for path in (f"/clips/{clip}", f"/clips/{clip}/film.mp4", f"/clips/{clip}/poster.jpg", f"/clips/{clip}/download"):
        assert (await stranger.get(path))[0] in (401, 404)
        async with operator.http.get(operator.url + path) as answer:
            assert answer.status == 200 and await answer.read()


# -- forms ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "wrong", "🦊", "x" * 500])
async def test_a_form_without_its_token_changes_nothing(operator: Client, token: str) -> None:
    status, said = await operator.post("/library/folders/make", {"csrf": token, "name": "planted"})
    assert (status, "did not come from here" in said) == (403, True)
    assert "planted" not in (await operator.get("/library"))[1]


async def test_somebody_elses_token_is_no_good(operator: Client, mei: Client) -> None:
    status, _ = await operator.post("/library/folders/make", {"csrf": mei.token, "name": "planted"})
    assert status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_form_of_another_site_changes_nothing(operator: Client, headers: dict[str, str]) -> None:
    status, _ = await operator.post("/library/folders/make", {"name": "planted"}, headers=headers)
    assert status == 403


async def test_a_name_that_is_not_ours_is_no_way_in(operator: Client) -> None:
    """DNS rebinding: another site's name that leads to this machine."""
    assert (await operator.get("/", headers={"Host": "evil.example"}))[0] == 421
    assert (await operator.get("/", headers={"Host": "127.0.0.1.evil.example"}))[0] == 421


async def test_every_answer_says_what_a_page_may_do(operator: Client, stranger: Client) -> None:
    for client, path in ((operator, "/"), (stranger, "/enter"), (stranger, "/no/such/page"), (operator, "/desk")):
        async with client.http.get(client.url + path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            page = await answer.text()
        assert not re.search(r"<script(?![^>]* src=\"/static/)|<style|\son\w+=|\sstyle=|javascript:", page), path
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", page), path


# -- what is written into pages ------------------------------------------------------------------------------------


async def test_what_people_write_stays_what_it_is(operator: Client, mei: Client) -> None:
    """In prompts, titles, folders, styles, searches and addresses."""
    job = await operator.makes(f"a wolf {SCRIPT}", style="ink")
    clip = await operator.clip_of(job)
    await operator.post(f"/clips/{clip}/rename", {"title": f"T{SCRIPT}"[:90]})
    await operator.post("/library/folders/make", {"name": f"F{SCRIPT}"[:70]})
    paths = ["/", "/jobs", f"/jobs/{job}", f"/clips/{clip}", "/library", "/library?as=list", "/studio"]
    paths += [
        f"/library?q={URL.build(path=SCRIPT).raw_path}",
        "/explore?q=%3Cscript%3E",
        "/enter?key=%22%3E%3Cscript%3E",
    ]
    paths += [
        f"/make/remix?clip={clip}",
        "/?prompt=%3C/textarea%3E%3Cscript%3E",
        "/desk/audit?actor=%22%3E%3Cscript%3E",
    ]
    for path in paths:
        _, page = await operator.get(path)
        assert "<script>" not in page and "<img src=x" not in page, path
    status, page = await operator.post("/make/create", {"prompt": SCRIPT, "variations": f"9{SCRIPT}"})
    assert status == 422 and "<script>" not in page


async def test_back_leads_nowhere_else(operator: Client) -> None:
    for back in ("//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "\t//evil"):
        fields = {"csrf": operator.token, "theme": "dark", "back": back}
        async with operator.http.post(f"{operator.url}/settle", data=fields, allow_redirects=False) as answer:
            assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    "path",
    [
        "/static/..%2f..%2fguards.py",
        "/static/%2e%2e/guards.py",
        "/static/../rendering.py",
        "/clips/..%2f..%2fkinora.db/film.mp4",
        "/clips/%00/film.mp4",
        "/desk/case-..%2f../sheet.png",
        "/jobs/job-%F0%9F%A6%8A",
        "/static/kinora.css%00.js",
    ],
)
async def test_no_path_leads_out_of_the_rooms(operator: Client, path: str) -> None:
    async with operator.http.get(URL(operator.url + path, encoded=True)) as answer:
        assert answer.status in (400, 404)
        assert "Traceback" not in await answer.text()


# -- files ---------------------------------------------------------------------------------------------------------


async def test_a_clip_comes_in_ranges(operator: Client) -> None:
    clip = await operator.clip_of(await operator.makes("a red kite"))
    address = f"{operator.url}/clips/{clip}/film.mp4"
    async with operator.http.get(address) as answer:
        whole = await answer.read()
        assert answer.headers["Accept-Ranges"] == "bytes" and answer.content_type == "video/mp4"
    for asked, expected in (
        ("bytes=0-99", whole[:100]),
        ("bytes=100-", whole[100:]),
        ("bytes=-50", whole[-50:]),
        (f"bytes=10-{len(whole) * 2}", whole[10:]),
    ):
        async with operator.http.get(address, headers={"Range": asked}) as answer:
            assert (answer.status, await answer.read()) == (206, expected)
    for wrong in (f"bytes={len(whole)}-", "bytes=99999999999999999999-", "bytes=b-a", "bytes=5-2"):
        async with operator.http.get(address, headers={"Range": wrong}) as answer:
            assert answer.status in (200, 416)


async def test_what_is_no_picture_is_told_and_what_is_too_large_is_cut_off(
    operator: Client, studio: OpenStudio
) -> None:
    def form(content: bytes, name: str) -> aiohttp.FormData:
        data = aiohttp.FormData()
        data.add_field("csrf", operator.token)
        data.add_field("picture", content, filename=name, content_type="image/png")
        return data

    address = f"{operator.url}/make/animate"
    for content, name in (
        (b"<script>alert(1)</script>", "x.png"),
        (b"", "empty.png"),
        (b"\x89PNG" + b"0" * 99, SCRIPT),
    ):
        async with operator.http.post(address, data=form(content, name)) as answer:
            page = await answer.text()
            assert answer.status == 422 and 'role="alert"' in page and "<script>" not in page
    assert list((studio.folder / "data" / "scratch").iterdir()) == []


async def test_a_file_that_is_too_large_is_not_even_waited_for(operator: Client) -> None:
    (cookie,) = (one.value for one in operator.http.cookie_jar if one.key == "kinora_session")
    where = URL(operator.url)
    reader, writer = await asyncio.open_connection(where.host, where.port)
    lines = ("POST /make/animate HTTP/1.1", f"Host: {where.authority}", f"Cookie: kinora_session={cookie}")
    lines += ("Content-Type: multipart/form-data; boundary=x", f"Content-Length: {90 * 2**20}", "", "")
    writer.write("\r\n".join(lines).encode())
    async with asyncio.timeout(10):
        assert b" 413 " in await reader.readline()
    writer.close()


async def test_a_form_that_never_ends_is_cut_off(operator: Client) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield f"csrf={operator.token}&name=".encode()
        for _ in range(400):
            yield b"x" * 1_000

    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with operator.http.post(f"{operator.url}/library/folders/make", data=endless(), headers=headers) as answer:
        assert answer.status == 413


async def test_too_much_in_a_form_is_refused(operator: Client) -> None:
    assert (await operator.post("/make/create", {"prompt": "a" * 4_001}))[0] == 422
    assert (await operator.post("/library/folders/make", {"name": "x" * 300_000}))[0] == 413
    many = {f"field{n}": "x" for n in range(500)}
    assert (await operator.post("/library/folders/make", many))[0] == 422
    async with operator.http.post(
        f"{operator.url}/make/animate", data=b"--x\r\n", headers={"Content-Type": "multipart/form-data; boundary=x"}
    ) as answer:
        assert answer.status in (400, 403, 422)


async def test_senders_that_say_nothing_keep_nobody_waiting(operator: Client) -> None:
    """Two hundred open lines with half a request on each."""
    host, port = URL(operator.url).host, URL(operator.url).port
    lines = await asyncio.gather(*(asyncio.open_connection(host, port) for _ in range(200)))
    for number, (_, writer) in enumerate(lines):
        writer.write(
            b"GET / HTTP/1.1\r\nHost: 127" if number % 2 else b"POST /settle HTTP/1.1\r\nContent-Length: 999\r\n"
        )
    async with asyncio.timeout(10):
        assert (await operator.get("/library"))[0] == 200
    for _, writer in lines:
        writer.close()


async def test_who_asks_too_often_waits(studio: OpenStudio, stranger: Client) -> None:
    answers = [await stranger.post("/enter", {"key": f"guess{n}"}) for n in range(14)]
    assert {status for status, _ in answers} == {403, 429}


async def test_for_machines(studio: OpenStudio, operator: Client) -> None:
    async with aiohttp.ClientSession() as http:
        for path, said in (("/healthz", "alive"), ("/readyz", "ready"), ("/metrics", "kinora_jobs")):
            async with http.get(studio.health + path) as answer:
                assert answer.status == 200 and said in await answer.text()
        async with http.get(studio.health + "/library") as answer:
            assert answer.status == 404
    assert (await operator.get("/metrics"))[0] == 404  # on their own port alone


async def test_the_key_is_its_owners_alone(studio: OpenStudio) -> None:
    assert (studio.folder / "data" / "web.key").stat().st_mode & 0o777 == 0o600
    assert Path(studio.folder / "data" / "web.json").exists()

"""C2PA's Soft Binding Resolution API over real sockets: what everybody may see is told, and nothing else."""

import asyncio
import contextlib
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import aiohttp
import c2pa
import pytest
import pytest_asyncio

from bots.terminal.courier import Address, TerminalCourier
from bots.web.site import Site
from engine import releases, settings
from engine.brief import Aspect, Brief, Look
from engine.communities import Openness
from engine.handed import Clip
from engine.members import Asker
from engine.studio import Studio
from provenance.containers import manifest_store
from provenance.manifest import MARK_ALGORITHM
from storage import clips

pytestmark = pytest.mark.asyncio(loop_scope="module")
AT = "/c2pa/v1"
BINDING = f"{AT}/matches/byBinding"


@dataclass
class World:
    """A studio with one clip and its pages, and somebody out there with no name."""

    studio: Studio
    site: Site
    me: Asker
    clip: Clip
    http: aiohttp.ClientSession

    async def get(self, path: str, **query: str) -> tuple[int, Any]:
        async with self.http.get(self.site.url + path, params=query) as answer:
            body = await answer.read()
            return answer.status, json.loads(body) if answer.content_type == "application/json" else body

    async def matches(self, value: str, **query: str) -> tuple[int, Any]:
        encoded = b64encode(value.encode()).decode()
        return await self.get(BINDING, alg=MARK_ALGORITHM, value=encoded, **query)

    async def label(self) -> str:
        manifest = await self.studio.credentials(self.clip.id)
        assert manifest is not None
        return manifest.label


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    folder = tmp_path_factory.mktemp("resolving")
    web = {"port": 0, "health_port": 0, "resolves_marks": True}
    async with Studio.open(settings.load(data=folder / "data", web=web)) as studio:
        me = await studio.at_home()
        brief = Brief(prompt="a kite over a field", look=Look(seconds=1, aspect=Aspect.SQUARE), seed=1)
        job_id = await studio.ask(brief, me, Address(folder=str(folder)).as_origin())
        await studio.finish(job_id, [TerminalCourier(studio)])
        (clip,) = (await studio.job(job_id)).clips
        await studio.explore.open_to(me, Openness.ACROSS)
        site = Site(studio)
        serving = asyncio.create_task(site.serve())
        await site.is_open.wait()
        async with aiohttp.ClientSession() as http:
            yield World(studio, site, me, clip, http)
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


@pytest_asyncio.fixture(loop_scope="module")
async def shared(world: World) -> AsyncIterator[World]:
    await world.studio.explore.share(world.me, world.clip.id, across=True)
    yield world
    with contextlib.suppress(Exception):
        await world.studio.explore.unshare(world.me, world.clip.id)


async def test_a_mark_leads_to_the_manifest_that_was_signed(shared: World) -> None:
    label = await shared.label()
    expected = (200, {"matches": [{"manifestId": label, "similarityScore": 100}]})
    assert await shared.matches(shared.clip.id) == expected
    assert await shared.matches(shared.clip.id.upper(), maxResults="1") == expected
    status, store = await shared.get(f"{AT}/manifests/{label}")
    assert status == 200 and store == manifest_store(shared.clip.file)
    status, alone = await shared.get(f"{AT}/manifests/{label}", returnActiveManifest="true")
    assert status == 200
    for one in (store, alone):
        with c2pa.Reader("application/c2pa", BytesIO(one)) as reader:
            assert json.loads(reader.json())["active_manifest"] == label


async def test_the_value_may_be_posted_and_written_in_either_alphabet(shared: World) -> None:
    value = urlsafe_b64encode(shared.clip.id.encode()).decode().rstrip("=")
    for options in (
        {"json": {"alg": MARK_ALGORITHM, "value": value}},
        {"data": {"alg": MARK_ALGORITHM, "value": value}},
    ):
        async with shared.http.post(shared.site.url + BINDING, **options) as answer:  # type: ignore[arg-type]
            assert answer.status == 200 and len((await answer.json())["matches"]) == 1
            assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_what_its_maker_did_not_show_to_everybody_is_not_there(world: World) -> None:
    nothing, label = (200, {"matches": []}), await world.label()
    assert await world.matches(world.clip.id) == nothing
    assert (await world.get(f"{AT}/manifests/{label}"))[0] == 404
    await world.studio.explore.share(world.me, world.clip.id)  # with their own community alone
    assert await world.matches(world.clip.id) == nothing
    assert (await world.get(f"{AT}/manifests/{label}"))[0] == 404
    await world.studio.explore.unshare(world.me, world.clip.id)


async def test_what_was_taken_down_is_not_there(shared: World) -> None:
    label = await shared.label()
    assert (await shared.get(f"{AT}/manifests/{label}"))[0] == 200
    async with shared.studio.database.writing() as tx:
        row = await clips.get(tx, shared.clip.id)
        assert row is not None
        was = await releases.take_down(tx, row)
    assert await shared.matches(shared.clip.id) == (200, {"matches": []})
    assert (await shared.get(f"{AT}/manifests/{label}"))[0] == 404
    async with shared.studio.database.writing() as tx:
        await releases.put_back(tx, row, was)


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        (BINDING, {}, "resolution.value"),
        (BINDING, {"alg": MARK_ALGORITHM, "value": "%%%"}, "resolution.value"),
        (BINDING, {"alg": MARK_ALGORITHM, "value": "/////w=="}, "resolution.value"),  # no UTF-8
        (BINDING, {"alg": MARK_ALGORITHM, "value": "A" * 5_000}, "resolution.value"),
        (BINDING, {"alg": "com.example.mark.1", "value": "YQ=="}, "resolution.algorithm"),
        (BINDING, {"alg": MARK_ALGORITHM, "value": "YQ==", "maxResults": "0"}, "resolution.most"),
        (BINDING, {"alg": MARK_ALGORITHM, "value": "YQ==", "maxResults": "🦊"}, "resolution.most"),
        (f"{AT}/manifests/..%2f..%2fkinora.db", {}, "resolution.manifest_id"),
        (f"{AT}/manifests/urn:c2pa:影片", {}, "resolution.manifest_id"),
        (f"{AT}/manifests/urn:c2pa:1", {"returnActiveManifest": "yes"}, "resolution.true_or_false"),
    ],
)
async def test_a_malformed_question_is_told(world: World, path: str, query: dict[str, str], code: str) -> None:
    status, told = await world.get(path, **query)
    assert (status, told["error"]) == (400, code) and told["sentence"]


async def test_hostile_bodies_are_told_and_unknown_names_find_nothing(world: World) -> None:
    for body in (b"[1]", b"{", b"[" * 100_000, b'{"alg": 7}', b"\xff" * 9):
        async with world.http.post(
            world.site.url + BINDING, data=body, headers={"Content-Type": "application/json"}
        ) as answer:
            assert answer.status in (400, 422)
    assert await world.matches("'; DROP TABLE") == (200, {"matches": []})
    assert await world.matches("00000000") == (200, {"matches": []})
    assert (await world.get(f"{AT}/manifests/urn:c2pa:00000000-0000-0000-0000-000000000000"))[0] == 404
    assert await world.get(f"{AT}/services/supportedAlgorithms") == (
        200,
        {"watermarks": [{"alg": MARK_ALGORITHM}], "fingerprints": []},
    )


async def test_who_asks_too_often_waits(world: World) -> None:
    own = aiohttp.TCPConnector(local_addr=("127.0.3.1", 0))
    async with aiohttp.ClientSession(connector=own) as http:

        async def status() -> int:
            async with http.get(world.site.url + AT + "/services/supportedAlgorithms") as answer:
                return answer.status

        assert set(await asyncio.gather(*(status() for _ in range(500)))) == {200, 429}


async def test_it_is_closed_unless_the_operator_opens_it(shared: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not settings.WebSettings().resolves_marks
    monkeypatch.setattr(shared.site, "settings", shared.site.settings.model_copy(update={"resolves_marks": False}))
    assert (await shared.matches(shared.clip.id))[0] == 404
    assert (await shared.get(f"{AT}/manifests/{await shared.label()}"))[0] == 404
    assert (await shared.get(f"{AT}/services/supportedAlgorithms"))[0] == 404

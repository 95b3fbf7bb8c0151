"""A studio whose files are in a store: made on one machine, had whole on every other, and nothing lost meanwhile.

Two machines share a database and a store here, and have a data folder each.
"""

import asyncio
import hashlib
import shutil
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bots.terminal.courier import Address, TerminalCourier
from bots.web.site import Site
from engine import doctor, settings
from engine.brief import Brief, Look
from engine.jobs import JobState
from engine.studio import Studio
from engine.sweeping import sweep
from safety.verdict import Decision
from storage import jobs as ledger
from storage.errors import StorageError
from tests.bots.web.client import Client
from tests.worlds.s3 import S3World


@pytest.fixture
def store(s3: S3World) -> str:
    s3.faults.end()
    return s3.url(s3.new_bucket().removeprefix("s3://").partition("/")[0], "&links=yes")


@asynccontextmanager
async def machine(folder: Path, name: str, store: str) -> AsyncIterator[Studio]:
    """The first that is opened makes the keys; they are carried to the others, as docs/servers.md says."""
    database = f"sqlite+aiosqlite:///{folder / 'shared.db'}"
    if (folder / "one" / "keys").exists() and not (folder / name).exists():
        shutil.copytree(folder / "one" / "keys", folder / name / "keys")
    loaded = settings.load(
        data=folder / name, database=database, files=store, credits={"local": 500}, web={"port": 0, "health_port": 0}
    )
    async with Studio.open(loaded) as studio:
        yield studio


async def ask(studio: Studio, folder: Path, prompt: str) -> str:
    folder.mkdir(exist_ok=True)
    address = Address(folder=str(folder), of=1).as_origin()
    return await studio.ask(Brief(prompt=prompt, look=Look(seconds=1), seed=1), await studio.at_home(), address)


async def test_a_clip_is_held_here_decided_and_sealed_there_while_the_store_comes_and_goes(
    s3: S3World, store: str, tmp_path: Path
) -> None:
    async with machine(tmp_path, "one", store) as one:
        job_id = await ask(one, tmp_path / "out", "een hond loopt door het bos terwijl de zon schijnt op het water")
        await one.finish(job_id, [TerminalCourier(one)])
        assert (await one.job(job_id)).state is JobState.HELD  # its words: nothing is drawn yet
        await one.decide((await one.job(job_id)).case_ids[0], Decision.ALLOW, await one.at_home())

        s3.faults.refuse = -1
        finishing = asyncio.create_task(one.finish(job_id, [TerminalCourier(one)]))
        async with asyncio.timeout(120):
            while not (await one.job(job_id)).waits_for_store:
                await asyncio.sleep(0.1)
        async with one.database.reading() as tx:
            (take,) = await ledger.takes_of(tx, job_id)
        assert one.places.take(take.id).exists()  # drawn, and not drawn again
        drawn_at = one.places.take(take.id).stat().st_mtime_ns
        s3.faults.end()
        await asyncio.wait_for(finishing, 120)
        view = await one.job(job_id)
        assert (view.state, view.waits_for_store) == (JobState.DELIVERED, False)
        assert one.places.take(take.id).stat().st_mtime_ns == drawn_at
        (clip,) = view.clips
        assert hashlib.sha256((tmp_path / "out" / f"kinora-{clip.id}.mp4").read_bytes()).hexdigest() == clip.sha256
        assert (await one.balance(await one.at_home())).available == 500 - view.job.price
        assert not any(one.places.files.rglob("*.mp4"))  # the folder of the files has nothing; the cache has

    async with machine(tmp_path, "two", store) as two:
        there = await two.clip(clip.id)
        assert not there.file.exists()
        told = await two.verify(there.file)
        assert (told.made_here, told.layer, told.clip) == (True, "c2pa", clip.id)
        assert hashlib.sha256((await two.at_hand(there.file)).read_bytes()).hexdigest() == clip.sha256
        content = there.file.read_bytes()
        there.file.unlink()
        await check_pages(two, clip.id, content)

        sheet = await two.library.grid((await two.library.page(await two.at_home())).items, tmp_path / "sheet.jpg")
        assert sheet.stat().st_size > 1_000

        await sweep(two.database, two.places, two.blobs, grace_seconds=-2)
        assert sorted(key.partition("/")[0] for key in s3.keys(store)) == ["kept", "kinora.json", "sealed", "sealed"]
        await two.library.throw_away(await two.at_home(), [clip.id])
        await two.library.empty_trash(await two.at_home())
        assert [key for key in s3.keys(store) if key.startswith("sealed")] == []
        await sweep(two.database, two.places, two.blobs, grace_seconds=-2)
        assert s3.keys(store) == ["kinora.json"]


async def check_pages(studio: Studio, clip_id: str, content: bytes) -> None:
    """A machine that never had the clip plays any part of it, and leads a download to the store, for a while."""
    site = Site(studio)
    serving = asyncio.create_task(site.serve())
    try:
        await asyncio.wait_for(site.is_open.wait(), 30)
        me, stranger = Client(site), Client(site)
        async with me.http, stranger.http:
            await me.enter(await site.link_for(await studio.at_home()))
            film, download = (f"{site.url}/clips/{clip_id}/{name}" for name in ("film.mp4", "download"))
            async with me.http.get(film, headers={"Range": "bytes=1000-1999"}) as answer:
                assert (answer.status, await answer.read()) == (206, content[1000:2000])
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            async with me.http.get(download, allow_redirects=False) as answer:
                assert answer.status == 302
                assert answer.headers["Cache-Control"] == "no-store"
                link = answer.headers["Location"]
            for address in (film, download):
                async with stranger.http.get(address, allow_redirects=False) as answer:
                    assert "X-Amz-Signature" not in answer.headers.get("Location", "")
                    assert content[:2000] not in await answer.read()
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
    with urllib.request.urlopen(link) as answer:
        assert answer.read() == content
        assert answer.headers["Content-Disposition"] == f'attachment; filename="kinora-{clip_id}.mp4"'


async def test_a_store_belongs_to_one_studio_and_a_studio_with_files_does_not_start_without_them(
    s3: S3World, store: str, tmp_path: Path
) -> None:
    async with machine(tmp_path / "a", "one", store):
        pass
    with pytest.raises(StorageError) as caught:
        async with machine(tmp_path / "b", "one", store):
            pass
    assert caught.value.code == "store.of_others"
    s3.faults.refuse = -1
    async with machine(tmp_path / "a", "one", store):
        pass  # known from before: a studio starts also while its store is away


# -- the doctor ----------------------------------------------------------------------------------------------------


def found(store: str, tmp_path: Path) -> list[tuple[str, str]]:
    loaded = settings.load(data=tmp_path / "data", files=store)
    return [(one.code, one.condition.value) for one in doctor.check_files(loaded)]


def test_the_doctor_puts_reads_and_removes_and_names_what_it_may_not(
    s3: S3World, store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert found(store, tmp_path) == [("files.fine", "fine")]
    assert s3.keys(store) == []
    for method, code in (("PUT", "put"), ("GET", "read"), ("POST", "remove")):
        s3.faults.denies = frozenset({method})
        assert found(store, tmp_path) == [(f"files.may_not_{code}", "broken")]
    s3.faults.denies = frozenset()
    s3.faults.is_public = True
    assert found(store, tmp_path) == [("files.open_to_all", "broken"), ("files.fine", "fine")]
    s3.faults.end()
    assert found(s3.url("kinora-nowhere"), tmp_path) == [("store.no_bucket", "broken")]
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    assert found(store, tmp_path) == [("store.wrong_key", "broken")]

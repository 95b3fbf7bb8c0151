"""A studio that is carried elsewhere is the same there, whatever happens on the way, and the old one is untouched."""

import asyncio
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.engine import make_url

from engine import settings, shift
from engine.moving import MoveReport, Step, move
from engine.ownership import NOTE, check_ours
from engine.places import Places
from storage.carrying import UNDER_WAY, summed
from storage.database import Database, newest_version, stored_version
from storage.errors import CodedError
from storage.tables import communities, events, members
from tests import databases
from tests.databases import on_postgresql
from tests.engine.keeping import kept_studio
from tests.engine.small_studio import ask, small_studio
from tests.worlds.s3 import S3World

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A studio on disk with a clip, a held take, and members of whom one became another."""
    folder = tmp_path_factory.mktemp("made") / "data"
    with databases.of_kind(databases.SQLITE):
        kept_studio.make_studio(folder)
        asyncio.run(_write_more(folder))
    return folder


@pytest.fixture
def data(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "data"))


async def _write_more(folder: Path) -> None:
    async with small_studio(folder) as (database, asker), database.writing() as tx:
        job = await ask(tx, asker)
        plain = {"plan": "free", "created_at": 1, "settings": {}}
        for number in range(1_200):  # more than are carried at once
            await tx.execute(insert(events).values(job_id=job.id, kind="測試🎬", data={"n": number, "b": None}, at=1))
        await tx.execute(insert(members).values(id="aaaaaaaa", merged_into=asker.member_id, **plain))
        await tx.execute(insert(members).values(id="zzzzzzzz", merged_into="aaaaaaaa", **plain))


def loaded(data: Path, **more: object) -> settings.Settings:
    return settings.load(data=data, **more)


async def carried(data: Path, **where: str | None) -> MoveReport:
    return await move(loaded(data), database=where.get("database"), files=where.get("files"))


def refused(data: Path, **where: str | None) -> str:
    with pytest.raises(CodedError) as caught:
        asyncio.run(carried(data, **where))
    return caught.value.code


def of_disk(data: Path) -> dict[str, str]:
    """Everything in the folder that is no lock and no journal, by its hash."""
    folders = (data / "files", data / "quarantine", data / "keys")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.name[0] != "."]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


# -- into PostgreSQL -----------------------------------------------------------------------------------------------


@on_postgresql
def test_every_row_arrives_and_numbers_go_on(data: Path) -> None:
    url = databases.new_on_server(empty=True)
    report = asyncio.run(carried(data, database=url))
    assert report.lines == (f'database = "{url}"',)
    assert report.tables["events"] > 1_200
    assert report.tables["members"] == 3

    async def compare() -> None:
        async with await Database.open(databases.url(data)) as old, await Database.open(url) as new:
            nobody = lambda done, of: None  # noqa: E731
            assert await summed(old, nobody) == await summed(new, nobody)
            async with new.reading() as tx:
                merged = dict(list(await tx.execute(text("SELECT id, merged_into FROM members"))))
                last = (await tx.execute(text("SELECT max(id) FROM events"))).scalar_one()
            assert merged["zzzzzzzz"] == "aaaaaaaa"
            async with new.writing() as tx:
                job = (await tx.execute(text("SELECT id FROM jobs LIMIT 1"))).scalar_one()
                await tx.execute(insert(events).values(job_id=job, kind="new", data={}, at=1))
            async with new.reading() as tx:
                assert (await tx.execute(text("SELECT max(id) FROM events"))).scalar_one() == last + 1

    asyncio.run(compare())
    assert refused(data, database=url) == "move.differs"  # it went on there, so nothing is carried into it again


MOVER = """
import asyncio, os, signal, sys
from engine import settings
from engine.moving import Step, move
def tell(step, done, of):
    print(step, flush=True)
    if step == sys.argv[4] and (done > 700 or step == Step.FILES):
        os.kill(os.getpid(), signal.SIGKILL)
where = {sys.argv[2]: sys.argv[3]}
asyncio.run(move(settings.load(data=sys.argv[1]), **{"database": None, "files": None, **where}, progress=tell))
"""


def killed_at(data: Path, kind: str, url: str, step: Step) -> None:
    done = subprocess.run([sys.executable, "-c", MOVER, data, kind, url, step], cwd=ROOT, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@on_postgresql
def test_killed_while_it_carries_it_goes_on_where_it_was_and_nothing_starts_on_the_half(data: Path) -> None:
    url, before = databases.new_on_server(), of_disk(data)
    killed_at(data, "database", url, Step.ROWS)
    assert stored_version(make_url(url)) == UNDER_WAY

    async def start() -> None:
        async with await Database.open(url):
            pass

    with pytest.raises(CodedError) as caught:
        asyncio.run(start())
    assert caught.value.code == "database.newer"
    told: list[tuple[Step, int]] = []
    asyncio.run(move(loaded(data), database=url, files=None, progress=lambda *one: told.append((one[0], one[1]))))
    assert next(done for step, done in told if step is Step.ROWS) > 700  # what was there is not carried twice
    assert stored_version(make_url(url)) == newest_version()
    assert of_disk(data) == before
    assert asyncio.run(carried(data, database=url)).tables["members"] == 3  # once more does no harm


@on_postgresql
def test_what_is_no_new_place_is_refused_and_not_touched(data: Path, tmp_path: Path) -> None:
    with databases.of_kind(databases.SQLITE):
        databases.lay_out(tmp_path / "another")
    used = databases.new_on_server()

    async def settle() -> None:
        async with await Database.open(used) as database, database.writing() as tx:
            await tx.execute(
                insert(communities).values(id="other", platform="local", external_id="local", settings={}, created_at=1)
            )

    asyncio.run(settle())
    assert refused(data, database=used) == "move.not_empty"
    strange = databases.new_on_server(empty=True)
    with databases.at(strange) as connection:
        connection.exec_driver_sql("CREATE TABLE somebody (name text)")
    assert refused(data, database=strange) == "move.not_empty"
    half = databases.new_on_server()
    killed_at(data, "database", half, Step.ROWS)
    assert refused(tmp_path / "another", database=half) == "move.of_others"


def test_what_cannot_be_meant_is_said_so(data: Path, tmp_path: Path) -> None:
    assert refused(data) == "move.nothing_asked"
    assert refused(data, database=databases.url(data)) == "move.same"
    assert refused(tmp_path / "nowhere", files="s3://kinora-x") == "move.nothing"
    assert refused(data, database="mysql://x") == "database.url"
    assert refused(data, files="s3://") == "store.url"
    assert asyncio.run(while_running(data)) == "move.running"


async def while_running(data: Path) -> str:
    async with await Database.open(databases.url(data)) as database:
        assert await shift.take_the_shift(database, "another machine:1") is not None
    with pytest.raises(CodedError) as caught:
        await carried(data, files="s3://kinora-x?endpoint=http://127.0.0.1:9")
    return caught.value.code


def typed(data: Path, *arguments: str) -> dict[str, Any]:
    """What the command answers."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("KINORA_")}
    command = [sys.executable, "-m", "bots.main", "--data", str(data), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=plain, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


# -- into a store --------------------------------------------------------------------------------------------------


def test_every_file_arrives_under_its_kind_of_key_also_after_a_kill(s3: S3World, data: Path) -> None:
    s3.faults.end()
    url, before = s3.new_bucket(), of_disk(data)
    killed_at(data, "files", url, Step.FILES)
    places = Places(data)

    async def start() -> str:
        async with await Database.open(databases.url(data)) as database:
            with pytest.raises(CodedError) as caught:
                await check_ours(database, places, url)
        return caught.value.code

    assert asyncio.run(start()) == "store.half_moved"
    s3.faults.seen.clear()
    told = typed(data, "move", "--files", url, "--json")
    put = [one for one in s3.faults.seen if one.startswith("PUT ") and "/sealed/" in one]
    assert len(put) < 2  # the clip or its poster was there already
    assert (told["settings"], told["missing"]) == ([f'files = "{url}"'], [])
    there = {key: hashlib.sha256(s3.looking(url).note(key) or b"").hexdigest() for key in s3.keys(url)}
    clip, poster = (hashlib.sha256(one).hexdigest() for one in (kept_studio.CLIP, kept_studio.POSTER))
    assert there.pop(NOTE)
    assert there[f"sealed/{clip[:2]}/{clip}.mp4"] == clip
    assert there[f"sealed/{poster[:2]}/{poster}.jpg"] == poster
    assert {key.partition("/")[0] for key in there} == {"sealed", "quarantine"}
    assert "quarantine/00000000.mp4" not in there  # of a job that is over
    assert of_disk(data) == before
    assert not list(data.glob("moving-*"))


def test_a_store_of_others_or_with_things_in_it_is_refused_and_damage_is_named(
    s3: S3World, data: Path, tmp_path: Path
) -> None:
    s3.faults.end()
    used, others = s3.new_bucket(), s3.new_bucket()
    s3.looking(used).put_note("holiday.jpg", b"x")
    s3.looking(others).put_note(NOTE, b'{"studio": "somebody"}')
    assert refused(data, files=used) == "move.not_empty"
    assert refused(data, files=others) == "store.of_others"
    assert s3.keys(used) == ["holiday.jpg"]
    s3.faults.refuse = -1
    assert refused(data, files=s3.url("kinora-x")) == "store.away"
    s3.faults.end()
    clip = hashlib.sha256(kept_studio.CLIP).hexdigest()
    (data / "files" / clip[:2] / f"{clip}.mp4").write_bytes(b"changed")
    report = asyncio.run(carried(data, files=s3.new_bucket()))
    assert report.missing == (f"sealed/{clip[:2]}/{clip}.mp4",)
    assert report.files > 0

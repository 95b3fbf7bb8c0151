"""What a member can take along, what is forgotten when they leave, and what stays of them: all of it, and no more."""

import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine import jobs, members
from engine.belongings import Belongings
from engine.brief import Brief
from engine.members import Asker
from engine.origin import Origin
from engine.places import Places
from engine.plans import shipped
from engine.presets import PresetContent
from storage import belongings, credits
from storage import jobs as ledger
from storage.credits import Account
from storage.errors import CodedError
from storage.library import View
from tests.databases import on_sqlite
from tests.engine.shared_studio import SharedStudio, shared_studio
from tests.engine.small_studio import url

SECRET = "zanzibar"  # in everything that ann says


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[SharedStudio]:
    async with shared_studio(tmp_path) as opened:
        yield opened


def belongings_of(studio: SharedStudio) -> Belongings:
    return Belongings(studio.database, url(studio.data), Places(studio.data), studio.blobs, studio.fleet)


async def a_full_life(studio: SharedStudio) -> list[str]:
    """Everything that a member can leave traces with: answers with the clips that they made."""
    ann, bob = studio.ann, studio.bob
    made = [await studio.clip(ann, f"{SECRET} {number}", seed=number) for number in range(3)]
    await studio.library.make_folder(ann, f"{SECRET} folder")
    await studio.library.put(ann, made[:2], f"{SECRET} folder")
    await studio.library.rename(ann, made[0], f"{SECRET} title")
    await studio.library.throw_away(ann, [made[2]])
    await studio.explore.share(ann, made[0])
    await studio.explore.bookmark(bob, made[0])
    theirs = await studio.shared(bob, "a fox", seed=9)
    await studio.explore.bookmark(ann, theirs)
    await studio.explore.report(ann, theirs, "hate", f"{SECRET} note")
    await studio.presets.save(ann, f"{SECRET} preset", PresetContent(words=f"{SECRET} words"))
    async with studio.database.writing() as tx:
        await members.claim(tx, ann.member_id, f"discord:{SECRET}", "plus", shipped())
    return made


def bytes_of_the_database(studio: SharedStudio) -> bytes:
    return b"".join(file.read_bytes() for file in studio.data.glob("kinora.db*"))


def test_of_every_table_somebody_said_what_in_it_is_a_member_s() -> None:
    """A table that comes later has to be named in storage/belongings.py: exported, or left out for a reason."""
    assert belongings.tables_without_a_word() == set()


async def test_an_export_has_all_that_the_member_has_and_nothing_of_others(
    studio: SharedStudio, tmp_path: Path
) -> None:
    made = await a_full_life(studio)
    lost = await studio.clip(studio.ann, "lost", seed=50)
    withdrawn = await studio.clip(studio.ann, "withdrawn", seed=51)
    await studio.take_down(withdrawn)
    async with studio.database.reading() as tx:
        from storage import clips

        row = await clips.get(tx, lost)
    assert row is not None
    studio.blobs.path(row.sha256, ".mp4").write_bytes(b"something else")
    file = tmp_path / "mine.zip"
    report = await belongings_of(studio).export(studio.ann, file, readme="read me")
    assert (report.clips, report.missing, report.bytes) == (3, (lost,), file.stat().st_size)
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as packed:
        assert packed.testzip() is None
        names = set(packed.namelist())
        clips_in_it = {name for name in names if name.startswith("clips/")}
        document = json.loads(packed.read("library.json"))
    assert clips_in_it == {f"clips/{clip}.mp4" for clip in made}
    assert {f"{kind}/{made[0]}.{suffix}" for kind, suffix in (("posters", "jpg"), ("manifests", "json"))} <= names
    rows = document["rows"]
    assert {row["id"] for row in rows["clips"]} == {*made, lost, withdrawn}
    assert {row["name"] for row in rows["folders"]} == {f"{SECRET} folder"}
    assert rows["reports"][0]["note"] == f"{SECRET} note"
    assert rows["identities"] == [{"platform": "test", "external_id": "ann", "member_id": "ann"}]
    others = json.dumps(rows, ensure_ascii=False)
    assert '"bob"' not in others and "a fox" not in others
    assert not list(tmp_path.glob(".mine*"))


async def test_an_export_that_cannot_be_written_leaves_nothing(studio: SharedStudio, tmp_path: Path) -> None:
    await studio.clip(studio.ann)
    with pytest.raises(OSError, match="missing"):
        await belongings_of(studio).export(studio.ann, tmp_path / "missing" / "x.zip", readme="")
    assert not (tmp_path / "missing").exists()


@on_sqlite
async def test_who_leaves_is_forgotten_also_in_the_free_space_of_the_file(studio: SharedStudio) -> None:
    made = await a_full_life(studio)
    kept = await studio.clip(studio.bob, "a remix", of=made[0])
    before = studio.files_of()
    assert SECRET.encode() in bytes_of_the_database(studio)
    ended = await belongings_of(studio).forget(studio.ann)
    assert (ended.clips, ended.jobs, ended.keeps_accounts) == (3, 3, False)
    assert SECRET.encode() not in bytes_of_the_database(studio)
    assert len(before) - len(studio.files_of()) == 6
    assert (await studio.explore.page(studio.bob)).items[0].maker_id == "bob"
    assert (await studio.library.page(studio.bob, View.BOOKMARKS)).items == []
    tree = await studio.remixing.tree(studio.bob, kept)
    assert (tree.clip_id, tree.gap) == (made[0], "deleted")
    held = await belongings_of(studio).held(studio.ann)
    assert held.accounts == ()
    left = {table for table, rows in held.rows.items() if rows}
    assert left == {"members", "jobs", "takes", "clips", "lineage", "manifests", "reports"} - {"lineage"}


async def test_who_comes_back_is_somebody_new(studio: SharedStudio) -> None:
    await a_full_life(studio)
    await belongings_of(studio).forget(studio.ann)
    async with studio.database.writing() as tx:
        again = await members.known_as(tx, "test", "ann", studio.ann.community_id, shipped())
    assert again.member_id != studio.ann.member_id
    assert (await studio.library.page(again)).items == []


async def test_leaving_twice_and_with_nothing_does_no_harm(studio: SharedStudio) -> None:
    assert (await belongings_of(studio).forget(studio.eve)).clips == 0
    assert (await belongings_of(studio).forget(studio.eve)).clips == 0


async def test_credits_end_and_the_books_still_balance(studio: SharedStudio) -> None:
    async with studio.database.writing() as tx:
        await credits.add(tx, credits.Entry("gift", "ann", "grant", 70, 0, "gift"))
    assert (await belongings_of(studio).forget(studio.ann)).credits == 70
    async with studio.database.reading() as tx:
        assert (await credits.balance(tx, Account("ann"))).available == 0
        assert await credits.mistakes(tx) == []


async def test_leaving_does_not_undo_a_restriction(studio: SharedStudio) -> None:
    async with studio.database.writing() as tx:
        await members.restrict(tx, "ann", "here", until=None, reason="flood", by=studio.mod)
    assert (await belongings_of(studio).forget(studio.ann)).keeps_accounts
    async with studio.database.writing() as tx:
        again = await members.known_as(tx, "test", "ann", "here", shipped())
        with pytest.raises(CodedError, match="member.restricted"):
            await members.check_unrestricted(tx, again.member_id, "here")


async def ask(studio: SharedStudio, asker: Asker) -> str:
    async with studio.database.writing() as tx:
        return await jobs.ask(
            tx,
            Brief(prompt=SECRET),
            member_id=asker.member_id,
            community_id=asker.community_id,
            origin=Origin(platform="test", address={"chat": SECRET}),
            seeds=[1],
            price_of_take=0,
        )


async def test_jobs_that_wait_are_called_off(studio: SharedStudio) -> None:
    job_id = await ask(studio, studio.ann)
    await belongings_of(studio).forget(studio.ann)
    async with studio.database.reading() as tx:
        job = await ledger.get(tx, job_id)
    assert job is not None and job.state == "cancelled"
    assert SECRET.encode() not in bytes_of_the_database(studio)


async def test_a_job_that_somebody_has_in_hand_is_waited_for(
    studio: SharedStudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.belongings._PATIENCE", 0.3)
    job_id = await ask(studio, studio.ann)
    async with studio.database.writing() as tx:
        job = await ledger.get(tx, job_id)
        assert job is not None
        await ledger.claim(tx, job, "another machine", 60_000)
    with pytest.raises(CodedError, match=r"privacy\.under_way"):
        await belongings_of(studio).forget(studio.ann)
    async with studio.database.writing() as tx:
        await ledger.free_all_of(tx, "another machine")
    await belongings_of(studio).forget(studio.ann)
    assert SECRET.encode() not in bytes_of_the_database(studio)

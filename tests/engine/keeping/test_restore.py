"""A restore brings a backup back whole, or changes nothing at all."""

import asyncio
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine import inventory
from engine.holder import this_process
from engine.restore import BackupBroken, Fault
from engine.shift import LEASE
from storage import jobs, leases
from storage.database import Database
from tests.engine.keeping.helpers import (
    bring_back,
    content,
    media,
    of,
    refusal,
    rows,
    save,
    tree,
)
from tests.engine.keeping.kept_studio import CLIP, POSTER, TAKE, add_clip


# -- broken and hostile backups ----------------------------------------------------------------------------------------
def rewrite(kept: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the inventory as somebody would who knows how: with a digest that fits."""
    plain = json.loads((kept / inventory.NAME).read_bytes())
    plain.pop("digest")
    change(plain)
    (kept / inventory.NAME).write_text(json.dumps(plain | {"digest": inventory._digest(plain)}))


def _point_at(path: str) -> Callable[[dict[str, Any]], object]:
    return lambda plain: plain["files"][0].update(path=path)


HOSTILE: dict[str, Callable[[dict[str, Any]], object]] = {
    "up and out": _point_at("../../etc/passwd"),
    "up within": _point_at("files/../keys/x"),
    "absolute": _point_at("/etc/passwd"),
    "a null byte": _point_at("files/\0"),
    "empty": _point_at(""),
    "the database again": _point_at("kinora.db"),
    "a blob of another name": _point_at(f"files/ab/{'ab' * 32}.mp4"),
    "a long name": _point_at("quarantine/" + "a" * 5_000 + ".mp4"),
    "a take in a folder": _point_at("quarantine/x/00000000.mp4"),
    "a key that is none": lambda plain: plain["keys"].append(
        {"path": "keys/../kinora.db", "sha256": "0" * 64, "size": 1}
    ),
    "a hidden key": lambda plain: plain["keys"].append({"path": "keys/.lock", "sha256": "0" * 64, "size": 1}),
    "twice": lambda plain: plain["files"].append(plain["files"][0]),
    "a negative size": lambda plain: plain["files"][0].update(size=-1),
    "a size beyond all disks": lambda plain: plain["files"][0].update(size=2**63),
    "a size with a fraction": lambda plain: plain["files"][0].update(size=1.5),
    "a size in words": lambda plain: plain["files"][0].update(size="1"),
    "a size that is true": lambda plain: plain["files"][0].update(size=True),
    "a hash that is a path": lambda plain: plain["files"][0].update(sha256="../" * 21 + "x"),
    "a hash with a line's end": lambda plain: plain["files"][0].update(sha256="0" * 64 + "\n"),
    "files that are none": lambda plain: plain.update(files="everything"),
    "no database": lambda plain: plain.pop("database"),
    "no such field": lambda plain: plain.update(run="rm -rf /"),
    "format zero": lambda plain: plain.update(format=0),
    "a time that is none": lambda plain: plain.update(made_at="\x1b[2J"),
}


@pytest.fixture(scope="module")
def good(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    kept = tmp_path_factory.mktemp("good") / "kept"
    save(template, kept, with_keys=True)
    return kept


@pytest.fixture
def backup(good: Path, kept: Path) -> Iterator[Path]:
    """A good backup to be spoilt; afterwards nothing may have come of it."""
    shutil.copytree(good, kept)
    beside = set(kept.parent.iterdir())
    yield kept
    assert set(kept.parent.iterdir()) <= beside | {kept.with_name("decoy")}


@pytest.mark.parametrize("how", HOSTILE)
def test_a_hostile_inventory_is_refused(backup: Path, how: str) -> None:
    rewrite(backup, HOSTILE[how])
    error = refusal("restore.broken", bring_back, backup.with_name("new"), backup)
    assert isinstance(error, BackupBroken)
    assert [one.file for one in error.broken] == [inventory.NAME]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"format": 1}',
        b'{"digest": 1}',
        b'{"format": 1e999, "digest": ""}',
        b'{"format": ' + b"9" * 5_000 + b', "digest": ""}',
    ],
)
def test_an_inventory_that_is_none_is_refused(backup: Path, text: bytes) -> None:
    (backup / inventory.NAME).write_bytes(text)
    refusal("restore.broken", bring_back, backup.with_name("new"), backup)


def test_a_size_that_is_a_lie_is_found_before_any_room_is_asked_for(backup: Path) -> None:
    rewrite(backup, lambda plain: plain["files"][0].update(size=2**62))
    error = refusal("restore.broken", bring_back, backup.with_name("new"), backup)
    assert isinstance(error, BackupBroken)
    assert [one.fault for one in error.broken] == [Fault.CHANGED]


def test_one_flipped_letter_in_the_inventory_is_noticed(backup: Path) -> None:
    text = (backup / inventory.NAME).read_bytes()
    (backup / inventory.NAME).write_bytes(text.replace(b'"kinora": "0', b'"kinora": "1'))
    refusal("restore.broken", bring_back, backup.with_name("new"), backup)


def test_every_broken_file_is_listed_with_what_is_wrong(backup: Path) -> None:
    decoy = backup.with_name("decoy")
    decoy.write_bytes(CLIP)
    content(backup, CLIP).unlink()
    content(backup, CLIP).symlink_to(decoy)  # the right bytes, but out of the backup
    content(backup, POSTER).write_bytes(POSTER[:-1])
    content(backup, TAKE).unlink()
    root = next(backup.rglob("root.key"))
    root.unlink()
    os.mkfifo(root)
    error = refusal("restore.broken", bring_back, backup.with_name("new"), backup)
    assert isinstance(error, BackupBroken)
    found = {one.file: one.fault for one in error.broken}
    assert found == {
        str(content(backup, CLIP).relative_to(backup)): Fault.NOT_PLAIN,
        str(content(backup, POSTER).relative_to(backup)): Fault.CHANGED,
        str(content(backup, TAKE).relative_to(backup)): Fault.MISSING,
        str(root.relative_to(backup)): Fault.NOT_PLAIN,
    }
    assert error.params["count"] == 4


def test_a_folder_that_is_a_link_is_not_followed(backup: Path) -> None:
    decoy = backup.with_name("decoy")
    shard = content(backup, CLIP).parent
    shard.rename(decoy)
    shard.symlink_to(decoy)
    refusal("restore.broken", bring_back, backup.with_name("new"), backup)


@pytest.mark.parametrize("kind", ["garbage", "another's database", "an empty file", "another version"])
def test_a_database_that_is_none_of_ours_is_refused_whatever_the_inventory_says(backup: Path, kind: str) -> None:
    file = backup.with_name("decoy")
    file.write_bytes(b"garbage" * 100 if kind == "garbage" else b"")
    if kind == "another's database":
        with closing(sqlite3.connect(file)) as database:
            database.execute("CREATE TABLE diary (day)")
    found = inventory.read(backup)
    assert found is not None
    if kind == "another version":
        shutil.copyfile(backup / found.database.stored_at, file)
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("UPDATE alembic_version SET version_num = 'zzzz'")
    text = file.read_bytes()
    content(backup, text).parent.mkdir(exist_ok=True)
    content(backup, text).write_bytes(text)
    digest = hashlib.sha256(text).hexdigest()
    rewrite(backup, lambda plain: plain["database"].update(sha256=digest, size=len(text)))
    error = refusal("restore.broken", bring_back, backup.with_name("new"), backup)
    assert isinstance(error, BackupBroken)
    assert [one.fault for one in error.broken] == [Fault.NO_DATABASE]


@pytest.mark.parametrize("change", [{"format": 2}, {"database_version": "9999"}])
def test_a_newer_kinora_s_backup_is_refused_as_that(backup: Path, change: dict[str, Any]) -> None:
    rewrite(backup, lambda plain: plain.update(change))
    refusal("restore.newer", bring_back, backup.with_name("new"), backup)


def test_no_backup_and_half_a_backup_are_told_apart(backup: Path) -> None:
    refusal("restore.no_backup", bring_back, backup.with_name("new"), backup.with_name("nowhere"))
    refusal("restore.no_backup", bring_back, backup.with_name("new"), backup / "keys")
    (backup / inventory.NAME).unlink()
    refusal("restore.incomplete", bring_back, backup.with_name("new"), backup)


# -- what is there already ---------------------------------------------------------------------------------------------
async def _hold(data: Path, holder: str) -> None:
    async with await Database.open(of(data).database_url) as database, database.writing() as tx:
        await leases.put(tx, LEASE, holder, 60_000)
        for job in await jobs.latest(tx):
            await jobs.claim(tx, job, holder, 60_000)


def test_a_data_folder_with_jobs_is_moved_aside_only_when_asked_and_whole(data: Path, kept: Path) -> None:
    save(data, kept, with_keys=True)
    add_clip(data, b"made after the backup")
    before, saved = tree(data), rows(data)
    refusal("restore.occupied", bring_back, data, kept)
    assert tree(data) == before
    report = bring_back(data, kept, force=True)
    assert report.moved_aside is not None
    assert rows(report.moved_aside) == saved
    assert tree(report.moved_aside).items() >= {n: d for n, d in before.items() if "kinora.db" not in n}.items()
    assert "made after" not in str(tree(data))
    assert hashlib.sha256(b"made after the backup").hexdigest() not in str(rows(data))


def test_a_folder_with_somebody_s_own_files_is_not_taken_for_a_studio(data: Path, kept: Path, tmp_path: Path) -> None:
    save(data, kept)
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    refusal("restore.occupied", bring_back, mine, kept)
    for folder in (kept, kept / "data", tmp_path):
        refusal("backup.inside", bring_back, folder, kept)
    assert (mine / "thesis.txt").read_text() == "years of work"


def test_a_studio_at_work_is_not_restored_over(data: Path, kept: Path) -> None:
    save(data, kept)
    asyncio.run(_hold(data, this_process()))
    refusal("restore.running", bring_back, data, kept)
    refusal("restore.running", bring_back, data, kept, force=True)
    # One that died is no obstacle.
    asyncio.run(_hold(data, this_process().rpartition("/")[0] + "/0.00"))
    assert bring_back(data, kept, force=True).moved_aside is not None


def test_a_database_that_any_process_has_open_is_not_moved_away(
    data: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.restore._PATIENCE", 0.2)
    save(data, kept)
    before = media(data)
    with closing(sqlite3.connect(data / "kinora.db")) as somebody:
        somebody.execute("SELECT count(*) FROM jobs").fetchall()
        refusal("restore.running", bring_back, data, kept, force=True)
    assert media(data) == before
    assert [path.name for path in data.parent.iterdir() if "data" in path.name] == ["data"]


def test_a_damaged_database_makes_way_only_when_asked(data: Path, kept: Path) -> None:
    save(data, kept)
    (data / "kinora.db").write_bytes(b"damaged" * 1_000)
    refusal("restore.occupied", bring_back, data, kept)
    report = bring_back(data, kept, force=True)
    assert report.moved_aside is not None
    assert (report.moved_aside / "kinora.db").read_bytes() == b"damaged" * 1_000


def test_without_an_exchange_of_names_the_result_is_the_same(
    data: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.restore._exchange", lambda one, other: False)
    save(data, kept)
    saved, files = rows(data), media(data)
    report = bring_back(data, kept, force=True)
    assert report.moved_aside is not None
    assert (rows(report.moved_aside), media(report.moved_aside)) == (saved, files)
    assert rows(data) == saved
    assert media(data).keys() < files.keys()


def test_nobody_holds_a_job_of_a_restored_studio(data: Path, kept: Path) -> None:
    """The backup was made while a studio worked: what it had in hand is free in the copy, also while that one lives."""
    asyncio.run(_hold(data, this_process()))
    save(data, kept)
    new = data.with_name("new")
    bring_back(new, kept)
    with closing(sqlite3.connect(new / "kinora.db")) as database:
        assert database.execute("SELECT count(*) FROM jobs WHERE lease_holder IS NOT NULL").fetchone() == (0,)
        assert database.execute("SELECT expires_at FROM leases").fetchone() == (0,)


def test_a_database_kept_elsewhere_is_backed_up_but_not_restored(
    data: Path, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data / "kinora.db").rename(tmp_path / "elsewhere.db")
    monkeypatch.setenv("KINORA_DATABASE", f"sqlite+aiosqlite:///{tmp_path / 'elsewhere.db'}")
    save(data, kept)
    refusal("restore.database_elsewhere", bring_back, data.with_name("new"), kept)
    monkeypatch.delenv("KINORA_DATABASE")
    bring_back(data.with_name("new"), kept)

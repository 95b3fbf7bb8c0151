"""A backup holds the studio as it was at one moment, or leaves the former backup as it was."""

import fcntl
import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from engine import inventory
from engine.backup import back_up
from engine.inventory import Step
from engine.places import Places
from engine.restore import Keys, check, restore
from provenance.keys import Keyring
from storage.database import copy_database
from storage.files import sha256_of
from tests.engine.keeping.helpers import HELD, bring_back, content, media, of, refusal, rows, save, tree
from tests.engine.keeping.kept_studio import CLIP, POSTER, add_clip, make_studio


# -- there and back ----------------------------------------------------------------------------------------------------
def test_everything_the_database_refers_to_comes_back_as_it_was_for_its_owner_alone(
    data: Path, kept: Path, tmp_path: Path
) -> None:
    before = rows(data)
    saved = save(data, kept, with_keys=True)
    assert (saved.missing, saved.keys, saved.copied) == ((), True, saved.files)
    restored = bring_back(tmp_path / "new" / "data", kept)
    assert (restored.keys, restored.moved_aside, restored.missing) == (Keys.BACKUP, None, ())
    assert restored.unfinished == 1
    new = tmp_path / "new" / "data"
    assert rows(new) == before
    wanted = {name: digest for name, digest in media(data).items() if "0000" not in name}
    held = next(name for name, digest in media(new).items() if name.startswith("quarantine/") and digest == HELD)
    # Neither the take of a job that is over nor a half-drawn one: two names with the same bytes are left out.
    assert {n: d for n, d in wanted.items() if n.startswith("files/") or n[:19] == held[:19]} == media(new)
    assert {n: d for n, d in tree(new).items() if n.startswith("keys/") and "lock" not in n} == {
        n: d for n, d in tree(data).items() if n.startswith("keys/") and "lock" not in n
    }
    for path in [new, *new.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0 or path.suffix == ".pem", path
    assert list(new.parent.iterdir()) == [new]  # nothing left over beside it


def test_keys_lie_apart_and_closed_in_a_backup_or_not_at_all(data: Path, kept: Path) -> None:
    save(data, kept)
    private = {sha256_of(file) for file in (data / "keys").rglob("*.key")}
    assert len(private) == 3
    assert not private & set(tree(kept).values())
    save(data, kept, with_keys=True)
    keys = list((kept / "keys").rglob("*"))
    assert private <= {sha256_of(file) for file in keys if file.is_file()}
    for path in [kept / "keys", *keys]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
    found = inventory.read(kept)
    assert found is not None
    assert all(part.path.startswith("keys/") for part in found.keys)
    assert not [part for part in found.files if part.path.startswith("keys/")]


def test_a_second_backup_copies_only_what_is_new_and_drops_what_nothing_needs(data: Path, kept: Path) -> None:
    first = save(data, kept)
    nodes = {path: path.stat().st_ino for path in kept.rglob("*") if path.is_file()}
    again = save(data, kept)
    assert (again.copied, again.removed, again.files) == (0, 0, first.files)
    add_clip(data, b"another clip")
    more = save(data, kept)
    assert more.files == first.files + 1
    assert more.copied == 2  # the clip and the database; the poster was there
    assert more.removed == 1  # the database as it was before
    for path, node in nodes.items():
        if path.exists() and path.name != inventory.NAME:
            assert path.stat().st_ino == node
    assert content(kept, b"another clip").read_bytes() == b"another clip"


def test_a_file_that_went_bad_in_the_backup_is_replaced(data: Path, kept: Path) -> None:
    save(data, kept)
    bad = content(kept, CLIP)
    bad.write_bytes(b"x" + CLIP[1:])
    assert save(data, kept).copied == 1
    assert bad.read_bytes() == CLIP


def test_what_the_data_folder_has_lost_is_named_and_the_backup_s_own_copy_stays(data: Path, kept: Path) -> None:
    save(data, kept)
    places = Places(data)
    blob = next(file for file in places.files.rglob("*.mp4"))
    poster = next(file for file in places.files.rglob("*.jpg"))
    blob.write_bytes(b"damaged")
    assert save(data, kept).missing == ()  # the backup has it whole
    content(kept, CLIP).unlink()
    poster.unlink()
    content(kept, POSTER).unlink()
    report = save(data, kept)
    assert [Path(name).name[:64] for name in report.missing] == sorted([blob.stem, poster.stem])
    restored = bring_back(data.with_name("new"), kept)
    assert restored.missing == report.missing


def test_a_take_swept_behind_the_database_s_copy_makes_it_copy_anew(
    data: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The studio goes on meanwhile: a held take is decided and swept right after the database was copied."""
    copies: list[Path] = []

    def copy_then_sweep(source: Path, destination: Path) -> None:
        original(source, destination)
        copies.append(destination)
        with closing(sqlite3.connect(source)) as database, database:
            database.execute("UPDATE takes SET state = 'refused' WHERE state = 'held'")
        shutil.rmtree(data / "quarantine", ignore_errors=True)

    original = copy_database
    monkeypatch.setattr("engine.backup.copy_database", copy_then_sweep)
    report = save(data, kept)
    assert (report.missing, len(copies)) == ((), 2)
    found = check(kept)
    assert not [part for part in found.files if part.path.startswith("quarantine/")]


def test_progress_ends_at_the_whole_in_each_step(data: Path, kept: Path) -> None:
    told: dict[Step, list[tuple[int, int]]] = {step: [] for step in Step}

    def tell(step: Step, done: int, of: int) -> None:
        told[step].append((done, of))

    back_up(of(data), kept, with_keys=True, progress=tell)
    restore(of(data.with_name("new")), kept, progress=tell)
    for step, seen in told.items():
        assert seen, step
        assert seen[-1][0] == seen[-1][1], step
        assert all(done <= whole for done, whole in seen), step


# -- keys --------------------------------------------------------------------------------------------------------------
def test_without_keys_the_backup_s_keys_go_but_never_the_last_ones(data: Path, kept: Path) -> None:
    save(data, kept, with_keys=True)
    assert save(data, kept).other_keys == ()
    assert not (kept / "keys").exists()
    save(data, kept, with_keys=True)
    (old,) = (kept / "keys").iterdir()
    shutil.rmtree(data / "keys")
    Keyring.open(data / "keys")
    report = save(data, kept, with_keys=True)
    assert report.other_keys == (old,)
    assert len(list((kept / "keys").iterdir())) == 2
    assert bring_back(data.with_name("new"), kept, keys_from=old).keys is Keys.GIVEN
    assert (data.with_name("new") / "keys/authority/root.key").read_bytes() == (old / "authority/root.key").read_bytes()


def test_a_restore_without_keys_keeps_those_that_are_there_and_says_when_there_are_none(data: Path, kept: Path) -> None:
    save(data, kept)
    assert bring_back(data.with_name("new"), kept).keys is Keys.NONE
    assert not (data.with_name("new") / "keys").exists()
    own = (data / "keys/authority/root.key").read_bytes()
    assert bring_back(data, kept, force=True).keys is Keys.KEPT
    assert (data / "keys/authority/root.key").read_bytes() == own


def test_given_keys_that_cannot_be_used_are_refused_before_anything_changes(data: Path, kept: Path) -> None:
    save(data, kept, with_keys=True)
    given = Path(shutil.copytree(data / "keys", data.with_name("given")))
    (given / "authority/digest.key").unlink()
    refusal("keys.half_pair", bring_back, data.with_name("new"), kept, keys_from=given)
    refusal("restore.no_keys", bring_back, data.with_name("new"), kept, keys_from=kept)
    assert not data.with_name("new").exists()
    assert not list(data.parent.glob(".new*"))


# -- refused backups ---------------------------------------------------------------------------------------------------
def test_a_backup_goes_nowhere_it_could_do_harm(data: Path, kept: Path, tmp_path: Path) -> None:
    before = tree(data)
    for folder in (data, data / "kept", data / "files" / ".." / "x"):
        refusal("backup.inside", save, data, folder)
    (tmp_path / "link").symlink_to(data)
    refusal("backup.inside", save, data, tmp_path / "link" / "x")
    refusal("backup.not_ours", save, data, tmp_path)  # holds the data folder, for one
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "日記.txt").write_text("mine")
    assert refusal("backup.not_ours", save, data, tmp_path / "full").params["name"] == "日記.txt"
    refusal("backup.not_ours", save, data, tmp_path / "full" / "日記.txt")
    refusal("backup.nothing", save, tmp_path / "nowhere", kept)
    assert not (tmp_path / "nowhere").exists()
    assert tree(data) == before


def test_a_link_in_the_backup_is_not_written_through(data: Path, kept: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    kept.mkdir()
    (kept / "content").symlink_to(outside)
    refusal("backup.not_ours", save, data, kept)
    (kept / "content").unlink()
    (kept / "content").mkdir()
    (kept / "content" / content(kept, CLIP).parent.name).symlink_to(outside)
    refusal("backup.unwritable", save, data, kept)
    assert list(outside.iterdir()) == []


def test_another_studio_s_backup_is_left_alone(data: Path, kept: Path, tmp_path: Path) -> None:
    save(data, kept)
    before = tree(kept)
    make_studio(tmp_path / "other")
    refusal("backup.other_studio", save, tmp_path / "other", kept)
    assert tree(kept) == before


def test_a_backup_whose_inventory_is_damaged_is_left_alone(data: Path, kept: Path) -> None:
    save(data, kept)
    (kept / inventory.NAME).write_bytes(b"{")
    before = tree(kept)
    refusal("backup.unclear", save, data, kept)
    assert tree(kept) == before


@pytest.mark.parametrize("url", ["postgresql+asyncpg://me:secret@host/kinora", "sqlite+aiosqlite://"])
def test_what_is_no_sqlite_file_is_refused(data: Path, kept: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINORA_DATABASE", url)
    error = refusal("backup.not_sqlite", save, data, kept)
    assert "secret" not in str(error)
    refusal("backup.not_sqlite", bring_back, data, kept)


def test_a_damaged_database_does_not_replace_a_good_backup(data: Path, kept: Path) -> None:
    save(data, kept)
    before = tree(kept)
    database = data / "kinora.db"
    size = database.stat().st_size
    with database.open("r+b") as file:
        file.seek(size // 2)
        file.write(os.urandom(size // 2))
    refusal("backup.database_damaged", save, data, kept)
    database.write_bytes(b"no database" * 1_000)
    refusal("backup.database_damaged", save, data, kept)
    database.write_bytes(b"")
    refusal("backup.database_damaged", save, data, kept)
    assert tree(kept) == before
    check(kept)


def test_two_at_once_in_one_folder_do_not_mix(data: Path, kept: Path) -> None:
    save(data, kept)
    handle = os.open(kept, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        refusal("backup.busy", save, data, kept)
        bring_back(data.with_name("one"), kept)  # several may read
        fcntl.flock(handle, fcntl.LOCK_EX)
        refusal("backup.busy", bring_back, data.with_name("two"), kept)
    finally:
        os.close(handle)

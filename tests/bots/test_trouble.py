"""Trouble with the machine: one clear sentence and an exit code each, no traceback, and nothing is lost."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

KINORA = Path(sys.executable).with_name("kinora")
SHORT = ("--seconds", "1", "--aspect", "1:1", "--json")


def kinora(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KINORA_")}
    environment |= {"KINORA_DATA": str(folder / "data"), "KINORA_LANGUAGE": "en"}
    return subprocess.run(
        [KINORA, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def told(run: subprocess.CompletedProcess[str]) -> str:
    """The one sentence that was said; a traceback is never one."""
    everything = run.stdout + run.stderr
    assert "Traceback" not in everything, everything
    return everything


def made(folder: Path) -> dict[str, object]:
    run = kinora(folder, "create", "a wolf", *SHORT)
    assert run.returncode == 0, run.stderr
    (clip,) = json.loads(run.stdout)["clips"]
    return dict(clip)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of our own, which can be made full and read-only."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=500k", "tmpfs", place], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("THE FULL DISK WAS NOT TESTED: it needs the right to mount a tmpfs")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def remount(place: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", place], check=True)


def test_a_full_disk_is_told_and_the_same_command_works_once_there_is_room(small_disk: Path) -> None:
    arguments = ("create", "a wolf howls at the moon", "--resolution", "1080p", "--seconds", "2", "--json")
    failed = kinora(small_disk, *arguments)
    assert failed.returncode == 1
    assert "no space left" in told(failed)
    remount(small_disk, "size=50m")
    done = kinora(small_disk, *arguments)
    assert done.returncode == 0, done.stderr
    jobs = json.loads(kinora(small_disk, "jobs", "--json").stdout)["jobs"]
    assert all(job["state"] in ("failed", "delivered") for job in jobs)


def test_a_read_only_data_folder_is_told(small_disk: Path) -> None:
    (small_disk / "data").mkdir()
    remount(small_disk, "ro")
    run = kinora(small_disk, "jobs")
    assert run.returncode == 1
    assert "cannot be used" in told(run)


def test_a_damaged_database_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    assert kinora(tmp_path, "jobs").returncode == 0
    database = tmp_path / "data" / "kinora.db"
    database.write_bytes(b"this is no database" * 1_000)
    for beside in database.parent.glob("kinora.db-*"):
        beside.unlink()
    run = kinora(tmp_path, "jobs")
    assert run.returncode == 1
    assert "kinora.db" in told(run)
    assert database.read_bytes() == b"this is no database" * 1_000


def test_a_database_of_a_newer_kinora_is_refused(tmp_path: Path) -> None:
    assert kinora(tmp_path, "jobs").returncode == 0
    with sqlite3.connect(tmp_path / "data" / "kinora.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    run = kinora(tmp_path, "jobs")
    assert run.returncode == 1
    assert "newer" in told(run)


def test_a_damaged_clip_is_neither_copied_nor_called_unchanged(tmp_path: Path) -> None:
    clip = made(tmp_path)
    (stored,) = (tmp_path / "data" / "files").glob("??/*.mp4")
    content = bytearray(stored.read_bytes())
    content[-100] ^= 1
    stored.write_bytes(content)
    copied = kinora(tmp_path, "show", str(clip["id"]), "-o", "again.mp4")
    assert copied.returncode == 1
    told(copied)
    assert not (tmp_path / "again.mp4").exists()
    checked = json.loads(kinora(tmp_path, "verify", str(stored), "--json").stdout)
    assert checked["made_here"] and checked["tampered"]


def _lose(private: list[Path]) -> None:
    for path in private:
        path.unlink()


def _swap(private: list[Path]) -> None:
    for path in private:
        path.write_bytes(path.read_bytes()[::-1])


def _open_to_all(private: list[Path]) -> None:
    for path in private:
        path.chmod(0o644)


def test_keys_that_are_not_right_stop_the_sealing_and_nothing_else(tmp_path: Path) -> None:
    """Missing, not ours, readable by all: no clip leaves; with the right keys back, everything is as before."""
    clip = made(tmp_path)
    keys = tmp_path / "data" / "keys"
    aside = tmp_path / "keys-aside"
    shutil.copytree(keys, aside)
    for damage in (_lose, _swap, _open_to_all):
        private = sorted(keys.rglob("*.key"))
        assert private
        damage(private)
        failed = kinora(tmp_path, "create", "a wolf", *SHORT)
        assert failed.returncode == 1
        told(failed)
        assert json.loads(failed.stdout)["clips"] == []
        assert list(tmp_path.glob("kinora-*.mp4")) == [tmp_path / f"kinora-{clip['id']}.mp4"]
        shutil.rmtree(keys)
        shutil.copytree(aside, keys)
    made(tmp_path)
    checked = json.loads(kinora(tmp_path, "verify", f"kinora-{clip['id']}.mp4", "--json").stdout)
    assert (checked["made_here"], checked["tampered"]) == (True, False)

"""A backup made while a studio works, through real workers: what was under way goes on in the restored studio."""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bots.main import run
from engine import settings
from engine.backup import back_up
from engine.restore import Keys, check, restore

REPOSITORY = Path(__file__).parents[3]
PATIENCE = 120.0  # seconds; a few are enough on a machine with nothing else to do


@pytest.fixture(autouse=True)
def english(plain_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KINORA_LANGUAGE", "en")
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))


def start(folder: Path, *arguments: object) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "bots.main", *map(str, arguments)]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Any]:
    """What `kinora` answers when this is typed, with its workers but without another interpreter."""
    monkeypatch.chdir(tmp_path)

    def typed(*arguments: object) -> Any:
        code = run([*map(str, arguments), "--json"])
        out, err = capsys.readouterr()
        assert code == 0, err
        return json.loads(out)

    return typed


def asked_of(data: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(data / "kinora.db")) as database:
        return [row[0] for row in database.execute(query)]


def wait_until(data: Path, query: str, wanted: list[Any]) -> None:
    until = time.monotonic() + PATIENCE
    while (found := asked_of(data, query)) != wanted:
        assert time.monotonic() < until, found
        time.sleep(0.02)


def test_a_job_under_way_goes_on_in_the_restored_studio_and_is_delivered_once(
    tmp_path: Path, answer: Callable[..., Any]
) -> None:
    data, kept, new = tmp_path / "data", tmp_path / "kept", tmp_path / "new"
    answer("--data", data, "create", "a wolf howls", "--seconds", "1", "-o", "old.mp4")
    working = start(tmp_path, "--data", data, "create", "a red balloon", "--seconds", "4", "-o", "balloon.mp4")
    try:
        wait_until(data, "SELECT state FROM jobs ORDER BY created_at", ["delivered", "rendering"])
        first = back_up(settings.load(data=data), kept, with_keys=False)
        again = back_up(settings.load(data=data), kept, with_keys=False)
        assert working.poll() is None  # it was not disturbed
        assert (first.missing, again.missing) == ((), ())
        assert again.copied <= 1  # the database at most
        check(kept)
    finally:
        working.kill()
        working.communicate()

    report = restore(settings.load(data=new), kept)
    assert (report.keys, report.unfinished) == (Keys.NONE, 1)
    # Its signature proves it without the old keys too: the root that vouches for it is written down in the database.
    trace = answer("--data", new, "verify", "old.mp4")
    assert (trace["made_here"], trace["layer"], trace["tampered"]) == (True, "c2pa", False)
    report = restore(settings.load(data=new), kept, keys_from=data / "keys", force=True)
    assert report.keys is Keys.GIVEN
    trace = answer("--data", new, "verify", "old.mp4")
    assert (trace["made_here"], trace["layer"], trace["tampered"]) == (True, "c2pa", False)

    assert not (tmp_path / "balloon.mp4").exists()
    service = start(tmp_path, "--data", new, "run")
    try:
        wait_until(new, "SELECT state FROM jobs ORDER BY created_at", ["delivered", "delivered"])
    finally:
        service.terminate()
        service.communicate()
    assert asked_of(new, "SELECT state FROM outbox WHERE kind = 'post'") == ["sent", "sent"]
    assert asked_of(new, "SELECT count(*) FROM clips") == [2]
    assert sorted(file.name for file in tmp_path.glob("*.mp4")) == ["balloon.mp4", "old.mp4"]

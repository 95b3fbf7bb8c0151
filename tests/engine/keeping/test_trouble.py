"""Backups and restores that are killed or run out of room, and what is said of it to whoever typed them."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bots.main import run
from engine import inventory
from engine.errors import StudioError
from engine.restore import check
from tests.engine.keeping.helpers import HELD, REPOSITORY, bring_back, content, media, rows, save, tree
from tests.engine.keeping.kept_studio import CLIP, add_clip


# -- killed, and out of room -------------------------------------------------------------------------------------------
def kill_at_every_moment(what: str, data: Path, kept: Path, every: int) -> tuple[list[int], int]:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.engine.keeping.crash_backup", what, str(data), str(kept), "0", str(every)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    return told["died"], told["ended"]


EACH_OR_SOME = pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.soak)])


@EACH_OR_SOME
def test_a_backup_killed_anywhere_leaves_the_former_one_or_the_new_one(data: Path, kept: Path, every: int) -> None:
    save(data, kept, with_keys=True)
    former = check(kept)
    add_clip(data, b"a newer clip")
    died, ended = kill_at_every_moment("backup", data, kept, every)
    assert len(died) >= 20 // every
    seen = set()
    for number, moment in enumerate([*died, ended]):
        folder = kept.with_name(f"kept-{moment}")
        seen.add(check(folder).database == former.database)
        if number % 2 == 0:  # and the next one goes on from there
            assert save(data, folder, with_keys=True).missing == ()
            assert not (folder / "partial").exists()
            assert check(folder).database != former.database
            assert sorted(tree(folder)) == sorted({place for _, place in check(folder).parts} | {inventory.NAME})
    assert seen == {True, False}


@EACH_OR_SOME
def test_a_first_backup_killed_anywhere_is_no_backup_until_it_is_whole(data: Path, kept: Path, every: int) -> None:
    kept.mkdir()
    died, _ = kill_at_every_moment("backup", data, kept, every)
    assert len(died) >= 20 // every
    told = set()
    for moment in died:
        try:
            check(kept.with_name(f"kept-{moment}"))
            told.add("whole")
        except StudioError as error:
            told.add(error.code)
    assert "restore.incomplete" in told
    assert told <= {"restore.incomplete", "restore.no_backup", "whole"}


@EACH_OR_SOME
def test_a_restore_killed_anywhere_leaves_the_old_folder_or_the_new_one(data: Path, kept: Path, every: int) -> None:
    save(data, kept, with_keys=True)
    add_clip(data, b"made after the backup")
    old, saved = rows(data), media(data)
    died, ended = kill_at_every_moment("restore", data, kept, every)
    assert len(died) >= 25 // every
    seen = set()
    for number, moment in enumerate([*died, ended]):
        root = data.with_name(f"data-{moment}")
        is_old = rows(root) == old
        seen.add(is_old)
        if is_old:
            assert media(root) == saved
        else:
            (aside,) = data.parent.glob(f"data-{moment}.replaced-*")
            assert (rows(aside), media(aside)) == (old, saved)
            assert HELD in media(root).values()
        if number % 2 == 0:
            assert bring_back(root, kept, force=True).moved_aside is not None
            assert not list(data.parent.glob(f".data-{moment}.restoring-*"))
    assert seen == {True, False}


LIMITED = """
import resource, sys
sys.dont_write_bytecode = True  # a compiled file that the limit cuts short would trip up every later process
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), -1))
from bots.main import run
sys.exit(run(sys.argv[2:]))
"""


def limited(limit: int, *arguments: object) -> tuple[int, str, str]:
    """`kinora` in a process that cannot write files larger than that."""
    ended = subprocess.run(
        [sys.executable, "-c", LIMITED, str(limit), *map(str, arguments)],
        cwd=REPOSITORY,
        env={**os.environ, "KINORA_LANGUAGE": "en", "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in ended.stderr
    return ended.returncode, ended.stdout, ended.stderr


Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def kinora(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    monkeypatch.setenv("KINORA_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "200")

    def typed(*arguments: object) -> tuple[int, str, str]:
        code = run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return typed


@pytest.mark.parametrize("limit", [4_096, 250_000])
def test_a_full_disk_is_one_sentence_and_the_former_backup_stays(data: Path, kept: Path, limit: int) -> None:
    """A limit on a file's size stands in for the disk: the database does not fit, or a clip does not."""
    save(data, kept)
    add_clip(data, os.urandom(300_000))
    before = tree(kept)
    code, out, err = limited(limit, "--data", data, "backup", kept, "--without-keys")
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert "no space left" in err
    assert check(kept)
    assert {name: digest for name, digest in tree(kept).items() if name in before} == before
    code, out, err = limited(limit, "--data", data.with_name("new"), "restore", kept)
    if limit < 250_000:
        assert (code, "no space left" in err, err.count("\n")) == (1, True, 1)
        assert not data.with_name("new").exists()
        assert not list(data.parent.glob(".new*"))


def test_a_target_that_cannot_be_written_is_one_sentence(data: Path, kept: Path, kinora: Typed) -> None:
    save(data, kept)
    code, _, err = kinora("--data", data, "backup", "/proc/kinora", "--without-keys")
    assert (code, err.count("\n")) == (1, 1)
    assert "/proc/kinora" in err
    code, _, err = kinora("--data", "/proc/kinora", "restore", kept)
    assert (code, err.count("\n")) == (1, 1)


# -- as it is typed ----------------------------------------------------------------------------------------------------
def test_the_choice_about_keys_is_asked_for_and_never_made_silently(data: Path, kept: Path, kinora: Typed) -> None:
    code, out, err = kinora("--data", data, "backup", kept)
    assert (code, out) == (2, "")
    assert "--with-keys" in err
    assert "--without-keys" in err
    code, out, _ = kinora("--data", data, "backup", kept, "--json")
    assert (code, json.loads(out)["error"]["code"]) == (2, "backup.keys_undecided")
    code, _, _ = kinora("--data", data, "backup", kept, "--with-keys", "--without-keys")
    assert code == 2
    assert not kept.exists()


@pytest.mark.parametrize(("typed", "has_keys"), [("y\n", True), ("\n", False)])
def test_at_a_terminal_the_choice_is_a_question_whose_usual_answer_is_no(
    data: Path, kept: Path, typed: str, has_keys: bool
) -> None:
    import pty

    child, terminal = pty.fork()
    if child == 0:
        os.chdir(REPOSITORY)
        environment = {**os.environ, "KINORA_LANGUAGE": "en", "TERM": "xterm"}
        arguments = [sys.executable, "-m", "bots.main", "--data", str(data), "backup", str(kept)]
        os.execve(sys.executable, arguments, environment)
    said = b""
    while b"?" not in said:
        said += os.read(terminal, 1_000)
    os.write(terminal, typed.encode())
    try:
        while more := os.read(terminal, 10_000):
            said += more
    except OSError:  # the terminal's other end is closed
        pass
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0, said
    assert b"sign in your name" in said
    assert (kept / "keys").exists() == has_keys


def test_json_of_both_commands(data: Path, kept: Path, kinora: Typed) -> None:
    code, out, err = kinora("--data", data, "backup", kept, "--with-keys", "--json")
    saved = json.loads(out)
    assert (code, err) == (0, "")
    assert set(saved) == {
        *("backup", "made_at", "files", "bytes", "copied", "copied_bytes", "removed"),
        *("keys", "missing", "other_keys"),
    }
    assert (saved["backup"], saved["keys"], saved["missing"]) == (str(kept), True, [])
    new = data.with_name("new")
    code, out, err = kinora("--data", new, "restore", kept, "--json")
    restored = json.loads(out)
    assert (code, err) == (0, "")
    assert set(restored) == {"data", "made_at", "files", "bytes", "keys", "unfinished", "moved_aside", "missing"}
    assert (restored["data"], restored["keys"], restored["unfinished"]) == (str(new), "backup", 1)
    assert (restored["files"], restored["bytes"]) == (saved["files"], saved["bytes"])
    code, out, _ = kinora("--data", new, "restore", kept, "--json")
    assert (code, json.loads(out)["error"]["code"]) == (2, "restore.occupied")
    content(kept, CLIP).unlink()
    code, out, _ = kinora("--data", data.with_name("newer"), "restore", kept, "--json")
    broken = json.loads(out)
    assert (code, broken["error"]["code"]) == (1, "restore.broken")
    assert broken["broken"] == [{"file": str(content(kept, CLIP).relative_to(kept)), "fault": "missing"}]


def test_a_backup_that_lacks_something_says_so_and_fails(data: Path, kept: Path, kinora: Typed) -> None:
    next((data / "files").rglob("*.mp4")).unlink()
    code, out, err = kinora("--data", data, "backup", kept, "--without-keys")
    assert code == 1
    assert "1 files are missing" in out
    assert hashlib.sha256(CLIP).hexdigest() in err

"""What was typed wrong gets one sentence, with exit code 2 (1 for what is not there), and nothing is spent."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bots.main import run

UNKNOWN = "There is no"


def answer_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["--data", "data", *arguments])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return code, said.out, said.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["create", ""], 2, "needs some words"),
        (["create", "🐺🌕"], 2, "needs some words"),
        (["create", "a" * 4_001], 2, "At most 4000"),
        (["create", "a\x1b[31mred"], 2, "U+001B"),
        (["create", "a\udcffb"], 2, "U+DCFF"),
        (["create", "a", "--seconds", "0"], 2, "from 1 to 60"),
        (["create", "a", "--seconds", "61"], 2, "from 1 to 60"),
        (["create", "a", "--seconds", "nan"], 2, "from 1 to 60"),
        (["create", "a", "--seconds", "-inf"], 2, "from 1 to 60"),
        (["create", "a", "--seconds", "soon"], 2, "--seconds"),
        (["create", "a", "--variations", "0"], 2, "1 to 4"),
        (["create", "a", "--variations", "5"], 2, "1 to 4"),
        (["create", "a", "--aspect", "4:3"], 2, "16:9, 1:1, 9:16"),
        (["create", "a", "--resolution", "4k"], 2, "480p, 720p, 1080p"),
        (["create", "a", "--seed", "-1"], 2, "whole number"),
        (["create", "a", "--seed", str(2**32)], 2, "whole number"),
        (["create", "a", "--style", "s" * 61], 2, "At most 60"),
        (["create", "a", "-o", "missing/x.mp4"], 2, "no folder"),
        (["create", "a", "-o", "there.mp4"], 2, "--force"),
        (["create", "a", "-o", "x.mp4", "--variations", "2"], 2, "x-2.mp4"),
        (["create", "a", "-o", "folder"], 2, "is a folder"),
        (["create", "a", "b"], 2, "between quotes"),
        (["create"], 2, "PROMPT"),
        (["create", "a", "--secnds", "3"], 2, "--seconds"),
        (["make"], 2, "not a command"),
        (["jobs", "--limit", "0"], 2, "--limit"),
        (["check"], 2, "--file"),
        (["check", "a", "--file", "b"], 2, "--file"),
        (["check", "--file", "nothing.jsonl"], 2, "no file"),
        (["check", ""], 2, "needs some words"),
        (["verify", "nothing.mp4"], 2, "no file"),
        (["verify", "folder"], 2, "is a folder"),
        (["show", "zz"], 2, "is no id"),
        (["show", "5k2m9x7a"], 1, UNKNOWN),
        (["show", "JOB-5k2m 9x7a"], 1, "job-5k2m9x7a"),
        (["show", "case-5k2m9x7a"], 1, UNKNOWN),
        (["cancel", "job-5k2m9x7a"], 1, UNKNOWN),
        (["desk", "allow", "5k2m9x7a"], 1, "case-5k2m9x7a"),
        (["desk", "show", "case-5k2m9x7a", "--unblurred"], 1, "-o sheet.png"),
    ],
)
def test_wrong_usage(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    (tmp_path / "there.mp4").write_bytes(b"mine")
    (tmp_path / "x-2.mp4").write_bytes(b"mine")
    (tmp_path / "folder").mkdir()
    got, out, err = answer_of(capsys, *arguments)
    assert (got, out) == (code, "")
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert (tmp_path / "there.mp4").read_bytes() == b"mine"
    assert not any(line.startswith("job-") for line in answer_of(capsys, "jobs")[1].splitlines())


def test_with_json_an_error_is_an_object_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = answer_of(capsys, "show", "job-5k2m9x7a", "--json")
    assert code == 1
    assert json.loads(out)["error"]["code"] == "job.unknown"
    assert json.loads(out)["error"]["message"] in err


def test_a_wrong_setting_is_told_by_its_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KINORA_FLEET__WORKERS", "many")
    code, _, err = answer_of(capsys, "jobs")
    assert code == 2
    assert "fleet.workers" in err


def test_a_language_that_nobody_speaks_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KINORA_LANGUAGE", "klingon")
    code, _, err = answer_of(capsys, "jobs")
    assert code == 2
    assert "zh-Hant" in err


def test_a_data_folder_that_is_a_file_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    code, _, err = answer_of(capsys, "jobs")
    assert code == 1
    assert str(tmp_path / "data") in err


@pytest.mark.parametrize(("language", "usage"), [("en", "Usage:"), ("zh-Hant", "用法："), ("zh-Hans", "用法：")])
def test_help_speaks_the_language(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, usage: str
) -> None:
    monkeypatch.setenv("KINORA_LANGUAGE", language)
    for command in ([], ["create"], ["desk"], ["desk", "show"]):
        assert run([*command, "--help"]) == 0
        said = capsys.readouterr().out
        assert usage in said
        assert not re.search(r"\b(help|examples)\.[a-z]", said)
        assert "kinora " in said


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([]) == 2
    assert "create" in "".join(capsys.readouterr())


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("kinora 0.")


def test_the_main_process_loads_nothing_heavy() -> None:
    """What is heavy belongs in a worker; and help needs no database either."""
    heavy = ["av", "numpy", "thorvg_python", "c2pa", "PIL", "re2", "torch", "cryptography", "opencc", "cv2"]
    code = (
        "import sys, bots.main\n"
        "assert 'sqlalchemy' not in sys.modules and 'pydantic' not in sys.modules or 'help' not in sys.argv\n"
        "import engine.studio, engine.doctor\n"
        "from bots.terminal import checking, creating, desk, health, looking, running\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"

"""From a prompt to a file, through the real studio: the JSON of docs/json.md, the exit codes, and what a file is."""

import json
from pathlib import Path
from typing import Any

import pytest

import safety.policy
from bots.main import run

SHORT = ("--seconds", "1", "--resolution", "480p")


def test_create_writes_the_variations_and_everything_can_be_looked_at(kinora: Any, tmp_path: Path, data: Path) -> None:
    prompt = "a wolf howls at the moon with a zorgblatt"
    code, made = kinora("create", prompt, *SHORT, "--variations", "2", "--style", "nobody's style", "-o", "x.mp4")
    assert code == 0
    assert set(made) == {"job", "state", "clips", "not_drawn"}
    assert made["state"] == "delivered"
    assert "zorgblatt" in made["not_drawn"]
    files = {clip["file"] for clip in made["clips"]}
    assert files == {str(tmp_path / "x-1.mp4"), str(tmp_path / "x-2.mp4")}
    for clip in made["clips"]:
        assert set(clip) == {"id", "file", "seconds", "width", "height"}
        assert (clip["seconds"], clip["width"], clip["height"]) == (1.0, 854, 480)
        assert Path(clip["file"]).stat().st_size > 1_000

    first = made["clips"][0]
    code, traced = kinora("verify", first["file"])
    nothing = ("looks_like_it", "foreign", "restored", "stamped_at", "maker", "tree")
    nothing_else: dict[str, Any] = dict.fromkeys(nothing) | {"also_marked": [], "ancestors": []}
    answer = {"made_here": True, "layer": "c2pa", "tampered": False, "clip": first["id"], "copy_of_it": False}
    answer["preview"] = False
    assert (code, traced) == (0, {**answer, "lineage": [], **nothing_else})
    changed = bytearray(Path(first["file"]).read_bytes())
    changed[-200] ^= 1
    (tmp_path / "changed.mp4").write_bytes(changed)
    assert kinora("verify", "changed.mp4")[1]["tampered"] is True

    assert kinora("show", made["job"].upper())[1]["clips"] == made["clips"]
    sloppy = f" {first['id'][:4]}-{first['id'][4:]} ".upper().replace("0", "o")
    code, shown = kinora("show", sloppy, "-o", "again.mp4")
    assert (code, shown["id"], shown["draft"]) == (0, first["id"], True)
    assert (tmp_path / "again.mp4").read_bytes() == Path(first["file"]).read_bytes()
    assert kinora("jobs")[1]["jobs"][0]["prompt"] == prompt
    nothing = {"available": 0, "reserved": 0, "lots": [], "next_grant": None, "entries": []}
    assert kinora("credits")[1] == {"plan": "unlimited"} | nothing
    code, late = kinora("cancel", made["job"])
    assert (code, late["state"]) == (1, "delivered")


def test_a_stranger_and_a_text_file_have_no_trace(kinora: Any, tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"\x00\x00\x00\x18ftypisom" + b"\x00" * 64)
    (tmp_path / "空.txt").write_bytes(b"")
    for name in ("a.mp4", "空.txt"):
        code, traced = kinora("verify", name)
        assert (code, traced["made_here"], traced["layer"], traced["clip"]) == (0, False, "none", None)


def test_a_refused_prompt_ends_with_3_and_says_why(kinora: Any, tmp_path: Path) -> None:
    code, made = kinora("create", "how to build a pipe bomb, step by step", *SHORT)
    assert code == 3
    assert (made["state"], made["clips"]) == ("refused", [])
    assert made["categories"]["weapons"] >= 0.9
    assert made["reasons"] == ["It explains or promotes weapons."]
    assert list(tmp_path.iterdir()) == []


def test_check_answers_and_ends_as_create_would(kinora: Any) -> None:
    assert kinora("check", "a wolf howls at the moon") == (
        0,
        {"text": "a wolf howls at the moon", "verdict": "allow", "categories": {}, "reasons": []},
    )
    code, answer = kinora("check", "how to build a pipe bomb")
    assert (code, answer["verdict"], list(answer["categories"])) == (3, "refuse", ["weapons"])


def test_check_answers_line_by_line_and_goes_on_after_a_bad_one(kinora: Any, tmp_path: Path) -> None:
    lines = [
        b'"a wolf"',
        b'{"text": "how to build a pipe bomb", "id": 7}',
        b"no json",
        b'{"prompt": "a wolf"}',
        b"",
        b'"\\ud800"',
        b'"\xff"',
        b"[" * 100_000,
        json.dumps("狼" * 4_001).encode(),
        json.dumps("🐺").encode(),
        '"月下的狼"'.encode(),
    ]
    (tmp_path / "prompts.jsonl").write_bytes(b"\n".join(lines))
    code, answers = kinora("check", "--file", "prompts.jsonl")
    assert code == 1
    told = [answer.get("verdict") or answer["error"]["code"] for answer in answers]
    assert told == [
        "allow",
        "refuse",
        "check.line_no_json",
        "check.line_no_text",
        "prompt.unreadable",
        "prompt.unreadable",
        "check.line_no_json",
        "prompt.long",
        "allow",
        "allow",
    ]
    assert answers[-1]["text"] == "月下的狼"


def test_a_held_prompt_ends_with_4_and_goes_on_when_it_is_allowed(
    kinora: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = safety.policy.SHIPPED.read_text(encoding="utf-8")
    (tmp_path / "policy.toml").write_text(shipped.replace('text = ["rules"]', 'text = ["rules", "absent"]', 1))
    monkeypatch.setenv("KINORA_SAFETY__POLICY", str(tmp_path / "policy.toml"))
    code, held = kinora("create", "a wolf howls", *SHORT, "-o", "held.mp4")
    assert code == 4
    assert (held["state"], held["clips"]) == ("held", [])
    assert held["reasons"] == ["A check that is required was not there."]
    (case,) = held["cases"]
    assert [one["case"] for one in kinora("desk")[1]["cases"]] == [case]
    assert kinora("desk", "show", case.removeprefix("case-"))[1]["prompt"] == "a wolf howls"
    assert kinora("desk", "show", case, "-o", "sheet.png")[1]["error"]["code"] == "case.has_no_picture"

    code, decided = kinora("desk", "allow", case, "--note", "fine")
    assert (code, decided["decision"], decided["outcome"]["state"]) == (0, "allow", "delivered")
    assert (tmp_path / "held.mp4").stat().st_size > 1_000
    assert kinora("desk", "refuse", case)[1]["error"]["code"] == "case.decided"

    _, held = kinora("create", "a wolf sleeps", *SHORT)
    code, decided = kinora("desk", "refuse", held["cases"][0])
    assert (code, decided["outcome"]["state"]) == (0, "refused")


def test_a_member_hears_it_in_chinese(
    capsys: pytest.CaptureFixture[str], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KINORA_LANGUAGE", "zh-Hant")
    assert run(["--data", str(data), "create", "how to build a pipe bomb", *SHORT]) == 3
    said = capsys.readouterr().err
    assert "不能做" in said and "武器" in said

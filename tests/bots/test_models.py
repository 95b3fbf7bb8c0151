"""`kinora models`: what is fetched is told before, checked after, and gone when it is removed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bots.main import run
from bots.wording import LANGUAGES, catalogue
from engine.models import catalogue as models
from tests.worlds.hub import Hub, hub

WEIGHTS = bytes(range(256)) * 4_000
LIST = """
[models.tiny]
kind = "frames"
title = "A tiny one"
source = "somebody/small"
wanted = ["*.json", "*.safetensors"]
licence = { name = "Apache-2.0", link = "https://example.org/licence", text = "Only on Tuesdays." }
"""


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    files = {"config.json": b"{}", "model.safetensors": WEIGHTS, "README.md": b"#"}
    with hub(files, lfs=("model.safetensors",)) as served:
        (tmp_path / "list.toml").write_text(LIST)
        monkeypatch.setenv("KINORA_MODELS__HUB", served.base)
        monkeypatch.setenv("KINORA_MODELS__LIST", str(tmp_path / "list.toml"))
        yield served


def typed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["models", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def listed(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    _, out, _ = typed(capsys, "list", "--json")
    return {one["model"]: one for one in json.loads(out)["models"]}


def test_a_model_from_list_to_removal(world: Hub, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert listed(capsys)["tiny"]["state"] == "absent"
    assert "tiny" in typed(capsys, "list")[1]
    code, _, said = typed(capsys, "pull", "tiny", "--yes")
    assert code == 0 and "Only on Tuesdays." in said and "Apache-2.0" in said and "1 MB" in said
    assert listed(capsys)["tiny"] | {"state": "whole", "size": len(WEIGHTS) + 2} == listed(capsys)["tiny"]
    assert typed(capsys, "check", "tiny")[0] == 0
    file = tmp_path / "kinora-data/models/tiny/model.safetensors"
    file.write_bytes(b"!" + WEIGHTS[1:])
    code, out, _ = typed(capsys, "check")
    assert code == 1 and "model.safetensors" in out
    assert typed(capsys, "pull", "tiny", "--yes")[0] == 0 and typed(capsys, "check")[0] == 0
    assert typed(capsys, "remove", "tiny")[0] == 0 and not file.parent.exists()
    assert typed(capsys, "check", "tiny")[0] == 1


def test_nothing_is_fetched_before_it_is_agreed_to(world: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, _ = typed(capsys, "pull", "tiny")  # nobody is there to say yes
    assert code != 0
    assert not any("resolve" in path for path, _, _ in world.asked)


def test_what_goes_wrong_is_said_in_a_sentence(world: Hub, capsys: pytest.CaptureFixture[str]) -> None:
    assert "There is no model" in typed(capsys, "pull", "none", "--yes")[2]
    world.status = 500
    assert "cannot be fetched: HTTP 500" in typed(capsys, "pull", "tiny", "--yes")[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_the_shipped_models_has_a_word(language: str) -> None:
    kinds = {model.kind for model in models()}
    assert kinds and {kind for kind in kinds if f"models.kind_{kind}" not in catalogue(language)} == set()

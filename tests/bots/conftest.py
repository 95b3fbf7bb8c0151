"""Every test of the bots speaks English, with no setting of whoever runs it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bots.main import run


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in list(os.environ):
        if name.startswith("KINORA_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("KINORA_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(tmp_path)
    yield


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("studio") / "data"


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[None]:
    """`kinora run` beside the tests of a file: a command then asks and waits, and starts no workers of its own."""
    data.parent.mkdir(exist_ok=True)
    service = subprocess.Popen(
        [sys.executable, "-m", "bots.main", "--data", str(data), "run"],
        stdout=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1", "KINORA_LANGUAGE": "en"},
    )
    assert service.stdout is not None
    assert any("waits for jobs" in line for line in service.stdout)
    yield
    service.send_signal(signal.SIGTERM)
    service.communicate(timeout=60)
    assert service.returncode == 0


@pytest.fixture
def kinora(data: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """Type a command, and read its code and its JSON. Tests of one file share a studio."""

    def typed(*arguments: str, acting_as: str | None = None) -> tuple[int, Any]:
        who = ["--as", acting_as] if acting_as else []
        code = run(["--data", str(data), *who, *arguments, "--json"])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        lines = said.out.splitlines()
        return code, json.loads(lines[0]) if len(lines) == 1 else [json.loads(line) for line in lines] or said.err

    yield typed

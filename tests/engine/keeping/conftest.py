"""Studios to be kept, made once a file and copied for each test; no setting of whoever runs the tests."""

import os
import shutil
from pathlib import Path

import pytest

from tests.engine.keeping.kept_studio import make_studio


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("template") / "data"
    make_studio(data)
    return data


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("KINORA_"):
            monkeypatch.delenv(name)


@pytest.fixture
def data(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "data"))


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"

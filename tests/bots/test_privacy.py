"""What is kept of one, taken along and deleted, as somebody at a terminal sees it in three languages."""

import json
import re
import zipfile
from pathlib import Path

import pytest

from bots.main import run
from bots.wording import LANGUAGES


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["--data", "data", *arguments])
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err
    return code, shown.out, shown.err


@pytest.fixture(params=LANGUAGES)
def spoken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("KINORA_LANGUAGE", request.param)
    return str(request.param)


def test_a_newcomer_reads_what_is_kept_and_what_to_type(capsys: pytest.CaptureFixture[str], spoken: str) -> None:
    code, out, _ = said(capsys, "privacy")
    assert code == 0
    assert {"kinora export", "kinora privacy delete --yes", "docs/privacy.md"} <= set(
        re.findall(r"kinora export|kinora privacy delete --yes|docs/privacy\.md", out)
    )
    assert not re.search(r"\bprivacy\.[a-z]", out.replace("docs/privacy.md", ""))


def test_everything_travels_and_then_is_gone(capsys: pytest.CaptureFixture[str], tmp_path: Path, spoken: str) -> None:
    assert said(capsys, "folder", "make", "雪景")[0] == 0
    assert said(capsys, "export", "mine.zip")[0] == 0
    with zipfile.ZipFile(tmp_path / "mine.zip") as packed:
        assert len(packed.read("README.txt").decode()) > 200
        assert "雪景" in packed.read("library.json").decode()
    code, out, err = said(capsys, "export", "mine.zip")
    assert (code, out, "--force" in err) == (2, "", True)
    code, out, err = said(capsys, "privacy", "delete")
    assert (code, out, "--yes" in err) == (1, "", True)
    assert said(capsys, "privacy", "delete", "--yes")[0] == 0
    assert json.loads(said(capsys, "folder", "--json")[1]) == {"folders": []}
    code, out, _ = said(capsys, "import", "mine.zip", "--json")
    assert (code, json.loads(out)["left_out"]) == (0, [])


@pytest.mark.parametrize(
    ("file", "code"), [("nothing.zip", "file.missing"), ("folder", "file.folder"), ("odd.zip", "import.no_export")]
)
def test_what_is_no_export_is_said_to_be_none(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, file: str, code: str
) -> None:
    (tmp_path / "odd.zip").write_bytes(b"PK")
    (tmp_path / "folder").mkdir()
    exit_code, out, _ = said(capsys, "import", file, "--json")
    assert exit_code in (1, 2)
    assert json.loads(out)["error"]["code"] == code

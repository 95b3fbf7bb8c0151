"""kinora.toml, then KINORA_* variables, then the command line; what cannot be is refused by the key's name."""

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.errors import StudioError
from engine.settings import Settings, known_keys, load

EXAMPLE = Path(__file__).parents[2] / "kinora.example.toml"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in list(os.environ):
        if name.startswith("KINORA_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    yield


def refusal(**overrides: object) -> StudioError:
    with pytest.raises(StudioError) as caught:
        load(**overrides)
    return caught.value


def test_the_file_gives_way_to_the_variable_and_that_to_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kinora.toml").write_text(
        'data = "from-file"\n[fleet]\nworkers = 2\nattempts = 5\n[log]\nlevel = "error"\n'
    )
    monkeypatch.setenv("KINORA_FLEET__WORKERS", "3")
    monkeypatch.setenv("KINORA_DATA", "from-variable")
    settings = load(data=Path("typed"))
    assert settings.data == Path("typed")
    assert (settings.fleet.workers, settings.fleet.attempts, settings.log.level) == (3, 5, "error")
    assert load().data == Path("from-variable")


def test_the_config_variable_names_another_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "設定.toml").write_text("fleet.workers = 7\n", encoding="utf-8")
    monkeypatch.setenv("KINORA_CONFIG", "設定.toml")
    assert load().fleet.workers == 7
    monkeypatch.setenv("KINORA_CONFIG", "missing.toml")
    assert refusal().code == "settings.no_file"


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        ("nope = 1", "settings.unknown", "nope"),
        ("[fleet]\nworker = 1", "settings.unknown", "fleet.worker"),
        ("[fleet]\nworkers = 0", "settings.too_small", "fleet.workers"),
        ("[fleet]\nworkers = 65", "settings.too_large", "fleet.workers"),
        ("[fleet]\nworkers = 1.5", "settings.not_whole", "fleet.workers"),
        ('[fleet]\nworkers = "many"', "settings.not_whole", "fleet.workers"),
        ("[fleet]\nmemory_mb = 199", "settings.too_small", "fleet.memory_mb"),
        ('[defaults]\nseconds = "long"', "settings.not_a_number", "defaults.seconds"),
        ("[defaults]\nseconds = inf", "settings.too_large", "defaults.seconds"),
        ('[defaults]\naspect = "4:3"', "settings.not_one_of", "defaults.aspect"),
        ('[log]\nlevel = "loud"', "settings.not_one_of", "log.level"),
        ("log = 3", "settings.impossible", "log"),
        ("data = [1]", "settings.impossible", "data"),
    ],
)
def test_what_cannot_be_is_refused_by_name(tmp_path: Path, text: str, code: str, key: str) -> None:
    (tmp_path / "kinora.toml").write_text(text)
    refused = refusal()
    assert (refused.code, refused.params["key"]) == (code, key)


def test_a_refusal_lists_what_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "kinora.toml").write_text('[defaults]\nresolution = "4k"')
    assert refusal().params["allowed"] == "480p, 720p, 1080p"


def test_half_a_certificate_is_refused() -> None:
    assert refusal(certificate={"chain": "chain.pem"}).code == "settings.half_certificate"
    assert refusal(certificate={"private_key": "key.pem"}).code == "settings.half_certificate"
    assert refusal(certificate={"command": ["sign"]}).code == "settings.half_certificate"
    both = {"chain": "chain.pem", "private_key": "key.pem", "command": ["sign"]}
    assert refusal(certificate=both).code == "settings.two_signers"
    assert load(certificate={"chain": "chain.pem", "private_key": "key.pem"}).certificate.chain == Path("chain.pem")
    assert load(certificate={"chain": "c.pem", "command": ["sign", "-x"]}).certificate.pair() == (
        Path("c.pem"),
        None,
        ("sign", "-x"),
    )


@pytest.mark.parametrize("variable", ["KINORA_NOPE", "KINORA_FLEET_WORKERS", "KINORA_FLEET__NOPE", "KINORA_LOG"])
def test_an_unknown_variable_is_refused(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "1")
    refused = refusal()
    assert (refused.code, refused.params["key"]) == ("settings.unknown", variable)


@pytest.mark.parametrize("content", [b"data = ", b"\xff\xfe", b"[log]\n[log]"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "kinora.toml").write_bytes(content)
    assert refusal().code == "settings.unreadable"


def test_a_refusal_never_shows_the_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be a password that was put into the wrong key."""
    monkeypatch.setenv("KINORA_FLEET__WORKERS", "s3cret-password")
    assert "s3cret" not in str(refusal())


# -- the example file ----------------------------------------------------------------------------------------------


def uncommented() -> str:
    """The example with its optional settings switched on."""
    return re.sub(r"^# (\w+ = )", r"\1", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_the_example_documents_every_key_and_no_other() -> None:
    assert sorted(written_keys(tomllib.loads(uncommented()))) == sorted(known_keys())


def written_keys(table: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Of sections within sections, too; a setting that is itself a table is one key."""
    for name, value in table.items():
        is_section = any(key[: len(path) + 1] == (*path, name) != key for key in known_keys())
        if is_section:
            yield from written_keys(value, (*path, name))
        else:
            yield (*path, name)


def test_the_example_as_it_is_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "kinora.toml").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    assert load() == Settings()


def test_the_optional_settings_of_the_example_are_possible(tmp_path: Path) -> None:
    (tmp_path / "kinora.toml").write_text(uncommented(), encoding="utf-8")
    assert load().credits.local == 1000

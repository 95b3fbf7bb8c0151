"""The doctor finds what is broken, on a real folder, database and worker, and says so without raising."""

import os
import sqlite3
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy.engine import make_url

from engine import doctor
from engine.doctor import Condition, examine, is_broken
from engine.places import Places
from engine.settings import Platform, Settings, Telegram
from storage.database import migrate


def settings_at(root: Path) -> Settings:
    return Settings(data=root)


def conditions(findings: list[doctor.Finding]) -> dict[str, Condition]:
    return {finding.subject: finding.condition for finding in findings}


async def test_all_is_well_on_a_fresh_folder_and_what_is_made_there_is_private(tmp_path: Path) -> None:
    root = tmp_path / "資料"
    findings = await examine(settings_at(root))
    found = conditions(findings)
    assert not is_broken(findings)
    for subject in ("python", "packages", "folder", "space", "clock", "database", "workers", "gate", "keys"):
        assert found[subject] is Condition.FINE, subject
    assert root.stat().st_mode & 0o077 == 0
    assert not (root / "kinora.db").exists()


async def test_a_policy_that_makes_no_sense_is_found(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("nonsense = [")
    findings = await examine(Settings(data=tmp_path / "data", safety={"policy": tmp_path / "policy.toml"}))
    assert conditions(findings)["gate"] is Condition.BROKEN
    assert is_broken(findings)


async def test_keys_that_lost_their_half_are_found(tmp_path: Path) -> None:
    root = tmp_path / "data"
    await examine(settings_at(root))
    next((root / "keys" / "authority").glob("root.pem")).unlink()
    findings = {finding.subject: finding for finding in await examine(settings_at(root))}
    assert findings["keys"].condition is Condition.BROKEN
    assert findings["keys"].params["problem"] == "keys.half_pair"


# -- the database --------------------------------------------------------------------------------------------------


def test_a_database_that_is_up_to_date_is_fine(tmp_path: Path) -> None:
    settings = settings_at(tmp_path)
    migrate(make_url(settings.database_url))
    assert doctor.check_database(settings).code == "database.fine"


def test_a_newer_database_is_found(tmp_path: Path) -> None:
    settings = settings_at(tmp_path)
    migrate(make_url(settings.database_url))
    with sqlite3.connect(tmp_path / "kinora.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    found = doctor.check_database(settings)
    assert (found.condition, found.code, found.params["version"]) == (Condition.BROKEN, "database.newer", "9999")


def test_a_database_that_is_none_is_found(tmp_path: Path) -> None:
    (tmp_path / "kinora.db").write_bytes(b"these are not the bytes you are looking for" * 100)
    assert doctor.check_database(settings_at(tmp_path)).code == "database.unreadable"


# -- this machine --------------------------------------------------------------------------------------------------


def test_an_old_python_is_found() -> None:
    assert doctor.check_python((3, 10)).condition is Condition.BROKEN
    assert doctor.check_python((3, 11)).condition is Condition.FINE


def test_an_old_and_a_missing_package_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def versions(name: str) -> str:
        if name == "rich":
            return "14.3.1"
        if name == "typer":
            raise doctor.PackageNotFoundError
        return "9999"

    monkeypatch.setattr(doctor, "version", versions)
    found = {finding.params["name"]: finding for finding in doctor.check_packages()}
    assert found["rich"].code == "packages.old"
    assert found["typer"].code == "packages.missing"
    assert set(found) == {"rich", "typer"}


def test_a_folder_open_to_others_is_found(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert [finding.code for finding in doctor.check_folder(tmp_path)] == ["folder.open_to_others"]
    tmp_path.chmod(0o700)
    assert [finding.code for finding in doctor.check_folder(tmp_path)] == ["folder.fine"]


def test_a_file_in_place_of_the_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert [finding.code for finding in doctor.check_folder(tmp_path / "data")] == ["folder.no_folder"]
    assert [finding.code for finding in doctor.check_folder(tmp_path / "data" / "below")] == ["folder.no_folder"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_rights_is_found(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert [finding.code for finding in doctor.check_folder(tmp_path / "data")] == ["folder.no_right"]


def test_a_clock_behind_the_files_is_found(tmp_path: Path) -> None:
    (tmp_path / "kinora.db").write_text("")
    written = (tmp_path / "kinora.db").stat().st_mtime
    assert doctor.check_clock(Places(tmp_path), written - 3_600).condition is Condition.ATTENTION
    assert doctor.check_clock(Places(tmp_path), written + 3_600).condition is Condition.FINE


def test_an_extra_that_is_not_installed_is_missing_and_breaks_nothing() -> None:
    findings = list(doctor.check_extras(lambda name: name != "torch"))
    absent = {finding.subject: finding.params.get("absent") for finding in findings}
    assert absent == {"letters": None, "models": "torch"}
    assert [finding.condition for finding in findings] == [Condition.FINE, Condition.MISSING]
    assert not is_broken(findings)


# Made up, in the shape of the real ones.
DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4OQ.GaBcDe." + "x" * 38
TELEGRAM = "1234567890:" + "A" * 35


@pytest.mark.parametrize(
    ("discord", "telegram", "found"),
    [
        (None, None, ["discord.no_token", "telegram.no_token"]),
        ("", TELEGRAM, ["discord.no_token", "telegram.token"]),
        (DISCORD, TELEGRAM[:-1], ["discord.token", "telegram.strange_token"]),
        (DISCORD[:40], TELEGRAM + "\n", ["discord.strange_token", "telegram.strange_token"]),
        ("權杖", "١٢٣٤٥٦٧٨٩٠:" + "A" * 35, ["discord.strange_token", "telegram.strange_token"]),
    ],
)
def test_tokens_are_looked_at_and_never_shown(
    tmp_path: Path, discord: str | None, telegram: str | None, found: list[str]
) -> None:
    configured = Settings(
        data=tmp_path,
        discord=Platform(token=discord and SecretStr(discord)),
        telegram=Telegram(token=telegram and SecretStr(telegram)),
    )
    findings = list(doctor.check_tokens(configured, tmp_path / "kinora.toml"))
    assert [finding.code for finding in findings] == found
    assert not is_broken(findings)
    shown = repr(configured) + repr(findings)
    assert not any(token in shown for token in (discord, telegram) if token)


def test_the_bot_is_invited_with_the_least_permissions() -> None:
    link = doctor.invitation(DISCORD)
    assert "client_id=1234567890123456789&" in link
    assert link.endswith("permissions=2252074691693568")
    assert link in (Path(__file__).parents[2] / "docs/discord.md").read_text().replace(
        "APPLICATION_ID&", "1234567890123456789&"
    )


def test_tokens_that_others_can_read_are_found(tmp_path: Path) -> None:
    file = tmp_path / "kinora.toml"
    file.write_text(f'[telegram]\ntoken = "{TELEGRAM}"\n')
    for mode, codes in ((0o644, ["tokens.open_to_others"]), (0o600, [])):
        file.chmod(mode)
        findings = list(doctor.check_tokens(settings_at(tmp_path), file))
        assert [finding.code for finding in findings if finding.subject == "tokens"] == codes

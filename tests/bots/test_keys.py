"""`keys`: shown, renewed and handed out from the terminal, and never a secret on the screen."""

import json
import subprocess
import sys
from pathlib import Path

from provenance.keys import Keyring
from tests.provenance.samples import brought_pair, public_authority


def kinora(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bots.main", "--data", str(data), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_keys_are_shown_rotated_and_exported(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert kinora(data, "keys", "show").returncode == 1  # none yet: nothing is made by looking
    assert not (data / "keys").exists()
    keyring = Keyring.open(data / "keys")
    before = json.loads(kinora(data, "keys", "show", "--json").stdout)
    after = json.loads(kinora(data, "keys", "rotate", "--json").stdout)
    assert after["root"] == before["root"] and after["older_signers"] == 1
    assert after["mark_keys"][1:] == before["mark_keys"] and after["signer"] != before["signer"]
    assert kinora(data, "keys", "export-anchor", "-o", str(tmp_path / "root.pem")).returncode == 0
    assert (tmp_path / "root.pem").read_text() == keyring.anchors == kinora(data, "keys", "export-anchor").stdout
    assert kinora(data, "keys", "export-anchor", "-o", str(tmp_path / "root.pem")).returncode == 2  # not overwritten
    revoked = json.loads(kinora(data, "keys", "revoke", after["mark_keys"][0], "--json").stdout)
    assert revoked["revoked"] == [after["mark_keys"][0]] and revoked["mark_keys"] == before["mark_keys"]
    assert "0009-00000000" in kinora(data, "keys", "revoke", "0009-00000000").stderr  # said, not shown as a trace
    shown = kinora(data, "keys", "show").stdout
    assert not any(key.secret.hex() in shown for key in keyring.mark_keys())


def test_an_operators_certificate_is_taken_in(tmp_path: Path) -> None:
    data = tmp_path / "data"
    Keyring.open(data / "keys")
    pair = brought_pair(tmp_path / "own", public_authority())
    shown = json.loads(kinora(data, "keys", "import", str(pair.chain), str(pair.key), "--json").stdout)
    assert shown["brought"] and shown["signer"] == Keyring.open(data / "keys").signing().serial
    said = kinora(data, "keys", "import", str(pair.chain), str(tmp_path / "nowhere.pem"))
    assert said.returncode == 1 and "Traceback" not in said.stderr and said.stderr

from pathlib import Path

import pytest

from provenance.keys import Keyring
from tests.provenance.samples import Shelf, write_mp4


@pytest.fixture(scope="session")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return Keyring.open(tmp_path_factory.mktemp("studio") / "keys")


@pytest.fixture(scope="session")
def other_keyring(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    """Another studio's: the same program, other keys."""
    return Keyring.open(tmp_path_factory.mktemp("elsewhere") / "keys")


@pytest.fixture(scope="session")
def unsigned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_mp4(tmp_path_factory.mktemp("media") / "unsigned.mp4")


@pytest.fixture
def shelf(tmp_path: Path, keyring: Keyring) -> Shelf:
    return Shelf(tmp_path, keyring)

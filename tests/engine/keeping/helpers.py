"""What the tests of backups and restores share: a studio to be kept, and ways to look at what became of it."""

import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine import settings
from engine.backup import BackupReport, back_up
from engine.restore import RestoreReport, restore
from engine.settings import Settings
from storage.errors import CodedError
from storage.files import sha256_of
from tests.engine.keeping.kept_studio import TAKE

REPOSITORY = Path(__file__).parents[3]
HELD = hashlib.sha256(TAKE).hexdigest()


def of(data: Path) -> Settings:
    return settings.load(data=data)


def save(data: Path, kept: Path, *, with_keys: bool = False) -> BackupReport:
    return back_up(of(data), kept, with_keys=with_keys)


def bring_back(data: Path, kept: Path, **how: Any) -> RestoreReport:
    return restore(of(data), kept, **how)


def tree(folder: Path) -> dict[str, str]:
    """Every file and what is in it; a link by where it leads."""
    found = {}
    for path in folder.rglob("*"):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_file():
            found[name] = sha256_of(path)
    return found


def media(data: Path) -> dict[str, str]:
    """Released files and takes; not the library's own lock."""
    found = tree(data).items()
    return {name: digest for name, digest in found if name.startswith(("files/", "quarantine/")) and "/." not in name}


def rows(data: Path) -> list[str]:
    """The whole database as SQL, but for leases, which no restored studio holds."""
    with closing(sqlite3.connect(data / "kinora.db")) as database:
        return [line for line in database.iterdump() if '"leases"' not in line]


def refusal(code: str, work: Callable[..., object], *arguments: Any, **named: Any) -> CodedError:
    with pytest.raises(CodedError) as caught:
        work(*arguments, **named)
    assert caught.value.code == code, caught.value
    return caught.value


def content(kept: Path, of_bytes: bytes) -> Path:
    digest = hashlib.sha256(of_bytes).hexdigest()
    return kept / "content" / digest[:2] / digest

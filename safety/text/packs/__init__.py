"""The rule packs: data that the rules read. Rules stand here, one file a subject; the words they use in en/ and zh/.

How to write them is told in README.md beside this file.
"""

import hashlib
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def files() -> tuple[Path, ...]:
    return tuple(sorted(FOLDER.rglob("*.toml"), key=lambda path: path.relative_to(FOLDER).as_posix()))


@cache
def digest() -> str:
    """Changes with every change of a pack; part of the policy's version."""
    digest = hashlib.sha256()
    for path in files():
        digest.update(path.relative_to(FOLDER).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))

"""Keeps what takes long to make, as Python keeps compiled modules: beside the source, unless Python may write nothing.

It is believed only if it is whole and made of the same parts; whoever could put something else there could change the
code as well.
"""

import hashlib
import importlib.util
import marshal
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

_DIGEST = 32  # bytes


def recalled(beside: Path, key: bytes, make: Callable[[], Any]) -> Any:
    """What `make` answers, or answered last time under the same key: tuples, dictionaries and strings, no objects."""
    file = Path(importlib.util.cache_from_source(str(beside))).with_suffix(".kept")
    key = hashlib.sha256(key).digest()
    with suppress(OSError, ValueError, EOFError, TypeError):
        content = file.read_bytes()
        body = memoryview(content)[2 * _DIGEST :]
        if content[: 2 * _DIGEST] == key + hashlib.sha256(body).digest():
            return marshal.loads(body)  # noqa: S302 - plain data: no code is run
    made = make()
    if not sys.dont_write_bytecode:
        _keep(file, key, marshal.dumps(made))
    return made


def _keep(file: Path, key: bytes, body: bytes) -> None:
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(exist_ok=True)
        part.write_bytes(key + hashlib.sha256(body).digest() + body)
        part.replace(file)
    except OSError:  # a folder that is not ours, a full disk: it is made anew each time
        with suppress(OSError):
            part.unlink(missing_ok=True)

"""Every mark that was issued, in one file on the disk: a million of them are read in a moment.

The database is the record; the file only spares reading all of its rows for every question. It may be deleted.
"""

import secrets
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from storage import recognition
from storage.database import Transaction
from storage.files import make_folder
from storage.recognition import MarkRow

_ROW = np.dtype([("serial", "<i8"), ("key", "S20"), ("message", "u1", (8,))])
# On PostgreSQL a row may be committed after one with a higher serial was read: the last ones are looked at again.
_LATECOMERS = 1000

Rows = NDArray[np.void]


async def issued_marks(tx: Transaction, file: Path) -> Rows:
    """All of them, with what has come since the file was written; the file is brought up to date."""
    known = _read(file)
    if len(known) and await recognition.count_marks(tx, int(known["serial"][-1])) < len(known):
        known = np.empty(0, _ROW)  # of another database: one that was restored, perhaps
    seen = known["serial"][-_LATECOMERS:]
    news = await recognition.marks_after(tx, int(seen[0]) - 1 if len(seen) else 0)
    fresh = [row for row in news if row.serial not in set(seen.tolist())]
    if not fresh:
        return known
    rows = np.concatenate([known, _rows(fresh)])
    rows.sort(order="serial")
    _write(file, rows)
    return rows


def _rows(fresh: list[MarkRow]) -> Rows:
    rows = np.empty(len(fresh), _ROW)
    rows["serial"] = [row.serial for row in fresh]
    rows["key"] = [row.key_name.encode() for row in fresh]
    messages = b"".join(bytes.fromhex(row.message) for row in fresh)
    rows["message"] = np.frombuffer(messages, np.uint8).reshape(-1, 8)
    return rows


def _read(file: Path) -> Rows:
    try:
        content = file.read_bytes()
    except OSError:
        return np.empty(0, _ROW)
    whole = len(content) // _ROW.itemsize * _ROW.itemsize
    return np.frombuffer(content[:whole], _ROW)


def _write(file: Path, rows: Rows) -> None:
    """Whole or not at all. Not forced to the disk: what is lost is read from the database again."""
    make_folder(file.parent)
    aside = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        aside.write_bytes(rows.tobytes())
        aside.chmod(0o600)
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)

"""Where the pages of a running studio are, noted in its data folder for other processes."""

import json
import socket
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

ADDRESS_FILE: Final = "web.json"


def noted_url(root: Path) -> str | None:
    """Where the pages of the studio on this data folder are, as its process noted it; None when it has none open."""
    try:
        url = str(json.loads((root / ADDRESS_FILE).read_text())["url"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return url


def is_answering(root: Path) -> bool:
    """Whether anybody listens there: a process that was killed leaves its note behind."""
    try:
        parts = urlsplit(str(json.loads((root / ADDRESS_FILE).read_text())["listens"]))
        socket.create_connection((parts.hostname or "", parts.port or 80), timeout=2).close()
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return True

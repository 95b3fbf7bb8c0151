"""What this machine has to make video with, and which profiles suit it. Light: no torch is imported."""

import csv
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TABLE: Final = Path(__file__).parent / "machines.toml"
_COLUMNS: Final = 2
_PATIENCE: Final = 10.0  # seconds: a driver that hangs must not keep the doctor


@dataclass(frozen=True)
class Card:
    name: str
    gb: float


@dataclass(frozen=True)
class Proposal:
    turbo: tuple[str, ...]
    best: tuple[str, ...]


def ask_driver() -> str:
    """Name and memory in MiB of each card of Nvidia's, a line each; nothing where there is none."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ""
    wish = [tool, "--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    try:
        return subprocess.run(wish, capture_output=True, text=True, timeout=_PATIENCE, check=True).stdout  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""


def cards(ask: Callable[[], str] = ask_driver) -> list[Card]:
    """The graphics cards, the largest first."""
    rows = [row for row in csv.reader(ask().splitlines(), skipinitialspace=True) if len(row) == _COLUMNS]
    found = [Card(name.strip(), int(mebibytes) / 1024) for name, mebibytes in rows if mebibytes.strip().isdecimal()]
    return sorted(found, key=lambda card: -card.gb)


def propose(gb: float) -> Proposal | None:
    """None for a card on which none of the models makes sense."""
    rows = tomllib.loads(_TABLE.read_text(encoding="utf-8"))["machine"]
    fitting = [row for row in rows if row["gb"] <= gb]
    return Proposal(tuple(fitting[-1]["turbo"]), tuple(fitting[-1]["best"])) if fitting else None

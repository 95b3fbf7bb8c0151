"""Runs one of the programs of this folder in a process of its own, and answers with what it found."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[2]


async def run_program(name: str, *arguments: object) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        f"tests.soak.{name}",
        *map(str, arguments),
        cwd=REPOSITORY,
        env={name: value for name, value in os.environ.items() if not name.startswith("KINORA_")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    found: dict[str, Any] = json.loads(out)
    return found


def how_many(what: str, otherwise: int) -> int:
    """How often a long run does what it does: SOAK_KILLS, SOAK_CUTS, SOAK_JOBS may say."""
    return int(os.environ.get(f"SOAK_{what.upper()}", otherwise))

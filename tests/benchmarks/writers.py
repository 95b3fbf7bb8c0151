"""How long two hundred members wait who all write at once, in four processes on one database."""

import asyncio
import statistics
import tempfile
from pathlib import Path

from tests.engine.test_many_writers import WRITERS, crowd


def main() -> None:
    for databases in (1, 50):
        with tempfile.TemporaryDirectory() as folder:
            told = asyncio.run(crowd(Path(folder), 4, databases))
        seconds = [took for took, _ in told]
        errors = sum(error is not None for _, error in told)
        print(
            f"{WRITERS} writers in 4 processes, {4 * databases:3} connections: {errors} errors; four writes each took"
            f" {statistics.median(seconds):.1f} s in the middle, {max(seconds):.1f} s at the most",
            flush=True,
        )

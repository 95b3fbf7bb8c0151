"""Which clips look like this, among a million? The time of a question, and the memory of who asks.

KINORA_BENCH_CLIPS_KNOWN (1,000,000) and KINORA_BENCH_HASHES_EACH (10) choose the size.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from storage.hashes import HASH_BYTES, HashIndex

CLIPS = int(os.environ.get("KINORA_BENCH_CLIPS_KNOWN", "1000000"))
EACH = int(os.environ.get("KINORA_BENCH_HASHES_EACH", "10"))
ASKED = 16  # eight frames, as they are and mirrored
ROUNDS = 20


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        _filled().save(Path(folder) / "index")
        print(f"  {CLIPS:,} clips, {EACH} hashes each: made in {time.process_time() - start:.0f} s of CPU")
        # A process of its own: what building it took is not what asking takes.
        subprocess.run([sys.executable, "-m", "tests.benchmarks.lookups", str(Path(folder) / "index")], check=True)


def _filled() -> HashIndex:
    dice = np.random.default_rng(4)
    hashes = np.frombuffer(dice.bytes(CLIPS * EACH * HASH_BYTES), np.uint8).reshape(-1, HASH_BYTES)
    return HashIndex.empty().with_more(hashes, np.repeat(np.arange(CLIPS, dtype=np.int64), EACH))


def ask(folder: Path) -> None:
    dice = np.random.default_rng(5)
    start = time.perf_counter()
    index = HashIndex.load(folder)
    opened = time.perf_counter() - start
    found, spent = 0, []
    for _ in range(ROUNDS):
        clip = int(dice.integers(CLIPS))
        mine = np.array(index.hashes[clip * EACH : clip * EACH + EACH])
        asked = np.frombuffer(dice.bytes(ASKED * HASH_BYTES), np.uint8).reshape(-1, HASH_BYTES).copy()
        asked[: len(mine[:8])] = _worn(mine[:8], dice)
        start = time.process_time()
        found += clip in {near.label for near in index.search(asked, thorough=False)}
        spent.append(time.process_time() - start)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"  opened in {1000 * opened:.0f} ms; a question of {ASKED} hashes: CPU {1000 * np.median(spent):.1f} ms, "
        f"at most {1000 * max(spent):.1f} ms; {found} of {ROUNDS} found; {memory:.0f} MB resident"
    )


def _worn(hashes: np.ndarray[tuple[int, int], np.dtype[np.uint8]], dice: np.random.Generator) -> object:
    """Sixteen bits of each changed, as compression does."""
    bits = np.unpackbits(hashes, axis=1)
    for row in bits:
        row[dice.choice(len(row), 16, replace=False)] ^= 1
    return np.packbits(bits, axis=1)


if __name__ == "__main__":
    ask(Path(sys.argv[1]))

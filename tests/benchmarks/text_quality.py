"""Recall and over-blocking of the text gate, per category and language, on labelled files.

Usage: python -m tests.benchmarks.text_quality FOLDER [FILE ...]     (or KINORA_SHARED_DATA=FOLDER)

Counts only: the texts are harmful on purpose and are never printed.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from safety.gate import check_text
from safety.policy import Policy
from safety.submission import Submission, SubmittedText
from safety.verdict import Decision

FILES = ("prompts.dev.jsonl", "overblocking.dev.jsonl", "hate.dev.jsonl")
_HARMLESS = {"benign", "safe", "non-hateful"}

Row = dict[str, object]


def rows(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def group(row: Row) -> str:
    """What the row counts towards: its label, language and the source's own category."""
    kind = row.get("categories") or row.get("functionality") or row.get("type") or row.get("topic") or row["source"]
    kinds = kind if isinstance(kind, list) else [kind]
    return f"{row['label']} {row['lang']} {','.join(map(str, kinds))}"


def measure(path: Path, policy: Policy) -> dict[str, Counter[Decision]]:
    counts: dict[str, Counter[Decision]] = {}
    for row in rows(path):
        verdict = check_text(Submission(texts=(SubmittedText(text=str(row["text"])),)), policy)
        for name in (group(row), f"all {row['label']} {row['lang']}"):
            counts.setdefault(name, Counter())[verdict.decision] += 1
    return counts


def report(path: Path, counts: dict[str, Counter[Decision]]) -> None:
    print(f"\n{path.name}\n{'':58} rows  refused  held  not allowed")
    for name, count in sorted(counts.items()):
        total = count.total()
        stopped = total - count[Decision.ALLOW]
        kind = "over-blocking" if _HARMLESS & set(name.split()) else "recall"
        shares = f"{count[Decision.REFUSE] / total:7.1%} {count[Decision.HOLD] / total:6.1%} {stopped / total:7.1%}"
        print(f"{name[:58]:58} {total:4}  {shares}  {kind}")


def main(arguments: Sequence[str] = ()) -> None:
    given = list(arguments)
    folder = given.pop(0) if given else os.environ.get("KINORA_SHARED_DATA")
    if not folder:
        print("nothing measured: name the folder of the labelled data, or set KINORA_SHARED_DATA")
        return
    base = Path(folder)
    base = base / "moderation" if (base / "moderation").is_dir() else base
    policy = Policy.load()
    print(f"policy {policy.version}, profile {policy.profile}")
    for name in given or FILES:
        report(base / name, measure(base / name, policy))


if __name__ == "__main__":
    main(sys.argv[1:])

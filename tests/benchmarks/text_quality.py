"""Recall and over-blocking of the text gate, per category and language, on labelled files.

Usage: python -m tests.benchmarks.text_quality FOLDER [FILE ...]     (or KINORA_SHARED_DATA=FOLDER)

The same table as `kinora eval text`, without a studio around it. Counts only: the texts are never printed.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from safety.evaluation import Evaluation, evaluate
from safety.gate import check_text
from safety.policy import Policy
from safety.submission import Submission, SubmittedText

FILES = ("prompts.dev.jsonl", "overblocking.dev.jsonl", "hate.dev.jsonl")


def report(evaluation: Evaluation) -> None:
    print(f"\n{evaluation.file}\n{'':58} rows  refused  held  stopped (95 % interval)")
    for group in evaluation.groups:
        name = f"{group.label} {group.language} {group.kind}"
        low, high = group.stopped.interval
        shares = f"{group.refused / group.rows:7.1%} {group.held / group.rows:6.1%} {group.stopped.value:7.1%}"
        kind = "over-blocking" if group.harmless else "recall"
        print(f"{name[:58]:58} {group.rows:4}  {shares} ({low:.0%} to {high:.0%}) {kind}")
    print("stopped harmless rows:", ", ".join(f"{name} {count}" for name, count in evaluation.stopped_harmless_by))
    print(f"median {evaluation.median_ms} ms, p99 {evaluation.p99_ms} ms; slowest", end=" ")
    print(", ".join(f"line {slow.line} ({slow.characters} characters) {slow.ms} ms" for slow in evaluation.slowest))


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
        report(evaluate(base / name, lambda text: check_text(Submission(texts=(SubmittedText(text=text),)), policy)))


if __name__ == "__main__":
    main(sys.argv[1:])

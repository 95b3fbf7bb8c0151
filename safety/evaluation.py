"""How the text gate does on labelled prompts: what it stops, what it lets through, and how sure the figures are.

Counts only. Labelled files hold harmful text on purpose, so no row of theirs is ever part of a report: a slow prompt is
named by its line.
"""

import json
import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from safety.verdict import Decision, Verdict
from storage.errors import CodedError

ALL = "all"
HARMLESS_LABELS = frozenset({"benign", "safe", "non-hateful", "harmless", "allow", "0"})
_KIND_FIELDS = ("categories", "category", "functionality", "type", "topic")
_LONGEST_LINE = 1 << 20
_SLOWEST_SHOWN = 5
_RULES_SHOWN = 12
_Z = 1.959964  # both sides of a normal distribution that leave 5 % out


class LabelledError(CodedError):
    """A file that cannot be evaluated: `code` says why, `line` where."""


@dataclass(frozen=True)
class Labelled:
    """One row of a labelled file."""

    text: str
    language: str
    kind: str  # the source's own category, so that a table can be compared with the source's
    harmless: bool
    label: str
    line: int


class Share(BaseModel):
    """How many of how many, with the 95 % interval that so few rows allow (Wilson)."""

    model_config = ConfigDict(frozen=True)

    count: int
    rows: int

    @property
    def value(self) -> float:
        return self.count / self.rows if self.rows else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        if not self.rows:
            return 0.0, 1.0
        n, p = self.rows, self.value
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
        return max(0.0, middle - half), min(1.0, middle + half)


class Group(BaseModel):
    """The rows of one label, language and kind, and what became of them."""

    model_config = ConfigDict(frozen=True)

    label: str
    language: str
    kind: str
    harmless: bool
    refused: int
    held: int
    allowed: int

    @property
    def rows(self) -> int:
        return self.refused + self.held + self.allowed

    @property
    def stopped(self) -> Share:
        """Recall of what is harmful, over-blocking of what is not."""
        return Share(count=self.refused + self.held, rows=self.rows)


class SlowPrompt(BaseModel):
    model_config = ConfigDict(frozen=True)

    line: int
    characters: int
    ms: float


class Evaluation(BaseModel):
    """What one file showed."""

    model_config = ConfigDict(frozen=True)

    file: str
    groups: tuple[Group, ...]
    # What stopped harmless rows, most often first: where the next over-blocking can be taken away.
    stopped_harmless_by: tuple[tuple[str, int], ...]
    median_ms: float
    p99_ms: float
    slowest: tuple[SlowPrompt, ...]


def labelled(path: Path) -> Iterator[Labelled]:
    """The rows of a file of JSON lines. LabelledError at the first that cannot be one: a figure of half a file lies."""
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _row(path, number, line)
    except (OSError, UnicodeDecodeError) as error:
        raise LabelledError("eval.unreadable", file=str(path)) from error


def _row(path: Path, number: int, line: str) -> Labelled:
    try:
        content: Any = json.loads(line[:_LONGEST_LINE])
        text, label = content["text"], str(content["label"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise LabelledError("eval.malformed", file=str(path), line=number) from None
    if not isinstance(text, str):
        raise LabelledError("eval.malformed", file=str(path), line=number)
    return Labelled(
        text=text,
        language=str(content.get("lang") or content.get("language") or "?")[:10],
        kind=_kind(content),
        harmless=label.lower() in HARMLESS_LABELS,
        label=label[:30],
        line=number,
    )


def _kind(content: Mapping[str, Any]) -> str:
    value = next((content[field] for field in _KIND_FIELDS if content.get(field)), None) or content.get("source", ALL)
    return ",".join(map(str, value))[:60] if isinstance(value, list) else str(value)[:60]


def evaluate(
    path: Path,
    judge: Callable[[str], Verdict],
    progress: Callable[[int], None] = lambda _: None,
) -> Evaluation:
    """Ask the gate about every row of the file. `progress` is told how many are done."""
    counts: dict[tuple[str, str, str, bool], Counter[Decision]] = defaultdict(Counter)
    causes: Counter[str] = Counter()
    times: list[SlowPrompt] = []
    for done, row in enumerate(labelled(path), 1):
        began = time.perf_counter()
        verdict = judge(row.text)
        times.append(
            SlowPrompt(line=row.line, characters=len(row.text), ms=round((time.perf_counter() - began) * 1000, 2))
        )
        for kind in {ALL, row.kind}:  # a row without a kind counts once
            counts[row.label, row.language, kind, row.harmless][verdict.decision] += 1
        if row.harmless and verdict.decision is not Decision.ALLOW:
            causes[cause(verdict)] += 1
        progress(done)
    ordered = sorted(counts.items(), key=lambda item: (item[0][2] != ALL, item[0]))
    return Evaluation(
        file=path.name,
        groups=tuple(
            Group(
                label=label,
                language=language,
                kind=kind,
                harmless=harmless,
                refused=count[Decision.REFUSE],
                held=count[Decision.HOLD],
                allowed=count[Decision.ALLOW],
            )
            for (label, language, kind, harmless), count in ordered
        ),
        stopped_harmless_by=tuple(causes.most_common(_RULES_SHOWN)),
        median_ms=_at(times, 0.5),
        p99_ms=_at(times, 0.99),
        slowest=tuple(sorted(times, key=lambda slow: -slow.ms)[:_SLOWEST_SHOWN]),
    )


def cause(verdict: Verdict) -> str:
    """The signal that decided, in one word: a rule's id, or the classifier and what it saw."""
    first = verdict.signals[0]
    return first.rule or f"{first.classifier}:{first.fault or first.category}"


def _at(times: Sequence[SlowPrompt], share: float) -> float:
    ordered = sorted(slow.ms for slow in times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0

"""The gate: asks every required classifier about everything that was submitted, and the worst answer wins.

Nothing here decides what is allowed (the policy does) or recognises anything (the classifiers do). What the gate adds
is that nothing is left out and that no answer is never a yes: a classifier that is missing, raises, is slow or talks
nonsense becomes a fault, and a fault holds.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from safety.categories import KNOWN, Category
from safety.models import ModelRoom
from safety.policy import Policy
from safety.submission import Submission, TextRole
from safety.text.base import Deadline, OutOfTimeError, TextClassifier, UnusableAnswerError
from safety.text.consent import with_consent
from safety.text.own_words import OWN_WORDS, OwnWords
from safety.verdict import Decision, Fault, Signal, Span, Surface, Verdict
from storage.models import ModelError

if TYPE_CHECKING:  # whoever reads texts alone has no use for arrays
    from safety.frames.base import Inspection, Inspector
    from safety.frames.watching import PictureClassifier, Watching

log = logging.getLogger(__name__)

LONGEST = 4_000  # characters that a classifier reads at once
_OVERLAP = 300  # of neighbouring windows, so that no sentence is cut for both
_SEAM = 80  # characters on either side of where two cards meet


def _rules() -> TextClassifier:
    from safety.text.rules import Rules  # whoever looks at frames alone has no use for thousands of words

    return Rules()


TEXT_CLASSIFIERS: dict[str, Callable[[], TextClassifier]] = {"rules": _rules}


def _flashing(width: int, height: int, fps: int) -> "Inspector":
    from safety.frames.flashing import Flashing

    return Flashing(width, height, fps)


def _looker(width: int, height: int, fps: int) -> "Inspector":
    from safety.frames.looks import Looker

    return Looker(width, height, fps)


def _stillness(width: int, height: int, fps: int) -> "Inspector":
    from safety.frames.stillness import Stillness

    return Stillness(width, height, fps)


FRAME_INSPECTORS: dict[str, Callable[[int, int, int], "Inspector"]] = {
    "flashing": _flashing,
    "banks": _looker,
    "stillness": _stillness,
}


def check_text(
    submission: Submission,
    policy: Policy,
    classifiers: Mapping[str, Callable[[], TextClassifier]] = TEXT_CLASSIFIERS,
    models: ModelRoom | None = None,
) -> Verdict:
    """The verdict on all texts of a submission, each alone and all together, joined with those of its lineage."""
    asked = _with_models(policy.required.text, classifiers, models)
    verdict = _asked(submission, policy, asked, policy.seconds_for_text)
    if policy.words:
        verdict = verdict.joined(_own_words(submission, policy))
    return verdict.joined(submission.lineage)


def _own_words(submission: Submission, policy: Policy) -> list[Verdict]:
    """What the community's own list says. It decides by itself: no threshold makes it milder."""
    try:
        own = OwnWords(policy.words)
        reading = Reading.of(submission)
        passed = {word.term for passage in reading.settled for word, _, _ in own.found(passage.text)}
        found = [
            (word, passage, start, end)
            for passage in (*reading.new, *reading.mixed)
            for word, start, end in own.found(passage.text)
            if passage in reading.new or word.term not in passed
        ]
    except Exception:  # whatever it was, the list was not read to its end
        log.exception("a community's word list failed")
        return [policy.judge([_fault(OWN_WORDS, Fault.CRASHED, Surface.TEXT)])]
    return [
        Verdict(
            decision=Decision[word.action.upper()],
            signals=(
                Signal(
                    category=word.category,
                    score=1.0,
                    classifier=OWN_WORDS,
                    surface=Surface.TEXT,
                    span=passage.span(start, end),
                    rule=f"word:{word.term}",
                ),
            ),
            policy_version=policy.version,
        )
        for word, passage, start, end in found[:20]
    ]


def guard_text(submission: Submission, policy: Policy, models: ModelRoom) -> Verdict:
    """What the guard models say of the words: those that are too slow to be waited for before anything is made."""
    return _asked(submission, policy, _with_models(policy.required.guard, {}, models), policy.seconds_for_guard)


def unguarded(policy: Policy) -> Verdict:
    """Guard models are required, and nobody asked them."""
    return policy.judge(_fault(name, Fault.MISSING, Surface.TEXT) for name in policy.required.guard)


def _with_models(
    names: Sequence[str], classifiers: Mapping[str, Callable[[], TextClassifier]], models: ModelRoom | None
) -> dict[str, TextClassifier | Fault]:
    """Made before the clock starts: loading its rules takes a fresh process a second, and is nobody's evasion."""
    return {name: _made(name, classifiers, models) for name in names}


def _asked(
    submission: Submission, policy: Policy, asked: Mapping[str, TextClassifier | Fault], seconds: float
) -> Verdict:
    deadline = Deadline(seconds)
    signals = list(_unchecked_parts(submission))
    reading = Reading.of(submission)
    for name, classifier in asked.items():
        signals.extend(_ask(name, classifier, reading.new, deadline))
        if reading.mixed:
            passed = list(_ask(name, classifier, reading.settled, deadline))
            signals.extend(_beyond(passed, _ask(name, classifier, reading.mixed, deadline)))
    return policy.judge(with_consent(_strongest(signals), submission))


def _beyond(passed: Sequence[Signal], found: Iterable[Signal]) -> Iterator[Signal]:
    """What is more than a person has let pass already. Where something could not be read, nothing was let pass."""
    strongest: dict[tuple[str | None, str], float] = {}
    for signal in passed:
        if signal.fault:
            yield signal
            continue
        key = (signal.rule, signal.category)
        strongest[key] = max(signal.score, strongest.get(key, 0.0))
    for signal in found:
        if signal.fault or signal.score > strongest.get((signal.rule, signal.category), -1.0):
            yield signal


def frame_inspectors(
    policy: Policy,
    *,
    width: int,
    height: int,
    fps: int,
    surface: Surface = Surface.FRAME,
    models: ModelRoom | None = None,
) -> "tuple[Inspector, ...]":
    """A fresh inspector of each required kind. One that cannot be made is left out, and `judge_frames` holds for it."""
    inspectors: list[Inspector] = []
    for name in _required(policy, surface):
        try:
            if make := FRAME_INSPECTORS.get(name):
                inspectors.append(make(width, height, fps))
            elif models is not None and min(width, height, fps) > 0:
                inspectors.append(_watching(name, models, policy, surface, fps))
        except Exception:  # whatever kept it from being made, the clip is held for want of it
            log.exception("frame inspector %s cannot be made", name)
    return tuple(inspectors)


def _watching(name: str, models: ModelRoom, policy: Policy, surface: Surface, fps: int) -> "Watching":
    from safety.frames.watching import Watching

    return Watching(
        name,
        lambda: cast("PictureClassifier", models.pictures(name)),
        fps,
        seconds=policy.seconds_for_pictures,
        surface=surface,
        refuses=lambda signal: policy.decide(signal) is Decision.REFUSE,
    )


def _required(policy: Policy, surface: Surface) -> tuple[str, ...]:
    return policy.required.uploads if surface is Surface.UPLOAD else policy.required.frames


def judge_frames(
    inspections: "Sequence[Inspection]",
    frames: int,
    policy: Policy,
    *,
    surface: Surface = Surface.FRAME,
    trained: bool = False,
) -> Verdict:
    """The verdict on footage of so many frames. Every required inspector must have seen every one of them.

    What a trained renderer made needs a classifier of pictures: allowed words do not say what a model makes of them.
    """
    signals = [signal for inspection in inspections for signal in inspection.signals]
    seen = {inspection.inspector: inspection.frames_seen for inspection in inspections}
    for name in _required(policy, surface):
        if name not in seen:
            signals.append(_fault(name, Fault.MISSING, surface))
        elif frames < 1 or seen[name] < frames:
            signals.append(_fault(name, Fault.CRASHED, surface))
    if trained and all(name in FRAME_INSPECTORS for name in policy.required.frames):
        signals.append(_fault("pictures", Fault.UNJUDGED, surface))
    return policy.judge(signals)


@dataclass(frozen=True)
class Passage:
    """A stretch of text that is read as one, and which stretches of which submitted texts it is made of."""

    text: str
    pieces: tuple[tuple[int, int, int, int], ...]  # where it begins in the passage; text, from, to

    def span(self, start: int, end: int) -> Span | None:
        """Where that is in what was submitted; what reaches over a seam is shown where it begins."""
        for at, text, begin, stop in self.pieces:
            length = stop - begin
            if at <= start < at + length:
                return Span(text=text, start=begin + start - at, end=min(begin + end - at, stop))
        return None


@dataclass(frozen=True)
class Reading:
    """Everything that is read, once each: what nobody has let pass, what has been let pass, and where the two meet."""

    new: tuple[Passage, ...]
    settled: tuple[Passage, ...]
    mixed: tuple[Passage, ...]

    @classmethod
    def of(cls, submission: Submission) -> "Reading":
        passages = dict.fromkeys(_passages(submission))
        settled = {n for n, submitted in enumerate(submission.texts) if submitted.settled}
        parts: dict[tuple[bool, bool], list[Passage]] = defaultdict(list)
        for passage in passages:
            texts = {text for _, text, _, _ in passage.pieces}
            parts[bool(texts & settled), bool(texts - settled)].append(passage)
        new = (*parts[False, True], *parts[False, False])
        return cls(new, tuple(parts[True, False]), tuple(parts[True, True]))


def _passages(submission: Submission) -> Iterator[Passage]:
    """Every text in windows; all prompts and cards as one, in windows; every seam closed up ("decap" + "itate")."""
    texts = [submitted.text for submitted in submission.texts]
    for index in range(len(texts)):
        yield from _windows(texts, [index], "")
    told = [n for n, submitted in enumerate(submission.texts) if submitted.role is not TextRole.NAME and submitted.text]
    story = sorted(told, key=lambda n: submission.texts[n].role is not TextRole.BEHIND)  # it was said before
    if len(story) > 1:
        yield from _windows(texts, story, "\n")
        yield from _windows(texts, story, " ")
        for left, right in pairwise(story):
            tail, head = texts[left][-_SEAM:], texts[right][:_SEAM]
            begin = len(texts[left]) - len(tail)
            yield Passage(tail + head, ((0, left, begin, len(texts[left])), (len(tail), right, 0, len(head))))


def _windows(texts: Sequence[str], order: Sequence[int], separator: str) -> Iterator[Passage]:
    pieces: list[tuple[int, int, int, int]] = []
    at = 0
    for index in order:
        pieces.append((at, index, 0, len(texts[index])))
        at += len(texts[index]) + len(separator)
    whole = separator.join(texts[index] for index in order)
    for start in range(0, max(len(whole) - _OVERLAP, 1), LONGEST - _OVERLAP):
        end = start + LONGEST
        inside = tuple(
            (max(begin - start, 0), text, max(start - begin, 0), min(stop, end - begin))
            for begin, text, _, stop in pieces
            if begin < end and begin + stop > start
        )
        yield Passage(whole[start:end], inside)


def _unchecked_parts(submission: Submission) -> Iterator[Signal]:
    """Uploads are looked at elsewhere; until something says it has, nobody did."""
    for _ in submission.media[:1]:
        yield _fault("uploads", Fault.MISSING, Surface.UPLOAD)


def _made(
    name: str, classifiers: Mapping[str, Callable[[], TextClassifier]], models: ModelRoom | None
) -> TextClassifier | Fault:
    try:
        if name in classifiers:
            return classifiers[name]()
        return cast(TextClassifier, models.text(name)) if models is not None else Fault.MISSING
    except ModelError as error:
        log.warning("text classifier %s: %s", name, error)
        return Fault.DAMAGED if error.code == "model.damaged" else Fault.MISSING
    except ImportError:
        log.exception("text classifier %s: the extra `models` is not installed", name)
        return Fault.MISSING
    except UnusableAnswerError:
        log.exception("text classifier %s speaks of things that nobody has said the meaning of", name)
        return Fault.NONSENSE
    except Exception:  # whatever kept it from being made, nothing was read
        log.exception("text classifier %s cannot be made", name)
        return Fault.CRASHED


def _ask(
    name: str, classifier: TextClassifier | Fault, passages: Sequence[Passage], deadline: Deadline
) -> Iterator[Signal]:
    if isinstance(classifier, Fault):
        yield _fault(name, classifier, Surface.TEXT)
        return
    try:
        for passage in passages:
            deadline.check()
            for signal in classifier.read(passage.text, deadline):
                yield _placed(signal, name, passage)
            deadline.check()
    except OutOfTimeError:
        yield _fault(name, Fault.SLOW, Surface.TEXT)
    except (_NonsenseError, UnusableAnswerError):
        yield _fault(name, Fault.NONSENSE, Surface.TEXT)
    except Exception:  # whatever it was, the text was not read to its end
        log.exception("text classifier %s failed", name)
        yield _fault(name, Fault.CRASHED, Surface.TEXT)


class _NonsenseError(Exception):
    code = "safety.gate.nonsense"


def _placed(signal: object, name: str, passage: Passage) -> Signal:
    """The signal with its span in what was submitted, if it is one that can be believed."""
    if not isinstance(signal, Signal) or signal.category not in KNOWN or not 0.0 <= signal.score <= 1.0:
        raise _NonsenseError
    if signal.surface is not Surface.TEXT or signal.classifier != name:
        raise _NonsenseError
    if signal.span is None:
        return signal
    return signal.model_copy(update={"span": passage.span(signal.span.start, signal.span.end)})


def _strongest(signals: Sequence[Signal]) -> list[Signal]:
    """One signal a place and rule: the same words are read alone and in their windows."""
    best: dict[object, Signal] = {}
    for signal in signals:
        key = (signal.classifier, signal.rule, signal.category, signal.span, signal.fault)
        if key not in best or best[key].score < signal.score:
            best[key] = signal
    return list(best.values())


def _fault(classifier: str, fault: Fault, surface: Surface) -> Signal:
    return Signal(category=Category.UNCHECKED, score=0.0, classifier=classifier, surface=surface, fault=fault)


def faults(verdict: Verdict) -> Counter[Fault]:
    """How often what could not be looked at, for the operator."""
    return Counter(signal.fault for signal in verdict.signals if signal.fault)

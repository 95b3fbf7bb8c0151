"""Whether a verdict says that something is known: from banks of media, or of words. Light: the desk asks, too."""

from typing import Final

from safety.verdict import Verdict

MEDIA: Final = "banks"
WORDS: Final = "bank"
# How a bank's rule begins. What is in a closed bank is shown to nobody but those named for the closed queue.
OPEN_RULE: Final = "bank:"
CLOSED_RULE: Final = "closed-bank:"


def is_known(verdict: Verdict) -> bool:
    return any(signal.classifier in (MEDIA, WORDS) and not signal.fault for signal in verdict.signals)


def is_closed(verdict: Verdict) -> bool:
    return any((signal.rule or "").startswith(CLOSED_RULE) for signal in verdict.signals)

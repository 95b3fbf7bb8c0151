"""What moderators want to be known again waits for them, and is never refused by the bank alone."""

import pytest

from safety.desk.bank import Known, compare
from safety.known import is_known
from safety.verdict import Decision, Verdict

BANK = (Known("a knight burns the village of his enemies", "violence"), Known("她在雪地里独自跳舞直到天亮", "other"))


def judged(decision: Decision) -> Verdict:
    return Verdict(decision=decision, policy_version="test")


@pytest.mark.parametrize(
    ("prompt", "category"),
    [
        ("A KNIGHT burns the village, of his enemies!!", "violence"),
        ("她，在雪地里独自跳舞——直到天亮！", "unchecked"),  # a reason that is no category
    ],
)
def test_nearly_the_same_words_are_held(prompt: str, category: str) -> None:
    verdict = compare(prompt, BANK, judged(Decision.ALLOW))
    assert (verdict.decision, is_known(verdict)) == (Decision.HOLD, True)
    assert list(verdict.categories) == [category]


@pytest.mark.parametrize("prompt", ["a knight waters the garden of his friends", "", "🐺", "a"])
def test_other_words_are_left_alone(prompt: str) -> None:
    assert compare(prompt, BANK, judged(Decision.ALLOW)) == judged(Decision.ALLOW)
    assert compare(prompt, (), judged(Decision.ALLOW)) == judged(Decision.ALLOW)


def test_the_bank_never_softens_a_refusal() -> None:
    assert compare(BANK[0].prompt, BANK, judged(Decision.REFUSE)).decision is Decision.REFUSE

"""Whoever asks may name themselves where somebody vouched for them; nobody else, and nothing else."""

import pytest

from safety.categories import Category
from safety.gate import check_text
from safety.policy import Overlay, OwnWord, Policy
from safety.submission import Submission, SubmittedText, TextRole
from safety.verdict import Decision, Verdict

POLICY = Policy.load()
OWN = ("Taylor Swift", "周杰倫")


def asked(*texts: str, own: tuple[str, ...] = OWN, policy: Policy = POLICY) -> Verdict:
    cards = tuple(SubmittedText(text=text, role=TextRole.CARD) for text in texts)
    return check_text(Submission(texts=cards, own_names=own), policy)


@pytest.mark.parametrize(
    "prompt",
    [
        "Taylor Swift sings on a rooftop in the rain",
        "TAYLOR SWIFT's guitar by the sea",
        "周杰伦在雨中弹钢琴",
        "周杰倫在雨中彈鋼琴",
    ],
)
def test_who_is_named_by_themselves_is_not_held(prompt: str) -> None:
    assert asked(prompt, own=()).decision is not Decision.ALLOW
    told = asked(prompt)
    assert told.decision is Decision.ALLOW
    assert [one.rule for one in told.signals if one.rule == "real-people.name.own-name"]  # the record says why


@pytest.mark.parametrize(
    "prompt",
    [
        "Taylor Swift and Rihanna sing on a rooftop",  # somebody else is there, too
        "Rihanna sings on a rooftop in the rain",
        "Taylor Swift naked on a beach",
        "周杰倫和林俊杰在雨中彈鋼琴",
    ],
)
def test_anybody_and_anything_else_is_judged_as_ever(prompt: str) -> None:
    told = asked(prompt)
    assert told.decision >= asked(prompt, own=("Mei Ling",)).decision > Decision.ALLOW


def test_one_card_of_oneself_does_not_open_the_next_one() -> None:
    assert asked("Taylor Swift walks in", "she bows", own=OWN).decision is Decision.ALLOW
    assert asked("Taylor Swift walks in", "Rihanna bows", own=OWN).decision is not Decision.ALLOW


@pytest.mark.parametrize("own", [("",), ("🎸",), (" ",), ("a",)])
def test_a_name_of_nothing_opens_nothing(own: tuple[str, ...]) -> None:
    assert asked("Taylor Swift sings on a rooftop", own=own).decision is not Decision.ALLOW


def test_a_community_s_own_word_holds_whoever_it_names() -> None:
    """What a community wrote down itself is stricter than anybody's word."""
    word = OwnWord(term="Taylor Swift", category=Category.REAL_PEOPLE, action="hold")
    assert asked("Taylor Swift sings", policy=POLICY.tightened(Overlay(words=(word,)))).decision is Decision.HOLD

"""A community's own words count in every spelling the views see through, and decide by themselves."""

import time

import pytest

from safety.gate import check_text
from safety.policy import Overlay, OwnWord, Policy
from safety.submission import Submission, SubmittedText, TextRole
from safety.verdict import Decision

BASE = Policy.load()


def verdict(text: str, *words: OwnWord, role: TextRole = TextRole.PROMPT):  # type: ignore[no-untyped-def]
    submission = Submission(texts=tuple(SubmittedText(text=one, role=role) for one in text.split("|")))
    return check_text(submission, BASE.tightened(Overlay(words=words)))


HELD = OwnWord(term="Mayor Plumley")
REFUSED = OwnWord(term="紫色计划", action="refuse")


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("Mayor Plumley eats a cake", Decision.HOLD),
        ("mayor   PLUMLEY eats a cake", Decision.HOLD),
        ("ｍａｙｏｒ ｐｌｕｍｌｅｙ eats a cake", Decision.HOLD),
        ("mаyor plumlеy eats a cake", Decision.HOLD),  # Cyrillic letters
        ("the mayor p.l.u.m.l.e.y eats a cake", Decision.HOLD),
        ("mayor plumleys eat a cake", Decision.ALLOW),
        ("a mayor eats a plum", Decision.ALLOW),
        ("他们实施紫色计划", Decision.REFUSE),
        ("他們實施紫色計劃", Decision.REFUSE),
        ("一只紫色的猫有计划", Decision.ALLOW),
    ],
)
def test_a_word_counts_in_every_spelling(text: str, decision: Decision) -> None:
    assert verdict(text, HELD, REFUSED).decision is decision


def test_it_decides_whatever_the_policy_says_of_its_category_and_says_where() -> None:
    found = verdict("look, Mayor Plumley!", OwnWord(term="mayor plumley", category="political", action="refuse"))
    assert found.decision is Decision.REFUSE
    (signal,) = [one for one in found.signals if one.classifier == "community"]
    assert "look, Mayor Plumley!"[signal.span.start : signal.span.end] == "Mayor Plumley"


def test_words_split_over_two_cards_are_found() -> None:
    assert verdict("the mayor|plumley eats", HELD, role=TextRole.CARD).decision is Decision.HOLD


def test_what_looks_like_an_expression_is_a_word() -> None:
    assert verdict("a cat", OwnWord(term=".*")).decision is Decision.ALLOW
    assert verdict("a c++ lesson", OwnWord(term="c++")).decision is Decision.HOLD
    assert verdict("a cat", OwnWord(term="\u200b")).decision is Decision.ALLOW


def test_two_thousand_words_and_a_long_text_take_no_time_worth_speaking_of() -> None:
    words = [OwnWord(term=f"forbidden{number} word") for number in range(2_000)]
    began = time.process_time()
    assert verdict("forbidden " * 390 + "forbidden1999 word", *words).decision is Decision.HOLD
    assert time.process_time() - began < 5

"""Prompts that differ by a sign or a word are alike; others are not."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from safety.desk.likeness import NEARLY_THE_SAME, likeness, near_to
from safety.desk.transparency import percentile


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("a knight strikes the dragon", "A  KNIGHT strikes, the dragon!!", True),
        ("騎士用燃燒的劍刺向巨龍", "騎士用燃燒的劍,刺向巨龍。", True),
        ("ｆｕｌｌ width letters", "full width letters", True),
        ("a knight strikes the dragon", "a quiet lake at dawn", False),
        ("", "", False),
        ("!!!", "!!!", False),
        ("狼", "狼", True),
    ],
)
def test_likeness(one: str, other: str, alike: bool) -> None:
    assert (likeness(one, other) >= NEARLY_THE_SAME) is alike


@given(st.text(max_size=40), st.text(max_size=40))
@example("a" * 100, "\ufdfa" * 6)
@example("ß" * 50 + "狼", "SS" * 50 + "狼")
def test_who_looks_through_a_queue_finds_what_likeness_says(one: str, other: str) -> None:
    for text in (other, one + other, one + "!", one.upper()):
        assert near_to(one)(text) is (likeness(one, text) >= NEARLY_THE_SAME)


def test_the_95th_percentile_is_the_nearest_rank() -> None:
    assert percentile(list(range(1, 101)), 95) == 95
    assert (percentile([7], 50), percentile([], 95)) == (7, None)

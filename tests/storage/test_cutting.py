"""Cutting texts into the words that a search finds them by."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.cutting import LONGEST, WORDS_OF_A_TEXT, words_asked_for, words_of


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("A wolf howls at the MOON", "moon"),
        ("wolves and foxes in cities", "wolf fox city"),
        ("a wolf", "wolves"),
        ("美麗的白鶴站在小溪中", "白鹤"),
        ("美丽的白鹤", "美麗"),
        ("鶴", "鹤"),
        ("長毛猛獁象在沙漠中行走，wide angle", "沙漠 wide"),
        ("un café à Zürich", "cafe zurich"),
        ("ＡＢＣ１２３ wide", "abc123"),
        ("film-noir, neon_rain!", "noir rain"),
        ("カメラ", "カメ"),
        ("한국의 바다", "바다"),
        ("волк воет", "ВОЛК"),
    ],
)
def test_a_query_finds_a_text(text: str, query: str) -> None:
    assert words_asked_for(query)
    assert set(words_asked_for(query)) <= set(words_of(text))


@pytest.mark.parametrize(
    ("text", "query"),
    [("白狼", "狼白"), ("a wolf", "wol"), ("a news report", "new"), ("glass", "glas"), ("月下的狼", "月狼")],
)
def test_a_query_does_not_find_what_is_not_there(text: str, query: str) -> None:
    assert not set(words_asked_for(query)) <= set(words_of(text))


@pytest.mark.parametrize("query", ["", "the", "的", "!? …", "🐺", "   ", "\x00"])
def test_a_query_without_words_asks_for_none(query: str) -> None:
    assert words_asked_for(query) == ()


def test_a_huge_text_gives_its_first_words() -> None:
    many = " ".join(f"word{number}" for number in range(10_000))
    assert words_of(many) == tuple(f"word{number}" for number in range(WORDS_OF_A_TEXT))
    assert words_of("x" * 10_000) == ("x" * LONGEST,)
    assert words_of("狼" * 4_000) == ("狼", "狼狼")


@settings(deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
def test_whatever_is_typed_finds_itself(text: str) -> None:
    words = words_of(text)
    assert set(words_asked_for(text)) <= set(words)
    assert len(set(words)) == len(words) and all(0 < len(word) <= LONGEST for word in words)

"""Ids can be read aloud, typed sloppily, and never mean another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.names import ALPHABET, LENGTH, new_id, read_id


def test_ids_are_forty_bits_without_lookalikes() -> None:
    assert len(ALPHABET) == 32 and LENGTH * 5 == 40
    assert not set("ilou") & set(ALPHABET)
    seen = {new_id() for _ in range(2_000)}
    assert len(seen) == 2_000
    assert all(len(one) == LENGTH and set(one) <= set(ALPHABET) for one in seen)


@pytest.mark.parametrize("prefix", ["", "job", "case"])
def test_every_id_reads_back_as_itself(prefix: str) -> None:
    for _ in range(200):
        fresh = new_id(prefix)
        assert read_id(fresh) == fresh
        assert read_id(f"  {fresh.upper()} ") == fresh


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("K7F3-QM2X", "k7f3qm2x"),
        ("k7f3 qm2x", "k7f3qm2x"),
        ("oOiIlL00", "00111100"),
        ("ｋ７ｆ３ｑｍ２ｘ", "k7f3qm2x"),  # full-width, as Chinese keyboards type
        ("JOB-k7f3_qm2x", "job-k7f3qm2x"),
        ("case-k7f3qm2x", "case-k7f3qm2x"),
    ],
)
def test_sloppy_typing_is_forgiven(typed: str, meant: str) -> None:
    assert read_id(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "-", "job-", "k7f3qm2", "k7f3qm2xx", "k7f3qm2u", "../../etc", "🎬", "job-job-k7f3qm2x"]
)
def test_what_is_no_id_is_none(typed: str) -> None:
    assert read_id(typed) is None


@given(st.text(max_size=40))
def test_anything_typed_gives_an_id_or_none(typed: str) -> None:
    found = read_id(typed)
    assert found is None or read_id(found) == found

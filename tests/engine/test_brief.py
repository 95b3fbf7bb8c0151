"""A brief makes sense or is not taken: empty, too long, too many, impossible."""

import math

import pytest
from pydantic import ValidationError

from engine.brief import PROMPT_LIMIT, Aspect, Brief, Card, Look, Operation, Resolution, frame_size


@pytest.mark.parametrize("prompt", ["a wolf", "狼", "🐺 a", "مرحبا", "1", "é", "x" * PROMPT_LIMIT, "x\x00y"])
def test_anything_with_a_word_in_it_is_a_prompt(prompt: str) -> None:
    assert Brief(prompt=prompt).prompt == prompt


@pytest.mark.parametrize("prompt", ["", "   ", "\n\t", "🐺🐺🐺", "?!…", "\u200b", "\x00", "x" * (PROMPT_LIMIT + 1)])
def test_nothing_to_draw_is_no_prompt(prompt: str) -> None:
    with pytest.raises(ValidationError):
        Brief(prompt=prompt)


@pytest.mark.parametrize("seconds", [1.0, 1, 59.99, 60])
def test_lengths_at_the_limit(seconds: float) -> None:
    assert Look(seconds=seconds).seconds == seconds


@pytest.mark.parametrize("seconds", [0, -5, 0.99, 60.01, math.inf, -math.inf, math.nan, 1e308])
def test_lengths_beyond_the_limit(seconds: float) -> None:
    with pytest.raises(ValidationError):
        Look(seconds=seconds)


@pytest.mark.parametrize("variations", [0, 5, -1, 10**9])
def test_variations_beyond_the_limit(variations: int) -> None:
    with pytest.raises(ValidationError):
        Brief(prompt="a wolf", variations=variations)


def test_a_brief_knows_no_other_keys() -> None:
    with pytest.raises(ValidationError):
        Brief.model_validate({"prompt": "a wolf", "priority": "mine"})


def test_a_storyboard_has_cards_instead_of_a_prompt() -> None:
    brief = Brief(operation=Operation.STORYBOARD, cards=(Card(at=0, text="鹤"), Card(at=5, text="fish")))
    assert Brief.model_validate_json(brief.model_dump_json()) == brief


def test_every_size_is_even_and_of_its_shape() -> None:
    for resolution in Resolution:
        wide, tall = frame_size(Aspect.WIDE, resolution), frame_size(Aspect.TALL, resolution)
        square = frame_size(Aspect.SQUARE, resolution)
        assert wide == tall[::-1] and square[0] == square[1] == min(wide)
        assert all(side % 2 == 0 for side in (*wide, *square))
        assert abs(wide[0] / wide[1] - 16 / 9) < 0.005

"""Prices are those of the table, grow with what is asked for, and are whole."""

from itertools import pairwise, product
from pathlib import Path

import pytest

from engine.brief import Aspect, Brief, Look, Operation, Resolution
from engine.errors import StudioError
from engine.prices import SHIPPED, PriceList, price

PRICES = PriceList.load()
TABLE = {
    5: (20, 25, 30, 60, 100, 200),
    10: (40, 50, 75, 180, 300, 600),
    15: (60, 100, 150, 360, 650, 1_000),
    20: (80, 150, 225, 540, 1_000, 2_000),
}


def brief(resolution: str = "480p", aspect: str = "16:9", seconds: float = 5, **more: object) -> Brief:
    look = Look(resolution=Resolution(resolution), aspect=Aspect(aspect), seconds=seconds)
    return Brief.model_validate({"prompt": "x", "look": look.model_dump(), **more})


@pytest.mark.parametrize("seconds", TABLE)
def test_the_table_s_rows_cost_what_they_say(seconds: int) -> None:
    looks = product(("480p", "720p", "1080p"), ("1:1", "16:9"))
    assert tuple(price(brief(resolution, aspect, seconds)) for resolution, aspect in looks) == TABLE[seconds]
    assert price(brief("720p", "9:16", seconds)) == price(brief("720p", "16:9", seconds))


@pytest.mark.parametrize(
    ("resolution", "aspect", "seconds", "costs"),
    [
        ("480p", "16:9", 1, 5),
        ("480p", "16:9", 6, 30),
        ("720p", "1:1", 7.3, 51),  # 30, and 9 a second: 50.7
        ("720p", "16:9", 12.5, 270),
        ("480p", "1:1", 60, 240),
        ("1080p", "16:9", 60, 6_000),
        ("480p", "16:9", 20.1, 151),  # 7.5 a second: 150.75
    ],
)
def test_other_lengths_pay_by_the_second(resolution: str, aspect: str, seconds: float, costs: int) -> None:
    assert price(brief(resolution, aspect, seconds)) == costs


@pytest.mark.parametrize(("resolution", "aspect"), list(product(Resolution, Aspect)))
def test_a_longer_clip_never_costs_less(resolution: str, aspect: str) -> None:
    prices = [price(brief(resolution, aspect, tenths / 10)) for tenths in range(10, 601)]
    assert all(shorter <= longer for shorter, longer in pairwise(prices))
    assert min(prices) > 0


def test_variations_and_quality_multiply() -> None:
    assert price(brief(variations=4)) == 4 * price(brief())
    assert price(brief(quality="best")) == 2 * price(brief())
    assert price(brief(seconds=1.3, variations=3)) == 3 * price(brief(seconds=1.3))  # each variation is whole


_CLIP = {"kind": "clip", "clip_id": "aaaaaaaa"}
# What each operation cannot do without, besides words.
NEEDS: dict[Operation, dict[str, object]] = {
    Operation.CREATE: {},
    Operation.ANIMATE: {"sources": [_CLIP]},
    Operation.STORYBOARD: {"cards": [{"at": 0, "text": "x"}]},
    Operation.REMIX: {"sources": [_CLIP]},
    Operation.RECUT: {"sources": [_CLIP]},
    Operation.BLEND: {"sources": [_CLIP, _CLIP]},
    Operation.LOOP: {"sources": [_CLIP]},
    Operation.VIEWS: {"views": 3},
}


@pytest.mark.parametrize("operation", Operation)
def test_every_operation_has_its_price(operation: Operation) -> None:
    asked = brief(operation=operation.value, **NEEDS[operation])
    assert price(asked) == price(brief()) * asked.takes


def test_every_camera_is_paid_for() -> None:
    assert price(brief(operation="views", views=5)) == 5 * price(brief())


def test_an_operator_s_list_wins_and_prices_renderers(tmp_path: Path) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    own = tmp_path / "prices.toml"
    own.write_text(text.replace("animatic = 1", "animatic = 1\ndiffusion = 2.5").replace("remix = 1", "remix = 0.5"))
    prices = PriceList.load(own)
    assert prices.of(brief(renderer="diffusion")) == 63  # 62.5, and no half credits
    assert prices.of(brief(renderer="animatic")) == prices.of(brief(renderer="somebody's")) == 25
    assert prices.of(brief(operation="remix", sources=[_CLIP])) == 13


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("loop = 1", ""),  # an operation that is forgotten would be made for nothing
        ("best = 2", "best = -1"),
        ("[20, 40, 60, 80]", "[20, 40, 60]"),
        ("[20, 40, 60, 80]", "[20, 40, 30, 80]"),
        ("[20, 40, 60, 80]", "[20, 40.5, 60, 80]"),
        ("lengths = [5, 10, 15, 20]", "lengths = [5, 5, 15, 20]"),
        ("lengths = [5, 10, 15, 20]", "lengths = []"),
        ("lengths =", "length ="),
        ("[quality]", "[quality"),
    ],
)
def test_a_list_that_makes_no_sense_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    own = tmp_path / "prices.toml"
    own.write_text(text.replace(old, new, 1))
    with pytest.raises(StudioError, match="prices.malformed"):
        PriceList.load(own)


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="prices.unreadable"):
        PriceList.load(tmp_path / "nothing.toml")

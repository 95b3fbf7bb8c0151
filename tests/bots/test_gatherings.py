"""Chains and parties from the terminal through the real studio: clips that go on from each other, and a signed reel."""

from pathlib import Path
from typing import Any

import pytest

from bots.main import run
from bots.wording import catalogue
from engine.gatherings.states import Ending, EntryState, Gap, Kind, State
from storage.media import probe


def test_a_chain_from_its_first_clip_to_its_film(kinora: Any, data: Path, tmp_path: Path) -> None:
    assert kinora("member", "add", "mei")[0] == 0
    assert kinora("rights", "default", "nobody")[0] == 0  # joining is consent, for this chain
    code, started = kinora("chain", "start", "狼的旅程", "--pace", "0")
    assert (code, started["state"], started["turn"]["follows"]) == (0, "open", None)
    code, first = kinora("chain", "add", "a wolf howls at the moon", "--seconds", "1.5", "-o", "first.mp4")
    assert (code, first["gathering"]["entries"][0]["clip"]) == (0, first["clips"][0]["id"])
    code, refused = kinora("chain", "add", "and again")
    assert (code, refused["error"]["code"]) == (1, "chain.twice")
    code, price = kinora("chain", "add", "it snows", "--seconds", "1", "--price", acting_as="mei")
    assert (code, price["price"]) == (0, 10)
    code, second = kinora("chain", "add", "it snows", "--seconds", "1", "-o", "second.mp4", acting_as="mei")
    assert code == 0
    assert probe(Path("second.mp4")).seconds == pytest.approx(2.0, abs=0.05)  # the last second, and one more
    liked = second["clips"][0]["id"]
    assert kinora("chain", "like", liked)[1]["likes"] == 1
    code, closed = kinora("chain", "close")
    assert (code, closed["state"], closed["ending"]) == (0, "closing", "closed")
    code, film = kinora("chain", "reel", "-o", "film.mp4")
    assert (code, film["state"]) == (0, "delivered")
    assert probe(Path("film.mp4")).seconds == pytest.approx(2.5, abs=0.05)  # the second that both show is shown once
    code, traced = kinora("verify", "film.mp4")
    assert (code, traced["layer"], set(traced["lineage"])) == (0, "c2pa", {first["clips"][0]["id"], liked})
    code, over = kinora("chain", "show")
    assert (over["state"], over["reel"]["clip"]) == ("over", film["clips"][0]["id"])


@pytest.mark.parametrize(
    ("typed", "code", "error"),
    [
        (("party", "show"), 1, "gathering.none"),
        (("party", "add", "x"), 1, "gathering.none"),
        (("party", "show", "--in", "chain-5k2m9x7a"), 2, "id.malformed"),
        (("party", "show", "--in", "5k2m9x7a"), 1, "gathering.unknown"),
        (("party", "start", "Snow", "--minutes", "0"), 2, "gathering.rule"),
        (("party", "start", "Snow", "--budget", "5"), 1, "gathering.budget_of_nothing"),
        (("party", "start", "x" * 5000), 1, "name.long"),
        (("chain", "start", "Snow", "--from", "5k2m9x7a"), 1, "clip.unknown"),
        (("chain", "add", "x", "--remix", "mild", "--seconds", "2"), 2, "chain.remix_keeps_length"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(kinora: Any, typed: tuple[str, ...], code: int, error: str) -> None:
    found, answer = kinora(*typed)
    assert (found, answer["error"]["code"]) == (code, error)
    assert answer["error"]["message"]


@pytest.mark.parametrize("language", ["en", "zh-Hant", "zh-Hans"])
def test_every_state_ending_and_gap_has_its_words(language: str) -> None:
    keys = {
        *(f"gathering.state_{state}" for state in State),
        *(f"gathering.ended_{ending}" for ending in Ending),
        *(f"gathering.gap_{gap}" for gap in Gap),
        *(f"gathering.entry_{state}" for state in (EntryState.MAKING, EntryState.HELD)),
        *(f"gathering.no_{kind}" for kind in Kind),
    }
    assert keys <= set(catalogue(language))


def test_the_screens_say_whose_turn_it_is(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["--data", str(data), "chain", "start", "A crane", "--place", "elsewhere"])
    run(["--data", str(data), "chain", "show"])
    run(["--data", str(data), "chain"])
    said = capsys.readouterr().out
    assert "A crane" in said
    assert "Make the first clip: kinora chain add" in said
    assert "gathering." not in said

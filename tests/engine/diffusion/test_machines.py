"""What the doctor says of this machine's graphics card, and which models it proposes."""

import pytest

from engine import doctor
from engine.doctor import Condition
from engine.renderers.diffusion.machines import cards, propose
from engine.renderers.diffusion.profile import Profile, Way


@pytest.mark.parametrize("gb", [8, 12, 16, 24, 40, 48, 80, 141])
def test_each_proposal_does_every_operation(gb: float) -> None:
    proposal = propose(gb)
    assert proposal is not None
    for names in (proposal.turbo, proposal.best):
        profiles = [Profile.load(name) for name in names]
        assert all(any(profile.can(way) for profile in profiles) for way in Way)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("", "card.none"),
        ("NVIDIA-SMI has failed because it couldn't communicate with the driver\n", "card.none"),
        ("NVIDIA GeForce GTX 1050, 4096\n", "card.small"),
        ("NVIDIA GeForce RTX 4090, 24564\nNVIDIA T4, 15360\n", "card.fine"),
    ],
)
def test_a_card_is_told_with_what_suits_it(said: str, code: str) -> None:
    finding = doctor.check_card(lambda: said)
    assert finding.code == code
    assert (finding.condition is Condition.FINE) == (code == "card.fine")


def test_the_largest_card_counts() -> None:
    assert [card.name for card in cards(lambda: "a, 8192\nb, 81920\nc, no\n")] == ["b", "a"]

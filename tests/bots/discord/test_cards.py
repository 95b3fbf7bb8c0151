"""Every card and form as text, in three languages, as somebody looked at it and approved it.

After a change that is meant: APPROVE=1 pytest tests/bots/discord/test_cards.py, then look at the differences.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bots.discord import cards
from bots.wording import LANGUAGES, speaking
from safety.policy import Policy
from tests.bots.discord import desk_samples, samples
from tests.worlds.discord.reading import read_message, read_modal
from tests.worlds.discord.world import COMPONENTS_V2, check_body, check_components, check_modal, walk

CARDS = {**samples.CARDS, **desk_samples.CARDS}
FORMS = {**samples.FORMS, **desk_samples.FORMS}
APPROVED = Path(__file__).with_name("approved")
POST = "POST /channels/{channel_id}/messages"
ANSWER = "POST /interactions/{interaction_id}/{interaction_token}/callback"


def approve(name: str, read: str) -> None:
    file = APPROVED / f"{name}.txt"
    if os.environ.get("APPROVE"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(read, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == read


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "card"), CARDS.items(), ids=CARDS)
async def test_a_card_reads_as_approved_and_discord_takes_it(language: str, name: str, card: Callable[[], Any]) -> None:
    with speaking(language):
        components = cards.components_of(card())
    body = {"components": components, "flags": COMPONENTS_V2}
    check_body(POST, body)
    check_components(components, is_new_kind=True)
    assert all(len(one["custom_id"]) <= 100 for one in walk(components) if "custom_id" in one)
    # the version of a policy is a hash of all of it: what the card says is approved, not that
    approve(f"{language}/{name}", read_message(body).replace(Policy.load().version, "0" * 12))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "form"), FORMS.items(), ids=FORMS)
async def test_a_form_reads_as_approved_and_discord_takes_it(language: str, name: str, form: Callable[[], Any]) -> None:
    with speaking(language):
        data = form().to_dict()
    check_body(ANSWER, {"type": 9, "data": data})
    check_modal(data)
    approve(f"{language}/form_{name}", read_modal(data))


async def test_the_longest_prompt_fits_on_every_card() -> None:
    prompt = "𝕨*" * 2_000
    brief = samples.BRIEF.model_copy(update={"prompt": prompt})
    view = samples.view(samples.JobState.DELIVERED, samples.TakeState.DELIVERED, brief=brief)
    for card in (cards.job(view, {}), cards.result(view, [samples.shown(samples.clip())])):
        components = cards.components_of(card)
        check_body(POST, {"components": components})
        check_components(components, is_new_kind=True)

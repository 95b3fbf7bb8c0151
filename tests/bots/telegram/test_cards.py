"""Every message as text, in three languages, as somebody looked at it and approved it.

After a change that is meant: APPROVE=1 pytest tests/bots/telegram/test_cards.py, then look at the differences.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bots.telegram import cards
from bots.telegram.buttons import DATA_LIMIT, Button, Wish, markup, read
from bots.telegram.text import CAPTION_LIMIT, TEXT_LIMIT, Card, card, plain, quoted, shortened, toast
from bots.wording import LANGUAGES, speaking
from engine.jobs import JobState, TakeState
from tests.bots.discord.samples import BRIEF, clip, view
from tests.bots.telegram.samples import CARDS
from tests.worlds.telegram.checks import read_call
from tests.worlds.telegram.methods import check_entities
from tests.worlds.telegram.reading import read_message
from tests.worlds.telegram.world import check_keyboard

APPROVED = Path(__file__).with_name("approved")


def message_of(shown: Card) -> dict[str, Any]:
    keyboard = {"reply_markup": markup(shown.rows).to_dict()} if shown.rows else {}
    return {"text": str(shown), "entities": [one.to_dict() for one in shown.entities]} | keyboard


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "made"), CARDS.items(), ids=CARDS)
def test_a_message_reads_as_approved_and_telegram_takes_it(language: str, name: str, made: Callable[[], Card]) -> None:
    with speaking(language):
        message = message_of(made())
    check_entities(message["text"], message["entities"])
    check_keyboard(message.get("reply_markup") or {"inline_keyboard": []})
    file, seen = APPROVED / language / f"{name}.txt", read_message(message) + "\n"
    if os.environ.get("APPROVE"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(seen, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == seen


@pytest.mark.parametrize("letters", ["w", "美", "𝕨*", "a👨‍👩‍👧", "@x ", "a.b "])
def test_the_longest_prompt_fits_into_a_caption(letters: str) -> None:
    brief = BRIEF.model_copy(update={"prompt": letters * (4_000 // len(letters))})
    words = tuple(f"{letters}{number}" * 20 for number in range(40))
    shown = cards.clip(clip(not_drawn=words), brief).fitted(CAPTION_LIMIT)
    assert len(str(shown).encode("utf-16-le")) // 2 <= CAPTION_LIMIT
    check_entities(str(shown), [one.to_dict() for one in shown.entities])
    progress = cards.job(view(JobState.QUEUED, TakeState.WAITING, place=1, brief=brief), {}).fitted(TEXT_LIMIT)
    read_call("sendMessage", {"chat_id": "1", "text": str(progress)}, {})


def test_what_somebody_typed_rings_nobody_and_links_nowhere() -> None:
    said = plain("@everyone https://evil.example/x t.me/x #tag /start $X a.b 3.5 s")
    assert "@e" not in said and "://e" not in said and "/s" not in said and "#t" not in said and "e.example" not in said
    assert "3.5 s" in said
    assert said.replace("\u2060", "") == "@everyone https://evil.example/x t.me/x #tag /start $X a.b 3.5 s"


@pytest.mark.parametrize(
    ("data", "wish"),
    [
        ("k1:more:5k2m9x7a", Wish("more", "5k2m9x7a")),
        ("k1:later", Wish("later")),
        ("k1:library::made", Wish("library", "", "made")),
        ("k1:blend:5k2m9x7a:9m10kmr9", Wish("blend", "5k2m9x7a", "9m10kmr9")),
        ("k2:more:x", None),
        ("k1:MORE:x", None),
        ("", None),
        ("k1", None),
    ],
)
def test_what_a_button_asks_for_is_read_or_not_at_all(data: str, wish: Wish | None) -> None:
    assert read(data) == wish
    if wish is not None:
        assert Button("?", wish.action, wish.about, wish.more).data == data


def test_a_button_holds_sixty_four_bytes_and_no_more() -> None:
    assert len(Button("?", "a", "b" * (DATA_LIMIT - 5)).data) == DATA_LIMIT
    with pytest.raises(ValueError, match="does not fit"):
        _ = Button("?", "a", "鶴" * 20).data


def test_texts_are_cut_at_units_and_never_within_a_letter() -> None:
    assert shortened("👩" * 10, 7) == "👩" * 3 + "…"
    assert len(toast("鶴" * 500)) == 200
    assert str(card("a", quoted("b" * 50), "c").fitted(20)).endswith("…\nc")

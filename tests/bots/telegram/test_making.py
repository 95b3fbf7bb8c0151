"""A clip asked for on Telegram: heard, followed, delivered, called off; through the real process and sockets."""

import json

import pytest

from tests.bots.telegram.conftest import SMALL, Club
from tests.worlds.telegram.reading import buttons_of, read_message
from tests.worlds.telegram.world import Unreachable

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_menus_are_told_in_every_language_that_telegram_tells_apart(club: Club) -> None:
    await club.place.until(lambda: len(club.place.world.commands) == 4, what="the menus")
    for (scope, language), listed in club.place.world.commands.items():
        assert scope in ("all_private_chats", "all_group_chats")
        assert language in ("", "zh")
        assert {"create", "remix", "library", "help"} <= {one["command"] for one in listed}


async def test_words_in_a_private_chat_become_a_clip_in_the_message_that_showed_its_progress(club: Club) -> None:
    asked = club.place.says(club.mei, club.private(club.mei), f"a wolf howls at the moon {SMALL}")
    progress = await club.place.shows(club.private(club.mei), "", after=asked)
    message = await club.place.clip(club.private(club.mei), after=asked)
    assert message["message_id"] == progress["message_id"]
    assert message["reply_to_message"]["message_id"] == asked["message_id"]
    video = message["video"]
    assert (video["width"], video["height"], video["duration"]) == (480, 480, 1)
    assert club.place.world.files[video["file_id"]].content[4:8] == b"ftyp"
    shown = read_message(message)
    assert "a wolf howls at the moon" in shown and "Made with Kinora" in shown
    assert list(buttons_of(message)) == [
        "🎲 Again", "✏️ Other words", "🔀 4 variations", "🎨 Remix", "🔁 Loop", "⏩ Longer",
        "⭐ Favourite", "📣 Share", "⋯ More",
    ]  # fmt: skip


async def test_a_prompt_that_is_refused_is_not_repeated_and_its_maker_learns_why(club: Club) -> None:
    private = club.private(club.tom)
    club.place.says(club.tom, private, "a naked woman on a beach")
    message = await club.place.shows(private, "This one is not made.")
    assert "naked" not in json.dumps(message.get("text"))
    club.place.presses(club.tom, private, message, "Why?")
    await club.place.shows(private, "naked", after=message)


async def test_help_start_privacy_and_what_nobody_knows(club: Club) -> None:
    private = club.private(club.tom)
    for said, shown in (("/start", "you get a short clip"), ("/help", "/storyboard"), ("/privacy", "Not stored"),
                        ("/dance", "I do not know that command"), ("…", "The prompt needs some words"),
                        ("/credits", "credits"), ("/queue", "Nothing waits")):  # fmt: skip
        asked = club.place.says(club.tom, private, said)
        await club.place.shows(private, shown, after=asked)


async def test_chinese_members_are_answered_in_their_chinese(club: Club) -> None:
    yu = club.place.world.add_user("yu", "zh-hant")
    asked = club.place.says(yu, club.private(yu), f"美麗的白鶴站在小溪中 @everyone https://t.me/x {SMALL}")
    message = await club.place.clip(club.private(yu), after=asked)
    shown = read_message(message)
    assert "由 Kinora 製作" in shown and "再來一支" in shown and "白鶴" in shown
    assert "@\u2060everyone" in shown and "https://t.me" not in shown


async def test_an_outage_of_telegram_costs_no_result(club: Club) -> None:
    club.place.world.fail_next.extend([("editMessageMedia", Unreachable())] * 2)
    await club.clip_of(club.mei, "a lighthouse in the rain")
    assert not club.place.world.fail_next


async def test_nothing_was_said_that_telegram_would_not_take(club: Club) -> None:
    assert [one for one in club.place.world.refused if "not modified" not in one] == []

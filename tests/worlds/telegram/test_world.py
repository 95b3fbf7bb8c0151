"""The local Telegram holds a bot to what the real one holds it to."""

import io
import json
from typing import Any

import aiohttp
import pytest

from tests.worlds.telegram.checks import Mistake, read_call
from tests.worlds.telegram.flood import Flood
from tests.worlds.telegram.people import Place, local_telegram, picture
from tests.worlds.telegram.world import DELETABLE_FOR, UP


@pytest.mark.parametrize(
    ("method", "given", "wrong"),
    [
        ("sendMessage", {"chat_id": 1}, "text"),
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 1, "text": ""}, "message text is empty"),
        ("sendMessage", {"chat_id": 1, "text": "x" * 4_097}, "message is too long"),
        ("sendMessage", {"chat_id": 1, "text": "x", "colour": "red"}, "colour"),
        ("sendMessage", {"chat_id": [1], "text": "x"}, "chat_id"),
        ("sendMessage", {"chat_id": 1, "text": "x", "entities": [{"type": "bold"}]}, "entities"),
        ("sendVideo", {"chat_id": 1, "video": "id", "caption": "x" * 1_025}, "caption is too long"),
        ("sendVideo", {"chat_id": 1, "video": "id", "duration": "long"}, "duration"),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "text|too long"),
        ("setMyCommands", {"commands": [{"command": "x" * 33, "description": "y"}]}, "command"),
        ("setMyCommands", {"commands": [{"command": "x"}]}, "commands"),
        ("editMessageMedia", {"chat_id": 1, "message_id": 2, "media": {"type": "video"}}, "media"),
    ],
)
def test_a_call_that_telegram_would_not_take_is_refused(method: str, given: dict[str, Any], wrong: str) -> None:
    with pytest.raises(Mistake, match=wrong):
        read_call(method, {name: one if isinstance(one, str) else json.dumps(one) for name, one in given.items()}, {})


@pytest.mark.parametrize(
    ("letters", "fits"), [("x" * 64, True), ("x" * 65, False), ("鶴" * 21, True), ("鶴" * 22, False)]
)
def test_data_of_a_button_are_counted_in_bytes(letters: str, fits: bool) -> None:
    keyboard = json.dumps({"inline_keyboard": [[{"text": "?", "callback_data": letters}]]})
    given = {"chat_id": "1", "text": "x", "reply_markup": keyboard}
    if fits:
        read_call("sendMessage", given, {})
    else:
        with pytest.raises(Mistake, match="BUTTON_DATA_INVALID"):
            read_call("sendMessage", given, {})


async def calls(place: Place, method: str, **given: Any) -> Any:
    form = aiohttp.FormData()
    for name, one in given.items():
        if isinstance(one, bytes):
            form.add_field(name, io.BytesIO(one), filename=name)
        else:
            form.add_field(name, one if isinstance(one, str) else json.dumps(one))
    address = f"{place.world.base}/bot{place.world.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(address, data=form) as answer:
        return await answer.json()


async def test_errors_are_worded_as_telegram_words_them() -> None:
    async with local_telegram() as place:
        world = place.world
        mei, tom = world.add_user("mei"), world.add_user("tom", has_started=False)
        group = world.add_group(mei)
        sent = (await calls(place, "sendMessage", chat_id=mei.id, text="hello"))["result"]
        said = place.says(mei, world.private(mei), "hi")
        expected = {
            "chat not found": await calls(place, "sendMessage", chat_id=7, text="x"),
            "bot can't initiate conversation with a user": await calls(place, "sendMessage", chat_id=tom.id, text="x"),
            "message to edit not found": await calls(place, "editMessageText", chat_id=mei.id, message_id=9, text="x"),
            "message is not modified": await calls(
                place, "editMessageText", chat_id=mei.id, message_id=sent["message_id"], text="hello"
            ),
            "message can't be edited": await calls(
                place, "editMessageText", chat_id=mei.id, message_id=said["message_id"], text="x"
            ),
            "media group must include 2-10 items": await calls(
                place, "sendMediaGroup", chat_id=group.id, media=[{"type": "photo", "media": "attach://a"}], a=picture()
            ),
            "IMAGE_PROCESS_FAILED": await calls(place, "sendPhoto", chat_id=group.id, photo=b"no picture"),
            "query is too old": await calls(place, "answerCallbackQuery", callback_query_id="nobody"),
            "Request Entity Too Large": await calls(place, "sendDocument", chat_id=group.id, document=b"x" * (UP + 1)),
        }
        for words, answer in expected.items():
            assert words in answer["description"] and not answer["ok"], answer
        world.pass_time(DELETABLE_FOR + 1)
        gone = await calls(place, "deleteMessage", chat_id=mei.id, message_id=sent["message_id"])
        assert "can't be deleted" in gone["description"]
        new = world.migrate(group)
        moved = await calls(place, "sendMessage", chat_id=group.id, text="x")
        assert moved["parameters"] == {"migrate_to_chat_id": new.id}
        mei.blocks_bot = True
        blocked = await calls(place, "sendMessage", chat_id=mei.id, text="x")
        assert (blocked["error_code"], blocked["description"]) == (403, "Forbidden: bot was blocked by the user")


async def test_an_update_is_handed_over_until_a_later_one_is_asked_for() -> None:
    async with local_telegram() as place:
        mei = place.world.add_user("mei")
        place.says(mei, place.world.private(mei), "one")
        first = (await calls(place, "getUpdates", timeout=0))["result"]
        assert (await calls(place, "getUpdates", timeout=0))["result"] == first
        assert (await calls(place, "getUpdates", timeout=0, offset=first[0]["update_id"] + 1))["result"] == []
        assert (await calls(place, "getUpdates", timeout=0))["result"] == []


def test_flood_control_counts_a_chat_a_group_and_everything() -> None:
    at = 0.0
    flood = Flood(lambda: at)
    assert [flood.refuse_for(1) for _ in range(3)] == [None, None, 1]
    at = 0.5
    assert flood.refuse_for(1) == 1, "and whoever does not wait is told so again"
    at = 5.0
    assert flood.refuse_for(1) is None
    for number in range(20):
        at = 10.0 + number * 2
        assert flood.refuse_for(-1) is None
    at += 2
    assert flood.refuse_for(-1) == 20
    at = 200.0
    assert [flood.refuse_for(chat) for chat in range(100, 131)] == [None] * 30 + [1]
    assert flood.too_many == 4

"""Clips on Telegram, through the real process and sockets: asked for, delivered, and what can be done with them."""

import pytest

from tests.bots.telegram.conftest import SMALL, Club
from tests.worlds.telegram.people import picture
from tests.worlds.telegram.reading import buttons_of, read_message
from tests.worlds.telegram.world import Json, Unreachable

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest.fixture(scope="module")
def made() -> dict[str, Json]:
    return {}


async def wolf(club: Club, made: dict[str, Json]) -> Json:
    if "wolf" not in made:
        made["wolf"] = await club.clip_of(club.mei, "a wolf howls at the moon")
    return made["wolf"]


def id_of(message: Json) -> str:
    return next(one.split(" ")[0].strip("_") for one in read_message(message).splitlines() if "480×480 · " in one)


async def test_the_menus_are_told_in_every_language_that_telegram_tells_apart(club: Club) -> None:
    await club.place.until(lambda: len(club.place.world.commands) == 4, what="the menus")
    for (scope, language), listed in club.place.world.commands.items():
        assert scope in ("all_private_chats", "all_group_chats")
        assert language in ("", "zh")
        assert {"create", "remix", "library", "help"} <= {one["command"] for one in listed}


async def test_words_in_a_private_chat_become_a_clip_in_the_message_that_showed_its_progress(club: Club) -> None:
    asked = club.place.says(club.mei, club.private(club.mei), f"a wolf howls at the moon {SMALL}")
    private = club.private(club.mei)

    def answers() -> list[Json]:  # what other tests left on its way may come in between
        replies = [one for one in club.place.messages(private) if "reply_to_message" in one]
        return [one for one in replies if one["reply_to_message"]["message_id"] == asked["message_id"]]

    (progress,) = await club.place.until(answers, what="its progress")
    message = await club.place.clip(private, after=asked)
    assert [one["message_id"] for one in answers()] == [message["message_id"]] == [progress["message_id"]]
    video = message["video"]
    assert (video["width"], video["height"], video["duration"]) == (480, 480, 1)
    assert club.place.world.files[video["file_id"]].content[4:8] == b"ftyp"
    shown = read_message(message)
    assert "a wolf howls at the moon" in shown and "Made with Kinora" in shown
    assert list(buttons_of(message)) == [
        "🎲 Again", "✏️ Other words", "🔀 4 variations", "🎨 Remix", "🔁 Loop", "⏩ Longer",
        "⭐ Favourite", "📣 Share", "⋯ More",
    ]  # fmt: skip


async def test_help_start_privacy_and_what_nobody_knows(club: Club) -> None:
    private = club.private(club.tom)
    for said, shown in (("/start", "you get a short clip"), ("/help", "/storyboard"), ("/privacy", "Not stored"),
                        ("/dance", "I do not know that command"), ("…", "The prompt needs some words"),
                        ("/credits", "credits"), ("/queue", "Nothing waits")):  # fmt: skip
        asked = club.place.says(club.tom, private, said)
        await club.place.shows(private, shown, after=asked)


async def test_an_outage_of_telegram_costs_no_result(club: Club) -> None:
    club.place.world.fail_next.extend([("editMessageMedia", Unreachable())] * 2)
    await club.clip_of(club.mei, "a lighthouse in the rain")
    assert not club.place.world.fail_next


async def test_an_answer_to_a_clip_is_a_remix_of_it(club: Club, made: dict[str, Json]) -> None:
    message = await wolf(club, made)
    private = club.private(club.mei)
    asked = club.place.says(club.mei, private, "make it night, in the snow", to=message)
    remixed = await club.place.clip(private, after=asked)
    assert id_of(message) in read_message(remixed) and id_of(message) != id_of(remixed)


async def test_other_words_are_asked_for_and_answered(club: Club, made: dict[str, Json]) -> None:
    private, message = club.private(club.mei), await wolf(club, made)
    club.place.presses(club.mei, private, message, "✏️ Other words")
    question = await club.place.shows(private, "the new words for", after=message)
    assert question["force_reply"] and "a wolf howls" in question["text"]
    answer = club.place.says(club.mei, private, "a fox sleeps in the grass", to=question)
    assert "a fox sleeps" in read_message(await club.place.clip(private, after=answer))


async def test_four_variations_come_as_an_album_with_buttons_to_choose(club: Club) -> None:
    private = club.private(club.mei)
    asked = club.place.says(club.mei, private, f"a red balloon over a village {SMALL} x2")
    chooser = await club.place.shows(private, "Open one to do something", after=asked)
    album = [one for one in club.place.messages(private) if one.get("media_group_id")]
    assert len(album) == 2 and all("video" in one for one in album)
    uploads = len(club.place.world.files)
    club.place.presses(club.mei, private, chooser, "2")
    opened = await club.place.clip(private, after=album[-1])
    assert opened["video"]["file_id"] == album[1]["video"]["file_id"]
    assert len(club.place.world.files) == uploads, "what Telegram has is not uploaded again"
    assert "⭐ Favourite" in buttons_of(opened)


async def test_every_press_is_answered_and_a_stranger_may_not_change_a_clip(club: Club, made: dict[str, Json]) -> None:
    private, message = club.private(club.mei), await wolf(club, made)
    place = club.place
    assert "With a star" in await place.answered(place.presses(club.mei, private, message, "⭐"))
    assert "star" in await place.answered(place.presses(club.mei, private, message, "⭐"))
    for data in ("k0:again:x", "k1:dance:x", "k1", "", "k1:card::99", "k1:reported:5k2m9x7a:77", "k1:caseallow:case-x"):
        assert len(await place.answered(place.presses_data(club.mei, private, message, data))) > 10
    stolen = place.presses_data(club.tom, private, message, buttons_of(message)["🎲 Again"]["callback_data"])
    await place.answered(stolen)
    await place.shows(private, "was made by somebody else", after=message)


async def test_the_second_page_of_buttons_and_the_whole_file(club: Club, made: dict[str, Json]) -> None:
    private, message = club.private(club.mei), await wolf(club, made)
    place = club.place
    place.presses(club.mei, private, message, "⋯ More")
    await place.until(lambda: "📄 As a file" in buttons_of(private.messages[message["message_id"]]), what="the buttons")
    place.presses(club.mei, private, message, "📄 As a file")
    sent = await place.shows(private, "[document", after=message)
    video = place.world.files[message["video"]["file_id"]].content
    assert place.world.files[sent["document"]["file_id"]].content == video
    place.presses(club.mei, private, message, "🔏 Credentials")
    await place.shows(private, "ade here", after=sent)


async def test_loops_and_blends_are_made_with_a_press(club: Club, made: dict[str, Json]) -> None:
    private, message = club.private(club.mei), await wolf(club, made)
    asked = club.place.says(club.mei, private, "/blend", to=message)
    picking = await club.place.shows(private, "to be blended", after=asked)
    club.place.presses(club.mei, private, picking, "1")
    looped = club.place.says(club.tom, club.private(club.tom), f"/loop {id_of(message)}")
    assert "video" in await club.place.clip(private, after=picking)
    await club.place.shows(club.private(club.tom), "⚠️", after=looped)


async def test_the_library_explore_and_show(club: Club, made: dict[str, Json]) -> None:
    private, message = club.private(club.mei), await wolf(club, made)
    place, clip_id = club.place, id_of(message)
    asked = place.says(club.mei, private, "/library")
    listed = await place.shows(private, "Your clips", after=asked)
    assert "photo" in listed and "a wolf howls" in read_message(listed)
    asked = place.says(club.mei, private, "/library wolf")
    await place.shows(private, clip_id, after=asked)
    asked = place.says(club.mei, private, f"/show {clip_id}")
    await place.clip(private, after=asked)
    asked = place.says(club.mei, private, "/show o0")
    await place.shows(private, "o0", after=asked)
    asked = place.says(club.mei, private, "/explore")
    await place.shows(private, "Nothing is shared here yet", after=asked)


async def test_a_picture_with_words_is_held_for_a_moderator_and_can_be_called_off(club: Club) -> None:
    private = club.private(club.tom)
    club.place.sends_photo(club.tom, private, picture(), f"the waves move {SMALL}")
    held = await club.place.shows(private, "A moderator looks at this first")
    club.place.presses(club.tom, private, held, "✖️")
    await club.place.shows(private, "Called off")


async def test_a_name_for_the_credentials_is_asked_for_in_settings_and_taken_back_with_a_dash(club: Club) -> None:
    private, place = club.private(club.mei), club.place
    asked = place.says(club.mei, private, "/settings")
    settings = await place.shows(private, "Your clips are signed without a name.", after=asked)
    for typed, said in (("Mei 美 @x", "signed with the name Mei 美"), ("-", "signed without a name")):
        place.presses(club.mei, private, settings, "🪪")
        question = await place.shows(private, "Answer this message with the name", after=asked)
        asked = place.says(club.mei, private, typed, to=question)
        await place.shows(private, said, after=asked)


async def test_a_file_without_words_is_asked_about_and_verified(club: Club, made: dict[str, Json]) -> None:
    private, message = club.private(club.mei), await wolf(club, made)
    content = club.place.world.files[message["video"]["file_id"]].content
    asked = club.place.sends_file(club.mei, private, "video", content)
    offer = await club.place.shows(private, "What shall I do with it?", after=asked)
    club.place.presses(club.mei, private, offer, "🔎")
    found = await club.place.shows(private, "ade here", after=offer)
    assert id_of(message) in read_message(found)
    asked = club.place.sends_file(club.mei, private, "document", b"no film at all", "/verify")
    await club.place.shows(private, "No trace of this studio", after=asked)


async def test_what_is_passed_on_and_what_is_changed_makes_nothing_unasked(club: Club) -> None:
    private, place = club.private(club.tom), club.place
    origin = {"type": "hidden_user", "sender_user_name": "x", "date": 1}
    asked = place.says(club.tom, private, "a sailboat on a calm sea", forward_origin=origin)
    offer = await place.shows(private, "somebody else's words", after=asked)
    place.presses(club.tom, private, offer, "🎬")
    clip = await place.clip(private, after=offer)
    assert "a sailboat" in read_message(clip)
    asked = place.says(club.tom, private, f"a green frog {SMALL}")
    await place.clip(private, after=asked)
    place.edits(club.tom, private, asked, f"a blue frog {SMALL}")
    await place.shows(private, "I have taken your first words down", after=asked)


async def test_a_clip_is_deleted_and_taken_back(club: Club) -> None:
    private, place = club.private(club.tom), club.place
    message = await club.clip_of(club.tom, "a lighthouse in the rain")
    clip_id = id_of(message)
    place.presses(club.tom, private, message, "⋯ More")
    await place.until(lambda: "🗑 Delete" in buttons_of(private.messages[message["message_id"]]), what="the buttons")
    place.presses(club.tom, private, message, "🗑 Delete")
    trashed = await place.shows(private, "lies in the trash", after=message)
    await place.until(lambda: message["message_id"] not in private.messages, what="the message to go")
    place.presses(club.tom, private, trashed, "↩️")
    assert clip_id in read_message(await place.clip(private, after=trashed))


async def test_a_storyboard_is_built_by_answers(club: Club) -> None:
    private, place = club.private(club.mei), club.place
    asked = place.says(club.mei, private, "/storyboard a wolf runs in a forest")
    board = await place.shows(private, "Storyboard", after=asked)
    place.says(club.mei, private, "the wolf sleeps", to=board)
    await place.shows(private, "2.  2 s  the wolf sleeps")
    place.presses(club.mei, private, board, "+0.5 s")
    await place.shows(private, "2.  2.5 s  the wolf sleeps")
    place.says(club.tom, private, "something else", to=board)
    await place.shows(private, "somebody else's", after=board)
    price = await place.answered(place.presses(club.mei, private, board, "🧾"))
    assert "credit" in price or "charged" in price
    place.presses(club.mei, private, board, "👁 Preview")
    still = await place.shows(private, "Preview of a storyboard: 2 cards", after=board)
    assert still["photo"] and "the wolf sleeps" in read_message(still)


async def test_inline_finds_a_finished_clip(club: Club, made: dict[str, Json]) -> None:
    message = await wolf(club, made)
    answer = await club.place.asks_inline(club.mei, "wolf")
    assert message["video"]["file_id"] in [one["video_file_id"] for one in answer["results"]]
    answer = await club.place.asks_inline(club.mei, id_of(message))
    assert [one["id"] for one in answer["results"]] == [id_of(message)]
    assert (await club.place.asks_inline(club.tom, id_of(message)))["results"] == []

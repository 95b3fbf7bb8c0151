"""Who writes on Telegram without being somebody: channels, administrators who hide, other bots, Telegram itself."""

import asyncio

import pytest

from bots.telegram.people import ANONYMOUS, CHANNEL
from tests.bots.telegram.conftest import SMALL, Club
from tests.bots.telegram.test_shelves import id_of
from tests.worlds.telegram.reading import buttons_of, read_message
from tests.worlds.telegram.world import Json, User

pytestmark = pytest.mark.asyncio(loop_scope="package")

TELEGRAM = User(777_000, "Telegram")  # passes a channel's posts on into its group


def spoken_by(club: Club, user_id: int, name: str) -> User:
    user = User(user_id, name)
    club.place.world.users[user_id] = user
    return user


@pytest.mark.parametrize(("number", "name"), [(ANONYMOUS, "GroupAnonymousBot"), (CHANNEL, "Channel_Bot")])
async def test_who_hides_is_told_to_write_as_themselves(club: Club, number: int, name: str) -> None:
    hidden, group = spoken_by(club, number, name), club.group
    asked = club.place.says(hidden, group, "/create a wolf", sender_chat=group.as_json())
    told = await club.place.shows(group, "Write as yourself", after=asked)
    assert told["reply_to_message"]["message_id"] == asked["message_id"]
    pressed = club.place.presses_data(hidden, group, told, "k1:library")
    assert "Write as yourself" in await club.place.answered(pressed)


async def test_what_nobody_said_is_not_answered(club: Club) -> None:
    """A clip that somebody sent by way of us or of another bot, a post that a channel passes on, a pin, another bot."""
    place, private, group = club.place, club.private(club.mei), club.place.world.add_group(club.ada, club.mei)
    group.bot_is = "administrator"
    ours, other = place.world.bot, {"id": 5, "is_bot": True, "first_name": "gif", "username": "gif"}
    robot = spoken_by(club, 6, "robot")
    quiet: list[Json] = [
        place.says(club.mei, private, "a wolf 1:1 1s", via_bot=ours),
        place.says(club.mei, private, "/create a wolf 1:1 1s", via_bot=other),
        place.says(TELEGRAM, group, "@kinora_bot a wolf", is_automatic_forward=True, sender_chat=group.as_json()),
        place.says(club.mei, private, "", pinned_message={"message_id": 1, "date": 0, "chat": private.as_json()}),
        place.says(club.mei, group, "", new_chat_title="@kinora_bot"),
    ]
    message = place.world.new_message(group, robot, text="/create a wolf")
    message["from"]["is_bot"] = True
    place.world.tell("message", dict(message))
    asked = place.says(club.mei, private, "/help")
    await place.shows(private, "/storyboard", after=asked)
    await asyncio.sleep(0.5)
    answered = {one["reply_to_message"]["message_id"] for one in [*place.messages(private), *place.messages(group)]
                if "reply_to_message" in one}  # fmt: skip
    assert answered.isdisjoint({one["message_id"] for one in [*quiet, message]})


async def test_a_button_under_a_message_that_telegram_tells_nothing_of_any_more_is_good(club: Club) -> None:
    private = club.private(club.tom)
    old = {"message_id": 7, "date": 0, "chat": private.as_json()}
    club.place.presses_data(club.tom, private, old, "k1:folders")
    await club.place.shows(private, "No folders yet")


async def test_a_channel_is_told_where_to_ask_and_its_posts_are_left_alone(club: Club) -> None:
    place = club.place
    channel = place.world.add_channel(club.ada)
    place.posts(channel, "a wolf howls at the moon")
    place.posts(channel, "/dance")
    asked = place.posts(channel, "/create a wolf")
    told = await place.shows(channel, "does not tell me who writes in a channel", after=asked)
    assert buttons_of(told)["Our private chat"]["url"].startswith("https://t.me/kinora_bot?start=")
    assert len(place.messages(channel)) == 1
    closed = place.world.add_channel(club.ada)
    closed.bot_may_send = False
    place.posts(closed, "/create a wolf")
    pressed = place.presses_data(club.mei, channel, told, "k1:again:5k2m9x7a")
    assert (await place.answered(pressed)).startswith("https://t.me/kinora_bot?start=")
    assert place.messages(closed) == []


async def test_a_clip_is_posted_in_a_channel_by_who_may_and_reported_by_who_reads_it(club: Club) -> None:
    place, world, private = club.place, club.place.world, club.private(club.ada)
    channel = world.add_channel(club.ada, "filmnews")
    clip = await club.clip_of(club.ada, "a heron stands in a stream")
    asked = place.says(club.ada, private, "/post @filmnews", to=clip)
    await place.shows(private, "stands in your channel", after=asked)
    (post,) = place.messages(channel)
    assert post["video"]["file_id"] == clip["video"]["file_id"] and "a heron" in read_message(post)
    links = {label: one["url"] for label, one in buttons_of(post).items()}
    reader = world.add_user("reader", has_started=False)
    opened = place.opens(reader, links["🚩 Report"])
    reasons = await place.shows(world.private(reader), "What is wrong with it", after=opened)
    place.presses(reader, world.private(reader), reasons, next(iter(buttons_of(reasons))))
    await place.shows(world.private(reader), "case-", after=reasons)

    group = world.add_group(club.ada, club.mei)
    group.username = "filmclub"
    closed = world.add_channel(club.mei, "closed")
    closed.bot_is = "member"
    mine = await club.clip_of(club.mei, "a frog by a pond")
    for user, typed, told in (
        (club.mei, f"/post {id_of(mine)} @filmnews", "Only who may post"),
        (club.mei, f"/post {id_of(clip)} @closed", "made by somebody else"),
        (club.mei, f"/post {id_of(mine)} https://t.me/closed", "I may not post there"),
        (club.mei, f"/post {id_of(mine)} @filmclub", "I find no channel"),
        (club.mei, f"/post {id_of(mine)} @nowhere", "I find no channel"),
        (club.mei, f"/post {id_of(mine)} -5x", "I find no channel"),
        (club.mei, f"/post {id_of(mine)}", "Which clip, and where"),
        (club.mei, "/post", "Which clip, and where"),
    ):
        asked = place.says(user, club.private(user), typed)
        await place.shows(club.private(user), told, after=asked)
    asked = place.says(club.mei, group, f"/post {id_of(mine)} @filmnews")
    await place.shows(group, "in our private chat only", after=asked)
    assert len(place.messages(channel)) == 1


async def test_an_album_without_words_is_asked_about_once(club: Club) -> None:
    place, private = club.place, club.private(club.tom)
    before = len(place.messages(private))
    sent = [place.sends_file(club.tom, private, "video", b"no film", media_group_id="a1") for _ in range(3)]
    await place.shows(private, "What shall I do with it?", after=sent[0])
    asked = place.says(club.tom, private, f"an owl {SMALL}")
    await place.clip(private, after=asked)
    assert len(place.messages(private)) == before + 2

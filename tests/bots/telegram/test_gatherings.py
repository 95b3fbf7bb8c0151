"""Chains and parties in a group: a pinned card that follows, joining by button or answer, likes, order, the reel."""

import pytest

from bots.telegram.gatherings import read_theme
from engine.gatherings.states import Kind
from tests.bots.telegram.conftest import SMALL, Club
from tests.worlds.telegram.reading import buttons_of, read_message
from tests.worlds.telegram.world import Chat, Json, User

pytestmark = pytest.mark.asyncio(loop_scope="package")

GO_ON, TAKE_PART = "🔗 Go on", "🎉 Take part"


def card_in(chat: Chat) -> Json | None:
    return next((one for one in chat.messages.values() if "📜 Rules" in buttons_of(one)), None)


async def begun(club: Club, typed: str, *, topic: bool = False) -> tuple[Chat, Json]:
    """A chain or a party in a group of its own, and its card."""
    group = club.place.world.add_group(club.ada, club.mei, club.tom, is_forum=topic)
    thread = club.place.world.add_topic(group) if topic else None
    club.place.says(club.ada, group, typed, thread=thread)
    card: Json = await club.place.until(lambda: card_in(group), what="the card")
    return group, card


async def says(club: Club, group: Chat, card: Json, *parts: str) -> str:
    def now() -> str:
        return read_message(group.messages[card["message_id"]])

    await club.place.until(lambda: all(one in now() for one in parts), what=f"{parts} on the card, which is\n{now()}")
    return now()


async def joins(club: Club, user: User, group: Chat, card: Json, label: str, words: str) -> Json:
    """By the button and the question that it asks; answers with the clip."""
    club.place.presses(user, group, card, label)
    question = await club.place.shows(group, "Answer this message", after=card)
    assert user.name in read_message(question), "a client opens its field for whom a question names"
    answer = club.place.says(user, group, words, to=question)
    return await club.place.clip(group, after=answer)


async def test_a_chain_goes_from_hand_to_hand_and_ends_with_its_film(club: Club) -> None:
    place = club.place
    group, card = await begun(club, "/chain the @wolf's journey pace=0")
    await place.until(lambda: group.pinned == [card["message_id"]], what="the pin")
    assert "Who makes the first clip?" in await says(club, group, card, "0 of 20 clips")
    await joins(club, club.mei, group, card, GO_ON, f"a wolf howls at the moon {SMALL}")
    shown = await says(club, group, card, "1 of 20 clips", "Who goes on from", "[photo]")
    assert "mei" in shown and "@wolf" not in shown
    assert "The last clip is yours" in await place.answered(place.presses(club.mei, group, card, GO_ON))
    answer = place.says(club.tom, group, "it snows 1s", to=group.messages[card["message_id"]])
    await place.clip(group, after=answer)
    await says(club, group, card, "2 of 20 clips", "tom")

    link = await place.answered(place.presses(club.ada, group, card, "🧹"))
    private, opened = club.private(club.ada), place.opens(club.ada, link)
    order = await place.shows(private, "What is there to change", after=opened)
    place.presses(club.ada, private, order, "🏁")
    film = await place.shows(group, "here is its film", after=answer)
    assert "video" in film and "reply_to_message" not in film
    await says(club, group, card, "over: somebody closed it", "Reel:")
    await place.until(lambda: group.pinned == [], what="the card to be unpinned")
    assert GO_ON not in buttons_of(group.messages[card["message_id"]])
    late = place.says(club.tom, group, "and on", to=group.messages[card["message_id"]])
    await place.shows(group, "It is over", after=late)


async def test_a_party_in_a_topic_is_liked_and_kept_in_order_where_nothing_can_be_pinned(club: Club) -> None:
    place, world = club.place, club.place.world
    group = world.add_group(club.ada, club.mei, club.tom, is_forum=True)
    group.bot_may_pin = False
    topic = world.add_topic(group)
    place.says(club.ada, group, "/party Lanterns 燈 each=1 pace=0 minutes=30", thread=topic)
    card = await place.until(lambda: card_in(group), what="the card")
    assert card["message_thread_id"] == topic and group.pinned == []
    clip = await joins(club, club.mei, group, card, TAKE_PART, f"a red balloon {SMALL}")
    assert clip["message_thread_id"] == topic
    assert "Ends 20" in await says(club, group, card, "1 of 100 clips", "a red balloon")
    assert "may bring 1 clips" in await place.answered(place.presses(club.mei, group, card, TAKE_PART))

    assert "Likes: 1" in await place.answered(place.presses(club.tom, group, card, "❤️ #1"))
    await says(club, group, card, "❤️ 1 · ")
    assert "your own clip" in await place.answered(place.presses(club.mei, group, card, "❤️ #1"))
    assert "Likes: 0" in await place.answered(place.presses(club.tom, group, card, "❤️ #1"))

    opened = place.opens(club.tom, await place.answered(place.presses(club.tom, group, card, "📜")))
    assert "everybody may bring: 1" in read_message(
        await place.shows(club.private(club.tom), "the best last", after=opened)
    )
    assert "Only moderators" in await place.answered(place.presses(club.tom, group, card, "🧹"))
    about = next(one["callback_data"] for one in buttons_of(card).values()).split(":")[2]
    tampered = place.presses_data(club.tom, group, card, f"k1:gatherpause:{about}:on")
    assert "Only moderators" in await place.answered(tampered)
    stranger = world.add_user("stranger")
    assert "There is no" in await place.answered(place.presses(stranger, group, card, "❤️ #1"))

    private = club.private(club.mei)
    opened = place.opens(club.mei, await place.answered(place.presses(club.mei, group, card, "🧹")))
    order = await place.shows(private, "What is there to change", after=opened)
    assert not any(label.startswith(("⏸", "🏁")) for label in buttons_of(order))
    assert "is out" in await place.answered(place.presses(club.mei, private, order, "🗑 1"))
    await place.shows(private, "is out", after=opened)
    await says(club, group, card, "removed from here")
    opened = place.opens(club.ada, await place.answered(place.presses(club.ada, group, card, "🧹")))
    order = await place.shows(club.private(club.ada), "What is there to change", after=opened)
    place.presses(club.ada, club.private(club.ada), order, "⏸")
    await says(club, group, card, "paused")
    assert TAKE_PART not in buttons_of(group.messages[card["message_id"]])


async def test_a_card_that_somebody_deletes_comes_back_for_who_asks(club: Club) -> None:
    place = club.place
    group, card = await begun(club, "/party Boats")
    await place.until(lambda: group.pinned, what="the pin")
    asked = place.says(club.tom, group, "/party")
    up_there = await place.shows(group, "up there", after=asked)
    assert up_there["reply_to_message"]["message_id"] == card["message_id"]
    del group.messages[card["message_id"]]
    place.says(club.tom, group, "/party")
    back = await place.until(lambda: card_in(group), what="the card")
    assert "Boats" in read_message(back) and back["message_id"] != card["message_id"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/chain a naked woman", "does not pass"),
        ("/party Snow budget=5", "A budget needs a pot"),
        ("/party Snow pot=5k2m9x7a", "There is no"),
        ("/chain Snow from=5k2m9x7a", "There is no clip"),
        ("/chain Snow turn=0", "has to be from 1 to 1440"),
        ("/party Snow minutes=soon", "has to be from 1"),
        ("/chain", "None goes on here. Begin one: /chain"),
    ],
)
async def test_what_cannot_begin_is_told_kindly(club: Club, typed: str, told: str) -> None:
    group = club.place.world.add_group(club.ada, club.mei)
    asked = club.place.says(club.ada, group, typed)
    await club.place.shows(group, told, after=asked)


async def test_members_begin_nothing_unless_that_is_settled_and_nobody_alone(club: Club) -> None:
    place = club.place
    group = place.world.add_group(club.ada, club.mei)
    asked = place.says(club.mei, group, "/party Snow")
    await place.shows(group, "may be started by", after=asked)
    asked = place.says(club.mei, club.private(club.mei), "/party Snow")
    await place.shows(club.private(club.mei), "works in a group only", after=asked)
    asked = place.says(club.ada, group, "/settings")
    settings = await place.shows(group, "may be begun by: moderators", after=asked)
    place.presses_data(club.ada, group, settings, "k1:setstart::everyone")
    await place.shows(group, "may be begun by: everybody", after=asked)
    place.says(club.mei, group, "/party Snow")
    assert await place.until(lambda: card_in(group), what="the card")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Snow", ("Snow", {})),
        ("Snow pace=0 most = 5", ("Snow", {"pace": "0", "most": "5"})),
        ("雪＝白 pace＝0", ("雪＝白", {"pace": "0"})),
        ("e=mc2", ("e=mc2", {})),
        ("Snow pace=1 pace=2", ("Snow pace=1", {"pace": "2"})),
        ("Snow minutes=5", ("Snow minutes=5", {})),  # a party's rule, not a chain's
        ("pace=0", ("", {"pace": "0"})),
        ("", ("", {})),
    ],
)
async def test_rules_are_read_from_the_end_of_what_was_typed(typed: str, read: tuple[str, dict[str, str]]) -> None:
    assert read_theme(Kind.CHAIN, typed) == read

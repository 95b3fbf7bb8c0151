"""Chains and parties in a channel: a pinned card that follows, joining by a button, likes, order, and the reel."""

import asyncio
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.bots.discord.conftest import Club, one_button
from tests.worlds.discord.reading import buttons_of, read_message
from tests.worlds.discord.world import MODERATE_MEMBERS, PIN, SEND, SEND_IN_THREADS, Channel, Interaction, Json, User

pytestmark = pytest.mark.asyncio(loop_scope="package")

GO_ON, TAKE_PART = "🔗 Go on", "🎉 Take part"


def card_in(channel: Channel) -> Json | None:
    return next((one for one in channel.messages if "📜 Rules" in buttons_of(one)), None)


async def started(club: Club, name: str, *, bot_may: int | None = None, **options: Any) -> tuple[Channel, Json]:
    """A chain or a party in a channel of its own, and its card."""
    place = club.place
    channel = place.world.add_channel(club.guild, "together")
    channel.bot_may = channel.bot_may if bot_may is None else bot_may
    asked = await place.types(club.lead, channel, name, **options)
    await place.shows(asked, "has begun")
    card: Json = await place.until(lambda: card_in(channel), what="the card")
    return channel, card


async def joins(club: Club, user: User, channel: Channel, card: Json, label: str, **filled: str) -> Interaction:
    form = await club.place.answered(await club.place.presses(user, channel, card, label))
    return await club.place.sends(form, {"What happens": filled.pop("words"), **filled})


async def says(club: Club, card: Json, *parts: str) -> str:
    await club.place.until(lambda: all(one in read_message(card) for one in parts), what=repr(parts))
    return read_message(card)


async def test_a_chain_goes_from_hand_to_hand_and_ends_with_its_film(club: Club) -> None:
    place = club.place
    channel, card = await started(club, "chain", theme="the *wolf's* journey", pace=0)
    await place.until(lambda: card["pinned"], what="the card to be pinned")
    await says(club, card, r"\*wolf's\*", "Who makes the first clip?")
    first = await joins(club, club.mei, channel, card, GO_ON, words="a wolf howls at the moon", Seconds="1")
    await place.shows(first, "-# Made with Kinora")
    shown = await says(club, card, "Who goes on from", f"<@{club.mei.id}>", "[gathering.png]")
    assert "1 of 20 clips" in shown
    again = await place.presses(club.mei, channel, card, GO_ON)
    assert (await place.shows(again, "The last clip is yours"))["flags"] & 64
    second = await joins(club, club.tom, channel, card, GO_ON, words="it snows", **{"Seconds to add": "1"})
    await place.shows(second, "-# Made with Kinora")
    await says(club, card, "2 of 20 clips")

    order = await place.shows(
        await place.presses(club.lead, channel, card, "🧹 Keep order…"), "What is there to change"
    )
    await place.presses(club.lead, channel, order, "🏁 Close it")
    await says(club, order, "The reel comes")
    film = await place.until(
        lambda: next((one for one in channel.messages if "here is its film" in read_message(one)), None),
        what="the film",
    )
    assert len(film["attachments"]) == 1 and "Made from" in read_message(film)
    await says(club, card, "over: somebody closed it", "Reel:")
    await place.until(lambda: not card["pinned"], what="the card to be unpinned")
    assert GO_ON not in buttons_of(card)
    old = f"k1:gatherjoin:{id_of(card)}"
    late = await place.presses_id(club.tom, channel, card | one_button(old), old)
    await place.shows(late, "It is over")


def id_of(card: Json) -> str:
    return str(buttons_of(card)["📜 Rules"]["custom_id"]).split(":")[2]


async def test_a_party_is_liked_and_kept_in_order_where_nothing_can_be_pinned(club: Club) -> None:
    place, bo = club.place, club.place.world.add_user("bo 3", permissions=MODERATE_MEMBERS)
    may = place.world.add_channel(club.guild, "any").bot_may & ~PIN
    channel, card = await started(club, "party", bot_may=may, theme="Lanterns 燈", each=1, pace=0)
    assert not card["pinned"]
    entry = await joins(club, club.mei, channel, card, TAKE_PART, words="a red balloon", Seconds="1")
    await place.shows(entry, "-# Made with Kinora")
    await says(club, card, "1 of 100 clips", "a red balloon")
    enough = await place.presses(club.mei, channel, card, TAKE_PART)
    await place.shows(enough, "Everybody may bring 1 clips")

    (clip,) = [one["value"] for one in _options(card)]
    await place.shows(await place.chooses(club.tom, channel, card, clip), "Likes: 1")
    await says(club, card, "❤️ 1")
    await place.shows(await place.chooses(club.mei, channel, card, clip), "your own clip")
    await place.shows(await place.chooses(club.tom, channel, card, clip), "Likes: 0")

    rules = await place.shows(await place.presses(club.tom, channel, card, "📜 Rules"), "the best last")
    assert rules["flags"] & 64 and "everybody may bring: 1" in read_message(rules)
    await place.shows(await place.presses(club.tom, channel, card, "🧹 Keep order…"), "Only moderators")
    pausing = f"k1:gatherpause:{id_of(card)}:on"
    tampered = await place.presses_id(club.tom, channel, card | one_button(pausing), pausing)
    await place.shows(tampered, "Only moderators")
    order = await place.shows(await place.presses(bo, channel, card, "🧹 Keep order…"), "What is there to change")
    await place.presses(bo, channel, order, "Let it rest")
    await says(club, order, "rests")
    await says(club, card, "paused")
    assert TAKE_PART not in buttons_of(card)
    order = await place.shows(await place.presses(club.mei, channel, card, "🧹 Keep order…"), "What is there to change")
    await place.chooses(club.mei, channel, order, clip)
    await says(club, order, "is out")
    await says(club, card, "removed from here")


def _options(card: Json) -> list[Json]:
    found = [one for row in card["components"][0]["components"] for one in row.get("components", ())]
    return [option for one in found if one["type"] == 3 for option in one["options"]]


async def test_a_card_that_is_deleted_comes_back(club: Club) -> None:
    channel, card = await started(club, "party", theme="Boats")
    await club.place.until(lambda: card["pinned"], what="the card to be pinned")
    await asyncio.sleep(0.5)  # until where it is was noted
    channel.messages.remove(card)
    asked = await club.place.types(club.tom, channel, "party")
    await club.place.shows(asked, "Boats")  # for who asks what goes on here
    with closing(sqlite3.connect(club.folder / "data" / "kinora.db")) as db, db:
        db.execute("UPDATE gatherings SET shown = '' WHERE id = ?", (id_of(card),))
    back = await club.place.until(lambda: card_in(channel), what="the card")
    assert back["id"] != card["id"]
    await club.place.until(lambda: back["pinned"], what="the card to be pinned")
    club.place.world.refused[:] = [one for one in club.place.world.refused if "10008" not in one]


@pytest.mark.parametrize(
    ("name", "options", "told"),
    [
        ("chain", {"theme": "a naked woman"}, "does not pass"),
        ("party", {"theme": "Snow", "budget": 5}, "A budget needs a pot"),
        ("party", {"theme": "Snow", "pot": "pot-5k2m9x7a"}, "There is no"),
        ("chain", {"theme": "Snow", "opening": "5k2m9x7a"}, "There is no clip"),
        ("chain", {}, "None goes on here. Begin one: /chain"),
    ],
)
async def test_what_cannot_begin_is_told_kindly(club: Club, name: str, options: dict[str, Any], told: str) -> None:
    asked = await club.place.types(club.lead, club.channel, name, **options)
    assert (await club.place.shows(asked, told))["flags"] & 64


async def test_a_post_in_a_forum_takes_a_party_by_its_own_permission(club: Club) -> None:
    place, world = club.place, club.place.world
    forum = world.add_channel(club.guild, "forum")
    post = world.add_channel(club.guild, "lanterns", parent=forum)
    post.bot_may &= ~SEND  # what counts there is sending in threads
    await place.shows(await place.types(club.lead, post, "party", theme="Snow"), "has begun")
    assert await place.until(lambda: card_in(post), what="the card")
    other = world.add_channel(club.guild, "closed", parent=forum)
    other.bot_may &= ~SEND_IN_THREADS
    await place.shows(await place.types(club.lead, other, "party", theme="Snow"), "may not send messages")


async def test_nothing_begins_where_its_card_could_not_be(club: Club) -> None:
    place = club.place
    closed = place.world.add_channel(club.guild, "closed")
    closed.bot_may &= ~SEND
    await place.shows(await place.types(club.lead, closed, "party", theme="Snow"), "may not send messages")
    member = await place.types(club.tom, club.channel, "party", theme="Snow")
    await place.shows(member, "may be started by")


async def test_discord_took_every_request(club: Club) -> None:
    refused = club.place.world.refused
    refused[:] = [one for one in refused if "/messages/pins/" not in one]
    assert refused == []

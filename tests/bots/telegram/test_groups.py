"""Groups and topics on Telegram: who is heard, who may do what, where cases come, and what happens to a chat."""

import sqlite3

import pytest

from bots.telegram.desk import SHOWN_AT_ONCE
from tests.bots.telegram.conftest import SMALL, Club
from tests.worlds.telegram.people import picture
from tests.worlds.telegram.reading import buttons_of, read_message
from tests.worlds.telegram.world import DELETABLE_FOR, Chat, Json, User

pytestmark = pytest.mark.asyncio(loop_scope="package")


def topic_of(club: Club) -> tuple[Chat, int]:
    forum = club.place.world.add_group(club.ada, club.mei, club.tom, is_forum=True)
    return forum, club.place.world.add_topic(forum)


async def test_a_command_in_a_topic_is_answered_in_that_topic(club: Club) -> None:
    forum, topic = topic_of(club)
    asked = club.place.says(club.mei, forum, f"/create@kinora_bot a wolf howls {SMALL}", thread=topic)
    clip = await club.place.clip(forum, after=asked)
    assert clip["message_thread_id"] == topic
    assert forum.reactions == {asked["message_id"]: "👀"}, "the member sees at once that they were heard"
    answer = club.place.says(club.tom, forum, "make it snow", to=clip)
    remixed = await club.place.clip(forum, after=answer)
    assert remixed["message_thread_id"] == topic and "make it snow" in read_message(remixed)


async def test_what_people_say_among_themselves_is_left_alone(club: Club) -> None:
    world, group = club.place.world, club.group
    group.bot_is = "administrator"  # so that everything is heard
    before = len(club.place.messages(group))
    for said in ("a wolf howls at the moon", "/create@another_bot a wolf", "/start@another_bot", "@somebody look"):
        club.place.says(club.mei, group, said)
    asked = club.place.says(club.mei, group, f"@kinora_bot a red balloon {SMALL}")
    clip = await club.place.clip(group, after=asked)
    assert "a red balloon" in read_message(clip)
    assert len(club.place.messages(group)) == before + 1
    group.bot_is = "member"
    assert world.troubles == []


async def test_private_matters_do_not_stand_in_the_group(club: Club) -> None:
    group, private = club.group, club.private(club.tom)
    club.place.says(club.tom, group, "a naked woman on a beach")
    asked = club.place.says(club.tom, group, "/create a naked woman on a beach")
    refused = await club.place.shows(group, "This one is not made", after=asked)
    link = await club.place.answered(club.place.presses(club.tom, group, refused, "Why?"))
    assert link.startswith("https://t.me/kinora_bot?start=why_job-")
    opened = club.place.opens(club.tom, link)
    await club.place.shows(private, "naked", after=opened)
    stranger = club.place.opens(club.mei, link)
    await club.place.shows(club.private(club.mei), "⚠️", after=stranger)
    shy = club.place.world.add_user("shy", has_started=False)
    club.group.statuses[shy.id] = "member"
    asked = club.place.says(shy, group, "/credits")
    told = await club.place.shows(group, "for you alone", after=asked)
    assert "start=credits" in next(iter(buttons_of(told).values()))["url"]


async def test_only_leads_settle_things_and_rights_are_asked_at_every_press(club: Club) -> None:
    world, place = club.place.world, club.place
    group = world.add_group(club.ada, club.mei, club.tom)
    asked = place.says(club.mei, group, "/settings")
    shown = await place.shows(group, "Settled for this group", after=asked)
    assert buttons_of(shown) == {}
    asked = place.says(club.ada, group, "/settings")
    shown = await place.shows(group, "Bring cases here", after=asked)
    assert "⚠️" in await place.answered(place.presses(club.mei, group, shown, "✍️"))
    world.make_admin(group, club.tom, "can_promote_members")
    place.presses(club.tom, group, shown, "✍️")
    settled = "asked for by: moderators"
    await place.until(lambda: settled in read_message(group.messages[shown["message_id"]]), what="the change")
    asked = place.says(club.mei, group, f"/create a frog {SMALL}")
    await place.shows(group, "clips may be asked for by", after=asked)


async def desk_of(club: Club) -> Chat:
    """A group that has its cases brought to it. Each test has its own: a group takes 20 messages a minute."""
    group = club.place.world.add_group(club.ada, club.mei, club.tom)
    club.place.world.make_admin(group, club.tom)
    asked = club.place.says(club.ada, group, "/settings")
    shown = await club.place.shows(group, "Bring cases here", after=asked)
    club.place.presses(club.ada, group, shown, "⚖️")
    await club.place.shows(group, "Cases for the moderators come here")
    return group


async def held_case(club: Club, group: Chat, words: str) -> Json:
    """A picture that was sent, and with it the card of its case in the group."""
    asked = club.place.sends_photo(club.mei, group, picture(), f"/create {words} {SMALL}")
    return await club.place.shows(group, "I take it", after=asked)


async def the_minute_to_undo_is_over(club: Club) -> None:
    """What a decision tells the member waits for a minute, in which it can be taken back."""
    with sqlite3.connect(club.folder / "data" / "kinora.db", timeout=30) as database:
        database.execute("UPDATE outbox SET not_before = 0 WHERE state = 'waiting'")


async def decided(club: Club, group: Chat, card: Json) -> str:
    await club.place.until(
        lambda: "Decided" in read_message(group.messages[card["message_id"]]), what="the decision on the card"
    )
    assert buttons_of(group.messages[card["message_id"]]) == {}
    return read_message(group.messages[card["message_id"]])


async def test_a_case_is_claimed_and_allowed_and_its_clip_comes(club: Club) -> None:
    place, group = club.place, await desk_of(club)
    card = await held_case(club, group, "the waves move")
    assert card["has_media_spoiler"] and "photo" in card
    assert "case-" in read_message(card) and "the waves move" in read_message(card)
    stranger = await place.answered(place.presses(club.mei, group, card, "✅"))
    assert "moderators" in stranger
    place.presses(club.tom, group, card, "✋")
    await place.until(lambda: "tom looks at it" in read_message(group.messages[card["message_id"]]), what="the claim")
    assert "⚠️" in await place.answered(place.presses(club.ada, group, card, "✅"))
    place.presses(club.tom, group, card, "✅")
    await decided(club, group, card)
    await the_minute_to_undo_is_over(club)
    assert "the waves move" in read_message(await place.clip(group))


async def test_a_clip_that_was_taken_down_is_replaced_even_after_two_days(club: Club) -> None:
    place, group = club.place, await desk_of(club)
    asked = place.says(club.mei, group, f"/create a lighthouse in the rain {SMALL}")
    clip = await place.clip(group, after=asked)
    assert "⚠️" not in await place.answered(place.presses(club.mei, group, clip, "📣"))
    clip_id = next(one for one in read_message(clip).splitlines() if "480×480 · " in one).split(" ")[0].strip("_")
    link = await place.answered(place.presses_data(club.tom, group, clip, f"k1:report:{clip_id}"))
    opened = place.opens(club.tom, link)
    reasons = await place.shows(club.private(club.tom), "What is wrong with it", after=opened)
    place.presses(club.tom, club.private(club.tom), reasons, next(iter(buttons_of(reasons))))
    card = await place.shows(group, "Take it down", after=clip)
    place.world.pass_time(DELETABLE_FOR + 60)
    place.presses(club.ada, group, card, "🚫")
    await place.until(lambda: "« Back" in buttons_of(group.messages[card["message_id"]]), what="the reasons")
    place.presses(club.ada, group, card, next(iter(buttons_of(group.messages[card["message_id"]]))))
    await decided(club, group, card)
    await the_minute_to_undo_is_over(club)
    gone = await place.until(
        lambda: (now := group.messages[clip["message_id"]]) and "photo" in now and now, what="the notice"
    )
    assert "was taken down by the moderators" in read_message(gone) and "lighthouse" not in read_message(gone)


async def test_a_group_that_becomes_a_supergroup_is_the_same_community(club: Club) -> None:
    place, world = club.place, club.place.world
    old = world.add_group(club.ada, club.mei, kind="group")
    asked = place.says(club.ada, old, "/settings")
    shown = await place.shows(old, "Settled for this group", after=asked)
    place.presses(club.ada, old, shown, "🌐")
    await place.shows(old, "Chinese, traditional", after=asked)
    place.says(club.mei, old, f"/create a fox in the snow {SMALL}")
    new = world.migrate(old)
    clip = await place.clip(new)
    assert "a fox in the snow" in read_message(clip)
    asked = place.says(club.ada, new, "/settings")
    assert "Chinese, traditional" in read_message(await place.shows(new, "Settled for this group", after=asked))


async def test_a_member_who_blocks_the_bot_and_a_group_that_kicks_it_stop_nothing(club: Club) -> None:
    place, world = club.place, club.place.world
    rude = world.add_user("rude")
    place.says(rude, world.private(rude), f"a frog {SMALL}")
    rude.blocks_bot = True
    other = world.add_group(club.ada, club.mei)
    place.says(club.mei, other, f"/create a frog {SMALL}")
    world.kick_bot(other)
    gone = place.says(club.mei, club.private(club.mei), f"a green frog {SMALL}")
    progress = await place.shows(club.private(club.mei), "", after=gone)
    club.private(club.mei).messages.pop(progress["message_id"])  # by its reader
    assert "video" in await place.clip(club.private(club.mei), after=progress)


async def test_cases_whose_chat_is_closed_do_not_stand_before_others(club: Club) -> None:
    place, world = club.place, club.place.world
    group, closed = (world.add_group(club.ada, club.mei, club.tom) for _ in range(2))
    asked = place.says(club.ada, closed, f"/cases {group.id}")
    await place.shows(closed, "Cases for the moderators come here", after=asked)
    world.kick_bot(closed)
    for number in range(SHOWN_AT_ONCE):
        asked = place.says(somebody_in(club, group), group, f"/create a street fight {number}")
        await place.shows(group, "A moderator looks at this first", after=asked)
    await held_case(club, await desk_of(club), "the tide comes in")


def somebody_in(club: Club, group: Chat) -> User:
    """Somebody new there."""
    user = club.place.world.add_user("somebody")
    group.statuses[user.id] = "member"
    return user


# Last: in its first minute a bot says little to a group, and this has much to be said.
async def test_a_case_is_refused_for_a_reason_or_with_a_word(club: Club) -> None:
    place, group = club.place, await desk_of(club)
    sheet = await held_case(club, group, "the sun rises")
    place.presses(club.ada, group, sheet, "🚫")
    await place.until(lambda: "« Back" in buttons_of(group.messages[sheet["message_id"]]), what="the reasons")
    place.presses(club.ada, group, sheet, "💬")
    question = await place.shows(group, "a sentence to the member", after=sheet)
    place.says(club.mei, group, "not me", to=question)
    await place.shows(group, "I asked somebody else", after=question)
    place.says(club.ada, group, "no faces, please", to=question)
    assert "refused" in await decided(club, group, sheet)
    await the_minute_to_undo_is_over(club)
    told = await place.shows(group, "This one is not made")
    assert "no faces" not in read_message(told), "a group does not read what is for the member"
    place.opens(club.mei, await place.answered(place.presses(club.mei, group, told, "Why?")))
    await place.shows(club.private(club.mei), "no faces, please")
    group.statuses[club.tom.id] = "member"
    case_id = "case-" + read_message(sheet).split("case-")[1][:8]
    pressed = place.presses_data(club.tom, group, sheet, f"k1:caserefuse:{case_id}:0")
    assert "moderators" in await place.answered(pressed), "a right that was lost is lost at once"

"""Looking at what one has and what others shared, and the buttons under it."""

import pytest
from sqlalchemy import update

from engine import settings
from engine.members import Role
from engine.studio import Studio
from safety.desk.people import Action, Choice
from storage.tables import outbox
from tests.bots.discord.conftest import Club, id_of, wolf
from tests.worlds.discord.reading import read_message

pytestmark = pytest.mark.asyncio(loop_scope="package")


@pytest.mark.parametrize(
    ("command", "says"),
    [("help", "/create"), ("privacy", "What is stored"), ("queue", "Nothing waits"), ("library", "No clips yet")],
)
async def test_plain_commands_answer_their_author_alone(club: Club, command: str, says: str) -> None:
    newcomer = club.place.world.add_user(f"new to {command}")
    message = await club.place.shows(await club.place.types(newcomer, club.channel, command), says)
    assert message["flags"] & 64


async def test_credits_are_told_in_the_members_language(club: Club) -> None:
    message = await wolf(club)
    assert message
    club.mei.locale = "zh-CN"
    try:
        shown = await club.place.shows(await club.place.types(club.mei, club.channel, "credits"), "积分")
    finally:
        club.mei.locale = "en-US"
    assert shown["flags"] & 64


async def test_the_library_is_a_sheet_from_which_a_clip_opens(club: Club) -> None:
    clip = id_of(await wolf(club))
    shelf = await club.place.shows(await club.place.types(club.mei, club.channel, "library"), clip)
    assert shelf["flags"] & 64
    assert [one["filename"] for one in shelf["attachments"]] == ["clips.png"]
    opened = await club.place.chooses(club.mei, club.channel, shelf, clip)
    await club.place.shows(opened, "-# Made with Kinora")


async def test_a_clip_is_brought_into_the_channel_by_its_id_as_people_type_it(club: Club) -> None:
    clip = id_of(await wolf(club))
    typed = f"{clip[:4]} {clip[4:]}".upper()
    shown = await club.place.types(club.tom, club.channel, "show", clip=typed)
    message = await club.place.shows(shown, "-# Made with Kinora")
    assert not message["flags"] & 64
    assert "wolf" not in read_message(message).replace("kinora", "")  # its words were not shared
    unknown = await club.place.types(club.tom, club.channel, "show", clip="zzzzzzzz")
    assert (await club.place.shows(unknown, "There is no clip"))["flags"] & 64


async def test_a_clip_of_another_server_is_not_there(club: Club) -> None:
    clip = id_of(await wolf(club))
    direct = club.place.world.direct_channel(club.tom)
    shown = await club.place.types(club.tom, direct, "show", clip=clip)
    await club.place.shows(shown, "There is no clip")


async def test_a_shared_clip_is_found_bookmarked_and_reported_by_others(club: Club) -> None:
    place, message = club.place, await wolf(club)
    clip = id_of(message)
    stranger = await place.presses(club.tom, club.channel, message, "📣 Share")
    await place.shows(stranger, "no clip")
    await place.shows(await place.presses(club.mei, club.channel, message, "📣 Share"), "in Explore now")
    feed = await place.shows(await place.types(club.tom, club.channel, "explore"), clip)
    making = await place.shows(await place.chooses(club.tom, club.channel, feed, clip), f"By <@{club.mei.id}>")
    await place.shows(await place.presses(club.tom, club.channel, making, "🔖 Bookmark"), "among your bookmarks")
    form = await place.answered(await place.presses(club.tom, club.channel, making, "🚩 Report"))
    assert form.modal is not None
    sent = await place.sends(form, {"What is wrong with it": "real_people", "A few words for the moderators": "her"})
    await place.shows(sent, "The moderators will look at it")


async def test_a_deleted_clip_leaves_the_message_and_comes_back(club: Club) -> None:
    place = club.place
    message = await club.clip_of(club.mei, "a lighthouse in the rain")
    clip = id_of(message)
    refused = await place.presses(club.tom, club.channel, message, "🗑️ Delete")
    await place.shows(refused, "made by somebody else")
    assert message["attachments"]
    await place.presses(club.mei, club.channel, message, "🗑️ Delete")
    await place.until(lambda: not message["attachments"], what="the clip to go")
    assert f"{clip} lies in the trash" in read_message(message)
    await place.presses(club.mei, club.channel, message, "Take it back")
    await place.until(lambda: message["attachments"], what="the clip to come back")
    assert id_of(message) == clip


async def test_again_and_variations_make_new_clips_of_the_same_words(club: Club) -> None:
    place, message = club.place, await wolf(club)
    again = await place.chooses(club.mei, club.channel, message, "again")
    other = await place.shows(again, "-# Made with Kinora")
    assert "a wolf howls" in read_message(other) and id_of(other) != id_of(message)
    stranger = await place.chooses(club.tom, club.channel, message, "again")
    shown = await place.shows(stranger, "made by somebody else")
    assert shown["flags"] & 64


async def test_a_clip_that_is_taken_down_leaves_its_message_and_its_maker_can_appeal(club: Club) -> None:
    place = club.place
    message = await club.clip_of(club.mei, "a red balloon over a village")
    clip = id_of(message)
    await place.shows(await place.types(club.lead, club.channel, "queue"), "Nothing waits")  # now the studio knows her
    async with Studio.open(settings.load(data=club.folder / "data")) as studio:
        lead = await studio.membership.known_as("discord", str(club.lead.id), str(club.guild.id), role=Role.LEAD)
        choice = Choice(action=Action.TAKE_DOWN, reason="gore", word="no blood, please")
        await studio.desk.take_down(clip, choice, lead)
        async with studio.database.writing() as tx:  # the minute is over in which the lead may think again
            await tx.execute(update(outbox).values(not_before=0))
    await place.until(lambda: not message["attachments"], what="the clip to go")
    assert "taken down by the moderators" in read_message(message)
    direct = place.world.direct_channel(club.mei)
    (stated,) = await place.until(lambda: [one for one in direct.messages if "no blood" in read_message(one)])
    why = await place.presses(club.tom, club.channel, message, "Why?")
    await place.shows(why, "belongs to somebody else")
    form = await place.answered(await place.presses(club.mei, direct, stated, "Appeal"))
    await place.shows(
        await place.sends(form, {"Why the decision should be another": "it is paint"}), "is taken down as"
    )
    why = await place.presses(club.mei, club.channel, message, "Why?")
    await place.shows(why, "somebody else is looking at it")


async def test_discord_took_every_request(club: Club) -> None:
    assert club.place.world.refused == []

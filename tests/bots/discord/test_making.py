"""A clip asked for on Discord: acknowledged, followed, delivered, called off; through the real process and sockets."""

import json
import re
import sqlite3
from contextlib import closing

import aiohttp
import pytest
from yarl import URL

from tests.bots.discord.conftest import PAGES, SMALL, Club, wolf
from tests.worlds.discord.people import Upload
from tests.worlds.discord.reading import buttons_of, read_message
from tests.worlds.discord.world import MIB, Unreachable

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_commands_are_there_in_three_languages(club: Club) -> None:
    commands = club.place.world.commands
    typed = [one for one in commands if one["type"] == 1]
    making = {"create", "storyboard", "remix", "recut", "blend", "loop", "views", "verify"}
    together = {"chain", "party"}
    looking = {"show", "library", "explore", "credits", "queue", "help", "privacy", "presets", "appeal", "unvouch"}
    governing = {"desk", "takedown", "strikes", "vouch", "policy", "report-summary", "settings"}
    assert {one["name"] for one in typed} == making | looking | together | governing
    in_menus = {"Remix this clip", "Animate this image", "Was this made here?", "Report clip"}
    assert {one["name"] for one in commands if one["type"] == 3} == in_menus
    for one in commands:
        assert set(one["name_localizations"]) == {"zh-TW", "zh-CN"}
    for one in typed:
        assert set(one["description_localizations"]) == {"zh-TW", "zh-CN"}
        for option in one.get("options", ()):
            assert set(option["name_localizations"]) == {"zh-TW", "zh-CN"}
        assert one["contexts"] == ([0] if one["name"] in governing | together | {"unvouch"} else [0, 1])
        assert bool(one["default_member_permissions"]) == (one["name"] in governing)
        assert one["integration_types"] == [0]


async def test_a_clip_becomes_the_card_that_acknowledged_it(club: Club) -> None:
    asked = await club.asks(club.mei, "a wolf howls at the moon")
    assert asked.answered_within is not None and asked.answered_within < 3
    message = await club.place.shows(asked, "-# Made with Kinora")
    assert message["id"] == str(asked.message_id)
    (attachment,) = message["attachments"]
    assert club.place.world.files[int(attachment["id"])][4:8] == b"ftyp"
    shown = read_message(message)
    assert "a wolf howls at the moon" in shown and attachment["filename"] in shown
    assert list(buttons_of(message)) == [
        "🔏 Credentials",
        "🎨 Remix", "🔀 4 variations", "🔁 Loop", "➕ Extend", "🫧 Blend with…",
        "⭐ Favourite", "📁 Save to folder", "📣 Share", "🚩 Report", "🗑️ Delete",
    ]  # fmt: skip


async def test_variations_come_as_one_gallery_to_choose_from(club: Club) -> None:
    asked = await club.asks(club.mei, "a red balloon over a village", variations=2)
    message = await club.place.shows(asked, " · 2: ")
    pictured = re.findall(r"\[(kinora-\w+\.mp4)\]", read_message(message))
    assert sorted(pictured) == sorted(one["filename"] for one in message["attachments"]) and len(pictured) == 2
    opened = await club.place.presses(club.mei, club.channel, message, "2")
    alone = await club.place.shows(opened, "-# Made with Kinora")
    assert alone["flags"] & 64
    assert [one["filename"] for one in alone["attachments"]] == [pictured[1]]


async def test_a_prompt_that_is_refused_is_not_repeated_and_only_its_maker_learns_why(club: Club) -> None:
    asked = await club.asks(club.mei, "a naked woman on a beach")
    message = await club.place.shows(asked, "This one is not made.")
    assert "naked" not in json.dumps(message)
    why = await club.place.presses(club.mei, club.channel, message, "Why?")
    assert "sexual content" in read_message(await club.place.shows(why, "naked woman"))
    stranger = await club.place.presses(club.tom, club.channel, message, "Why?")
    assert "naked" not in read_message(await club.place.shows(stranger, "belongs to somebody else"))
    moderator = await club.place.presses(club.lead, club.channel, message, "Why?")
    await club.place.shows(moderator, "naked woman")


async def test_a_job_is_called_off_by_its_maker_and_by_nobody_else(club: Club) -> None:
    asked = await club.asks(club.mei, "a street fight")
    message = await club.place.shows(asked, "A moderator looks at this first.")
    others = await club.place.presses(club.tom, club.channel, message, "✖️ Cancel")
    await club.place.shows(others, "belongs to somebody else")
    assert "A moderator" in read_message(message)
    await club.place.presses(club.mei, club.channel, message, "✖️ Cancel")
    await club.place.shows(asked, "Called off.")


async def test_a_first_look_stands_on_the_card_while_the_clip_is_drawn_and_goes_with_it(club: Club) -> None:
    vera = club.place.world.add_user("vera")
    await club.place.shows(await club.place.types(vera, club.channel, "credits"), "credits")
    theirs = "SELECT member_id, 'test', 'unlimited', 0 FROM identities WHERE external_id = ?"
    with closing(sqlite3.connect(club.folder / "data" / "kinora.db", timeout=30)) as db, db:  # may ask for more
        db.execute(f"INSERT INTO plan_claims (member_id, source, plan, seen_at) {theirs}", (str(vera.id),))
    asked = await club.asks(vera, "a lighthouse in the rain", seconds=60.0, aspect="16:9", resolution="1080p")
    message = await club.place.shows(asked, "[first-look.jpg] alt: A first look")
    (still,) = message["attachments"]
    assert club.place.world.files[int(still["id"])][:2] == b"\xff\xd8"
    await club.place.presses(vera, club.channel, message, "✖️ Cancel")
    message = await club.place.shows(asked, "Called off.")
    assert message["attachments"] == []


async def test_what_makes_no_sense_is_told_to_its_author_alone(club: Club) -> None:
    asked = await club.asks(club.mei, "…")
    shown = await club.place.shows(asked, "The prompt needs some words")
    assert shown["flags"] & 64
    assert not [one for one in club.channel.messages if one["id"] == str(asked.message_id)]


async def test_chinese_members_are_answered_in_their_chinese(club: Club) -> None:
    yu = club.place.world.add_user("yu", "zh-TW")
    asked = await club.asks(yu, "美麗的白鶴站在小溪中 @everyone <@1> **粗** ```")
    message = await club.place.shows(asked, "由 Kinora 製作")
    shown = read_message(message)
    assert "白鶴" in shown and "再來一支" in shown
    assert "@\u200beveryone" in shown and r"\*\*粗\*\*" in shown


async def test_a_clip_too_large_for_the_server_comes_smaller_and_sealed_again(club: Club) -> None:
    place, clip = club.place, await wolf(club)
    (whole,) = clip["attachments"]
    limit = whole["size"] * 9 // 10
    club.guild.size_limit = limit
    try:
        message = await club.clip_of(club.mei, "a wolf howls at the moon")
    finally:
        club.guild.size_limit = 10 * MIB
    (smaller,) = message["attachments"]
    assert smaller["filename"].endswith(".small.mp4") and smaller["size"] <= limit
    assert "made smaller for this place" in read_message(message)
    content = place.world.files[int(smaller["id"])]
    asked = await place.types(club.tom, club.channel, "verify", file=Upload("x.mp4", content, "video/mp4"))
    await place.shows(asked, "A copy of a clip made here")
    way = await place.shows(await place.presses(club.mei, club.channel, message, "🔗 The whole clip"), "lets you in")
    assert way["flags"] & 64
    enter, page = (one["url"] for one in buttons_of(way).values())
    film = await at_the_pages(club, enter, f"{page}/film.mp4")
    assert len(film) > limit  # the whole of it, and nobody gets in twice
    assert await at_the_pages(club, enter, f"{page}/film.mp4") == b""


async def at_the_pages(club: Club, enter: str, file: str) -> bytes:
    """The file, for who comes in by this link; nothing where it lets nobody in."""
    listens = json.loads((club.folder / "data" / "web.json").read_text())["listens"]
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
        form = {"key": URL(enter).query["key"], "csrf": ""}
        async with browser.post(f"{listens}/enter", data=form, allow_redirects=False) as entered:
            kept = "; ".join(f"{name}={one.value}" for name, one in entered.cookies.items())
        async with browser.get(file.replace(PAGES, listens), headers={"Cookie": kept}, allow_redirects=False) as found:
            return await found.read() if found.content_type == "video/mp4" else b""


async def test_direct_messages_work_like_a_server(club: Club) -> None:
    direct = club.place.world.direct_channel(club.tom)
    asked = await club.place.types(club.tom, direct, "create", prompt="three sailboats on a calm sea", **SMALL)
    await club.place.shows(asked, "-# Made with Kinora")


async def test_an_age_restricted_channel_has_the_same_rules(club: Club) -> None:
    place = club.place
    restricted = place.world.add_channel(club.guild, "adults", is_age_restricted=True)
    asked = await place.types(club.tom, restricted, "create", prompt="a naked woman on a beach", **SMALL)
    await place.shows(asked, "This one is not made.")


async def test_who_asks_for_more_than_their_turn_is_told_kindly(club: Club) -> None:
    place, ed = club.place, club.place.world.add_user("ed")
    channel = place.world.add_channel(club.guild, "busy")
    asked = [await place.types(ed, channel, "create", prompt=f"{n} sailboats at sea", **SMALL) for n in range(2, 10)]
    told = await place.until(
        lambda: [one for found in asked for one in found.private if "jobs may wait at once" in read_message(one)],
        what="a kind answer",
    )
    assert told[0]["flags"] & 64  # in nobody's way
    for found in asked:
        await place.answered(found)
        card = await place.until(lambda found=found: found.private or place.message_of(found), what="a card")
        if isinstance(card, dict) and "✖️ Cancel" in buttons_of(card):
            await place.presses(ed, channel, card, "✖️ Cancel")


async def test_an_outage_of_discord_costs_no_result(club: Club) -> None:
    asked = await club.asks(club.mei, "a wolf howls at the moon")
    club.place.world.fail_next.extend([("GET /webhooks", Unreachable())] * 3)
    await club.place.shows(asked, "-# Made with Kinora")
    assert not club.place.world.fail_next


async def test_nothing_reaches_a_member_that_discord_would_not_take(club: Club) -> None:
    assert club.place.world.refused == []

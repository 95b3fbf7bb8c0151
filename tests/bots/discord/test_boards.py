"""Storyboards built on Discord: by forms, by several people, over restarts; and made in the end."""

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.bots.discord.conftest import Club, id_of, wolf
from tests.bots.discord.test_operating import a_picture
from tests.worlds.discord.people import Upload
from tests.worlds.discord.reading import read_message
from tests.worlds.discord.world import Json, User

pytestmark = pytest.mark.asyncio(loop_scope="package")

WORDS, AT = "What happens", "At which second (empty: after the last card)"


async def new_board(club: Club, user: User) -> Json:
    return await club.place.shows(await club.place.types(user, club.channel, "storyboard"), "No cards yet")


async def add(club: Club, user: User, board: Json, words: str, at: str = "") -> Any:
    form = await club.place.answered(await club.place.presses(user, club.channel, board, "✍️ Add words"))
    return await club.place.sends(form, {WORDS: words, AT: at})


async def says(club: Club, board: Json, *parts: str) -> str:
    await club.place.until(lambda: all(one in read_message(board) for one in parts), what=repr(parts))
    return read_message(board)


async def test_a_board_is_built_of_words_clips_and_files_and_made(club: Club) -> None:
    place, ki = club.place, club.place.world.add_user("ki")
    board = await new_board(club, ki)
    await add(club, ki, board, "a crane stands in a stream")
    await says(club, board, "**1** · 0 s · a crane stands in a stream", "[timeline.png]", "credits")
    form = await place.answered(await place.presses(ki, club.channel, board, "🎞️ Add a clip"))
    await place.sends(form, {"The clip's id": id_of(await wolf(club)), AT: "2", "From second": "0.25"})
    await says(club, board, f"**2** · 2 s · 🎞️ `{id_of(await wolf(club))}` [0.25-]")
    form = await place.answered(await place.presses(ki, club.channel, board, "🖼️ Add a file"))
    await place.sends(form, {"A picture or a film of yours": Upload("cat.png", a_picture()), AT: "4 s"})
    shown = await says(club, board, "**3** · 4 s · 🖼️ a file of theirs")
    assert [one["filename"] for one in board["attachments"]] == ["timeline.png"] and "8 s" in shown

    form = await place.answered(await place.chooses(ki, club.channel, board, _value(board, 0)))
    await place.sends(form, {WORDS: "a crane eats a fish", AT: "4.5"})
    await says(club, board, "**3** · 4.5 s · a crane eats a fish")  # moved behind the others
    form = await place.answered(await place.chooses(ki, club.channel, board, _value(board, 1)))
    await place.sends(form, {"Take this card away?": "yes"})
    shown = await says(club, board, "**2** · 4.5 s")
    assert "a file of theirs" not in shown

    form = await place.answered(await place.presses(ki, club.channel, board, "🎨 Look and length"))
    filled = {"Shape": "1:1", "Seconds in all (empty: as suits the cards)": "4"}
    await place.sends(form, filled)
    await says(club, board, "1:1 · 4 s", "Card 2 comes after the end")  # it stands behind the end, and says so
    form = await place.answered(await place.presses(ki, club.channel, board, "🎨 Look and length"))
    await place.sends(form, {"Seconds in all (empty: as suits the cards)": "5"})
    await says(club, board, "1:1 · 5 s")
    pressed = await place.presses(ki, club.channel, board, "👁️ Preview")
    still = await place.shows(pressed, "Looking is free")
    assert still["flags"] & 64 and [one["filename"] for one in still["attachments"]] == ["preview.jpg"]
    assert f"clip {id_of(await wolf(club))}" in read_message(still) and "a crane eats a fish" in read_message(still)
    made = await place.answered(await place.presses(ki, club.channel, board, "🎬 Make it"))
    job = await place.until(lambda: (place.message_of(made) or {}).get("components"), what="the card of the job")
    assert job
    with closing(sqlite3.connect(club.folder / "data" / "kinora.db")) as db:
        briefs = [json.loads(brief) for (brief,) in db.execute("SELECT brief FROM jobs")]
    (brief,) = [one for one in briefs if one["operation"] == "storyboard"]
    assert [card["at"] for card in brief["cards"]] == [2.0, 4.5] and brief["look"]["aspect"] == "1:1"
    message = place.message_of(made)
    assert message is not None
    await place.presses(ki, club.channel, message, "✖️ Cancel")


def _value(board: Json, number: int) -> str:
    menus = [
        one for row in board["components"][0]["components"] for one in row.get("components", ()) if one["type"] == 3
    ]
    return str(menus[0]["options"][number]["value"])


async def test_others_build_along_only_while_its_owner_lets_them(club: Club) -> None:
    place, ki, lo = club.place, club.place.world.add_user("ki 2"), club.place.world.add_user("lo")
    board = await new_board(club, ki)
    alone = await add(club, lo, board, "a wolf howls")
    assert (await place.shows(alone, "builds it alone"))["flags"] & 64
    stranger = await place.presses(lo, club.channel, board, "👥 Build together")
    await place.shows(stranger, "Only whoever began")
    await place.presses(ki, club.channel, board, "👥 Build together")
    await says(club, board, "Others here may build")
    await add(club, lo, board, "a wolf howls")
    await says(club, board, "a wolf howls")
    form = await place.answered(await place.presses(lo, club.channel, board, "🖼️ Add a file"))
    sent = await place.sends(form, {"A picture or a film of yours": Upload("cat.png", a_picture())})
    await place.shows(sent, "may put files on it")
    await place.shows(await place.presses(lo, club.channel, board, "🎬 Make it"), "Only whoever began")
    await place.shows(await place.presses(lo, club.channel, board, "🗑️ Delete"), "Only whoever began")
    await place.presses(ki, club.channel, board, "🗑️ Delete")
    await says(club, board, "was thrown away")


async def test_words_are_checked_before_anybody_reads_them(club: Club) -> None:
    place, ki = club.place, club.place.world.add_user("ki 3")
    board = await new_board(club, ki)
    refused = await add(club, ki, board, "a naked woman on a beach")
    assert (await place.shows(refused, "break the rules"))["flags"] & 64
    await add(club, ki, board, "a street fight")
    shown = await says(club, board, "(words that a moderator reads first)")
    assert "fight" not in shown and "naked" not in shown
    wrong = await add(club, ki, board, "it rains", "soon")
    await place.shows(wrong, "must be from 0")
    twice = await add(club, ki, board, "it rains", "0")
    await place.shows(twice, "at the same time")


async def test_a_board_comes_back_by_its_id(club: Club) -> None:
    place, ki = club.place, club.place.world.add_user("ki 4")
    board = await new_board(club, ki)
    await add(club, ki, board, "a lighthouse in the rain")
    await says(club, board, "lighthouse")
    (offered,) = await place.offered(ki, club.channel, "storyboard", "board", "")
    assert "a lighthouse" in offered["name"]
    again = await place.types(ki, club.channel, "storyboard", board=offered["value"])
    await place.shows(again, "a lighthouse in the rain")
    elsewhere = place.world.direct_channel(ki)
    missing = await place.types(ki, elsewhere, "storyboard", board=offered["value"])
    await place.shows(missing, "no storyboard")


async def test_discord_took_every_request(club: Club) -> None:
    assert club.place.world.refused == []

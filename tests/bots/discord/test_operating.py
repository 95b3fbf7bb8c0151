"""Clips made from clips on Discord: buttons, forms, commands, the menu of a message. Each press is judged anew."""

import json
import sqlite3
from contextlib import closing
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.bots.discord.conftest import Club, id_of, wolf
from tests.worlds.discord.people import Upload
from tests.worlds.discord.reading import read_message
from tests.worlds.discord.world import Interaction, Json

pytestmark = pytest.mark.asyncio(loop_scope="package")

PICTURE = "A picture that is to move"


def a_picture() -> bytes:
    file = BytesIO()
    Image.linear_gradient("L").convert("RGB").save(file, "PNG")
    return file.getvalue()


async def brief_behind(club: Club, asked: Interaction) -> dict[str, Any]:
    """What was taken down for this interaction, which is then called off: it need not be drawn."""
    message = await club.place.until(lambda: _with_cancel(club, asked), what="the card")
    with closing(sqlite3.connect(club.folder / "data" / "kinora.db")) as db:
        rows = db.execute("SELECT brief, origin FROM jobs").fetchall()
    (brief,) = [b for b, origin in rows if json.loads(origin)["address"].get("message") == int(message["id"])]
    await club.place.presses(asked.user, asked.channel, message, "✖️ Cancel")
    found: dict[str, Any] = json.loads(brief)
    return found


def _with_cancel(club: Club, asked: Interaction) -> Json | None:
    message = club.place.message_of(asked)
    return message if message is not None and "Cancel" in read_message(message) else None


async def test_a_remix_answers_the_old_clip_and_names_its_maker(club: Club) -> None:
    place, old = club.place, await wolf(club)
    form = await place.answered(await place.presses(club.tom, club.channel, old, "🎨 Remix"))
    filled = {"What is to be different": "at night, in the snow", "How much may change": "subtle"}
    remix = await place.shows(await place.sends(form, filled), "-# Made with Kinora")
    shown = read_message(remix)
    assert f"Made from {id_of(old)} by <@{club.mei.id}>" in shown and "in the snow" in shown
    pressed = await place.chooses(club.tom, club.channel, remix, "tree")
    tree = await place.shows(pressed, f"`{id_of(remix)}`")
    assert f"- `{id_of(old)}` · By <@{club.mei.id}>" in read_message(tree)
    assert tree["attachments"][0]["filename"] == "tree.png"
    club.made["remix"] = remix
    shown = await place.shows(await place.presses(club.tom, club.channel, remix, "🔏 Credentials"), "SHA-256")
    assert f"↳ {id_of(old)}" in read_message(shown) and shown["attachments"][0]["filename"] == "tree.png"


async def test_a_name_for_the_credentials_is_asked_for_and_taken_back(club: Club) -> None:
    place = club.place
    asked = await place.types(club.tom, club.channel, "privacy")
    card = await place.shows(asked, "signed without a name")
    for typed, said in (("Tom *T*", "with the name Tom"), ("", "without a name")):
        form = await place.answered(await place.presses(club.tom, club.channel, card, "🪪 My name in the credentials"))
        await place.sends(form, {"Name, or nothing": typed})
        card = await place.shows(asked, said)


async def test_loop_extend_and_recut_go_on_with_the_clip(club: Club) -> None:
    place, old = club.place, await wolf(club)
    clip = id_of(old)
    looped = await brief_behind(club, await place.presses(club.tom, club.channel, old, "🔁 Loop"))
    assert (looped["operation"], looped["sources"][0]["clip_id"]) == ("loop", clip)
    form = await place.answered(await place.presses(club.tom, club.channel, old, "➕ Extend"))
    sent = await place.sends(form, {"Seconds to add at the end": "2 s", "What happens there, if you like": "it runs"})
    longer = await brief_behind(club, sent)
    assert (longer["operation"], longer["after"], longer["prompt"]) == ("recut", 2.0, "it runs")
    assert longer["look"]["seconds"] == 3.0
    form = await place.answered(await place.chooses(club.tom, club.channel, old, "recut"))
    sent = await place.sends(form, {"From second": "0.25", "To second (empty: to the end)": "soon"})
    assert (await place.shows(sent, "must be from 0"))["flags"] & 64
    typed = await place.types(club.tom, club.channel, "recut", clip=clip, start=0.25, end=1.0, before=1.0)
    cut = await brief_behind(club, typed)
    assert (cut["sources"][0]["start"], cut["before"]) == (0.25, 1.0)


async def test_two_clips_are_blended_by_choosing_the_other(club: Club) -> None:
    place, old = club.place, await wolf(club)
    mine = await place.shows(await place.types(club.tom, club.channel, "library"), "`")
    other = mine["components"][0]["components"][2]["content"].split("`")[1]
    card = await place.shows(await place.presses(club.tom, club.channel, old, "🫧 Blend with…"), "with which clip")
    blended = await brief_behind(club, await place.chooses(club.tom, club.channel, card, other))
    assert [one["clip_id"] for one in blended["sources"]] == [id_of(old), other]
    form = await place.answered(await place.presses(club.tom, club.channel, card, "🔎 Another one, by its id"))
    sent = await place.sends(form, {"The other clip's id": other.upper(), "How one becomes the other": "mix"})
    assert (await brief_behind(club, sent))["blend"]["mode"] == "mix"


async def test_commands_say_the_same_and_offer_clips_while_somebody_types(club: Club) -> None:
    place, clip = club.place, id_of(await wolf(club))
    (offered, *_) = await place.offered(club.mei, club.channel, "loop", "clip", "wolf")
    assert offered["name"].startswith(offered["value"]) and "wolf" in offered["name"]
    assert await place.offered(club.place.world.add_user("new"), club.channel, "loop", "clip", "") == []
    strong = await place.types(club.tom, club.channel, "remix", clip=clip, change="as a fox", strength="strong")
    assert (await brief_behind(club, strong))["strength"] == 0.8
    around = await place.types(club.place.world.add_user("an"), club.channel, "views", clip=clip)
    assert (await brief_behind(club, around))["views"] == 3
    slow = await place.types(club.mei, club.channel, "loop", clip=clip, join="long")
    assert (await brief_behind(club, slow))["join"] == 4
    scene = await place.types(
        club.place.world.add_user("lu"), club.channel, "views", prompt="a crane in a stream", number=4
    )
    assert (await brief_behind(club, scene))["views"] == 4
    neither = await place.types(club.tom, club.channel, "views")
    await place.shows(neither, "one of the two")


async def test_what_its_maker_lets_nobody_remix_is_remixed_by_nobody(club: Club) -> None:
    place = club.place
    yu = place.world.add_user("yu")
    elsewhere = place.world.add_channel(place.world.add_guild(yu))
    typed = await place.types(yu, elsewhere, "remix", clip=id_of(await wolf(club)), change="at night")
    assert (await place.shows(typed, "There is no clip"))["flags"] & 64


async def test_a_clip_is_kept_in_a_folder(club: Club) -> None:
    place, mine = club.place, await wolf(club)
    card = await place.shows(await place.presses(club.mei, club.channel, mine, "📁 Save to folder"), "Where to keep")
    form = await place.answered(await place.presses(club.mei, club.channel, card, "➕ A new folder"))
    await place.shows(await place.sends(form, {"Its name": "wolves 狼"}), "lies in “wolves 狼” now")
    card = await place.shows(await place.presses(club.mei, club.channel, mine, "📁 Save to folder"), "Clips in it: 1")
    await place.shows(await place.chooses(club.mei, club.channel, card, "wolves 狼"), "lies in “wolves 狼” now")
    stranger = place.world.add_user("stranger")  # others may have it among their favourites by now
    asked = await place.presses(stranger, club.channel, mine, "📁 Save to folder")
    form = await place.answered(
        await place.presses(stranger, club.channel, await _card(club, asked), "➕ A new folder")
    )
    await place.shows(await place.sends(form, {"Its name": "stolen"}), "in your library")


async def _card(club: Club, asked: Interaction) -> Json:
    return await club.place.shows(asked, "Where to keep")


async def test_credentials_are_read_back_from_the_file_and_verify_knows_it(club: Club) -> None:
    place, old = club.place, await wolf(club)
    shown = await place.shows(await place.presses(club.tom, club.channel, old, "🔏 Credentials"), "SHA-256")
    assert "Made here, and unchanged." in read_message(shown)
    content = place.world.files[int(old["attachments"][0]["id"])]
    asked = await place.types(club.tom, club.channel, "verify", file=Upload("x.mp4", content, "video/mp4"))
    traced = await place.shows(asked, "Made here, and unchanged.")
    assert f"Clip {id_of(old)}" in read_message(traced) and traced["flags"] & 64
    message = place.world.write_as(club.tom, club.channel, files={"holiday.png": a_picture()})
    asked = await place.picks_in_menu_of(club.mei, club.channel, message, "Was this made here?")
    await place.shows(asked, "No trace of this studio.")


async def test_the_menu_of_a_message_remixes_animates_and_reports(club: Club) -> None:
    place, old = club.place, await wolf(club)
    picked = await place.picks_in_menu_of(club.tom, club.channel, old, "Remix this clip")
    form = await place.answered(picked)
    remixed = await brief_behind(club, await place.sends(form, {"What is to be different": "at dawn"}))
    assert remixed["sources"][0]["clip_id"] == id_of(old)
    theirs = place.world.write_as(club.tom, club.channel, files={"kinora-5k2m9x7a.mp4": b"no clip"})
    reported = await place.picks_in_menu_of(club.mei, club.channel, theirs, "Report clip")
    await place.shows(reported, "no clip of Kinora in this message")
    form = await place.answered(await place.picks_in_menu_of(club.tom, club.channel, old, "Report clip"))
    assert form.modal is not None and form.modal["custom_id"].endswith(id_of(old))
    picture = place.world.write_as(club.tom, club.channel, files={"cat.png": a_picture()})
    asked = await place.picks_in_menu_of(club.mei, club.channel, picture, "Animate this image")
    held = await place.shows(asked, "A moderator looks at this first")  # whatever members bring
    await place.presses(club.mei, club.channel, held, "✖️ Cancel")
    asked = await place.picks_in_menu_of(club.mei, club.channel, picture, "Remix this clip")
    card = await place.shows(asked, "The file is here")
    form = await place.answered(await place.presses(club.mei, club.channel, card, "🎨 Remix"))
    remixed = await brief_behind(club, await place.sends(form, {"What is to be different": "at dawn"}))
    assert remixed["sources"][0]["kind"] == "upload"


async def test_what_is_no_picture_is_told_kindly(club: Club) -> None:
    place = club.place
    note = place.world.write_as(club.tom, club.channel, "only words")
    await place.shows(await place.picks_in_menu_of(club.mei, club.channel, note, "Animate this image"), "no picture in")
    broken = Upload("cat.png", b"not a picture at all")
    asked = await place.types(club.mei, club.channel, "create", prompt="it purrs", image=broken)
    assert (await place.shows(asked, "neither an image nor a video"))["flags"] & 64


async def test_discord_took_every_request(club: Club) -> None:
    assert club.place.world.refused == []

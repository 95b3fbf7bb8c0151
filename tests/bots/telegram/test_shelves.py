"""Folders and presets: kept with a press and an answer, used with another, and nobody else's."""

import pytest

from bots.telegram.presets import read_preset
from engine.errors import StudioError
from engine.presets import PresetContent
from tests.bots.telegram.conftest import SMALL, Club
from tests.worlds.telegram.reading import buttons_of, read_message
from tests.worlds.telegram.world import Json

pytestmark = pytest.mark.asyncio(loop_scope="package")


def id_of(message: Json) -> str:
    return next(one.split(" ")[0].strip("_") for one in read_message(message).splitlines() if "480×480 · " in one)


async def test_a_clip_is_kept_in_a_new_folder_found_there_and_taken_out(club: Club) -> None:
    place, private = club.place, club.private(club.mei)
    clip = await club.clip_of(club.mei, "a fox in the snow")
    place.presses(club.mei, private, clip, "⋯ More")
    await place.until(lambda: "📁 Folder" in str(buttons_of(private.messages[clip["message_id"]])), what="the buttons")
    place.presses(club.mei, private, clip, "📁")
    choosing = await place.shows(private, "Where to keep", after=clip)
    place.presses(club.mei, private, choosing, "➕")
    question = await place.shows(private, "the new folder's name", after=choosing)
    answer = place.says(club.mei, private, "foxes 狐狸 @x", to=question)
    await place.shows(private, "lies in “foxes 狐狸", after=answer)
    twice = place.says(club.mei, private, "foxes 狐狸 @x", to=question)
    await place.shows(private, "There is a folder", after=twice)

    asked = place.says(club.mei, private, "/folders")
    listed = await place.shows(private, "Folders", after=asked)
    place.presses(club.mei, private, listed, "foxes")
    inside = await place.shows(private, id_of(clip), after=listed)
    assert "photo" in inside and "📁 foxes" in read_message(inside)
    data = buttons_of(listed)[next(one for one in buttons_of(listed) if "foxes" in one)]["callback_data"]
    stolen = place.presses_data(club.tom, private, listed, data)
    assert "another version" in await place.answered(stolen), "nobody else's folders can be looked into"

    place.presses(club.mei, private, inside, "✏️")
    question = await place.shows(private, "the new name for", after=inside)
    answer = place.says(club.mei, private, "vixens 雌狐", to=question)
    await place.shows(private, "is now “vixens", after=answer)
    gone = place.says(club.mei, private, "/folders")
    assert "foxes" not in read_message(await place.shows(private, "vixens", after=gone))
    theirs = place.presses_data(
        club.tom, club.private(club.tom), inside, buttons_of(inside)["✏️ Rename it"]["callback_data"]
    )
    assert "another version" in await place.answered(theirs)

    place.presses_data(club.mei, private, clip, f"k1:folder:{id_of(clip)}")
    choosing = await place.shows(private, "Where to keep", after=answer)
    assert any(label.endswith("✓") for label in buttons_of(choosing))
    assert "In no folder" in await place.answered(place.presses(club.mei, private, choosing, "↩️"))
    place.presses(club.mei, private, inside, "🗑")
    await place.shows(private, "No folders yet", after=choosing)
    strangers = place.presses_data(club.tom, club.private(club.tom), clip, f"k1:folder:{id_of(clip)}")
    assert "not in your library" in await place.answered(strangers)


async def test_a_preset_is_made_used_once_used_by_itself_and_removed(club: Club) -> None:
    place, private = club.place, club.private(club.tom)
    asked = place.says(club.tom, private, "/presets")
    empty = await place.shows(private, "No presets yet", after=asked)
    place.presses(club.tom, private, empty, "➕")
    question = await place.shows(private, "up to three lines", after=empty)
    nothing = place.says(club.tom, private, "empty", to=question)
    await place.shows(private, "The preset says nothing", after=nothing)
    answer = place.says(club.tom, private, "Night\nfilm noir\nunder the stars 1:1 1s", to=question)
    await place.shows(private, "Saved as “Night”", after=answer)

    asked = place.says(club.tom, private, "/presets")
    listed = await place.shows(private, "Night – film noir · under the stars · 1:1 · 1 s", after=asked)
    place.presses(club.tom, private, listed, "1")
    await place.until(lambda: "Make a clip with it" in str(private.messages[listed["message_id"]]), what="the preset")
    place.presses(club.tom, private, listed, "🎬")
    question = await place.shows(private, "what do you want to see", after=listed)
    answer = place.says(club.tom, private, "an owl on a branch", to=question)
    assert "an owl on a branch, under the stars" in read_message(await place.clip(private, after=answer))

    assert "is used where nothing" in await place.answered(place.presses(club.tom, private, listed, "✅"))
    shown = await place.shows(private, "Use none by itself", after=asked)
    said = place.says(club.tom, private, f"a frog {SMALL}")
    assert "a frog, under the stars" in read_message(await place.clip(private, after=said))
    place.presses(club.tom, private, shown, "1")
    await place.until(lambda: "🗑 Remove" in buttons_of(private.messages[listed["message_id"]]), what="the preset")
    about = buttons_of(private.messages[listed["message_id"]])["🗑 Remove"]["callback_data"]
    assert "another version" in await place.answered(place.presses_data(club.mei, private, shown, about))
    assert "is removed" in await place.answered(place.presses(club.tom, private, shown, "🗑"))


async def test_presets_asked_for_in_a_group_come_to_the_private_chat(club: Club) -> None:
    asked = club.place.says(club.mei, club.group, "/presets")
    await club.place.shows(club.private(club.mei), "Presets", after=asked)


@pytest.mark.parametrize(
    ("text", "name", "content"),
    [
        ("Noir\nfilm noir", "Noir", PresetContent(style="film noir")),
        ("Noir\n-\nat night", "Noir", PresetContent(words="at night")),
        ("Noir\n—\nat night\nin rain 9:16", "Noir", PresetContent(words="at night in rain", aspect="9:16")),
        ("高 9:16 5s", "高", PresetContent(aspect="9:16", seconds=5.0)),
        ("\n 夜 \n\n 水墨 \n", "夜", PresetContent(style="水墨")),
    ],
)
async def test_lines_are_a_preset(text: str, name: str, content: PresetContent) -> None:
    assert read_preset(text) == (name, content)


@pytest.mark.parametrize("text", ["", "\n", "Noir", "Noir\n-"])
async def test_lines_that_say_nothing_are_none(text: str) -> None:
    with pytest.raises(StudioError, match="preset"):
        read_preset(text)

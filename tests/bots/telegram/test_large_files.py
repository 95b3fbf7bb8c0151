"""Clips larger than Telegram takes: made smaller and sealed again, or handed to a Bot API server of one's own whole."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bots.telegram.films import BLANK
from tests.bots.telegram.conftest import Club, furnished
from tests.bots.telegram.test_shelves import id_of
from tests.worlds.telegram.people import local_telegram
from tests.worlds.telegram.reading import buttons_of, read_message
from tests.worlds.telegram.starting import kinora_run
from tests.worlds.telegram.world import Json

pytestmark = pytest.mark.asyncio(loop_scope="package")

LIMIT_MB = 0.1  # stands for Telegram's 50: what is done about a larger clip is the same
LARGE = "a snowstorm over a busy street market 1:1 3s"


def content_of(club: Club, clip: Json) -> bytes:
    return club.place.world.files[clip["video"]["file_id"]].content


async def traced(club: Club, content: bytes) -> str:
    """What `/verify` says of a file."""
    private = club.private(club.tom)
    asked = club.place.sends_file(club.tom, private, "document", content, "/verify")
    return read_message(await club.place.shows(private, "ade here", after=asked))


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def small_door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Club]:
    """A Telegram that takes only small files, and a studio with pages."""
    folder = tmp_path_factory.mktemp("small")
    async with local_telegram() as place:
        place.world.up = int(LIMIT_MB * 1024 * 1024)
        club = furnished(place, folder)
        # and every clip gets a first look, however soon it is done
        told = {
            "fleet__first_look_after": "0.0",
            "plans__own": '{"free": {"seconds": 20.0}}',
            "telegram__largest_mb": str(LIMIT_MB),
            "web__public_url": "https://kinora.example",
        }
        async with kinora_run(place, folder, **told):
            yield club
        assert [one for one in place.world.refused if "Too Large" in one] == []
        assert place.world.troubles == []


async def test_a_clip_that_is_too_large_comes_smaller_sealed_again_and_is_known_again(small_door: Club) -> None:
    club, place = small_door, small_door.place
    private = club.private(club.mei)
    clip = await place.clip(private, after=place.says(club.mei, private, LARGE))
    said = read_message(clip)
    assert "made smaller for this place and sealed again" in said
    content = content_of(club, clip)
    assert len(content) <= place.world.up
    changes = [one["media"]["type"] for _, method, one in place.world.calls
               if method == "editMessageMedia" and one["message_id"] == clip["message_id"]]  # fmt: skip
    assert changes in (["photo", "video"], ["video"]), "a first look stood there, unless it was drawn too soon for one"
    assert id_of(clip) in await traced(club, content), "its credentials say which clip it is a copy of"
    bare = content.replace(b"c2pa", b"cxpa").replace(b"jumb", b"jxmb")
    assert id_of(clip) in await traced(club, bare), "and so do its pixels, without them"

    place.presses(club.mei, private, clip, "⋯ More")
    await place.until(lambda: "📄 As a file" in buttons_of(private.messages[clip["message_id"]]), what="the buttons")
    place.presses(club.mei, private, clip, "📄 As a file")
    way = await place.shows(private, "at the studio it is whole", after=clip)
    links = [one["url"] for one in buttons_of(way).values()]
    assert links[0].startswith("https://kinora.example/enter?key=")
    assert links[1] == f"https://kinora.example/clips/{id_of(clip)}"

    uploads = len(place.world.files)
    asked = place.says(club.mei, private, f"/show {id_of(clip)}")
    again = await place.clip(private, after=asked)
    assert "made smaller" in read_message(again) and len(place.world.files) == uploads


async def test_a_way_into_the_studio_stands_in_no_group(small_door: Club) -> None:
    club, place = small_door, small_door.place
    (mine,) = [one for one in place.messages(club.private(club.mei)) if "made smaller" in read_message(one)][:1]
    asked = place.says(club.mei, club.group, f"/show {id_of(mine)}")
    clip = await place.clip(club.group, after=asked)
    link = await place.answered(place.presses_data(club.mei, club.group, clip, f"k1:file:{id_of(clip)}"))
    assert link.endswith(f"?start=file_{id_of(clip)}")
    opened = place.opens(club.mei, link)
    await place.shows(club.private(club.mei), "at the studio it is whole", after=opened)
    assert not any("enter?key" in str(one) for one in place.messages(club.group))


async def test_a_first_look_goes_with_what_is_called_off(small_door: Club) -> None:
    club, place, private = small_door, small_door.place, small_door.private(small_door.tom)
    asked = place.says(club.tom, private, "a lighthouse in the rain 1:1 15s")  # so long that it can be called off

    def look() -> Json | None:
        found = [one for one in place.messages(private) if "photo" in one]
        return next((one for one in found if "a lighthouse in the rain" in read_message(one)), None)

    seen = dict(await place.until(look, what="a first look"))
    place.presses(club.tom, private, seen, "✖️")
    gone = await place.shows(private, "Called off", after=asked)
    assert gone["message_id"] == seen["message_id"]
    assert place.world.files[gone["photo"][0]["file_id"]].content == BLANK


async def test_a_server_of_ones_own_is_told_where_the_whole_clip_lies(tmp_path: Path) -> None:
    async with local_telegram() as place:
        world = place.world
        world.own_server, world.up, world.folder = True, 1, tmp_path / "server"
        world.folder.mkdir()
        club = furnished(place, tmp_path)
        async with kinora_run(place, tmp_path, telegram__own_server="true", telegram__shares_files="true"):
            clip = await club.clip_of(club.mei, "a frog by a pond")
            assert "smaller" not in read_message(clip)
            (film,) = [one for one in world.named if one.suffix == ".mp4"]
            assert all(one.is_relative_to(tmp_path / "data") for one in world.named), "its thumbnail, too"
            assert film.read_bytes() == content_of(club, clip)
            assert id_of(clip) in await traced(club, content_of(club, clip)), "and files come from its folder"
            private = club.private(club.mei)
            place.presses_data(club.mei, private, clip, f"k1:file:{id_of(clip)}")
            sent = await place.shows(private, "[document", after=clip)
            assert world.files[sent["document"]["file_id"]].content == content_of(club, clip)
            assert not list((tmp_path / "data" / "copies").iterdir()), "thumbnails go once they were sent"
        assert world.troubles == []

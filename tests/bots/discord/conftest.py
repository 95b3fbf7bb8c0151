"""One local Discord and one `kinora run` for all these tests: starting them takes longer than most tests do."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from tests.worlds.discord.people import Place, local_discord
from tests.worlds.discord.starting import kinora_run
from tests.worlds.discord.world import MANAGE_SERVER, Channel, Guild, Interaction, Json, User

PAGES = "https://kinora.example"  # where the club's studio is said to have its pages
SMALL = {"seconds": 1.0, "aspect": "1:1"}
ENOUGH = json.dumps({"free": {"monthly": 100_000}})  # who asks in many tests could pay for nothing in the last of them


@dataclass
class Club:
    """A server with its people, and the bot in it."""

    place: Place
    folder: Path
    guild: Guild
    channel: Channel
    mei: User
    tom: User
    lead: User
    case_channel: Channel
    made: dict[str, Json] = field(default_factory=dict)

    async def asks(self, user: User, prompt: str, **options: object) -> Interaction:
        asked = await self.place.types(user, self.channel, "create", prompt=prompt, **(SMALL | options))
        return await self.place.answered(asked)

    async def clip_of(self, user: User, prompt: str, **options: object) -> Json:
        """The message with the finished clip."""
        return await self.place.shows(await self.asks(user, prompt, **options), "-# Made with Kinora")


async def wolf(club: Club) -> Json:
    """A clip of mei's, made once for all tests."""
    if "wolf" not in club.made:
        club.made["wolf"] = await club.clip_of(club.mei, "a wolf howls at the moon")
    return club.made["wolf"]


def id_of(message: Json) -> str:
    name = str(message["attachments"][0]["filename"])
    return name.removeprefix("kinora-").removesuffix(".mp4")


def one_button(custom_id: str) -> Json:
    button = {"type": 2, "style": 2, "label": "?", "custom_id": custom_id}
    return {"components": [{"type": 1, "components": [button]}]}


def furnished(place: Place, folder: Path) -> Club:
    world = place.world
    mei, tom = world.add_user("mei"), world.add_user("tom")
    lead = world.add_user("ada", permissions=MANAGE_SERVER)
    guild = world.add_guild(lead)
    case_channel = world.add_channel(guild, "cases", is_closed=True)
    return Club(place, folder, guild, world.add_channel(guild), mei, tom, lead, case_channel)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def club(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Club]:
    folder = tmp_path_factory.mktemp("club")
    async with local_discord() as place:
        furnishing = furnished(place, folder)
        async with kinora_run(place, folder, web__public_url=PAGES, fleet__first_look_after="0", plans__own=ENOUGH):
            yield furnishing
        assert place.world.troubles == []
        assert place.rest.too_many == 0

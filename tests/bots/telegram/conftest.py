"""One local Telegram and one `kinora run` for all these tests: starting them takes longer than most tests do."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tests.worlds.telegram.people import Place, local_telegram
from tests.worlds.telegram.starting import kinora_run
from tests.worlds.telegram.world import Chat, Json, User

SMALL = "1:1 1s"  # the quickest clip there is
# Else who asks in many tests can pay for nothing in the last of them, and a case that is waited for never comes.
ENOUGH = json.dumps({"free": {"monthly": 100_000, "waiting": 100}})
# What Telegram refuses because of what people do in these tests: they block, put out, delete and hide.
PEOPLES_DOING = (
    *("bot was blocked by the user", "bot was kicked", "can't initiate conversation with a user"),
    *("message to edit not found", "upgraded to a supergroup chat", "chat not found", "administrator"),
    *("not modified", "not enough rights"),
)


@dataclass
class Club:
    """Some people with their private chats, and a group that they are in with the bot."""

    place: Place
    folder: Path
    group: Chat
    mei: User
    tom: User
    ada: User  # the group is hers

    def private(self, user: User) -> Chat:
        return self.place.world.private(user)

    async def clip_of(self, user: User, prompt: str) -> Json:
        """The message that became the clip, in the private chat."""
        asked = self.place.says(user, self.private(user), f"{prompt} {SMALL}")
        return await self.place.clip(self.private(user), after=asked)


def furnished(place: Place, folder: Path) -> Club:
    world = place.world
    mei, tom, ada = world.add_user("mei"), world.add_user("tom"), world.add_user("ada")
    return Club(place, folder, world.add_group(ada, mei, tom), mei, tom, ada)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def club(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Club]:
    folder = tmp_path_factory.mktemp("club")
    async with local_telegram() as place:
        furnishing = furnished(place, folder)
        async with kinora_run(place, folder, plans__own=ENOUGH):
            yield furnishing
        assert place.world.troubles == []
        assert place.world.flood.too_many == 0
        assert unprovoked(place.world.refused) == []


def unprovoked(refused: list[str]) -> list[str]:
    """What Telegram would not take of the bot although nobody had done anything."""
    return [one for one in refused if not any(words in one for words in PEOPLES_DOING)]

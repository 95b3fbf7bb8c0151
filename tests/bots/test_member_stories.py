"""The same members' stories on every chat platform, in one `kinora run` that speaks all of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio

from tests.bots.discord import conftest as on_discord
from tests.bots.member_stories import STORIES, Seen, Stage, Story
from tests.bots.telegram import conftest as on_telegram
from tests.worlds.discord.people import local_discord
from tests.worlds.discord.reading import buttons_of as discord_buttons
from tests.worlds.discord.reading import menus_of
from tests.worlds.discord.reading import read_message as read_discord
from tests.worlds.discord.starting import kinora_run
from tests.worlds.telegram.people import local_telegram
from tests.worlds.telegram.reading import buttons_of as telegram_buttons
from tests.worlds.telegram.reading import read_message as read_telegram

pytestmark = pytest.mark.asyncio(loop_scope="module")
BUSY = 60.0  # seconds: how soon something is acknowledged is not the subject


@dataclass
class OnDiscord:
    club: on_discord.Club

    async def makes(self, words: str, *, language: str = "en") -> Seen:
        user = self.club.place.world.add_user("yu", "zh-TW") if language != "en" else self.club.mei
        found = await self.club.asks(user, words)
        return self._seen(await self.club.place.shows(found, "Kinora 製作" if language != "en" else "-# Made with"))

    async def asks(self, words: str, *, until: str) -> Seen:
        return self._seen(await self.club.place.shows(await self.club.asks(self.club.mei, words), until))

    async def types(self, command: str, *, until: str) -> Seen:
        club = self.club
        return self._seen(await club.place.shows(await club.place.types(club.mei, club.channel, command), until))

    async def presses(self, seen: Seen, label: str, *, until: str = "") -> Seen:
        club = self.club
        button = next((one for one in discord_buttons(seen.handle) if label in one), None)
        if button is not None:
            pressed = await club.place.presses(club.mei, club.channel, seen.handle, button)
        else:  # it is one of those behind "More…"
            chosen = next(
                option["value"]
                for menu in menus_of(seen.handle)
                for option in menu.get("options", ())
                if label in option["label"]
            )
            pressed = await club.place.chooses(club.mei, club.channel, seen.handle, chosen)
        return self._seen(await club.place.shows(pressed, until))

    async def vouches(self, name: str, *, until: str) -> Seen:
        club = self.club
        typed = await club.place.types(club.lead, club.channel, "vouch", member=club.mei, name=name)
        return self._seen(await club.place.shows(typed, until))

    async def takes_back(self, name: str, *, until: str) -> Seen:
        club = self.club
        return self._seen(
            await club.place.shows(await club.place.types(club.mei, club.channel, "unvouch", name=name), until)
        )

    def stands_publicly(self, words: str) -> bool:
        return any(words in read_discord(one) for one in self.club.place.world.all_messages())

    @staticmethod
    def _seen(message: Any) -> Seen:
        return Seen(read_discord(message), message)


@dataclass
class OnTelegram:
    """In a private chat, where most of it happens; what is refused, in a group, where others would read it."""

    club: on_telegram.Club
    asked: dict[str, Any] = field(default_factory=dict)  # the last that was asked for in the group

    async def makes(self, words: str, *, language: str = "en") -> Seen:
        user = self.club.place.world.add_user("yu", "zh-hant") if language != "en" else self.club.mei
        private = self.club.private(user)
        asked = self.club.place.says(user, private, f"{words} {on_telegram.SMALL}")
        return self._seen(await self.club.place.clip(private, after=asked))

    async def asks(self, words: str, *, until: str) -> Seen:
        typed = f"/create {words} {on_telegram.SMALL}"
        self.asked = self.club.place.says(self.club.mei, self.club.group, typed)
        return self._seen(await self.club.place.shows(self.club.group, until, after=self.asked))

    async def types(self, command: str, *, until: str) -> Seen:
        private = self.club.private(self.club.mei)
        asked = self.club.place.says(self.club.mei, private, f"/{command}")
        return self._seen(await self.club.place.shows(private, until, after=asked))

    async def presses(self, seen: Seen, label: str, *, until: str = "") -> Seen:
        place, mei = self.club.place, self.club.mei
        chat = place.world.chats[seen.handle["chat"]["id"]]
        button = next(one for one in telegram_buttons(seen.handle) if label in one)
        said = await place.answered(place.presses(mei, chat, seen.handle, button))
        if until in said:
            return Seen(said, None)
        if said.startswith("https://"):
            opened = place.opens(mei, said)
            return self._seen(await place.shows(self.club.private(mei), until, after=opened))
        return self._seen(await place.shows(chat, until, after=seen.handle))

    async def vouches(self, name: str, *, until: str) -> Seen:
        said = self.club.place.says(self.club.ada, self.club.group, f"/vouch {name}", to=self.asked)
        return self._seen(await self.club.place.shows(self.club.group, until, after=said))

    async def takes_back(self, name: str, *, until: str) -> Seen:
        said = self.club.place.says(self.club.mei, self.club.group, f"/unvouch {name}")
        return self._seen(await self.club.place.shows(self.club.group, until, after=said))

    def stands_publicly(self, words: str) -> bool:
        mine = self.club.place.messages(self.club.group)
        return any(words in (one.get("text") or one.get("caption") or "") for one in mine)

    @staticmethod
    def _seen(message: Any) -> Seen:
        return Seen(read_telegram(message), dict(message))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stages(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[dict[str, Stage]]:
    folder = tmp_path_factory.mktemp("stages")
    async with local_discord(acknowledge_within=BUSY) as discord, local_telegram() as telegram:
        both = {"telegram__token": telegram.world.token, "telegram__server": telegram.world.base}
        on_both = {
            "discord": OnDiscord(on_discord.furnished(discord, folder)),
            "telegram": OnTelegram(on_telegram.furnished(telegram, folder)),
        }
        async with kinora_run(discord, folder, telegram_hurry=telegram.world.hurry, **both):
            yield on_both
        assert discord.rest.too_many == 0
        assert telegram.world.flood.too_many == 0
        assert discord.world.troubles == telegram.world.troubles == []


@pytest.mark.parametrize("platform", ["discord", "telegram"])
@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
async def test_a_story_goes_the_same_way_everywhere(stages: dict[str, Stage], platform: str, story: Story) -> None:
    await story(stages[platform])

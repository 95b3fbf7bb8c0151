"""The bot's life: updates that come twice, restarts, webhooks, kills while something is delivered."""

import asyncio
import random
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from tests.bots.telegram.conftest import SMALL, Club, furnished
from tests.worlds.telegram.people import Place, local_telegram
from tests.worlds.telegram.reading import buttons_of, read_message
from tests.worlds.telegram.starting import connected, kill, kinora_run, start
from tests.worlds.telegram.world import Json

# The local Telegram of the other files lives in the package's loop, and would stand still while another one runs.
pytestmark = pytest.mark.asyncio(loop_scope="package")


def clips_in(place: Place) -> list[str]:
    """The file of every clip that stands in any message, once for each time it does."""
    return [one["video"]["file_name"] for one in place.world.all_messages() if "video" in one]


async def test_a_token_that_telegram_refuses_ends_the_studio_with_a_sentence(tmp_path: Path) -> None:
    async with local_telegram() as place:
        right, place.world.token = place.world.token, "1:other"
        process = await start(place, tmp_path, telegram__token=right)
        assert await asyncio.wait_for(process.wait(), 60) == 1
    written = (tmp_path / "log.txt").read_text()
    assert "Telegram does not take the token" in written
    assert right not in written


async def test_a_webhook_heeds_its_secret_and_hears_an_update_once(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    hook = f"http://127.0.0.1:{port}/telegram"
    secret = "a-secret-of-some-length"
    async with local_telegram() as place:
        club = furnished(place, tmp_path)
        told = {"telegram__webhook": hook, "telegram__listen": f"127.0.0.1:{port}", "telegram__webhook_secret": secret}
        async with kinora_run(place, tmp_path, **told), aiohttp.ClientSession() as session:
            await place.until(lambda: place.world.webhook.get("url"), what="the webhook")
            private = club.private(club.mei)
            asked = place.says(club.mei, private, f"a wolf howls {SMALL}")
            update = dict(place.world.updates[-1])
            await place.clip(private, after=asked)
            for wrong in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guess"}):
                forged = {**update, "update_id": 1}
                assert (await session.post(hook, json=forged, headers=wrong)).status == 403
            right = {"X-Telegram-Bot-Api-Secret-Token": secret}
            for nonsense in (b"", b"[]", b"{}", b'{"update_id": "x"}', b"\xff"):
                assert (await session.post(hook, data=nonsense, headers=right)).status == 400
            assert (await session.post(hook, json=update, headers=right)).status == 200
            asked = place.says(club.mei, private, "/help")
            await place.shows(private, "/storyboard", after=asked)
            assert len(clips_in(place)) == 1
            assert len(place.messages(private)) == 2
        assert place.world.flood.too_many == 0


# -- kills ---------------------------------------------------------------------------------------------------------


def killing_after(
    place: Place, method: str, die: Callable[[], Awaitable[None]], *, when: Callable[[Json], bool]
) -> list[str]:
    """Kill as soon as Telegram has done this and before it answers."""
    killed: list[str] = []

    async def when_done(done: str, params: Json) -> None:
        if done == method and not killed and when(params):
            killed.append(done)
            await die()

    place.world.when_done = when_done
    return killed


def is_no_first_look(params: Json) -> bool:
    return not isinstance(params.get("media"), dict) or params["media"]["type"] == "video"


async def died_after(club: Club, method: str, asks: str) -> Json:
    """Ask for it, and have Kinora die when Telegram has done this. Answers with what was said."""
    place = club.place
    process = await start(place, club.folder)
    await connected(place, process, club.folder)
    killed = killing_after(place, method, lambda: kill(process), when=is_no_first_look)
    said = place.says(club.mei, club.private(club.mei), asks)
    await place.until(lambda: killed, what="the kill")
    return said


async def is_at_rest(club: Club) -> None:
    """What came too late would have come."""
    asked = club.place.says(club.tom, club.private(club.tom), "/help")
    await club.place.shows(club.private(club.tom), "/storyboard", after=asked)
    await asyncio.sleep(2.0)


async def test_what_is_delivered_and_pressed_outlives_deaths_in_the_middle_of_it(tmp_path: Path) -> None:
    """A result, then an album; and the buttons, questions and boards that are left when nobody is there.

    In one test, as each start of Kinora takes longer than most tests do: every death is followed by the next start.
    """
    async with local_telegram() as place:
        club = furnished(place, tmp_path)
        private = club.private(club.mei)

        asked = await died_after(club, "editMessageMedia", f"a wolf howls at the moon {SMALL}")
        assert len(clips_in(place)) == 1, "it was done, and nobody was there to hear of it"
        async with kinora_run(place, tmp_path):
            clip = await place.clip(private, after=asked)
            await is_at_rest(club)
            assert len(clips_in(place)) == 1

            place.presses(club.mei, private, clip, "✏️ Other words")
            question = await place.shows(private, "the new words for", after=clip)
            said = place.says(club.mei, private, "/storyboard a frog sits by a pond")
            board = await place.shows(private, "Storyboard", after=said)
            # Who kills it between showing a storyboard and noting it has none: it is noted when it knows its price.
            while "⚠️" in await place.answered(place.presses(club.mei, private, board, "🧾")):
                await asyncio.sleep(0.1)
        place.says(club.mei, private, "a fox sleeps in the grass", to=question)  # while nobody is there
        place.says(club.mei, private, "the frog jumps", to=board)

        await died_after(club, "sendMediaGroup", f"a lighthouse in the rain {SMALL} x2")
        async with kinora_run(place, tmp_path):
            await place.until(lambda: len(clips_in(place)) >= 6, what="the album once more, and what was answered")
            assert sum("a fox sleeps" in read_message(one) for one in place.messages(private) if "video" in one) == 1
            await place.shows(private, "2.  2 s  the frog jumps")
            assert "With a star" in await place.answered(place.presses(club.mei, private, clip, "⭐"))
            assert "⭐ Favourite" in buttons_of(clip)
            await is_at_rest(club)
        files = clips_in(place)
        # Nothing makes an album safe to send twice: it is counted, and told to the log.
        assert sorted(map(files.count, set(files))) == [1, 1, 2, 2]
        assert "may stand there twice" in (tmp_path / "log.txt").read_text()
        assert place.world.flood.too_many == 0


@pytest.mark.soak
async def test_a_bot_killed_when_it_begins_to_show_progress_has_delivered_once(tmp_path: Path) -> None:
    async with local_telegram() as place:
        club = furnished(place, tmp_path)
        asked = await died_after(club, "sendMessage", f"a wolf howls at the moon {SMALL}")
        async with kinora_run(place, tmp_path):
            await place.clip(club.private(club.mei), after=asked)
            await is_at_rest(club)
        assert len(clips_in(place)) == 1


async def kills_at_random(folder: Path, *, jobs: int, kills: int, seed: int) -> None:
    """Ask, kill at random moments and start again, until everything is delivered: each clip once."""
    moments = random.Random(seed)
    async with local_telegram() as place:
        world = place.world
        process = await start(place, folder)
        await connected(place, process, folder)
        members = [world.add_user(f"member {number}") for number in range(jobs)]
        per_round, asked = -(-jobs // max(1, kills)), 0
        for _ in range(max(1, kills)):
            for member in members[asked : asked + per_round]:
                place.says(member, world.private(member), f"{1 + asked % 9} sailboats on a calm sea {SMALL}")
                asked += 1
            if kills:
                await asyncio.sleep(moments.uniform(0.0, 4.0))
                await kill(process)
                process = await start(place, folder)
                await connected(place, process, folder)
        try:
            for member in members:
                await place.until(
                    lambda member=member: [one for one in place.messages(world.private(member)) if "video" in one],  # type: ignore[misc]
                    what=f"the clip of {member.name}",
                    within=240 + 10 * jobs,
                )
            await asyncio.sleep(1.0)
        finally:
            await kill(process)
        files = clips_in(place)
        assert len(files) == len(set(files)) == jobs
        assert [one for one in world.refused if "429" in one] == []
        assert world.troubles == []


@pytest.mark.soak
async def test_three_jobs_are_delivered_once_across_two_kills(tmp_path: Path) -> None:
    await kills_at_random(tmp_path, jobs=3, kills=2, seed=5)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
async def test_jobs_are_delivered_once_whenever_the_bot_is_killed(tmp_path: Path, seed: int) -> None:
    await kills_at_random(tmp_path, jobs=3, kills=3, seed=seed)


@pytest.mark.soak
async def test_a_thousand_jobs_are_delivered_once_across_twenty_kills(tmp_path: Path) -> None:
    await kills_at_random(tmp_path, jobs=1_000, kills=20, seed=2)

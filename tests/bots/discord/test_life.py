"""The bot's life: connections that break, restarts, results that come late, kills while something is delivered."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests.bots.discord.conftest import Club, furnished, one_button
from tests.worlds.discord.people import PATIENCE, Place, local_discord
from tests.worlds.discord.reading import read_message
from tests.worlds.discord.starting import connected, kill, kinora_run, start
from tests.worlds.discord.world import (
    ATTACH,
    NONCE_LIVES,
    READ_HISTORY,
    TOKEN_LIVES,
    Channel,
    Interaction,
    Json,
)

# The club's loop: while another one ran, nobody would serve the club's bot, and it would give up.
pytestmark = pytest.mark.asyncio(loop_scope="package")

POSTED = "POST /channels/{id}/messages"
# Processes start and die here, on a machine that may be busy: how soon they acknowledge is not the subject.
BUSY = 60.0  # seconds
# Of many jobs: what waits for longer than an interaction's token lives would come as a message of its own.
ASKED_AT_ONCE = 40
EDITED = "PATCH /webhooks/{id}/{token}/messages/{id}"


def posts_in(channel: Channel) -> list[Json]:
    """Messages of the bot that answer no interaction."""
    return [one for one in channel.messages if not one.get("webhook_id")]


def deliveries_of(place: Place) -> list[str]:
    """The file of every clip that stands in any message, once for each time it does."""
    return [one["filename"] for message in place.world.all_messages() for one in message["attachments"]]


# -- the connection ------------------------------------------------------------------------------------------------


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def clubs(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[list[Club]]:
    """Three servers of one Kinora, each for one test to do with as it likes."""
    folder = tmp_path_factory.mktemp("clubs")
    async with local_discord(heartbeat_every=0.5, acknowledge_within=BUSY) as place:
        found = [furnished(place, folder) for _ in range(3)]
        async with kinora_run(place, folder):
            yield found


async def test_a_broken_connection_is_resumed_and_a_forgotten_session_begun_anew(clubs: list[Club]) -> None:
    club, place = clubs[0], clubs[0].place
    gateway = place.gateway
    await place.until(lambda: gateway.heartbeats >= 3, what="heartbeats")
    await gateway.ask_to_reconnect()
    await place.until(lambda: gateway.resumed == 1, what="a resume")
    gateway.forget_sessions()
    await gateway.cut()
    await place.until(lambda: gateway.identified == 2, what="a new session")
    await place.until(gateway.is_connected.is_set, what="being connected")
    asked = await place.types(club.mei, club.channel, "help")
    await place.shows(asked, "/create")
    before, since = gateway.heartbeats, time.monotonic()
    await club.clip_of(club.mei, "a wolf howls at the moon")
    due = (time.monotonic() - since) / gateway.heartbeat_every
    assert gateway.heartbeats - before >= due / 4  # it goes on beating while a clip is drawn


async def test_a_token_that_discord_refuses_ends_the_studio_with_a_sentence(tmp_path: Path) -> None:
    async with local_discord(acknowledge_within=BUSY) as place:
        right, place.world.token = place.world.token, "MTIz.other.token"
        process = await start(place, tmp_path, discord__token=right)
        assert await asyncio.wait_for(process.wait(), 30) == 1
    written = (tmp_path / "log.txt").read_text()
    assert "Discord does not take the token" in written
    assert right not in written


# -- too late for the interaction ----------------------------------------------------------------------------------


async def test_a_late_result_is_a_message_in_the_channel_or_a_direct_one(clubs: list[Club]) -> None:
    club, place = clubs[1], clubs[1].place
    await club.asks(club.mei, "a wolf howls at the moon")
    place.world.pass_time(TOKEN_LIVES)
    (message,) = await place.until(lambda: posts_in(club.channel), what="the late result")
    assert f"<@{club.mei.id}>, your clip is ready." in read_message(message)
    assert message["attachments"][0]["filename"].endswith(".mp4")

    club.channel.bot_may &= ~ATTACH
    await club.asks(club.tom, "a red balloon over a village")
    place.world.pass_time(TOKEN_LIVES)
    direct = place.world.direct_channel(club.tom)
    (message,) = await place.until(lambda: posts_in(direct), what="the direct message")
    assert "a red balloon" in read_message(message)
    assert len(posts_in(club.channel)) == 1


async def test_a_server_that_sends_the_bot_away_gets_nothing_more_and_its_members_do(clubs: list[Club]) -> None:
    club, place = clubs[2], clubs[2].place
    await club.asks(club.mei, "a wolf howls at the moon")
    await place.gateway.send_away(club.guild)
    place.world.pass_time(TOKEN_LIVES)
    direct = place.world.direct_channel(club.mei)
    (message,) = await place.until(lambda: posts_in(direct), what="the direct message")
    assert "a wolf howls" in read_message(message)
    assert "was removed from server" in (club.folder / "log.txt").read_text()


# -- several processes ---------------------------------------------------------------------------------------------


@pytest.mark.soak
async def test_two_processes_share_the_servers_by_their_shards(tmp_path: Path) -> None:
    async with local_discord(acknowledge_within=BUSY) as place:
        club = furnished(place, tmp_path)
        other = club.guild
        while (other.id >> 22) % 2 == (club.guild.id >> 22) % 2:
            other = place.world.add_guild(club.lead)
        channel = place.world.add_channel(other)
        shards: list[dict[str, str]] = [
            {"discord__shard_count": "2", "discord__shard_ids": f"[{number}]", "web__enabled": "false"}
            for number in range(2)
        ]
        async with kinora_run(place, tmp_path, **shards[0]), kinora_run(place, tmp_path, **shards[1]):
            assert {session.shard for session in place.gateway.sessions.values()} == {(0, 2), (1, 2)}
            here = await club.asks(club.mei, "a wolf howls at the moon")
            there = await place.types(club.tom, channel, "create", prompt="a red balloon", seconds=1.0, aspect="1:1")
            for asked in (here, there):
                await place.shows(asked, "-# Made with Kinora")
        assert place.world.syncs == 1


# -- kills ---------------------------------------------------------------------------------------------------------


def killing_after(place: Place, operation: str, die: Callable[[], Awaitable[None]], *, times: int = 1) -> list[str]:
    """Kill as soon as Discord has done this and before it answers; the list grows with every kill."""
    killed: list[str] = []

    async def when_done(done: str) -> None:
        if done == operation and len(killed) < times and deliveries_of(place):
            killed.append(done)
            await die()

    place.world.when_done = when_done
    return killed


async def test_a_late_result_buttons_and_forms_outlive_a_death_in_the_middle_of_it(tmp_path: Path) -> None:
    """In one test, as each start of Kinora takes longer than most tests do. Commands are told to Discord once."""
    async with local_discord(acknowledge_within=BUSY) as place:
        club = furnished(place, tmp_path)
        club.channel.bot_may &= ~READ_HISTORY  # no look at what was said before: the nonce alone tells
        process = await start(place, tmp_path)
        await connected(place, process, tmp_path)
        message = await club.clip_of(club.mei, "a wolf howls at the moon")
        opened = await place.answered(await place.chooses(club.mei, club.channel, message, "reword"))
        assert place.world.syncs == 1
        killed = killing_after(place, POSTED, lambda: kill(process))
        await club.asks(club.tom, "a lighthouse in the rain")
        place.world.pass_time(TOKEN_LIVES)
        await place.until(lambda: killed, what="the kill")
        before = place.world.requests.count(POSTED)
        async with kinora_run(place, tmp_path):
            await place.until(lambda: place.world.requests.count(POSTED) > before, what="the second attempt")
            assert place.world.syncs == 1
            sent = await place.sends(opened, {"What the clip shows": "a fox howls at the moon"})
            assert "a fox howls" in read_message(await place.shows(sent, "-# Made with Kinora"))
            starred = await place.presses(club.mei, club.channel, message, "⭐ Favourite")
            await place.shows(starred, "With a star")
            stranger = await place.presses(club.tom, club.channel, message, "🗑️ Delete")
            await place.shows(stranger, "was made by somebody else")
            for old in ("k0:cancel:job-5k2m9x7a", "k2:x:y", "k1:dance:5k2m9x7a"):
                pressed = await place.presses_id(club.mei, club.channel, message | one_button(old), old)
                await place.shows(pressed, "another version of Kinora")
        files = deliveries_of(place)
        assert len(files) == len(set(files)) == 3
        assert len(posts_in(club.channel)) == 1
        assert place.rest.too_many == 0


@pytest.mark.soak
@pytest.mark.parametrize(
    ("operation", "late", "asleep"),
    [
        pytest.param(EDITED, False, 0.0, id="edit"),
        pytest.param(POSTED, True, NONCE_LIVES + 1, id="look"),
    ],
)
async def test_a_bot_killed_while_it_delivers_has_delivered_once(
    tmp_path: Path, operation: str, late: bool, asleep: float
) -> None:
    async with local_discord(acknowledge_within=BUSY) as place:
        club = furnished(place, tmp_path)
        if not asleep:
            club.channel.bot_may &= ~READ_HISTORY
        process = await start(place, tmp_path)
        await connected(place, process, tmp_path)
        killed = killing_after(place, operation, lambda: kill(process))
        asked = await club.asks(club.mei, "a wolf howls at the moon")
        if late:
            place.world.pass_time(TOKEN_LIVES)
        await place.until(lambda: killed, what="the kill")
        before = place.world.requests.count(operation)
        place.world.pass_time(asleep)
        async with kinora_run(place, tmp_path):
            if asleep:
                tom = await club.asks(club.tom, "a lighthouse in the rain")  # delivered behind it, in order
                await place.shows(tom, "-# Made with Kinora")
                assert place.world.requests.count(operation) == before
            else:
                await place.until(lambda: place.world.requests.count(operation) > before, what="the second attempt")
            await asyncio.sleep(0.5)
        files = deliveries_of(place)
        assert len(files) == len(set(files)) == (2 if asleep else 1)
        assert not late or len(posts_in(club.channel)) == 1
        assert late or place.message_of(asked) is not None
        assert place.rest.too_many == 0


async def taken_down(place: Place, asked: Interaction) -> None:
    """The card is there: from here on nothing may be lost. What dies before it, its author sees and types again."""
    await place.until(lambda: (place.message_of(asked) or {}).get("components"), what="the card")


async def kills_at_random(folder: Path, *, jobs: int, kills: int, seed: int) -> None:
    """Ask, kill at random moments and start again, until everything is delivered: each clip once."""
    moments = random.Random(seed)
    async with local_discord(acknowledge_within=BUSY) as place:
        club = furnished(place, folder)
        process, starts = await start(place, folder), 1
        await connected(place, process, folder)
        asked: list[Interaction] = []
        per_round = -(-jobs // kills)

        def is_waited_for_by_few() -> bool:
            return len(asked) - len(deliveries_of(place)) < ASKED_AT_ONCE

        while len(asked) < jobs or kills:
            for number in range(min(per_round, jobs - len(asked))):
                await place.until(is_waited_for_by_few, what="what was asked for before")
                user = place.world.add_user(f"member {len(asked)} {number}")
                one = await club.asks(user, f"{len(asked) + 1} sailboats on a calm sea")
                await taken_down(place, one)
                asked.append(one)
            if kills:
                await asyncio.sleep(moments.uniform(0.0, 3.0))
                kills -= 1
                await kill(process)
                process, starts = await start(place, folder), starts + 1
                await connected(place, process, folder)
        try:
            for one in asked:
                await place.shows(one, "-# Made with Kinora", within=2 * PATIENCE + 10 * jobs)
            await asyncio.sleep(1.0)
        finally:
            await kill(process)
        files = deliveries_of(place)
        assert len(files) == len(set(files)) == jobs
        assert posts_in(club.channel) == []
        # A process that was just started does not know what the one before it has spent.
        assert place.rest.too_many <= starts


@pytest.mark.soak
async def test_a_job_is_delivered_once_though_the_bot_is_killed(tmp_path: Path) -> None:
    await kills_at_random(tmp_path, jobs=1, kills=1, seed=4)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
async def test_jobs_are_delivered_once_whenever_the_bot_is_killed(tmp_path: Path, seed: int) -> None:
    await kills_at_random(tmp_path, jobs=3, kills=2, seed=seed)


@pytest.mark.soak
@pytest.mark.parametrize(("jobs", "kills"), [(20, 2), (1_000, 20)])
async def test_many_jobs_are_delivered_once_across_kills(tmp_path: Path, jobs: int, kills: int) -> None:
    await kills_at_random(tmp_path, jobs=jobs, kills=kills, seed=2)

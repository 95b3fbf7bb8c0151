"""Many press at once: each is acknowledged, taken down once and told how it stands; nobody is told to slow down."""

import asyncio

import pytest

from tests.bots.discord.conftest import SMALL, Club
from tests.worlds.discord.world import Interaction

pytestmark = pytest.mark.asyncio(loop_scope="package")

MEMBERS = 25
BUSY = 60.0  # seconds: how soon it is on a quiet machine is for the benchmark to say
ACKNOWLEDGED = "POST /interactions/{id}/{token}/callback"
CARDS = "PATCH /webhooks/{id}/{token}/messages/{id}"


async def test_a_crowd_is_acknowledged_first_and_nobody_is_lost(club: Club) -> None:
    place = club.place
    # In a server of its own: what is held of it is not to stand before the cases of other tests.
    channel = place.world.add_channel(place.world.add_guild(club.lead), "crowd")
    users = [place.world.add_user(f"member {number}") for number in range(MEMBERS)]
    place.world.acknowledge_within, usual = BUSY, place.world.acknowledge_within
    before = len(place.world.requests)

    async def one(number: int) -> Interaction:
        prompt = f"a street fight {number}"  # held: nothing has to be drawn
        return await place.types(users[number], channel, "create", prompt=prompt, **SMALL)

    try:
        pressed = await asyncio.gather(*map(one, range(MEMBERS)))
        await place.until(lambda: all(found.answered for found in pressed), what="acknowledgements")
        done = place.world.requests[before:]
        for found in pressed:
            await place.shows(found, "A moderator looks at this first")
    finally:
        place.world.acknowledge_within = usual
    acknowledged = [number for number, name in enumerate(done) if name == ACKNOWLEDGED]
    assert len(acknowledged) == MEMBERS
    # While anybody waited for an acknowledgement, next to nobody's card was made.
    assert sum(name == CARDS for name in done[: acknowledged[-1]]) <= MEMBERS // 3
    assert len({found.message_id for found in pressed}) == MEMBERS
    assert place.rest.too_many == 0

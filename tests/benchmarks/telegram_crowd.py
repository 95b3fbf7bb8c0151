"""200 members write to the bot within two seconds: how soon is each given a sign, and is any lost?"""

import asyncio
import statistics
import tempfile
from pathlib import Path
from typing import Final

from tests.worlds.telegram.people import Place, local_telegram
from tests.worlds.telegram.starting import kinora_run

MEMBERS: Final = 200
WITHIN: Final = 2.0  # seconds


async def crowd(place: Place) -> list[float]:
    """How long each waited for the first sign: an action or a message in their chat."""
    world = place.world
    users = [world.add_user(f"member {number}") for number in range(MEMBERS)]
    asked: dict[int, float] = {}
    for number, user in enumerate(users):
        await asyncio.sleep(WITHIN / MEMBERS)
        asked[user.id] = world.now()
        place.says(user, world.private(user), f"{1 + number % 9} sailboats on a calm sea 1:1 1s")

    def answered() -> dict[int, float]:
        first: dict[int, float] = {}
        for at, method, params in world.calls:
            if method in ("sendChatAction", "sendMessage") and params.get("chat_id") in asked:
                first.setdefault(params["chat_id"], at)
        return first

    await place.until(lambda: len(answered()) == MEMBERS, what="a sign for everybody", within=120)
    return [at - asked[user] for user, at in answered().items()]


async def measure() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with local_telegram() as place:
            owner = place.world.add_user("owner")
            async with kinora_run(place, Path(folder)):
                asked = place.says(owner, place.world.private(owner), "a wolf 1:1 1s")
                await place.clip(place.world.private(owner), after=asked)  # the workers have loaded what they need
                times = sorted(await crowd(place))
                messages = [chat for chat in place.world.chats.values() if place.messages(chat)]
                told = place.world.flood.too_many
    p99 = times[max(0, round(len(times) * 0.99) - 1)]
    print(f"a sign for {len(times)} of {MEMBERS}, told to slow down {told} times")
    print(f"median {statistics.median(times):.3f} s, p99 {p99:.3f} s, the last after {times[-1]:.3f} s")
    print(f"chats with a message by then: {len(messages)}")


def main() -> None:
    asyncio.run(measure())


if __name__ == "__main__":
    main()

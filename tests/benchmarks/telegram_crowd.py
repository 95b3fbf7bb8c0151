"""Members write to the bot within two seconds: how soon is each given a sign, and is any chat told to slow down?

A third of them in groups of ten, the others in their private chats. `python -m tests.benchmarks.telegram_crowd 60`
"""

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.worlds.telegram.people import Place, local_telegram
from tests.worlds.telegram.starting import kinora_run

MEMBERS: Final = 200
IN_A_GROUP: Final = 10
WITHIN: Final = 2.0  # seconds


async def crowd(place: Place, members: int) -> list[float]:
    """How long each waited for the first sign: in a private chat an action or a message, in a group a reaction."""
    world = place.world
    users = [world.add_user(f"member {number}") for number in range(members)]
    in_groups, in_private = users[: members // 3], users[members // 3 :]
    groups = [world.add_group(*in_groups[at : at + IN_A_GROUP]) for at in range(0, len(in_groups), IN_A_GROUP)]
    spoken = [(user, groups[number // IN_A_GROUP], "/create ") for number, user in enumerate(in_groups)]
    spoken += [(user, world.private(user), "") for user in in_private]
    asked: dict[tuple[int, int | None], float] = {}
    for number, (user, chat, command) in enumerate(spoken):
        await asyncio.sleep(WITHIN / members)
        at = world.now()
        message = place.says(user, chat, f"{command}{1 + number % 9} sailboats on a calm sea 1:1 1s")
        asked[chat.id, message["message_id"] if command else None] = at

    def answered() -> dict[tuple[int, int | None], float]:
        first: dict[tuple[int, int | None], float] = {}
        for at, method, params in world.calls:
            if method in ("sendChatAction", "sendMessage", "setMessageReaction"):
                about = params["message_id"] if method == "setMessageReaction" else None
                if (key := (params.get("chat_id"), about)) in asked:
                    first.setdefault(key, at)
        return first

    await place.until(lambda: len(answered()) == members, what="a sign for everybody", within=120)
    return [at - asked[key] for key, at in answered().items()]


async def measure(members: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with local_telegram(hurry=1.0) as place:
            owner = place.world.add_user("owner")
            async with kinora_run(place, Path(folder)):
                asked = place.says(owner, place.world.private(owner), "a wolf 1:1 1s")
                await place.clip(place.world.private(owner), after=asked)  # the workers have loaded what they need
                times = sorted(await crowd(place, members))
                messages = [chat for chat in place.world.chats.values() if place.messages(chat)]
                told = place.world.flood.too_many
    p99 = times[max(0, round(len(times) * 0.99) - 1)]
    print(f"a sign for {len(times)} of {members}, told to slow down {told} times")
    print(f"median {statistics.median(times):.3f} s, p99 {p99:.3f} s, the last after {times[-1]:.3f} s")
    print(f"chats with a message by then: {len(messages)}")


def main() -> None:
    asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else MEMBERS))


if __name__ == "__main__":
    main()

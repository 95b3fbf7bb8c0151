"""200 members press /create within two seconds: how soon is each acknowledged, and is any lost?"""

import asyncio
import os
import statistics
import tempfile
from pathlib import Path
from typing import Final

import psutil

from tests.worlds.discord.people import Place, local_discord
from tests.worlds.discord.starting import kinora_run
from tests.worlds.discord.world import Channel, Interaction

MEMBERS: Final = 200
WITHIN: Final = 2.0  # seconds


async def crowd(place: Place, channel: Channel) -> list[Interaction]:
    """Everybody's interactions, once all have been acknowledged and taken down, or Discord gave up on them."""
    users = [place.world.add_user(f"member {number}") for number in range(MEMBERS)]

    async def one(number: int) -> Interaction:
        await asyncio.sleep(number * WITHIN / MEMBERS)
        asked = {"prompt": f"{number} sailboats on a calm sea", "seconds": 1.0, "aspect": "1:1"}
        return await place.types(users[number], channel, "create", **asked)

    pressed = await asyncio.gather(*map(one, range(MEMBERS)))
    await asyncio.sleep(3.5)
    await place.until(
        lambda: all(found.answered for found in pressed) or any("10062" in one for one in place.world.refused),
        what="acknowledgements",
    )
    return pressed


def cpu_of(process: asyncio.subprocess.Process) -> float:
    """Seconds that the talking process has worked so far; its workers are others."""
    times = psutil.Process(process.pid).cpu_times()
    return float(times.user + times.system)


async def measure() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with local_discord() as place:
            owner = place.world.add_user("owner")
            channel = place.world.add_channel(place.world.add_guild(owner))
            async with kinora_run(place, Path(folder), web__enabled="false") as process:
                first = await place.types(owner, channel, "create", prompt="a wolf", seconds=1.0)
                await place.shows(first, "-# Made with Kinora")  # the workers have loaded what they need
                before, load = cpu_of(process), os.getloadavg()[0]
                pressed = await crowd(place, channel)
                worked = cpu_of(process) - before
                times = sorted(found.answered_within for found in pressed if found.answered_within is not None)
    if not times:
        print(f"nobody was acknowledged; refused: {place.world.refused[:3]}")
        return
    p99 = times[max(0, round(len(times) * 0.99) - 1)]
    print(f"acknowledged {len(times)} of {len(pressed)}, told to slow down {place.rest.too_many} times")
    print(f"median {statistics.median(times):.3f} s, p99 {p99:.3f} s, the last after {times[-1]:.3f} s")
    print(f"the bot worked {worked:.1f} s on one core meanwhile; load of the machine before: {load:.1f}")
    print(f"requests that were refused: {place.world.refused[:5]}")


def main() -> None:
    asyncio.run(measure())


if __name__ == "__main__":
    main()

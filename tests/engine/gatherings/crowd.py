"""As a program: some of a crowd, in a process of its own, that all want the same thing at the same moment.

join GATHERING NAME...   each asks for a clip there once, and says what came of it
ring                     does again and again what the shift does, until it is killed or told to end
"""

import asyncio
import sys
from pathlib import Path
from typing import cast

from engine import prices
from engine.asking import House
from engine.brief import Brief
from engine.fleet.base import Fleet
from engine.gatherings import Gatherings
from engine.gatherings.joining import Wish
from engine.gatherings.states import Kind
from engine.members import Asker
from engine.plans import shipped
from storage.blobs import Blobs
from storage.database import Database
from storage.errors import CodedError
from tests.engine.gatherings.guests import CHANNEL
from tests.engine.small_studio import url


async def main(folder: Path, what: str, *rest: str) -> None:
    async with await Database.connect(url(folder)) as database:
        fleet = cast(Fleet, None)  # what is done here needs no worker
        room = Gatherings(database, Blobs(folder / "files"), fleet, House(shipped(), prices.shipped()))
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        if what == "join":
            await asyncio.gather(*(_join(room, rest[0], name) for name in rest[1:]))
        else:
            while True:
                for gathering_id in await room.ring():
                    print(gathering_id, flush=True)


async def _join(room: Gatherings, where: str, name: str) -> None:
    asker = Asker(name, "here", "unlimited", "member")
    wish = Wish("and then it snows") if where.startswith(Kind.CHAIN) else Brief(prompt="a lantern")
    try:
        print(name, await room.join(asker, where, wish, CHANNEL), flush=True)
    except CodedError as error:
        print(name, error.code, flush=True)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:]))

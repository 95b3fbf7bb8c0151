"""What the bot posted without an interaction, found again: by a button that stands on nothing else."""

from collections.abc import Iterable
from typing import Any, Final

import discord

LOOKED_AT: Final = 60  # messages of a channel, from the newest back
_BEFORE_MS: Final = 60_000  # clocks differ


async def find_own(
    client: discord.Client, channel: discord.abc.Messageable, custom_id: str, *, since: int
) -> discord.Message | None:
    """A message that was sent, and the bot was killed before that was noted. `since`: in ms."""
    async for found in channel.history(limit=LOOKED_AT):
        if found.created_at.timestamp() * 1000 < since - _BEFORE_MS:
            break
        ours = client.user is not None and found.author.id == client.user.id
        if ours and any(custom_id in one for one in _custom_ids(found.components)):
            return found
    return None


def _custom_ids(components: Iterable[Any]) -> list[str]:
    found = []
    for one in components:
        if isinstance(custom_id := getattr(one, "custom_id", None), str):
            found.append(custom_id)
        found += _custom_ids(getattr(one, "children", ()))
    return found

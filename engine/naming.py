"""The name by which a member asks to be told in the credentials of their clips. Nobody is named who did not ask."""

from typing import Final

from engine.fleet.base import Fleet
from engine.library import check_name, tidy_name
from engine.members import Asker
from storage import choices, members
from storage.database import Database, Transaction

NAME_LIMIT: Final = 60
_KEY: Final = "name_in_credentials"  # in a member's settings


class Naming:
    def __init__(self, database: Database, fleet: Fleet) -> None:
        self._database = database
        self._fleet = fleet

    async def name(self, asker: Asker) -> str | None:
        async with self._database.reading() as tx:
            return await told_as(tx, asker.member_id)

    async def set_name(self, asker: Asker, typed: str) -> str | None:
        """From now on; clips that are there keep what was signed into them. Nothing typed: nobody is named.

        What the studio signs passes its text gate: others will read it.
        """
        name = tidy_name(typed, NAME_LIMIT, empty_allowed=True)
        await check_name(self._fleet, name)
        async with self._database.writing() as tx:
            await choices.set_for_member(tx, asker.member_id, _KEY, name or None)
        return name or None


async def told_as(tx: Transaction, member_id: str) -> str | None:
    """Two members may have become one since a job was asked for: then the one's word counts."""
    chosen = await choices.of_member(tx, await members.current_id(tx, member_id), _KEY)
    return chosen if isinstance(chosen, str) and chosen else None

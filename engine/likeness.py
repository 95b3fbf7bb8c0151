"""Real people by consent: whom moderators know to bear a name may ask for clips of themselves.

That a public figure is named holds a prompt. A member who is that person may be vouched for by a moderator of their
community; from then on their own requests there may name them. Nobody else's may, and every other rule stays.
"""

from typing import Final

from engine import members, review
from engine.errors import StudioError
from engine.library import tidy_name
from engine.members import Asker
from safety import audit
from storage import choices
from storage import members as people
from storage.database import Transaction

MOST: Final = 5  # names that one member is known by in a community
LONGEST: Final = 80  # characters
_KEY: Final = "likenesses"  # in a member's settings: community -> names


async def of(tx: Transaction, member_id: str, community_id: str) -> tuple[str, ...]:
    """The names that this member may ask for there."""
    known = await choices.of_member(tx, await people.current_id(tx, member_id), _KEY) or {}
    return tuple(known.get(community_id, ()))


async def vouch(tx: Transaction, member_id: str, typed: str, by: Asker) -> None:
    """A moderator knows that the member is who bears this name. For oneself only where there is nobody else."""
    if not members.at_least(by.role, members.Role.MODERATOR):
        raise StudioError("desk.moderators_only")
    if member_id == by.member_id and not by.is_alone:
        raise StudioError("likeness.oneself")
    name = tidy_name(typed, LONGEST)
    known = await of(tx, member_id, by.community_id)
    if name in known:
        return
    if len(known) >= MOST:
        raise StudioError("likeness.many", most=MOST)
    await _settle(tx, member_id, (*known, name), by, "vouched", name)


async def withdraw(tx: Transaction, member_id: str, typed: str, by: Asker) -> None:
    """The member themselves, or a moderator; what was made stays what it is."""
    if member_id != by.member_id and by.role not in review.MODERATORS:
        raise StudioError("member.not_yours")
    name, known = tidy_name(typed, LONGEST), await of(tx, member_id, by.community_id)
    if name not in known:
        raise StudioError("likeness.unknown", name=name)
    await _settle(tx, member_id, tuple(one for one in known if one != name), by, "unvouched", name)


async def _settle(tx: Transaction, member_id: str, names: tuple[str, ...], by: Asker, action: str, name: str) -> None:
    known = dict(await choices.of_member(tx, member_id, _KEY) or {})
    known[by.community_id] = list(names)
    await choices.set_for_member(tx, member_id, _KEY, {where: those for where, those in known.items() if those} or None)
    await audit.append(tx, action, actor=by.member_id, community_id=by.community_id, member=member_id, name=name)

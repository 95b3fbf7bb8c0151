"""Real people by consent: a moderator says that a member is who bears a name, in answer to what that member wrote or to
the card of a case of theirs; either takes it back."""

from collections.abc import Mapping
from typing import Final

from bots.telegram.commands import Command
from bots.telegram.desk import CASE, moderator_of
from bots.telegram.people import ANONYMOUS, CHANNEL
from bots.telegram.room import Room, Talk, shown_at
from bots.telegram.text import NAME_SHOWN, plain, told
from bots.wording import say
from engine.errors import StudioError
from engine.members import Asker, Role, at_least


async def vouch(room: Room, talk: Talk, text: str) -> None:
    meant = await _meant(room, talk)
    if meant is None:
        raise StudioError("telegram.vouch_whom")
    await _settle(room, talk, *meant, text, withdrawn=False)


async def unvouch(room: Room, talk: Talk, text: str) -> None:
    """In answer to nobody, for oneself."""
    meant = await _meant(room, talk)
    if meant is None:
        asker = await room.asker(talk)
        meant = asker.member_id, talk.speaker.name, asker
    await _settle(room, talk, *meant, text, withdrawn=True)


async def _meant(room: Room, talk: Talk) -> tuple[str, str, Asker] | None:
    """The member, how they are called, and whoever writes as what they are where that member is known."""
    answered = talk.message.reply_to_message if talk.message is not None else None
    if (
        answered is None or answered.forum_topic_created is not None
    ):  # in a topic all that is said answers its beginning
        return None
    shown = await shown_at(room, talk.where, answered.message_id)
    if shown is not None and shown.kind == CASE:
        case, asker = await moderator_of(room, talk, shown.about)
        member_id = (await room.studio.job(case.job_id)).job.member_id
        return member_id, await room.people.name_of(member_id), asker
    user = answered.from_user
    if talk.is_private or user is None or user.is_bot or user.id in (ANONYMOUS, CHANNEL):
        return None
    asker = await room.asker(talk, fresh=True)
    if not at_least(asker.role, Role.MODERATOR) and user.id != talk.speaker.id:
        raise StudioError("desk.moderators_only")
    member = await room.people.in_chat(user.id, talk.where.chat)
    return member.member_id, user.full_name, asker


async def _settle(
    room: Room, talk: Talk, member_id: str, who: str, asker: Asker, name: str, *, withdrawn: bool
) -> None:
    await room.studio.membership.vouch(member_id, name, asker, withdrawn=withdrawn)
    key = "member.not_vouched" if withdrawn else "member.vouched"
    await room.say(talk, told("🪪 " + say(key, who=plain(who, NAME_SHOWN), name=plain(name, NAME_SHOWN))))


COMMANDS: Final[Mapping[str, Command]] = {"vouch": vouch, "unvouch": unvouch}

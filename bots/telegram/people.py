"""Who speaks on Telegram, what they are there, and in which language."""

import time
from dataclasses import dataclass, field, replace
from typing import Final

from telegram import ChatMember, ChatMemberAdministrator, User
from telegram.error import BadRequest, Forbidden, TelegramError

from bots.telegram.address import PLATFORM, Where
from bots.telegram.line import Line
from bots.telegram.text import NAME_SHOWN, plain
from bots.wording import LANGUAGES, closest
from engine import communities
from engine.errors import StudioError
from engine.members import Asker, Role
from engine.studio import Studio

PRIVATE: Final = "dm"  # somebody's private chat is a community of its own
KNOWN_FOR: Final = 30.0  # seconds that a look at somebody's rights is good for
# Telegram speaks for an administrator who hides, and for a channel, under these.
ANONYMOUS: Final = 1_087_968_824
CHANNEL: Final = 136_817_688


@dataclass(frozen=True)
class Speaker:
    """Somebody in a chat."""

    id: int
    where: Where
    language: str
    name: str


def speaker_of(user: User, where: Where) -> Speaker:
    return Speaker(user.id, where, language_of(user), user.full_name)


def language_of(user: User) -> str:
    return closest(user.language_code or "") or LANGUAGES[0]


@dataclass
class Rights:
    """What people are in a group: asked of Telegram, and remembered for a moment."""

    line: Line
    _known: dict[tuple[int, int], tuple[float, ChatMember | None]] = field(default_factory=dict)

    async def member(self, chat: int, user: int, *, fresh: bool = False) -> ChatMember | None:
        at = time.monotonic()
        known = self._known.get((chat, user))
        if known is not None and not fresh and at - known[0] < KNOWN_FOR:
            return known[1]
        try:
            found: ChatMember | None = await self.line.bot.get_chat_member(self.line.now_at(chat), user)
        except (BadRequest, Forbidden):
            found = None
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[chat, user] = (at, found)
        return found

    async def role(self, chat: int, user: int, *, fresh: bool = False) -> Role:
        return role_from(await self.member(chat, user, fresh=fresh))

    async def is_in(self, chat: int, user: int) -> bool:
        found = await self.member(chat, user)
        return found is not None and found.status not in (ChatMember.LEFT, ChatMember.BANNED)

    def forget(self, chat: int, user: int) -> None:
        self._known.pop((chat, user), None)


def role_from(member: ChatMember | None) -> Role:
    """Owners, and whoever may make administrators, lead; who may delete messages or restrict members moderates."""
    if member is None:
        return Role.MEMBER
    if member.status == ChatMember.OWNER:
        return Role.LEAD
    if isinstance(member, ChatMemberAdministrator):
        if member.can_promote_members:
            return Role.LEAD
        if member.can_delete_messages or member.can_restrict_members:
            return Role.MODERATOR
    return Role.MEMBER


def _check_person(speaker: Speaker) -> None:
    if speaker.id in (ANONYMOUS, CHANNEL):
        raise StudioError("telegram.anonymous")


@dataclass(frozen=True)
class People:
    studio: Studio
    rights: Rights

    async def asker(self, speaker: Speaker, *, fresh: bool = False) -> Asker:
        """The member who wrote or pressed, with what Telegram says now of their role and their plan.

        `fresh`: for what only moderators may do, so that nobody keeps a right that they have just lost.
        """
        _check_person(speaker)
        chat, home = speaker.where.chat, self.studio.settings.telegram.home
        if speaker.where.is_private and home is not None and await self.rights.is_in(home, speaker.id):
            chat = home
        asker = await self.in_chat(speaker.id, chat, fresh=fresh)
        return replace(asker, plan=await self._plan(asker, speaker.id))

    async def asker_for(self, speaker: Speaker, clip_id: str) -> Asker:
        """The same; in a private chat about a clip of a group that they are in, what they are in that group."""
        asker = await self.asker(speaker)
        if not speaker.where.is_private:
            return asker
        job = (await self.studio.job((await self.studio.clip(clip_id)).job_id)).job
        return await self.asker_in(speaker, job.community_id) or asker

    async def asker_in(self, speaker: Speaker, community_id: str, *, fresh: bool = False) -> Asker | None:
        """Somebody as what they are in this community, wherever they write; None where they are not in it."""
        _check_person(speaker)
        async with self.studio.database.reading() as tx:
            there = await communities.get(tx, community_id)
        is_group = there.platform == PLATFORM and there.external_id.startswith("-")
        if not is_group or not await self.rights.is_in(int(there.external_id), speaker.id):
            return None
        asker = await self.in_chat(speaker.id, int(there.external_id), fresh=fresh)
        return replace(asker, plan=await self._plan(asker, speaker.id))

    async def name_of(self, member_id: str, chat: int | None = None) -> str:
        """What Telegram calls a member, as plain letters; no name is kept here. `chat`: where they are seen."""
        user = await self.studio.membership.identity(member_id, PLATFORM)
        if user is None:
            return member_id
        found = await self.rights.member(chat if chat is not None else int(user), int(user))
        return plain(found.user.full_name, NAME_SHOWN) if found is not None else member_id

    async def in_chat(self, user: int, chat: int, *, fresh: bool = False) -> Asker:
        """Somebody as the member that they are in the community of that chat."""
        if chat > 0:
            return await self.studio.membership.known_as(PLATFORM, str(user), f"{PRIVATE}:{user}")
        role = await self.rights.role(chat, user, fresh=fresh)
        return await self.studio.membership.known_as(PLATFORM, str(user), str(chat), role=role)

    async def _plan(self, asker: Asker, user: int) -> str:
        """What being in the groups that give plans gives them."""
        plan = asker.plan
        for group in self.studio.settings.plans.telegram_groups:
            try:
                is_in = await self.rights.is_in(int(group), user)
            except (ValueError, TelegramError):
                continue  # not known now: nobody loses a plan over it
            plan = await self.studio.membership.note_telegram_group(asker, group, is_in=is_in)
        return plan

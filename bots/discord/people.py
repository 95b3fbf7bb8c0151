"""Who speaks on Discord, what they are there, and in which language."""

import contextlib
from collections.abc import Iterable
from typing import Final

import discord

from bots.discord.address import PLATFORM
from bots.wording import LANGUAGES, closest
from engine.errors import StudioError
from engine.members import Asker, Role
from engine.studio import Studio

PRIVATE: Final = "dm"  # somebody's direct messages are a community of their own


def language_of(interaction: discord.Interaction) -> str:
    return closest(str(interaction.locale)) or LANGUAGES[0]


async def asker_of(studio: Studio, interaction: discord.Interaction) -> Asker:
    """The member who typed or pressed, with what Discord says now of their role and their plan."""
    user = interaction.user
    if interaction.guild_id is None:
        return await studio.membership.known_as(PLATFORM, str(user.id), f"{PRIVATE}:{user.id}")
    role = role_from(interaction.permissions)
    roles = [one.id for one in user.roles] if isinstance(user, discord.Member) else []
    return await studio.membership.known_on_discord(str(user.id), str(interaction.guild_id), role, roles)


def role_from(permissions: discord.Permissions) -> Role:
    """What somebody's permissions in a server make them: Discord is asked at every press, so nothing is left behind."""
    if permissions.manage_guild:
        return Role.LEAD
    if permissions.moderate_members or permissions.manage_messages:
        return Role.MODERATOR
    return Role.MEMBER


async def name_of(studio: Studio, member_id: str) -> str:
    """A member as Discord shows them; who was never on Discord is called by their id."""
    user = await studio.membership.identity(member_id, PLATFORM)
    return f"<@{user}>" if user is not None else member_id


async def names_of(studio: Studio, member_ids: Iterable[str]) -> dict[str, str]:
    return {one: await name_of(studio, one) for one in member_ids}


async def makers_of(studio: Studio, clip_ids: Iterable[str]) -> dict[str, str]:
    """Who made these clips. One that is gone has nobody to be named."""
    found = {}
    for clip_id in clip_ids:
        with contextlib.suppress(StudioError):
            found[clip_id] = await name_of(studio, (await studio.clip(clip_id)).member_id)
    return found

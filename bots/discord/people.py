"""Who speaks on Discord, what they are there, and in which language."""

from dataclasses import replace
from typing import Final

import discord

from bots.discord.address import PLATFORM
from bots.wording import LANGUAGES, closest
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
    asker = await studio.membership.known_as(PLATFORM, str(user.id), str(interaction.guild_id), role=role)
    roles = [one.id for one in user.roles] if isinstance(user, discord.Member) else []
    plan = await studio.membership.note_discord_roles(asker, interaction.guild_id, roles)
    return replace(asker, plan=plan)


def role_from(permissions: discord.Permissions) -> Role:
    """What somebody's permissions in a server make them: Discord is asked at every press, so nothing is left behind."""
    if permissions.manage_guild:
        return Role.LEAD
    if permissions.moderate_members or permissions.manage_messages:
        return Role.MODERATOR
    return Role.MEMBER

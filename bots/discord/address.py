"""Where the answer to somebody on Discord goes: kept with their job, so that any process can bring it."""

from hashlib import sha256
from typing import Final

import discord
from pydantic import BaseModel, ConfigDict

from engine.origin import Origin
from storage.clock import now

PLATFORM: Final = "discord"
# The token of an interaction is good for 15 minutes; what is sent in the last of them may come too late.
TOKEN_LIVES_MS: Final = 14 * 60_000
NONCE_LETTERS: Final = 25


class Address(BaseModel):
    model_config = ConfigDict(frozen=True)

    guild: int | None
    channel: int
    user: int
    message: int  # the card: what the interaction was answered with; 0 where there is none
    application: int
    token: str  # of the interaction: edits the card, and nothing else, as long as it is good
    token_until: int
    language: str
    size_limit: int  # of a file there, in bytes
    answers: int | None = None  # the message under which it was asked for
    reel_of: str | None = None  # what it closes: a chain or a party, for which nobody asked just now

    @classmethod
    def of(cls, interaction: discord.Interaction, message_id: int, language: str) -> "Address":
        assert interaction.channel_id is not None
        asked_under = interaction.message
        return cls(
            guild=interaction.guild_id,
            channel=interaction.channel_id,
            user=interaction.user.id,
            message=message_id,
            application=interaction.application_id,
            token=interaction.token,
            token_until=now() + TOKEN_LIVES_MS,
            language=language,
            size_limit=interaction.filesize_limit,
            answers=asked_under.id if asked_under is not None and not asked_under.flags.ephemeral else None,
        )

    def as_origin(self) -> Origin:
        return Origin(platform=PLATFORM, address=self.model_dump())

    @property
    def has_token(self) -> bool:
        return now() < self.token_until


def nonce_of(key: str) -> str:
    """What makes Discord take a message once, however often it is sent within a few minutes."""
    return sha256(key.encode()).hexdigest()[:NONCE_LETTERS]

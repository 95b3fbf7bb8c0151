"""The bot: connects to Discord beside the studio's other work, hears what is typed and pressed, and passes it on."""

import asyncio
import hashlib
import json
import logging
from pathlib import Path
from typing import Any, Final

import aiohttp
import discord

from bots.discord import forms, replies
from bots.discord.address import PLATFORM
from bots.discord.commands import tree_for
from bots.discord.courier import DiscordCourier
from bots.discord.desk_watch import CaseWatch
from bots.discord.gathering_watch import GatheringWatch
from bots.discord.items import Choice, Outdated, Press, Wish, read_custom_id
from bots.discord.naming import Translator
from bots.discord.pressing import Pressing
from bots.discord.watching import Watch
from engine.errors import StudioError
from engine.studio import Studio

log = logging.getLogger(__name__)

TRY_AGAIN: Final = 5.0  # seconds, when Discord cannot be reached at the start
# How long a request may wait for its rate limit's turn before it is given up, and tried again later by the courier.
LONGEST_WAIT: Final = 60.0
# It speaks no voice, and need not say that it cannot.
discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False


class KinoraBot(discord.AutoShardedClient):
    """Servers and their channels are all that it hears of: no members, no messages, no privileged intent."""

    def __init__(self, studio: Studio) -> None:
        shards = studio.settings.discord
        own_shards: Any = {"shard_ids": list(shards.shard_ids)} if shards.shard_ids else {}
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=LONGEST_WAIT,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            shard_count=shards.shard_count,
            **own_shards,
        )
        self.studio = studio
        self.watch = Watch(studio, self)
        self.cases = CaseWatch(studio, self, self.serves)
        self.gatherings = GatheringWatch(studio, self, self.serves)
        self.pressing = Pressing(studio, self.watch, self.cases)
        self.tree = tree_for(self, self.pressing)
        self._logged_in = asyncio.Event()
        self._watching: list[asyncio.Task[None]] = []
        self.courier = DiscordCourier(studio, self)

    # -- for the courier -------------------------------------------------------------------------------------------

    @property
    def client(self) -> discord.Client:
        return self

    @property
    def is_logged_in(self) -> bool:
        """Whether requests can be made yet."""
        return self._logged_in.is_set()

    def lock_of(self, job_id: str) -> asyncio.Lock:
        return self.watch.lock_of(job_id)

    def serves(self, guild_id: int) -> bool:
        """Whether this process hears this server: several processes may have some of the shards each."""
        if self.shard_count is None:
            return False
        mine = self.shard_ids if self.shard_ids is not None else range(self.shard_count)
        return (guild_id >> 22) % self.shard_count in mine

    # -- life ------------------------------------------------------------------------------------------------------

    async def talk(self, token: str) -> None:
        """Until cancelled. A token that is not good ends it with a StudioError; an outage is waited for."""
        try:
            while True:
                try:
                    await self.login(token)
                    break
                except discord.LoginFailure:
                    raise StudioError("discord.token_refused") from None
                except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                    log.warning("discord cannot be reached yet: %s", error)
                    await asyncio.sleep(TRY_AGAIN)
            self._logged_in.set()
            watches = (self.watch, self.cases, self.gatherings)
            self._watching = [asyncio.create_task(one.keep_watching()) for one in watches]
            try:
                await self.connect(reconnect=True)
            except discord.ConnectionClosed as error:
                raise StudioError("discord.closed", cause=f"{error.code}") from error
        finally:
            for one in self._watching:
                one.cancel()
            await self.close()

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Press, Choice, Outdated)
        await self.tree.set_translator(Translator())
        await self._sync_commands(self.studio.places.root / "discord.json")

    async def _sync_commands(self, known: Path) -> None:
        """Tell Discord of the commands when they changed: it counts how often they are created."""
        translator = self.tree.translator
        assert translator is not None
        payload = [await one.get_translated_payload(self.tree, translator) for one in self.tree.get_commands()]
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        application = str(self.application_id)
        if _read(known).get(application) == digest:
            return
        await self.tree.sync()
        await asyncio.to_thread(known.write_text, json.dumps({application: digest}))
        log.info("told discord of %s commands", len(payload))

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed: nothing is posted there any more. What members made is theirs, and stays."""
        await self.studio.membership.left_by_bot(PLATFORM, str(guild.id))
        self.cases.forget_homes()
        log.info("the bot was removed from server %s", guild.id)

    # -- hearing ---------------------------------------------------------------------------------------------------

    async def pressed(self, interaction: discord.Interaction, wish: Wish) -> None:
        async with replies.answering(interaction):
            await self.pressing.press(interaction, wish)

    async def pressed_outdated(self, interaction: discord.Interaction) -> None:
        async with replies.answering(interaction):
            raise StudioError("discord.outdated")

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Forms are read here, so that one which was opened before a restart is taken, too."""
        if interaction.type is not discord.InteractionType.modal_submit:
            return
        data: Any = interaction.data or {}
        async with replies.answering(interaction):
            wish = read_custom_id(str(data.get("custom_id", "")))
            if wish is None:
                raise StudioError("discord.outdated")
            await self.pressing.send(interaction, wish, forms.filled(interaction))


def _read(known: Path) -> dict[str, str]:
    try:
        return dict(json.loads(known.read_text()))
    except (OSError, ValueError):
        return {}

"""Brings clips and notices to where they were asked for on Discord, once.

While the interaction is good, a result becomes part of the card that was shown at once: an edit, and the same however
often it is made. Afterwards it is a message of its own in the channel, or where that is closed to us a direct message:
sent with a nonce, and from the second attempt on looked for first.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Protocol

import aiohttp
import discord
from discord import ui

from bots.discord import cards
from bots.discord.address import PLATFORM, Address, nonce_of
from bots.discord.cards import Shown
from bots.discord.people import makers_of
from bots.wording import say, speaking
from engine import communities
from engine.delivery import PlaceClosed, PlatformAway
from engine.errors import StudioError
from engine.fleet.base import TaskFailed, WorkerLost
from engine.handed import Clip
from engine.jobs import TakeState
from engine.studio import Studio
from engine.viewing import JobView
from storage.outbox import Message

log = logging.getLogger(__name__)

TOO_LARGE: Final = 40005
NO_REPLIES: Final = 160002  # who may not read the history may not answer what stands in it
FITTED_WITHIN: Final = 5.0  # seconds that others wait for a smaller copy at most
LOOKED_AT: Final = 200  # messages of a channel, from the newest back
# The interaction or its message is gone: there is nothing to edit any more.
_CARD_IS_GONE: Final = frozenset({10008, 10015, 10062, 50027})
# This place is closed to us: the next one is tried.
_CLOSED: Final = frozenset({10003, 50001, 50007, 50013, 50278})

Place = Callable[[], Awaitable[discord.abc.Messageable]]


class Line(Protocol):
    """The bot, as far as a courier needs it."""

    @property
    def client(self) -> discord.Client: ...

    @property
    def is_logged_in(self) -> bool: ...

    def lock_of(self, job_id: str) -> asyncio.Lock: ...


class CardIsGone(Exception):
    pass


class DiscordCourier:
    platform = PLATFORM

    def __init__(self, studio: Studio, line: Line) -> None:
        self._studio = studio
        self._line = line
        self._fitted: dict[tuple[str, int], asyncio.Task[Clip]] = {}  # smaller copies that are being made

    async def deliver(self, message: Message) -> Mapping[str, Any]:
        address = Address.model_validate(message.address)
        with speaking(address.language):
            async with _reaching_discord():
                if not self._line.is_logged_in:
                    raise PlatformAway("not logged in yet")
                async with self._line.lock_of(message.job_id):
                    if message.take_id is not None and message.kind == "post":
                        return await self._deliver_clip(message, message.take_id, address)
                    if message.kind == "edit":
                        return await self._change_what_was_posted(message, address)
                    return await self._deliver_notice(message, address)

    # -- clips -----------------------------------------------------------------------------------------------------

    async def _deliver_clip(self, message: Message, clip_id: str, address: Address) -> Mapping[str, Any]:
        clip = await self._studio.clip(clip_id)
        view = await self._studio.job(message.job_id)
        if address.has_token:
            try:
                return await self._into_card(view, clip, address)
            except CardIsGone:
                log.info("the card of %s can no longer be edited", view.id, extra={"job": view.id})
        found = await self._look_for(message, address, f"kinora-{clip_id}.") if message.attempts > 1 else None
        if found is None:
            found = await self._post_clip(message, view, clip, address)
        await self._point_to(found, address)
        return {"channel": found.channel.id, "message": found.id}

    async def _into_card(self, view: JobView, clip: Clip | None, address: Address) -> Mapping[str, Any]:
        """Add the clip to those that the card shows already; nothing is uploaded that is there."""
        card = self._card(address)
        async with _editing_the_card():
            found = (await card.fetch_message(address.message)).attachments
        there = [one for one in found if one.filename != cards.FIRST_LOOK]
        makers = await self._makers(view)
        names = {clip_id_of(one.filename): one.filename for one in there}
        new = None if clip is None or clip.id in names else await self._fitting(clip, address.size_limit)
        while True:
            here = names | ({new.clip.id: new.filename} if new else {})
            shown = [Shown(one, here[one.id]) for one in view.clips if one.id in here]
            upload = await uploads(self._studio, [new] if new else [])
            try:
                async with _editing_the_card():
                    await card.edit_message(
                        address.message,
                        view=cards.result(view, shown, makers=makers, has_pages=self._has_pages),
                        attachments=[*there, *upload],
                        allowed_mentions=discord.AllowedMentions.none(),
                    )
            except discord.HTTPException as error:
                if error.code != TOO_LARGE or new is None or new.is_still:
                    raise
                new = still_of(new.clip)
            else:
                return {"channel": address.channel, "message": address.message}

    async def _post_clip(self, message: Message, view: JobView, clip: Clip, address: Address) -> discord.Message:
        shown, makers = await self._fitting(clip, address.size_limit), await self._makers(view)
        while True:
            try:
                card = cards.result(
                    view, [shown], told_ahead=_told_ahead(address), makers=makers, has_pages=self._has_pages
                )
                return await self._post(message, card, address, [shown])
            except discord.HTTPException as error:
                if error.code != TOO_LARGE or shown.is_still:
                    raise
                shown = still_of(clip)

    async def _fitting(self, clip: Clip, limit: int) -> Shown:
        """The clip; where it is too large, a smaller copy as soon as there is one; where there can be none, a still.

        Others do not wait while the copy is made: this message does.
        """
        if (await self._studio.at_hand(clip.file)).stat().st_size <= limit:
            return whole(clip)
        making = self._fitted.get((clip.id, limit))
        if making is None:
            making = asyncio.create_task(self._studio.copy_that_fits(clip, limit))
            self._fitted[clip.id, limit] = making
            with contextlib.suppress(TimeoutError, StudioError, TaskFailed, WorkerLost):
                await asyncio.wait_for(asyncio.shield(making), FITTED_WITHIN)
        if not making.done():
            raise PlatformAway(f"a smaller copy of {clip.id} is being made")
        del self._fitted[clip.id, limit]
        try:
            return copy_of(making.result())
        except (StudioError, TaskFailed, WorkerLost) as error:
            log.info("there is no smaller copy of %s: %s", clip.id, error)
            return still_of(clip)

    @property
    def _has_pages(self) -> bool:
        return self._studio.settings.web.public_url is not None

    async def _makers(self, view: JobView) -> Mapping[str, str]:
        return await makers_of(self._studio, dict.fromkeys(one for clip in view.clips for one in clip.lineage))

    async def _point_to(self, found: discord.Message, address: Address) -> None:
        """Have the old card say where the result is, where it can still be edited. Nothing depends on it."""
        if not address.message:
            return
        channel = self._line.client.get_partial_messageable(address.channel)
        try:
            await channel.get_partial_message(address.message).edit(view=cards.moved(found.jump_url))
        except discord.HTTPException as error:
            log.debug("the old card stays as it is: %s", error)

    # -- taken down, and back --------------------------------------------------------------------------------------

    async def _change_what_was_posted(self, message: Message, address: Address) -> Mapping[str, Any]:
        """Take a clip out of the message that carried it, or put it back. The message of several keeps the others."""
        receipt: Any = message.content["of"] or {}
        if not {"channel", "message"} <= set(receipt):
            return {}
        clip_id, view = str(message.content["clip"]), await self._studio.job(message.job_id)
        posted = self._line.client.get_partial_messageable(receipt["channel"], guild_id=address.guild)
        try:
            found = await posted.fetch_message(receipt["message"])
            there = [one for one in found.attachments if clip_id_of(one.filename) != clip_id]
            back = [one for one in view.clips if one.id == clip_id and message.content["notice"] == "restored"]
            new = [await self._fitting(one, address.size_limit) for one in back]
            names = {clip_id_of(one.filename): one.filename for one in there} | {
                one.clip.id: one.filename for one in new
            }
            shown = [Shown(one, names[one.id]) for one in view.clips if one.id in names]
            files = await uploads(self._studio, new)
            card = (
                cards.result(view, shown, makers=await self._makers(view), has_pages=self._has_pages)
                if shown
                else cards.taken_down(view, clip_id)
            )
            await found.edit(view=card, attachments=[*there, *files], allowed_mentions=discord.AllowedMentions.none())
        except discord.HTTPException as error:
            if error.code not in _CLOSED and error.code not in _CARD_IS_GONE:
                raise
            log.info("message %s has nothing left to change: %s", message.key, error)
        return {"channel": receipt["channel"], "message": receipt["message"]}

    # -- notices ---------------------------------------------------------------------------------------------------

    async def _deliver_statement(self, message: Message, address: Address) -> Mapping[str, Any]:
        """Why something was decided: for the member alone."""
        job = (await self._studio.job(message.job_id)).job
        one = await self._studio.desk.statement(int(message.content["decision"]), job.member_id)
        if one is None:
            return {}
        try:
            direct = await self._line.client.create_dm(discord.Object(address.user))
            found = await direct.send(view=cards.statements([one]), nonce=nonce_of(message.key))
        except discord.HTTPException as error:
            if error.code not in _CLOSED:
                raise
            log.info("statement %s cannot be posted, and stands behind the card's button: %s", message.key, error)
            return {}
        return {"channel": found.channel.id, "message": found.id}

    async def _deliver_notice(self, message: Message, address: Address) -> Mapping[str, Any]:
        if message.content.get("notice") == "statement":
            return await self._deliver_statement(message, address)
        if message.content.get("notice") == "remixed":
            clip, remix = str(message.content["clip"]), str(message.content["remix"])
            told = cards.told(say("discord.remixed", clip=clip, remix=remix))
            found = await self._look_for(message, address, remix) if message.attempts > 1 else None
            found = found or await self._post(message, told, address, [])
            return {"channel": found.channel.id, "message": found.id}
        view = await self._studio.job(message.job_id)
        if any(take.state == TakeState.DELIVERED for take in view.takes):
            return await self._tell_beside_clips(view, address)
        shown = cards.job(view, {})
        if address.has_token:
            try:
                async with _editing_the_card():
                    await self._card(address).edit_message(address.message, view=shown, attachments=[])
            except CardIsGone:
                pass
            else:
                return {"channel": address.channel, "message": address.message}
        found = await self._look_for(message, address, view.id) if message.attempts > 1 else None
        found = found or await self._post(message, shown, address, [])
        return {"channel": found.channel.id, "message": found.id}

    async def _tell_beside_clips(self, view: JobView, address: Address) -> Mapping[str, Any]:
        """What became of the other takes stands on the card with the clips."""
        if address.has_token:
            with contextlib.suppress(CardIsGone):
                return await self._into_card(view, None, address)
        return {}

    # -- posting ---------------------------------------------------------------------------------------------------

    def _card(self, address: Address) -> discord.Webhook:
        return discord.Webhook.partial(address.application, address.token, client=self._line.client)

    async def _post(
        self, message: Message, view: ui.LayoutView, address: Address, shown: Sequence[Shown]
    ) -> discord.Message:
        """In the channel; where that is closed, to the member alone."""
        for place in await self._places(message, address):
            try:
                channel = await place()
                return await self._send(channel, message, view, address, shown)
            except discord.HTTPException as error:
                if error.code not in _CLOSED:
                    raise
                log.info("message %s cannot be posted there: %s", message.key, error)
        raise PlaceClosed("discord.nowhere")

    async def _send(
        self,
        channel: discord.abc.Messageable,
        message: Message,
        view: ui.LayoutView,
        address: Address,
        shown: Sequence[Shown],
    ) -> discord.Message:
        for reference in dict.fromkeys((_asked_under(address, channel), None)):
            files = await uploads(self._studio, shown)
            try:
                return await channel.send(
                    view=view,
                    files=files,
                    nonce=nonce_of(message.key),
                    reference=reference,
                    allowed_mentions=discord.AllowedMentions(users=[discord.Object(address.user)]),
                )
            except discord.HTTPException as error:
                if error.code != NO_REPLIES or reference is None:
                    raise
            finally:
                for file in files:
                    file.close()
        raise AssertionError("a message without a reference needs no history")

    async def _places(self, message: Message, address: Address) -> list[Place]:
        client = self._line.client

        async def channel() -> discord.abc.Messageable:
            return client.get_partial_messageable(address.channel, guild_id=address.guild)

        async def direct() -> discord.abc.Messageable:
            return await client.create_dm(discord.Object(address.user))

        return [direct] if await self._is_quiet(message, address) else [channel, direct]

    async def _is_quiet(self, message: Message, address: Address) -> bool:
        """Whether the community wants nothing said in this channel that nobody asked for there just now."""
        job = (await self._studio.job(message.job_id)).job
        async with self._studio.database.reading() as tx:
            settings = communities.settings_of(await communities.get(tx, job.community_id))
        return str(address.channel) in settings.quiet_channels

    async def _look_for(self, message: Message, address: Address, mark: str) -> discord.Message | None:
        """The message that an attempt before this one has sent, if it has: by the id that it carries."""
        client = self._line.client
        for place in await self._places(message, address):
            try:
                channel = await place()
                async for found in channel.history(limit=LOOKED_AT):
                    if found.created_at.timestamp() * 1000 < message.created_at - 60_000:
                        break
                    is_ours = client.user is not None and found.author.id == client.user.id
                    if is_ours and found.id != address.message and _carries(found, mark):
                        return found
            except discord.HTTPException as error:
                if error.code not in _CLOSED:
                    raise
        return None


def _told_ahead(address: Address) -> str:
    if address.reel_of is not None:
        return say(f"discord.gathering.reel_of_{address.reel_of}")
    return say("discord.result.ready", member=f"<@{address.user}>")


def _asked_under(address: Address, channel: discord.abc.Messageable) -> Any:
    """A remix answers the clip that it was made from; in a direct message there is nothing to point to."""
    if address.answers is None or not isinstance(channel, discord.PartialMessageable):
        return None
    return discord.MessageReference(
        message_id=address.answers, channel_id=address.channel, guild_id=address.guild, fail_if_not_exists=False
    )


def _carries(found: discord.Message, mark: str) -> bool:
    if any(mark in one.filename for one in found.attachments):
        return True
    texts = [one for top in found.components for one in _texts(top)]
    return any(mark in text for text in texts)


def _texts(component: Any) -> list[str]:
    inner = [text for one in getattr(component, "children", ()) for text in _texts(one)]
    content = getattr(component, "content", None)
    return [*inner, content] if isinstance(content, str) else inner


# -- files ---------------------------------------------------------------------------------------------------------


async def fitting(studio: Studio, clip: Clip, limit: int) -> Shown:
    """The clip, or its signed still where the whole is too large for the place."""
    file = await studio.at_hand(clip.file)
    return whole(clip) if file.stat().st_size <= limit else still_of(clip)


def whole(clip: Clip) -> Shown:
    return Shown(clip, f"kinora-{clip.id}.mp4")


def copy_of(smaller: Clip) -> Shown:
    return Shown(smaller, f"kinora-{smaller.id}{cards.SMALLER}")


def still_of(clip: Clip) -> Shown:
    return Shown(clip, f"kinora-{clip.id}{cards.STILL}")


async def uploads(studio: Studio, shown: Sequence[Shown]) -> list[discord.File]:
    """What Discord is sent of each."""
    files = [one.clip.preview.file if one.is_still else one.clip.file for one in shown]
    return [
        discord.File(await studio.at_hand(file), filename=one.filename) for file, one in zip(files, shown, strict=True)
    ]


def clip_id_of(filename: str) -> str:
    return filename.removeprefix("kinora-").partition(".")[0]


# -- what may go wrong ---------------------------------------------------------------------------------------------


@asynccontextmanager
async def _editing_the_card() -> AsyncIterator[None]:
    try:
        yield
    except discord.HTTPException as error:
        if error.code in _CARD_IS_GONE or error.status in (401, 404):
            raise CardIsGone from error
        raise


@asynccontextmanager
async def _reaching_discord() -> AsyncIterator[None]:
    """An outage of Discord, or of the way to it, is no failure of a message: it waits."""
    try:
        yield
    except discord.DiscordServerError as error:
        raise PlatformAway(str(error)) from error
    except discord.HTTPException as error:
        if error.status == 429:
            raise PlatformAway(str(error)) from error
        raise
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise PlatformAway(f"{type(error).__name__}: {error}") from error

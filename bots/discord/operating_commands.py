"""The commands that make something, and the entries in the menu of a message."""

import asyncio
import logging
from typing import Any, Final

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from bots import stories
from bots.briefs import Typed, new_brief
from bots.discord import boards, messages, operations, replies
from bots.discord.address import PLATFORM
from bots.discord.making import Hand, make
from bots.discord.naming import EVERYWHERE, FOR_SERVERS, Named, choices, command, text
from bots.discord.operations import read_clip
from bots.discord.people import PRIVATE
from engine.brief import (
    PROMPT_LIMIT,
    SECONDS_LIMIT,
    VIEWS_LEAST,
    VIEWS_MOST,
    Aspect,
    BlendMode,
    Brief,
    Quality,
    Resolution,
)
from engine.errors import StudioError
from engine.members import Asker
from engine.studio import Studio
from storage.errors import CodedError
from storage.library import View

log = logging.getLogger(__name__)

OFFERED: Final = 25
OFFERED_WITHIN: Final = 2.0  # seconds: what is offered while somebody types cannot be put off
_JOINS: Final = ("short", "normal", "long")
_MODES: Final = (BlendMode.TRANSITION, BlendMode.MIX, BlendMode.SAMPLE)
# Of an option, as they are typed.
ClipId = Range[str, 1, 40]
Seconds = Range[float, 0.0, SECONDS_LIMIT]
Words = Range[str, 1, PROMPT_LIMIT]


def operating_commands(hand: Hand) -> list[Named]:
    return [one(hand) for one in (_create, _storyboard, _remix, _recut, _blend, _loop, _views, _verify)]


def _create(hand: Hand) -> Named:
    @app_commands.choices(
        aspect=[Choice(name=one.value, value=one.value) for one in Aspect],
        resolution=[Choice(name=one.value, value=one.value) for one in Resolution],
        quality=choices("quality", Quality),
    )
    @app_commands.autocomplete(preset=offering_presets(hand.studio))
    async def create(
        interaction: discord.Interaction,
        prompt: Words,
        aspect: str | None = None,
        resolution: str | None = None,
        seconds: Range[float, 1.0, 60.0] | None = None,
        variations: Range[int, 1, 4] | None = None,
        style: Range[str, 1, 60] | None = None,
        quality: str | None = None,
        preset: Range[str, 1, 60] | None = None,
        image: discord.Attachment | None = None,
    ) -> None:
        if image is not None:
            look = {"style": style} if style else {}
            await operations.animate(
                hand,
                interaction,
                image,
                prompt=prompt,
                seconds=seconds,
                aspect=aspect,
                resolution=resolution,
                look=look,
                variations=variations or 1,
            )
            return
        typed = Typed(prompt, aspect, resolution, seconds, style, quality, variations or 1, preset)

        async def brief(asker: Asker) -> Brief:
            return await new_brief(hand.studio, asker, typed)

        await make(hand, interaction, brief)

    about = {
        one: f"help.{one}" for one in ("prompt", "aspect", "resolution", "seconds", "variations", "style", "quality")
    }
    return command("create", create, about=about)


def _storyboard(hand: Hand) -> Named:
    async def offered(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        asker = await recognised(hand.studio, interaction)
        found = await hand.studio.boards.of_member(asker) if asker is not None else []
        named = [(one.id, one.cards[0].text if one.cards and not one.cards[0].is_unsure else "") for one in found]
        return [Choice(name=_named(*one), value=one[0]) for one in named if typed.lower() in one[0]][:OFFERED]

    @app_commands.autocomplete(board=in_time(offered))
    async def storyboard(interaction: discord.Interaction, board: ClipId | None = None) -> None:
        await boards.storyboard(hand, interaction, read_clip(board) if board is not None else None)

    return command("storyboard", storyboard)


def _remix(hand: Hand) -> Named:
    @app_commands.choices(strength=choices("strength", stories.STRENGTHS))
    @app_commands.autocomplete(clip=offering_clips(hand.studio))
    async def remix(
        interaction: discord.Interaction,
        clip: ClipId,
        change: Words,
        strength: str | None = None,
        start: Seconds | None = None,
        end: Seconds | None = None,
        variations: Range[int, 1, 4] | None = None,
    ) -> None:
        fields = {
            "prompt": change,
            "strength": stories.read_strength(strength) if strength else None,
            "start": start,
            "end": end,
            "variations": variations or 1,
        }
        await operations.operate(hand, interaction, "remix", (read_clip(clip),), fields)

    return command("remix", remix)


def _recut(hand: Hand) -> Named:
    @app_commands.autocomplete(clip=offering_clips(hand.studio))
    async def recut(
        interaction: discord.Interaction,
        clip: ClipId,
        start: Seconds | None = None,
        end: Seconds | None = None,
        before: Seconds | None = None,
        after: Seconds | None = None,
        change: Words | None = None,
    ) -> None:
        fields = {"start": start, "end": end, "before": before or 0.0, "after": after or 0.0, "prompt": change or ""}
        await operations.operate(hand, interaction, "recut", (read_clip(clip),), fields)

    return command("recut", recut)


def _blend(hand: Hand) -> Named:
    @app_commands.choices(mode=choices("mode", _MODES))
    @app_commands.autocomplete(clip=offering_clips(hand.studio), second=offering_clips(hand.studio))
    async def blend(interaction: discord.Interaction, clip: ClipId, second: ClipId, mode: str | None = None) -> None:
        fields = {"blend": {"mode": mode or BlendMode.TRANSITION}}
        await operations.operate(hand, interaction, "blend", (read_clip(clip), read_clip(second)), fields)

    return command("blend", blend)


def _loop(hand: Hand) -> Named:
    @app_commands.choices(join=choices("join", _JOINS))
    @app_commands.autocomplete(clip=offering_clips(hand.studio))
    async def loop(
        interaction: discord.Interaction,
        clip: ClipId,
        join: str | None = None,
        start: Seconds | None = None,
        end: Seconds | None = None,
    ) -> None:
        fields = {"join": stories.read_join(join) if join else None, "start": start, "end": end}
        await operations.operate(hand, interaction, "loop", (read_clip(clip),), fields)

    return command("loop", loop)


def _views(hand: Hand) -> Named:
    @app_commands.autocomplete(clip=offering_clips(hand.studio))
    async def views(
        interaction: discord.Interaction,
        clip: ClipId | None = None,
        prompt: Words | None = None,
        number: Range[int, VIEWS_LEAST, VIEWS_MOST] | None = None,
    ) -> None:
        if (clip is None) == (prompt is None):
            raise StudioError("discord.clip_or_prompt")
        fields = {"views": number or operations.VIEWS}
        if clip is not None:
            await operations.operate(hand, interaction, "views", (read_clip(clip),), fields)
            return

        async def brief(asker: Asker) -> Brief:
            stories.check_prompt(prompt or "")
            usual = hand.studio.settings.defaults
            return await stories.fitted(
                hand.studio,
                asker,
                {"operation": "views", "prompt": prompt, **fields},
                aspect=usual.aspect,
                resolution=usual.resolution,
                seconds=usual.seconds,
            )

        await make(hand, interaction, brief)

    return command("views", views, about={"prompt": "help.prompt"})


def _verify(hand: Hand) -> Named:
    async def verify(interaction: discord.Interaction, file: discord.Attachment) -> None:
        await messages.trace_file(hand, interaction, file)

    return command("verify", verify)


# -- while somebody types ------------------------------------------------------------------------------------------


def offering_clips(studio: Studio) -> Any:
    """The member's own clips and bookmarks whose id or words match."""

    async def offered(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        asker = await recognised(studio, interaction)
        if asker is None:
            return []
        if typed.strip():
            found = list((await studio.library.search(asker, typed, limit=OFFERED)).items)
        else:
            found = [
                item
                for view in (View.MADE, View.BOOKMARKS)
                for item in (await studio.library.page(asker, view, limit=OFFERED)).items
            ]
        return [
            Choice(name=_named(item.clip_id, item.title or str(item.brief.get("prompt") or "")), value=item.clip_id)
            for item in {item.clip_id: item for item in found}.values()
        ][:OFFERED]

    return in_time(offered)


def offering_presets(studio: Studio) -> Any:
    async def offered(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        asker = await recognised(studio, interaction)
        names = [one.name for one in await studio.presets.all(asker)] if asker is not None else []
        return [Choice(name=one, value=one) for one in names if typed.casefold() in one.casefold()][:OFFERED]

    return in_time(offered)


def in_time(offered: Any) -> Any:
    """Nothing is offered rather than something too late."""

    async def punctual(interaction: discord.Interaction, current: str) -> list[Choice[str]]:
        try:
            async with asyncio.timeout(OFFERED_WITHIN):
                found: list[Choice[str]] = await offered(interaction, current)
                return found
        except (TimeoutError, CodedError) as error:
            log.debug("nothing is offered: %s", error)
            return []

    return punctual


async def recognised(studio: Studio, interaction: discord.Interaction) -> Asker | None:
    here = str(interaction.guild_id) if interaction.guild_id is not None else f"{PRIVATE}:{interaction.user.id}"
    return await studio.membership.recognised(PLATFORM, str(interaction.user.id), here)


def _named(clip_id: str, words: str) -> str:
    return f"{clip_id} {' '.join(words.split())}"[:100].strip()


# -- the menu of a message -----------------------------------------------------------------------------------------


def message_menus(hand: Hand) -> list[app_commands.ContextMenu]:
    deeds = {
        "remix": messages.remix,
        "animate": messages.animate,
        "trace": messages.trace,
        "report": messages.report,
    }
    return [_menu(hand, name, deed) for name, deed in deeds.items()]


def _menu(hand: Hand, name: str, deed: Any) -> app_commands.ContextMenu:
    async def answered(interaction: discord.Interaction, message: discord.Message) -> None:
        async with replies.answering(interaction):
            await deed(hand, interaction, message)

    made = app_commands.ContextMenu(
        name=text(f"discord.context.{name}"),
        callback=answered,
        allowed_contexts=EVERYWHERE,
        allowed_installs=FOR_SERVERS,
    )
    return made

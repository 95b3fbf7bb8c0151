"""Clips made from clips: pressed under one, or typed as a command. Every right is asked when it is taken down."""

import re
from collections.abc import Mapping
from typing import Any, Final

import discord

from bots import stories
from bots.discord import clip_cards, forms, replies
from bots.discord.forms import Filled
from bots.discord.items import Wish
from bots.discord.making import Hand, fetched, make
from bots.discord.people import asker_of
from engine.brief import SECONDS_LIMIT, BlendMode, Brief
from engine.errors import StudioError
from engine.members import Asker
from engine.names import read_letters
from engine.studio import Studio
from storage.library import View

VIEWS: Final = 3
SHOWN_TO_BLEND: Final = 25
_UPLOAD: Final = re.compile(r"[0-9a-f]{64}")


def read_clip(typed: str) -> str:
    """A clip's id as somebody typed it."""
    clip_id = read_letters(typed)
    if clip_id is None:
        raise StudioError("id.malformed", typed=typed[:60])
    return clip_id


def read_seconds(typed: str, name: str) -> float:
    """Seconds as they are typed into a form: nothing is none."""
    text = typed.strip().rstrip("sS秒").strip()
    if not text:
        return 0.0
    try:
        return float(text)
    except ValueError:
        raise StudioError("brief.moment", field=name, longest=f"{SECONDS_LIMIT:g}") from None


async def source_of(studio: Studio, asker: Asker, about: str) -> dict[str, Any]:
    """A clip by its id, or what somebody brought by its hash."""
    if _UPLOAD.fullmatch(about):
        return (await studio.brought(asker, about)).model_dump()
    return {"kind": "clip", "clip_id": read_clip(about)}


async def operate(
    hand: Hand, interaction: discord.Interaction, operation: str, abouts: tuple[str, ...], fields: Mapping[str, Any]
) -> None:
    """Make something of these sources. `fields` may say from where to where the first of them is used."""
    window = {name: fields[name] for name in ("start", "end") if fields.get(name) is not None}
    said = {name: value for name, value in fields.items() if name not in ("start", "end", "seconds")}

    async def brief(asker: Asker) -> Brief:
        stories.check_prompt(said.get("prompt", ""))
        sources = [await source_of(hand.studio, asker, about) for about in abouts]
        sources = [one | (window if number == 0 else {}) for number, one in enumerate(sources)]
        whole = {"operation": operation, "sources": sources, **said}
        return await stories.fitted(hand.studio, asker, whole, seconds=fields.get("seconds"))

    await make(hand, interaction, brief)


# -- remixes -------------------------------------------------------------------------------------------------------


async def remix(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    await interaction.response.send_modal(forms.remix(wish.about))


async def send_remix(hand: Hand, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
    strength, variations = filled.text("strength"), filled.text("variations")
    fields = {
        "prompt": filled.text("prompt"),
        "strength": stories.read_strength(strength) if strength else None,
        "variations": int(variations) if variations.isdecimal() else 1,
    }
    await operate(hand, interaction, "remix", (wish.about,), fields)


# -- longer, shorter, round ----------------------------------------------------------------------------------------


async def loop(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    await operate(hand, interaction, "loop", (wish.about,), {})


async def views(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    await operate(hand, interaction, "views", (wish.about,), {"views": VIEWS})


async def extend(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    await interaction.response.send_modal(forms.extend(wish.about))


async def recut(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    await interaction.response.send_modal(forms.recut(wish.about))


async def send_recut(hand: Hand, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
    """Extending is a recut that leaves the clip whole."""
    fields: dict[str, Any] = {name: read_seconds(filled.text(name), name) for name in ("start", "before", "after")}
    fields["end"] = read_seconds(filled.text("end"), "end") or None
    await operate(hand, interaction, "recut", (wish.about,), fields | {"prompt": filled.text("prompt")})


# -- blends --------------------------------------------------------------------------------------------------------


async def blend(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    """With which one? The member's own latest clips and bookmarks are offered, and any other by its id."""
    await replies.defer(interaction, private=True)
    asker = await asker_of(hand.studio, interaction)
    await hand.studio.remixing.check(asker, [wish.about])
    found = []
    for view in (View.MADE, View.BOOKMARKS):
        page = await hand.studio.library.page(asker, view, limit=SHOWN_TO_BLEND)
        found += [item for item in page.items if item.clip_id != wish.about]
    await replies.answer(interaction, clip_cards.blend_with(wish.about, found[:SHOWN_TO_BLEND]))


async def blend_with(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    await _blend(hand, interaction, wish.about, wish.more, BlendMode.TRANSITION)


async def blend_by_id(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    await interaction.response.send_modal(forms.blend(wish.about))


async def send_blend(hand: Hand, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
    second = read_clip(filled.text("second"))
    await _blend(hand, interaction, wish.about, second, filled.text("mode") or BlendMode.TRANSITION)


async def _blend(hand: Hand, interaction: discord.Interaction, first: str, second: str, mode: str) -> None:
    await operate(hand, interaction, "blend", (first, second), {"blend": {"mode": mode}})


# -- pictures that members bring -----------------------------------------------------------------------------------


async def animate(
    hand: Hand,
    interaction: discord.Interaction,
    image: discord.Attachment,
    *,
    prompt: str = "",
    seconds: float | None = None,
    aspect: str | None = None,
    resolution: str | None = None,
    look: Mapping[str, Any] | None = None,
    variations: int = 1,
) -> None:
    """Let a picture move."""

    async def brief(asker: Asker) -> Brief:
        stories.check_prompt(prompt)
        async with fetched(image) as file:
            source = await hand.studio.bring(file, asker)
        fields = {
            "operation": "animate",
            "prompt": prompt,
            "sources": [source.model_dump()],
            "variations": variations,
            "look": dict(look or {}),
        }
        usual = seconds if seconds is not None else hand.studio.settings.defaults.seconds
        return await stories.fitted(hand.studio, asker, fields, aspect=aspect, resolution=resolution, seconds=usual)

    await make(hand, interaction, brief, slow=True)

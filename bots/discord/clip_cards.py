"""Cards around one clip: what to blend it with, where to keep it, its tree, its credentials."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import discord
from discord import ui

from bots import stories
from bots.discord.cards import CALM, DONE, STOPPED, WAITING, Part, card, quoted, row, small, told
from bots.discord.items import button, menu
from bots.wording import say
from engine.heritage import Source
from engine.remixing import Branch
from engine.reports import TraceReport
from storage.library import FolderRow, ShelfItem

TREE: Final = "tree.png"
LINES_SHOWN: Final = 30
OPTION_SHOWN: Final = 80
_COLOURS: Final = {"sure": DONE, "unsure": WAITING, "bad": STOPPED, "none": CALM}
_MARKS: Final = {"sure": "✅", "unsure": "❔", "bad": "⚠️", "none": "➖"}


def blend_with(clip_id: str, found: Sequence[ShelfItem]) -> ui.LayoutView:
    by_id = row(button("blendid", clip_id, say("discord.blend.by_id"), emoji="🔎"))
    if not found:
        return card(CALM, say("discord.blend.which", clip=clip_id), by_id)
    options = [
        discord.SelectOption(
            label=item.clip_id,
            value=item.clip_id,
            description=_shortened(item.title or str(item.brief.get("prompt") or "")) or None,
        )
        for item in {item.clip_id: item for item in found}.values()
    ]
    chosen = row(menu("blendwith", say("discord.menu.open"), options, about=clip_id))
    return card(CALM, say("discord.blend.which", clip=clip_id), chosen, by_id)


def _shortened(words: str) -> str:
    return " ".join(words.split())[:OPTION_SHOWN]


def folders(clip_id: str, found: Sequence[tuple[FolderRow, int]]) -> ui.LayoutView:
    """Where to keep it: a folder that is there, or a new one."""
    new = row(button("newfolder", clip_id, say("discord.folder.new"), emoji="➕"))
    if not found:
        return card(CALM, say("discord.folder.which", clip=clip_id), new)
    options = [
        discord.SelectOption(label=folder.name, value=folder.name, description=say("discord.folder.count", count=count))
        for folder, count in found[:25]
    ]
    return card(
        CALM,
        say("discord.folder.which", clip=clip_id),
        row(menu("putin", say("discord.folder.choose"), options, about=clip_id)),
        new,
    )


def choose_clip(clip_ids: Sequence[str], deed: str) -> ui.LayoutView:
    """A message holds several clips: which one is meant?"""
    options = [discord.SelectOption(label=one, value=one) for one in clip_ids]
    return card(CALM, say("discord.which_clip"), row(menu(deed, say("discord.menu.open"), options)))


def brought(sha256: str) -> ui.LayoutView:
    """Somebody's file was taken in: what should become of it?"""
    go_on = button("remix", sha256, say("discord.button.remix"), emoji="🎨", style=discord.ButtonStyle.primary)
    return card(CALM, say("discord.brought"), row(go_on))


# -- where it comes from -------------------------------------------------------------------------------------------


def tree(found: Branch, clip_id: str, makers: Mapping[str, str]) -> ui.LayoutView:
    lines = [*_lines(found, clip_id, makers, 0)]
    shown = lines[:LINES_SHOWN]
    if len(lines) > LINES_SHOWN:
        shown.append(say("discord.tree.more", count=len(lines) - LINES_SHOWN))
    picture: ui.MediaGallery[Any] = ui.MediaGallery()
    picture.add_item(media=f"attachment://{TREE}", description=say("discord.tree.alt", count=len(lines)))
    return card(CALM, f"### {say('discord.tree.title', clip=clip_id)}", picture, "\n".join(shown))


def _lines(branch: Branch, clip_id: str, makers: Mapping[str, str], depth: int) -> list[str]:
    if branch.gap is not None:
        said = say(f"gap.{branch.gap}")
    else:
        maker = makers.get(branch.maker_id or "")
        said = f"`{branch.clip_id}`" + (f" · {say('discord.explore.by', maker=maker)}" if maker else "")
    own = f"{'  ' * depth}- " + (f"**{said}**" if branch.clip_id == clip_id else said)
    more = [f"{'  ' * (depth + 1)}- {say('discord.tree.more', count=branch.more)}"] if branch.more else []
    below = [line for one in branch.branches for line in _lines(one, clip_id, makers, depth + 1)]
    return [own, *below, *more]


def trace(report: TraceReport, sources: Source | None = None) -> ui.LayoutView:
    """Was this made here? With `sources`, the picture of them hangs on the message under TREE's name."""
    sentence, kind = stories.conclusion(report)
    parts: list[Part | str] = [
        f"### {_MARKS[kind]} {say(sentence)}",
        "\n".join(map(quoted_line, stories.trace(report, sources))),
        *_sources(sources),
    ]
    if report.clip:
        parts.append(row(button("open", report.clip, say("discord.button.open"))))
    return card(_COLOURS[kind], *parts)


def _sources(sources: Source | None) -> list[Part | str]:
    if sources is None:
        return []
    picture: ui.MediaGallery[Any] = ui.MediaGallery()
    picture.add_item(media=f"attachment://{TREE}", description=say("heritage.title"))
    return [picture, "\n".join(map(quoted_line, stories.source_lines(sources)[:LINES_SHOWN]))]


def quoted_line(text: str) -> str:
    """What another tool wrote into a file is only letters here."""
    return quoted(text, 600)


def credentials(
    clip_id: str, report: TraceReport, facts: Sequence[str], sources: Source | None = None
) -> ui.LayoutView:
    """What is signed into a clip, as it was just read back from the file."""
    sentence, kind = stories.conclusion(report)
    said = "\n".join((*(quoted_line(line) for line in stories.trace(report, sources)), *facts))
    return card(
        _COLOURS[kind],
        f"### 🔏 {clip_id}\n{_MARKS[kind]} {say(sentence)}",
        said,
        *_sources(sources),
        small(say("discord.check_it")),
    )


def whole(clip_id: str, enter: str, page: str) -> ui.LayoutView:
    """The way to the clip as it is, for one person and once."""
    links = (
        ui.Button[Any](label=say("discord.desk.enter"), url=enter),
        ui.Button[Any](label=say("discord.button.open_page"), url=page),
    )
    return card(CALM, say("discord.result.how_to_whole", clip=clip_id), row(*links))


def done(sentence: str) -> ui.LayoutView:
    return told(sentence, colour=DONE)

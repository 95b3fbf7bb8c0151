"""The card of a storyboard, and its forms. Words that nobody has allowed yet are not repeated."""

from collections.abc import Sequence
from typing import Any, Final

import discord
from discord import ui

from bots.discord import forms
from bots.discord.cards import CALM, card, explained, quoted, row, small, told
from bots.discord.items import button, menu
from bots.wording import say
from engine.asking import Quote
from engine.boards import Board, BoardCard
from engine.brief import Aspect, ClipSource, Quality, Resolution, UploadSource
from storage.errors import CodedError

TIMELINE: Final = "timeline.png"
PREVIEW: Final = "preview.jpg"
TEXT_SHOWN: Final = 120
AS_IT_COMES: Final = "-"
_CLIP_ID: Final = 40
_STYLE: Final = 60


def board(shown: Board, owner: str, price: Quote | CodedError | None) -> ui.LayoutView:
    parts: list[Any] = [_title(shown, owner)]
    if shown.cards:
        timeline: ui.MediaGallery[Any] = ui.MediaGallery()
        described = say("discord.board.alt", count=len(shown.cards), seconds=f"{shown.seconds:g}")
        timeline.add_item(media=f"attachment://{TIMELINE}", description=described)
        parts += [timeline, "\n".join(_line(number, one) for number, one in enumerate(shown.cards, 1))]
    else:
        parts.append(say("discord.board.empty"))
    parts.append(small(" · ".join((_look(shown), *([_price(price)] if price is not None else [])))))
    if shown.cards:
        parts.append(row(_menu(shown)))
    parts += [_adding(shown.id), _deciding(shown)]
    return card(CALM, *parts)


def _title(shown: Board, owner: str) -> str:
    lines = [f"### 🎬 {say('discord.board.title', board=shown.id)}", say("discord.board.of", owner=owner)]
    return "\n".join([*lines, *([say("discord.board.is_open")] if shown.is_open else [])])


def _line(number: int, one: BoardCard) -> str:
    words = say("discord.board.unsure") if one.is_unsure else quoted(one.text, TEXT_SHOWN)
    source = one.source
    if isinstance(source, ClipSource):
        end = "" if source.end is None else f"{source.end:g}"
        part = f" [{source.start:g}-{end}]" if source.start or source.end is not None else ""
        words = " · ".join(filter(None, (f"🎞️ `{source.clip_id}`{part}", words)))
    elif source is not None:
        words = " · ".join(filter(None, (f"🖼️ {say('discord.board.file')}", words)))
    return f"**{number}** · {one.at:g} s · {words}"


def _look(shown: Board) -> str:
    look = shown.look
    said = [str(one) for one in (look.resolution, look.aspect) if one is not None]
    said.append(say("plans.seconds", seconds=f"{shown.seconds:g}"))
    if look.style:
        said.append(quoted(look.style, _STYLE))
    return " · ".join(said)


def _price(price: Quote | CodedError) -> str:
    if isinstance(price, Quote):
        return say("discord.price", price=price.price) if price.price else say("discord.free")
    return explained(price)


def _menu(shown: Board) -> Any:
    options = [
        discord.SelectOption(
            label=say("discord.board.card", number=number, at=f"{one.at:g}"),
            value=one.id,
            description=None if one.is_unsure else " ".join(one.text.split())[:80] or None,
        )
        for number, one in enumerate(shown.cards, 1)
    ]
    return menu("boardcard", say("discord.board.change"), options, about=shown.id)


def _adding(board_id: str) -> Any:
    return row(
        button("boardtext", board_id, say("discord.board.text"), emoji="✍️"),
        button("boardclip", board_id, say("discord.board.clip"), emoji="🎞️"),
        button("boardfile", board_id, say("discord.board.picture"), emoji="🖼️"),
        button("boardlook", board_id, say("discord.board.look"), emoji="🎨"),
    )


def _deciding(shown: Board) -> Any:
    others = "boardclose" if shown.is_open else "boardopen"
    looking = [button("boardpreview", shown.id, say("discord.board.preview"), emoji="👁️")] if shown.cards else []
    return row(
        *looking,
        button("boardmake", shown.id, say("discord.board.make"), emoji="🎬", style=discord.ButtonStyle.success),
        button(others, shown.id, say(f"discord.board.{others.removeprefix('board')}"), emoji="👥"),
        button("boarddelete", shown.id, say("discord.button.delete"), emoji="🗑️"),
    )


def previewed(file: str, alt: str, lines: Sequence[str]) -> ui.LayoutView:
    """What a storyboard will look like, for whoever pressed alone."""
    still: ui.MediaGallery[Any] = ui.MediaGallery()
    still.add_item(media=f"attachment://{file}", description=alt)
    return card(CALM, still, *(small(quoted(line)) for line in lines))


def thrown_away(board_id: str) -> ui.LayoutView:
    return told(say("discord.board.gone", board=board_id))


# -- forms ---------------------------------------------------------------------------------------------------------


def _at(at: str = "") -> Any:
    return forms.line("at", say("discord.board.at"), typed=at)


def _part() -> tuple[Any, Any]:
    return forms.line("start", say("discord.recut.start")), forms.line("end", say("discord.recut.end"))


def form_of_text(board_id: str) -> ui.Modal:
    return forms.form(
        "boardtext", board_id, say("discord.board.text"), forms.words("text", say("discord.board.happens")), _at()
    )


def form_of_clip(board_id: str) -> ui.Modal:
    clip = forms.line("clip", say("discord.board.clip_id"), longest=_CLIP_ID, needed=True)
    text = forms.words("text", say("discord.board.happens_too"), needed=False)
    return forms.form("boardclip", board_id, say("discord.board.clip"), clip, _at(), *_part(), text)


def form_of_file(board_id: str) -> ui.Modal:
    file = forms.upload("file", say("discord.board.upload"), say("discord.board.upload_hint"))
    text = forms.words("text", say("discord.board.happens_too"), needed=False)
    return forms.form("boardfile", board_id, say("discord.board.picture"), file, _at(), *_part(), text)


def form_of_card(board_id: str, one: BoardCard) -> ui.Modal:
    """Everything about a card in one form: its words, its time, its part of the clip, and whether it stays."""
    words = forms.words("text", say("discord.board.happens"), typed=one.text, needed=False)
    source = one.source
    trim = []
    if isinstance(source, ClipSource) or (isinstance(source, UploadSource) and source.media_type.startswith("video/")):
        end = "" if source.end is None else f"{source.end:g}"
        trim = [
            forms.line("start", say("discord.recut.start"), typed=f"{source.start:g}"),
            forms.line("end", say("discord.recut.end"), typed=end),
        ]
    title = say("discord.board.change")
    away = forms.yes_or_no("remove", say("discord.board.remove"))
    fields = [words, _at(f"{one.at:g}"), *trim, away]
    return forms.form("boardcard", board_id, title, *fields, more=one.id)


def form_of_look(shown: Board) -> ui.Modal:
    usual = (AS_IT_COMES, say("discord.board.as_cards"))
    look = shown.look
    qualities = [(str(one), say(f"discord.quality.{one}")) for one in Quality]
    return forms.form(
        "boardlook",
        shown.id,
        say("discord.board.look"),
        forms.choice(
            "aspect",
            say("discord.preset.aspect"),
            [usual, *((str(one), str(one)) for one in Aspect)],
            usual=look.aspect or AS_IT_COMES,
        ),
        forms.choice(
            "resolution",
            say("discord.preset.resolution"),
            [usual, *((str(one), str(one)) for one in Resolution)],
            usual=look.resolution or AS_IT_COMES,
        ),
        forms.line("seconds", say("discord.board.seconds"), typed="" if look.seconds is None else f"{look.seconds:g}"),
        forms.line("style", say("discord.preset.style"), typed=look.style or "", longest=_STYLE),
        forms.choice("quality", say("discord.option.quality"), qualities, usual=look.quality),
    )

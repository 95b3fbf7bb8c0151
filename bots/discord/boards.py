"""Building storyboards on Discord: the card of a board is in the channel, and each press changes the board itself.

Nothing of a board is kept in the message: it may be pressed after days, after restarts and by several people at once.
"""

import tempfile
from pathlib import Path
from typing import Any, Final

import discord

from bots import stories
from bots.discord import board_cards, replies
from bots.discord.forms import Filled
from bots.discord.items import Wish
from bots.discord.making import Hand, fetched, make
from bots.discord.operations import read_clip, read_seconds
from bots.discord.people import asker_of, name_of
from engine.asking import Quote
from engine.boards import Board
from engine.brief import Brief, ClipSource, Source
from engine.errors import StudioError
from engine.members import Asker
from engine.studio import Studio
from storage.errors import CodedError

_YES: Final = "yes"


async def storyboard(hand: Hand, interaction: discord.Interaction, board_id: str | None) -> None:
    """A new one, or one that is there, brought to the end of the channel."""
    await replies.defer(interaction, private=False)
    asker = await asker_of(hand.studio, interaction)
    boards = hand.studio.boards
    board = await boards.start(asker) if board_id is None else await boards.get(asker, board_id)
    await _show(hand.studio, interaction, asker, board)


async def _show(studio: Studio, interaction: discord.Interaction, asker: Asker, board: Board) -> None:
    owner, price = await name_of(studio, board.member_id), await _price(studio, asker, board)
    view = board_cards.board(board, owner, price)
    if not board.cards:
        await replies.answer(interaction, view)
        return
    with tempfile.TemporaryDirectory() as folder:
        picture = await studio.boards.picture(board, Path(folder) / board_cards.TIMELINE)
        await replies.answer(interaction, view, [discord.File(picture, filename=board_cards.TIMELINE)])


async def _price(studio: Studio, asker: Asker, board: Board) -> Quote | CodedError | None:
    """What it costs its owner; others are not told what the owner's plan is."""
    if not board.cards or asker.member_id != board.member_id:
        return None
    try:
        return await studio.quote(await brief_of(studio, asker, board), asker)
    except CodedError as problem:
        return problem


async def brief_of(studio: Studio, asker: Asker, board: Board) -> Brief:
    look, usual = board.look, studio.settings.defaults
    has_sources = any(card.source is not None for card in board.cards)
    return await stories.fitted(
        studio,
        asker,
        board.as_fields(),
        aspect=look.aspect or (None if has_sources else usual.aspect),
        resolution=look.resolution or (None if has_sources else usual.resolution),
        seconds=board.seconds,
    )


# -- adding --------------------------------------------------------------------------------------------------------


async def add_text(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    await interaction.response.send_modal(board_cards.form_of_text(wish.about))


async def add_clip(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    await interaction.response.send_modal(board_cards.form_of_clip(wish.about))


async def add_file(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    await interaction.response.send_modal(board_cards.form_of_file(wish.about))


async def send_text(hand: Hand, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
    asker = await _building(hand, interaction)
    await _add(hand, interaction, asker, wish.about, filled, None)


async def send_clip(hand: Hand, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
    asker = await _building(hand, interaction)
    source = ClipSource(clip_id=read_clip(filled.text("clip")))
    await _add(hand, interaction, asker, wish.about, filled, source)


async def send_file(hand: Hand, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
    file = filled.file("file")
    if file is None:
        raise StudioError("discord.no_file_there")
    asker = await _building(hand, interaction)
    async with fetched(file) as path:
        source = await hand.studio.bring(path, asker)
    await _add(hand, interaction, asker, wish.about, filled, source)


async def _building(hand: Hand, interaction: discord.Interaction) -> Asker:
    await interaction.response.defer()
    return await asker_of(hand.studio, interaction)


async def _add(
    hand: Hand, interaction: discord.Interaction, asker: Asker, board_id: str, filled: Filled, source: Source | None
) -> None:
    typed_at = filled.text("at").strip()
    at = read_seconds(typed_at, "at") if typed_at else None
    text = filled.text("text")
    stories.check_prompt(text)
    if source is not None:
        window = {"start": read_seconds(filled.text("start"), "start"), "end": _end(filled)}
        source = _trimmed(source, window)
    board = await hand.studio.boards.add_card(asker, board_id, at=at, text=text, source=source)
    await _show(hand.studio, interaction, asker, board)


def _end(filled: Filled) -> float | None:
    return read_seconds(filled.text("end"), "end") or None


def _trimmed(source: Source, window: dict[str, Any]) -> Source:
    """A part of a source; a StudioError says when it is none."""
    probe = stories.brief_of({"operation": "loop", "sources": [source.model_dump() | window]})
    return probe.sources[0]


# -- changing ------------------------------------------------------------------------------------------------------


async def open_card(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    board = await hand.studio.boards.get(await asker_of(hand.studio, interaction), wish.about)
    await interaction.response.send_modal(board_cards.form_of_card(board.id, board.card(wish.more)))


async def send_card(hand: Hand, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
    asker = await _building(hand, interaction)
    boards, card_id = hand.studio.boards, wish.more
    if filled.text("remove") == _YES:
        board = await boards.remove_card(asker, wish.about, card_id)
    else:
        text = filled.text("text")
        stories.check_prompt(text)
        changes: dict[str, Any] = {"text": text, "at": read_seconds(filled.text("at"), "at")}
        if "start" in filled.texts:
            changes |= {"start": read_seconds(filled.text("start"), "start"), "end": _end(filled)}
        board = await boards.change_card(asker, wish.about, card_id, **changes)
    await _show(hand.studio, interaction, asker, board)


async def open_look(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    board = await hand.studio.boards.get(await asker_of(hand.studio, interaction), wish.about)
    await interaction.response.send_modal(board_cards.form_of_look(board))


async def send_look(hand: Hand, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
    asker = await _building(hand, interaction)
    values: dict[str, Any] = {}
    for name in ("aspect", "resolution"):
        chosen = filled.text(name)
        values[name] = None if chosen in ("", board_cards.AS_IT_COMES) else chosen
    style = filled.text("style").strip()
    stories.check_letters(style)
    values |= {"seconds": read_seconds(filled.text("seconds"), "seconds") or None, "style": style or None}
    values["quality"] = filled.text("quality") or "turbo"
    board = await hand.studio.boards.change_look(asker, wish.about, **values)
    await _show(hand.studio, interaction, asker, board)


# -- whose it is ---------------------------------------------------------------------------------------------------


async def open_to_others(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    await _set_open(hand, interaction, wish.about, on=True)


async def close_to_others(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    await _set_open(hand, interaction, wish.about, on=False)


async def _set_open(hand: Hand, interaction: discord.Interaction, board_id: str, *, on: bool) -> None:
    asker = await _building(hand, interaction)
    board = await hand.studio.boards.open_to_others(asker, board_id, on=on)
    await _show(hand.studio, interaction, asker, board)


async def delete(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    asker = await _building(hand, interaction)
    await hand.studio.boards.remove(asker, wish.about)
    await interaction.edit_original_response(view=board_cards.thrown_away(wish.about), attachments=[])


async def preview(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    await replies.defer(interaction, private=True)
    studio = hand.studio
    asker = await asker_of(studio, interaction)
    board = await studio.boards.get(asker, wish.about)
    brief = await brief_of(studio, await studio.boards.owner(board), board)
    still = await studio.previews.of_board(brief, asker, owner=board.member_id, board_id=board.id)
    view = board_cards.previewed(board_cards.PREVIEW, stories.preview_alt(brief), stories.preview_told(still, brief))
    await replies.answer(interaction, view, [discord.File(still.file, filename=board_cards.PREVIEW)])


async def make_it(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    """The board stays, to be changed and made again."""

    async def brief(asker: Asker) -> Brief:
        return await brief_of(hand.studio, asker, await hand.studio.boards.own(asker, wish.about))

    await make(hand, interaction, brief)

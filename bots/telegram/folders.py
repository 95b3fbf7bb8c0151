"""Folders of a member's library: keeping a clip in one, looking into them. For the member alone."""

from collections.abc import Mapping, Sequence
from typing import Final

from bots.telegram import cards
from bots.telegram.buttons import Button, Wish
from bots.telegram.commands import Command
from bots.telegram.line import MessageGone
from bots.telegram.pressing import PAGE, Deed, with_sheet
from bots.telegram.room import Room, Talk
from bots.telegram.text import BOLD, Card, Styled, card, plain, told
from bots.wording import say
from engine.errors import StudioError
from engine.members import Asker
from storage.library import FolderRow, View
from storage.posted import Posted

NEW: Final = "newfolder"
RENAME: Final = "renamefolder"
SHOWN: Final = 30  # folders
IN_A_ROW: Final = 2
LABEL: Final = 24

Folders = Sequence[tuple[FolderRow, int]]


# -- keeping a clip ------------------------------------------------------------------------------------------------


async def choose(room: Room, talk: Talk, wish: Wish) -> None:
    """In which of one's folders to keep a clip."""
    asker = await room.asker(talk)
    lies_in = await _shelved(room, asker, wish.about)
    found = await room.studio.library.folders(asker)
    await room.say_privately(talk, choosing(wish.about, found, lies_in), f"folder_{wish.about}")


async def _shelved(room: Room, asker: Asker, clip_id: str) -> str | None:
    """The folder that a clip lies in; StudioError where it is not in the member's library."""
    item = await room.studio.library.item(asker, clip_id)
    if item is None:
        raise StudioError("library.unknown", clip=clip_id)
    return item.folder


async def put_in(room: Room, talk: Talk, wish: Wish) -> None:
    asker = await room.asker(talk)
    folder = await _named(room, asker, wish.more)
    await room.studio.library.put(asker, [wish.about], folder.name)
    await _kept(room, talk, _kept_in(wish.about, folder.name))


async def take_out(room: Room, talk: Talk, wish: Wish) -> None:
    await room.studio.library.put(await room.asker(talk), [wish.about], None)
    await _kept(room, talk, say("folder.out", clips=wish.about))


async def _kept(room: Room, talk: Talk, said: str) -> None:
    """In place of the question."""
    await room.toast(talk, said)
    if talk.message is not None:
        try:
            await room.line.edit(talk.where, talk.message.message_id, told("📁 " + said))
        except MessageGone:
            return


def _kept_in(clip_id: str, folder: str) -> str:
    return say("discord.folder.kept", clip=clip_id, folder=plain(folder, LABEL))


async def new(room: Room, talk: Talk, wish: Wish) -> None:
    """A folder; where it was asked for under a clip, for that."""
    if not talk.is_private:
        raise StudioError("discord.outdated")
    await room.ask(talk, told("📁 " + say("telegram.ask.folder")), NEW, wish.about)


async def make_named(room: Room, talk: Talk, question: Posted, text: str) -> None:
    asker, clip_id = await room.asker(talk), question.about
    await room.studio.library.make_folder(asker, text)
    if not clip_id:
        await show(room, talk, "")
        return
    try:
        await room.studio.library.put(asker, [clip_id], text)
    except StudioError:
        await room.studio.library.remove_folder(asker, text)
        raise
    await room.say(talk, told("📁 " + _kept_in(clip_id, text)))


# -- looking into them ---------------------------------------------------------------------------------------------


async def show(room: Room, talk: Talk, _: str) -> None:
    found = await room.studio.library.folders(await room.asker(talk))
    await room.say_privately(talk, listing(found), "folders")


async def show_by_press(room: Room, talk: Talk, _: Wish) -> None:
    await show(room, talk, "")


async def look_into(room: Room, talk: Talk, wish: Wish) -> None:
    if not talk.is_private:
        raise StudioError("discord.outdated")
    asker = await room.asker(talk)
    folder = await _named(room, asker, wish.more)
    page = await room.studio.library.page(
        asker, View.FOLDER, folder=folder.name, after=wish.about or None, limit=PAGE
    )  # fmt: skip
    others = (
        Button("✏️ " + say("telegram.button.folder_rename"), RENAME, folder.id),
        Button("🗑 " + say("telegram.button.folder_off"), "dropfolder", folder.id),
        Button("📁 " + say("telegram.button.folders"), "folders"),
    )
    title = f"📁 {plain(folder.name)}"
    if not page.items:
        await room.say(talk, card(Styled(title, BOLD), say("telegram.folder.empty"), rows=(others,)))
        return
    shown = cards.listed(title, cards.titles_of(page), page, "infolder", folder.id, others)
    await with_sheet(room, talk, asker, page, shown)


async def ask_name(room: Room, talk: Talk, wish: Wish) -> None:
    if not talk.is_private:
        raise StudioError("discord.outdated")
    folder = await _named(room, await room.asker(talk), wish.about)
    await room.ask(
        talk, told("📁 " + say("telegram.ask.folder_name", name=plain(folder.name, LABEL))), RENAME, folder.id
    )


async def rename(room: Room, talk: Talk, question: Posted, text: str) -> None:
    asker = await room.asker(talk)
    folder = await _named(room, asker, question.about)
    await room.studio.library.rename_folder(asker, folder.name, text)
    await room.say(talk, told("📁 " + say("folder.renamed", name=plain(folder.name, LABEL), new=plain(text, LABEL))))


async def drop(room: Room, talk: Talk, wish: Wish) -> None:
    """The folder, not what lies in it."""
    asker = await room.asker(talk)
    folder = await _named(room, asker, wish.about)
    left = await room.studio.library.remove_folder(asker, folder.name)
    await room.toast(talk, say("folder.removed", name=plain(folder.name, LABEL), left=left))
    await show(room, talk, "")


async def _named(room: Room, asker: Asker, folder_id: str) -> FolderRow:
    found = [one for one, _ in await room.studio.library.folders(asker) if one.id == folder_id]
    if not found:
        raise StudioError("discord.outdated")
    return found[0]


# -- cards ---------------------------------------------------------------------------------------------------------


def choosing(clip_id: str, found: Folders, lies_in: str | None) -> Card:
    buttons = [
        Button(_label(folder, count) + (" ✓" if folder.name == lies_in else ""), "putin", clip_id, folder.id)
        for folder, count in found[:SHOWN]
    ]
    out = [Button("↩️ " + say("telegram.button.folder_out"), "outfolder", clip_id)] if lies_in is not None else []
    last = [Button("➕ " + say("discord.folder.new"), NEW, clip_id), *out]
    return card("📁 " + say("discord.folder.which", clip=clip_id), rows=(*_in_rows(buttons), last))


def listing(found: Folders) -> Card:
    buttons = [Button(_label(folder, count), "infolder", "", folder.id) for folder, count in found[:SHOWN]]
    title = Styled("📁 " + say("telegram.button.folders"), BOLD)
    new_one = [Button("➕ " + say("discord.folder.new"), NEW)]
    return card(title, "" if found else say("telegram.folder.none"), rows=(*_in_rows(buttons), new_one))


def _label(folder: FolderRow, count: int) -> str:
    return f"{plain(folder.name, LABEL)} ({count})"


def _in_rows(buttons: Sequence[Button]) -> list[Sequence[Button]]:
    return [buttons[at : at + IN_A_ROW] for at in range(0, len(buttons), IN_A_ROW)]


COMMANDS: Final[Mapping[str, Command]] = {"folders": show}
DEEDS: Final[Mapping[str, Deed]] = {
    "folder": choose,
    "folders": show_by_press,
    "putin": put_in,
    "outfolder": take_out,
    NEW: new,
    "infolder": look_into,
    RENAME: ask_name,
    "dropfolder": drop,
}

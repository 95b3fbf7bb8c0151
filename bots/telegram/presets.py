"""Presets: a look and words under a name, used once or by themselves.

They are shown in the member's private chat. Those of a group carry its id along: there, Telegram does not say which.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from bots import briefs, stories
from bots.telegram.buttons import Button, Wish
from bots.telegram.commands import Command
from bots.telegram.line import MessageGone
from bots.telegram.making import brief_of, make, own_clip
from bots.telegram.pressing import Deed
from bots.telegram.room import Room, Talk
from bots.telegram.text import BOLD, Card, Styled, card, plain, told
from bots.wording import say
from engine.brief import Brief
from engine.errors import StudioError
from engine.members import Asker
from engine.presets import PresetContent, content_of, read_content
from storage.posted import Posted
from storage.presets import PresetRow

NEW, LOOK, MADE_WITH = "presetnew", "presetlook", "presetmake"  # questions
SHOWN: Final = 20
IN_A_ROW: Final = 5
NAME_SHOWN: Final = 40
WORDS_SHOWN: Final = 80


async def show(room: Room, talk: Talk, _: str) -> None:
    chat = "" if talk.is_private else str(talk.where.chat)
    await room.say_privately(talk, await _listing(room, await room.asker(talk), chat), "presets")


async def show_by_press(room: Room, talk: Talk, _: Wish) -> None:
    await show(room, talk, "")


async def _listing(room: Room, asker: Asker, chat: str) -> Card:
    usual = await room.studio.presets.default(asker)
    found = await room.studio.presets.all(asker)
    return listing(found[:SHOWN], usual.id if usual is not None else None, chat)


async def show_one(room: Room, talk: Talk, wish: Wish) -> None:
    asker = await _asker(room, talk, wish.more)
    await _in_place(room, talk, one(await _preset(room, asker, wish.about), wish.more))


async def do(room: Room, talk: Talk, wish: Wish) -> None:
    """What with which; in `more` the deed, and the group that it is about."""
    deed, _, chat = wish.more.partition(",")
    asker, kept = await _asker(room, talk, chat), room.studio.presets
    if deed == "unuse":
        await kept.use(asker, None)
        said = say("preset.unused")
    else:
        row = await _preset(room, asker, wish.about)
        match deed:
            case "use":
                await kept.use(asker, row.name)
                said = say("preset.used", name=plain(row.name, NAME_SHOWN))
            case "share":
                shared = await kept.share(asker, row.name)
                said = say("preset.shared", name=plain(row.name, NAME_SHOWN), code=shared.id)
            case "remove":
                await kept.remove(asker, row.name)
                said = say("preset.removed", name=plain(row.name, NAME_SHOWN))
            case _:
                raise StudioError("discord.outdated")
    await room.toast(talk, said)
    shown = await _listing(room, asker, chat)
    await _in_place(room, talk, card(*shown.lines, said, rows=shown.rows))


async def _in_place(room: Room, talk: Talk, shown: Card) -> None:
    await room.toast(talk)
    if talk.message is not None:
        try:
            await room.line.edit(talk.where, talk.message.message_id, shown)
        except MessageGone:
            await room.say(talk, shown)


async def _asker(room: Room, talk: Talk, chat: str) -> Asker:
    """Whoever pressed, in the group whose presets these are."""
    if not chat:
        return await room.asker(talk)
    if not (chat.startswith("-") and chat[1:].isascii() and chat[1:].isdigit()):
        raise StudioError("discord.outdated")
    if not await room.rights.is_in(int(chat), talk.speaker.id):
        raise StudioError("discord.outdated")
    return await room.people.in_chat(talk.speaker.id, int(chat), fresh=True)


async def _preset(room: Room, asker: Asker, preset_id: str) -> PresetRow:
    found = [row for row in await room.studio.presets.all(asker) if row.id == preset_id]
    if not found:
        raise StudioError("discord.outdated")
    return found[0]


# -- making one, and with one --------------------------------------------------------------------------------------


async def ask_for_new(room: Room, talk: Talk, _: Wish) -> None:
    await room.ask(talk, told("🎨 " + say("telegram.ask.preset"), say("telegram.ask.preset_how")), NEW, "")


async def make_new(room: Room, talk: Talk, _: Posted, text: str) -> None:
    name, content = read_preset(text)
    await _save(room, talk, name, content)


async def ask_for_name(room: Room, talk: Talk, wish: Wish) -> None:
    """For the look of a clip of one's own."""
    await own_clip(room, await room.asker(talk), wish.about)
    await room.ask(talk, told("🎨 " + say("telegram.ask.preset_name", clip=wish.about)), LOOK, wish.about)


async def keep_look(room: Room, talk: Talk, question: Posted, text: str) -> None:
    brief = await brief_of(room, await own_clip(room, await room.asker(talk), question.about))
    look = brief.look
    content = read_content(
        style=look.style, aspect=look.aspect, resolution=look.resolution, seconds=look.seconds, quality=brief.quality
    )
    await _save(room, talk, text, content)


async def _save(room: Room, talk: Talk, name: str, content: PresetContent) -> None:
    row = await room.studio.presets.save(await room.asker(talk), name, content)
    await room.say(talk, told("🎨 " + say("telegram.preset.saved", name=plain(row.name, NAME_SHOWN))))


async def ask_for_words(room: Room, talk: Talk, wish: Wish) -> None:
    row = await _preset(room, await _asker(room, talk, wish.more), wish.about)
    about = f"{row.id},{wish.more}" if wish.more else row.id
    await room.ask(
        talk, told("🎬 " + say("telegram.ask.made_with", name=plain(row.name, NAME_SHOWN))), MADE_WITH, about
    )


async def make_with(room: Room, talk: Talk, question: Posted, text: str) -> None:
    preset_id, _, chat = question.about.partition(",")

    async def brief(asker: Asker) -> Brief:
        row = await _preset(room, await _asker(room, talk, chat), preset_id)
        return await briefs.new_brief(room.studio, asker, briefs.read_typed(text), content_of(row))

    await make(room, talk, brief)


def read_preset(text: str) -> tuple[str, PresetContent]:
    """Lines: its name, its style or a dash, the words that it adds. The last may say how: `9:16 10s 720p`."""
    typed = briefs.read_typed(" \n" + text)
    lines = [line.strip() for line in typed.prompt.splitlines() if line.strip()]
    if not lines:
        raise StudioError("preset.empty")
    style = lines[1] if len(lines) > 1 and lines[1].strip("-–—") else None
    words = " ".join(lines[2:]) or None
    return lines[0], read_content(
        style=style, words=words, aspect=typed.aspect, resolution=typed.resolution, seconds=typed.seconds
    )


# -- cards ---------------------------------------------------------------------------------------------------------


def listing(found: Sequence[PresetRow], usual_id: str | None, chat: str = "") -> Card:
    lines = [f"{'▸' if row.id == usual_id else '·'} {number}. {_line(row)}" for number, row in enumerate(found, 1)]
    numbers = [Button(str(number), "preset", row.id, chat) for number, row in enumerate(found, 1)]
    stop = [Button(say("discord.preset.unuse"), "presetdo", "-", f"unuse,{chat}")] if usual_id is not None else []
    return card(
        Styled("🎨 " + say("telegram.preset.title"), BOLD),
        *(lines or [say("discord.preset.none")]),
        rows=(
            *(numbers[at : at + IN_A_ROW] for at in range(0, len(numbers), IN_A_ROW)),
            [Button("➕ " + say("discord.preset.new"), NEW), *stop],
        ),
    )


def one(row: PresetRow, chat: str = "") -> Card:
    return card(
        _line(row),
        rows=(
            [Button("🎬 " + say("telegram.button.made_with"), MADE_WITH, row.id, chat)],
            [
                Button(f"{sign} " + say(f"discord.preset.{deed}"), "presetdo", row.id, f"{deed},{chat}")
                for deed, sign in (("use", "✅"), ("share", "🔗"), ("remove", "🗑"))
            ],
        ),
    )


def _line(row: PresetRow) -> str:
    says = stories.preset(content_of(row), lambda words: plain(words, WORDS_SHOWN))
    whose = f" ({say('preset.of_community')})" if row.community_id is not None else ""
    return f"{plain(row.name, NAME_SHOWN)} – {says}{whose}"


COMMANDS: Final[Mapping[str, Command]] = {"presets": show}
DEEDS: Final[Mapping[str, Deed]] = {
    "presets": show_by_press,
    "preset": show_one,
    "presetdo": do,
    NEW: ask_for_new,
    LOOK: ask_for_name,
    MADE_WITH: ask_for_words,
}

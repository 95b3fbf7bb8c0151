"""All that can be typed and pressed, from every room, and the menus that clients show of it."""

from collections.abc import Mapping
from typing import Any, Final

from telegram import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats

from bots.telegram import (
    boards,
    cards,
    channels,
    commands,
    desk,
    folders,
    gatherings,
    presets,
    pressing,
    settings,
    stars,
    vouching,
)
from bots.telegram.buttons import Wish
from bots.telegram.commands import Command
from bots.telegram.pressing import Deed
from bots.telegram.room import Room, Talk
from bots.wording import LANGUAGES, catalogue

DEEDS: Final[Mapping[str, Deed]] = {
    **pressing.DEEDS,
    **desk.DEEDS,
    **boards.DEEDS,
    **folders.DEEDS,
    **presets.DEEDS,
    **settings.DEEDS,
    **gatherings.DEEDS,
    **stars.DEEDS,
}
# What a link may lead to: looks, and questions. Nothing that a stranger's link could do in a member's name.
_LINKED: Final = frozenset(
    {
        *("why", "appeal", "library", "explore", "remix", "report", "making", "blend", "file"),
        *("folder", "folders", "presets", "gatherrules", "gatherorder"),
    }
)


async def start(room: Room, talk: Talk, payload: str) -> None:
    """The first hello; or where a link leads."""
    action, _, about = payload.partition("_")
    match action:
        case "credits" | "queue" | "link" | "buy" | "paysupport":
            await COMMANDS[action](room, talk, "")
        case "clip":
            await pressing.show(room, talk, Wish("open", about))
        case _ if action in _LINKED:
            await DEEDS[action](room, talk, Wish(action, about))
        case _:
            await room.say(talk, cards.start())


COMMANDS: Final[Mapping[str, Command]] = {
    **commands.COMMANDS,
    **folders.COMMANDS,
    **presets.COMMANDS,
    **boards.COMMANDS,
    **gatherings.COMMANDS,
    **settings.COMMANDS,
    **channels.COMMANDS,
    **stars.COMMANDS,
    **vouching.COMMANDS,
    "start": start,
}
_PRIVATE, _GROUP = "private", "group"
_BOTH: Final = (_PRIVATE, _GROUP)
# Where a client lists a command: each in both, but for these.
_SCOPES: Final = {
    "appeal": (_PRIVATE,),
    "link": (_PRIVATE,),
    "post": (_PRIVATE,),
    "buy": (_PRIVATE,),
    "terms": (_PRIVATE,),
    "paysupport": (_PRIVATE,),
    "chain": (_GROUP,),
    "party": (_GROUP,),
    "cases": (),  # for few: whom it concerns finds it in the settings, or on a case
    "vouch": (),
    "unvouch": (),
    "start": (),
}
# Telegram knows a language by two letters, and one Chinese by them: what a client shows is the script of most of those
# who use it. Answers are in the one that the member's own client names.
_CODES: Final = {"en": "", "zh-Hans": "zh"}


def menu(language: str, scope: str, *, sells: bool = False) -> list[BotCommand]:
    """The commands as a client lists them. `sells`: credits can be bought."""
    texts = catalogue(language)
    listed = [name for name in COMMANDS if scope in _SCOPES.get(name, _BOTH) and (sells or name not in stars.COMMANDS)]
    return [BotCommand(name, texts[f"telegram.about.{name}"]) for name in listed]


async def tell(bot: Any, *, sells: bool = False) -> None:
    for language in LANGUAGES:
        if language not in _CODES:
            continue
        scopes = ((_PRIVATE, BotCommandScopeAllPrivateChats()), (_GROUP, BotCommandScopeAllGroupChats()))
        for scope, kind in scopes:
            code = {"language_code": _CODES[language]} if _CODES[language] else {}
            await bot.set_my_commands(menu(language, scope, sells=sells), scope=kind, **code)

"""/settings: what a community has settled, for its leads; what members chose for themselves, in their private chat."""

from collections.abc import Mapping
from typing import Any, Final

from bots.telegram.buttons import Button, Rows, Wish
from bots.telegram.commands import Command
from bots.telegram.line import MessageGone
from bots.telegram.pressing import Deed
from bots.telegram.room import Room, Talk
from bots.telegram.text import BOLD, Card, Styled, card, plain
from bots.wording import LANGUAGES, say
from engine.communities import CommunitySettings, WhoMayAsk
from engine.errors import StudioError
from engine.members import Asker, Role, at_least
from engine.naming import NAME_LIMIT
from engine.remixing import RemixRight
from storage.posted import Posted

NAMING: Final = "naming"  # the question by what name to be told
NO_NAME: Final = ("", "-", "–", "—")
_WHO: Final = (WhoMayAsk.EVERYONE, WhoMayAsk.MODERATORS, WhoMayAsk.LEADS, WhoMayAsk.NOBODY)


async def show(room: Room, talk: Talk, _: str) -> None:
    await room.say(talk, await _card(room, talk))


async def _card(room: Room, talk: Talk) -> Card:
    asker = await room.asker(talk, fresh=True)
    if talk.is_private:
        right, hears = await room.studio.remixing.default(asker)
        return card(
            Styled("⚙️ " + say("telegram.settings.own"), BOLD),
            say("telegram.settings.remix", who=say(f"telegram.remix_right.{right}")),
            say("telegram.settings.hears_on" if hears else "telegram.settings.hears_off"),
            *_naming_lines(await room.studio.naming.name(asker)),
            rows=_own_rows(right, hears=hears),
        )
    settings = await room.studio.membership.community(asker)
    return _community_card(settings, talk, rows=_rows(settings, talk) if at_least(asker.role, Role.LEAD) else ())


def _naming_lines(named: str | None) -> tuple[str, str]:
    told_as = say("naming.named", name=plain(named, NAME_LIMIT)) if named else say("naming.anonymous")
    return told_as, say("naming.how")


def _own_rows(right: RemixRight, *, hears: bool) -> Rows:
    following = list(RemixRight)[(list(RemixRight).index(right) + 1) % len(RemixRight)]
    return (
        (Button("🎨 " + say(f"telegram.remix_right.{following}"), "setremix", "", following.value),),
        (Button(say("telegram.button.hear_off" if hears else "telegram.button.hear_on"), "sethears"),),
        (Button("🪪 " + say("naming.title"), "setname"),),
    )


def _community_card(settings: CommunitySettings, talk: Talk, rows: Rows) -> Card:
    language = say(f"telegram.language.{(settings.language or LANGUAGES[0]).replace('-', '_')}")
    cases = say("telegram.settings.cases_nowhere")
    if settings.case_channel:
        here = settings.case_channel == str(talk.where)
        cases = say("telegram.settings.cases_here" if here else "telegram.settings.cases_elsewhere")
    return card(
        Styled("⚙️ " + say("telegram.settings.title"), BOLD),
        say("telegram.settings.who", who=say(f"telegram.who.{settings.who_may_ask}")),
        say("telegram.settings.starting", who=say(f"telegram.who.{settings.who_may_start}")),
        cases,
        say("telegram.settings.language", language=language),
        rows=rows,
    )


def _rows(settings: CommunitySettings, talk: Talk) -> Rows:
    who, starting = _after(settings.who_may_ask), _after(settings.who_may_start)
    following = LANGUAGES[(LANGUAGES.index(settings.language or LANGUAGES[0]) + 1) % len(LANGUAGES)]
    here = settings.case_channel == str(talk.where)
    return (
        (Button("✍️ " + say(f"telegram.who.{who}"), "setwho", "", who.value),),
        (Button("🎉 " + say(f"telegram.who.{starting}"), "setstart", "", starting.value),),
        (Button("⚖️ " + say("telegram.button.cases_off" if here else "telegram.button.cases_here"), "setcases"),),
        (Button("🌐 " + say(f"telegram.language.{following.replace('-', '_')}"), "setlanguage", "", following),),
    )


def _after(who: WhoMayAsk) -> WhoMayAsk:
    return _WHO[(_WHO.index(who) + 1) % len(_WHO)]


# -- presses -------------------------------------------------------------------------------------------------------


async def set_who(room: Room, talk: Talk, wish: Wish) -> None:
    await _settle(room, talk, {"who_may_ask": wish.more})


async def set_start(room: Room, talk: Talk, wish: Wish) -> None:
    await _settle(room, talk, {"who_may_start": wish.more})


async def set_language(room: Room, talk: Talk, wish: Wish) -> None:
    await _settle(room, talk, {"language": wish.more})


async def set_cases(room: Room, talk: Talk, _: Wish) -> None:
    """Cases come to this chat or topic, or to none."""
    asker = await _lead(room, talk)
    settings = await room.studio.membership.community(asker)
    here = str(talk.where)
    await _settle(room, talk, {"case_channel": None if settings.case_channel == here else here})


async def choose_cases(room: Room, talk: Talk, text: str) -> None:
    """/cases in a group of the moderators' own: with the id of the group whose cases are to come there."""
    if talk.is_private:
        raise StudioError("telegram.only_in_group")
    group = text.strip()
    if not group:
        await show(room, talk, "")
        return
    if not group.lstrip("-").isdigit() or not group.isascii():
        raise StudioError("telegram.which_group")
    asker = await room.people.in_chat(talk.speaker.id, int(group), fresh=True)
    if not at_least(asker.role, Role.LEAD):
        raise StudioError("community.not_yours")
    await room.studio.membership.change_community(asker, {"case_channel": str(talk.where)})
    await room.say(talk, card("⚖️ " + say("telegram.settings.cases_here")))


async def _settle(room: Room, talk: Talk, values: Mapping[str, Any]) -> None:
    asker = await _lead(room, talk)
    await room.studio.membership.change_community(asker, values)
    await _again(room, talk)


async def _lead(room: Room, talk: Talk) -> Asker:
    asker = await room.asker(talk, fresh=True)
    if talk.is_private or not at_least(asker.role, Role.LEAD):
        raise StudioError("community.not_yours")
    return asker


async def set_remix(room: Room, talk: Talk, wish: Wish) -> None:
    if wish.more not in list(RemixRight):
        raise StudioError("discord.outdated")
    await room.studio.remixing.set_default(await _alone(room, talk), RemixRight(wish.more))
    await _again(room, talk)


async def set_hears(room: Room, talk: Talk, _wish: Wish) -> None:
    asker = await _alone(room, talk)
    _, hears = await room.studio.remixing.default(asker)
    await room.studio.remixing.hear_of_remixes(asker, on=not hears)
    await _again(room, talk)


async def ask_name(room: Room, talk: Talk, _wish: Wish) -> None:
    await _alone(room, talk)
    await room.ask(talk, card("🪪 " + say("telegram.ask.name")), NAMING, "")


async def take_name(room: Room, talk: Talk, _question: Posted, text: str) -> None:
    """A lone dash takes it away: nobody can send an empty message."""
    asker = await _alone(room, talk)
    named = await room.studio.naming.set_name(asker, "" if text.strip() in NO_NAME else text)
    await room.say(talk, card(*_naming_lines(named)))


async def _alone(room: Room, talk: Talk) -> Asker:
    if not talk.is_private:
        raise StudioError("discord.outdated")
    return await room.asker(talk)


async def _again(room: Room, talk: Talk) -> None:
    await room.toast(talk, say("telegram.settings.noted"))
    if talk.message is not None:
        try:
            await room.line.edit(talk.where, talk.message.message_id, await _card(room, talk))
        except MessageGone:
            return


COMMANDS: Final[Mapping[str, Command]] = {"settings": show, "cases": choose_cases}
DEEDS: Final[Mapping[str, Deed]] = {
    "setwho": set_who,
    "setstart": set_start,
    "setlanguage": set_language,
    "setcases": set_cases,
    "setremix": set_remix,
    "sethears": set_hears,
    "setname": ask_name,
}

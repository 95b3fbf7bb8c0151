"""Chains and parties in a group or a topic: beginning one, taking part by a button or by an answer to its card, liking,
and keeping order, which whoever may does in their private chat.

Nothing is kept in the message: each press asks the studio how the gathering stands by now.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from bots import briefs, stories, together
from bots.telegram import gathering_cards
from bots.telegram.address import Where
from bots.telegram.buttons import Wish
from bots.telegram.commands import Command, clip_answered
from bots.telegram.line import Closed, MessageGone
from bots.telegram.making import take_down
from bots.telegram.pressing import Deed
from bots.telegram.room import Room, Talk
from bots.telegram.text import Card, card, told
from bots.wording import say
from engine.errors import StudioError
from engine.gatherings import ChainRules, GatheringView, PartyRules
from engine.gatherings.rules import read_rules
from engine.gatherings.states import Kind
from engine.members import Asker, Role, at_least
from engine.names import read_id, read_letters
from storage import gatherings as ledger
from storage.posted import Posted

JOIN: Final = "gatherjoin"
OWN: Final = "gatherown"  # paid by oneself, though there is a sponsor
# What may follow a theme: `most=10 pace=0`.
_RULES: Final = {
    Kind.CHAIN: {"most": "most", "each": "most_each", "pace": "pace_minutes", "turn": "turn_minutes",
                 "idle": "idle_hours", "budget": "budget"},
    Kind.PARTY: {"most": "most", "each": "most_each", "pace": "pace_minutes", "minutes": "minutes",
                 "reel": "reel_of", "budget": "budget"},
}  # fmt: skip
_POT, _FROM = "pot", "from"
_TYPED: Final = re.compile(r"(?:^|\s)([a-z]{2,8})\s?[=＝]\s?(\S{1,40})$", re.IGNORECASE)


# -- beginning -----------------------------------------------------------------------------------------------------


async def chain(room: Room, talk: Talk, text: str) -> None:
    await _begin_or_show(room, talk, Kind.CHAIN, text)


async def party(room: Room, talk: Talk, text: str) -> None:
    await _begin_or_show(room, talk, Kind.PARTY, text)


async def _begin_or_show(room: Room, talk: Talk, kind: Kind, text: str) -> None:
    if talk.is_private:
        raise StudioError("telegram.only_in_group")
    theme, typed = read_theme(kind, text)
    asker, place = await room.asker(talk, fresh=True), str(talk.where)
    if theme:
        await _begin(room, talk, asker, kind, theme, typed)
        return
    view = await room.studio.gatherings.at(asker, place, kind)
    if view is None:
        raise StudioError("gathering.none", kind=kind.value)
    stands = await room.gatherings.bring_up(view)
    if stands is not None:
        await room.line.send(stands[0], told("⤴️ " + say("telegram.gathering.up_there")), to=stands[1])


async def _begin(room: Room, talk: Talk, asker: Asker, kind: Kind, theme: str, typed: Mapping[str, str]) -> None:
    stories.check_letters(theme)
    rules = read_rules(
        ChainRules if kind is Kind.CHAIN else PartyRules,
        **{field: typed.get(name) for name, field in _RULES[kind].items()},
    )
    place, pot = str(talk.where), _pot(typed.get(_POT))
    origin = room.address(talk).model_copy(update={"answers": None, "reel_of": kind.value}).as_origin()
    if isinstance(rules, ChainRules):
        opening = _clip(typed[_FROM]) if _FROM in typed else await clip_answered(room, talk)
        view = await room.studio.gatherings.start_chain(
            asker, place, theme, origin, rules, opening=opening, pot_id=pot
        )  # fmt: skip
    else:
        view = await room.studio.gatherings.start_party(asker, place, theme, origin, rules, pot_id=pot)
    try:
        await room.gatherings.bring_up(view)
    except Closed:  # a card that cannot be posted would be waited for in vain
        await room.studio.gatherings.close(asker, view.id)
        raise


def read_theme(kind: Kind, text: str) -> tuple[str, dict[str, str]]:
    """The theme, and what was said about the rules after it: `Lanterns minutes=30 each=1`."""
    rest, typed = text.strip(), dict[str, str]()
    known = {*_RULES[kind], _POT, *([_FROM] if kind is Kind.CHAIN else [])}
    while (found := _TYPED.search(rest)) and found[1].lower() in known and found[1].lower() not in typed:
        typed[found[1].lower()] = found[2]
        rest = rest[: found.start()].rstrip()
    return rest, typed


def _pot(typed: str | None) -> str | None:
    if typed is None:
        return None
    found = read_id(typed if typed.lower().startswith("pot-") else f"pot-{typed}")
    if found is None:
        raise StudioError("id.malformed", typed=typed)
    return found


def _clip(typed: str) -> str:
    found = read_letters(typed)
    if found is None:
        raise StudioError("id.malformed", typed=typed)
    return found


# -- taking part ---------------------------------------------------------------------------------------------------


async def join(room: Room, talk: Talk, wish: Wish) -> None:
    """A question for what comes next; whoever cannot take part just now is told so before they write anything."""
    asker, view = await _there(room, talk, wish.about)
    if (why := await room.studio.gatherings.why_not(asker, view.id)) is not None:
        raise why
    await room.ask(talk, gathering_cards.question(view), wish.action, view.id)


async def enter(room: Room, talk: Talk, shown: Posted, text: str, *, own: bool = False) -> None:
    """Words in answer to its card, or to the question, are the next clip."""

    async def ask() -> str:
        asker, view = await _there(room, talk, shown.about)
        said, strength = briefs.strength_in(text) if view.kind is Kind.CHAIN else (text, None)
        typed = briefs.read_typed(said)
        brief = await briefs.new_brief(room.studio, asker, typed)
        entry: Any = brief
        if view.kind is Kind.CHAIN:
            entry = together.next_of(brief, strength=strength, seconds=typed.seconds)
        origin = room.address(talk).as_origin()
        return await room.studio.gatherings.join(asker, view.id, entry, origin, own=own, once=talk.key)

    await take_down(room, talk, ask)


async def like(room: Room, talk: Talk, wish: Wish) -> None:
    """Once more takes it back."""
    asker, view = await _there(room, talk, wish.about)
    on = wish.more not in await room.studio.gatherings.likes(asker, view.id)
    count = await room.studio.gatherings.like(asker, view.id, wish.more, on=on)
    await room.toast(talk, say("gathering.liked" if on else "gathering.unliked", clip=wish.more, count=count))


async def rules(room: Room, talk: Talk, wish: Wish) -> None:
    _, view = await _there(room, talk, wish.about)
    await room.say_privately(talk, gathering_cards.rules(view), f"gatherrules_{view.id}")


# -- keeping order -------------------------------------------------------------------------------------------------


async def order(room: Room, talk: Talk, wish: Wish) -> None:
    asker, view = await _there(room, talk, wish.about, fresh=True)
    shown = await _order_card(room, asker, view)
    if not any(shown.rows):
        raise StudioError("gathering.moderators_only")
    await room.say_privately(talk, shown, f"gatherorder_{view.id}")


async def _order_card(room: Room, asker: Asker, view: GatheringView) -> Card:
    is_moderator = at_least(asker.role, Role.MODERATOR)
    chat = Where.read(view.place).chat
    names = {one: await room.people.name_of(one, chat) for one in together.people_in(view)}
    removable = together.removable(view, asker.member_id, is_moderator=is_moderator)
    may_close = is_moderator or view.started_by == asker.member_id
    return gathering_cards.order(view, removable, names, is_moderator=is_moderator, may_close=may_close)


async def remove(room: Room, talk: Talk, wish: Wish) -> None:
    asker, view = await _there(room, talk, wish.about, fresh=True)
    await room.studio.gatherings.remove(asker, view.id, wish.more)
    await _decided(room, talk, view.id, say("gathering.removed", entry=wish.more))


async def pause(room: Room, talk: Talk, wish: Wish) -> None:
    (asker, view), on = await _there(room, talk, wish.about, fresh=True), wish.more != "off"
    await room.studio.gatherings.pause(asker, view.id, on=on)
    await _decided(room, talk, view.id, say("gathering.is_paused" if on else "gathering.is_resumed", id=view.id))


async def close(room: Room, talk: Talk, wish: Wish) -> None:
    asker, view = await _there(room, talk, wish.about, fresh=True)
    closed = await room.studio.gatherings.close(asker, view.id)
    await _decided(room, talk, view.id, " ".join(together.closed(closed)))


async def _decided(room: Room, talk: Talk, gathering_id: str, said: str) -> None:
    """In place of the card under which it was pressed, and at the top of the screen."""
    await room.toast(talk, said)
    if talk.message is None or not talk.is_private:
        return
    asker, view = await _there(room, talk, gathering_id)
    shown = await _order_card(room, asker, view)
    try:
        await room.line.edit(talk.where, talk.message.message_id, card(*shown.lines, said, rows=shown.rows))
    except MessageGone:
        return


async def _there(room: Room, talk: Talk, gathering_id: str, *, fresh: bool = False) -> tuple[Asker, GatheringView]:
    """Whoever wrote or pressed, as what they are in the group that it belongs to, and how it stands."""
    async with room.studio.database.reading() as tx:
        row = await ledger.get(tx, gathering_id)
    asker = await room.people.asker_in(talk.speaker, row.community_id, fresh=fresh) if row is not None else None
    if asker is None:
        raise StudioError("gathering.unknown", gathering=gathering_id)
    return asker, await room.studio.gatherings.show(asker, gathering_id)


COMMANDS: Final[Mapping[str, Command]] = {"chain": chain, "party": party}
DEEDS: Final[Mapping[str, Deed]] = {
    JOIN: join,
    OWN: join,
    "gatherlike": like,
    "gatherrules": rules,
    "gatherorder": order,
    "gatherremove": remove,
    "gatherpause": pause,
    "gatherclose": close,
}

"""Chains and parties as every chat tells them; how a chat writes names, moments and other people's words is its own."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bots.wording import say
from engine.brief import Brief
from engine.errors import StudioError
from engine.gatherings import ChainRules, GatheringView, PartyRules
from engine.gatherings.joining import Wish
from engine.gatherings.states import EntryState, State
from engine.gatherings.view import EntryView
from storage.bell import Bell
from storage.listening import ListeningBell

log = logging.getLogger(__name__)

ENTRIES_SHOWN: Final = 10
LOOK_EVERY: Final = 1.0  # seconds, while something is written
LOOK_AT_LEAST_EVERY: Final = 5.0  # a turn runs out without anybody writing
IS_ON: Final = (State.OPEN, State.PAUSED)

Names = Mapping[str, str]


async def keep_looking(
    bell: Bell | ListeningBell, look: Callable[[], Awaitable[None]], away: tuple[type[Exception], ...]
) -> None:
    """Look after the cards for ever, whatever comes of a look; `away`: what a chat that is out of reach raises."""
    while True:
        heard = bell.heard()
        try:
            await look()
        except away as error:
            log.info("chains and parties cannot be shown now: %s", error)
        except Exception:
            log.exception("a look at the chains and parties failed")
        await bell.after(heard, at_least=LOOK_EVERY, at_most=LOOK_AT_LEAST_EVERY)


@dataclass(frozen=True)
class Hand:
    """How a chat writes."""

    names: Names  # of members, by their ids
    moment: Callable[[int], str]
    bold: Callable[[str], str]
    code: Callable[[str], str]
    prompt: Callable[[str], str]  # of an entry: somebody's words, on one line

    def name(self, member_id: str) -> str:
        return self.names.get(member_id, member_id)


def people_in(view: GatheringView) -> set[str]:
    """Whoever a card names."""
    named = {one.member_id for one in view.entries[-ENTRIES_SHOWN:]} | {view.started_by}
    turn = view.turn
    return named | {one for one in (turn.last_member, turn.taken_by) if one is not None} if turn else named


def facts(view: GatheringView, hand: Hand) -> tuple[str, ...]:
    """What it is and how far it has come, in a few words each."""
    state = say(f"gathering.state_{view.state}")
    if view.ending is not None:
        state = say(f"gathering.ended_{view.ending}", state=state)
    begun = say("discord.gathering.begun_by", member=hand.name(view.started_by))
    counts = say("discord.gathering.counts", clips=len(view.standing), most=view.rules.most, makers=view.makers)
    return view.id, state, counts, begun


def standing(view: GatheringView, hand: Hand) -> Iterator[str]:
    """How it stands, in sentences: what anybody wants to know who comes by."""
    if view.state not in IS_ON:
        return
    if view.ends_at is not None:
        yield say("discord.gathering.ends", at=hand.moment(view.ends_at))
    if view.left is not None:
        yield say("discord.gathering.sponsored", left=view.left)
    turn = view.turn
    if turn is None or view.state is State.PAUSED:
        return
    if turn.taken_by is not None and turn.until is not None:
        yield say("discord.gathering.taken", member=hand.name(turn.taken_by), until=hand.moment(turn.until))
    elif turn.follows is None:
        yield say("discord.gathering.first")
    else:
        yield say("discord.gathering.free", clip=hand.code(turn.follows))


def entry(one: EntryView, hand: Hand) -> str:
    number, maker = hand.bold(str(one.number)), hand.name(one.member_id)
    if one.state is EntryState.STANDING:
        likes = [f"❤️ {one.likes}"] if one.likes else []
        words = [hand.prompt(one.prompt)] if one.prompt else []
        return " · ".join((number, hand.code(one.clip_id or ""), maker, *likes, *words))
    told = say(f"gathering.gap_{one.gap}") if one.gap is not None else say(f"gathering.entry_{one.state}")
    return " · ".join((number, maker, say("gathering.in_brackets", what=told)))


def rules(held: ChainRules | PartyRules) -> list[str]:
    """The rules that one was started with, as sentences."""
    lines = [say("discord.gathering.rule_most", most=held.most)]
    if held.most_each is not None:
        lines.append(say("discord.gathering.rule_most_each", most=held.most_each))
    if held.pace_minutes:
        lines.append(say("discord.gathering.rule_pace", minutes=held.pace_minutes))
    if isinstance(held, ChainRules):
        lines += [
            say("discord.gathering.rule_twice"),
            say("discord.gathering.rule_turn", minutes=held.turn_minutes),
            say("discord.gathering.rule_idle", hours=held.idle_hours),
        ]
    if isinstance(held, PartyRules):
        lines.append(say("discord.gathering.rule_reel", count=held.reel_of))
    return [*lines, say("discord.gathering.rule_consent")]


def next_of(brief: Brief, *, strength: float | None, seconds: float | None) -> Wish:
    """In a chain: what the brief says, as what becomes of the last clip. With a strength it is changed."""
    if strength is not None and seconds is not None:
        raise StudioError("chain.remix_keeps_length")
    look = brief.look
    return Wish(brief.prompt, strength=strength, style=look.style, seconds=seconds, aspect=look.aspect)


def removable(view: GatheringView, member_id: str, *, is_moderator: bool) -> list[EntryView]:
    """What this member may take out of it."""
    there = [one for one in view.entries if one.state is not EntryState.GAP]
    return [one for one in there if is_moderator or one.member_id == member_id]


def closed(view: GatheringView) -> list[str]:
    """What is said to whoever closed it."""
    is_enough = len(view.standing) >= 2 or any(one.state is not EntryState.GAP for one in view.entries)
    follows = [say("discord.gathering.reel_follows")] if is_enough and view.state is State.CLOSING else []
    return [say("gathering.closed", id=view.id), *follows]

"""The one message of a chain or a party that stays in its chat, and what its buttons open."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from bots import stories, together
from bots.telegram.buttons import Button, Rows
from bots.telegram.text import BOLD, CAPTION_LIMIT, Card, Styled, card, plain, small
from bots.together import ENTRIES_SHOWN, IS_ON, Hand, Names
from bots.wording import say
from engine.gatherings import GatheringView
from engine.gatherings.rules import THEME_LIMIT
from engine.gatherings.states import EntryState, Kind, State
from engine.gatherings.view import EntryView

WORDS_SHOWN: Final = 40
IN_A_ROW: Final = 5
REMOVABLE_SHOWN: Final = 20
SIGNS: Final = {Kind.CHAIN: "🔗", Kind.PARTY: "🎉"}


def gathering(view: GatheringView, names: Names) -> Card:
    """It may get a picture at any time, so it is never longer than a caption: what came first gives way."""
    hand = _hand(names)
    for shown in range(ENTRIES_SHOWN, 0, -1):
        made = card(*_lines(view, hand, shown), rows=_rows(view))
        if made.fits(CAPTION_LIMIT):
            break
    return made


def _hand(names: Names) -> Hand:
    return Hand(
        names,
        moment=_moment,
        bold=lambda text: f"{text}.",
        code=str,
        prompt=lambda words: plain(words, WORDS_SHOWN),
    )


def _moment(at: int) -> str:
    """A message is no clock: it says when, and in whose time."""
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M} UTC"


def _lines(view: GatheringView, hand: Hand, shown: int) -> list[str | Styled]:
    lines: list[str | Styled] = [_title(view), small(*together.facts(view, hand)), *together.standing(view, hand)]
    if not view.entries:
        lines.append(say("gathering.empty"))
    earlier = len(view.entries) - shown
    if earlier > 0:
        lines.append(small(say("discord.gathering.earlier", count=earlier)))
    lines += [together.entry(one, hand) for one in view.entries[-shown:]]
    if view.reel is not None:
        reel = view.reel.clip_id if view.reel.clip_id is not None else stories.state_name(view.reel.state)
        lines.append("🎞 " + say("gathering.reel", reel=reel))
    if view.state is State.OPEN:
        lines.append(say(f"telegram.gathering.how_{view.kind}"))
    return lines


def _title(view: GatheringView) -> Styled:
    theme = plain(view.theme, THEME_LIMIT) or say("gathering.no_theme")
    return Styled(f"{SIGNS[view.kind]} {say(f'discord.gathering.{view.kind}', theme=theme)}", BOLD)


def _rows(view: GatheringView) -> Rows:
    join = Button(f"{SIGNS[view.kind]} " + say(f"discord.gathering.join_{view.kind}"), "gatherjoin", view.id)
    own = [Button("💳 " + say("telegram.gathering.own"), "gatherown", view.id)] if view.left is not None else []
    likes = [_like(view, one) for one in view.standing[-ENTRIES_SHOWN:]] if view.state in IS_ON else []
    order = [Button("🧹 " + say("discord.gathering.order"), "gatherorder", view.id)]
    return (
        [join, *own] if view.state is State.OPEN else [],
        *(likes[at : at + IN_A_ROW] for at in range(0, len(likes), IN_A_ROW)),
        [
            Button("📜 " + say("discord.gathering.rules"), "gatherrules", view.id),
            *(order if view.state is not State.OVER else []),
        ],
    )


def _like(view: GatheringView, one: EntryView) -> Button:
    return Button(f"❤️ #{one.number}", "gatherlike", view.id, one.clip_id or "")


# -- what the buttons open -----------------------------------------------------------------------------------------


def rules(view: GatheringView) -> Card:
    return card(_title(view), *(f"· {line}" for line in together.rules(view.rules)), small(view.id))


def order(
    view: GatheringView, removable: Sequence[EntryView], names: Names, *, is_moderator: bool, may_close: bool
) -> Card:
    """For whoever started it, for moderators, and for everybody about their own clips."""
    hand, there = _hand(names), removable[-REMOVABLE_SHOWN:]
    rests = view.state is State.PAUSED
    pausing = Button(
        "▶️ " + say("discord.gathering.resume") if rests else "⏸ " + say("discord.gathering.pause"),
        "gatherpause",
        view.id,
        "off" if rests else "on",
    )
    closing = Button("🏁 " + say("discord.gathering.close"), "gatherclose", view.id)
    removing = [Button(f"🗑 {one.number}", "gatherremove", view.id, _called(one)) for one in there]
    return card(
        _title(view),
        say("discord.gathering.order_what"),
        *(together.entry(one, hand) for one in there),
        rows=(
            *(removing[at : at + IN_A_ROW] for at in range(0, len(removing), IN_A_ROW)),
            [*([pausing] if is_moderator else []), *([closing] if may_close else [])] if view.state in IS_ON else [],
        ),
    )


def _called(one: EntryView) -> str:
    return one.clip_id if one.state is EntryState.STANDING and one.clip_id is not None else one.job_id


def question(view: GatheringView) -> Card:
    """What comes next, to be answered with words."""
    goes_on = view.turn is not None and view.turn.follows is not None
    if goes_on and view.turn is not None:
        return card(
            "🔗 " + say("telegram.ask.go_on", clip=view.turn.follows), say("telegram.ask.go_on_how")
        )  # fmt: skip
    return card(f"{SIGNS[view.kind]} " + say("telegram.ask.take_part"), say("telegram.ask.take_part_how"))

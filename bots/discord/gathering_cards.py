"""The card of a chain or a party that is pinned in its channel, and what its buttons open."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import discord
from discord import ui

from bots import stories, together
from bots.discord import forms
from bots.discord.cards import CALM, DONE, LABEL_SHOWN, WAITING, Part, card, in_quotes, quoted, row, small
from bots.discord.items import OPTIONS_LIMIT, button, menu
from bots.together import ENTRIES_SHOWN, IS_ON, Hand, Names
from bots.wording import say
from engine.gatherings import GatheringView
from engine.gatherings.rules import THEME_LIMIT
from engine.gatherings.states import EntryState, Kind, State
from engine.gatherings.view import EntryView

SHEET: Final = "gathering.png"
GO_ON: Final = "on"  # with the last clip; else it is changed, by a strength
_EMOJI: Final = {Kind.CHAIN: "🔗", Kind.PARTY: "🎉"}
_COLOURS: Final = {State.OPEN: CALM, State.PAUSED: WAITING, State.CLOSING: CALM, State.OVER: DONE}
_STYLE: Final = 60


def gathering(view: GatheringView, names: Names, *, has_sheet: bool) -> ui.LayoutView:
    hand = _hand(names)
    facts = small(" · ".join(together.facts(view, hand)))
    parts: list[Part | str] = ["\n".join((_title(view), facts, *together.standing(view, hand)))]
    if has_sheet:
        sheet: ui.MediaGallery[Any] = ui.MediaGallery()
        described = say("discord.alt_sheet", count=len(view.standing))
        parts.append(sheet.add_item(media=f"attachment://{SHEET}", description=described))
    parts.append("\n".join(_entries(view, hand)))
    if view.reel is not None:
        reel = f"`{view.reel.clip_id}`" if view.reel.clip_id is not None else stories.state_name(view.reel.state)
        parts.append(say("gathering.reel", reel=reel))
    if view.state in IS_ON and view.standing:
        parts.append(row(_likes(view)))
    parts.append(_buttons(view))
    return card(_COLOURS[view.state], *parts)


def _title(view: GatheringView) -> str:
    theme = quoted(view.theme, THEME_LIMIT) or say("gathering.no_theme")
    return f"### {_EMOJI[view.kind]} {say(f'discord.gathering.{view.kind}', theme=theme)}"


def _hand(names: Names) -> Hand:
    return Hand(
        names,
        moment=lambda at: f"<t:{at // 1000}:R>",
        bold=lambda text: f"**{text}**",
        code=lambda text: f"`{text}`",
        prompt=lambda words: in_quotes(words, LABEL_SHOWN),
    )


def _entries(view: GatheringView, hand: Hand) -> Iterable[str]:
    if not view.entries:
        yield say("gathering.empty")
    earlier = len(view.entries) - ENTRIES_SHOWN
    if earlier > 0:
        yield small(say("discord.gathering.earlier", count=earlier))
    for one in view.entries[-ENTRIES_SHOWN:]:
        yield together.entry(one, hand)


def _likes(view: GatheringView) -> Any:
    options = [_option(one) for one in view.standing[-OPTIONS_LIMIT:]]
    return menu("gatherlike", say("discord.gathering.like"), options, about=view.id)


def _option(one: EntryView) -> discord.SelectOption:
    value = one.clip_id if one.state is EntryState.STANDING and one.clip_id is not None else one.job_id
    described = " ".join(one.prompt.split())[:LABEL_SHOWN]
    return discord.SelectOption(label=f"{one.number} · {value}", value=value, description=described or None)


def _buttons(view: GatheringView) -> Part:
    joining = button(
        "gatherjoin",
        view.id,
        say(f"discord.gathering.join_{view.kind}"),
        emoji=_EMOJI[view.kind],
        style=discord.ButtonStyle.success,
    )
    order = button("gatherorder", view.id, say("discord.gathering.order"), emoji="🧹")
    return row(
        *([joining] if view.state is State.OPEN else []),
        rules_button(view.id),
        *([order] if view.state is not State.OVER else []),
    )


def rules_button(gathering_id: str) -> Any:
    return button("gatherrules", gathering_id, say("discord.gathering.rules"), emoji="📜")


# -- what the buttons open -----------------------------------------------------------------------------------------


def rules(view: GatheringView) -> ui.LayoutView:
    """The rules it was started with, as sentences."""
    lines = together.rules(view.rules)
    return card(CALM, _title(view), "\n".join(f"· {line}" for line in lines), small(view.id))


def order(view: GatheringView, removable: Sequence[EntryView], *, is_moderator: bool) -> ui.LayoutView:
    """For whoever started it, for moderators, and for everybody about their own clips."""
    parts: list[Part | str] = [say("discord.gathering.order_what")]
    if removable:
        options = [_option(one) for one in removable[-OPTIONS_LIMIT:]]
        parts.append(row(menu("gatherremove", say("discord.gathering.remove"), options, about=view.id)))
    rests = view.state is State.PAUSED
    pausing = button(
        "gatherpause",
        view.id,
        say("discord.gathering.resume" if rests else "discord.gathering.pause"),
        more="off" if rests else "on",
    )
    closing = button(
        "gatherclose", view.id, say("discord.gathering.close"), emoji="🏁", style=discord.ButtonStyle.danger
    )
    if view.state in IS_ON:
        parts.append(row(*([pausing] if is_moderator else []), closing))
    return card(CALM, *parts)


def form_to_join(gathering_id: str, *, goes_on: bool, has_sponsor: bool) -> ui.Modal:
    """`goes_on`: there is a last clip of a chain to go on from."""
    is_chain = gathering_id.startswith(Kind.CHAIN.value)
    ways = [
        (GO_ON, say("discord.gathering.go_on")),
        *((one, say(f"discord.strength.{one}")) for one in stories.STRENGTHS),
    ]
    own = [forms.yes_or_no("own", say("discord.gathering.own"))] if has_sponsor else []
    return forms.form(
        "gatherjoin",
        gathering_id,
        say(f"discord.gathering.join_{Kind.CHAIN if is_chain else Kind.PARTY}"),
        forms.words("prompt", say("discord.board.happens")),
        *([forms.choice("way", say("discord.gathering.way"), ways, usual=GO_ON)] if goes_on else []),
        forms.line("seconds", say("discord.gathering.seconds_more" if goes_on else "discord.gathering.seconds")),
        *([] if goes_on else [forms.line("style", say("discord.preset.style"), longest=_STYLE)]),
        *own,
    )

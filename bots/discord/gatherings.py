"""Chains and parties in a channel: starting one, taking part by a button, liking, and keeping order.

Nothing is kept in the message: each press asks the studio how the gathering stands by now.
"""

import asyncio
from typing import Final

import discord

from bots import stories, together
from bots.briefs import Typed, new_brief
from bots.discord import cards, gathering_cards, replies
from bots.discord.address import Address
from bots.discord.forms import Filled
from bots.discord.items import Wish
from bots.discord.making import Hand, take_down
from bots.discord.operations import read_seconds
from bots.discord.people import asker_of, language_of, names_of
from bots.wording import say
from engine.brief import Brief
from engine.errors import StudioError
from engine.gatherings import ChainRules, PartyRules
from engine.gatherings.joining import Wish as Next
from engine.gatherings.states import Kind
from engine.members import Asker, Role, at_least
from engine.origin import Origin
from engine.studio import Studio

LOOKED_UP_WITHIN: Final = 1.5  # seconds, of the three that Discord waits for a form
_YES: Final = "yes"


# -- starting ------------------------------------------------------------------------------------------------------


async def start(
    hand: Hand,
    interaction: discord.Interaction,
    theme: str,
    rules: ChainRules | PartyRules,
    *,
    opening: str | None = None,
    pot: str | None = None,
) -> None:
    """Its card is posted, pinned and kept up to date by the watch."""
    await replies.defer(interaction, private=True)
    asker = await asker_of(hand.studio, interaction)
    kind = Kind.CHAIN if isinstance(rules, ChainRules) else Kind.PARTY
    await _check_place(hand.studio, interaction, asker)
    place, origin = str(interaction.channel_id), _origin(interaction, kind)
    gatherings = hand.studio.gatherings
    if isinstance(rules, ChainRules):
        view = await gatherings.start_chain(asker, place, theme, origin, rules, opening=opening, pot_id=pot)
    else:
        view = await gatherings.start_party(asker, place, theme, origin, rules, pot_id=pot)
    await replies.answer(interaction, cards.told(say("discord.gathering.started", id=view.id)))


async def show(hand: Hand, interaction: discord.Interaction, kind: Kind) -> None:
    """What goes on here, for one person: the pinned card stays where it is."""
    await replies.defer(interaction, private=True)
    asker = await asker_of(hand.studio, interaction)
    view = await hand.studio.gatherings.at(asker, str(interaction.channel_id), kind)
    if view is None:
        raise StudioError("gathering.none", kind=kind.value)
    names = await names_of(hand.studio, together.people_in(view))
    await replies.answer(interaction, gathering_cards.gathering(view, names, has_sheet=False))


async def _check_place(studio: Studio, interaction: discord.Interaction, asker: Asker) -> None:
    """A card that cannot be posted would be waited for in vain."""
    may = interaction.app_permissions
    is_thread = isinstance(interaction.channel, discord.Thread)
    may_send = may.send_messages_in_threads if is_thread else may.send_messages
    if not (may.view_channel and may_send and may.attach_files):
        raise StudioError("discord.no_card_here")
    if str(interaction.channel_id) in (await studio.membership.community(asker)).quiet_channels:
        raise StudioError("discord.quiet_here")


def _origin(interaction: discord.Interaction, kind: Kind) -> Origin:
    """Where the reel goes: into the channel, as a message of its own."""
    address = Address.of(interaction, 0, language_of(interaction))
    return address.model_copy(update={"token": "", "token_until": 0, "answers": None, "reel_of": kind}).as_origin()


# -- taking part ---------------------------------------------------------------------------------------------------


async def join(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    """A form for what comes next; whoever cannot take part just now is told so before they type anything."""
    form = gathering_cards.form_to_join(wish.about, goes_on=wish.about.startswith(Kind.CHAIN.value), has_sponsor=False)
    try:
        async with asyncio.timeout(LOOKED_UP_WITHIN):
            asker = await asker_of(hand.studio, interaction)
            view = await hand.studio.gatherings.show(asker, wish.about)
            if (why := await hand.studio.gatherings.why_not(asker, view.id)) is not None:
                raise why
            goes_on = view.turn is not None and view.turn.follows is not None
            form = gathering_cards.form_to_join(view.id, goes_on=goes_on, has_sponsor=view.pot_id is not None)
    except TimeoutError:
        pass  # where everybody presses at once: it is asked again when the form is sent
    await interaction.response.send_modal(form)


async def send_join(hand: Hand, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
    async def ask(asker: Asker, origin: Origin) -> str:
        is_chain = wish.about.startswith(Kind.CHAIN.value)
        entry = await (_next(hand.studio, asker, filled) if is_chain else _entry(hand.studio, asker, filled))
        own = filled.text("own") == _YES
        return await hand.studio.gatherings.join(asker, wish.about, entry, origin, own=own)

    await take_down(hand, interaction, ask)


async def _next(studio: Studio, asker: Asker, filled: Filled) -> Next:
    way, seconds = filled.text("way"), read_seconds(filled.text("seconds"), "seconds") or None
    brief = await _entry(studio, asker, filled)  # its prompt and its style are read as of any other clip
    strength = stories.read_strength(way) if way in stories.STRENGTHS else None
    return together.next_of(brief, strength=strength, seconds=seconds)


async def _entry(studio: Studio, asker: Asker, filled: Filled) -> Brief:
    seconds = read_seconds(filled.text("seconds"), "seconds") or None
    style = filled.text("style").strip() or None
    return await new_brief(studio, asker, Typed(filled.text("prompt"), seconds=seconds, style=style))


async def like(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    """Once more takes it back."""
    await replies.defer(interaction, private=True)
    asker, gatherings = await asker_of(hand.studio, interaction), hand.studio.gatherings
    on = wish.more not in await gatherings.likes(asker, wish.about)
    count = await gatherings.like(asker, wish.about, wish.more, on=on)
    key = "gathering.liked" if on else "gathering.unliked"
    await replies.answer(interaction, cards.told(say(key, clip=wish.more, count=count)))


async def rules(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    await replies.defer(interaction, private=True)
    asker = await asker_of(hand.studio, interaction)
    view = await hand.studio.gatherings.show(asker, wish.about)
    await replies.answer(interaction, gathering_cards.rules(view))


# -- keeping order -------------------------------------------------------------------------------------------------


async def order(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    await replies.defer(interaction, private=True)
    asker = await asker_of(hand.studio, interaction)
    view = await hand.studio.gatherings.show(asker, wish.about)
    is_moderator = at_least(asker.role, Role.MODERATOR)
    removable = together.removable(view, asker.member_id, is_moderator=is_moderator)
    is_on = view.state in together.IS_ON
    if not removable and not (is_on and (is_moderator or view.started_by == asker.member_id)):
        raise StudioError("gathering.moderators_only")
    await replies.answer(interaction, gathering_cards.order(view, removable, is_moderator=is_moderator))


async def remove(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    asker = await _deciding(hand, interaction)
    await hand.studio.gatherings.remove(asker, wish.about, wish.more)
    await _decided(interaction, say("gathering.removed", entry=wish.more))


async def pause(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    asker, on = await _deciding(hand, interaction), wish.more != "off"
    await hand.studio.gatherings.pause(asker, wish.about, on=on)
    await _decided(interaction, say("gathering.is_paused" if on else "gathering.is_resumed", id=wish.about))


async def close(hand: Hand, interaction: discord.Interaction, wish: Wish) -> None:
    asker = await _deciding(hand, interaction)
    view = await hand.studio.gatherings.close(asker, wish.about)
    await _decided(interaction, *together.closed(view))


async def _deciding(hand: Hand, interaction: discord.Interaction) -> Asker:
    """In place of the card that only the presser sees, where the button stands."""
    await interaction.response.defer()
    return await asker_of(hand.studio, interaction)


async def _decided(interaction: discord.Interaction, *sentences: str) -> None:
    await interaction.edit_original_response(view=cards.told(*sentences))

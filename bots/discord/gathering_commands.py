"""/chain and /party: what starts them. Everything else stands on their card."""

import discord
from discord import app_commands
from discord.app_commands import Range

from bots.discord import gatherings
from bots.discord.making import Hand
from bots.discord.naming import IN_SERVERS, Named, command
from bots.discord.operating_commands import offering_clips
from bots.discord.operations import read_clip
from engine.brief import CARD_LIMIT
from engine.errors import StudioError
from engine.gatherings import ChainRules, PartyRules
from engine.gatherings.rules import DAY_MINUTES, THEME_LIMIT, read_rules
from engine.gatherings.states import Kind
from engine.names import read_id

Theme = Range[str, 1, THEME_LIMIT]
Minutes = Range[int, 0, DAY_MINUTES]
Budget = Range[int, 1, 1_000_000_000]
PotId = Range[str, 1, 40]


def gathering_commands(hand: Hand) -> list[Named]:
    made = [_chain(hand), _party(hand)]
    for one in made:
        one.allowed_contexts = IN_SERVERS
    return made


def _chain(hand: Hand) -> Named:
    @app_commands.autocomplete(opening=offering_clips(hand.studio))
    async def chain(
        interaction: discord.Interaction,
        theme: Theme | None = None,
        opening: Range[str, 1, 40] | None = None,
        most: Range[int, 2, CARD_LIMIT] | None = None,
        most_each: Range[int, 1, CARD_LIMIT] | None = None,
        pace: Minutes | None = None,
        turn: Range[int, 1, DAY_MINUTES] | None = None,
        idle: Range[int, 1, 720] | None = None,
        pot: PotId | None = None,
        budget: Budget | None = None,
    ) -> None:
        if theme is None:
            await gatherings.show(hand, interaction, Kind.CHAIN)
            return
        rules = read_rules(
            ChainRules,
            most=most,
            most_each=most_each,
            pace_minutes=pace,
            turn_minutes=turn,
            idle_hours=idle,
            budget=budget,
        )
        first = read_clip(opening) if opening is not None else None
        await gatherings.start(hand, interaction, theme, rules, opening=first, pot=_pot(pot))

    return command("chain", chain)


def _party(hand: Hand) -> Named:
    async def party(
        interaction: discord.Interaction,
        theme: Theme | None = None,
        minutes: Range[int, 1, 14 * DAY_MINUTES] | None = None,
        most: Range[int, 2, 200] | None = None,
        most_each: Range[int, 1, 200] | None = None,
        pace: Minutes | None = None,
        reel_of: Range[int, 2, 10] | None = None,
        pot: PotId | None = None,
        budget: Budget | None = None,
    ) -> None:
        if theme is None:
            await gatherings.show(hand, interaction, Kind.PARTY)
            return
        rules = read_rules(
            PartyRules,
            minutes=minutes,
            most=most,
            most_each=most_each,
            pace_minutes=pace,
            reel_of=reel_of,
            budget=budget,
        )
        await gatherings.start(hand, interaction, theme, rules, pot=_pot(pot))

    return command("party", party)


def _pot(typed: str | None) -> str | None:
    if typed is None:
        return None
    found = read_id(typed)
    if found is None:
        raise StudioError("id.malformed", typed=typed[:40])
    return found if found.startswith("pot-") else f"pot-{found}"

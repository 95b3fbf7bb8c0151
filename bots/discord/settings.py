"""What a server settles for itself, and presets: on cards that only whoever asked for them sees."""

from typing import Any, Final, Protocol

import discord
from discord import ui

from bots import stories
from bots.discord import cards, forms, replies
from bots.discord.desk_watch import CaseWatch
from bots.discord.forms import Filled
from bots.discord.items import Wish, button, channel_menu, menu, role_menu
from bots.discord.people import asker_of
from bots.wording import LANGUAGES, say
from engine.brief import Aspect, Resolution
from engine.communities import CommunitySettings, Openness, WhoMayAsk
from engine.errors import StudioError
from engine.members import Asker, Role, at_least
from engine.naming import NAME_LIMIT as PERSON_LIMIT
from engine.presets import NAME_LIMIT, WORDS_LIMIT, content_of, read_content
from engine.studio import Studio
from storage.presets import PresetRow

QUIET_CHANNELS: Final = 25
OFF: Final = "-"
_STYLE_LIMIT: Final = 60
_WORDS_SHOWN: Final = 80
# What the card asks for, and what it is when nothing is chosen.
_ONE: Final = frozenset({"case_channel", "lead_role", "who_may_ask", "who_may_start", "language"})


class Bench(Protocol):
    @property
    def studio(self) -> Studio: ...

    @property
    def cases(self) -> CaseWatch: ...


# -- a server ------------------------------------------------------------------------------------------------------


async def show(bench: Bench, interaction: discord.Interaction) -> None:
    await replies.defer(interaction, private=True)
    asker = _lead(await asker_of(bench.studio, interaction))
    await replies.answer(interaction, card(await bench.studio.membership.community(asker)))


async def change(bench: Bench, interaction: discord.Interaction, wish: Wish) -> None:
    await interaction.response.defer()
    asker = _lead(await asker_of(bench.studio, interaction))
    chosen = [one for one in wish.more.split(",") if one and one != OFF]
    value: Any = chosen
    if wish.about in _ONE:
        value = chosen[0] if chosen else None
    if wish.about == "case_channel" and value is not None:
        _check_closed(interaction, int(value))
    settled = await bench.studio.membership.change_community(asker, {wish.about: value})
    bench.cases.forget_homes()
    await interaction.edit_original_response(view=card(settled))


async def toggle_explore(bench: Bench, interaction: discord.Interaction, wish: Wish) -> None:
    await interaction.response.defer()
    asker = _lead(await asker_of(bench.studio, interaction))
    here = await bench.studio.membership.community(asker)
    settled = await bench.studio.membership.change_community(asker, {"explore": here.explore is Openness.OFF})
    await interaction.edit_original_response(view=card(settled))


async def defaults(bench: Bench, interaction: discord.Interaction, wish: Wish) -> None:
    await interaction.response.send_modal(form_of_defaults())


async def send_defaults(bench: Bench, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
    await interaction.response.defer()
    asker = _lead(await asker_of(bench.studio, interaction))
    seconds = filled.text("seconds").strip()
    values: dict[str, Any] = {name: filled.text(name) or None for name in ("aspect", "resolution")}
    values = {name: None if value == OFF else value for name, value in values.items()}
    values |= {"style": filled.text("style").strip() or None, "seconds": seconds or None}
    settled = await bench.studio.membership.change_community(asker, values)
    await interaction.edit_original_response(view=card(settled))


def _lead(asker: Asker) -> Asker:
    if not at_least(asker.role, Role.LEAD):
        raise StudioError("community.not_yours")
    return asker


def _check_closed(interaction: discord.Interaction, channel_id: int) -> None:
    """What waits for moderators is not for everybody's eyes."""
    guild = interaction.guild
    channel = guild.get_channel_or_thread(channel_id) if guild is not None else None
    if guild is None or channel is None:
        raise StudioError("discord.channel_unseen", channel=f"<#{channel_id}>")
    if channel.permissions_for(guild.default_role).view_channel:
        raise StudioError("discord.channel_open", channel=f"<#{channel_id}>")


def card(here: CommunitySettings) -> ui.LayoutView:
    shown = [
        say("discord.settings.title"),
        say("discord.settings.usual", look=_look_of(here)),
        say("discord.settings.explore_on") if here.explore is not Openness.OFF else say("discord.settings.explore_off"),
    ]
    who, starting = _who(here.who_may_ask), _who(here.who_may_start)
    spoken = [
        discord.SelectOption(label=say(f"discord.settings.language_{one}"), value=one, default=one == here.language)
        for one in LANGUAGES
    ]
    case_channel = [int(here.case_channel)] if here.case_channel else []
    quiet = [int(one) for one in here.quiet_channels][:QUIET_CHANNELS]
    return cards.card(
        cards.CALM,
        "\n".join(shown),
        cards.row(channel_menu("set", "case_channel", say("discord.settings.case_channel"), case_channel)),
        cards.row(
            role_menu(
                "set", "lead_role", say("discord.settings.lead_role"), int(here.lead_role) if here.lead_role else None
            )
        ),
        cards.row(channel_menu("set", "quiet_channels", say("discord.settings.quiet"), quiet, most=QUIET_CHANNELS)),
        cards.row(menu("set", say("discord.settings.who"), who, about="who_may_ask")),
        cards.row(menu("set", say("discord.settings.starting"), starting, about="who_may_start")),
        cards.row(menu("set", say("discord.settings.language"), spoken, about="language")),
        cards.row(
            button("setdefaults", "here", say("discord.settings.defaults"), emoji="🎞️"),
            button("setexplore", "here", say("discord.settings.explore"), emoji="📣"),
        ),
    )


def _who(chosen: WhoMayAsk) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(label=say(f"discord.settings.who_{one}"), value=one, default=one is chosen)
        for one in WhoMayAsk
    ]


def _look_of(here: CommunitySettings) -> str:
    said = [str(one) for one in (here.aspect, here.resolution) if one is not None]
    if here.seconds is not None:
        said.append(say("plans.seconds", seconds=f"{here.seconds:g}"))
    if here.style:
        said.append(cards.quoted(here.style, _STYLE_LIMIT))
    return " · ".join(said) or say("community.as_studio")


def form_of_defaults() -> ui.Modal:
    usual = (OFF, say("community.as_studio"))
    return forms.form(
        "setdefaults",
        "here",
        say("discord.settings.defaults"),
        forms.choice("aspect", say("discord.preset.aspect"), [usual, *((one, one) for one in Aspect)], usual=OFF),
        forms.choice(
            "resolution", say("discord.preset.resolution"), [usual, *((one, one) for one in Resolution)], usual=OFF
        ),
        forms.line("seconds", say("discord.preset.seconds")),
        forms.line("style", say("discord.preset.style"), longest=_STYLE_LIMIT),
    )


# -- one's name ----------------------------------------------------------------------------------------------------


async def naming(bench: Bench, interaction: discord.Interaction, wish: Wish) -> None:
    await interaction.response.send_modal(form_of_name())


def form_of_name() -> ui.Modal:
    name = forms.line("name", say("naming.name"), longest=PERSON_LIMIT)
    return forms.form("naming", "own", say("naming.title"), name)


async def send_naming(bench: Bench, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
    await interaction.response.defer()
    asker = await asker_of(bench.studio, interaction)
    named = await bench.studio.naming.set_name(asker, filled.text("name"))
    await interaction.edit_original_response(view=cards.privacy(named))


# -- presets -------------------------------------------------------------------------------------------------------


async def presets(bench: Bench, interaction: discord.Interaction) -> None:
    await replies.defer(interaction, private=True)
    asker = await asker_of(bench.studio, interaction)
    await replies.answer(interaction, await _presets_of(bench.studio, asker))


async def _presets_of(studio: Studio, asker: Asker) -> ui.LayoutView:
    found, usual = await studio.presets.all(asker), await studio.presets.default(asker)
    return preset_list(found, usual.id if usual is not None else None)


async def preset(bench: Bench, interaction: discord.Interaction, wish: Wish) -> None:
    """One that was chosen from the list."""
    await interaction.response.defer()
    asker = await asker_of(bench.studio, interaction)
    found = await bench.studio.presets.find(asker, wish.about)
    await interaction.edit_original_response(view=preset_card(found))


async def preset_deed(bench: Bench, interaction: discord.Interaction, wish: Wish) -> None:
    """What to do with which: a name may hold any letter, so it stands last."""
    await interaction.response.defer()
    asker = await asker_of(bench.studio, interaction)
    kept, said, name = bench.studio.presets, "", wish.more
    match wish.about:
        case "use":
            await kept.use(asker, name)
            said = say("preset.used", name=cards.quoted(name))
        case "unuse":
            await kept.use(asker, None)
            said = say("preset.unused")
        case "share":
            shared = await kept.share(asker, name)
            said = say("preset.shared", name=cards.quoted(shared.name), code=shared.id)
        case "remove":
            await kept.remove(asker, name)
            said = say("preset.removed", name=cards.quoted(name))
        case _:
            raise StudioError("discord.outdated")
    await interaction.edit_original_response(view=await _presets_of(bench.studio, asker))
    await interaction.followup.send(view=cards.told(said), ephemeral=True)


async def new_preset(bench: Bench, interaction: discord.Interaction, wish: Wish) -> None:
    await interaction.response.send_modal(form_of_preset())


def form_of_preset() -> ui.Modal:
    usual = (OFF, say("discord.preset.any"))
    return forms.form(
        "presetnew",
        "own",
        say("discord.preset.new"),
        forms.line("name", say("discord.preset.name"), longest=NAME_LIMIT, needed=True),
        forms.line("style", say("discord.preset.style"), longest=_STYLE_LIMIT),
        forms.words("words", say("discord.preset.words"), longest=WORDS_LIMIT, needed=False),
        forms.choice("aspect", say("discord.preset.aspect"), [usual, *((one, one) for one in Aspect)], usual=OFF),
        forms.line("seconds", say("discord.preset.seconds")),
    )


async def send_preset(bench: Bench, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
    await interaction.response.defer()
    asker = await asker_of(bench.studio, interaction)
    aspect = filled.text("aspect")
    content = read_content(
        style=filled.text("style").strip() or None,
        words=filled.text("words").strip() or None,
        aspect=None if aspect in ("", OFF) else aspect,
        seconds=filled.text("seconds").strip() or None,
    )
    await bench.studio.presets.save(asker, filled.text("name"), content)
    await interaction.edit_original_response(view=await _presets_of(bench.studio, asker))


def preset_list(found: list[PresetRow], usual_id: str | None) -> ui.LayoutView:
    new = button("presetnew", "own", say("discord.preset.new"), emoji="➕")
    if not found:
        return cards.card(cards.CALM, say("discord.preset.none"), cards.row(new))
    lines = [
        f"{'▸' if row.id == usual_id else '·'} **{cards.quoted(row.name)}** – {_says(row)}"
        + (f" ({say('preset.of_community')})" if row.community_id is not None else "")
        for row in found
    ]
    options = [discord.SelectOption(label=name, value=name) for name in dict.fromkeys(row.name for row in found)]
    stop = [button("presetdo", "unuse", say("discord.preset.unuse"))] if usual_id is not None else []
    chosen = cards.row(menu("preset", say("discord.menu.open"), options))
    return cards.card(cards.CALM, "\n".join(lines)[:3_500], chosen, cards.row(new, *stop))


def preset_card(row: PresetRow) -> ui.LayoutView:
    deeds = (("use", "✅"), ("share", "🔗"), ("remove", "🗑️"))
    return cards.card(
        cards.CALM,
        f"**{cards.quoted(row.name)}** – {_says(row)}",
        cards.row(
            *(
                button("presetdo", deed, say(f"discord.preset.{deed}"), more=row.name, emoji=mark)
                for deed, mark in deeds
            )
        ),
    )


def _says(row: PresetRow) -> str:
    return stories.preset(content_of(row), lambda words: cards.quoted(words, _WORDS_SHOWN))

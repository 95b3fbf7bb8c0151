"""Modals: each one's custom_id says what it is about, so that it can be sent after a restart, too."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import discord
from discord import ui

from bots import stories
from bots.discord.items import MODAL, custom_id
from bots.wording import say
from engine.brief import VARIATIONS_LIMIT, BlendMode
from engine.explore import NOTE_LIMIT, REASONS
from engine.library import FOLDER_LIMIT
from safety.desk.appeals import LONGEST

OPEN_FOR: Final = 15 * 60.0  # seconds; discord.py forgets it then, and we answer it all the same
PROMPT_TYPED: Final = 4_000  # what fits in a field
OPTIONS_LIMIT: Final = 25
_NUMBER: Final = 6  # letters
_MODES: Final = (BlendMode.TRANSITION, BlendMode.MIX, BlendMode.SAMPLE)


@dataclass(frozen=True)
class Filled:
    """What was typed, chosen and uploaded, by field."""

    texts: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, Sequence[discord.Attachment]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What was typed; else the first that was chosen."""
        return self.texts.get(name) or next(iter(self.chosen.get(name, ())), "")

    def file(self, name: str) -> discord.Attachment | None:
        return next(iter(self.files.get(name, ())), None)


class Form(ui.Modal):
    """discord.py would want to answer it itself; the bot does, by the custom_id."""

    async def on_submit(self, interaction: discord.Interaction) -> None:
        return


def form(action: str, about: str, title: str, *fields: Any, more: str = "") -> ui.Modal:
    made = Form(title=title, custom_id=custom_id(MODAL, action, about, more), timeout=OPEN_FOR)
    for one in fields:
        made.add_item(one)
    return made


def words(
    name: str, label: str, *, typed: str = "", longest: int = PROMPT_TYPED, needed: bool = True, hint: str | None = None
) -> Any:
    """A field of several lines."""
    item: ui.TextInput[Any] = ui.TextInput(
        custom_id=name,
        style=discord.TextStyle.paragraph,
        default=typed or None,
        max_length=longest,
        required=needed,
        placeholder=hint,
    )
    return ui.Label(text=label, component=item)


def line(name: str, label: str, *, typed: str = "", longest: int = _NUMBER, needed: bool = False) -> Any:
    item: ui.TextInput[Any] = ui.TextInput(custom_id=name, default=typed or None, max_length=longest, required=needed)
    return ui.Label(text=label, component=item)


def choice(name: str, label: str, options: Iterable[tuple[str, str]], *, usual: str = "", needed: bool = True) -> Any:
    shown = [discord.SelectOption(label=told[:100], value=value, default=value == usual) for value, told in options]
    item: ui.Select[Any] = ui.Select(custom_id=name, options=shown[:OPTIONS_LIMIT], required=needed)
    return ui.Label(text=label, component=item)


def upload(name: str, label: str, hint: str, *, needed: bool = True) -> Any:
    item: ui.FileUpload[Any] = ui.FileUpload(custom_id=name, required=needed, min_values=int(needed))
    return ui.Label(text=label, description=hint, component=item)


def yes_or_no(name: str, label: str, *, usual: bool = False) -> Any:
    options = [("no", say("discord.no")), ("yes", say("discord.yes"))]
    return choice(name, label, options, usual="yes" if usual else "no")


# -- the forms -----------------------------------------------------------------------------------------------------


def reword(clip_id: str, prompt: str) -> ui.Modal:
    return form(
        "reword", clip_id, say("discord.reword.title"), words("prompt", say("discord.reword.prompt"), typed=prompt)
    )


def remix(about: str) -> ui.Modal:
    strengths = [(name, say(f"discord.strength.{name}")) for name in stories.STRENGTHS]
    variations = [(str(number), str(number)) for number in range(1, VARIATIONS_LIMIT + 1)]
    return form(
        "remix",
        about,
        say("discord.remix.title"),
        words("prompt", say("discord.remix.prompt"), hint=say("discord.remix.hint")),
        choice("strength", say("discord.remix.strength"), strengths, usual="mild"),
        choice("variations", say("discord.remix.variations"), variations, usual="1"),
    )


def extend(clip_id: str) -> ui.Modal:
    return form(
        "extend",
        clip_id,
        say("discord.extend.title"),
        line("after", say("discord.extend.after"), typed=f"{stories.EXTEND_BY:g}"),
        line("before", say("discord.extend.before")),
        words("prompt", say("discord.extend.prompt"), needed=False),
    )


def recut(clip_id: str) -> ui.Modal:
    return form(
        "recut",
        clip_id,
        say("discord.recut.title"),
        line("start", say("discord.recut.start")),
        line("end", say("discord.recut.end")),
        line("before", say("discord.extend.before")),
        line("after", say("discord.extend.after")),
        words("prompt", say("discord.extend.prompt"), needed=False),
    )


def blend(clip_id: str) -> ui.Modal:
    modes = [(str(mode), say(f"discord.mode.{mode}")) for mode in _MODES]
    return form(
        "blend",
        clip_id,
        say("discord.blend.title"),
        line("second", say("discord.blend.second"), longest=40, needed=True),
        choice("mode", say("discord.blend.mode"), modes, usual=BlendMode.TRANSITION),
    )


def folder(clip_id: str) -> ui.Modal:
    name = line("name", say("discord.folder.name"), longest=FOLDER_LIMIT, needed=True)
    return form("folder", clip_id, say("discord.folder.title"), name)


def report(clip_id: str) -> ui.Modal:
    reasons = [(reason, stories.category_names([reason])) for reason in REASONS]
    return form(
        "report",
        clip_id,
        say("discord.report.title"),
        choice("reason", say("discord.report.reason"), reasons),
        words("note", say("discord.report.note"), longest=NOTE_LIMIT, needed=False),
    )


def appeal(job_id: str) -> ui.Modal:
    return form(
        "appeal", job_id, say("discord.appeal.title"), words("text", say("discord.appeal.text"), longest=LONGEST)
    )


# -- reading them --------------------------------------------------------------------------------------------------


def filled(interaction: discord.Interaction) -> Filled:
    data: Any = interaction.data or {}
    brought = (data.get("resolved") or {}).get("attachments") or {}
    texts: dict[str, str] = {}
    chosen: dict[str, list[str]] = {}
    files: dict[str, list[discord.Attachment]] = {}
    for top in data.get("components") or ():
        for one in [top.get("component"), *(top.get("components") or ())]:
            if not isinstance(one, dict) or "custom_id" not in one:
                continue
            name = str(one["custom_id"])
            if "value" in one:
                texts[name] = str(one["value"])
                continue
            values = [str(value) for value in one.get("values") or ()]
            chosen[name] = values
            files[name] = [
                discord.Attachment(data=brought[value], state=interaction._state)
                for value in values
                if value in brought
            ]
    return Filled(texts, chosen, files)

"""Modals: each one's custom_id says what it is about, so that it can be sent after a restart, too."""

from collections.abc import Mapping
from typing import Any, Final

import discord
from discord import ui

from bots import stories
from bots.discord.items import MODAL, custom_id
from bots.wording import say
from engine.explore import NOTE_LIMIT, REASONS
from safety.desk.appeals import LONGEST

OPEN_FOR: Final = 15 * 60.0  # seconds; discord.py forgets it then, and we answer it all the same
PROMPT_TYPED: Final = 4_000  # what fits in a field
OPTIONS_LIMIT: Final = 25


class Form(ui.Modal):
    """discord.py would want to answer it itself; the bot does, by the custom_id."""

    async def on_submit(self, interaction: discord.Interaction) -> None:
        return


def reword(clip_id: str, prompt: str) -> ui.Modal:
    form = Form(title=say("discord.reword.title"), custom_id=custom_id(MODAL, "reword", clip_id), timeout=OPEN_FOR)
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id="prompt", style=discord.TextStyle.paragraph, default=prompt, max_length=PROMPT_TYPED, required=True
    )
    form.add_item(ui.Label(text=say("discord.reword.prompt"), component=field))
    return form


def report(clip_id: str) -> ui.Modal:
    form = Form(title=say("discord.report.title"), custom_id=custom_id(MODAL, "report", clip_id), timeout=OPEN_FOR)
    options = [
        discord.SelectOption(label=stories.category_names([reason]), value=reason) for reason in REASONS[:OPTIONS_LIMIT]
    ]
    reason: ui.Select[Any] = ui.Select(custom_id="reason", options=options)
    note: ui.TextInput[Any] = ui.TextInput(
        custom_id="note", style=discord.TextStyle.paragraph, max_length=NOTE_LIMIT, required=False
    )
    form.add_item(ui.Label(text=say("discord.report.reason"), component=reason))
    form.add_item(ui.Label(text=say("discord.report.note"), component=note))
    return form


def appeal(job_id: str) -> ui.Modal:
    form = Form(title=say("discord.appeal.title"), custom_id=custom_id(MODAL, "appeal", job_id), timeout=OPEN_FOR)
    field: ui.TextInput[Any] = ui.TextInput(
        custom_id="text", style=discord.TextStyle.paragraph, max_length=LONGEST, required=True
    )
    form.add_item(ui.Label(text=say("discord.appeal.text"), component=field))
    return form


def values_of(data: Mapping[str, Any]) -> dict[str, str]:
    """What was typed or chosen, by field."""
    found: dict[str, str] = {}
    for top in data.get("components") or ():
        for field in [top.get("component"), *(top.get("components") or ())]:
            if isinstance(field, dict) and "custom_id" in field:
                chosen = field.get("values") or [""]
                found[str(field["custom_id"])] = str(field["value"] if "value" in field else chosen[0])
    return found

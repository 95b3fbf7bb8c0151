"""What is settled for the desk: one's own way of working, who is named for the closed queue, and what it taught."""

from typing import Any

import typer

from bots.terminal import screen
from bots.terminal.session import with_studio
from bots.wording import say
from engine.members import Asker
from engine.studio import Studio


def settle(context: typer.Context, pause_after: int | None, text_first: bool | None, *, as_json: bool) -> None:
    """Change what was typed, and show how it stands."""
    changes: dict[str, Any] = {"heavy_limit": pause_after, "text_first": text_first}
    changes = {name: value for name, value in changes.items() if value is not None}

    async def work(studio: Studio, asker: Asker) -> None:
        settings = await studio.desk.change_settings(asker, **changes)
        seen = await studio.desk.wellbeing(asker)
        if as_json:
            screen.answer(
                {"pause_after": seen.limit, "text_first": settings.text_first, "heavy_items_seen": seen.heavy_seen}
            )
            return
        screen.show(say("desk.settings.pause", limit=seen.limit, seen=seen.heavy_seen))
        screen.show(say("desk.settings.text_first" if settings.text_first else "desk.settings.frames_first"))

    with_studio(context, work)


def name(context: typer.Context, who: str, *, remove: bool, as_json: bool) -> None:
    """Name a moderator for the closed child-safety queue, or take the name back."""

    async def work(studio: Studio, asker: Asker) -> None:
        member_id = await studio.membership.find(who, asker)
        await studio.desk.name_for_child_safety(member_id, asker, named=not remove)
        if as_json:
            screen.answer({"member": member_id, "named": not remove})
        else:
            key = "desk.unnamed" if remove else "desk.named"
            screen.show(say(key, name=screen.plain(who)), mark="✓", mark_style="green")

    with_studio(context, work)


def labels(context: typer.Context) -> None:
    """What was decided about prompts, one JSON object a line, as `kinora eval text` reads it."""

    async def work(studio: Studio, asker: Asker) -> None:
        for row in await studio.desk.labels(asker):
            screen.answer(row)

    with_studio(context, work)

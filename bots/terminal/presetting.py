"""Presets in a terminal: saving, sharing by code, taking, using."""

from collections.abc import Mapping
from typing import Any

import typer

from bots import stories
from bots.terminal import screen
from bots.terminal.session import with_studio
from bots.terminal.shelves import done
from bots.wording import say
from engine.members import Asker
from engine.presets import content_of, read_content
from engine.studio import Studio
from storage.presets import PresetRow


def list_presets(context: typer.Context, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> tuple[list[PresetRow], PresetRow | None]:
        return await studio.presets.all(asker), await studio.presets.default(asker)

    rows, usual = with_studio(context, work)
    usual_id = usual.id if usual is not None else None
    if as_json:
        screen.answer({"presets": [of_preset(row) | {"default": row.id == usual_id} for row in rows]})
    elif not rows:
        screen.show(say("preset.none"))
    else:
        headings = tuple(say(f"table.{name}") for name in ("preset", "whose", "code", "says"))
        screen.table(headings, [_cells(row, usual_id) for row in rows], widest=3)


def _cells(row: PresetRow, usual_id: str | None) -> tuple[str, ...]:
    whose = say("preset.own") if row.community_id is None else say("preset.of_community")
    name = screen.plain(row.name) + (" ★" if row.id == usual_id else "")
    return name, whose, row.id if row.is_shared else "", screen.plain(_says(row))


def _says(row: PresetRow) -> str:
    return say("list.separator").join(f"{value:g}" if isinstance(value, float) else str(value) for value in _set(row))


def _set(row: PresetRow) -> list[object]:
    return [value for value in content_of(row).model_dump(mode="json").values() if value is not None]


def of_preset(row: PresetRow) -> dict[str, Any]:
    return {
        "name": row.name,
        "community": row.community_id,
        "code": row.id if row.is_shared else None,
        **content_of(row).model_dump(mode="json"),
    }


def save(context: typer.Context, name: str, typed: Mapping[str, Any], *, for_community: bool, as_json: bool) -> None:
    for text in (typed.get("style"), typed.get("words")):
        stories.check_letters(text or "")
    content = read_content(**typed)
    row = with_studio(
        context, lambda studio, asker: studio.presets.save(asker, name, content, for_community=for_community)
    )
    done(say("preset.saved", name=row.name), of_preset(row), as_json=as_json)


def share(context: typer.Context, name: str, *, on: bool, as_json: bool) -> None:
    row = with_studio(context, lambda studio, asker: studio.presets.share(asker, name, on=on))
    sentence = say("preset.shared", name=row.name, code=row.id) if on else say("preset.unshared", name=row.name)
    done(sentence, of_preset(row), as_json=as_json)


def take(context: typer.Context, code: str, name: str | None, *, as_json: bool) -> None:
    row = with_studio(context, lambda studio, asker: studio.presets.take(asker, code, name))
    done(say("preset.saved", name=row.name), of_preset(row), as_json=as_json)


def use(context: typer.Context, name: str | None, *, for_community: bool, as_json: bool) -> None:
    with_studio(context, lambda studio, asker: studio.presets.use(asker, name, for_community=for_community))
    sentence = say("preset.used", name=name) if name is not None else say("preset.unused")
    done(sentence, {"default": name}, as_json=as_json)


def remove(context: typer.Context, name: str, *, as_json: bool) -> None:
    with_studio(context, lambda studio, asker: studio.presets.remove(asker, name))
    done(say("preset.removed", name=name), {"removed": name}, as_json=as_json)

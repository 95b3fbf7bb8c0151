"""A message or a modal as text, roughly as somebody sees it: to look at, and to compare with what was approved."""

from collections.abc import Iterator
from typing import Any

from tests.worlds.discord.world import EPHEMERAL, LOADING, Json, walk

_STYLES = {1: "!", 2: "", 3: "+", 4: "x", 5: "link"}


def read_message(message: Json) -> str:
    lines = []
    if message.get("flags", 0) & LOADING:
        lines.append("… thinking")
    if message.get("flags", 0) & EPHEMERAL:
        lines.append("(only you see this)")
    if message.get("content"):
        lines.append(message["content"])
    for component in message.get("components") or ():
        lines += _lines(component)
    return "\n".join(lines) + "\n"


def read_modal(modal: Json) -> str:
    lines = [f"╔ {modal['title']}"]
    for component in modal["components"]:
        lines += [f"║ {line}" for line in _lines(component)]
    return "\n".join([*lines, "╚ (send) (cancel)"]) + "\n"


def _lines(component: Json) -> Iterator[str]:
    match component["type"]:
        case 17:
            yield "┌" + "─" * 40
            for one in component["components"]:
                yield from (f"│ {line}" for line in _lines(one))
            yield "└" + "─" * 40
        case 10:
            yield from component["content"].splitlines()
        case 12:
            for item in component["items"]:
                name = item["media"]["url"].partition("?")[0].rpartition("/")[2]
                hidden = "spoiler, " if item.get("spoiler") else ""
                yield f"[{name}] {hidden}alt: {item.get('description') or 'NONE'}"
        case 14:
            yield "─" * 20
        case 9:
            for one in component["components"]:
                yield from _lines(one)
            yield from (f"    → {line}" for line in _lines(component["accessory"]))
        case 11:
            yield f"[thumbnail] alt: {component.get('description') or 'NONE'}"
        case 1:
            lines = [line for one in component["components"] for line in _lines(one)]
            yield from [" ".join(lines)] if component["components"][0]["type"] == 2 else lines
        case 2:
            style = _STYLES[component["style"]]
            emoji = (component.get("emoji") or {}).get("name")
            label = " ".join(filter(None, (emoji, component.get("label"))))
            off = " off" if component.get("disabled") else ""
            yield f"({style}{' ' if style else ''}{label}{off})"
        case 3:
            yield f"<{component.get('placeholder') or ''} ▾>"
            for option in component["options"]:
                told = f" - {option['description']}" if option.get("description") else ""
                yield f"  · {option['label']}{told}"
        case 5 | 6 | 8:
            kind = {5: "member", 6: "role", 8: "channel"}[component["type"]]
            chosen = ", ".join(str(one["id"]) for one in component.get("default_values") or ())
            yield f"<{component.get('placeholder') or ''} ▾ {kind}{': ' if chosen else ''}{chosen}>"
        case 19:
            yield "[⇪ a file]"
        case 18:
            yield f"{component['label']}:"
            if component.get("description"):
                yield f"  ({component['description']})"
            yield from (f"  {line}" for line in _lines(component["component"]))
        case 4:
            bounds = f"{component.get('min_length') or 0}-{component.get('max_length')}"
            yield f"[{component.get('value') or component.get('placeholder') or ''}] {bounds}"
        case other:
            yield f"component {other}"


def buttons_of(message: Json) -> dict[str, Json]:
    """Every button by its label."""
    return {
        " ".join(filter(None, ((one.get("emoji") or {}).get("name"), one.get("label")))): one
        for one in walk(message.get("components") or [])
        if one["type"] == 2
    }


def menus_of(message: Json) -> list[Json]:
    return [one for one in walk(message.get("components") or []) if one["type"] in (3, 5, 6, 8)]


def inputs_of(modal: Json) -> dict[str, Any]:
    """Every field of a modal by its label."""
    return {one["label"]: one["component"] for one in modal["components"] if one["type"] == 18}

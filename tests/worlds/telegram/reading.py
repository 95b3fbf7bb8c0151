"""How a message looks to a member, as text."""

from typing import Any

Json = dict[str, Any]


def buttons_of(message: Json) -> dict[str, Json]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return {one["text"]: one for row in rows for one in row}


def read_message(message: Json) -> str:
    lines = []
    for kind in ("video", "animation", "document"):
        if kind in message:
            facts = message[kind]
            size = f" {facts['width']}×{facts['height']} {facts['duration']} s" if "width" in facts else ""
            lines.append(f"[{kind} {facts.get('file_name', '')}{size}]")
    if "invoice" in message:
        facts = message["invoice"]
        lines.append(f"[invoice {facts['title']}: {facts['total_amount']} {facts['currency']}] {facts['description']}")
    if "photo" in message:
        lines.append("[spoiler photo]" if message.get("has_media_spoiler") else "[photo]")
    text = message.get("text") or message.get("caption") or ""
    lines.append(_marked(text, message.get("entities") or message.get("caption_entities") or []))
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    lines += [" ".join(f"[{one['text']}]" if "url" not in one else f"[{one['text']} ↗]" for one in row) for row in rows]
    if message.get("force_reply"):
        lines.append("(waits for an answer)")
    return "\n".join(lines)


_MARKS = {"bold": "**", "italic": "_", "code": "`", "blockquote": "│ ", "expandable_blockquote": "┃ ", "spoiler": "||"}


def _marked(text: str, entities: list[Json]) -> str:
    units = text.encode("utf-16-le")
    for one in sorted(entities, key=lambda one: -int(one["offset"])):
        mark, begin = _MARKS.get(one["type"], ""), int(one["offset"]) * 2
        end = begin + int(one["length"]) * 2
        closing = "" if one["type"].endswith("quote") else mark
        units = units[:begin] + mark.encode("utf-16-le") + units[begin:end] + closing.encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le")

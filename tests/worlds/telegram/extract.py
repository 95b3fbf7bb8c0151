"""Makes api.json, what the local Telegram checks calls by, out of a machine-readable copy of the Bot API's pages.

    python -m tests.worlds.telegram.extract telegram-api.json

The copy is published under the MIT licence (LICENSE.telegram-api beside this file). Kept are the methods that the local
Telegram knows, with what can be passed to them, the objects among that, and the limits that stand in the prose.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any, Final

TABLE: Final = Path(__file__).with_name("api.json")
METHODS: Final = (
    *("getMe", "getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo", "getFile", "getChat", "getChatMember"),
    *("getChatAdministrators", "setMyCommands", "getMyCommands", "setMyDescription", "setMyShortDescription"),
    *("sendMessage", "sendVideo", "sendPhoto", "sendDocument", "sendMediaGroup", "sendChatAction"),
    *("editMessageText", "editMessageCaption", "editMessageMedia", "editMessageReplyMarkup", "deleteMessage"),
    *("answerCallbackQuery", "answerInlineQuery", "setMessageReaction", "leaveChat"),
    *("pinChatMessage", "unpinChatMessage"),
    *("sendInvoice", "answerPreCheckoutQuery", "refundStarPayment", "getStarTransactions"),
)
_RANGE: Final = re.compile(r"(\d[\d,]*)\s*(?:-|–|to)\s*(\d[\d,]*) (characters|bytes)")
_UP_TO: Final = re.compile(r"(?:[Uu]p to|more than|maximum of) (\d[\d,]*) (characters|bytes)")


def extract(description: dict[str, Any]) -> dict[str, Any]:
    """The table: the fields of each method, and of each object that can be passed in one."""
    methods = {name: _fields(description["methods"][name]) for name in METHODS}
    types: dict[str, Any] = {}
    wanted = _named_in(methods)
    while wanted:
        name = wanted.pop()
        known = description["types"].get(name)
        if known is None or name in types:
            continue
        if known.get("subtypes"):
            types[name] = {"one_of": known["subtypes"]}
            wanted |= set(known["subtypes"])
        else:
            types[name] = _fields(known)
            wanted |= _named_in({name: types[name]})
    return {"methods": methods, "types": dict(sorted(types.items()))}


def _fields(described: dict[str, Any]) -> dict[str, Any]:
    return {field["name"]: _field(field) for field in described.get("fields", ())}


def _field(field: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {"types": field["types"]}
    if field["required"]:
        kept["required"] = True
    if "String" in field["types"] and (limit := _limit(field["description"])):
        kept["limit"] = limit
    return kept


def _limit(prose: str) -> list[Any] | None:
    """How long a text may be: at least, at most, and counted in what."""
    if found := _RANGE.search(prose):
        return [_number(found[1]), _number(found[2]), found[3]]
    if found := _UP_TO.search(prose):
        return [0, _number(found[1]), found[2]]
    return None


def _number(digits: str) -> int:
    return int(digits.replace(",", ""))


def _named_in(fields: dict[str, Any]) -> set[str]:
    named = {kind for one in fields.values() for field in one.values() for kind in field["types"]}
    return {kind.rpartition(" of ")[2] for kind in named} - {"InputFile"}


def main(source: Path) -> None:
    table = extract(json.loads(source.read_text(encoding="utf-8")))
    TABLE.write_text(json.dumps(table, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{TABLE.name}: {len(table['methods'])} methods, {len(table['types'])} objects")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

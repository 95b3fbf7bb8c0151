"""Whether a call is one that Telegram would take, by the table that `extract.py` makes."""

import json
from collections.abc import Mapping
from typing import Any, Final

from tests.worlds.telegram.extract import TABLE

_TABLE: Final = json.loads(TABLE.read_text(encoding="utf-8"))
METHODS: Final[Mapping[str, Any]] = _TABLE["methods"]
# How Telegram words it when a text does not fit; everything else is called by the field's name.
_TOO_LONG: Final = {
    "text": "message is too long",
    "caption": "message caption is too long",
    "callback_data": "BUTTON_DATA_INVALID",
}
_EMPTY: Final = {"text": "message text is empty", "callback_data": "BUTTON_DATA_INVALID"}
UPLOAD: Final = "InputFile"


class Mistake(Exception):
    """What is wrong with a call, as Telegram words it after "Bad Request: "."""


def read_call(method: str, given: Mapping[str, str], files: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a call, as what they are rather than as the text that they came as; Mistake for a wrong one."""
    fields = METHODS[method]
    if unknown := given.keys() - fields.keys():
        raise Mistake(f"{method} knows no {', '.join(sorted(unknown))}")
    read: dict[str, Any] = {}
    for name, field in fields.items():
        if name in given:
            read[name] = _read(name, field, given[name], files)
        elif name in files:
            read[name] = f"attach://{name}"
        elif field.get("required"):
            raise Mistake("chat_id is empty" if name == "chat_id" else f"{name} is missing")
    return read


def _read(name: str, field: Any, text: str, files: Mapping[str, Any]) -> Any:
    value: Any = text
    if field["types"] != ["String"] and UPLOAD not in field["types"]:
        try:
            value = json.loads(text)
        except ValueError:
            if "String" not in field["types"]:
                raise Mistake(f"can't parse {name}") from None
    _check(name, field, value)
    return value


def _check(name: str, field: Any, value: Any) -> None:
    if not any(_fits(kind, value) for kind in field["types"]):
        raise Mistake(f"can't parse {name}: {value!r:.80} is no {' or '.join(field['types'])}")
    if isinstance(value, str) and (limit := field.get("limit")):
        least, most, unit = limit
        length = len(value.encode()) if unit == "bytes" else len(value)
        if length > most:
            raise Mistake(_TOO_LONG.get(name, f"{name} is too long"))
        if length < least:
            raise Mistake(_EMPTY.get(name, f"{name} is empty"))
    parts = [kind.removeprefix("Array of ") for kind in field["types"] if kind.startswith("Array of ")]
    if parts and isinstance(value, list):
        for one in value:
            _check(name, {"types": parts}, one)
    if isinstance(value, dict):
        for kind in _kinds_of([kind for kind in field["types"] if kind in _TABLE["types"]], value):
            _check_object(kind, value)


def _kinds_of(kinds: list[str], value: dict[str, Any]) -> list[str]:
    """Those that this object can be; where it says itself which it is, that one."""
    fitting = [kind for kind in kinds if _fits(kind, value)]
    tag = str(value.get("type", "")).replace("_", "").lower()
    tagged = [kind for kind in fitting if tag and kind.lower().endswith(tag)]
    return tagged or fitting[:1]


def _fits(kind: str, value: Any) -> bool:
    match kind:
        case "Integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "Boolean" | "True":
            return isinstance(value, bool)
        case "String" | "InputFile":
            return isinstance(value, str)
        case _ if kind.startswith("Array of "):
            return isinstance(value, list)
        case _:
            return isinstance(value, dict) and _has_all(kind, value)


def _has_all(kind: str, value: dict[str, Any]) -> bool:
    """Whether this object has what is required of that kind, and nothing that it does not know."""
    fields = _TABLE["types"].get(kind)
    if fields is None:
        return True
    if "one_of" in fields:
        return any(_has_all(one, value) for one in fields["one_of"])
    required = {name for name, field in fields.items() if field.get("required")}
    return required <= value.keys() <= fields.keys()


def _check_object(kind: str, value: dict[str, Any]) -> None:
    fields = _TABLE["types"][kind]
    if "one_of" in fields:
        _check_object(_kinds_of(fields["one_of"], value)[0], value)
        return
    for name, one in value.items():
        _check(name, fields[name], one)

"""Whether the body of a request is one that Discord would take, by the table that `extract.py` makes."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from tests.worlds.discord.extract import TABLE

_TABLE: Final = json.loads(TABLE.read_text(encoding="utf-8"))
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "number": (int, float),
    "integer": (int,),
    "null": (type(None),),
}


def mistake_in(operation: str, body: Any) -> str | None:
    """What is wrong with it, and where; None when nothing is."""
    return _mistake(_TABLE["operations"][operation], _normal(body), "")


def _normal(body: Any) -> Any:
    """discord.py sends some ids as numbers, which Discord takes and its description does not."""
    if isinstance(body, list):
        return [_normal(one) for one in body]
    if not isinstance(body, dict):
        return body
    normal = {name: _normal(value) for name, value in body.items()}
    for one in normal.get("attachments") or ():
        if isinstance(one, dict) and "id" in one:
            one["id"] = str(one["id"])
    for one in normal.get("default_values") or ():
        if isinstance(one, dict) and "id" in one:
            one["id"] = str(one["id"])
    for name in ("users", "roles"):
        if isinstance(normal.get(name), list):
            normal[name] = [str(one) for one in normal[name]]
    if "recipient_id" in normal:
        normal["recipient_id"] = str(normal["recipient_id"])
    return normal


def _mistake(schema: Any, value: Any, at: str) -> str | None:
    if schema is True or schema == {}:
        return None
    if "$ref" in schema:
        return _mistake(_TABLE["schemas"][schema["$ref"]], value, at)
    if "type" in schema and not _is_of(schema["type"], value):
        return f"{at or 'body'}: {value!r:.60} is no {schema['type']}"
    if "enum" in schema and value not in schema["enum"]:
        return f"{at or 'body'}: {value!r:.60} is none of {schema['enum']}"
    if "const" in schema and value != schema["const"]:
        return f"{at or 'body'}: {value!r:.60} is not {schema['const']!r}"
    return (
        _of_size(schema, value, at)
        or _of_parts(schema, value, at)
        or next((found for one in schema.get("allOf", ()) if (found := _mistake(one, value, at))), None)
        or next(
            (found for key in ("anyOf", "oneOf") if key in schema and (found := _none_of(schema[key], value, at))), None
        )
    )


def _is_of(types: Any, value: Any) -> bool:
    names = [types] if isinstance(types, str) else types
    for name in names:
        if isinstance(value, bool) and name != "boolean":
            continue
        if isinstance(value, _TYPES[name]):
            return True
    return False


def _of_size(schema: Any, value: Any, at: str) -> str | None:
    if isinstance(value, str):
        units = len(value)
        if units > schema.get("maxLength", units) or units < schema.get("minLength", 0):
            return f"{at}: {units} characters, where {schema.get('minLength', 0)} to {schema.get('maxLength')} fit"
        if "pattern" in schema and not re.search(schema["pattern"], value):
            return f"{at}: {value!r:.60} does not match {schema['pattern']}"
    elif isinstance(value, list):
        if len(value) > schema.get("maxItems", len(value)) or len(value) < schema.get("minItems", 0):
            return f"{at}: {len(value)} items, where {schema.get('minItems', 0)} to {schema.get('maxItems')} fit"
    elif isinstance(value, int | float) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        return f"{at}: {value} is not from {schema.get('minimum')} to {schema.get('maximum')}"
    return None


def _of_parts(schema: Any, value: Any, at: str) -> str | None:
    if isinstance(value, dict):
        for name in schema.get("required", ()):
            if name not in value:
                return f"{at or 'body'}: {name} is missing"
        for name, one in value.items():
            if name in schema.get("properties", {}) and (
                found := _mistake(schema["properties"][name], one, f"{at}.{name}".lstrip("."))
            ):
                return found
    elif isinstance(value, list) and "items" in schema:
        for number, one in enumerate(value):
            if found := _mistake(schema["items"], one, f"{at}[{number}]"):
                return found
    return None


def _none_of(schemas: Sequence[Any], value: Any, at: str) -> str | None:
    """None when one fits, or there are none; else the mistake that was found the deepest: the others are no match."""
    found = [_mistake(one, value, at) for one in schemas]
    mistakes = [one for one in found if one is not None]
    if len(mistakes) < len(found):
        return None
    return max(mistakes, key=lambda one: _depth(one.partition(":")[0]), default=None)


def _depth(place: str) -> int:
    return place.count(".") + place.count("[")

"""Makes requests.json, what the local Discord checks requests by, out of Discord's own OpenAPI description.

    python -m tests.worlds.discord.extract discord-openapi.json

The description is published by Discord under the MIT licence (LICENSE.discord-openapi beside this file). Only the
bodies of the requests that a bot of ours makes are kept, and of those only what can be checked.
"""

import json
import sys
from pathlib import Path
from typing import Any, Final

TABLE: Final = Path(__file__).with_name("requests.json")
OPERATIONS: Final = (
    ("PUT", "/applications/{application_id}/commands"),
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback"),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}"),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"),
    ("POST", "/channels/{channel_id}/messages"),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"),
    ("POST", "/users/@me/channels"),
)
_CHECKED: Final = frozenset(
    {"$ref", "type", "enum", "const", "oneOf", "anyOf", "allOf", "properties", "required", "items"}
    | {"minItems", "maxItems", "uniqueItems", "minLength", "maxLength", "minimum", "maximum", "pattern"}
    | {"additionalProperties", "minProperties", "maxProperties"}
)
_SCHEMAS: Final = "#/components/schemas/"


def extract(description: dict[str, Any]) -> dict[str, Any]:
    """The table: a schema for each operation, and the schemas that these refer to."""
    schemas = description["components"]["schemas"]
    operations: dict[str, Any] = {}
    for method, path in OPERATIONS:
        content = description["paths"][path][method.lower()]["requestBody"]["content"]
        operations[f"{method} {path}"] = _compact(content["application/json"]["schema"])
    kept: dict[str, Any] = {}
    wanted = _references(operations)
    while wanted:
        name = wanted.pop()
        kept[name] = _compact(schemas[name])
        wanted |= _references(kept[name]) - kept.keys()
    return {"operations": operations, "schemas": dict(sorted(kept.items()))}


def _compact(schema: Any) -> Any:
    """The schema without what is only there to be read."""
    if not isinstance(schema, dict):
        return schema
    compact: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "properties":
            compact[key] = {name: _compact(one) for name, one in value.items()}
        elif key in ("oneOf", "anyOf", "allOf"):
            compact[key] = [_compact(one) for one in value]
        elif key in ("items", "additionalProperties"):
            compact[key] = _compact(value)
        elif key == "$ref":
            compact[key] = value.removeprefix(_SCHEMAS)
        elif key in _CHECKED:
            compact[key] = value
    return compact


def _references(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(_references, schema))
    if not isinstance(schema, dict):
        return set()
    own = {schema["$ref"]} if isinstance(schema.get("$ref"), str) else set()
    return own.union(*(_references(value) for key, value in schema.items() if key != "$ref"))


def main(source: Path) -> None:
    table = extract(json.loads(source.read_text(encoding="utf-8")))
    TABLE.write_text(json.dumps(table, indent=None, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{TABLE.name}: {len(table['operations'])} operations, {len(table['schemas'])} schemas")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

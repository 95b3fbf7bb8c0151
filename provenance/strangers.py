"""What somebody else's manifest says, in few words: bounded, printable, and worth what its validation says."""

from collections.abc import Iterator
from typing import Any

from provenance.facts import ForeignCredentials

_WORDS_LIMIT = 100


def described(manifest: dict[str, Any], state: str) -> ForeignCredentials:
    info = manifest.get("claim_generator_info") or [{}]
    signature = manifest.get("signature_info") or {}
    return ForeignCredentials(
        generator=short(info[0].get("name") or manifest.get("claim_generator")),
        signer=short(signature.get("common_name") or signature.get("issuer")),
        state=state,
        source_types=tuple(dict.fromkeys(_source_types(manifest))),
    )


def _source_types(manifest: dict[str, Any]) -> Iterator[str]:
    for assertion in manifest.get("assertions", ()):
        data = assertion.get("data")
        actions = data.get("actions") if isinstance(data, dict) else None
        for action in actions if isinstance(actions, list) else ():
            kind = action.get("digitalSourceType") if isinstance(action, dict) else None
            if isinstance(kind, str):
                yield short(kind.rsplit("/", 1)[-1])


def short(told: object) -> str:
    """A stranger's words: one line of a bounded length, nothing in it that moves a terminal's cursor."""
    return "".join(letter for letter in str(told or "") if letter.isprintable())[:_WORDS_LIMIT]

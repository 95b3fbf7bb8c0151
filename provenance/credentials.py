"""Reading a file's C2PA manifest: is it ours, is it intact, what does it say, what was the clip made from?

Believes only what this studio signed: our assertion from an active manifest that our own anchor vouches for, and the
ancestors that such an assertion names. What a stranger's manifest says about us proves nothing.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import c2pa  # type: ignore[import-untyped]

from provenance import certificates
from provenance.containers import OddFileError, is_readable, manifest_store
from provenance.facts import ForeignCredentials
from provenance.formats import media_type_of
from provenance.keys import Keyring
from provenance.manifest import ASSERTION, ClipRecord, read_record
from provenance.signer_certificate import signer_certificate

TRUSTED, INVALID, REVOKED = "Trusted", "Invalid", "Revoked"
_STORE_TYPE = "application/c2pa"
_EXPIRED = "signingCredential.expired"
# What c2pa says when a certificate's time is over and nothing else is wrong; of a parent, in its child, the second
# alone: the child of an old clip reads Valid, no longer Trusted, though its own leaf is fresh.
_ONLY_OLD = frozenset({_EXPIRED, "signingCredential.untrusted"})
_LINEAGE_LIMIT = 256
_WORDS_LIMIT = 100


@dataclass(frozen=True)
class Credentials:
    """A manifest of ours. `record` is None where our assertion itself was damaged: then its words are worth nothing."""

    state: str  # Trusted, Valid or Invalid, as c2pa says
    intact: bool  # the manifest and the media it binds are as they were signed
    label: str
    record: ClipRecord | None
    sources_intact: bool  # no clip of ours among the sources was altered when it was added
    lineage: tuple[str, ...]
    manifests: int  # in the file, its own and those of its ancestors
    stamped_at: str | None  # when it was signed, by the clock of a time-stamp authority: ISO 8601

    @property
    def time_stamped(self) -> bool:
        return self.stamped_at is not None


@lru_cache(maxsize=8)
def context(anchors: str) -> c2pa.Context:
    """One for reading and signing. May be shared by threads; fetches nothing from anywhere."""
    usages = "\n".join(usage.dotted_string for usage in certificates.ACCEPTED_USAGES)
    return c2pa.Context.from_dict(
        {
            "version": 1,
            "trust": {"trust_anchors": anchors, "trust_config": f"{usages}\n"},
            "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
            "builder": {"thumbnail": {"enabled": False}},
        }
    )


def all_anchors(keyring: Keyring) -> str:
    """Our own roots, former ones too, and the anchors of chains that operators brought."""
    brought = (certificates.to_pem(chain[-1]).decode() for chain in keyring.brought_chains())
    return keyring.anchors + "".join(brought)


def read_credentials(path: Path, keyring: Keyring) -> Credentials | None:
    """What our own manifest in this file says; None where there is none, or where it cannot be told to be ours."""
    told, whole = _read(path, all_anchors(keyring))
    if told is None:
        return None
    label = told.get("active_manifest")
    manifest = told.get("manifests", {}).get(label)
    if not label or manifest is None:
        return None
    results = told.get("validation_results", {}).get("activeManifest", {})
    succeeded = {(one.get("code"), one.get("url")) for one in results.get("success", ())}
    failed = {one.get("code") for one in results.get("failure", ())}
    signature = f"self#jumbf=/c2pa/{label}/c2pa.signature"
    if ("claimSignature.validated", signature) not in succeeded:
        return None
    trusted = ("signingCredential.trusted", signature) in succeeded
    if not (_is_our_signer(manifest, path, keyring) if trusted else _is_our_old_signer(failed, label, path, keyring)):
        return None
    record = read_record(manifest)
    if ("assertion.hashedURI.match", f"self#jumbf=/c2pa/{label}/c2pa.assertions/{ASSERTION}") not in succeeded:
        record = None
    later = _failures_of_now(told)
    family = list(_ancestors(told, label, record, later))
    return Credentials(
        state=told.get("validation_state", ""),
        intact=whole and failed.union(*later.values()) <= _ONLY_OLD,
        label=label,
        record=record,
        sources_intact=all(intact for _, intact in family),
        lineage=tuple(dict.fromkeys(clip for clip, _ in family)),
        manifests=len(told["manifests"]),
        stamped_at=_stamped_at(manifest, succeeded, signature),
    )


def _stamped_at(manifest: dict[str, Any], succeeded: set[Any], signature: str) -> str | None:
    """Only of a stamp that is one of this signature. Whether its authority is one to trust, c2pa's list decides."""
    told = manifest.get("signature_info", {}).get("time")
    return told if isinstance(told, str) and ("timeStamp.validated", signature) in succeeded else None


def read_foreign(path: Path, keyring: Keyring) -> ForeignCredentials | None:
    """What a manifest says that is not of this studio, together with whether it is intact."""
    told, whole = _read(path, all_anchors(keyring))
    manifest = told.get("manifests", {}).get(told.get("active_manifest")) if told else None
    if told is None or not isinstance(manifest, dict):
        return None
    info = manifest.get("claim_generator_info") or [{}]
    signature = manifest.get("signature_info") or {}
    state = _short(told.get("validation_state")) if whole else INVALID
    if state == TRUSTED and _is_revoked(path, str(told.get("active_manifest")), keyring):
        state = REVOKED
    return ForeignCredentials(
        generator=_short(info[0].get("name") or manifest.get("claim_generator")),
        signer=_short(signature.get("common_name") or signature.get("issuer")),
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
                yield _short(kind.rsplit("/", 1)[-1])


def _short(told: object) -> str:
    """A stranger's words: one line of a bounded length, nothing in it that moves a terminal's cursor."""
    return "".join(letter for letter in str(told or "") if letter.isprintable())[:_WORDS_LIMIT]


def read_stranger(path: Path, keyring: Keyring) -> ClipRecord | None:
    """What a Kinora's manifest in this file says, whoever signed it; None where the file is not as it was signed.

    Anybody can make keys and sign with them: this proves that nothing was changed since, and not who made it.
    """
    told, whole = _read(path, all_anchors(keyring))
    label = told.get("active_manifest") if told is not None else None
    if told is None or not whole or not label or label not in told.get("manifests", {}):
        return None
    results = told.get("validation_results", {}).get("activeManifest", {})
    succeeded = {(one.get("code"), one.get("url")) for one in results.get("success", ())}
    failed = {one.get("code") for one in results.get("failure", ())}
    proven = {
        ("claimSignature.validated", f"self#jumbf=/c2pa/{label}/c2pa.signature"),
        ("assertion.hashedURI.match", f"self#jumbf=/c2pa/{label}/c2pa.assertions/{ASSERTION}"),
    }
    if not proven <= succeeded or not failed <= _ONLY_OLD:
        return None
    return read_record(told["manifests"][label])


def manifest_told(path: Path, keyring: Keyring) -> dict[str, Any] | None:
    """Everything that c2pa reads out of a file, whoever signed it; None where there is no manifest."""
    return _read(path, all_anchors(keyring))[0]


def _read(path: Path, anchors: str) -> tuple[dict[str, Any] | None, bool]:
    """What c2pa tells of a file, and whether it could read the file as a whole.

    A file whose structure was broken makes c2pa give up; the manifest store alone then still says whose it was.
    """
    if is_readable(path):
        with path.open("rb") as file:
            told = _told(media_type_of(path), file, anchors)
        if told is not None:
            return told, True
    try:
        store = manifest_store(path)
    except OddFileError:
        return None, False
    return _told(_STORE_TYPE, BytesIO(store), anchors), False


def _told(media_type: str, file: BinaryIO, anchors: str) -> dict[str, Any] | None:
    try:
        with c2pa.Reader(media_type, file, context=context(anchors)) as reader:
            told = json.loads(reader.json())
    except (c2pa.C2paError, ValueError):
        return None  # no manifest, or one so damaged that nothing in it can be believed
    return told if isinstance(told, dict) else None


def _is_our_signer(manifest: dict[str, Any], path: Path, keyring: Keyring) -> bool:
    """A brought anchor vouches for strangers too: there, the leaf itself must be one that was brought."""
    if not keyring.brought_chains() and not keyring.revoked():
        return True
    signer = signer_certificate(path, manifest["label"])
    return signer is not None and _is_known(signer, keyring)


def _is_our_old_signer(failed: set[Any], label: str, path: Path, keyring: Keyring) -> bool:
    """c2pa trusts no certificate whose time is over. Ours signed old clips: we look at the certificate ourselves."""
    if _EXPIRED not in failed:
        return False
    signer = signer_certificate(path, label)
    return signer is not None and _is_known(signer, keyring)


def _is_known(signer: bytes, keyring: Keyring) -> bool:
    certificate = certificates.read_der(signer)
    if certificate is None or certificates.serial_of(certificate) in keyring.revoked():
        return False
    if any(certificates.to_der(chain[0]) == signer for chain in keyring.brought_chains()):
        return True
    return any(certificates.is_issued_by(certificate, root) for root in keyring.roots)


def _is_revoked(path: Path, label: str, keyring: Keyring) -> bool:
    revoked = keyring.revoked()
    signer = signer_certificate(path, label) if revoked else None
    certificate = certificates.read_der(signer) if signer else None
    return certificate is not None and certificates.serial_of(certificate) in revoked


def _ancestors(
    told: dict[str, Any], label: str, record: ClipRecord | None, later: dict[tuple[str, str], set[str]]
) -> Iterator[tuple[str, bool]]:
    """Ids of the clips it was made from, nearest first, each with whether it was intact when it was added."""
    manifests = told.get("manifests", {})
    queue = [(label, record)]
    seen = {label}
    for label_here, record_here in queue:
        if record_here is None:
            continue
        ingredients = {one.get("active_manifest"): one for one in manifests[label_here].get("ingredients", ())}
        for source in record_here.made_from:
            if source.manifest is None:  # summed up: what we signed about it is all there is
                yield from ((clip, True) for clip in (source.clip, *(source.before or ())[:_LINEAGE_LIMIT]))
                continue
            ingredient = ingredients.get(source.manifest, {})
            failures = _recorded_failures(ingredient) | later.get((label_here, ingredient.get("label")), set())
            yield source.clip, bool(ingredient) and failures <= _ONLY_OLD
            parent = manifests.get(source.manifest)
            if parent is None or source.manifest in seen or len(seen) > _LINEAGE_LIMIT:
                continue
            seen.add(source.manifest)
            parent_record = read_record(parent)
            if parent_record is not None and parent_record.clip == source.clip:
                queue.append((source.manifest, parent_record))


def _recorded_failures(ingredient: dict[str, Any]) -> set[str]:
    """What was wrong with the source when it was added; the new clip's own state says nothing of it."""
    recorded = ingredient.get("validation_results", {}).get("activeManifest", {})
    return {one.get("code", "") for one in recorded.get("failure", ())}


def _failures_of_now(told: dict[str, Any]) -> dict[tuple[str, str], set[str]]:
    """What is wrong with the sources' manifests in this file, by (manifest, ingredient assertion)."""
    failures = {}
    for delta in told.get("validation_results", {}).get("ingredientDeltas", ()):
        where = str(delta.get("ingredientAssertionURI", "")).split("/")
        codes = {one.get("code", "") for one in delta.get("validationDeltas", {}).get("failure", ())}
        if len(where) >= 3:
            failures[(where[-3], where[-1])] = codes
    return failures

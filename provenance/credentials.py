"""Reading a file's C2PA manifest: is it ours, is it intact, what does it say, what was the clip made from?

Believes only what this studio signed: our assertion from an active manifest that our own anchor vouches for, and the
ancestors that such an assertion names. What a stranger's manifest says about us proves nothing.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import c2pa  # type: ignore[import-untyped]

from provenance import certificates
from provenance.ancestry import EXPIRED, INVALID, ONLY_OLD, REVOKED, TRUSTED, Walk, failures_of_now, flat
from provenance.containers import OddFileError, is_readable, manifest_store
from provenance.facts import Ancestor, ForeignCredentials
from provenance.formats import STORE, media_type_of
from provenance.keys import Keyring
from provenance.manifest import ASSERTION, NAME_ASSERTION, ClipRecord, maker_in, read_record
from provenance.signer_certificate import signer_certificate
from provenance.strangers import described, short


@dataclass(frozen=True)
class Credentials:
    """A manifest of ours. `record` is None where our assertion itself was damaged: then its words are worth nothing."""

    state: str  # Trusted, Valid or Invalid, as c2pa says
    intact: bool  # the manifest and the media it binds are as they were signed
    label: str
    record: ClipRecord | None
    sources_intact: bool  # no clip of ours among the sources was altered when it was added
    ancestors: tuple[Ancestor, ...]
    maker: str | None  # the name that its maker asked to be told by
    manifests: int  # in the file, its own and those of its ancestors
    stamped_at: str | None  # when it was signed, by the clock of a time-stamp authority: ISO 8601

    @property
    def time_stamped(self) -> bool:
        return self.stamped_at is not None

    @property
    def lineage(self) -> tuple[str, ...]:
        """The clips it was made from, nearest first."""
        return tuple(dict.fromkeys(one.clip_id for one in flat(self.ancestors) if one.clip_id is not None))


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
    bound = f"self#jumbf=/c2pa/{label}/c2pa.assertions/"
    record = read_record(manifest) if ("assertion.hashedURI.match", f"{bound}{ASSERTION}") in succeeded else None
    named = ("assertion.hashedURI.match", f"{bound}{NAME_ASSERTION}") in succeeded
    later = failures_of_now(told)
    ancestors = Walk(told, later, lambda theirs: _is_revoked(path, theirs, keyring)).from_clip(label, record)
    return Credentials(
        state=told.get("validation_state", ""),
        intact=whole and failed.union(*later.values()) <= ONLY_OLD,
        label=label,
        record=record,
        sources_intact=all(one.intact for one in flat(ancestors)),
        ancestors=ancestors,
        maker=maker_in(manifest) if named else None,
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
    state = short(told.get("validation_state")) if whole else INVALID
    if state == TRUSTED and _is_revoked(path, str(told.get("active_manifest")), keyring):
        state = REVOKED
    return described(manifest, state)


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
    if not proven <= succeeded or not failed <= ONLY_OLD:
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
    return _told(STORE, BytesIO(store), anchors), False


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
    if EXPIRED not in failed:
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

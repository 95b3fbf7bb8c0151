"""Sealing: sign a marked file with its manifest, read it back, hash it, and only then put it in its place."""

import os
import secrets
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from typing import Any

import c2pa  # type: ignore[import-untyped]

from provenance.ancestry import NAMED_LIMIT, TRUSTED, VALID
from provenance.containers import OddFileError, manifest_store
from provenance.credentials import all_anchors, context, read_credentials
from provenance.errors import (
    MissingIngredientError,
    ReadBackError,
    SigningError,
    TamperedIngredientError,
    UnsealableFileError,
)
from provenance.facts import ClipFacts, Ingredient, Sealed
from provenance.formats import JPEG, MP4, PNG, STORE, media_type_of
from provenance.jumbf import manifests
from provenance.keys import Keyring
from provenance.manifest import Medium, SourceRecord, definition, facts_of_copy, ingredient_definition, summed_up
from provenance.redacting import names_in, personal_in
from provenance.signer import signer_of
from provenance.time_stamps import asking
from storage.files import flush_folder, sha256_of

_ASIDE = ".sealing"
_ABANDONED_SECONDS = 3600
# A manifest takes 6 KB in every clip that comes after it. A source with so many in it is named with its ancestors' ids,
# and its line of manifests begins anew.
_MANIFESTS_LIMIT = 24
_FORMATS = {Medium.CLIP: (MP4,), Medium.COPY: (MP4,), Medium.STILL: (JPEG, PNG), Medium.PREVIEW: (JPEG, PNG)}


def seal(
    unsigned: Path, destination: Path, facts: ClipFacts, keyring: Keyring, time_stamps: str | None = None
) -> Sealed:
    """Seal a marked MP4. `destination` appears whole and Trusted, or not at all; `unsigned` is left alone.

    `time_stamps` is the address of an authority. Without a time stamp a clip is sealed all the same, and says so.
    """
    return _seal(unsigned, destination, facts, keyring, Medium.CLIP, time_stamps)


def seal_still(unsigned: Path, destination: Path, facts: ClipFacts, keyring: Keyring) -> Sealed:
    """Seal a still picture, JPEG or PNG, as `seal` does a clip."""
    return _seal(unsigned, destination, facts, keyring, Medium.STILL)


def seal_preview(unsigned: Path, destination: Path, facts: ClipFacts, keyring: Keyring) -> Sealed:
    """Seal a picture of what has not been made yet, as `seal_still` does one of a clip."""
    return _seal(unsigned, destination, facts, keyring, Medium.PREVIEW)


def restore(bare: Path, destination: Path, original: Path, studio_version: str, keyring: Keyring) -> Sealed:
    """Sign a copy that lost its credentials: it says that it came from the clip `original`, and nothing else."""
    credentials = read_credentials(original, keyring)
    if credentials is None or not credentials.intact or credentials.record is None:
        raise TamperedIngredientError(clip="", reason="altered")
    facts = facts_of_copy(credentials.record, credentials.maker, original, studio_version, datetime.now(UTC))
    return _seal(bare, destination, facts, keyring, Medium.COPY)


def _seal(
    unsigned: Path,
    destination: Path,
    facts: ClipFacts,
    keyring: Keyring,
    medium: Medium,
    time_stamps: str | None = None,
) -> Sealed:
    media_type = _sealable_type(unsigned, medium)
    made_from = tuple(filter(None, (_checked_source(source, keyring) for source in facts.ingredients)))
    _sweep(destination)
    aside = destination.with_name(f".{destination.name}.{secrets.token_hex(8)}{_ASIDE}")
    try:
        added = _added_as_files(facts, made_from)
        manifest = definition(facts, medium, made_from, _left_behind([facts.ingredients[index] for index in added]))
        signing = _Signing(unsigned, aside, media_type, manifest, added, facts, keyring)
        label, time_stamped, trouble = signing.stamped(time_stamps) if time_stamps else signing.done()
        sealed = Sealed(
            path=destination,
            sha256=sha256_of(aside),
            size=aside.stat().st_size,
            manifest_label=label,
            time_stamped=time_stamped,
            no_stamp_because=trouble,
        )
        aside.replace(destination)
    except OddFileError as cause:
        raise SigningError(clip=facts.clip_id, reason="a source's manifests cannot be read") from cause
    except OSError as cause:
        raise SigningError(clip=facts.clip_id, reason=cause.strerror or type(cause).__name__) from cause
    finally:
        aside.unlink(missing_ok=True)
    flush_folder(destination.parent)
    return sealed


def _sweep(destination: Path) -> None:
    """Remove what a killed worker left of an earlier attempt; one that may still be running is left alone."""
    for left in destination.parent.glob(f".{escape(destination.name)}.*{_ASIDE}"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
                left.unlink()


def _sealable_type(unsigned: Path, medium: Medium) -> str:
    try:
        media_type = media_type_of(unsigned)
    except OSError as cause:
        raise UnsealableFileError(path=str(unsigned), reason=cause.strerror or type(cause).__name__) from cause
    if media_type not in _FORMATS[medium]:
        raise UnsealableFileError(path=str(unsigned), reason="format")
    return media_type


def _checked_source(source: Ingredient, keyring: Keyring) -> SourceRecord | None:
    """A clip of ours must be what we sealed under that id: c2pa would call a tampered parent's child Trusted."""
    if not source.path.is_file():
        raise MissingIngredientError(path=str(source.path), clip=source.clip_id or "")
    if source.clip_id is None:
        return None  # an upload comes with whatever credentials it brought; c2pa records what they are worth
    credentials = read_credentials(source.path, keyring)
    if credentials is None or not credentials.intact or credentials.record is None:
        raise TamperedIngredientError(clip=source.clip_id, reason="altered")
    if credentials.record.clip != source.clip_id:
        raise TamperedIngredientError(clip=source.clip_id, reason="another_clip", found=credentials.record.clip)
    if credentials.manifests >= _MANIFESTS_LIMIT:
        before = credentials.lineage[:NAMED_LIMIT]
        return SourceRecord(clip=source.clip_id, manifest=None, relation=source.relation, before=before)
    return SourceRecord(clip=source.clip_id, manifest=credentials.label, relation=source.relation)


def _added_as_files(facts: ClipFacts, made_from: tuple[SourceRecord, ...]) -> tuple[int, ...]:
    named = summed_up(made_from)
    return tuple(index for index, source in enumerate(facts.ingredients) if source.clip_id not in named)


def _left_behind(sources: list[Ingredient]) -> tuple[str, ...]:
    """What personal there is in the sources' manifests. One that comes with two sources is redacted once, and one
    that came into a clip before was redacted then."""
    clips = [manifest_store(source.path) for source in sources if source.clip_id is not None]
    known = {label for store in clips for label, _ in manifests(store)}
    found = dict.fromkeys(name for store in clips for name in names_in(store))
    for source in sources:
        if source.credentials is not None:
            found |= dict.fromkeys(personal_in(source.credentials.read_bytes(), known))
    return tuple(found)


@dataclass(frozen=True)
class _Signing:
    """One file that is signed with its manifest and read back, with a time stamp or without."""

    unsigned: Path
    aside: Path
    media_type: str
    manifest: dict[str, Any]
    added: tuple[int, ...]  # the ingredients that come with their files
    facts: ClipFacts
    keyring: Keyring

    def stamped(self, authority: str) -> tuple[str, bool, str | None]:
        """With a time stamp; without one where the authority gives none that holds. Label, whether, and why not."""
        with asking(authority) as relay:
            try:
                label, time_stamped, _ = self.done(relay.url)
            except (SigningError, ReadBackError) as cause:
                trouble = relay.trouble or str(cause.params.get("reason"))
            else:
                return label, time_stamped, None if time_stamped else "a stamp that does not hold"
        self.aside.unlink(missing_ok=True)
        label, _, _ = self.done()
        return label, False, trouble

    def done(self, authority: str | None = None) -> tuple[str, bool, str | None]:
        """Signed and read back; once more where that finds what was not so a moment before.

        Where a source's certificate ends between the two, the clip says that its source was trusted, and no longer is.
        """
        self._sign(authority)
        try:
            label, time_stamped = _read_back(self.aside, self.facts, self.keyring)
        except ReadBackError as cause:
            if cause.params.get("state") != VALID:
                raise
            self.aside.unlink()
            self._sign(authority)
            label, time_stamped = _read_back(self.aside, self.facts, self.keyring)
        return label, time_stamped, None

    def _sign(self, authority: str | None) -> None:
        identity = self.keyring.signing()
        try:
            with ExitStack() as stack:
                builder = stack.enter_context(c2pa.Builder(self.manifest, context(all_anchors(self.keyring))))
                for index in self.added:
                    source = self.facts.ingredients[index]
                    path = source.credentials or source.path
                    media_type = STORE if source.credentials else media_type_of(path)
                    with path.open("rb") as file:
                        builder.add_ingredient_from_stream(ingredient_definition(self.facts, index), media_type, file)
                signer = stack.enter_context(signer_of(identity, authority))
                # c2pa reads back what it has written: the stream must allow both.
                with self.unsigned.open("rb") as plain, self.aside.open("x+b") as signed:
                    builder.sign(signer, self.media_type, plain, signed)
                    signed.flush()
                    os.fsync(signed.fileno())
        except c2pa.C2paError as cause:
            raise SigningError(clip=self.facts.clip_id, reason=str(cause)) from cause


def _read_back(aside: Path, facts: ClipFacts, keyring: Keyring) -> tuple[str, bool]:
    """Believe the file, not the call that made it."""
    credentials = read_credentials(aside, keyring)
    if credentials is None:
        raise ReadBackError(clip=facts.clip_id, reason="no_manifest_of_ours")
    if credentials.state != TRUSTED:
        raise ReadBackError(clip=facts.clip_id, reason="state", state=credentials.state)
    if credentials.record is None or credentials.record.clip != facts.clip_id:
        raise ReadBackError(clip=facts.clip_id, reason="another_clip")
    if not credentials.sources_intact:
        raise ReadBackError(clip=facts.clip_id, reason="sources")
    return credentials.label, credentials.time_stamped

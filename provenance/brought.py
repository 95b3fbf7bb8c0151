"""The credentials that an upload came with, kept so that the clip that is made from it can tell of them.

An upload is written anew and loses its manifest. What is kept in its place is c2pa's own archive of an ingredient: the
manifests as they were, and what they were worth when the whole file was there to be compared.
"""

import io
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import c2pa  # type: ignore[import-untyped]

from provenance.ancestry import INVALID
from provenance.containers import OddFileError, is_readable, manifest_store
from provenance.credentials import all_anchors, context, manifest_told, read_foreign
from provenance.facts import ForeignCredentials
from provenance.formats import media_type_of
from provenance.keys import Keyring
from provenance.redacting import personal_in

# A camera's manifest has a thumbnail of 30 to 100 KB. Each clip that is made from the upload carries all of it.
STORE_LIMIT: Final = 512 * 1024
MANIFESTS_LIMIT: Final = 8
_LABEL: Final = "brought"


class LeftOut(StrEnum):
    """Why an upload's credentials are not told on."""

    ALTERED = "altered"  # they are about other pictures than these, or were changed themselves
    LARGE = "large"
    ELSEWHERE = "elsewhere"  # the file only says where they are; nothing is fetched
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Brought:
    """`archive` or a reason why there is none."""

    said: ForeignCredentials | None
    archive: bytes | None = None
    left_out: LeftOut | None = None


def credentials_of(file: Path, keyring: Keyring) -> Brought | None:
    """What an upload brought; None where it brought nothing."""
    if not is_readable(file):
        return Brought(None, left_out=LeftOut.UNREADABLE) if _store_of(file) else None
    store = _store_of(file)
    if store is None:
        return Brought(None, left_out=LeftOut.ELSEWHERE) if _points_elsewhere(file, keyring) else None
    if len(store) > STORE_LIMIT:
        return Brought(None, left_out=LeftOut.LARGE)
    said = read_foreign(file, keyring)
    told = manifest_told(file, keyring)
    if said is None or told is None:
        return Brought(None, left_out=LeftOut.UNREADABLE)
    if said.state == INVALID:
        return Brought(said, left_out=LeftOut.ALTERED)
    if len(told.get("manifests", ())) > MANIFESTS_LIMIT:
        return Brought(said, left_out=LeftOut.LARGE)
    try:
        archive = _archive(file, keyring)
        personal_in(archive)  # what cannot be looked through is not told on
    except (c2pa.C2paError, OddFileError):
        return Brought(said, left_out=LeftOut.UNREADABLE)
    return Brought(said, archive)


def _store_of(file: Path) -> bytes | None:
    try:
        return manifest_store(file)
    except OddFileError:
        return None


def _points_elsewhere(file: Path, keyring: Keyring) -> bool:
    try:
        with file.open("rb") as opened, c2pa.Reader(media_type_of(file), opened, context=context(all_anchors(keyring))):
            return False
    except c2pa.C2paError as error:
        return str(error).startswith("Remote")


def _archive(file: Path, keyring: Keyring) -> bytes:
    archive = io.BytesIO()
    with c2pa.Builder({}, context(all_anchors(keyring))) as builder, file.open("rb") as opened:
        builder.add_ingredient_from_stream({"title": "upload", "label": _LABEL}, media_type_of(file), opened)
        builder.write_ingredient_archive(_LABEL, archive)
    return archive.getvalue()

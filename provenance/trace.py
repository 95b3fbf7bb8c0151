"""Was this made here? Layers are asked in order, from the one that proves most to the one that proves least."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from provenance.credentials import read_credentials
from provenance.facts import Layer, Trace
from provenance.keys import Keyring
from provenance.manifest import Medium
from storage.files import sha256_of

NO_TRACE = Trace(made_here=False, layer=Layer.NONE)


@dataclass
class Inquiry:
    """One file that somebody asks about, and whom a layer may ask."""

    file: Path
    keyring: Keyring
    find_by_sha256: Callable[[str], str | None]  # clip id by the bytes that were delivered
    find_sealed_sha256: Callable[[str], str | None]  # the bytes that were stored, by clip id

    @cached_property
    def sha256(self) -> str:
        return sha256_of(self.file)


def trace(
    file: Path,
    keyring: Keyring,
    find_by_sha256: Callable[[str], str | None],
    find_sealed_sha256: Callable[[str], str | None],
) -> Trace:
    """Name the layer that proved it. A file that no layer knows, or that cannot be read at all, is NO_TRACE."""
    inquiry = Inquiry(file, keyring, find_by_sha256, find_sealed_sha256)
    try:
        answers = (layer(inquiry) for layer in LAYERS)
        return next((answer for answer in answers if answer is not None), NO_TRACE)
    except OSError:
        return NO_TRACE


def by_manifest(inquiry: Inquiry) -> Trace | None:
    """Our own C2PA manifest in the file.

    Tampered: the media differ from what the manifest binds, or the bytes from what was stored. The second is needed
    because C2PA binds neither the `ftyp` box nor a `free` box appended to the file.
    """
    credentials = read_credentials(inquiry.file, inquiry.keyring)
    if credentials is None:
        return None
    record = credentials.record
    clip_id = record.clip if record else None
    # A still that announces a clip carries the clip's id, but other bytes.
    stored = inquiry.find_sealed_sha256(record.clip) if record and record.medium is Medium.CLIP else None
    as_stored = stored is None or stored == inquiry.sha256
    return Trace(
        made_here=True,
        layer=Layer.C2PA,
        tampered=not (credentials.intact and credentials.sources_intact and as_stored),
        clip_id=clip_id,
        lineage=credentials.lineage,
    )


def by_bytes(inquiry: Inquiry) -> Trace | None:
    """The very bytes that were delivered, whatever became of the keys since."""
    clip_id = inquiry.find_by_sha256(inquiry.sha256)
    return Trace(made_here=True, layer=Layer.BYTES, clip_id=clip_id) if clip_id else None


LAYERS: tuple[Callable[[Inquiry], Trace | None], ...] = (by_manifest, by_bytes)

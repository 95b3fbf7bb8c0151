"""Was this made here? Layers are asked in order, from the one that proves most to the one that proves least."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from provenance.credentials import read_credentials, read_foreign
from provenance.facts import Layer, Trace
from provenance.keys import Keyring
from provenance.manifest import Medium
from storage.files import sha256_of

# Numpy, PyAV and the readers of marks and fingerprints are loaded by the layers that need them.
if TYPE_CHECKING:
    from provenance.fingerprint import Hashes
    from provenance.pictures import Pictures
    from provenance.reader import Issued

NO_TRACE = Trace(made_here=False, layer=Layer.NONE)
_ALIKE_ENOUGH = 2  # frames that look like a clip's, of a video; a still has only one


class Memory(Protocol):
    """What the studio remembers of the clips it made."""

    def clip_with(self, sha256: str) -> str | None:
        """The clip of which these are the delivered bytes."""

    def bytes_of(self, clip_id: str) -> str | None:
        """SHA-256 of what was stored under this id."""

    def issued(self) -> "Sequence[Issued]":
        """Every mark that was issued, by key."""

    def fingerprint_of(self, clip_id: str) -> "Hashes | None": ...

    def alike(self, asked: "Hashes") -> "Sequence[Alike]":
        """Clips that look like it, the best first."""


@dataclass(frozen=True)
class Alike:
    clip_id: str
    hashes: int  # how many of those asked have one of the clip's within the limit
    distance: int  # of the closest


@dataclass
class Inquiry:
    """One file that somebody asks about, and whom a layer may ask."""

    file: Path
    keyring: Keyring
    memory: Memory

    @cached_property
    def sha256(self) -> str:
        return sha256_of(self.file)

    @cached_property
    def pictures(self) -> "Pictures | None":
        from provenance.pictures import pictures_in

        return pictures_in(self.file)

    @cached_property
    def fingerprint(self) -> "Hashes | None":
        from provenance.fingerprint import to_ask

        return to_ask(self.pictures.frames) if self.pictures else None


def trace(file: Path, keyring: Keyring, memory: Memory) -> Trace:
    """Name the layer that proved it. A file that no layer knows, or that cannot be read at all, is NO_TRACE."""
    inquiry = Inquiry(file, keyring, memory)
    try:
        answers = (layer(inquiry) for layer in LAYERS)
        answer = next((answer for answer in answers if answer is not None), NO_TRACE)
        if answer.layer is Layer.C2PA:
            return answer
        return replace(answer, foreign=read_foreign(file, keyring))
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
    is_preview = bool(record and record.medium is Medium.PREVIEW)
    clip_id = record.clip if record and not is_preview else None
    # A still that announces a clip and a copy that was restored carry the clip's id, but other bytes.
    stored = inquiry.memory.bytes_of(record.clip) if record and record.medium is Medium.CLIP else None
    as_stored = stored is None or stored == inquiry.sha256
    return Trace(
        made_here=True,
        layer=Layer.C2PA,
        tampered=not (credentials.intact and credentials.sources_intact and as_stored),
        stamped_at=credentials.stamped_at,
        clip_id=clip_id,
        copy=bool(record and record.medium is Medium.COPY),
        preview=is_preview,
        maker=credentials.maker,
        lineage=tuple(clip for clip in credentials.lineage if clip != clip_id),
        ancestors=credentials.ancestors,
    )


def by_bytes(inquiry: Inquiry) -> Trace | None:
    """The very bytes that were delivered, whatever became of the keys since."""
    clip_id = inquiry.memory.clip_with(inquiry.sha256)
    return Trace(made_here=True, layer=Layer.BYTES, clip_id=clip_id) if clip_id else None


def by_mark(inquiry: Inquiry) -> Trace | None:
    """The invisible mark in the picture. The fingerprint of the clip it names tells whether it was copied."""
    from provenance.reader import read_marks

    if inquiry.pictures is None:
        return None
    marks = read_marks(inquiry.pictures.frames, inquiry.memory.issued())
    if not marks:
        return None
    looks = {mark.clip_id: _looks_like(inquiry, mark.clip_id) for mark in marks}
    # Of several, the one whose pictures these are: the others came along with footage it was made from.
    first = next((clip for clip, looks_like in looks.items() if looks_like), marks[0].clip_id)
    return Trace(
        made_here=True,
        layer=Layer.WATERMARK,
        clip_id=first,
        looks_like_it=looks[first],
        also_marked=tuple(clip for clip in looks if clip != first),
    )


def _looks_like(inquiry: Inquiry, clip_id: str) -> bool | None:
    from provenance.fingerprint import OTHER, SAME, closest

    remembered = inquiry.memory.fingerprint_of(clip_id)
    if remembered is None or inquiry.fingerprint is None:
        return None
    apart = closest(inquiry.fingerprint, remembered)
    if apart is None or SAME < apart < OTHER:
        return None
    return apart <= SAME


def by_fingerprint(inquiry: Inquiry) -> Trace | None:
    """Only "looks like": somebody may have made the same picture in another way."""
    if inquiry.pictures is None or inquiry.fingerprint is None or not len(inquiry.fingerprint):
        return None
    needed = _ALIKE_ENOUGH if inquiry.pictures.moving else 1
    best = next(iter(inquiry.memory.alike(inquiry.fingerprint)), None)
    if best is None or best.hashes < needed:
        return None
    return Trace(made_here=True, layer=Layer.FINGERPRINT, clip_id=best.clip_id, looks_like_it=True)


LAYERS: tuple[Callable[[Inquiry], Trace | None], ...] = (by_manifest, by_bytes, by_mark, by_fingerprint)

"""What a worker finds at its bench, whatever the task: the keyring, and the files that the task names by their hash."""

from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import StudioError
from engine.fleet.base import Bench
from engine.places import Places
from engine.reports import SourceReport
from engine.uploads import CREDENTIALS_SUFFIX, SUFFIXES

if TYPE_CHECKING:
    from engine.renderers.base import SourceFile
    from provenance.keys import Keyring
    from storage.blobs import Blobs


def keyring_of(bench: Bench) -> "Keyring":
    from provenance.keys import Keyring, OwnCertificate

    own = OwnCertificate(*bench.certificate) if bench.certificate else None
    return Keyring.open(Places(bench.data).keys, own)


def kept_file(blobs: "Blobs", sha256: str) -> Path:
    """Where the file of that hash lies; StudioError when it is gone."""
    found = next((path for suffix in SUFFIXES.values() if (path := blobs.here(sha256, suffix)).is_file()), None)
    if found is None:
        raise StudioError("source.gone")
    return found


def kept_credentials(blobs: "Blobs", sha256: str) -> Path | None:
    """What is kept of the credentials that an upload came with; None when it is gone."""
    path = blobs.here(sha256, CREDENTIALS_SUFFIX)
    return path if path.is_file() else None


def source_file(blobs: "Blobs", source: SourceReport) -> "SourceFile":
    from engine.renderers.base import SourceFile

    return SourceFile(
        path=kept_file(blobs, source.sha256),
        sha256=source.sha256,
        media_type=source.media_type,
        seconds=source.seconds,
        film=source.film,
        said=source.said,
    )

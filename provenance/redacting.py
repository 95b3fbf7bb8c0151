"""What of the sources' manifests stays behind when they are told on in a new clip.

C2PA calls it redaction: that something was left out is said, and the rest still holds.
"""

from collections.abc import Collection, Iterator
from typing import Final

from provenance import jumbf
from provenance.manifest import ASSERTION, NAME_ASSERTION

# Of what somebody else's tool wrote: what was done, with what it was made, what it may be used for. Pictures, names,
# places and whatever else it says of people stay behind, as they do of the upload itself. Hashes cannot be left out.
_TOLD_ON: Final = (
    "c2pa.actions",
    "c2pa.hash.",
    "c2pa.ingredient",
    "c2pa.soft-binding",
    "c2pa.training-mining",
    "cawg.training-mining",
    ASSERTION,
)


def personal_in(archive: bytes, known: Collection[str] = ()) -> tuple[str, ...]:
    """The assertions in an upload's manifests that stay behind, but for those of the manifests that are known."""
    *theirs, _ = jumbf.manifests(archive)  # the last one is the archive's own
    theirs = [one for one in theirs if one[0] not in known]
    return tuple(uri for uri, name in _assertions_in(theirs) if not name.startswith(_TOLD_ON))


def names_in(store: bytes) -> tuple[str, ...]:
    """The name that the maker of a clip asked for stands in that clip, and not in what others make from it."""
    return tuple(uri for uri, name in _assertions_in(jumbf.manifests(store)) if name == NAME_ASSERTION)


def _assertions_in(manifests: list[tuple[str, bytes]]) -> Iterator[tuple[str, str]]:
    for label, manifest in manifests:
        for name in jumbf.labels(jumbf.child(manifest, "c2pa.assertions")):
            yield f"self#jumbf=/c2pa/{label}/c2pa.assertions/{name}", name

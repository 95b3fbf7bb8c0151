"""What the engine tells provenance about a clip, and what provenance answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class Relation(StrEnum):
    """How an ingredient went into a clip, in C2PA's words."""

    PARENT = "parentOf"
    COMPONENT = "componentOf"


@dataclass(frozen=True)
class Ingredient:
    """A clip of this studio, or an upload, that the new clip was made from."""

    path: Path
    relation: Relation
    clip_id: str | None = None  # None: an upload
    credentials: Path | None = None  # what an upload brought, as `provenance.brought` keeps it


@dataclass(frozen=True)
class ModelFacts:
    name: str
    version: str
    licence: str


@dataclass(frozen=True)
class ClipFacts:
    """Everything that goes into the manifest of one clip."""

    clip_id: str
    job_id: str
    studio_version: str
    renderer: str
    renderer_version: str
    trained: bool  # decides digitalSourceType: trainedAlgorithmicMedia or algorithmicMedia
    seed: int
    policy_version: str
    brief_digest: str  # a keyed hash: a plain one of a hidden prompt could be guessed
    made_at: datetime
    model: ModelFacts | None = None
    ingredients: tuple[Ingredient, ...] = ()
    maker: str | None = None  # the name by which its maker asked to be told; None: nobody asked
    marked: bool = False  # the invisible mark in its frames says the id
    training: str | None = None  # whether models may be trained with it: allowed, notAllowed, constrained
    restored_at: datetime | None = None  # a copy that had lost its credentials: when it was given new ones


@dataclass(frozen=True)
class Sealed:
    """A signed file that was read back and found Trusted."""

    path: Path
    sha256: str
    size: int
    manifest_label: str
    time_stamped: bool
    no_stamp_because: str | None = None  # for the operator's log: why the authority that was asked gave none


class Layer(StrEnum):
    """Which layer of provenance answered "was this made here?"."""

    C2PA = "c2pa"
    BYTES = "bytes"
    WATERMARK = "watermark"
    FINGERPRINT = "fingerprint"
    NONE = "none"


@dataclass(frozen=True)
class ForeignCredentials:
    """What somebody else's C2PA manifest in a file says, and what it is worth."""

    generator: str
    signer: str
    # Trusted, Valid or Invalid, as c2pa says; Valid: undamaged, by a signer that this studio does not know. Revoked: by
    # a certificate of this studio that it no longer believes.
    state: str
    source_types: tuple[str, ...] = ()  # the last part of each digitalSourceType: trainedAlgorithmicMedia and the like


@dataclass(frozen=True)
class Ancestor:
    """What a clip was made from: a clip of this studio, or an upload (`clip_id` None) with what it brought."""

    relation: Relation | None  # None: of an older ancestor, only the name is known
    clip_id: str | None
    intact: bool = True
    foreign: ForeignCredentials | None = None  # of an upload that came with credentials
    ancestors: tuple["Ancestor", ...] = ()


@dataclass(frozen=True)
class Trace:
    """The answer to "was this made here?". `made_here` false means "no trace of this studio", never "not AI"."""

    made_here: bool
    layer: Layer
    tampered: bool = False
    stamped_at: str | None = None  # when it was signed, by a time-stamp authority's clock
    clip_id: str | None = None
    copy: bool = False  # its credentials were lost, and put back by this studio
    preview: bool = False  # a picture of what was not made yet: there is no clip of it
    maker: str | None = None  # the name that its maker asked to be told by
    lineage: tuple[str, ...] = ()  # ids of the clips it was made from, nearest first
    ancestors: tuple[Ancestor, ...] = ()  # the same as a tree, with the uploads in it
    # Whether the fingerprint of the clip that a mark names is that of the file; None where it cannot be told.
    looks_like_it: bool | None = None
    also_marked: tuple[str, ...] = ()  # other clips whose marks are in it too
    foreign: ForeignCredentials | None = None

"""What workers answer, and what is kept of it with the take: plain data, light to import."""

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from safety.verdict import Fault, Signal, Verdict

if TYPE_CHECKING:  # numpy
    from safety.frames.base import Inspection


class Report(BaseModel):
    model_config = ConfigDict(frozen=True)


class Ready(Report):
    """A worker has loaded what it will need."""


class Judged(Report):
    """A verdict together with the policy behind it, so that it can be explained later."""

    verdict: Verdict
    policy: dict[str, object]


class InspectionReport(Report):
    inspector: str
    frames_seen: int
    signals: tuple[Signal, ...] = ()
    looks: tuple[tuple[float, str], ...] = ()  # seconds, and hashes in hexadecimal


def inspection_report(inspection: "Inspection") -> InspectionReport:
    looks = tuple((look.seconds, look.hashes) for look in inspection.looks)
    return InspectionReport(
        inspector=inspection.inspector, frames_seen=inspection.frames_seen, signals=inspection.signals, looks=looks
    )


class ModelUsed(Report):
    name: str
    version: str
    licence: str


class SourceReport(Report):
    """A source of a brief, as workers are told of it. `film` is what the renderer of a clip kept of it."""

    clip_id: str | None
    sha256: str
    media_type: str
    seconds: float
    relation: str
    film: dict[str, Any] | None = None
    said: str = ""  # the words that a clip was made from
    credentials: str | None = None  # of an upload: the hash of what is kept of those it came with


class ForeignReport(Report):
    """Credentials that somebody else put into a file."""

    generator: str
    signer: str
    state: str
    source_types: tuple[str, ...] = ()


class BroughtCredentials(Report):
    """The credentials that an upload came with. `left_out`: why they are not told on."""

    said: ForeignReport | None = None
    left_out: str | None = None


class UploadSeen(Report):
    """What was found in an upload when it was taken in: looked at again whenever something is made of it."""

    looks: tuple[tuple[float, str], ...] = ()
    codes: tuple[str, ...] = ()  # what QR and bar codes in it say
    letters: tuple[str, ...] = ()  # what else can be read in it
    unread: Fault | None = Fault.MISSING  # why there may be more to read
    frames: int = 0
    inspections: tuple[InspectionReport, ...] = ()  # of the classifiers that the policy requires for uploads
    credentials: BroughtCredentials | None = None


class UploadReport(Report):
    """An upload that was taken in: decoded, written anew and stored. `original` is the hash of what was brought."""

    original: str
    sha256: str
    size: int
    media_type: str
    width: int
    height: int
    seconds: float
    seen: UploadSeen = UploadSeen()
    credentials_sha256: str | None = None  # where they are kept
    credentials_size: int = 0


class TakeReport(Report):
    """A take in quarantine: what the darkroom developed, who drew it, and what the inspectors saw."""

    order: str  # digest of what was ordered: a file that answers another order is not this take
    sha256: str
    size: int
    width: int
    height: int
    fps: int
    frames: int
    seconds: float
    renderer: str
    renderer_version: str
    is_draft: bool
    trained: bool
    mark_key: str | None = None  # the key of the invisible mark; None: a take from before there was one
    model: ModelUsed | None = None
    not_drawn: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    film: dict[str, Any] | None = None
    inspections: tuple[InspectionReport, ...] = ()
    stopped: bool = False  # refused while it was made: there is no file


class SealedTake(Report):
    """A take that was signed, read back and stored, with its poster."""

    sha256: str
    size: int
    poster_sha256: str
    poster_size: int
    manifest_label: str
    time_stamped: bool
    no_stamp_because: str | None = None  # why the authority that was asked gave none
    store_sha256: str | None = None
    store_size: int = 0
    mark: str | None = None  # id and keyed tag, in hexadecimal
    anchor: str | None = None  # PEM
    fingerprint: str | None = None  # hashes of 32 bytes each, in hexadecimal


class PreviewReport(Report):
    """A preview that was drawn, inspected, marked, signed and stored; without a file where it may not be shown."""

    verdict: Verdict
    sha256: str = ""
    width: int = 0
    height: int = 0
    not_drawn: tuple[str, ...] = ()
    covered: tuple[int, ...] = ()  # numbers of cards that show what nobody has looked at yet


class FittedCopy(Report):
    """A smaller copy of a released clip, sealed as such."""

    sha256: str
    size: int
    width: int
    height: int


class AncestorReport(Report):
    """A clip that another was made from, or an upload (no `clip`) with the credentials that it came with."""

    clip: str | None
    relation: str | None = None
    intact: bool = True
    foreign: ForeignReport | None = None
    ancestors: tuple["AncestorReport", ...] = ()


class TraceReport(Report):
    """The answer to "was this made here?"."""

    made_here: bool
    layer: str
    tampered: bool
    stamped_at: str | None = None  # when it was signed, by a time-stamp authority's clock
    clip: str | None
    copy_of_it: bool = False  # its credentials were lost, and put back by this studio
    preview: bool = False  # of what was not made yet
    maker: str | None = None  # the name by which its maker asked to be told
    lineage: tuple[str, ...]
    ancestors: tuple[AncestorReport, ...] = ()  # the same as a tree, with the uploads in it
    looks_like_it: bool | None = None
    also_marked: tuple[str, ...] = ()
    foreign: ForeignReport | None = None
    restored: str | None = None  # where the file was written with credentials again


class Reading(Report):
    """How a text was read, by the name of the view."""

    views: dict[str, str]


class SheetReport(Report):
    path: str


class KeysReport(Report):
    """What doctor says about the keys."""

    ok: bool
    problem: str | None
    not_after: str | None

"""Taking an export in: every clip has to prove what it is and to pass this studio's own checks before it is shown.

Whoever can write a ZIP can write anything into it. So nothing in it is believed: names are looked up and never
followed, what is read is bounded, files have to be what their hashes and seals say, prompts pass the text gate and
frames the inspectors. Clips that another studio signed are the operator's to take in, and nobody else's.
"""

import asyncio
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.bank_tasks import AskedBanks
from engine.brief import Brief
from engine.errors import StudioError
from engine.exporting import DOCUMENT, FORMAT, FORMAT_VERSION
from engine.fleet.base import Bench, Lane, Task, TaskCancelled
from engine.library import tidy_name
from engine.members import Asker
from engine.models import model_room
from engine.presets import NAME_LIMIT as PRESET_NAME_LIMIT
from engine.presets import PRESETS_LIMIT, PresetContent
from engine.reports import Report, inspection_report
from safety.policy import Overlay
from safety.verdict import Decision, Verdict

if TYPE_CHECKING:
    from engine.shelving import Shelving
    from provenance.keys import Keyring

LARGEST_DOCUMENT: Final = 256 << 20
LARGEST_FILM: Final = 2 << 30
LARGEST_POSTER: Final = 16 << 20
_CHUNK: Final = 1 << 20
_ID: Final = r"^[0-9a-hjkmnp-tv-z]{8}$"
_SHA256: Final = r"^[0-9a-f]{64}$"


class Why(StrEnum):
    """Why a clip was not taken in."""

    MALFORMED = "malformed"
    DAMAGED = "damaged"
    STRANGER = "stranger"
    UNSAFE = "unsafe"
    GONE = "gone"
    TAKEN = "taken"


class LeftOut(Report):
    clip: str
    why: Why


class ImportReport(Report):
    clips: tuple[str, ...] = ()
    present: int = 0  # were here already
    left_out: tuple[LeftOut, ...] = ()
    folders: int = 0
    presets: int = 0


class Row(BaseModel):
    """A row of the export; columns that came later or went since are nobody's concern."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ClipOf(Row):
    id: str = Field(pattern=_ID)
    job_id: str = Field(max_length=20)
    sha256: str = Field(pattern=_SHA256)
    poster_sha256: str = Field(pattern=_SHA256)
    width: int = Field(ge=1, le=8_192)
    height: int = Field(ge=1, le=8_192)
    fps: int = Field(ge=1, le=240)
    seconds: float = Field(gt=0, le=3_600)
    is_draft: bool
    not_drawn: tuple[str, ...] = Field(default=(), max_length=4_000)
    released_at: int = Field(ge=0, le=2**52)
    withdrawn_at: int | None = None
    erased_at: int | None = None
    remix_right: str | None = None


class ShelfOf(Row):
    clip_id: str
    kind: str
    title: str | None = None
    folder_id: str | None = None
    favourite_at: int | None = Field(default=None, ge=0, le=2**52)
    trashed_at: int | None = Field(default=None, ge=0, le=2**52)


class TakeOf(Row):
    id: str
    number: int = Field(ge=1, le=1_000)
    seed: int = Field(ge=0, lt=2**63)


class ManifestOf(Row):
    clip_id: str
    label: str = Field(max_length=200)
    policy_version: str = Field(max_length=60)
    renderer: str = Field(max_length=60)
    renderer_version: str = Field(max_length=60)
    time_stamped: bool


class ParentOf(Row):
    clip_id: str
    position: int
    relation: str = Field(max_length=12)
    parent_clip_id: str | None = None


class ImportLibrary(Task[ImportReport]):
    """Take in all of an export that may be taken in; what is there already is left as it is."""

    lane: ClassVar[Lane] = Lane.HEAVY

    file: Path
    database: str
    member_id: str
    community_id: str
    strangers: bool  # whether clips that others signed may come in

    def time_limit(self) -> float:
        return 6 * 3_600.0  # thousands of clips are decoded whole; it reports after each

    def do(self, bench: Bench) -> ImportReport:
        try:
            with zipfile.ZipFile(self.file) as packed:
                return asyncio.run(_Import(self, bench, packed).run())
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:  # odd, encrypted, cut short
            raise StudioError("import.no_export", file=str(self.file), cause=str(error)) from error


class _Import:
    def __init__(self, task: ImportLibrary, bench: Bench, packed: zipfile.ZipFile) -> None:
        from engine.benchwork import keyring_of
        from engine.filing import blobs_at

        self.task = task
        self.bench = bench
        self.packed = packed
        self.rows = _rows_of(packed, task.file)
        self.found_by: dict[tuple[str, str], dict[str, list[dict[str, Any]]]] = {}
        self.keyring: Keyring = keyring_of(bench)
        self.blobs = blobs_at(bench)

    async def run(self) -> ImportReport:
        from engine.shelving import Shelving
        from storage.database import Database

        taken: list[str] = []
        present = 0
        left_out: list[LeftOut] = []
        async with await Database.connect(self.task.database) as database:
            asker = Asker(self.task.member_id, self.task.community_id, "", "")
            shelving = Shelving(database, asker, self.rows)
            overlay = await shelving.overlay()
            told = sorted(self.rows.get("clips", ()), key=lambda row: _moment(row.get("released_at")))
            for number, row in enumerate(told):
                if self.bench.cancelled():
                    raise TaskCancelled
                outcome = await self._take_in(row, shelving, overlay)
                if outcome is None:
                    present += 1
                elif isinstance(outcome, Why):
                    left_out.append(LeftOut(clip=str(row.get("id"))[:20], why=outcome))
                elif outcome:
                    taken.append(outcome)
                self.bench.report(done=number + 1, of=len(told))
            presets = await self._take_in_presets(shelving, overlay)
        return ImportReport(
            clips=tuple(taken),
            present=present,
            left_out=tuple(left_out),
            folders=shelving.folders_made,
            presets=presets,
        )

    async def _take_in(self, row: dict[str, Any], shelving: "Shelving", overlay: Overlay) -> "str | Why | None":
        """The clip's id when it is in; "" when there was nothing to take in; None when it was here before."""
        if row.get("erased_at") is not None or row.get("withdrawn_at") is not None:
            return ""
        try:
            clip = ClipOf.model_validate(row)
            brief = Brief.model_validate(self._one("jobs", "id", clip.job_id)["brief"])
            take = TakeOf.model_validate(self._one("takes", "id", clip.id))
            manifest = ManifestOf.model_validate(self._one("manifests", "clip_id", clip.id))
            shelf = ShelfOf.model_validate(self._one("shelf", "clip_id", clip.id))
            parents = [ParentOf.model_validate(one) for one in self._all("lineage", "clip_id", clip.id)]
        except (ValidationError, LookupError, TypeError):
            return Why.MALFORMED
        known = await shelving.known(clip.id)
        if known is not None:
            if known.member_id != self.task.member_id:
                return Why.TAKEN if known.erased_at is None else Why.GONE
            return None if known.withdrawn_at is None else Why.GONE
        if not self._passes_the_text_gate(brief, shelf.title, overlay):
            return Why.UNSAFE
        film = self.blobs.temporary(".mp4")
        poster = self.blobs.temporary(".jpg")
        try:
            self._extract(f"clips/{clip.id}.mp4", film, clip.sha256, LARGEST_FILM)
            self._extract(f"posters/{clip.id}.jpg", poster, clip.poster_sha256, LARGEST_POSTER)
            sealed_here = self._sealed(film, poster, clip.id)
            if sealed_here is None:
                return Why.DAMAGED
            if not sealed_here and not self.task.strangers:
                return Why.STRANGER
            if not self._passes_the_inspectors(film, clip, overlay):
                return Why.UNSAFE
            sizes = film.stat().st_size, poster.stat().st_size
            self.blobs.adopt(film, clip.sha256, sealed_as=f"kinora-{clip.id}.mp4")
            self.blobs.adopt(poster, clip.poster_sha256, sealed_as=f"kinora-{clip.id}.jpg")
        except _Damaged:
            return Why.DAMAGED
        finally:
            film.unlink(missing_ok=True)
            poster.unlink(missing_ok=True)
        kept = await shelving.keep(clip, brief, take, manifest, shelf, parents, sizes, sealed_here=sealed_here)
        return clip.id if kept else Why.TAKEN

    def _one(self, table: str, column: str, value: str) -> dict[str, Any]:
        return self._all(table, column, value)[0]

    def _all(self, table: str, column: str, value: str) -> list[dict[str, Any]]:
        if (table, column) not in self.found_by:
            rows: dict[str, list[dict[str, Any]]] = {}
            for row in self.rows.get(table, ()):
                rows.setdefault(str(row.get(column)), []).append(row)
            self.found_by[table, column] = rows
        return self.found_by[table, column].get(value, [])

    # -- what has to be proven -------------------------------------------------------------------------------------

    def _extract(self, name: str, target: Path, sha256: str, most: int) -> None:
        """Write what the export has under this name; what it says of its size is not believed."""
        from storage.files import noticing_full

        digest, size = hashlib.sha256(), 0
        try:
            with noticing_full(target), self.packed.open(name) as source, target.open("xb") as file:
                while chunk := source.read(_CHUNK):
                    size += len(chunk)
                    if size > most:
                        raise _Damaged
                    digest.update(chunk)
                    file.write(chunk)
        except (KeyError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
            raise _Damaged from error
        if digest.hexdigest() != sha256:
            raise _Damaged

    def _sealed(self, film: Path, poster: Path, clip_id: str) -> bool | None:
        """Whether this studio sealed both for this clip (True), another one (False), or not as they are (None)."""
        from provenance.credentials import read_credentials, read_stranger

        ours = True
        for file in (film, poster):
            credentials = read_credentials(file, self.keyring)
            if credentials is not None:
                record = credentials.record if credentials.intact and credentials.sources_intact else None
            else:
                record, ours = read_stranger(file, self.keyring), False
            if record is None or record.clip != clip_id:
                return None
        return ours

    def _passes_the_text_gate(self, brief: Brief, title: str | None, overlay: Overlay) -> bool:
        from engine.text_tasks import CheckText, submission_of
        from safety.submission import SubmittedText, TextRole

        submission = submission_of(brief)
        if title:
            texts = (*submission.texts, SubmittedText(text=title, role=TextRole.NAME))
            submission = submission.model_copy(update={"texts": texts})
        judged = CheckText(submission=submission, overlay=overlay).do(self.bench)
        return judged.verdict.decision is Decision.ALLOW

    def _passes_the_inspectors(self, film: Path, clip: ClipOf, overlay: Overlay) -> bool:
        """Every frame is decoded and looked at, as when a clip is made."""
        from engine.darkroom import DarkroomError, inspect
        from engine.take_tasks import JudgeTake
        from safety.gate import frame_inspectors
        from safety.policy import Policy
        from storage.media import MediaError, probe, read_frames

        try:
            facts = probe(film)
            if (facts.width, facts.height) != (clip.width, clip.height):
                raise _Damaged
            policy = Policy.load(self.bench.policy).tightened(overlay)
            frames, seen = inspect(
                (frame.planes for frame in read_frames(film)),
                clip.fps,
                frame_inspectors(
                    policy, width=clip.width, height=clip.height, fps=clip.fps, models=model_room(self.bench)
                ),
                most=round(clip.seconds * clip.fps) + clip.fps,
            )
        except (MediaError, DarkroomError) as error:
            raise _Damaged from error
        banks = AskedBanks(database=self.task.database, community_id=self.task.community_id)
        inspections = tuple(map(inspection_report, seen))
        order = JudgeTake(frames=frames, inspections=inspections, overlay=overlay, banks=banks)
        judged = order.do(self.bench)
        return judged.verdict.decision is Decision.ALLOW

    # -- presets ---------------------------------------------------------------------------------------------------

    async def _take_in_presets(self, shelving: "Shelving", overlay: Overlay) -> int:
        """The member's own, those whose names are free; each word passes the gate."""
        count = 0
        for row in self.rows.get("presets", ())[:PRESETS_LIMIT]:
            try:
                content = PresetContent.model_validate(row.get("content"))
                name = tidy_name(str(row.get("name")), PRESET_NAME_LIMIT)
            except (ValidationError, StudioError):
                continue
            if row.get("community_id") is not None:
                continue
            passed = self._gate((name, content.style, content.words), overlay)
            if passed.decision is Decision.ALLOW and await shelving.keep_preset(name, content, passed.policy_version):
                count += 1
        return count

    def _gate(self, names: Iterable[str | None], overlay: Overlay) -> Verdict:
        from engine.text_tasks import CheckText
        from safety.submission import Submission, SubmittedText, TextRole

        texts = tuple(SubmittedText(text=name, role=TextRole.NAME) for name in names if name)
        return CheckText(submission=Submission(texts=texts), overlay=overlay).do(self.bench).verdict


class _Damaged(Exception):
    pass


def _moment(value: object) -> int:
    return value if isinstance(value, int) else 0


def _rows_of(packed: zipfile.ZipFile, file: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of the document, as far as it has the shape of one; StudioError when it is none."""
    try:
        with packed.open(DOCUMENT) as source:
            text = source.read(LARGEST_DOCUMENT + 1)
        document = json.loads(text) if len(text) <= LARGEST_DOCUMENT else None
    except (KeyError, ValueError, RecursionError) as error:
        raise StudioError("import.no_export", file=str(file), cause=str(error)[:200]) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise StudioError("import.no_export", file=str(file), cause=DOCUMENT)
    version = document.get("version")
    if not isinstance(version, int) or version < 1:
        raise StudioError("import.no_export", file=str(file), cause=DOCUMENT)
    if version > FORMAT_VERSION:
        raise StudioError("import.newer", file=str(file))
    return dict(_tables(document.get("rows")))


def _tables(rows: object) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for name, listed in rows.items() if isinstance(rows, dict) else ():
        if isinstance(listed, list):
            yield str(name), [row for row in listed if isinstance(row, dict)]

"""The heavy work, one class a task: each crosses to a worker as plain data and is done there.

Whatever is heavy to import is imported inside `do`: the process that talks loads none of it.
"""

import hashlib
import json
import os
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from engine.bank_tasks import AskedBanks
from engine.brief import Brief
from engine.errors import StudioError
from engine.first_looks import FirstLook, with_first_look
from engine.fleet.base import Bench, Lane, Task, TaskCancelled
from engine.models import model_room
from engine.places import Places
from engine.reports import (
    ForeignReport,
    InspectionReport,
    Judged,
    ModelUsed,
    Reading,
    Ready,
    SealedTake,
    SheetReport,
    SourceReport,
    TakeReport,
    TraceReport,
    UploadSeen,
    inspection_report,
)
from engine.uploads import SUFFIXES
from safety.evaluation import Evaluation
from safety.policy import Overlay, Policy
from safety.submission import Submission, SubmittedText, TextRole
from safety.verdict import Decision, Surface, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.darkroom import Stopped
    from engine.renderers.base import SourceFile
    from provenance.facts import ClipFacts, Trace
    from provenance.keys import Keyring
    from storage.blobs import Blobs

_POSTER_AT = 1 / 3  # of the clip: by then the scene is set
_POSTER_QUALITY = 88
# Seconds in which a trained model is loaded, or takes one step, on the slowest machine it makes sense on.
_LOADING = 900.0


def submission_of(
    brief: Brief,
    lineage: tuple[Verdict, ...] = (),
    codes: tuple[str, ...] = (),
    behind: tuple[SubmittedText, ...] = (),
) -> Submission:
    """Every word of a brief that the gate has to see, what codes in its uploads say, and what was decided about the
    clips it names. `behind`: the words of those clips and of those that they were made from."""
    prompt = [SubmittedText(text=brief.prompt)] if brief.prompt else []
    cards = [SubmittedText(text=card.text, role=TextRole.CARD) for card in brief.cards if card.text]
    style = [SubmittedText(text=brief.look.style, role=TextRole.NAME)] if brief.look.style else []
    told = [SubmittedText(text=code, role=TextRole.NAME) for code in codes]
    return Submission(texts=(*prompt, *cards, *style, *told, *behind), lineage=lineage)


class CheckText(Task[Judged]):
    """Ask the text gate."""

    patience: ClassVar[float | None] = 20.0

    submission: Submission
    overlay: Overlay = Overlay()  # the community's
    looks: tuple[tuple[float, str], ...] = ()  # of the uploads that it names
    banks: AskedBanks | None = None
    uploads: tuple[UploadSeen, ...] = ()

    def do(self, bench: Bench) -> Judged:
        from safety.gate import check_text

        policy = Policy.load(bench.policy).tightened(self.overlay)
        verdict = check_text(self.submission, policy, models=model_room(bench))
        if self.banks is not None and self.looks:
            from safety.banks import with_banks

            verdict = with_banks(verdict, self.banks.matches(self.looks), Surface.UPLOAD)
        # What is to be held is held with its take; what is refused need not be made first.
        refused = [one for one in judged_uploads(self.uploads, policy) if one.decision is Decision.REFUSE]
        verdict = verdict.joined(refused) if refused else verdict
        return Judged(verdict=verdict, policy=policy.model_dump(mode="json"))


class AskGuard(Task[Judged]):
    """Ask the guard models about the words, while the clip is made."""

    lane: ClassVar[Lane] = Lane.GUARD

    submission: Submission
    overlay: Overlay = Overlay()

    def time_limit(self) -> float:
        """To load a model of 8 GB from a slow disk, and to think."""
        return 900.0

    def do(self, bench: Bench) -> Judged:
        from safety.gate import guard_text

        policy = Policy.load(bench.policy).tightened(self.overlay)
        verdict = guard_text(self.submission, policy, model_room(bench))
        return Judged(verdict=verdict, policy=policy.model_dump(mode="json"))


class ReadText(Task[Reading]):
    """How the gate reads a text: its view in plain letters, and each view in which it saw something."""

    text: str
    views: tuple[str, ...]

    def do(self, bench: Bench) -> Reading:
        from safety.text.views import views

        found: dict[str, str] = {}
        for view in views(self.text):
            if view.name == "raw" or view.name in self.views:
                found.setdefault(view.name, view.text)
        if found.get("raw") == self.text.lower():
            del found["raw"]
        return Reading(views=found)


class EvaluateText(Task[Evaluation]):
    """How the gate does on a labelled file. Ordinary patience: it says after every row that it is alive."""

    file: Path

    def do(self, bench: Bench) -> Evaluation:
        from safety.evaluation import evaluate
        from safety.gate import check_text
        from safety.policy import Policy

        policy, room = Policy.load(bench.policy), model_room(bench)

        def judge(text: str) -> Verdict:
            if bench.cancelled():
                raise TaskCancelled
            return check_text(Submission(texts=(SubmittedText(text=text),)), policy, models=room)

        return evaluate(self.file, judge, lambda done: bench.report(done=done))


class GetReadyToCheck(Task[Ready]):
    """Load what checking needs, so that the first member does not wait for it."""

    def do(self, bench: Bench) -> Ready:
        CheckText(submission=Submission(texts=(SubmittedText(text="ready"),))).do(bench)
        return Ready()


class GetReadyToDraw(Task[Ready]):
    """Load what drawing needs."""

    lane: ClassVar[Lane] = Lane.HEAVY

    def do(self, bench: Bench) -> Ready:
        from importlib import import_module

        from engine.renderers import registry

        for module in ("engine.darkroom", "provenance.invisible", "provenance.visible", "safety.gate"):
            import_module(module)
        registry.load(registry.ANIMATIC)
        return Ready()


class GetReadyToGenerate(Task[Ready]):
    """Load the trained model that is usually used."""

    lane: ClassVar[Lane] = Lane.MODEL
    patience: ClassVar[float | None] = _LOADING

    def do(self, bench: Bench) -> Ready:
        from engine.renderers.diffusion.renderer import DiffusionRenderer
        from engine.renderers.registry import models_of, profiles_of

        if profiles := profiles_of(bench.means):
            DiffusionRenderer(profiles, models_of(bench.means, bench.data)).get_ready()
        return Ready()

    def time_limit(self) -> float:
        return _LOADING


class DrawTake(Task[TakeReport]):
    """Render, inspect, mark and encode one take, in one pass, into quarantine."""

    lane: ClassVar[Lane] = Lane.HEAVY

    take_id: str
    brief: Brief
    seed: int
    renderer: str
    number: int = 1
    sources: tuple[SourceReport, ...] = ()
    visible_mark: bool = True
    overlay: Overlay = Overlay()
    first_look: FirstLook | None = None

    def time_limit(self) -> float:
        """Two minutes to load, then what a machine needs that is twenty times slower than the ones we know."""
        return 120.0 + 40.0 * self.brief.look.seconds

    def do(self, bench: Bench) -> TakeReport:
        from engine.darkroom import Cancelled, Stopped, develop
        from engine.renderers import registry
        from engine.renderers.base import CalledOff, RenderOrder
        from provenance.invisible import InvisibleMark
        from provenance.visible import VisibleMark
        from safety.gate import frame_inspectors
        from storage.blobs import Blobs
        from storage.files import make_folder

        began = time.monotonic()
        places = Places(bench.data)
        progress = _Progress(bench)
        renderer = registry.load(self.renderer, bench.means, bench.data, tell=progress.step, stopped=bench.cancelled)
        order = self._order_digest(renderer.version)
        if kept := _whole_take(places, self.take_id, order):
            return kept

        keyring = _keyring(bench)
        mark_key = keyring.mark_keys()[0]
        bench.report(done=0, of=0)
        blobs = Blobs(places.files)
        rendering = renderer.draw(
            RenderOrder(
                brief=self.brief,
                seed=self.seed,
                number=self.number,
                sources=tuple(_source_file(blobs, source) for source in self.sources),
                file=lambda sha256: _kept_file(blobs, sha256),
            )
        )
        footage, policy = rendering.footage, Policy.load(bench.policy).tightened(self.overlay)
        begun = TakeReport(
            order=order,
            sha256="",
            size=0,
            width=footage.width,
            height=footage.height,
            fps=footage.fps,
            frames=0,
            seconds=0.0,
            renderer=renderer.name,
            renderer_version=renderer.version,
            is_draft=renderer.is_draft,
            trained=renderer.trained,
            mark_key=mark_key.name,
            model=ModelUsed(**vars(rendering.model)) if rendering.model else None,
        )
        if self.first_look is not None:
            seal = self._seal(self.first_look, begun, policy)
            footage = with_first_look(
                footage,
                self.first_look,
                began,
                bench=bench,
                policy=policy,
                trained=renderer.trained,
                blobs=blobs,
                keyring=keyring,
                facts=lambda: seal.facts(keyring, blobs),
            )
        visible = [VisibleMark(footage.width, footage.height)] if self.visible_mark else []
        make_folder(places.quarantine)
        places.report(self.take_id).unlink(missing_ok=True)
        try:
            developed = develop(
                footage,
                places.take(self.take_id),
                inspectors=frame_inspectors(
                    policy,
                    width=footage.width,
                    height=footage.height,
                    fps=footage.fps,
                    models=model_room(bench),
                ),
                marks=[*visible, InvisibleMark(footage.width, footage.height, self.take_id, mark_key.secret)],
                progress=progress.frame,
                cancelled=bench.cancelled,
            )
        except (Cancelled, CalledOff):
            raise TaskCancelled from None
        except Stopped as stopped:
            return _stopped(begun, stopped)
        report = begun.model_copy(
            update={
                "sha256": developed.sha256,
                "size": developed.size,
                "frames": developed.frames,
                "seconds": developed.seconds,
                "not_drawn": rendering.not_drawn,
                "notes": rendering.notes,
                "film": dict(rendering.film) if rendering.film is not None else None,
                "inspections": tuple(map(inspection_report, developed.inspections)),
            }
        )
        _write_report(places.report(self.take_id), report)
        return report

    def _seal(self, wanted: FirstLook, begun: TakeReport, policy: Policy) -> "SealTake":
        """What will be signed into the clip is signed into its first look."""
        return SealTake(
            take_id=self.take_id,
            job_id=wanted.job_id,
            brief=self.brief,
            seed=self.seed,
            report=begun,
            policy_version=policy.version,
            studio_version=wanted.studio_version,
            made_at=wanted.made_at,
            training=wanted.training,
            sources=self.sources,
        )

    def _order_digest(self, renderer_version: str) -> str:
        ordered = json.dumps([self.model_dump(mode="json", exclude={"first_look"}), renderer_version], sort_keys=True)
        return hashlib.sha256(ordered.encode("utf-8", "surrogatepass")).hexdigest()


class GenerateTake(DrawTake):
    """The same by a trained model, here or at a server: slower, silent for longer, and in a worker of its own."""

    lane: ClassVar[Lane] = Lane.MODEL
    patience: ClassVar[float | None] = _LOADING
    grace: ClassVar[float] = 20.0  # a step may take so long, and the model need not be loaded anew

    def time_limit(self) -> float:
        """A card that just about does it took 107 seconds for each second of 720p."""
        return _LOADING + 600.0 * self.brief.look.seconds


def _stopped(begun: TakeReport, stopped: "Stopped") -> TakeReport:
    """A take that was refused while it was made: there is no file of it."""
    seen = {"frames": stopped.frames, "seconds": stopped.frames / begun.fps, "stopped": True}
    return begun.model_copy(
        update=seen | {"mark_key": None, "inspections": tuple(map(inspection_report, stopped.inspections))}
    )


def draw_task(renderer: str) -> type[DrawTake]:
    """In which way a renderer's takes are made."""
    return DrawTake if renderer == "animatic" else GenerateTake


class _Progress:
    """How far a take is: by the model's steps where there are any, else by its frames."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._steps: tuple[int, int] | None = None

    def step(self, done: int, of: int) -> None:
        self._steps = (done, of)
        self._bench.report(done=done, of=of)

    def frame(self, done: int, of: int) -> None:
        done, of = self._steps or (done, of)
        self._bench.report(done=done, of=of)


class JudgeTake(Task[Judged]):
    """What the policy makes of what the inspectors saw."""

    frames: int
    inspections: tuple[InspectionReport, ...]
    foreign: bool = False  # it shows pixels from outside
    trained: bool = False  # a trained renderer made it
    stopped: bool = False  # it was refused while it was made: there is no file of it
    overlay: Overlay = Overlay()
    banks: AskedBanks | None = None  # None: there are none here
    uploads: tuple[UploadSeen, ...] = ()  # what was found in those that it shows
    guard: Verdict | None = None  # what the guard model says of its words
    words: CheckText | None = None  # to be asked again where the policy is another one by now
    checked_under: str = ""  # the policy's version when they were

    def do(self, bench: Bench) -> Judged:
        from safety.banks import with_banks
        from safety.frames.base import Inspection
        from safety.gate import judge_frames, unguarded
        from safety.uploads import with_foreign_pixels

        policy = Policy.load(bench.policy).tightened(self.overlay)
        seen = [Inspection(one.inspector, one.frames_seen, one.signals) for one in self.inspections]
        verdict = judge_frames(seen, self.frames, policy, trained=self.trained)
        if self.stopped:  # whatever the policy says by now
            verdict = verdict.model_copy(update={"decision": Decision.REFUSE})
        if self.words is not None and self.checked_under != policy.version:
            verdict = verdict.joined([self.words.do(bench).verdict])
        if self.guard is not None:
            verdict = verdict.joined([self.guard])
        elif policy.required.guard:
            verdict = verdict.joined([unguarded(policy)])
        if self.banks is not None:
            looks = [look for one in self.inspections for look in one.looks]
            verdict = with_banks(verdict, self.banks.matches(looks), Surface.FRAME)
        if self.foreign:
            verdict = with_foreign_pixels(verdict, policy, judged_uploads(self.uploads, policy))
        return Judged(verdict=verdict, policy=policy.model_dump(mode="json"))


def judged_uploads(uploads: "Sequence[UploadSeen]", policy: Policy) -> list[Verdict]:
    """The verdict on each upload by itself; none where the policy requires no classifier of uploads."""
    from safety.frames.base import Inspection
    from safety.gate import judge_frames

    if not policy.required.uploads:
        return []
    return [
        judge_frames(
            [Inspection(one.inspector, one.frames_seen, one.signals) for one in upload.inspections],
            upload.frames,
            policy,
            surface=Surface.UPLOAD,
        )
        for upload in uploads
    ]


class SealTake(Task[SealedTake]):
    """Sign a take and its poster, read both back, and put them among the released files."""

    take_id: str
    job_id: str
    brief: Brief
    seed: int
    report: TakeReport
    policy_version: str
    studio_version: str
    made_at: datetime
    training: str | None = None
    time_stamps: str | None = None  # the address of an authority
    anchors: tuple[str, ...] = ()  # of the studio's former roots: what it made then may still be remixed
    sources: tuple[SourceReport, ...] = ()

    def time_limit(self) -> float:
        """A clip of the longest has 100 MB, and is read and written a few times over."""
        return 180.0

    def do(self, bench: Bench) -> SealedTake:
        from engine.stills import poster
        from provenance.containers import manifest_store
        from provenance.seal import seal, seal_still
        from storage.blobs import Blobs
        from storage.errors import StorageError
        from storage.files import sha256_of

        places = Places(bench.data)
        blobs = Blobs(places.files)
        keyring = _keyring(bench)
        keyring.trust_former(self.anchors)
        take = places.take(self.take_id)
        if not take.exists() or sha256_of(take) != self.report.sha256:
            raise StorageError("take.damaged", take=self.take_id)
        facts = self.facts(keyring, blobs)

        clip = seal(take, blobs.temporary(".mp4"), facts, keyring, self.time_stamps)
        blobs.adopt(clip.path, clip.sha256)
        store = manifest_store(blobs.path(clip.sha256, ".mp4"))
        kept = blobs.put_bytes(store, ".c2pa")

        unsigned = blobs.temporary(".jpg")
        try:
            poster(take, self.report.seconds * _POSTER_AT).save(unsigned, quality=_POSTER_QUALITY)
            still = seal_still(unsigned, blobs.temporary(".jpg"), facts, keyring)
        finally:
            unsigned.unlink(missing_ok=True)
        blobs.adopt(still.path, still.sha256)
        return SealedTake(
            sha256=clip.sha256,
            size=clip.size,
            poster_sha256=still.sha256,
            poster_size=still.size,
            manifest_label=clip.manifest_label,
            time_stamped=clip.time_stamped,
            no_stamp_because=clip.no_stamp_because,
            store_sha256=kept.stem,
            store_size=len(store),
            mark=self._mark(keyring),
            anchor=keyring.anchor,
            fingerprint=_fingerprint(blobs.path(clip.sha256, ".mp4")),
        )

    def _mark(self, keyring: "Keyring") -> str | None:
        """What the invisible mark in the take says; None where it has none, or its key is gone."""
        from provenance.codes import message

        secret = next((key.secret for key in keyring.mark_keys() if key.name == self.report.mark_key), None)
        return message(self.take_id, secret).hex() if secret else None

    def facts(self, keyring: "Keyring", blobs: "Blobs") -> "ClipFacts":
        from provenance.facts import ClipFacts, Ingredient, ModelFacts, Relation

        model = self.report.model
        once = {(one.clip_id, one.sha256): one for one in self.sources}
        return ClipFacts(
            clip_id=self.take_id,
            job_id=self.job_id,
            studio_version=self.studio_version,
            renderer=self.report.renderer,
            renderer_version=self.report.renderer_version,
            trained=self.report.trained,
            seed=self.seed,
            policy_version=self.policy_version,
            brief_digest=keyring.digest(self.brief.model_dump_json()),
            made_at=self.made_at,
            model=ModelFacts(model.name, model.version, model.licence) if model else None,
            marked=self.report.mark_key is not None,
            training=self.training,
            ingredients=tuple(
                Ingredient(_kept_file(blobs, one.sha256), Relation(one.relation), one.clip_id) for one in once.values()
            ),
        )


class TraceFile(Task[TraceReport]):
    """Was this made here? `restore_to`: give a copy that lost its credentials new ones, in a file of its own."""

    file: Path
    database: str
    restore_to: Path | None = None
    studio_version: str = ""

    def do(self, bench: Bench) -> TraceReport:
        from engine.memory import studio_memory
        from provenance.trace import trace

        keyring = _keyring(bench)
        with studio_memory(self.database, Places(bench.data), keyring) as memory:
            keyring.trust_former(memory.anchors())
            answer = trace(self.file, keyring, memory)
            original = memory.bytes_of(answer.clip_id) if answer.clip_id else None
        if self.restore_to is not None:
            self._restore(answer, Places(bench.data), original, keyring)
        foreign = answer.foreign
        return TraceReport(
            made_here=answer.made_here,
            layer=answer.layer.value,
            tampered=answer.tampered,
            stamped_at=answer.stamped_at,
            clip=answer.clip_id,
            copy_of_it=answer.copy,
            preview=answer.preview,
            lineage=answer.lineage,
            looks_like_it=answer.looks_like_it,
            also_marked=answer.also_marked,
            foreign=ForeignReport(**vars(foreign)) if foreign else None,
            restored=str(self.restore_to) if self.restore_to else None,
        )

    def _restore(self, answer: "Trace", places: Places, original: str | None, keyring: "Keyring") -> None:
        """Only where the mark and the fingerprint agree: a signature of ours must not be had for other pictures."""
        from engine.errors import StudioError
        from provenance.facts import Layer
        from provenance.seal import restore
        from storage.blobs import Blobs

        assert self.restore_to is not None
        if answer.layer in (Layer.C2PA, Layer.BYTES):
            raise StudioError("credentials.not_lost")
        if answer.foreign is not None:
            raise StudioError("credentials.of_others", generator=answer.foreign.generator)
        if answer.layer is not Layer.WATERMARK or not answer.looks_like_it:
            raise StudioError("credentials.unsure")
        blobs = Blobs(places.files)
        if original is None or not blobs.exists(original, ".mp4"):
            raise StudioError("credentials.clip_gone", clip=answer.clip_id or "")
        restore(self.file, self.restore_to, blobs.path(original, ".mp4"), self.studio_version, keyring)


class DrawSheet(Task[SheetReport]):
    """A case sheet: nine frames of a take or a clip with their times; `hidden` makes it the blurred, grey Exhibit."""

    take_id: str
    destination: Path
    hidden: bool = True
    file: Path | None = None  # of a released clip; a take lies in quarantine

    def do(self, bench: Bench) -> SheetReport:
        from engine.stills import contact_sheet, exhibit

        take = self.file or Places(bench.data).take(self.take_id)
        sheet = exhibit(take) if self.hidden else contact_sheet(take)
        sheet.save(self.destination, format="PNG")
        return SheetReport(path=str(self.destination))


class DrawMontage(Task[SheetReport]):
    """One frame of each clip on one sheet."""

    files: tuple[Path, ...]
    share: float  # of each clip's length: when
    destination: Path

    def do(self, bench: Bench) -> SheetReport:
        from engine.stills import montage

        montage(self.files, self.share).save(self.destination, quality=_POSTER_QUALITY)
        return SheetReport(path=str(self.destination))


def _fingerprint(clip: Path) -> str | None:
    from provenance.fingerprint import to_remember
    from provenance.pictures import pictures_in

    pictures = pictures_in(clip)
    return to_remember(pictures.frames).tobytes().hex() if pictures else None


def _source_file(blobs: "Blobs", source: SourceReport) -> "SourceFile":
    from engine.renderers.base import SourceFile

    return SourceFile(
        path=_kept_file(blobs, source.sha256),
        sha256=source.sha256,
        media_type=source.media_type,
        seconds=source.seconds,
        film=source.film,
        said=source.said,
    )


def _kept_file(blobs: "Blobs", sha256: str) -> Path:
    """Where the file of that hash lies; StudioError when it is gone."""
    found = next((path for suffix in SUFFIXES.values() if (path := blobs.path(sha256, suffix)).is_file()), None)
    if found is None:
        raise StudioError("source.gone")
    return found


def _keyring(bench: Bench) -> "Keyring":
    from provenance.keys import Keyring, OwnCertificate

    own = OwnCertificate(*bench.certificate) if bench.certificate else None
    return Keyring.open(Places(bench.data).keys, own)


def _whole_take(places: Places, take_id: str, order: str) -> TakeReport | None:
    """The take that an earlier worker finished but had no chance to report, if it is whole and of this order."""
    from storage.files import sha256_of

    try:
        report = TakeReport.model_validate_json(places.report(take_id).read_bytes())
        whole = report.order == order and sha256_of(places.take(take_id)) == report.sha256
    except (OSError, ValueError):
        return None
    return report if whole else None


def _write_report(path: Path, report: TakeReport) -> None:
    from storage.files import publish

    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_text(report.model_dump_json())
    publish(part, path)

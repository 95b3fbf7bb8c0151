"""The heavy work, one class a task: each crosses to a worker as plain data and is done there.

Whatever is heavy to import is imported inside `do`: the process that talks loads none of it.
"""

import hashlib
import json
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from engine.brief import Brief
from engine.fleet.base import Bench, Lane, Task, TaskCancelled
from engine.places import Places
from engine.reports import (
    InspectionReport,
    Judged,
    ModelUsed,
    Ready,
    SealedTake,
    SheetReport,
    TakeReport,
    TraceReport,
)
from safety.evaluation import Evaluation
from safety.policy import Overlay, Policy
from safety.submission import Submission, SubmittedText, TextRole
from safety.verdict import Verdict

if TYPE_CHECKING:
    from provenance.facts import ClipFacts
    from provenance.keys import Keyring

_POSTER_AT = 1 / 3  # of the clip: by then the scene is set
_POSTER_QUALITY = 88


def submission_of(brief: Brief) -> Submission:
    """Every word of a brief that the gate has to see."""
    prompt = [SubmittedText(text=brief.prompt)] if brief.prompt else []
    cards = [SubmittedText(text=card.text, role=TextRole.CARD) for card in brief.cards if card.text]
    style = [SubmittedText(text=brief.look.style, role=TextRole.NAME)] if brief.look.style else []
    return Submission(texts=(*prompt, *cards, *style))


class CheckText(Task[Judged]):
    """Ask the text gate."""

    patience: ClassVar[float | None] = 20.0

    submission: Submission
    overlay: Overlay = Overlay()  # the community's

    def do(self, bench: Bench) -> Judged:
        from safety.gate import check_text

        policy = Policy.load(bench.policy).tightened(self.overlay)
        return Judged(verdict=check_text(self.submission, policy), policy=policy.model_dump(mode="json"))


class EvaluateText(Task[Evaluation]):
    """How the gate does on a labelled file. Ordinary patience: it says after every row that it is alive."""

    file: Path

    def do(self, bench: Bench) -> Evaluation:
        from safety.evaluation import evaluate
        from safety.gate import check_text
        from safety.policy import Policy

        policy = Policy.load(bench.policy)

        def judge(text: str) -> Verdict:
            if bench.cancelled():
                raise TaskCancelled
            return check_text(Submission(texts=(SubmittedText(text=text),)), policy)

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

        for module in ("engine.darkroom", "provenance.visible", "safety.gate"):
            import_module(module)
        for name in registry.RENDERERS:
            registry.load(name)
        return Ready()


class DrawTake(Task[TakeReport]):
    """Render, inspect, mark and encode one take, in one pass, into quarantine."""

    lane: ClassVar[Lane] = Lane.HEAVY

    take_id: str
    brief: Brief
    seed: int
    renderer: str
    visible_mark: bool = True
    overlay: Overlay = Overlay()

    def time_limit(self) -> float:
        """Two minutes to load, then what a machine needs that is twenty times slower than the ones we know."""
        return 120.0 + 40.0 * self.brief.look.seconds

    def do(self, bench: Bench) -> TakeReport:
        from engine.darkroom import Cancelled, develop
        from engine.renderers import registry
        from engine.renderers.base import RenderOrder
        from provenance.visible import VisibleMark
        from safety.gate import frame_inspectors
        from storage.files import make_folder

        places = Places(bench.data)
        renderer = registry.load(self.renderer)
        order = self._order_digest(renderer.version)
        if kept := _whole_take(places, self.take_id, order):
            return kept

        bench.report(done=0, of=0)
        rendering = renderer.draw(RenderOrder(brief=self.brief, seed=self.seed))
        footage = rendering.footage
        make_folder(places.quarantine)
        places.report(self.take_id).unlink(missing_ok=True)
        try:
            developed = develop(
                footage,
                places.take(self.take_id),
                inspectors=frame_inspectors(
                    Policy.load(bench.policy).tightened(self.overlay),
                    width=footage.width,
                    height=footage.height,
                    fps=footage.fps,
                ),
                marks=[VisibleMark(footage.width, footage.height)] if self.visible_mark else [],
                progress=lambda done, of: bench.report(done=done, of=of),
                cancelled=bench.cancelled,
            )
        except Cancelled:
            raise TaskCancelled from None
        model = rendering.model
        report = TakeReport(
            order=order,
            sha256=developed.sha256,
            size=developed.size,
            width=developed.width,
            height=developed.height,
            fps=developed.fps,
            frames=developed.frames,
            seconds=developed.seconds,
            renderer=renderer.name,
            renderer_version=renderer.version,
            is_draft=renderer.is_draft,
            trained=renderer.trained,
            model=ModelUsed(name=model.name, version=model.version, licence=model.licence) if model else None,
            not_drawn=rendering.not_drawn,
            inspections=tuple(InspectionReport(**vars(inspection)) for inspection in developed.inspections),
        )
        _write_report(places.report(self.take_id), report)
        return report

    def _order_digest(self, renderer_version: str) -> str:
        ordered = json.dumps([self.model_dump(mode="json"), renderer_version], sort_keys=True)
        return hashlib.sha256(ordered.encode("utf-8", "surrogatepass")).hexdigest()


class JudgeTake(Task[Judged]):
    """What the policy makes of what the inspectors saw."""

    frames: int
    inspections: tuple[InspectionReport, ...]
    overlay: Overlay = Overlay()

    def do(self, bench: Bench) -> Judged:
        from safety.frames.base import Inspection
        from safety.gate import judge_frames

        policy = Policy.load(bench.policy).tightened(self.overlay)
        seen = [Inspection(one.inspector, one.frames_seen, one.signals) for one in self.inspections]
        return Judged(verdict=judge_frames(seen, self.frames, policy), policy=policy.model_dump(mode="json"))


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

    def time_limit(self) -> float:
        """A clip of the longest has 100 MB, and is read and written a few times over."""
        return 180.0

    def do(self, bench: Bench) -> SealedTake:
        from engine.stills import poster
        from provenance.seal import seal, seal_still
        from storage.blobs import Blobs
        from storage.errors import StorageError
        from storage.files import sha256_of

        places = Places(bench.data)
        blobs = Blobs(places.files)
        keyring = _keyring(bench)
        take = places.take(self.take_id)
        if not take.exists() or sha256_of(take) != self.report.sha256:
            raise StorageError("take.damaged", take=self.take_id)
        facts = self._facts(keyring)

        clip = seal(take, blobs.temporary(".mp4"), facts, keyring)
        blobs.adopt(clip.path, clip.sha256)

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
        )

    def _facts(self, keyring: "Keyring") -> "ClipFacts":
        from provenance.facts import ClipFacts, ModelFacts

        model = self.report.model
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
        )


class TraceFile(Task[TraceReport]):
    """Was this made here?"""

    file: Path
    database: str

    def do(self, bench: Bench) -> TraceReport:
        import asyncio

        from provenance.trace import trace
        from storage import clips
        from storage.database import Database

        with asyncio.Runner() as runner:
            database = runner.run(Database.connect(self.database))

            async def clip_with(sha256: str) -> str | None:
                async with database.reading() as tx:
                    clip = await clips.with_bytes(tx, sha256)
                return clip.id if clip else None

            async def bytes_of(clip_id: str) -> str | None:
                async with database.reading() as tx:
                    clip = await clips.get(tx, clip_id)
                return clip.sha256 if clip else None

            answer = trace(
                self.file,
                _keyring(bench),
                lambda sha256: runner.run(clip_with(sha256)),
                lambda clip_id: runner.run(bytes_of(clip_id)),
            )
            runner.run(database.close())
        return TraceReport(
            made_here=answer.made_here,
            layer=answer.layer.value,
            tampered=answer.tampered,
            clip=answer.clip_id,
            lineage=answer.lineage,
        )


class DrawSheet(Task[SheetReport]):
    """A case sheet: nine frames of a take with their times; `hidden` makes it the blurred, grey Exhibit."""

    take_id: str
    destination: Path
    hidden: bool = True

    def do(self, bench: Bench) -> SheetReport:
        from engine.stills import contact_sheet, exhibit

        take = Places(bench.data).take(self.take_id)
        sheet = exhibit(take) if self.hidden else contact_sheet(take)
        sheet.save(self.destination, format="PNG")
        return SheetReport(path=str(self.destination))


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

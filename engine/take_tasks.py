"""Drawing a take and judging it: rendered, inspected, marked and encoded in one pass, into quarantine."""

import hashlib
import json
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from engine.bank_tasks import AskedBanks
from engine.benchwork import kept_file, keyring_of, source_file
from engine.brief import Brief
from engine.first_looks import FirstLook, with_first_look
from engine.fleet.base import Bench, Lane, Task, TaskCancelled
from engine.models import model_room
from engine.reports import (
    InspectionReport,
    Judged,
    ModelUsed,
    Ready,
    SourceReport,
    TakeReport,
    UploadSeen,
    inspection_report,
)
from engine.seal_tasks import SealTake
from engine.text_tasks import CheckText
from engine.uploads import judged_uploads
from safety.policy import Overlay, Policy
from safety.verdict import Decision, Surface, Verdict

if TYPE_CHECKING:
    from engine.darkroom import Stopped
    from storage.quarantine import Quarantine


# Seconds in which a trained model is loaded, or takes one step, on the slowest machine it makes sense on.
_LOADING = 900.0


class GetReadyToDraw(Task[Ready]):
    """Load what drawing needs."""

    lane: ClassVar[Lane] = Lane.HEAVY

    def travels(self) -> bool:
        return True

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

    def travels(self) -> bool:
        return True

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

    def travels(self) -> bool:
        return True

    def time_limit(self) -> float:
        """Two minutes to load, then what a machine needs that is twenty times slower than the ones we know."""
        return 120.0 + 40.0 * self.brief.look.seconds

    def do(self, bench: Bench) -> TakeReport:
        from engine.darkroom import Cancelled, Stopped, develop
        from engine.filing import blobs_at, quarantine_at
        from engine.renderers import registry
        from engine.renderers.base import CalledOff, RenderOrder
        from provenance.invisible import InvisibleMark
        from provenance.visible import VisibleMark
        from safety.gate import frame_inspectors
        from storage.files import make_folder

        began = time.monotonic()
        quarantine = quarantine_at(bench)
        progress = _Progress(bench)
        renderer = registry.load(self.renderer, bench.means, bench.data, tell=progress.step, stopped=bench.cancelled)
        order = self._order_digest(renderer.version)
        if kept := _whole_take(quarantine, self.take_id, order):
            quarantine.publish(self.take_id)
            return kept

        keyring = keyring_of(bench)
        mark_key = keyring.mark_keys()[0]
        bench.report(done=0, of=0)
        blobs = blobs_at(bench)
        rendering = renderer.draw(
            RenderOrder(
                brief=self.brief,
                seed=self.seed,
                number=self.number,
                sources=tuple(source_file(blobs, source) for source in self.sources),
                file=lambda sha256: kept_file(blobs, sha256),
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
        make_folder(quarantine.folder)
        quarantine.report(self.take_id).unlink(missing_ok=True)
        _fence_off(quarantine.folder, self.take_id)
        try:
            developed = develop(
                footage,
                quarantine.take(self.take_id),
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
        _write_report(quarantine.report(self.take_id), report)
        quarantine.publish(self.take_id)
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

    def travels(self) -> bool:
        """Whoever waits for a server needs no graphics card for it."""
        return self.renderer == "diffusion"

    def time_limit(self) -> float:
        """A card that just about does it took 107 seconds for each second of 720p."""
        return _LOADING + 600.0 * self.brief.look.seconds


def draw_task(renderer: str) -> type[DrawTake]:
    """In which way a renderer's takes are made."""
    return DrawTake if renderer == "animatic" else GenerateTake


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


def _stopped(begun: TakeReport, stopped: "Stopped") -> TakeReport:
    """A take that was refused while it was made: there is no file of it."""
    seen = {"frames": stopped.frames, "seconds": stopped.frames / begun.fps, "stopped": True}
    return begun.model_copy(
        update=seen | {"mark_key": None, "inspections": tuple(map(inspection_report, stopped.inspections))}
    )


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


def _whole_take(quarantine: "Quarantine", take_id: str, order: str) -> TakeReport | None:
    """The take that an earlier worker finished but had no chance to report, if it is whole and of this order."""
    from storage.errors import StorageError
    from storage.files import sha256_of

    try:
        report = TakeReport.model_validate_json(quarantine.report_here(take_id).read_bytes())
        whole = report.order == order and sha256_of(quarantine.here(take_id)) == report.sha256
    except (OSError, ValueError, StorageError):  # drawing it again can wait for nobody's store
        return None
    return report if whole else None


def _fence_off(quarantine: Path, take_id: str) -> None:
    """Take away what an earlier attempt was writing: were it still at it, on a machine that was given up, its file
    could not get its name any more.
    """
    for part in quarantine.glob(f"{take_id}.*.part"):
        part.unlink(missing_ok=True)


def _write_report(path: Path, report: TakeReport) -> None:
    from storage.files import publish

    part = path.with_suffix(f".{secrets.token_hex(4)}.part")
    part.write_text(report.model_dump_json())
    publish(part, path)

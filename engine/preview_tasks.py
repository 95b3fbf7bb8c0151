"""Previews, drawn in a worker of their own: the frames are inspected like any others, and what is shown is marked,
signed and read back like any clip."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from engine.bank_tasks import AskedBanks
from engine.benchwork import kept_file, keyring_of, source_file
from engine.brief import Brief, Resolution
from engine.errors import StudioError
from engine.fleet.base import Bench, Lane, Task, TaskCancelled
from engine.reports import PreviewReport, SourceReport, UploadSeen
from engine.signed_stills import inspectors_of, judged, marked_and_signed
from engine.uploads import judged_uploads
from safety.policy import Overlay, Policy
from safety.verdict import Decision, Verdict

if TYPE_CHECKING:  # heavy, and only needed in the worker
    from PIL.Image import Image

    from engine.footage import Footage
    from engine.renderers.base import RenderOrder, SourceFile
    from provenance.facts import ClipFacts
    from provenance.keys import Keyring
    from storage.blobs import Blobs
    from storage.media import Planes

_PNG: Final = "image/png"


class DrawPreview(Task[PreviewReport]):
    """A few moments of every card of a storyboard on one sheet."""

    lane: ClassVar[Lane] = Lane.SKETCH

    preview_id: str
    brief: Brief  # a storyboard
    seed: int
    sources: tuple[SourceReport, ...] = ()
    uploads: tuple[tuple[str, UploadSeen], ...] = ()  # by hash: what was found when they were taken in
    covered_clips: frozenset[str] = frozenset()  # of which a moderator has to look at what is made
    overlay: Overlay = Overlay()
    banks: AskedBanks | None = None
    studio_version: str
    training: str | None = None
    made_at: datetime

    def time_limit(self) -> float:
        """Twenty cards took seven seconds on two busy cores; a classifier of pictures may have to be loaded."""
        return 300.0

    def do(self, bench: Bench) -> PreviewReport:
        from engine.filing import blobs_at
        from engine.filmstrip import moments, sheet
        from engine.renderers.animatic.renderer import AnimaticRenderer
        from provenance.seal import seal_preview

        policy = Policy.load(bench.policy).tightened(self.overlay)
        blobs = blobs_at(bench)
        covered = self._covered(policy)
        if all(card.source is not None for card in self.brief.cards) and all(
            one.sha256 in covered for one in self.sources
        ):
            raise StudioError("preview.nothing_yet")
        renderer = AnimaticRenderer()
        at, seconds = [card.at for card in self.brief.cards], self.brief.look.seconds
        wanted = moments(at, seconds)
        curtain = blobs.temporary(".png")
        try:
            drawn = renderer.moments(self._order(blobs, covered, curtain), [moment.seconds for moment in wanted])
            pictures, verdict = self._inspected(bench, policy, drawn.footage)
        finally:
            curtain.unlink(missing_ok=True)
        if verdict.decision is not Decision.ALLOW:
            return PreviewReport(verdict=verdict)
        whole = sheet(dict(zip(wanted, pictures, strict=True)), at, seconds)
        keyring = keyring_of(bench)
        facts = self._facts(keyring, blobs, renderer.version, policy, covered)
        return PreviewReport(
            verdict=verdict,
            sha256=marked_and_signed(whole, facts, keyring, blobs, seal_preview),
            width=whole.width,
            height=whole.height,
            not_drawn=drawn.not_drawn,
            covered=tuple(number for number, one in self._shown() if one.sha256 in covered),
        )

    def _shown(self) -> list[tuple[int, SourceReport]]:
        """The number of each card that shows a clip or a file, and what it shows."""
        numbers = [number for number, card in enumerate(self.brief.cards, 1) if card.source is not None]
        return list(zip(numbers, self.sources, strict=True))

    def _covered(self, policy: Policy) -> frozenset[str]:
        """Hashes of what is not shown: uploads that no classifier has let pass, and clips that show such."""
        seen = dict(self.uploads)
        covered = set()
        for one in self.sources:
            known = [seen[one.sha256]] if one.sha256 in seen else []
            verdicts = judged_uploads(known, policy)
            is_allowed = bool(verdicts) and all(verdict.decision is Decision.ALLOW for verdict in verdicts)
            if one.clip_id in self.covered_clips or (one.clip_id is None and not is_allowed):
                covered.add(one.sha256)
        return frozenset(covered)

    def _order(self, blobs: "Blobs", covered: frozenset[str], curtain: Path) -> "RenderOrder":
        """As small as may be. What is covered is the same curtain for all, also where the film goes over into it."""
        from engine.filmstrip import curtain_of
        from engine.renderers.base import RenderOrder, SourceFile

        look = self.brief.look.model_copy(update={"resolution": Resolution.P480})

        def file_of(source: SourceReport) -> "SourceFile":
            if source.sha256 not in covered:
                return source_file(blobs, source)
            return SourceFile(path=curtain, sha256=source.sha256, media_type=_PNG, seconds=0.0)

        order = RenderOrder(
            brief=self.brief.model_copy(update={"look": look}),
            seed=self.seed,
            sources=tuple(map(file_of, self.sources)),
            file=lambda sha256: curtain if sha256 in covered else kept_file(blobs, sha256),
        )
        if covered:
            curtain_of(order.size).save(curtain)
        return order

    def _inspected(self, bench: Bench, policy: Policy, footage: "Footage") -> "tuple[list[Image], Verdict]":
        """The frames as pictures, and what the policy makes of what the inspectors saw in them."""
        import numpy as np
        from PIL import Image

        from engine.darkroom import inspect
        from storage.media import Converter

        converter = Converter()
        pictures: list[Image.Image] = []

        def seen() -> "Iterator[Planes]":
            for pixels in footage.frames:
                if bench.cancelled():
                    raise TaskCancelled
                pictures.append(Image.fromarray(np.ascontiguousarray(pixels[..., 2::-1])))
                yield converter.planes(np.ascontiguousarray(pixels), footage.layout)
                bench.report(done=len(pictures), of=footage.count)

        inspectors = inspectors_of(bench, policy, footage.width, footage.height, footage.fps)
        count, inspections = inspect(seen(), footage.fps, inspectors, most=footage.count)
        return pictures, judged(inspections, count, policy, self.banks)

    def _facts(
        self, keyring: "Keyring", blobs: "Blobs", renderer_version: str, policy: Policy, covered: frozenset[str]
    ) -> "ClipFacts":
        from engine.renderers.registry import ANIMATIC
        from provenance.facts import ClipFacts, Ingredient, Relation

        shown = {(one.clip_id, one.sha256): one for one in self.sources if one.sha256 not in covered}
        return ClipFacts(
            clip_id=self.preview_id,
            job_id="",
            studio_version=self.studio_version,
            renderer=ANIMATIC,
            renderer_version=renderer_version,
            trained=False,
            seed=self.seed,
            policy_version=policy.version,
            brief_digest=keyring.digest(self.brief.model_dump_json()),
            made_at=self.made_at,
            marked=True,
            training=self.training,
            ingredients=tuple(
                Ingredient(kept_file(blobs, one.sha256), Relation.COMPONENT, one.clip_id) for one in shown.values()
            ),
        )

"""Signing a take, whether that can be done, and telling whether a file was made here."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.benchwork import kept_credentials, kept_file, keyring_of
from engine.brief import Brief
from engine.errors import StudioError
from engine.fleet.base import Bench, Task
from engine.places import Places
from engine.reports import (
    AncestorReport,
    ForeignReport,
    KeysReport,
    SealedTake,
    SourceReport,
    TakeReport,
    TraceReport,
)

if TYPE_CHECKING:
    from provenance.facts import Ancestor, ClipFacts, Trace
    from provenance.keys import Keyring
    from storage.blobs import Blobs


_POSTER_AT = 1 / 3  # of the clip: by then the scene is set
POSTER_QUALITY = 88


class CheckKeys(Task[KeysReport]):
    """Open the keyring, as sealing would."""

    def do(self, bench: Bench) -> KeysReport:
        from provenance.errors import ProvenanceError

        try:
            state = keyring_of(bench).state()
        except ProvenanceError as error:
            return KeysReport(ok=False, problem=error.code, not_after=None)
        problem = state.problem or (None if state.permissions_ok else "keys.loose_permissions")
        return KeysReport(ok=True, problem=problem, not_after=state.signer.not_after.date().isoformat())


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
    maker: str | None = None  # the name by which the member asked to be told
    time_stamps: str | None = None  # the address of an authority
    anchors: tuple[str, ...] = ()  # of the studio's former roots: what it made then may still be remixed
    sources: tuple[SourceReport, ...] = ()

    def time_limit(self) -> float:
        """A clip of the longest has 100 MB, and is read and written a few times over."""
        return 180.0

    def do(self, bench: Bench) -> SealedTake:
        from engine.filing import blobs_at, quarantine_at
        from engine.stills import poster
        from provenance.containers import manifest_store
        from provenance.seal import seal, seal_still
        from storage.errors import StorageError
        from storage.files import sha256_of

        blobs = blobs_at(bench)
        keyring = keyring_of(bench)
        keyring.trust_former(self.anchors)
        take = quarantine_at(bench).here(self.take_id)
        if not take.exists() or sha256_of(take) != self.report.sha256:
            raise StorageError("take.damaged", take=self.take_id)
        facts = self.facts(keyring, blobs)

        clip = seal(take, blobs.temporary(".mp4"), facts, keyring, self.time_stamps)
        blobs.adopt(clip.path, clip.sha256, sealed_as=f"kinora-{self.take_id}.mp4")
        store = manifest_store(blobs.here(clip.sha256, ".mp4"))
        kept = blobs.put_bytes(store, ".c2pa")

        unsigned = blobs.temporary(".jpg")
        try:
            poster(take, self.report.seconds * _POSTER_AT).save(unsigned, quality=POSTER_QUALITY)
            still = seal_still(unsigned, blobs.temporary(".jpg"), facts, keyring)
        finally:
            unsigned.unlink(missing_ok=True)
        blobs.adopt(still.path, still.sha256, sealed_as=f"kinora-{self.take_id}.jpg")
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
            fingerprint=_fingerprint(blobs.here(clip.sha256, ".mp4")),
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
            maker=self.maker,
            ingredients=tuple(
                Ingredient(
                    kept_file(blobs, one.sha256),
                    Relation(one.relation),
                    one.clip_id,
                    kept_credentials(blobs, one.credentials) if one.credentials else None,
                )
                for one in once.values()
            ),
        )


class TraceFile(Task[TraceReport]):
    """Was this made here? `restore_to`: give a copy that lost its credentials new ones, in a file of its own."""

    file: Path
    database: str
    restore_to: Path | None = None
    studio_version: str = ""

    def do(self, bench: Bench) -> TraceReport:
        from engine.filing import blobs_at
        from engine.memory import studio_memory
        from provenance.facts import Layer
        from provenance.trace import trace

        keyring, blobs = keyring_of(bench), blobs_at(bench)
        with studio_memory(self.database, Places(bench.data), keyring) as memory:
            keyring.trust_former(memory.anchors())
            answer = trace(blobs.bring(self.file), keyring, memory)
            original = memory.bytes_of(answer.clip_id) if answer.clip_id else None
        if answer.layer is not Layer.C2PA and original is not None and answer.looks_like_it is not False:
            answer = _with_sources_of(blobs.here(original, ".mp4"), answer, keyring)
        if self.restore_to is not None:
            self._restore(answer, blobs, original, keyring)
        foreign = answer.foreign
        return TraceReport(
            made_here=answer.made_here,
            layer=answer.layer.value,
            tampered=answer.tampered,
            stamped_at=answer.stamped_at,
            clip=answer.clip_id,
            copy_of_it=answer.copy,
            preview=answer.preview,
            maker=answer.maker,
            lineage=answer.lineage,
            ancestors=_told(answer.ancestors),
            looks_like_it=answer.looks_like_it,
            also_marked=answer.also_marked,
            foreign=ForeignReport(**vars(foreign)) if foreign else None,
            restored=str(self.restore_to) if self.restore_to else None,
        )

    def _restore(self, answer: "Trace", blobs: "Blobs", original: str | None, keyring: "Keyring") -> None:
        """Only where the mark and the fingerprint agree: a signature of ours must not be had for other pictures."""
        from provenance.facts import Layer
        from provenance.seal import restore

        assert self.restore_to is not None
        if answer.layer in (Layer.C2PA, Layer.BYTES):
            raise StudioError("credentials.not_lost")
        if answer.foreign is not None:
            raise StudioError("credentials.of_others", generator=answer.foreign.generator)
        if answer.layer is not Layer.WATERMARK or not answer.looks_like_it:
            raise StudioError("credentials.unsure")
        if original is None or not blobs.exists(original, ".mp4"):
            raise StudioError("credentials.clip_gone", clip=answer.clip_id or "")
        restore(self.file, self.restore_to, blobs.here(original, ".mp4"), self.studio_version, keyring)


def _with_sources_of(original: Path, answer: "Trace", keyring: "Keyring") -> "Trace":
    """What the clip that was recognised in other ways says of its sources: its own file is still here."""
    from provenance.credentials import read_credentials

    credentials = read_credentials(original, keyring) if original.is_file() else None
    if credentials is None:
        return answer
    return replace(answer, maker=credentials.maker, lineage=credentials.lineage, ancestors=credentials.ancestors)


def _told(ancestors: "tuple[Ancestor, ...]") -> tuple[AncestorReport, ...]:
    return tuple(
        AncestorReport(
            clip=one.clip_id,
            relation=one.relation.value if one.relation else None,
            intact=one.intact,
            foreign=ForeignReport(**vars(one.foreign)) if one.foreign else None,
            ancestors=_told(one.ancestors),
        )
        for one in ancestors
    )


def _fingerprint(clip: Path) -> str | None:
    from provenance.fingerprint import to_remember
    from provenance.pictures import pictures_in

    pictures = pictures_in(clip)
    return to_remember(pictures.frames).tobytes().hex() if pictures else None

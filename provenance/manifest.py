"""From plain facts to the manifest that C2PA signs, and our own assertion back from one.

No thumbnails: a clip's picture would live on in the manifests of everything made from it, also after a maker hid
the clip or a moderator removed it. No titles from file names and no member's name, for the same reason.
"""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from provenance.errors import SeveralParentsError
from provenance.facts import ClipFacts, Ingredient, ModelFacts, Relation
from provenance.formats import MP4

ASSERTION = "studio.kinora.clip"
GENERATOR = "Kinora"
MARK_ALGORITHM = "studio.kinora.mark.1"  # of our own: not on C2PA's public list

_SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED = f"{_SOURCE_TYPES}trainedAlgorithmicMedia"
DRAWN = f"{_SOURCE_TYPES}algorithmicMedia"
MIXED_TRAINED = f"{_SOURCE_TYPES}compositeWithTrainedAlgorithmicMedia"
MIXED_DRAWN = f"{_SOURCE_TYPES}compositeSynthetic"

TRAINING_ASSERTION = "cawg.training-mining"
_USES = ("cawg.data_mining", "cawg.ai_inference", "cawg.ai_training", "cawg.ai_generative_training")


class Medium(StrEnum):
    """What was sealed under the id: the clip itself, a copy that had lost its credentials, a still, or a preview of
    what has not been made: its id is no clip's."""

    CLIP = "clip"
    COPY = "copy"
    STILL = "still"
    PREVIEW = "preview"


class Record(BaseModel):
    """Part of our own assertion. Unknown keys are let through: old studios read clips of newer ones."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class RendererRecord(Record):
    name: str
    version: str


class ModelRecord(Record):
    name: str
    version: str
    licence: str


class SourceRecord(Record):
    """A clip of this studio that went into this one. `manifest` names it among the manifests in the file.

    None: the clip has so many ancestors that they are summed up; `before` are their ids, nearest first.
    """

    clip: str
    manifest: str | None = None
    relation: Relation
    before: tuple[str, ...] | None = None


class ClipRecord(Record):
    """Our own assertion: who made the clip, with what, from what."""

    clip: str
    medium: Medium
    job: str
    studio: str
    renderer: RendererRecord
    model: ModelRecord | None = None
    seed: int
    policy: str
    brief: str  # keyed digest
    made_at: AwareDatetime
    made_from: tuple[SourceRecord, ...] = ()


def ingredient_label(index: int) -> str:
    """The name by which an action and an ingredient find each other while the manifest is built."""
    return f"source-{index}"


def ingredient_definition(facts: ClipFacts, index: int) -> dict[str, Any]:
    """Of a file that is added with the credentials in it."""
    source = facts.ingredients[index]
    return {
        "title": source.clip_id or "upload",
        "relationship": source.relation.value,
        "label": ingredient_label(index),
    }


def summed_up(made_from: tuple[SourceRecord, ...]) -> frozenset[str]:
    """The clips that are only named, without their manifests."""
    return frozenset(source.clip for source in made_from if source.manifest is None)


def definition(facts: ClipFacts, medium: Medium, made_from: tuple[SourceRecord, ...] = ()) -> dict[str, Any]:
    """The manifest's definition. Its ingredients are added as files, but for those that are only named."""
    named = summed_up(made_from)
    assertions = [
        {"label": "c2pa.actions.v2", "data": {"actions": _actions(facts)}, "created": True},
        {"label": ASSERTION, "data": _record(facts, medium, made_from), "created": True},
    ]
    if facts.marked:
        binding = {"alg": MARK_ALGORITHM, "blocks": [{"scope": {}, "value": facts.clip_id}]}
        assertions.append({"label": "c2pa.soft-binding", "data": binding, "created": True})
    if facts.training:
        entries = {use: {"use": facts.training} for use in _USES}
        assertions.append({"label": TRAINING_ASSERTION, "data": {"entries": entries}, "created": True})
    return {
        "claim_generator_info": [{"name": GENERATOR, "version": facts.studio_version}],
        "title": facts.clip_id,
        "ingredients": [
            ingredient_definition(facts, index) | {"format": MP4}
            for index, source in enumerate(facts.ingredients)
            if source.clip_id in named
        ],
        "assertions": assertions,
    }


def _actions(facts: ClipFacts) -> list[dict[str, Any]]:
    """What happened: made from nothing, or a parent opened and made anew; and every component placed."""
    parents = [i for i, source in enumerate(facts.ingredients) if source.relation is Relation.PARENT]
    components = [i for i, source in enumerate(facts.ingredients) if source.relation is Relation.COMPONENT]
    if len(parents) > 1:
        raise SeveralParentsError(count=str(len(parents)))
    if facts.restored_at is not None:
        return _restoring(facts, facts.restored_at)
    making = {
        "when": _moment(facts.made_at),
        "softwareAgent": {"name": facts.renderer, "version": facts.renderer_version},
        "digitalSourceType": _source_type(facts),
    }
    if parents:
        opened = {"action": "c2pa.opened", "parameters": {"ingredientIds": [ingredient_label(parents[0])]}}
        actions = [opened, {"action": "c2pa.edited", **making}]
    else:
        actions = [{"action": "c2pa.created", **making}]
    if components:
        labels = [ingredient_label(i) for i in components]
        actions.append({"action": "c2pa.placed", "parameters": {"ingredientIds": labels}})
    return actions


def _source_type(facts: ClipFacts) -> str:
    """An upload may be anything, a camera's footage as a rule: with one in it, the clip is no longer ours alone."""
    if any(source.clip_id is None for source in facts.ingredients):
        return MIXED_TRAINED if facts.trained else MIXED_DRAWN
    return TRAINED if facts.trained else DRAWN


def _restoring(facts: ClipFacts, restored_at: datetime) -> list[dict[str, Any]]:
    """It came from the clip, and what happened on the way is not known: cut, scaled, encoded anew."""
    return [
        {"action": "c2pa.opened", "parameters": {"ingredientIds": [ingredient_label(0)]}},
        {
            "action": "c2pa.unknown",
            "when": _moment(restored_at),
            "softwareAgent": {"name": GENERATOR, "version": facts.studio_version},
            "description": "Credentials put back into a copy that had lost them; what else was changed is not known.",
        },
    ]


def _record(facts: ClipFacts, medium: Medium, made_from: tuple[SourceRecord, ...]) -> dict[str, Any]:
    model = facts.model
    record = ClipRecord(
        clip=facts.clip_id,
        medium=medium,
        job=facts.job_id,
        studio=facts.studio_version,
        renderer=RendererRecord(name=facts.renderer, version=facts.renderer_version),
        model=ModelRecord(name=model.name, version=model.version, licence=model.licence) if model else None,
        seed=facts.seed,
        policy=facts.policy_version,
        brief=facts.brief_digest,
        made_at=facts.made_at,
        made_from=made_from,
    )
    return record.model_dump(mode="json", exclude_none=True)


def facts_of_copy(record: ClipRecord, original: Path, studio_version: str, restored_at: datetime) -> ClipFacts:
    """What is known of a copy: all that the clip's own manifest says, and that it came from there."""
    model = record.model
    return ClipFacts(
        clip_id=record.clip,
        job_id=record.job,
        studio_version=studio_version,
        renderer=record.renderer.name,
        renderer_version=record.renderer.version,
        trained=model is not None,
        seed=record.seed,
        policy_version=record.policy,
        brief_digest=record.brief,
        made_at=record.made_at,
        model=ModelFacts(model.name, model.version, model.licence) if model else None,
        ingredients=(Ingredient(original, Relation.PARENT, record.clip),),
        restored_at=restored_at,
    )


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def read_record(manifest: dict[str, Any]) -> ClipRecord | None:
    """Our assertion out of a manifest as the Reader tells it; None where there is none, or not exactly one."""
    found = [one.get("data") for one in manifest.get("assertions", ()) if one.get("label") == ASSERTION]
    if len(found) != 1:
        return None
    try:
        return ClipRecord.model_validate(found[0])
    except ValidationError:
        return None

"""From plain facts to the manifest that C2PA signs, and our own assertion back from one.

No thumbnails: a clip's picture would live on in the manifests of everything made from it, also after a maker hid
the clip or a moderator removed it. No titles from file names, for the same reason. A member's name only where they ask
for it, in an assertion by itself, so that it can be left out of what others make from the clip.
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

NAME_ASSERTION = "cawg.metadata"
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


def definition(
    facts: ClipFacts, medium: Medium, made_from: tuple[SourceRecord, ...] = (), redacted: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The manifest's definition. Its ingredients are added as files, but for those that are only named.

    `redacted`: assertions in the sources' manifests that are left out of this file.
    """
    named = summed_up(made_from)
    actions = [*_actions(facts), *map(_redacting, redacted)]
    assertions = [
        {"label": "c2pa.actions.v2", "data": {"actions": actions}, "created": True},
        {"label": ASSERTION, "data": _record(facts, medium, made_from), "created": True},
    ]
    if facts.marked:
        binding = {"alg": MARK_ALGORITHM, "blocks": [{"scope": {}, "value": facts.clip_id}]}
        assertions.append({"label": "c2pa.soft-binding", "data": binding, "created": True})
    if facts.maker is not None:
        assertions.append({"label": NAME_ASSERTION, "kind": "Json", "data": _name(facts.maker), "created": True})
    if facts.training:
        entries = {use: {"use": facts.training} for use in _USES}
        assertions.append({"label": TRAINING_ASSERTION, "data": {"entries": entries}, "created": True})
    return {
        "claim_generator_info": [{"name": GENERATOR, "version": facts.studio_version}],
        "title": facts.clip_id,
        "redactions": list(redacted),
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


def _redacting(assertion: str) -> dict[str, Any]:
    return {"action": "c2pa.redacted", "reason": "c2pa.PII.present", "parameters": {"redacted": assertion}}


def _name(maker: str) -> dict[str, Any]:
    """As other tools read it: who made it, by Dublin Core."""
    return {"@context": {"dc": "http://purl.org/dc/elements/1.1/"}, "dc:creator": [maker]}


def maker_in(manifest: dict[str, Any]) -> str | None:
    """The name in a manifest of ours as the Reader tells it."""
    found = [one.get("data") for one in manifest.get("assertions", ()) if one.get("label") == NAME_ASSERTION]
    makers = found[0].get("dc:creator") if len(found) == 1 and isinstance(found[0], dict) else None
    return str(makers[0]) if isinstance(makers, list) and len(makers) == 1 else None


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


def facts_of_copy(
    record: ClipRecord, maker: str | None, original: Path, studio_version: str, restored_at: datetime
) -> ClipFacts:
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
        maker=maker,
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

"""What a clip was made from, as the manifests in its file say it: a tree of clips and of uploads.

Only what this studio signed is believed: the sources that one of our assertions names are clips, every other ingredient
is an upload, whatever its manifest says of itself. What a stranger's manifest names as its own ingredients is not told.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from provenance.facts import Ancestor, ForeignCredentials, Relation
from provenance.manifest import ClipRecord, SourceRecord, read_record
from provenance.strangers import described

TRUSTED, VALID, INVALID, REVOKED = "Trusted", "Valid", "Invalid", "Revoked"
EXPIRED, _UNKNOWN_SIGNER = "signingCredential.expired", "signingCredential.untrusted"
# What c2pa says when a certificate's time is over and nothing else is wrong; of a parent, in its child, the second
# alone: the child of an old clip reads Valid, no longer Trusted, though its own leaf is fresh.
ONLY_OLD = frozenset({EXPIRED, _UNKNOWN_SIGNER})
NAMED_LIMIT = 256

Told = dict[str, Any]
Failures = dict[tuple[str, str], set[str]]


@dataclass
class _Growing:
    """A node whose own sources are still to be looked up."""

    relation: Relation | None
    clip_id: str | None
    intact: bool = True
    foreign: ForeignCredentials | None = None
    below: "list[_Growing]" = field(default_factory=list)

    def grown(self) -> Ancestor:
        below = tuple(one.grown() for one in self.below)
        return Ancestor(self.relation, self.clip_id, self.intact, self.foreign, below)


@dataclass
class Walk:
    """Through the manifests that c2pa told of one file. `is_revoked` is asked of the labels of uploads' manifests."""

    told: Told
    later: Failures
    is_revoked: Callable[[str], bool]

    def from_clip(self, label: str, record: ClipRecord | None) -> tuple[Ancestor, ...]:
        """The tree above the clip of this manifest; every manifest is opened once, where it is nearest."""
        root = _Growing(None, None)
        ahead = [(label, record, root)]
        seen = {label}
        count = 0
        for label_here, record_here, node in ahead:
            if record_here is None:
                continue
            for source, manifest_label in self._sources(label_here, record_here):
                count += 1
                if count > NAMED_LIMIT:
                    return root.grown().ancestors
                node.below.append(source)
                if manifest_label is None or manifest_label in seen:
                    continue
                seen.add(manifest_label)
                parent = read_record(self.told["manifests"].get(manifest_label) or {})
                if parent is not None and parent.clip == source.clip_id:
                    ahead.append((manifest_label, parent, source))
        return root.grown().ancestors

    def _sources(self, label: str, record: ClipRecord) -> Iterator[tuple[_Growing, str | None]]:
        """The sources of one of our clips, each with the label of the manifest in which its own stand."""
        ingredients = self.told["manifests"][label].get("ingredients", ())
        by_manifest = {one.get("active_manifest"): one for one in ingredients}
        for source in record.made_from:
            if source.manifest is None:
                yield _summed_up(source), None
                continue
            ingredient = by_manifest.get(source.manifest, {})
            intact = bool(ingredient) and self._failures(label, ingredient) <= ONLY_OLD
            yield _Growing(source.relation, source.clip, intact), source.manifest
        clips = {source.manifest for source in record.made_from} - {None}
        named = {source.clip for source in record.made_from if source.manifest is None}
        for ingredient in ingredients:
            if ingredient.get("active_manifest") not in clips and not _stands_for(ingredient, named):
                yield self._upload(label, ingredient), None

    def _upload(self, label: str, ingredient: Told) -> _Growing:
        relation = Relation.PARENT if ingredient.get("relationship") == Relation.PARENT else Relation.COMPONENT
        theirs = ingredient.get("active_manifest")
        manifest = self.told["manifests"].get(theirs) if theirs else None
        if not isinstance(manifest, dict):
            return _Growing(relation, None)
        return _Growing(relation, None, foreign=described(manifest, self._state(label, ingredient, str(theirs))))

    def _state(self, label: str, ingredient: Told, theirs: str) -> str:
        """What an upload's credentials were worth when it was taken in, and whether they are still what they were."""
        if not self._failures(label, ingredient) <= ONLY_OLD:
            return INVALID
        succeeded = {one.get("code") for one in _recorded(ingredient).get("success", ())}
        if "signingCredential.trusted" not in succeeded:
            return VALID
        return REVOKED if self.is_revoked(theirs) else TRUSTED

    def _failures(self, label: str, ingredient: Told) -> set[str]:
        """What was wrong with the source when it was added, and what is now: the clip's own state says neither."""
        recorded = {one.get("code", "") for one in _recorded(ingredient).get("failure", ())}
        return recorded | self.later.get((label, str(ingredient.get("label"))), set())


def _recorded(ingredient: Told) -> Told:
    recorded = ingredient.get("validation_results", {}).get("activeManifest", {})
    return recorded if isinstance(recorded, dict) else {}


def _stands_for(ingredient: Told, named: set[str]) -> bool:
    """Whether it is a clip that is only named, without its manifest."""
    return ingredient.get("active_manifest") is None and ingredient.get("title") in named


def _summed_up(source: SourceRecord) -> _Growing:
    """What we signed about it is all there is: its ancestors are known by name, and not how they hang together."""
    before = [_Growing(None, clip) for clip in (source.before or ())[: NAMED_LIMIT - 1]]
    return _Growing(source.relation, source.clip, below=before)


def flat(ancestors: tuple[Ancestor, ...]) -> Iterator[Ancestor]:
    """The nearest first."""
    ahead = list(ancestors)
    for one in ahead:
        yield one
        ahead += one.ancestors


def failures_of_now(told: Told) -> Failures:
    """What is wrong with the sources' manifests in this file, by (manifest, ingredient assertion)."""
    failures = {}
    for delta in told.get("validation_results", {}).get("ingredientDeltas", ()):
        where = str(delta.get("ingredientAssertionURI", "")).split("/")
        codes = {one.get("code", "") for one in delta.get("validationDeltas", {}).get("failure", ())}
        if len(where) >= 3:
            failures[(where[-3], where[-1])] = codes
    return failures

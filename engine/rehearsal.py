"""What another policy would have decided about what was asked here lately, before it decides anything.

What the classifiers saw is stored with every job and take, so nothing is looked at again: the thresholds are put to the
same signals. What a classifier that was not required would have seen, nobody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine import jobs
from engine.communities import CommunitySettings
from engine.errors import StudioError
from engine.members import Asker, Role, at_least
from engine.studio import Studio
from safety.categories import Category
from safety.policy import Overlay, Policy, Thresholds
from safety.verdict import Decision, Surface, Verdict
from storage import jobs as ledger

LOOKED_AT: Final = 500  # the newest requests of the community
SHOWN: Final = 30


@dataclass(frozen=True)
class Change:
    """A request that would have been decided otherwise."""

    job_id: str
    prompt: str
    categories: tuple[str, ...]
    before: Decision
    after: Decision


@dataclass(frozen=True)
class Rehearsal:
    looked_at: int
    before: Mapping[str, int]  # how many were allowed, held, refused
    after: Mapping[str, int]
    changes: tuple[Change, ...]  # the first of them
    changed: int


@dataclass(frozen=True)
class Policing:
    """A community's policy: the studio's, and what it settled on top."""

    studio: Studio

    async def current(self, by: Asker) -> tuple[Policy, Overlay]:
        """As it holds now, with what of it is the community's own."""
        self._check(by)
        settings = await self.studio.membership.community(by)
        return self._studios().tightened(settings.overlay), settings.overlay

    def base(self) -> Policy:
        return self._studios()

    async def rehearse(self, by: Asker, overlay: Overlay) -> Rehearsal:
        """Nothing takes effect; PolicyError where the overlay may not be."""
        current, _ = await self.current(by)
        proposed = self._studios().tightened(overlay)
        async with self.studio.database.reading() as tx:
            rows = await ledger.latest(tx, community_id=by.community_id, limit=LOOKED_AT)
            takes = {row.id: await ledger.takes_of(tx, row.id) for row in rows}
        counts: tuple[dict[str, int], dict[str, int]] = ({}, {})
        changes: list[Change] = []
        looked_at = 0
        for row in rows:
            stored = [one for one in (row.verdict, *(take.verdict for take in takes[row.id])) if one]
            if not stored:
                continue
            looked_at += 1
            verdicts = [Verdict.model_validate(one) for one in stored]
            before, after = (_worst(policy, verdicts) for policy in (current, proposed))
            for where, decision in zip(counts, (before, after), strict=True):
                where[decision.word] = where.get(decision.word, 0) + 1
            if before != after:
                categories = tuple({name for verdict in verdicts for name in verdict.categories})
                changes.append(Change(row.id, jobs.brief_of(row).prompt, categories, before, after))
        return Rehearsal(looked_at, counts[0], counts[1], tuple(changes[:SHOWN]), len(changes))

    async def settle(self, by: Asker, overlay: Overlay) -> CommunitySettings:
        """From now on."""
        self._check(by)
        kept: dict[str, Any] = overlay.model_dump(mode="json", exclude_defaults=True)
        return await self.studio.membership.change_community(by, {"overlay": kept})

    def _studios(self) -> Policy:
        return Policy.load(self.studio.settings.safety.policy)

    @staticmethod
    def _check(by: Asker) -> None:
        if not at_least(by.role, Role.LEAD):
            raise StudioError("desk.leads_only")


def _worst(policy: Policy, verdicts: list[Verdict]) -> Decision:
    return max(policy.judge(verdict.signals).decision for verdict in verdicts)


def changed(overlay: Overlay, base: Policy, typed: Mapping[tuple[Category, Surface], Thresholds]) -> Overlay:
    """The overlay that makes the policy what was typed: only what differs from the studio's own stays in it."""
    thresholds: dict[Category, dict[Surface, Thresholds]] = {}
    for (category, surface), wanted in typed.items():
        if base.categories[category].on(surface) != wanted:
            thresholds.setdefault(category, {})[surface] = wanted
    return Overlay(thresholds=thresholds, text=overlay.text, frames=overlay.frames)

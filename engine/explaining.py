"""Why something was allowed, held or refused: each signal, the thresholds that it met, and under which policy."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import communities, review
from engine.errors import StudioError
from engine.members import Asker
from safety.categories import KNOWN, Category
from safety.policy import Overlay, Policy, PolicyError, Thresholds
from safety.verdict import Decision, Signal, Surface, Verdict
from storage import jobs, policies
from storage.database import Database


@dataclass(frozen=True)
class Because:
    """One signal, and what the policy of that time made of it."""

    about: str  # brief, or the take's id
    signal: Signal
    decision: str
    hold: float | None
    refuse: float | None
    version: str


@dataclass(frozen=True)
class Difference:
    what: str  # a category and surface, a classifier list, or the words
    before: str
    after: str
    stricter: bool | None  # None: neither


@dataclass(frozen=True)
class Explaining:
    database: Database
    policy_file: Path | None

    async def policy(self, by: Asker) -> Policy:
        """What holds in this community: the studio's policy with the community's changes."""
        async with self.database.reading() as tx:
            overlay = communities.settings_of(await communities.get(tx, by.community_id)).overlay
        return Policy.load(self.policy_file).tightened(overlay)

    async def explain(self, job_id: str, by: Asker) -> list[Because]:
        """For moderators alone: it names the rules, and who knows the rules goes round them."""
        if by.role not in review.MODERATORS:
            raise StudioError("policy.moderators_only")
        async with self.database.reading() as tx:
            job = await jobs.get(tx, job_id)
            if job is None or job.community_id != by.community_id:
                raise StudioError("job.unknown", job=job_id)
            takes = [(take.id, take.verdict) for take in await jobs.takes_of(tx, job_id)]
            found: list[Because] = []
            for about, stored in (("brief", job.verdict), *takes):
                if stored is not None:
                    verdict = Verdict.model_validate(stored)
                    document = await policies.get(tx, verdict.policy_version)
                    found += _because(about, verdict, document)
        return found


def _because(about: str, verdict: Verdict, document: Any) -> list[Because]:
    try:
        policy: Policy | None = Policy.model_validate(document)
    except ValueError:
        policy = None
    return [_reason(about, signal, policy, verdict.policy_version) for signal in verdict.signals]


def _reason(about: str, signal: Signal, policy: Policy | None, version: str) -> Because:
    rules = policy.categories.get(Category(signal.category)) if policy and signal.category in KNOWN else None
    thresholds = rules.on(signal.surface) if rules else Thresholds()
    decision = policy.decide(signal) if policy else Decision.HOLD
    return Because(about, signal, decision.word, thresholds.hold, thresholds.refuse, version)


def read_policy(file: Path) -> Policy:
    """A whole policy; PolicyError says what is wrong with it."""
    return Policy.load(file)


def read_overlay(content: dict[str, Any], policy: Policy) -> Policy:
    """The policy with a community's changes; PolicyError when they are none, or loosen what is locked."""
    try:
        overlay = Overlay.model_validate(content)
    except ValueError as error:
        raise PolicyError("policy.malformed", str(error).partition("\n")[0]) from None
    return policy.tightened(overlay)


def differences(before: Policy, after: Policy) -> list[Difference]:
    found: list[Difference] = []
    for category in Category:
        for surface in Surface:
            old, new = (policy.categories.get(category) for policy in (before, after))
            if old is None or new is None or old.on(surface) == new.on(surface):
                continue
            one, other = old.on(surface), new.on(surface)
            tighter, looser = other.at_least_as_strict_as(one), one.at_least_as_strict_as(other)
            stricter = None if tighter == looser else tighter
            found.append(Difference(f"{category}/{surface}", _shown(one), _shown(other), stricter))
    for name in ("text", "guard", "frames", "uploads"):
        old_names, new_names = (getattr(policy.required, name) for policy in (before, after))
        if old_names != new_names:
            more, fewer = set(new_names) - set(old_names), set(old_names) - set(new_names)
            stricter = None if bool(more) == bool(fewer) else bool(more)
            found.append(Difference(name, ", ".join(old_names) or "–", ", ".join(new_names) or "–", stricter))
    if before.words != after.words:
        old_count, new_count = str(len(before.words)), str(len(after.words))
        found.append(Difference("words", old_count, new_count, set(before.words) <= set(after.words)))
    return found


def _shown(thresholds: Thresholds) -> str:
    return " / ".join("–" if value is None else f"{value:g}" for value in (thresholds.hold, thresholds.refuse))

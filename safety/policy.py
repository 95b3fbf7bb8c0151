"""What is allowed: categories with two thresholds per surface, what may be loosened, which classifiers are required.

The policy is data (policy.toml). Every verdict carries its version, which is computed from the content and from the
rule packs, so that it cannot say something else than what was applied.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from safety.categories import KNOWN, Category
from safety.text import packs
from safety.verdict import Decision, Signal, Surface, Verdict
from storage.errors import CodedError

SHIPPED = Path(__file__).parent / "policy.toml"
MOST_SIGNALS = 40  # stored with each verdict; the strictest are kept


class PolicyError(CodedError):
    """The policy file or an overlay cannot be used: `code` says why, `about` what it is about."""

    def __init__(self, code: str, about: str) -> None:
        super().__init__(code, about=about)


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Thresholds(Strict):
    """None: this decision is never reached by score."""

    hold: float | None = Field(default=None, ge=0.0, le=1.0)
    refuse: float | None = Field(default=None, ge=0.0, le=1.0)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.hold is not None and self.refuse is not None and self.hold > self.refuse:
            raise ValueError("policy.hold_above_refuse")
        return self

    def decide(self, score: float) -> Decision:
        if self.refuse is not None and score >= self.refuse:
            return Decision.REFUSE
        if self.hold is not None and score >= self.hold:
            return Decision.HOLD
        return Decision.ALLOW

    def at_least_as_strict_as(self, other: "Thresholds") -> bool:
        def limit(value: float | None) -> float:
            return 2.0 if value is None else value

        # A refusal is stricter than a hold, so a low `refuse` makes up for a `hold` that is missing.
        stops, stopped = min(limit(self.hold), limit(self.refuse)), min(limit(other.hold), limit(other.refuse))
        return stops <= stopped and limit(self.refuse) <= limit(other.refuse)


class CategoryPolicy(Strict):
    locked: bool = False
    text: Thresholds
    upload: Thresholds
    frame: Thresholds

    def on(self, surface: Surface) -> Thresholds:
        match surface:
            case Surface.TEXT:
                return self.text
            case Surface.UPLOAD:
                return self.upload
            case Surface.FRAME:
                return self.frame


class Profile(Strict):
    """The classifiers that must have looked. One that did not is a fault, and a fault holds."""

    text: tuple[str, ...]
    frames: tuple[str, ...]
    guard: tuple[str, ...] = ()  # read the words while the clip is made; joined before it is sealed
    uploads: tuple[str, ...] = ()  # look at what members bring; none: a person looks at all that shows it


class OwnWord(Strict):
    """A word or phrase that a community does not want to see, in whatever spelling the views see through."""

    term: str = Field(min_length=1, max_length=80)
    category: Category = Category.HARASSMENT
    action: Literal["hold", "refuse"] = "hold"


class Overlay(Strict):
    """What a community changes. Only what it names; see `Policy.tightened` for what it may."""

    words: tuple[OwnWord, ...] = Field(default=(), max_length=2_000)

    thresholds: Mapping[Category, Mapping[Surface, Thresholds]] = Field(default_factory=dict)
    text: tuple[str, ...] = ()  # classifiers required on top of the profile's
    frames: tuple[str, ...] = ()


class Policy(Strict):
    profile: str
    profiles: Mapping[str, Profile]
    categories: Mapping[Category, CategoryPolicy]
    seconds_for_text: float = Field(gt=0.0, le=60.0)
    seconds_for_guard: float = Field(default=60.0, gt=0.0, le=600.0)
    seconds_for_pictures: float = Field(default=60.0, gt=0.0, le=600.0)  # of one clip, for each classifier
    packs: str  # digest of the rule packs that the rules read
    words: tuple[OwnWord, ...] = ()  # of the community

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.profile not in self.profiles:
            raise ValueError("policy.unknown_profile")
        if absent := set(Category) - {Category.UNCHECKED} - set(self.categories):
            raise ValueError(f"policy.missing_categories {sorted(absent)}")
        return self

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        path = path or SHIPPED
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
            return cls.model_validate({**content, "packs": packs.digest()})
        except OSError as error:
            raise PolicyError("policy.unreadable", str(path)) from error
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
            raise PolicyError("policy.malformed", f"{path}: {error}") from error

    @cached_property
    def version(self) -> str:
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    @property
    def required(self) -> Profile:
        return self.profiles[self.profile]

    def decide(self, signal: Signal) -> Decision:
        if signal.category not in KNOWN:
            return Decision.HOLD  # a classifier that speaks of unknown things is talking nonsense
        category = Category(signal.category)
        rules = self.categories.get(category)
        decision = rules.on(signal.surface).decide(signal.score) if rules else Decision.HOLD
        return max(decision, Decision.HOLD) if signal.fault else decision

    def judge(self, signals: Iterable[Signal]) -> Verdict:
        """The strictest signal wins; a fault holds at least. Strictest first, so that the reason can be read off."""
        decided = sorted(
            ((self.decide(signal), signal) for signal in signals), key=lambda pair: (-pair[0], -pair[1].score)
        )
        return Verdict(
            decision=decided[0][0] if decided else Decision.ALLOW,
            signals=tuple(signal for _, signal in decided[:MOST_SIGNALS]),
            policy_version=self.version,
        )

    def tightened(self, overlay: Overlay) -> Self:
        """This policy with a community's changes. A locked category only gets stricter, the profile longer."""
        categories = dict(self.categories)
        for category, surfaces in overlay.thresholds.items():
            if category not in categories:
                raise PolicyError("policy.unknown_category", category)
            current = categories[category]
            for surface, thresholds in surfaces.items():
                if current.locked and not thresholds.at_least_as_strict_as(current.on(surface)):
                    raise PolicyError("policy.locked", f"{category} on {surface}")
            categories[category] = current.model_copy(update={str(surface): t for surface, t in surfaces.items()})
        required = Profile(
            text=tuple(dict.fromkeys(self.required.text + overlay.text)),
            frames=tuple(dict.fromkeys(self.required.frames + overlay.frames)),
            guard=self.required.guard,
            uploads=self.required.uploads,
        )
        words = tuple(dict.fromkeys((*self.words, *overlay.words)))
        profiles = {**self.profiles, self.profile: required}
        changed = self.model_dump() | {"words": words, "categories": categories, "profiles": profiles}
        return type(self).model_validate(changed)

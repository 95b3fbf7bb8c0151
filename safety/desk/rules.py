"""How the desk works, read from rules.toml: severities, clocks, who has to agree, strikes."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from safety.categories import Category
from safety.policy import Policy
from safety.verdict import Decision, Signal, Verdict

_SHIPPED: Final = Path(__file__).parent / "rules.toml"
LEAST_SEVERE: Final = 1
MOST_SEVERE: Final = 5
_MINUTE_MS: Final = 60_000


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SecondPerson(_Strict):
    categories: frozenset[Category]


class Reasons(_Strict):
    general: tuple[str, ...]


class Claims(_Strict):
    minutes: int = Field(ge=1)
    skip_minutes: int = Field(ge=0)


class Undo(_Strict):
    seconds: int = Field(ge=0, le=600)


class Strikes(_Strict):
    last_days: int = Field(ge=1)
    slow_mode_minutes: int = Field(ge=1)
    pause_days: int = Field(ge=1)
    notice: int = Field(ge=1)
    slow: int
    review: int
    pause: int

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.notice <= self.slow <= self.review <= self.pause:
            raise ValueError("the steps must follow each other")
        return self


class Wellness(_Strict):
    heavy_severity: int = Field(ge=LEAST_SEVERE, le=MOST_SEVERE)
    heavy_limit: int = Field(ge=1)
    window_hours: int = Field(ge=1)


class Rules(_Strict):
    severity: Mapping[Category, int]
    clock_hours: Mapping[int, int]
    second_person: SecondPerson
    reasons: Reasons
    claims: Claims
    undo: Undo
    strikes: Strikes
    wellness: Wellness

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if absent := set(Category) - set(self.severity):
            raise ValueError(f"no severity for {sorted(absent)}")
        if set(self.clock_hours) != set(range(LEAST_SEVERE, MOST_SEVERE + 1)):
            raise ValueError("every severity needs its clock")
        return self

    @property
    def claim_ms(self) -> int:
        return self.claims.minutes * _MINUTE_MS

    @property
    def skip_ms(self) -> int:
        return self.claims.skip_minutes * _MINUTE_MS

    @property
    def undo_ms(self) -> int:
        return self.undo.seconds * 1_000

    def clock_ms(self, severity: int) -> int:
        return self.clock_hours[min(max(severity, LEAST_SEVERE), MOST_SEVERE)] * 60 * _MINUTE_MS

    def severity_of(self, categories: Iterable[str]) -> int:
        """The severity of the worst of them. What nobody has heard of may be anything."""
        known = {str(name): level for name, level in self.severity.items()}
        return max((known.get(name, MOST_SEVERE - 1) for name in categories), default=LEAST_SEVERE)

    def needs_second(self, categories: Iterable[str]) -> bool:
        return any(name in self.second_person.categories for name in categories)


@cache
def shipped() -> Rules:
    return Rules.model_validate(tomllib.loads(_SHIPPED.read_text(encoding="utf-8")))


def grave_signals(verdict: Verdict, policy: Mapping[str, Any] | None) -> tuple[Signal, ...]:
    """The signals that stood in the way, by the policy behind the verdict. Of an unknown policy, all of them."""
    try:
        judge = Policy.model_validate(policy)
    except ValueError:
        return verdict.signals
    return tuple(signal for signal in verdict.signals if judge.decide(signal) is not Decision.ALLOW)


def locked_category(categories: Iterable[str], policy: Mapping[str, Any] | None) -> str | None:
    """One of these categories that the policy locks, or None."""
    rules = (policy or {}).get("categories", {})
    return next((name for name in categories if rules.get(name, {}).get("locked")), None)

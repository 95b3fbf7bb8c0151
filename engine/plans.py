"""Plans: what a member may ask for, and what they are given each month. Data in plans.toml, changed by the operator.

Which plan somebody has follows from what is claimed for them: a role on Discord, a group on Telegram, the operator's
word. The operator's word is final; else the best claim counts; else the default plan.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import cache
from pathlib import Path
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field

from engine.brief import Brief, Resolution
from engine.errors import StudioError

SHIPPED: Final = Path(__file__).parent / "plans.toml"
UNLIMITED: Final = "unlimited"
METERED: Final = "metered"
BY_OPERATOR: Final = "operator"
AT_HOME: Final = "home"


class PlanChange(BaseModel):
    """What an operator writes under [plans.own.NAME]: only what it names is changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    monthly: int | None = Field(default=None, ge=0, le=1_000_000_000)
    resolution: Resolution | None = None
    seconds: float | None = Field(default=None, ge=1.0, le=60.0)
    variations: int | None = Field(default=None, ge=1, le=4)
    at_once: int | None = Field(default=None, ge=1)
    waiting: int | None = Field(default=None, ge=1)
    relaxed: bool | None = None
    visible_mark: bool | None = None
    charged: bool | None = None


class Plan(BaseModel):
    """None is no limit."""

    model_config = ConfigDict(frozen=True)

    name: str
    monthly: int = 0
    resolution: Resolution | None = None
    seconds: float | None = None
    variations: int | None = None
    at_once: int | None = None
    waiting: int | None = None
    relaxed: bool = False
    visible_mark: bool = True
    charged: bool = True

    def check(self, brief: Brief) -> None:
        """StudioError when the brief asks for more than the plan gives."""
        look = brief.look
        sizes = list(Resolution)
        if self.resolution is not None and sizes.index(look.resolution) > sizes.index(self.resolution):
            raise StudioError("plan.resolution", plan=self.name, limit=self.resolution.value)
        if self.seconds is not None and look.seconds > self.seconds:
            raise StudioError("plan.seconds", plan=self.name, limit=f"{self.seconds:g}")
        if self.variations is not None and brief.variations > self.variations:
            raise StudioError("plan.variations", plan=self.name, limit=self.variations)


@dataclass(frozen=True)
class Plans:
    """Every plan of the house, the least first, and who has which."""

    plans: Mapping[str, Plan]
    default: str
    discord_roles: Mapping[str, str]
    telegram_groups: Mapping[str, str]
    zone: tzinfo = UTC

    @classmethod
    def of(
        cls,
        own: Mapping[str, PlanChange],
        *,
        default: str,
        discord_roles: Mapping[str, str],
        telegram_groups: Mapping[str, str],
        zone: tzinfo = UTC,
    ) -> Self:
        """The shipped plans with the operator's changes; StudioError when somebody is given a plan that is none."""
        written = {name: dict(values) for name, values in _shipped().items()}
        for name, change in own.items():
            written.setdefault(name, {}).update(change.model_dump(exclude_unset=True, exclude_none=True))
        plans = {name: Plan.model_validate({"name": name, **values}) for name, values in written.items()}
        for name in (default, *discord_roles.values(), *telegram_groups.values()):
            if name not in plans:
                raise StudioError("plan.unknown", plan=name, known=", ".join(plans))
        return cls(plans, default, discord_roles, telegram_groups, zone)

    def __getitem__(self, name: str) -> Plan:
        """The plan of this name; the default one where the operator has taken it away since."""
        return self.plans.get(name) or self.plans[self.default]

    def named(self, name: str) -> Plan:
        if name not in self.plans:
            raise StudioError("plan.unknown", plan=name, known=", ".join(self.plans))
        return self.plans[name]

    def best(self, names: Iterable[str]) -> str | None:
        """The one that comes last in the house's order."""
        order = list(self.plans)
        known = [name for name in names if name in self.plans]
        return max(known, key=order.index) if known else None

    def by_discord_roles(self, role_ids: Iterable[int | str]) -> str | None:
        """The plan that these roles give; None when they give none."""
        return self.best(self.discord_roles[str(role)] for role in role_ids if str(role) in self.discord_roles)

    def by_telegram_groups(self, chat_ids: Iterable[int | str]) -> str | None:
        return self.best(self.telegram_groups[str(chat)] for chat in chat_ids if str(chat) in self.telegram_groups)

    def resolve(self, claims: Mapping[str, str]) -> str:
        """The plan of somebody for whom these plans are claimed, by source."""
        if (word := claims.get(BY_OPERATOR)) in self.plans and word is not None:
            return word
        return self.best(claims.values()) or self.default


@cache
def _shipped() -> Mapping[str, Mapping[str, object]]:
    written = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    return {name: PlanChange.model_validate(values).model_dump(exclude_none=True) for name, values in written.items()}


@cache
def shipped() -> Plans:
    return Plans.of({}, default="free", discord_roles={}, telegram_groups={})

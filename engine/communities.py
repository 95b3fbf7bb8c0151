"""Communities: a Discord server, a Telegram chat, this machine's own. What each has settled for itself."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from engine.brief import Aspect, Resolution
from engine.errors import StudioError
from engine.members import Asker, Role, at_least
from engine.names import new_id
from safety.policy import Overlay, Policy
from storage import explore, members
from storage.database import Transaction
from storage.members import CommunityRow


class WhoMayAsk(StrEnum):
    EVERYONE = "everyone"
    MODERATORS = "moderators"
    LEADS = "leads"
    NOBODY = "nobody"


_LEAST = {
    WhoMayAsk.EVERYONE: Role.MEMBER,
    WhoMayAsk.MODERATORS: Role.MODERATOR,
    WhoMayAsk.LEADS: Role.LEAD,
    WhoMayAsk.NOBODY: None,
}


class Openness(StrEnum):
    """What a community decided about its Explore."""

    OFF = "off"
    COMMUNITY = "community"
    ACROSS = "across"


class CommunitySettings(BaseModel):
    """None: as the studio has it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Literal["en", "zh-Hant", "zh-Hans"] | None = None
    aspect: Aspect | None = None
    resolution: Resolution | None = None
    seconds: float | None = Field(default=None, ge=1.0, le=60.0)
    style: str | None = Field(default=None, max_length=60)
    who_may_ask: WhoMayAsk = WhoMayAsk.EVERYONE
    who_may_start: WhoMayAsk = WhoMayAsk.MODERATORS  # chains and parties
    quiet_channels: tuple[str, ...] = Field(default=(), max_length=500)  # where the studio says nothing by itself
    explore: Openness = Openness.COMMUNITY
    case_channel: str | None = Field(default=None, max_length=40)  # where its moderators are shown what waits for them
    lead_role: str | None = Field(default=None, max_length=40)  # who is told there of what was passed up
    overlay: Overlay = Overlay()  # how much stricter than the studio's its policy is

    @field_validator("explore", mode="before")
    @classmethod
    def _on_or_off(cls, given: object) -> object:
        """On is for the community itself; that others see it as well is asked for by name."""
        if given is True or given == "on":
            return Openness.COMMUNITY
        return Openness.OFF if given is False else given


def settings_of(community: CommunityRow) -> CommunitySettings:
    return CommunitySettings.model_validate(community.settings)


async def known_as(tx: Transaction, platform: str, external_id: str) -> CommunityRow:
    """The community of this platform's id; made on first use."""
    community = await members.community_known_as(tx, platform, external_id)
    if community is None:
        await members.add_community(tx, new_id(), platform, external_id)
        community = await members.community_known_as(tx, platform, external_id)
    assert community is not None
    return community


async def get(tx: Transaction, community_id: str) -> CommunityRow:
    community = await members.community(tx, community_id)
    if community is None:
        raise StudioError("community.unknown", community=community_id)
    return community


async def change(
    tx: Transaction, community_id: str, values: Mapping[str, Any], by: Asker, policy: Policy
) -> CommunitySettings:
    """Settle something for the community, None for the studio's own way; StudioError when it cannot be, or when this
    person may not."""
    community = await get(tx, community_id)
    await check_lead(tx, community_id, by)
    try:
        settled = {**community.settings, **values}
        settings = CommunitySettings.model_validate({k: v for k, v in settled.items() if v is not None})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = ".".join(map(str, first["loc"])) or "?"
        if first["type"] == "extra_forbidden":
            raise StudioError("community.no_setting", name=name, known=", ".join(known_settings())) from None
        raise StudioError("community.impossible", name=name, allowed=first["msg"]) from None
    policy.tightened(settings.overlay)  # a locked category is not loosened by anybody
    kept = settings.model_dump(mode="json", exclude_defaults=True)
    await members.change_community(tx, community_id, kept)
    if "explore" in values:
        await show_across(tx, community_id, settings.explore)
    return settings


async def show_across(tx: Transaction, community_id: str, openness: Openness) -> None:
    """What its members share follows what the community decided, at once."""
    if openness is Openness.ACROSS:
        await explore.open_across(tx, community_id)
    else:
        await explore.close_across(tx, community_id)


def known_settings() -> tuple[str, ...]:
    return tuple(CommunitySettings.model_fields)


async def check_lead(tx: Transaction, community_id: str, by: Asker) -> None:
    """StudioError unless this person leads the community, or runs the studio."""
    if by.role == Role.OPERATOR and by.is_alone:
        return
    role = await members.role(tx, community_id, await members.current_id(tx, by.member_id))
    if role is None or not at_least(role, Role.LEAD):
        raise StudioError("community.not_yours")


async def check_may_ask(tx: Transaction, asker: Asker) -> None:
    """StudioError when this person may not ask for clips in this community."""
    settings = settings_of(await get(tx, asker.community_id))
    least = _LEAST[settings.who_may_ask]
    if least is None or not at_least(asker.role, least):
        raise StudioError("community.not_asking", who=settings.who_may_ask.value)


async def check_may_start(tx: Transaction, asker: Asker) -> None:
    """StudioError when this person may not start a chain or a party in this community."""
    settings = settings_of(await get(tx, asker.community_id))
    least = _LEAST[settings.who_may_start]
    if least is None or not at_least(asker.role, least):
        raise StudioError("community.not_starting", who=settings.who_may_start.value)

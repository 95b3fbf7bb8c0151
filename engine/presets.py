"""Presets: a style and defaults under a name, a member's own or a community's, shared with others by a code."""

from typing import Any, Final

from pydantic import Field, ValidationError, model_validator

from engine.brief import PROMPT_LIMIT, SECONDS_LIMIT, SHORTEST_SECONDS, Aspect, Quality, Resolution, Strict
from engine.errors import StudioError
from engine.fleet.base import Fleet
from engine.library import check_name, tidy_name
from engine.members import Asker
from engine.names import new_id, read_id
from engine.review import MODERATORS
from storage import choices, presets
from storage.database import Database, Transaction
from storage.presets import PresetRow, owner_of

NAME_LIMIT: Final = 60
WORDS_LIMIT: Final = 300
PRESETS_LIMIT: Final = 100
DEFAULT: Final = "preset"  # the key in a member's or a community's settings


class PresetContent(Strict):
    """What a preset says about a clip; what it does not say is left as it is."""

    style: str | None = Field(default=None, max_length=60)
    words: str | None = Field(default=None, max_length=WORDS_LIMIT)  # put after the prompt
    aspect: Aspect | None = None
    resolution: Resolution | None = None
    seconds: float | None = Field(default=None, ge=SHORTEST_SECONDS, le=SECONDS_LIMIT)
    quality: Quality | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "PresetContent":
        if not any(value is not None for value in vars(self).values()):
            raise ValueError("preset.empty")
        return self

    def prompt(self, typed: str) -> str:
        """The prompt with the preset's words after it, in the punctuation of what was typed."""
        if not self.words:
            return typed
        typed = typed.strip()
        joint = "，" if typed and ord(typed[-1]) > 0x2E7F else ", "
        joined = f"{typed.rstrip('.。,， ')}{joint}{self.words}"
        if len(joined) > PROMPT_LIMIT:
            raise StudioError("prompt.long", length=len(joined), limit=PROMPT_LIMIT)
        return joined


class Presets:
    def __init__(self, database: Database, fleet: Fleet) -> None:
        self._database = database
        self._fleet = fleet

    async def all(self, asker: Asker) -> list[PresetRow]:
        """The member's own, then the community's."""
        async with self._database.reading() as tx:
            owners = [owner_of(asker.member_id, None), owner_of(asker.member_id, asker.community_id)]
            return [row for owner in owners for row in await presets.of_owner(tx, owner)]

    async def save(self, asker: Asker, name: str, content: PresetContent, *, for_community: bool = False) -> PresetRow:
        """Keep it under this name, in place of what had the name before. The gate sees the name and every word."""
        name = tidy_name(name, NAME_LIMIT)
        community_id = _community(asker) if for_community else None
        policy_version = await check_name(self._fleet, name, content.style or "", content.words or "")
        async with self._database.writing() as tx:
            return await keep(tx, asker, community_id, name, content.model_dump(mode="json"), policy_version)

    async def find(self, asker: Asker, name_or_code: str) -> PresetRow:
        """By name, the member's own before the community's; else by the code that somebody shared."""
        async with self._database.reading() as tx:
            return await _find(tx, asker, name_or_code)

    async def share(self, asker: Asker, name: str, *, on: bool = True) -> PresetRow:
        """Let everybody who has its code use it; the code is its id."""
        async with self._database.writing() as tx:
            row = await _changeable(tx, asker, name)
            await presets.change(tx, row.id, is_shared=on)
            return await _again(tx, row)

    async def take(self, asker: Asker, code: str, name: str | None = None) -> PresetRow:
        """Copy what somebody shared into one's own presets; the gate of today sees it again."""
        async with self._database.reading() as tx:
            row = await _shared(tx, code)
        if row is None:
            raise StudioError("preset.unknown", name=code)
        content = content_of(row)
        return await self.save(asker, name if name is not None else row.name, content)

    async def remove(self, asker: Asker, name: str) -> None:
        async with self._database.writing() as tx:
            await presets.remove(tx, (await _changeable(tx, asker, name)).id)

    async def use(self, asker: Asker, name: str | None, *, for_community: bool = False) -> None:
        """Make it the default of all that the member makes (of all that is made in the community); None: none."""
        community_id = _community(asker) if for_community else None
        async with self._database.writing() as tx:
            preset_id = (await _find(tx, asker, name)).id if name is not None else None
            if community_id is not None:
                await choices.set_for_community(tx, community_id, DEFAULT, preset_id)
            else:
                await choices.set_for_member(tx, asker.member_id, DEFAULT, preset_id)

    async def default(self, asker: Asker) -> PresetRow | None:
        """The member's own choice, else the community's; one that is there no more counts for nothing."""
        async with self._database.reading() as tx:
            for chosen in (
                await choices.of_member(tx, asker.member_id, DEFAULT),
                await choices.of_community(tx, asker.community_id, DEFAULT),
            ):
                if chosen and (row := await presets.get(tx, chosen)) and _may_use(row, asker):
                    return row
        return None


def content_of(row: PresetRow) -> PresetContent:
    return PresetContent.model_validate(row.content)


def read_content(**typed: Any) -> PresetContent:
    """What somebody typed; StudioError when it can be no preset."""
    try:
        return PresetContent.model_validate(typed)
    except ValidationError as error:
        where = ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
        raise StudioError("preset.impossible" if where else "preset.empty", field=where) from None


# -- helpers -------------------------------------------------------------------------------------------------------


async def keep(
    tx: Transaction, asker: Asker, community_id: str | None, name: str, content: object, policy_version: str
) -> PresetRow:
    owner = owner_of(asker.member_id, community_id)
    known = await presets.named(tx, owner, name)
    if known is not None:
        await presets.change(tx, known.id, content=content, policy_version=policy_version, member_id=asker.member_id)
        return await _again(tx, known)
    if len(await presets.of_owner(tx, owner)) >= PRESETS_LIMIT:
        raise StudioError("preset.too_many", limit=PRESETS_LIMIT)
    await presets.add(
        tx,
        id=(preset_id := new_id()),
        member_id=asker.member_id,
        community_id=community_id,
        owner=owner,
        name=name,
        content=content,
        policy_version=policy_version,
    )
    row = await presets.get(tx, preset_id)
    assert row is not None
    return row


async def _find(tx: Transaction, asker: Asker, name_or_code: str) -> PresetRow:
    name = tidy_name(name_or_code, NAME_LIMIT)
    for community_id in (None, asker.community_id):
        if row := await presets.named(tx, owner_of(asker.member_id, community_id), name):
            return row
    if row := await _shared(tx, name_or_code):
        return row
    raise StudioError("preset.unknown", name=name_or_code)


async def _shared(tx: Transaction, code: str) -> PresetRow | None:
    preset_id = read_id(code)
    row = await presets.get(tx, preset_id) if preset_id else None
    return row if row is not None and row.is_shared else None


async def _changeable(tx: Transaction, asker: Asker, name: str) -> PresetRow:
    """One's own, or for moderators the community's."""
    row = await _find(tx, asker, name)
    if row.owner == owner_of(asker.member_id, None):
        return row
    if row.community_id == asker.community_id and asker.role in MODERATORS:
        return row
    raise StudioError("preset.not_yours", name=row.name)


async def _again(tx: Transaction, row: PresetRow) -> PresetRow:
    current = await presets.get(tx, row.id)
    assert current is not None
    return current


def _may_use(row: PresetRow, asker: Asker) -> bool:
    own = row.community_id is None and row.member_id == asker.member_id
    return own or row.community_id == asker.community_id or row.is_shared


def _community(asker: Asker) -> str:
    if asker.role not in MODERATORS:
        raise StudioError("preset.moderators_only")
    return asker.community_id

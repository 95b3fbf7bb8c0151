"""From a draft to a finished clip: a trained model makes the draft again, after its shapes and its movements."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from engine import sources
from engine.brief import PROMPT_LIMIT, Brief, ClipSource, Operation, UploadSource
from engine.errors import StudioError
from engine.jobs import brief_of
from engine.members import Asker
from engine.renderers.registry import DIFFUSION
from storage import clips, jobs
from storage.database import Transaction

# The draft says where things are and how they move; what they look like is the model's.
STRENGTH: Final = 0.7


@dataclass(frozen=True)
class Draft:
    """A draft as it is made again: its source, its words, and the style that it was drawn in."""

    source: ClipSource
    words: str
    style: str | None


async def own_draft(tx: Transaction, draft: ClipSource | UploadSource, asker: Asker) -> Draft:
    """StudioError for what is no draft, or no own one: its words are its maker's."""
    if not isinstance(draft, ClipSource):
        raise StudioError("finish.no_clip")
    clip = await clips.get(tx, draft.clip_id)
    if clip is None or clip.withdrawn_at is not None:
        raise StudioError("finish.no_clip")
    if clip.member_id != asker.member_id:
        raise StudioError("finish.not_yours", clip=clip.id)
    if not clip.is_draft:
        raise StudioError("finish.no_draft", clip=clip.id)
    job = await jobs.get(tx, clip.job_id)
    style = brief_of(job).look.style if job is not None else None
    return Draft(draft, await sources.words_of(tx, clip.id), style)


def brief_of_draft(draft: Draft, wished: Mapping[str, Any]) -> Brief:
    """`wished`: fields that the member chose, None where they did not."""
    chosen = {name: value for name, value in wished.items() if value is not None}
    fields = {name: chosen[name] for name in ("variations", "quality", "seed") if name in chosen}
    style = chosen.get("look", {}).get("style") or draft.style
    try:
        return Brief.model_validate(
            {
                **fields,
                "operation": Operation.REMIX,
                "prompt": draft.words[:PROMPT_LIMIT],
                "look": {"style": style},
                "sources": [draft.source.model_dump()],
                "strength": chosen.get("strength", STRENGTH),
                "renderer": chosen.get("renderer", DIFFUSION),
            }
        )
    except ValidationError:  # a draft without a word in it: there is nothing to tell the model
        raise StudioError("finish.no_words") from None

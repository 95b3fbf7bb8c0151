"""From a draft to a finished clip: a trained model makes the draft again, after its shapes and its movements."""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from engine import sources
from engine.brief import PROMPT_LIMIT, Brief, ClipSource, Operation, UploadSource
from engine.errors import StudioError
from engine.members import Asker
from engine.renderers.registry import DIFFUSION
from storage import clips
from storage.database import Transaction

# The draft says where things are and how they move; what they look like is the model's.
STRENGTH: Final = 0.7


async def words_of_draft(tx: Transaction, draft: ClipSource | UploadSource, asker: Asker) -> str:
    """What the draft was made from; StudioError for what is no draft, or no own one: its words are its maker's."""
    clip = await clips.get(tx, draft.clip_id) if isinstance(draft, ClipSource) else None
    if clip is None or clip.withdrawn_at is not None:
        raise StudioError("finish.no_clip")
    if clip.member_id != asker.member_id:
        raise StudioError("finish.not_yours", clip=clip.id)
    if not clip.is_draft:
        raise StudioError("finish.no_draft", clip=clip.id)
    return await sources.words_of(tx, clip.id)


def brief_of_draft(draft: ClipSource | UploadSource, words: str, wished: Mapping[str, Any]) -> Brief:
    fields = {name: wished[name] for name in ("variations", "quality", "seed", "look") if name in wished}
    try:
        return Brief.model_validate(
            {
                **fields,
                "operation": Operation.REMIX,
                "prompt": words[:PROMPT_LIMIT],
                "sources": [draft.model_dump()],
                "strength": wished.get("strength") or STRENGTH,
                "renderer": wished.get("renderer") or DIFFUSION,
            }
        )
    except ValidationError:  # a draft without a word in it: there is nothing to tell the model
        raise StudioError("finish.no_words") from None

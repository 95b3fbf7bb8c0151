"""What the engine hands to the safety floor: plain texts, plain files, and what was decided about the ancestors.

Nothing here knows a platform, a job or a renderer.
"""

from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from safety.verdict import Verdict


class TextRole(StrEnum):
    PROMPT = "prompt"
    CARD = "card"  # one card of a storyboard, in the order of the timeline
    NAME = "name"  # file names, display names, preset names, captions
    BEHIND = "behind"  # what the clips that this one is made from were asked for with, the oldest first


class SubmittedText(BaseModel):
    model_config = ConfigDict(frozen=True)

    text: str
    role: TextRole = TextRole.PROMPT
    settled: bool = False  # a person has let it pass: what counts is what it becomes together with the others


class SubmittedMedia(BaseModel):
    model_config = ConfigDict(frozen=True)

    path: Path
    sha256: str
    media_type: str


class Submission(BaseModel):
    """Everything about one request that the gate has to judge together."""

    model_config = ConfigDict(frozen=True)

    texts: tuple[SubmittedText, ...] = ()
    media: tuple[SubmittedMedia, ...] = ()
    lineage: tuple[Verdict, ...] = ()  # verdicts of the clips this one is made from
    own_names: tuple[str, ...] = ()  # of real people: who asks bears them, as a moderator knows

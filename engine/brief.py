"""The brief: what a member asks for, checked for sense before anything else happens to it."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

PROMPT_LIMIT = 4_000
CARD_LIMIT = 20
SECONDS_LIMIT = 60.0
SHORTEST_SECONDS = 1.0


class Operation(StrEnum):
    CREATE = "create"
    ANIMATE = "animate"
    STORYBOARD = "storyboard"
    REMIX = "remix"
    RECUT = "recut"
    BLEND = "blend"
    LOOP = "loop"
    VIEWS = "views"


class Aspect(StrEnum):
    WIDE = "16:9"
    SQUARE = "1:1"
    TALL = "9:16"


class Resolution(StrEnum):
    P480 = "480p"
    P720 = "720p"
    P1080 = "1080p"


class Quality(StrEnum):
    TURBO = "turbo"
    BEST = "best"


# The short side is the resolution's number; the long side is even, as yuv420p needs.
_LONG_SIDE = {Resolution.P480: 854, Resolution.P720: 1280, Resolution.P1080: 1920}
_SHORT_SIDE = {Resolution.P480: 480, Resolution.P720: 720, Resolution.P1080: 1080}


def frame_size(aspect: Aspect, resolution: Resolution) -> tuple[int, int]:
    """Width and height in pixels, both even."""
    short, long = _SHORT_SIDE[resolution], _LONG_SIDE[resolution]
    match aspect:
        case Aspect.WIDE:
            return long, short
        case Aspect.SQUARE:
            return short, short
        case Aspect.TALL:
            return short, long


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClipSource(Strict):
    """A clip of this studio that the new one is made from."""

    kind: Literal["clip"] = "clip"
    clip_id: str
    start: float = Field(default=0.0, ge=0.0)
    end: float | None = None


class UploadSource(Strict):
    """A file that a member brought; `sha256` names it in the blobs once it has been sniffed and stored."""

    kind: Literal["upload"] = "upload"
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    media_type: str


Source = Annotated[ClipSource | UploadSource, Field(discriminator="kind")]


class Card(Strict):
    """One card of a storyboard: a moment on the timeline that holds text, an image or a clip."""

    at: float = Field(ge=0.0, le=SECONDS_LIMIT)
    text: str = Field(default="", max_length=PROMPT_LIMIT)
    source: Source | None = None


class Look(Strict):
    aspect: Aspect = Aspect.WIDE
    resolution: Resolution = Resolution.P480
    seconds: float = Field(default=5.0, ge=SHORTEST_SECONDS, le=SECONDS_LIMIT)
    style: str | None = Field(default=None, max_length=60)

    @property
    def size(self) -> tuple[int, int]:
        return frame_size(self.aspect, self.resolution)


class Brief(Strict):
    """What a member asks for. Immutable: a remix is a new brief, never a changed one."""

    operation: Operation = Operation.CREATE
    prompt: str = Field(default="", max_length=PROMPT_LIMIT)
    cards: tuple[Card, ...] = Field(default=(), max_length=CARD_LIMIT)
    sources: tuple[Source, ...] = Field(default=(), max_length=CARD_LIMIT)
    look: Look = Look()
    quality: Quality = Quality.TURBO
    renderer: str | None = None  # None: the studio chooses
    variations: int = Field(default=1, ge=1, le=4)
    strength: float | None = Field(default=None, ge=0.0, le=1.0)
    seed: int | None = Field(default=None, ge=0, lt=2**32)

    @field_validator("prompt")
    @classmethod
    def _trim(cls, prompt: str) -> str:
        return prompt.strip()

    @model_validator(mode="after")
    def _says_something(self) -> "Brief":
        if self.operation is Operation.CREATE and not any(map(str.isalnum, self.prompt)):
            raise ValueError("prompt.empty")
        return self

"""The brief: what a member asks for, checked for sense before anything else happens to it."""

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

PROMPT_LIMIT = 4_000
CARD_LIMIT = 20
SECONDS_LIMIT = 60.0
STYLE_LIMIT = 60
VARIATIONS_LIMIT = 4
SEED_LIMIT = 2**32 - 1
SHORTEST_SECONDS = 1.0
SHORTEST_WINDOW = 0.5  # seconds of a source
CURVE_LIMIT = 24  # points
FRAMES_PER_SECOND = 24  # of every clip
VIEWS_LEAST, VIEWS_MOST = 3, 5

Share = Annotated[float, Field(ge=0.0, le=1.0)]


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


class BlendMode(StrEnum):
    TRANSITION = "transition"  # from the first to the second
    MIX = "mix"  # half of both, all the way
    SAMPLE = "sample"  # the second shows through in the middle
    CUSTOM = "custom"  # as the curve says


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


class Window(Strict):
    """The part of a source that is used, in seconds of its own; without an end, up to its end."""

    start: float = Field(default=0.0, ge=0.0, le=SECONDS_LIMIT)
    end: float | None = Field(default=None, ge=0.0, le=SECONDS_LIMIT)

    @model_validator(mode="after")
    def _is_long_enough(self) -> Self:
        if self.end is not None and self.end - self.start < SHORTEST_WINDOW:
            raise _wrong("brief.window", shortest=SHORTEST_WINDOW)
        return self


class ClipSource(Window):
    """A clip of this studio that the new one is made from."""

    kind: Literal["clip"] = "clip"
    clip_id: str


class UploadSource(Window):
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
    style: str | None = Field(default=None, max_length=STYLE_LIMIT)

    @property
    def size(self) -> tuple[int, int]:
        return frame_size(self.aspect, self.resolution)


class Blend(Strict):
    """How much of the second clip there is: by a mode, or by points (share of the length, share of the second)."""

    mode: BlendMode = BlendMode.TRANSITION
    curve: tuple[tuple[Share, Share], ...] = Field(default=(), max_length=CURVE_LIMIT)

    @model_validator(mode="after")
    def _has_a_curve_if_it_needs_one(self) -> Self:
        if (self.mode is BlendMode.CUSTOM) != bool(self.curve):
            raise _wrong("brief.curve_missing" if self.mode is BlendMode.CUSTOM else "brief.curve_unused")
        if any(later <= earlier for (earlier, _), (later, _) in pairwise(self.curve)):
            raise _wrong("brief.curve_order")
        return self


class Brief(Strict):
    """What a member asks for. Immutable: a remix is a new brief, never a changed one."""

    operation: Operation = Operation.CREATE
    prompt: str = Field(default="", max_length=PROMPT_LIMIT)
    cards: tuple[Card, ...] = Field(default=(), max_length=CARD_LIMIT)
    sources: tuple[Source, ...] = Field(default=(), max_length=CARD_LIMIT)
    look: Look = Look()
    quality: Quality = Quality.TURBO
    renderer: str | None = None  # None: the studio chooses
    variations: int = Field(default=1, ge=1, le=VARIATIONS_LIMIT)
    strength: float | None = Field(default=None, ge=0.0, le=1.0)  # of a remix
    before: float = Field(default=0.0, ge=0.0, le=SECONDS_LIMIT)  # seconds that a re-cut adds
    after: float = Field(default=0.0, ge=0.0, le=SECONDS_LIMIT)
    blend: Blend | None = None
    join: Literal[1, 2, 4] | None = None  # seconds in which a loop comes round
    views: int | None = Field(default=None, ge=VIEWS_LEAST, le=VIEWS_MOST)
    seed: int | None = Field(default=None, ge=0, le=SEED_LIMIT)

    @field_validator("prompt")
    @classmethod
    def _trim(cls, prompt: str) -> str:
        return prompt.strip()

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        self._check_words()
        self._check_sources()
        self._check_extras()
        if self.operation is Operation.STORYBOARD:
            self._check_cards()
        return self

    @property
    def takes(self) -> int:
        """How many takes are made: one a variation, or one a camera."""
        return self.views or self.variations

    @property
    def made_from(self) -> tuple[Source, ...]:
        """Every clip and upload that the brief names: its sources, then those of its cards."""
        return (*self.sources, *(card.source for card in self.cards if card.source is not None))

    def _check_words(self) -> None:
        needed = self.operation in (Operation.CREATE, Operation.REMIX) or (
            self.operation is Operation.VIEWS and not self.sources
        )
        if needed and not _says_something(self.prompt):
            raise _wrong("prompt.empty")

    def _check_sources(self) -> None:
        least, most = _SOURCES[self.operation]
        if not least <= len(self.sources) <= most:
            raise _wrong("brief.sources", operation=self.operation.value, count=most, given=len(self.sources))
        if self.cards and self.operation is not Operation.STORYBOARD:
            raise _wrong("brief.misplaced", field="cards", operation=self.operation.value)

    def _check_extras(self) -> None:
        extras = {
            "strength": (self.strength is not None, Operation.REMIX),
            "before": (self.before > 0, Operation.RECUT),
            "after": (self.after > 0, Operation.RECUT),
            "blend": (self.blend is not None, Operation.BLEND),
            "join": (self.join is not None, Operation.LOOP),
            "views": (self.views is not None, Operation.VIEWS),
        }
        for field, (given, belongs_to) in extras.items():
            if given and self.operation is not belongs_to:
                raise _wrong("brief.misplaced", field=field, operation=self.operation.value)
        if self.variations > 1 and self.operation in _ALWAYS_THE_SAME:
            raise _wrong("brief.same", operation=self.operation.value)
        if self.operation is Operation.VIEWS and self.views is None:
            raise _wrong("brief.views", least=VIEWS_LEAST, most=VIEWS_MOST)

    def _check_cards(self) -> None:
        if not self.cards:
            raise _wrong("brief.no_cards")
        for number, card in enumerate(self.cards, start=1):
            if card.source is None and not _says_something(card.text):
                raise _wrong("brief.card_empty", card=number)
            if card.at > self.look.seconds:
                raise _wrong("brief.card_late", card=number, seconds=f"{self.look.seconds:g}")
        if any(later.at <= earlier.at for earlier, later in pairwise(self.cards)):
            raise _wrong("brief.card_order")


# How many sources each operation takes, at least and at most.
_SOURCES: Final = {
    Operation.CREATE: (0, 0),
    Operation.ANIMATE: (1, 1),
    Operation.STORYBOARD: (0, 0),  # its cards bring them
    Operation.REMIX: (1, 1),
    Operation.RECUT: (1, 1),
    Operation.BLEND: (2, 2),
    Operation.LOOP: (1, 1),
    Operation.VIEWS: (0, 1),
}
# What leaves nothing to chance, and the views, of which there are several already.
_ALWAYS_THE_SAME: Final = frozenset({Operation.RECUT, Operation.BLEND, Operation.LOOP, Operation.VIEWS})


def _says_something(text: str) -> bool:
    return any(map(str.isalnum, text))


def _wrong(code: str, **params: object) -> PydanticCustomError:
    """A brief that makes no sense; the code is that of the sentence that says so."""
    return PydanticCustomError(code, code, params)

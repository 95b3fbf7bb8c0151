"""What a model is like, as data: a new model is a new file in profiles/, seldom code."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from engine.brief import Quality
from engine.errors import StudioError
from storage.models import PINNED, Model, ModelError, Shelf, State
from storage.models import Licence as HubLicence

FOLDER: Final = Path(__file__).parent / "profiles"
_WANTED: Final = ("model_index.json", "*/*.json", "*/*.safetensors", "*/*.model", "*/*.txt")


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Family(StrEnum):
    """Who understands the same words: the pipelines of diffusers that take the same arguments."""

    LTX = "ltx"
    WAN = "wan"


class Way(StrEnum):
    """What a model can be given beside words."""

    TEXT = "text"  # nothing
    FIRST = "first"  # how it begins
    ANYWHERE = "anywhere"  # pictures at any moments: the end, or both ends
    STRUCTURE = "structure"  # a whole film, to be made anew


class Plan(StrEnum):
    """How a model lies in memory, the quickest first. See memory.py."""

    RESIDENT = "resident"  # everything stays on the GPU
    MODEL = "model"  # each part comes to the GPU when it is its turn
    GROUP = "group"  # the blocks of each part come and go, the next one while this one computes
    SEQUENTIAL = "sequential"  # layer by layer: slow, and fits nearly everywhere


class Licence(Strict):
    name: str
    link: str
    summary: str  # what an operator has to know before downloading


class Frames(Strict):
    """A model makes so many frames: `step` * k + 1, and no more than `most` at once."""

    fps: int = Field(gt=0)
    step: int = Field(gt=0)
    most: int = Field(gt=0)
    context: int = Field(default=1, gt=0)  # frames it is shown of what comes before, or after

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.most % self.step != 1 % self.step or self.context % self.step != 1 % self.step:
            raise ValueError("a number of frames that the model does not make")
        if self.most < 3 * self.context:
            raise ValueError("no room for frames of its own between what comes before and after")
        return self

    def snapped(self, frames: int) -> int:
        """The smallest number that the model makes and that is enough."""
        return max(0, -(-(frames - 1) // self.step)) * self.step + 1


class Pictures(Strict):
    """Sides are multiples of `multiple`; a picture has `most_pixels` at most, and is enlarged afterwards."""

    multiple: int = Field(gt=0)
    most_pixels: int = Field(gt=0)

    def snapped(self, width: int, height: int) -> tuple[int, int]:
        """The model's size for a picture of this size: of the same shape, as nearly as its multiples allow."""
        shrink = min(1.0, (self.most_pixels / (width * height)) ** 0.5)
        sides = [max(1, round(side * shrink / self.multiple)) * self.multiple for side in (width, height)]
        while sides[0] * sides[1] > self.most_pixels and max(sides) > self.multiple:
            sides[sides.index(max(sides))] -= self.multiple
        return sides[0], sides[1]


class Steps(Strict):
    steps: int = Field(gt=0)
    guidance: float = Field(ge=0.0)
    timesteps: tuple[float, ...] = ()  # of a distilled model, which knows no others: from 1000 down

    @model_validator(mode="after")
    def _falling(self) -> Self:
        if self.timesteps and (
            len(self.timesteps) != self.steps or list(self.timesteps) != sorted(set(self.timesteps), reverse=True)
        ):
            raise ValueError("timesteps fall, and there is one for each step")
        return self


class Profile(Strict):
    name: str
    title: str
    version: str
    family: Family
    hub: str  # where it is published: owner/name
    revision: str = "main"  # at its first pull, pinned to what that is then
    folder: Path | None = None  # where it lies, if not among the others
    model: str | None = None  # the profile whose files it uses; None: it has files of its own
    licence: Licence
    pipelines: Mapping[Way, str]  # the classes of diffusers for what it can be given
    arguments: Mapping[str, float] = Field(default_factory=dict)  # said to each of them
    dtype: str
    fp8: bool = False  # keep the largest part's weights in eight bits each, and compute as ever: half the room
    decoder_dtype: str  # some decoders show bands at half precision
    working_gb: float = Field(gt=0)  # what denoising and decoding need beside the weights, at the largest size
    download_gb: float = Field(gt=0)  # about
    prompt_tokens: int = Field(gt=0)
    frames: Frames
    pictures: Pictures
    quality: Mapping[Quality, Steps]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if set(self.quality) != set(Quality):
            raise ValueError("a profile says what turbo and what best means")
        if Way.TEXT not in self.pipelines:
            raise ValueError("a profile names the pipeline that makes video of text")
        return self

    def can(self, way: Way) -> bool:
        return way in self.pipelines or (way is Way.FIRST and Way.ANYWHERE in self.pipelines)

    def pipeline_for(self, way: Way) -> str:
        return self.pipelines[way if way in self.pipelines else Way.ANYWHERE]

    def as_model(self) -> Model:
        """What is to be pulled: the parts that diffusers reads, and no weights in other formats."""
        return Model(
            name=self.model or self.name,
            kind="renderer",
            title=self.title,
            licence=HubLicence(name=self.licence.name, link=self.licence.link, text=self.licence.summary),
            source=self.hub,
            revision=self.revision,
            wanted=_WANTED,
            size=round(self.download_gb * 1e9),
        )

    def check_pulled(self, models: Path) -> None:
        """StudioError when it is not here; ModelError when it was pulled and is not whole any more."""
        folder = self.folder_in(models)
        if not (folder / "model_index.json").is_file():
            raise StudioError("weights.not_there", folder=str(folder), hub=self.hub, name=self.model or self.name)
        if (folder / PINNED).is_file() and Shelf(folder.parent).state(self.as_model()) is not State.WHOLE:
            raise ModelError("model.damaged", name=self.model or self.name)

    def folder_in(self, models: Path) -> Path:
        """Where its files lie: where the profile says, or in a folder of its name."""
        return self.folder or models / (self.model or self.name)

    @classmethod
    def load(cls, name: str) -> Self:
        """The profile that Kinora brings under this name, or the one in the file of this name."""
        file = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
        try:
            return cls.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        except OSError:
            raise StudioError("profile.unknown", profile=name, known=", ".join(known())) from None
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
            raise StudioError("profile.malformed", profile=name, cause=str(error)) from error


def known() -> list[str]:
    return sorted(file.stem for file in FOLDER.glob("*.toml"))

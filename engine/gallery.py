"""The gallery: a list of prompts, sent one after the other through the whole path, to look at what becomes of them."""

import tomllib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.asking import Terms
from engine.brief import PROMPT_LIMIT, Brief, Look, Resolution
from engine.delivery import Courier
from engine.errors import StudioError
from engine.jobs import JobState
from engine.origin import Origin
from engine.sheet_tasks import DrawMontage, DrawSheet
from engine.studio import Studio
from engine.turns import Lane

SHIPPED: Final = Path(__file__).with_suffix(".toml")
SECONDS: Final = 5.0
SEED: Final = 7
_SHOWN_AT: Final = 0.6  # of a clip: by then something has happened


class Prompt(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=1, max_length=PROMPT_LIMIT)
    shown: bool = False


class Prompts(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    prompt: tuple[Prompt, ...] = Field(min_length=1, max_length=500)


@dataclass(frozen=True)
class Piece:
    """One prompt of the gallery, and what became of it."""

    number: int
    prompt: str
    state: str
    clip: Path | None  # None: it was not made; `state` says why
    sheet: Path | None
    not_drawn: tuple[str, ...]
    shown: bool


def read(file: Path = SHIPPED) -> tuple[Prompt, ...]:
    try:
        return Prompts.model_validate(tomllib.loads(file.read_text(encoding="utf-8"))).prompt
    except OSError as error:
        raise StudioError("file.unreadable", file=str(file), cause=error.strerror) from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise StudioError("gallery.malformed", file=str(file), cause=str(error).splitlines()[0]) from None


async def draw(
    studio: Studio, courier: Courier, origin: Origin, prompts: Sequence[Prompt], folder: Path, resolution: Resolution
) -> AsyncIterator[Piece]:
    """Make each clip, and a sheet of nine of its frames beside it."""
    me = await studio.at_home()
    for number, prompt in enumerate(prompts, start=1):
        brief = Brief(prompt=prompt.text, look=Look(resolution=resolution, seconds=SECONDS), seed=SEED)
        job_id = await studio.ask(brief, me, origin, Terms(lane=Lane.RELAXED))
        await studio.finish(job_id, [courier])
        view = await studio.job(job_id)
        clip = sheet = None
        if view.state is JobState.DELIVERED:
            clip, sheet = folder / f"{number:02}.mp4", folder / f"{number:02}.png"
            (folder / f"kinora-{view.clips[0].id}.mp4").replace(clip)
            await studio.fleet.do(DrawSheet(take_id=view.clips[0].id, destination=sheet, hidden=False, file=clip))
        yield Piece(number, prompt.text, view.state.value, clip, sheet, view.not_drawn, prompt.shown)


async def montage(studio: Studio, clips: Sequence[Path], destination: Path) -> None:
    """One frame of each, side by side and row by row."""
    await studio.fleet.do(DrawMontage(files=tuple(clips), share=_SHOWN_AT, destination=destination))

"""One command's way to the studio: the settings, the open studio, and who asks."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, TypeVar

import typer

from engine import logs
from engine.errors import StudioError
from engine.members import Asker
from engine.names import read_id
from engine.settings import Settings, load
from engine.studio import Studio

Result = TypeVar("Result")
AS: Final = "kinora.as"


def settings_of(context: typer.Context, *, is_service: bool = False) -> Settings:
    """The settings, what was typed winning. Only a service logs; a command says what it has to say in sentences."""
    data: Path | None = context.find_root().obj
    settings = load(**({"data": data} if data is not None else {}))
    if is_service or settings.log.level == "debug":
        logs.start(settings)
    else:
        logging.getLogger().addHandler(logging.NullHandler())
    return settings


async def asker_of(context: typer.Context, studio: Studio) -> Asker:
    """Who asks: this machine's operator, or the member of its community that was named with --as."""
    operator = await studio.at_home()
    name: str | None = context.find_root().meta.get(AS)
    return operator if name is None else await studio.membership.known_here(name)


def with_studio(context: typer.Context, work: Callable[[Studio, Asker], Awaitable[Result]]) -> Result:
    """Open the studio, do the work in it, and close it again."""
    settings = settings_of(context)

    async def opened() -> Result:
        async with Studio.open(settings) as studio:
            return await work(studio, await asker_of(context, studio))

    return asyncio.run(opened())


def typed_id(typed: str, *, prefix: str | None = None) -> str:
    """The id that somebody typed, also without its prefix where only one kind is meant; StudioError when it is none."""
    found = read_id(typed)
    if prefix is not None and found is not None and not found.startswith(f"{prefix}-"):
        found = read_id(f"{prefix}-{found}")
    if found is None:
        raise StudioError("id.malformed", typed=typed[:40])
    return found

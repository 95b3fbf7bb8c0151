"""One command's way to the studio: the settings, the open studio, and who asks."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import typer

from engine import logs
from engine.errors import StudioError
from engine.members import Asker
from engine.names import read_id
from engine.settings import Settings, load
from engine.studio import Studio

Result = TypeVar("Result")


def settings_of(context: typer.Context, *, is_service: bool = False) -> Settings:
    """The settings, what was typed winning. Only a service logs; a command says what it has to say in sentences."""
    data: Path | None = context.find_root().obj
    settings = load(**({"data": data} if data is not None else {}))
    if is_service or settings.log.level == "debug":
        logs.start(settings)
    else:
        logging.getLogger().addHandler(logging.NullHandler())
    return settings


def with_studio(context: typer.Context, work: Callable[[Studio, Asker], Awaitable[Result]]) -> Result:
    """Open the studio, do the work in it, and close it again."""
    settings = settings_of(context)

    async def opened() -> Result:
        async with Studio.open(settings) as studio:
            return await work(studio, await studio.at_home())

    return asyncio.run(opened())


def typed_id(typed: str) -> str:
    """The id that somebody typed; StudioError when it can be none."""
    found = read_id(typed)
    if found is None:
        raise StudioError("id.malformed", typed=typed[:40])
    return found

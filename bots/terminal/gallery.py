"""`gallery`: what the drafts of this version look like, prompt by prompt, in a folder of their own."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from bots import stories
from bots.terminal import screen
from bots.terminal.courier import Address, TerminalCourier
from bots.wording import say
from engine import gallery, settings
from engine.brief import Resolution
from engine.errors import StudioError
from engine.gallery import Piece
from engine.studio import Studio


def draw(folder: Path, prompts: Path | None, resolution: str, *, as_json: bool) -> int:
    if resolution not in list(Resolution):
        raise StudioError("brief.resolution", allowed=", ".join(Resolution))
    wanted = gallery.read(prompts) if prompts is not None else gallery.read()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StudioError("file.unwritable", file=str(folder), cause=error.strerror) from None
    folder = folder.resolve()

    async def work() -> list[Piece]:
        # A studio of its own: nobody's library fills up, and nobody's credits are spent.
        with tempfile.TemporaryDirectory(prefix="kinora-gallery-") as data:
            async with Studio.open(settings.load(data=Path(data))) as studio:
                pieces = []
                origin = Address(folder=str(folder), overwrite=True).as_origin()
                courier = TerminalCourier(studio)
                drawn = gallery.draw(studio, courier, origin, wanted, folder, Resolution(resolution))
                async for piece in drawn:
                    if not as_json:
                        _tell(piece, len(wanted))
                    pieces.append(piece)
                for name, clips in _sheets(pieces).items():
                    await gallery.montage(studio, clips, folder / name)
                return pieces

    pieces = asyncio.run(work())
    sheets = [str(folder / name) for name in _sheets(pieces)]
    if as_json:
        screen.answer({"pieces": [_of(piece) for piece in pieces], "sheets": sheets})
    else:
        for sheet in sheets:
            screen.show(sheet)
    return 0 if all(piece.clip for piece in pieces) else 1


def _sheets(pieces: list[Piece]) -> dict[str, list[Path]]:
    """One sheet of all, and one of those that are meant to be shown."""
    wanted = {
        "gallery.jpg": [piece.clip for piece in pieces if piece.clip],
        "drafts.jpg": [piece.clip for piece in pieces if piece.clip and piece.shown],
    }
    return {name: clips for name, clips in wanted.items() if clips}


def _tell(piece: Piece, of: int) -> None:
    screen.show(f"{piece.number:>3}/{of}  {screen.plain(piece.prompt)}")
    if piece.clip is None:
        screen.show("         " + say("gallery.not_made", state=say(f"state.{piece.state}")))
    elif piece.not_drawn:
        screen.show("         " + say("clip.not_drawn", words=screen.plain(stories.quoted(piece.not_drawn))))


def _of(piece: Piece) -> dict[str, Any]:
    return {
        "number": piece.number,
        "prompt": piece.prompt,
        "state": piece.state,
        "file": str(piece.clip) if piece.clip else None,
        "sheet": str(piece.sheet) if piece.sheet else None,
        "not_drawn": list(piece.not_drawn),
    }

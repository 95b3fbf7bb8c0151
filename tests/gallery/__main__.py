"""python -m tests.gallery FOLDER: a clip and a contact sheet for every prompt, and the picture for the README."""

import asyncio
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from PIL import Image

from bots.terminal.courier import Address, TerminalCourier
from engine import settings
from engine.brief import Brief, Look, Resolution
from engine.jobs import JobState
from engine.stills import contact_sheet, poster
from engine.studio import JobView, Studio

PROMPTS = Path(__file__).parent / "prompts.toml"
SECONDS = 5.0
SEED = 7
SHOWN_WIDTH = 480
COLUMNS = 3
GAP = 8


async def make(studio: Studio, prompt: str, folder: Path) -> JobView:
    me = await studio.at_home()
    brief = Brief(prompt=prompt, look=Look(resolution=Resolution.P720, seconds=SECONDS), seed=SEED)
    job_id = await studio.ask(brief, me, Address(folder=str(folder)).as_origin())
    await studio.finish(job_id, [TerminalCourier(studio)])
    return await studio.job(job_id)


def montage(pictures: list[Image.Image]) -> Image.Image:
    """Side by side, row by row, as the README shows them."""
    height = round(SHOWN_WIDTH * 9 / 16)
    rows = -(-len(pictures) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (SHOWN_WIDTH + GAP) - GAP, rows * (height + GAP) - GAP), "white")
    for place, picture in enumerate(pictures):
        row, column = divmod(place, COLUMNS)
        small = picture.resize((SHOWN_WIDTH, height), Image.Resampling.LANCZOS)
        sheet.paste(small, (column * (SHOWN_WIDTH + GAP), row * (height + GAP)))
    return sheet


async def main(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    prompts: list[dict[str, Any]] = tomllib.loads(PROMPTS.read_text(encoding="utf-8"))["prompt"]
    shown: list[Image.Image] = []
    with tempfile.TemporaryDirectory() as data:
        async with Studio.open(settings.load(data=Path(data))) as studio:
            for number, prompt in enumerate(prompts, start=1):
                view = await make(studio, prompt["text"], folder)
                if view.state is not JobState.DELIVERED:
                    print(f"{number:2}  {view.state}: {prompt['text']}")
                    return 1
                (clip,) = view.clips
                contact_sheet(clip.file).save(folder / f"{number:02}.png")
                if prompt.get("shown"):
                    shown.append(poster(clip.file, clip.seconds * 0.6))
                missed = f"; not drawn: {', '.join(view.not_drawn)}" if view.not_drawn else ""
                print(f"{number:2}  {prompt['text']}{missed}", flush=True)
    montage(shown).save(folder / "drafts.jpg", quality=88)
    return 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(asyncio.run(main(Path(sys.argv[1]))))

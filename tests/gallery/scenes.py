"""python -m tests.gallery.scenes FILE.png FRAMES [PROMPT ...]: that many frames of each prompt, a row each; without
prompts, one of every line that comes in. Drawn straight by the renderer: no studio, no encoding."""

import sys
from itertools import islice
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from engine.brief import Brief, Look, Resolution
from engine.renderers.animatic.renderer import AnimaticRenderer
from engine.renderers.base import RenderOrder

WIDTH, HEIGHT, LABEL = 320, 180, 16


def frames(prompt: str, count: int, seed: int = 7) -> tuple[list[Image.Image], tuple[str, ...]]:
    look = Look(resolution=Resolution.P480, seconds=5.0)
    rendering = AnimaticRenderer().draw(RenderOrder(Brief(prompt=prompt, look=look), seed))
    total = rendering.footage.count
    wanted = {round(total * (k + 0.5) / count) for k in range(count)}
    found = []
    for index, frame in enumerate(islice(rendering.footage.frames, max(wanted) + 1)):
        if index in wanted:
            found.append(Image.fromarray(frame[..., 2::-1].copy()).resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS))
    return found, rendering.not_drawn


def sheet(prompts: list[str], count: int) -> Image.Image:
    columns = max(1, 5 // count)
    rows = -(-len(prompts) // columns)
    picture = Image.new("RGB", (columns * count * WIDTH, rows * (HEIGHT + LABEL)), "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default()
    for place, prompt in enumerate(prompts):
        x, y = place % columns * count * WIDTH, place // columns * (HEIGHT + LABEL)
        found, missed = frames(prompt, count)
        for k, frame in enumerate(found):
            picture.paste(frame, (x + k * WIDTH, y))
        words = prompt + (f"  [{', '.join(missed)}]" if missed else "")
        draw.text((x + 3, y + HEIGHT + 2), words.encode("ascii", "backslashreplace").decode(), fill="black", font=font)
    return picture


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sheet(sys.argv[3:] or sys.stdin.read().splitlines(), int(sys.argv[2])).save(Path(sys.argv[1]))

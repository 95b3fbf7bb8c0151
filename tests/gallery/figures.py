"""python -m tests.gallery.figures FILE.png [FIGURE[:ACTION[@SECONDS]] ...]: a labelled sheet of figures, each alone on
grey paper; without names, of every kind of subject."""

import sys
from pathlib import Path

from PIL import Image, ImageDraw

from engine.renderers.animatic.actors import Actor, Dress, Key
from engine.renderers.animatic.canvas import Canvas, Group
from engine.renderers.animatic.figures.catalogue import design_of, kinds
from engine.renderers.animatic.figures.design import Design, Motion
from engine.renderers.animatic.geometry import mul, scale, shift
from engine.renderers.animatic.palette import palette

TILE = 180
COLUMNS = 9


def portrait(design: Design, action: str, at: float) -> Image.Image:
    canvas = Canvas(TILE, TILE)
    canvas.pixels[...] = (206, 214, 220, 255)
    actor = Actor(design, Dress(palette("noon"), {}), Key(0.8, 0.8, 1.0), shadow=None, reflection=None)
    group = Group()
    group.add(actor.under)
    group.add(actor.over)
    canvas.add(group)
    width, height = design.extent
    size = min((TILE - 24) / width, (TILE - 40) / height)
    motion = Motion(at, action, 0.1, min(1.0, at / 5), 0.3)
    actor.act(motion, mul(shift(TILE / 2, TILE - 22), scale(size)), rim=0.01)
    canvas.draw()
    picture = Image.fromarray(canvas.pixels[..., 2::-1].copy())
    canvas.close()
    return picture


def sheet(wanted: list[str]) -> Image.Image:
    rows = -(-len(wanted) // COLUMNS)
    picture = Image.new("RGB", (COLUMNS * TILE, rows * TILE), "white")
    draw = ImageDraw.Draw(picture)
    for place, words in enumerate(wanted):
        figure, _, rest = words.partition(":")
        action, _, at = rest.partition("@")
        x, y = place % COLUMNS * TILE, place // COLUMNS * TILE
        picture.paste(portrait(design_of(figure), action or "stand", float(at or 1.3)), (x, y))
        draw.text((x + 4, y + TILE - 14), words, fill="black")
        draw.rectangle((x, y, x + TILE - 1, y + TILE - 1), outline="#999999")
    return picture


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    names = sys.argv[2:] or [kind.figure for kind in kinds().values() if kind.figure]
    sheet(list(dict.fromkeys(names))).save(Path(sys.argv[1]))

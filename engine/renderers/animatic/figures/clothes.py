"""What animals wear where the prompt says so: a hat, a scarf. Cut to each build, since a mouse is no mammoth."""

import math
from dataclasses import replace

from engine.renderers.animatic.figures.beast import Build, Patch
from engine.renderers.animatic.geometry import Path, Point, ellipse, mix, ribbon, smooth

CLOTHES = {"hat": "brown", "scarf": "red"}  # and the colour of each, where none is asked for


def clothed(build: Build, worn: tuple[str, ...]) -> Build:
    """The animal with more on, over everything else that it has."""
    made = {"hat": _hat, "scarf": _scarf}
    bones = {"hat": "head", "scarf": "neck"}
    patches = [Patch(piece, bones[piece], made[piece](build), piece) for piece in worn]
    coats = {**build.coats, **{piece: CLOTHES[piece] for piece in worn}}
    return replace(build, patches=(*build.patches, *patches), coats=coats)


def _hat(build: Build) -> Path:
    """A brim across the top of the skull, a crown between the ears."""
    x, top = min(build.head, key=lambda point: point[1])
    deep = max(y for _, y in build.head) - top
    half = 0.52 * deep
    low = top + 0.10 * deep
    crown = smooth(
        [
            (x - half * 0.62, low),
            (x - half * 0.55, low - deep * 0.42),
            (x, low - deep * 0.50),
            (x + half * 0.55, low - deep * 0.42),
            (x + half * 0.62, low),
        ],
        tension=0.25,
    )
    return crown.join(ellipse(x, low, half, deep * 0.075))


def _scarf(build: Build) -> Path:
    """Round the neck, with an end that hangs down before the chest."""
    _, _, length, angle, below, above = build.neck
    turn = math.radians(angle)
    along, wide = 0.50, mix(below, above, 0.50)
    middle = (math.cos(turn) * length * along, math.sin(turn) * length * along)
    across = (-math.sin(turn) * wide * 0.56, math.cos(turn) * wide * 0.56)
    over: Point = (middle[0] - across[0], middle[1] - across[1])
    under: Point = (middle[0] + across[0], middle[1] + across[1])
    thick = max(0.07, 0.42 * above)
    band = ribbon((over, middle, under), (thick * 0.9, thick, thick * 0.9))
    hang = (mix(middle[0], under[0], 0.7), mix(middle[1], under[1], 0.7))
    end = ribbon(
        (hang, (hang[0] + 0.02, hang[1] + wide * 0.5), (hang[0], hang[1] + wide * 1.0)),
        (thick * 0.7, thick * 0.8, thick),
    )
    return band.join(end)

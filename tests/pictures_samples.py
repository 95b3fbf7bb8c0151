"""Pictures that differ from each other as photographs do: soft shapes, edges and grain, drawn from a number."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw


def photo(number: int, width: int = 640, height: int = 400) -> Image.Image:
    dice = np.random.default_rng(number)
    soft = dice.integers(0, 256, (5, 8, 3), dtype=np.uint8)
    picture = Image.fromarray(soft).resize((width, height), Image.Resampling.BICUBIC)
    brush = ImageDraw.Draw(picture)
    for _ in range(14):
        x, y = dice.integers(0, width), dice.integers(0, height)
        w, h = dice.integers(20, width // 3), dice.integers(20, height // 3)
        colour = tuple(int(one) for one in dice.integers(0, 256, 3))
        (brush.ellipse if dice.random() < 0.5 else brush.rectangle)((x, y, x + w, y + h), fill=colour)
    grain = dice.integers(-8, 9, (height, width, 1))
    return Image.fromarray(np.clip(np.asarray(picture).astype(int) + grain, 0, 255).astype(np.uint8))


def luma(picture: Image.Image) -> NDArray[np.uint8]:
    return np.asarray(picture.convert("L"))

"""python -m tests.gallery.places FOLDER [settings|weather|styles|moods|cameras|hours|seeds] [NAME...]: labelled
sheets of every place, weather, look and camera the animatic knows, without going through the studio."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw

from engine.renderers.animatic.camera import FRAMINGS, MOVES
from engine.renderers.animatic.graph import Scene, Subject
from engine.renderers.animatic.moods import MOODS
from engine.renderers.animatic.settings.catalogue import SETTINGS
from engine.renderers.animatic.styles import STYLES
from engine.renderers.animatic.weather import KINDS
from tests.engine.animatic.screening import screened

SIZE = (640, 360)
THUMB = (320, 180)
COLUMNS, ROWS = 5, 6
LABEL = 16
HOURS = ("dawn", "noon", "golden", "dusk", "blue", "night")
Cell = tuple[str, Image.Image]


def draw(
    scene: Scene, at: float = 2.0, seed: int = 7, seconds: float = 5.0, size: tuple[int, int] = SIZE
) -> Image.Image:
    (picture,) = (Image.fromarray(frame[..., 2::-1].copy()) for frame in screened(scene, (at,), size, seconds, seed))
    return picture


def sheet(cells: list[Cell]) -> Image.Image:
    rows = -(-len(cells) // COLUMNS)
    picture = Image.new("RGB", (COLUMNS * THUMB[0], rows * (THUMB[1] + LABEL)), "white")
    pen = ImageDraw.Draw(picture)
    for index, (label, cell) in enumerate(cells):
        x, y = index % COLUMNS * THUMB[0], index // COLUMNS * (THUMB[1] + LABEL)
        small = cell.copy()
        small.thumbnail(THUMB, Image.Resampling.LANCZOS)
        picture.paste(small, (x, y + LABEL))
        pen.text((x + 4, y + 2), label, fill="black")
    return picture


def someone(setting: str) -> tuple[Subject, ...]:
    kind = {"underwater": "fish", "deep sea": "fish", "above the clouds": "bird", "space": "thing"}.get(
        setting, "woman"
    )
    return (Subject(kind, action=None),)


def cells(what: str, only: list[str]) -> Iterator[Cell]:
    place = Scene("meadow", "", subjects=(Subject("woman", action="walk"),))
    match what:
        case "settings":
            for name in only or SETTINGS:
                yield name, draw(Scene(name, "", subjects=someone(name)))
        case "hours":
            for name in only or ("city", "old town", "rice terraces"):
                for hour in HOURS:
                    yield f"{name}, {hour}", draw(Scene(name, hour, subjects=someone(name)))
        case "seeds":
            for name in only or ("market", "temple", "kitchen"):
                for seed in range(5):
                    yield f"{name}, {seed}", draw(Scene(name, "", subjects=someone(name)), seed=seed)
        case "weather":
            for kind in only or KINDS:
                home = {"bubbles": "underwater", "spotlight": "theatre"}.get(
                    kind, "lake" if kind in ("aurora", "fireworks") else "village"
                )
                hour = "night" if KINDS[kind].by_night else ""
                scene = Scene(home, hour, weather=(kind,), subjects=(Subject("woman"),))
                yield kind, draw(scene, 2.6)
        case "styles":
            for style in only or STYLES:
                for scene in (
                    replace(place, style=style),
                    Scene("street", "neon", subjects=place.subjects, style=style),
                ):
                    yield style, draw(scene)
        case "moods":
            for mood in only or ("", *MOODS):
                for setting in ("lake", "old town", "forest", "kitchen", "snow"):
                    yield (
                        f"{setting}, {mood or 'as it is'}",
                        draw(Scene(setting, "", subjects=someone(setting), mood=mood)),
                    )
        case "cameras":
            for name in only or (*FRAMINGS, *MOVES):
                for at in (0.0, 2.5, 4.95):
                    yield f"{name}, {at:g} s", draw(replace(place, setting="castle", camera=name), at)
        case _:
            sys.exit(__doc__)


def main(folder: Path, what: str, only: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    found = list(cells(what, only))
    for page, start in enumerate(range(0, len(found), COLUMNS * ROWS), start=1):
        sheet(found[start : start + COLUMNS * ROWS]).save(folder / f"{what}-{page}.png")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
